"""URLs of `forums.views.practices`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

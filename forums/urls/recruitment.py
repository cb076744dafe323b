"""URLs of `forums.views.recruitment`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

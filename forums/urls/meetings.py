"""URLs of `forums.views.meetings`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

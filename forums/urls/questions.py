"""URLs of `forums.views.questions`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

"""URLs of `forums.views.forum`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

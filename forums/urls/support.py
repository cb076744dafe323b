"""URLs of `forums.views.support`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

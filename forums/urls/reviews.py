"""URLs of `forums.views.reviews`, by audience."""

PUBLIC = []
MEMBERS = []
STAFF = []

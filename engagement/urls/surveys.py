"""URLs of `engagement.views.surveys`, by audience."""

STAFF = []
PUBLIC = []

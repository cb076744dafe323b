"""URLs of `engagement.views.coverage`, by audience."""

STAFF = []

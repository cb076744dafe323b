"""URLs of `engagement.views.participation`, by audience."""

STAFF = []

"""URLs of `engagement.views.activities`, by audience."""

STAFF = []

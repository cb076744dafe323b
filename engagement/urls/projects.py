"""URLs of `engagement.views.projects`, by audience."""

STAFF = []

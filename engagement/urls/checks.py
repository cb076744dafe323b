"""URLs of `engagement.views.checks`, by audience."""

STAFF = []

"""URLs of `engagement.views.evidence`, by audience."""

STAFF = []

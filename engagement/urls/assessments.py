"""URLs of `engagement.views.assessments`, by audience."""

STAFF = []

"""URLs of `engagement.views.assurance`, by audience."""

STAFF = []
MEMBERS = []

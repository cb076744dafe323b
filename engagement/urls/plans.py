"""URLs of `engagement.views.plans`, by audience."""

STAFF = []

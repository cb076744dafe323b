"""URLs by area, put together by audience in `public`, `members` and `staff`."""

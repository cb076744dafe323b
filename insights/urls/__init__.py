"""URLs by area, put together by audience in `public`, `library`, `partners`, `members` and `staff`."""

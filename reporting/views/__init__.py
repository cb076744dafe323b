"""Pages of reports, for staff and for everybody, and the open register."""

"""Who took part, and outreach."""

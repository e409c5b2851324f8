"""Standards and campaigns for school campuses, as a civrules plugin."""

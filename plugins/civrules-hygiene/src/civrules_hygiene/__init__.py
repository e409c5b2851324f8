"""Standards and campaigns for public hygiene, as a civrules plugin."""

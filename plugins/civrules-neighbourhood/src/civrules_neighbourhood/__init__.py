"""Standards and campaigns for neighbourhoods, as a civrules plugin."""

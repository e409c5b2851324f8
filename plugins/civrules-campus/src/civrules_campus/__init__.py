"""Standards for the campus of premises, as a civrules plugin."""

"""Standards for residential compounds and apartment buildings, as a civrules plugin."""

"""Standards for the hygiene of premises, as a civrules plugin."""

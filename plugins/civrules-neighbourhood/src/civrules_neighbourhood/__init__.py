"""Standards for the neighbourhood of premises, as a civrules plugin."""

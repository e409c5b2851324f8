"""Standards for the municipal of premises, as a civrules plugin."""

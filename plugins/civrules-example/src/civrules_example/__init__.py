"""Standards of Taoxi, a county that does not exist, as a civrules plugin."""

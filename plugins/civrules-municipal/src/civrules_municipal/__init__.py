"""Standards and campaigns for townships, municipal facilities and institutions, as a civrules plugin."""

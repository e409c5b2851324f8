"""Review: what can be said of documents without any data."""

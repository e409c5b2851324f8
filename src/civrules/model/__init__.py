"""Every noun that a document writes down or a host stores, as frozen values."""

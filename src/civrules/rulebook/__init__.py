"""Plugins and the book that they make."""

"""Evaluations → what happens."""

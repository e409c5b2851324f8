"""Observations → evaluation."""

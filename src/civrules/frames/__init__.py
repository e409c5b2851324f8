"""Frames: many communities at once, on the caller's own kind of frame."""

from civrules.frames.evaluating import decimals, evaluate, unit

__all__ = ["decimals", "evaluate", "unit"]

"""Frames: many communities at once, on the caller's own kind of frame."""

from importlib.util import find_spec

if find_spec("narwhals") is None:
    raise ImportError("civrules.frames needs narwhals: pip install 'civrules[frames]'")

from civrules.frames.evaluating import decimals, evaluate, unit
from civrules.frames.files import Summary, evaluate_files

__all__ = ["Summary", "decimals", "evaluate", "evaluate_files", "unit"]

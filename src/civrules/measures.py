"""The built-in measures, for those who write a standard in Python; fields are the keys of the document's table."""

from civrules.model.measures import (
    Check,
    Checklist,
    Entry,
    Event,
    Findings,
    Frequency,
    Item,
    Levels,
    Linear,
    Marks,
    Shortfall,
    Tier,
    Tiers,
)

__all__ = [
    "Check",
    "Checklist",
    "Entry",
    "Event",
    "Findings",
    "Frequency",
    "Item",
    "Levels",
    "Linear",
    "Marks",
    "Shortfall",
    "Tier",
    "Tiers",
]

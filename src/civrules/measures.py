"""The built-in measures, for those who write a standard in Python; fields are the keys of the document's table."""

from civrules.model.measures import Check, Event, Findings, Item, Levels, Linear, Marks, Shortfall, Tier, Tiers

__all__ = ["Check", "Event", "Findings", "Item", "Levels", "Linear", "Marks", "Shortfall", "Tier", "Tiers"]

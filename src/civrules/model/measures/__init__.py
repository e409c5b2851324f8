"""The built-in measures: one module each, all told to the engine by `BUILT_IN` alone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from civrules.model.measures.adopted import Adopted, Kind, Measure, adopted
from civrules.model.measures.check import Check
from civrules.model.measures.checklist import Checklist, Entry
from civrules.model.measures.event import Event
from civrules.model.measures.findings import Findings
from civrules.model.measures.frequency import Frequency
from civrules.model.measures.item import Item
from civrules.model.measures.levels import Levels
from civrules.model.measures.linear import Linear
from civrules.model.measures.marks import Marks
from civrules.model.measures.measure import AnyMeasure, Limits
from civrules.model.measures.shortfall import Shortfall
from civrules.model.measures.tiers import Tier, Tiers

BUILT_IN: Mapping[str, type[Any]] = MappingProxyType(
    {
        measure.kind: measure
        for measure in (Check, Checklist, Levels, Tiers, Linear, Shortfall, Findings, Marks, Frequency, Event)
    }
)
"""The measures a document may name, by kind."""


def of_any(measure: Any) -> AnyMeasure:
    """A measure as the engine takes it; one of a plugin is adopted. Raises InvalidDocument where it is none."""
    own = isinstance(measure, Adopted) or type(measure) in BUILT_IN.values()
    made: AnyMeasure = measure if own else adopted(measure)
    return made


__all__ = [
    "BUILT_IN",
    "Adopted",
    "AnyMeasure",
    "Check",
    "Checklist",
    "Entry",
    "Event",
    "Findings",
    "Frequency",
    "Item",
    "Kind",
    "Levels",
    "Limits",
    "Linear",
    "Marks",
    "Measure",
    "Shortfall",
    "Tier",
    "Tiers",
    "of_any",
]

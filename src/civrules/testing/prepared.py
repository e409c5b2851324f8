"""What was seen of a community as the prepared values that `Program.score` takes, by the coding of its docstring."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from civrules import InvalidInput, NotApplicable, Observation, Program, Ratio
from civrules.measures import Checklist, Event, Findings, Levels
from civrules.model.figures import figure
from civrules.model.measures.item import Found
from civrules.model.measures.measure import one_comparison, yes_no
from civrules.scoring.kernel import DOES_NOT_APPLY
from civrules.scoring.reading import attributed

EVENTS = ("no", "yes", "attributable", "not-attributable")


class Unsayable(Exception):
    """A value that one slot cannot say: n of m for an item, or one whose attribution is left open."""


def prepared(program: Program, looks: Sequence[Observation]) -> list[int | None]:
    """The values in the order of the slots, of looks of which no two are of one criterion."""
    seen = {look.criterion: look for look in looks}
    values: list[int | None] = []
    for name in program.slots:
        criterion, _, item = name.partition(":")
        look = seen.get(criterion)
        line = program.by_id[criterion]
        value = None if look is None else attributed(look, line.measure)
        values.append(_slot(line.criterion, line.measure, item, value))
    return values


def _slot(criterion: Any, measure: Any, item: str, value: Any) -> int | None:
    nothing_counted = isinstance(value, Ratio) and value.read()[1] == 0
    if value is None or isinstance(value, NotApplicable) or nothing_counted:
        return None if value is None or item else DOES_NOT_APPLY
    if item == "of":
        return value.read()[1] if isinstance(value, Ratio) else None
    if isinstance(measure, Checklist | Findings):
        return _item(criterion, measure, item, value) if item else None
    if isinstance(measure, Levels):
        return list(measure.levels).index(measure.read(value, criterion.limits))
    if isinstance(measure, Event):
        return EVENTS.index(measure.read(value, criterion.limits))
    if isinstance(value, Ratio):
        return value.read()[0]
    if measure.kind == "check" and one_comparison(measure) is None:
        return int(yes_no(value))
    return in_units(value, criterion.decimals)


def _item(criterion: Any, measure: Any, name: str, value: Mapping[str, Any]) -> int | None:
    # A counted finding that is not named was not found.
    seen = value.get(name, 0)
    if isinstance(seen, NotApplicable):
        return DOES_NOT_APPLY
    if isinstance(measure, Checklist):
        return int(yes_no(seen))
    item = next(one for one in measure.items if one.id == name)
    found = item.read(seen, criterion.limits)
    if not isinstance(found, Found):
        raise Unsayable
    if item.levels is not None:
        return list(item.levels).index(found.seen)
    if item.measured is not None:
        return in_units(found.seen, criterion.decimals)
    return in_units(found.settled, criterion.decimals) if found.settled is not None else int(found.seen)


def in_units(value: Any, decimals: int) -> int:
    """A figure in units of its last decimal."""
    exact = Fraction(value) if isinstance(value, Fraction) else Fraction(figure(value)[0])
    units = exact * 10**decimals
    if units.denominator != 1:
        raise Unsayable
    return int(units)


def sayable(program: Program) -> bool:
    """Whether prepared values can say all that the standard looks at."""
    try:
        return bool(program.slots) or True
    except InvalidInput:
        return False

"""What a value says: a figure, yes or no, the items and what they take."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from civrules import Criterion, NotApplicable, Ratio
from civrules.testing.naive.figures import NOTHING, compared, comparisons, fraction


class Open(Exception):
    """Who was responsible was left open, so the line is missing."""


def is_yes(value: Any) -> bool:
    """Yes or no, in any of its forms."""
    return value in (True, 1) or (isinstance(value, str) and value.lower() in ("yes", "true", "1", "是"))


def thresholds(measure: Any) -> list[Any]:
    """The figures that a measure of figures writes down, in document order."""
    match measure.kind:
        case "check":
            return [limit for _, limit in comparisons(measure)]
        case "tiers":
            return [limit for tier in measure.tiers for _, limit in comparisons(tier)]
        case "linear" if measure.knots is not None:
            return [at for at, _ in measure.knots]
        case "linear":
            return [measure.zero_at, measure.full_at]
        case "shortfall":
            return [measure.target]
        case _:
            return []


def in_percent(measure: Any) -> bool:
    """Whether the measure's figures are written in %."""
    return any(isinstance(limit, str) for limit in thresholds(measure))


def figure_seen(value: Any, *, percent: bool) -> Fraction | NotApplicable:
    """A figure, or n of m: in % where the measure is; of nothing, which does not apply."""
    if isinstance(value, Ratio):
        if fraction(value.of) == 0:
            return NotApplicable("nothing to count")
        return fraction(value.n) / fraction(value.of) * (100 if percent else 1)
    return fraction(value)


def understood(criterion: Criterion, value: Any, attributable: bool | None = None) -> Any:
    """What the value says; NotApplicable where it does not apply; raises Open where responsibility is left open."""
    measure: Any = criterion.measure
    if isinstance(value, NotApplicable):
        return value
    if measure.kind == "findings":
        return {item.id: found(item, value.get(item.id, 0), attributable) for item in measure.items}
    if measure.kind == "checklist":
        held = {item.id: _held(value[item.id]) for item in measure.items}
        stated = [one for one in held.values() if isinstance(one, NotApplicable)]
        return stated[0] if len(stated) == len(held) else held
    if measure.kind == "levels":
        return str(value)
    if measure.kind == "check" and not thresholds(measure):
        return is_yes(value)
    return figure_seen(value, percent=in_percent(measure))


def _held(value: Any) -> bool | NotApplicable:
    return value if isinstance(value, NotApplicable) else is_yes(value)


def found(item: Any, value: Any, attributable: bool | None) -> tuple[Any, Fraction] | NotApplicable:
    """What was seen of one item, and the points that it takes."""
    if isinstance(value, NotApplicable):
        return value
    seen, taken = _taken(item, value, attributable)
    if isinstance(seen, NotApplicable):
        return seen
    return seen, taken if item.cap is None else min(taken, fraction(item.cap))


def _taken(item: Any, value: Any, attributable: bool | None) -> tuple[Any, Fraction]:
    if item.tiers is not None or item.shortfall is not None:
        seen = figure_seen(value, percent=in_percent(item.tiers or item.shortfall))
        return seen, NOTHING if isinstance(seen, NotApplicable) else _measured(item, seen)
    if item.levels is not None:
        name, _, amount = str(value).partition("=")
        return name, fraction(amount) if amount else fraction(item.levels[name])
    if isinstance(item.each, tuple):
        amount_given = NOTHING if value is False or str(value).lower() in ("no", "false", "否") else fraction(value)
        return Fraction(int(amount_given > 0)), amount_given
    count = Fraction(counted(value, attributable) if item.attributable else how_many(value))
    return count, fraction(item.each or 0) * count


def _measured(item: Any, seen: Fraction) -> Fraction:
    if item.tiers is not None:
        return next((fraction(tier.points) for tier in item.tiers.tiers if tier_holds(tier, seen)), NOTHING)
    return short_of(item.shortfall, seen)


def short_of(rule: Any, seen: Fraction) -> Fraction:
    """What is taken for the steps short of a target."""
    short = fraction(rule.target) - seen if rule.better == "above" else seen - fraction(rule.target)
    steps = max(short, NOTHING) / fraction(rule.per)
    whole = Fraction(steps.numerator // steps.denominator)
    if rule.steps == "full":
        steps = whole
    elif rule.steps == "started" and steps != whole:
        steps = whole + 1
    return steps * fraction(rule.deduct)


def tier_holds(tier: Any, seen: Fraction) -> bool:
    """Whether the tier's one comparison holds."""
    return all(compared(word, seen, fraction(limit)) for word, limit in comparisons(tier))


def how_many(value: Any) -> Fraction:
    """A count; yes is 1."""
    if isinstance(value, bool) or (isinstance(value, str) and not value.isdigit()):
        return Fraction(int(is_yes(value)))
    return fraction(value)


def counted(value: Any, attributable: bool | None) -> Fraction:
    """How many count of what counts only where the assessed body is mainly responsible. Raises Open."""
    if isinstance(value, Mapping):
        return how_many(value.get("attributable", 0))
    if value in ("attributable", "not-attributable"):
        return Fraction(int(value == "attributable"))
    if how_many(value) == 0:
        return NOTHING
    if attributable is None:
        raise Open
    return how_many(value) if attributable else NOTHING

"""What a value could have been: every value that turns something, and the worst of them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from civrules import Criterion, NotApplicable
from civrules.testing.naive.figures import as_decimal, fraction
from civrules.testing.naive.measures import favour, judged
from civrules.testing.naive.places import Place
from civrules.testing.naive.values import found, in_percent, thresholds, understood

LARGEST_FIGURE = Decimal(10**18 - 1)
LARGEST_COUNT = 10**6


def values_of(criterion: Criterion) -> list[Any]:
    """Values that the measure allows, as observed, from the least figure to the greatest: every one that turns it."""
    measure: Any = criterion.measure
    match measure.kind:
        case "check" if not thresholds(measure):
            return [False, True]
        case "levels":
            return list(measure.levels)
        case "marks":
            return _mark_values(criterion, measure)
        case "findings":
            return _item_products(criterion, measure.items)
        case "checklist":
            ids = [item.id for item in measure.items]
            return [dict(zip(ids, held, strict=True)) for held in product((False, True), repeat=len(ids))]
        case "event":
            return ["no", "attributable" if measure.attributable else "yes"]
        case _:
            return figure_values(measure, criterion.range, criterion.decimals)


def seen_values(place: Place) -> list[Any]:
    """The same, understood; of a frequency none of the windows, and all."""
    if place.criterion.measure.kind == "frequency":
        return [(0, 1), (1, 1)]
    if place.read is not None:
        values = figure_values(place.criterion.measure, place.read, place.criterion.decimals)
        return [fraction(value) for value in values]
    return [understood(place.criterion, value) for value in values_of(place.criterion)]


def _mark_values(criterion: Criterion, measure: Any) -> list[Any]:
    if measure.choices is not None:
        return sorted(measure.choices)
    if measure.bands is not None:
        return sorted({end for band in measure.bands.values() for end in band})
    return [criterion.least, criterion.points]


def observable(measure: Any) -> tuple[Decimal, Decimal]:
    """Between what a figure lies where the criterion does not say."""
    return (Decimal(0), Decimal(100)) if in_percent(measure) else (-LARGEST_FIGURE, LARGEST_FIGURE)


def figure_values(measure: Any, between: Any, decimals: int) -> list[Any]:
    """The ends of what may be observed, and what lies on and beside every threshold."""
    low, high = between or observable(measure)
    step = Fraction(1, 10**decimals)
    beside = {fraction(limit) + side * step for limit in thresholds(measure) for side in (-1, 0, 1)}
    allowed = (one for one in beside if fraction(low) < one < fraction(high) and (one / step).denominator == 1)
    return [low, *map(as_decimal, sorted(allowed)), high]


def item_values(criterion: Criterion, item: Any) -> list[Any]:
    """Values of one item, from the least to the most."""
    measure = item.tiers or item.shortfall
    if measure is not None:
        return figure_values(measure, item.range, criterion.decimals)
    if item.levels is not None:
        return [
            f"{name}={end:f}" if isinstance(amount, tuple) else name
            for name, amount in item.levels.items()
            for end in (amount if isinstance(amount, tuple) else (amount,))
        ]
    if isinstance(item.each, tuple):
        return ["no", *item.each]
    most = LARGEST_COUNT if item.range is None else int(item.range[1])
    return [{"attributable": count} if item.attributable else count for count in (0, most)]


def _item_products(criterion: Criterion, items: Sequence[Any]) -> list[Any]:
    """Every item at what takes the least and at what takes the most, in every combination."""
    ends = []
    for item in items:
        by_taken = sorted(item_values(criterion, item), key=partial(_item_taken, item))
        ends.append([by_taken[0], by_taken[-1]])
    ids = [item.id for item in items]
    return [dict(zip(ids, values, strict=True)) for values in product(*ends)]


def _item_taken(item: Any, value: Any) -> Fraction:
    seen = found(item, value, None)
    assert not isinstance(seen, NotApplicable)
    return seen[1]


def worst_value(place: Place) -> Any:
    """The value, understood, that gives the least favourable points; of several the furthest to the bad side."""
    measure: Any = place.criterion.measure
    if measure.kind == "findings":
        return {item.id: found(item, _worst_item(place.criterion, item), None) for item in measure.items}
    return _worst(seen_values(place), lambda value: _dear(place, value))


def _dear(place: Place, value: Any) -> tuple[Fraction, int]:
    points, result = favour(place, *judged(place, value))
    return -points, -result


def _worst_item(criterion: Criterion, item: Any) -> Any:
    values = item_values(criterion, item)
    return values[0] if item.takes == "none" else _worst(values, lambda value: _item_taken(item, value))


def _worst(values: Sequence[Any], costs: Callable[[Any], Any]) -> Any:
    """The dearest of values that stand from one side to the other, the outermost of those that are equally dear."""
    outermost = values if costs(values[0]) > costs(values[-1]) else list(reversed(values))
    return max(outermost, key=costs)

"""Edges: the values of a line that turn something, and those one step beside them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs

from civrules.errors import CivrulesError
from civrules.model.calendar import Calendar
from civrules.model.days import Period
from civrules.model.figures import NotApplicable, Ratio, decimals_of
from civrules.model.given import variants
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import (
    Check,
    Checklist,
    Event,
    Findings,
    Frequency,
    Item,
    Levels,
    Linear,
    Marks,
    Shortfall,
    Tiers,
)
from civrules.model.measures.adopted import Adopted, Raised
from civrules.model.measures.measure import in_percent, one_comparison
from civrules.model.standard import Standard
from civrules.model.windows import DaysThatCount
from civrules.review.witness import thresholds, written
from civrules.scoring.line import CompiledLine, as_decimal

NOT_HERE = NotApplicable("not here")
_MOST_STEPS = 8
_GUESSES: tuple[Any, ...] = (
    True, False, 0, 1, 2, 5, 10, 50, 100, "0%", "50%", "95%", "100%", Ratio(0, 10), Ratio(9, 10), Ratio(10, 10),
    Decimal("0.5"), Decimal("1.25"), -1,
)  # fmt: skip
"""What a plugin's measure is offered, for the kit cannot know what it reads."""


def edge_values(standard: Standard, line: CompiledLine, period: Period | None = None) -> tuple[Any, ...]:
    """Values that the line reads: its best and its worst, then what lies on and one step beside every threshold.

    Dated and other given numbers are tried at every amount that they may have. `period` holds what is counted by
    windows. None is twice in it, and each is as it is observed.
    """
    found: dict[Any, Any] = {}
    ends = () if isinstance(line.measure, Event | Frequency) else (written(line, line.best), written(line, line.worst))
    measures = variants(standard.criteria[line.id].measure, standard.choices)
    tried = (value for measure in measures for value in _of_measure(line, measure, period))
    for value in (*ends, *tried):
        if value is not None and _reads(line, value):
            found.setdefault(_key(value), value)
    return tuple(found.values())


def judged_values(standard: Standard, line: CompiledLine) -> tuple[Any, ...]:
    """Those of them that a plugin's measure does not fail on, once it has read them."""
    return tuple(value for value in edge_values(standard, line) if judges(line, value))


def judges(line: CompiledLine, value: Any) -> bool:
    """Whether the measure says what the value is worth, where it has read it."""
    try:
        line.read(value)
    except Raised:
        return False
    return True


def _key(value: Any) -> Any:
    """What tells values apart: yes is not 1."""
    if isinstance(value, Mapping):
        return tuple((name, type(one), one) for name, one in FrozenMapping(value).items())
    return type(value), value


def _reads(line: CompiledLine, value: Any) -> bool:
    try:
        line.measure.read(value, line.limits)
    except (CivrulesError, Raised):
        return False
    return True


def _of_measure(line: CompiledLine, measure: Any, period: Period | None) -> Iterator[Any]:
    match measure:
        case Levels():
            yield from measure.levels
        case Marks():
            yield from _marks(line, measure)
        case Findings():
            yield from _findings(line, measure)
        case Checklist():
            yield from _checklist(line, measure)
        case Event():
            yield from ("no", "attributable", "not-attributable") if measure.attributable else ("no", "yes")
        case Frequency():
            yield from _frequency(measure, period)
        case Check() if one_comparison(measure) is None:
            yield from (True, False)
        case Check() | Tiers() | Linear() | Shortfall():
            yield from _figures(line, measure)
        case Adopted():
            yield from _guesses(measure.measure)


def _marks(line: CompiledLine, marks: Marks) -> Iterable[Any]:
    if marks.choices is not None:
        return marks.choices
    low, high = line.limits.ends(percent=False)
    bands = [(Fraction(one), Fraction(other)) for one, other in (marks.bands or {}).values()] or [(low, high)]
    step = Fraction(1, 10**line.limits.decimals)
    inner = (one for first, last in bands for one in (last, first, (first + last) / 2, last - step, first + step))
    return _written(line, (one for one in inner if low <= one <= high))


def _written(line: CompiledLine, figures: Iterable[Fraction]) -> Iterator[Decimal]:
    for one in figures:
        places = decimals_of(one)
        if places is not None and places <= line.limits.decimals:
            yield as_decimal(one)


def figure_edges(line: CompiledLine, measure: Any) -> tuple[Fraction, ...]:
    """The thresholds of a measure of figures that may be observed, of steps without end the first and the last."""
    low, high = line.limits.ends(percent=reads_percent(measure))
    marks = [one for one in dict.fromkeys(thresholds(measure)) if low <= one <= high]
    if len(marks) <= _MOST_STEPS:
        return tuple(marks)
    last = len(marks)
    if isinstance(measure, Shortfall):
        # Where the points are gone.
        last = min(last, -int(-(line.most - line.least) // Fraction(measure.deduct)) + 1)
    return tuple(dict.fromkeys([*marks[: min(4, last)], *marks[max(last - 2, 0) : last]]))


def reads_percent(measure: Any) -> bool:
    """Whether the figures of a measure are in %."""
    if isinstance(measure, Check):
        limit = one_comparison(measure)
        return limit is not None and in_percent(limit[1])
    if isinstance(measure, Shortfall):
        return in_percent(measure.target)
    return bool(getattr(measure, "percent", False))


def _figures(line: CompiledLine, measure: Any) -> Iterator[Any]:
    step = Fraction(1, 10**line.limits.decimals)
    low, high = line.limits.ends(percent=reads_percent(measure))
    marks = figure_edges(line, measure)
    yield from _written(line, marks)
    beside = (mark + side * step for mark in marks for side in (-1, 1))
    between = ((one + other) / 2 for one, other in pairwise(marks))
    yield from _written(line, (one for one in (*beside, *between) if low <= one <= high))
    if reads_percent(measure):
        yield from (Ratio(2, 3), Ratio(1, 1), Ratio(0, 1))
        yield from samples_of(line)


def samples_of(line: CompiledLine) -> tuple[Ratio, ...]:
    """All of a sample that is large enough, and of one that is one short; nothing where none is asked for."""
    sample = line.criterion.sample
    if line.criterion.per_unit is not None or not isinstance(sample, int):
        return ()
    return tuple(Ratio(many, many) for many in (sample, sample - 1) if many > 0)


def _checklist(line: CompiledLine, checklist: Checklist) -> Iterator[Any]:
    many = len(checklist.items)
    for held in range(many, -1, -1):
        yield {item.id: place < held for place, item in enumerate(checklist.items)}
    for alone in range(many if checklist.weighted else 1):
        yield {item.id: place == alone for place, item in enumerate(checklist.items)}
    if line.not_applicable != "refuse" and many > 1:
        yield {item.id: place != 1 if place else NOT_HERE for place, item in enumerate(checklist.items)}


def _findings(line: CompiledLine, findings: Findings) -> Iterator[Any]:
    best = written(line, line.best)
    if not isinstance(best, Mapping):
        best = {}
    worse: dict[str, Any] = {}
    for item in findings.items:
        values = list(_of_item(line, item))
        yield from ({**best, item.id: value} for value in values)
        worse |= {item.id: values[0]} if values else {}
    yield {**best, **worse}
    if line.not_applicable != "refuse":
        yield {**best, findings.items[0].id: NOT_HERE}


def _of_item(line: CompiledLine, item: Item) -> Iterator[Any]:
    if item.levels is not None:
        for name, taken in item.levels.items():
            yield from (f"{name}={one:f}" for one in taken) if isinstance(taken, tuple) else (name,)
    elif item.measured is not None:
        yield from _figures(line, item.measured)
    elif isinstance(item.each, tuple):
        yield from item.each
    elif item.attributable:
        yield from ("attributable", {"attributable": 2, "not-attributable": 1}, "not-attributable")
    else:
        yield from counts_of(item)


def counts_of(item: Item) -> tuple[int, ...]:
    """How often something may be found: once, more often, and as often as the cap takes, and once more."""
    each = item.each if isinstance(item.each, Decimal) else None
    cap = [int(Fraction(item.cap) // Fraction(each))] if item.cap is not None and each else []
    low, high = item.range if item.range is not None else (Decimal(0), Decimal(10**6))
    return tuple(dict.fromkeys(one for one in (1, 3, *cap, *(one + 1 for one in cap), 0) if low <= one <= high))


def _frequency(frequency: Frequency, period: Period | None) -> Iterator[Any]:
    """Every window kept, none, every second one, all but one; of occasions days all over the period."""
    if period is None or period.first is None or period.last is None:
        yield from (1, 0)
        return
    if not isinstance(frequency.per, str) or not isinstance(frequency.at_least, int):
        return
    days = list(_window_days(frequency, period))
    often = frequency.at_least
    for kept in (days, days[::2], days[1:]):
        yield {day.isoformat(): often for day in kept}
    yield {period.first.isoformat(): often - 1}


def _window_days(frequency: Frequency, period: Period) -> Iterator[date]:
    """A day of every window; of an occasion, whose days are not known here, every fourth week."""
    if frequency.cadence.occasion is None:
        for window in frequency.cadence.windows(period):
            inside = (window.first + timedelta(days=day) for day in range(7) if window.first is not None)
            counted = (one for one in inside if DaysThatCount(frequency.weekdays).counts(one, Calendar()))
            yield next(counted, window.first or date.min)
        return
    first, last = period.first, period.last
    assert first is not None
    assert last is not None
    yield from (first + timedelta(days=day) for day in range(0, (last - first).days + 1, 28))


def _guesses(measure: Any) -> Iterator[Any]:
    yield from _GUESSES
    named = attrs.asdict(measure, recurse=False).values() if attrs.has(type(measure)) else ()
    for field in named:
        parts = [*field, *field.values()] if isinstance(field, Mapping) else field
        parts = parts if isinstance(parts, tuple | list) else [parts]
        for part in parts:
            yield from (part,) if isinstance(part, str | int | Decimal) else ()
            yield from (part - 1, part + 1) if isinstance(part, int | Decimal) and not isinstance(part, bool) else ()

"""Measures of every kind, and which of their numbers are given."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules.measures import (
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
from civrules.model.figures import Count
from civrules.model.given import read_given
from civrules.testing.strategies.drawing import chance, pick, some, up_to

WORDS = ("at_least", "more_than", "at_most", "less_than")


def shares(most: Decimal, least: Decimal) -> list[Decimal]:
    """Points from the most to the least that a line can give."""
    low = min(least, Decimal(0))
    every = sorted({low + (most - low) * quarter / 4 for quarter in range(5)} | {least}, reverse=True)
    return [one for one in every if least <= one <= most]


def limits_of(draw: st.DrawFn, count: int) -> list[Any]:
    """Thresholds, the highest first: all in % or all plain."""
    if chance(draw, 2):
        return some(draw, (95, 90, Decimal("60.5"), 60, 10, Decimal("2.5"), 0), count, count)
    return some(draw, ("100%", "95%", "90%", "80.5%", "60%", "33.3%", "0%"), count, count)


def a_check(draw: st.DrawFn, _most: Decimal, _least: Decimal) -> Check:
    """Yes or no, or a figure against one threshold."""
    word = pick(draw, (None, *WORDS))
    return Check(expect=not chance(draw, 4)) if word is None else Check(**{word: limits_of(draw, 1)[0]})


def a_checklist(draw: st.DrawFn, most: Decimal, _least: Decimal, *, exact: bool) -> Checklist:
    """Two or three items: all of them, some of them, the share that holds, or points of their own."""
    ids = ("law", "rules", "map")[: 2 + draw(up_to(1))]
    match draw(up_to(3)):
        case 1:
            return Checklist(items=ids, at_least=Count(1 + draw(up_to(1))))
        case 2 if not exact:
            return Checklist(items=ids, partial=True)
        case 3 if most:
            parts = [most / 2, most / 4, most / 4] if len(ids) == 3 else [most / 4, most * 3 / 4]
            return Checklist(items=[Entry(id=name, points=part) for name, part in zip(ids, parts, strict=True)])
        case _:
            return Checklist(items=ids)


def some_levels(draw: st.DrawFn, most: Decimal, least: Decimal) -> Levels:
    """Two or three levels of different points, some of them in % of the criterion's."""
    points: list[Any] = some(draw, shares(most, least), 2, 3)
    if most and chance(draw, 3):
        points = [f"{one * 100 / most:f}%" if one == most / 2 else one for one in points]
    return Levels(levels=dict(zip(("good", "fair", "poor"), points, strict=False)))


def some_tiers(draw: st.DrawFn, most: Decimal, least: Decimal) -> Tiers:
    """One to three tiers: mostly in order and all one way, sometimes not."""
    limits = limits_of(draw, 1 + draw(up_to(2)))
    points = shares(most, least)
    points = [points[min(index, len(points) - 1)] for index in sorted(draw(up_to(4)) for _ in limits)]
    word = pick(draw, WORDS)
    if word in ("at_most", "less_than"):
        limits.reverse()
    words = [word] * len(limits)
    if chance(draw, 6):
        words[0] = "at_most"
        points.reverse()
    return Tiers(
        tiers=[Tier(points=one, **{word: limit}) for one, word, limit in zip(points, words, limits, strict=True)]
    )


def a_line(draw: st.DrawFn, most: Decimal, least: Decimal) -> Linear:
    """Two ends, either way round, or two to four knots."""
    if chance(draw, 3):
        limits = limits_of(draw, 2 + draw(up_to(2)))
        return Linear(knots=[(limit, pick(draw, shares(most, least))) for limit in reversed(limits)])
    full, zero = limits_of(draw, 2)
    return Linear(zero_at=full, full_at=zero) if chance(draw, 4) else Linear(zero_at=zero, full_at=full)


def a_shortfall(draw: st.DrawFn, *, exact: bool) -> Shortfall:
    """So much for every step short of a target, or beyond it."""
    steps: Any = pick(draw, ("full", "started") if exact else ("full", "started", "exact"))
    below = chance(draw, 3)
    target: Any = pick(draw, ("2%", 5) if below else ("98%", 60))
    per: Any = "3%" if isinstance(target, str) else 7
    return Shortfall(
        target=target, per=per, deduct=pick(draw, TAKEN), steps=steps, better="below" if below else "above"
    )


def some_marks(draw: st.DrawFn, most: Decimal, least: Decimal) -> Marks:
    """Any mark, choices, or a rubric of two bands."""
    points = shares(most, least)
    match draw(up_to(3)):
        case 2:
            return Marks(choices=some(draw, points, 2, 4))
        case 3 if len(points) >= 4:
            return Marks(bands={"good": (points[1], points[0]), "poor": (points[-1], points[-2])})
        case _:
            return Marks()


def a_frequency(draw: st.DrawFn, *, exact: bool) -> Frequency:
    """Windows of the calendar, or counted from the period's first day."""
    weekdays: Any = pick(draw, ((), (), (), ("monday", "friday")))
    return Frequency(
        per=pick(draw, ("week", "month", "2 weeks", "week", "day")), at_least=Count(1 + draw(up_to(1))),
        partial=not exact and not chance(draw, 3), weekdays=weekdays,
    )  # fmt: skip


def an_event(draw: st.DrawFn) -> Event:
    """Something that happens or not, often to somebody's account."""
    return Event(attributable=chance(draw, 2), must_report=chance(draw, 4))


TAKEN = tuple(map(Decimal, ("0.5", "1", "2", "0.25", "0.1")))


def an_item(draw: st.DrawFn, name: str, *, exact: bool, bounded: bool, points: bool) -> Item:
    """One kind of finding."""
    kinds: tuple[str, ...] = ("each", "each", "attributable", "settled", "levels", "tiers", "shortfall")
    kinds += ("all", "none") if points else ()
    taken = pick(draw, TAKEN)
    cap = pick(draw, TAKEN) * 2 if bounded or chance(draw, 3) else None
    match pick(draw, kinds):
        case "all":
            return Item(id=name, takes="all")
        case "none":
            return Item(id=name, takes="none")
        case "settled":
            return Item(id=name, each=(taken, taken * 2), cap=cap)
        case "levels":
            none: dict[str, Any] = {} if chance(draw, 3) else {"none": 0}
            return Item(id=name, levels={**none, "minor": taken, "major": (taken, taken * 2)}, cap=cap)
        case "tiers":
            tiers = [Tier(points=taken * 2, less_than="60%"), Tier(points=taken, less_than="90%")]
            return Item(id=name, tiers=Tiers(tiers=tiers), cap=cap)
        case "shortfall":
            steps: Any = pick(draw, ("full", "started") if exact else ("full", "started", "exact"))
            below = chance(draw, 3)
            target = "2%" if below else "98%"
            rule = Shortfall(target=target, per="3%", deduct=taken, steps=steps, better="below" if below else "above")
            return Item(id=name, cap=cap, shortfall=rule)
        case kind:
            between = (1, 20) if chance(draw, 4) else None
            return Item(id=name, each=taken, cap=cap, attributable=kind == "attributable", range=between)


def some_findings(draw: st.DrawFn, *, exact: bool, bounded: bool, points: bool) -> Findings:
    """One to three items."""
    ids = ("spot", "leak", "rate")[: 1 + draw(up_to(2))]
    return Findings(items=[an_item(draw, name, exact=exact, bounded=bounded, points=points) for name in ids])


DATES = ("2030-06-01", "2031-03-01")


def a_given(draw: st.DrawFn, low: Any, high: Any) -> Any:
    """A number that the day, the community or a parameter gives."""
    match draw(up_to(3)):
        case 0:
            return read_given({DATES[0]: low, DATES[1]: high})
        case 1:
            return read_given({"by": "size", "lower": {60: low, 100: high}})
        case 2:
            return read_given({"parameter": "free"})
        case _:
            return read_given({"parameter": "usual"})


def with_given(draw: st.DrawFn, measure: Any) -> Any:
    """The measure with its plain threshold or its deduction given instead of written, where it has one."""
    match measure:
        case Check() if (word := one_word(measure)) is not None and isinstance(getattr(measure, word), Decimal):
            return attrs.evolve(measure, **{word: a_given(draw, 5, 60)})
        case Shortfall() if isinstance(measure.target, Decimal):
            return attrs.evolve(measure, deduct=a_given(draw, Decimal("0.5"), 2))
        case Tiers() if len(measure.tiers) == 1 and isinstance(one_limit(measure.tiers[0]), Decimal):
            word = str(one_word(measure.tiers[0]))
            return Tiers(tiers=[attrs.evolve(measure.tiers[0], **{word: a_given(draw, 5, 60)})])
        case _:
            return measure


def one_word(holder: Any) -> str | None:
    """The comparison that a check or tier makes."""
    return next((word for word in WORDS if getattr(holder, word) is not None), None)


def one_limit(holder: Any) -> Any:
    """The threshold of that comparison."""
    word = one_word(holder)
    return None if word is None else getattr(holder, word)


def with_change(draw: st.DrawFn, measure: Any, *, always: bool) -> Any:
    """The measure of figures read against the previous evaluation; others as they are. With `always` a first counts."""
    if isinstance(measure, Check | Tiers | Linear | Shortfall) and not yes_or_no(measure):
        some_first: Any = "5%" if percent_of(measure) else 5
        first: Any = pick(draw, (some_first if always else None, some_first))
        return attrs.evolve(measure, change=True, first=first)
    return measure


def percent_of(measure: Any) -> bool:
    """Whether the figures are written in %."""
    return any(isinstance(limit, str) for limit in limits_in(measure))


def yes_or_no(measure: Any) -> bool:
    """Whether the measure is a check of yes and no."""
    return isinstance(measure, Check) and one_word(measure) is None


def limits_in(measure: Any) -> list[Any]:
    """The thresholds that a measure of figures writes down; in place of those that are given, the ends of them."""
    match measure:
        case Tiers():
            found = [getattr(tier, word) for tier in measure.tiers for word in WORDS]
        case Linear():
            found = [measure.zero_at, measure.full_at, *(at for at, _ in measure.knots or ())]
        case Shortfall():
            found = [measure.target]
        case _:
            found = [getattr(measure, word, None) for word in WORDS]
    there: Sequence[Any] = [limit for limit in found if limit is not None]
    return [
        one for limit in there for one in ((limit,) if isinstance(limit, Decimal | str) else (Decimal(5), Decimal(60)))
    ]

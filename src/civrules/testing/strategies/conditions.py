"""Conditions on what a standard has."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules import Condition, Criterion, Section, Standard
from civrules.measures import Check, Checklist, Event, Findings, Frequency, Item, Linear, Marks, Shortfall, Tiers
from civrules.testing.strategies.criteria import ATTRIBUTES, changes, decimal_of, is_given, lines_of, open_line
from civrules.testing.strategies.drawing import chance, pick
from civrules.testing.strategies.measures import limits_in, yes_or_no

WINDOWS = ("12 months", "1 month", "2 years", "10 days", "6 weeks", "1 quarter", "1 half-year")
BAD, GOOD, ANY = -1, 1, 0
"""What a condition says as things improve: it can only become false, only become true, or either."""


@attrs.define(slots=False)
class Words:
    """What the conditions of a standard may name."""

    tops: tuple[Section, ...]
    full: Decimal
    demerits: bool

    @cached_property
    def sections(self) -> list[Section]:
        """Every section."""
        return [one for top in self.tops for one in top.walk()]

    @cached_property
    def lines(self) -> list[Criterion]:
        """Every line."""
        return [one for top in self.tops for one in lines_of(top)]

    @property
    def events(self) -> list[str]:
        """Every event."""
        return [one.id for one in self.lines if isinstance(one.measure, Event)]

    @property
    def with_points(self) -> list[Criterion]:
        """Every line that has points."""
        return [one for one in self.lines if one.scored]

    @property
    def without_most(self) -> bool:
        """Whether a line has no most."""
        return any(open_line(one) for one in self.lines)


def a_condition(draw: st.DrawFn, words: Words, sense: int = ANY, depth: int = 0, *, seen: bool = False) -> Condition:
    """A condition on what the standard has, nested at most twice; monotone where `sense` says so.

    With `seen` it names observations and results only.
    """
    group = pick(draw, (None, None, None, "all", "any", "none")) if depth < 2 else None
    if group is not None or (sense == GOOD and depth < 2 and chance(draw, 3)):
        group = group or "none"
        inner = -sense if group == "none" else sense
        members: Any = {
            group: [a_condition(draw, words, inner, depth + 1, seen=seen) for _ in range(1 + draw_one(draw))]
        }
        return Condition(**members)
    made: Condition = SUBJECTS[pick(draw, known(words, sense, seen=seen))](draw, words, sense)
    return made


def draw_one(draw: st.DrawFn) -> int:
    """0 or 1."""
    return int(chance(draw, 2))


def known(words: Words, sense: int, *, seen: bool) -> list[str]:
    """The subjects for which the standard has something to name."""
    names = ["attribute"]
    if not seen:
        names += ["section", "points", "score"] if words.with_points else []
        names += ["worst_in"] if any(line.scored for line in lines_of(words.sections[0])) else []
        names += ["coverage"] if sense == ANY else []
    if sense != GOOD:
        names += ["failed", "failed"]
        names += ["happened", "happened"] if words.events else []
        names += ["failed_tag"] if any(one.tags for one in words.lines) else []
    if sense == ANY and any(valued(one) for one in words.lines):
        names += ["value", "value"]
    return names


def comparison(draw: st.DrawFn, words: Words, sense: int, plain: Sequence[Decimal], *, percent: bool) -> dict[str, Any]:
    """One comparison, or two that make a range where the sense is open."""
    low, high = ("at_most", "less_than"), ("at_least", "more_than")
    if words.demerits and sense != ANY:
        sense = -sense
    names = {BAD: low, GOOD: high, ANY: (*low, *high)}[sense]
    pool: list[Any] = list(plain)
    if percent:
        pool += ["60%", "50%", "100%", "33.3%", "0%"]
    given = {pick(draw, names): pick(draw, pool)}
    if sense == ANY and chance(draw, 4):
        given[pick(draw, [name for name in (*low, *high) if name not in given])] = pick(draw, pool)
    return given


def _section(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    section = pick(draw, words.sections)
    whole = section.full(demerits=words.demerits)
    full = decimal_of(whole) if whole else Decimal(5)
    # A share of what lines give that have no most, or that may lose some of it, need not go one way.
    percent = whole is not None and sense == ANY
    return Condition(
        section=section.id, **comparison(draw, words, sense, (full / 2, full, Decimal(0)), percent=percent)
    )


def _points(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    line = pick(draw, words.with_points)
    most = line.points or Decimal(5)
    pool = (most / 2, most, Decimal(0), line.least)
    return Condition(points=line.id, **comparison(draw, words, sense, pool, percent=line.points is not None))


def _worst_in(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    pool = (Decimal(1), Decimal(0), Decimal("0.5"), Decimal(5))
    percent = not words.without_most and sense == ANY
    return Condition(worst_in=words.sections[0].id, **comparison(draw, words, sense, pool, percent=percent))


def _score(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    pool = (words.full / 2, words.full * 9 / 10, Decimal(0), words.full)
    return Condition(figure="score", **comparison(draw, words, sense, pool, percent=not words.without_most))


def _coverage(draw: st.DrawFn, words: Words, _sense: int) -> Condition:
    return Condition(figure="coverage", **comparison(draw, words, ANY, (Decimal(1), Decimal("0.5")), percent=True))


def _attribute(draw: st.DrawFn, _words: Words, _sense: int) -> Condition:
    return Condition.of(pick(draw, ATTRIBUTES))


def _failed(draw: st.DrawFn, words: Words, _sense: int) -> Condition:
    return Condition(failed=pick(draw, words.lines).id)


def _failed_tag(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    tags = sorted({tag for one in words.lines for tag in one.tags})
    given: dict[str, Any] = pick(draw, ({}, {"at_least": 2}, {"more_than": 0}))
    if sense == ANY and chance(draw, 4):
        given = {"at_most": 1}
    return Condition(failed_tag=pick(draw, tags), **given)


def _happened(draw: st.DrawFn, words: Words, _sense: int) -> Condition:
    windows: list[dict[str, Any]] = [{}]
    windows += [{"within": window} for window in WINDOWS] + [{"during": "year"}]
    return Condition(happened=pick(draw, words.events), **pick(draw, windows))


def valued(criterion: Criterion) -> list[tuple[str, Any]]:
    """What a `value` condition may ask of the line: the name, and the measure or item that says what is compared."""
    measure: Any = criterion.measure
    pooled = criterion.pool != "latest" or criterion.assessors is not None or criterion.per_unit is not None
    if is_given(criterion) or changes(criterion) or isinstance(measure, Frequency):
        return []
    # Of several looks, or assessors, equally bad any may be the one that counts; what looks found adds up all the same.
    if criterion.assessors is not None or (pooled and not isinstance(measure, Findings)):
        return []
    if isinstance(measure, Checklist):
        # Items without points of their own are all alike, so that the worst way to hold them is plain to see.
        return [(f"{criterion.id}:{item.id}", item) for item in measure.items]
    if isinstance(measure, Findings):
        named = [(item, item.tiers or item.shortfall or item) for item in measure.items]
        return [
            (f"{criterion.id}:{item.id}", one)
            for item, one in named
            if not item.attributable and not isinstance(item.each, tuple) and not isinstance(one, Tiers)
            if item.counted or not pooled
        ]
    return [(criterion.id, measure)] if one_way(measure) else []


def one_way(measure: Any) -> bool:
    """Whether some figures are better than others and all on one side, so that the worst value is plain to see."""
    limits = limits_in(measure)
    if isinstance(measure, Linear):
        return measure.knots is None
    if isinstance(measure, Shortfall) or not isinstance(measure, Tiers):
        return not {"0%", "100%", Decimal(0)} & set(limits)
    up = all(tier.at_least is not None or tier.more_than is not None for tier in measure.tiers)
    down = all(tier.at_most is not None or tier.less_than is not None for tier in measure.tiers)
    points = [tier.points for tier in measure.tiers]
    falling = points == sorted(points, reverse=True) and len(set(points)) == len(points)
    return (up or down) and falling and min(points) > 0 and not {"0%", "100%", Decimal(0)} & set(limits)


def _value(draw: st.DrawFn, words: Words, _sense: int) -> Condition:
    name, one = pick(draw, [pair for line in words.lines for pair in valued(line)])
    levels = getattr(one, "levels", None)
    if levels is not None:
        return Condition(value=name, equals=pick(draw, sorted(levels)))
    if (
        isinstance(one, Event)
        or yes_or_no(one)
        or not isinstance(one, Item | Marks | Check | Tiers | Linear | Shortfall)
    ):
        return Condition(value=name, equals=chance(draw, 2))
    if isinstance(one, Item):
        pool = (Decimal(1), Decimal(0), Decimal(3))
        return Condition(value=name, **comparison(draw, words, ANY, pool, percent=False))
    if isinstance(one, Marks) and chance(draw, 4):
        return Condition(value=name, equals=Decimal(0))
    limits = (Decimal(60), Decimal(90), Decimal("2.5"), Decimal(1))
    return Condition(value=name, **comparison(draw, words, ANY, limits, percent=False))


SUBJECTS: dict[str, Any] = {
    "section": _section,
    "points": _points,
    "worst_in": _worst_in,
    "score": _score,
    "coverage": _coverage,
    "attribute": _attribute,
    "failed": _failed,
    "failed_tag": _failed_tag,
    "happened": _happened,
    "value": _value,
}


def conditions_of(standard: Standard) -> list[Condition]:
    """Every condition on results of the standard, and all that it holds."""
    roots = [*(gate.when for gate in standard.gates), *(grade.requires for grade in standard.grades if grade.requires)]
    return [part for root in roots for part in root.walk()]

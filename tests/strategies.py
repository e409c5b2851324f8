"""Hypothesis strategies: sound standards, communities, and what was seen of them.

Everything is drawn from small pools, so that thresholds are hit and failures shrink to something a reader can follow; a
`Case` shows itself as the document and the list of observations.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from civrules import (
    Community,
    Condition,
    Criterion,
    Gate,
    Grade,
    InvalidDocument,
    NotApplicable,
    Observation,
    Period,
    Ratio,
    Reading,
    Rounding,
    Section,
    Source,
    Standard,
    Text,
    dump,
)
from civrules.measures import Check, Event, Findings, Item, Levels, Linear, Marks, Shortfall, Tier, Tiers
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.standard import Blank, Issuance, Printed, Table

T = TypeVar("T")

POINTS = tuple(map(Decimal, ("10", "5", "2", "20", "1", "3", "30", "0.5", "1.5", "2.25", "0.3")))
QUARTER = Period.quarter(2031, 1)
PERIODS = (QUARTER, Period.year(2031), Period.month(2031, 2))
DAYS = tuple(
    date(*day)
    for day in (
        (2031, 3, 31),
        (2031, 2, 28),
        (2031, 1, 1),
        (2030, 12, 31),
        (2030, 3, 31),
        (2030, 2, 28),
        (2029, 12, 31),
    )
)
WINDOWS = ("12 months", "1 month", "2 years", "10 days", "6 weeks", "1 quarter", "1 half-year")


@attrs.frozen(kw_only=True, repr=False)
class Case:
    """One call: a standard, a community, what was seen of it, and the days."""

    standard: Standard
    community: Community
    observations: tuple[Observation, ...]
    on: date | None = None
    period: Period | None = None

    def __repr__(self) -> str:
        seen = "\n".join(f"  {_said(one)}" for one in self.observations)
        return f"\n{dump(self.standard)}\n{self.community}\non={self.on} period={self.period}\nseen:\n{seen}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def _said(look: Observation) -> str:
    more = (("at", look.at), ("attributable", look.attributable), ("id", look.id))
    return f"{look.criterion} = {look.value!r}" + "".join(f" {key}={value}" for key, value in more if value is not None)


def title_of(name: str) -> Text:
    """A title."""
    return Text(en=name)


@cache
def up_to(most: int) -> st.SearchStrategy[int]:
    """A whole number from 0; kept, for making a strategy takes longer than drawing from it."""
    return st.integers(0, most)


def pick(draw: st.DrawFn, pool: Sequence[T]) -> T:
    """One of the pool; shrinks to the first."""
    return pool[draw(up_to(len(pool) - 1))]


def chance(draw: st.DrawFn, one_in: int) -> bool:
    """True once in so many; shrinks to False."""
    return draw(up_to(one_in - 1)) == one_in - 1


def some(draw: st.DrawFn, pool: Sequence[T], least: int, most: int) -> list[T]:
    """So many different members of the pool, in its order."""
    left = list(range(len(pool)))
    chosen = [left.pop(draw(up_to(len(left) - 1))) for _ in range(min(least + draw(up_to(most - least)), len(pool)))]
    return [pool[index] for index in sorted(chosen)]


# ----------------------------------------------------------------------------------------------------------- measures


def shares(most: Decimal, least: Decimal) -> list[Decimal]:
    """Points from the most to the least that a line can give."""
    low = min(least, Decimal(0))
    return sorted({low + (most - low) * quarter / 4 for quarter in range(5)} | {least}, reverse=True)


def limits_of(draw: st.DrawFn, count: int) -> list[Any]:
    """Thresholds, the highest first: all in % or all plain."""
    if chance(draw, 2):
        return some(draw, (95, 90, Decimal("60.5"), 60, 10, Decimal("2.5"), 0), count, count)
    return some(draw, ("100%", "95%", "90%", "80.5%", "60%", "33.3%", "0%"), count, count)


def a_check(draw: st.DrawFn, _most: Decimal, _least: Decimal) -> Check:
    """Yes or no, or a figure against one threshold."""
    word = pick(draw, (None, "at_least", "more_than", "at_most", "less_than"))
    return Check(expect=not chance(draw, 4)) if word is None else Check(**{word: limits_of(draw, 1)[0]})


def some_levels(draw: st.DrawFn, most: Decimal, least: Decimal) -> Levels:
    """Two or three levels of different points, some of them in % of the criterion's."""
    points: list[Any] = some(draw, [one for one in shares(most, least) if least <= one <= most], 2, 3)
    if most and chance(draw, 3):
        points = [f"{one * 100 / most:f}%" if one == most / 2 else one for one in points]
    return Levels(levels=dict(zip(("good", "fair", "poor"), points, strict=False)))


def some_tiers(draw: st.DrawFn, most: Decimal, least: Decimal) -> Tiers:
    """One to three tiers: mostly in order and all one way, sometimes not."""
    limits = limits_of(draw, 1 + draw(up_to(2)))
    points = [one for one in shares(most, least) if least <= one <= most]
    points = [points[min(index, len(points) - 1)] for index in sorted(draw(up_to(4)) for _ in limits)]
    word = pick(draw, ("at_least", "more_than", "at_most", "less_than"))
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
        points = [one for one in shares(most, least) if least <= one <= most]
        return Linear(knots=[(limit, pick(draw, points)) for limit in reversed(limits)])
    full, zero = limits_of(draw, 2)
    return Linear(zero_at=full, full_at=zero) if chance(draw, 4) else Linear(zero_at=zero, full_at=full)


def some_marks(draw: st.DrawFn, most: Decimal, least: Decimal) -> Marks:
    """Any mark, choices, or a rubric of two bands."""
    points = [one for one in shares(most, least) if least <= one <= most]
    match draw(up_to(3)):
        case 2:
            return Marks(choices=some(draw, points, 1, 4))
        case 3 if len(points) >= 4:
            return Marks(bands={"good": (points[1], points[0]), "poor": (points[-1], points[-2])})
        case _:
            return Marks()


TAKEN = tuple(map(Decimal, ("0.5", "1", "2", "0.25", "0.1")))


def an_item(draw: st.DrawFn, name: str, *, exact: bool, bounded: bool, points: bool) -> Item:
    """One kind of finding."""
    kinds = (
        "each",
        "each",
        "attributable",
        "settled",
        "levels",
        "tiers",
        "shortfall",
        *(("all", "none") if points else ()),
    )
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
            return Item(
                id=name,
                tiers=Tiers(tiers=[Tier(points=taken * 2, less_than="60%"), Tier(points=taken, less_than="90%")]),
            )
        case "shortfall":
            steps: Any = pick(draw, ("full", "started") if exact else ("full", "started", "exact"))
            below = chance(draw, 3)
            target = "2%" if below else "98%"
            rule = Shortfall(target=target, per="3%", deduct=taken, steps=steps, better="below" if below else "above")
            return Item(id=name, cap=cap, shortfall=rule)
        case kind:
            return Item(
                id=name,
                each=taken,
                cap=cap,
                attributable=kind == "attributable",
                range=(1, 20) if chance(draw, 4) else None,
            )


def some_findings(draw: st.DrawFn, *, exact: bool, bounded: bool, points: bool) -> Findings:
    """One to three items."""
    ids = ("spot", "leak", "rate")[: 1 + draw(up_to(2))]
    items = [an_item(draw, name, exact=exact, bounded=bounded, points=points) for name in ids]
    return Findings(items=items)


# ----------------------------------------------------------------------------------------------------------- criteria


@attrs.define
class Sheet:
    """What one draw of a standard has decided for all its lines."""

    demerits: bool
    exact: bool
    """No quotient may arise, so that nothing need be rounded."""
    missing: Any
    refuses: bool
    lines: int = 0


def a_criterion(draw: st.DrawFn, sheet: Sheet, section_missing: Any, *, open_ended: bool) -> Criterion:
    """One line, of any measure."""
    sheet.lines += 1
    name = f"c{sheet.lines}"
    tags: frozenset[str] = pick(draw, (frozenset(), frozenset({"key"}), frozenset({"key", "fire"})))
    missing: Any = pick(draw, (None, None, None, None, "worst", "hold", "refuse" if sheet.refuses else None))
    rule = missing or section_missing or sheet.missing
    kinds = ("check", "levels", "tiers", "marks", "findings", "event", *(() if sheet.exact else ("linear", "linear")))
    kind = pick(draw, kinds)
    if kind == "event":
        return an_event(draw, name, tags, missing)
    applicable: Any = pick(draw, (None, None, None, "refuse", "rescale"))
    if sheet.exact and not sheet.demerits:
        applicable = None
    if kind == "findings" and open_ended:
        measure: Any = some_findings(draw, exact=sheet.exact, bounded=rule == "worst", points=False)
        return Criterion(
            id=name, title=title_of(name), measure=measure, tags=tags, missing=missing, not_applicable=applicable
        )
    most, least = pick(draw, POINTS), Decimal(0)
    if not sheet.demerits and chance(draw, 4):
        most, least = pick(
            draw, ((most, -most), (most, most / 2), (Decimal(0), Decimal(-5)), (Decimal(0), Decimal(-2)))
        )
    if kind == "findings" and not sheet.demerits and chance(draw, 6):
        most = least = Decimal(0)
    if most == 0 and kind in ("linear", "check"):
        kind = "levels"
    makers = {"check": a_check, "levels": some_levels, "tiers": some_tiers, "linear": a_line, "marks": some_marks}
    if kind == "findings":
        measure = some_findings(draw, exact=sheet.exact, bounded=False, points=True)
    else:
        measure = makers[kind](draw, most, least)
    return Criterion(
        id=name, title=title_of(name), points=most, least=least, measure=measure, tags=tags,
        missing=missing, not_applicable=applicable,
        decimals=pick(draw, (4, 4, 2, 3)) if kind != "marks" else 4,
        range=(0, 120) if kind in ("check", "tiers", "linear") and chance(draw, 4) and not yes_or_no(measure) else None,
    )  # fmt: skip


def an_event(draw: st.DrawFn, name: str, tags: frozenset[str], missing: Any) -> Criterion:
    """An event, attributable or to be reported or neither."""
    event = Event(attributable=chance(draw, 2), must_report=chance(draw, 4))
    return Criterion(id=name, title=title_of(name), measure=event, tags=tags, missing=missing)


def yes_or_no(measure: Any) -> bool:
    """Whether the measure is a check of yes and no."""
    return isinstance(measure, Check) and all(
        getattr(measure, word) is None for word in ("at_least", "more_than", "at_most", "less_than")
    )


def a_section(draw: st.DrawFn, sheet: Sheet, name: str) -> Section:
    """One to four lines, often brought to another number of points."""
    missing: Any = pick(draw, (None, None, None, "worst", "hold"))
    open_ended = sheet.demerits and chance(draw, 3)
    children = [a_criterion(draw, sheet, missing, open_ended=open_ended) for _ in range(1 + draw(up_to(3)))]
    full = sum((one.points or Decimal(0) for one in children), start=Decimal(0))
    scale_to = None
    if full and not any(open_line(one) for one in children) and chance(draw, 2):
        scale_to = full * 2 if sheet.exact else pick(draw, tuple(map(Decimal, ("10", "20", "7", "33.5", "100"))))
    return Section(id=name, title=title_of(name), children=children, scale_to=scale_to, missing=missing)


def lines_of(section: Section) -> list[Criterion]:
    """The section's criteria; none of the sections drawn here holds sections."""
    return [one for one in section.children if isinstance(one, Criterion)]


def open_line(criterion: Criterion) -> bool:
    """Whether the line has no most."""
    return criterion.points is None and not isinstance(criterion.measure, Event)


# --------------------------------------------------------------------------------------------------------- conditions


@attrs.frozen
class Words:
    """What the conditions of a standard may name."""

    sections: tuple[Section, ...]
    full: Decimal
    demerits: bool

    @property
    def lines(self) -> list[Criterion]:
        """Every line."""
        return [one for section in self.sections for one in lines_of(section)]

    @property
    def events(self) -> list[str]:
        """Every event."""
        return [one.id for one in self.lines if isinstance(one.measure, Event)]

    @property
    def with_points(self) -> list[Criterion]:
        """Every line that has points."""
        return [one for section in self.sections for one in points_in(section)]

    @property
    def without_most(self) -> bool:
        """Whether a line has no most."""
        return any(open_line(one) for one in self.lines)


def points_in(section: Section) -> list[Criterion]:
    """The section's lines that have points."""
    return [one for one in lines_of(section) if not isinstance(one.measure, Event)]


BAD, GOOD, ANY = -1, 1, 0
"""What a condition says as things improve: it can only become false, only become true, or either."""


def a_condition(draw: st.DrawFn, words: Words, sense: int = ANY, depth: int = 0) -> Condition:
    """A condition on what the standard has, nested at most twice; monotone where `sense` says so."""
    group = pick(draw, (None, None, None, "all", "any", "none")) if depth < 2 else None
    if group is not None or (sense == GOOD and depth < 2 and chance(draw, 3)):
        group = group or "none"
        inner = -sense if group == "none" else sense
        members: Any = {group: [a_condition(draw, words, inner, depth + 1) for _ in range(1 + draw(up_to(1)))]}
        return Condition(**members)
    made: Condition = SUBJECTS[pick(draw, known(words, sense))](draw, words, sense)
    return made


def known(words: Words, sense: int) -> list[str]:
    """The subjects for which the standard has something to name."""
    names = ["section", "points", "score", "attribute"] if words.with_points else ["attribute"]
    names += ["worst_in"] if points_in(words.sections[0]) else []
    names += ["coverage"] if sense == ANY else []
    if sense != GOOD:
        names += ["failed"]
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
    full = (
        section.scale_to or sum((one.points or Decimal(0) for one in lines_of(section)), start=Decimal(0)) or Decimal(5)
    )
    percent = not any(open_line(one) for one in lines_of(section))
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
    percent = not words.without_most
    return Condition(worst_in=words.sections[0].id, **comparison(draw, words, sense, pool, percent=percent))


def _score(draw: st.DrawFn, words: Words, sense: int) -> Condition:
    pool = (words.full / 2, words.full * 9 / 10, Decimal(0), words.full)
    return Condition(figure="score", **comparison(draw, words, sense, pool, percent=not words.without_most))


def _coverage(draw: st.DrawFn, words: Words, _sense: int) -> Condition:
    return Condition(figure="coverage", **comparison(draw, words, ANY, (Decimal(1), Decimal("0.5")), percent=True))


ATTRIBUTES: tuple[Mapping[str, Any], ...] = (
    {"attribute": "size", "at_least": 100},
    {"attribute": "size", "more_than": 50, "less_than": 200},
    {"attribute": "heated", "equals": True},
    {"attribute": "use", "equals": "mixed"},
    {"attribute": "credentials", "has": "iso"},
    {"attribute": "use", "has": "mixed"},
    {"attribute": "size", "equals": 100},
)


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
    if isinstance(measure, Findings):
        named = [(item, item.tiers or item.shortfall or item) for item in measure.items]
        return [
            (f"{criterion.id}:{item.id}", one)
            for item, one in named
            if not item.attributable and not isinstance(item.each, tuple) and not isinstance(one, Tiers)
        ]
    return [(criterion.id, measure)] if one_way(measure) else []


def one_way(measure: Any) -> bool:
    """Whether some figures are better than others and all on one side, so that the worst value is plain to see."""
    limits = limits_in(measure)
    if isinstance(measure, Linear):
        return measure.knots is None
    if not isinstance(measure, Tiers):
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
    if isinstance(one, Event) or yes_or_no(one):
        return Condition(value=name, equals=chance(draw, 2))
    if isinstance(one, Item):
        return Condition(
            value=name, **comparison(draw, words, ANY, (Decimal(1), Decimal(0), Decimal(3)), percent=False)
        )
    if isinstance(one, Marks) and chance(draw, 4):
        return Condition(value=name, equals=Decimal(0))
    return Condition(
        value=name,
        **comparison(draw, words, ANY, (Decimal(60), Decimal(90), Decimal("2.5"), Decimal(1)), percent=False),
    )


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


# ---------------------------------------------------------------------------------------------------------- standards


def a_rounding(draw: st.DrawFn, sheet: Sheet) -> Rounding:
    """Decimals for every step, or for none where nothing divides."""
    mode: Any = pick(draw, ("half-up", "half-even", "up", "down"))
    grade_from: Any = pick(draw, ("rounded", "rounded", "exact"))
    if sheet.exact:
        return Rounding(total=pick(draw, (None, None, 0, 1)), mode=mode, grade_from=grade_from)
    return Rounding(
        criterion=pick(draw, ("exact", 0, 1, 2)), section=pick(draw, ("exact", 0, 1, 2)), total=pick(draw, (1, 2, 0)),
        mode=mode, grade_from=grade_from,
    )  # fmt: skip


def some_grades(draw: st.DrawFn, words: Words, sense: int) -> list[Grade]:
    """No grades, or two to four bands, the best first; sometimes one that comes from gates alone."""
    count = pick(draw, (3, 2, 4, 0))
    if not count:
        return []
    shares_of_full = some(
        draw,
        (Decimal("0.95"), Decimal("0.9"), Decimal("0.845"), Decimal("0.7"), Decimal("0.5"), Decimal("0.1")),
        count - 1,
        count - 1,
    )
    ends = [words.full * share for share in shares_of_full]
    if words.demerits:
        ends.reverse()
    grades = []
    for name, end in zip("ABCD", ends, strict=False):
        requires = a_condition(draw, words, GOOD if sense == BAD else ANY) if chance(draw, 4) else None
        grades.append(
            Grade(
                id=name,
                at_most=end if words.demerits else None,
                at_least=None if words.demerits else end,
                requires=requires,
            )
        )
    grades.append(Grade(id="ABCD"[count - 1]))
    return [*grades, Grade(id="X", gate_only=True)] if chance(draw, 4) else grades


def some_gates(draw: st.DrawFn, words: Words, grades: Sequence[Grade], sense: int) -> list[Gate]:
    """None to three gates that cap or force."""
    gates = []
    ids = [grade.id for grade in grades]
    for number in range(draw(up_to(3)) if grades else 0):
        effect = pick(draw, ("grade_at_most", "grade_at_most", "grade"))
        worst_only = effect == "grade" and sense == BAD
        grade = ids[-1] if worst_only else pick(draw, ids)
        when = a_condition(draw, words, sense)
        gates.append(Gate(id=f"g{number + 1}", title=title_of(f"g{number + 1}"), when=when, then={effect: grade}))
    return gates


@st.composite
def standards(draw: st.DrawFn, *, monotone: bool = False, refuses: bool = True) -> Standard:
    """A sound standard; with `monotone` its gates and requirements can only help as things improve."""
    demerits = chance(draw, 3)
    missing = pick(draw, ("worst", "worst", "worst", "hold", "refuse" if refuses else "worst"))
    sheet = Sheet(demerits, exact=chance(draw, 4), missing=missing, refuses=refuses)
    sections = [a_section(draw, sheet, f"s{number + 1}") for number in range(1 + draw(up_to(2)))]
    full = sum((section_full(section) for section in sections), start=Decimal(0))
    without_most = any(open_line(one) for section in sections for one in lines_of(section))
    not_applicable: Any = (
        "refuse" if sheet.exact and not demerits else pick(draw, ("rescale", "rescale", "rescale", "refuse"))
    )
    closed = bool(full) and not without_most
    scale = closed and not sheet.exact and chance(draw, 3)
    if scale and demerits:
        not_applicable = "refuse"
        sections = [
            attrs.evolve(one, children=[attrs.evolve(line, not_applicable=None) for line in lines_of(one)])
            for one in sections
        ]
    total = Decimal(100) if scale else full if closed and chance(draw, 3) else None
    if without_most and chance(draw, 3):
        total = Decimal(20)
    words = Words(tuple(sections), total or full or Decimal(10), demerits)
    sense = BAD if monotone else ANY
    grades = some_grades(draw, words, sense)
    return Standard(
        id="example/drawn",
        version="1",
        title=title_of("drawn"),
        kinds=("residential",),
        source=Source(document="drawn"),
        direction="demerits" if demerits else "merits",
        total=total,
        scale=scale,
        rounding=a_rounding(draw, sheet),
        missing=sheet.missing,
        not_applicable=not_applicable,
        sections=sections,
        grades=grades,
        gates=some_gates(draw, words, grades, sense),
    )


def section_full(section: Section) -> Decimal:
    """The most that the section gives."""
    return section.scale_to or sum((one.points or Decimal(0) for one in lines_of(section)), start=Decimal(0))


# ------------------------------------------------------------------------------------------------------------- values

YES: tuple[Any, ...] = (True, "yes", 1, "1", "是", "TRUE")
NO: tuple[Any, ...] = (False, "no", 0, "0", "否", "False")
RESPONSIBLE = ("attributable", "not-attributable")


def may_not_apply(standard: Standard, criterion: Criterion) -> bool:
    """Whether an observer's "does not apply" is taken."""
    return (criterion.not_applicable or standard.when_not_applicable) == "rescale"


def figure_for(draw: st.DrawFn, limits: Sequence[Any], decimals: int, between: Any, *, ratios: bool) -> Any:
    """A figure on a threshold or one step beside it, or any, in one of its forms."""
    percent = any(isinstance(limit, str) for limit in limits)
    low, high = between or ((Decimal(0), Decimal(100)) if percent else (Decimal(-10), Decimal(130)))
    if chance(draw, 4):
        ratio = ratio_for(draw, percent=percent, low=low, high=high, nothing=ratios)
        if ratio is not None:
            return ratio
    limit = Decimal(str(pick(draw, list(limits))).rstrip("%"))
    step = Decimal(1).scaleb(-decimals)
    exact = limit + pick(draw, (0, 1, -1)) * step
    if chance(draw, 3):
        exact = pick(draw, (low, high, low + (high - low) / 2, low + (high - low) / 8))
    exact = min(max(exact, low), high)
    forms: list[Any] = [exact, float(exact), f"{exact:f}"]
    forms += [f"{exact:f}%"] if percent else []
    forms += [int(exact)] if exact == int(exact) else []
    return pick(draw, forms)


def ratio_for(draw: st.DrawFn, *, percent: bool, low: Decimal, high: Decimal, nothing: bool) -> Ratio | None:
    """n of m; of nothing only where that may be; None where what was drawn lies outside."""
    if nothing and chance(draw, 4):
        return Ratio(0, 0)
    of = pick(draw, (20, 3, 7, 100, 1))
    n = draw(st.integers(0, of))
    share = Fraction(n, of) * (100 if percent else 1)
    return Ratio(n, of) if Fraction(low) <= share <= Fraction(high) else None


def limits_in(measure: Any) -> list[Any]:
    """The thresholds that a measure of figures writes down."""
    words = ("at_least", "more_than", "at_most", "less_than")
    match measure:
        case Tiers():
            found = [getattr(tier, word) for tier in measure.tiers for word in words]
        case Linear():
            found = [measure.zero_at, measure.full_at, *(at for at, _ in measure.knots or ())]
        case Shortfall():
            found = [measure.target]
        case _:
            found = [getattr(measure, word, None) for word in words]
    return [limit for limit in found if limit is not None]


def value_for(
    draw: st.DrawFn, standard: Standard, criterion: Criterion, *, usable: bool = True, applies: bool = False
) -> Any:
    """A value that the criterion takes; `usable` leaves no responsibility open, with `applies` it does apply."""
    measure: Any = criterion.measure
    applies = applies or not may_not_apply(standard, criterion)
    if not applies and chance(draw, 8):
        return NotApplicable("there is none")
    match measure:
        case Levels():
            return pick(draw, sorted(measure.levels))
        case Marks():
            return a_mark(draw, criterion, measure)
        case Findings():
            values = {
                item.id: item_value(draw, criterion, item, usable=usable, applies=applies) for item in measure.items
            }
            return {name: value for name, value in values.items() if value is not None}
        case Check() if yes_or_no(measure):
            return pick(draw, YES + NO)
        case _:
            return figure_for(draw, limits_in(measure), criterion.decimals, criterion.range, ratios=not applies)


def a_mark(draw: st.DrawFn, criterion: Criterion, measure: Marks) -> Any:
    """A mark that may be given."""
    if measure.choices is not None:
        return pick(draw, measure.choices)
    low, high = criterion.least, criterion.points or Decimal(0)
    if measure.bands is not None:
        low, high = pick(draw, sorted(measure.bands.values()))
    beside = [one for one in (low + Decimal("0.0001"), high - Decimal("0.0001")) if low <= one <= high]
    return pick(draw, (high, low, ((low + high) / 2).quantize(Decimal("0.0001")), float(high), f"{low:f}", *beside))


def item_value(draw: st.DrawFn, criterion: Criterion, item: Item, *, usable: bool, applies: bool) -> Any:
    """What was seen of one item; None where nothing was said."""
    measured = item.tiers or item.shortfall
    if not applies and chance(draw, 8):
        return NotApplicable("there is none")
    if measured is not None:
        return figure_for(draw, limits_in(measured), criterion.decimals, item.range, ratios=not applies)
    if item.levels is not None:
        name, amount = pick(draw, sorted(item.levels.items(), key=str))
        return f"{name}={pick(draw, amount):f}" if isinstance(amount, tuple) else name
    if isinstance(item.each, tuple):
        return pick(draw, (*item.each, "no", False))
    counts: list[Any] = [0, 1, 3, "2", *((20,) if item.range else (1000000,))]
    if item.attributable:
        said: list[Any] = [
            {"attributable": 1},
            {"attributable": 2, "not-attributable": 1},
            "not-attributable",
            "attributable",
            0,
        ]
        return pick(draw, said if usable else [*said, 2])
    return pick(draw, [*counts, True, "no", None])


# ------------------------------------------------------------------------------------------------------- observations


def days_before(last: date) -> list[date]:
    """Days on and beside the ends of the windows that look back from the day, and some others."""
    return [last, *DAYS, last + timedelta(days=1), last - timedelta(days=10), last - timedelta(days=11)]


FACTS: Mapping[str, tuple[Any, ...]] = {
    "size": (None, 100, 50, 200),
    "heated": (None, True, False),
    "use": (None, "mixed", "dwelling"),
    "credentials": (None, (), ("iso",)),
}


def a_community(draw: st.DrawFn) -> Community:
    """A community with a few attributes, or none."""
    known = {name: pick(draw, pool) for name, pool in FACTS.items()} if chance(draw, 2) else {}
    attributes = {name: fact for name, fact in known.items() if fact is not None}
    return Community("compound-7", kind="residential", attributes=attributes)


def compared(standard: Standard) -> set[str]:
    """The lines whose values a condition asks for; which of two equal looks of one day it sees is not said."""
    return {part.value.partition(":")[0] for part in conditions_of(standard) if part.value is not None}


def conditions_of(standard: Standard) -> list[Condition]:
    """Every condition of the standard, and all that it holds."""
    roots = [*(gate.when for gate in standard.gates), *(grade.requires for grade in standard.grades if grade.requires)]
    return [part for root in roots for part in root.walk()]


def looks_at(draw: st.DrawFn, case: Case, criterion: Criterion, *, whole: bool, gaps: bool) -> list[Observation]:
    """What was seen for one line: nothing, one look, or several on different days or on one."""
    standard, period = case.standard, case.period
    section = next(one for one in standard.sections if criterion in one.children)
    rule = criterion.missing or section.missing or standard.when_missing
    if isinstance(criterion.measure, Event):
        return event_looks(draw, case, criterion, criterion.measure, whole=whole or rule == "refuse")
    if not whole and chance(draw, 12 if rule == "refuse" else 2 if gaps else 5):
        return []
    if not whole and not gaps and not may_not_apply(standard, criterion) and chance(draw, 30):
        return [Observation(criterion.id, NotApplicable("it is refused"))]
    count = pick(draw, (1, 1, 1, 1, 2, 3))
    usable = whole or rule == "refuse"
    values = [value_for(draw, standard, criterion, usable=usable) for _ in range(count)]
    if count == 1 and not chance(draw, 4):
        return [Observation(criterion.id, values[0])]
    pool = [None, *days_before(period.last)] if period is not None and period.last else list(DAYS)
    days: list[date | None] = [pick(draw, pool) for _ in values]
    if whole or rule == "refuse":
        days[0] = None if period is not None else days[0]
    if any(isinstance(value, NotApplicable | Ratio | dict) for value in values) or criterion.id in compared(standard):
        days, values = _one_a_day(days, values, period)
    return [Observation(criterion.id, value, at=day) for value, day in zip(values, days, strict=True)]


def _one_a_day(
    days: list[date | None], values: list[Any], period: Period | None
) -> tuple[list[date | None], list[Any]]:
    last = period.last if period is not None else None
    by_day = {(day or last): (day, value) for day, value in zip(reversed(days), reversed(values), strict=True)}
    return [day for day, _ in by_day.values()], [value for _, value in by_day.values()]


def event_looks(draw: st.DrawFn, case: Case, criterion: Criterion, event: Event, *, whole: bool) -> list[Observation]:
    """Reports of an event; often none."""
    last = case.period.last if case.period is not None else case.on
    pool: list[date | None] = [*days_before(last or DAYS[0]), None, None]
    values = report_values(case.standard, criterion, event, whole=whole)
    days = [pick(draw, pool) for _ in range(pick(draw, (0, 0, 1, 1, 2, 3)))]
    here = [day for day in days if day is None or case.period is None or day in case.period]
    if event.must_report and whole and not here:
        days.append(None)
    return [a_report(draw, criterion.id, pick(draw, values), day, whole=whole) for day in days]


def report_values(standard: Standard, criterion: Criterion, event: Event, *, whole: bool) -> list[Any]:
    """What may be said of an event."""
    values: list[Any] = [*YES, *NO]
    if event.attributable:
        values += RESPONSIBLE
    if not whole and may_not_apply(standard, criterion):
        values += [NotApplicable("it cannot happen here")]
    return values


def a_report(draw: st.DrawFn, name: str, value: Any, at: date | None, *, whole: bool) -> Observation:
    """One report; with `whole` it says who was responsible."""
    if value in RESPONSIBLE:
        return Observation(name, value, at=at)
    return Observation(name, value, at=at, attributable=pick(draw, (True, False) if whole else (True, False, None)))


@st.composite
def cases(draw: st.DrawFn, *, whole: bool = False, gaps: bool = False, monotone: bool = False) -> Case:
    """A standard and what was seen of one community; with `whole` nothing is missing, with `gaps` much is."""
    standard = draw(standards(monotone=monotone, refuses=not gaps))
    return draw(cases_of(standard, whole=whole, gaps=gaps))


@st.composite
def cases_of(draw: st.DrawFn, standard: Standard, *, whole: bool = False, gaps: bool = False) -> Case:
    """What was seen of one community, for this standard."""
    period = pick(draw, (QUARTER, *PERIODS, None))
    on = (
        period.last + timedelta(days=pick(draw, (0, 0, 30)))
        if period is not None and period.last and chance(draw, 3)
        else None
    )
    if period is None and (any(part.within or part.during for part in conditions_of(standard)) or chance(draw, 2)):
        on = DAYS[0]
    case = Case(standard=standard, community=a_community(draw), observations=(), on=on, period=period)
    looks = [look for line in standard.criteria.values() for look in looks_at(draw, case, line, whole=whole, gaps=gaps)]
    return attrs.evolve(case, observations=tuple(looks))


@st.composite
def changes(draw: st.DrawFn, *, monotone: bool = False) -> tuple[Case, Case, str]:
    """A case twice, with two values that apply for one and the same criterion, and the criterion's id."""
    case = draw(cases(whole=chance(draw, 2), gaps=True, monotone=monotone))
    line = pick(draw, list(case.standard.criteria.values()))
    others = tuple(look for look in case.observations if look.criterion != line.id)
    before, after = (
        attrs.evolve(case, observations=(*others, Observation(line.id, a_value(draw, case.standard, line))))
        for _ in range(2)
    )
    return before, after, line.id


def a_value(draw: st.DrawFn, standard: Standard, criterion: Criterion) -> Any:
    """A value that applies, or a report that says whether the event counts."""
    if isinstance(criterion.measure, Event):
        return pick(draw, ("no", "attributable" if criterion.measure.attributable else "yes"))
    return value_for(draw, standard, criterion, applies=True)


# ---------------------------------------------------------------------------------------------------------- documents


def a_title(words: str) -> Text | None:
    """The words as a title in Chinese; None where they are not words that a document takes."""
    try:
        return Text(zh=words)
    except InvalidDocument:
        return None


titles = st.one_of(st.text(min_size=1, max_size=12), st.text(alphabet="楼道 \"'\\#=[]{}\n\t%", min_size=1)).map(a_title)
"""Titles of any characters, those included that TOML has to escape."""


@st.composite
def documents(draw: st.DrawFn) -> Standard:
    """A standard with everything beside the scoring that a document can say."""
    standard = draw(standards())
    title: Any = draw(titles.filter(lambda one: one is not None))
    first = draw(up_to(1000))
    effective = pick(draw, (Period(), Period(DAYS[-1], DAYS[0]), Period(DAYS[-1] + timedelta(days=first), None)))
    source = Source(
        document="县发〔2031〕5号", clause="四(一)", id="x5", provenance=pick(draw, ("published", "reference"))
    )
    some_line = attrs.evolve(
        lines_of(standard.sections[0])[0], method="on-site", source=source,
        responsible=Responsible(lead="property-manager", support=["street-office", "police"], via="portal"),
    )  # fmt: skip
    section = attrs.evolve(
        standard.sections[0], title=title, source=[source, source], responsible=Responsible(evaluator="housing"),
        children=[some_line, *standard.sections[0].children[1:]],
    )  # fmt: skip
    bodies = [
        Body(id="housing", title=title, aliases=("住建局",), posts=["head", Post(id="deputy", title=title)]),
        Body(id="property-manager", title=title, attribute="operator", part_of="housing", source=source),
        Body(id="street-office", title=title), Body(id="police", title=title), Body(id="portal", title=title),
    ]  # fmt: skip
    if chance(draw, 2):
        routes = [
            Responsible(lead="police", when=Condition(attribute="place", equals="road")),
            Responsible(via="portal"),
        ]
        section = attrs.evolve(section, responsible=routes, fixed=True)
    grades = [
        attrs.evolve(one, title=title, printed=Printed(first=70, last="84.5"), source=source) for one in standard.grades
    ]
    return attrs.evolve(
        standard, title=Text(zh="示例", en=str(title)), kinds=("residential", "campus"), effective=effective,
        grades=grades,
        locality=pick(draw, (None, "320724", "320000", "GB-LND")), sections=[section, *standard.sections[1:]],
        source=[Source(document="drawn"), source], issued=Issuance(by="县政府", on="2031-01-01", interpreter="住建局"),
        readings=[Reading(text=title, at="c1", source=source)] * draw(up_to(1)),
        table=Table(blank=Blank(not_applicable="left blank")) if chance(draw, 2) else Table(),
        bodies=bodies if chance(draw, 2) else (),
        references=[Reference(id="r", title=title, level="city", state="missing")] * draw(up_to(1)),
        honours=[Honour(id="h", title=title, level="county", seats=3, stage="held")] * draw(up_to(1)),
        sets=[NamedSet(id="s", title=title, declared=2, members=("一", "二"), carried={"一": "s1"})] * draw(up_to(1)),
    )  # fmt: skip

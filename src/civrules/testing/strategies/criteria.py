"""Criteria and sections."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules import Condition, Criterion, Section
from civrules.measures import Check, Checklist, Findings, Frequency, Linear, Marks, Shortfall, Tiers
from civrules.model.figures import Count
from civrules.model.given import givens
from civrules.model.standard import Passing
from civrules.testing.strategies.drawing import chance, pick, title_of, up_to
from civrules.testing.strategies.measures import (
    a_check,
    a_checklist,
    a_frequency,
    a_line,
    a_shortfall,
    an_event,
    some_findings,
    some_levels,
    some_marks,
    some_tiers,
    with_change,
    with_given,
    yes_or_no,
)

POINTS = tuple(map(Decimal, ("10", "5", "2", "20", "1", "3", "30", "0.5", "1.5", "2.25", "0.3")))


@attrs.define
class Sheet:
    """What one draw of a standard has decided for all its lines."""

    demerits: bool
    exact: bool
    """No quotient may arise, so that nothing need be rounded."""
    missing: Any
    refuses: bool
    plain: bool
    """One look says all of a line: nothing is pooled, given, read against the past or counted in windows."""
    looks: bool = False
    """Several looks may say a line; nothing rests on the community, the past or what is given."""
    lines: int = 0


ATTRIBUTES: tuple[dict[str, Any], ...] = (
    {"attribute": "size", "at_least": 100},
    {"attribute": "size", "more_than": 50, "less_than": 200},
    {"attribute": "heated", "equals": True},
    {"attribute": "use", "equals": "mixed"},
    {"attribute": "credentials", "has": "iso"},
    {"attribute": "use", "has": "mixed"},
    {"attribute": "size", "equals": 100},
)


def a_criterion(draw: st.DrawFn, sheet: Sheet, above: Any, *, open_ended: bool, weighted: bool) -> Criterion:
    """One line, of any measure; `above` is what its sections say of missing values."""
    sheet.lines += 1
    name = f"c{sheet.lines}"
    tags: frozenset[str] = pick(draw, (frozenset(), frozenset({"key"}), frozenset({"key", "fire"})))
    own = ("worst", "hold", "refuse" if sheet.refuses else None, "rescale" if not sheet.exact else None)
    missing: Any = pick(draw, (None, None, None, None, *own))
    kinds = ("check", "levels", "tiers", "marks", "findings", "event", "checklist", "shortfall", "frequency")
    kind = pick(draw, (*kinds, *(() if sheet.exact else ("linear", "linear"))))
    if kind == "frequency" and (sheet.plain or sheet.looks or (sheet.exact and not sheet.demerits)):
        kind = "check"
    if kind == "event":
        return Criterion(id=name, title=title_of(name), measure=an_event(draw), tags=tags, missing=missing)
    applicable: Any = pick(draw, (None, None, None, "refuse", "rescale", "full"))
    more: dict[str, Any] = {"tags": tags, "missing": missing, "not_applicable": applicable}
    if sheet.exact and not sheet.demerits:
        more["not_applicable"] = None
    if kind == "findings" and open_ended:
        bounded = (missing or above or sheet.missing) == "worst"
        measure: Any = some_findings(draw, exact=sheet.exact, bounded=bounded, points=False)
        return Criterion(id=name, title=title_of(name), measure=measure, **more)
    most, least = pick(draw, POINTS), Decimal(0)
    if not sheet.demerits and chance(draw, 4):
        most, least = pick(
            draw, ((most, -most), (most, most / 2), (Decimal(0), Decimal(-5)), (Decimal(0), Decimal(-2)))
        )
    if kind == "findings" and not sheet.demerits and chance(draw, 6):
        most = least = Decimal(0)
    if most == 0 and kind not in ("findings", "marks", "levels", "tiers"):
        kind = "levels"
    more["measure"] = a_measure(draw, kind, most, least, exact=sheet.exact)
    line = Criterion(id=name, title=title_of(name), points=most, least=least, **more)
    line = _with_strength(draw, sheet, _with_range(draw, line))
    if not sheet.plain and line.points is not None:
        line = _with_looks(draw, line) if sheet.looks else _with_more(draw, sheet, line)
    weight = pick(draw, (Decimal(1), Decimal(3), Decimal("0.5"))) if weighted and line.scored else None
    return attrs.evolve(line, weight=weight)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    """One line with a measure of any kind, fit for a standard that names the decimals of every step."""
    return a_criterion(draw, _a_sheet(), None, open_ended=False, weighted=False)


@st.composite
def sections(draw: st.DrawFn) -> Section:
    """One to three such lines, or two sections of them, combined in any way."""
    return a_section(draw, _a_sheet(), "s1")


def _a_sheet() -> Sheet:
    return Sheet(demerits=False, exact=False, missing="worst", refuses=False, plain=False)


KINDS = (
    "check", "levels", "tiers", "marks", "findings", "checklist", "shortfall", "linear", "frequency", "event",
)  # fmt: skip


@st.composite
def measures(draw: st.DrawFn, kind: str | None = None) -> Any:
    """A built-in measure of the kind, or of any, for a line of ten points."""
    chosen = pick(draw, KINDS) if kind is None else kind
    return an_event(draw) if chosen == "event" else a_measure(draw, chosen, Decimal(10), Decimal(0), exact=False)


def a_measure(draw: st.DrawFn, kind: str, most: Decimal, least: Decimal, *, exact: bool) -> Any:
    """A measure of the kind."""
    match kind:
        case "findings":
            return some_findings(draw, exact=exact, bounded=False, points=True)
        case "checklist":
            return a_checklist(draw, most, least, exact=exact)
        case "shortfall":
            return a_shortfall(draw, exact=exact)
        case "frequency":
            return a_frequency(draw, exact=exact)
    makers = {"check": a_check, "levels": some_levels, "tiers": some_tiers, "linear": a_line, "marks": some_marks}
    return makers[kind](draw, most, least)


def _with_range(draw: st.DrawFn, line: Criterion) -> Criterion:
    figures = isinstance(line.measure, Check | Tiers | Linear | Shortfall) and not yes_or_no(line.measure)
    decimals = pick(draw, (4, 4, 2, 3)) if not isinstance(line.measure, Marks) else 4
    return attrs.evolve(line, decimals=decimals, range=(0, 120) if figures and chance(draw, 4) else None)


def _with_strength(draw: st.DrawFn, sheet: Sheet, line: Criterion) -> Criterion:
    """A line that is advice or only shown, now and then; as advice perhaps a check without points."""
    if not chance(draw, 8):
        return line
    bare = chance(draw, 3) and not isinstance(line.measure, Findings) and line.least == 0
    strength: Any = "informative" if chance(draw, 3) else "should"
    if not bare or strength == "informative" or sheet.looks:
        return attrs.evolve(line, strength=strength)
    return attrs.evolve(line, strength=strength, points=None, measure=a_check(draw, Decimal(1), Decimal(0)))


def _with_more(draw: st.DrawFn, sheet: Sheet, line: Criterion) -> Criterion:
    """When it applies, how long a look holds; then one of pooling, places, given numbers, change."""
    if chance(draw, 8) and (not sheet.exact or sheet.demerits):
        line = attrs.evolve(line, applies_when=Condition.of(pick(draw, ATTRIBUTES)))
    if chance(draw, 8) and not isinstance(line.measure, Frequency):
        line = attrs.evolve(line, valid_for=pick(draw, ("6 months", "1 year", "10 days", "2 months")))
    # What several looks or places can reach of which different items do not apply is not said.
    if isinstance(line.measure, Checklist) and line.measure.weighted:
        return line
    match draw(up_to(9)):
        case 5:
            return _pooled(draw, sheet, line)
        case 6 | 7:
            return _per_unit(draw, sheet, line)
        case 8 if line.points:
            return _with_given(draw, line)
        case 9:
            return _changing(draw, sheet, line)
        case _:
            return line


def _with_looks(draw: st.DrawFn, line: Criterion) -> Criterion:
    """How long a look holds; then how several looks count."""
    if chance(draw, 6):
        line = attrs.evolve(line, valid_for=pick(draw, ("6 months", "1 year", "10 days", "2 months")))
    if isinstance(line.measure, Checklist) and line.measure.weighted:
        return line
    if can_add(line) and chance(draw, 3):
        span = line.range if isinstance(line.measure, Findings) else (0, 120)
        sample = Count(5) if chance(draw, 3) and not isinstance(line.measure, Findings) else None
        return attrs.evolve(line, pool="sum", range=span, sample=sample)
    return line


def _pooled(draw: st.DrawFn, sheet: Sheet, line: Criterion) -> Criterion:
    if isinstance(line.measure, Frequency):
        return line
    ways = ["latest", "worst", "best"] + ([] if sheet.exact else ["mean"]) + (["sum"] if can_add(line) else [])
    assessors: Any = pick(draw, (None, "worst", "best", "best" if sheet.exact else "mean"))
    pool: Any = pick(draw, ways)
    sample = Count(5) if chance(draw, 4) and not isinstance(line.measure, Findings | Checklist) else None
    return attrs.evolve(line, pool=pool, assessors=assessors, sample=sample)


def can_add(line: Criterion) -> bool:
    """Whether what several looks saw can be added."""
    if isinstance(line.measure, Findings):
        return all(
            one.counted and not one.attributable and not isinstance(one.each, tuple) for one in line.measure.items
        )
    return isinstance(line.measure, Check | Tiers | Linear | Shortfall) and not yes_or_no(line.measure)


def best_is_most(measure: Any) -> bool:
    """Whether the best that the measure gives is P."""
    if isinstance(measure, Marks):
        return measure.choices is None and measure.bands is None
    return isinstance(measure, Check | Checklist | Findings | Shortfall | Frequency)


def _per_unit(draw: st.DrawFn, sheet: Sheet, line: Criterion) -> Criterion:
    ways: list[Any] = [None, "worst", "best"]
    if not sheet.exact:
        ways += ["mean", "sum"]
    if best_is_most(line.measure) and line.strength == "must":
        ways += [Passing(at_least="60%"), Passing(at_least="90%")]
    places = pick(draw, ways)
    assessors: Any = pick(draw, (None, None, "worst", "best" if sheet.exact else "mean"))
    if isinstance(line.measure, Frequency):
        assessors = None
    applicable: Any = line.not_applicable if line.not_applicable != "full" else "refuse"
    sample = Count(2) if chance(draw, 4) else None
    return attrs.evolve(
        line, per_unit="building", places=places, assessors=assessors, sample=sample,
        not_applicable="refuse" if sample is not None and line.not_applicable != "rescale" else applicable,
    )  # fmt: skip


def _with_given(draw: st.DrawFn, line: Criterion) -> Criterion:
    return attrs.evolve(line, measure=with_given(draw, line.measure))


def _changing(draw: st.DrawFn, sheet: Sheet, line: Criterion) -> Criterion:
    return attrs.evolve(line, measure=with_change(draw, line.measure, always=sheet.exact and not sheet.demerits))


def is_given(criterion: Criterion) -> bool:
    """Whether a number of it is given."""
    return next(givens(criterion.measure), None) is not None


def changes(criterion: Criterion) -> bool:
    """Whether it reads a change."""
    return bool(getattr(criterion.measure, "change", False))


def a_section(
    draw: st.DrawFn, sheet: Sheet, name: str, above: Any = None, *, nests: bool = True, weighted: bool = False
) -> Section:
    """One to three lines, or two sections, combined in any way and often brought to another number of points."""
    missing: Any = pick(draw, (None, None, None, "worst", "hold"))
    more = ("worst",) + (() if sheet.exact else ("mean", "weighted"))
    combine: Any = pick(draw, ("sum", "sum", "sum", "sum", *more))
    open_ended = sheet.demerits and combine == "sum" and nests and chance(draw, 3)
    inner, inside = combine == "weighted", missing or above
    if nests and not open_ended and chance(draw, 5):
        children: list[Any] = [
            a_section(draw, sheet, f"{name}-{number}", inside, nests=False, weighted=inner) for number in (1, 2)
        ]
    else:
        count = 1 + draw(up_to(2))
        children = [a_criterion(draw, sheet, inside, open_ended=open_ended, weighted=inner) for _ in range(count)]
    section = Section(
        id=name, title=title_of(name), children=children, combine=combine, missing=missing,
        weight=pick(draw, (Decimal(1), Decimal(2))) if weighted else None,
    )  # fmt: skip
    return _brought(draw, sheet, section)


def _brought(draw: st.DrawFn, sheet: Sheet, section: Section) -> Section:
    """With `scale_to`, cap and floor."""
    full = section.combined(demerits=sheet.demerits)
    if section.combine != "sum" and full is None:
        section = attrs.evolve(section, combine="sum")
    if full and chance(draw, 2) and not any(line.places == "sum" for line in lines_of(section)):
        targets = tuple(map(Decimal, ("10", "20", "7", "33.5", "100")))
        scale_to = decimal_of(full) * 2 if sheet.exact else pick(draw, targets)
        section = attrs.evolve(section, scale_to=scale_to)
    whole = section.full(demerits=sheet.demerits)
    if whole and chance(draw, 6):
        section = attrs.evolve(section, cap=pick(draw, (decimal_of(whole / 2), Decimal(4))))
    if chance(draw, 8):
        section = attrs.evolve(section, floor=min(pick(draw, (Decimal(0), Decimal(1), Decimal(-2))), section.cap or 1))
    return section


def an_adjustment(draw: st.DrawFn, sheet: Sheet, name: str) -> Section:
    """Additions and deductions."""
    children: list[Any] = []
    for _ in range(1 + draw(up_to(1))):
        sheet.lines += 1
        line = f"c{sheet.lines}"
        most, least = pick(draw, ((Decimal(3), Decimal(-3)), (Decimal(2), Decimal(0)), (Decimal(0), Decimal(-5))))
        if sheet.demerits:
            most, least = Decimal(2), Decimal(0)
        measure: Any = Check() if most and chance(draw, 3) else some_marks(draw, most, least)
        missing: Any = pick(draw, (None, None, None, "worst"))
        children.append(
            Criterion(id=line, title=title_of(line), points=most, least=least, measure=measure, missing=missing)
        )
    if chance(draw, 4):
        inner = Section(id=f"{name}-1", title=title_of(name), children=children, cap=pick(draw, (None, Decimal(1))))
        children = [inner]
    cap = pick(draw, (None, Decimal(2)))
    return Section(id=name, title=title_of(name), children=children, role="adjustment", cap=cap)


def decimal_of(number: Fraction) -> Decimal:
    """A number to four decimals, as a figure."""
    return Decimal(round(number * 10000)).scaleb(-4)


def lines_of(section: Section) -> list[Criterion]:
    """Every criterion of the section and below it."""
    return [one for inner in section.walk() for one in inner.criteria]


def paths_of(sections: Sequence[Section]) -> Iterator[tuple[tuple[Section, ...], Criterion]]:
    """Every criterion with the sections that lead to it."""
    for section in sections:
        yield from (((section,), one) for one in section.criteria)
        yield from (((section, *path), one) for path, one in paths_of(section.sections))


def open_line(criterion: Criterion) -> bool:
    """Whether the line has no most."""
    return criterion.scored and criterion.points is None

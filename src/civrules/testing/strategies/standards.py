"""Whole standards: rounding, grades, gates and policies around the sections."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules import Gate, Grade, Rounding, Section, Source, Standard
from civrules.model.document import Parameter
from civrules.model.given import ParameterOf, givens
from civrules.testing.strategies.conditions import ANY, BAD, GOOD, Words, a_condition
from civrules.testing.strategies.criteria import Sheet, a_section, an_adjustment, decimal_of, lines_of, open_line
from civrules.testing.strategies.drawing import chance, pick, some, title_of, up_to


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


SHARES = tuple(map(Decimal, ("0.95", "0.9", "0.845", "0.7", "0.5", "0.1")))


def some_grades(draw: st.DrawFn, words: Words, sense: int) -> list[Grade]:
    """No grades, or two to four bands, the best first; sometimes one that comes from gates alone."""
    count = pick(draw, (3, 2, 4, 0))
    if not count:
        return []
    ends = [words.full * share for share in some(draw, SHARES, count - 1, count - 1)]
    if words.demerits:
        ends.reverse()
    grades = []
    for name, end in zip("ABCD", ends, strict=False):
        requires = a_condition(draw, words, GOOD if sense == BAD else ANY) if chance(draw, 3) else None
        ended: Any = {"at_most" if words.demerits else "at_least": end}
        grades.append(Grade(id=name, requires=requires, **ended))
    grades.append(Grade(id="ABCD"[count - 1]))
    return [*grades, Grade(id="X", gate_only=True)] if chance(draw, 4) else grades


@attrs.frozen
class Ends:
    """Between what a gate may set the score."""

    low: Decimal
    high: Decimal


def some_gates(draw: st.DrawFn, words: Words, grades: Sequence[Grade], sense: int, ends: Ends) -> list[Gate]:
    """None to three gates of any effect."""
    effects = ["grade_at_most", "grade_at_most", "grade"] if grades else []
    effects += ["score", "ineligible"]
    effects += ["zero"] if sense == ANY else []
    gates = []
    for number in range(draw(up_to(3))):
        effect = pick(draw, effects)
        when = a_condition(draw, words, sense, seen=effect == "zero")
        then = {effect: _aim(draw, words, grades, sense, effect, ends)}
        gates.append(Gate(id=f"g{number + 1}", title=title_of(f"g{number + 1}"), when=when, then=then))
    return gates


def _aim(draw: st.DrawFn, words: Words, grades: Sequence[Grade], sense: int, effect: str, ends: Ends) -> Any:
    """What the gate aims at; where it may only make things worse, the worst there is."""
    ids = [grade.id for grade in grades]
    match effect:
        case "zero":
            return pick(draw, [*(one.id for one in words.sections), *(one.id for one in words.with_points)])
        case "score":
            worst = ends.high if words.demerits else ends.low
            return worst if sense == BAD else pick(draw, (ends.low, ends.high))
        case "ineligible":
            return True
        case "grade" if sense == BAD:
            return ids[-1]
    return pick(draw, ids)


def _base(draw: st.DrawFn, sheet: Sheet) -> list[Section]:
    """One to three sections of the base."""
    return [a_section(draw, sheet, f"s{number + 1}") for number in range(1 + draw(up_to(2)))]


def _stays(section: Section) -> Section:
    """The section with nothing said of what does not apply, and all of it applying."""
    return attrs.evolve(
        section, children=[
            _stays(one) if isinstance(one, Section) else attrs.evolve(one, not_applicable=None, applies_when=None)
            for one in section.children
        ],
    )  # fmt: skip


def _parameters(sections: Sequence[Section]) -> list[Parameter]:
    """The parameters that the lines name: one that is left to the host, one with a default."""
    named = {given.parameter for one in sections for given in givens(one) if isinstance(given, ParameterOf)}
    both = (
        Parameter(id="free", title=title_of("free"), between=(1, 70)),
        Parameter(id="usual", title=title_of("usual"), between=(1, 70), default=5),
    )
    return [one for one in both if one.id in named]


@st.composite
def standards(
    draw: st.DrawFn, *, monotone: bool = False, gaps: bool = False, plain: bool = False, looks: bool = False
) -> Standard:
    """A sound standard; with `monotone` its gates and requirements can only help as things improve.

    With `plain` one look says all of a line, with `looks` looks do. With `gaps` a missing value is never refused.
    """
    demerits = chance(draw, 3)
    exact = chance(draw, 4)
    missing: Any = pick(
        draw, ("worst", "worst", "worst", "hold", "worst" if gaps else "refuse", "worst" if exact else "rescale")
    )
    sheet = Sheet(demerits, exact=exact, missing=missing, refuses=not gaps, plain=plain, looks=looks)
    sections = _base(draw, sheet)
    without_most = any(open_line(one) for section in sections for one in lines_of(section))
    full = _full_of(sections, demerits=demerits)
    policies: tuple[Any, ...] = (
        ("refuse", "full") if exact and not demerits else ("rescale", "rescale", "refuse", "full")
    )
    not_applicable: Any = pick(draw, policies) if not (exact and not demerits) else "refuse"
    closed = bool(full) and full is not None and not without_most
    scale = closed and not exact and chance(draw, 3)
    if scale and demerits:
        not_applicable = "refuse"
        sections = [_stays(section) for section in sections]
    total = _total(draw, full, closed=closed, scale=scale)
    if without_most and chance(draw, 3):
        total = Decimal(20)
    ends = Ends(Decimal(0), total or (decimal_of(full) if full else Decimal(10)))
    more: dict[str, Any] = {}
    if chance(draw, 4):
        sections.append(an_adjustment(draw, sheet, "extra"))
        more["cap"] = ends.high + pick(draw, (Decimal(0), Decimal(2)))
    elif chance(draw, 8):
        more["cap"] = ends.high * pick(draw, (Decimal(1), Decimal("0.5")))
    if chance(draw, 8):
        more["floor"] = min(pick(draw, (Decimal(-3), Decimal("0.5"))), more.get("cap", ends.high))
    low = more.get("floor", Decimal(0))
    ends = Ends(low, max(low, min(ends.high, more.get("cap", ends.high))))
    words = Words(tuple(sections), total or (decimal_of(full) if full else None) or Decimal(10), demerits)
    sense = BAD if monotone else ANY
    grades = some_grades(draw, words, sense)
    some_coverage: tuple[Any, ...] = ("50%", Decimal("0.9"))
    least = pick(draw, some_coverage) if chance(draw, 6) else None
    drawn = Standard(
        id="example/drawn",
        version="1",
        title=title_of("drawn"),
        kinds=("residential",),
        source=Source(document="drawn"),
        direction="demerits" if demerits else "merits",
        total=total,
        scale=scale,
        rounding=a_rounding(draw, sheet),
        missing=missing,
        not_applicable=not_applicable,
        rescale="section" if chance(draw, 4) and not exact else "total",
        coverage=least,
        parameters=_parameters(sections),
        sections=sections,
        grades=grades,
        gates=some_gates(draw, words, grades, sense, ends),
        **more,
    )
    free = any(one.id == "free" for one in drawn.parameters)
    return drawn.bind({"free": pick(draw, (5, 60))}) if free and chance(draw, 2) else drawn


def _full_of(sections: Sequence[Section], *, demerits: bool) -> Fraction | None:
    """What the sections give together; None where a line has no most."""
    parts = [section.full(demerits=demerits) for section in sections]
    return None if None in parts else sum((one for one in parts if one is not None), start=Fraction(0))


def _total(draw: st.DrawFn, full: Fraction | None, *, closed: bool, scale: bool) -> Decimal | None:
    if scale:
        return Decimal(100)
    if closed and full is not None and Fraction(decimal_of(full)) == full and chance(draw, 3):
        return decimal_of(full)
    return None

"""Whole calls: a standard, a community, what was seen of it now and before, who is excused, and the days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import attrs
from hypothesis import strategies as st

from civrules import (
    Community,
    Criterion,
    Evaluation,
    InvalidInput,
    NotApplicable,
    Observation,
    Period,
    Ratio,
    Standard,
    Waiver,
    dump,
    evaluate,
)
from civrules.measures import Event, Findings, Frequency
from civrules.model.given import Dated, givens
from civrules.testing.strategies import criteria
from civrules.testing.strategies.conditions import conditions_of
from civrules.testing.strategies.drawing import chance, pick, up_to
from civrules.testing.strategies.standards import standards
from civrules.testing.strategies.values import RESPONSIBLE, may_not_apply, report_values, value_for

Call: TypeAlias = tuple[
    Standard,
    Community,
    tuple[Observation, ...],
    date | None,
    Period | None,
    tuple[Waiver, ...],
    Evaluation | None,
]
"""The arguments of an evaluation, in their order."""

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
        (2031, 6, 30),
        (2031, 10, 31),
        (2031, 1, 31),
    )
)


@attrs.frozen(kw_only=True, repr=False, slots=False)
class Case:
    """One call: a standard, a community, what was seen of it, and the days."""

    standard: Standard
    community: Community
    observations: tuple[Observation, ...]
    on: date | None = None
    period: Period | None = None
    waivers: tuple[Waiver, ...] = ()
    earlier: tuple[Observation, ...] | None = None
    """What was seen the period before; None where that was never evaluated."""

    @cached_property
    def previous(self) -> Evaluation | None:
        """The evaluation of what was seen before; None where there is none."""
        if self.earlier is None:
            return None
        try:
            return evaluate(self.standard, self.community, self.earlier, on=self.on, period=self.period)
        except InvalidInput:
            return None

    def evaluated(self) -> Evaluation:
        """What the engine makes of it."""
        return evaluate(
            self.standard, self.community, self.observations, on=self.on, period=self.period, waivers=self.waivers,
            previous=self.previous,
        )  # fmt: skip

    @property
    def call(self) -> Call:
        """The arguments of the call, in their order."""
        days = (self.on, self.period)
        return (self.standard, self.community, self.observations, *days, self.waivers, self.previous)

    def __repr__(self) -> str:
        seen = "\n".join(f"  {_said(one)}" for one in self.observations)
        before = "" if self.earlier is None else "\nbefore:\n" + "\n".join(f"  {_said(one)}" for one in self.earlier)
        excused = "".join(f"\n{one}" for one in self.waivers)
        days = f"on={self.on} period={self.period}"
        return f"\n{dump(self.standard)}\n{self.community}\n{days}{excused}\nseen:\n{seen}{before}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def _said(look: Observation) -> str:
    words = ("at", "place", "by", "attributable", "id")
    more = ((key, getattr(look, key)) for key in words)
    return f"{look.criterion} = {look.value!r}" + "".join(f" {key}={value}" for key, value in more if value is not None)


def days_before(last: date) -> list[date]:
    """Days on and beside the ends of the windows that look back from the day, and some others."""
    return [last, *DAYS, last + timedelta(days=1), last - timedelta(days=10), last - timedelta(days=11)]


FACTS: Mapping[str, tuple[Any, ...]] = {
    "size": (None, 100, 50, 200, 60),
    "heated": (None, True, False),
    "use": (None, "mixed", "dwelling"),
    "credentials": (None, (), ("iso",)),
}
BUILDINGS = ("1", "2", "3")


def a_community(draw: st.DrawFn) -> Community:
    """A community with a few attributes, or none, and two or three buildings."""
    known = {name: pick(draw, pool) for name, pool in FACTS.items()} if chance(draw, 2) else {}
    attributes = {name: fact for name, fact in known.items() if fact is not None}
    places = {"building": BUILDINGS[: 2 + draw(up_to(1))]}
    return Community("compound-7", kind="residential", attributes=attributes, places=places)


@st.composite
def communities(draw: st.DrawFn) -> Community:
    """A community with a few attributes, or none, and two or three buildings."""
    return a_community(draw)


def compared(standard: Standard) -> set[str]:
    """The lines whose values a condition asks for; which of two equal looks of one day it sees is not said."""
    return {part.value.partition(":")[0] for part in conditions_of(standard) if part.value is not None}


def needs_day(standard: Standard) -> bool:
    """Whether something is read on the day of judgement."""
    if any(part.within or part.during for part in conditions_of(standard)):
        return True
    return any(
        line.valid_for is not None or any(isinstance(one, Dated) for one in givens(line))
        for line in standard.criteria.values()
    )


def stated(standard: Standard, criterion: Criterion) -> str:
    """How a missing value of the criterion stands."""
    path = next(path for path, one in criteria.paths_of(standard.sections) if one is criterion)
    own = [criterion.missing, *(section.missing for section in reversed(path))]
    return next((one for one in own if one is not None), standard.when_missing)


def looks_at(draw: st.DrawFn, case: Case, criterion: Criterion, *, whole: bool, gaps: bool) -> list[Observation]:
    """What was seen for one line: nothing, one look, or several on different days or on one, by some, at places."""
    if isinstance(criterion.measure, Event):
        whole = whole or stated(case.standard, criterion) == "refuse"
        return event_looks(draw, case, criterion, criterion.measure, whole=whole)
    if criterion.per_unit is not None:
        found = []
        for building in case.community.places["building"]:
            looks = _looks_here(draw, case, criterion, whole=whole, gaps=gaps)
            found += [attrs.evolve(look, place=building) for look in looks]
        return found
    return _looks_here(draw, case, criterion, whole=whole, gaps=gaps)


def _looks_here(draw: st.DrawFn, case: Case, criterion: Criterion, *, whole: bool, gaps: bool) -> list[Observation]:
    standard, period = case.standard, case.period
    rule = stated(standard, criterion)
    certain = whole or criteria.changes(criterion)
    if not certain and chance(draw, 12 if rule == "refuse" else 2 if gaps else 5):
        return []
    refuses = not may_not_apply(standard, criterion) and not isinstance(criterion.measure, Frequency)
    if not whole and not gaps and refuses and chance(draw, 30):
        return [Observation(criterion.id, NotApplicable("it is refused"))]
    pooled = criterion.pool != "latest" or criterion.assessors is not None
    count = pick(draw, (2, 1, 3) if pooled else (1, 1, 1, 1, 2, 3))
    usable = certain or rule == "refuse"
    values = [value_for(draw, standard, criterion, period, usable=usable) for _ in range(count)]
    by = [pick(draw, ("office", "street", None)) if criterion.assessors is not None else None for _ in values]
    undated = count == 1 and criterion.valid_for is None and not chance(draw, 4)
    if isinstance(criterion.measure, Frequency) or undated:
        return [Observation(criterion.id, value, by=who) for value, who in zip(values, by, strict=True)]
    days = _days_of(draw, case, values, usable=usable and criterion.valid_for is None)
    if usable and criterion.valid_for is not None:
        days = [None if period is not None else case.on for _ in values]
    told = any(isinstance(value, NotApplicable | Ratio | dict) for value in values)
    # Of two looks of one day that count alike it is not said which one is seen, nor which one is kept for next time.
    told = told and (not pooled or isinstance(criterion.measure, Findings))
    if told or criterion.id in compared(standard) or criteria.changes(criterion):
        days, values = _one_a_day(days, values, period)
    return [Observation(criterion.id, value, at=day, by=who) for value, day, who in zip(values, days, by, strict=False)]


def _days_of(draw: st.DrawFn, case: Case, values: Sequence[Any], *, usable: bool) -> list[date | None]:
    period = case.period
    pool = [None, *days_before(period.last)] if period is not None and period.last else list(DAYS)
    days: list[date | None] = [pick(draw, pool) for _ in values]
    if usable:
        days[0] = None if period is not None else days[0]
    return days


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


def a_report(draw: st.DrawFn, name: str, value: Any, at: date | None, *, whole: bool) -> Observation:
    """One report; with `whole` it says who was responsible."""
    if value in RESPONSIBLE:
        return Observation(name, value, at=at)
    return Observation(name, value, at=at, attributable=pick(draw, (True, False) if whole else (True, False, None)))


def some_waivers(draw: st.DrawFn, standard: Standard) -> list[Waiver]:
    """One or two lines excused, in time or not, here or at one place; or a line that is not there."""
    names = [one.id for one in standard.criteria.values() if not isinstance(one.measure, Event)]
    found = []
    for name in dict.fromkeys(pick(draw, [*names, "other"]) for _ in range(1 + draw(up_to(1)))):
        line = standard.criteria.get(name)
        place = pick(draw, ("2", None, "4")) if line is not None and (line.per_unit or chance(draw, 8)) else None
        valid = pick(draw, (Period.year(2031), Period(), Period.year(2030), Period.month(2031, 3)))
        found.append(Waiver(criterion=name, reason="being replaced", approver="housing", valid=valid, place=place))
    return found


@st.composite
def cases(
    draw: st.DrawFn, *, whole: bool = False, gaps: bool = False, monotone: bool = False, plain: bool = False
) -> Case:
    """A standard and what was seen of one community; with `whole` nothing is missing, with `gaps` much is.

    With `plain` one look says all of a line.
    """
    standard = draw(standards(monotone=monotone, gaps=gaps, plain=plain))
    return draw(cases_of(standard, whole=whole, gaps=gaps))


@st.composite
def cases_of(draw: st.DrawFn, standard: Standard, *, whole: bool = False, gaps: bool = False) -> Case:
    """What was seen of one community, for this standard."""
    windowed = any(isinstance(one.measure, Frequency) for one in standard.criteria.values())
    period = pick(draw, (QUARTER, *PERIODS, QUARTER if windowed else None))
    on = None
    if period is not None and period.last and chance(draw, 3):
        on = period.last + timedelta(days=pick(draw, (0, 0, 30, -10)))
    if period is None and (needs_day(standard) or chance(draw, 2)):
        on = DAYS[0]
    waivers = some_waivers(draw, standard) if (on or period) and chance(draw, 4) else []
    case = Case(
        standard=standard, community=a_community(draw), observations=(), on=on, period=period, waivers=tuple(waivers)
    )
    looks = [look for line in standard.criteria.values() for look in looks_at(draw, case, line, whole=whole, gaps=gaps)]
    earlier = None
    if any(criteria.changes(line) for line in standard.criteria.values()) and not chance(draw, 4):
        earlier = tuple(
            look for line in standard.criteria.values() for look in looks_at(draw, case, line, whole=True, gaps=False)
        )
    return attrs.evolve(case, observations=tuple(looks), earlier=earlier)


@st.composite
def changes(draw: st.DrawFn, *, monotone: bool = False) -> tuple[Case, Case, str]:
    """A case twice, with two values that apply for one and the same criterion, and the criterion's id."""
    case = draw(cases(whole=chance(draw, 2), gaps=True, monotone=monotone))
    line = pick(draw, list(case.standard.criteria.values()))
    others = tuple(look for look in case.observations if look.criterion != line.id)
    case = attrs.evolve(case, waivers=())
    before, after = (attrs.evolve(case, observations=(*others, *_seen(draw, case, line))) for _ in range(2))
    return before, after, line.id


def _seen(draw: st.DrawFn, case: Case, line: Criterion) -> list[Observation]:
    """One value that applies, at every place, or a report that says whether the event counts."""
    if isinstance(line.measure, Event):
        return [Observation(line.id, pick(draw, ("no", "attributable" if line.measure.attributable else "yes")))]
    places = case.community.places["building"] if line.per_unit is not None else (None,)
    value = value_for(draw, case.standard, line, case.period, applies=True)
    return [Observation(line.id, value, place=place) for place in places]

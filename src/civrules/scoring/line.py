"""CompiledLine: what one criterion becomes once everything that can be decided before facts is decided."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.figures import NotApplicable, decimals_of, round_quotient
from civrules.model.measures import Event
from civrules.model.measures.measure import Open
from civrules.model.observation import Observation
from civrules.model.standard import Criterion, Missing, Section, Standard

Points = int | Fraction
"""Points in the program's unit: whole, or an exact fraction that a later step rounds."""

Result = Literal["pass", "partial", "fail", "not-applicable", "not-checked", "informational"]
State = Literal["seen", "not-applicable", "missing", "unrecorded"]
_TURNED: dict[str, Result] = {"pass": "fail", "fail": "pass", "partial": "partial"}
_MOST_REMEMBERED = 4096


@attrs.define
class Cell:
    """What is known of one criterion of one community."""

    state: State
    read: Any = None
    """What conditions see: the value read, the worst one where something missing stands as that, else None."""
    points: Points | None = None
    """None where nothing may be said: not applicable, or missing and held."""
    result: Result | None = None
    """What conditions see."""
    reason: str | None = None
    seen: tuple[Observation, ...] = ()


@attrs.frozen
class Rounder:
    """One step's rounding: to `places` decimals in a unit of 10^-`unit`; None carries the fraction on."""

    places: int | None
    unit: int
    mode: Any

    def round(self, points: Points) -> Points:
        """The points at this step's decimals."""
        if self.places is None:
            return points
        step: int = 10 ** (self.unit - self.places)
        exact = Fraction(points)
        return round_quotient(exact.numerator, exact.denominator * step, self.mode) * step


class CompiledLine:
    """One criterion with its policies, its ends and a memory of values already judged."""

    __slots__ = (
        "_remembered", "best", "counted", "criterion", "event", "full", "id", "index", "judged_best", "judged_worst",
        "least", "limits", "measure", "missing", "most", "not_applicable", "open_ended", "recorded", "required",
        "rounder", "section", "turned", "unit", "worst",
    )  # fmt: skip

    def __init__(self, standard: Standard, section: Section, criterion: Criterion, index: int, unit: int) -> None:
        self.section = section.id
        self.criterion = criterion
        self.id = criterion.id
        self.index = index
        self.unit = unit
        self.measure: Any = criterion.measure
        self.limits = criterion.limits
        self.event = isinstance(criterion.measure, Event)
        own = criterion.missing or section.missing
        self.missing: Missing = own or standard.missing
        self.not_applicable = criterion.not_applicable or standard.not_applicable
        self.most = Fraction(criterion.points or 0)
        self.full = int(self.most * 10**unit)
        self.least = Fraction(criterion.least)
        self.open_ended = criterion.points is None and not self.event
        self.turned = standard.direction == "demerits"
        step = standard.rounding.criterion if criterion.measure.quotient() else "exact"
        self.rounder = Rounder(step if isinstance(step, int) else None, unit, standard.rounding.mode)
        self.counted = not self.event or bool(getattr(criterion.measure, "must_report", False))
        # What is only recorded when it happens is missing only where the document says so.
        self.recorded = own is None and criterion.points == 0 and criterion.least < 0
        self.required = self.counted and not self.recorded
        self._remembered: dict[tuple[type, Any], tuple[Any, Points, Result]] = {}
        self._ends()

    def _ends(self) -> None:
        few, many = self.measure.ends(self.limits, self.most, self.least)
        if self.turned and not self.measure.loses:
            few, many = many, few
        self.worst, self.best = few, many
        unbounded = self.open_ended and not getattr(self.measure, "bounded", True)
        self.judged_worst: tuple[Points | None, Result] = (None, "fail") if unbounded else self.judge(few)
        self.judged_best: tuple[Points, Result] = self.judge(many)

    def judge(self, read: Any) -> tuple[Points, Result]:
        """Points in units and the result; in demerits the points are what is lost."""
        result: Result
        if self.turned and self.measure.loses:
            given, result = self.measure.judge(read, self.most, None if self.open_ended else Fraction(0))
            given = self.most - given
        else:
            given, result = self.measure.judge(read, self.most, self.least)
            if self.turned and not self.event:
                result = _TURNED[result]
        clamped = max(self.least, given if self.open_ended else min(self.most, given))
        return self.rounder.round(units(clamped, self.unit)), result

    def read(self, value: Any) -> tuple[Any, Points, Result]:
        """The value read and judged; NotApplicable or Open come back unjudged. Raises InvalidInput."""
        key = (value.__class__, value)
        # A signalling NaN has no hash; like every other it is refused below.
        remembers = value.__class__ in _REMEMBERED and (value.__class__ is not Decimal or value.is_finite())
        if remembers and key in self._remembered:
            return self._remembered[key]
        read = self.measure.read(value, self.limits)
        if isinstance(read, NotApplicable | Open):
            return read, 0, "not-applicable"
        answer = (read, *self.judge(read))
        if remembers and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[key] = answer
        return answer

    def seen(self, value: Any, observations: tuple[Observation, ...]) -> Cell:
        """The cell of a value that was seen. Raises InvalidInput."""
        if isinstance(value, NotApplicable):
            return self.does_not_apply(value, observations)
        if self.not_applicable == "refuse" and isinstance(value, Mapping):
            self._refuse_items(value)
        read, points, result = self.read(value)
        if isinstance(read, NotApplicable):
            return self.does_not_apply(read, observations)
        if isinstance(read, Open):
            return self.not_checked(read.reason, observations)
        return Cell("seen", read, points, result, None, observations)

    def does_not_apply(self, stated: NotApplicable, observations: tuple[Observation, ...]) -> Cell:
        """The cell of "does not apply". Raises InvalidInput where it is refused or has no reason."""
        if self.not_applicable == "refuse":
            raise InvalidInput(Problem("not-applicable-refused", (), f"n/a: {stated.reason}", self.id))
        if not isinstance(stated.reason, str) or not stated.reason.strip():
            raise InvalidInput(Problem("no-reason", (), stated.reason))
        return Cell("not-applicable", None, None, "not-applicable", stated.reason, observations)

    def _refuse_items(self, value: Mapping[str, Any]) -> None:
        """Raise InvalidInput where an item is said not to apply."""
        stated = [(item, one) for item, one in value.items() if isinstance(one, NotApplicable)]
        if stated:
            problems = (
                Problem("not-applicable-refused", (), f"n/a: {one.reason}", f"{self.id}:{item}") for item, one in stated
            )
            raise InvalidInput(problems)

    def not_checked(self, reason: str, observations: tuple[Observation, ...] = ()) -> Cell:
        """The cell of a value that is missing, as the policy has it stand."""
        if self.event and not self.required and reason == "no-observation":
            return Cell("unrecorded", "no", 0, "pass", reason, observations)
        if self.recorded:
            return Cell("unrecorded", None, 0, "not-checked", reason, observations)
        if self.missing == "worst":
            points, result = self.judged_worst
            return Cell("missing", self.worst, points, result, reason, observations)
        return Cell("missing", None, None, None, reason, observations)

    def completed(self, *, favourable: bool) -> Cell:
        """The cell of a missing value at the most or the least favourable that the measure allows."""
        points, result = self.judged_best if favourable else self.judged_worst
        return Cell("seen", self.best if favourable else self.worst, points, result)


_REMEMBERED = frozenset({str, int, bool, float, Decimal})


def units(points: Fraction, unit: int) -> Points:
    """Points in a unit of 10^-`unit`, whole where they are."""
    scaled = points * int(10**unit)
    return scaled.numerator if scaled.denominator == 1 else scaled


def places(standard: Standard, criterion: Criterion) -> int:
    """How many decimals the line's points have where they are no fraction."""
    own = max(
        decimals_of(Fraction(criterion.points or 0)) or 0,
        decimals_of(Fraction(criterion.least)) or 0,
        criterion.measure.places(criterion.limits, Fraction(criterion.points or 0)),
    )
    if criterion.measure.quotient() and isinstance(standard.rounding.criterion, int):
        own = max(own, standard.rounding.criterion)
    return own

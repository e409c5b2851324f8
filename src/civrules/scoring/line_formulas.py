"""Lines as formulas: what every criterion comes to, worked out from its prepared values."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import Problem
from civrules.model.figures import MOST_COUNT
from civrules.model.formula import (
    NO,
    ONE,
    YES,
    ZERO,
    Exact,
    Term,
    Test,
    absent,
    at_least,
    choose,
    either,
    equal,
    every,
    more_than,
    number,
    opposite,
    outside,
    slot,
    some,
)
from civrules.model.measures.prepared import Formula
from civrules.scoring.line import CompiledLine, Points, units

End: TypeAlias = Literal["worst", "best"]
Window: TypeAlias = tuple[Any, Any]
"""How far a condition looks back: its `within` and `during`."""


@attrs.frozen(eq=False)
class LineFormula:
    """What one criterion comes to: points and reach in units, 0 where it is skipped or held."""

    line: CompiledLine
    slots: Mapping[str, Term]
    """The wide table's columns, by their name."""
    formula: Formula
    unreported: Test
    """Whether nothing was said."""
    missing: Test
    gone: Test
    points: Exact
    reach: Exact
    fails: Test
    skipped: Test
    held: Test
    stands: Test
    """Whether something is missing that is not only unrecorded."""
    exact: Exact
    """The points of what was seen before they are rounded."""
    end: End | None = None
    """At which end what is missing stands, where the line was completed."""
    windows: Mapping[Window, tuple[Term, bool]] = attrs.field(factory=dict)
    """For an event the gravest report of every window that conditions look back on, as the event's own slot has it.

    And whether the window holds the day that a report without a day counts as of.
    """
    reported: Test = NO
    """Whether an event was reported at all, be it outside the period."""
    unsettled: Test = NO
    """Whether a report, be it outside the period, leaves open whether it counts."""

    @property
    def seen(self) -> Test:
        """Whether there is a value that was seen and applies."""
        seen = every(opposite(self.missing), opposite(self.gone))
        return seen if self.end is None else some(self.stands, seen)

    def completed(self, end: End) -> "LineFormula":
        """The line with what is missing at this end; where that is boundless it comes to nothing."""
        line = self.line
        points, result = line.judged_best if end == "best" else line.judged_worst
        fails = YES if line.judged(result) == "fail" else NO
        return attrs.evolve(
            self,
            points=either(self.stands, Exact.of(points or 0), self.points),
            reach=either(self.stands, Exact.of(units(line.most, line.unit)), self.reach),
            fails=choose(self.stands, fails, self.fails),
            skipped=every(opposite(self.stands), self.skipped),
            held=NO,
            end=end,
        )

    def missing_figure(self, item: str | None) -> Any:
        """What a condition compares where the value is missing; None where it compares nothing."""
        return _Policy(self.line).figure(item)

    def completed_figure(self, item: str | None) -> Any:
        """What a condition compares where the value was completed."""
        return self.line.measure.figure(self.line.best if self.end == "best" else self.line.worst, item)


def line_formula(line: CompiledLine, place: int, *, looks: bool = False) -> LineFormula | Problem:
    """The formula of a line whose slots begin at a place; where it has none, what needs more than one look.

    With `looks` it is that of one look at one place, whatever more there is.
    """
    formula = _measured(line, place, looks=looks)
    if formula is None:
        return Problem("not-prepared", (line.id,), _why(line))
    own = slot(place, 0, 1)
    slots = {line.id: own, **{f"{line.id}:{name}": one for name, one in formula.slots.items()}}
    items = [one for name, one in formula.slots.items() if name != "of"]
    unreported = every(absent(own), *(absent(one) for one in items))
    missing = some(unreported, formula.open, _unusable(line, place, formula))
    gone = some(outside(own), formula.gone)
    reach = units(line.most, line.unit) if formula.most is None else formula.most.times(10**line.unit)
    policy = _Policy(line)
    skipped = some(every(missing, policy.skips(unreported)), every(gone, NO if _full(line) else YES))
    held = every(missing, policy.holds(unreported))
    full = reach if isinstance(reach, Exact) else Exact.of(reach)
    return LineFormula(
        line,
        slots,
        formula,
        unreported,
        missing,
        gone,
        points=either(missing, policy.points(unreported), either(gone, _gone_points(line), _judged(line, formula))),
        reach=either(skipped, Exact.of(0), either(missing, Exact.of(units(line.most, line.unit)), full)),
        fails=choose(missing, policy.fails(unreported), choose(gone, NO, _failing(line, formula))),
        skipped=skipped,
        held=held,
        # What is only recorded when it happens is not missing where nothing was said.
        stands=NO if policy.recorded and missing is unreported else every(missing, policy.stands(unreported)),
        exact=_either(formula, lambda given: exact_points(line, given)),
    )


def _why(line: CompiledLine) -> str:
    """What of a line needs more than the values of one look."""
    if line.criterion.per_unit is not None:
        return "per_unit"
    return "change" if line.change else str(line.measure.kind)


def _measured(line: CompiledLine, place: int, *, looks: bool) -> Formula | None:
    make = getattr(line.measure, "formula", None)
    if make is None or line.change or line.windowed or (line.criterion.per_unit is not None and not looks):
        return None
    if line.turned and line.measure.loses:
        made: Formula | None = make(place, line.limits, line.most, None if line.open_ended else Fraction(0))
    else:
        made = make(place, line.limits, line.most, line.least)
    return made


def _judged(line: CompiledLine, formula: Formula) -> Exact:
    """The points of what was seen, a figure or n of m."""
    return _either(formula, lambda given: rounded_points(line, exact_points(line, given)))


def _either(formula: Formula, points: Callable[[Formula], Exact]) -> Exact:
    """The points of a figure, or of n of m where m is given."""
    if formula.counted is None:
        return points(formula)
    return either(absent(formula.slots["of"]), points(formula), points(formula.counted))


def _failing(line: CompiledLine, formula: Formula) -> Test:
    fails = _fails(line, formula)
    if formula.counted is None:
        return fails
    return choose(absent(formula.slots["of"]), fails, _fails(line, formula.counted))


def exact_points(line: CompiledLine, formula: Formula) -> Exact:
    """Points in units before rounding, as `CompiledLine.exactly` has them."""
    if line.event:
        return Exact.of(0)
    given = formula.points
    if line.turned and line.measure.loses:
        most = Exact.of(line.most) if formula.most is None else formula.most
        given = most.plus(given.times(-1))
    least, full = units(line.least, line.unit), units(line.most, line.unit)
    return _within(given.times(10**line.unit), least, None if line.open_ended else full)


def rounded_points(line: CompiledLine, held: Exact) -> Exact:
    """Points at the criterion's decimals, as `CompiledLine.rounded` has them."""
    least, full = units(line.least, line.unit), units(line.most, line.unit)
    places = line.rounder.places
    if places is None:
        # Points that are no quotient are whole in the program's unit, whatever they are written over.
        return held if line.criterion.quotient else Exact(held.rounded("down"))
    step = 10 ** (line.unit - places)
    rounded = Exact(held.times(Fraction(1, step)).rounded(line.rounder.mode)).times(step)
    return _within(rounded, least, None if line.open_ended else full)


def _within(one: Exact, low: Points, high: Points | None) -> Exact:
    held = one if high is None else one.least(Exact.of(high))
    return held.greatest(Exact.of(low))


def _fails(line: CompiledLine, formula: Formula) -> Test:
    """Whether the result is fail: never advice, nor what is only shown."""
    if line.strength != "must":
        return NO
    turned = line.turned and not line.measure.loses and not line.event
    return formula.passes if turned else formula.fails


def _unusable(line: CompiledLine, place: int, formula: Formula) -> Test:
    """Whether something was said and cannot be used: too small a sample, an attribution left open."""
    if line.event and line.measure.attributable:
        return equal(slot(place, 0, 4), ONE)
    sample = line.criterion.sample
    if sample is None or "of" not in formula.slots:
        return NO
    m = slot(place + 1, 0, MOST_COUNT)
    return every(opposite(absent(m)), more_than(m, ZERO), opposite(at_least(m, number(int(sample)))))


def _full(line: CompiledLine) -> bool:
    return line.not_applicable == "full" and not line.adjusts


def _gone_points(line: CompiledLine) -> Exact:
    return Exact.of(line.full if _full(line) and not line.turned else 0)


class _Policy:
    """What a missing value stands for."""

    def __init__(self, line: CompiledLine) -> None:
        self.line = line
        self.worst = line.missing == "worst"
        # As `CompiledLine.not_checked` has it: what is only recorded when it happens, and what is only shown.
        self.recorded = line.recorded or (line.event and not line.required)
        self.shown = not line.counted and not line.event

    def stands(self, unreported: Test) -> Test:
        """Whether the missing value is missing at all, and not only unrecorded."""
        if self.shown:
            return NO
        return opposite(unreported) if self.recorded else YES

    def skips(self, unreported: Test) -> Test:
        """Whether it leaves the denominator."""
        return every(self.stands(unreported), YES if self.line.missing == "rescale" else NO)

    def holds(self, unreported: Test) -> Test:
        """Whether it holds the score back; what is to be refused does so too, for a formula refuses nothing."""
        return every(self.stands(unreported), YES if self.line.missing in ("hold", "refuse") else NO)

    def points(self, unreported: Test) -> Exact:
        """The points that it stands for."""
        worst = self.line.judged_worst[0]
        return either(self.stands(unreported), Exact.of((worst or 0) if self.worst else 0), Exact.of(0))

    def fails(self, unreported: Test) -> Test:
        """Whether it fails."""
        worst = self.worst and self.line.judged(self.line.judged_worst[1]) == "fail"
        return every(self.stands(unreported), YES if worst else NO)

    def figure(self, item: str | None) -> Any:
        """What a condition compares where the value is missing; None where it compares nothing."""
        line = self.line
        if line.event and not line.required:
            return False
        if self.shown or line.recorded or not self.worst:
            return None
        return line.measure.figure(line.worst, item)

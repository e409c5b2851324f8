"""Conditions as formulas: each becomes a test of what the lines and sections come to."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from civrules.model.condition import Condition
from civrules.model.formula import (
    NO,
    ONE,
    YES,
    Exact,
    Term,
    Test,
    absent,
    add,
    choose,
    compared,
    either,
    equal,
    every,
    number,
    opposite,
    outside,
    pick,
    some,
)
from civrules.model.measures.measure import amount, in_percent
from civrules.model.measures.prepared import Named
from civrules.scoring.line import units
from civrules.scoring.line_formulas import LineFormula

if TYPE_CHECKING:
    from civrules.scoring.formulas import SectionFormula
    from civrules.scoring.program import Program

_NOTHING = Exact.of(0)


class ConditionFormulas:
    """Makes the tests of one program; the score, the maximum and the coverage are told when they are known."""

    def __init__(
        self, program: "Program", lines: Mapping[str, LineFormula], sections: Mapping[str, "SectionFormula"]
    ) -> None:
        self.program = program
        self.unit = program.places
        self.lines = lines
        self.sections = sections
        self.score, self.maximum, self.coverage = _NOTHING, _NOTHING, _NOTHING
        self.scored: Test = NO

    def of(self, condition: Condition) -> Test:
        """Whether the condition holds."""
        made: Test = getattr(self, f"_{condition.subject}")(condition)
        return made

    def _all(self, condition: Condition) -> Test:
        return every(*map(self.of, condition.members))

    def _any(self, condition: Condition) -> Test:
        return some(*map(self.of, condition.members))

    def _none(self, condition: Condition) -> Test:
        return opposite(self._any(condition))

    def _happened(self, condition: Condition) -> Test:
        """Whether an event counts in the condition's window.

        One without days of its own counts as of the period's last, within every window that ends there.
        """
        one = self.lines[condition.target]
        window = one.windows.get((condition.within, condition.during))
        return self._counts(one) if window is None else self._counts_within(one, *window)

    def _counts_within(self, one: LineFormula, window: Term, undated: bool) -> Test:
        """Whether a report of the window counts; one that leaves it open does at worst, as does one that must be made.

        `undated` says whether the window holds the day of a report without one.
        """
        asks = one.line.measure.attributable
        counts = equal(window, number(2 if asks else 1))
        worst = YES if _at_worst(one) else NO
        left_open = every(equal(window, ONE), worst) if asks else NO
        reported = every(opposite(absent(window)), opposite(outside(window)), some(counts, left_open))
        return some(reported, every(one.unreported, one.fails) if undated else NO)

    def _counts(self, one: LineFormula) -> Test:
        """Whether an event counts; what is left open as the line's policy says."""
        line = one.line
        worst = YES if _at_worst(one) else NO
        said = choose(one.missing, worst, choose(one.gone, NO, one.formula.fails))
        return choose(one.unreported, worst if line.required else NO, said)

    def _failed(self, condition: Condition) -> Test:
        return self.lines[condition.target].fails

    def _failed_tag(self, condition: Condition) -> Test:
        tagged = [one.fails for one in self.lines.values() if condition.failed_tag in one.line.criterion.tags]
        failed = Exact(add(*tagged))
        limits = [(word, amount(limit)) for word, limit in condition.comparisons] or [("at_least", Fraction(1))]
        return every(*(compared(word, failed, Exact.of(limit)) for word, limit in limits))

    def _value(self, condition: Condition) -> Test:
        name, _, item = condition.target.partition(":")
        one = self.lines[name]
        if one.line.event:
            return self._event_value(condition, one)
        there = one.seen
        if item:
            there = every(there, opposite(outside(one.formula.slots[item])))
        missing = self._constantly(condition, one.missing_figure(item or None))
        if one.end is not None:
            missing = choose(one.stands, self._constantly(condition, one.completed_figure(item or None)), missing)
        formula = one.formula
        seen = self._matches(condition, formula.seen[item or None])
        if formula.counted is not None:
            counted = self._matches(condition, formula.counted.seen[None])
            seen = choose(absent(formula.slots["of"]), seen, counted)
        return choose(one.missing, missing, every(there, seen))

    def _constantly(self, condition: Condition, figure: Any) -> Test:
        return NO if figure is None else self._matches(condition, _constant(figure))

    def _event_value(self, condition: Condition, one: LineFormula) -> Test:
        """What conditions see of an event is whether it counts; of a missing one nothing, but at worst."""
        line = one.line
        no, counts = self._matches(condition, NO), self._matches(condition, YES)
        worst = counts if _at_worst(one) else NO if one.end is None else no
        said = choose(one.missing, worst, choose(one.gone, NO, choose(one.formula.fails, counts, no)))
        return choose(one.unreported, worst if line.required else no, said)

    def _matches(self, condition: Condition, seen: Any) -> Test:
        """Whether what was seen is what the condition names, or passes its comparisons."""
        if isinstance(seen, Named):
            return pick(seen.place, [name in condition.wanted for name in seen.names]) if condition.wanted else NO
        if condition.wanted:
            return some(*(_same(word, seen) for word in condition.wanted))
        figure = seen if isinstance(seen, Exact) else Exact(seen)
        return every(*(compared(word, figure, Exact.of(amount(limit))) for word, limit in condition.comparisons))

    def _points(self, condition: Condition) -> Test:
        one = self.lines[condition.target]
        there = every(opposite(one.skipped), opposite(one.held))
        return every(there, self._compared(condition, one.points, one.reach))

    def _section(self, condition: Condition) -> Test:
        one = self.sections[condition.target]
        return every(one.applies, opposite(one.held), self._compared(condition, one.points, one.reach))

    def _worst_in(self, condition: Condition) -> Test:
        members = [one for one in self.lines.values() if condition.target in one.line.path and one.line.scored]
        applies, worst, reach = NO, _NOTHING, _NOTHING
        for one in members:
            here = opposite(one.skipped)
            full = one.reach
            better = worst.more_than(one.points) if not self.program.adder.demerits else one.points.more_than(worst)
            # Of equal points those count that could have been more.
            same = every(worst.at_least(one.points), one.points.at_least(worst), full.more_than(reach))
            takes = every(here, some(opposite(applies), better, same))
            worst, reach = either(takes, one.points, worst), either(takes, full, reach)
            applies = some(applies, here)
        held = some(*(every(opposite(one.skipped), one.held) for one in members))
        return every(applies, opposite(held), self._compared(condition, worst, reach))

    def _figure(self, condition: Condition) -> Test:
        if condition.figure == "coverage":
            limits = [
                (word, amount(limit) / 100 if in_percent(limit) else amount(limit))
                for word, limit in condition.comparisons
            ]
            return every(*(compared(word, self.coverage, Exact.of(limit)) for word, limit in limits))
        return every(self.scored, self._compared(condition, self.score, self.maximum))

    def _compared(self, condition: Condition, points: Exact, reach: Exact) -> Test:
        """The comparisons: plain thresholds against points, those in % against what can be reached."""
        tests = []
        for word, limit in condition.comparisons:
            end = reach.times(amount(limit) / 100) if in_percent(limit) else Exact.of(units(amount(limit), self.unit))
            tests.append(compared(word, points, end))
        return every(*tests)


def _at_worst(one: LineFormula) -> bool:
    """Whether an event that is missing stands as though it counted."""
    return one.line.missing == "worst" if one.end is None else one.end == "worst"


def _same(wanted: str | bool | Decimal, seen: Any) -> Test:
    """Whether what was seen is the one word or figure."""
    if isinstance(wanted, bool):
        return equal(seen, _truth(wanted)) if isinstance(seen, Term) else NO
    if isinstance(seen, Exact) and isinstance(wanted, Decimal):
        end = Exact.of(Fraction(wanted))
        return every(seen.at_least(end), end.at_least(seen))
    return NO


def _truth(equals: object) -> Term:
    return number(1 if equals is True else 0)


def _constant(figure: Fraction | str | bool) -> Any:
    """A figure that is known, as formulas have it."""
    if isinstance(figure, bool):
        return ONE if figure else NO
    return Named(number(0), (figure,)) if isinstance(figure, str) else Exact.of(figure)

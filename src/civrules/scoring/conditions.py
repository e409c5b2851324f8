"""Conditions, compiled: each becomes a function of what is known of one community."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import attrs

from civrules.model.community import Community
from civrules.model.condition import Condition
from civrules.model.days import Duration, Period, undated
from civrules.model.holding import fact_holds
from civrules.model.measures.measure import amount, in_percent
from civrules.model.standard import Standard
from civrules.scoring.line import Cell, CompiledLine, Points, units
from civrules.scoring.reading import Reports


@attrs.define
class Facts:
    """All that a condition may ask: cells, sums, the score, the community, the days."""

    cells: Sequence[Cell]
    sections: Mapping[str, tuple[Points | None, Points]]
    """A section's points (None where a part is held) and what it can reach, in the program's unit."""
    score: Points | None
    maximum: Points | None
    coverage: Decimal
    community: Community
    reports: Reports
    on: date | None
    period: Period | None
    settled: bool | None = None
    """How events left open stand: True at their best, False at their worst, None as the line's policy says."""
    observed: bool = True
    """Whether anything at all was observed."""


Holds = Callable[[Facts], bool]
Compared = Callable[[Points | None, Points], bool]
"""Whether points pass the comparisons; the second says what they can reach, for thresholds in %."""

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"at_least": operator.ge, "more_than": operator.gt, "at_most": operator.le, "less_than": operator.lt}
)


@attrs.frozen
class Compiled:
    """A condition: whether it holds; which lines it looks at; and whether it holds more readily as things get better.

    `rising` is 1 where it can only become true as things improve, -1 where it can only become false, 0 where neither
    can be said.
    """

    condition: Condition
    holds: Holds
    lines: frozenset[int]
    rising: int


class Compiler:
    """Compiles the conditions of one program."""

    def __init__(
        self, standard: Standard, lines: Mapping[str, CompiledLine], unit: int, *, denied: bool = False
    ) -> None:
        self.standard = standard
        self.lines = lines
        self.unit = unit
        self.denied = denied
        """Whether what is compiled stands under an odd number of `none`."""
        self.demerits = standard.direction == "demerits"

    def compile(self, condition: Condition) -> Compiled:
        """The condition as a function."""
        made: Compiled = getattr(self, f"_{condition.subject}")(condition)
        return made

    def _all(self, condition: Condition) -> Compiled:
        parts = [self.compile(member) for member in condition.members]
        return _group(condition, parts, lambda facts: all(part.holds(facts) for part in parts), 1)

    def _any(self, condition: Condition) -> Compiled:
        parts = [self.compile(member) for member in condition.members]
        return _group(condition, parts, lambda facts: any(part.holds(facts) for part in parts), 1)

    def _none(self, condition: Condition) -> Compiled:
        inner = Compiler(self.standard, self.lines, self.unit, denied=not self.denied)
        parts = [inner.compile(member) for member in condition.members]
        return _group(condition, parts, lambda facts: not any(part.holds(facts) for part in parts), -1)

    def _happened(self, condition: Condition) -> Compiled:
        within = self.standard.interval(condition.within)
        if condition.within is not None and within is None:
            # What a parameter leaves undetermined makes no gate hold and no requirement met, under `none` neither.
            return Compiled(condition, lambda _: self.denied, frozenset(), -1)
        line = self.lines[condition.target]
        window = Duration.of(within) if within is not None else None

        def holds(facts: Facts) -> bool:
            cell = facts.cells[line.index]
            open_counts = line.missing == "worst" if facts.settled is None else not facts.settled
            reports = facts.reports.get(line.id, ())
            counting = [at for at, counts in reports if (open_counts if counts is None else counts)]
            if cell.reason == "no-observation" and cell.result == "fail":
                counting.append(undated(facts.period, facts.on))
            if not counting:
                return False
            days = _window(condition, window, facts)
            return any(_within(at, days) for at in counting)

        return Compiled(condition, holds, frozenset({line.index}), -1)

    def _failed(self, condition: Condition) -> Compiled:
        index = self.lines[condition.target].index
        return Compiled(condition, lambda facts: facts.cells[index].result == "fail", frozenset({index}), -1)

    def _failed_tag(self, condition: Condition) -> Compiled:
        tagged = [line.index for line in self.lines.values() if condition.failed_tag in line.criterion.tags]
        comparisons = condition.comparisons or (("at_least", Decimal(1)),)
        tests = [(_OPERATORS[word], amount(limit)) for word, limit in comparisons]

        def holds(facts: Facts) -> bool:
            failed = sum(facts.cells[index].result == "fail" for index in tagged)
            return all(holds(failed, limit) for holds, limit in tests)

        return Compiled(condition, holds, frozenset(tagged), -_way([word for word, _ in comparisons]))

    def _value(self, condition: Condition) -> Compiled:
        name, _, item = condition.target.partition(":")
        line = self.lines[name]

        matches = _matcher(condition)

        def holds(facts: Facts) -> bool:
            cell = facts.cells[line.index]
            read = cell.read if cell.counts is None else cell.counts
            seen = None if read is None else line.measure.figure(read, item or None)
            return seen is not None and matches(seen)

        rising = line.measure.rising(item or None) * (-1 if self.demerits and not line.measure.loses else 1)
        if condition.equals is None:
            way = _way([word for word, _ in condition.comparisons]) * rising
        else:
            way = rising * (1 if condition.equals else -1) if isinstance(condition.equals, bool) else 0
        return Compiled(condition, holds, frozenset({line.index}), way)

    def _points(self, condition: Condition) -> Compiled:
        line = self.lines[condition.target]
        compared = self._compared(condition)

        def holds(facts: Facts) -> bool:
            cell = facts.cells[line.index]
            return compared(cell.points, _reach(cell, line.full))

        return Compiled(condition, holds, frozenset({line.index}), self._favour(condition))

    def _section(self, condition: Condition) -> Compiled:
        compared = self._compared(condition)

        def holds(facts: Facts) -> bool:
            return compared(*facts.sections[condition.target])

        return Compiled(condition, holds, self._of_section(condition.target), self._favour(condition))

    def _worst_in(self, condition: Condition) -> Compiled:
        lines = [line for line in self.lines.values() if condition.target in line.path and line.scored]
        members = [(line.index, line.full) for line in lines]
        compared = self._compared(condition)
        worst = max if self.demerits else min

        def holds(facts: Facts) -> bool:
            cells = facts.cells
            there = [(cells[index], full) for index, full in members if not cells[index].skipped]
            points = [(cell.points, _reach(cell, full)) for cell, full in there]
            if not points or any(one is None for one, _ in points):
                return False
            return compared(*worst(points, key=lambda one: (one[0] or 0, -one[1])))

        # What gives the fewest points may have the greater share: of lines that differ, a share says nothing of order.
        alike = len({full for _, full in members}) == 1 and not any(line.reaches_vary for line in lines)
        shares = any(in_percent(limit) for _, limit in condition.comparisons)
        way = self._favour(condition) if alike or not shares else 0
        return Compiled(condition, holds, self._of_section(condition.target), way)

    def _figure(self, condition: Condition) -> Compiled:
        if condition.figure == "coverage":
            # Every completion has looked at everything, so that both ends agree.
            return Compiled(condition, _covers(condition), frozenset(), 1)

        compared = self._compared(condition)

        def holds(facts: Facts) -> bool:
            return compared(facts.score, facts.maximum or 0)

        everything = frozenset(line.index for line in self.lines.values())
        return Compiled(condition, holds, everything, self._favour(condition))

    def _attribute(self, condition: Condition) -> Compiled:
        def holds(facts: Facts) -> bool:
            return fact_holds(condition, facts.community.fact(condition.target))

        return Compiled(condition, holds, frozenset(), 1)

    def _of_section(self, name: str) -> frozenset[int]:
        return frozenset(line.index for line in self.lines.values() if name in line.path)

    def _compared(self, condition: Condition) -> Compared:
        """The comparisons as a function: plain thresholds against points, those in % against what can be reached."""
        tests = []
        for word, written in condition.comparisons:
            limit = Fraction(amount(written) / 100 if in_percent(written) else units(amount(written), self.unit))
            tests.append((_OPERATORS[word], limit.numerator, limit.denominator, in_percent(written)))

        def compared(points: Points | None, reach: Points) -> bool:
            if points is None:
                return False
            # A loop: nearly all have one test, and `all` costs more than that.
            for holds, limit, per, share in tests:  # noqa: SIM110
                if not holds(points * per, limit * reach if share else limit):
                    return False
            return True

        return compared

    def _favour(self, condition: Condition) -> int:
        way = _way([word for word, _ in condition.comparisons])
        return -way if self.demerits else way


def _reach(cell: Cell, full: Points) -> Points:
    """The most that the line can give here."""
    return full if cell.reach is None else cell.reach


def _group(condition: Condition, parts: Sequence[Compiled], holds: Holds, sign: int) -> Compiled:
    ways = {part.rising for part in parts if part.lines}
    way = ways.pop() if len(ways) == 1 else 0 if ways else 1
    return Compiled(condition, holds, frozenset().union(*(part.lines for part in parts)), way * sign)


def _way(words: Sequence[str]) -> int:
    """1 where the comparisons hold more readily as the figure rises, -1 where it falls, 0 for a range."""
    ways = {1 if word in ("at_least", "more_than") else -1 for word in words}
    return ways.pop() if len(ways) == 1 else 0


def _within(day: date | None, days: Period | None) -> bool:
    return day is None or days is None or day in days


def _window(condition: Condition, window: Duration | None, facts: Facts) -> Period | None:
    if window is not None and facts.on is not None:
        return Period(window.before(facts.on), facts.on)
    if condition.during is not None and facts.on is not None:
        return Period.year(facts.on.year)
    return facts.period


def _covers(condition: Condition) -> Holds:
    """Whether the coverage passes; each comparison is from 0 to 1, or in % where it says so."""
    tests = [
        (_OPERATORS[word], amount(limit) / 100 if in_percent(limit) else amount(limit))
        for word, limit in condition.comparisons
    ]
    return lambda facts: all(holds(Fraction(facts.coverage), limit) for holds, limit in tests)


def _same(seen: Any, word: Any) -> bool:
    if isinstance(seen, bool) or isinstance(word, bool):
        return seen is word
    return bool(seen == (Fraction(word) if isinstance(word, Decimal) else word))


def _matcher(condition: Condition) -> Callable[[Any], bool]:
    """Whether what was seen is one of the words wanted, or passes the comparisons."""
    if condition.equals is not None:
        return lambda seen: any(_same(seen, word) for word in condition.wanted)
    tests = [(_OPERATORS[word], amount(limit)) for word, limit in condition.comparisons]

    def passes(seen: Any) -> bool:
        if isinstance(seen, str):
            return False
        return all(holds(seen, limit) for holds, limit in tests)

    return passes

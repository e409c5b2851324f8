"""Possible: whether a condition can hold, and which grades there are where it does; "no" is proved, "yes" is not."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

import attrs

from civrules.model.community import LOCALITY, check_locality, contains
from civrules.model.condition import FOLLOWING, Condition, Threshold
from civrules.model.document import Document
from civrules.model.measures import (
    Check,
    Checklist,
    Event,
    Findings,
    Frequency,
    Levels,
    Linear,
    Marks,
    Shortfall,
    Tiers,
)
from civrules.model.measures.measure import amount, compare, in_percent, one_comparison
from civrules.review.amounts import Amounts
from civrules.review.attainable import Scores
from civrules.review.lines import ByReach, plain
from civrules.review.reviewed import Reviewed
from civrules.scoring.grading import CompiledGrade
from civrules.scoring.line import CompiledLine, Points, units

Tests: TypeAlias = tuple[tuple[str, Threshold], ...]
Way: TypeAlias = tuple[tuple[str, Points], Callable[[Points], Points]]
"""A test of scores, and what is made of a score before it."""
Lines: TypeAlias = Mapping[int, ByReach | None]


_FORM = re.compile(LOCALITY, re.ASCII)


@attrs.frozen
class Range:
    """What may be compared: figures between two ends, or words; `figures` are all of them where they are few."""

    low: Fraction | None = None
    high: Fraction | None = None
    figures: tuple[Fraction, ...] | None = None
    words: tuple[str, ...] = ()
    yes_no: bool = False

    def passes(self, tests: Tests) -> bool:
        """Whether a figure of it may pass all the comparisons."""
        if self.words:
            return False
        if self.figures is not None:
            return any(_passes(one, [(word, amount(limit)) for word, limit in tests]) for one in self.figures)
        return _meets(Amounts(self.low, self.high), [(word, amount(limit)) for word, limit in tests])

    def equals(self, wanted: object) -> bool:
        """Whether it may be just that."""
        if isinstance(wanted, bool) or self.yes_no:
            return isinstance(wanted, bool) and self.yes_no
        if self.words:
            return wanted in self.words
        if isinstance(wanted, str):
            return False
        return self.passes((("at_least", wanted), ("at_most", wanted)))  # type: ignore[arg-type]  # a figure


def _meets(amounts: Amounts, tests: Iterable[tuple[str, Points]]) -> bool:
    """Whether one of the amounts may pass all the comparisons."""
    found = list(tests)
    if amounts.bits is not None:
        return any(_passes(one, found) for one in amounts.members())
    lows = [(limit, word == "at_least") for word, limit in found if word in ("at_least", "more_than")]
    highs = [(limit, word == "at_most") for word, limit in found if word in ("at_most", "less_than")]
    low, low_in = max(lows, key=lambda one: (one[0], not one[1]), default=(None, True))
    high, high_in = min(highs, key=lambda one: (one[0], one[1]), default=(None, True))
    if low is not None and high is not None and (low > high or (low == high and not (low_in and high_in))):
        return False
    return amounts.meets(low, high, low_in=low_in, high_in=high_in)


class Possible:
    """What can hold of one standard."""

    def __init__(self, reviewed: Reviewed) -> None:
        self.reviewed = reviewed
        self.compiled: dict[str, CompiledLine] = reviewed.program.by_id

    def holds(self, condition: Condition) -> bool:
        """Whether it can hold."""
        if condition.subject == "any":
            return any(self.holds(member) for member in condition.members)
        if condition.subject == "none":
            return not any(self.certain(member) for member in condition.members)
        parts = list(_all_in(condition))
        if _two_words(parts):
            return False
        return all(
            self.holds(part) if part.subject in ("any", "none") else self._atom(part) for part in _together(parts)
        )

    def certain(self, condition: Condition) -> bool:
        """Whether it is proved to hold whatever is observed."""
        if condition.subject == "none":
            return not any(self.holds(member) for member in condition.members)
        if condition.subject == "all":
            return all(self.certain(member) for member in condition.members)
        return condition.subject == "any" and any(self.certain(member) for member in condition.members)

    def _atom(self, part: Condition) -> bool:
        if part.subject in FOLLOWING:
            return part.when is None or self.holds(part.when)
        checked: bool = getattr(self, f"_{part.subject}")(part)
        return checked

    def _happened(self, part: Condition) -> bool:
        return isinstance(self.compiled[part.target].measure, Event)

    def _failed(self, part: Condition) -> bool:
        return can_fail(self.compiled[part.target])

    def _failed_tag(self, part: Condition) -> bool:
        tagged = [line for line in self.compiled.values() if part.failed_tag in line.criterion.tags]
        most = sum(can_fail(line) for line in tagged)
        tests = part.comparisons or (("at_least", Decimal(1)),)
        return Range(figures=tuple(Fraction(count) for count in range(most + 1))).passes(tests)

    def _value(self, part: Condition) -> bool:
        name, _, item = part.target.partition(":")
        known = range_of(self.compiled[name], item or None)
        if known is None:
            return True
        return known.passes(part.comparisons) if part.equals is None else any(map(known.equals, part.wanted))

    def _points(self, part: Condition) -> bool:
        line = self.compiled[part.target]
        given = self.reviewed.lines[line.index]
        if given is None:
            return True
        tests = self._in_units(part.comparisons, line.full)
        return any(reach is not None and _meets(amounts, tests) for reach, amounts in given.items())

    def _section(self, part: Condition) -> bool:
        found = self.reviewed.attainable.sections.get(part.target)
        if found is None:
            return True
        return any(
            reach is not None and _meets(amounts, self._in_units(part.comparisons, reach))
            for reach, amounts in found.items()
        )

    def _worst_in(self, part: Condition) -> bool:
        members = [line for line in self.compiled.values() if part.target in line.path and line.scored]
        given = [(self.reviewed.lines[line.index], line.full) for line in members]
        if any(one is None for one, _ in given):
            return True
        return any(
            reach is not None and _meets(amounts, self._in_units(part.comparisons, full))
            for one, full in given
            for reach, amounts in (one or {}).items()
        )

    def _figure(self, part: Condition) -> bool:
        if part.figure == "coverage":
            whole = [Fraction(100) if in_percent(limit) else Fraction(1) for _, limit in part.comparisons]
            shares = zip(part.comparisons, whole, strict=True)
            return _meets(Amounts(0, 1), [(word, amount(limit) / of) for (word, limit), of in shares])
        if any(in_percent(limit) for _, limit in part.comparisons):
            return True
        tests = self._in_units(part.comparisons, 0)
        scores = self.reviewed.scores
        if scores is not None and scores.listed is not None:
            listed = _any_of(scores.listed, [(test, self._rounded) for test in tests])
            return listed or any(_passes(self._rounded(one), tests) for one in self.reviewed.set_scores)
        return _meets(self._all_scores(), tests)

    def _attribute(self, part: Condition) -> bool:
        if part.equals is not None:
            return any(may_be(self.reviewed.standard, part.target, one) for one in part.wanted)
        if part.has is not None:
            return True
        return _meets(Amounts(None, None), [(word, amount(limit)) for word, limit in part.comparisons])

    def _in_units(self, tests: Tests, reach: Points) -> list[tuple[str, Points]]:
        unit = self.reviewed.unit
        return [
            (word, amount(limit) / 100 * reach if in_percent(limit) else units(amount(limit), unit))
            for word, limit in tests
        ]

    def _rounded(self, score: Points) -> Points:
        rounder = self.reviewed.program.adder.rounder
        return score if rounder is None else rounder.round(score)

    def _all_scores(self) -> Amounts:
        """The scores as one range, those that gates set included."""
        return _hull(self.reviewed.scores, self._rounded, map(self._rounded, self.reviewed.set_scores))

    def bands(self, condition: Condition | None = None) -> frozenset[int]:
        """The places of the grades that a score can have, before gates on the grade, where the condition holds."""
        if condition is not None and not self.holds(condition):
            return frozenset()
        return frozenset(band.place for band in self.reviewed.program.grader.bands if self._band(band, condition))

    def _band(self, band: CompiledGrade, condition: Condition | None) -> bool:
        """Whether a score can have this grade where the condition holds."""
        wanted = [one for one in (condition, band.requires.condition if band.requires else None) if one is not None]
        if not all(self.holds(one) for one in wanted):
            return False
        narrowed = self._narrowed(wanted)
        if narrowed is None:
            return False
        tests = [
            test
            for one in wanted
            for part in _all_in(one)
            if part.subject == "figure" and part.figure == "score"
            for test in self._in_units(tuple(t for t in part.comparisons if not in_percent(t[1])), 0)
        ]
        attainable = self.reviewed.under(narrowed)
        fits = self._fits(band)
        graded, rounded = self.reviewed.graded, self._rounded
        # A gate sets the score after the conditions of gates were tried.
        if any(fits(rounded(one)) for one in self.reviewed.set_scores):
            return True
        if not attainable.known:
            return True
        scores = attainable.scores
        if scores is None:
            return False
        if scores.listed is not None:
            ways: list[Way] = [(test, graded) for test in self._limits(band)]
            ways += [(test, rounded) for test in tests]
            return fits is not _never and _any_of(scores.listed, ways)
        return _meets(_hull(scores, graded, ()), [*self._limits(band)]) and _meets(_hull(scores, rounded, ()), tests)

    def _limits(self, band: CompiledGrade) -> Iterator[tuple[str, Points]]:
        """The comparisons that a score of this band passes: its own end, and none of the better ones'."""
        merits = not self.reviewed.demerits
        if band.end is not None:
            yield ("at_least" if merits else "at_most"), band.end
        for better in self.reviewed.program.grader.bands:
            if better.place >= band.place:
                return
            if better.requires is None and better.end is not None:
                yield ("less_than" if merits else "more_than"), better.end

    def _fits(self, band: CompiledGrade) -> Callable[[Points], bool]:
        limits = list(self._limits(band))
        nothing_left = any(
            better.place < band.place and better.requires is None and better.end is None
            for better in self.reviewed.program.grader.bands
        )
        return _never if nothing_left else lambda score: _passes(score, limits)

    def _narrowed(self, conditions: list[Condition]) -> Lines | None:
        """What the lines can give where the conditions hold; None where that is nothing."""
        lines: dict[int, ByReach | None] = dict(self.reviewed.lines)
        for condition in conditions:
            for part in _all_in(condition):
                for index, tests, skips in self._tests_of_lines(part):
                    given = lines[index]
                    if given is None:
                        continue
                    left = _left(given, tests, skips=skips)
                    if not left:
                        return None
                    lines[index] = left
        return lines

    def _tests_of_lines(self, part: Condition) -> Iterator[tuple[int, list[tuple[str, Points]], bool]]:
        """What the condition asks of single lines, and whether a line that does not apply satisfies it."""
        if part.subject == "points":
            line = self.compiled[part.target]
            yield line.index, self._in_units(part.comparisons, line.full), False
        elif part.subject == "worst_in":
            # All lines lie on the good side of a limit on which the worst of them does.
            good = ("at_most", "less_than") if self.reviewed.demerits else ("at_least", "more_than")
            tests = tuple(test for test in part.comparisons if test[0] in good and not in_percent(test[1]))
            for line in self.compiled.values():
                if part.target in line.path and line.scored:
                    yield line.index, self._in_units(tests, line.full), True


def _left(given: ByReach, tests: list[tuple[str, Points]], *, skips: bool) -> ByReach:
    left: dict[Points | None, Amounts] = {}
    for reach, amounts in given.items():
        if reach is None:
            if skips:
                left[None] = amounts
            continue
        kept = amounts.kept(lambda one: _passes(one, tests)) if amounts.bits is not None else _clipped(amounts, tests)
        if kept is not None:
            left[reach] = kept
    return left


def _clipped(amounts: Amounts, tests: list[tuple[str, Points]]) -> Amounts | None:
    """The range, no wider than the comparisons allow."""
    if not _meets(amounts, tests):
        return None
    low, high = amounts.low, amounts.high
    for word, limit in tests:
        if word in ("at_least", "more_than"):
            low = limit if low is None else max(low, limit)
        else:
            high = limit if high is None else min(high, limit)
    return Amounts(low, high)


def _passes(points: Points, tests: Iterable[tuple[str, Points]]) -> bool:
    return all(compare(word, points, limit) for word, limit in tests)


def _never(_: Points) -> bool:
    return False


def _any_of(listed: Sequence[Points], ways: Sequence[Way]) -> bool:
    """Whether one of the scores, which rise, passes every test after a change that keeps their order."""
    first, last = 0, len(listed)
    for test, change in ways:
        rises = test[0] in ("at_least", "more_than")
        turn = bisect_left(listed, True, key=partial(_is_past, test, change, rises))
        first, last = (max(first, turn), last) if rises else (first, min(last, turn))
    return first < last


def _is_past(test: tuple[str, Points], change: Callable[[Points], Points], rises: bool, score: Points) -> bool:
    """Whether the score lies past the point at which the test's answer turns."""
    return compare(test[0], change(score), test[1]) == rises


def may_be(document: Document, attribute: str, word: object) -> bool:
    """Whether the attribute of a community that the document is for can be just that; of its own fields some cannot."""
    if attribute == "kind":
        return word in document.kinds
    if attribute == "locality" and isinstance(word, str):
        return _FORM.fullmatch(word) is not None and word == check_locality(word) and _lies_in(document, word)
    return True


def _lies_in(document: Document, locality: str) -> bool:
    return document.locality is None or contains(document.locality, locality)


def _hull(scores: Scores | None, change: Callable[[Points], Points], more: Iterable[Points]) -> Amounts:
    if scores is None:
        return Amounts(None, None)
    low = None if scores.low is None else change(scores.low)
    high = None if scores.high is None else change(scores.high)
    for one in more:
        low = None if low is None else min(low, one)
        high = None if high is None else max(high, one)
    return Amounts(low, high)


def _all_in(condition: Condition) -> Iterator[Condition]:
    """The parts of which every one must hold."""
    if condition.subject == "all":
        for member in condition.members:
            yield from _all_in(member)
    else:
        yield condition


def _two_words(parts: list[Condition]) -> bool:
    """Whether one thing would have to be two words at once."""
    left: dict[tuple[str, str], set[object]] = {}
    for part in parts:
        words: set[object] = set(part.wanted)
        if part.subject in ("value", "attribute") and words and all(isinstance(one, str) for one in words):
            left.setdefault((part.subject, part.target), words).intersection_update(words)
    return not all(left.values())


def _together(parts: list[Condition]) -> list[Condition]:
    """The parts, several comparisons of one thing made one where they fit into one."""
    found: dict[object, Condition] = {}
    for place, part in enumerate(parts):
        key = (part.subject, part.target)
        both = _merged(found[key], part) if key in found and part.equals is None else None
        alone = key in found and both is None
        found[place if alone or part.equals is not None else key] = both or part
    return list(found.values())


def _merged(one: Condition, other: Condition) -> Condition | None:
    """Two conditions on one thing as one, where their comparisons fit into one."""
    tests: dict[str, Any] = dict(one.comparisons)
    for word, limit in other.comparisons:
        if word in tests or in_percent(limit) != any(in_percent(known) for known in tests.values()):
            return None
        tests[word] = limit
    if len(tests) > 2:
        return None
    return attrs.evolve(one, **tests)


def can_fail(line: CompiledLine) -> bool:
    """Whether its result can be "fail"."""
    if not plain(line):
        return True
    if line.strength != "must":
        return False
    return not isinstance(line.measure, Check) or line.judged_worst[1] == "fail"


def range_of(line: CompiledLine, item: str | None) -> Range | None:
    """What a `value` condition may see of the line; None where there is no saying."""
    measure = line.measure
    if isinstance(measure, Event):
        return Range(figures=(Fraction(0), Fraction(1)), yes_no=True)
    if not plain(line):
        return None
    if item is not None:
        return _range_of_item(line, item)
    if isinstance(measure, Levels):
        return Range(words=tuple(measure.levels))
    if isinstance(measure, Check) and one_comparison(measure) is None:
        return Range(figures=(Fraction(0), Fraction(1)), yes_no=True)
    if isinstance(measure, Checklist):
        return Range(figures=tuple(Fraction(count) for count in range(len(measure.items) + 1)))
    if isinstance(measure, Marks) and measure.choices is not None:
        return Range(figures=tuple(Fraction(one) for one in measure.choices))
    if isinstance(measure, Frequency):
        return Range(Fraction(0), Fraction(100))
    if isinstance(measure, Findings):
        return Range(Fraction(0), None)
    percent = _percent(measure)
    return None if percent is None else Range(*line.limits.ends(percent=percent))


def _percent(measure: Any) -> bool | None:
    """Whether figures of the measure are in percent; None for measures of other kinds."""
    if isinstance(measure, Check):
        limit = one_comparison(measure)
        return limit is not None and in_percent(limit[1])
    if isinstance(measure, Tiers | Linear):
        return measure.percent
    if isinstance(measure, Shortfall):
        return in_percent(measure.target)
    return False if isinstance(measure, Marks) else None


def _range_of_item(line: CompiledLine, name: str) -> Range | None:
    measure = line.measure
    if isinstance(measure, Checklist):
        return Range(figures=(Fraction(0), Fraction(1)), yes_no=True)
    item = next((one for one in getattr(measure, "items", ()) if one.id == name), None)
    if not isinstance(measure, Findings) or item is None:
        return None
    if item.levels is not None:
        return Range(words=tuple(item.levels))
    if item.measured is not None:
        return Range(*item.limits(line.limits).ends(percent=bool(_percent(item.measured))))
    return Range(Fraction(0), None if item.range is None else max(Fraction(item.range[1]), Fraction(1)))

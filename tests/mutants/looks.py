"""Engines that read, pool or excuse what was seen in a wrong way."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs

from civrules import Program, Ratio
from civrules.model.measures import (
    Frequency,
)
from civrules.model.measures.measure import amount
from civrules.scoring import pooling, waiving
from civrules.scoring.line import Cell, CompiledLine
from civrules.scoring.pooling import Pool
from civrules.scoring.reading import Reader
from mutants.breaking import ANNUAL, CHECK, CONSTRUCTS, POLICIES, QUARTER, TORONTO, Made, instead, mutant
from mutants.mutant import EngineMutant


def _missing_at_best(original: Made, self: CompiledLine, *given: Any) -> Cell:
    cell: Cell = original(self, *given)
    if cell.state == "missing" and self.missing == "worst":
        return attrs.evolve(cell, points=self.judged_best[0], result=self.judged_best[1], read=self.best)
    return cell


def _held_as_nothing(original: Made, self: CompiledLine, *given: Any) -> Cell:
    cell: Cell = original(self, *given)
    return attrs.evolve(cell, points=0, result="fail") if cell.points is None and not cell.skipped else cell


def _as_points(full: bool) -> Made:
    def inapplicable(_: Made, self: CompiledLine, reason: str, observations: Any = ()) -> Cell:
        return Cell("not-applicable", None, self.full if full else 0, "not-applicable", reason, observations)

    return inapplicable


def _latest(choose: Callable[..., Any]) -> Made:
    def latest(_: Made, self: Pool, looks: Any, values: Any) -> Any:
        cells = [(self.line.seen(values[index], (look,), rounded=False), look) for index, look in looks]
        return choose(self, cells)

    return latest


def _last_handed_in(self: Pool, cells: Any) -> Any:
    newest = max(look.at or self.last for _, look in cells)
    return [cell for cell, look in cells if (look.at or self.last) == newest][-1]


def _earliest(self: Pool, cells: Any) -> Any:
    return min(cells, key=lambda pair: (pair[1].at or self.last, pair[0].points or 0))[0]


def _most_favourable(self: Pool, cells: Any) -> Any:
    newest = max(look.at or self.last for _, look in cells)
    last = [cell for cell, look in cells if (look.at or self.last) == newest]
    return max(last, key=lambda cell: pooling.favour(cell, self.line))


def _waived_anyway(_: Made, *given: Any) -> bool:
    return False


def _excused_on_top(original: Made, line: CompiledLine, cell: Cell, *given: Any) -> Cell:
    excused: Cell = original(line, cell, *given)
    return attrs.evolve(excused, points=(excused.points or 0) + (cell.points or 0), line=cell.line)


def _excused_yet_failing(original: Made, line: CompiledLine, cell: Cell, *given: Any) -> Any:
    return attrs.evolve(original(line, cell, *given), result=cell.result)


def _as_handed_in(_: Made, self: Pool, looks: Any, values: Any) -> Cell:
    index, look = looks[-1]
    return self.line.seen(values[index], (look,), rounded=False)


def _expired_on_the_day(original: Made, self: Reader, line: CompiledLine, at: Any) -> bool:
    fresh: bool = original(self, line, at)
    return fresh and (line.valid_for is None or self.on is None or at != line.valid_for.before(self.on))


def _without_the_last_day(original: Made, self: Reader, at: Any) -> bool:
    return original(self, at) and (at is None or self.period is None or at != self.period.last)


def _one_assessor(_: Made, self: Pool, looks: Any, values: Any) -> Cell:
    if isinstance(self.line.measure, Frequency):
        return self._frequency(looks, values)
    return self._looks(looks, values)


def _mean_of_all(original: Made, line: CompiledLine, cells: Any, how: str, **named: Any) -> Any:
    nothing = {"state": "seen", "points": 0, "result": "fail"}
    if how == "mean":
        cells = [attrs.evolve(cell, **nothing) if cell.state == "not-applicable" else cell for cell in cells]
    return original(line, cells, how, **named)


def _more_than_the_sample(original: Made, self: CompiledLine, value: Any, seen: Any, **named: Any) -> Any:
    if isinstance(value, Ratio) and self._sample is not None and value.read()[1] == self._sample:
        return self.not_checked("sample-too-small", seen)
    return original(self, value, seen, **named)


def _more_than_the_share(original: Made, line: CompiledLine, cells: Any) -> Any:
    how = line.criterion.places
    if how is None or isinstance(how, str) or any(cell.points is None for cell in cells):
        return original(line, cells)
    passing = sum(cell.result in ("pass", "waived") for cell in cells)
    enough = Fraction(passing * 100, len(cells)) > amount(how.at_least)
    points, result = line.judged_best if enough else line.nothing
    return Cell("seen", None, points, "pass" if enough else line.judged(result))


LOOKS: tuple[EngineMutant, ...] = (
    mutant(
        "missing-as-full",
        "What is missing counts as its best.",
        "missing",
        CHECK,
        instead(CompiledLine, "not_checked", _missing_at_best),
    ),
    mutant(
        "held-as-nothing",
        "What is held counts as nothing.",
        "missing",
        QUARTER,
        instead(CompiledLine, "not_checked", _held_as_nothing),
        instead(Program, "held", lambda *_: False),
    ),
    mutant(
        "inapplicable-as-nothing",
        "What does not apply earns nothing and stays.",
        "second-opinion",
        TORONTO,
        instead(CompiledLine, "inapplicable", _as_points(full=False)),
    ),
    mutant(
        "inapplicable-as-full",
        "What does not apply earns everything.",
        "second-opinion",
        CHECK,
        instead(CompiledLine, "inapplicable", _as_points(full=True)),
    ),
    mutant(
        "last-handed-in",
        "Of two looks of one day the last one handed in counts.",
        "order",
        CHECK,
        instead(Pool, "_latest", _latest(_last_handed_in)),
    ),
    mutant(
        "earliest",
        "The first look counts, not the latest.",
        "second-opinion",
        CHECK,
        instead(Pool, "_latest", _latest(_earliest)),
    ),
    mutant(
        "most-favourable",
        "Of two looks of one day the better one counts.",
        "second-opinion",
        TORONTO,
        instead(Pool, "_latest", _latest(_most_favourable)),
    ),
    mutant(
        "waiver-counts-anyway",
        "A waiver changes a line that passes.",
        "waiver",
        CHECK,
        instead(waiving, "_stands", _waived_anyway),
    ),
    mutant(
        "excused-on-top",
        "A waiver adds all points to those that were earned.",
        "excused",
        CHECK,
        instead(waiving, "_excused", _excused_on_top),
    ),
    mutant(
        "excused-yet-failing",
        "What is excused still counts as failed.",
        "excused",
        CHECK,
        instead(waiving, "_excused", _excused_yet_failing),
    ),
    mutant(
        "waivers-ignored", "No waiver has an effect.", "excused", ANNUAL, instead(waiving, "_stands", lambda *_: True)
    ),
    mutant(
        "latest-as-handed-in",
        "The latest look is the last in the list, whatever its day.",
        "order",
        CHECK,
        instead(Pool, "_latest", _as_handed_in),
    ),
    mutant(
        "expired-on-the-day",
        "A look expires a day early.",
        "second-opinion",
        POLICIES,
        instead(Reader, "_fresh", _expired_on_the_day),
    ),
    mutant(
        "without-the-last-day",
        "The last day of the period is not in it.",
        "second-opinion",
        CHECK,
        instead(Reader, "_counts", _without_the_last_day),
    ),
    mutant(
        "equal-looks-twice",
        "A look that was handed in twice counts twice.",
        "second-opinion",
        CONSTRUCTS,
        instead(Reader, "_once", lambda _, self, line, looks: looks),
    ),
    mutant(
        "one-assessor",
        "Looks of several assessors are pooled as those of one.",
        "second-opinion",
        POLICIES,
        instead(Pool, "_assessors", _one_assessor),
    ),
    mutant(
        "mean-of-all",
        "A mean counts what does not apply as nothing.",
        "second-opinion",
        POLICIES,
        instead(pooling, "combined", _mean_of_all),
    ),
    mutant(
        "more-than-the-sample",
        "A sample that is just large enough is too small.",
        "second-opinion",
        POLICIES,
        instead(CompiledLine, "_looked", _more_than_the_sample),
    ),
    mutant(
        "more-than-the-share",
        "Just enough places are not enough.",
        "second-opinion",
        POLICIES,
        instead(pooling, "_of_places", _more_than_the_share),
    ),
    mutant(
        "applies-anyway",
        "What applies to some communities applies to all.",
        "second-opinion",
        CONSTRUCTS,
        instead(Program, "inapplicable", lambda *_: {}),
    ),
)

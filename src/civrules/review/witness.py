"""Witness: the smallest input that does what should not happen; shown only where the engine agrees."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import ceil, floor, lcm
from typing import Any, TypeAlias

from civrules.errors import CivrulesError
from civrules.model.community import Community
from civrules.model.figures import NotApplicable, Ratio, decimals_of, plain
from civrules.model.measures import Check, Checklist, Event, Findings, Item, Levels, Linear, Marks, Shortfall, Tiers
from civrules.model.measures.measure import amount, in_percent, one_comparison
from civrules.model.observation import Seen
from civrules.review.lines import plain as is_plain
from civrules.review.reviewed import Reviewed
from civrules.review.ways import Ways
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.line import CompiledLine, Points, as_decimal
from civrules.scoring.program import shares_of

Input: TypeAlias = dict[str, Any]
"""What is seen of every criterion."""
Wanted: TypeAlias = Callable[[Evaluation], bool]

_ANYBODY = Community("any")
_ANY_DAY = date(2000, 1, 1)
_MOST_VALUES = 500
_MOST_ITEMS = 50
_FINEST = 4
_MOST_SHRUNK = 500


class Witness:
    """Looks for inputs of one standard, observed of one community."""

    says = staticmethod(is_plain)
    """Whether a value seen once says all of a line, so that inputs may have it."""

    def __init__(self, reviewed: Reviewed, community: Community = _ANYBODY) -> None:
        self.reviewed = reviewed
        self._community = community
        self.program = reviewed.program
        effective = reviewed.standard.effective
        self.day = effective.first or effective.last or _ANY_DAY
        shares = (shares_of(section, demerits=reviewed.demerits) for section in reviewed.standard.sections)
        self.shares = dict(chain.from_iterable(shares))
        self._made: dict[int, Ways | None] = {}
        self._given: dict[tuple[int, int], dict[int, Any]] = {}
        self.lines = [line for line in self.program.lines if line.scored and line.id in self.shares and self.says(line)]

    @cached_property
    def common(self) -> int:
        """What makes every line's share of the total whole."""
        return lcm(*(self.shares[line.id].denominator for line in self.lines))

    def evaluated(self, seen: Input) -> Evaluation | None:
        """What the engine makes of an input; None where it refuses it."""
        try:
            return self.program.evaluate(self.community(seen), self.looks(seen), on=self.day)
        except CivrulesError:
            return None

    def community(self, _: Input) -> Community:
        """The community that is observed; left out, one that says nothing of itself."""
        return self._community

    def looks(self, seen: Input) -> Seen:
        """The input as the engine takes it."""
        return seen

    def does(self, seen: Input, wanted: Wanted) -> bool:
        """Whether the engine agrees that the input does it."""
        evaluation = self.evaluated(seen)
        return evaluation is not None and wanted(evaluation)

    def ends(self, line: CompiledLine, *, best: bool) -> Any:
        """The value that gives the most, or the fewest, points."""
        return written(line, line.best if best else line.worst)

    def every(self, *, best: bool) -> Input:
        """Every line at its best, or at its worst; what must be reported did not happen."""
        seen = {line.id: self.ends(line, best=best) for line in self.lines}
        reported = {line.id: False for line in self.program.lines if line.event and line.required}
        return {name: value for name, value in {**seen, **reported}.items() if value is not None}

    def smallest(self, seen: Input, wanted: Wanted) -> Input:
        """The input with fewer lines off their best and none that could be left out; a very long one as it is."""
        if len(seen) > _MOST_SHRUNK:
            return seen
        for line in self.lines:
            best = self.ends(line, best=True)
            if line.id in seen and seen[line.id] != best and self.does({**seen, line.id: best}, wanted):
                seen = {**seen, line.id: best}
        for name in list(seen):
            less = {other: value for other, value in seen.items() if other != name}
            if self.does(less, wanted):
                seen = less
        return seen

    def shown(self, tried: Iterable[Input], wanted: Wanted) -> str | None:
        """The first of the inputs that does it, made as small as it goes, in words; None where none does."""
        for seen in tried:
            if self.does(seen, wanted):
                return said(self.smallest(seen, wanted))
        return None

    def scoring(self, low: Points, high: Points) -> Iterator[Input]:
        """Inputs whose lines, each with its share of the total, come to a sum between two ends in units.

        Those of whole figures come first, then those of more and more decimals.
        """
        for finest in range(_FINEST + 1):
            ways = self._ways(finest)
            if ways is not None and (not finest or ways != self._ways(finest - 1)):
                for values in ways.making(ceil(low * self.common), floor(high * self.common)):
                    chosen = {line.id: value for line, value in zip(self.lines, values, strict=True)}
                    yield {**self.every(best=True), **chosen}

    def _ways(self, finest: int) -> Ways | None:
        """The steps that values of so many decimals can make, in units times `common`; None where a line has none."""
        if finest not in self._made:
            values = [self._values(line, finest) for line in self.lines]
            steps = [
                {int(points * self.shares[line.id] * self.common): value for points, value in given.items()}
                for line, given in zip(self.lines, values, strict=True)
            ]
            whole = steps and all(steps)
            self._made[finest] = Ways(steps, [self._best_of(one) for one in steps]) if whole else None
        return self._made[finest]

    def _best_of(self, steps: Iterable[int]) -> int:
        return min(steps) if self.reviewed.demerits else max(steps)

    def _values(self, line: CompiledLine, finest: int) -> Mapping[int, Any]:
        """Values of the line by the points that they give, where these are whole units."""
        found = self._given.get((line.index, finest))
        if found is not None:
            return found
        found = self._given[line.index, finest] = {}
        for value in tried_values(line, finest):
            try:
                read, points, _ = line.read(value)
            except CivrulesError:
                continue
            if isinstance(points, int) and not isinstance(read, NotApplicable) and len(found) < _MOST_VALUES:
                found.setdefault(points, value)
        return found


def tried_values(line: CompiledLine, finest: int) -> Iterator[Any]:
    """Values to try: the ends, and what lies on and beside every threshold; figures of at most so many decimals."""
    yield from (value for value in (written(line, line.best), written(line, line.worst)) if value is not None)
    measure = line.measure
    if isinstance(measure, Levels):
        yield from measure.levels
    elif isinstance(measure, Checklist):
        for held in range(len(measure.items) + 1):
            yield {item.id: place < held for place, item in enumerate(measure.items)}
    elif isinstance(measure, Findings):
        yield from _found(line, measure)
    elif isinstance(measure, Marks) and measure.choices is not None:
        yield from measure.choices
    elif isinstance(measure, Check | Tiers | Linear | Shortfall | Marks):
        yield from _figures(line, thresholds(measure), finest)


def _found(line: CompiledLine, findings: Findings) -> Iterator[Any]:
    """One item found so and so often, or at each of its levels, the others as good as can be."""
    best = written(line, line.best) or {}
    for item in findings.items:
        for value in _item_values(item):
            yield {**best, item.id: value}


def _item_values(item: Item) -> Iterable[Any]:
    if item.levels is not None:
        levels = item.levels.items()
        return [f"{one}={plain(taken[0])}" if isinstance(taken, tuple) else one for one, taken in levels]
    if item.measured is not None:
        return [as_decimal(one) for one in thresholds(item.measured) if decimals_of(one) is not None]
    return item.each if isinstance(item.each, tuple) else range(1, _MOST_ITEMS + 1)


def thresholds(measure: Any) -> list[Fraction]:
    """The figures at which a measure of figures turns; of steps without end the first."""
    if isinstance(measure, Check):
        limit = one_comparison(measure)
        return [] if limit is None else [amount(limit[1])]
    if isinstance(measure, Tiers):
        return [limit for _, limit, _ in measure.steps]
    if isinstance(measure, Linear):
        ends = [one for one in (measure.zero_at, measure.full_at) if one is not None]
        return [*map(amount, ends), *(amount(at) for at, _ in measure.knots or ())]
    if isinstance(measure, Shortfall):
        target, per = amount(measure.target), amount(measure.per)
        way = -1 if measure.better == "above" else 1
        return [target + way * per * step for step in range(_MOST_ITEMS)]
    return [Fraction(one) for band in (getattr(measure, "bands", None) or {}).values() for one in band]


def _figures(line: CompiledLine, marks: list[Fraction], finest: int) -> Iterator[Decimal]:
    """The marks, what lies beside them, and a row of figures between the ends."""
    measure = line.measure
    if isinstance(measure, Check) and not marks:
        return
    percent = bool(getattr(measure, "percent", False)) or (
        isinstance(measure, Check | Shortfall) and in_percent(getattr(measure, "target", None) or _limit(measure))
    )
    low, high = line.limits.ends(percent=percent)
    step = Fraction(1, 10 ** min(finest, line.limits.decimals))
    beside = [mark + side * step for mark in marks for side in (0, -1, 1)]
    inner = [one for one in beside if low <= one <= high]
    first, last = (min(inner), max(inner)) if inner and not isinstance(measure, Marks) else (low, high)
    start = -(-first // step) * step
    count = min(int((last - start) / step) + 1, _MOST_VALUES) if last - start >= 0 else 0
    for one in (*inner, *(start + place * step for place in range(count))):
        if low <= one <= high and decimals_of(one) is not None:
            yield as_decimal(one)


def _limit(check: Any) -> Any:
    limit = one_comparison(check) if isinstance(check, Check) else None
    return None if limit is None else limit[1]


def written(line: CompiledLine, read: Any) -> Any:
    """A value as it is observed; None where one look cannot say it."""
    measure = line.measure
    if isinstance(measure, Checklist):
        return {item.id: held for item, held in zip(measure.items, read, strict=True)}
    if isinstance(measure, Findings):
        return {item.id: _item(line, item, one) for item, one in zip(measure.items, read, strict=True)}
    if isinstance(measure, Event):
        return read
    if isinstance(read, bool | str):
        return read
    exact = Fraction(read) if isinstance(read, Fraction | int) else None
    return None if exact is None or decimals_of(exact) is None else as_decimal(exact)


def _item(line: CompiledLine, item: Item, found: Any) -> Any:
    if isinstance(found.seen, str):
        settled = isinstance((item.levels or {})[found.seen], tuple)
        return f"{found.seen}={plain(found.settled)}" if settled else found.seen
    if item.measured is not None:
        return as_decimal(found.seen)
    if found.settled is not None and found.seen:
        return as_decimal(found.settled)
    if item.attributable:
        return "attributable" if found.seen else 0
    return _no_more(line, item, found.seen)


def _no_more(line: CompiledLine, item: Item, count: int) -> int:
    """As many as are needed to take all that can be taken."""
    each = item.each if isinstance(item.each, Decimal) else None
    if item.takes != "some" or not each:
        return min(count, 1)
    rooms = [Fraction(item.cap)] if item.cap is not None else []
    rooms += [] if line.open_ended else [line.most - min(line.least, Fraction(0))]
    return min(count, *(int(-(-room // Fraction(each))) for room in rooms)) if rooms else count


def said(seen: Input) -> str:
    """The input as the columns of a table have it: `criterion=value`, `criterion:item=value`."""
    return ", ".join(f"{column}={value}" for name in seen for column, value in _columns(name, seen[name])) or "∅"


def _columns(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for item, one in value.items():
            yield f"{name}:{item}", _cell(one)
    else:
        yield name, _cell(value)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, NotApplicable):
        return f"n/a: {value.reason}"
    if isinstance(value, Ratio):
        return f"{value.n}/{value.of}"
    return plain(value) if isinstance(value, int | Decimal | Fraction) else str(value)

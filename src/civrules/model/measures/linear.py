"""linear: straight lines between values and points."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import attrs

from civrules.errors import Problem
from civrules.model.condition import Threshold
from civrules.model.formula import Exact, either, every, opposite
from civrules.model.given import number_of, threshold_of
from civrules.model.measures.measure import (
    Judged,
    Limits,
    amount,
    beyond,
    change_problems,
    decimals,
    in_percent,
    number,
    outcome,
    same_unit,
    say_number,
)
from civrules.model.measures.prepared import Formula, none_of_it, of_figure
from civrules.model.text import Lang


def _knots(knots: Any) -> tuple[tuple[Threshold, Decimal], ...] | None:
    return None if knots is None else tuple((threshold_of(at), number_of(points)) for at, points in knots)


@attrs.frozen(kw_only=True)
class Linear:
    """Points in proportion: none at `zero_at`, all at `full_at`; or straight lines between `knots` (value, points).

    Two ends go on in proportion beyond them, within the criterion's points; knots are flat outside.

    >>> Linear(zero_at=60, full_at=100).full_at
    Decimal('100')
    """

    kind: ClassVar[str] = "linear"
    loses: ClassVar[bool] = False

    zero_at: Threshold | None = attrs.field(default=None, converter=threshold_of)
    full_at: Threshold | None = attrs.field(default=None, converter=threshold_of)
    knots: tuple[tuple[Threshold, Decimal], ...] | None = attrs.field(default=None, converter=_knots)
    change: bool = False
    first: Threshold | None = attrs.field(default=None, converter=threshold_of)

    @property
    def percent(self) -> bool:
        """Whether the figures are in %."""
        return in_percent(self.knots[0][0] if self.knots else self.zero_at)

    @cached_property
    def _two(self) -> tuple[Fraction, Fraction]:
        zero, full = self.zero_at, self.full_at
        assert zero is not None
        assert full is not None
        return amount(zero), amount(full)

    @cached_property
    def _lines(self) -> list[tuple[Fraction, Fraction]]:
        return [(amount(at), Fraction(points)) for at, points in self.knots or ()]

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The figure as a fraction."""
        return number(value, limits, percent=self.percent)

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The point on the line."""
        if self.knots is not None:
            points = self._between(read)
            return points, outcome(points, max(points for _, points in self._lines), least)
        zero, full = self._two
        part = (read - zero) / (full - zero)
        points = min(most, most * part) if least is None else max(least, min(most, most * part))
        return points, "pass" if part >= 1 else outcome(
            points, most, least
        ) if most else "fail" if part <= 0 else "partial"

    def _between(self, read: Fraction) -> Fraction:
        lines = self._lines
        if read <= lines[0][0]:
            return lines[0][1]
        for (left, low), (right, high) in pairwise(lines):
            if read <= right:
                return low + (high - low) * (read - left) / (right - left)
        return lines[-1][1]

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The figures that give the fewest and the most points: the range's ends, or knots within it."""
        low, high = limits.ends(percent=self.percent)
        tried = [low, *(at for at, _ in self._lines if low <= at <= high), high]
        if self.rising(None) < 0:
            tried.reverse()
        by_points = sorted(tried, key=lambda one: self.judge(one, most, least)[0])
        return by_points[0], by_points[-1]

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """The point on the line, of a figure held to where the line rises or falls."""

        def between_ends(seen: Exact) -> Formula:
            zero, full = self._two
            part = seen.plus(Exact.of(-zero)).times(1 / (full - zero))
            passes = part.at_least(Exact.of(1))
            if least is not None:
                none = least / most if most else Fraction(0)
                part = part.least(Exact.of(1)).greatest(Exact.of(none))
            points = part.times(most) if least is None else part.times(most).greatest(Exact.of(least))
            none_of = none_of_it(points, passes, least) if most else Exact.of(0).at_least(part)
            return Formula(points, passes, every(opposite(passes), none_of), {None: seen}, {})

        def between_knots(seen: Exact) -> Formula:
            points = self._knot_points(seen)
            passes = points.at_least(Exact.of(max(points for _, points in self._lines)))
            return Formula(points, passes, none_of_it(points, passes, least), {None: seen}, {})

        judged = between_ends if self.knots is None else between_knots
        return of_figure(place, limits, percent=self.percent, judged=judged)

    def _knot_points(self, seen: Exact) -> Exact:
        """The points between the knots, flat outside."""
        lines = self._lines
        points = Exact.of(lines[-1][1])
        for (left, low), (right, high) in reversed(list(pairwise(lines))):
            held = seen.least(Exact.of(right)).greatest(Exact.of(left))
            here = held.plus(Exact.of(-left)).times((high - low) / (right - left)).plus(Exact.of(low))
            points = either(Exact.of(right).at_least(seen), here, points)
        return points

    def quotient(self) -> bool:
        """Always: a line divides."""
        return True

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The decimals of the knots' points."""
        return decimals(*(points for _, points in self._lines))

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """The figure."""
        return Fraction(read)

    def rising(self, item: str | None, /) -> int:
        """By the way the line goes; 0 where it turns."""
        if self.knots is None:
            zero, full = self._two
            return 1 if full > zero else -1
        points = [points for _, points in self._lines]
        return 1 if points == sorted(points) else -1 if points == sorted(points, reverse=True) else 0

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """Ends and knots together or neither, ends that are equal, knots out of order, points outside."""
        yield from change_problems(self.change, self.first)
        ends = [end for end in (self.zero_at, self.full_at) if end is not None]
        if (self.knots is None) == (not ends) or len(ends) == 1:
            given = [name for name in ("zero_at", "full_at", "knots") if getattr(self, name) is not None]
            yield Problem("one-of", (), ", ".join(given) or None, "zero_at with full_at, knots")
            return
        if ends:
            yield from same_unit(ends)
            if amount(ends[0]) == amount(ends[1]):
                yield Problem("bad-order", (), ends[0], "zero_at and full_at to differ")
            return
        yield from self._knot_problems(most, least)

    def _knot_problems(self, most: Fraction | None, least: Fraction) -> Iterator[Problem]:
        knots = self.knots or ()
        if len(knots) < 2:
            yield Problem("bad-argument", ("knots",), len(knots), "at least two knots")
            return
        yield from same_unit([at for at, _ in knots], "knots")
        values = [amount(at) for at, _ in knots]
        if values != sorted(set(values)):
            yield Problem("bad-order", ("knots",), tuple(at for at, _ in knots), "values that rise")
        for index, (_, points) in enumerate(knots, 1):
            yield from beyond(Fraction(points), most, least, f"knots[{index}]")

    def say(self, read: Any, lang: Lang, /) -> str:
        """The figure."""
        return say_number(read, percent=self.percent)

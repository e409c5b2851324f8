"""tiers: the points of the first tier that holds."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import attrs

from civrules.errors import Problem
from civrules.model.condition import COMPARISONS, Threshold
from civrules.model.formula import Exact, compared, either, every, opposite, some
from civrules.model.given import number_of, threshold_of
from civrules.model.measures.measure import (
    Judged,
    Limits,
    amount,
    beyond,
    change_problems,
    compare,
    decimals,
    in_percent,
    number,
    one_comparison,
    outcome,
    same_unit,
    say_number,
)
from civrules.model.measures.prepared import Formula, none_of_it, of_figure
from civrules.model.text import Lang

_RISING = {"at_least": 1, "more_than": 1, "at_most": -1, "less_than": -1}


def _tuple(tiers: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(tiers)


@attrs.frozen(kw_only=True)
class Tier:
    """One comparison, and the `points` that it gives where it holds."""

    points: Decimal = attrs.field(converter=number_of)
    at_least: Threshold | None = attrs.field(default=None, converter=threshold_of)
    more_than: Threshold | None = attrs.field(default=None, converter=threshold_of)
    at_most: Threshold | None = attrs.field(default=None, converter=threshold_of)
    less_than: Threshold | None = attrs.field(default=None, converter=threshold_of)


@attrs.frozen(kw_only=True)
class Tiers:
    """The points of the first of the `tiers` that holds for a figure or n of m; the least points where none does.

    >>> len(Tiers(tiers=(Tier(at_least="95%", points=4), Tier(at_least="90%", points=2))).tiers)
    2
    """

    kind: ClassVar[str] = "tiers"
    loses: ClassVar[bool] = False

    tiers: tuple[Tier, ...] = attrs.field(converter=_tuple)
    change: bool = False
    first: Threshold | None = attrs.field(default=None, converter=threshold_of)

    @cached_property
    def steps(self) -> list[tuple[str, Fraction, Fraction]]:
        """Every tier's comparison, threshold and points."""
        found = ((one_comparison(tier), tier.points) for tier in self.tiers)
        return [(limit[0], amount(limit[1]), Fraction(points)) for limit, points in found if limit is not None]

    @property
    def percent(self) -> bool:
        """Whether the figures are in %."""
        limit = one_comparison(self.tiers[0]) if self.tiers else None
        return limit is not None and in_percent(limit[1])

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The figure as a fraction."""
        return number(value, limits, percent=self.percent)

    def points_of(self, read: Fraction) -> Fraction | None:
        """The points of the first tier that holds; None where none does."""
        return next((points for word, limit, points in self.steps if compare(word, read, limit)), None)

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The tier's points; pass is the best tier."""
        found = self.points_of(read)
        points = found if found is not None else (least or Fraction(0))
        best = max(points for _, _, points in self.steps)
        return points, "fail" if found is None else outcome(points, best, least)

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The figures, among those on and beside every threshold, that give the fewest and the most points."""
        low, high = limits.ends(percent=self.percent)
        step = Fraction(1, 10**limits.decimals)
        beside = (one for _, limit, _ in self.steps for one in (limit - step, limit, limit + step))
        tried = [low, *(one for one in beside if low <= one <= high), high]
        if self.rising(None) < 0:
            tried.reverse()
        by_points = sorted(tried, key=lambda one: least if (points := self.points_of(one)) is None else points)
        return by_points[0], by_points[-1]

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """The points of the first tier that holds."""
        best = max(points for _, _, points in self.steps)

        def judged(seen: Exact) -> Formula:
            points = self.first_that_holds(seen, Exact.of(least or 0))
            found = some(*(compared(word, seen, Exact.of(limit)) for word, limit, _ in self.steps))
            passes = every(found, points.at_least(Exact.of(best)))
            fails = some(opposite(found), none_of_it(points, passes, least))
            return Formula(points, passes, fails, {None: seen}, {})

        return of_figure(place, limits, percent=self.percent, judged=judged)

    def first_that_holds(self, seen: Exact, otherwise: Exact) -> Exact:
        """The points of the first tier that holds, as a formula."""
        points = otherwise
        for word, limit, given in reversed(self.steps):
            points = either(compared(word, seen, Exact.of(limit)), Exact.of(given), points)
        return points

    def quotient(self) -> bool:
        """Never: a ratio is compared, not divided."""
        return False

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The most decimals among the tiers' points."""
        return decimals(*(points for _, _, points in self.steps))

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """The figure."""
        return Fraction(read)

    def rising(self, item: str | None, /) -> int:
        """1 or -1 where all tiers look one way and their points fall in order; else 0."""
        steps = self.steps
        ways = {_RISING[word] for word, _, _ in steps}
        points = [points for _, _, points in steps]
        limits = [limit for _, limit, _ in steps]
        if len(ways) != 1 or points != sorted(points, reverse=True) or min(points) < 0:
            return 0
        way = ways.pop()
        return way if limits == sorted(limits, reverse=way > 0) else 0

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """No tiers, a tier without one comparison, mixed units, points outside the criterion's."""
        yield from change_problems(self.change, self.first)
        if not self.tiers:
            yield Problem("empty", ("tiers",), None, "at least one tier")
        for index, tier in enumerate(self.tiers, 1):
            given = [word for word in COMPARISONS if getattr(tier, word) is not None]
            if len(given) != 1:
                yield Problem("one-of", (f"tiers[{index}]",), ", ".join(given) or None, ", ".join(COMPARISONS))
            yield from beyond(Fraction(tier.points), most, least, f"tiers[{index}]", "points")
        yield from same_unit([limit[1] for tier in self.tiers if (limit := one_comparison(tier))], "tiers")

    def say(self, read: Any, lang: Lang, /) -> str:
        """The figure."""
        return say_number(read, percent=self.percent)

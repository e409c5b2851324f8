"""shortfall: what is taken off for every step short of a target."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

import attrs

from civrules.errors import Problem, nearest
from civrules.model.condition import Threshold
from civrules.model.formula import Exact, opposite
from civrules.model.given import number_of, threshold_of
from civrules.model.measures.measure import (
    Judged,
    Limits,
    amount,
    change_problems,
    decimals,
    in_percent,
    lost_result,
    number,
    same_unit,
    say_number,
)
from civrules.model.measures.prepared import Formula, none_of_it, of_figure
from civrules.model.text import Lang

Steps = Literal["full", "started", "exact"]


@attrs.frozen(kw_only=True)
class Shortfall:
    """All points at the `target`; `deduct` for every `per` short of it, or beyond it where `better` is "below".

    `steps` says what a part of a step costs: nothing ("full"), a whole step ("started") or its part ("exact").

    >>> Shortfall(target="100%", per="1%", deduct=0.5, steps="started").takes(Fraction(195, 2))
    Fraction(3, 2)
    """

    kind: ClassVar[str] = "shortfall"
    loses: ClassVar[bool] = True

    target: Threshold = attrs.field(converter=threshold_of)
    per: Threshold = attrs.field(converter=threshold_of)
    deduct: Decimal = attrs.field(converter=number_of)
    steps: Steps
    better: Literal["above", "below"] = "above"
    change: bool = False
    first: Threshold | None = attrs.field(default=None, converter=threshold_of)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The figure as a fraction."""
        return number(value, limits, percent=in_percent(self.target))

    def takes(self, read: Fraction) -> Fraction:
        """The points taken off, without a floor."""
        gap = amount(self.target) - read if self.better == "above" else read - amount(self.target)
        steps = max(gap, Fraction(0)) / amount(self.per)
        if self.steps == "full":
            steps = Fraction(steps.numerator // steps.denominator)
        elif self.steps == "started":
            steps = Fraction(-(-steps.numerator // steps.denominator))
        return steps * Fraction(self.deduct)

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """`most` less what is taken."""
        taken = self.takes(read)
        points = most - taken if least is None else max(least, most - taken)
        return points, lost_result(points, taken, least)

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The range's ends, the worse first."""
        low, high = limits.ends(percent=in_percent(self.target))
        return (low, high) if self.better == "above" else (high, low)

    def lost(self, seen: Exact, most: Fraction | None) -> Exact:
        """The points taken off as a formula; of figures beyond where `most` is gone only that they are."""
        target, per, deduct = amount(self.target), amount(self.per), Fraction(self.deduct)
        gap = Exact.of(target).plus(seen.times(-1)) if self.better == "above" else seen.plus(Exact.of(-target))
        gap = gap.greatest(Exact.of(0))
        if most is not None:
            gap = gap.least(Exact.of((most / deduct + 1) * per))
        steps = gap.times(1 / per)
        if self.steps != "exact":
            steps = Exact(steps.rounded("down" if self.steps == "full" else "up"))
        return steps.times(deduct)

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """`most` less what is taken."""

        def judged(seen: Exact) -> Formula:
            taken = self.lost(seen, None if least is None else most - least)
            points = Exact.of(most).plus(taken.times(-1))
            points = points if least is None else points.greatest(Exact.of(least))
            passes = opposite(taken.more_than(Exact.of(0)))
            return Formula(points, passes, none_of_it(points, passes, least), {None: seen}, {})

        return of_figure(place, limits, percent=in_percent(self.target), judged=judged)

    def quotient(self) -> bool:
        """Where a part of a step counts."""
        return self.steps == "exact"

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The decimals of `deduct`."""
        return decimals(self.deduct)

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """The figure."""
        return Fraction(read)

    def rising(self, item: str | None, /) -> int:
        """By `better`."""
        return 1 if self.better == "above" else -1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """Mixed units, a step or a deduction that is not above 0, unknown words."""
        yield from change_problems(self.change, self.first)
        yield from same_unit([self.target, self.per])
        for name in ("per", "deduct"):
            value = getattr(self, name)
            if amount(value) <= 0:
                yield Problem("out-of-range", (name,), value, "above 0")
        for name, words in (("steps", ("full", "started", "exact")), ("better", ("above", "below"))):
            if getattr(self, name) not in words:
                yield Problem(
                    "unknown-word", (name,), getattr(self, name), ", ".join(words), nearest(getattr(self, name), words)
                )

    def say(self, read: Any, lang: Lang, /) -> str:
        """The figure."""
        return say_number(read, percent=in_percent(self.target))

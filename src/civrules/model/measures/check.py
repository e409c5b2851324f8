"""check: yes or no, or a figure against one threshold; all points or none."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from civrules.errors import Problem
from civrules.model.condition import COMPARISONS, Threshold
from civrules.model.formula import Exact, Test, compared, either, opposite, slot
from civrules.model.given import threshold_of
from civrules.model.measures.measure import (
    Judged,
    Limits,
    amount,
    change_problems,
    compare,
    in_percent,
    number,
    one_comparison,
    say_number,
    yes_no,
)
from civrules.model.measures.prepared import Formula, of_figure
from civrules.model.text import Lang


@attrs.frozen(kw_only=True)
class Check:
    """All points if as expected, else none: yes/no (`expect`), or a figure or n of m against one comparison.

    >>> Check(at_least="95%").at_least
    '95%'
    """

    kind: ClassVar[str] = "check"
    loses: ClassVar[bool] = True

    expect: bool = True
    at_least: Threshold | None = attrs.field(default=None, converter=threshold_of)
    more_than: Threshold | None = attrs.field(default=None, converter=threshold_of)
    at_most: Threshold | None = attrs.field(default=None, converter=threshold_of)
    less_than: Threshold | None = attrs.field(default=None, converter=threshold_of)
    change: bool = False
    first: Threshold | None = attrs.field(default=None, converter=threshold_of)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """bool, or the figure as a fraction."""
        if (limit := one_comparison(self)) is None:
            return yes_no(value)
        return number(value, limits, percent=in_percent(limit[1]))

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """`most` if as expected, else `least`."""
        limit = one_comparison(self)
        holds = read == self.expect if limit is None else compare(limit[0], read, amount(limit[1]))
        return (most, "pass") if holds else (least if least is not None else Fraction(0), "fail")

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The values that fail and pass."""
        if (limit := one_comparison(self)) is None:
            return (not self.expect, self.expect)
        low, high = limits.ends(percent=in_percent(limit[1]))
        return (low, high) if limit[0] in ("at_least", "more_than") else (high, low)

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """All or none of the points."""

        def judged(seen: Exact | Test, holds: Test) -> Formula:
            points = either(holds, Exact.of(most), Exact.of(least or 0))
            return Formula(points, holds, opposite(holds), {None: seen}, {})

        if (limit := one_comparison(self)) is None:
            said = slot(place, 0, 1)
            return judged(said, said if self.expect else opposite(said))
        word, end = limit[0], Exact.of(amount(limit[1]))
        return of_figure(
            place, limits, percent=in_percent(limit[1]), judged=lambda one: judged(one, compared(word, one, end))
        )

    def quotient(self) -> bool:
        """Never: a ratio is compared, not divided."""
        return False

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """None beyond the criterion's own points."""
        return 0

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """yes/no, or the figure."""
        return read if isinstance(read, bool | Fraction) else None

    def rising(self, item: str | None, /) -> int:
        """By the side on which the threshold lies."""
        if (limit := one_comparison(self)) is None:
            return 1 if self.expect else -1
        return 1 if limit[0] in ("at_least", "more_than") else -1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """More than one comparison, or a comparison beside `expect = false`."""
        yield from change_problems(self.change, self.first)
        given = [word for word in COMPARISONS if getattr(self, word) is not None]
        if self.change and not given:
            yield Problem("must-compare", (), "change", ", ".join(COMPARISONS))
        if len(given) > 1 or (given and not self.expect):
            yield Problem(
                "one-of",
                (),
                ", ".join([*([] if self.expect else ["expect"]), *given]),
                ", ".join(("expect", *COMPARISONS)),
            )

    def say(self, read: Any, lang: Lang, /) -> str:
        """Yes or no, or the figure."""
        if isinstance(read, bool):
            return ("是" if read else "否") if lang == "zh" else ("yes" if read else "no")
        limit = one_comparison(self)
        return say_number(read, percent=limit is not None and in_percent(limit[1]))

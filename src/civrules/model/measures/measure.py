"""What every measure offers, and how the values that measures share are read."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Literal, Protocol

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.condition import COMPARISONS, Threshold
from civrules.model.figures import (
    MOST_COUNT,
    MOST_DIGITS,
    NOTHING_COUNTED,
    NotApplicable,
    Ratio,
    decimals_of,
    figure,
    plain,
)
from civrules.model.text import Lang

Outcome = Literal["pass", "partial", "fail"]
Judged = tuple[Fraction, Outcome]


@attrs.frozen
class Limits:
    """What may be observed for a criterion: its `range` (both ends included) and its `decimals`."""

    range: tuple[Decimal | Fraction, Decimal | Fraction] | None = None
    decimals: int = 4

    def ends(self, *, percent: bool) -> tuple[Fraction, Fraction]:
        """The least and the greatest figure: the range, else 0 to 100 in %, else what 18 digits can write."""
        if self.range is not None:
            return Fraction(self.range[0]), Fraction(self.range[1])
        most = 100 if percent else 10**MOST_DIGITS
        return Fraction(0 if percent else -most), Fraction(most)


@attrs.frozen
class Open:
    """Something was reported, and what decides whether it counts was left open; it stands as missing."""

    reason: str = "attribution-open"


class AnyMeasure(Protocol):
    """How what was seen becomes points, as the engine asks for it.

    A frozen attrs class whose fields are the keys of the document's table. `most` is the criterion's points, `least`
    the least it gives. Points are given in the sense of merits; where `loses` is true, demerits are what the value
    would have lost.
    """

    kind: ClassVar[str]
    loses: ClassVar[bool]
    """Whether demerits take what is lost (True) or the points as written (False)."""

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The value, checked and exact; NotApplicable where there was nothing to count, Open where it cannot be judged.

        Raises InvalidInput.
        """

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The points before rounding, not below `least` (None: no floor), and the result."""

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The values that give the fewest and the most points; None where there is no end."""

    def quotient(self) -> bool:
        """Whether the points can be a quotient, which the standard must round."""

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """How many decimals the points can have where they are no quotient."""

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """What a `value` condition compares; None where the item does not apply."""

    def rising(self, item: str | None, /) -> int:
        """1 where points rise with the figure, -1 where they fall, 0 where neither can be said."""

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """What is wrong with the measure on a criterion of these points."""

    def say(self, read: Any, lang: Lang, /) -> str:
        """What was seen, in words."""


YES_NO: Mapping[str, bool] = {
    "yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False,
}  # fmt: skip


def yes_no(value: Any) -> bool:
    """yes/no as bool, 1/0, or the words yes, no, true, false, 是, 否 in any case. Raises InvalidInput."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in YES_NO:
        return YES_NO[value.lower()]
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    if getattr(getattr(value, "dtype", None), "kind", "") == "b":
        return bool(value)
    raise InvalidInput(Problem("not-yes-no", (), value))


def number(value: Any, limits: Limits, *, percent: bool) -> Fraction | NotApplicable:
    """A figure or n of m as an exact fraction, in percent where `percent`; NotApplicable where m is 0.

    Raises InvalidInput where a figure has more decimals than `limits`, or lies outside them.
    """
    if isinstance(value, Ratio):
        n, of = value.read()
        if of == 0:
            if n:
                raise InvalidInput(Problem("out-of-range", (), f"{n}/0", "n of m, m at least n"))
            return NOTHING_COUNTED
        exact = Fraction(n * 100 if percent else n, of)
    else:
        written, in_percent = figure(value)
        if in_percent and not percent:
            raise InvalidInput(Problem("percent-here", (), value))
        exact = Fraction(written)
        if (decimals_of(exact) or 0) > limits.decimals:
            raise InvalidInput(Problem("too-precise", (), value, f"{limits.decimals}"))
    low, high = limits.ends(percent=percent)
    if not low <= exact <= high:
        unit = "%" if percent else ""
        raise InvalidInput(Problem("out-of-range", (), _written(value), f"{plain(low)}{unit} … {plain(high)}{unit}"))
    return exact


def _written(value: Any) -> Any:
    return f"{value.n}/{value.of}" if isinstance(value, Ratio) else value


@lru_cache(maxsize=4096)
def amount(limit: Threshold) -> Fraction:
    """A threshold as a fraction, "95%" as 95."""
    return Fraction(limit) if isinstance(limit, Decimal) else Fraction(limit.rstrip("%"))


def in_percent(limit: Threshold | None) -> bool:
    """Whether a threshold is written in %."""
    return isinstance(limit, str)


def share(points: Threshold, most: Fraction) -> Fraction:
    """Points as written, or their percent of the criterion's."""
    return amount(points) * most / 100 if in_percent(points) else amount(points)


def decimals(*amounts: Fraction | Decimal) -> int:
    """The most decimals among the amounts."""
    return max((decimals_of(one) or 0 for one in amounts), default=0)


def compare(word: str, seen: Fraction | int, limit: Fraction | int) -> bool:
    """Whether `seen` is at_least, more_than, at_most or less_than `limit`."""
    match word:
        case "at_least":
            return seen >= limit
        case "more_than":
            return seen > limit
        case "at_most":
            return seen <= limit
        case _:
            return seen < limit


def one_comparison(holder: object) -> tuple[str, Threshold] | None:
    """The comparison that the object holds; None where it holds none or several."""
    given = [(word, getattr(holder, word)) for word in COMPARISONS if getattr(holder, word) is not None]
    return given[0] if len(given) == 1 else None


def outcome(points: Fraction, most: Fraction, least: Fraction | None) -> Outcome:
    """pass for all of it, fail for none of it, partial between."""
    if points >= most:
        return "pass"
    return "fail" if least is not None and points <= least else "partial"


def lost_result(points: Fraction, lost: Fraction, least: Fraction | None) -> Outcome:
    """pass where nothing was lost, fail where all was, partial between; whatever the criterion's points are."""
    if not lost:
        return "pass"
    return "fail" if least is not None and points <= least else "partial"


def beyond(points: Fraction, most: Fraction | None, least: Fraction, *where: str) -> Iterator[Problem]:
    """The problem where an amount of points lies outside `least`..`most`."""
    if most is not None and not least <= points <= most:
        yield Problem("above-points", where, Decimal(plain(points)), f"{plain(least)} … {plain(most)}")


def same_unit(limits: list[Threshold], *where: str) -> Iterator[Problem]:
    """The problem where some thresholds are in % and others are plain."""
    if len({in_percent(limit) for limit in limits}) > 1:
        yield Problem("mixed-units", where, tuple(limits), "95%")


def change_problems(change: bool, first: object) -> Iterator[Problem]:
    """The problem where something is said of the first period and no change is read."""
    if first is not None and not change:
        yield Problem("missing-key", (), None, "change")


def say_number(read: Fraction, *, percent: bool) -> str:
    """A figure in words: exact where it ends, else to four decimals with a sign that says so."""
    unit = "%" if percent else ""
    if decimals_of(read) is not None:
        return f"{plain(read)}{unit}"
    return f"≈{plain(Fraction(round(read * 10**4), 10**4))}{unit}"


MOST = MOST_COUNT
"""The greatest count that may be observed."""

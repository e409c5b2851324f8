"""frequency: the windows of the period in which something was done often enough."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any, ClassVar

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.days import Period, read_day
from civrules.model.figures import Count, NotApplicable, count
from civrules.model.given import Interval, interval_of
from civrules.model.measures.measure import YES_NO, Judged, Limits, outcome, yes_no
from civrules.model.text import Lang
from civrules.model.windows import Cadence, DaysThatCount

When = date | Period | None
"""On which day something was done, or within which days; None is the day of the look."""
_ONCE = Count(1)


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(words)


@attrs.frozen
class Kept:
    """Of how many windows that were expected how many reached what was asked, and those that did not."""

    met: int
    expected: int
    missed: tuple[Period, ...] = ()


@attrs.frozen(kw_only=True)
class Frequency:
    """All points if every whole window of the period reaches `at_least`; with `partial` the share of those that do.

    The value is dates, or a count for each window; looks of several days add up. A window that is not over on the day
    is not expected yet, unless it is met. `weekdays` counts only those, and days of the occasions that it names; a
    window without any of them is not expected. `per` is a word of the calendar, several of one, or an occasion of the
    host's.

    >>> Frequency(per="2 weeks").cadence
    Cadence(count=2, unit='week')
    """

    kind: ClassVar[str] = "frequency"
    loses: ClassVar[bool] = True

    per: Interval = attrs.field(converter=interval_of)
    at_least: Count = _ONCE
    partial: bool = False
    weekdays: tuple[str, ...] = attrs.field(default=(), converter=_words)

    @property
    def cadence(self) -> Cadence:
        """`per`, read."""
        return Cadence.of(self.per)

    @property
    def occasions(self) -> tuple[str, ...]:
        """Everything that it counts and only the host's calendar knows."""
        own = (self.cadence.occasion,) if self.cadence.occasion is not None else ()
        return (*own, *DaysThatCount(self.weekdays).occasions)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """What one look says: how often on which days, or within which; None is the day of the look itself."""
        if isinstance(value, NotApplicable):
            return value
        if isinstance(value, Mapping):
            return tuple((_when(key), count(often)) for key, often in value.items())
        if isinstance(value, list | tuple):
            return tuple((_when(day), 1) for day in value)
        if isinstance(value, str) and value.lower() in YES_NO and not value.isdigit():
            return ((None, int(yes_no(value))),)
        if isinstance(value, str) and (";" in value or "-" in value[1:]):
            return tuple((_when(day.strip()), 1) for day in value.split(";"))
        return ((None, int(value) if isinstance(value, bool) else count(value)),)

    def kept(
        self, done: Iterable[tuple[When, int]], period: Period, on: date | None, calendar: Calendar
    ) -> Kept | NotApplicable:
        """What the looks come to in the period. Raises InvalidInput where a count belongs to no one window."""
        days = DaysThatCount(self.weekdays)
        windows = [one for one in self.cadence.windows(period, calendar) if days.any_in(one, calendar)]
        undated = 0
        dated: list[tuple[date, int]] = []
        together: list[tuple[Period, int]] = []
        for day, times in done:
            if times and (len(windows) != 1 if day is None else _across(day, windows)):
                seen = times if day is None else f"{day}: {times}"
                raise InvalidInput(Problem("which-window", (), seen, f"a day, or a count for each {self.cadence}"))
            if day is None:
                undated += times
            elif isinstance(day, Period):
                together.append((day, times))
            elif days.counts(day, calendar):
                dated.append((day, times))
        often = zip(windows, _times_in(windows, dated), strict=True)
        met = [undated + times + _counted_in(window, together) >= self.at_least for window, times in often]
        expected = [
            met[index] or on is None or window.last is None or window.last <= on for index, window in enumerate(windows)
        ]
        missed = tuple(window for window, due, done_ in zip(windows, expected, met, strict=True) if due and not done_)
        if not any(expected):
            return NotApplicable("no whole window is over")
        return Kept(sum(met), sum(expected), missed)

    def judge(self, read: Kept, most: Fraction, least: Fraction | None, /) -> Judged:
        """All points, or the share of the windows."""
        floor = least if least is not None else Fraction(0)
        if self.partial:
            return max(floor, most * read.met / read.expected), outcome(
                Fraction(read.met), Fraction(read.expected), Fraction(0)
            )
        return (most, "pass") if read.met >= read.expected else (floor, "fail")

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """No window kept, and all."""
        return Kept(0, 1), Kept(1, 1)

    def quotient(self) -> bool:
        """Where a share of the points is given."""
        return self.partial

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """None beyond the criterion's own points."""
        return 0

    def figure(self, read: Kept, item: str | None, /) -> Fraction | str | bool | None:
        """The share of windows kept, in percent."""
        return Fraction(read.met * 100, read.expected)

    def rising(self, item: str | None, /) -> int:
        """More is better."""
        return 1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """A cadence that cannot be read, a count below 1, days that nobody knows."""
        try:
            Cadence.of(self.per)
        except CivrulesError as error:
            yield from error.within("per")
        if isinstance(self.at_least, bool) or self.at_least < 1:
            yield Problem("out-of-range", ("at_least",), self.at_least, "1 or more")
        yield from (problem.within("weekdays") for problem in DaysThatCount.problems(self.weekdays))

    def say(self, read: Kept, lang: Lang, /) -> str:
        """How many windows were kept, and the first that were not."""
        words = f"{read.met}/{read.expected}"
        if not read.missed:
            return words
        first = ", ".join(str(window) for window in read.missed[:3])
        return f"{words}，缺{first}" if lang == "zh" else f"{words}, missing {first}"


def _times_in(windows: Iterable[Period], dated: Iterable[tuple[date, int]]) -> Iterator[int]:
    """How often it was done in each window; a year of days has so many of both that no pair of them is looked at."""
    ordered = sorted(dated)
    days = [day for day, _ in ordered]
    sums = [0, *accumulate(times for _, times in ordered)]
    for window in windows:
        first = 0 if window.first is None else bisect_left(days, window.first)
        last = len(days) if window.last is None else bisect_right(days, window.last)
        yield sums[max(first, last)] - sums[first]


def _counted_in(window: Period, together: Iterable[tuple[Period, int]]) -> int:
    """What was counted for days of the window together; nobody says on which of them it was."""
    return sum(times for days, times in together if days.first in window and days.last in window)


def _across(day: date | Period, windows: Iterable[Period]) -> bool:
    """Whether days that were counted together lie only partly in a window."""
    return isinstance(day, Period) and any(
        (window.first in day or day.first in window) and not (day.first in window and day.last in window)
        for window in windows
    )


def _when(key: object) -> date | Period:
    """The day that a key of the value names, or the days of a period such as 2031-05. Raises InvalidInput."""
    if isinstance(key, date):
        return key
    if isinstance(key, str) and len(key) == len("2031-05-01") and key.count("-") == 2:
        return read_day(key)
    period = Period.of(key) if isinstance(key, str) else None
    if period is None or not period.is_closed:
        raise InvalidInput(Problem("bad-day", (), key, "YYYY-MM-DD, or a window such as 2031-05, 2031-W19"))
    return period

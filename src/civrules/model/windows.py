"""Windows: a period cut into days, weeks, months, quarters, half-years, years, several of one, or occasions."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, get_args

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, nearest
from civrules.model.calendar import CALENDAR_WORDS, Calendar, misspelt
from civrules.model.days import Period, add_months
from civrules.model.identity import check_id

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_DAYS = {"day": 1, "week": 7}
CADENCE = f"(?:([1-9][0-9]?) )?({'|'.join(CALENDAR_WORDS)})s?"
"""The form of a cadence in the calendar's words, as a pattern."""
_CADENCE = re.compile(CADENCE, re.ASCII)
_MOST_WINDOWS = 4000
_GRAMMAR = f"{', '.join(CALENDAR_WORDS)}; several, such as 2 weeks; or an occasion, such as term"
_NO_OCCASIONS = Calendar()


@attrs.frozen
class Cadence:
    """How often: every `count` of a `unit`. One unit aligns to the calendar, several to the period's first day.

    A `unit` that is no calendar word is an occasion, whose days the host's calendar says.

    >>> [str(window) for window in Cadence.of("quarter").windows(Period.year(2031))][:1]
    ['2031-01-01 … 2031-03-31']
    """

    count: int
    unit: str

    @classmethod
    def of(cls, text: object) -> "Cadence":
        """Read "week", "2 weeks", "quarter", "half-year" and so on, or an occasion such as "term".

        Raises InvalidInput, also where a word is a calendar word with one letter wrong.

        >>> Cadence.of("school-day").occasion, Cadence.of("2 weeks").occasion
        ('school-day', None)
        """
        found = _CADENCE.fullmatch(text) if isinstance(text, str) else None
        if found is not None:
            return cls(int(found[1] or 1), found[2])
        meant = misspelt(text)
        if isinstance(text, str) and not meant and _is_id(text):
            return cls(1, text)
        raise InvalidInput(Problem("bad-duration", (), text, _GRAMMAR, meant))

    @property
    def occasion(self) -> str | None:
        """The occasion that it counts; None where it counts by the calendar's own words."""
        return None if self.unit in CALENDAR_WORDS else self.unit

    def windows(self, period: Period, calendar: Calendar = _NO_OCCASIONS) -> tuple[Period, ...]:
        """The whole windows of a period that has both ends. Raises InvalidInput where an end is open."""
        if self.occasion is not None:
            return calendar.within(self.occasion, period)
        if period.first is None or period.last is None:
            raise InvalidInput(Problem("bad-period", (), str(period), "a period with a first and a last day"))
        found: list[Period] = []
        index = 0
        start = self._begin(period.first)
        while True:
            first, following = self._step(start, index), self._step(start, index + 1)
            last = following - timedelta(days=1)
            if last > period.last:
                return tuple(found)
            if first >= period.first:
                found.append(Period(first, last))
            index += 1
            if index > _MOST_WINDOWS:
                raise InvalidInput(Problem("too-many", (), index, str(_MOST_WINDOWS)))

    def _step(self, start: date, index: int) -> date:
        if self.unit in _DAYS:
            return start + timedelta(days=index * self.count * _DAYS[self.unit])
        return add_months(start, index * self.count * _MONTHS[self.unit])

    def _begin(self, first: date) -> date:
        """Where the first window begins: on the calendar for one unit, else on the period's first day."""
        if self.count > 1 or self.unit == "day":
            return first
        if self.unit == "week":
            return first - timedelta(days=first.weekday())
        months = _MONTHS[self.unit]
        return date(first.year, (first.month - 1) // months * months + 1, 1)

    def __str__(self) -> str:
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"


@attrs.frozen
class DaysThatCount:
    """Which days count: of `words`, weekdays or occasions of the host's calendar, one is enough; without any all do.

    >>> DaysThatCount(("saturday", "sunday", "holiday")).occasions
    ('holiday',)
    """

    words: tuple[str, ...] = ()

    @classmethod
    def problems(cls, words: Iterable[str]) -> Iterator[Problem]:
        """Words that are neither, or so near a weekday that it may be meant."""
        for word in words:
            meant = _meant(word) if word not in WEEKDAYS else ""
            if meant or not _is_id(word):
                yield Problem("unknown-word", (), word, ", ".join(WEEKDAYS), meant)

    @property
    def occasions(self) -> tuple[str, ...]:
        """The words that only the host's calendar knows."""
        return tuple(word for word in self.words if word not in WEEKDAYS)

    def counts(self, day: date, calendar: Calendar) -> bool:
        """Whether a day counts."""
        if not self.words or WEEKDAYS[day.weekday()] in self.words:
            return True
        return any(day in period for name in self.occasions for period in calendar.occasions.get(name, ()))

    def any_in(self, window: Period, calendar: Calendar) -> bool:
        """Whether any day of a window counts."""
        if not self.words or window.first is None or window.last is None:
            return True
        days = min((window.last - window.first).days + 1, len(WEEKDAYS))
        if any(self.counts(window.first + timedelta(days=index), calendar) for index in range(days)):
            return True
        times = (period for name in self.occasions for period in calendar.occasions.get(name, ()))
        return any(
            period.first is not None and period.last is not None
            and period.first <= window.last and window.first <= period.last
            for period in times
        )  # fmt: skip


def _meant(word: str) -> str:
    """The weekday that a word may mean; that both end in "day" makes them no more alike: a holiday is no Monday."""
    stems = {day.removesuffix("day"): day for day in WEEKDAYS}
    return stems.get(nearest(str(word).lower().removesuffix("s").removesuffix("day"), stems), "")


def _is_id(text: str) -> bool:
    try:
        check_id(text)
    except CivrulesError:
        return False
    return True

"""Windows: a period cut into days, weeks, months, quarters, half-years, years, several of one, or occasions."""

import re
from datetime import date, timedelta

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.calendar import CALENDAR_WORDS, Calendar, misspelt
from civrules.model.days import Period, add_months
from civrules.model.identity import check_id

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


def _is_id(text: str) -> bool:
    try:
        check_id(text)
    except CivrulesError:
        return False
    return True

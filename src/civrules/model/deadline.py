"""Deadline: how long something may take, by the calendar or in days of a host's occasion."""

import re
from datetime import date, timedelta
from typing import Self

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.calendar import CALENDAR_WORDS, Calendar, misspelt
from civrules.model.days import Duration
from civrules.model.identity import check_id
from civrules.model.yearday import YearDay

DEADLINE = "([1-9][0-9]{0,3}) ([A-Za-z][A-Za-z0-9._-]*)"
"""The form of a deadline, as a pattern."""
_FORM = re.compile(DEADLINE, re.ASCII)
GRAMMAR = f"a number and a unit: {', '.join(CALENDAR_WORDS)}; or days of an occasion, such as 5 working-days"
_NO_OCCASIONS = Calendar()


@attrs.frozen
class Deadline:
    """A time to do something in: "10 days", "3 months", or "5 working-days", which the host's calendar names.

    A month ends on the same day of the month, or on its last day where there is none.
    """

    count: int
    unit: str

    @classmethod
    def of(cls, text: object) -> Self:
        """Read the words. Raises InvalidInput, also where a unit is a calendar word with one letter wrong.

        >>> Deadline.of("5 working-days").occasion, Deadline.of("10 days").occasion
        ('working-day', None)
        """
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise InvalidInput(Problem("bad-duration", (), text, GRAMMAR))
        count, unit = int(found[1]), found[2]
        single = unit.removesuffix("s") if count > 1 or unit.removesuffix("s") in CALENDAR_WORDS else unit
        meant = misspelt(single)
        if meant or not _is_id(single):
            raise InvalidInput(Problem("bad-duration", (), text, GRAMMAR, meant))
        return cls(count, single)

    @property
    def occasion(self) -> str | None:
        """The occasion whose days it counts; None where it counts by the calendar's own words."""
        return None if self.unit in CALENDAR_WORDS else self.unit

    def after(self, day: date, calendar: Calendar = _NO_OCCASIONS) -> date | None:
        """The last day of it, counted from the day after; None where the calendar does not reach so far.

        The last day of all where it is longer than time can be written.

        >>> Deadline.of("1 month").after(date(2031, 1, 31))
        datetime.date(2031, 2, 28)
        """
        if self.occasion is None:
            try:
                return Duration(self.count, self.unit).after(day)
            except InvalidInput:
                return date.max
        left = self.count
        for period in calendar.occasions.get(self.occasion, ()):
            if period.first is None or period.last is None or period.last <= day:
                continue
            first = max(period.first, day + timedelta(days=1))
            days = (period.last - first).days + 1
            if left <= days:
                return first + timedelta(days=left - 1)
            left -= days
        return None

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"


def read_due(text: object) -> Deadline | YearDay:
    """By when something is due: so long after, or a day of the year; a deadline has two words. Raises InvalidInput."""
    return Deadline.of(text) if isinstance(text, str) and " " in text else YearDay.of(text)


def _is_id(text: str) -> bool:
    try:
        check_id(text)
    except CivrulesError:
        return False
    return True

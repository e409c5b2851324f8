"""Days: ranges of days with both ends included, and lengths of time."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Self

import attrs

from civrules.errors import A_DATE, InvalidInput, Problem

_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_DAYS = {"day": 1, "week": 7}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
DURATION = "([1-9][0-9]{0,3}) (day|week|month|quarter|half-year|year)s?"
"""The form of a length of time, as a pattern."""
_DURATION = re.compile(DURATION, re.ASCII)
_PERIOD = re.compile(
    r"(?P<year>[0-9]{4})(-Q(?P<quarter>[1-4])|-H(?P<half>[12])|-W(?P<week>[0-9]{2})|-(?P<month>0[1-9]|1[0-2]))?",
    re.ASCII,
)
_FORMS = "2025, 2025-H1, 2025-Q3, 2025-09, 2025-W36 or 2025-07-01..2025-09-30"


def check_day(value: object, *where: str) -> date:
    """The day itself; a datetime is refused, for a day has no hour. Raises InvalidInput."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidInput(Problem("bad-day", where, value, A_DATE))
    return value


def read_day(text: str, *where: str) -> date:
    """A day as ISO 8601 writes it, YYYY-MM-DD. Raises InvalidInput.

    >>> read_day("2031-02-28")
    datetime.date(2031, 2, 28)
    """
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(Problem("bad-day", where, text, "YYYY-MM-DD")) from None


def undated(period: "Period | None", on: date | None) -> date | None:
    """The day that a look without a day counts as of: the period's last, else the day of judgement."""
    return (period.last if period is not None else None) or on


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later (earlier below 0); the month's last day where there is none.

    >>> add_months(date(2031, 12, 31), 2), add_months(date(2032, 3, 31), -1)
    (datetime.date(2032, 2, 29), datetime.date(2032, 2, 29))
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise InvalidInput(Problem("bad-day", (), day, f"years {date.min.year} to {date.max.year}"))
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@attrs.frozen
class Duration:
    """A length of time on the calendar, as documents write it: "12 months", "1 year", "2 weeks", "10 days"."""

    count: int
    unit: str

    @classmethod
    def of(cls, text: object) -> Self:
        """Read the words. Raises InvalidInput.

        >>> Duration.of("12 months")
        Duration(count=12, unit='month')
        """
        found = _DURATION.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise InvalidInput(
                Problem(
                    "bad-duration",
                    (),
                    text,
                    f'a number and a unit, such as "12 months"; units: {", ".join((*_DAYS, *_MONTHS))}',
                )
            )
        return cls(int(found[1]), found[2])

    def before(self, day: date) -> date:
        """The first day of the window of this length that ends with `day`: the same day of the month, both included.

        The first day of all where the window is longer than the calendar.

        >>> Duration(12, "month").before(date(2032, 2, 29))
        datetime.date(2031, 2, 28)
        """
        try:
            if self.unit in _DAYS:
                return day - timedelta(days=self.count * _DAYS[self.unit])
            return add_months(day, -self.count * _MONTHS[self.unit])
        except (OverflowError, InvalidInput):
            return date.min

    def after(self, day: date) -> date:
        """The day this long after `day`: the same day of the month, or the month's last. Raises InvalidInput.

        >>> Duration(12, "month").after(date(2031, 2, 1)), Duration(10, "day").after(date(2031, 3, 31))
        (datetime.date(2032, 2, 1), datetime.date(2031, 4, 10))
        """
        if self.unit in _MONTHS:
            return add_months(day, self.count * _MONTHS[self.unit])
        try:
            return day + timedelta(days=self.count * _DAYS[self.unit])
        except OverflowError:
            raise InvalidInput(Problem("bad-day", (), day, f"years {date.min.year} to {date.max.year}")) from None

    def lasting(self, first: date) -> "Period":
        """The days of a term of this length from its first day; the anniversary is the first day after it.

        >>> Duration(12, "month").lasting(date(2031, 2, 1)).last
        datetime.date(2032, 1, 31)
        """
        return Period(first, self.after(first) - timedelta(days=1))

    def from_(self, first: date) -> date:
        """The last day of this length of time that begins with `first`: the anniversary is no longer in it.

        The last day of all where it is longer than the calendar.

        >>> Duration(12, "month").from_(date(2031, 2, 1))
        datetime.date(2032, 1, 31)
        """
        try:
            return self.after(first) - timedelta(days=1)
        except InvalidInput:
            return date.max

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"


@attrs.frozen
class Period:
    """Days from `first` to `last`, both included; left out, an end is open.

    Raises InvalidInput where first is after last.

    >>> date(2031, 3, 31) in Period.quarter(2031, 1)
    True
    """

    first: date | None = None
    last: date | None = None

    def __attrs_post_init__(self) -> None:
        for name, day in (("first", self.first), ("last", self.last)):
            if day is not None:
                check_day(day, name)
        if self.first is not None and self.last is not None and self.first > self.last:
            raise InvalidInput(Problem("first-after-last", (), f"{self.first} … {self.last}"))

    @property
    def is_closed(self) -> bool:
        """Whether it has a first and a last day."""
        return self.first is not None and self.last is not None

    @classmethod
    def year(cls, year: int) -> Self:
        """The calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Self:
        """The calendar quarter, 1 to 4."""
        return cls(cls.month(year, quarter * 3 - 2).first, cls.month(year, quarter * 3).last)

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """The calendar month, 1 to 12."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def week(cls, year: int, week: int) -> Self:
        """The week of ISO 8601, Monday to Sunday: week 1 has the year's first Thursday. Raises InvalidInput.

        >>> str(Period.week(2031, 1))
        '2030-12-30 … 2031-01-05'
        """
        try:
            first = date.fromisocalendar(year, week, 1)
            return cls(first, first + timedelta(days=6))
        except (ValueError, OverflowError):
            raise InvalidInput(Problem("bad-period", (), f"{year}-W{week:02}", "W01 … W52, W53")) from None

    @classmethod
    def of(cls, text: str) -> Self:
        """Read "2025", "2025-H1" (half a year), "2025-Q3", "2025-09", "2025-W36" (a week of ISO 8601) or days.

        Days are "2025-07-01..2025-09-30"; an end may be left out. Raises InvalidInput.

        >>> Period.of("2025-Q3")
        Period(first=datetime.date(2025, 7, 1), last=datetime.date(2025, 9, 30))
        """
        first, dots, last = text.partition("..")
        if dots and (first or last):
            return cls(read_day(first, "first") if first else None, read_day(last, "last") if last else None)
        found = _PERIOD.fullmatch(text)
        if found is None or found["year"] == "0000":
            raise InvalidInput(Problem("bad-period", (), text, _FORMS))
        year = int(found["year"])
        if found["half"]:
            until = int(found["half"]) * 6
            return cls(cls.month(year, until - 5).first, cls.month(year, until).last)
        for part, make in (("quarter", cls.quarter), ("week", cls.week), ("month", cls.month)):
            if found[part]:
                return make(year, int(found[part]))
        return cls.year(year)

    def __contains__(self, day: date | None) -> bool:
        if day is None:
            return False
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        return f"{self.first or '…'} … {self.last or '…'}"

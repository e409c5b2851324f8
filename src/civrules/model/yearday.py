"""YearDay: a day, a third or a whole of a month of every year, as documents write it without the year."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any, NewType, Self

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.days import Period

DayOfYear = NewType("DayOfYear", str)
"""A day of every year in words, which a parameter may give instead."""

YEAR_DAY = "(0[1-9]|1[0-2])(?:-(early|mid|late|[0-3][0-9]))?"
"""The form of a day of the year, as a pattern."""
_FORM = re.compile(YEAR_DAY, re.ASCII)
_TERMS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
"""The ten-day terms: 上旬, 中旬, 下旬."""
_A_LEAP_YEAR = 2028
GRAMMAR = "MM-DD, MM, MM-early, MM-mid or MM-late"


@attrs.frozen
class YearDay:
    """Days of one month of every year: "07-21", "07", or a ten-day term such as "07-late" (七月下旬).

    As a beginning it is their first, as an end their last day.

    >>> str(YearDay.of("02-late").in_year(2031))
    '2031-02-21 … 2031-02-28'
    """

    month: int
    first: int
    last: int

    @classmethod
    def of(cls, text: object) -> Self:
        """Read "07-21", "07", "07-early", "07-mid" or "07-late"; a figure is a month. Raises InvalidInput.

        >>> YearDay.of("07-mid")
        YearDay(month=7, first=11, last=20)
        """
        words = f"{text:02}" if isinstance(text, Decimal) and text == int(text) else text
        found = _FORM.fullmatch(words) if isinstance(words, str) else None
        if found is None:
            raise InvalidInput(Problem("bad-year-day", (), text, GRAMMAR))
        month, part = int(found[1]), found[2]
        longest = monthrange(_A_LEAP_YEAR, month)[1]
        first, last = (1, 31) if part is None else _TERMS.get(part) or (int(part), int(part))
        if not 1 <= first <= longest:
            raise InvalidInput(Problem("bad-year-day", (), text, GRAMMAR))
        return cls(month, first, last)

    def in_year(self, year: int) -> Period:
        """Its days in a year; what the month does not have is its last day. Raises InvalidInput beyond the calendar."""
        try:
            longest = monthrange(year, self.month)[1]
            return Period(*(date(year, self.month, min(day, longest)) for day in (self.first, self.last)))
        except ValueError:
            raise InvalidInput(Problem("bad-day", (), year, "years 1 to 9999")) from None


def in_month_days(value: Any) -> bool:
    """Whether text is a month and a day, which would else be taken for a figure."""
    return isinstance(value, str) and "-" in value and _FORM.fullmatch(value) is not None

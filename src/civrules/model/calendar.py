"""Calendar: the days of a host's occasions, such as terms, school days, vacations and festivals."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.days import Period
from civrules.model.identity import check_id, duplicates
from civrules.model.mapping import FrozenMapping

CALENDAR_WORDS = ("day", "week", "month", "quarter", "half-year", "year")
"""The calendar's own words; every other id may be an occasion of the host's."""
_ADVERBS = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "half-yearly": "half-year",
    "yearly": "year", "annually": "year",
}  # fmt: skip
_SHORTEST = 4
"""In a word of three letters another letter makes another word: may is no day."""

Times: TypeAlias = Iterable[Period | date]
"""When an occasion is: periods with both ends, or single days."""


def _frozen(occasions: Any) -> Any:
    """The occasions, each with its periods in order; what cannot be that is left for the check to refuse."""
    if not isinstance(occasions, Mapping):
        return occasions
    return FrozenMapping({name: _in_order(times) for name, times in occasions.items()})


def _in_order(times: Any) -> tuple[Any, ...]:
    if isinstance(times, Period | date | str) or not isinstance(times, Iterable):
        times = (times,)
    periods = [Period(one, one) if isinstance(one, date) else one for one in times]
    return tuple(sorted(periods, key=_first))


def _first(period: Any) -> date:
    first = period.first if isinstance(period, Period) else None
    return first or date.min


@attrs.frozen
class Calendar:
    """When the occasions are that documents name and only the host knows: terms, school days, vacations, festivals.

    Each occasion has periods with both ends, or single days; they are kept in order and do not overlap. Raises
    InvalidInput with every problem.

    >>> terms = Calendar({"term": [Period(date(2031, 2, 17), date(2031, 7, 4)), date(2031, 9, 1)]})
    >>> [str(period) for period in terms.within("term", Period.year(2031))]
    ['2031-02-17 … 2031-07-04', '2031-09-01 … 2031-09-01']
    """

    occasions: Mapping[str, tuple[Period, ...]] = attrs.field(factory=FrozenMapping, converter=_frozen)

    def __attrs_post_init__(self) -> None:
        problems = tuple(_problems(self.occasions))
        if problems:
            raise InvalidInput(problems)

    def __contains__(self, occasion: object) -> bool:
        return occasion in self.occasions

    def __bool__(self) -> bool:
        return bool(self.occasions)

    def within(self, occasion: str, period: Period) -> tuple[Period, ...]:
        """The occasion's periods that lie wholly in the period, in order; none where the calendar does not name it."""
        return tuple(
            one
            for one in self.occasions.get(occasion, ())
            if one.first is not None and one.last is not None and one.first in period and one.last in period
        )


def _problems(occasions: Any) -> Iterator[Problem]:
    """What is no table of occasions, and what is wrong with each."""
    if not isinstance(occasions, Mapping):
        yield Problem("wrong-type", (), occasions, "a table")
        return
    for name, periods in occasions.items():
        try:
            check_id(name)
        except CivrulesError as error:
            yield from error.problems
            continue
        yield from (problem.within(name) for problem in _of_occasion(periods))
    for name in duplicates(name for name in occasions if isinstance(name, str)):
        yield Problem("duplicate-id", (), name)


def _of_occasion(periods: tuple[Any, ...]) -> Iterator[Problem]:
    if not periods:
        yield Problem("empty", (), None, "at least one period or day")
    for one in periods:
        if not isinstance(one, Period):
            yield Problem("wrong-type", (), one, "a period or a day")
        elif one.first is None or one.last is None:
            yield Problem("bad-period", (), str(one), "a period with a first and a last day")
    closed = [one for one in periods if isinstance(one, Period) and one.first is not None and one.last is not None]
    for one, other in pairwise(closed):
        if other.first is not None and other.first in one:
            yield Problem("periods-overlap", (), f"{one}, {other}")


def misspelt(word: object) -> str:
    """The calendar's word that is meant, where one letter is wrong, lacks, is too many or stands beside its place.

    Whatever is further off, such as an id that holds a word of the calendar, is an occasion.

    >>> misspelt("mnoth"), misspelt("weekly"), misspelt("theme-month"), misspelt("day-off"), misspelt("weekend")
    ('month', 'week', '', '', '')
    """
    if not isinstance(word, str) or word in CALENDAR_WORDS:
        return ""
    lower = word.lower()
    near = (
        one
        for one in CALENDAR_WORDS
        if lower == one or (_one_slip(lower, one) and (len(one) >= _SHORTEST or len(one) != len(lower)))
    )
    return _ADVERBS.get(lower) or next(near, "")


def _one_slip(one: str, other: str) -> bool:
    """Whether one edit or one exchange of neighbours leads from the one to the other."""
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    one, other = one[start:], other[start:]
    exchanged = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return exchanged or one[1:] == other[1:] or one[1:] == other or one == other[1:]

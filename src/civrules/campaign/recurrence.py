"""Recurrence: the windows in which a task is expected, by its cadence or by a rule of RFC 5545."""

from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice, takewhile

from civrules.errors import InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.days import Period
from civrules.model.windows import Cadence

MOST_WINDOWS = 4000


def windows(per: str | None, rule: str | None, period: Period, calendar: Calendar) -> tuple[Period, ...]:
    """The whole windows of a period that has both ends; of a rule its days. Raises InvalidInput."""
    return tuple(_by_rule(rule, period)) if rule is not None else Cadence.of(per).windows(period, calendar)


def _by_rule(rule: str, period: Period) -> Iterator[Period]:
    """The days of a rule, which counts from the period's first day."""
    try:
        from dateutil.rrule import rrulestr
    except ImportError:
        raise ImportError("A cadence by rule needs python-dateutil: pip install 'civrules[campaign]'") from None
    if period.first is None or period.last is None:
        raise InvalidInput(Problem("bad-period", (), str(period), "a period with a first and a last day"))
    begin, end = datetime.combine(period.first, time()), datetime.combine(period.last, time())
    try:
        days = takewhile(lambda day: day <= end, rrulestr(rule, dtstart=begin))
        found = [day.date() for day in islice(days, MOST_WINDOWS + 1)]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(Problem("bad-rule", ("rule",), rule, str(error))) from None
    if len(found) > MOST_WINDOWS:
        raise InvalidInput(Problem("too-many", ("rule",), rule, str(MOST_WINDOWS)))
    yield from (Period(day, day) for day in found)

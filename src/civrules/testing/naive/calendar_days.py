"""Days: looking back, and the windows of a period, found day by day."""

from datetime import date, timedelta
from itertools import groupby

from civrules import Period

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
ONE_DAY = timedelta(days=1)


def back(day: date, length: str) -> date:
    """The same day of the month so long before, the month's last day where there is none."""
    count, unit = length.split()
    unit = unit.removesuffix("s")
    if unit in ("day", "week"):
        return day - timedelta(days=int(count) * (7 if unit == "week" else 1))
    return months_later(day, -int(count) * MONTHS[unit])


def months_later(day: date, months: int) -> date:
    """The same day of another month, its last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError(day, months)


def windows(per: str, period: Period) -> list[tuple[date, date]]:
    """The first and last day of every window that lies wholly in the period."""
    assert period.first is not None
    assert period.last is not None
    number, _, word = per.rpartition(" ")
    if number in ("", "1"):
        return _of_the_calendar(word.removesuffix("s"), period.first, period.last)
    found = []
    count, step = int(number), 1
    first = period.first
    while (following := _later(period.first, step * count, word.removesuffix("s"))) <= period.last + ONE_DAY:
        found.append((first, following - ONE_DAY))
        first, step = following, step + 1
    return found


def _later(day: date, count: int, unit: str) -> date:
    if unit in MONTHS:
        return months_later(day, count * MONTHS[unit])
    return day + timedelta(days=count * (7 if unit == "week" else 1))


def _of_the_calendar(unit: str, first: date, last: date) -> list[tuple[date, date]]:
    days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    groups = [list(group) for _, group in groupby(days, lambda day: _name(unit, day))]
    return [
        (group[0], group[-1])
        for group in groups
        if _name(unit, group[0] - ONE_DAY) != _name(unit, group[0])
        and _name(unit, group[-1]) != _name(unit, group[-1] + ONE_DAY)
    ]


def _name(unit: str, day: date) -> object:
    """What the window of the calendar is called in which the day lies."""
    if unit == "day":
        return day
    if unit == "week":
        return day.isocalendar()[:2]
    return day.year, (day.month - 1) // MONTHS[unit]

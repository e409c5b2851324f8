"""iCalendar: the due days of a schedule, for any calendar program (RFC 5545)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from civrules.errors import InvalidInput, Problem
from civrules.model.text import Lang

if TYPE_CHECKING:
    from civrules.campaign.schedule import Schedule

_MAKER = "-//civrules//campaign//EN"


def to_ical(schedule: "Schedule", *, lang: Lang, stamp: datetime | None) -> str:
    """An all-day event for every due day. The same schedule and stamp give the same text.

    Raises InvalidInput for a stamp without time zone.
    """
    if stamp is not None and stamp.tzinfo is None:
        raise InvalidInput(Problem("bad-argument", ("stamp",), stamp, "a time with a time zone"))
    try:
        from icalendar import Calendar, Event
    except ImportError:
        raise ImportError("to_ical needs icalendar: pip install 'civrules[campaign]'") from None
    campaign = schedule.campaign
    titles = {task.id: task.title.in_(lang) for task in campaign.tasks}
    made = stamp.astimezone(UTC) if stamp is not None else _begin(schedule)
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("name", campaign.title.in_(lang))
    for occurrence in schedule.occurrences():
        if occurrence.due is None:
            continue
        event = Event()
        event.add("uid", str(uuid5(NAMESPACE_URL, f"civrules:{campaign.id}:{occurrence.task}:{occurrence.window}")))
        event.add("dtstamp", made)
        event.add("dtstart", occurrence.due)
        event.add("dtend", _following(occurrence.due))
        event.add("summary", titles[occurrence.task])
        event.add("categories", [occurrence.task])
        event.add("description", str(occurrence.window))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _begin(schedule: "Schedule") -> datetime:
    first = schedule.start or date(schedule.year or date.min.year, 1, 1)
    return datetime.combine(first, time(), UTC)


def _following(day: date) -> date:
    """The day after: the end of an all-day event is not in it."""
    return day if day == date.max else day + timedelta(days=1)

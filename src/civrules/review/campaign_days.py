"""Days of campaigns: what has none or no end, phases that overlap or part, an order that no year can keep."""

from collections.abc import Iterator
from datetime import date

from civrules.campaign.days import SAID, UNDATED
from civrules.campaign.schedule import Occurrence, Schedule
from civrules.errors import Problem
from civrules.model.campaign import Campaign, Task
from civrules.model.days import Period
from civrules.model.deadline import read_due
from civrules.model.yearday import YearDay
from civrules.review.campaigns import Planned


def phase_problems(planned: Planned) -> Iterator[Problem]:
    """Phases without days or without one of their ends, days in two of them or in none."""
    schedule = planned.schedule
    for phase in planned.campaign.phases:
        span = schedule.days(phase.id)
        if span.why == UNDATED:
            yield Problem("phase-undated", planned.place("phase", phase.id), phase.id)
        for end, code in (("first", "phase-without-start"), ("last", "phase-open")):
            if any(getattr(period, end) is None for period in span.periods):
                yield Problem(code, (*planned.place("phase", phase.id), end), phase.id)
    for one, other, days in schedule.overlaps:
        yield Problem("phases-overlap", planned.place("phase", other), f"{one}, {other}", _without_year(days))
    for gap in schedule.gaps:
        after = next(name for name in reversed(planned.campaign.phases) if _begins_after(schedule, name.id, gap))
        yield Problem("phases-gap", planned.place("phase", after.id), None, _without_year(gap))


def _begins_after(schedule: Schedule, phase: str, gap: Period) -> bool:
    """Whether the phase is what the days of the gap wait for."""
    firsts = [period.first for period in schedule.days(phase).periods if period.first is not None]
    return gap.last is not None and any(first > gap.last and (first - gap.last).days == 1 for first in firsts)


def _without_year(days: Period) -> str:
    """The days of a period as a document writes them."""
    ends = [f"{day:%m-%d}" if day is not None else "" for day in (days.first, days.last)]
    return ends[0] if ends[0] == ends[1] else " … ".join(ends).strip()


def task_problems(planned: Planned) -> Iterator[Problem]:
    """Tasks without days or without an end, and tasks that come after what is later."""
    campaign = planned.campaign
    expected = [task for task in campaign.tasks if task.strength != "informative"]
    of_the_whole = [task.id for task in expected if task.phase is None and not _says_days(task)]
    if of_the_whole and not _says_days(campaign):
        yield Problem("campaign-undated", ("campaign", "first"), of_the_whole)
    endless = [name for name in of_the_whole if _is_endless(planned.schedule, planned.schedule.task(name))]
    if endless:
        yield Problem("task-without-end", ("campaign", "last"), endless)
    for task in expected:
        if _says_days(task) and _is_endless(planned.schedule, task):
            yield Problem("task-without-end", (*planned.place("task", task.id), "last"), [task.id])
        for other in task.after:
            if planned.schedules and all(_is_over_before(one, task.id, other) for one in planned.schedules):
                yield Problem("after-later", (*planned.place("task", task.id), "after"), task.id, other)


def _says_days(one: Campaign | Task) -> bool:
    return any(getattr(one, key) is not None for key in SAID)


def _is_endless(schedule: Schedule, task: Task) -> bool:
    """Whether its days have no end, and it is not done once by a day that is given."""
    by_a_day = task.cadence is None and isinstance(_due(schedule, task), YearDay)
    return not by_a_day and any(period.last is None for period in schedule.days(task.id).periods)


def _due(schedule: Schedule, task: Task) -> object:
    written = schedule.campaign.setting(task.due)
    return read_due(written) if written is not None else None


def _is_over_before(schedule: Schedule, task: str, other: str) -> bool:
    """Whether the last window of the task is over before the first of the other is."""
    own, others = schedule.occurrences(task), schedule.occurrences(other)
    if any(one.why for one in (*own, *others)):
        return False
    lasts, firsts = [one.window.last for one in own], [_earliest_end(one) for one in others]
    if not lasts or not firsts or None in lasts or None in firsts:
        return False
    return max(filter(None, lasts)) < min(filter(None, firsts))


def _earliest_end(one: Occurrence) -> date | None:
    """When the window is over; of an open one its first day, for before that it is not."""
    return one.window.last or one.window.first

"""Schedule: a campaign with days, in one year."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import attrs

from civrules.campaign.days import SAID, UNDATED, Dating, Span
from civrules.campaign.recurrence import windows
from civrules.campaign.tracing import tracing_notes
from civrules.errors import InvalidInput, Problem, listed, nearest
from civrules.model.calendar import Calendar
from civrules.model.campaign import Campaign, Phase, Task
from civrules.model.community import Community
from civrules.model.days import Period, check_day
from civrules.model.deadline import Deadline, read_due
from civrules.model.mapping import FrozenMapping
from civrules.model.standing import Standing, Stands
from civrules.model.text import Lang
from civrules.model.windows import Cadence, DaysThatCount

if TYPE_CHECKING:
    from civrules.campaign.progress import Behind, Done, Progress

_NOTHING_SAID = Standing()


def _frozen(items: Mapping[Any, Any]) -> FrozenMapping[Any, Any]:
    return FrozenMapping(items)


@attrs.frozen(kw_only=True)
class Occurrence:
    """One time that a task is expected: in which window, and by when.

    `due` is None where there is no deadline, or where nobody can say; then `why` names what is open.
    """

    task: str
    window: Period
    due: date | None
    why: str = ""


@attrs.frozen(kw_only=True)
class Schedule:
    """A campaign with days. `days` says when phases and tasks are, `occurrences` when tasks are expected and due.

    Made by `Campaign.in_year`. Raises InvalidInput with every problem.
    """

    campaign: Campaign
    year: int | None = None
    start: date | None = None
    dates: Mapping[str, Period] = attrs.field(factory=FrozenMapping, converter=_frozen)
    calendar: Calendar = attrs.field(factory=Calendar)
    holders: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_frozen)

    def __attrs_post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise InvalidInput(problems)
        if self.year is None and self.start is not None:
            object.__setattr__(self, "year", self.start.year)
        wrong = tuple(self._dated_already())
        if wrong:
            raise InvalidInput(wrong)

    @property
    def _spanning(self) -> tuple[Phase | Task, ...]:
        return (*self.campaign.phases, *self.campaign.tasks)

    def _problems(self) -> Iterator[Problem]:
        if self.start is not None:
            try:
                check_day(self.start, "start")
            except InvalidInput as error:
                yield from error.problems
        elif self.year is None:
            yield Problem("year-needed", (), None, "year, start")
        whole = isinstance(self.year, int) and not isinstance(self.year, bool)
        if self.year is not None and not (whole and date.min.year < self.year < date.max.year):
            yield Problem("bad-argument", ("year",), self.year, "years 2 to 9998")
        known = [one.id for one in self._spanning]
        for name, period in self.dates.items():
            if name not in known:
                yield Problem("unknown-id", ("dates",), name, "phase or task", nearest(name, known))
            elif not isinstance(period, Period):
                yield Problem("wrong-type", ("dates", name), period, "a Period")
        for name in self.holders:
            if name not in self.posts:
                yield Problem("unknown-id", ("holders",), name, "post", nearest(name, self.posts))

    def _dated_already(self) -> Iterator[Problem]:
        for one in self._spanning:
            if one.id in self.dates:
                said = self._dating.span(one, self.whole)
                if said.periods:
                    yield Problem("dated-already", ("dates",), one.id, ", ".join(map(str, said.periods)))

    @cached_property
    def _dating(self) -> Dating:
        year = self.year if self.year is not None else self.start.year if self.start is not None else date.min.year
        return Dating(campaign=self.campaign, year=year, start=self.start, calendar=self.calendar)

    @cached_property
    def whole(self) -> Span:
        """The campaign's own days: those that it says, else from the start on, else the calendar year."""
        return self._dating.whole()

    @cached_property
    def _phases(self) -> Mapping[str, Span]:
        return FrozenMapping({one.id: self._span(one) for one in self.campaign.phases})

    @cached_property
    def _tasks(self) -> Mapping[str, Span]:
        return FrozenMapping({one.id: self._task_span(one) for one in self.campaign.tasks})

    def _span(self, one: Phase | Task) -> Span:
        found = self._dating.span(one, self.whole)
        return Span(periods=(self.dates[one.id],)) if not found.periods and one.id in self.dates else found

    def _task_span(self, task: Task) -> Span:
        """A task's own days, else its phase's, else the campaign's."""
        if task.id in self.dates or any(getattr(task, key) is not None for key in SAID):
            return self._span(task)
        return self._phases[task.phase] if task.phase is not None else self.whole

    def days(self, id: str) -> Span:
        """When a phase is, or from when to when a task is to be done. Raises InvalidInput where there is none such."""
        for spans in (self._phases, self._tasks):
            if id in spans:
                return spans[id]
        known = [*self._phases, *self._tasks]
        raise InvalidInput(Problem("unknown-id", (), id, "phase or task", nearest(id, known)))

    def phases_on(self, day: date) -> tuple[str, ...]:
        """The phases in which a day lies: several, one or none."""
        return tuple(name for name, span in self._phases.items() if day in span)

    @property
    def posts(self) -> tuple[str, ...]:
        """Every post of the campaign's bodies, as "body:post"."""
        return tuple(f"{body.id}:{post.id}" for body in self.campaign.bodies for post in body.posts)

    @property
    def vacant(self) -> tuple[str, ...]:
        """The posts that nobody holds."""
        return tuple(post for post in self.posts if not self.holders.get(post))

    @cached_property
    def overlaps(self) -> tuple[tuple[str, str, Period], ...]:
        """Every two phases that share days, with the days that they share."""
        found = []
        for one, other in combinations(self._phases, 2):
            for left in self._phases[one].periods:
                for right in self._phases[other].periods:
                    first = max(left.first or date.min, right.first or date.min)
                    last = min(left.last or date.max, right.last or date.max)
                    if first <= last:
                        ends = (first if first > date.min else None, last if last < date.max else None)
                        found.append((one, other, Period(*ends)))
        return tuple(found)

    @cached_property
    def gaps(self) -> tuple[Period, ...]:
        """The days between the first and the last phase that lie in none."""
        periods = sorted(
            (period for span in self._phases.values() for period in span.periods),
            key=lambda period: (period.first or date.min, period.last or date.max),
        )
        found, reached = [], periods[0].last if periods else None
        for period in periods[1:]:
            if reached is None:
                break
            if period.first is not None and period.first > reached + timedelta(days=1):
                found.append(Period(reached + timedelta(days=1), period.first - timedelta(days=1)))
            reached = None if period.last is None else max(reached, period.last)
        return tuple(found)

    @cached_property
    def notes(self) -> tuple[Problem, ...]:
        """What a careful reader should know: phases without days, overlaps, gaps, what is undetermined, vacant posts.

        With `traced` also goals and tasks without a partner; bodies without a task, and tasks of which no whole
        window lies in their days.
        """
        return tuple(attrs.evolve(one, severity="note") for one in self._notes())

    def _notes(self) -> Iterator[Problem]:
        if self.whole.why:
            yield Problem("undetermined", ("campaign",), self.campaign.id, self.whole.why)
        for name, span in self._phases.items():
            if span.why == UNDATED:
                yield Problem("undated", ("phase",), name)
            elif span.why:
                yield Problem("undetermined", ("phase",), name, span.why)
        inherited = {id(span) for span in (self.whole, *self._phases.values())}
        for name, span in self._tasks.items():
            if span.why and id(span) not in inherited:
                yield Problem("undetermined", ("task",), name, span.why)
            elif span.periods and not self.occurrences(name):
                closed = (self._closed(period, None) for period in span.periods)
                yield Problem("no-whole-window", ("task",), name, ", ".join(map(str, closed)))
        yield from (Problem("phases-overlap", (), f"{one}, {two}", str(days)) for one, two, days in self.overlaps)
        yield from (Problem("phases-gap", (), None, str(gap)) for gap in self.gaps)
        yield from (Problem("vacant-post", (), post) for post in self.vacant)
        yield from tracing_notes(self.campaign)

    @cached_property
    def _by_id(self) -> Mapping[str, Task]:
        return FrozenMapping({one.id: one for one in self.campaign.tasks})

    def task(self, id: str) -> Task:
        """A task of the campaign. Raises InvalidInput where there is none such."""
        known = self._by_id
        if id not in known:
            raise InvalidInput(Problem("unknown-task", (), id, listed(known), nearest(id, known)))
        return known[id]

    def occurrences(self, task: str | None = None, *, until: date | None = None) -> tuple[Occurrence, ...]:
        """When a task (left out: every task) is expected, in order of its windows, and by when it is due.

        Days without an end are cut at the end of the year, or a year after the start, or `until` a later day.
        """
        tasks = self.campaign.tasks if task is None else (self.task(task),)
        return tuple(one for each in tasks for one in self._occurrences(each, until))

    @cached_property
    def due_days(self) -> tuple[tuple[date, str], ...]:
        """Every day on which something is due, with its task, in order of days."""
        found = ((one.due, one.task) for one in self.occurrences() if one.due is not None)
        return tuple(sorted(found, key=lambda pair: pair[0]))

    def _occurrences(self, task: Task, until: date | None) -> Iterator[Occurrence]:
        span = self._tasks[task.id]
        if not span.periods:
            yield Occurrence(task=task.id, window=Period(), due=None, why=span.why)
            return
        if task.cadence is None:
            window = Period(span.first, span.last)
            due, why = self._due(task, window, span)
            yield Occurrence(task=task.id, window=window, due=due, why=why)
            return
        per = self.campaign.setting(task.cadence.per)
        why = self._why_no_windows(task, per)
        if why:
            yield Occurrence(task=task.id, window=Period(), due=None, why=why)
            return
        days = DaysThatCount(task.cadence.weekdays)
        for period in span.periods:
            for window in windows(per, task.cadence.rule, self._closed(period, until), self.calendar):
                if not days.any_in(window, self.calendar):
                    continue
                due, why = self._due(task, window, span)
                yield Occurrence(task=task.id, window=window, due=due, why=why)

    def _why_no_windows(self, task: Task, per: Any) -> str:
        """What is open: the parameter that gives the cadence, or the occasion that it counts."""
        cadence = task.cadence
        if cadence is None or cadence.rule is not None:
            return ""
        if per is None:
            return str(getattr(cadence.per, "parameter", ""))
        occasion = Cadence.of(per).occasion
        counted = (*((occasion,) if occasion is not None else ()), *DaysThatCount(cadence.weekdays).occasions)
        return next((name for name in counted if name not in self.calendar), "")

    def _closed(self, period: Period, until: date | None) -> Period:
        """The period with both ends: what is open begins with the year, and ends with it."""
        dating = self._dating
        first = period.first
        if first is None:
            first = date(period.last.year, 1, 1) if period.last is not None else date(dating.year, 1, 1)
        last = period.last
        if last is None:
            last = max(dating.default_end, until or date.min)
        return Period(first, max(first, last))

    def _due(self, task: Task, window: Period, span: Span) -> tuple[date | None, str]:
        """By when, or what keeps one from saying it; what is shown for information is due on no day."""
        if task.strength == "informative":
            return None, ""
        if task.due is None:
            return window.last, ""
        written = self.campaign.setting(task.due)
        if written is None:
            return None, str(getattr(task.due, "parameter", ""))
        due = read_due(written)
        if not isinstance(due, Deadline):
            return self._dating.day(written, span), ""
        if window.last is None:
            return None, ""
        found = due.after(window.last, self.calendar)
        return found, "" if found is not None else str(due.occasion)

    def progress(
        self, done: "Mapping[str, Iterable[date | Done]]", *, on: date, community: Community | None = None,
        standing: Stands = _NOTHING_SAID,
    ) -> "tuple[Progress, ...]":  # fmt: skip
        """For every task what was expected by a day, and what was done, late or missing; later records do not count.

        `done` holds for a task the days on which it was done, or records that say more. The `community` says which
        places there are and whom an attribute names, `standing` what task's conditions ask. Raises InvalidInput.
        """
        from civrules.campaign.progress import progress

        return progress(self, done, on=on, community=community, standing=standing)

    def behind(
        self, done: "Mapping[str, Iterable[date | Done]]", *, on: date, community: Community | None = None,
        standing: Stands = _NOTHING_SAID,
    ) -> "tuple[Behind, ...]":  # fmt: skip
        """Who is behind on a day: those who lead a task that is missing or was late, most missing first."""
        from civrules.campaign.progress import behind

        return behind(self.progress(done, on=on, community=community, standing=standing))

    def to_ical(self, *, lang: Lang = "zh", stamp: datetime | None = None) -> str:
        """The due days as an iCalendar file (RFC 5545). Needs icalendar: `civrules[campaign]` brings it.

        `stamp` is when it was made; without one, the midnight (UTC) with which the schedule begins.
        """
        from civrules.campaign.ical import to_ical

        return to_ical(self, lang=lang, stamp=stamp)

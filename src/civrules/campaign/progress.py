"""Progress: what was expected of each task by a day, and what was done, late or missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Literal

import attrs

from civrules.campaign.schedule import Occurrence
from civrules.errors import CivrulesError, InvalidInput, Problem, nearest
from civrules.model.campaign import Task
from civrules.model.community import Community, Fact
from civrules.model.condition import Condition
from civrules.model.days import Period, check_day
from civrules.model.given import Giver, NotGiven, resolved
from civrules.model.holding import fact_holds, holds
from civrules.model.mapping import FrozenMapping
from civrules.model.responsible import answering
from civrules.model.standing import Stands
from civrules.model.windows import DaysThatCount

if TYPE_CHECKING:
    from civrules.campaign.schedule import Schedule

State = Literal["done", "late", "missing", "open", "waiting", "undetermined"]


def _tuple(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _window(value: Any) -> Any:
    """The window that a record names: a day in it, a period, or words such as "2031-Q1"."""
    if isinstance(value, str):
        return Period.of(value).first
    return value.first if isinstance(value, Period) else value


@attrs.frozen(kw_only=True)
class Done:
    """A record that a task was done: on which day, for which window where that is not the day's own.

    `items` are those that were done, `place` is where. Raises InvalidInput.

    >>> Done(on=date(2031, 4, 11), window="2031-Q1").window
    datetime.date(2031, 1, 1)
    """

    on: date
    window: date | None = attrs.field(default=None, converter=_window)
    items: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        check_day(self.on, "on")
        if self.window is not None:
            check_day(self.window, "window")


@attrs.frozen(kw_only=True)
class Tracked:
    """One occurrence on a day: its window, by when it is due, and how it stands.

    "done" in time, done "late", "missing" past its due day; "open" while there is time or no deadline, "waiting" for
    what it comes after, "undetermined" where nobody can say. It was done `got` times of `needed`; `items` and `places`
    are those still missing.
    """

    window: Period
    due: date | None
    state: State
    expected: bool
    done_on: date | None = None
    got: int = 0
    needed: int | None = 1
    items: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    why: str = ""

    @property
    def shortfall(self) -> int:
        """How many times it is short."""
        return max(0, (self.needed or 0) - self.got)

    @property
    def days_late(self) -> int:
        """How many days after its due day it was done."""
        late = self.done_on is not None and self.due is not None and self.done_on > self.due
        return (self.done_on - self.due).days if late else 0  # type: ignore[operator]  # both are days where it is late

    @property
    def day(self) -> date | None:
        """The day that it is named by: when it is due, else the window's last, else when it was done."""
        return self.due or self.window.last or self.done_on


@attrs.frozen(kw_only=True)
class Progress:
    """One task on one day: what was expected, and of that what was done, done late, or is missing, by due days.

    `lead` is the body or post that leads it, `holder` whom the community's attribute or the host names for it. `done`
    holds what was done late too. Where `applies` is false nothing is expected. `outside` are days on which it was done
    that belong to no window. What is left undone of a task whose `strength` is "should" is advice: nobody is behind.
    """

    task: str
    lead: str | None
    holder: str | None
    applies: bool
    occurrences: tuple[Tracked, ...]
    outside: tuple[date, ...] = ()
    strength: Literal["must", "should", "informative"] = "must"

    @property
    def expected(self) -> tuple[date, ...]:
        """Those whose window is over, or that were done before it was."""
        return self._days(one for one in self.occurrences if one.expected)

    @property
    def done(self) -> tuple[date, ...]:
        """Those that were done, late or not."""
        return self._days(one for one in self.occurrences if one.done_on is not None)

    @property
    def late(self) -> tuple[date, ...]:
        """Those that were done after their due day."""
        return self._days(one for one in self.occurrences if one.state == "late")

    @property
    def missing(self) -> tuple[date, ...]:
        """Those that are past their due day and were not done."""
        return self._days(one for one in self.occurrences if one.state == "missing")

    @staticmethod
    def _days(found: Iterable[Tracked]) -> tuple[date, ...]:
        return tuple(one.day for one in found if one.day is not None)


@attrs.frozen(kw_only=True)
class Behind:
    """Who is behind: of which tasks something is missing on the day, or was late, by due days."""

    lead: str | None
    holder: str | None
    missing: tuple[tuple[str, date], ...]
    late: tuple[tuple[str, date], ...]


def behind(progress: Iterable[Progress]) -> tuple[Behind, ...]:
    """Those who lead a task that must be done, and of which something is missing or was late; most missing first."""
    by_lead: dict[tuple[str | None, str | None], list[Progress]] = {}
    for one in progress:
        if one.strength == "must" and (one.missing or one.late):
            by_lead.setdefault((one.lead, one.holder), []).append(one)
    found = (
        Behind(
            lead=lead, holder=holder,
            missing=tuple((one.task, day) for one in tasks for day in one.missing),
            late=tuple((one.task, day) for one in tasks for day in one.late),
        )
        for (lead, holder), tasks in by_lead.items()
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-len(one.missing), -len(one.late), one.lead or "", one.holder or "")))


def progress(
    schedule: "Schedule", done: Mapping[str, Iterable[date | Done]], *, on: date, community: Community | None,
    standing: Stands,
) -> tuple[Progress, ...]:  # fmt: skip
    """For every task of the schedule what was expected, done, late and missing on a day. Raises InvalidInput."""
    check_day(on, "on")
    records = _records(schedule, done, community)
    look = _Look(schedule=schedule, records=records, on=on, community=community, standing=standing)
    for name in TopologicalSorter({task.id: task.after for task in schedule.campaign.tasks}).static_order():
        look.tracked(name)  # what others come after is worked out before them
    return tuple(look.progress(task) for task in schedule.campaign.tasks)


def _records(
    schedule: "Schedule", done: Mapping[str, Iterable[date | Done]], community: Community | None
) -> Mapping[str, tuple[Done, ...]]:
    """The records of each task, checked. Raises InvalidInput with every problem."""
    tasks = {task.id: task for task in schedule.campaign.tasks}
    problems: list[Problem] = []
    found: dict[str, tuple[Done, ...]] = {}
    for name, given in done.items():
        if name not in tasks:
            problems.append(Problem("unknown-task", (), name, ", ".join(tasks), nearest(name, tasks)))
            continue
        kept = []
        for number, one in enumerate(given, 1):
            try:
                record = one if isinstance(one, Done) else Done(on=one)
                problems += (problem.within(name, number) for problem in _wrong(tasks[name], record, community))
                kept.append(record)
            except CivrulesError as error:
                problems += error.within(name, number)
        found[name] = tuple(sorted(kept, key=lambda record: record.on))
    if problems:
        raise InvalidInput(problems)
    return FrozenMapping(found)


def _wrong(task: Task, record: Done, community: Community | None) -> Iterator[Problem]:
    for item in record.items:
        if item not in task.items:
            yield Problem("unknown-id", ("items",), item, "item", nearest(item, task.items))
    register = _register(task, community)
    if task.per_unit is not None and record.place is None:
        yield Problem("place-needed", (), task.id, task.per_unit)
    elif record.place is not None and register is not None and record.place not in register:
        near = nearest(record.place, register)
        yield Problem("unknown-place", ("place",), record.place, ", ".join(register), near)


def _register(task: Task, community: Community | None) -> tuple[str, ...] | None:
    """The places at which a task is to be done; None where nobody says."""
    if task.per_unit is None or community is None:
        return None
    return community.places.get(task.per_unit)


@attrs.frozen(kw_only=True)
class _Look:
    """A look at a schedule on a day."""

    schedule: "Schedule"
    records: Mapping[str, tuple[Done, ...]]
    on: date
    community: Community | None
    standing: Stands

    @cached_property
    def attributes(self) -> Mapping[str, Any]:
        return self.community.attributes if self.community is not None else {}

    def progress(self, task: Task) -> Progress:
        answers = answering(task.responsible, self.fact)
        lead = answers.lead if answers is not None else None
        applies = self.applies(task)
        tracked, outside = self.tracked(task.id) if applies else ((), ())
        return Progress(
            task=task.id,
            lead=lead,
            holder=self._holder(lead),
            applies=applies,
            occurrences=tracked,
            outside=outside,
            strength=task.strength,
        )

    def applies(self, task: Task) -> bool:
        if task.strength == "informative":
            return False
        return task.applies_when is None or holds(task.applies_when, self._known)

    def fact(self, name: str) -> Fact | None:
        return self.community.fact(name) if self.community is not None else None

    def _known(self, one: Condition) -> bool:
        return fact_holds(one, self.fact(one.target)) if one.subject == "attribute" else self.standing.holds(one)

    def _holder(self, lead: str | None) -> str | None:
        """Who that is: the holder of the post, or whom the community's attribute names."""
        if lead is None or lead in self.schedule.holders:
            return self.schedule.holders.get(lead or "")
        body = next((one for one in self.schedule.campaign.bodies if one.id == lead), None)
        fact = self.attributes.get(body.attribute) if body is not None and body.attribute is not None else None
        return str(fact) if isinstance(fact, str | int) and not isinstance(fact, bool) else None

    @cached_property
    def _kept(self) -> dict[str, tuple[tuple[Tracked, ...], tuple[date, ...]]]:
        return {}

    def tracked(self, name: str) -> tuple[tuple[Tracked, ...], tuple[date, ...]]:
        """How each occurrence stands, and the records that belong to none; worked out once for each task."""
        if name not in self._kept:
            self._kept[name] = self._tracked(self.schedule.task(name))
        return self._kept[name]

    def _tracked(self, task: Task) -> tuple[tuple[Tracked, ...], tuple[date, ...]]:
        occurrences = self.schedule.occurrences(task.id, until=self.on)
        by_window, outside = self._sorted(task, occurrences)
        return tuple(self._one(task, one, by_window[at]) for at, one in enumerate(occurrences)), outside

    def _sorted(
        self, task: Task, occurrences: Sequence[Occurrence]
    ) -> tuple[list[list[Done]], tuple[date, ...]]:  # fmt: skip
        """The records of each window, until the day; a record that names a window which is not there is refused."""
        found: list[list[Done]] = [[] for _ in occurrences]
        outside = []
        for number, record in enumerate(self.records.get(task.id, ()), 1):
            place = _place(task, occurrences, record)
            if place is None and record.window is not None:
                known = ", ".join(str(one.window) for one in occurrences)
                raise InvalidInput(Problem("no-such-window", (task.id, number, "window"), record.window, known))
            if record.on > self.on:
                continue
            if place is None:
                outside.append(record.on)
            else:
                found[place].append(record)
        return found, tuple(outside)

    def _one(self, task: Task, one: Occurrence, records: list[Done]) -> Tracked:
        needed = self._needed(task)
        register = _register(task, self.community)
        days = DaysThatCount(task.cadence.weekdays if task.cadence is not None else ())
        counted = [record for record in records if days.counts(record.on, self.schedule.calendar)]
        ends = _ends(task, needed or 1, counted, register)
        lacking = "at_least" if needed is None else task.per_unit if register is None and task.per_unit else ""
        sure = not lacking and (task.cadence is None or one.window.last is not None)
        done_on = _last(ends.values()) if sure else None
        ready, waiting = self._ready(task, one)
        due = max(one.due, ready) if one.due is not None and ready is not None else one.due
        why = one.why or lacking or ""
        state = self._state(done_on, due, unknown=bool(why), waiting=waiting)
        over = one.window.last is not None and one.window.last <= self.on and not why and not waiting
        named = {item for record in counted for item in record.items}
        return Tracked(
            window=one.window, due=due, state=state, done_on=done_on, got=len(counted), needed=needed, why=why,
            expected=state in ("done", "late", "missing") or over,
            items=() if done_on is not None else tuple(item for item in task.items if item not in named),
            places=tuple(place for place, end in ends.items() if place is not None and end is None),
        )  # fmt: skip

    def _state(self, done_on: date | None, due: date | None, *, unknown: bool, waiting: bool) -> State:
        if done_on is not None:
            return "late" if due is not None and done_on > due else "done"
        if unknown:
            return "undetermined"
        if waiting:
            return "waiting"
        return "missing" if due is not None and self.on > due else "open"

    def _needed(self, task: Task) -> int | None:
        """How often in each window; None where that is open."""
        if task.cadence is None:
            return 1
        giver = Giver(self.on, self.attributes, self.schedule.campaign.settings)
        try:
            return int(resolved(task.cadence.at_least, giver))
        except NotGiven:
            return None

    def _ready(self, task: Task, one: Occurrence) -> tuple[date | None, bool]:
        """Since when it may be expected, and whether it still waits for what it comes after."""
        days: list[date] = []
        for name in task.after:
            before = self.schedule.task(name)
            if not self.applies(before):
                continue
            for each in self.tracked(name)[0]:
                if before.cadence is None or _not_later(each.window, one.window, self.on):
                    if each.done_on is None:
                        return None, True
                    days.append(each.done_on)
        return max(days, default=None), False


def _not_later(window: Period, other: Period, on: date) -> bool:
    """Whether a window is over when the other is; where that is open, on the day."""
    return window.last is None or window.last <= (other.last or on)


def _place(task: Task, occurrences: Sequence[Occurrence], record: Done) -> int | None:
    """The window to which a record belongs: the one that it names, else that of its day.

    A task without cadence has one window, to which all belong. The days until the next day of a rule belong to it.
    """
    if task.cadence is None or [one.window for one in occurrences] == [Period()]:
        return 0
    day = record.window if record.window is not None else record.on
    by_rule = task.cadence.rule is not None and record.window is None
    for place, one in enumerate(occurrences):
        window = one.window
        if by_rule:
            after = occurrences[place + 1].window.first if place + 1 < len(occurrences) else None
            window = Period(window.first, after - timedelta(days=1) if after is not None else None)
        if day in window:
            return place
    return None


def _ends(
    task: Task, needed: int, records: Sequence[Done], register: tuple[str, ...] | None
) -> Mapping[str | None, date | None]:
    """When it was complete at each place of the register; without one, as a whole."""
    if register is None:
        return {None: _complete(task, needed, records)}
    return {place: _complete(task, needed, (one for one in records if one.place == place)) for place in register}


def _complete(task: Task, needed: int, records: Iterable[Done]) -> date | None:
    """The day on which the records are enough: so many, and so many items named."""
    wanted = task.at_least or len(task.items)
    named: set[str] = set()
    for number, record in enumerate(records, 1):
        named.update(record.items)
        if number >= needed and len(named) >= wanted:
            return record.on
    return None


def _last(ends: Iterable[date | None]) -> date | None:
    """The day on which all were complete; None while one is not."""
    found = list(ends)
    return max(one for one in found if one is not None) if found and None not in found else None

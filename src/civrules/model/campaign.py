"""Campaign: phases, tasks and who does them, of every year and therefore without a year."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.condition import Condition
from civrules.model.days import Period, check_day
from civrules.model.deadline import Deadline
from civrules.model.document import Document
from civrules.model.figures import Count, Number, figure
from civrules.model.given import Interval, ParameterOf, Setting, interval_of, setting_of
from civrules.model.mapping import FrozenMapping
from civrules.model.parameters import Use, gathered, named_as
from civrules.model.responsible import Responsibility, responsibility
from civrules.model.soundness.campaign import campaign_problems
from civrules.model.source import Sources, one_or_many
from civrules.model.text import Text
from civrules.model.titles import titles_of
from civrules.model.windows import Cadence
from civrules.model.yearday import DayOfYear

if TYPE_CHECKING:
    from civrules.campaign.schedule import Schedule

_ONCE = Count(1)
_NO_OCCASIONS = Calendar()


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _frozen(items: Mapping[Any, Any]) -> FrozenMapping[Any, Any]:
    return FrozenMapping(items)


def _settings(values: Mapping[str, Any]) -> FrozenMapping[str, Setting]:
    return FrozenMapping({name: setting_of(value) for name, value in values.items()})


@attrs.frozen(kw_only=True)
class Recurrence:
    """How often: in the words of `frequency` (`per`, `at_least`, `weekdays`), or by a `rule` of RFC 5545.

    `at_least` is how often in each window; `weekdays` count alone, with days of the occasions that are named there. A
    rule is such as "FREQ=WEEKLY;BYDAY=MO".
    """

    per: Interval | None = attrs.field(default=None, converter=interval_of)
    at_least: Count = _ONCE
    weekdays: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    rule: str | None = None


@attrs.frozen(kw_only=True)
class Phase:
    """A part of a campaign.

    It runs from its `first` to its `last` day, or for as long as it `lasts`, or while an `occasion` of the calendar
    is. Days are those of every year: "07-21", "07", "07-late". Without a last day it is open, without any undated.
    """

    id: str
    title: Text
    first: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    last: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    lasts: Interval | None = attrs.field(default=None, converter=interval_of)
    occasion: str | None = None
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Task:
    """What is to be done, how often, by when, and by whom.

    `phase` is the id of the phase that it belongs to. Its own days are given by `first`, `last`, `lasts` or `occasion`,
    as those of a phase. `strength` "should" asks for it without anybody being behind, "informative" only shows it.
    It is expected once for every whole window of its `cadence` from its first to its last day, else its phase's, else
    the campaign's; without cadence once. `due` is counted from the window's last day; without cadence it may be a day
    of the year. With `items` all (or `at_least`) must be named, with `per_unit` every place of the register; `titles`
    is what people read in the place of items. It is not expected before the tasks that it comes `after` are done, nor
    where `applies_when` does not hold. `serves` names goals, `funded_by` the sources of money in their order.
    """

    id: str
    title: Text
    phase: str | None = None
    first: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    last: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    lasts: Interval | None = attrs.field(default=None, converter=interval_of)
    occasion: str | None = None
    cadence: Recurrence | None = None
    due: Interval | None = attrs.field(default=None, converter=interval_of)
    responsible: Responsibility = attrs.field(default=None, converter=responsibility)
    per_unit: str | None = None
    items: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    titles: Mapping[str, Text] = attrs.field(factory=FrozenMapping, converter=titles_of)
    at_least: int | None = None
    applies_when: Condition | None = None
    after: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    serves: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    funded_by: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    strength: Literal["must", "should", "informative"] = "must"
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)

    def next_due(self, last: date, calendar: Calendar = _NO_OCCASIONS) -> date | None:
        """By when it is due again, counted from the day on which it was done last; None where nobody can say.

        For a cadence in units of the calendar: the same day of the month, clamped to the month's end. For an occasion
        it is the last day of the next one that the calendar names.
        """
        check_day(last, "last")
        per = self.cadence.per if self.cadence is not None else None
        if not isinstance(per, str):
            return None
        cadence = Cadence.of(per)
        if cadence.occasion is None:
            return Deadline(cadence.count, cadence.unit).after(last)
        later = calendar.within(cadence.occasion, Period(last, None))
        return next((one.last for one in later if one.first is not None and one.first > last), None)

    def funded(self, need: Number, available: Mapping[str, Number]) -> "Funding":
        """What each source gives to the `need`, in the order of `funded_by`, and what is left unpaid.

        Raises InvalidInput for a source that is not named, and for amounts below 0.
        """
        wanted = _amount(need, "need")
        for source in available:
            if source not in self.funded_by:
                raise InvalidInput(Problem("unknown-id", (source,), source, "source"))
        left, use = wanted, []
        for source in self.funded_by:
            given = min(left, _amount(available.get(source, 0), source))
            left -= given
            use.append((source, given))
        return Funding(use=tuple(use), gap=left)


def _amount(value: Number, where: str) -> Decimal:
    amount = figure(value)[0]
    if amount < 0:
        raise InvalidInput(Problem("out-of-range", (where,), value, "0 or more"))
    return amount


@attrs.frozen(kw_only=True)
class Funding:
    """What each source gives, in order, and what no source gives."""

    use: tuple[tuple[str, Decimal], ...]
    gap: Decimal


@attrs.frozen(kw_only=True)
class Goal:
    """What tasks serve: a goal of the campaign, or a criterion `of` a standard that it uses."""

    id: str
    title: Text
    of: str | None = None
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Campaign(Document):
    """Phases, tasks, bodies and cadence of a plan, without a year. One that exists is sound.

    `first` to `last`, or for as long as it `lasts`, or an `occasion`: when it is, where its parts do not say. With
    `traced` a goal that no task serves and a task that serves none are noted. `goals` are its own and the criteria of
    the standards that it uses; its registers hold those of all documents that it uses. `phases` are its parts in
    time, `tasks` what is to be done. Raises InvalidDocument with every problem where the parts do not fit together.
    """

    first: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    last: DayOfYear | None = attrs.field(default=None, converter=interval_of)
    lasts: Interval | None = attrs.field(default=None, converter=interval_of)
    occasion: str | None = None
    traced: bool = False
    phases: tuple[Phase, ...] = attrs.field(default=(), converter=_tuple)
    tasks: tuple[Task, ...] = attrs.field(default=(), converter=_tuple)
    goals: tuple[Goal, ...] = attrs.field(default=(), converter=_tuple)

    def _problems(self) -> Iterator[Problem]:
        yield from campaign_problems(self)

    @cached_property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """What each parameter that something names is used for: days, lengths of time, cadences, numbers."""
        spans: tuple[Campaign | Phase | Task, ...] = (self, *self.phases, *self.tasks)
        rhythms = [one.cadence for one in self.tasks if one.cadence is not None]
        return FrozenMapping(
            gathered(
                (
                    *named_as("day", tuple(day for one in spans for day in (one.first, one.last))),
                    *named_as("duration", tuple(one.lasts for one in spans)),
                    *named_as("cadence", tuple(one.per for one in rhythms)),
                    *named_as("number", tuple(one.at_least for one in rhythms)),
                    *(use for one in self.tasks for use in named_as("deadline" if one.cadence else "due", one.due)),
                )
            )
        )

    def setting(self, written: Any) -> Any:
        """What is written, or what the parameter is set to that gives it; None where that is open."""
        return self.settings.get(written.parameter) if isinstance(written, ParameterOf) else written

    def in_year(
        self, year: int | None = None, *, start: date | None = None, dates: Mapping[str, Period] = FrozenMapping(),
        calendar: Calendar = _NO_OCCASIONS,
        holders: Mapping[str, str] = FrozenMapping(),
    ) -> "Schedule":  # fmt: skip
        """The campaign with days: in a year, or from a `start` for what only lasts so long.

        `dates` gives phases and tasks that the document leaves undated their days, `calendar` says when occasions are,
        `holders` who holds which post ("body:post"). What stays open is undetermined, never guessed.
        Raises InvalidInput.
        """
        from civrules.campaign.schedule import Schedule

        return Schedule(campaign=self, year=year, start=start, dates=dates, calendar=calendar, holders=holders)

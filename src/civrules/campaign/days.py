"""Days: what a document says of days, made concrete in one year; what cannot be known stays undetermined."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import attrs

from civrules.model.calendar import Calendar
from civrules.model.campaign import Campaign, Phase, Task
from civrules.model.days import Duration, Period
from civrules.model.yearday import YearDay

Spanning: TypeAlias = Campaign | Phase | Task
UNDATED = "undated"
SAID = ("first", "last", "lasts", "occasion")
"""The keys by which a table says its days."""


@attrs.frozen(kw_only=True)
class Span:
    """The days of a campaign, a phase or a task: periods in order, mostly one; an end may be open.

    There are none where the document gives no days ("undated") or where they cannot be had; then `why` names the open
    parameter, the occasion that the calendar lacks, or the start that was not given.
    """

    periods: tuple[Period, ...] = ()
    why: str = ""

    def __contains__(self, day: date) -> bool:
        return any(day in period for period in self.periods)

    @property
    def first(self) -> date | None:
        """The first day; None where the beginning is open or unknown."""
        return self.periods[0].first if self.periods else None

    @property
    def last(self) -> date | None:
        """The last day; None where the end is open or unknown."""
        return self.periods[-1].last if self.periods else None


@attrs.frozen(kw_only=True)
class Dating:
    """How a campaign gets its days: in a year, from a start, by the host's calendar."""

    campaign: Campaign
    year: int
    start: date | None
    calendar: Calendar

    @property
    def default_end(self) -> date:
        """Where what is open is cut: at the end of the year, or a year after the start."""
        return _a_year_from(self.start) if self.start is not None else date(self.year, 12, 31)

    def whole(self) -> Span:
        """The campaign's own days: those that it says, else from the start on, else the calendar year."""
        own = self._said(self.campaign, None)
        if own.why != UNDATED:
            return own
        return Span(periods=(Period(self.start, None) if self.start is not None else Period.year(self.year),))

    def span(self, one: Phase | Task, whole: Span) -> Span:
        """The days that the document gives a phase or a task; none where it leaves them open.

        What would be over before the campaign begins, and lies in it a year later, does so.
        """
        around = Period(whole.first, whole.last or _a_year_from(whole.first)) if whole.first is not None else None
        return self._said(one, around)

    def day(self, text: str, within: Span) -> date | None:
        """The last day that a day of the year names: the first such that does not lie before the span."""
        year = within.first.year if within.first is not None else self.year
        last = YearDay.of(text).in_year(year).last
        if within.first is not None and last is not None and last < within.first:
            return YearDay.of(text).in_year(year + 1).last
        return last

    def _said(self, one: Spanning, around: Period | None) -> Span:
        if one.occasion is not None:
            return self._occasion(one.occasion, around)
        open_ = [key for key in SAID if getattr(one, key) is not None and self._given(one, key) is None]
        if open_:
            return Span(why=", ".join(dict.fromkeys(getattr(one, key).parameter for key in open_)))
        given = {key: self._given(one, key) for key in SAID}
        if not any(given.values()):
            return Span(why=UNDATED)
        if given["first"] is None and given["lasts"] is not None and self.start is None:
            return Span(why="start")
        found = self._between(given, self.year)
        if around is not None and around.first is not None and found.last is not None and found.last < around.first:
            later = self._between(given, self.year + 1)
            found = later if later.first is not None and later.first in around else found
        return Span(periods=(found,))

    def _given(self, one: Spanning, key: str) -> Any:
        return self.campaign.setting(getattr(one, key))

    def _between(self, given: Mapping[str, Any], year: int) -> Period:
        first = YearDay.of(given["first"]).in_year(year).first if given["first"] is not None else None
        if given["lasts"] is not None:
            first = first if first is not None else self.start
            return Period(first, Duration.of(given["lasts"]).from_(first)) if first is not None else Period()
        if given["last"] is None:
            return Period(first, None)
        wanted = YearDay.of(given["last"])
        last = wanted.in_year(year).last
        if first is not None and last is not None and last < first:
            last = wanted.in_year(year + 1).last
        return Period(first, last)

    def _occasion(self, name: str, around: Period | None) -> Span:
        """The periods of the occasion that begin in the campaign, else in the year."""
        whole = around or Period(self.start or date(self.year, 1, 1), self.default_end)
        times = self.calendar.occasions.get(name, ())
        found = tuple(one for one in times if one.first is not None and one.first in whole)
        return Span(periods=found, why="" if found else name)


def _a_year_from(first: date) -> date:
    return Duration(1, "year").from_(first)

"""The ledger: what was issued, on which days it is in force, and what it adds up to."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import attrs

from civrules.model.days import Period, check_day
from civrules.model.figures import added
from civrules.model.mapping import FrozenMapping
from civrules.model.outcome import EndsOn

_ONE_DAY = timedelta(days=1)


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Happening:
    """Something that happened to somebody on a day, and can end what was issued: a bid was won."""

    event: str
    of: str
    """The recipient or the community."""
    on: date = attrs.field()

    @on.validator
    def _check(self, _: Any, day: object) -> None:
        check_day(day, "on")


@attrs.frozen(kw_only=True)
class Issued:
    """An effect that took effect: a flag, an award, a notice, a credit entry.

    `subject` is who it is for: the community, a body, or whoever that body is here. `valid` are the days on which it
    holds by its term; an event, or the next issue, may end it before: a `Ledger` knows.
    """

    standard: str
    """The edition that says so."""
    outcome: str
    kind: str
    what: str | None = None
    community: str
    subject: str
    to: str | None = None
    """The body through which the subject was found; None where it is the community itself."""
    on: date
    valid: Period
    due: date | None = None
    points: Decimal | None = None
    account: str | None = None
    amount: Decimal | None = None
    ends_on: EndsOn | None = None
    until_next: bool = False
    """It holds until the outcome is issued again."""
    by: str | None = None
    strength: Literal["must", "should", "informative"] = "must"
    period: Period | None = None
    """The period that was judged."""
    record: str | None = None
    """The digest of what the judged evaluation was made from."""


@attrs.frozen
class Ledger:
    """Everything that was issued, to everyone, and the events that ended some of it.

    What is in force on a day is a function of the day, the entries and the events, and of nothing else.
    """

    issued: tuple[Issued, ...] = attrs.field(default=(), converter=_tuple)
    events: tuple[Happening, ...] = attrs.field(default=(), converter=_tuple)

    @cached_property
    def entries(self) -> tuple[Issued, ...]:
        """What was issued, each with the days on which it really holds."""
        return self.cut(self.issued)

    def cut(self, issued: Iterable[Issued]) -> tuple[Issued, ...]:
        """These, each with the days on which it really holds by the events and issues of this ledger."""
        return tuple(attrs.evolve(one, valid=self._days(one)) for one in issued)

    def adding(self, issued: Iterable[Issued], events: Iterable[Happening] = ()) -> "Ledger":
        """The ledger with more entries and events."""
        return Ledger((*self.issued, *issued), (*self.events, *events))

    def in_force(self, on: date) -> tuple[Issued, ...]:
        """What holds that day, in the order of issue."""
        check_day(on, "on")
        return tuple(one for one in self.entries if on in one.valid)

    def alive(self, subject: str, *, on: date, account: str | None = None) -> tuple[Issued, ...]:
        """The credit entries of a subject that hold that day; of one account where it is named."""
        check_day(on, "on")
        return tuple(
            one
            for one in self._credits.get(subject, ())
            if on in one.valid and (account is None or one.account == account)
        )

    def balance(self, subject: str, *, on: date, account: str | None = None) -> Decimal:
        """The sum of the subject's credit entries that hold that day; 0 where there is none."""
        return added(one.points for one in self.alive(subject, on=on, account=account) if one.points is not None)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everyone who ever had a credit entry."""
        return tuple(sorted(self._credits))

    @cached_property
    def _credits(self) -> Mapping[str, tuple[Issued, ...]]:
        found: dict[str, list[Issued]] = {}
        for one in self.entries:
            if one.points is not None:
                found.setdefault(one.subject, []).append(one)
        return FrozenMapping({name: tuple(entries) for name, entries in found.items()})

    def _days(self, one: Issued) -> Period:
        """The days of an entry: its term, cut by the first event or the next issue that ends it."""
        ends = [*self._ended(one), *self._replaced(one)]
        last = min((day for day in ends if one.valid.first is None or day >= one.valid.first), default=None)
        if last is None or (one.valid.last is not None and one.valid.last <= last):
            return one.valid
        return Period(one.valid.first, last)

    def _ended(self, one: Issued) -> Iterable[date]:
        """The days of the events that end it; the event's own day still counts."""
        if one.ends_on is None:
            return ()
        of = one.subject if one.ends_on.of == "recipient" else one.community
        return self._happened.get((one.ends_on.event, of), ())

    def _replaced(self, one: Issued) -> Iterable[date]:
        """The days before the outcome was issued again, to whomever."""
        if not one.until_next:
            return ()
        standard = one.standard.partition("@")[0]
        issues = (*self._issues.get((standard, one.outcome), ()), *self._happened.get((one.outcome, standard), ()))
        return [day - _ONE_DAY for day in issues if day > one.on]

    @cached_property
    def _happened(self) -> Mapping[tuple[str, str], tuple[date, ...]]:
        found: dict[tuple[str, str], list[date]] = {}
        for one in self.events:
            found.setdefault((one.event, one.of), []).append(one.on)
        return FrozenMapping({key: tuple(days) for key, days in found.items()})

    @cached_property
    def _issues(self) -> Mapping[tuple[str, str], tuple[date, ...]]:
        found: dict[tuple[str, str], dict[date, None]] = {}
        for one in self.issued:
            found.setdefault((one.standard.partition("@")[0], one.outcome), {})[one.on] = None
        return FrozenMapping({key: tuple(days) for key, days in found.items()})

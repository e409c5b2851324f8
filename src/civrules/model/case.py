"""Case: one failing from its opening to its closing, a fold over its events and nothing else."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

import attrs

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.calendar import Calendar
from civrules.model.days import Period, check_day
from civrules.model.deadline import Deadline
from civrules.model.figures import Number, figure, plain
from civrules.model.given import ParameterOf
from civrules.model.holding import holds
from civrules.model.mapping import FrozenMapping
from civrules.model.procedure import Escalation, Procedure, Step

Kind = Literal["opened", "done", "partly", "extended", "waived", "escalated", "repeated"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Status = Literal["open", "overdue", "waived", "closed"]
RESPONSIBLE = "responsible"
"""As who does a step: whoever answers for the failing."""


def _points(value: Number | None) -> Decimal | None:
    return None if value is None else figure(value)[0]


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class CaseEvent:
    """Something that happened to a case.

    `opened` begins it; `done` says that a step (left out, the open one) was done, with `ok = False` that it found the
    one before wanting and opens that again; `partly` that a part was repaired, worth `points`; `extended` and `waived`
    hold `until` a day; `escalated` says `to` whom; `repeated` that the same was found wanting in the next period.
    Raises InvalidInput with every problem.
    """

    kind: Kind
    on: date
    step: str | None = None
    ok: bool = True
    by: str | None = None
    to: str | None = None
    until: date | None = None
    points: Decimal | None = attrs.field(default=None, converter=_points)
    note: str = ""

    def __attrs_post_init__(self) -> None:
        problems = []
        if self.kind not in KINDS:
            near = nearest(self.kind, KINDS)
            problems.append(Problem("unknown-word", ("kind",), self.kind, ", ".join(KINDS), near))
        for name in ("on", "until"):
            try:
                if name == "on" or self.until is not None:
                    check_day(getattr(self, name), name)
            except InvalidInput as error:
                problems += error.problems
        for name, kinds in _DETAILS.items():
            if getattr(self, name) not in (None, True) and self.kind in KINDS and self.kind not in kinds:
                problems.append(Problem("case-detail", (name,), self.kind, name))
        for name in _NEEDS.get(self.kind, ()):
            if getattr(self, name) is None:
                problems.append(Problem("missing-key", (), None, name))
        if problems:
            raise InvalidInput(problems)


_DETAILS: Mapping[str, tuple[str, ...]] = {
    "step": ("done", "partly"), "ok": ("done",), "to": ("escalated",), "until": ("extended", "waived"),
    "points": ("partly",),
}  # fmt: skip
"""Which kinds of event say what."""
_NEEDS: Mapping[str, tuple[str, ...]] = {"extended": ("until",)}


@attrs.frozen(kw_only=True)
class State:
    """Where a case stands after its events: which step is open, since when, and what was granted."""

    day: date
    step: int = 0
    since: date
    extended: date | None = None
    extensions: int = 0
    waived: bool = False
    waived_until: date | None = None
    escalated: frozenset[int] = frozenset()
    """Which escalations of the procedure are done, from 0."""
    repeated: int = 0
    back: Decimal = Decimal(0)
    closed: date | None = None


@attrs.frozen(kw_only=True)
class Case:
    """One failing: of which `community`, `criterion` and `place`, and what became of it.

    `points` are what the failing cost; they are given back when the case is closed, a part of them with what was
    repaired `partly`. `responsible` answers for it. Days of an occasion, such as working days, come from the host's
    `calendar`. The first event is `opened`; an event that cannot happen is refused. Raises InvalidInput.

    >>> from civrules.model.text import Text
    >>> steps = (Step(id="repair", by="responsible", within="1 month"), Step(id="re-check", by="housing"))
    >>> repair = Procedure(id="repair", title=Text(en="Repair"), steps=steps)
    >>> case = Case.opened(repair, on=date(2031, 1, 31), community="compound-07", criterion="stair-lights")
    >>> case.due(), case.status(on=date(2031, 3, 1))
    (datetime.date(2031, 2, 28), 'overdue')
    """

    procedure: Procedure
    community: str
    criterion: str | None = None
    place: str | None = None
    outcome: str | None = None
    """The outcome that opened it, where no line did."""
    points: Decimal | None = attrs.field(default=None, converter=_points)
    responsible: str | None = None
    period: Period | None = None
    edition: str | None = None
    record: str | None = None
    """The digest of the record that found it."""
    limit: date | None = None
    """By when whoever is responsible is to be done, where the procedure leaves the time of their step open."""
    calendar: Calendar = attrs.field(factory=Calendar)
    events: tuple[CaseEvent, ...] = attrs.field(converter=_tuple)

    def __attrs_post_init__(self) -> None:
        if not self.procedure.steps:
            raise InvalidInput(Problem("empty", ("procedure",), self.procedure.id, "at least one step"))
        _ = self.state  # whatever cannot happen is refused here

    @classmethod
    def opened(cls, procedure: Procedure, *, on: date, community: str, note: str = "", **about: Any) -> "Case":
        """A new case, opened on a day; `about` are the other fields."""
        return cls(
            procedure=procedure, community=community, events=(CaseEvent(kind="opened", on=on, note=note),), **about
        )

    def add(self, *events: CaseEvent) -> "Case":
        """The case after these events too. Raises InvalidInput where one cannot happen as it stands, and says why."""
        return attrs.evolve(self, events=(*self.events, *events))

    @cached_property
    def state(self) -> State:
        """Where it stands after all its events."""
        return self._folded(self.events)

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What is found wanting: the community, the criterion, the place."""
        return self.community, self.criterion, self.place

    @property
    def about(self) -> tuple[str | None, ...]:
        """All that says whether another case is about the same: the key, or the outcome and who is to put it right."""
        return self.key if self.outcome is None else (self.community, self.outcome, self.responsible, self.procedure.id)

    @cached_property
    def since(self) -> date:
        """The day on which it was opened."""
        return self.events[0].on

    @property
    def step(self) -> Step | None:
        """The open step; None where the case is closed."""
        return None if self.state.closed is not None else self.procedure.steps[self.state.step]

    @property
    def who(self) -> str | None:
        """Who is to do the open step."""
        return None if self.step is None else self._doer(self.step)

    @property
    def repeated(self) -> bool:
        """Whether the same was found wanting in the next period."""
        return self.state.repeated > 0

    def due(self) -> date | None:
        """The day on which the open step is due; None where it has no limit or nobody can say.

        A limit is not known where an open parameter gives it, or where it counts days of an occasion for which the
        calendar does not reach far enough: such a step is never overdue.
        """
        return self._due(self.state)

    def due_on(self, on: date) -> date | None:
        """The same as it stood on a day, later events left out. Raises InvalidInput for a day before it was opened."""
        return self._due(self.at(on))

    def status(self, *, on: date) -> Status:
        """Where it stands on a day: a function of the day and of the events until then.

        Raises InvalidInput for a day before it was opened.
        """
        state = self.at(on)
        if state.closed is not None:
            return "closed"
        if _waived_on(state, on):
            return "waived"
        due = self._due(state)
        return "overdue" if due is not None and on > due else "open"

    def at(self, on: date) -> State:
        """The state on a day, later events left out. Raises InvalidInput for a day before it was opened."""
        if on < self.since:
            raise InvalidInput(Problem("case-before", ("on",), on, str(self.since)))
        return self._folded(event for event in self.events if event.on <= on)

    def given_back(self, *, on: date) -> Decimal:
        """The points given back by a day: all when it is closed, until then what the repaired parts are worth."""
        state = self.at(on)
        return self.points or Decimal(0) if state.closed is not None else state.back

    def states(self, *, on: date) -> frozenset[str]:
        """What conditions may say of it on a day: "open", "overdue", "repeated".

        Nothing before it was opened, nor once it is closed; one that is waived is open, and not overdue.
        """
        return self._states(self.at(on), on) if on >= self.since else frozenset()

    def escalation(self, *, on: date) -> Escalation | None:
        """Where the procedure sends the case next, where that is so by the day and was not done yet."""
        state = self.at(on)
        rung = None if state.closed is not None else self._next_rung(state, on)
        return None if rung is None else self.procedure.escalate[rung]

    def _doer(self, step: Step) -> str | None:
        return self.responsible if step.by == RESPONSIBLE else step.by

    def _due(self, state: State) -> date | None:
        if state.closed is not None or state.extended is not None:
            return None if state.closed is not None else state.extended
        step = self.procedure.steps[state.step]
        if isinstance(step.within, str):
            return Deadline.of(step.within).after(state.since, self.calendar)
        theirs = self.responsible is not None and self._doer(step) == self.responsible
        return self.limit if theirs else None

    def _states(self, state: State, on: date) -> frozenset[str]:
        if state.closed is not None:
            return frozenset()
        due = None if _waived_on(state, on) else self._due(state)
        said = {"open": True, "overdue": due is not None and on > due, "repeated": state.repeated > 0}
        return frozenset(word for word, so in said.items() if so)

    def _next_rung(self, state: State, on: date) -> int | None:
        """The first escalation that is not done and is to be."""
        left = (number for number in range(len(self.procedure.escalate)) if number not in state.escalated)
        return next((number for number in left if self._rung_due(state, self.procedure.escalate[number], on)), None)

    def _rung_due(self, state: State, rung: Escalation, on: date) -> bool:
        """Whether the case goes there: its reason holds, and it is so long overdue; not where nobody can say."""
        states = self._states(state, on)
        if _waived_on(state, on) or isinstance(rung.after, ParameterOf):
            return False
        if rung.when is not None and not holds(rung.when, lambda part: not states.isdisjoint(map(str, part.wanted))):
            return False
        if rung.after is None:
            return rung.when is not None or "overdue" in states
        due = self._due(state)
        late = None if due is None else Deadline.of(rung.after).after(due, self.calendar)
        return late is not None and on > late

    def _folded(self, events: Iterable[CaseEvent]) -> State:
        state: State | None = None
        for number, event in enumerate(events, 1):
            try:
                state = self._after(state, event)
            except InvalidInput as error:
                raise InvalidInput(error.within(f"event[{number}]")) from None
        if state is None:
            raise InvalidInput(Problem("case-not-opened", (), None, "opened"))
        return state

    def _after(self, state: State | None, event: CaseEvent) -> State:
        if state is None:
            if event.kind != "opened":
                raise InvalidInput(Problem("case-not-opened", (), event.kind, "opened"))
            return State(day=event.on, since=event.on)
        if event.kind == "opened":
            raise InvalidInput(Problem("case-opened-twice", (), event.on))
        if event.on < state.day:
            raise InvalidInput(Problem("case-order", ("on",), event.on, str(state.day)))
        if state.closed is not None:
            raise InvalidInput(Problem("case-closed", (), event.kind, str(state.closed)))
        return attrs.evolve(_AFTER[event.kind](self, state, event), day=event.on)

    def _open_step(self, state: State, event: CaseEvent) -> Step:
        """The open step, which the event is about. Raises InvalidInput where it names another, or another's doer."""
        step = self.procedure.steps[state.step]
        if event.step is not None and event.step != step.id:
            known = [one.id for one in self.procedure.steps]
            code, near = ("case-step", "") if event.step in known else ("unknown-id", nearest(event.step, known))
            expected = step.id if code == "case-step" else "step"
            raise InvalidInput(Problem(code, ("step",), event.step, expected, near))
        doer = self._doer(step)
        if event.by is not None and doer is not None and event.by != doer:
            raise InvalidInput(Problem("case-by", ("by",), event.by, doer, step.id))
        return step

    def _done(self, state: State, event: CaseEvent) -> State:
        step = self._open_step(state, event)
        if not event.ok and state.step == 0:
            raise InvalidInput(Problem("case-nothing-before", ("ok",), step.id))
        following = state.step + (1 if event.ok else -1)
        closed = event.on if following == len(self.procedure.steps) else None
        # An overdue step goes up for itself; what has another reason goes up once.
        kept = frozenset(rung for rung in state.escalated if self.procedure.escalate[rung].when is not None)
        return attrs.evolve(
            state, step=state.step if closed else following, since=event.on, closed=closed,
            extended=None, extensions=0, escalated=kept, waived=False, waived_until=None,
        )  # fmt: skip

    def _partly(self, state: State, event: CaseEvent) -> State:
        self._open_step(state, event)
        back = state.back + (event.points or 0)
        most = self.points or Decimal(0)
        if event.points is not None and not (event.points >= 0 and back <= most):
            raise InvalidInput(Problem("case-points", ("points",), event.points, plain(most - state.back)))
        return attrs.evolve(state, back=back)

    def _extended(self, state: State, event: CaseEvent) -> State:
        due, until, most = self._due(state), event.until, self.procedure.extensions
        if most is not None and state.extensions >= most:
            raise InvalidInput(Problem("case-extensions", (), state.extensions, str(most)))
        if until is None or until <= (due or event.on):
            raise InvalidInput(Problem("case-extension", ("until",), until, str(due or event.on)))
        return attrs.evolve(state, extended=until, extensions=state.extensions + 1)

    def _waived(self, state: State, event: CaseEvent) -> State:
        if event.until is not None and event.until < event.on:
            raise InvalidInput(Problem("case-extension", ("until",), event.until, str(event.on)))
        return attrs.evolve(state, waived=True, waived_until=event.until)

    def _escalated(self, state: State, event: CaseEvent) -> State:
        rungs = self.procedure.escalate
        if not rungs:
            return state
        left = [number for number in range(len(rungs)) if number not in state.escalated]
        if not left:
            raise InvalidInput(Problem("case-escalations", (), event.to, ", ".join(one.to for one in rungs)))
        due = self._next_rung(state, event.on)
        rung = rungs[left[0] if due is None else due]
        if event.to is not None and event.to != rung.to:
            raise InvalidInput(Problem("case-to", ("to",), event.to, rung.to))
        if due is None:
            raise self._too_early(state, rung, event)
        return attrs.evolve(state, escalated=state.escalated | {due})

    def _too_early(self, state: State, rung: Escalation, event: CaseEvent) -> InvalidInput:
        if rung.when is not None and rung.after is None:
            return InvalidInput(Problem("case-no-reason", ("to",), rung.to, event.on.isoformat()))
        return InvalidInput(Problem("case-not-overdue", ("on",), event.on, str(self._due(state) or "—"), rung.to))

    def _repeated(self, state: State, event: CaseEvent) -> State:
        return attrs.evolve(state, repeated=state.repeated + 1)


def case_states(cases: Iterable[Case], /, *, on: date) -> Mapping[str, frozenset[str]]:
    """What is true of the cases of each community on a day: "open", "overdue", "repeated"; conditions name these.

    A case that was not opened by then, or is closed, counts for nothing; one that is waived is open and not overdue.
    """
    check_day(on, "on")
    found: dict[str, set[str]] = {}
    for case in cases:
        found.setdefault(case.community, set()).update(case.states(on=on))
    return FrozenMapping({name: frozenset(states) for name, states in found.items() if states})


def _waived_on(state: State, on: date) -> bool:
    return state.waived and (state.waived_until is None or on <= state.waived_until)


_AFTER: Mapping[str, Callable[[Case, State, CaseEvent], State]] = {
    "done": Case._done, "partly": Case._partly, "extended": Case._extended, "waived": Case._waived,
    "escalated": Case._escalated, "repeated": Case._repeated,
}  # fmt: skip
"""What each kind of event makes of a state."""

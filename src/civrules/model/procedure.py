"""Procedure: the steps from a failing to its closing, as a standard writes them."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from civrules.model.condition import Condition
from civrules.model.given import Interval, ParameterOf, Setting, interval_of
from civrules.model.source import Sources, one_or_many
from civrules.model.text import Text


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


NO_PROCEDURE = "none"
"""What a criterion names whose failing has none, although its section has one."""


def settled(written: Any, settings: Mapping[str, Setting]) -> Any:
    """An interval as written, or as its parameter is set; the parameter itself where that is open."""
    return settings.get(written.parameter, written) if isinstance(written, ParameterOf) else written


@attrs.frozen(kw_only=True)
class Step:
    """One step. `by` is who does it: a body, or "responsible", which is whoever answers for the failing.

    `within` counts from the day on which the step before was done: "10 days", "3 months", "5 working-days".
    """

    id: str
    title: Text | None = None
    by: str | None = None
    within: Interval | None = attrs.field(default=None, converter=interval_of)


@attrs.frozen(kw_only=True)
class Escalation:
    """Where a case goes: `to` this body when its open step is overdue, at once or so long `after` its due day.

    `when` is another reason than that, a condition on the case, such as `{ case = "repeated" }`.
    """

    to: str
    after: Interval | None = attrs.field(default=None, converter=interval_of)
    when: Condition | None = None


@attrs.frozen(kw_only=True)
class Procedure:
    """What is done about a failing: `steps` in this order, the last of which closes the case.

    `opens_on` are the results of a line that open a case; `extensions` is how often a due day may be moved (left out,
    as often as it is), `escalate` where the case goes, one after the other.
    """

    id: str
    title: Text
    steps: tuple[Step, ...] = attrs.field(converter=_tuple)
    opens_on: tuple[str, ...] = attrs.field(default=("fail",), converter=_tuple)
    extensions: int | None = None
    escalate: tuple[Escalation, ...] = attrs.field(default=(), converter=_tuple)
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)

    def settled(self, settings: Mapping[str, Setting]) -> "Procedure":
        """The same, with every time limit that a parameter gives as it is set."""
        steps = (attrs.evolve(one, within=settled(one.within, settings)) for one in self.steps)
        rungs = (attrs.evolve(one, after=settled(one.after, settings)) for one in self.escalate)
        return attrs.evolve(self, steps=tuple(steps), escalate=tuple(rungs))

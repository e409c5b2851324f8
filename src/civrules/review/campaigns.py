"""Campaigns: what can be known of one without a year, beside the standards that it rests on."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

import attrs

from civrules.campaign.schedule import Schedule
from civrules.campaign.tracing import busy, tracing_notes
from civrules.errors import Problem
from civrules.model.campaign import Campaign, Goal, Phase, Task
from civrules.model.soundness.places import Path, label
from civrules.model.source import one_or_many
from civrules.model.standard import Standard

_YEAR = 2031
"""Phases overlap or part alike in every common year."""
_YEARS = range(_YEAR, _YEAR + 28)
"""Every weekday on which a common and a leap year can begin."""
_OF_BODIES = "body-without-task"
IN_COMPANY = (_OF_BODIES,)
"""What can be asked only together with the standards that the campaign uses."""


@attrs.frozen(slots=False)
class Planned:
    """A campaign under review; `standards` are those that are reviewed with it, by edition."""

    campaign: Campaign
    standards: Mapping[str, Standard]

    @cached_property
    def schedule(self) -> Schedule:
        """The campaign in a common year; one that only lasts so long from its first day."""
        if self.waits_for_a_start:
            return self.campaign.in_year(start=date(_YEAR, 1, 1))
        return self.campaign.in_year(_YEAR)

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """The campaign in years of every kind; none where its days wait for a start."""
        return () if self.waits_for_a_start else tuple(map(self.campaign.in_year, _YEARS))

    @property
    def waits_for_a_start(self) -> bool:
        """Whether the campaign lasts so long from a day that the host gives."""
        return self.campaign.first is None and self.campaign.lasts is not None

    def place(self, table: str, id: str) -> Path:
        """Where a phase, a task or a goal stands."""
        rows: tuple[Phase | Task | Goal, ...] = getattr(self.campaign, f"{table}s")
        index = next(index for index, one in enumerate(rows) if one.id == id)
        return (label(table, index, id),)


def partner_problems(planned: Planned) -> Iterator[Problem]:
    """Goals and tasks without a partner, tasks that nobody leads, bodies that have nothing to do.

    A body of a standard is looked at where that is reviewed too, for there it may have its work.
    """
    campaign = planned.campaign
    for problem in tracing_notes(campaign):
        if problem.code != _OF_BODIES:
            where = planned.place(str(problem.where[0]), str(problem.value).rpartition(":")[2])
            yield attrs.evolve(problem, where=where, severity="warning")
    named = [name for standard in planned.standards.values() for name in named_bodies(standard)]
    at_work = busy(campaign, named)
    for index, body in enumerate(campaign.bodies):
        edition = campaign.edition_of("body", body.id)
        if body.id not in at_work and (edition == campaign.edition or edition in planned.standards):
            yield Problem(_OF_BODIES, (label("body", index, body.id),), body.id)


def named_bodies(standard: Standard) -> Iterator[str]:
    """Every body that the standard gives something to do: lines, steps, outcomes."""
    for section in (below for top in standard.sections for below in top.walk()):
        for responsible in (section.responsible, *(one.responsible for one in section.criteria)):
            yield from (name for one in one_or_many(responsible) for _, name in one.bodies)
    for procedure in standard.procedures:
        yield from (step.by for step in procedure.steps if step.by is not None)
        yield from (rung.to for rung in procedure.escalate)
    for outcome in standard.outcomes:
        yield from (outcome.by,) if outcome.by is not None else ()
        yield from (name for effect in outcome.then for name in effect.to)


def citing_problems(planned: Planned) -> Iterator[Problem]:
    """Phases and tasks without a source: by table."""
    campaign = planned.campaign
    bare = {
        "phase": [one.id for one in campaign.phases if not one.source],
        "task": [one.id for one in campaign.tasks if not one.source],
    }
    yield from (Problem("citation-missing", (table,), names) for table, names in bare.items() if names)

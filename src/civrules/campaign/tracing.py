"""Tracing: goals without tasks, tasks without goals, bodies without tasks."""

from collections.abc import Iterable, Iterator

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.source import one_or_many


def tracing_notes(campaign: Campaign) -> Iterator[Problem]:
    """What has no partner. Goals and tasks are asked of campaigns that say `traced = true`, bodies of all.

    A body of a document that the campaign uses may have its work there.
    """
    if campaign.traced:
        yield from _untraced(campaign)
    at_work = busy(campaign)
    for body in campaign.bodies:
        own = campaign.edition_of("body", body.id) == campaign.edition
        if own and body.id not in at_work:
            yield Problem("body-without-task", ("body",), body.id)
    for task in campaign.tasks:
        if campaign.bodies and not any(one.lead for one in one_or_many(task.responsible)):
            yield Problem("task-without-lead", ("task",), task.id)


def _untraced(campaign: Campaign) -> Iterator[Problem]:
    served = {goal for task in campaign.tasks for goal in task.serves}
    for goal in campaign.goals:
        if goal.id not in served:
            yield Problem("goal-without-task", ("goal",), goal.id if goal.of is None else f"{goal.of}:{goal.id}")
    for task in campaign.tasks:
        if not task.serves:
            yield Problem("task-without-goal", ("task",), task.id)


def busy(campaign: Campaign, elsewhere: Iterable[str] = ()) -> set[str]:
    """The bodies with a task or named `elsewhere`: themselves, by a post, or by a body that is part of them."""
    tasks = (name for task in campaign.tasks for one in one_or_many(task.responsible) for _, name in one.bodies)
    found = {name.partition(":")[0] for name in (*tasks, *elsewhere)}
    part_of = {body.id: body.part_of for body in campaign.bodies}
    for name in tuple(found):
        above = part_of.get(name)
        while above is not None and above not in found:
            found.add(above)
            above = part_of.get(above)
    return found

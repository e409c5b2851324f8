"""Conditions that can never hold, but for those of gates and grades: of lines, outcomes and tasks."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.condition import Condition
from civrules.model.soundness.places import label
from civrules.review.campaigns import Planned
from civrules.review.gates import first_false, table
from civrules.review.possible import Possible, may_be
from civrules.review.reviewed import Reviewed


def condition_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Lines that never apply and outcomes that never come about."""
    possible = Possible(reviewed)
    for criterion, where in reviewed.criteria():
        if criterion.applies_when is not None and not possible.holds(criterion.applies_when):
            shown = table(first_false(possible, criterion.applies_when))
            yield Problem("condition-never", (*where, "applies_when"), shown)
    for index, outcome in enumerate(reviewed.standard.outcomes):
        if not possible.holds(outcome.when):
            shown = table(first_false(possible, outcome.when))
            yield Problem("condition-never", (label("outcome", index, outcome.id), "when"), shown)


def task_condition_problems(planned: Planned) -> Iterator[Problem]:
    """Tasks that are asked of no community."""
    for task in planned.campaign.tasks:
        if task.applies_when is not None and not _can_hold(task.applies_when, planned.campaign):
            yield Problem(
                "condition-never", (*planned.place("task", task.id), "applies_when"), table(task.applies_when)
            )


def _can_hold(condition: Condition, campaign: Campaign) -> bool:
    """Whether it is not proved to be false of every community that the campaign is for."""
    if condition.subject == "all":
        return all(_can_hold(member, campaign) for member in condition.members)
    if condition.subject == "any":
        return any(_can_hold(member, campaign) for member in condition.members)
    asked = condition.subject == "attribute" and condition.equals is not None
    return not asked or any(may_be(campaign, condition.target, one) for one in condition.wanted)

"""What show says of a campaign: its phases, tasks and goals."""

from collections.abc import Iterator
from typing import Any

from civrules import Campaign, Phase, Recurrence, Task
from civrules.cli.document_words import Part, filled, written
from civrules.cli.output import Row
from civrules.model.source import one_or_many
from civrules.model.titles import titled
from civrules.scoring.words import condition

_TASKS = (
    "task", "title", "phase", "first", "last", "lasts", "occasion", "cadence", "due", "lead", "support", "per_unit",
    "items", "after", "serves", "when", "strength",
)  # fmt: skip
_PHASES = ("phase", "title", "first", "last", "lasts", "occasion")
_GOALS = ("goal", "title", "of")
_DAYS = ("first", "last", "lasts", "occasion")


def campaign_parts(campaign: Campaign, lang: Any) -> list[Part]:
    """Its tasks first, for they are what CSV has."""
    return [
        ("tasks", _TASKS, [_task(one, campaign, lang) for one in campaign.tasks]),
        ("phases", _PHASES, [[one.id, one.title.in_(lang), *_days(one)] for one in campaign.phases]),
        ("goals", _GOALS, [[one.id, one.title.in_(lang), one.of] for one in campaign.goals]),
    ]


def campaign_head(campaign: Campaign) -> dict[str, Any]:
    """The days that hold where phases and tasks do not say."""
    return {"runs": " ".join(_runs(campaign)) or None, "traced": "yes" if campaign.traced else None}


def _runs(campaign: Campaign) -> Iterator[str]:
    for key, said in zip(_DAYS, _days(campaign), strict=True):
        if said is not None:
            yield f"{key} {said}"


def _days(one: Campaign | Phase | Task) -> list[str | None]:
    """When it is, in the document's words."""
    return [filled(getattr(one, key)) for key in _DAYS]


def _task(one: Task, campaign: Campaign, lang: Any) -> Row:
    leads = [each.lead for each in one_or_many(one.responsible) if each.lead is not None]
    support = [name for each in one_or_many(one.responsible) for name in each.support]
    return [
        one.id,
        one.title.in_(lang),
        one.phase,
        *_days(one),
        _cadence(one.cadence) if one.cadence is not None else None,
        filled(one.due),
        leads,
        support,
        one.per_unit,
        _items(one, lang),
        list(one.after),
        list(one.serves),
        condition(one.applies_when, campaign, lang) if one.applies_when is not None else None,
        one.strength,
    ]


def _items(one: Task, lang: Any) -> list[str]:
    """What is named when it is done, and how many of them will do."""
    enough = [f"at_least {one.at_least}"] if one.at_least is not None else []
    return [*(titled(item, one.titles, lang) for item in one.items), *enough]


def _cadence(cadence: Recurrence) -> str:
    """How often, in the document's words."""
    if cadence.rule is not None:
        return cadence.rule
    said = [written(cadence.per)]
    if cadence != Recurrence(per=cadence.per, weekdays=cadence.weekdays):
        said.append(f"at_least {written(cadence.at_least)}")
    if cadence.weekdays:
        said.append(f"weekdays {written(cadence.weekdays)}")
    return " ".join(said)

"""Campaigns: what makes phases, tasks and goals fit together."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from civrules.errors import Problem, nearest
from civrules.model.condition import FOLLOWING, GROUPS, LISTED, Condition
from civrules.model.days import Duration
from civrules.model.deadline import Deadline, read_due
from civrules.model.given import ParameterOf, givens
from civrules.model.identity import check_id, duplicates
from civrules.model.soundness.head import declared_problems, names_problems, reading_problems
from civrules.model.soundness.places import Path, attempt, label, twice, word_problems
from civrules.model.soundness.procedures import time_problems
from civrules.model.soundness.registers import answering_problems, register_problems
from civrules.model.text import check_words
from civrules.model.titles import title_problems
from civrules.model.windows import Cadence, DaysThatCount
from civrules.model.yearday import YearDay

if TYPE_CHECKING:
    from civrules.model.campaign import Campaign, Recurrence, Task

MOST_TASKS = 5000
OF_A_TASK = ("attribute", *FOLLOWING, *GROUPS)
"""What `applies_when` may name."""
RULE_PART = "(FREQ|INTERVAL|COUNT|BYMONTH|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYDAY|BYSETPOS|WKST)=[A-Z0-9,+-]+"
"""A part of a rule, as a pattern."""
_PART = re.compile(RULE_PART)
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
RULE = "a rule of RFC 5545 in whole days, such as FREQ=WEEKLY;BYDAY=MO, without UNTIL"


def campaign_problems(campaign: "Campaign") -> Iterator[Problem]:
    """Every problem of the campaign, in the document's order."""
    yield from names_problems(campaign, "campaign")
    if len(campaign.tasks) > MOST_TASKS:
        yield Problem("too-many", ("task",), len(campaign.tasks), str(MOST_TASKS))
        return
    yield from _span(campaign, campaign, "campaign")
    yield from declared_problems(campaign, "campaign")
    yield from reading_problems(campaign)
    yield from _tables(campaign)
    yield from _after(campaign)
    carriers = dict.fromkeys((*(one.id for one in campaign.goals), *(one.id for one in campaign.tasks)))
    yield from register_problems(campaign, carriers, "goal or task")
    tasks: list[tuple[Any, Path]] = [(one, (label("task", at, one.id),)) for at, one in enumerate(campaign.tasks)]
    yield from answering_problems(campaign, tasks)


def _tables(campaign: "Campaign") -> Iterator[Problem]:
    tables: tuple[tuple[str, tuple[Any, ...]], ...] = (("phase", campaign.phases), ("task", campaign.tasks))
    for kind, rows in tables:
        places: list[tuple[Any, Path]] = [(one, (label(kind, index, one.id),)) for index, one in enumerate(rows)]
        yield from twice((one.id, where) for one, where in places)
        for one, where in places:
            yield from attempt(check_id, one.id, *where, "id")
            yield from _span(campaign, one, *where)
            if kind == "task":
                yield from (problem.within(*where) for problem in _task(campaign, one))
    own: list[tuple[Any, Path]] = [(one, (label("goal", index, one.id),)) for index, one in enumerate(campaign.goals)]
    yield from twice((f"{one.of}:{one.id}", where) for one, where in own)
    for one, where in own:
        yield from attempt(check_id, one.id, *where, "id")
    holders: list[tuple[Any, Path]] = [(campaign, ("campaign",)), *own]
    for kind, rows in (*tables, ("reading", campaign.readings)):
        holders += [(one, (label(kind, at, getattr(one, "id", None)),)) for at, one in enumerate(rows)]
    for holder, where in holders:
        for index, source in enumerate(holder.source):
            yield from word_problems("provenance", source.provenance, *where, f"source[{index + 1}]")


def _span(campaign: "Campaign", one: Any, *where: str) -> Iterator[Problem]:
    """Days that cannot be read, or that are said in two ways."""
    for key in ("first", "last"):
        yield from time_problems(campaign, getattr(one, key), *where, key, read=YearDay.of)
    yield from time_problems(campaign, one.lasts, *where, "lasts", read=Duration.of)
    said = [key for key in ("first", "last", "lasts", "occasion") if getattr(one, key) is not None]
    if "occasion" in said:
        yield from attempt(check_id, one.occasion, *where, "occasion")
    if ("occasion" in said and len(said) > 1) or {"last", "lasts"} <= set(said):
        yield Problem("two-ways", where, ", ".join(said), "first with last or lasts; or occasion")


def _task(campaign: "Campaign", task: "Task") -> Iterator[Problem]:
    phases = [one.id for one in campaign.phases]
    if task.phase is not None and task.phase not in phases:
        yield Problem("unknown-id", ("phase",), task.phase, "phase", nearest(task.phase, phases))
    goals = {one.id for one in campaign.goals}
    for goal in task.serves:
        if goal not in goals:
            yield Problem("unknown-id", ("serves",), goal, "goal", nearest(goal, goals))
    if task.cadence is not None:
        yield from (problem.within("cadence") for problem in _recurrence(campaign, task.cadence))
    if task.applies_when is not None:
        yield from (problem.within("applies_when") for problem in _asked(campaign, task.applies_when))
    yield from time_problems(campaign, task.due, "due", read=read_due if task.cadence is None else Deadline.of)
    if task.per_unit is not None:
        yield from attempt(check_id, task.per_unit, "per_unit")
    for key in ("items", "funded_by"):
        yield from (Problem("duplicate-id", (key,), word) for word in duplicates(getattr(task, key)))
        for word in getattr(task, key):
            yield from attempt(check_words, word, key)
    yield from title_problems(task.titles, task.items)
    if task.at_least is not None and not 1 <= task.at_least <= len(task.items):
        yield Problem("out-of-range", ("at_least",), task.at_least, f"1 … {len(task.items)}")
    yield from word_problems("strength", task.strength)


def _asked(campaign: "Campaign", condition: Condition) -> Iterator[Problem]:
    """What a task's condition names and cannot: a campaign has no sheet, and knows honours by its registers."""
    if condition.subject not in OF_A_TASK:
        yield Problem("of-the-task", (), condition.subject, ", ".join(OF_A_TASK))
        return
    known = {one.id for one in campaign.honours}
    names = [str(name) for name in condition.wanted] if condition.subject in LISTED else []
    for name in names:
        if condition.subject == "honour" and known and name not in known:
            yield Problem("unknown-id", ("honour",), name, "honour", nearest(name, known))
        yield from attempt(check_id, name, condition.subject)
    for number, member in enumerate(condition.members if condition.subject in GROUPS else (), 1):
        yield from (problem.within(f"{condition.subject}[{number}]") for problem in _asked(campaign, member))


def _recurrence(campaign: "Campaign", one: "Recurrence") -> Iterator[Problem]:
    said = [key for key in ("per", "rule") if getattr(one, key) is not None]
    if len(said) != 1:
        yield Problem("one-of", (), ", ".join(said) or None, "per, rule")
    yield from time_problems(campaign, one.per, "per", read=Cadence.of)
    if one.rule is not None:
        yield from _rule(one.rule)
        if one.weekdays:
            yield Problem("two-ways", (), "rule, weekdays", "BYDAY in the rule")
    for given in givens(one.at_least):
        if isinstance(given, ParameterOf):
            yield from time_problems(campaign, given, "at_least")
    if isinstance(one.at_least, int) and (isinstance(one.at_least, bool) or one.at_least < 1):
        yield Problem("out-of-range", ("at_least",), one.at_least, "1 or more")
    yield from (problem.within("weekdays") for problem in DaysThatCount.problems(one.weekdays))


def _rule(rule: str) -> Iterator[Problem]:
    """Only the form: what the rule means a library says, when the campaign gets its days."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    formed = all(_PART.fullmatch(part) for part in rule.split(";")) and len(parts) == rule.count(";") + 1
    if not formed or parts.get("FREQ") not in FREQUENCIES:
        yield Problem("bad-rule", ("rule",), rule, RULE)


def _after(campaign: "Campaign") -> Iterator[Problem]:
    """Tasks that come after one that is not there, or, in the end, after themselves."""
    known = {one.id: one.after for one in campaign.tasks}
    try:
        TopologicalSorter(known).prepare()
        ring = False
    except CycleError:
        ring = True
    for index, task in enumerate(campaign.tasks):
        where = (label("task", index, task.id), "after")
        for name in task.after:
            if name not in known:
                yield Problem("unknown-id", where, name, "task", nearest(name, known))
        if ring and (line := _way_back(known, task.id)) is not None:
            yield Problem("after-itself", where, task.id, ", ".join(line))


def _way_back(known: dict[str, tuple[str, ...]], start: str) -> tuple[str, ...] | None:
    """The fewest steps that lead from a task back to itself."""
    lines: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while lines:
        line = lines.pop(0)
        for name in known.get(line[-1], ()):
            if name == start:
                return (*line, start)
            if name not in seen:
                seen.add(name)
                lines.append((*line, name))
    return None

"""Standing: how a community stands on a day, and the conditions on it that tasks may have."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.community import Fact
from civrules.model.condition import DEEPEST, GROUPS, Condition
from civrules.model.identity import check_id
from civrules.model.mapping import FrozenMapping
from civrules.model.responsible import holds_for
from civrules.model.source import one_or_many

SUBJECTS = ("attribute", "grade", "outcome", "honour", "case")
"""What a task's condition may name."""
CASES = ("open", "overdue", "repeated")
STAGES = ("target", "nominated", "held", "re-evaluation", "lapsed")


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _frozen(items: Mapping[str, str]) -> FrozenMapping[str, str]:
    return FrozenMapping(items)


@attrs.frozen(kw_only=True)
class Standing:
    """What is known of a community on a day besides its attributes, for tasks that depend on it.

    Its `grade`, the `outcomes` in force, its `honours` and their stages, and what its `cases` are: "open", "overdue",
    "repeated". What is not said does not hold.
    """

    grade: str | None = None
    outcomes: frozenset[str] = attrs.field(factory=frozenset, converter=_words)
    honours: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_frozen)
    cases: frozenset[str] = attrs.field(factory=frozenset, converter=_words)


@attrs.frozen(kw_only=True)
class OneOf:
    """A condition that names one thing beside the community's attributes, and the words of which one is enough.

    `subject` is what it names, `words` those that would do; `stage` is asked of an honour.
    """

    subject: Literal["grade", "outcome", "honour", "case"]
    words: tuple[str, ...]
    stage: str | None = None


@attrs.frozen(kw_only=True)
class Group:
    """Conditions of which all, any or none hold: `subject` says which, `members` are the conditions."""

    subject: Literal["all", "any", "none"]
    members: "tuple[WhenStanding, ...]"


WhenStanding: TypeAlias = Condition | OneOf | Group
"""A task's condition: on an attribute of the community, on how it stands, or a group of such conditions."""


def read_standing(table: Any, depth: int = 1) -> WhenStanding:
    """Read the table of a task's condition. Raises InvalidDocument with every problem of it.

    >>> read_standing({"outcome": "key-supervision"})
    OneOf(subject='outcome', words=('key-supervision',), stage=None)
    """
    if isinstance(table, Condition | OneOf | Group):
        return table
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
    if depth > DEEPEST:
        raise InvalidDocument(Problem("too-deep", (), None, str(DEEPEST)))
    named = [key for key in table if key in (*SUBJECTS, *GROUPS)]
    if len(named) != 1:
        given = ", ".join(map(str, named or table)) or None
        raise InvalidDocument(Problem("one-of", (), given, ", ".join((*SUBJECTS, *GROUPS))))
    subject = named[0]
    if subject == "attribute":
        return Condition.of(table)
    allowed = (subject, "stage") if subject == "honour" else (subject,)
    unknown = [Problem("unknown-key", (), key, ", ".join(allowed)) for key in table if key not in allowed]
    if unknown:
        raise InvalidDocument(unknown)
    return _group(subject, table[subject], depth) if subject in GROUPS else _one_of(subject, table)


def _group(subject: Any, tables: Any, depth: int) -> Group:
    if not isinstance(tables, list | tuple):
        raise InvalidDocument(Problem("wrong-type", (subject,), tables, "a list of conditions"))
    members: list[WhenStanding] = []
    problems = [] if tables else [Problem("empty", (subject,), None, "at least one condition")]
    for number, table in enumerate(tables, 1):
        try:
            members.append(read_standing(table, depth + 1))
        except CivrulesError as error:
            problems += error.within(f"{subject}[{number}]")
    if problems:
        raise InvalidDocument(problems)
    return Group(subject=subject, members=tuple(members))


def _one_of(subject: Any, table: Mapping[str, Any]) -> OneOf:
    problems: list[Problem] = []
    words = one_or_many(table[subject])
    if not words:
        problems.append(Problem("empty", (subject,), None, "at least one word"))
    for word in words:
        try:
            check_id(word, subject)
        except CivrulesError as error:
            problems += error.problems
    stage = table.get("stage")
    for key, valid, given in (("case", CASES, words if subject == "case" else ()), ("stage", STAGES, (stage,))):
        wrong = (one for one in given if isinstance(one, str) and one not in valid)
        problems += (Problem("unknown-word", (key,), one, ", ".join(valid), nearest(one, valid)) for one in wrong)
    if stage is not None and not isinstance(stage, str):
        problems.append(Problem("wrong-type", ("stage",), stage, "text"))
    if problems:
        raise InvalidDocument(problems)
    return OneOf(subject=subject, words=tuple(words), stage=stage)


def standing_table(condition: Any) -> dict[str, Any]:
    """The table that `read_standing` reads, of a condition that is not on an attribute."""
    if isinstance(condition, Group):
        return {condition.subject: condition.members}
    words: Any = condition.words if len(condition.words) > 1 else condition.words[0]
    return {condition.subject: words, **({"stage": condition.stage} if condition.stage is not None else {})}


def stands(condition: WhenStanding, attributes: Mapping[str, Fact], standing: Standing) -> bool:
    """Whether the condition holds; what it names and nobody said does not."""
    if isinstance(condition, Condition):
        return holds_for(condition, attributes)
    if isinstance(condition, Group):
        parts = (stands(member, attributes, standing) for member in condition.members)
        return all(parts) if condition.subject == "all" else any(parts) is (condition.subject == "any")
    if condition.subject == "grade":
        return standing.grade in condition.words
    if condition.subject == "honour":
        stages = (standing.honours.get(word) for word in condition.words)
        return any(stage is not None and condition.stage in (None, stage) for stage in stages)
    known = standing.outcomes if condition.subject == "outcome" else standing.cases
    return not known.isdisjoint(condition.words)

"""Gates: those that never act."""

from collections.abc import Iterator
from typing import Any

import attrs

from civrules.errors import Problem
from civrules.model.condition import Condition
from civrules.review.amounts import Amounts
from civrules.review.possible import Possible
from civrules.review.reviewed import Reviewed
from civrules.scoring.grading import CompiledGate


def gate_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Gates whose condition never holds, or that change nothing where it does."""
    possible = Possible(reviewed)
    for place, gate in enumerate(reviewed.program.grader.gates):
        where = reviewed.gate_place(place)
        if not possible.holds(gate.gate.when):
            yield Problem("gate-never", (*where, "when"), table(first_false(possible, gate.gate.when)))
        elif _is_idle(reviewed, possible, gate):
            yield Problem("gate-without-effect", (*where, "then"), f"{gate.effect} = {gate.value}")


def first_false(possible: Possible, condition: Condition) -> Condition:
    """The innermost part that alone cannot hold."""
    parts = condition.members if condition.subject == "all" else ()
    return next((first_false(possible, part) for part in parts if not possible.holds(part)), condition)


def table(condition: Condition) -> dict[str, Any]:
    """The condition as its table in a document."""
    given = ((field.name, getattr(condition, field.name)) for field in attrs.fields(Condition))
    return {
        name: list(map(_plainly, value)) if isinstance(value, tuple) else _plainly(value)
        for name, value in given
        if value is not None
    }


def _plainly(value: Any) -> Any:
    return table(value) if isinstance(value, Condition) else value


def _is_idle(reviewed: Reviewed, possible: Possible, gate: CompiledGate) -> bool:
    """Whether its effect is proved to change neither score nor grade."""
    if gate.effect == "grade_at_most":
        return not any(band < gate.place for band in possible.bands(gate.gate.when))
    if gate.effect == "zero":
        return _is_empty(reviewed, str(gate.value))
    return False


def _is_empty(reviewed: Reviewed, name: str) -> bool:
    """Whether a criterion or section gives 0 anyway."""
    line = reviewed.program.by_id.get(name)
    if line is not None:
        given = reviewed.lines[line.index]
        return not line.scored or (given is not None and all(one == Amounts(0, 0, 1) for one in given.values()))
    found = reviewed.attainable.sections.get(name)
    return found is not None and all(one == Amounts(0, 0, 1) for one in found.values())

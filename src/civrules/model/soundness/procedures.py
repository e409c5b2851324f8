"""Procedures of a standard: their steps, who does them, and who names them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from civrules.errors import Problem, nearest
from civrules.model.condition import GROUPS
from civrules.model.deadline import Deadline
from civrules.model.given import ParameterOf
from civrules.model.identity import check_id
from civrules.model.procedure import NO_PROCEDURE
from civrules.model.soundness.places import (
    Path,
    attempt,
    criterion_place,
    label,
    sections_with_places,
    twice,
    word_problems,
)
from civrules.model.soundness.registers import body_problem

if TYPE_CHECKING:
    from civrules.model.procedure import Procedure
    from civrules.model.standard import Standard

OF_A_CASE = ("case", *GROUPS)
"""What the `when` of an escalation may name."""
RESULTS = ("fail", "partial", "advice")
"""The results of a line that may open a case."""


def procedure_problems(standard: "Standard") -> Iterator[Problem]:
    """What is wrong with the procedures, and where one is named that is not there."""
    places: list[tuple[Procedure, Path]] = [
        (one, (label("procedure", index, one.id),)) for index, one in enumerate(standard.procedures)
    ]
    yield from twice((one.id, where) for one, where in places)
    for one, where in places:
        yield from attempt(check_id, one.id, *where, "id")
        if one.id == NO_PROCEDURE:
            yield Problem("reserved-id", (*where, "id"), one.id, NO_PROCEDURE)
        for problem in _procedure(standard, one):
            yield problem.within(*where)
    yield from _named(standard)


def _procedure(standard: "Standard", procedure: "Procedure") -> Iterator[Problem]:
    if not procedure.steps:
        yield Problem("empty", ("steps",), None, "at least one step")
    steps: list[tuple[Any, Path]] = [(step, (f'steps "{step.id}"',)) for step in procedure.steps]
    yield from twice((step.id, where) for step, where in steps)
    for step, where in steps:
        yield from attempt(check_id, step.id, *where, "id")
        if step.by is not None and step.by != "responsible":
            yield from body_problem(step.by, standard, *where, "by")
        yield from time_problems(standard, step.within, *where, "within")
    yield from _rungs(standard, procedure)
    for result in procedure.opens_on:
        if result not in RESULTS:
            yield Problem("unknown-word", ("opens_on",), result, ", ".join(RESULTS), nearest(result, RESULTS))
    many = procedure.extensions
    if many is not None and (isinstance(many, bool) or many < 0):
        yield Problem("out-of-range", ("extensions",), many, "0 or more")
    for index, source in enumerate(procedure.source):
        yield from word_problems("provenance", source.provenance, f"source[{index + 1}]")


def _rungs(standard: "Standard", procedure: "Procedure") -> Iterator[Problem]:
    """What is wrong with where a case goes."""
    for index, rung in enumerate(procedure.escalate):
        where = (f"escalate[{index + 1}]",)
        yield from body_problem(rung.to, standard, *where, "to")
        yield from time_problems(standard, rung.after, *where, "after")
        for part in rung.when.walk() if rung.when is not None else ():
            if part.subject not in OF_A_CASE:
                yield Problem("of-the-case", (*where, "when"), part.subject, ", ".join(OF_A_CASE))


def time_problems(document: Any, written: object, *where: str, read: Any = Deadline.of) -> Iterator[Problem]:
    """A time that cannot be read, or that a parameter gives which is not declared."""
    known = {one.id for one in document.parameters}
    if isinstance(written, ParameterOf):
        if written.parameter not in known:
            near = nearest(written.parameter, known)
            yield Problem("unknown-id", where, written.parameter, "parameter", near)
    elif written is not None:
        yield from (problem.within(*where) for problem in attempt(read, written))


def _named(standard: "Standard") -> Iterator[Problem]:
    known = {one.id for one in standard.procedures}
    for line, where in sections_with_places(standard):
        holders: list[tuple[Any, Path]] = [(line[-1], where)]
        holders += [(one, criterion_place(where, one)) for one in line[-1].criteria]
        for holder, place in holders:
            name = holder.procedure
            if name not in (None, NO_PROCEDURE) and name not in known:
                yield Problem("unknown-id", (*place, "procedure"), name, "procedure", nearest(name, known))

"""What makes a standard whole: the checks that look beyond one table, each a generator of problems."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from civrules.errors import Problem
from civrules.model.soundness.grading import EFFECTS, grading_problems
from civrules.model.soundness.head import head_problems
from civrules.model.soundness.outcomes import outcome_problems
from civrules.model.soundness.places import label
from civrules.model.soundness.procedures import procedure_problems
from civrules.model.soundness.quotients import quotient_problems
from civrules.model.soundness.registers import register_problems, responsible_problems
from civrules.model.soundness.sheet import MOST_CRITERIA, sheet_problems

if TYPE_CHECKING:
    from civrules.model.standard import Standard

MOST_PROBLEMS = 1000
"""Nobody reads more, and each costs a search for the nearest word."""


def problems_of(standard: "Standard") -> Iterator[Problem]:
    """Every problem of the standard, in the document's order."""
    yield from head_problems(standard)
    yield from sheet_problems(standard)
    yield from quotient_problems(standard)
    yield from grading_problems(standard)
    yield from outcome_problems(standard)
    carriers = dict.fromkeys((*standard.criteria, *(section.id for section in standard.walk())))
    yield from register_problems(standard, carriers)
    yield from responsible_problems(standard)
    yield from procedure_problems(standard)


__all__ = ["EFFECTS", "MOST_CRITERIA", "MOST_PROBLEMS", "label", "problems_of"]

"""Registers: sets that do not hold what the document announces, and references that nobody has."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.model.soundness.places import label
from civrules.review.reviewed import Reviewed


def register_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Declared sizes that differ from what is listed, and documents that are leant on and missing."""
    standard = reviewed.standard
    for index, one in enumerate(standard.sets):
        if one.declared is not None and one.declared != len(one.members):
            yield Problem("set-size", (label("set", index, one.id), "declared"), one.declared, str(len(one.members)))
    for index, reference in enumerate(standard.references):
        if reference.state == "missing":
            yield Problem("reference-missing", (label("reference", index, reference.id), "state"), reference.title)

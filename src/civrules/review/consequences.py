"""Consequences: grades without any, and steps of procedures without a limit."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.model.soundness.places import label
from civrules.review.reviewed import Reviewed


def consequence_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Grades that no outcome names where outcomes name others, and steps, but the first, that may take for ever."""
    standard = reviewed.standard
    every = {one.id for one in standard.grades}
    of_each = ({grade for part in one.when.walk() for grade in part.grade or ()} for one in standard.outcomes)
    # What names every grade, as publishing does, tells none from another.
    named = {grade for some in of_each if not every <= some for grade in some}
    idle = [one.id for one in standard.grades if one.id not in named]
    if idle and named:
        others = ", ".join(one.id for one in standard.grades if one.id in named)
        yield Problem("grade-without-outcome", ("grade",), ", ".join(idle), others)
    for index, procedure in enumerate(standard.procedures):
        endless = [step.id for step in procedure.steps[1:] if step.within is None]
        if endless:
            yield Problem("step-without-limit", (label("procedure", index, procedure.id), "steps"), ", ".join(endless))

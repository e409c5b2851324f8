"""Grades: those that no score has, and the one that every score has."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.review.possible import Possible
from civrules.review.reviewed import Reviewed


def grade_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Grades that no observations reach; or, where nothing else is left, the grade that nothing can miss."""
    grades = reviewed.standard.grades
    if not grades:
        return
    reached = reached_grades(reviewed)
    if len(reached) == 1 and len(grades) > 1:
        (place,) = reached
        yield Problem("grade-certain", reviewed.grade_place(place), grades[place].id, reviewed.span())
        return
    for place, grade in enumerate(grades):
        if place not in reached and reached:
            yield Problem("grade-unreached", reviewed.grade_place(place), grade.id, reviewed.span())


def reached_grades(reviewed: Reviewed) -> frozenset[int]:
    """The places of the grades that may be given, by a score or by a gate."""
    possible = Possible(reviewed)
    bands = possible.bands()
    given = {
        gate.place
        for gate in reviewed.program.grader.gates
        if gate.place >= 0
        and (gate.forces or any(band < gate.place for band in bands))
        and possible.holds(gate.gate.when)
    }
    return bands | given

"""Grading: the band, and the gates on it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs

from civrules.model.standard import Gate, Grade, Standard
from civrules.scoring.conditions import Compiled, Compiler, Facts
from civrules.scoring.line import Points, units


@attrs.frozen
class CompiledGrade:
    """A grade, its place in the document, its end in units and its requirement."""

    grade: Grade
    place: int
    end: Points | None
    requires: Compiled | None


@attrs.frozen
class CompiledGate:
    """A gate: its condition, what it does, and the place of the grade that it caps at or forces."""

    gate: Gate
    when: Compiled
    effect: str
    value: Any
    place: int = -1

    @property
    def forces(self) -> bool:
        """Whether it sets the grade."""
        return self.effect == "grade"


@attrs.frozen
class Graded:
    """The grade without gates and with them, as places in the document."""

    band: int | None
    place: int | None


class Grader:
    """Steps 6 and 7 of the order of steps."""

    def __init__(self, standard: Standard, compiler: Compiler, unit: int) -> None:
        self.demerits = standard.direction == "demerits"
        self.exact = standard.rounding.grade_from == "exact"
        self.ids = tuple(grade.id for grade in standard.grades)
        self.gate_only = frozenset(place for place, grade in enumerate(standard.grades) if grade.gate_only)
        self.bands = tuple(
            self._grade(grade, place, compiler, unit)
            for place, grade in enumerate(standard.grades)
            if not grade.gate_only
        )
        self.gates = tuple(self._gate(gate, compiler) for gate in standard.gates)

    def _grade(self, grade: Grade, place: int, compiler: Compiler, unit: int) -> CompiledGrade:
        end = grade.at_most if self.demerits else grade.at_least
        requires = compiler.compile(grade.requires) if grade.requires is not None else None
        return CompiledGrade(grade, place, None if end is None else units(Fraction(end), unit), requires)

    def _gate(self, gate: Gate, compiler: Compiler) -> CompiledGate:
        ((effect, value),) = gate.then.items()
        place = self.ids.index(value) if effect in ("grade", "grade_at_most") else -1
        return CompiledGate(gate, compiler.compile(gate.when), effect, value, place)

    def reaches(self, grade: CompiledGrade, points: Points) -> bool:
        """Whether the points lie on the good side of the grade's end."""
        return grade.end is None or (points <= grade.end if self.demerits else points >= grade.end)

    def band(self, points: Points, facts: Facts, given: dict[int, bool] | None = None) -> int | None:
        """The best grade whose end and requirement hold; `given` settles requirements of grades by place."""
        for grade in self.bands:
            required = given[grade.place] if given is not None and grade.place in given else None
            if required is None:
                required = grade.requires is None or grade.requires.holds(facts)
            if required and self.reaches(grade, points):
                return grade.place
        return None

    def grade(self, band: int | None, holding: Sequence[CompiledGate]) -> int | None:
        """The grade after the gates that hold: the first that forces decides, else the lowest cap; nothing raises.

        A grade that only gates give has no place among the bands, so that forcing it is neither up nor down.
        """
        holding = [gate for gate in holding if gate.place >= 0]
        forced = next((gate.place for gate in holding if gate.forces), None)
        if forced is not None:
            return forced if band is None or forced in self.gate_only else max(band, forced)
        return None if band is None else max([band, *(gate.place for gate in holding)])

    def graded(self, points: Points | None, facts: Facts, holding: Sequence[CompiledGate]) -> Graded:
        """The grade of a score under the gates that hold; without a score gates that force still act."""
        band = None if points is None else self.band(points, facts)
        return Graded(band, self.grade(band, holding))

"""Reviewed: one standard, and what its observations can come to, worked out once."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from civrules.model.condition import Condition
from civrules.model.figures import decimals_of, plain
from civrules.model.soundness.places import Path, criterion_place, label, sections_with_places
from civrules.model.standard import Criterion, Section, Standard
from civrules.review.amounts import NOTHING
from civrules.review.attainable import Attainable, Scores, attainable
from civrules.review.lines import ByReach, points_of
from civrules.scoring.line import Points, units
from civrules.scoring.program import Program


@attrs.frozen(slots=False)
class Reviewed:
    """A standard under review."""

    standard: Standard

    @cached_property
    def program(self) -> Program:
        """The standard, compiled."""
        return Program(self.standard)

    @cached_property
    def lines(self) -> Mapping[int, ByReach | None]:
        """What every line can give, gates included."""
        zeroed = {gate.then.get("zero") for gate in self.standard.gates}
        return {line.index: _emptied(points_of(line), line.id in zeroed) for line in self.program.lines}

    @cached_property
    def emptied(self) -> frozenset[str]:
        """What a gate may empty."""
        return frozenset(str(gate.then["zero"]) for gate in self.standard.gates if "zero" in gate.then)

    @cached_property
    def attainable(self) -> Attainable:
        """What sections and the score can come to."""
        return attainable(self.program, self.lines, self.emptied)

    def under(self, lines: Mapping[int, ByReach | None]) -> Attainable:
        """The same where the lines can give no more than this."""
        return self.attainable if lines == self.lines else attainable(self.program, lines, self.emptied)

    @cached_property
    def set_scores(self) -> tuple[Points, ...]:
        """The scores that gates set."""
        scores = (Fraction(one.then["score"]) for one in self.standard.gates if "score" in one.then)
        return tuple(units(score, self.unit) for score in scores)

    @property
    def unit(self) -> int:
        """The decimals of the program's unit."""
        return self.program.places

    @property
    def demerits(self) -> bool:
        """Whether points are what is lost."""
        return self.standard.direction == "demerits"

    def graded(self, score: Points) -> Points:
        """The score as bands see it."""
        grader, rounder = self.program.grader, self.program.adder.rounder
        return score if grader.exact or rounder is None else rounder.round(score)

    def written(self, points: Points) -> str:
        """Points in units as a figure."""
        exact = Fraction(points) / 10**self.unit
        if decimals_of(exact) is None:
            return f"≈{plain(Fraction(round(exact * 10**4), 10**4))}"
        return plain(exact)

    def decimal(self, points: Points) -> Decimal | str:
        """Points in units as a figure; in words where they have no end."""
        written = self.written(points)
        return written if written[0] == "≈" else Decimal(written)

    def span(self) -> str:
        """Between what the scores lie, in words."""
        scores = self.attainable.scores
        if scores is None:
            return ""
        low = "…" if scores.low is None else self.shown(scores.low)
        high = "…" if scores.high is None else self.shown(scores.high)
        return f"{low} … {high}"

    def shown(self, score: Points) -> str:
        """A score as it is shown."""
        rounder = self.program.adder.rounder
        return self.written(score if rounder is None else rounder.round(score))

    @cached_property
    def scores(self) -> Scores | None:
        """The scores before rounding; None where nothing can be said of them, or none comes about."""
        return self.attainable.scores if self.attainable.known else None

    def sections(self) -> "Iterator[tuple[tuple[Section, ...], Path]]":
        """Every section as the way to it, and its place."""
        yield from sections_with_places(self.standard)

    def criteria(self) -> Iterator[tuple[Criterion, Path]]:
        """Every criterion and its place."""
        for way, where in self.sections():
            yield from ((one, criterion_place(where, one)) for one in way[-1].criteria)

    def conditions(self) -> Iterator[Condition]:
        """Every condition of gates, grades and outcomes, with all that they hold."""
        for gate in self.standard.gates:
            yield from gate.when.walk()
        for grade in self.standard.grades:
            if grade.requires is not None:
                yield from grade.requires.walk()
        for outcome in self.standard.outcomes:
            yield from outcome.when.walk()

    def grade_place(self, place: int) -> Path:
        """Where a grade stands."""
        return (label("grade", place, self.standard.grades[place].id),)

    def gate_place(self, place: int) -> Path:
        """Where a gate stands."""
        return (label("gate", place, self.standard.gates[place].id),)


def _emptied(given: ByReach | None, zeroed: bool) -> ByReach | None:
    """What a line can give where a gate may empty it."""
    if given is None or not zeroed:
        return given
    return {reach: amounts.joined(NOTHING) for reach, amounts in given.items()}

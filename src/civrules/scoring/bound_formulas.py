"""Bounds as formulas: the ends over every completion of what is missing, and the grades there."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.formula import (
    NO,
    YES,
    Exact,
    Term,
    Test,
    at_least,
    choose,
    every,
    greatest,
    known,
    least,
    number,
    opposite,
    some,
)
from civrules.scoring.conditions import Compiled
from civrules.scoring.formulas import Formulas, completed
from civrules.scoring.grading import CompiledGate
from civrules.scoring.line import Points
from civrules.scoring.line_formulas import End, LineFormula

if TYPE_CHECKING:
    from civrules.scoring.program import Program

_NONE = number(-1)


@attrs.frozen(eq=False)
class BoundFormulas:
    """Both ends: the score and whether there is one, the grade's place (-1 for none), and whether there are bounds."""

    low: tuple[Term, Test]
    high: tuple[Term, Test]
    grade_low: Term
    grade_high: Term
    rated: Test
    there: Test
    magnitude: tuple[int, str]
    """The greatest whole number that any step of either end can reach, and the step."""


def bound_formulas(program: "Program", formulas: Formulas) -> BoundFormulas:
    """The bounds of a program.

    Raises InvalidInput where a gate moves the score by what may be missing, for then no one completion is an end.
    """
    missing = {one.line.index for one in formulas.lines if not (known(_open(one)) and not _open(one).low)}
    gates = [gate for gate in program.grader.gates if gate.effect in ("zero", "score")]
    moving = [gate.gate.id for gate in gates if not gate.when.lines.isdisjoint(missing)]
    if moving:
        raise InvalidInput([Problem("bounds-one-by-one", (name,), name) for name in moving])
    return _Bounds(program, formulas).both()


def _open(one: LineFormula) -> Test:
    """Whether something of the line may still turn out otherwise."""
    return some(one.stands, one.unsettled)


class _Bounds:
    """Both completions, and what they settle of requirements and gates; as `bounds_of` has it."""

    def __init__(self, program: "Program", formulas: Formulas) -> None:
        self.program = program
        self.grader = program.grader
        self.plain = formulas
        self.ends: Mapping[End, Formulas] = {
            "worst": completed(program, tuple(one.completed("worst") for one in formulas.lines)),
            "best": completed(program, tuple(one.completed("best") for one in formulas.lines)),
        }
        self.stands = {one.line.index: _open(one) for one in formulas.lines}
        self.boundless = {one.line.index for one in formulas.lines if one.line.judged_worst[0] is None}

    def both(self) -> BoundFormulas:
        """The ends where something is missing, else the score and the grade themselves."""
        plain, low, high = self.plain, self.ends["worst"], self.ends["best"]
        missing = some(*self.stands.values())
        there = choose(missing, low.applies, plain.applies)
        bounded = opposite(self._boundless(self.stands))
        return BoundFormulas(
            low=(choose(missing, low.score, plain.score), every(there, choose(missing, bounded, plain.scored))),
            high=(choose(missing, high.score, plain.score), every(there, choose(missing, YES, plain.scored))),
            grade_low=choose(missing, self._grade("worst"), plain.grade),
            grade_high=choose(missing, self._grade("best"), plain.grade),
            rated=some(missing, plain.rated),
            there=there,
            magnitude=max(low.magnitude, high.magnitude),
        )

    def _boundless(self, lines: "Mapping[int, Test] | frozenset[int]") -> Test:
        """Whether a line without a most is among the missing ones."""
        return some(*(self.stands[index] for index in lines if index in self.boundless))

    def _settled(self, compiled: Compiled, tests: Mapping[End, Test], *, good: bool, end: End) -> Test:
        """Whether the condition holds at this end; `good` says that its holding helps."""
        touched = some(*(self.stands[index] for index in compiled.lines))
        helped = (end == "best") == good
        either_end = YES if helped else NO
        if compiled.rising == 0:
            return choose(touched, either_end, tests["worst"])
        as_the_score = compiled.rising == (1 if good else -1)
        settled = tests[end] if as_the_score else (some if helped else every)(*tests.values())
        return choose(self._boundless(compiled.lines), either_end, settled)

    def _grade(self, end: End) -> Term:
        made = self.ends[end]
        points = made.exact if self.grader.exact else Exact(made.score)
        band: Term = _NONE
        for place, one in reversed(tuple(enumerate(self.grader.bands))):
            holds = YES
            if one.requires is not None:
                tests: dict[End, Test] = {name: each.requires[place] for name, each in self.ends.items()}
                holds = self._settled(one.requires, tests, good=True, end=end)
            band = choose(every(self._reaches(points, one.end), holds), number(one.place), band)
        if end == "worst" and self.grader.bands:
            # Where there is no most, there is no worst figure either: the last band takes it.
            band = choose(self._boundless(self.stands), number(self.grader.bands[-1].place), band)
        return self._gated(band, end)

    def _reaches(self, points: Exact, end: Points | None) -> Test:
        if end is None:
            return YES
        return Exact.of(end).at_least(points) if self.grader.demerits else points.at_least(Exact.of(end))

    def _gated(self, band: Term, end: End) -> Term:
        """Caps as they may hold at this end; a gate that may or may not force gives both."""
        found = band
        for gate, holds in self._gates(end):
            if not gate.forces:
                found = choose(holds, greatest(found, number(gate.place)), found)
        rated = at_least(band, number(0))
        found = choose(rated, found, _NONE)
        at_worst, at_best = dict(self._gates("worst")), dict(self._gates("best"))
        further = least if end == "best" else greatest
        for gate in reversed(list(at_worst)):
            if gate.forces:
                forced = number(gate.place)
                lowered = forced if gate.place in self.grader.gate_only else greatest(band, forced)
                both = choose(at_least(found, number(0)), further(lowered, found), lowered)
                possible, certain = some(at_worst[gate], at_best[gate]), every(at_worst[gate], at_best[gate])
                found = choose(certain, lowered, choose(possible, both, found))
        return found

    def _gates(self, end: End) -> Iterator[tuple[CompiledGate, Test]]:
        """The gates on the grade, and whether each holds at this end."""
        for place, gate in enumerate(self.grader.gates):
            if gate.place >= 0:
                tests: dict[End, Test] = {name: made.gates[place] for name, made in self.ends.items()}
                yield gate, self._settled(gate.when, tests, good=False, end=end)

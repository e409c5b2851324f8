"""Bounds: the least and the most favourable ends over every completion of what is missing."""

from decimal import Decimal
from typing import Literal

import attrs

from civrules.model.figures import decimal
from civrules.scoring.conditions import Compiled, Facts
from civrules.scoring.evaluation import Bounds, Evaluation, grade_id
from civrules.scoring.grading import CompiledGate, Grader
from civrules.scoring.line import Cell, CompiledLine
from civrules.scoring.pooling import combine_places, rounded
from civrules.scoring.program import Program, Run, Settles

End = Literal["worst", "best"]


def bounds_of(evaluation: Evaluation) -> Bounds | None:
    """The bounds of an evaluation; None where nothing applies."""
    program, run = evaluation.program, evaluation.run
    missing = _missing(program, run)
    if not missing:
        if not run.sums.applies:
            return None
        score, grade = evaluation.score, evaluation.grade
        return Bounds(low=score, high=score, grade_low=grade, grade_high=grade, exact=True)
    ends = _Ends(program, missing, _completed(program, run, "worst"), _completed(program, run, "best"))
    if not ends.low.sums.applies:
        return None
    low, high = ends.grade("worst"), ends.grade("best")
    return Bounds(
        low=_score(program, ends.low),
        high=_score(program, ends.high),
        grade_low=grade_id(program, low, rated=True),
        grade_high=grade_id(program, high, rated=True),
        exact=ends.exact,
    )


def _missing(program: Program, run: Run) -> frozenset[int]:
    """The lines without a value, and the events with a report whose attribution is open."""
    missing = {index for index, cell in enumerate(run.cells) if cell.state == "missing"}
    for name, reports in run.facts.reports.items():
        if any(counts is None for _, counts in reports):
            missing.add(program.by_id[name].index)
    return frozenset(missing)


def _completed(program: Program, run: Run, end: End) -> Facts:
    """What would be known if every missing value came out at this end."""
    cells = [
        _complete(cell.line or line, cell, end) if cell.state == "missing" else cell
        for line, cell in zip(program.lines, run.cells, strict=True)
    ]
    facts = run.facts
    return program.facts(cells, facts.community, facts.reports, facts.on, facts.period, settled=end == "best")


def _complete(line: CompiledLine, cell: Cell, end: End) -> Cell:
    """The cell with every value that it lacks at this end."""
    if not cell.parts:
        return attrs.evolve(line.completed(favourable=end == "best"), reason=cell.reason)
    parts = [(name, _complete(line, part, end) if part.state == "missing" else part) for name, part in cell.parts]
    return rounded(line, combine_places(line, parts, ()))


def _score(program: Program, run: Run) -> Decimal | None:
    return None if run.sums.score is None else decimal(run.sums.score, program.places)


@attrs.define
class _Ends:
    """Both completions, and what they settle of requirements and gates."""

    program: Program
    missing: frozenset[int]
    worst: Facts
    best: Facts
    exact: bool = True
    low: Run = attrs.field(init=False)
    high: Run = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        # A gate is settled by looking at both ends, so both must have their sums before either is settled.
        if self.grader.gates:
            self.program.run(self.worst)
            self.program.run(self.best)
        self.low = self._run(self.worst, "worst")
        self.high = self._run(self.best, "best")

    def _run(self, facts: Facts, end: End) -> Run:
        """The pass at this end; where a gate may or may not set the score, that of the two which lies further out."""
        setting = [gate for gate in self.grader.gates if gate.effect == "score"]
        open_gates = [gate for gate in setting if self._gate(gate, "worst") != self._gate(gate, "best")]
        reached = self.program.run(attrs.evolve(facts)) if open_gates else None
        first = self.program.settle(facts, lambda gate: gate not in open_gates and self._gate(gate, end))
        others = (self.program.settle(attrs.evolve(facts), self._only(gate, open_gates, end)) for gate in open_gates)
        runs = [first, *others]
        lowest = (end == "worst") != self.grader.demerits
        chosen = (min if lowest else max)(runs, key=lambda run: run.sums.exact or 0)
        # An end is known to be reached only where what everything at this end comes to lies there.
        if reached is not None and reached.sums.exact != chosen.sums.exact:
            self.exact = False
        return chosen

    def _only(self, one: CompiledGate, open_gates: list[CompiledGate], end: End) -> Settles:
        return lambda gate: gate is one or (gate not in open_gates and self._gate(gate, end))

    @property
    def grader(self) -> Grader:
        return self.program.grader

    def _gate(self, gate: CompiledGate, end: End) -> bool:
        good = self.program.grader.demerits and gate.effect == "zero"
        return self.settled(gate.when, good=good, end=end)

    def settled(self, compiled: Compiled, *, good: bool, end: End) -> bool:
        """Whether the condition holds at this end; `good` says that its holding helps.

        Where it need not move the way that the score moves, it holds at an end as soon as it might.
        """
        if compiled.lines.isdisjoint(self.missing):
            return compiled.holds(self.worst if end == "worst" else self.best)
        worst, best = compiled.holds(self.worst), compiled.holds(self.best)
        # A line without a most has no worst value to look at: it may be anything beyond the best.
        endless = any(self.program.lines[index].judged_worst[0] is None for index in compiled.lines & self.missing)
        rising = 0 if endless else compiled.rising
        if rising == (1 if good else -1):
            return best if end == "best" else worst
        if rising == 0 or worst != best:
            self.exact = False
        helped = (end == "best") == good
        if rising == 0:
            return helped
        return (worst or best) if helped else (worst and best)

    def grade(self, end: End) -> int | None:
        """The grade's place at this end."""
        run = self.high if end == "best" else self.low
        points = run.sums.exact if self.grader.exact else run.sums.score
        given = {
            band.place: self.settled(band.requires, good=True, end=end)
            for band in self.grader.bands
            if band.requires is not None
        }
        if not self.grader.bands:
            band = None
        elif points is None:
            band = self.grader.bands[-1].place
        else:
            band = self.grader.band(points, run.facts, given)
        return self._gated(band, end)

    def _gated(self, band: int | None, end: End) -> int | None:
        """Caps as they may hold at this end; a gate that may or may not force gives both."""
        gates = [gate for gate in self.grader.gates if gate.place >= 0]
        at_worst = {gate.gate.id: self._gate(gate, "worst") for gate in gates}
        at_best = {gate.gate.id: self._gate(gate, "best") for gate in gates}
        holding = at_best if end == "best" else at_worst
        caps = [gate for gate in gates if not gate.forces and holding[gate.gate.id]]
        possible: list[int] = []
        for gate in gates:
            if not gate.forces:
                continue
            certain = at_worst[gate.gate.id] and at_best[gate.gate.id]
            if certain or at_worst[gate.gate.id] or at_best[gate.gate.id]:
                possible.append(self.grader.grade(band, [gate]) or 0)
            if certain:
                return self._end(possible, end)
        free = self.grader.grade(band, caps)
        if possible and free is not None and any(place < free for place in possible):
            self.exact = False
        return self._end([*possible, *([] if free is None else [free])], end)

    def _end(self, places: list[int], end: End) -> int | None:
        if not places:
            return None
        return min(places) if end == "best" else max(places)

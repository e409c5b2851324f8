"""Bounds: the least and the most favourable ends over every completion of what is missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Literal

import attrs

from civrules.model.figures import decimal
from civrules.scoring.conditions import Compiled, Facts
from civrules.scoring.evaluation import Bounds, Evaluation, grade_id
from civrules.scoring.grading import CompiledGate, Grader
from civrules.scoring.line import Cell, CompiledLine, units
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
    if cell.reason == "sample-too-small":
        parts = _sampled(line, cell, end)
    else:
        parts = [(name, _complete(line, part, end) if part.state == "missing" else part) for name, part in cell.parts]
    return rounded(line, combine_places(line, parts, ()))


def _sampled(line: CompiledLine, cell: Cell, end: End) -> list[tuple[str, Cell]]:
    """Every place looked at, and as many more as the sample asks for."""
    looked_at = [
        (name, _complete(line, part, end) if part.state in ("missing", "unrecorded") else part)
        for name, part in cell.parts
    ]
    observed = sum(part.state == "seen" for _, part in looked_at)
    lacking = (line.criterion.sample or 0) - observed
    return looked_at + [("", line.completed(favourable=end == "best"))] * lacking


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
    unsettled: list[CompiledGate] = attrs.field(factory=list, init=False)
    """The gates that move the score, and hold for some completions and not for others."""
    unset: tuple[Facts, Facts] = attrs.field(init=False)
    """Both completions before a gate sets the score, as gates that do so see them."""
    low: Run = attrs.field(init=False)
    high: Run = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        # A gate or a requirement is settled by looking at both ends, so both must have their sums before that.
        self.program.run(self.worst)
        self.program.run(self.best)
        self.unset = self._unset(self.worst), self._unset(self.best)
        # What empties goes by observations alone; what sets the score may ask for what was emptied, the rest for both.
        for effect in ("zero", "score"):
            moving = [gate for gate in self.grader.gates if gate.effect == effect]
            self.unsettled += [gate for gate in moving if not self._certain(gate)]
        self.low = self._run(self.worst, "worst")
        self.high = self._run(self.best, "best")

    def _run(self, facts: Facts, end: End) -> Run:
        """The pass at this end; of the gates that move the score and may or may not hold, what lies furthest out."""
        moving = [gate for gate in self.grader.gates if gate.effect in ("score", "zero")]
        unsettled = self.unsettled
        before = self.unset[0] if end == "worst" else self.unset[1]
        certain = [gate for gate in moving if gate not in unsettled and gate.when.holds(before)]
        lowest = (end == "worst") != self.grader.demerits
        chosen = self.program.settle(attrs.evolve(facts), lambda gate: gate in certain)
        for holding in _subsets(unsettled):
            run = self.program.settle(attrs.evolve(facts), _among([*certain, *holding]))
            further = (run.sums.exact or 0) - (chosen.sums.exact or 0)
            chosen = run if (further < 0 if lowest else further > 0) else chosen
        # An end is known to be reached only where what everything at this end comes to lies there.
        if unsettled and self.program.run(attrs.evolve(facts)).sums.exact != chosen.sums.exact:
            self.exact = False
        return chosen

    def _unset(self, facts: Facts) -> Facts:
        before = attrs.evolve(facts)
        self.program.settle(before, lambda gate: gate.effect == "zero" and gate.when.holds(before))
        return before

    def _certain(self, gate: CompiledGate) -> bool:
        """Whether every completion agrees on whether the gate holds."""
        when = gate.when
        if when.lines.isdisjoint(self.missing):
            return True
        worst, best = self.unset
        return self._rising(when) != 0 and when.holds(worst) == when.holds(best)

    def _rising(self, compiled: Compiled) -> int:
        # A line without a most has no worst value to look at: it may be anything beyond the best.
        missing = compiled.lines & self.missing
        endless = any(self.program.lines[index].judged_worst[0] is None for index in missing)
        return 0 if endless or self._moved(compiled) else compiled.rising

    def _moved(self, compiled: Compiled) -> bool:
        """Whether the condition asks for sums that a gate may or may not move, so that they need not rise."""
        asked = {part.subject for part in compiled.condition.walk()}
        emptied = any(gate.effect == "zero" for gate in self.unsettled)
        disturbed = any(gate.effect == "score" and not self._in_order(gate) for gate in self.unsettled)
        return (emptied and not asked.isdisjoint({"section", "figure"})) or (disturbed and "figure" in asked)

    def _in_order(self, gate: CompiledGate) -> bool:
        """Whether a gate that sets the score does so as things get worse, to no better than the worst."""
        plain = self.program.settle(attrs.evolve(self.worst), lambda _: False).sums.exact or 0
        value = units(Fraction(gate.value), self.program.places)
        return gate.when.rising == -1 and (value >= plain if self.grader.demerits else value <= plain)

    @property
    def _capped(self) -> bool:
        standard = self.program.standard
        return standard.cap is not None or any(section.cap is not None for section in standard.walk())

    @property
    def grader(self) -> Grader:
        return self.program.grader

    def _gate(self, gate: CompiledGate, end: End) -> bool:
        return self.settled(gate.when, good=False, end=end)

    def settled(self, compiled: Compiled, *, good: bool, end: End) -> bool:
        """Whether the condition holds at this end; `good` says that its holding helps.

        Where it need not move the way that the score moves, it holds at an end as soon as it might.
        """
        if compiled.lines.isdisjoint(self.missing):
            return compiled.holds(self.worst if end == "worst" else self.best)
        worst, best = compiled.holds(self.worst), compiled.holds(self.best)
        rising = self._rising(compiled)
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
        # What is waived is not looked at even when all that is missing is in, so that the coverage may stay too low.
        if not self.grader.bands or self.program.too_little(run.facts):
            band = None
        elif points is None:
            # What has no most may take everything, but a cap lets only so much of it through.
            self.exact = self.exact and not self._capped
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
        return self._end([*possible, free], end)

    def _end(self, places: Sequence[int | None], end: End) -> int | None:
        """The grade that lies at this end; that none is given, for want of coverage, stands before the best."""
        if None in places and (end == "best" or set(places) == {None}):
            return None
        graded = [place for place in places if place is not None]
        return min(graded) if end == "best" else max(graded)


_MOST_TRIED = 6


def _subsets(gates: list[CompiledGate]) -> Iterator[tuple[CompiledGate, ...]]:
    """Which of the gates may hold together; of very many each alone and all."""
    sizes = range(1, len(gates) + 1) if len(gates) <= _MOST_TRIED else (1, len(gates))
    for size in sizes:
        yield from combinations(gates, size)


def _among(holding: Sequence[CompiledGate]) -> Settles:
    return lambda gate: gate in holding

"""Bounds: the least and the most favourable ends over every completion of what is missing."""

from decimal import Decimal

import attrs

from civrules.model.figures import decimal
from civrules.scoring.conditions import Compiled
from civrules.scoring.evaluation import Bounds, Evaluation, grade_id
from civrules.scoring.grading import Grader
from civrules.scoring.line import Cell
from civrules.scoring.program import Program, Run


def bounds_of(evaluation: Evaluation) -> Bounds | None:
    """The bounds of an evaluation; None where nothing applies."""
    program, run = evaluation.program, evaluation.run
    if not run.sums.applies:
        return None
    missing = _missing(program, run)
    if not missing:
        return Bounds(
            low=evaluation.score,
            high=evaluation.score,
            grade_low=evaluation.grade,
            grade_high=evaluation.grade,
            exact=True,
        )
    ends = _Ends(
        program, missing, _completed(program, run, favourable=False), _completed(program, run, favourable=True)
    )
    low, high = ends.grade(favourable=False), ends.grade(favourable=True)
    return Bounds(
        low=_score(program, ends.low),
        high=_score(program, ends.high),
        grade_low=grade_id(program, low, rated=True),
        grade_high=grade_id(program, high, rated=True),
        exact=ends.exact,
    )


def _missing(program: Program, run: Run) -> frozenset[int]:
    """The lines without a value, and the events with a report whose attribution is open."""
    reports = run.facts.reports
    return frozenset(
        line.index
        for line, cell in zip(program.lines, run.cells, strict=True)
        if cell.state == "missing" or any(counts is None for _, counts in reports.get(line.id, ()))
    )


def _completed(program: Program, run: Run, *, favourable: bool) -> Run:
    cells: list[Cell] = [
        line.completed(favourable=favourable) if cell.state == "missing" else cell
        for line, cell in zip(program.lines, run.cells, strict=True)
    ]
    facts = run.facts
    return program.run(cells, facts.community, facts.reports, facts.on, facts.period, pessimistic=not favourable)


def _score(program: Program, run: Run) -> Decimal | None:
    return None if run.sums.score is None else decimal(run.sums.score, program.places)


@attrs.define
class _Ends:
    """Both completions, and what they settle of requirements and gates."""

    program: Program
    missing: frozenset[int]
    low: Run
    high: Run
    exact: bool = True

    @property
    def grader(self) -> Grader:
        return self.program.grader

    def settled(self, compiled: Compiled, *, good: bool, favourable: bool) -> bool:
        """Whether the condition holds at this end; `good` says that its holding helps the grade.

        Where it need not move the way that the score moves, it holds at an end as soon as it might.
        """
        worst, best = compiled.holds(self.low.facts), compiled.holds(self.high.facts)
        if compiled.lines.isdisjoint(self.missing):
            return worst
        if compiled.rising == (1 if good else -1):
            return best if favourable else worst
        if compiled.rising == 0 or worst != best:
            self.exact = False
        helped = favourable == good
        if compiled.rising == 0:
            return helped
        return (worst or best) if helped else (worst and best)

    def grade(self, *, favourable: bool) -> int | None:
        """The grade's place at this end."""
        run = self.high if favourable else self.low
        points = run.sums.exact if self.grader.exact else run.sums.score
        given = {
            band.place: self.settled(band.requires, good=True, favourable=favourable)
            for band in self.grader.bands
            if band.requires is not None
        }
        if not self.grader.bands:
            band = None
        elif points is None:
            band = self.grader.bands[-1].place
        else:
            band = self.grader.band(points, run.facts, given)
        return self._gated(band, favourable=favourable)

    def _gated(self, band: int | None, *, favourable: bool) -> int | None:
        """Caps as they may hold at this end; a gate that may or may not force gives both."""
        at_worst = {gate: self.settled(gate.when, good=False, favourable=False) for gate in self.grader.gates}
        at_best = {gate: self.settled(gate.when, good=False, favourable=True) for gate in self.grader.gates}
        holding = at_best if favourable else at_worst
        caps = [gate for gate in self.grader.gates if not gate.forces and holding[gate]]
        possible: list[int | None] = []
        for gate in self.grader.gates:
            if gate.forces and at_worst[gate] and at_best[gate]:
                return self._end([*possible, gate.place], favourable=favourable)
            if gate.forces and (at_worst[gate] or at_best[gate]):
                possible.append(gate.place)
        free = self.grader.grade(band, caps)
        if possible and free is not None and any(place is not None and place < free for place in possible):
            self.exact = False
        return self._end([*possible, free], favourable=favourable)

    def _end(self, places: list[int | None], *, favourable: bool) -> int | None:
        known = [place for place in places if place is not None]
        if not known:
            return None
        return min(known) if favourable else max(known)

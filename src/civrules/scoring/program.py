"""Program: a standard decided as far as it can be before facts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.community import Community, contains
from civrules.model.days import Period, check_day
from civrules.model.figures import decimal, decimals_of
from civrules.model.observation import Seen
from civrules.model.standard import Standard
from civrules.scoring.conditions import Compiler, Facts
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.grading import Graded, Grader
from civrules.scoring.line import Cell, CompiledLine
from civrules.scoring.line import places as line_places
from civrules.scoring.reading import Reader, Reports
from civrules.scoring.sums import Adder, Sums
from civrules.scoring.sums import places as section_places

_COVERAGE_PLACES = 4
_ALL = Decimal(1)


@attrs.define
class Run:
    """One pass of the program over one community's cells."""

    cells: list[Cell]
    sums: Sums
    facts: Facts
    graded: Graded


class Program:
    """A standard decided as far as it can be before facts: immutable, picklable, safe to share between threads.

    Two programs are equal where their standards are; a program pickles as its standard and compiles again.
    """

    __slots__ = ("_needs_day", "_notes", "adder", "by_id", "grader", "lines", "places", "standard", "weights")

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.places = _places(standard)
        pairs = [(section, criterion) for section in standard.sections for criterion in section.children]
        self.lines = tuple(
            CompiledLine(standard, section, criterion, index, self.places)
            for index, (section, criterion) in enumerate(pairs)
        )
        self.adder = Adder(standard, self.lines, self.places)
        self.by_id = {line.id: line for line in self.lines}
        compiler = Compiler(self.by_id, self.places, demerits=standard.direction == "demerits")
        self.grader = Grader(standard, compiler, self.places)
        self.weights = self._weights()
        self._needs_day = _needs_day(standard)
        self._notes = tuple(
            Problem("reading", (reading.at,) if reading.at else (), reading.text, severity="note")
            for reading in standard.readings
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.standard == other.standard

    def __hash__(self) -> int:
        return hash((Program, self.standard))

    def __reduce__(self) -> tuple[Any, ...]:
        return Program, (self.standard,)

    def __repr__(self) -> str:
        return f"<Program of {self.standard.edition}>"

    def evaluate(
        self, community: Community, observations: Seen, *, on: date | None = None, period: Period | None = None
    ) -> Evaluation:
        """Score one community.

        `on` is the day of judgement (left out: the period's last); `period` chooses the observations that are
        scored. Raises InvalidInput with every problem of the call, also where a day is needed and none was given.
        """
        on = self._day(on, period)
        self._check_community(community)
        reader = Reader(self.by_id, self.standard.edition, period)
        seen, cells = reader.read(observations)
        self._check_missing(cells)
        run = self.run(cells, community, reader.reports, on, period)
        notes = (*self._outside(on), *reader.notes, *self._notes)
        return Evaluation.of(self, run, community=community, observations=seen, on=on, period=period, notes=notes)

    def run(
        self,
        cells: list[Cell],
        community: Community,
        reports: Reports,
        on: date | None,
        period: Period | None,
        *,
        pessimistic: bool | None = None,
    ) -> Run:
        """Sums, conditions and grade of cells; `pessimistic` settles events left open, for bounds."""
        sums = self.adder.add(cells)
        facts = Facts(
            cells=cells,
            sections=sums.sections,
            score=sums.score,
            maximum=self.adder.maximum(sums),
            coverage=self.coverage(cells),
            community=community,
            reports=reports,
            on=on,
            period=period,
            pessimistic=pessimistic,
        )
        if self.held(cells) or (pessimistic is None and not self.observed(cells, reports)):
            sums.score = sums.exact = facts.score = None
        points = sums.exact if self.grader.exact else sums.score
        return Run(cells, sums, facts, self.grader.graded(points, facts))

    def held(self, cells: Sequence[Cell]) -> bool:
        """Whether something missing holds the score back; an event whose attribution is open has no points, yet does."""
        return any(
            line.missing == "hold" and cell.state == "missing" for line, cell in zip(self.lines, cells, strict=True)
        )

    def observed(self, cells: Sequence[Cell], reports: Reports) -> bool:
        """Whether anything at all was observed."""
        return bool(reports) or any(cell.seen and cell.state != "missing" for cell in cells)

    def coverage(self, cells: Sequence[Cell]) -> Decimal:
        """Points observed out of points applicable, four decimals, down: 1 means all.

        Lines count instead where one of them has no most, or where no line has points; 1 where nothing applies.
        """
        observed = applicable = 0
        for index, weight in self.weights:
            state = cells[index].state
            if state != "not-applicable":
                applicable += weight
                if state == "seen":
                    observed += weight
        if observed == applicable:
            return _ALL
        return decimal(observed * 10**_COVERAGE_PLACES // applicable, _COVERAGE_PLACES)

    def _weights(self) -> tuple[tuple[int, int], ...]:
        """What each line weighs in coverage, in whole numbers: its points after the section's scale, else 1."""
        share = {section.id: section.share or 1 for section in self.adder.sections}
        lines = [line for line in self.lines if line.required]
        weights = [Fraction(line.full * share[line.section]) for line in lines]
        if any(line.open_ended for line in lines) or not any(weights):
            return tuple((line.index, 1) for line in lines)
        common = lcm(*(weight.denominator for weight in weights))
        return tuple((line.index, int(weight * common)) for line, weight in zip(lines, weights, strict=True) if weight)

    def _day(self, on: date | None, period: Period | None) -> date | None:
        if period is not None and not isinstance(period, Period):
            raise InvalidInput(Problem("bad-argument", ("period",), period, "a Period"))
        if on is not None:
            return check_day(on, "on")
        if period is not None and period.last is not None:
            return period.last
        if self._needs_day:
            raise InvalidInput([Problem("day-needed", (), name) for name in self._needs_day])
        return None

    def _check_community(self, community: Community) -> None:
        standard = self.standard
        if not isinstance(community, Community):
            raise InvalidInput(Problem("bad-argument", ("community",), community, "a Community"))
        problems = []
        if community.kind is not None and community.kind not in standard.kinds:
            problems.append(Problem("wrong-kind", (community.id,), community.kind, ", ".join(standard.kinds)))
        if (
            community.locality is not None
            and standard.locality is not None
            and not contains(standard.locality, community.locality)
        ):
            problems.append(Problem("wrong-locality", (community.id,), community.locality, standard.locality))
        if problems:
            raise InvalidInput(problems)

    def _check_missing(self, cells: Sequence[Cell]) -> None:
        missing = [
            line.id
            for line, cell in zip(self.lines, cells, strict=True)
            if cell.state == "missing" and line.missing == "refuse"
        ]
        if missing:
            raise InvalidInput([Problem("missing-refused", (), None, name) for name in missing])

    def _outside(self, on: date | None) -> Iterable[Problem]:
        effective = self.standard.effective
        if on is not None and on not in effective:
            yield Problem("outside-dates", (), self.standard.edition, str(effective), severity="note")


def compile(standard: Standard, /) -> Program:  # noqa: A001  # named as re.compile is
    """Make the program of a standard, as re.compile does; a Rulebook keeps them for you."""
    return Program(standard)


def evaluate(
    standard: Standard,
    community: Community,
    observations: Seen,
    *,
    on: date | None = None,
    period: Period | None = None,
) -> Evaluation:
    """Score one community once: `compile(standard).evaluate(...)`."""
    return Program(standard).evaluate(community, observations, on=on, period=period)


def _places(standard: Standard) -> int:
    """The decimals of the unit: the finest of every step that gives whole units."""
    finest = standard.rounding.total or 0
    for section in standard.sections:
        own = max((line_places(standard, one) for one in section.children), default=0)
        finest = max(finest, own, section_places(standard, section, own))
    ends = [end for grade in standard.grades for end in (grade.at_least, grade.at_most) if end is not None]
    return max(finest, *(decimals_of(end) or 0 for end in ends), 0)


def _needs_day(standard: Standard) -> tuple[str, ...]:
    """The gates and grades whose conditions look back from a day."""
    conditions: Mapping[str, Any] = {gate.id: gate.when for gate in standard.gates} | {
        grade.id: grade.requires for grade in standard.grades if grade.requires is not None
    }
    return tuple(
        name for name, condition in conditions.items() if any(part.within or part.during for part in condition.walk())
    )

"""Evaluation: the outcome for one community, and all that it was made from."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import attrs

from civrules.errors import Problem
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.days import Period
from civrules.model.figures import decimal, round_quotient
from civrules.model.observation import Observation
from civrules.model.standard import Section
from civrules.model.text import Lang
from civrules.model.waiver import Waiver
from civrules.scoring.line import Cell, CompiledLine, Points, Result, whole
from civrules.scoring.sums import Step

if TYPE_CHECKING:
    from civrules.scoring.program import Program, Run

NOT_RATED = "not-rated"
WITHHELD = "withheld"
_LEAST_SHOWN = 2


@attrs.frozen(kw_only=True)
class Line:
    """One step that a reader can check by hand; the points of an evaluation's lines add up to its score.

    `criterion` is None for steps of the standard: `scale` (a section brought to `scale_to`), `rescale`, `floor`,
    `rounding`; `section` says where a step belongs. `reason` is a code where nothing was checked, or why the
    criterion does not apply.
    """

    criterion: str | None
    section: str | None
    step: str
    points: Decimal | None
    possible: Decimal | None
    result: Result | None
    reason: str | None
    seen: tuple[Observation, ...]


@attrs.frozen(kw_only=True)
class Bounds:
    """The least and the most favourable ends that the values still missing could give.

    In demerits `low` is the larger figure; it is None where a line has no most. `exact` says that both ends are
    reached; where a gate is not monotone they contain every completion and need not be reached.
    """

    low: Decimal | None
    high: Decimal | None
    grade_low: str | None
    grade_high: str | None
    exact: bool


@attrs.frozen(kw_only=True)
class Explanation:
    """Words for people; str() is the whole text."""

    lines: tuple[str, ...]
    why_not_higher: str | None
    gains: tuple[tuple[str, Decimal], ...]
    """Criterion and what full points there would add to the score (in demerits: take off it), largest first."""

    def __str__(self) -> str:
        return "\n".join((*self.lines, *((self.why_not_higher,) if self.why_not_higher else ())))


@attrs.frozen(kw_only=True)
class Evaluation:
    """The outcome for one community: figures, a line for every step, and all it was made from.

    `grade` is a grade's id, "not-rated" (nothing applies, or nothing was observed), "withheld" (something held is
    missing), or None where the standard has no grades; `grade_before_gates` is the band alone. `maximum` is the most
    that the applicable part could give, None where a line has no most. Lines, bounds and words are made when asked for.
    """

    community: Community
    edition: str
    digest: str
    on: date | None
    period: Period | None
    observations: tuple[Observation, ...]
    waivers: tuple[Waiver, ...]
    previous: "Evaluation | None"
    calendar: Calendar
    score: Decimal | None
    maximum: Decimal | None
    grade: str | None
    grade_before_gates: str | None
    score_without_waivers: Decimal | None
    grade_without_waivers: str | None
    coverage: Decimal
    gates: tuple[str, ...]
    """The gates that hold, in the document's order."""
    ineligible: bool
    """Left out of ranks, flags and awards."""
    notes: tuple[Problem, ...]
    """What a careful reader should know: equal observations, an edition outside its dates, the readings taken."""
    program: "Program" = attrs.field(repr=False, eq=False)
    run: "Run" = attrs.field(repr=False, eq=False)

    @classmethod
    def of(
        cls,
        program: "Program",
        run: "Run",
        unwaived: "Run",
        *,
        community: Community,
        observations: tuple[Observation, ...],
        waivers: tuple[Waiver, ...],
        previous: "Evaluation | None",
        calendar: Calendar,
        on: date | None,
        period: Period | None,
        notes: Iterable[Problem],
    ) -> Self:
        """The evaluation of one pass of the program, and of the pass that knows no waivers."""
        sums, gates = run.sums, program.grader.gates
        maximum = run.facts.maximum
        rated = sums.applies and run.facts.observed
        return cls(
            community=community,
            edition=program.standard.edition,
            digest=program.standard.digest,
            on=on,
            period=period,
            observations=observations,
            waivers=waivers,
            previous=previous,
            calendar=calendar,
            score=None if sums.score is None else decimal(sums.score, program.places),
            maximum=None if maximum is None else exact_decimal(maximum, program),
            grade=grade_id(program, run.graded.place, rated=rated),
            grade_before_gates=grade_id(program, run.graded.band, rated=rated),
            score_without_waivers=None if unwaived.points is None else decimal(unwaived.points, program.places),
            grade_without_waivers=grade_id(program, unwaived.graded.place, rated=rated),
            coverage=run.facts.coverage,
            gates=tuple(gates[place].gate.id for place in run.gates),
            ineligible=any(gates[place].effect == "ineligible" for place in run.gates),
            notes=tuple(notes),
            program=program,
            run=run,
        )

    @property
    def no_score(self) -> str | None:
        """Why there is no score, "not-rated" or "withheld"; None where there is one."""
        if self.score is not None:
            return None
        rated = self.run.sums.applies and self.program.observed(self.run.cells, self.run.facts.reports)
        return WITHHELD if rated else NOT_RATED

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A line for every criterion and every step that changed a figure; their points add up to the score."""
        return tuple(lines_of(self.program, self.run))

    @cached_property
    def bounds(self) -> Bounds | None:
        """The ends of what the missing values could still give; None where nothing applies."""
        from civrules.scoring.bounds import bounds_of

        return bounds_of(self)

    @property
    def inputs_digest(self) -> str:
        """SHA-256 of all that the evaluation was made from, as the record holds it."""
        from civrules.scoring.record import inputs_digest

        return inputs_digest(self)

    def to_json(self) -> str:
        """The canonical record: inputs and their digest, edition, result, and what made it."""
        from civrules.scoring.record import record_of

        return record_of(self)

    def explain(self, lang: Lang = "zh") -> Explanation:
        """The lines in words, why this grade and not the one above, and what each line would give back."""
        from civrules.scoring.explain import explanation

        return explanation(self, lang)


def grade_id(program: "Program", place: int | None, *, rated: bool) -> str | None:
    """The grade's id at a place of the document; not-rated or withheld where there is none."""
    if place is not None:
        return program.grader.ids[place]
    if not program.grader.ids:
        return None
    return WITHHELD if rated else NOT_RATED


def exact_decimal(points: Points, program: "Program") -> Decimal:
    """Points in units as a figure; a carried fraction as it is shown, to the score's decimals and at least two."""
    if isinstance(points, Fraction):
        places = max(program.standard.rounding.total or 0, _LEAST_SHOWN)
        shown = points * 10**places / 10**program.places
        return decimal(round_quotient(shown.numerator, shown.denominator, "half-up"), places)
    return decimal(points, program.places)


def lines_of(program: "Program", run: "Run") -> Iterator[Line]:
    """The criteria's lines and the steps that changed a figure; a rounding step takes what the decimals left over."""
    steps: dict[str | None, list[Step]] = {}
    for step in run.sums.steps:
        steps.setdefault(step.section, []).append(step)
    shown = Fraction(0)
    for section in program.standard.sections:
        lines = list(_section_lines(program, run, section, steps))
        yield from lines
        shown += sum((Fraction(line.points or 0) for line in lines), start=Fraction(0))
    if run.sums.score is not None:
        yield from _total_lines(program, run, steps.get(None, []), shown)


def _section_lines(
    program: "Program", run: "Run", section: Section, steps: dict[str | None, list[Step]]
) -> Iterator[Line]:
    """The lines of a section, innermost first, then its own steps; they add up to its points as shown."""
    lines = [_criterion_line(program, run, program.by_id[one.id]) for one in section.criteria]
    for inner in section.sections:
        lines += _section_lines(program, run, inner, steps)
    for step in steps.get(section.id, []):
        change = exact_decimal(whole(Fraction(step.after - step.before)), program)
        lines.append(_step(step.name, change, section=section.id, possible=_possible(program, section, step)))
    yield from lines
    points, _ = run.sums.sections[section.id]
    if points is not None:
        shown = sum((Fraction(line.points or 0) for line in lines), start=Fraction(0))
        left = Fraction(exact_decimal(points, program)) - shown
        if left:
            yield _step("rounding", _exactly(left, program), section=section.id)


def _possible(program: "Program", section: Section, step: Step) -> Decimal | None:
    full = None if section.combined is None else _exactly(section.combined, program)
    limits = {"scale": section.scale_to or full, "cap": section.cap, "floor": section.floor}
    return limits.get(step.name)


def _total_lines(program: "Program", run: "Run", steps: list[Step], shown: Fraction) -> Iterator[Line]:
    """The steps of the total; the last takes what the decimals left over, so that all add up to the score."""
    standard = program.standard
    limits = {
        "rescale": exact_decimal(program.adder.total, program),
        "cap": standard.cap,
        "floor": standard.floor,
    }
    for step in steps:
        change = exact_decimal(whole(Fraction(step.after - step.before)), program)
        yield _step(step.name, change, possible=limits.get(step.name))
        shown += Fraction(change)
    left = Fraction(decimal(run.sums.score or 0, program.places)) - shown
    if left or program.adder.rounder is not None:
        yield _step("rounding", _exactly(left, program))


def _criterion_line(program: "Program", run: "Run", line: Any) -> Line:
    cell = run.cells[line.index]
    shows_points = line.scored and cell.points is not None
    return Line(
        criterion=line.id,
        section=line.section,
        step="criterion",
        points=exact_decimal(cell.points, program) if shows_points and cell.points is not None else None,
        possible=_reach(program, line, cell),
        result="not-checked" if cell.state == "missing" else cell.result,
        reason=cell.reason,
        seen=cell.seen,
    )


def _reach(program: "Program", line: CompiledLine, cell: Cell) -> Decimal | None:
    """The most that the line could give here; None where it has no points or no most."""
    if not line.scored or line.open_ended:
        return None
    return exact_decimal(line.full if cell.reach is None else cell.reach, program)


def _step(step: str, points: Decimal, *, section: str | None = None, possible: Decimal | None = None) -> Line:
    return Line(
        criterion=None, section=section, step=step, points=points, possible=possible, result=None, reason=None, seen=()
    )


def _exactly(number: Fraction, program: "Program") -> Decimal:
    """A number of points as a figure."""
    return exact_decimal(whole(number * 10**program.places), program)

"""Evaluation: the outcome for one community, and all that it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

import attrs

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.days import Period
from civrules.model.figures import NotObserved, decimal
from civrules.model.observation import Observation
from civrules.model.text import Lang
from civrules.model.waiver import Waiver
from civrules.scoring.line import Cell, CompiledLine, Result
from civrules.scoring.steps import Change, Shown, figure_of, steps_of

if TYPE_CHECKING:
    from civrules.scoring.program import Program, Run

_FIGURES = ("score", "grade")
NOT_RATED = "not-rated"
WITHHELD = "withheld"


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
    evaluation: "Evaluation" = attrs.field(repr=False, eq=False)

    @cached_property
    def gains(self) -> tuple[tuple[str, Decimal], ...]:
        """Criterion and what full points there would add to the score (in demerits: take off it), largest first."""
        from civrules.scoring.explain import gains

        return tuple(gains(self.evaluation))

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
            maximum=None if maximum is None else figure_of(maximum, program),
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
        looks: dict[str, list[Observation]] = {}
        for look in self.observations:
            looks.setdefault(look.criterion, []).append(look)
        return tuple(line_of(self.program, step, looks) for step in steps_of(self.program, self.run))

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

    def as_observation(self, criterion: str, of: Literal["score", "grade"] = "score") -> Observation:
        """This evaluation as what was seen for a criterion of a composite standard: its score, or its grade.

        A criterion of figures (`marks`, `linear`, …) takes the score, one of `levels` the grade. `at` is the day of
        judgement. What is not rated or withheld is NotObserved, and the criterion stands as missing. Raises
        InvalidInput where a grade is asked for and the standard has none.
        """
        if of not in _FIGURES:
            raise InvalidInput(Problem("unknown-word", ("of",), of, ", ".join(_FIGURES), nearest(of, _FIGURES)))
        figure = self.score if of == "score" else self.grade
        if of == "grade" and figure is None:
            raise InvalidInput(Problem("no-grades", (), self.edition))
        if figure is None or figure in (NOT_RATED, WITHHELD):
            return Observation(criterion, NotObserved(str(figure or self.no_score)), at=self.on)
        return Observation(criterion, figure, at=self.on)

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


def line_of(program: "Program", step: Shown, looks: Mapping[str, Sequence[Observation]]) -> Line:
    """What one step shows, as figures, with the looks behind it."""
    if isinstance(step, Change):
        return Line(
            criterion=None,
            section=None if step.section is None else step.section.id,
            step=step.name,
            points=figure_of(step.points, program),
            possible=None if step.possible is None else figure_of(step.possible, program),
            result=None,
            reason=None,
            seen=(),
        )
    line, cell = step
    return Line(
        criterion=line.id,
        section=line.section,
        step="criterion",
        points=figure_of(cell.points, program) if line.scored and cell.points is not None else None,
        possible=reach_of(line, cell, program),
        result="not-checked" if cell.state == "missing" else cell.result,
        reason=cell.reason,
        # A cell of a look that stands alone is kept for all looks alike, and holds none.
        seen=tuple(looks[line.id]) if cell.alone else cell.seen,
    )


def reach_of(line: CompiledLine, cell: Cell, program: "Program") -> Decimal | None:
    """The most that the line could give here; None where it has no points or no most."""
    if not line.scored or line.open_ended:
        return None
    return figure_of(line.full if cell.reach is None else cell.reach, program)

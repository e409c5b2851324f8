"""Evaluation: the outcome for one community, and all that it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import attrs

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.days import Period
from civrules.model.figures import NotObserved, decimal
from civrules.model.observation import Observation
from civrules.model.text import Lang
from civrules.model.waiver import Waiver
from civrules.scoring.line import MEASURE_ERROR, Cell, CompiledLine, Result
from civrules.scoring.steps import Change, Shown, figure_of, steps_of

if TYPE_CHECKING:
    from civrules.model.standard import Standard
    from civrules.scoring.program import Program, Run

_FIGURES = ("score", "grade")
NOT_RATED: Literal["not-rated"] = "not-rated"
WITHHELD: Literal["withheld"] = "withheld"


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
    reached; where a gate is not monotone they contain every completion and need not be reached. A grade that stays
    withheld for want of coverage, because what is waived is not looked at, stands before the best.
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


class Made(Protocol):
    """Where the lines, the bounds, the words and the record of an evaluation come from."""

    @property
    def program(self) -> "Program":
        """The program that made it. Raises CivrulesError where only a record is at hand."""

    @property
    def run(self) -> "Run":
        """The program's pass over the community. Raises CivrulesError where only a record is at hand."""

    def lines(self, evaluation: "Evaluation") -> tuple[Line, ...]:
        """A line for every step."""

    def bounds(self, evaluation: "Evaluation") -> Bounds | None:
        """The ends of what the missing values could still give."""

    def inputs_digest(self, evaluation: "Evaluation") -> str:
        """The digest of all that it was made from."""

    def result(self, evaluation: "Evaluation") -> dict[str, Any]:
        """Every figure and word of the outcome, as a record holds them."""

    def record(self, evaluation: "Evaluation") -> str:
        """The canonical record."""


@attrs.frozen
class Worked:
    """An evaluation's making where the program has just run: everything is worked out when asked for."""

    program: "Program"
    run: "Run"

    def lines(self, evaluation: "Evaluation") -> tuple[Line, ...]:
        """The lines of the run."""
        looks: dict[str, list[Observation]] = {}
        for look in evaluation.observations:
            looks.setdefault(look.criterion, []).append(look)
        return tuple(line_of(self.program, step, looks) for step in steps_of(self.program, self.run))

    def bounds(self, evaluation: "Evaluation") -> Bounds | None:
        """The bounds of the run."""
        from civrules.scoring.bounds import bounds_of

        return bounds_of(evaluation)

    def inputs_digest(self, evaluation: "Evaluation") -> str:
        """The digest of what the evaluation holds."""
        from civrules.scoring.record import inputs_digest

        return inputs_digest(evaluation)

    def result(self, evaluation: "Evaluation") -> dict[str, Any]:
        """The result of the run."""
        from civrules.scoring.record import result_of

        return result_of(evaluation)

    def record(self, evaluation: "Evaluation") -> str:
        """The record of the run."""
        from civrules.scoring.record import record_of

        return record_of(evaluation)


@attrs.frozen(kw_only=True, eq=False)
class Evaluation:
    """The outcome for one community: figures, a line for every step, and all it was made from.

    Two evaluations are equal where they were made of equal inputs by equal standards and say the same.

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
    direction: Literal["merits", "demerits"]
    """Whether more is better, or less."""
    score: Decimal | None
    no_score: Literal["not-rated", "withheld"] | None
    """Why there is no score; None where there is one."""
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
    made: Made = attrs.field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Evaluation):
            return NotImplemented
        return self is other or (
            hash(self) == hash(other)
            and self.inputs_digest == other.inputs_digest
            and self.made.result(self) == other.made.result(other)
        )

    def __hash__(self) -> int:
        return hash((self.edition, self.digest, self.community.id, self.score, self.grade, self.on))

    @property
    def program(self) -> "Program":
        """The program that made it. Raises CivrulesError where it was read from a record without its standard."""
        return self.made.program

    @property
    def run(self) -> "Run":
        """The program's pass. Raises CivrulesError where it was read from a record without its standard."""
        return self.made.run

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
            direction=program.standard.direction,
            no_score=None if sums.score is not None else WITHHELD if rated else NOT_RATED,
            score=None if sums.score is None else decimal(sums.score, program.places),
            maximum=None if maximum is None else figure_of(maximum, program),
            grade=grade_id(program, run.graded.place, rated=rated),
            grade_before_gates=grade_id(program, run.graded.band, rated=rated),
            score_without_waivers=None if unwaived.points is None else decimal(unwaived.points, program.places),
            grade_without_waivers=grade_id(
                program, unwaived.graded.place, rated=unwaived.sums.applies and unwaived.facts.observed
            ),
            coverage=run.facts.coverage,
            gates=tuple(gates[place].gate.id for place in run.gates),
            ineligible=any(gates[place].effect == "ineligible" for place in run.gates),
            notes=tuple(notes),
            made=Worked(program, run),
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """A line for every criterion and every step that changed a figure; their points add up to the score."""
        return self.made.lines(self)

    @cached_property
    def bounds(self) -> Bounds | None:
        """The ends of what the missing values could still give; None where nothing applies."""
        return self.made.bounds(self)

    @cached_property
    def inputs_digest(self) -> str:
        """SHA-256 of all that the evaluation was made from, as the record holds it."""
        return self.made.inputs_digest(self)

    def to_json(self) -> str:
        """The canonical record: inputs and their digest, edition, result, and what made it."""
        return self.made.record(self)

    @classmethod
    def from_json(cls, text: str, standard: "Standard | None" = None) -> "Evaluation":
        """Read a record that `to_json` wrote: an evaluation equal to the one that wrote it.

        Without the `standard` it has every figure, line and note of the record, and `previous` is None; with it the
        record's inputs are evaluated again, so that it can also be explained and stand as a previous evaluation. A
        record that was stripped of its inputs is read without observations, and a note says so.

        Raises InvalidInput where the text is no record, or its inputs are not those of its digest; with a standard
        also where that is another edition, where there are no inputs, or where the result is no longer the same.
        """
        from civrules.scoring.kept import evaluation_of

        return evaluation_of(text, standard)

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
        """The lines in words, why this grade and not the one above, and what each line would give back.

        Raises CivrulesError where the evaluation was read from a record without its standard.
        """
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
        result=_result(cell),
        reason=cell.reason,
        # A cell of a look that stands alone is kept for all looks alike, and holds none.
        seen=tuple(looks[line.id]) if cell.alone else cell.seen,
    )


def _result(cell: Cell) -> Result | None:
    if cell.state != "missing":
        return cell.result
    return "error" if cell.reason == MEASURE_ERROR else "not-checked"


def reach_of(line: CompiledLine, cell: Cell, program: "Program") -> Decimal | None:
    """The most that the line could give here; None where it has no points or no most."""
    if not line.scored or line.open_ended:
        return None
    return figure_of(line.full if cell.reach is None else cell.reach, program)

"""What every figure of an evaluation promises: where it lies, what it adds up to, and that nothing else moves it."""

from collections.abc import Sequence
from copy import deepcopy
from fractions import Fraction
from typing import Any

import attrs

from civrules import Evaluation, InvalidInput, Program, Waiver
from civrules.model.measures.adopted import Adopted
from civrules.testing import naive
from civrules.testing.comparing import criterion_lines, difference, figures
from civrules.testing.drawing import own_values, samples, single_samples
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.naive.figures import rounded
from civrules.testing.sample import Sample
from civrules.testing.subject import Subject


def tried(subject: Subject, sample: Sample) -> Evaluation | None:
    """What the engine makes of a sample; None where it refuses it."""
    return subject.tried(sample)


def is_accepted(subject: Subject, sample: Sample) -> None:
    """Raise Broken where what the document describes is refused, or a plugin's measure fails on it."""
    try:
        evaluation = subject.evaluated(sample)
    except InvalidInput as error:
        raise Broken("expected", "an evaluation", "refused", error.problems[0].say(), sample) from None
    for name, line in criterion_lines(evaluation).items():
        if line.result == "error":
            detail = evaluation.run.cells[subject.program.by_id[name].index].detail
            raise Broken("expected", f"points for {name}", "raised", detail, sample)


def within_points(subject: Subject, sample: Sample) -> None:
    """Raise Broken where a line gives more than its points or less than its least."""
    evaluation = tried(subject, sample)
    for name, line in criterion_lines(evaluation).items() if evaluation is not None else ():
        criterion = subject.standard.criteria[name]
        places = len(sample.community.places.get(criterion.per_unit or "", ())) if criterion.places == "sum" else 1
        if line.points is None:
            continue
        least = criterion.least * (places if criterion.least < 0 else 1)
        if line.points < least:
            raise Broken(f"points of {name}", line.points, "least", least, sample)
        if criterion.points is not None and line.points > criterion.points * places:
            raise Broken(f"points of {name}", line.points, "most", criterion.points * places, sample)


def add_up(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the lines do not sum to the score."""
    evaluation = tried(subject, sample)
    if evaluation is not None:
        sums_up(subject, evaluation, sample)


def sums_up(subject: Subject, evaluation: Evaluation, sample: Sample) -> None:
    """Raise Broken where the lines of an evaluation do not sum to its score."""
    if evaluation.score is not None:
        total = sum((Fraction(line.points) for line in evaluation.lines if line.points is not None), Fraction(0))
        equal("score", Fraction(evaluation.score), "sum of the lines", total, sample)
        _rounding_is_small(subject, evaluation, sample)


def _rounding_is_small(subject: Subject, evaluation: Evaluation, sample: Sample) -> None:
    """Raise Broken where the line of the rounding takes up what another step changed."""
    decimals = subject.standard.rounding.total
    shown = max(2, decimals or 0)
    most = Fraction(1, 10 ** (shown if decimals is None else decimals)) + Fraction(len(evaluation.lines), 2 * 10**shown)
    for line in evaluation.lines:
        if line.step == "rounding" and line.points is not None and abs(Fraction(line.points)) > most:
            raise Broken("rounding", line.points, "at most", most, sample)


def rounded_once(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the score is not the exact figure at the decimals, and in the way, that `[rounding]` says."""
    evaluation = tried(subject, sample)
    if evaluation is None or evaluation.score is None or evaluation.run.sums.exact is None:
        return
    rounding = subject.standard.rounding
    exact = Fraction(evaluation.run.sums.exact) / 10**subject.program.places
    expected = exact if rounding.total is None else rounded(exact, rounding.total, rounding.mode)
    equal("score", Fraction(evaluation.score), "by [rounding]", Fraction(expected), sample)


def in_its_band(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the grade before gates is not the best whose end the score reaches."""
    evaluation = tried(subject, sample)
    if evaluation is None or evaluation.score is None or evaluation.run.withheld:
        return
    if subject.standard.rounding.grade_from == "exact":
        return
    score, given = evaluation.score, evaluation.grade_before_gates
    for grade in subject.standard.grades:
        above = grade.at_least is not None and score < grade.at_least
        below = grade.at_most is not None and score > grade.at_most
        if grade.id == given:
            if above or below:
                raise Broken("score", score, f"given {given}, which is", grade.at_least or grade.at_most, sample)
            return
        if not (above or below or grade.gate_only or grade.requires is not None):
            raise Broken("score", score, f"given {given}, though better fits", grade.id, sample)


def same_again(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the same call gives something else, from this program or from a fresh one."""
    first, second = tried(subject, sample), _anew(subject, sample)
    own = any(isinstance(one.measure, Adopted) for one in subject.standard.criteria.values())
    program = Program(subject.standard) if own else subject.fresh
    if first is None or second is None:
        equal("first", first is None, "then", second is None, sample)
        return
    _alike(first, subject.evaluated(sample, program=program), "by another program", sample)
    _alike(first, second, "then", sample)


def _anew(subject: Subject, sample: Sample) -> Evaluation | None:
    """What the engine makes of a sample when it is asked once more; None where it refuses it."""
    try:
        return subject.evaluated(sample)
    except InvalidInput:
        return None


def _alike(one: Evaluation, other: Evaluation, name: str, *seen: Sample) -> None:
    """Raise Broken where two evaluations say something else."""
    found = difference(figures(one), figures(other))
    if found is not None:
        what, first, second = found
        raise Broken(what, first, name, second, *seen)


def inputs_are_kept(subject: Subject, sample: Sample) -> None:
    """Raise Broken where an evaluation changes what it is given."""
    looks = list(sample.observations)
    plain = {one.criterion: one.value for one in looks}
    for given in (looks, plain):
        before: Any = deepcopy(given)
        try:
            subject.program.evaluate(sample.community, given, period=subject.period, calendar=subject.calendar)
        except InvalidInput:
            continue
        equal("given", str(before), "left", str(given), sample)


def in_any_order(subject: Subject, sample: Sample) -> None:
    """Raise Broken where observations in another order give another result."""
    first = tried(subject, sample)
    looks = sample.observations
    for other in (looks[::-1], (*looks[1::2], *looks[::2])):
        again = tried(subject, attrs.evolve(sample, observations=other))
        if first is None or again is None:
            equal("accepted", first is not None, "in another order", again is not None, sample)
        else:
            _alike(first, again, "in another order", sample)


def sheet_in_any_order(subject: Subject, sample: Sample) -> None:
    """Raise Broken where sections and criteria in another order give another result."""
    first = tried(subject, sample)
    if first is not None:
        again = subject.evaluated(sample, program=subject.turned)
        _alike(first, again, "sheet turned", sample)


def second_opinion(subject: Subject, sample: Sample) -> None:
    """Raise Broken where the second evaluator says something else."""
    agrees(subject, sample, tried(subject, sample))


def agrees(subject: Subject, sample: Sample, evaluation: Evaluation | None, waivers: Sequence[Waiver] = ()) -> None:
    """Raise Broken where the second evaluator says something else than the engine did."""
    try:
        answer = naive.evaluate(subject.standard, sample.community, sample.observations, None, subject.period, waivers)
    except naive.Refused:
        equal("engine", evaluation and "evaluates", "second evaluator", None, sample)
        return
    if evaluation is None:
        raise Broken("engine", "refuses", "second evaluator", answer.score, sample)
    for name in _OF_BOTH:
        equal(name, getattr(evaluation, name), "second evaluator", getattr(answer, name), sample)
    for name, given in answer.sections.items():
        own = evaluation.run.sums.sections[name][0]
        if own is not None and given is not None:
            equal(f"section {name}", Fraction(own) / 10**subject.program.places, "second evaluator", given, sample)
    for name, line in criterion_lines(evaluation).items():
        equal(f"result of {name}", line.result, "second evaluator", answer.results[name], sample)
        # The line shows a fraction rounded; the cell has it as it is carried on.
        points, own = answer.points[name], evaluation.run.cells[subject.program.by_id[name].index].points
        if points is not None and own is not None:
            equal(f"points of {name}", Fraction(own) / 10**subject.program.places, "second evaluator", points, sample)


_OF_BOTH = (
    "score", "grade", "grade_before_gates", "score_without_waivers", "grade_without_waivers", "coverage", "gates",
    "ineligible",
)  # fmt: skip


def known_to_both(subject: Subject) -> bool:
    """Whether the second evaluator knows all that the standard looks at."""
    own = any(isinstance(one.measure, Adopted) for one in subject.standard.criteria.values())
    return not own and subject.calendar is None


def _corners(subject: Subject) -> tuple[Sample, ...]:
    return subject.corners


LINES = (
    Invariant(
        id="accepts", draws=single_samples, corners=own_values, check=is_accepted,
        says="What the document describes is accepted: a value that each line's measure allows.",
    ),
    Invariant(
        id="points", draws=samples, check=within_points,
        says="No line gives less than its least points or more than its points.",
    ),
    Invariant(
        id="adds-up", draws=samples, check=add_up,
        says="The points of all lines, of criteria and of steps, add up to the score.",
    ),
    Invariant(
        id="rounding", draws=samples, corners=_corners, check=rounded_once,
        says="The score is the exact figure rounded once, with the decimals and in the way that the document says.",
    ),
    Invariant(
        id="bands", draws=samples, corners=_corners, check=in_its_band,
        where="standards with grades", applies=lambda subject: bool(subject.standard.grades),
        says="The grade before gates is the best whose end the score reaches.",
    ),
    Invariant(
        id="deterministic", draws=samples, check=same_again,
        says="The same call gives the same result, from the same program and from a fresh one.",
    ),
    Invariant(
        id="inputs-kept", draws=samples, check=inputs_are_kept,
        says="An evaluation changes nothing of what it is given.",
    ),
    Invariant(
        id="order", draws=samples, check=in_any_order,
        says="Observations in another order give the same result.",
    ),
    Invariant(
        id="sheet-order", draws=samples, check=sheet_in_any_order,
        says="Sections and criteria in another order give the same result.",
    ),
    Invariant(
        id="second-opinion", draws=samples, corners=_corners, check=second_opinion,
        where="standards whose measures are all built in, and that count no occasions", applies=known_to_both,
        says="A second evaluator, slow and written from the format alone, says the same.",
    ),
)  # fmt: skip

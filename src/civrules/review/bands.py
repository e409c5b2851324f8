"""Bands: what the document prints against what data can give, and ends that rounding passes over."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from civrules.errors import Problem
from civrules.model.figures import decimals_of, plain
from civrules.model.standard import Grade
from civrules.review.reviewed import Reviewed
from civrules.review.witness import Wanted, Witness
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.line import Points


def band_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Printed bands with a gap, an overlap or another end than is graded; ends finer than the score."""
    witness = Witness(reviewed)
    yield from _printed(reviewed, witness)
    yield from _cuts(reviewed, witness)


def _score_of(evaluation: Evaluation) -> Points | None:
    """The score as bands see it, in units."""
    program, sums = evaluation.program, evaluation.run.sums
    return sums.exact if program.grader.exact else sums.score


def _input(witness: Witness, low: Fraction, high: Fraction, *, low_in: bool, high_in: bool) -> str | None:
    """An input whose score lies between two figures, in words; None where none was found."""
    first, last = (one * 10**witness.reviewed.unit for one in (low, high))
    graded_low, graded_high = first, last

    def wanted(evaluation: Evaluation) -> bool:
        score = _score_of(evaluation)
        if score is None:
            return False
        above = score > graded_low or (low_in and score == graded_low)
        return above and (score < graded_high or (high_in and score == graded_high))

    return _shown(witness, first, last, wanted)


def _shown(witness: Witness, low: Fraction, high: Fraction, wanted: Wanted) -> str | None:
    # What rounding moves may lie a little outside.
    rounder = witness.reviewed.program.adder.rounder
    slack = 0 if rounder is None or rounder.places is None else 10 ** (witness.reviewed.unit - rounder.places)
    scores = witness.reviewed.scores
    if scores is not None and not scores.between(low - slack, high + slack):
        return None
    between = [(low, high), (low + 1, high - 1), (low - slack, high + slack)]
    tried = (one for start, end in between if start <= end for one in witness.scoring(start, end))
    return witness.shown(tried, wanted)


def _printed(reviewed: Reviewed, witness: Witness) -> Iterator[Problem]:
    """The bands as they are printed, the best first."""
    bands = [
        (place, grade)
        for place, grade in enumerate(reviewed.standard.grades)
        if grade.printed is not None and not grade.gate_only
    ]
    for place, grade in bands:
        yield from _differs(witness, place, grade)
    for (_, better), (place, worse) in pairwise(bands):
        near, far = _near(reviewed, better), _far(reviewed, worse)
        if near is not None and far is not None:
            gap = far != near and (far < near) != reviewed.demerits
            if not gap and better.requires is not None:
                # What is required tells the two apart.
                continue
            yield from _seam(witness, place, Fraction(min(near, far)), Fraction(max(near, far)), gap=gap)


def _near(reviewed: Reviewed, grade: Grade) -> Decimal | None:
    """The end of a printed band that the next band follows."""
    assert grade.printed is not None
    return grade.printed.last if reviewed.demerits else grade.printed.first


def _far(reviewed: Reviewed, grade: Grade) -> Decimal | None:
    """The end of a printed band that follows the band before."""
    assert grade.printed is not None
    return grade.printed.first if reviewed.demerits else grade.printed.last


def _seam(witness: Witness, place: int, low: Fraction, high: Fraction, *, gap: bool) -> Iterator[Problem]:
    shown = _input(witness, low, high, low_in=not gap, high_in=not gap)
    if shown is not None:
        code = "printed-gap" if gap else "printed-overlap"
        yield Problem(code, (*witness.reviewed.grade_place(place), "printed"), _figure(low), plain(high), shown)


def _differs(witness: Witness, place: int, grade: Grade) -> Iterator[Problem]:
    """A printed end that is not the end by which is graded."""
    end, near = (grade.at_most if witness.reviewed.demerits else grade.at_least), _near(witness.reviewed, grade)
    if end is None or near is None or end == near:
        return
    low, high = sorted((Fraction(end), Fraction(near)))
    # The end itself belongs to the band: it lies on the better side of a score that only the other band holds.
    shown = _input(witness, low, high, low_in=not witness.reviewed.demerits, high_in=witness.reviewed.demerits)
    if shown is not None:
        where = (*witness.reviewed.grade_place(place), "printed")
        yield Problem("printed-differs", where, _figure(Fraction(near)), plain(end), shown)


def _figure(number: Fraction) -> Decimal:
    return Decimal(plain(number))


def _cuts(reviewed: Reviewed, witness: Witness) -> Iterator[Problem]:
    """Ends with more decimals than the score is rounded to before it is graded."""
    rounding = reviewed.standard.rounding
    if rounding.total is None or rounding.grade_from == "exact":
        return
    for band in reviewed.program.grader.bands:
        end = band.grade.at_most if reviewed.demerits else band.grade.at_least
        if end is None or (decimals_of(Fraction(end)) or 0) <= rounding.total:
            continue
        shown = _turned_by_rounding(witness, Fraction(end))
        if shown is not None:
            where = (*reviewed.grade_place(band.place), "at_most" if reviewed.demerits else "at_least")
            step = plain(Fraction(1, 10**rounding.total))
            yield Problem("cut-finer-than-rounding", where, end, step, shown)


def _turned_by_rounding(witness: Witness, end: Fraction) -> str | None:
    """An input whose score lies on one side of the end before it is rounded, and on the other after."""
    cut: Fraction = end * 10**witness.reviewed.unit
    rounder = witness.reviewed.program.adder.rounder
    assert rounder is not None
    step = Fraction(10 ** (witness.reviewed.unit - (rounder.places or 0)))

    def reaches(score: Points) -> bool:
        return score <= cut if witness.reviewed.demerits else score >= cut

    def wanted(evaluation: Evaluation) -> bool:
        exact, shown = evaluation.run.sums.exact, evaluation.run.sums.score
        return exact is not None and shown is not None and reaches(exact) != reaches(shown)

    return _shown(witness, cut - step, cut + step, wanted)

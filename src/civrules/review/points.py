"""Points: totals and points that nothing comes to, criteria that change nothing, deductions beyond their section."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain

from civrules.errors import Problem
from civrules.model.condition import Condition
from civrules.model.figures import plain as figure
from civrules.model.soundness.places import Path
from civrules.model.standard import Section
from civrules.review.attainable import Scores
from civrules.review.grades import reached_grades
from civrules.review.lines import plain, seen_points
from civrules.review.reviewed import Reviewed
from civrules.review.witness import Input, Witness, said
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.line import CompiledLine, Points
from civrules.scoring.program import shares_of
from civrules.scoring.sums import CompiledSection


def point_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """What of the declared points nothing comes to, what weighs nothing, and what takes too much."""
    yield from _total(reviewed)
    yield from _points(reviewed)
    yield from _idle(reviewed)
    yield from _deductions(reviewed)


def _total(reviewed: Reviewed) -> Iterator[Problem]:
    """A declared total that no score comes to."""
    total, scores = reviewed.standard.total, reviewed.scores
    if total is None or scores is None or scores.high is None:
        return
    rounder = reviewed.program.adder.rounder
    high = max(scores.high, *reviewed.set_scores) if reviewed.set_scores else scores.high
    high = high if rounder is None else rounder.round(high)
    if high < Fraction(total) * 10**reviewed.unit:
        yield Problem("total-unreached", ("standard", "total"), reviewed.decimal(high), figure(total))


def _points(reviewed: Reviewed) -> Iterator[Problem]:
    """A criterion's points that no observation comes to."""
    for criterion, where in reviewed.criteria():
        line = reviewed.program.by_id[criterion.id]
        if not line.scored or line.open_ended or not plain(line) or not criterion.points:
            continue
        high = seen_points(line).high
        if high is not None and high < line.full:
            yield Problem("points-unreached", (*where, "points"), reviewed.decimal(high), figure(criterion.points))


def _idle(reviewed: Reviewed) -> Iterator[Problem]:
    """Criteria for which nothing that is observed changes a grade."""
    below = (shares_of(section, demerits=reviewed.demerits) for section in reviewed.standard.sections)
    shares = dict(chain.from_iterable(below))
    conditions = list(reviewed.conditions())
    # Where every score has one grade that is said, not that every line is idle.
    weighed = _can_be_weighed(reviewed, conditions) and len(reached_grades(reviewed)) > 1
    for criterion, where in reviewed.criteria():
        line = reviewed.program.by_id[criterion.id]
        if line.strength == "informative" or any(_names(one, line) for one in conditions):
            continue
        if line.event or (line.scored and weighed and _weighs_nothing(reviewed, line, shares)):
            yield Problem("criterion-without-effect", where, criterion.id)


_OF_LINES = ("happened", "failed", "value", "points", "change")


def _names(condition: Condition, line: CompiledLine) -> bool:
    """Whether the condition looks at the line by itself."""
    if condition.subject in ("section", "worst_in"):
        return condition.target in line.path
    if condition.subject == "failed_tag":
        return condition.target in line.criterion.tags
    if condition.subject == "figure":
        return condition.figure == "coverage" and line.required
    return condition.subject in _OF_LINES and str(condition.target).partition(":")[0] == line.id


def _can_be_weighed(reviewed: Reviewed, conditions: list[Condition]) -> bool:
    """Whether a line counts for the grade by its share of the score alone, and that share is always the same."""
    if not reviewed.standard.grades or reviewed.standard.coverage is not None or reviewed.scores is None:
        return False
    if any(one.figure == "score" or one.rank is not None or one.change is not None for one in conditions):
        return False
    if any(one is None or None in one or len(one) > 1 for one in reviewed.lines.values()):
        return False
    return not any(_rounds(section) for section in reviewed.program.adder.sections)


def _weighs_nothing(reviewed: Reviewed, line: CompiledLine, shares: Mapping[str, Fraction]) -> bool:
    """Whether no two scores that differ in this line alone lie on two sides of the end of a band."""
    if reviewed.scores is None:
        return False
    (amounts,) = (reviewed.lines[line.index] or {}).values()
    if amounts.low is None or amounts.high is None:
        return False
    weight = (amounts.high - amounts.low) * shares.get(line.id, Fraction(1))
    ends = [band.end for band in reviewed.program.grader.bands if band.end is not None]
    return all(not _crosses(reviewed, reviewed.scores, end, weight) for end in ends)


def _rounds(section: CompiledSection) -> bool:
    return section.rounder is not None or any(_rounds(inner) for inner, _ in section.sections)


def _crosses(reviewed: Reviewed, scores: Scores, end: Points, weight: Points) -> bool:
    """Whether two scores on two sides of the end lie no further apart than the weight."""
    if not weight:
        return False

    def beyond(score: Points) -> bool:
        graded = reviewed.graded(score)
        return graded > end if reviewed.demerits else graded >= end

    if scores.listed is None:
        return scores.low is None or scores.high is None or beyond(scores.low) != beyond(scores.high)
    below, above = scores.beside(beyond)
    return below is not None and above is not None and above - below <= weight


def _deductions(reviewed: Reviewed) -> Iterator[Problem]:
    """Base sections whose lines can take away more than the section gives; the innermost only."""
    if reviewed.demerits:
        return
    found: set[str] = set()
    for way, where in reversed(list(reviewed.sections())):
        section = way[-1]
        if way[0].role != "base" or section.floor is not None or found & {one.id for one in section.walk()}:
            continue
        problem = _beyond(reviewed, section, where)
        if problem is not None:
            found.add(section.id)
            yield problem


def _beyond(reviewed: Reviewed, section: Section, where: Path) -> Problem | None:
    known = reviewed.attainable.sections.get(section.id)
    if known is not None and all(one.low is not None and one.low >= 0 for one in known.values()):
        return None
    witness = Witness(reviewed)
    inside = {one.id for inner in section.walk() for one in inner.criteria}
    best, worst = witness.every(best=True), witness.every(best=False)
    seen: Input = {**best, **{name: value for name, value in worst.items() if name in inside}}

    def wanted(evaluation: Evaluation) -> bool:
        points = evaluation.run.sums.sections[section.id][0]
        return evaluation.score is not None and points is not None and points < 0

    if not witness.does(seen, wanted):
        return None
    seen = witness.smallest(seen, wanted)
    evaluation = witness.evaluated(seen)
    assert evaluation is not None
    points = evaluation.run.sums.sections[section.id][0]
    return Problem("deductions-beyond-section", where, reviewed.decimal(points or 0), "", said(seen))

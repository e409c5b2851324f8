"""What lint says to be impossible never happens, and what it says to happen does: on standards drawn at random."""

import json
import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sheets import COMPOUND

from civrules import (
    Community,
    Evaluation,
    InvalidInput,
    NotApplicable,
    Observation,
    Problem,
    Program,
    Standard,
    read_table,
)
from civrules.model.given import givens
from civrules.model.standard import Printed
from civrules.review.lint import CHECKS
from civrules.review.reviewed import Reviewed
from civrules.testing import naive
from civrules.testing.strategies import standards
from civrules.testing.strategies.values import may_not_apply

DEEP = os.environ.get("CIVRULES_HYPOTHESIS_PROFILE") == "deep"
slow_to_draw = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)


def values_of(standard: Standard, name: str) -> list[Any]:
    """Values that may be observed of a criterion."""
    return naive.values_of(standard.criteria[name])


SHOWN = {
    "printed-gap", "printed-overlap", "printed-differs", "cut-finer-than-rounding", "deductions-beyond-section",
    "all-not-applicable",
}  # fmt: skip
PROVED = {
    "total-unreached", "points-unreached", "grade-unreached", "grade-certain", "gate-never", "gate-without-effect",
    "criterion-without-effect",
}  # fmt: skip


def claims(standard: Standard) -> list[Problem]:
    """What is said to be impossible."""
    reviewed = Reviewed(standard)
    return [problem for check in CHECKS for problem in check(reviewed) if problem.code in PROVED]


def inputs(standard: Standard, seed: int, count: int) -> Iterator[dict[str, Any]]:
    """So many inputs: of every criterion a value, "does not apply" or nothing."""
    draw = random.Random(seed)
    values = {name: naive.values_of(one) for name, one in standard.criteria.items()}
    for _ in range(count):
        gaps = draw.choice((0.0, 0.1, 0.5))
        seen = {name: draw.choice(ways) for name, ways in values.items() if ways and draw.random() >= gaps}
        apart = {name for name in seen if draw.random() < gaps / 2 and may_not_apply(standard, standard.criteria[name])}
        yield {name: NotApplicable("no") if name in apart else value for name, value in seen.items()}


def evaluated(program: Program, seen: dict[str, Any]) -> Evaluation | None:
    """What the engine makes of the input; None where a policy refuses it."""
    try:
        return program.evaluate(COMPOUND, seen, on=date(2031, 3, 31))
    except InvalidInput:
        return None


def refuted(claim: Problem, evaluation: Evaluation) -> bool:
    """Whether the evaluation does what was said to be impossible."""
    run, standard = evaluation.run, evaluation.program.standard
    named = str(claim.where[0]).partition('"')[2].rstrip('"')
    match claim.code:
        case "total-unreached":
            assert standard.total is not None
            return evaluation.score is not None and evaluation.score >= standard.total
        case "grade-unreached":
            return evaluation.grade == claim.value
        case "grade-certain":
            return evaluation.score is not None and evaluation.grade not in (claim.value, "withheld", "not-rated")
        case "gate-never":
            return named in evaluation.gates
        case "gate-without-effect":
            return named in evaluation.gates and _matters(claim, evaluation)
        case "points-unreached":
            name = str(claim.where[-2]).partition('"')[2].rstrip('"')
            line = evaluation.program.by_id[name]
            cell = run.cells[line.index]
            return cell.state == "seen" and cell.points == line.full
    return False


def _matters(claim: Problem, evaluation: Evaluation) -> bool:
    if str(claim.value).startswith("grade_at_most"):
        graded = evaluation.run.graded
        ids = [one.id for one in evaluation.program.standard.grades]
        wanted = str(claim.value).partition(" = ")[2]
        return graded.band is not None and graded.band < ids.index(wanted)
    return False


@settings(slow_to_draw, max_examples=5_000 if DEEP else 30)
@given(standards(), st.integers(0, 2**32))
def test_what_is_said_to_be_impossible_never_happens(standard: Standard, seed: int) -> None:
    """No evaluation of anything that can be observed contradicts a proof."""
    # What a value comes to is only known where its numbers are.
    assume(next(givens(tuple(standard.criteria.values())), None) is None)
    found = claims(standard)
    program = Program(standard)
    for seen in inputs(standard, seed, 200) if found else ():
        evaluation = evaluated(program, seen)
        if evaluation is not None:
            assert not [claim.say() for claim in found if refuted(claim, evaluation)], seen


@settings(slow_to_draw, max_examples=5_000 if DEEP else 30)
@given(standards(), st.integers(0, 2**32))
def test_a_criterion_said_to_change_no_grade_changes_none(standard: Standard, seed: int) -> None:
    """Two inputs that differ in that criterion alone have one grade."""
    found = [claim for claim in claims(standard) if claim.code == "criterion-without-effect"]
    program = Program(standard)
    draw = random.Random(seed)
    for seen in inputs(standard, seed, 100) if found else ():
        for name in (str(claim.value) for claim in found):
            one, other = (evaluated(program, {**seen, name: draw.choice(values_of(standard, name))}) for _ in "ab")
            assert one is None or other is None or one.grade == other.grade, (name, seen)


def with_printed_bands(standard: Standard) -> Standard:
    """The standard with bands printed in whole numbers, as documents print them."""
    merits, bands = standard.direction == "merits", []
    for place, grade in enumerate(standard.grades):
        end = grade.at_least if merits else grade.at_most
        before = standard.grades[place - 1] if place else None
        outer = None if before is None else before.at_least if merits else before.at_most
        near = None if end is None else round(end)
        far = None if outer is None else round(outer) - (1 if merits else -1)
        first, last = (near, far) if merits else (far, near)
        bands.append(attrs.evolve(grade, printed=None if grade.gate_only else Printed(first=first, last=last)))
    return attrs.evolve(standard, grades=bands)


def happens(problem: Problem, evaluation: Evaluation) -> bool:
    """Whether the evaluation does what the problem says can happen."""
    program, sums = evaluation.program, evaluation.run.sums
    score = sums.exact if program.grader.exact else sums.score
    unit = Fraction(10**program.places)
    match problem.code:
        case "printed-gap":
            return score is not None and Fraction(str(problem.value)) < score / unit < Fraction(problem.expected)
        case "printed-overlap" | "printed-differs":
            low, high = sorted((Fraction(str(problem.value)), Fraction(problem.expected)))
            return score is not None and low <= score / unit <= high
        case "cut-finer-than-rounding":
            cut = Fraction(str(problem.value)) * unit
            assert sums.exact is not None
            assert sums.score is not None
            # On the end itself a score lies on its good side.
            merits = not program.grader.demerits
            sides = {one >= cut if merits else one <= cut for one in (sums.exact, sums.score)}
            return len(sides) == 2
        case "deductions-beyond-section":
            points = sums.sections[str(problem.where[-1]).partition('"')[2].rstrip('"')][0]
            return points is not None and points < 0
        case _:
            lines = (line for line in program.lines if line.scored and not line.adjusts)
            return all(evaluation.run.cells[line.index].state == "not-applicable" for line in lines)


def as_read(cells: dict[str, str], standard: Standard) -> tuple[Observation, ...]:
    """The cells of one row, read as a table is."""
    if not cells:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "shown.json"
        file.write_text(json.dumps([{"community": "any", **cells}]), encoding="utf-8")
        return read_table(file, standard).observations["any"]


@settings(slow_to_draw, max_examples=5_000 if DEEP else 40)
@given(standards())
def test_every_input_that_is_shown_does_what_is_said_of_it(standard: Standard) -> None:
    """The input, read from its words as a table is, makes the engine do it."""
    standard = with_printed_bands(standard)
    reviewed = Reviewed(standard)
    for problem in (problem for check in CHECKS for problem in check(reviewed) if problem.code in SHOWN):
        cells = dict(part.split("=", 1) for part in problem.hint.split(", ")) if problem.hint != "∅" else {}
        evaluation = Program(standard).evaluate(Community("any"), as_read(cells, standard), on=date(2000, 1, 1))
        assert happens(problem, evaluation), problem.say()

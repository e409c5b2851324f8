"""A second evaluator, written from the design alone, agrees with the engine on everything that can be written down."""

import os
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from civrules import Evaluation, InvalidInput, Standard
from civrules.testing import naive
from civrules.testing.strategies import Case, cases

DEEP = os.environ.get("CIVRULES_HYPOTHESIS_PROFILE") == "deep"
slow_to_draw = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)


def close(shown: Decimal | None, exact: Fraction | None, standard: Standard, *, carried: bool = False) -> bool:
    """Equal; or, where a fraction is carried on, shown to within half of the last decimal of the total, or of two."""
    if shown is None or exact is None:
        return shown is None and exact is None
    if Fraction(shown) == exact:
        return True
    carried = carried or "exact" in (standard.rounding.criterion, standard.rounding.section)
    decimals = max(2, standard.rounding.total or 0)
    return (carried or not naive.ends_in_decimals(exact)) and abs(Fraction(shown) - exact) <= Fraction(
        1, 2 * 10**decimals
    )


def arguments(case: Case) -> tuple[Any, ...]:
    """What the naive evaluator is asked: the previous figures are its own."""
    before: Any = {}
    if case.earlier is not None:
        try:
            before = naive.evaluate(case.standard, case.community, case.earlier, case.on, case.period).raw
        except naive.Refused:
            before = {}
    return case.standard, case.community, case.observations, case.on, case.period, case.waivers, before


def favour(standard: Standard, score: Decimal) -> Fraction:
    """The score turned so that more is better."""
    return Fraction(score) * (-1 if standard.direction == "demerits" else 1)


def place(standard: Standard, grade: str | None) -> int:
    """Where the grade stands in the document, 0 the best; -1 for none, not-rated and withheld."""
    ids = [one.id for one in standard.grades]
    return ids.index(grade) if grade in ids else -1


FIGURES = (
    "score",
    "grade",
    "grade_before_gates",
    "score_without_waivers",
    "grade_without_waivers",
    "coverage",
    "gates",
    "ineligible",
)


def figures(answer: naive.Answer | Evaluation) -> dict[str, Any]:
    """What both say by the same names."""
    return {name: getattr(answer, name) for name in FIGURES}


@settings(slow_to_draw, max_examples=20_000 if DEEP else 1_000)
@given(cases())
def test_engine_equals_naive(case: Case) -> None:
    """Score, grade, gates, coverage, every line's points and result, notes on waivers and refusals are the same."""
    try:
        expected = naive.evaluate(*arguments(case))
    except naive.Refused:
        with pytest.raises(InvalidInput):
            case.evaluated()
        return
    actual = case.evaluated()
    lines = {line.criterion: line for line in actual.lines if line.criterion is not None}

    assert figures(expected) == figures(actual)
    assert expected.results == {name: line.result for name, line in lines.items()}
    assert [
        name for name, points in expected.points.items() if not close(lines[name].points, points, case.standard)
    ] == []
    assert close(actual.maximum, expected.maximum, case.standard, carried=True)
    notes = [(note.code, note.value) for note in actual.notes if note.code.startswith("waiver-")]
    assert sorted(expected.notes) == sorted(notes)


@settings(slow_to_draw, max_examples=20_000 if DEEP else 150)
@given(cases(gaps=True))
def test_bounds_hold_every_completion(case: Case) -> None:
    """Every completion of what is missing lies within the bounds, and exact ends are both reached."""
    ends = naive.bounds(*arguments(case), most=500 if DEEP else 100)
    assume(ends is not None)
    assert ends is not None
    standard, bounds = case.standard, case.evaluated().bounds
    if bounds is None:
        assert ends.low is None
        return
    if bounds.low is not None and ends.low is not None:
        assert favour(standard, bounds.low) <= favour(standard, ends.low)
    if bounds.high is not None and ends.high is not None:
        assert favour(standard, ends.high) <= favour(standard, bounds.high)
    assert place(standard, bounds.grade_high) <= place(standard, ends.grade_high)
    assert place(standard, ends.grade_low) <= place(standard, bounds.grade_low)
    if bounds.exact:
        assert (bounds.low, bounds.high) in ((ends.low, ends.high), (None, ends.high))
        assert (bounds.grade_low, bounds.grade_high) == (ends.grade_low, ends.grade_high)

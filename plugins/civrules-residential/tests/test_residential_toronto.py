"""Toronto's evaluation of apartment buildings: twenty areas, a whole-number score, the next action."""

from decimal import Decimal

import pytest

import civrules
from civrules_residential import plugin

RENTSAFE = "residential/toronto-rentsafe-2017"
BUILDING = civrules.Community("building", kind="residential", locality="CA-ON")


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def evaluated(rulebook: civrules.Rulebook, marks: str) -> civrules.Evaluation:
    """A building by its marks in the order of the areas; '-' is an area that it does not have."""
    areas = tuple(rulebook.standard(RENTSAFE).criteria)
    absent = civrules.NotApplicable("left blank by the evaluator")
    seen = {area: absent if mark == "-" else int(mark) for area, mark in zip(areas, marks, strict=True)}
    return rulebook.evaluate(RENTSAFE, BUILDING, seen)


@pytest.mark.parametrize(
    "marks,score,grade",
    [
        ("55555555555555555555", 100, "three-years"),
        ("44444444444444455551", 81, "two-years"),
        ("55555544444444444444", 86, "three-years"),
        ("55555444444444444444", 85, "two-years"),
        ("22222222222222222223", 41, "audit"),
        ("11111111111111111111", 20, "audit"),
    ],
)
def test_all_areas_marked(rulebook: civrules.Rulebook, marks: str, score: int, grade: str) -> None:
    """With all twenty areas the score is the sum of the marks: out of 100."""
    evaluation = evaluated(rulebook, marks)

    assert (evaluation.score, evaluation.grade) == (Decimal(score), grade)


@pytest.mark.parametrize(
    "marks,score,grade",
    [
        ("4444444444444444----", 80, "two-years"),
        ("54443333333333333---", 66, "two-years"),
        ("5454444444444444----", 83, "two-years"),
        ("3333333333333332----", 59, "one-year"),
        ("55------------------", 100, "three-years"),
    ],
)
def test_areas_that_are_not_there_leave_the_denominator(
    rulebook: civrules.Rulebook, marks: str, score: int, grade: str
) -> None:
    """100 x 64/80 = 80; 56/85 = 65.88, so 66; 66/80 = 82.5, so 83; 47/80 = 58.75, so 59; 10/10 = 100."""
    evaluation = evaluated(rulebook, marks)

    assert (evaluation.score, evaluation.grade) == (Decimal(score), grade)


def test_a_half_goes_up(rulebook: civrules.Rulebook) -> None:
    """Eight areas with 33 of 40: 82.5 is 83, where rounding to even would give 82."""
    assert evaluated(rulebook, "54444444" + "-" * 12).score == Decimal(83)


def test_the_band_compares_the_rounded_score(rulebook: civrules.Rulebook) -> None:
    """16 areas with 40 of 80 give 50, an audit; 17 areas with 43 of 85 give 50.59, so 51, one year."""
    assert evaluated(rulebook, "3333333322222222" + "-" * 4).grade == "audit"
    assert evaluated(rulebook, "33333333322222222" + "-" * 3).grade == "one-year"


def test_a_building_without_areas_is_not_rated(rulebook: civrules.Rulebook) -> None:
    """Nothing applicable: no score, never 0."""
    evaluation = evaluated(rulebook, "-" * 20)

    assert (evaluation.score, evaluation.grade) == (None, "not-rated")


def test_a_mark_between_the_choices_is_refused(rulebook: civrules.Rulebook) -> None:
    """Marks are whole, from 1 to 5."""
    with pytest.raises(civrules.InvalidInput, match="elevators"):
        rulebook.evaluate(RENTSAFE, BUILDING, {"elevators": "2.5"})

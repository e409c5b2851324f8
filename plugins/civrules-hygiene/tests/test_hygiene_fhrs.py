"""The food hygiene rating: three scores that count against a business, six ratings."""

from decimal import Decimal

import pytest

import civrules
from civrules_hygiene import plugin

FHRS = "hygiene/uk-fhrs"
KITCHEN = civrules.Community("kitchen", kind="hygiene-unit", locality="GB")


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def rated(rulebook: civrules.Rulebook, **scores: int) -> civrules.Evaluation:
    """Premises with these scores."""
    return rulebook.evaluate(FHRS, KITCHEN, scores)


def test_the_document_is_sound(rulebook: civrules.Rulebook) -> None:
    """The book has nothing to complain about."""
    assert rulebook.problems == ()


@pytest.mark.parametrize(
    "hygiene,structural,confidence,rating",
    [
        (0, 0, 0, "5"),
        (5, 5, 5, "5"),
        (10, 0, 0, "4"),
        (5, 5, 10, "4"),
        (10, 10, 5, "3"),
        (10, 10, 10, "3"),
        (15, 0, 0, "2"),
        (15, 15, 10, "2"),
        (0, 0, 20, "1"),
        (20, 10, 20, "1"),
        (20, 15, 20, "0"),
        (25, 0, 0, "0"),
        (0, 0, 30, "0"),
        (25, 25, 30, "0"),
    ],
)
def test_both_limits_decide(
    rulebook: civrules.Rulebook, hygiene: int, structural: int, confidence: int, rating: str
) -> None:
    """At most 15 (single 5), 20 (10), 30 (10), 40 (15), 50 (20) for ratings 5 to 1: the first that holds, else 0."""
    evaluation = rated(rulebook, hygiene=hygiene, structural=structural, confidence=confidence)

    assert (evaluation.score, evaluation.grade) == (Decimal(hygiene + structural + confidence), rating)


def test_one_total_with_two_ratings(rulebook: civrules.Rulebook) -> None:
    """10 + 10 + 5 and 5 + 0 + 20 are both 25; a worst score of 10 fits rating 3, one of 20 only rating 1."""
    assert rated(rulebook, hygiene=10, structural=10, confidence=5).grade == "3"
    assert rated(rulebook, hygiene=5, structural=0, confidence=20).grade == "1"


def test_a_missing_score_withholds_the_rating(rulebook: civrules.Rulebook) -> None:
    """0 + 0 leaves confidence open from 0 to 30: a sum of 30 at worst and 0 at best, so rating 0 to 5."""
    evaluation = rated(rulebook, hygiene=0, structural=0)

    assert (evaluation.score, evaluation.grade) == (None, "withheld")
    assert evaluation.bounds is not None
    assert (evaluation.bounds.low, evaluation.bounds.high) == (Decimal(30), Decimal(0))
    assert (evaluation.bounds.grade_low, evaluation.bounds.grade_high) == ("0", "5")


def test_premises_without_scores_are_not_rated(rulebook: civrules.Rulebook) -> None:
    """Nothing scored at all is not the same as withheld."""
    assert (rated(rulebook).score, rated(rulebook).grade) == (None, "not-rated")


@pytest.mark.parametrize("criterion,score", [("confidence", 15), ("hygiene", 7), ("structural", 30)])
def test_a_score_of_another_list_is_refused(rulebook: civrules.Rulebook, criterion: str, score: int) -> None:
    """Each score has its own list of values."""
    with pytest.raises(civrules.InvalidInput, match=criterion):
        rated(rulebook, **({"hygiene": 0, "structural": 0, "confidence": 0} | {criterion: score}))


def test_lower_is_better_in_a_ranking(rulebook: civrules.Rulebook) -> None:
    """A sum of 5 comes before a sum of 15."""
    worse = rulebook.evaluate(FHRS, civrules.Community("worse"), {"hygiene": 5, "structural": 5, "confidence": 5})
    better = rulebook.evaluate(FHRS, civrules.Community("better"), {"hygiene": 5, "structural": 0, "confidence": 0})

    assert [ranked.evaluation.community.id for ranked in civrules.rank([worse, better]).ranked] == ["better", "worse"]

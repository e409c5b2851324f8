"""Evaluations as observations of a composite standard; figures by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from written import criterion, event, written

import civrules
from civrules import Community, Condition, InvalidDocument, InvalidInput, NotObserved, Observation, Period, Standard

HERE = Community("compound-7")
GRADES = '\n[[grade]]\nid = "A"\nat_least = 8\n[[grade]]\nid = "B"\nat_least = 5\n[[grade]]\nid = "C"\n'
SHEET = written(criterion("tidy", '{ kind = "marks" }', points=10), tables=GRADES, id="example/sheet")
QUARTERS = written(
    criterion("q1", '{ kind = "marks" }', points=10),
    criterion("q2", '{ kind = "linear", zero_at = 0, full_at = 10 }', points=20),
    tables="\n[rounding]\ncriterion = 2\n",
)
LEVELS = '{ kind = "levels", levels = { A = 2, B = 1, C = 0 } }'


def prerequisite(equals: str) -> Standard:
    """A sheet whose A needs a grade of last year."""
    line = f"""
        [[section.criterion]]
        id = "last-year"
        title = {{ en = "Last year" }}
        strength = "informative"
        measure = {LEVELS}
        """
    requires = f'at_least = 8\nrequires = {{ value = "last-year", equals = {equals} }}'
    return written(
        criterion("tidy", '{ kind = "marks" }', points=10), line, tables=GRADES.replace("at_least = 8", requires, 1)
    )


def year(number: int, marks: Any) -> civrules.Evaluation:
    """A year's evaluation of the simple sheet."""
    seen = {} if marks is None else {"tidy": marks}
    return civrules.evaluate(SHEET, HERE, seen, period=Period.year(number))


def test_scores_are_handed_in() -> None:
    """8.5 of 10 marks, and 6 on a line to 10 that is worth 20: 8.5 + 12; the day of judgement comes along."""
    looks = [year(2030, "8.5").as_observation("q1"), year(2031, 6).as_observation("q2")]
    assert [date(2030, 12, 31), date(2031, 12, 31)] == [look.at for look in looks]
    evaluation = civrules.evaluate(QUARTERS, HERE, looks)
    assert Decimal("20.5") == evaluation.score
    assert () == civrules.replay(evaluation.to_json(), QUARTERS)


def test_without_a_score_the_line_is_missing() -> None:
    """A community that nobody looked at hands in nothing; the line stands at its worst, and a note says why."""
    look = year(2030, None).as_observation("q1")
    assert NotObserved("not-rated") == look.value
    evaluation = civrules.evaluate(QUARTERS, HERE, [look, Observation("q2", 10)])
    line = evaluation.lines[0]
    assert ("not-checked", "no-observation", Decimal(20)) == (line.result, line.reason, evaluation.score)
    assert [("nothing-handed-in", "q1", "not-rated")] == [
        (note.code, note.value, note.expected) for note in evaluation.notes
    ]
    assert "未评定" in evaluation.notes[0].say("zh")
    assert () == civrules.replay(evaluation.to_json(), QUARTERS)
    same = civrules.evaluate(QUARTERS, HERE, {"q2": 10})
    assert (same.score, same.coverage, same.bounds) == (evaluation.score, evaluation.coverage, evaluation.bounds)


def test_nothing_but_nothing_is_not_rated() -> None:
    """Of a community for which nothing was handed in, nothing was observed."""
    looks = [year(2030, None).as_observation("q1"), Observation("q2", NotObserved("withheld"))]
    assert (None, "not-rated") == (
        civrules.evaluate(QUARTERS, HERE, looks).score,
        civrules.evaluate(QUARTERS, HERE, looks).no_score,
    )


def test_what_was_seen_counts_beside_nothing() -> None:
    """Another look at the same criterion is scored."""
    looks = [Observation("q1", NotObserved("withheld")), Observation("q1", 4), Observation("q2", 0)]
    assert Decimal(4) == civrules.evaluate(QUARTERS, HERE, looks).score


def test_held_scores_are_withheld() -> None:
    """Something held is missing: neither a score nor a grade."""
    held = written(criterion("tidy", points=5), criterion("held", points=5, more='missing = "hold"'), tables=GRADES)
    evaluation = civrules.evaluate(held, HERE, {"tidy": True})
    assert [NotObserved("withheld")] * 2 == [evaluation.as_observation("x", of).value for of in ("score", "grade")]


def test_a_forced_grade_is_a_grade() -> None:
    """A gate gives a grade to what has no score."""
    gate = '\n[[gate]]\nid = "g"\ntitle = { en = "G" }\nwhen = { happened = "fire" }\nthen = { grade = "C" }\n'
    standard = written(criterion("tidy", more='missing = "hold"'), event("fire"), tables=GRADES + gate)
    evaluation = civrules.evaluate(standard, HERE, {"fire": True})
    assert ("C", NotObserved("withheld")) == (
        evaluation.as_observation("x", of="grade").value,
        evaluation.as_observation("x").value,
    )


@pytest.mark.parametrize(
    "equals, marks, grade",
    [
        ('"A"', 9, "A"), ('"A"', 6, "B"), ('["A", "B"]', 6, "A"), ('["A", "B"]', 4, "B"), ('["A", "B"]', None, "B"),
    ],
)  # fmt: skip
def test_a_grade_of_last_year_is_a_prerequisite(equals: str, marks: Any, grade: str) -> None:
    """9 marks this year are an A where last year's 9, 6 or 4 marks were one of the grades asked for."""
    standard = prerequisite(equals)
    look = year(2030, marks).as_observation("last-year", of="grade")
    evaluation = civrules.evaluate(standard, HERE, [look, Observation("tidy", 9)], on=date(2031, 12, 31))
    assert (Decimal(9), grade) == (evaluation.score, evaluation.grade)
    assert () == civrules.replay(evaluation.to_json(), standard)


def test_the_words_of_a_prerequisite() -> None:
    """The explanation lists what would do, in both languages."""
    evaluation = civrules.evaluate(prerequisite('["A", "B"]'), HERE, {"tidy": 9, "last-year": "C"})
    assert 'is "A" or "B"' in str(evaluation.explain("en").why_not_higher)
    assert "为“A”或“B”" in str(evaluation.explain("zh").why_not_higher)


def test_an_attribute_may_equal_one_of_several() -> None:
    """Words and figures; yes is not 1."""
    condition = Condition.of({"attribute": "kind", "equals": ["old", 7]})
    assert condition == Condition(attribute="kind", equals=["old", Decimal(7)])
    standard = written(
        criterion("c", more='applies_when = { attribute = "kind", equals = ["old", 1] }'),
        tables="\n[rounding]\ntotal = 2\n",
    )
    for fact, applies in (("old", True), ("new", False), (1, True), (True, False)):
        line = civrules.evaluate(standard, Community("a", attributes={"kind": fact}), {}).lines[0]
        assert applies == (line.result != "not-applicable")


@pytest.mark.parametrize("equals, code", [([], "empty"), ([True], "wrong-type"), ([{"a": 1}], "wrong-type")])
def test_what_equals_nothing(equals: Any, code: str) -> None:
    """An empty list, and what is no word."""
    with pytest.raises(InvalidDocument) as caught:
        Condition.of({"attribute": "kind", "equals": equals})
    assert [code] == [problem.code for problem in caught.value.problems]


def test_every_level_of_a_list_is_known() -> None:
    """A word that is no level is refused with the nearest."""
    with pytest.raises(InvalidDocument) as caught:
        prerequisite('["A", "b"]')
    assert [("unknown-word", "b")] == [(problem.code, problem.value) for problem in caught.value.problems]


def test_what_cannot_be_handed_in() -> None:
    """A grade where there are none, a word that is no figure, a reason that is blank."""
    evaluation = civrules.evaluate(QUARTERS, HERE, {"q1": 1})
    with pytest.raises(InvalidInput, match="has no grades"):
        evaluation.as_observation("x", of="grade")
    with pytest.raises(InvalidInput, match='did you mean "score"'):
        evaluation.as_observation("x", of="scores")  # type: ignore[arg-type]  # what mypy would refuse
    with pytest.raises(InvalidInput, match="without a reason"):
        civrules.evaluate(QUARTERS, HERE, {"q1": NotObserved(" ")})

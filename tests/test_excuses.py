"""Excusable events (免责): listed on evidence, not counted; figures by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from written import criterion, event, written

import civrules
from civrules import Community, Evaluation, InvalidInput, Observation, Period, Standard, read_table

HERE = Community("compound-7")
YEAR = Period.year(2031)
GATE = """
[[grade]]
id = "A"
at_least = 0
[[grade]]
id = "B"
[[gate]]
id = "after-fire"
title = { en = "After a fire" }
when = { happened = "fire", within = "12 months" }
then = { grade_at_most = "B" }
"""


def standard(more: str = "excusable = true") -> Standard:
    """One line of a point, an event, and a gate that looks a year back."""
    return written(criterion("tidy"), event("fire", more), tables=GATE)


def judged(*reports: Observation, more: str = "excusable = true") -> Evaluation:
    """The evaluation on 31 December 2031 of a tidy compound with these reports, whose record replays."""
    own = standard(more)
    evaluation = civrules.evaluate(own, HERE, [Observation("tidy", True), *reports], period=YEAR)
    assert () == civrules.replay(evaluation.to_json(), own)
    return evaluation


def report(value: Any, at: date | None = date(2031, 5, 1), **more: Any) -> Observation:
    """A report of a fire."""
    return Observation("fire", value, at=at, **more)


@pytest.mark.parametrize("word", ["excused", "Excused", "免责"])
def test_an_excused_event_is_listed_and_does_not_count(word: str) -> None:
    """With evidence the gate does not hold, and the line says what was reported."""
    evaluation = judged(report(word, evidence=("fire brigade 2031/17",)))
    line = next(one for one in evaluation.lines if one.criterion == "fire")
    assert ("A", (), "informational", "excused") == (evaluation.grade, evaluation.gates, line.result, line.reason)
    assert word == line.seen[0].value
    assert "An event: happened, excused on evidence" in str(evaluation.explain("en"))
    assert "有证据免责" in str(evaluation.explain("zh"))


def test_an_excuse_of_the_year_before_does_not_count_in_a_look_back() -> None:
    """The window of twelve months reaches beyond the period."""
    assert "B" == judged(report(True, date(2031, 1, 1))).grade
    old = report("excused", date(2030, 12, 31), evidence=("letter",))
    assert "A" == judged(old).grade


def test_an_excuse_needs_evidence() -> None:
    """Without it the call is refused, naming the event."""
    with pytest.raises(InvalidInput) as caught:
        judged(report("excused"))
    assert [("excuse-without-evidence", ("fire",))] == [(one.code, one.where) for one in caught.value.problems]
    assert "evidence" in caught.value.say("en")
    assert "证据" in caught.value.say("zh")


def test_an_event_that_cannot_be_excused_refuses_the_word() -> None:
    """The standard must allow it."""
    with pytest.raises(InvalidInput) as caught:
        judged(report("excused", evidence=("letter",)), more="attributable = true")
    assert ["not-excusable"] == [one.code for one in caught.value.problems]


def test_another_fire_counts() -> None:
    """One excused, one not: the second one counts."""
    evaluation = judged(report("excused", evidence=("letter",)), report(True, date(2031, 6, 1)))
    assert ("B", ("after-fire",)) == (evaluation.grade, evaluation.gates)


@pytest.mark.parametrize("attributable", [None, True, False])
def test_with_attribution(attributable: bool | None) -> None:
    """Whoever is responsible: what is excused does not count, and is not left open."""
    both = "attributable = true, excusable = true"
    evaluation = judged(report("excused", evidence=("letter",), attributable=attributable), more=both)
    line = next(one for one in evaluation.lines if one.criterion == "fire")
    assert ("A", "excused") == (evaluation.grade, line.reason)


def test_an_excuse_is_a_report() -> None:
    """An event that must be reported is not missing."""
    both = "must_report = true, excusable = true"
    assert "not-checked" == next(one for one in judged(more=both).lines if one.criterion == "fire").result
    evaluation = judged(report("excused", evidence=("letter",)), more=both)
    assert (Decimal(1), "A") == (evaluation.coverage, evaluation.grade)


def test_in_tables(tmp_path: Path) -> None:
    """A long table holds the evidence; a wide one cannot, and the word is refused in its row and column."""
    own = standard()
    (tmp_path / "long.csv").write_text(
        "community,criterion,value,at,evidence\na,tidy,yes,,\na,fire,免责,2031-05-01,letter\nb,fire,excused,2031-05-01,\n",
        "utf-8",
    )
    with pytest.raises(InvalidInput) as caught:
        read_table(tmp_path / "long.csv", own)
    assert [("excuse-without-evidence", ("long.csv", 4, "value"))] == [
        (one.code, one.where) for one in caught.value.problems
    ]
    (tmp_path / "wide.csv").write_text("community,tidy,fire\na,yes,excused\n", "utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_table(tmp_path / "wide.csv", own)
    assert [("excuse-without-evidence", ("wide.csv", 2, "fire"))] == [
        (one.code, one.where) for one in caught.value.problems
    ]


@pytest.mark.parametrize("more", ["attributable = true, excusable = true", "excusable = true"])
def test_the_order_of_reports_does_not_matter(more: str) -> None:
    """Several reports of one fire, whichever comes first: the gravest is what the line says."""
    reports = [
        report("excused", evidence=("letter",)),
        report(True, attributable=False),
        report(True, attributable=True),
        report(False),
    ]
    for some in (reports, reports[:2]):
        forward, backward = judged(*some, more=more), judged(*reversed(some), more=more)
        assert forward == backward
        assert forward.explain("en") == backward.explain("en")

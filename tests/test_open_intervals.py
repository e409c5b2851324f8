"""Intervals that parameters give: how long observations hold, how often, how far back; figures by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from written import criterion, event, written

import civrules
from civrules import Calendar, Community, Condition, Evaluation, InvalidInput, Observation, Period, Standard
from civrules.model.measures import Frequency

HERE = Community("compound-7")
YEAR = Period.year(2031)
LIMIT = '\n[[parameter]]\nid = "limit"\ntitle = { en = "Limit" }\n'
GRADES = """
[[grade]]
id = "A"
at_least = 0
[[grade]]
id = "B"
[[gate]]
id = "after-fire"
title = { en = "After a fire" }
"""
AFTER_FIRE = '{ happened = "fire", within = { parameter = "limit" } }'


def judged(standard: Standard, *looks: Observation, **call: Any) -> Evaluation:
    """The evaluation of the year, whose record replays."""
    evaluation = civrules.evaluate(standard, HERE, looks, **{"period": YEAR, **call})
    assert () == civrules.replay(evaluation.to_json(), standard)
    assert evaluation.explain("zh").lines
    assert evaluation.explain("en").lines
    return evaluation


def notes(evaluation: Evaluation) -> list[tuple[str, object, str]]:
    """What the notes say of what."""
    return [(note.code, note.value, note.expected) for note in evaluation.notes]


class TestCadence:
    """`per`, left open by "regularly"."""

    STANDARD = written(
        criterion("c", '{ kind = "frequency", partial = true, per = { parameter = "limit" } }', points=10),
        tables=f"{LIMIT}\n[rounding]\ncriterion = 2\ntotal = 2\n",
    )
    SEEN = Observation("c", "2031-02-01;2031-08-01")

    def test_open(self) -> None:
        """The line is not checked, and may still give 0 to 10."""
        evaluation = judged(self.STANDARD, self.SEEN)
        line = evaluation.lines[0]
        assert ("limit",) == self.STANDARD.open_parameters
        assert ("not-checked", "parameter-open") == (line.result, line.reason)
        assert evaluation.bounds is not None
        assert (Decimal(0), Decimal(10)) == (evaluation.bounds.low, evaluation.bounds.high)

    def test_a_line_without_points_says_why_it_is_not_checked(self) -> None:
        """Something was seen of an informative line; that the interval is open is the reason that is given."""
        wished = written(
            criterion(
                "c", '{ kind = "frequency", per = { parameter = "limit" } }', points=0, more='strength = "informative"'
            ),
            criterion("d", '{ kind = "check" }', points=1),
            tables=LIMIT,
        )
        assert "a parameter is open (not scored)" in str(judged(wished, self.SEEN).explain("en"))

    @pytest.mark.parametrize("per, score", [("half-year", "10"), ("quarter", "5"), ("6 months", "10"), ("term", "10")])
    def test_bound(self, per: str, score: str) -> None:
        """February and August: both half-years, two of four quarters, the one term."""
        bound = self.STANDARD.bind({"limit": per})
        calendar = Calendar({"term": [Period(date(2031, 2, 1), date(2031, 6, 30))]})
        assert () == bound.open_parameters
        assert (self.STANDARD.edition, Decimal(score)) == (
            bound.edition,
            judged(bound, self.SEEN, calendar=calendar).score,
        )
        assert bound.digest != self.STANDARD.digest

    def test_a_record_knows_what_was_bound(self) -> None:
        """It replays against the standard in which nothing is bound, and is read back with it."""
        evaluation = civrules.evaluate(self.STANDARD.bind({"limit": "quarter"}), HERE, [self.SEEN], period=YEAR)
        assert () == civrules.replay(evaluation.to_json(), self.STANDARD)
        assert evaluation == Evaluation.from_json(evaluation.to_json(), self.STANDARD)

    @pytest.mark.parametrize("value, code", [(3, "bad-duration"), ("quater", "bad-duration"), ("95%", "bad-duration")])
    def test_what_is_no_cadence(self, value: Any, code: str) -> None:
        """What it is used for decides what it takes."""
        with pytest.raises(InvalidInput) as caught:
            self.STANDARD.bind({"limit": value})
        assert [(code, ("limit",))] == [(one.code, one.where) for one in caught.value.problems]


class TestValidity:
    """`valid_for`, left open."""

    STANDARD = written(criterion("c", more='valid_for = { parameter = "limit" }'), tables=LIMIT)
    OLD = Observation("c", True, at=date(2031, 6, 29))

    def test_open_nothing_expires_and_a_note_says_so(self) -> None:
        """The note names the criterion and the parameter."""
        evaluation = judged(self.STANDARD, self.OLD)
        assert (Decimal(1), [("validity-open", "c", "limit")]) == (evaluation.score, notes(evaluation))
        assert ("limit",) == self.STANDARD.open_parameters
        assert "待参数limit确定" in evaluation.notes[0].say("zh")

    @pytest.mark.parametrize("limit, reason", [("6 months", "expired"), ("1 year", None)])
    def test_bound(self, limit: str, reason: str | None) -> None:
        """On 31 December a look of 29 June is older than six months."""
        evaluation = judged(self.STANDARD.bind({"limit": limit}), self.OLD)
        assert (reason, []) == (evaluation.lines[0].reason, notes(evaluation))

    def test_a_cadence_is_no_length_of_time(self) -> None:
        """How often ("week") does not say how long."""
        with pytest.raises(InvalidInput, match="length of time"):
            self.STANDARD.bind({"limit": "week"})


class TestWindow:
    """`within`, left open."""

    FIRE = Observation("fire", True, at=date(2030, 12, 1))
    TIDY = Observation("tidy", True)

    def standard(self, when: str, requires: str = "") -> Standard:
        """A gate that caps at B after a fire, or a requirement of A."""
        grades = GRADES.replace("at_least = 0", f"at_least = 0\n{requires}")
        return written(
            criterion("tidy"),
            event("fire"),
            tables=f'{LIMIT}{grades}when = {when}\nthen = {{ grade_at_most = "B" }}\n',
        )

    @pytest.mark.parametrize(
        "when",
        [
            AFTER_FIRE,
            f"{{ none = [{AFTER_FIRE}] }}",
            f"{{ all = [{{ none = [{{ none = [{AFTER_FIRE}] }}] }}, {{ figure = 'score', at_least = 0 }}] }}",
        ],
    )
    def test_an_open_gate_does_not_hold_and_is_named(self, when: str) -> None:
        """Under `none` neither: what is undetermined decides nothing."""
        evaluation = judged(self.standard(when), self.TIDY, self.FIRE)
        assert ("A", (), [("window-open", "after-fire", "limit")]) == (
            evaluation.grade,
            evaluation.gates,
            notes(evaluation),
        )

    def test_what_holds_anyway_holds(self) -> None:
        """One of two conditions is known to hold."""
        when = f"{{ any = [{AFTER_FIRE}, {{ figure = 'score', at_least = 1 }}] }}"
        assert "B" == judged(self.standard(when), self.TIDY).grade

    def test_an_open_requirement_is_not_met(self) -> None:
        """A grade that asks for no fire within an open time is not given, and the explanation says why."""
        never = '{ happened = "fire", within = "1 day" }'
        evaluation = judged(self.standard(never, f"requires = {{ none = [{AFTER_FIRE}] }}"), self.TIDY)
        assert ("B", [("window-open", "A", "limit")]) == (evaluation.grade, notes(evaluation))
        assert "a time that is left open" in str(evaluation.explain("en").why_not_higher)
        assert "期限未定" in str(evaluation.explain("zh").why_not_higher)

    @pytest.mark.parametrize("limit, grade", [("1 year", "A"), ("13 months", "B")])
    def test_bound(self, limit: str, grade: str) -> None:
        """On 31 December 2031 a fire of 1 December 2030 lies thirteen months back, not twelve."""
        evaluation = judged(self.standard(AFTER_FIRE).bind({"limit": limit}), self.TIDY, self.FIRE)
        assert (grade, []) == (evaluation.grade, notes(evaluation))

    def test_only_a_window_that_is_known_needs_a_day(self) -> None:
        """Left open, the call needs no day; bound, it does."""
        standard = self.standard(AFTER_FIRE)
        assert "A" == civrules.evaluate(standard, HERE, {"tidy": True}).grade
        with pytest.raises(InvalidInput, match="day of judgement"):
            civrules.evaluate(standard.bind({"limit": "1 year"}), HERE, {"tidy": True})


def test_built_in_python() -> None:
    """The tables of documents are taken by the classes too."""
    table: Any = {"parameter": "limit"}
    assert Condition(happened="fire", within=table) == Condition.of({"happened": "fire", "within": table})
    assert "limit" == getattr(Frequency(per=table).per, "parameter", None)


def test_an_unused_parameter_takes_anything_readable() -> None:
    """Nothing says what it should be."""
    standard = written(criterion("c"), tables=LIMIT)
    assert {"limit": "2 weeks"} == standard.bind({"limit": "2 weeks"}).settings
    with pytest.raises(InvalidInput):
        standard.bind({"limit": True})

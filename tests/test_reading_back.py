"""Evaluations read back from their records: equal to what wrote them, or refused."""

import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from written import criterion, event, written

import civrules
from civrules import (
    Calendar,
    CivrulesError,
    Community,
    Evaluation,
    InvalidInput,
    NotApplicable,
    NotObserved,
    Observation,
    Period,
    Ratio,
    Waiver,
    rank,
)
from civrules.testing.strategies import Case, cases

HERE = Community(
    "compound-7", name="七号院", kind="residential", attributes={"size": 3, "tags": ("old", "green"), "lift": True},
    places={"building": ("1", "2")},
)  # fmt: skip
YEAR = Period.year(2031)
STANDARD = written(
    criterion("marks", '{ kind = "marks" }', points=10),
    criterion("ratio", '{ kind = "check", at_least = "90%" }', points=5, more='not_applicable = "rescale"'),
    criterion("items", '{ kind = "findings", items = [{ id = "spot", each = 1 }] }', points=5),
    criterion("terms", '{ kind = "frequency", per = "term", partial = true }', points=6),
    criterion("change", '{ kind = "check", change = true, first = 0, at_least = 1 }', points=4),
    criterion("places", '{ kind = "check" }', points=2, more='per_unit = "building"\nnot_applicable = "rescale"'),
    criterion("unseen", points=3),
    criterion("guards", '{ kind = "check", at_least = { parameter = "guards" } }', points=2),
    event("fire", "attributable = true"),
    tables="""
[rounding]
criterion = 2
section = 2
total = 1
[[parameter]]
id = "guards"
title = { en = "Guards" }
[[grade]]
id = "A"
at_least = 30
[[grade]]
id = "B"
[[gate]]
id = "after-fire"
title = { en = "After a fire" }
when = { happened = "fire" }
then = { grade_at_most = "B" }
[[reading]]
at = "marks"
text = { zh = "按整数理解", en = "Read as whole" }
""",
).bind({"guards": 2})
CALENDAR = Calendar({"term": [Period(date(2031, 2, 17), date(2031, 7, 4))]})
SPRING = date(2031, 3, 3)


def looks() -> list[Observation]:
    """Looks of every kind of value, in no order."""
    return [
        Observation("terms", ["2031-03-03", "2031-09-01"]),
        Observation("marks", 8.5, at=SPRING, by="office", method="on-site", evidence=("photo 1", "photo 2")),
        Observation("marks", Decimal("8.5"), at=date(2030, 1, 1)),
        Observation("ratio", Ratio(19, 20)),
        Observation("items", {"spot": 2}, at=SPRING, id="second"),
        Observation("items", {"spot": True}, at=date(2031, 2, 2)),
        Observation("change", 90),
        Observation("places", True, place="1"),
        Observation("places", NotApplicable("rebuilt"), place="2"),
        Observation("unseen", NotObserved("withheld")),
        Observation("guards", "2"),
        Observation("fire", True, at=SPRING, attributable=True),
        Observation("fire", True, at=SPRING, attributable=True),
    ]


def made() -> Evaluation:
    """An evaluation that holds everything that a record can."""
    previous = civrules.evaluate(STANDARD, HERE, {"change": 80}, period=Period.year(2030))
    waivers = [
        Waiver(criterion=name, reason="being rebuilt", approver="bureau", valid=YEAR) for name in ("unseen", "marks")
    ]
    return civrules.evaluate(
        STANDARD, HERE, looks(), period=YEAR, waivers=waivers, previous=previous, calendar=CALENDAR
    )


def stripped(text: str) -> str:
    """A record without its inputs."""
    record = json.loads(text)
    del record["inputs"]
    return json.dumps(record)


def figures(evaluation: Evaluation) -> tuple[Any, ...]:
    """The lines without the looks behind them."""
    return tuple(
        (line.criterion, line.section, line.step, line.points, line.possible, line.result, line.reason)
        for line in evaluation.lines
    )


class TestAlone:
    """Without the standard."""

    def test_equals_what_wrote_it(self) -> None:
        """Every figure, line, bound and note is there; the text comes back byte for byte."""
        evaluation = made()
        text = evaluation.to_json()
        again = Evaluation.from_json(text)
        assert text == again.to_json()
        assert (evaluation, hash(evaluation)) == (again, hash(again))
        assert again == pickle.loads(pickle.dumps(again))
        for name in (
            "community", "edition", "digest", "on", "period", "calendar", "direction", "score", "no_score",
            "maximum", "grade", "grade_before_gates", "score_without_waivers", "grade_without_waivers", "coverage",
            "gates", "ineligible", "bounds", "inputs_digest", "notes",
        ):  # fmt: skip
            assert getattr(evaluation, name) == getattr(again, name), name
        assert set(evaluation.waivers) == set(again.waivers)
        assert figures(evaluation) == figures(again)
        assert {note.say("zh") for note in evaluation.notes} == {note.say("zh") for note in again.notes}

    def test_every_line_has_its_looks(self) -> None:
        """The line of the marks saw the look of March, that of the fire one of the two equal reports."""
        again = Evaluation.from_json(made().to_json())
        seen = {line.criterion: line.seen for line in again.lines}
        assert ("8.5", SPRING, "office", ("photo 1", "photo 2")) == (
            seen["marks"][0].value, seen["marks"][0].at, seen["marks"][0].by, seen["marks"][0].evidence,
        )  # fmt: skip
        assert [1, 1, 0, 2] == [len(seen[name]) for name in ("marks", "fire", "unseen", "places")]
        assert 13 == len(again.observations)

    def test_it_cannot_be_explained(self) -> None:
        """The error says how."""
        again = Evaluation.from_json(made().to_json())
        with pytest.raises(CivrulesError, match=r"from_json\(text, standard\)") as caught:
            again.explain()
        assert ["record-alone"] == [problem.code for problem in caught.value.problems]
        with pytest.raises(CivrulesError):
            civrules.evaluate(STANDARD, HERE, {"change": 95}, period=YEAR, previous=again)

    def test_without_inputs(self) -> None:
        """Figures stand; observations, waivers and the community's attributes are gone, and a note says so."""
        evaluation = made()
        again = Evaluation.from_json(stripped(evaluation.to_json()))
        assert (Community("compound-7"), (), ()) == (again.community, again.observations, again.waivers)
        assert (evaluation.score, evaluation.on, evaluation.period) == (again.score, again.on, again.period)
        assert figures(evaluation) == figures(again)
        assert [*evaluation.notes, civrules.Problem("inputs-stripped", severity="note")] == list(again.notes)
        assert (evaluation.inputs_digest, evaluation) == (again.inputs_digest, again)
        assert "inputs" not in json.loads(again.to_json())
        assert again == Evaluation.from_json(again.to_json())

    def test_what_differs_is_not_equal(self) -> None:
        """Another score, another line, other inputs."""
        evaluation = made()
        text = evaluation.to_json()
        score = str(evaluation.score)
        assert evaluation != Evaluation.from_json(text.replace(f'"score":"{score}"', '"score":"1"', 1))
        assert evaluation != Evaluation.from_json(text.replace('"result":"fail"', '"result":"pass"', 1))
        assert evaluation != civrules.evaluate(STANDARD, HERE, looks()[1:], period=YEAR)
        assert evaluation != text

    def test_the_order_of_observations_does_not_matter(self) -> None:
        """Nor whether a figure was a float or a Decimal: both make the same record."""
        one = civrules.evaluate(STANDARD, HERE, [Observation("marks", 8.5), Observation("ratio", Ratio(1, 2))])
        seen = [Observation("ratio", Ratio(1, 2)), Observation("marks", Decimal("8.50"))]
        other = civrules.evaluate(STANDARD, HERE, seen)
        assert (one.to_json(), one, hash(one)) == (other.to_json(), other, hash(other))


class TestWithStandard:
    """With the standard everything works."""

    def test_it_can_be_explained(self) -> None:
        """In the words of the original, parameters bound as they were."""
        evaluation = made()
        again = Evaluation.from_json(evaluation.to_json(), STANDARD)
        assert evaluation == again
        assert evaluation.to_json() == again.to_json()
        for lang in ("zh", "en"):
            assert evaluation.explain(lang) == again.explain(lang)
        assert evaluation.explain().gains == again.explain().gains
        assert evaluation.previous == again.previous

    def test_it_may_stand_as_a_previous_one(self) -> None:
        """95 after 90 is a change of 5."""
        again = Evaluation.from_json(made().to_json(), STANDARD)
        now = civrules.evaluate(STANDARD, HERE, {"change": 95}, period=Period.year(2032), previous=again)
        assert "pass" == next(line.result for line in now.lines if line.criterion == "change")
        assert () == civrules.replay(now.to_json(), STANDARD)

    def test_what_no_longer_comes_out_is_refused(self) -> None:
        """A score changed by hand; another edition; no inputs to evaluate."""
        evaluation = made()
        text = evaluation.to_json()
        forged = text.replace(f'"score":"{evaluation.score}"', '"score":"1"', 1)
        other = written(criterion("tidy"), version="2")
        for record, standard, code in (
            (forged, STANDARD, "other-result"), (text, other, "other-edition"), (stripped(text), STANDARD, "no-inputs"),
        ):  # fmt: skip
            with pytest.raises(InvalidInput) as caught:
                Evaluation.from_json(record, standard)
            assert [code] == [problem.code for problem in caught.value.problems]


def test_ranking_of_evaluations_that_were_read_back() -> None:
    """8.5, 7.25 and 10 of ten marks; in demerits the other way round; mixed with evaluations just made."""
    merits = written(criterion("marks", '{ kind = "marks" }', points=10))
    demerits = written(criterion("marks", '{ kind = "marks" }', points=10), more='direction = "demerits"')
    for standard, order in ((merits, ["c", "a", "b"]), (demerits, ["b", "a", "c"])):
        made = [
            civrules.evaluate(standard, Community(name), {"marks": marks})
            for name, marks in (("a", "8.5"), ("b", "7.25"), ("c", 10))
        ]
        nobody = civrules.evaluate(standard, Community("d"), {})
        read = [Evaluation.from_json(one.to_json()) for one in (*made, nobody)]
        for evaluations in (read, [*made, nobody], [*made[:2], *read[2:]]):
            ranking = rank(evaluations)
            assert order == [one.evaluation.community.id for one in ranking.ranked]
            assert [("d", "not-rated")] == [(one.community.id, why) for one, why in ranking.apart]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(cases(gaps=True))
def test_whatever_was_evaluated_is_read_back(case: Case) -> None:
    """Every drawn standard and community: equal, the same text, the same lines and bounds."""
    try:
        evaluation = civrules.evaluate(case.standard, case.community, case.observations, on=case.on, period=case.period)
    except InvalidInput:
        return
    text = evaluation.to_json()
    again = Evaluation.from_json(text)
    assert (text, evaluation) == (again.to_json(), again)
    assert (figures(evaluation), evaluation.bounds, evaluation.notes) == (figures(again), again.bounds, again.notes)
    with_standard = Evaluation.from_json(text, case.standard)
    assert evaluation.explain("en") == with_standard.explain("en")


RECORD = json.loads(made().to_json())


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from paths(part, (*path, key))


PATHS = tuple(paths(RECORD))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["2031-02-30", "1/3", "-0", "9" * 400, "\ud800", "withheld", "pass", "A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["na", "items", "zh", "n", ""]), inner),
    max_leaves=4,
)  # fmt: skip


def mutated(value: Any, path: tuple[Any, ...], new: Any, *, gone: bool) -> Any:
    """The value with one part replaced, or taken away."""
    if not path:
        return new
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    if not rest and gone:
        del copy[key]
    else:
        copy[key] = mutated(value[key], tuple(rest), new, gone=gone)
    return copy


def read_or_refused(text: str) -> Evaluation | InvalidInput:
    """What comes of the text."""
    try:
        return Evaluation.from_json(text)
    except InvalidInput as error:
        return error


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), ANYTHING, st.booleans(), st.booleans())
def test_a_record_with_a_changed_part_is_read_or_refused(
    path: tuple[Any, ...], new: Any, gone: bool, strip: bool
) -> None:
    """Whatever JSON it is: InvalidInput, or an evaluation that can be used like any other."""
    record = mutated(RECORD, path, new, gone=gone)
    if strip and isinstance(record, dict):
        record.pop("inputs", None)
    again = read_or_refused(json.dumps(record))
    if isinstance(again, InvalidInput):
        assert {problem.code for problem in again.problems} <= {"not-a-record", "other-inputs"}
        assert again.say("zh")
        return
    assert again == pickle.loads(pickle.dumps(again)) == Evaluation.from_json(again.to_json())
    assert hash(again) == hash(Evaluation.from_json(again.to_json()))
    assert all(note.say("en") for note in again.notes)
    assert 1 == len(rank([again]).ranked) + len(rank([again]).apart)
    assert isinstance(again.as_observation("x").criterion, str)
    assert all(isinstance(line.points, Decimal | None) for line in again.lines)
    repr(again)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "NaN", '{"format":"civrules/1"}', "[" * 100_000, "1" * 5000])
def test_what_is_no_record(text: str) -> None:
    """Other JSON, and no JSON."""
    with pytest.raises(InvalidInput) as caught:
        Evaluation.from_json(text)
    assert ["not-a-record"] == [problem.code for problem in caught.value.problems]


def test_what_is_no_text() -> None:
    """Something else is refused as such."""
    with pytest.raises(InvalidInput, match="not text"):
        Evaluation.from_json(7)  # type: ignore[arg-type]  # what mypy would refuse


def test_looks_that_say_the_same_count_once_however_they_are_written() -> None:
    """A float and a Decimal of one figure are one look, so that the replay, which knows them as text, agrees."""
    standard = written(
        criterion("c", '{ kind = "marks" }', points=10, more='pool = "mean"'), tables="\n[rounding]\ncriterion = 2\n"
    )
    evaluation = civrules.evaluate(
        standard, HERE, [Observation("c", 8.5), Observation("c", Decimal("8.50")), Observation("c", 4)]
    )
    assert (Decimal("6.25"), ["equal-observations"]) == (evaluation.score, [note.code for note in evaluation.notes])
    assert () == civrules.replay(evaluation.to_json(), standard)


def test_the_order_of_looks_does_not_choose_among_equals() -> None:
    """A bool and a word that say yes on the same day: the line shows the same one either way."""
    standard = written(criterion("c"))
    one, other = Observation("c", True), Observation("c", "yes")
    seen = [civrules.evaluate(standard, HERE, pair).lines[0].seen for pair in ([one, other], [other, one])]
    assert seen[0] == seen[1]

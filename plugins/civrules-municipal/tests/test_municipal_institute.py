"""A design institute: a session every Monday for three months, and no item below its full score."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_municipal import plugin

STANDARD = "municipal/design-institute"
PLAN = "municipal/design-institute-plan"
SESSION = ("early-start", "discussion", "progress")
DAY = date(2031, 6, 2)


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of one criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def test_the_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Lint has nothing to complain about."""
    assert civrules.lint([rulebook.standard(STANDARD), rulebook.campaign(PLAN)]) == ()


def test_s4_1_every_monday_for_three_months(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S4.1: from 3 March there are 14 Mondays in three months; 12 sessions leave 2 missing."""
    pytest.importorskip("dateutil")
    given, expected = scenarios["S4.1"]["given"], scenarios["S4.1"]["expect"]
    schedule = rulebook.campaign(PLAN).in_year(start=date.fromisoformat(given["start"]))
    mondays = [one.window.first for one in schedule.occurrences("monday-session") if one.window.first]
    held = [civrules.Done(on=monday, items=SESSION) for monday in mondays[: given["held"]]]
    progress = schedule.progress({"monday-session": held}, on=date.fromisoformat(given["end_excl"]))
    session = next(one for one in progress if one.task == "monday-session")

    assert (expected["expected"], expected["missing"]) == (len(session.expected), len(session.missing))


def test_a_session_without_its_progress_check_is_not_done(rulebook: civrules.Rulebook) -> None:
    """The early start and the discussion alone leave the Monday missing, and it says what lacks."""
    pytest.importorskip("dateutil")
    schedule = rulebook.campaign(PLAN).in_year(start=date(2031, 3, 3))
    half = [civrules.Done(on=date(2031, 3, 3), items=SESSION[:2])]
    progress = schedule.progress({"monday-session": half}, on=date(2031, 3, 10))
    session = next(one for one in progress if one.task == "monday-session")

    assert (session.occurrences[0].state, session.occurrences[0].items) == ("missing", ("progress",))


def test_s4_2_what_is_expected_below_full_score(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S4.2: 27 of 30 are expected, 90 %; items b and d are below their full score, and each opens a case."""
    given, expected = scenarios["S4.2"]["given"], scenarios["S4.2"]["expect"]
    institute = civrules.Community("i", kind="institution", places={"rated-item": list(given["items"])})
    estimates = {name: civrules.Ratio(own, full) for name, (full, own) in given["items"].items()}
    looks = [civrules.Observation("expected-score", value, place=name) for name, value in estimates.items()]
    looks += [civrules.Observation("expected-total", value, id=name) for name, value in estimates.items()]
    evaluation = rulebook.evaluate(STANDARD, institute, looks, on=DAY)
    cases = civrules.open_cases(evaluation, on=DAY)
    whole = next(text for text in evaluation.explain(lang="en").lines if text.startswith("Expected score over all"))

    assert expected["must_fix"] == [case.place for case in cases]
    assert whole.endswith(f" {expected['pct']:.0f}%")
    assert (line(evaluation, "expected-score").result, line(evaluation, "expected-total").points) == ("fail", None)


def test_an_item_nobody_estimated_is_named(rulebook: civrules.Rulebook) -> None:
    """Of two rated items one is estimated in full; the line is looked at by half, and full points are not certain."""
    institute = civrules.Community("i", kind="institution", places={"rated-item": ["a", "b"]})
    looks = [civrules.Observation("expected-score", civrules.Ratio(10, 10), place="a")]
    words = rulebook.evaluate(STANDARD, institute, looks, on=DAY).explain(lang="en").lines

    assert any(text.startswith("Expected score of each item") and "1 of 2 places" in text for text in words)


def test_a_round_of_two_rooms(rulebook: civrules.Rulebook) -> None:
    """One room of two makes four of five savings (0.8), one is unlocked (0), nobody plays (1): 1.8 of 3 is 60."""
    institute = civrules.Community("i", kind="institution", places={"room": ["R1", "R2"]})
    savings = dict.fromkeys(("water", "paper", "power", "pens"), True)
    looks = [
        civrules.Observation("savings", savings | {"ink": False}, place="R1"),
        civrules.Observation("savings", savings | {"ink": True}, place="R2"),
        civrules.Observation("doors-locked", True, place="R1"),
        civrules.Observation("doors-locked", False, place="R2"),
        civrules.Observation("games", 0, place="R1"),
        civrules.Observation("games", 0, place="R2"),
    ]
    evaluation = rulebook.evaluate(STANDARD, institute, looks, on=DAY)

    assert line(evaluation, "savings").points == Decimal("0.8")
    assert evaluation.score == 60


def test_the_three_months_have_no_day_until_the_host_says(rulebook: civrules.Rulebook) -> None:
    """The phase is undetermined for want of a start."""
    schedule = rulebook.campaign(PLAN).in_year(2031)

    assert ("undetermined", "groundwork") in [(note.code, note.value) for note in schedule.notes]


def test_posts_are_the_host_s_to_fill(rulebook: civrules.Rulebook) -> None:
    """The roster has a leader, a deputy and one person for each of five units; no name comes with it."""
    posts = [f"{body.id}:{post.id}" for body in rulebook.standard(STANDARD).bodies for post in body.posts]
    rooms = ("office", "vice-director", "survey-team", "design-room", "document-team")

    assert posts == ["working-group:leader", "working-group:deputy", *(f"{room}:responsible" for room in rooms)]


def test_findings_are_counted_from_nought(rulebook: civrules.Rulebook) -> None:
    """A single game in one room fails the line and opens its case there; fewer than none is refused."""
    institute = civrules.Community("i", kind="institution", places={"room": ["R1", "R2"]})
    looks = [civrules.Observation("games", 1, place="R1"), civrules.Observation("games", 0, place="R2")]
    evaluation = rulebook.evaluate(STANDARD, institute, looks, on=DAY)

    assert line(evaluation, "games").result == "fail"
    assert [case.place for case in civrules.open_cases(evaluation, on=DAY)] == ["R1"]
    with pytest.raises(civrules.CivrulesError):
        rulebook.evaluate(STANDARD, institute, [civrules.Observation("games", -1, place="R1")], on=DAY)

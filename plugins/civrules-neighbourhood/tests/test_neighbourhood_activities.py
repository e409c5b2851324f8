"""A subdistrict's series of activities: festivals of the host's calendar, weekend clean-ups, bad habits."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules_neighbourhood import plugin

STANDARD = "neighbourhood/civility-activities"
CAMPAIGN = "neighbourhood/civility-activities-plan"
COMMUNITY = civrules.Community("c1", kind="neighbourhood", locality="620102")
YEAR = civrules.Period.year(2031)
FESTIVALS = {"清明": "qingming", "端午": "dragon-boat", "七夕": "qixi", "中秋": "mid-autumn", "重阳": "double-ninth"}
DAYS = {
    "qingming": date(2031, 4, 5), "dragon-boat": date(2031, 6, 24), "qixi": date(2031, 8, 24),
    "mid-autumn": date(2031, 10, 1), "double-ninth": date(2031, 10, 24),
}  # fmt: skip


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
    """The line of a criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def tracked(
    rulebook: civrules.Rulebook, done: Mapping[str, list[date]], calendar: civrules.Calendar
) -> Mapping[str, civrules.Progress]:
    """The progress of every task on 1 December 2031, by its id."""
    schedule = rulebook.campaign(CAMPAIGN).in_year(2031, calendar=calendar)
    return {one.task: one for one in schedule.progress(done, on=date(2031, 12, 1), community=COMMUNITY)}


def test_s11_1_seven_announced_six_listed(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S11.1: lint tells that the seven activities, announced twice, are six; the readings give the reason."""
    given, expected = scenarios["S11.1"]["given"], scenarios["S11.1"]["expect"]
    standard = rulebook.standard(STANDARD)
    found = civrules.lint([attrs.evolve(standard, readings=())])
    sizes = [(one.value, one.expected) for one in found if one.code == "set-size" and "seven" in str(one.where)]
    both = [one for one in standard.sets if one.id.startswith("seven-")]

    assert [(given["declared"], str(given["listed"]))] * 2 == sizes
    assert [expected["missing"]] * 2 == [(one.declared or 0) - len(one.members) for one in both]
    assert () == civrules.lint([standard])


def test_s11_2_festivals(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S11.2: three of five festivals: the plan names the two that are open, and the line gives 60 % of its point."""
    given, expected = scenarios["S11.2"]["given"], scenarios["S11.2"]["expect"]
    done = {FESTIVALS[name]: [DAYS[FESTIVALS[name]]] for name in given["done"]}
    progress = tracked(rulebook, done, civrules.Calendar(DAYS))
    held = {FESTIVALS[name]: name in given["done"] for name in given["required"]}
    evaluation = rulebook.evaluate(STANDARD, COMMUNITY, {"festival-activities": held}, period=YEAR)

    assert expected["open"] == [name for name in given["required"] if progress[FESTIVALS[name]].missing]
    assert Decimal(str(expected["pct"])) == evaluation.score
    assert ("partial", Decimal("0.6")) == (
        line(evaluation, "festival-activities").result, line(evaluation, "festival-activities").points,
    )  # fmt: skip


def test_a_festival_is_due_on_its_day(rulebook: civrules.Rulebook) -> None:
    """An activity for Qixi on the day after is late."""
    progress = tracked(rulebook, {"qixi": [date(2031, 8, 25)]}, civrules.Calendar(DAYS))

    assert (date(2031, 8, 24),) == progress["qixi"].late


def test_a_festival_that_the_calendar_lacks_is_never_late(rulebook: civrules.Rulebook) -> None:
    """Without its day the neighbours' festival is undetermined, and nothing of it is missing."""
    festival = tracked(rulebook, {}, civrules.Calendar(DAYS))["neighbours-festival"]

    assert (["undetermined"], ()) == ([one.state for one in festival.occurrences], festival.missing)
    assert ["neighbours-festival"] == [one.why for one in festival.occurrences]


def test_a_clean_up_on_a_weekday_does_not_count(rulebook: civrules.Rulebook) -> None:
    """A Saturday does for the first full week of 2031, a Wednesday not for the second."""
    saturday, wednesday = date(2031, 1, 11), date(2031, 1, 15)
    progress = tracked(rulebook, {"clean-up": [saturday, wednesday]}, civrules.Calendar())["clean-up"]
    states = {one.window.first: one.state for one in progress.occurrences}

    assert ("done", "missing") == (states[date(2031, 1, 6)], states[date(2031, 1, 13)])


def test_four_weekends_of_a_month(rulebook: civrules.Rulebook) -> None:
    """February 2027 has four weekends: a clean-up on each passes, with one on a Friday instead the line fails."""
    month = civrules.Period.month(2027, 2)
    sundays = [date(2027, 2, 7) + timedelta(7 * number) for number in range(4)]
    swept = [
        line(
            rulebook.evaluate(STANDARD, COMMUNITY, {"weekend-clean-up": ";".join(map(str, days))}, period=month),
            "weekend-clean-up",
        ).result
        for days in (sundays, [*sundays[:3], date(2027, 2, 26)])
    ]

    assert ["pass", "fail"] == swept


def test_bad_habits(rulebook: civrules.Rulebook) -> None:
    """One spot of litter fails its line and opens a case; no spitting passes: 1 of 2 lines is 50."""
    evaluation = rulebook.evaluate(STANDARD, COMMUNITY, {"littering": 1, "spitting": 0}, period=YEAR)
    (case,) = civrules.open_cases(evaluation, on=date(2031, 5, 6))

    assert evaluation.score == 50
    assert ("dissuade", "littering") == (case.procedure.id, case.criterion)


def test_readings_are_repeated(rulebook: civrules.Rulebook) -> None:
    """Whoever reads a result is told that the seventh activity is not known."""
    evaluation = rulebook.evaluate(STANDARD, COMMUNITY, {"littering": 0}, period=YEAR)

    assert "seventh is not known" in str(evaluation.explain("en"))


def test_fewer_findings_than_none_are_refused(rulebook: civrules.Rulebook) -> None:
    """Findings are whole numbers from 0."""
    for value in (-1, "0.5"):
        with pytest.raises(civrules.CivrulesError):
            rulebook.evaluate(STANDARD, COMMUNITY, {"littering": value}, period=YEAR)

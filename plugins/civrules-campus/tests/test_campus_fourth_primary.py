"""The fourth primary school: what its one year asks, and the year itself."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules import Community, Done
from civrules_campus import plugin

SCHOOL = "campus/fourth-primary"
PLAN = "campus/fourth-primary-plan"
START = date(2031, 9, 1)
ON = date(2032, 8, 31)
MEETINGS = {"支委会": "committee", "党员大会": "assembly", "党小组会": "group", "党课": "lesson"}


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def school(**places: list[str]) -> Community:
    """The school, with its registers of places."""
    return Community("school", kind="campus", places=places)


def judged(rulebook: civrules.Rulebook, seen: Any, where: Community | None = None) -> civrules.Evaluation:
    """The school on the last day of its year."""
    return rulebook.evaluate(SCHOOL, where or school(), seen, on=ON)


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of one criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def progress(schedule: civrules.Schedule, task: str, done: list[Any], **more: Any) -> civrules.Progress:
    """How one task stands; nobody recorded anything of the others."""
    found = schedule.progress({task: done}, **{"on": ON, **more})
    return next(one for one in found if one.task == task)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has no problem, and lint finds nothing in the standard and its campaign."""
    assert rulebook.problems == ()
    assert [] == [str(one) for one in civrules.lint([rulebook.standard(SCHOOL), rulebook.campaign(PLAN)])]


def test_s15_1_three_meetings_and_one_lesson(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S15.1: three of the four forms were held, 3/4 of the points; the group meeting is missing."""
    given, expected = scenarios["S15.1"]["given"], scenarios["S15.1"]["expect"]
    held = {item: name in given["kinds"] for name, item in MEETINGS.items()}
    only = line(judged(rulebook, {"three-meetings-one-lesson": held}), "three-meetings-one-lesson")
    monthly = rulebook.campaign(PLAN).bind({"meeting-interval": "month"}).in_year(start=START)
    done = [Done(on=date(2031, 9, 20), items=given["kinds"])]
    september = progress(monthly, "hold-meetings", done).occurrences[0]

    assert (Decimal(expected["met"]) / expected["of"], "partial") == (only.points, only.result)
    assert expected["missing"] == list(september.items)


def test_s15_2_one_year(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S15.2: a year from 1 September ends on 31 August, that day included; without a start nobody can say."""
    given, expected = scenarios["S15.2"]["given"], scenarios["S15.2"]["expect"]
    campaign = rulebook.campaign(PLAN)
    schedule = campaign.in_year(start=date.fromisoformat(given["start"]))

    assert date.fromisoformat(expected["end"]) == schedule.whole.last == schedule.days("year").last
    assert "start" == campaign.in_year(2031).whole.why


def test_requirements_count_the_same(rulebook: civrules.Rulebook) -> None:
    """Four of five aims (0.8), a fair climate (0.5), no mechanism (0), the code carried out (1): 2.3 of 4 is 57.5."""
    aims = dict.fromkeys(("ambition", "dream", "study", "work"), True) | {"country": False}
    evaluation = judged(
        rulebook, {"ethics-lessons": aims, "upright-climate": "fair", "mechanism": False, "pupil-code": True}
    )

    assert Decimal("57.5") == evaluation.score
    assert evaluation.grade is None


def test_what_is_only_said_is_never_judged(rulebook: civrules.Rulebook) -> None:
    """The hard and soft meaning of the campaign is shown and changes nothing."""
    without = judged(rulebook, {"mechanism": True})
    with_it = judged(rulebook, {"mechanism": True, "hard-and-soft": False})

    assert Decimal(100) == without.score == with_it.score
    assert "informational" == line(with_it, "hard-and-soft").result


def test_a_class_without_theme_meetings_is_named(rulebook: civrules.Rulebook) -> None:
    """Each class holds them: with one of three without, the line fails and names the class."""
    looks = [civrules.Observation("theme-meetings", name != "3-2", place=name) for name in ("3-1", "3-2", "3-3")]
    evaluation = judged(rulebook, looks, school(**{"class": ["3-1", "3-2", "3-3"]}))

    assert "fail" == line(evaluation, "theme-meetings").result
    assert "short at: 3-2" in str(evaluation.explain("en"))


def test_an_incomplete_group(rulebook: civrules.Rulebook) -> None:
    """A group with a head and members but no deputy has two of its three parts: 66.67."""
    evaluation = judged(rulebook, {"leading-group": {"head": True, "deputy": False, "members": True}})

    assert Decimal("66.67") == evaluation.score


def test_no_interval_is_guessed(rulebook: civrules.Rulebook) -> None:
    """Four intervals are not printed: until the school sets one, what it gives is undetermined and never late."""
    campaign = rulebook.campaign(PLAN)
    schedule = campaign.in_year(start=START)
    waiting = {
        "hold-meetings": "meeting-interval",
        "raise-flag": "flag-interval",
        "class-meetings": "class-meeting-interval",
        "mental-health": "counselling-interval",
    }

    assert set(waiting.values()) == set(campaign.open_parameters)
    for task, parameter in waiting.items():
        (only,) = progress(schedule, task, [], community=school(**{"class": ["3-1"]})).occurrences
        assert ("undetermined", parameter) == (only.state, only.why)


def test_a_weekly_flag(rulebook: civrules.Rulebook) -> None:
    """A school that raises the flag every week has 52 whole weeks in a year that begins on a Monday."""
    weekly = rulebook.campaign(PLAN).bind({"flag-interval": "week"}).in_year(start=START)

    assert 52 == len(weekly.occurrences("raise-flag"))


def test_who_is_behind(rulebook: civrules.Rulebook) -> None:
    """After the year with nothing recorded the Young Pioneers are behind with their own task alone."""
    schedule = rulebook.campaign(PLAN).in_year(start=START)
    behind = schedule.behind({}, on=date(2032, 9, 1), community=school())

    assert [(("pioneers", ON),)] == [one.missing for one in behind if one.lead == "young-pioneers"]


def test_the_notice_is_nowhere_to_be_had(rulebook: civrules.Rulebook) -> None:
    """The higher body's notice is on the register as missing, and every evaluation says how that was read."""
    states = {one.id: one.state for one in rulebook.standard(SCHOOL).references}

    assert "missing" == states["higher-notice"]
    assert "neither named nor numbered" in str(judged(rulebook, {"mechanism": True}).explain("en"))

"""Xuzhou's public hygiene: rates with their own limits, inspections every two and three weeks, praise and exposure."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_hygiene import plugin

STANDARD = "hygiene/xuzhou-public-hygiene"
PLAN = "hygiene/xuzhou-public-hygiene-plan"
DAY = date(2031, 11, 30)
DISTRICT = civrules.Community("d", kind="hygiene-unit", locality="3203")


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def judged(rulebook: civrules.Rulebook, looks: Any) -> civrules.Evaluation:
    """A district of which this was seen."""
    return rulebook.evaluate(STANDARD, DISTRICT, looks, on=DAY)


def result(evaluation: civrules.Evaluation, criterion: str) -> str | None:
    """The result of one line."""
    return next(one.result for one in evaluation.lines if one.criterion == criterion)


def test_the_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Neither the book nor lint has anything to complain about."""
    assert rulebook.problems == ()
    assert civrules.lint([rulebook.standard(STANDARD), rulebook.campaign(PLAN)]) == ()


def test_s8_1_caterers_graded(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S8.1: 95 of 100 and 190 of 200 reach 95 %, 94 of 100 does not."""
    given, expected = scenarios["S8.1"]["given"], scenarios["S8.1"]["expect"]
    shares = [civrules.Ratio(n, of) for n, of in zip(given["graded"], given["total"], strict=True)]
    results = [result(judged(rulebook, {"caterers-graded": share}), "caterers-graded") for share in shares]

    assert expected["pass_"] == [one == "pass" for one in results]
    assert expected["pct"] == [100 * n / of for n, of in zip(given["graded"], given["total"], strict=True)]


def test_s8_2_nobody_with_the_five_diseases(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S8.2: three of three moved is met, two of three is not, none of none does not apply."""
    given, expected = scenarios["S8.2"]["given"], scenarios["S8.2"]["expect"]
    words = {"pass": "met", "fail": "failed", "not-applicable": "not applicable"}
    looks = [civrules.Ratio(n, of) for n, of in zip(given["removed"], given["found"], strict=True)]
    name = "five-diseases-removed"

    assert expected["state"] == [words[result(judged(rulebook, {name: look}), name) or ""] for look in looks]


def test_s8_3_every_two_and_three_weeks(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S8.3: August to October hold six whole fortnights and four whole three weeks."""
    given, expected = scenarios["S8.3"]["given"], scenarios["S8.3"]["expect"]
    first, last = (date.fromisoformat(given[key]) for key in ("start", "end"))
    schedule = rulebook.campaign(PLAN).in_year(first.year)

    assert (civrules.Period(first, last),) == schedule.days("rectification").periods
    assert expected["days"] == (last - first).days + 1
    assert expected["inspections"] == len(schedule.occurrences("inspection"))
    assert expected["mutual"] == len(schedule.occurrences("mutual-inspection"))


def test_the_hygiene_officer_s_row(rulebook: civrules.Rulebook, tmp_path: Path) -> None:
    """95 of 100 caterers pass, no case of the five diseases leaves the score, the grading fails: 1 of 2 is 50."""
    head = (
        "community,caterers-graded,caterers-graded:of,five-diseases-removed,five-diseases-removed:of,grading-in-force"
    )
    row = f"{head}\nd,95,100,0,0,否\n"
    file = tmp_path / "row.csv"
    file.write_text(row, encoding="utf-8")
    table = civrules.read_table(file, rulebook.standard(STANDARD))
    evaluation = judged(rulebook, table.observations["d"])

    assert ("pass", "not-applicable") == (
        result(evaluation, "caterers-graded"),
        result(evaluation, "five-diseases-removed"),
    )
    assert evaluation.score == 50
    assert evaluation.explain(lang="zh").lines[7] == "餐饮量化分级覆盖率：1/1分（95%，达标）"


def test_one_kind_of_supplier_short(rulebook: civrules.Rulebook) -> None:
    """All of two kinds have permits and 9 of 10 of the third: none of that line; with the caterers 1 of 2 is 50."""
    permits = {"municipal": civrules.Ratio(1, 1), "own": civrules.Ratio(6, 6), "secondary": civrules.Ratio(9, 10)}
    evaluation = judged(rulebook, {"water-permits": permits, "caterers-graded": civrules.Ratio(97, 100)})

    assert result(evaluation, "water-permits") == "fail"
    assert evaluation.score == 50


def test_approaching_the_figure_is_advice(rulebook: civrules.Rulebook) -> None:
    """What need only approach the national figure falls short without costing a point."""
    evaluation = judged(rulebook, {"other-items": "poor", "caterers-graded": civrules.Ratio(95, 100)})

    assert result(evaluation, "other-items") == "advice"
    assert evaluation.score == 100


@pytest.mark.parametrize(
    "event,kinds",
    [
        ("excellent-item", ["award", "notice"]),
        ("work-not-done", ["publish"]),
        ("slow-work", ["notice", "rectify"]),
    ],
)
def test_what_the_bureau_answers_with(rulebook: civrules.Rulebook, event: str, kinds: list[str]) -> None:
    """Excellent work is praised and reported, work not done exposed, slow work criticised and put right."""
    evaluation = judged(rulebook, {"caterers-graded": civrules.Ratio(95, 100), event: True})
    issued = civrules.outcomes(rulebook.standard(STANDARD), [evaluation], on=DAY)

    assert kinds == [one.kind for one in issued]
    assert {"health"} == {one.by for one in issued}


def test_a_bulletin_for_each_inspection(rulebook: civrules.Rulebook) -> None:
    """Bulletins are as many as inspections; due ten days after the fortnight once the host has said so."""
    campaign = rulebook.campaign(PLAN)
    bound = campaign.bind({"bulletin-limit": "10 days"}).in_year(2031)
    first = bound.occurrences("bulletin")[0]

    assert len(bound.occurrences("bulletin")) == len(bound.occurrences("inspection"))
    assert first.due == date(2031, 8, 14) + timedelta(days=10)
    assert campaign.in_year(2031).occurrences("bulletin")[0].due is None


def test_three_phases_without_gap(rulebook: civrules.Rulebook) -> None:
    """August to October, November, December: every day of the campaign lies in one phase."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    days = [date(2031, 8, 1), date(2031, 10, 31), date(2031, 11, 1), date(2031, 12, 31)]
    phases = [("rectification",), ("rectification",), ("acceptance",), ("summary",)]

    assert phases == [tuple(schedule.phases_on(day)) for day in days]
    assert schedule.gaps == ()

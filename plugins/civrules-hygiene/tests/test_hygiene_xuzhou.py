"""Xuzhou's public hygiene: rates with their own limits, inspections every two and three weeks, praise and exposure."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
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
    assert "餐饮量化分级覆盖率：1/1分（95%，达标）" in evaluation.explain(lang="zh").lines


def test_one_kind_of_supplier_short(rulebook: civrules.Rulebook) -> None:
    """All of two kinds have permits and 9 of 10 of the third: with the caterers 3 of 4 lines hold, 75."""
    permits = {
        "permits-municipal": civrules.Ratio(1, 1),
        "permits-own": civrules.Ratio(6, 6),
        "permits-secondary": civrules.Ratio(9, 10),
    }
    evaluation = judged(rulebook, {**permits, "caterers-graded": civrules.Ratio(97, 100)})

    assert result(evaluation, "permits-secondary") == "fail"
    assert evaluation.score == 75


@pytest.mark.parametrize(
    "criterion, value, expected",
    [
        ("caterers-graded", "95%", "pass"),
        ("caterers-graded", "94.9999", "fail"),
        ("caterers-graded", civrules.Ratio(19, 20), "pass"),
        ("five-diseases-removed", civrules.Ratio(99, 100), "fail"),
        ("ring-five-trades", civrules.Ratio(500, 500), "pass"),
        ("ring-secondary-water", civrules.Ratio(499, 500), "fail"),
        ("permits-own", civrules.Ratio(0, 0), "not-applicable"),
        ("health-certificates", civrules.Ratio(80, 80), "pass"),
        ("training-certificates", civrules.Ratio(79, 80), "fail"),
        ("tests-agency", civrules.Ratio(19, 20), "fail"),
        ("drill", 1, "pass"),
        ("drill", 0, "fail"),
        ("major-poisoning", 0, "pass"),
        ("major-poisoning", 1, "fail"),
        ("poisoning-handled", civrules.Ratio(0, 0), "not-applicable"),
        ("poisoning-handled", civrules.Ratio(2, 3), "fail"),
        ("reports-withheld", {"omitted": 0, "hidden": 1}, "fail"),
        ("bad-food", {"expired": 0, "spoilt": 0, "fake": 0}, "pass"),
        ("disease-prevention", civrules.Ratio(29, 30), "fail"),
        ("disinfection", {"articles": True, "utensils": False}, "partial"),
        ("smokers", 0, "pass"),
    ],
)
def test_either_side_of_a_line(rulebook: civrules.Rulebook, criterion: str, value: Any, expected: str) -> None:
    """95 % is enough of the caterers and of them alone; elsewhere all must hold, and nothing of nothing is out."""
    assert result(judged(rulebook, {criterion: value}), criterion) == expected


def test_smokers_add_up_over_places(rulebook: civrules.Rulebook) -> None:
    """One smoker in the station in October is not undone by none in the cinema in November."""
    looks = [
        civrules.Observation("smokers", 1, place="station", at=date(2031, 10, 1)),
        civrules.Observation("smokers", 0, place="cinema", at=date(2031, 11, 1)),
    ]

    assert result(judged(rulebook, looks), "smokers") == "fail"


@pytest.mark.parametrize("criterion", ["smokers", "major-poisoning", "drill"])
@pytest.mark.parametrize("value", [-1, "0.5"])
def test_cases_are_counted_whole(rulebook: civrules.Rulebook, criterion: str, value: Any) -> None:
    """Neither a negative number nor half a case is taken."""
    with pytest.raises(civrules.InvalidInput):
        judged(rulebook, {criterion: value})


def test_one_kind_of_unit_may_be_counted_alone(rulebook: civrules.Rulebook) -> None:
    """Who has only counted the secondary suppliers hands them in; the other three kinds stay unchecked."""
    evaluation = judged(rulebook, {"ring-secondary-water": civrules.Ratio(10, 10)})

    assert (result(evaluation, "ring-secondary-water"), evaluation.score) == ("pass", Decimal(100))
    assert result(evaluation, "ring-five-trades") == "not-checked"


def test_nothing_was_reported(rulebook: civrules.Rulebook) -> None:
    """A district that reported nothing has no score, and no event is read into its silence."""
    evaluation = judged(rulebook, {})

    assert (evaluation.score, evaluation.coverage) == (None, Decimal(0))
    assert list(civrules.outcomes(rulebook.standard(STANDARD), [evaluation], on=DAY)) == []


def test_a_fortnight_s_inspection_too_late(rulebook: civrules.Rulebook) -> None:
    """Inspected on the last day of the first fortnight, and on the day after that of the second: one is missing."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    done = {"inspection": [date(2031, 8, 14), date(2031, 8, 29)]}
    progress = next(one for one in schedule.progress(done, on=date(2031, 8, 30)) if one.task == "inspection")

    assert [one.state for one in progress.occurrences][:2] == ["done", "missing"]


@pytest.mark.parametrize("limit, due", [(None, None), ("15 days", date(2031, 12, 16))])
def test_slow_work_is_put_right_within_the_limit_that_the_host_sets(
    rulebook: civrules.Rulebook, tmp_path: Path, limit: str | None, due: date | None
) -> None:
    """The limit of a rectification is not printed; once set it runs from the day of the criticism."""
    standard = rulebook.standard(STANDARD)
    file = tmp_path / "cases.csv"
    file.write_text(
        "community,criterion,procedure,kind,on,step,by\n"
        "d,slow-work,limited-rectification,opened,2031-12-01,,\n"
        "d,slow-work,limited-rectification,done,2031-12-01,criticise,health\n",
        encoding="utf-8",
    )
    (case,) = civrules.read_cases(file, standard.bind({"rectification-limit": limit}) if limit else standard)

    assert (case.who, case.due()) == ("districts", due)


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
    assert {"districts" if event == "work-not-done" else "health"} == {one.by for one in issued}


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

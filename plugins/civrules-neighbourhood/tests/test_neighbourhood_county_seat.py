"""A community's share in its county's bid for a title: four phases, six methods, five improvements striven for."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_neighbourhood import plugin

STANDARD = "neighbourhood/county-seat"
CAMPAIGN = "neighbourhood/county-seat-plan"
COMMUNITY = civrules.Community("c1", kind="neighbourhood")
YEAR = civrules.Period.year(2031)
PHASES = {"ph1": "mobilise", "ph2": "implement", "ph3": "improve", "ph4": "inspection"}
METHODS = ("report", "documents", "questionnaire", "online", "on-site", "overall")


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
    schedule: civrules.Schedule, done: Mapping[str, list[civrules.Done]], on: date
) -> Mapping[str, civrules.Progress]:
    """The progress of every task by its id."""
    return {one.task: one for one in schedule.progress(done, on=on, community=COMMUNITY)}


def test_s7_1_ten_day_terms(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S7.1: the phases of six days; the middle of August lies in two phases, which share ten days."""
    given, expected = scenarios["S7.1"]["given"], scenarios["S7.1"]["expect"]
    schedule = rulebook.campaign(CAMPAIGN).in_year(given["year"])
    ((*both, days),) = schedule.overlaps
    assert days.first is not None
    assert days.last is not None

    assert [[PHASES[name] for name in names] for names in expected["phases"]] == [
        list(schedule.phases_on(date.fromisoformat(text))) for text in given["dates"]
    ]
    assert ["improve", "inspection"] == both
    assert expected["overlap_days"] == (days.last - days.first).days + 1


def test_s7_2_five_of_six_methods(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S7.2: five of six methods leave the online survey, in the plan's task and on the sheet's line."""
    given, expected = scenarios["S7.2"]["given"], scenarios["S7.2"]["expect"]
    schedule = rulebook.campaign(CAMPAIGN).in_year(2031)
    done = {"receive-inspection": [civrules.Done(on=date(2031, 9, 1), items=given["methods"])]}
    (inspection,) = tracked(schedule, done, date(2032, 1, 1))["receive-inspection"].occurrences
    ready = {method: method != "online" for method in METHODS}
    found = line(rulebook.evaluate(STANDARD, COMMUNITY, {"six-methods": ready}, period=YEAR), "six-methods")

    assert (expected["missing"], "missing") == (list(inspection.items), inspection.state)
    assert (expected["covered"], expected["of"]) == (sum(ready.values()), len(METHODS))
    assert (Decimal("0.83"), "partial") == (found.points, found.result)


def test_a_self_check(rulebook: civrules.Rulebook) -> None:
    """One indicator short (0), papers (1), three of four contents (3/4), no advertisement (1), fair habits (1/2)."""
    contents = {"meaning": True, "demands": True, "deeds": True, "experience": False}
    evaluation = rulebook.evaluate(
        STANDARD,
        COMMUNITY,
        {
            "indicators": civrules.Ratio(39, 40), "papers-ready": True, "publicity-contents": contents,
            "small-ads": 0, "habits": "fair",
        },
        period=YEAR,
    )  # fmt: skip

    assert evaluation.score == 65
    assert ("fail", "pass") == (line(evaluation, "indicators").result, line(evaluation, "small-ads").result)


def test_two_of_five_improvements_are_advice(rulebook: civrules.Rulebook) -> None:
    """The five evident improvements are striven for: two of five is advice, opens nothing and costs nothing."""
    five = {"residents": True, "culture": True, "facilities": False, "harmony": False, "supervision": False}
    evaluation = rulebook.evaluate(STANDARD, COMMUNITY, {"cleaned": True, "five-evident": five}, period=YEAR)

    assert "advice" == line(evaluation, "five-evident").result
    assert (Decimal(100), ()) == (evaluation.score, civrules.open_cases(evaluation, on=date(2031, 9, 1)))
    assert any("2/5" in said and "Harmony" in said for said in evaluation.explain("en").lines)


def test_regular_activities_wait_for_the_host(rulebook: civrules.Rulebook) -> None:
    """Regularly says no interval: the line is not checked; once it is a quarter, three quarters of four fail."""
    standard = rulebook.standard(STANDARD)
    seen = {"regular-activities": "2031-02-01;2031-05-01;2031-11-01"}
    unset, quarterly = (
        line(civrules.evaluate(one, COMMUNITY, seen, period=YEAR), "regular-activities")
        for one in (standard, standard.bind({"activity-interval": "quarter"}))
    )

    assert ("not-checked", "parameter-open") == (unset.result, unset.reason)
    assert "fail" == quarterly.result


def test_gaps_are_closed_after_the_analysis(rulebook: civrules.Rulebook) -> None:
    """Without a gap analysis the indicators wait; with one on 1 June they are due on 10 July, the end of the phase."""
    schedule = rulebook.campaign(CAMPAIGN).in_year(2031)
    before, after = (
        tracked(schedule, done, date(2031, 7, 11))["close-gaps"].occurrences[0]
        for done in ({}, {"gap-analysis": [civrules.Done(on=date(2031, 6, 1))]})
    )

    assert (date(2031, 7, 10), "missing") == (after.due, after.state)
    assert "missing" != before.state


def test_the_roster_is_vacant_until_the_host_fills_it(rulebook: civrules.Rulebook) -> None:
    """One head, one deputy, five members and an officer, of whom the document names nobody."""
    campaign = rulebook.campaign(CAMPAIGN)
    filled = campaign.in_year(2031, holders={"leading-group:head": "A. Example"})

    assert 8 == len(campaign.in_year(2031).vacant)
    assert "leading-group:head" not in filled.vacant
    assert "A. Example" == tracked(filled, {}, date(2032, 1, 1))["agenda"].holder


def test_no_carrier_is_made_up(rulebook: civrules.Rulebook) -> None:
    """Of eight carriers seven lead to a section that judges them; family planning leads nowhere."""
    carriers = next(one for one in rulebook.standard(STANDARD).sets if one.id == "eight-carriers")

    assert ["计生"] == [one for one in carriers.members if one not in carriers.carried]


@pytest.mark.parametrize(
    "day, phases",
    [
        (date(2031, 4, 10), ()),
        (date(2031, 4, 11), ("mobilise",)),
        (date(2031, 8, 10), ("improve",)),
        (date(2031, 8, 11), ("improve", "inspection")),
        (date(2031, 8, 20), ("improve", "inspection")),
        (date(2031, 12, 31), ("inspection",)),
    ],
)
def test_the_first_and_last_days_of_phases(rulebook: civrules.Rulebook, day: date, phases: tuple[str, ...]) -> None:
    """The middle of April begins on the 11th, the middle of August ends on the 20th, the year on 31 December."""
    assert phases == rulebook.campaign(CAMPAIGN).in_year(2031).phases_on(day)


@pytest.mark.parametrize("reached, result", [(civrules.Ratio(40, 40), "pass"), (civrules.Ratio(39, 40), "fail")])
def test_every_indicator_is_to_be_reached(rulebook: civrules.Rulebook, reached: civrules.Ratio, result: str) -> None:
    """All of forty indicators pass; one short of all fails."""
    assert (
        result
        == line(rulebook.evaluate(STANDARD, COMMUNITY, {"indicators": reached}, period=YEAR), "indicators").result
    )


def test_publicity_is_in_place_by_the_end_of_its_phase(rulebook: civrules.Rulebook) -> None:
    """On 11 July what was not put in place by the 10th is missing, and the leading group is behind."""
    schedule = rulebook.campaign(CAMPAIGN).in_year(2031)

    assert (date(2031, 7, 10),) == tracked(schedule, {}, date(2031, 7, 11))["complete-publicity"].missing

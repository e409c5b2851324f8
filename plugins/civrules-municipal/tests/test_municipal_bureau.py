"""A construction bureau: faults go to whoever answers for the place, a clause number is printed twice."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules_municipal import plugin

STANDARD = "municipal/construction-bureau"
PLAN = "municipal/construction-bureau-plan"
DAY = date(2031, 5, 5)
WHERE = {
    ("窨井盖", "主次干道"): ("covers", {"place": "road"}),
    ("窨井盖", "背街后巷(金沙镇)"): ("covers", {"place": "back-street", "area": "town"}),
    ("铺装石材", "公园"): ("square-repairs", {"place": "park"}),
}


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def test_the_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Lint has nothing to complain about."""
    assert civrules.lint([rulebook.standard(STANDARD), rulebook.campaign(PLAN)]) == ()


def test_s5_1_routing_by_place(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S5.1: a cover on a main road, one in a back street of the town, paving in a park: three bodies answer."""
    given, expected = scenarios["S5.1"]["given"], scenarios["S5.1"]["expect"]
    standard = rulebook.standard(STANDARD)
    names = {body.id: body.title.zh for body in standard.bodies}
    answers = [standard.responsible(*WHERE[what, where]) for what, where in given["findings"]]

    assert expected["lead"] == [names[one.lead or ""] for one in answers if one]


@pytest.mark.parametrize(
    "criterion,finding,lead",
    [
        ("covers", {"place": "shopping-street"}, "municipal"),
        ("covers", {"place": "park"}, "landscape"),
        ("street-parts", {"place": "back-street", "area": "zone"}, "zone"),
        ("road-surfaces", {"place": "square"}, "landscape"),
        ("square-repairs", {"place": "road"}, "municipal"),
        ("back-street-facilities", {"area": "town"}, "town"),
        ("window-fees", {"service": "gas"}, "gas-company"),
        ("window-fees", {}, "water-company"),
    ],
)
def test_who_answers_where(rulebook: civrules.Rulebook, criterion: str, finding: dict[str, str], lead: str) -> None:
    """Whoever answers for the place or the service leads, whatever sheet the fault was written on."""
    answer = rulebook.standard(STANDARD).responsible(criterion, finding)

    assert answer is not None
    assert answer.lead == lead


@pytest.mark.parametrize("criterion", ["back-street-facilities", "covers", "road-surfaces", "square-repairs"])
def test_a_back_street_of_nobody_has_no_lead(rulebook: civrules.Rulebook, criterion: str) -> None:
    """Without the area nobody is guessed, whatever sheet the fault was written on."""
    assert rulebook.standard(STANDARD).responsible(criterion, {"place": "back-street"}) is None


def test_s5_2_a_number_printed_twice(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S5.2: eight sections carry the labels as printed; without the readings lint finds the one that repeats."""
    given, expected = scenarios["S5.2"]["given"], scenarios["S5.2"]["expect"]
    standard = rulebook.standard(STANDARD)
    labels = [section.source[0].clause or "" for section in standard.sections]
    found = [one for one in civrules.lint([attrs.evolve(standard, readings=())]) if one.code == "label-repeated"]

    assert given["labels"] == [label for label in labels if label.startswith("三")]
    assert [expected["label"]] == [one.value for one in found]
    assert expected["items"] == len(given["labels"])
    assert expected["expected_last"] == f"三({'一二三四五六七八'[expected['items'] - 1]})"


def test_a_cover_that_is_missing_becomes_a_case(rulebook: civrules.Rulebook) -> None:
    """Gratings are sound and a cover is gone, so half the line is lost; the town has to correct it."""
    facility = civrules.Community("f", kind="municipal-facility")
    evaluation = rulebook.evaluate(STANDARD, facility, {"covers": {"covers": False, "gratings": True}}, on=DAY)
    (case,) = civrules.open_cases(evaluation, on=DAY, findings={"covers": {"place": "back-street", "area": "town"}})

    assert evaluation.score == 50
    assert case.who == "town"
    assert case.add(civrules.CaseEvent(kind="done", on=DAY, step="record")).due() is None


def test_a_share_of_certified_staff(rulebook: civrules.Rulebook) -> None:
    """Compound C1 has certificates for 9 of 10, so the line fails; everybody got the leaflet: 1 of 2 is 50."""
    facility = civrules.Community("f", kind="municipal-facility", places={"compound": ["C1", "C2"]})
    looks = [
        civrules.Observation("property-certified", civrules.Ratio(9, 10), place="C1"),
        civrules.Observation("property-certified", civrules.Ratio(4, 4), place="C2"),
        civrules.Observation("handed-out", civrules.Ratio(120, 120)),
    ]

    assert rulebook.evaluate(STANDARD, facility, looks, on=DAY).score == 50


def test_rounds_are_scheduled_once_the_host_says_how_often(rulebook: civrules.Rulebook) -> None:
    """Without an interval nothing is expected; every day of 2031 is 365 rounds, and the groups meet 12 times."""
    campaign = rulebook.campaign(PLAN)
    points = civrules.Community("f", kind="municipal-facility", places={"inspection-point": ["people-park"]})
    progress = campaign.in_year(2031).progress({}, on=date(2032, 1, 1), community=points)
    patrol = next(one for one in progress if one.task == "point-patrol")
    bound = campaign.bind({"daily-interval": "day", "meeting-interval": "month"}).in_year(2031)

    assert (patrol.expected, patrol.missing) == ((), ())
    assert [365, 12] == [len(bound.occurrences(task)) for task in ("point-patrol", "group-meeting")]


def test_a_project_that_nothing_carries_out(rulebook: civrules.Rulebook) -> None:
    """Of the five upgrades clean and living water has no task; the schedule says so."""
    notes = rulebook.campaign(PLAN).in_year(2031).notes

    assert "living-water" in [one.value for one in notes if one.code == "goal-without-task"]

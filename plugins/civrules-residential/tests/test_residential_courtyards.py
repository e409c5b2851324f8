"""A town's plan for civilised courtyards: what a compound shows, and the one stretch of work."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_residential import plugin

SHEET = "residential/town-courtyards"
PLAN = "residential/town-courtyards-plan"
MAKES = ("beautified", "greened", "surfaced", "lit")
COURTYARD = civrules.Community("courtyard", kind="residential")
AFTER = date(2031, 5, 1)


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin])


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def six_ones(rulebook: civrules.Rulebook) -> Mapping[str, str]:
    """The criterion that carries each of the six ones."""
    return next(one.carried for one in rulebook.standard(SHEET).sets if one.id == "six-ones")


def results(evaluation: civrules.Evaluation) -> dict[str, tuple[str | None, str | None]]:
    """Result and reason of every line of a criterion."""
    return {one.criterion: (one.result, one.reason) for one in evaluation.lines if one.criterion is not None}


def tracked(rulebook: civrules.Rulebook, task: str, *done: civrules.Done, **community: Any) -> civrules.Progress:
    """How a task stands on the day after the plan's end."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    town = civrules.Community("town", kind="township", **community)
    return next(one for one in schedule.progress({task: done}, on=AFTER, community=town) if one.task == task)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Nothing is wrong with the plugin's documents, and whatever lint finds in these has its reason in a reading."""
    documents = (rulebook.standard(SHEET), rulebook.campaign(PLAN))

    assert rulebook.problems == ()
    assert [civrules.lint(given) for given in (documents, documents[:1], documents[1:])] == [(), (), ()]


def test_s3_1_six_ones(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S3.1: five of the six ones make 5/6 of what was looked at, 83.33, and the volunteer team is what is missing."""
    given, expected = scenarios["S3.1"]["given"], scenarios["S3.1"]["expect"]
    carried = six_ones(rulebook)
    evaluation = rulebook.evaluate(SHEET, COURTYARD, {line: name in given["present"] for name, line in carried.items()})
    found = results(evaluation)

    assert given["required"] == len(carried)
    assert expected["met"] == [found[line][0] for line in carried.values()].count("pass")
    assert expected["missing"] == [name for name, line in carried.items() if found[line][0] == "fail"]
    assert expected["pass_"] is (not any(found[line][0] == "fail" for line in carried.values()))
    assert Decimal(str(expected["pct"])) == evaluation.score


def test_s3_2_funding_in_order(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S3.2: of the plan's three sources 60 and 25 are used up and 15 taken of the last: nothing is left open."""
    given, expected = scenarios["S3.2"]["given"], scenarios["S3.2"]["expect"]
    for name in ("facility-works", "greening-works"):
        funding = rulebook.campaign(PLAN).in_year(2031).task(name).funded(given["need"], dict(given["sources"]))

        assert [(source, Decimal(amount)) for source, amount in expected["use"]] == list(funding.use)
        assert expected["gap"] == funding.gap


def test_a_courtyard_in_the_making(rulebook: civrules.Rulebook) -> None:
    """Three of four makes and five of six ones hold: 8 of 10 requirements, 80; coverage is 10 of 24 lines."""
    seen = dict.fromkeys((*MAKES, *six_ones(rulebook).values()), True) | {"lit": False, "gatehouse": False}
    evaluation = rulebook.evaluate(SHEET, COURTYARD, seen)

    assert (evaluation.score, evaluation.grade) == (Decimal(80), None)
    assert evaluation.coverage == Decimal("0.4166")


def test_the_least_number_of_guards_is_open(rulebook: civrules.Rulebook) -> None:
    """Two guards cannot be judged until the host says how many are needed; three needed, they fall short."""
    standard = rulebook.standard(SHEET)
    seen = {"beautified": True, "guards": 2}
    unset = rulebook.evaluate(standard, COURTYARD, seen)
    asked = rulebook.evaluate(standard.bind({"minimum-guards": 3}), COURTYARD, seen)

    assert (unset.score, results(unset)["guards"]) == (Decimal(100), ("not-checked", "parameter-open"))
    assert (asked.score, results(asked)["guards"][0]) == (Decimal(50), "fail")


def test_satisfaction_is_a_percentage_of_the_target(rulebook: civrules.Rulebook) -> None:
    """54 of 60 households content are 90 %, which reaches a target of 90 % and not one of 91 %."""
    standard = rulebook.standard(SHEET)
    for target, result in (("90%", "pass"), ("91%", "fail")):
        bound = standard.bind({"satisfaction-target": target})
        evaluation = rulebook.evaluate(bound, COURTYARD, {"satisfaction": civrules.Ratio(54, 60)})

        assert results(evaluation)["satisfaction"][0] == result


def test_that_every_household_knows_is_a_wish(rulebook: civrules.Rulebook) -> None:
    """57 of 60 households know: that is advice and takes nothing from the score."""
    evaluation = rulebook.evaluate(SHEET, COURTYARD, {"beautified": True, "awareness": civrules.Ratio(57, 60)})

    assert (evaluation.score, results(evaluation)["awareness"][0]) == (Decimal(100), "advice")


def test_every_household_has_a_cadre(rulebook: civrules.Rulebook) -> None:
    """One of three households without a cadre fails the line, and the explanation names it."""
    homes = ("1-101", "1-102", "1-201")
    courtyard = civrules.Community("courtyard", kind="residential", places={"household": homes})
    looks = [civrules.Observation("paired-household", home != "1-102", place=home) for home in homes]
    evaluation = rulebook.evaluate(SHEET, courtyard, looks)

    assert results(evaluation)["paired-household"][0] == "fail"
    assert "1-102" in str(evaluation.explain("en"))


def test_one_stretch_from_mid_march(rulebook: civrules.Rulebook) -> None:
    """The middle of March to the end of April is 11 March to 30 April; the plan names no posts."""
    schedule = rulebook.campaign(PLAN).in_year(2031)

    assert schedule.days("roll-out").periods == (civrules.Period(date(2031, 3, 11), date(2031, 4, 30)),)
    assert schedule.vacant == ()


def test_the_compounds_that_are_not_made_are_named(rulebook: civrules.Rulebook) -> None:
    """Of three compounds two are made by the last day of April; the third is missing the day after."""
    compounds = ("north", "south", "west")
    done = [civrules.Done(on=date(2031, 4, 30), place=name) for name in compounds[:2]]
    progress = tracked(rulebook, "compounds-made", *done, places={"compound": compounds})

    assert [(one.state, one.places) for one in progress.occurrences] == [("missing", ("west",))]
    assert progress.missing == (date(2031, 4, 30),)


def test_a_community_plan_has_three_parts(rulebook: civrules.Rulebook) -> None:
    """A community with a plan and an arrangement that it has not carried out is not done."""
    part = civrules.Done(on=date(2031, 3, 20), items=("计划", "安排"), place="east")
    rest = civrules.Done(on=date(2031, 4, 20), items=("落实",), place="east")
    places = {"community": ("east",)}

    assert tracked(rulebook, "community-plans", part, places=places).occurrences[0].state == "missing"
    assert tracked(rulebook, "community-plans", part, rest, places=places).occurrences[0].state == "done"


@pytest.mark.parametrize(
    "site, task, sources",
    [
        ("unit", "unit-compound-staff", ("居民自筹", "联系单位支持")),
        ("resettlement", "resettlement-staff", ("联系单位支持", "政府支持")),
    ],
)
def test_staff_are_paid_by_kind_of_compound(
    rulebook: civrules.Rulebook, site: str, task: str, sources: tuple[str, ...]
) -> None:
    """Who pays for guards and cleaners depends on the kind of compound; the other kind's rule does not apply."""
    applies = {
        name: tracked(rulebook, name, attributes={"site": site}).applies
        for name in ("unit-compound-staff", "resettlement-staff")
    }

    assert [name for name, holds in applies.items() if holds] == [task]
    assert rulebook.campaign(PLAN).in_year(2031).task(task).funded_by == sources


def test_readings_are_repeated(rulebook: civrules.Rulebook) -> None:
    """Every explanation says that each requirement counts the same."""
    assert "counts the same" in str(rulebook.evaluate(SHEET, COURTYARD, {"lit": True}).explain("en"))


@pytest.mark.parametrize(
    "criterion, value, result",
    [
        ("guards", 2, "pass"),
        ("guards", 1, "fail"),
        ("cleaners", 3, "pass"),
        ("cleaners", 0, "fail"),
        ("paired-unit", 1, "pass"),
        ("paired-unit", 0, "fail"),
        ("awareness", civrules.Ratio(60, 60), "pass"),
        ("awareness", civrules.Ratio(59, 60), "advice"),
        ("community-plan", {"plan": True, "arrangement": True, "carried-out": False}, "fail"),
        ("public-security-in-place", {"body": True, "rules": False}, "partial"),
        ("participation", "fair", "partial"),
    ],
)
def test_either_side_of_a_line(rulebook: civrules.Rulebook, criterion: str, value: Any, result: str) -> None:
    """With two guards and two cleaners asked for, a line passes from its figure on and not below."""
    standard = rulebook.standard(SHEET).bind({"minimum-guards": 2, "minimum-cleaners": 2})

    assert results(rulebook.evaluate(standard, COURTYARD, {criterion: value}))[criterion][0] == result


@pytest.mark.parametrize("criterion", ["guards", "cleaners", "paired-unit"])
@pytest.mark.parametrize("value", [-1, "1.5"])
def test_people_are_counted_whole(rulebook: civrules.Rulebook, criterion: str, value: Any) -> None:
    """Neither a negative number nor one and a half is taken where people or departments are counted."""
    standard = rulebook.standard(SHEET).bind({"minimum-guards": 0, "minimum-cleaners": 0})
    with pytest.raises(civrules.InvalidInput):
        rulebook.evaluate(standard, COURTYARD, {criterion: value})


def test_the_last_day_is_one_to_strive_for(rulebook: civrules.Rulebook) -> None:
    """A compound finished on 30 April is in time, on 1 May late; as the day is a wish, nobody is behind."""
    compounds = {"compound": ("north",)}

    def state(day: date) -> str:
        return (
            tracked(rulebook, "compounds-made", civrules.Done(on=day, place="north"), places=compounds)
            .occurrences[0]
            .state
        )

    assert [state(date(2031, 4, 30)), state(date(2031, 5, 1))] == ["done", "late"]
    town = civrules.Community("town", kind="township", places=compounds)
    behind = rulebook.campaign(PLAN).in_year(2031).behind({}, on=AFTER, community=town)
    assert "compounds-made" not in str(behind)


@pytest.mark.parametrize(
    "sources, use, gap",
    [
        ({"配套资金": 100, "房建节约资金": 25}, [("配套资金", 100)], 0),
        ({"配套资金": 99, "房建节约资金": 25}, [("配套资金", 99), ("房建节约资金", 1)], 0),
        (
            {"配套资金": 60, "房建节约资金": 25, "多渠道筹资": 10},
            [("配套资金", 60), ("房建节约资金", 25), ("多渠道筹资", 10)],
            5,
        ),
    ],
)
def test_the_next_source_only_where_the_one_before_falls_short(
    rulebook: civrules.Rulebook, sources: Mapping[str, int], use: list[tuple[str, int]], gap: int
) -> None:
    """Of 100 needed the second source gives what the first lacks, and what all three lack stays open."""
    funding = rulebook.campaign(PLAN).in_year(2031).task("greening-works").funded(100, sources)

    assert ([(name, int(amount)) for name, amount in funding.use if amount], int(funding.gap)) == (use, gap)


def test_nothing_was_reported(rulebook: civrules.Rulebook) -> None:
    """A courtyard of which nothing was seen has no score, and nothing of it was covered."""
    evaluation = rulebook.evaluate(SHEET, COURTYARD, {})

    assert (evaluation.score, evaluation.coverage) == (None, Decimal(0))

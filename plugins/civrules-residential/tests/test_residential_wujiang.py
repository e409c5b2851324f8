"""Wujiang's plan: what a compound shows, what a town counts, who does what by when, and what follows."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules_residential import plugin

SHEET = "residential/wujiang-compounds"
TOWNS = "residential/wujiang-towns"
PLAN = "residential/wujiang-compounds-plan"
QUARTER = civrules.Period.quarter(2031, 3)
ISSUED = date(2031, 10, 10)
COMPOUND = civrules.Community(
    "lakeside",
    kind="residential",
    locality="320509",
    attributes={"operator": "Lakeside Services", "owners-committee": "committee of Lakeside"},
)
TOWN = civrules.Community("north-town", kind="township", locality="320509")


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin])


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def sheet(rulebook: civrules.Rulebook, **parameters: Any) -> civrules.Standard:
    """The sheet of a compound, with parameters set."""
    return rulebook.standard(SHEET).bind({name.replace("_", "-"): value for name, value in parameters.items()})


def judged(rulebook: civrules.Rulebook, standard: civrules.Standard, seen: Any) -> civrules.Evaluation:
    """The third quarter of a compound."""
    return rulebook.evaluate(standard, COMPOUND, seen, period=QUARTER)


def results(evaluation: civrules.Evaluation) -> dict[str, tuple[str | None, str | None]]:
    """Result and reason of every line of a criterion."""
    return {one.criterion: (one.result, one.reason) for one in evaluation.lines if one.criterion is not None}


def tracked(
    rulebook: civrules.Rulebook, task: str, *done: date | civrules.Done, on: date, **look: Any
) -> civrules.Progress:
    """How a task of the plan of 2031 stands on a day."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    return next(one for one in schedule.progress({task: done}, on=on, **look) if one.task == task)


def followed(
    rulebook: civrules.Rulebook, standard: civrules.Standard, seen: Mapping[str, Any], **known: Any
) -> list[tuple[str, str | None, str]]:
    """What is issued for a compound: the outcome, what, and whom it is for."""
    evaluation = judged(rulebook, standard, seen)
    return [
        (one.outcome, one.what, one.subject) for one in civrules.outcomes(standard, [evaluation], on=ISSUED, **known)
    ]


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Nothing is wrong with the plugin's documents, and whatever lint finds in these has its reason in a reading."""
    documents = (rulebook.standard(SHEET), rulebook.standard(TOWNS), rulebook.campaign(PLAN))

    assert rulebook.problems == ()
    assert [civrules.lint(given) for given in (documents, documents[:2], documents[2:])] == [(), (), ()]


def test_s9_1_party_members_of_a_committee(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S9.1: four of seven is met, two of five is advice, and one member more would meet it."""
    given, expected = scenarios["S9.1"]["given"], scenarios["S9.1"]["expect"]

    def state(party: int, members: int) -> str:
        evaluation = judged(rulebook, sheet(rulebook), {"party-share": civrules.Ratio(party, members)})
        return {"pass": "met", "advice": "advice"}[str(results(evaluation)["party-share"][0])]

    pairs = list(zip(given["party"], given["members"], strict=True))
    more = [next(n for n in count() if state(party + n, members) == "met") for party, members in pairs]
    assert expected["state"] == [state(*pair) for pair in pairs]
    assert expected["shortfall"] == more
    assert expected["pct"] == [round(100 * party / members, 2) for party, members in pairs]


def test_s9_2_every_compound_each_quarter(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S9.2: 39 of 40 compounds inspected is 97.5 %, which falls short; the plan names the one that is missing."""
    given, expected = scenarios["S9.2"]["given"], scenarios["S9.2"]["expect"]
    names = [f"compound-{number}" for number in range(given["compounds"])]
    town = civrules.Community("north-town", kind="township", locality="320509", places={"compound": names})
    done = [civrules.Done(on=date(2031, 8, 5), place=name) for name in names[: given["inspected"]]]
    first = tracked(rulebook, "quarterly-inspection", *done, on=date(2031, 10, 1), community=town).occurrences[0]
    share = civrules.Ratio(given["inspected"], given["compounds"])
    evaluation = rulebook.evaluate(TOWNS, TOWN, {"quarter-inspected": share}, period=QUARTER)

    assert (first.window, list(first.places)) == (QUARTER, names[given["inspected"] :])
    assert expected["missing"] == len(first.places)
    assert expected["pct"] == 100 * (len(names) - len(first.places)) / len(names)
    assert expected["pass_"] is (results(evaluation)["quarter-inspected"][0] == "pass")
    assert expected["pass_"] is (first.state == "done")


def test_s9_3_joint_and_spot_checks(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S9.3: within the year four joint inspections are enough, three spot checks are one short."""
    given, expected = scenarios["S9.3"]["given"], scenarios["S9.3"]["expect"]
    days = {key: [date(2031, 8, 1 + number) for number in range(given[key])] for key in ("joint", "spot")}
    joint = tracked(rulebook, "joint-inspections", *days["joint"], on=date(2032, 1, 1)).occurrences[0]
    spot = tracked(rulebook, "spot-checks", *days["spot"], on=date(2032, 1, 1)).occurrences[0]

    assert joint.window == civrules.Period.year(2031)
    assert expected["joint_ok"] is (joint.state == "done")
    assert (expected["spot_short"], "missing") == (spot.shortfall, spot.state)
    assert (joint.needed, spot.needed) == (given["joint"], given["joint"])


def test_s9_4_next_check_of_notices(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S9.4: a company that checked its notices on 5 July checks them again by 5 September."""
    given, expected = scenarios["S9.4"]["given"], scenarios["S9.4"]["expect"]
    task = rulebook.campaign(PLAN).in_year(2031).task("advert-checks-due")

    assert date.fromisoformat(expected["next_due"]) == task.next_due(date.fromisoformat(given["last"]))


def test_s9_6_a_report_is_answered_in_writing(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S9.6: clutter was spoken about, recorded, reported and enforced; until the written reply the case stays open."""
    given, expected = scenarios["S9.6"]["given"], scenarios["S9.6"]["expect"]
    (case,) = civrules.open_cases(judged(rulebook, sheet(rulebook), {"clutter": 2}), on=date(2031, 10, 1))
    titles = [str(one.title.zh) for one in case.procedure.steps if one.title is not None]
    before = case.add(*(civrules.CaseEvent(kind="done", on=date(2031, 10, 2)) for _ in given["steps"]))
    assert before.step is not None
    assert before.step.title is not None

    assert [*given["steps"], expected["open_step"]] == titles
    assert expected["open_step"] == before.step.title.zh
    assert expected["closed"] is (before.status(on=date(2031, 11, 1)) == "closed")
    assert (given["reply"], before.who) == (False, "enforcement")
    replied = before.add(civrules.CaseEvent(kind="done", on=date(2031, 11, 2), by="enforcement"))
    assert replied.status(on=date(2031, 11, 2)) == "closed"


def test_a_quarter_of_a_compound(rulebook: civrules.Rulebook) -> None:
    """Lights and clutter fail; sorting and two of four facilities hold: 0 + 0 + 1 + 1/2 of four lines, 37.5."""
    four = {"door": True, "lights": False, "lift": True, "barrier-free": False}
    seen = {"stair-lights": civrules.Ratio(199, 200), "clutter": 1, "waste-sorting": True, "four-facilities": four}
    evaluation = judged(rulebook, sheet(rulebook), seen)

    assert (evaluation.score, evaluation.grade) == (Decimal("37.5"), None)
    assert [results(evaluation)[one][0] for one in seen] == ["fail", "fail", "pass", "partial"]


def test_an_inspector_s_table(rulebook: civrules.Rulebook, tmp_path: Path) -> None:
    """Lights and yard in order, two shoe racks, and without a lift two of three facilities: 2 2/3 of 4, 66.67."""
    table = tmp_path / "round.csv"
    table.write_text(
        "community,stair-lights,clutter,stairwell-clutter:shoe-rack,four-facilities:door,four-facilities:lights,"
        "four-facilities:lift,four-facilities:barrier-free\n"
        "lakeside,200/200,0,2,是,是,n/a: no lift,否\n"
        "hillside,100%,0,0,是,是,是,是\n",
        encoding="utf-8",
    )
    read = civrules.read_table(table, sheet(rulebook))
    scored = [
        rulebook.evaluate(SHEET, attrs.evolve(one, locality="320509"), read.observations[one.id], period=QUARTER)
        for one in read.communities
    ]

    assert [(one.community.id, one.score) for one in scored] == [
        ("lakeside", Decimal("66.67")),
        ("hillside", Decimal(100)),
    ]
    assert [one.evaluation.community.id for one in civrules.rank(scored).ranked] == ["hillside", "lakeside"]


def test_approval_counts_in_proportion(rulebook: civrules.Rulebook) -> None:
    """Approval by 249 of 300 residents is 83 % of a line; with a line that passes (1 + 0.83) of 2, 91.5."""
    seen = {"recognition": civrules.Ratio(249, 300), "waste-sorting": True}

    assert judged(rulebook, sheet(rulebook), seen).score == Decimal("91.5")


def test_notices_are_checked_every_two_months(rulebook: civrules.Rulebook) -> None:
    """In the six months from July one of three checks was missed: two thirds of the line, 66.67."""
    evaluation = rulebook.evaluate(
        SHEET,
        COMPOUND,
        {"advert-checks": [date(2031, 7, 5), date(2031, 12, 30)]},
        period=civrules.Period(date(2031, 7, 1), date(2031, 12, 31)),
    )

    assert evaluation.score == Decimal("66.67")


def test_waste_goes_every_day(rulebook: civrules.Rulebook) -> None:
    """Waste was removed on 27 of the 30 days of September: nine tenths."""
    removed = [date(2031, 9, 1) + timedelta(days=number) for number in range(27)]
    month = civrules.Period.month(2031, 9)

    assert rulebook.evaluate(SHEET, COMPOUND, {"daily-removal": removed}, period=month).score == Decimal(90)


def test_what_the_plan_leaves_open_is_not_checked(rulebook: civrules.Rulebook) -> None:
    """Four lines wait for the host's numbers and say so; a bound interval is counted."""
    seen = {
        "facility-checks": [date(2031, 8, 1)],
        "ad-clearing": [date(2031, 8, 1)],
        "appraisal-place": civrules.Ratio(38, 40),
        "appraisal-mark": 70,
    }
    found = results(judged(rulebook, sheet(rulebook), seen))
    bound = sheet(rulebook, facility_check_interval="quarter")

    assert {found[one] for one in seen} == {("not-checked", "parameter-open")}
    assert results(judged(rulebook, bound, seen))["facility-checks"][0] == "pass"


@pytest.mark.parametrize(
    "attributes, seen, result",
    [
        ({}, {"owners-committee": True}, "not-applicable"),
        ({"committee-eligible": True}, {"owners-committee": False}, "fail"),
        ({"committee-hard-to-form": True}, {"committee-or-council": {"committee": False, "council": True}}, "pass"),
        ({"old": True}, {"lift-added": False}, "advice"),
    ],
)
def test_who_a_line_is_for(
    rulebook: civrules.Rulebook, attributes: Mapping[str, bool], seen: Mapping[str, Any], result: str
) -> None:
    """A line for eligible, hard or old compounds is judged there only; a lift is encouraged, so its lack is advice."""
    compound = civrules.Community("c", kind="residential", locality="320509", attributes=attributes)
    evaluation = rulebook.evaluate(SHEET, compound, {**seen, "waste-sorting": True}, period=QUARTER)

    assert results(evaluation)[next(iter(seen))][0] == result


@pytest.mark.parametrize(
    "installer, lead, via",
    [("operator", "operator", None), ("ad-company", "ad-company", "operator"), ("government", "towns", "communities")],
)
def test_a_notice_is_put_right_by_whoever_put_it_up(
    rulebook: civrules.Rulebook, installer: str, lead: str, via: str | None
) -> None:
    """The company answers for its own notices and passes on those of an advertising company and of the town."""
    answers = rulebook.standard(SHEET).responsible("adverts-in-order", {"installer": installer})

    assert answers is not None
    assert (answers.lead, answers.via) == (lead, via)

    evaluation = judged(rulebook, sheet(rulebook), {"adverts-in-order": 1})
    found = {"adverts-in-order": {"installer": installer}}
    (case,) = civrules.open_cases(evaluation, on=date(2031, 10, 1), findings=found)
    case = case.add(civrules.CaseEvent(kind="done", on=date(2031, 10, 2), by="communities"))
    assert case.step is not None
    assert (case.step.id, case.who) == ("clear", lead)


def test_a_place_towards_the_bottom(rulebook: civrules.Rulebook) -> None:
    """Place 38 of 40 is 95 %; with the bottom from 90 % on the company is listed and its head reminded and summoned."""
    standard = sheet(rulebook, bottom_from="90%")
    issued = followed(rulebook, standard, {"appraisal-place": civrules.Ratio(38, 40)})

    assert issued == [
        ("key-supervision", "key-supervision", "Lakeside Services"),
        ("legal-head-summoned", "reminder", "Lakeside Services"),
        ("legal-head-summoned", "legal-head", "Lakeside Services"),
        ("legal-head-summoned", "admonition", "Lakeside Services"),
    ]
    assert followed(rulebook, standard, {"appraisal-place": civrules.Ratio(20, 40)}) == []


def test_places_of_a_ranking_are_handed_in(rulebook: civrules.Rulebook) -> None:
    """Four compounds ranked by their score: the fourth of four is at 100 %, beyond a bottom from 90 %, and listed."""
    standard = sheet(rulebook, bottom_from="90%")
    right = {"waste-sorting": True, "upkeep": True, "fire-lane-signs": True}
    sheets = [{**right, **dict.fromkeys(list(right)[:wrong], False)} for wrong in range(4)]
    compounds = [
        civrules.Community(f"c{number}", kind="residential", locality="320509", attributes={"operator": "Acme"})
        for number in range(4)
    ]
    scored = [
        rulebook.evaluate(standard, one, seen, period=QUARTER) for one, seen in zip(compounds, sheets, strict=True)
    ]
    places = civrules.rank(scored, standard.rankings[0]).as_observations("appraisal-place", "share")
    again = [rulebook.evaluate(standard, one, [places[one.id]], period=QUARTER) for one in compounds]

    assert [results(one)["appraisal-place"][0] for one in again] == ["pass", "pass", "pass", "fail"]
    listed = {one.community for one in civrules.outcomes(standard, again, on=ISSUED) if one.kind == "list"}
    assert listed == {"c3"}


@pytest.mark.parametrize(
    "criterion, seen, procedure, steps",
    [
        ("waste-sorting", False, "inspection", "notify rectify re-check"),
        ("adverts-in-order", 1, "advert", "notify clear re-check"),
        ("stair-lights", civrules.Ratio(1, 2), "facility-repair", "plan repair re-check"),
        ("hazards-left", 1, "hazard-repair", "repair re-check"),
        ("poultry", 1, "dissuade-and-report", "dissuade record report enforce reply"),
        ("fire-lane-blocked", {"blocked": 1}, "parking", "dissuade correct deal"),
    ],
)
def test_each_failing_has_its_way_of_being_put_right(
    rulebook: civrules.Rulebook, criterion: str, seen: Any, procedure: str, steps: str
) -> None:
    """Inspection, notice, repair, hazard, disorder and parked car: each is dealt with as the plan says."""
    (case,) = civrules.open_cases(judged(rulebook, sheet(rulebook), {criterion: seen}), on=date(2031, 10, 1))

    assert (case.criterion, case.procedure.id) == (criterion, procedure)
    assert [one.id for one in case.procedure.steps] == steps.split()


def test_what_is_not_the_company_s_opens_no_case(rulebook: civrules.Rulebook) -> None:
    """A deliberation hall that one of the four parties stays away from falls short, and nobody is told to repair it."""
    hall = {"community": True, "operator": True, "committee": True, "party-members": False}
    evaluation = judged(rulebook, sheet(rulebook), {"deliberation-hall": hall})

    assert results(evaluation)["deliberation-hall"][0] == "fail"
    assert civrules.open_cases(evaluation, on=date(2031, 10, 1)) == ()


def test_an_overdue_repair_is_listed_and_dismissal_suggested(rulebook: civrules.Rulebook) -> None:
    """A repair of ten days that is open after eleven is overdue: key supervision, and a suggestion to the committee."""
    standard = sheet(rulebook, repair_limit="10 days")
    evaluation = judged(rulebook, standard, {"stair-lights": civrules.Ratio(99, 100)})
    (case,) = civrules.open_cases(evaluation, on=date(2031, 9, 28))
    case = case.add(civrules.CaseEvent(kind="done", on=date(2031, 9, 29), step="plan"))
    issued = civrules.outcomes(standard, [evaluation], on=ISSUED, cases={"lakeside": [case.status(on=ISSUED)]})

    assert (case.procedure.id, case.due()) == ("facility-repair", date(2031, 10, 9))
    assert {(one.outcome, one.subject) for one in issued} >= {
        ("key-supervision", "Lakeside Services"),
        ("dismissal-suggested", "committee of Lakeside"),
    }


def test_a_repair_without_a_limit_is_never_overdue(rulebook: civrules.Rulebook) -> None:
    """The plan asks for the shortest time and prints none: until the host sets a limit nothing is due."""
    evaluation = judged(rulebook, sheet(rulebook), {"stair-lights": civrules.Ratio(99, 100)})
    (case,) = civrules.open_cases(evaluation, on=date(2031, 9, 28))
    case = case.add(civrules.CaseEvent(kind="done", on=date(2031, 9, 29), step="plan"))

    assert (case.due(), case.status(on=date(2039, 1, 1))) == (None, "open")


def test_red_and_black_lists(rulebook: civrules.Rulebook) -> None:
    """The bureau says who is on which list; both are published, and whoever is on neither is not."""
    standard = sheet(rulebook)
    issued = {word: followed(rulebook, standard, {"list-standing": word}) for word in ("red", "black", "neither")}

    assert issued == {
        "red": [("red-list", "red-list", "Lakeside Services")],
        "black": [("black-list", "black-list", "Lakeside Services")],
        "neither": [],
    }


def test_the_bonus_has_no_points_until_the_host_sets_them(rulebook: civrules.Rulebook) -> None:
    """A demonstration site earns points in the year-end appraisal, once somebody says how many; the score stays."""
    honours = {"lakeside": {"red-property-site": "held"}}
    evaluation = judged(rulebook, sheet(rulebook), {"waste-sorting": True})
    unset = civrules.outcomes(sheet(rulebook), [evaluation], on=ISSUED, honours=honours)
    bound = sheet(rulebook, demonstration_bonus=2)
    evaluation = judged(rulebook, bound, {"waste-sorting": True})
    given = civrules.outcomes(bound, [evaluation], on=ISSUED, honours=honours)

    assert civrules.Ledger(tuple(unset)).balance("lakeside", on=ISSUED, account="year-end-appraisal") == 0
    assert civrules.Ledger(tuple(given)).balance("lakeside", on=ISSUED, account="year-end-appraisal") == 2
    assert evaluation.score == Decimal(100)


def test_the_police_are_told_of_obstruction(rulebook: civrules.Rulebook) -> None:
    """That clearing was obstructed costs the compound nothing and is told to the police."""
    seen = {"clearing-obstructed": True, "waste-sorting": True}

    assert judged(rulebook, sheet(rulebook), seen).score == Decimal(100)
    assert followed(rulebook, sheet(rulebook), seen) == [("police-told", "clearing-obstructed", "public-security")]


def test_three_phases(rulebook: civrules.Rulebook) -> None:
    """The first ends on 20 July, the second takes over the day after and runs to 30 November, the third has no end."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    days = [date(2031, 7, 20), date(2031, 7, 21), date(2031, 11, 30), date(2031, 12, 1), date(2039, 1, 1)]

    assert [schedule.phases_on(day) for day in days] == [
        ("plan-and-duties",),
        ("rectification",),
        ("rectification",),
        ("consolidation",),
        ("consolidation",),
    ]
    assert (schedule.gaps, schedule.overlaps) == ((), ())


def test_demonstration_sites_are_accepted_in_mid_july(rulebook: civrules.Rulebook) -> None:
    """One of two sites is accepted by 20 July; the other is missing the day after, and publicity waits for it."""
    district = civrules.Community("district", kind="township", places={"demonstration-site": ("east", "west")})
    accepted = civrules.Done(on=date(2031, 7, 15), place="east")
    day = date(2031, 9, 1)
    progress = tracked(rulebook, "site-acceptance", accepted, on=day, community=district)

    assert [(one.due, one.state, one.places) for one in progress.occurrences] == [
        (date(2031, 7, 20), "missing", ("west",))
    ]
    assert tracked(rulebook, "site-publicity", on=day, community=district).occurrences[0].state == "waiting"


def test_a_listed_company_is_appraised_more_often(rulebook: civrules.Rulebook) -> None:
    """Closer appraisal is expected under key supervision only, and how often is the host's to say."""
    listed = civrules.Standing(outcomes={"key-supervision"})
    day = date(2031, 10, 1)
    look = tracked(rulebook, "closer-appraisal", on=day, standing=listed)

    assert not tracked(rulebook, "closer-appraisal", on=day).applies
    assert look.applies
    assert {(one.state, one.why) for one in look.occurrences} == {("undetermined", "closer-interval")}
    monthly = rulebook.campaign(PLAN).bind({"closer-interval": "month"}).in_year(2031)
    company = civrules.Community("company", places={"compound-of-operator": ("lakeside", "hillside")})
    done = [civrules.Done(on=date(2031, 7, 3), place="lakeside")]
    (one,) = (
        one
        for one in monthly.progress({"closer-appraisal": done}, on=day, community=company, standing=listed)
        if one.task == "closer-appraisal"
    )
    assert [(part.state, part.places) for part in one.occurrences[:2]] == [
        ("missing", ("hillside",)),
        ("missing", ("lakeside", "hillside")),
    ]


def test_coverage_of_committees_rises(rulebook: civrules.Rulebook) -> None:
    """The first period has nothing to compare with; from 12 of 40 to 13 of 40 is a rise, staying is not."""
    second = civrules.Period.quarter(2031, 4)
    before = rulebook.evaluate(
        TOWNS, TOWN, {"committee-coverage": civrules.Ratio(12, 40), "quarter-inspected": "100%"}, period=QUARTER
    )
    later = [
        rulebook.evaluate(TOWNS, TOWN, {"committee-coverage": civrules.Ratio(n, 40)}, period=second, previous=before)
        for n in (13, 12)
    ]

    assert results(before)["committee-coverage"][0] == "not-applicable"
    assert [results(one)["committee-coverage"][0] for one in later] == ["pass", "fail"]


def test_old_compounds_all_managed_is_a_wish(rulebook: civrules.Rulebook) -> None:
    """19 of 20 old compounds under management is advice and takes nothing from the town's score."""
    seen = {"old-compounds-managed": civrules.Ratio(19, 20), "quarter-inspected": "100%"}
    evaluation = rulebook.evaluate(TOWNS, TOWN, seen, period=QUARTER)

    assert (evaluation.score, results(evaluation)["old-compounds-managed"][0]) == (Decimal(100), "advice")


@pytest.mark.parametrize(
    "criterion, value, result",
    [
        ("party-share", civrules.Ratio(2, 4), "pass"),
        ("party-share", civrules.Ratio(49, 100), "advice"),
        ("party-share", civrules.Ratio(0, 0), "not-applicable"),
        ("stair-lights", civrules.Ratio(200, 200), "pass"),
        ("stair-lights", "99.9999", "fail"),
        ("written-replies", civrules.Ratio(0, 0), "not-applicable"),
        ("written-replies", civrules.Ratio(4, 5), "fail"),
        ("clutter", 0, "pass"),
        ("vegetable-plots", 1, "fail"),
        ("fire-lane-blocked", {"occupied": 0, "blocked": 0, "closed": 1}, "fail"),
        ("ebikes-on-escape-routes", {"lift-lobby": 1}, "fail"),
        ("charging-in-common-spaces", {}, "pass"),
        ("deliberation-hall", {"community": 1, "operator": 1, "committee": 1, "party-members": 1}, "pass"),
        ("common-areas", {"porch": 1, "stairs": 1, "lift": 0, "windows": 1, "walls": 1}, "partial"),
        ("rails-and-seats", {"rails": True, "seats": False}, "advice"),
    ],
)
def test_either_side_of_a_line(rulebook: civrules.Rulebook, criterion: str, value: Any, result: str) -> None:
    """A half of the committee is enough and less is advice; every light, no clutter, one finding fails the line."""
    assert results(judged(rulebook, sheet(rulebook), {criterion: value}))[criterion][0] == result


def test_a_committee_with_two_of_five(rulebook: civrules.Rulebook) -> None:
    """Two Party members of five are advice: they fail nothing, cost nothing, open no case and bring nothing on."""
    seen = {"party-share": civrules.Ratio(2, 5), "waste-sorting": True}
    evaluation = judged(rulebook, sheet(rulebook), seen)

    assert (evaluation.score, results(evaluation)["party-share"][0]) == (Decimal(100), "advice")
    assert civrules.open_cases(evaluation, on=ISSUED) == ()
    assert followed(rulebook, sheet(rulebook), seen) == []
    assert "业委会党员占比：40%，建议改进" in evaluation.explain(lang="zh").lines


def test_no_count_is_negative(rulebook: civrules.Rulebook) -> None:
    """Every line that counts what must not be there refuses -1."""
    counted = [
        one.id for one in rulebook.standard(SHEET).criteria.values() if getattr(one.measure, "at_most", None) == 0
    ]

    assert len(counted) == 14
    for name in counted:
        with pytest.raises(civrules.InvalidInput):
            judged(rulebook, sheet(rulebook), {name: -1})


@pytest.mark.parametrize(
    "cell, result", [("是", "fail"), ("true", "fail"), ("否", "not-applicable"), ("", "not-applicable")]
)
def test_a_register_says_which_compounds_are_meant(
    rulebook: civrules.Rulebook, tmp_path: Path, cell: str, result: str
) -> None:
    """A clerk's register answers in words whether a compound meets the conditions; nothing said is no."""
    register, table = tmp_path / "register.csv", tmp_path / "table.csv"
    register.write_text(
        f"id,kind,locality,attribute:committee-eligible\nc,residential,320509,{cell}\n", encoding="utf-8"
    )
    table.write_text("community,owners-committee,waste-sorting\nc,否,是\n", encoding="utf-8")
    read = civrules.read_table(table, rulebook.standard(SHEET), communities=register)
    (compound,) = read.communities
    evaluation = rulebook.evaluate(SHEET, compound, read.observations["c"], period=QUARTER)

    assert results(evaluation)["owners-committee"][0] == result


@pytest.mark.parametrize("task", ["joint-inspections", "spot-checks", "yearly-bulletin"])
def test_what_is_yearly_is_due_at_the_end_of_the_year(rulebook: civrules.Rulebook, task: str) -> None:
    """Four joint inspections, four spot checks and a bulletin stand in the calendar of the year that it begins in."""
    (first,) = rulebook.campaign(PLAN).in_year(2031).occurrences(task)

    assert (first.due, first.window) == (date(2031, 12, 31), civrules.Period.year(2031))


def test_nothing_was_reported(rulebook: civrules.Rulebook) -> None:
    """A compound of which nothing was seen has no score, opens no case, and nothing follows."""
    evaluation = judged(rulebook, sheet(rulebook), {})

    assert (evaluation.score, evaluation.coverage) == (None, Decimal(0))
    assert civrules.open_cases(evaluation, on=ISSUED) == ()
    assert followed(rulebook, sheet(rulebook), {}) == []

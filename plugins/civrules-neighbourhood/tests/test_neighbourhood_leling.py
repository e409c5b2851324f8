"""Leling's plan for civilised communities: what is judged, and what is to be done by when."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_neighbourhood import plugin

STANDARD = "neighbourhood/leling-communities"
CAMPAIGN = "neighbourhood/leling-communities-plan"
# February 2027 begins on a Monday and has four whole weeks.
MONDAY = date(2027, 2, 1)
FEBRUARY = civrules.Period.month(2027, 2)
YEAR = civrules.Period.year(2031)
INTERVALS = ("review-interval", "renewal-interval", "posting-interval", "team-interval")


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def inventory(shared: Path) -> Mapping[str, Any]:
    """The inventory of clauses and scenarios."""
    found: Mapping[str, Any] = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return found


def scenario(inventory: Mapping[str, Any], id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a scenario gives and expects."""
    found = next(one for one in inventory["scenarios"] if one["id"] == id)
    return found["given"], found["expect"]


def community(*, managed: bool = True) -> civrules.Community:
    """A community of Leling, with or without a property company."""
    return civrules.Community("c1", kind="neighbourhood", locality="371481", attributes={"property-managed": managed})


def judged(
    rulebook: civrules.Rulebook, seen: Mapping[str, object], *, managed: bool = True, period: civrules.Period = YEAR
) -> civrules.Evaluation:
    """A community judged by what was seen."""
    return rulebook.evaluate(STANDARD, community(managed=managed), seen, period=period)


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of a criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def weekly(given: Mapping[str, Any]) -> list[date]:
    """So many days in each week of February as the scenario says, beginning on Mondays."""
    return [MONDAY + timedelta(7 * week + day) for week, often in enumerate(given["weeks"]) for day in range(often)]


def test_s6_1_a_quarter_green_is_enough(rulebook: civrules.Rulebook, inventory: Mapping[str, Any]) -> None:
    """S6.1: 2500 of 10000 is 25 %, which is enough; 2499 and 2400 are not."""
    given, expected = scenario(inventory, "S6.1")
    found = []
    for green in given["green"]:
        seen = civrules.Ratio(green, given["area"])
        found.append(line(judged(rulebook, {"green-ratio": seen}), "green-ratio").result == "pass")

    assert [Decimal(str(one)) for one in expected["pct"]] == [Decimal(g) * 100 / given["area"] for g in given["green"]]
    assert expected["pass_"] == found


def test_s6_2_a_week_without_activity(rulebook: civrules.Rulebook, inventory: Mapping[str, Any]) -> None:
    """S6.2: three weeks of four have an activity, the month its show: the task is one short, and the line fails."""
    given, expected = scenario(inventory, "S6.2")
    shows = [MONDAY + timedelta(number) for number in range(given["shows"])]
    schedule = rulebook.campaign(CAMPAIGN).in_year(2027)
    done = {"activity-week": weekly(given), "show-month": shows}
    progress = {one.task: one for one in schedule.progress(done, on=date(2027, 3, 1), community=community())}
    weeks, months = (
        [one.state for one in progress[task].occurrences if one.due is not None and one.due in FEBRUARY]
        for task in done
    )
    looks = {"weekly-activity": ";".join(map(str, weekly(given))), "monthly-show": ";".join(map(str, shows))}
    evaluation = judged(rulebook, looks, period=FEBRUARY)
    results = [line(evaluation, criterion).result for criterion in looks]

    assert (expected["weeks_met"], expected["weeks_of"]) == (weeks.count("done"), len(weeks))
    assert expected["show_met"] is (months == ["done"])
    assert expected["show_met"] is (results[1] == "pass")
    assert expected["pass_"] is (results == ["pass", "pass"])


def test_s6_3_a_room_or_an_open_ground(rulebook: civrules.Rulebook, inventory: Mapping[str, Any]) -> None:
    """S6.3: an open ground without a room is enough; neither is not."""
    given, expected = scenario(inventory, "S6.3")
    both = {"room": given["room"], "open-ground": given["open_ground"]}
    neither = dict.fromkeys(both, False)

    assert expected["pass_"] is (line(judged(rulebook, {"room-or-ground": both}), "room-or-ground").result == "pass")
    assert line(judged(rulebook, {"room-or-ground": neither}), "room-or-ground").result == "fail"


def test_a_visit(rulebook: civrules.Rulebook) -> None:
    """1 + 1 + 0 + 2/3 + 0 + 1 + 1/2 + 1 = 31/6 of 8 lines is 64.58; of 64 lines that apply 8 are seen: 0.125."""
    hall = dict.fromkeys(("civility", "relief", "elders", "jobs"), True) | dict.fromkeys(("safety", "science"), False)
    evaluation = judged(
        rulebook,
        {
            "pact": True, "publicity-board": True, "green-ratio": civrules.Ratio(2400, 10000), "hall-services": hall,
            "illegal-building": 1, "greenery": {"occupied": 0}, "tidy": "fair",
            "room-or-ground": {"room": True, "open-ground": False},
        },
        managed=False,
    )  # fmt: skip

    assert (evaluation.score, evaluation.grade) == (Decimal("64.58"), None)
    assert evaluation.coverage == Decimal("0.125")


def test_one_tree_felled_fails_the_line(rulebook: civrules.Rulebook) -> None:
    """The greenery line names its findings, and one of them is enough to fail it."""
    assert line(judged(rulebook, {"greenery": {"destroyed": 1}}), "greenery").result == "fail"


def test_a_wish_that_falls_short_is_advice(rulebook: civrules.Rulebook) -> None:
    """Two of six kinds of shops are advice: no line fails and the score stays what the rest makes it."""
    kinds = ("shopping", "catering", "vegetables", "clinic", "housekeeping", "agency")
    shops = {kind: kind in ("shopping", "clinic") for kind in kinds}
    evaluation = judged(rulebook, {"pact": True, "shops": shops, "good-show": False})

    assert ["advice", "advice"] == [line(evaluation, criterion).result for criterion in ("shops", "good-show")]
    assert evaluation.score == 100


def test_open_intervals_are_not_checked(rulebook: civrules.Rulebook) -> None:
    """What is asked for regularly waits for the host's interval; once it is a month, a month without a review fails."""
    seen = {"moral-reviews": "2031-01-10"}
    standard = rulebook.standard(STANDARD)
    half = civrules.Period(date(2031, 1, 1), date(2031, 2, 28))
    bound = standard.bind(dict.fromkeys(INTERVALS, "month"))
    unset, monthly = (civrules.evaluate(one, community(), seen, period=half) for one in (standard, bound))

    assert {*INTERVALS, "awareness-target", "settling-limit"} == set(standard.open_parameters)
    assert ("not-checked", "parameter-open") == (
        line(unset, "moral-reviews").result, line(unset, "moral-reviews").reason,
    )  # fmt: skip
    assert line(monthly, "moral-reviews").result == "fail"


def test_awareness_has_no_target_until_the_host_sets_one(rulebook: civrules.Rulebook) -> None:
    """With a target of 80 %, 17 of 20 residents are enough; without one 17 of 20 says nothing."""
    standard = rulebook.standard(STANDARD)
    found = [
        line(civrules.evaluate(one, community(), {"awareness": civrules.Ratio(17, 20)}, period=YEAR), "awareness")
        for one in (standard, standard.bind({"awareness-target": "80%"}))
    ]

    assert ["parameter-open", None] == [one.reason for one in found]
    assert ["not-checked", "pass"] == [one.result for one in found]


def test_no_property_company_no_property_lines(rulebook: civrules.Rulebook) -> None:
    """What is asked of property companies does not apply where there is none, neither as a line nor as a task."""
    evaluation = judged(rulebook, {"pact": True}, managed=False)
    schedule = rulebook.campaign(CAMPAIGN).in_year(2031)
    progress = schedule.progress({}, on=date(2031, 12, 31), community=community(managed=False))

    assert {"not-applicable"} == {line(evaluation, one).result for one in ("information-posted", "room-given")}
    assert {"property-services", "post-information"} == {one.task for one in progress if not one.applies}


def test_an_unsettled_conflict_opens_a_case(rulebook: civrules.Rulebook) -> None:
    """A conflict that is not settled becomes a case of the committee; its limit is open, so nothing is overdue."""
    (case,) = civrules.open_cases(judged(rulebook, {"conflicts": False}), on=date(2031, 5, 6))
    taken_up = case.add(civrules.CaseEvent(kind="done", on=date(2031, 5, 7), step="take-up"))

    assert ("settle", "townships") == (case.procedure.id, case.responsible)
    assert "overdue" != taken_up.status(on=date(2039, 1, 1))


def test_who_answers(rulebook: civrules.Rulebook) -> None:
    """Townships lead all that no one else is named for; the reviews are the council's."""
    standard = rulebook.standard(STANDARD)
    pact, reviews = standard.responsible("pact"), standard.responsible("moral-reviews")

    assert pact is not None
    assert reviews is not None
    assert ("townships", "moral-council") == (pact.lead, reviews.lead)


def test_weekend_services_wait_for_their_interval(rulebook: civrules.Rulebook) -> None:
    """Services of weekends and holidays have no interval: undetermined, until the host says every two weeks."""
    campaign = rulebook.campaign(CAMPAIGN)
    unset, every = (
        {one.task: one for one in made.in_year(2031).progress({}, on=date(2031, 12, 31), community=community())}
        for made in (campaign, campaign.bind({"weekend-interval": "2 weeks"}))
    )

    assert ["undetermined"] == [one.state for one in unset["elders-services"].occurrences]
    assert 26 == len(every["elders-services"].occurrences)


def test_one_visit_does_for_a_weekend_service(rulebook: civrules.Rulebook) -> None:
    """A visit alone does for one window of the services for the elderly; the next window is still open or missing."""
    campaign = rulebook.campaign(CAMPAIGN).bind({"weekend-interval": "2 weeks"}).in_year(2031)
    done = {"elders-services": [civrules.Done(on=date(2031, 1, 4), items=["探访"])]}
    progress = campaign.progress(done, on=date(2031, 12, 31), community=community())
    states = next([one.state for one in found.occurrences] for found in progress if found.task == "elders-services")

    assert ["done", "missing"] == states[:2]


def test_moral_affairs_wait_for_the_review(rulebook: civrules.Rulebook) -> None:
    """Moral affairs are settled after the reviews; before one was held they are not expected."""
    campaign = rulebook.campaign(CAMPAIGN).bind({"review-interval": "year"}).in_year(2031)
    on = date(2032, 1, 1)
    before, after = (
        {one.task: one.occurrences[0].state for one in campaign.progress(done, on=on, community=community())}
        for done in ({}, {"moral-review": [date(2031, 6, 1)]})
    )

    assert ("waiting", "missing") == (before["moral-affairs"], after["moral-affairs"])


def test_what_is_not_said_of_the_property_company_applies(rulebook: civrules.Rulebook) -> None:
    """A community of which nobody says whether it has a property company is asked for its space all the same."""
    unsaid = civrules.Community("c1", kind="neighbourhood", locality="371481")
    space = {"room-given": {"space": True, "equipment": False}}
    found = line(rulebook.evaluate(STANDARD, unsaid, space, period=YEAR), "room-given")

    assert ("partial", Decimal("0.5")) == (found.result, found.points)


@pytest.mark.parametrize(
    "criterion, value, result",
    [
        ("green-ratio", "25%", "pass"),
        ("green-ratio", "24.99%", "fail"),
        ("service-coverage", civrules.Ratio(1200, 1200), "pass"),
        ("service-coverage", civrules.Ratio(1199, 1200), "fail"),
        ("tutoring-plans", civrules.Ratio(6, 7), "fail"),
        ("health-files", civrules.Ratio(0, 0), "not-applicable"),
        ("illegal-building", 0, "pass"),
        ("illegal-building", 1, "fail"),
    ],
)
def test_both_sides_of_a_figure(rulebook: civrules.Rulebook, criterion: str, value: object, result: str) -> None:
    """A quarter green is enough; all are all; nobody served asks for no file; one illegal structure is one too many."""
    assert result == line(judged(rulebook, {criterion: value}), criterion).result


def test_ten_co_organisers_support_the_focus_works(rulebook: civrules.Rulebook) -> None:
    """The pact is led by townships and supported by all ten; the green ratio by forestry, whose office it is."""
    standard = rulebook.standard(STANDARD)
    pact, green = standard.responsible("pact"), standard.responsible("green-ratio")

    assert pact is not None
    assert green is not None
    assert (10, ("forestry",)) == (len(pact.support), green.support)

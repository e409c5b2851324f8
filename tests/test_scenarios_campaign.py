"""The scenarios of the plans about phases, cadences, due dates and cases, through the public API.

What is expected is read from the shared inventory; the documents are ours.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from written import DOCUMENTS, criterion, sheet

from civrules import (
    Campaign,
    Case,
    CaseEvent,
    Community,
    Done,
    Observation,
    Period,
    Procedure,
    Progress,
    Schedule,
    Step,
    Text,
    evaluate,
    load_campaign,
    open_cases,
)
from civrules.authoring.documents import loads, parsed

PLANS = DOCUMENTS / "campaigns" / "plans"
HEAD = """
[campaign]
id = "example/plan"
version = "1"
title = { zh = "方案", en = "A plan" }
kinds = ["residential"]
"""


def plan(*tasks: str, head: str = "") -> Campaign:
    """A campaign of these tasks: (keys of the table) without title."""
    tables = "".join(f'\n[[task]]\ntitle = {{ zh = "任务", en = "A task" }}\n{task}\n' for task in tasks)
    return parsed(f"{HEAD}{head}\n{tables}").campaign()


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def day(text: str) -> date:
    """A day as the inventory writes it."""
    return date.fromisoformat(text)


def of(progress: tuple[Progress, ...], task: str) -> Progress:
    """The progress of one task."""
    return next(one for one in progress if one.task == task)


def lengths(schedule: Schedule, one: str, other: str) -> int:
    """How many days two phases share."""
    shared = next(days for left, right, days in schedule.overlaps if (left, right) == (one, other))
    assert shared.first is not None
    assert shared.last is not None
    return (shared.last - shared.first).days + 1


def test_s1_1_three_broadcasts_a_week(scenarios: Mapping[str, Any]) -> None:
    """S1.1: of four weeks with 3, 4, 2 and 3 broadcasts the third is one short."""
    scenario = scenarios["S1.1"]
    given, expected = scenario["given"], scenario["expect"]
    campaign = plan(
        'id = "broadcast"\ncadence = { per = "week", at_least = 3 }\nper_unit = "village"',
        head='first = "09-01"\nlast = "09-28"',
    )
    village = Community("township", places={"village": [given["village"]]})
    monday = date(2031, 9, 1)
    done = [
        Done(on=monday + timedelta(days=7 * week + number), place=given["village"])
        for week, often in enumerate(given["weeks"])
        for number in range(often)
    ]
    (progress,) = campaign.in_year(2031).progress({"broadcast": done}, on=date(2031, 9, 30), community=village)

    assert expected["met_weeks"] == len(progress.done)
    assert expected["failed_weeks"] == [
        number for number, one in enumerate(progress.occurrences, 1) if one.state == "missing"
    ]
    assert expected["shortfall"] == sum(one.shortfall for one in progress.occurrences)
    assert [(given["village"],)] == [one.places for one in progress.occurrences if one.places]


def test_s3_2_funding_in_order(scenarios: Mapping[str, Any]) -> None:
    """S3.2: 100 are needed: 60 and 25 are taken whole, 15 of the last 50, and nothing is left open."""
    given, expected = scenarios["S3.2"]["given"], scenarios["S3.2"]["expect"]
    names = ", ".join(f'"{name}"' for name, _ in given["sources"])
    (task,) = plan(f'id = "works"\nfunded_by = [{names}]').tasks
    funding = task.funded(given["need"], dict(given["sources"]))

    assert [(name, Decimal(amount)) for name, amount in expected["use"]] == list(funding.use)
    assert expected["gap"] == funding.gap


def test_s4_1_every_monday_for_three_months(scenarios: Mapping[str, Any]) -> None:
    """S4.1: from 3 March there are 14 Mondays in three months; 12 sessions leave 2 missing."""
    pytest.importorskip("dateutil")
    given, expected = scenarios["S4.1"]["given"], scenarios["S4.1"]["expect"]
    campaign = plan('id = "session"\ncadence = { rule = "FREQ=WEEKLY;BYDAY=MO" }', head='lasts = "3 months"')
    schedule = campaign.in_year(start=day(given["start"]))
    mondays = [one.window.first for one in schedule.occurrences("session")]
    (progress,) = schedule.progress(
        {"session": [monday for monday in mondays[: given["held"]] if monday]}, on=day(given["end_excl"])
    )

    assert schedule.whole.last == day(given["end_excl"]) - timedelta(days=1)
    assert (expected["expected"], expected["missing"]) == (len(progress.expected), len(progress.missing))


def test_s6_2_weekly_activity_and_monthly_show(scenarios: Mapping[str, Any]) -> None:
    """S6.2: three of four weeks have an activity, the month has its show; so not all is done."""
    given, expected = scenarios["S6.2"]["given"], scenarios["S6.2"]["expect"]
    campaign = plan(
        'id = "activity"\ncadence = { per = "week" }',
        'id = "show"\ncadence = { per = "month" }',
        head='first = "02"\nlast = "02"',
    )
    monday = date(2027, 2, 1)
    done = {
        "activity": [
            monday + timedelta(days=7 * week + number)
            for week, often in enumerate(given["weeks"])
            for number in range(often)
        ],
        "show": [monday] * given["shows"],
    }
    progress = campaign.in_year(2027).progress(done, on=date(2027, 3, 1))
    activity, show = of(progress, "activity"), of(progress, "show")

    assert (expected["weeks_met"], expected["weeks_of"]) == (len(activity.done), len(activity.expected))
    assert expected["show_met"] is (show.done == show.expected)
    assert expected["pass_"] is not any(one.missing for one in progress)


def test_s7_1_fuzzy_dates(scenarios: Mapping[str, Any]) -> None:
    """S7.1: ten-day terms make phases of days; 15 August lies in two, which share ten days."""
    given, expected = scenarios["S7.1"]["given"], scenarios["S7.1"]["expect"]
    schedule = load_campaign(PLANS / "community-four-phases.toml").in_year(given["year"])

    assert expected["phases"] == [list(schedule.phases_on(day(text))) for text in given["dates"]]
    assert expected["overlap_days"] == lengths(schedule, "ph3", "ph4")
    assert ["phases-overlap"] == [note.code for note in schedule.notes]


def test_s8_3_every_two_and_three_weeks(scenarios: Mapping[str, Any]) -> None:
    """S8.3: 92 days hold six whole fortnights and four whole three weeks."""
    given, expected = scenarios["S8.3"]["given"], scenarios["S8.3"]["expect"]
    campaign = plan(
        'id = "inspection"\ncadence = { per = "2 weeks" }\nphase = "ph1"',
        'id = "mutual"\ncadence = { per = "3 weeks" }\nphase = "ph1"',
        head='\n[[phase]]\nid = "ph1"\ntitle = { zh = "整治", en = "Rectification" }\nfirst = "08"\nlast = "10"',
    )
    schedule = campaign.in_year(day(given["start"]).year)

    assert (Period(day(given["start"]), day(given["end"])),) == schedule.days("ph1").periods
    assert expected["inspections"] == len(schedule.occurrences("inspection"))
    assert expected["mutual"] == len(schedule.occurrences("mutual"))


def test_s9_2_all_compounds_every_quarter(scenarios: Mapping[str, Any]) -> None:
    """S9.2: 39 of 40 compounds inspected in the quarter: 97.5 %, one is missing, and it is named."""
    given, expected = scenarios["S9.2"]["given"], scenarios["S9.2"]["expect"]
    names = [f"C{number}" for number in range(given["compounds"])]
    campaign = plan('id = "inspection"\ncadence = { per = "quarter" }\nper_unit = "compound"')
    done = [Done(on=date(2031, 2, 1), place=name) for name in names[: given["inspected"]]]
    (progress,) = campaign.in_year(2031).progress(
        {"inspection": done}, on=date(2031, 4, 1), community=Community("d", places={"compound": names})
    )
    first = progress.occurrences[0]

    assert expected["missing"] == len(first.places)
    assert names[given["inspected"] :] == list(first.places)
    assert expected["pass_"] is (first.state == "done")
    assert expected["pct"] == 100 * (given["compounds"] - len(first.places)) / given["compounds"]


def test_s9_3_joint_and_spot_checks(scenarios: Mapping[str, Any]) -> None:
    """S9.3: four joint checks in the year are enough, three spot checks are one short."""
    given, expected = scenarios["S9.3"]["given"], scenarios["S9.3"]["expect"]
    campaign = plan(*(f'id = "{name}"\ncadence = {{ per = "year", at_least = 4 }}' for name in ("joint", "spot")))
    done = {name: [date(2031, 1, 1 + number) for number in range(given[name])] for name in ("joint", "spot")}
    progress = campaign.in_year(2031).progress(done, on=date(2032, 1, 1))

    assert expected["joint_ok"] is (of(progress, "joint").occurrences[0].state == "done")
    assert expected["spot_short"] == of(progress, "spot").occurrences[0].shortfall


def test_s9_4_every_two_months_from_the_last(scenarios: Mapping[str, Any]) -> None:
    """S9.4: last checked on 5 July, next due on 5 September."""
    given, expected = scenarios["S9.4"]["given"], scenarios["S9.4"]["expect"]
    (task,) = plan('id = "adverts"\ncadence = { per = "2 months" }').tasks

    assert day(expected["next_due"]) == task.next_due(day(given["last"]))


def test_s9_6_escalation_ends_with_a_written_reply(scenarios: Mapping[str, Any]) -> None:
    """S9.6: dissuaded, recorded, reported, enforced; without the reply the case stays open."""
    given, expected = scenarios["S9.6"]["given"], scenarios["S9.6"]["expect"]
    titles = [*given["steps"], expected["open_step"]]
    procedure = Procedure(
        id="chain",
        title=Text(zh="处置"),
        steps=[Step(id=f"s{number}", title=Text(zh=title)) for number, title in enumerate(titles)],
    )
    case = Case.opened(procedure, on=date(2031, 3, 1), community="compound")
    case = case.add(*(CaseEvent(kind="done", on=date(2031, 3, 2)) for _ in given["steps"]))

    assert case.step is not None
    assert Text(zh=expected["open_step"]) == case.step.title
    assert expected["closed"] is (case.status(on=date(2031, 4, 1)) == "closed")
    assert given["reply"] is False


def test_s10_20_report_by_the_tenth(scenarios: Mapping[str, Any]) -> None:
    """S10.20: each quarter's report is due on the tenth of the next month; 11 April is one day late."""
    given, expected = scenarios["S10.20"]["given"], scenarios["S10.20"]["expect"]
    schedule = plan('id = "report"\ncadence = { per = "quarter" }\ndue = "10 days"').in_year(2031)
    occurrences = schedule.occurrences("report")
    submitted = day(given["submitted"])
    (progress,) = schedule.progress({"report": [Done(on=submitted, window="2031-Q1")]}, on=submitted)

    assert [day(text) for text in given["quarter_ends"]] == [one.window.last for one in occurrences]
    assert [day(text) for text in expected["due"]] == [one.due for one in occurrences]
    assert expected["late_days_q1"] == progress.occurrences[0].days_late
    assert (day(expected["due"][0]),) == progress.late


def test_s10_25_weekly_check_and_monthly_bulletin(scenarios: Mapping[str, Any]) -> None:
    """S10.25: three inspections in four weeks, one bulletin in the month: one inspection is missing."""
    given, expected = scenarios["S10.25"]["given"], scenarios["S10.25"]["expect"]
    campaign = plan(
        'id = "inspection"\ncadence = { per = "week" }',
        'id = "bulletin"\ncadence = { per = "month" }',
        head='first = "02"\nlast = "02"',
    )
    monday = date(2027, 2, 1)
    done = {
        "inspection": [monday + timedelta(days=7 * week) for week in range(given["inspections"])],
        "bulletin": [monday] * given["bulletins"],
    }
    progress = campaign.in_year(2027).progress(done, on=date(2027, 3, 1))

    assert given["weeks"] == len(of(progress, "inspection").expected)
    assert expected["missing_inspections"] == len(of(progress, "inspection").missing)
    assert expected["missing_bulletins"] == len(of(progress, "bulletin").missing)


def test_s11_2_festivals(scenarios: Mapping[str, Any]) -> None:
    """S11.2: of five festivals three were held; two are open: 60 %."""
    given, expected = scenarios["S11.2"]["given"], scenarios["S11.2"]["expect"]
    names = ", ".join(f'"{name}"' for name in given["required"])
    schedule = plan(f'id = "festivals"\nitems = [{names}]').in_year(2031)
    (progress,) = schedule.progress(
        {"festivals": [Done(on=date(2031, 10, 1), items=given["done"])]}, on=date(2031, 12, 1)
    )
    (only,) = progress.occurrences

    assert expected["open"] == list(only.items)
    assert expected["pct"] == 100 * (len(given["required"]) - len(only.items)) / len(given["required"])


def test_s12_1_phase_lookup(scenarios: Mapping[str, Any]) -> None:
    """S12.1: a day in two phases, days in none, and a phase without days; each is noted."""
    given, expected = scenarios["S12.1"]["given"], scenarios["S12.1"]["expect"]
    schedule = load_campaign(PLANS / "living-quarters.toml").in_year(given["year"])

    assert expected["phases"] == [list(schedule.phases_on(day(text))) for text in given["dates"]]
    assert (Period(date(2031, 10, 26), date(2031, 10, 31)),) == schedule.gaps
    assert [("undated", "ph3"), ("phases-overlap", "ph4, ph5"), ("phases-gap", None)] == [
        (note.code, note.value) for note in schedule.notes
    ]


def test_s12_2_notices_and_re_checks(scenarios: Mapping[str, Any]) -> None:
    """S12.2: of 20 households 3 fail and get a notice; 2 pass the re-check, 1 case stays open."""
    given, expected = scenarios["S12.2"]["given"], scenarios["S12.2"]["expect"]
    households = [f"H{number}" for number in range(given["households"])]
    standard = loads(
        sheet(
            criterion("tidy", more='per_unit = "household"\nprocedure = "repair"'),
            tables='\n[[procedure]]\nid = "repair"\ntitle = { en = "Repair" }\n'
            'steps = [{ id = "notify" }, { id = "repair", within = "1 week" }, { id = "re-check" }]\n',
        )
    )
    looks = [
        Observation("tidy", number >= given["failed"], place=household) for number, household in enumerate(households)
    ]
    evaluation = evaluate(standard, Community("quarters", places={"household": households}), looks)
    cases = open_cases(evaluation, on=date(2031, 10, 21))
    notified = [case.add(CaseEvent(kind="done", on=date(2031, 10, 21), step="notify")) for case in cases]
    done = [
        case.add(*(CaseEvent(kind="done", on=date(2031, 10, 25), step=step) for step in ("repair", "re-check")))
        for case in notified[: given["rechecked_ok"]]
    ]
    standing = [case.status(on=date(2031, 10, 26)) for case in (*done, *notified[given["rechecked_ok"] :])]

    assert expected["notices"] == len(cases)
    assert expected["first_ok"] == len(households) - len(cases)
    assert expected["open"] == standing.count("open")


def test_s12_3_ledger(scenarios: Mapping[str, Any]) -> None:
    """S12.3: 48 of 50 households entered: 96 %, two are missing."""
    given, expected = scenarios["S12.3"]["given"], scenarios["S12.3"]["expect"]
    households = [f"H{number}" for number in range(given["households"])]
    schedule = load_campaign(PLANS / "living-quarters.toml").in_year(2031)
    done = [Done(on=date(2031, 10, 21), place=name) for name in households[: given["entered"]]]
    progress = schedule.progress(
        {"ledger": done}, on=date(2031, 10, 26), community=Community("q", places={"household": households})
    )
    (only,) = of(progress, "ledger").occurrences

    assert expected["missing"] == len(only.places)
    assert expected["pct"] == 100 * (len(households) - len(only.places)) / len(households)


def test_s13_3_masked_month(scenarios: Mapping[str, Any]) -> None:
    """S13.3: without the month there is no due date, and a note says so; once the host fills it there is."""
    scenario = scenarios["S13.3"]
    campaign = load_campaign(PLANS / "school-masked-month.toml")
    schedule = campaign.in_year(2031)
    (progress,) = schedule.progress({}, on=date(2039, 12, 31))
    (only,) = progress.occurrences

    assert scenario["expect"]["due"] == only.state
    assert (None, "last-month") == (only.due, only.why)
    assert () == (*progress.missing, *progress.late, *progress.expected)
    assert [("undetermined", scenario["given"]["phase"])] == [(note.code, note.value) for note in schedule.notes]

    filled = campaign.in_year(2031, dates={"ph3": Period.month(2031, 12)})
    bound = campaign.bind({"last-month": "12"}).in_year(2031)

    assert date(2031, 12, 31) == filled.occurrences("commend")[0].due == bound.occurrences("commend")[0].due


def test_s15_2_one_year(scenarios: Mapping[str, Any]) -> None:
    """S15.2: a year from 1 September ends on 31 August, that day included."""
    given, expected = scenarios["S15.2"]["given"], scenarios["S15.2"]["expect"]
    campaign = plan(head='lasts = "1 year"')

    assert day(expected["end"]) == campaign.in_year(start=day(given["start"])).whole.last
    assert "start" == campaign.in_year(2031).whole.why

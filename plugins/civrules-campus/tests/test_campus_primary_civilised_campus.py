"""A primary school's civilised campus: the school, its classes, and the year of its campaign."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules import CaseEvent, Community, Done, Observation, Period, Ratio
from civrules_campus import plugin

SCHOOL = "campus/primary-civilised-campus"
CLASS = "campus/primary-class"
YEAR = "campus/primary-class-year"
PLAN = "campus/primary-civilised-campus-plan"
MONDAY = date(2031, 9, 1)
WEEK = Period(MONDAY, date(2031, 9, 7))
DAYS = [MONDAY + timedelta(days=number) for number in range(5)]
CALENDAR = civrules.Calendar({"school-day": DAYS})


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
    return Community("school", kind="campus", locality="3607", places=places)


def judged(rulebook: civrules.Rulebook, seen: Any, where: Community | None = None) -> civrules.Evaluation:
    """The school in the first week of September."""
    return rulebook.evaluate(SCHOOL, where or school(), seen, period=WEEK, calendar=CALENDAR)


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of one criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def progress(schedule: civrules.Schedule, task: str, done: list[Any], **more: Any) -> civrules.Progress:
    """How one task stands; nobody recorded anything of the others."""
    found = schedule.progress({task: done}, **{"on": date(2031, 12, 31), **more})
    return next(one for one in found if one.task == task)


def class_week(rulebook: civrules.Rulebook, name: str, failed: Mapping[str, int], week: Period) -> civrules.Evaluation:
    """A class in a week of five rounds, in which so many checks of a matter were failed."""
    assert week.first is not None
    days = [week.first + timedelta(days=number) for number in range(5)]
    matters = ("discipline", "hygiene", "attendance", "exercises")
    looks = [
        Observation(matter, number >= failed.get(matter, 0), at=day)
        for matter in matters
        for number, day in enumerate(days)
    ]
    return rulebook.evaluate(CLASS, Community(name, kind="class", parent="school"), looks, period=week)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has no problem, and lint finds nothing in the school, the class, the year and the campaign."""
    assert rulebook.problems == ()
    assert {SCHOOL, CLASS, YEAR} <= {one.id for one in rulebook.standards()}
    assert [] == [str(one) for one in civrules.lint([rulebook.standard(one) for one in (SCHOOL, CLASS, YEAR)])]
    assert [] == [str(one) for one in civrules.lint([rulebook.standard(SCHOOL), rulebook.campaign(PLAN)])]


def test_s13_1_duty_roster(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S13.1: two cadres are enough; with 10 teachers where 11 are needed the third day is missing, 4 of 5 days hold."""
    given, expected = scenarios["S13.1"]["given"], scenarios["S13.1"]["expect"]
    evaluation = judged(
        rulebook,
        {"duty-cadres": given["cadres_week"], "duty-teachers": dict(zip(DAYS, given["teachers"], strict=True))},
    )
    schedule = rulebook.campaign(PLAN).in_year(2031, calendar=CALENDAR)
    done = [Done(on=day) for day, often in zip(DAYS, given["teachers"], strict=True) for _ in range(often)]
    days = progress(schedule, "teachers-on-duty", done)

    assert expected["cadre_ok"] is (line(evaluation, "duty-cadres").result == "pass")
    assert Decimal("0.8") == line(evaluation, "duty-teachers").points
    assert expected["days_failed"] == [
        number for number, one in enumerate(days.occurrences, 1) if one.state == "missing"
    ]


def test_s13_2_teacher_pupil_pairs(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S13.2: 44 of 45 teachers have a partner, 97.78 %: the line fails, and the one without is named."""
    given, expected = scenarios["S13.2"]["given"], scenarios["S13.2"]["expect"]
    names = [f"T{number}" for number in range(given["teachers"])]
    looks = [Observation("teacher-pairs", number < given["partnered"], place=one) for number, one in enumerate(names)]
    evaluation = judged(rulebook, looks, school(teacher=names))
    schedule = rulebook.campaign(PLAN).in_year(2031)
    done = [Done(on=MONDAY, place=one) for one in names[: given["partnered"]]]
    (pairs,) = progress(schedule, "pair-up", done, community=school(teacher=names)).occurrences

    assert line(evaluation, "teacher-pairs").result == "fail"
    assert "short at: T44" in str(evaluation.explain("en"))
    assert (("T44",), expected["missing"]) == (pairs.places, len(pairs.places))
    assert Decimal(str(expected["pct"])) == round(Decimal(100 * (len(names) - len(pairs.places))) / len(names), 2)


def test_s13_3_masked_month(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S13.3: while the month is masked the summary is undetermined; set to December it is due on the 31st."""
    expected = scenarios["S13.3"]["expect"]
    campaign = rulebook.campaign(PLAN)
    schedule = campaign.in_year(2031)
    (only,) = progress(schedule, "acceptance", [], on=date(2039, 12, 31)).occurrences

    assert (expected["due"], None, "summary-month") == (only.state, only.due, only.why)
    assert [("undetermined", "summary")] == [
        (note.code, note.value) for note in schedule.notes if note.where == ("phase",)
    ]
    assert date(2031, 12, 31) == campaign.bind({"summary-month": "12"}).in_year(2031).occurrences("acceptance")[0].due
    assert [] == [one for one in civrules.lint([campaign]) if one.code == "parameter-unset"]


def test_s13_4_handbooks(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S13.4: 800 of 800 pupils have the handbook, which passes; 799 would not."""
    given, expected = scenarios["S13.4"]["given"], scenarios["S13.4"]["expect"]
    evaluation = judged(rulebook, {"handbooks": Ratio(given["handbooks"], given["pupils"])})
    one_short = judged(rulebook, {"handbooks": Ratio(given["handbooks"] - 1, given["pupils"])})

    assert expected["pass_"] is (line(evaluation, "handbooks").result == "pass")
    assert expected["pct"] == 100 * given["handbooks"] / given["pupils"]
    assert line(one_short, "handbooks").result == "fail"


def test_requirements_count_the_same(rulebook: civrules.Rulebook) -> None:
    """Held 3 of 4 fixed points (0.75), a good effect (1), no counselling room (0): 1.75 of 3 is 58.33."""
    fixed = {"place": True, "time": True, "speaker": True, "topic": False}
    evaluation = judged(rulebook, {"four-fixed": fixed, "pairs-effect": "good", "counselling-room": False})

    assert evaluation.score == Decimal("58.33")
    assert evaluation.grade is None


def test_one_side_alone_does_not_decide(rulebook: civrules.Rulebook) -> None:
    """Decisions by the leaders without the staff give nothing: both sides are one requirement."""
    evaluation = judged(rulebook, {"two-sided-decisions": {"leaders": True, "staff": False}})

    assert line(evaluation, "two-sided-decisions").result == "fail"


def test_a_ride_on_a_motorbike_empties_the_line(rulebook: civrules.Rulebook) -> None:
    """One finding is enough: the prohibition knows no second chance."""
    seen = judged(rulebook, {"unsafe-rides": {"motorbike": 1}})
    none = judged(rulebook, {"unsafe-rides": {"motorbike": 0}})

    assert (Decimal(0), Decimal(1)) == (line(seen, "unsafe-rides").points, line(none, "unsafe-rides").points)


def test_prize_papers_wait_for_a_number(rulebook: civrules.Rulebook) -> None:
    """How many papers are “many” is open: unset nothing is checked, with 4 set three are advice and cost nothing."""
    seen = {"prize-papers": 3, "counselling-room": True}
    unset = judged(rulebook, seen)
    bound = rulebook.standard(SCHOOL).bind({"least-prize-papers": 4})
    short = civrules.evaluate(bound, school(), seen, period=WEEK, calendar=CALENDAR)

    assert "parameter-open" == line(unset, "prize-papers").reason
    assert ("advice", Decimal(100)) == (line(short, "prize-papers").result, short.score)


def test_another_number_of_teachers_on_duty(rulebook: civrules.Rulebook) -> None:
    """A school that reads “more than ten” as 13 finds 4 of the 5 days of S13.1 short."""
    bound = rulebook.standard(SCHOOL).bind({"least-duty-teachers": 13})
    seen = {"duty-teachers": dict(zip(DAYS, (11, 12, 10, 11, 13), strict=True))}
    evaluation = civrules.evaluate(bound, school(), seen, period=WEEK, calendar=CALENDAR)

    assert Decimal("0.2") == line(evaluation, "duty-teachers").points


def test_what_depends_on_the_calendar_waits_for_it(rulebook: civrules.Rulebook) -> None:
    """Nobody but the school knows its terms: without a calendar a report each term is not checked."""
    evaluation = rulebook.evaluate(SCHOOL, school(), {"law-report": [MONDAY], "counselling-room": True}, period=WEEK)

    assert ("not-checked", "no-calendar") == (
        line(evaluation, "law-report").result,
        line(evaluation, "law-report").reason,
    )


def test_weak_work_is_criticised(rulebook: civrules.Rulebook) -> None:
    """Recorded weak work brings a circular, and every evaluation enters the year-end appraisal."""
    weak = judged(rulebook, [Observation("weak-work", True, at=MONDAY), Observation("counselling-room", True)])
    well = judged(rulebook, {"counselling-room": True})
    follow = [
        [one.what for one in civrules.outcomes(rulebook.standard(SCHOOL), [each], on=date(2031, 9, 8))]
        for each in (weak, well)
    ]

    assert [["criticism", "year-end-appraisal"], ["year-end-appraisal"]] == follow


def test_a_problem_is_put_right(rulebook: civrules.Rulebook) -> None:
    """A blind spot opens a case: noticed by the office, mended within the days that the school sets."""
    bound = rulebook.standard(SCHOOL).bind({"repair-limit": "7 days"})
    evaluation = civrules.evaluate(bound, school(), {"blind-spots": 1}, period=WEEK, calendar=CALENDAR)
    (case,) = civrules.open_cases(evaluation, on=date(2031, 9, 8))
    noticed = case.add(CaseEvent(kind="done", on=date(2031, 9, 8), by="office"))

    assert date(2031, 9, 15) == noticed.due()
    assert "overdue" == noticed.status(on=date(2031, 9, 16))
    assert (escalation := noticed.escalation(on=date(2031, 9, 16))) is not None
    assert "leading-group" == escalation.to


def test_without_a_limit_nothing_is_overdue(rulebook: civrules.Rulebook) -> None:
    """The plan prints no limit: until the school sets one the case stays open."""
    (case,) = civrules.open_cases(judged(rulebook, {"blind-spots": 1}), on=date(2031, 9, 8))
    noticed = case.add(CaseEvent(kind="done", on=date(2031, 9, 8), by="office"))

    assert (None, "open") == (noticed.due(), noticed.status(on=date(2039, 1, 1)))


def test_phases_of_a_year(rulebook: civrules.Rulebook) -> None:
    """April mobilises, May to November carry out; the first days of December lie in no phase."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    days = [date(2031, 4, 30), date(2031, 5, 1), date(2031, 11, 30), date(2031, 12, 1)]

    assert [("mobilisation",), ("implementation",), ("implementation",), ()] == [
        schedule.phases_on(day) for day in days
    ]


def test_four_documents_in_april(rulebook: civrules.Rulebook) -> None:
    """Three of the four documents by the end of April: the task is missing, and the open one is named."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    done = [Done(on=date(2031, 4, 20), items=["校园方案", "中队评比方案", "行为准则"])]
    (only,) = progress(schedule, "draw-up-documents", done, on=date(2031, 5, 1)).occurrences

    assert ("missing", ("乘车倡议",), date(2031, 4, 30)) == (only.state, only.items, only.due)


def test_papers_every_month_from_april_to_november(rulebook: civrules.Rulebook) -> None:
    """Eight months, each due on its last day, whatever month the summary turns out to be."""
    occurrences = rulebook.campaign(PLAN).in_year(2031).occurrences("monthly-papers")

    assert (8, date(2031, 4, 30), date(2031, 11, 30)) == (len(occurrences), occurrences[0].due, occurrences[-1].due)


def test_reports_wait_for_their_interval(rulebook: civrules.Rulebook) -> None:
    """“Regularly” is no interval: undetermined until the school sets it, then once a quarter that lies within."""
    campaign = rulebook.campaign(PLAN)
    (only,) = progress(campaign.in_year(2031), "progress-reports", []).occurrences
    quarterly = campaign.bind({"report-interval": "quarter"}).in_year(2031)

    assert ("undetermined", "report-interval") == (only.state, only.why)
    assert [date(2031, 6, 30), date(2031, 9, 30)] == [one.due for one in quarterly.occurrences("progress-reports")]


def test_no_flag_is_raised_in_the_vacation(rulebook: civrules.Rulebook) -> None:
    """A term of four whole weeks expects four Mondays: with one missed and none in the vacation, one is missing."""
    calendar = civrules.Calendar({"term": [Period(MONDAY, date(2031, 9, 28))]})
    schedule = rulebook.campaign(PLAN).in_year(2031, calendar=calendar)
    raised = progress(schedule, "flag-raising-weekly", [date(2031, 9, day) for day in (1, 8, 22)])

    assert (4, 3) == (len(raised.expected), len(raised.done))
    assert ["undetermined"] == [
        one.state for one in progress(rulebook.campaign(PLAN).in_year(2031), "flag-raising-weekly", []).occurrences
    ]


def test_posts_are_for_the_school_to_fill(rulebook: civrules.Rulebook) -> None:
    """No name is kept: every post is vacant until the school says who holds it."""
    campaign = rulebook.campaign(PLAN)
    posts = {f"leading-group:{post}" for post in ("head", "deputy", "members")} | {"office:director"}

    assert posts == set(campaign.in_year(2031).vacant)
    assert posts - {"office:director"} == set(campaign.in_year(2031, holders={"office:director": "X"}).vacant)


def test_a_week_of_a_class(rulebook: civrules.Rulebook) -> None:
    """Hygiene failed on 1 of 5 days, exercises on 2: (1 + 0.8 + 1 + 0.6) / 4 is 85."""
    evaluation = class_week(rulebook, "3-2", {"hygiene": 1, "exercises": 2}, WEEK)

    assert Decimal(85) == evaluation.score


def test_the_class_of_the_year(rulebook: civrules.Rulebook) -> None:
    """Weeks of 100 and 85 make 92.5, of 95 and 90 the same, of 100 and 90 make 95: the one seat goes to that class."""
    weeks = (WEEK, Period(date(2031, 9, 8), date(2031, 9, 14)))
    failed: dict[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
        "3-1": ({}, {"hygiene": 1, "exercises": 2}),
        "3-2": ({"hygiene": 1}, {"discipline": 2}),
        "3-3": ({}, {"attendance": 2}),
    }
    weekly = [
        class_week(rulebook, name, missed, week)
        for name, both in failed.items()
        for week, missed in zip(weeks, both, strict=True)
    ]
    standard = rulebook.standard(YEAR).bind({"civilised-classes": 1, "reward-amount": 200})
    period = Period(MONDAY, date(2031, 9, 14))
    seen = civrules.compose(standard, weekly, period=period)
    yearly = [
        civrules.evaluate(standard, Community(name, kind="class", parent="school"), looks, period=period)
        for name, looks in seen.items()
    ]
    follow = civrules.outcomes(standard, yearly, on=date(2031, 12, 31))

    assert {"3-1": Decimal("92.5"), "3-2": Decimal("92.5"), "3-3": Decimal(95)} == {
        one.community.id: one.score for one in yearly
    }
    assert [("3-3", "civilised-class"), ("3-3", "reward")] == [(one.community, one.what) for one in follow]


def test_a_week_without_checks_is_passed_over(rulebook: civrules.Rulebook) -> None:
    """Three weeks, of which the second has no checks: the mean of 100 and 90 is 95, not 63.33."""
    weekly = [
        class_week(rulebook, "3-3", missed, Period(first, first + timedelta(days=6)))
        for first, missed in ((MONDAY, {}), (MONDAY + timedelta(days=14), {"attendance": 2}))
    ]
    standard = rulebook.standard(YEAR)
    period = Period(MONDAY, date(2031, 9, 21))
    (looks,) = civrules.compose(standard, weekly, period=period).values()

    assert Decimal(95) == civrules.evaluate(standard, Community("3-3"), looks, period=period).score


def test_what_is_wrong_in_part_is_put_right_too(rulebook: civrules.Rulebook) -> None:
    """A day with ten teachers on duty, and research without its speaker, open cases; weak work brings a circular."""
    seen = {
        "duty-teachers": dict(zip(DAYS, (11, 12, 10, 11, 13), strict=True)),
        "four-fixed": {"place": True, "time": True, "speaker": False, "topic": True},
        "weak-work": True,
    }
    cases = civrules.open_cases(judged(rulebook, seen), on=date(2031, 9, 8))

    assert ["four-fixed", "duty-teachers"] == [one.criterion for one in cases]


def test_the_honours_of_the_year_are_two(rulebook: civrules.Rulebook) -> None:
    """Three honours are printed, one of them twice: without the readings lint says that one is missing."""
    standard = attrs.evolve(rulebook.standard(SCHOOL), readings=())
    found = [one for one in civrules.lint([standard]) if one.code == "set-size" and one.value == 3]

    assert any("honours-of-the-year" in str(one.where) for one in found)


def test_the_appraisal_is_that_of_staff(rulebook: civrules.Rulebook) -> None:
    """The result enters the year-end appraisal of staff, not of the school."""
    issued = civrules.outcomes(
        rulebook.standard(SCHOOL), [judged(rulebook, {"counselling-room": True})], on=date(2031, 12, 31)
    )

    assert [("record", "staff")] == [(one.kind, one.subject) for one in issued]

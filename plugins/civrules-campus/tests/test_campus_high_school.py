"""The year of a senior high school: its standard, the honours within the school, and its plan."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules_campus import plugin

YEAR = "campus/high-school-year"
HONOURS = "campus/high-school-honours"
PLAN = "campus/high-school-year-plan"
SCHOOL = civrules.Community("school", kind="campus", locality="330327", places={"teacher": ["t1", "t2", "t3"]})
IN_2031 = civrules.Period.year(2031)
ISSUED = date(2032, 1, 9)


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def candidate(name: str, *honours: str, kind: str = "class") -> civrules.Community:
    """Who is put forward for honours."""
    return civrules.Community(
        name, kind=kind, locality="330327", parent="school", attributes={"nominated-for": honours}
    )


def appraised(
    rulebook: civrules.Rulebook,
    name: str,
    points: int,
    *events: str,
    honour: str = "civilised-class",
    kind: str = "class",
) -> civrules.Evaluation:
    """A candidate's year: a mark, and what happened."""
    seen: dict[str, object] = {"points": points, **dict.fromkeys(events, True)}
    return rulebook.evaluate(HONOURS, candidate(name, honour, kind=kind), seen, period=IN_2031)


def awarded(rulebook: civrules.Rulebook, *given: civrules.Evaluation) -> dict[str, list[str]]:
    """Who was given which honour."""
    found: dict[str, list[str]] = {}
    for one in civrules.outcomes(rulebook.standard(HONOURS), given, on=ISSUED):
        found.setdefault(str(one.what), []).append(one.community)
    return found


LIMITED = """
[standard]
id = "campus/high-school-honours-limited"
version = "1"
title = { zh = "限额评优", en = "Honours with seats" }
effective = { first = 2031-01-01 }
source = { document = "Minutes of the school" }
extends = "campus/high-school-honours@1"

[[amend]]
of = "award-civilised-class"
seats = 1
"""
"""What a school writes that has one seat for a civilised class."""


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of a criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def progress_of(schedule: civrules.Schedule, task: str, *days: civrules.Done, on: date) -> civrules.Progress:
    """How a task stands on a day with these records."""
    return next(one for one in schedule.progress({task: list(days)}, on=on) if one.task == task)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has nothing to complain about, and lint finds nothing in the three documents."""
    assert rulebook.problems == ()
    assert civrules.lint([rulebook.standard(YEAR), rulebook.standard(HONOURS), rulebook.campaign(PLAN)]) == ()


def test_every_clause_is_carried_once(rulebook: civrules.Rulebook, shared: Path) -> None:
    """Each of the 121 clauses of the plan is cited, and nothing is cited that the plan does not have."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    clauses = {one["id"] for plan in inventory["plans"] if plan["id"] == 2 for one in plan["clauses"]}
    texts = [civrules.dump(rulebook.standard(YEAR)), civrules.dump(rulebook.standard(HONOURS))]
    texts.append(civrules.dump(rulebook.campaign(PLAN)))

    assert clauses == {word for text in texts for word in text.split('"') if word.startswith("p2.")}


def test_s2_1_the_veto_takes_a_class_out(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S2.1: of two classes the one with a safety event is left out of the selection, whatever its points."""
    given, expected = scenarios["S2.1"]["given"], scenarios["S2.1"]["expect"]
    classes = [
        appraised(rulebook, name.replace(" ", "-"), one["points"], *([one["event"]] if one["event"] else []))
        for name, one in given["candidates"].items()
    ]
    by_name = {one.community.id: name for one, name in zip(classes, given["candidates"], strict=True)}

    assert expected["awarded"] == [by_name[one] for one in awarded(rulebook, *classes)["civilised-class"]]
    assert expected["vetoed"] == [by_name[one.community.id] for one in classes if one.ineligible]


def test_the_school_sees_which_veto_it_was(rulebook: civrules.Rulebook) -> None:
    """The evaluation names the gate, both languages say so, and the outcome notes who was left out."""
    safety, population = (appraised(rulebook, one, 98, one) for one in ("safety", "family-planning"))

    assert (("no-honour-safety",), ("no-honour-family-planning",)) == (safety.gates, population.gates)
    assert "No honour of any kind: safety" in str(safety.explain(lang="en"))
    assert "安全问题，取消一切评选资格" in str(safety.explain(lang="zh"))
    issued = civrules.outcomes(rulebook.standard(HONOURS), [safety], on=ISSUED)
    assert ("left-out", "safety") in [(note.code, note.value) for note in issued.notes]
    assert [(safety, "ineligible")] == list(civrules.rank([safety]).apart)


def test_an_event_of_last_year_is_no_veto(rulebook: civrules.Rulebook) -> None:
    """What happened before the selection's year does not count."""
    looks = [civrules.Observation("points", 90), civrules.Observation("safety", True, at=date(2030, 12, 30))]
    evaluation = rulebook.evaluate(HONOURS, candidate("c", "civilised-class"), looks, period=IN_2031)

    assert ((), False) == (evaluation.gates, evaluation.ineligible)


def test_a_veto_holds_for_every_honour(rulebook: civrules.Rulebook) -> None:
    """An office and a pupil with an event have no honour either."""
    office = appraised(rulebook, "o", 99, "safety", honour="civilised-office", kind="office")
    pupil = appraised(rulebook, "p", 99, "family-planning", honour="ten-best-pupils", kind="pupil")

    assert {} == awarded(rulebook, office, pupil)


def test_ten_best_pupils_are_ten(rulebook: civrules.Rulebook) -> None:
    """Of twelve pupils with 99 down to 88 points, and the third vetoed, the other ten best have the title."""
    events: dict[int, tuple[str, ...]] = {2: ("safety",)}
    pupils = [
        appraised(rulebook, f"p{n:02}", 99 - n, *events.get(n, ()), honour="ten-best-pupils", kind="pupil")
        for n in range(12)
    ]

    assert [f"p{n:02}" for n in range(11) if n != 2] == sorted(awarded(rulebook, *pupils)["ten-best-pupils"])


def test_every_candidate_is_awarded_but_where_the_school_limits_it(rulebook: civrules.Rulebook, tmp_path: Path) -> None:
    """No number is printed: both classes have the honour; a school with one seat gives it to the better."""
    classes = [appraised(rulebook, "a", 95), appraised(rulebook, "b", 91)]
    file = tmp_path / "limited.toml"
    file.write_text(LIMITED, encoding="utf-8")
    limited = rulebook.load(file)
    again = [rulebook.evaluate(limited, one.community, one.observations, period=IN_2031) for one in classes]

    assert {"civilised-class": ["a", "b"]} == awarded(rulebook, *classes)
    assert ["a"] == [one.community for one in civrules.outcomes(limited, again, on=ISSUED)]


def test_s2_2_an_honour_is_printed_twice(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S2.2: the catalogue announces 19 honours and has 18; lint says so, and the reading names the duplicate."""
    given, expected = scenarios["S2.2"]["given"], scenarios["S2.2"]["expect"]
    standard = rulebook.standard(HONOURS)
    (catalogue,) = (one for one in standard.sets if one.id == "honours-within")
    (reading,) = (one for one in standard.readings if one.at == "honours-within")
    found = [one for one in civrules.lint([attrs.evolve(standard, readings=())]) if one.code == "set-size"]

    assert (given["printed"], given["distinct"]) == (catalogue.declared, len(set(catalogue.members)))
    assert [(given["printed"], str(given["distinct"]))] == [(one.value, one.expected) for one in found]
    assert expected["duplicate"] in catalogue.members
    assert expected["duplicate"] in str(reading.text.zh)
    assert {one.title.zh for one in standard.honours} == set(catalogue.members)


def test_a_look_at_a_few_requirements(rulebook: civrules.Rulebook) -> None:
    """Two of three titles, the plan of the year, and a fair sense of mission: (2/3 + 1 + 1/2) / 3 = 72.22 of 100.

    Three of the 66 requirements that count were looked at: coverage 3/66 = 0.0454.
    """
    titles = {"model-speciality-school": True, "speciality-brand-school": True, "model-digital-campus": False}
    seen = {"titles-of-the-year": titles, "year-plan": True, "sense-of-mission": "fair"}
    evaluation = rulebook.evaluate(YEAR, SCHOOL, seen, period=IN_2031)

    assert (Decimal("72.22"), Decimal("0.0454")) == (evaluation.score, evaluation.coverage)


def test_half_an_hour_of_exercise_is_advice(rulebook: civrules.Rulebook) -> None:
    """The hour a day is a call: half of it is advice and costs nothing."""
    evaluation = rulebook.evaluate(YEAR, SCHOOL, {"year-plan": True, "daily-exercise": "0.5"}, period=IN_2031)

    assert (Decimal(100), "advice") == (evaluation.score, line(evaluation, "daily-exercise").result)


def test_intervals_and_thresholds_that_are_not_printed(rulebook: civrules.Rulebook) -> None:
    """Exhibitions and satisfaction are not checked until the school sets what they are measured by."""
    seen = {"exhibitions": "2031-05-10;2031-11-20", "public-satisfaction": 88}
    evaluation = rulebook.evaluate(YEAR, SCHOOL, seen, period=IN_2031)
    bound = rulebook.standard(YEAR).bind({"exhibition-interval": "half-year", "satisfaction-minimum": 90})
    set_by_school = rulebook.evaluate(bound, SCHOOL, seen, period=IN_2031)

    assert ["parameter-open"] * 2 == [line(evaluation, one).reason for one in seen]
    assert ["pass", "fail"] == [line(set_by_school, one).result for one in seen]


@pytest.mark.parametrize("criterion, enough", [("village-partner", 1), ("army-partners", 2), ("exchange-partners", 7)])
def test_partners_are_counted(rulebook: civrules.Rulebook, criterion: str, enough: int) -> None:
    """As many partners as the plan lists are enough, one fewer is not."""
    results = [
        line(rulebook.evaluate(YEAR, SCHOOL, {criterion: number}, period=IN_2031), criterion).result
        for number in (enough, enough - 1)
    ]

    assert ["pass", "fail"] == results


def test_every_teacher_has_a_plan(rulebook: civrules.Rulebook) -> None:
    """Where one of three teachers has no plan of growth the line fails, and a case is opened for that one."""
    looks = [civrules.Observation("growth-plan", name != "t2", place=name) for name in ("t1", "t2", "t3")]
    evaluation = rulebook.evaluate(YEAR, SCHOOL, looks, period=IN_2031)
    (case,) = civrules.open_cases(evaluation, on=date(2031, 12, 31))

    assert ("fail", "t2", "correct") == (line(evaluation, "growth-plan").result, case.place, case.procedure.id)


def test_a_shortcoming_has_the_limit_that_the_school_sets(rulebook: civrules.Rulebook) -> None:
    """Told on 2 March, with a month to correct: due on 2 April; without a limit nothing is due."""
    standard = rulebook.standard(YEAR)
    due = []
    for one in (standard, standard.bind({"correction-time": "1 month"})):
        evaluation = rulebook.evaluate(one, SCHOOL, {"ledger": False}, period=IN_2031)
        (case,) = civrules.open_cases(evaluation, on=date(2031, 3, 1))
        due.append(case.add(civrules.CaseEvent(kind="done", on=date(2031, 3, 2), by="creation-office")).due())

    assert [None, date(2031, 4, 2)] == due


def test_a_strategy_is_shown_and_never_judged(rulebook: civrules.Rulebook) -> None:
    """A principle that is not followed changes nothing."""
    evaluation = rulebook.evaluate(YEAR, SCHOOL, {"year-plan": True, "two-strategies": False}, period=IN_2031)

    assert (Decimal(100), "informational") == (evaluation.score, line(evaluation, "two-strategies").result)


def test_the_half_years_have_their_tasks(rulebook: civrules.Rulebook) -> None:
    """The rules are due by the end of June, the exchange programme and the partner schools by the end of the year."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    due = {
        task: [one.due for one in schedule.occurrences(task)]
        for task in ("revise-rules", "exchange-programme", "partner-schools")
    }

    assert {
        "revise-rules": [date(2031, 6, 30)],
        "exchange-programme": [date(2031, 12, 31)],
        "partner-schools": [date(2031, 12, 31)],
    } == due


def test_the_schools_calendar_dates_the_summer(rulebook: civrules.Rulebook) -> None:
    """Without the calendar the summer's work has no day; with it, it is due on the vacation's last day."""
    campaign = rulebook.campaign(PLAN)
    vacation = civrules.Period(date(2031, 7, 5), date(2031, 8, 31))
    months = [civrules.Period(date(2031, month, 1), date(2031, month, 30)) for month in (4, 9)]
    calendar = civrules.Calendar({"summer-vacation": [vacation], "theme-period": months})
    open_, dated = campaign.in_year(2031), campaign.in_year(2031, calendar=calendar)

    assert ("undetermined", "summer") in [(note.code, note.value) for note in open_.notes]
    assert [date(2031, 8, 31)] == [one.due for one in dated.occurrences("summer-curriculum")]
    assert [date(2031, 4, 30), date(2031, 9, 30)] == [one.due for one in dated.occurrences("theme-months")]


def test_one_of_two_contests_is_enough(rulebook: civrules.Rulebook) -> None:
    """The county's women's volleyball is one event or the other; of the leagues of eight schools both are wanted."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    volleyball = civrules.Done(on=date(2031, 5, 4), items=["first-contest"])
    league = civrules.Done(on=date(2031, 5, 4), items=["mens-basketball"])

    assert 1 == len(progress_of(schedule, "volleyball", volleyball, on=ISSUED).done)
    assert 1 == len(progress_of(schedule, "eight-school-leagues", league, on=ISSUED).missing)


def test_a_festival_that_was_left_out(rulebook: civrules.Rulebook) -> None:
    """Four of five festivals leave the year's festivals missing, and the fifth is named."""
    schedule = rulebook.campaign(PLAN).in_year(2031)
    held = [
        civrules.Done(on=date(2031, month, 20), items=[name])
        for month, name in ((4, "reading"), (5, "arts"), (10, "sports"), (11, "science"))
    ]
    (year,) = progress_of(schedule, "festivals", *held, on=ISSUED).occurrences

    assert ("missing", ("clubs",)) == (year.state, year.items)


def test_who_does_what(rulebook: civrules.Rulebook) -> None:
    """The union leads the staff's contests, the leading group plans, and what names nobody goes to the offices."""
    tasks = {one.id: one.responsible for one in rulebook.campaign(PLAN).tasks}
    leads = {name: getattr(tasks[name], "lead", None) for name in ("volleyball", "plan-activities", "class-visits")}

    assert {"volleyball": "trade-union", "plan-activities": "leading-group", "class-visits": "offices"} == leads

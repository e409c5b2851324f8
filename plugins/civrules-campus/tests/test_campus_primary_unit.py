"""A primary school on its way to the county's title: its standard, the selections within it, and its plan."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_campus import plugin

UNIT = "campus/primary-civilised-unit"
SELECTIONS = "campus/primary-school-selections"
PLAN = "campus/primary-civilised-unit-plan"
SCHOOL = civrules.Community("school", kind="campus")
IN_2031 = civrules.Period.year(2031)
ISSUED = date(2032, 1, 9)
TALKS = ("civility", "honesty", "development", "competence", "quality", "results")

CONTENTS: tuple[Mapping[str, object], ...] = (
    {"moral-practice": True, "skills-trained": civrules.Ratio(60, 60), "post-exercises": True},
    {"congress-rules": True, "rules-revised": True, "appraisal-rules": True, "lasting-mechanism": True},
    {
        "law-and-safety": {"law": True, "safety": True},
        "pupil-codes": {"code": True, "norms": True, "regulations": True},
        "habits": "good",
    },
    {"five-talks": dict.fromkeys(TALKS, True)},
    {"ethics-education": True},
    {"results-publicised": {"inside": True, "outside": True}},
    {"culture-activities": True},
    {"three-isms": {"patriotism": True, "collectivism": True, "socialism": True}, "civil-habits": "good"},
    {
        "four-kinds": {"school": True, "office": True, "class": True, "person": True},
        "regular-check": [date(2031, 5, 20), date(2031, 12, 2)],
        "selection-held": True,
    },
)
"""What is seen of each of the nine contents when all of it is done."""


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def undone(value: object) -> object:
    """The same requirement, of which nothing was done."""
    if isinstance(value, Mapping):
        return dict.fromkeys(value, False)
    if isinstance(value, list):
        return []
    if isinstance(value, civrules.Ratio):
        return civrules.Ratio(0, 60)
    return "poor" if isinstance(value, str) else False


def nine(done: int) -> dict[str, object]:
    """What is seen when so many of the nine contents are done, and of the others nothing."""
    kept = {name: value for content in CONTENTS[:done] for name, value in content.items()}
    return kept | {name: undone(value) for content in CONTENTS[done:] for name, value in content.items()}


def half_yearly(rulebook: civrules.Rulebook) -> civrules.Standard:
    """The standard of a school that checks every half-year."""
    return rulebook.standard(UNIT).bind({"check-interval": "half-year"})


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of a criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def selected(rulebook: civrules.Rulebook, unit: str, performance: str, *honours: str) -> list[tuple[str, str | None]]:
    """What follows for an office, a grade, a class or a person whose work is so."""
    community = civrules.Community("c", kind=unit, parent="school", attributes={"unit": unit, "nominated-for": honours})
    evaluation = rulebook.evaluate(SELECTIONS, community, {"performance": performance}, period=IN_2031)
    issued = civrules.outcomes(rulebook.standard(SELECTIONS), [evaluation], on=ISSUED)
    return sorted((one.kind, one.what) for one in issued)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has nothing to complain about, and lint finds nothing in the three documents."""
    assert rulebook.problems == ()
    assert civrules.lint([rulebook.standard(UNIT), rulebook.standard(SELECTIONS), rulebook.campaign(PLAN)]) == ()


def test_every_clause_is_carried(rulebook: civrules.Rulebook, shared: Path) -> None:
    """Each of the 47 clauses of the plan is cited, and nothing is cited that the plan does not have."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    clauses = {one["id"] for plan in inventory["plans"] if plan["id"] == 14 for one in plan["clauses"]}
    texts = [civrules.dump(rulebook.standard(one)) for one in (UNIT, SELECTIONS)]
    texts.append(civrules.dump(rulebook.campaign(PLAN)))

    assert clauses == {word for text in texts for word in text.split('"') if word.startswith("p14.")}


@pytest.mark.parametrize("start", [None, date(2031, 1, 1), date(2031, 9, 1)])
def test_s14_1_the_selection_of_the_year(
    rulebook: civrules.Rulebook, scenarios: Mapping[str, Any], start: date | None
) -> None:
    """S14.1: done on 28 December is within the year, whenever the school's own year began."""
    given, expected = scenarios["S14.1"]["given"], scenarios["S14.1"]["expect"]
    campaign = rulebook.campaign(PLAN)
    schedule = campaign.in_year(given["year"]) if start is None else campaign.in_year(start=start)
    done = {"year-end-selection": [date.fromisoformat(given["done"])]}
    progress = next(one for one in schedule.progress(done, on=ISSUED) if one.task == "year-end-selection")

    assert expected["met"] is (progress.done == progress.expected and not progress.late)


def test_a_year_without_a_selection(rulebook: civrules.Rulebook) -> None:
    """On the last day of the year the selection is still to come; on the next day it is missing."""
    schedule = rulebook.campaign(PLAN).in_year(start=date(2031, 1, 1))
    missing = [
        "year-end-selection" in [one.task for one in schedule.progress({}, on=day) if one.missing]
        for day in (date(2031, 12, 31), date(2032, 1, 1))
    ]

    assert [False, True] == missing


def test_s14_2_nine_contents(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S14.2: of nine contents seven are done and two are not: 7/9 is 77.78 of 100, two sections have nothing."""
    given, expected = scenarios["S14.2"]["given"], scenarios["S14.2"]["expect"]
    evaluation = rulebook.evaluate(half_yearly(rulebook), SCHOOL, nine(given["done"]), period=IN_2031)
    contents = next(one for one in half_yearly(rulebook).sections if one.id == "contents")
    failing = {one.section for one in evaluation.lines if one.criterion and one.result == "fail"}

    assert given["of"] == len(contents.sections)
    assert Decimal(str(expected["pct"])) == evaluation.score
    assert expected["missing"] == len(failing)


def test_each_content_counts_the_same(rulebook: civrules.Rulebook) -> None:
    """One of three requirements of the first content left undone costs a third of a ninth: 100 - 100/27 = 96.30."""
    seen = nine(9) | {"post-exercises": False}

    assert rulebook.evaluate(half_yearly(rulebook), SCHOOL, seen, period=IN_2031).score == Decimal("96.30")


def test_one_offence_fails_the_line(rulebook: civrules.Rulebook) -> None:
    """Every member of staff is to keep the law: none is a pass, one a fail, for which a case is opened."""
    none, one = (rulebook.evaluate(UNIT, SCHOOL, {"offences": number}, period=IN_2031) for number in (0, 1))

    assert ("pass", "fail") == (line(none, "offences").result, line(one, "offences").result)
    assert ["solve"] == [case.procedure.id for case in civrules.open_cases(one, on=ISSUED)]


def test_calls_are_advice(rulebook: civrules.Rulebook) -> None:
    """That everyone knows, and the aim itself, are striven for: falling short leaves the score as it is."""
    seen = {"study-plan": True, "awareness": "87%", "new-step": "poor", "late-marriage": False}
    evaluation = rulebook.evaluate(UNIT, SCHOOL, seen, period=IN_2031)

    assert evaluation.score == Decimal(100)
    assert ["advice"] * 3 == [line(evaluation, one).result for one in seen if one != "study-plan"]


def test_inspections_without_an_interval(rulebook: civrules.Rulebook) -> None:
    """Until the school says how often, inspections are not checked; quarterly, three of four fall short."""
    seen = {"inspections": "2031-02-10;2031-05-10;2031-08-10"}
    quarterly = rulebook.standard(UNIT).bind({"inspection-interval": "quarter"})

    assert line(rulebook.evaluate(UNIT, SCHOOL, seen, period=IN_2031), "inspections").reason == "parameter-open"
    assert line(rulebook.evaluate(quarterly, SCHOOL, seen, period=IN_2031), "inspections").result == "fail"


def test_the_year_begins_when_the_school_says(rulebook: civrules.Rulebook) -> None:
    """From 1 September the year ends on 31 August, and training is due then; without a start it has no day."""
    campaign = rulebook.campaign(PLAN)

    assert [date(2032, 8, 31)] == [one.due for one in campaign.in_year(start=date(2031, 9, 1)).occurrences("training")]
    assert "undetermined" in [note.code for note in campaign.in_year(2031).notes]


def test_intervals_of_tasks_are_set_by_the_school(rulebook: civrules.Rulebook) -> None:
    """Moral education every quarter makes four expected times in a year from 1 January."""
    campaign = rulebook.campaign(PLAN).bind({"moral-interval": "quarter"})

    assert 4 == len(campaign.in_year(start=date(2031, 1, 1)).occurrences("three-morals"))


def test_vacant_posts_of_the_leading_group(rulebook: civrules.Rulebook) -> None:
    """Nobody is named in the plan: three posts are vacant until the school fills them."""
    campaign = rulebook.campaign(PLAN)
    vacant = [
        sum(note.code == "vacant-post" for note in campaign.in_year(start=date(2031, 9, 1), holders=held).notes)
        for held in ({}, {"leading-group:head": "the principal"})
    ]

    assert [3, 2] == vacant


def test_praise_and_reward(rulebook: civrules.Rulebook) -> None:
    """A class that does well is praised and rewarded, one that does badly criticised; both are published."""
    assert [("award", "reward"), ("notice", "praise"), ("publish", "comparison")] == selected(rulebook, "class", "good")
    assert [("notice", "criticism"), ("publish", "comparison")] == selected(rulebook, "class", "poor")


def test_the_reward_has_the_amount_that_the_school_sets(rulebook: civrules.Rulebook) -> None:
    """No amount is printed; with 500 set, 500 it is."""
    standard = rulebook.standard(SELECTIONS)
    office = civrules.Community("o", kind="office", attributes={"unit": "office"})
    amounts = []
    for one in (standard, standard.bind({"reward-amount": 500})):
        evaluation = rulebook.evaluate(one, office, {"performance": "good"}, period=IN_2031)
        issued = civrules.outcomes(one, [evaluation], on=ISSUED)
        amounts += [effect.amount for effect in issued if effect.what == "reward"]

    assert [None, Decimal(500)] == amounts


def test_appraisal_and_selection_of_staff(rulebook: civrules.Rulebook) -> None:
    """Staff have their work entered twice; the title goes to one put forward, not to one whose work is poor."""
    entered = [("record", "day-to-day-appraisal"), ("record", "year-end-appraisal")]
    fair, poor = (selected(rulebook, "staff", work, "civilised-staff") for work in ("fair", "poor"))

    assert [("award", "civilised-staff"), ("publish", "comparison"), *entered] == fair
    assert [("notice", "criticism"), ("publish", "comparison"), *entered] == poor


def test_persons_are_praised_or_criticised(rulebook: civrules.Rulebook) -> None:
    """A pupil who sets a good example is praised, one of bad conduct criticised; a fair one is neither."""
    published = ("publish", "comparison")

    assert [("notice", "praise"), published] == selected(rulebook, "pupil", "good")
    assert [("notice", "criticism"), published] == selected(rulebook, "pupil", "poor")
    assert [published] == selected(rulebook, "pupil", "fair")


def test_what_an_inspection_found_is_closed_when_solved(rulebook: civrules.Rulebook) -> None:
    """Told on 1 March with a limit of ten days, it is due on the 11th; solved, the case is closed."""
    bound = rulebook.standard(UNIT).bind({"solve-within": "10 days"})
    evaluation = rulebook.evaluate(
        bound, SCHOOL, {"surroundings": dict.fromkeys(("hygiene", "offices", "classrooms"), False)}, period=IN_2031
    )
    (case,) = civrules.open_cases(evaluation, on=date(2031, 3, 1))
    told = case.add(civrules.CaseEvent(kind="done", on=date(2031, 3, 1), step="notify"))
    solved = told.add(civrules.CaseEvent(kind="done", on=date(2031, 3, 9), step="solve"))

    assert (date(2031, 3, 11), "functional-offices") == (told.due(), told.who)
    assert "closed" == solved.status(on=date(2031, 3, 9))

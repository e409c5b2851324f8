"""A township before an inspection: seven measures out of fourteen, talks on the air, windows, a school."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules_municipal import plugin

STANDARD = "municipal/township-preparation"
PLAN = "municipal/township-preparation-plan"
MONDAY = date(2031, 9, 1)
WEEKS = tuple(MONDAY + timedelta(days=7 * number) for number in range(4))
LAST = WEEKS[-1] + timedelta(days=6)
SEPTEMBER = civrules.Period(WEEKS[0], LAST)
VILLAGES = {"village": ["V1", "V2"], "window": ["W1"]}


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="module")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def talks(weeks: list[int]) -> list[date]:
    """The days of so many talks in each of the four weeks."""
    return [
        monday + timedelta(days=number) for monday, often in zip(WEEKS, weeks, strict=True) for number in range(often)
    ]


def line(evaluation: civrules.Evaluation, criterion: str) -> civrules.Line:
    """The line of one criterion."""
    return next(one for one in evaluation.lines if one.criterion == criterion)


def test_the_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """Neither the book nor lint has anything to complain about."""
    assert rulebook.problems == ()
    assert civrules.lint([rulebook.standard(STANDARD), rulebook.campaign(PLAN)]) == ()


def test_s1_1_three_talks_a_week(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S1.1: of four weeks with 3, 4, 2 and 3 talks the third is one short, in the village that is behind."""
    given, expected = scenarios["S1.1"]["given"], scenarios["S1.1"]["expect"]
    village = civrules.Community("township", kind="township", places={"village": [given["village"]]})
    done = [civrules.Done(on=day, place=given["village"]) for day in talks(given["weeks"])]
    schedule = rulebook.campaign(PLAN).in_year(2031)
    progress = schedule.progress({"broadcast": done}, on=LAST, community=village)
    talk = next(one for one in progress if one.task == "broadcast")
    weeks = [one for one in talk.occurrences if one.window.first in WEEKS]

    assert expected["met_weeks"] == [one.state for one in weeks].count("done")
    assert expected["failed_weeks"] == [number for number, one in enumerate(weeks, 1) if one.state != "done"]
    assert expected["shortfall"] == sum(one.shortfall for one in weeks)


def test_s1_2_fourteen_announced_seven_listed(rulebook: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S1.2: without the readings lint finds the set that lacks seven of its fourteen members."""
    given, expected = scenarios["S1.2"]["given"], scenarios["S1.2"]["expect"]
    standard = rulebook.standard(STANDARD)
    announced = next(one for one in standard.sets if one.id == "fourteen-requirements")
    found = civrules.lint([attrs.evolve(standard, readings=())])

    assert (given["declared"], given["listed"]) == (announced.declared, len(announced.members))
    assert expected["missing"] == given["declared"] - len(announced.carried)
    assert any(one.code == "set-size" and "fourteen-requirements" in str(one.where) for one in found)


def test_the_clerk_enters_four_weeks(rulebook: civrules.Rulebook, tmp_path: Path) -> None:
    """V1 met 3 of 4 weeks (0.75), W1 shows 2 of 3 things, the window is staffed, there was a fight.

    (3/4 + 2/3 + 1 + 0) of 4 points is 60.41666…, so 60.42 of 100; 4 of 22 points were looked at: 0.1818.
    """
    rows = ["community,criterion,item,value,place,at"]
    rows += [f"t,broadcasts,,{';'.join(map(str, talks([3, 4, 2, 3])))},V1,"]
    rows += [f"t,broadcasts,,{';'.join(map(str, talks([3, 3, 3, 3])))},V2,"]
    rows += [
        f"t,window-information,{item},{seen},W1,"
        for item, seen in (("procedure", "是"), ("notes", "是"), ("fees", "否"))
    ]
    rows += ["t,window-staffed,,是,,", "t,school-incidents,fighting,1,,"]
    file = tmp_path / "looks.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    table = civrules.read_table(file, rulebook.standard(STANDARD))
    township = civrules.Community("t", kind="township", places=VILLAGES)
    evaluation = rulebook.evaluate(STANDARD, township, table.observations["t"], period=SEPTEMBER)

    assert line(evaluation, "broadcasts").points == Decimal("0.75")
    assert line(evaluation, "school-incidents").result == "fail"
    assert (evaluation.score, evaluation.coverage) == (Decimal("60.42"), Decimal("0.1818"))
    assert "V1" in evaluation.explain(lang="zh").lines[5]


def test_an_obstruction_brings_an_inquiry(rulebook: civrules.Rulebook) -> None:
    """Serious obstruction changes no points; the discipline commission gives notice and records it."""
    township = civrules.Community("t", kind="township")
    looks = {"window-staffed": True, "obstruction": True}
    evaluation = rulebook.evaluate(STANDARD, township, looks, period=SEPTEMBER)
    issued = civrules.outcomes(rulebook.standard(STANDARD), [evaluation], on=LAST)

    assert evaluation.score == 100
    assert [("notice", "discipline"), ("record", "discipline")] == [(one.kind, one.by) for one in issued]


def test_the_limit_is_the_host_s(rulebook: civrules.Rulebook) -> None:
    """A school that has to rectify is due on no day until the host sets how long it may take."""
    township = civrules.Community("t", kind="township")
    evaluation = rulebook.evaluate(STANDARD, township, {"school-manners": False}, on=MONDAY)
    (case,) = civrules.open_cases(evaluation, on=MONDAY)
    notified = case.add(civrules.CaseEvent(kind="done", on=MONDAY, step="notify"))
    bound = rulebook.standard(STANDARD).bind({"improvement-limit": "10 days"})
    (limited,) = civrules.open_cases(
        civrules.evaluate(bound, township, {"school-manners": False}, on=MONDAY), on=MONDAY
    )

    assert notified.due() is None
    assert limited.add(civrules.CaseEvent(kind="done", on=MONDAY, step="notify")).due() == date(2031, 9, 11)
    assert notified.who == "school"


def test_what_is_wrong_in_part_is_urged_too(rulebook: civrules.Rulebook) -> None:
    """A village with three of four weeks, and a window that posts two things of three, each open a case."""
    township = civrules.Community("t", kind="township", places=VILLAGES)
    looks = [
        civrules.Observation("broadcasts", talks([3, 4, 2, 3]), place="V1"),
        civrules.Observation("broadcasts", talks([3, 3, 3, 3]), place="V2"),
        civrules.Observation("window-information", {"procedure": True, "notes": True, "fees": False}, place="W1"),
    ]
    evaluation = rulebook.evaluate(STANDARD, township, looks, period=SEPTEMBER)
    cases = civrules.open_cases(evaluation, on=LAST)

    assert [("broadcasts", "V1"), ("window-information", "W1")] == [(one.criterion, one.place) for one in cases]
    assert ["culture-centre", "office"] == [
        one.add(civrules.CaseEvent(kind="done", on=LAST, step="urge")).who for one in cases
    ]


def test_an_obstruction_is_no_case_to_urge(rulebook: civrules.Rulebook) -> None:
    """What the discipline commission inquires into opens no case of the target group."""
    township = civrules.Community("t", kind="township")
    evaluation = rulebook.evaluate(STANDARD, township, {"obstruction": True, "in-appraisal": True}, period=SEPTEMBER)

    assert civrules.open_cases(evaluation, on=LAST) == ()


def test_what_nobody_checked_is_said_to_leave_the_score(rulebook: civrules.Rulebook) -> None:
    """A window that nobody looked at is neither held open nor counted as nought, and the words say so."""
    evaluation = rulebook.evaluate(STANDARD, civrules.Community("t"), {"window-staffed": True}, period=SEPTEMBER)

    assert any(text.endswith("left out of the score") for text in evaluation.explain(lang="en").lines)
    assert any(text.endswith("不计入得分") for text in evaluation.explain(lang="zh").lines)
    assert evaluation.score == 100

"""The living quarters of a school's teachers: what can be seen of them, and the six phases of an autumn."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules import CaseEvent, Community, Done, Observation, Period, Ratio
from civrules_residential import plugin

QUARTERS = "residential/teachers-quarters"
PHASES = {"mobilisation": "ph1", "bodies": "ph2", "household-meeting": "ph3", "rectification": "ph4",
          "self-check": "ph5", "repair": "ph6"}  # fmt: skip
CHECKED = date(2031, 10, 21)


@pytest.fixture(scope="module")
def book() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


@pytest.fixture(scope="session")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios of the inventory by id."""
    inventory = json.loads((shared / "inventory.json").read_text("utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


@pytest.fixture
def plan(book: civrules.Rulebook) -> civrules.Campaign:
    """The plan's campaign."""
    (campaign,) = (one for one in book.campaigns() if one.id == "residential/teachers-quarters-plan")
    return campaign


def quarters(households: int = 2, buildings: int = 2) -> Community:
    """Living quarters of so many households and blocks."""
    places = {"household": [f"H{number}" for number in range(households)],
              "building": [f"B{number}" for number in range(buildings)]}  # fmt: skip
    return Community("quarters", kind="residential", places=places)


def at_each(unit: str, criterion: str, values: Iterable[Any]) -> list[Observation]:
    """A look at each place of a unit."""
    return [Observation(criterion, value, place=f"{unit}{number}", at=CHECKED) for number, value in enumerate(values)]


def lines(evaluation: civrules.Evaluation) -> dict[str | None, tuple[Decimal | None, str | None]]:
    """The points and the result of each criterion."""
    return {one.criterion: (one.points, one.result) for one in evaluation.lines if one.criterion}


def test_nothing_is_left_for_lint(book: civrules.Rulebook, plan: civrules.Campaign) -> None:
    """The documents load, lint finds nothing that no reading explains, and no silence is unused."""
    assert book.problems == ()
    assert civrules.lint([book.standard(QUARTERS), plan]) == ()


def test_every_clause_is_carried(book: civrules.Rulebook, plan: civrules.Campaign, shared: Path) -> None:
    """Each of the 32 clauses of the plan is cited by a table, and nothing cites a clause that is not there."""
    inventory = json.loads((shared / "inventory.json").read_text("utf-8"))
    clauses = {one["id"] for one in next(one for one in inventory["plans"] if one["id"] == 12)["clauses"]}

    assert clauses == {one for document in (book.standard(QUARTERS), plan) for one in _cited(document)}


def _cited(value: Any) -> Iterable[str]:
    """The ids of all sources in a document."""
    if isinstance(value, civrules.Source):
        yield from [value.id] if value.id else []
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _cited(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _cited(one)


def test_phase_lookup(plan: civrules.Campaign, scenarios: Mapping[str, Any]) -> None:
    """S12.1: 20 October lies in two phases, 28 October in none, and the third phase has no days; each is noted."""
    given, expected = scenarios["S12.1"]["given"], scenarios["S12.1"]["expect"]
    schedule = plan.in_year(given["year"])
    found = [schedule.phases_on(date.fromisoformat(text)) for text in given["dates"]]

    assert expected["phases"] == [[PHASES[one] for one in phases] for phases in found]
    assert (Period(date(2031, 10, 26), date(2031, 10, 31)),) == schedule.gaps
    assert [("rectification", "self-check", Period(date(2031, 10, 20), date(2031, 10, 20)))] == list(schedule.overlaps)
    assert {"undated", "phases-overlap", "phases-gap"} <= {note.code for note in schedule.notes}


def test_the_self_check(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S12.2: of 20 households 3 fail and are told; 2 pass the second check, 1 case stays open."""
    given, expected = scenarios["S12.2"]["given"], scenarios["S12.2"]["expect"]
    looks = at_each("H", "household-hygiene", (n >= given["failed"] for n in range(given["households"])))
    evaluation = book.evaluate(QUARTERS, quarters(given["households"]), looks, on=CHECKED)
    cases = civrules.open_cases(evaluation, on=CHECKED)
    told = [case.add(CaseEvent(kind="done", on=CHECKED, step="notify", by="management-committee")) for case in cases]
    closed = [
        case.add(
            CaseEvent(kind="done", on=date(2031, 10, 24), step="redo", by="households"),
            CaseEvent(kind="done", on=date(2031, 10, 25), step="re-check", by="union"),
        )
        for case in told[: given["rechecked_ok"]]
    ]
    standing = [case.status(on=date(2031, 10, 26)) for case in (*closed, *told[given["rechecked_ok"] :])]

    assert expected["notices"] == len(cases)
    assert expected["first_ok"] == given["households"] - len(cases)
    assert expected["open"] == standing.count("open")
    assert (Decimal("0.85"), "partial") == lines(evaluation)["household-hygiene"]


def test_the_ledger(book: civrules.Rulebook, plan: civrules.Campaign, scenarios: Mapping[str, Any]) -> None:
    """S12.3: 48 of 50 households entered is 96 %: not all of them, and the two that are missing are named."""
    given, expected = scenarios["S12.3"]["given"], scenarios["S12.3"]["expect"]
    names = [f"H{number}" for number in range(given["households"])]
    entered = [Done(on=date(2031, 9, 29), place=name) for name in names[: given["entered"]]]
    done = {"survey": [Done(on=date(2031, 9, 25), place=name) for name in names], "ledger": entered}
    community = quarters(given["households"])
    progress = plan.in_year(2031).progress(done, on=date(2031, 10, 1), community=community)
    (ledger,) = next(one for one in progress if one.task == "ledger").occurrences
    seen = {"household-ledger": Ratio(given["entered"], given["households"])}

    assert expected["pct"] == 100 * given["entered"] / given["households"]
    assert (expected["missing"], tuple(names[given["entered"] :])) == (len(ledger.places), ledger.places)
    assert "fail" == lines(book.evaluate(QUARTERS, community, seen))["household-ledger"][1]


def test_a_walk_through_the_quarters(book: civrules.Rulebook) -> None:
    """Of fourteen lines seven were looked at: 1 + 0 + 1 + 0 + 0.5 + 0.5 + 1 = 4 of 7, which is 57.14 of 100.

    The committee is there; one of two stairwells has piling; nobody plants; a car stands astray; water and power are
    fair; one of two households is clean; no blind spot was found. Coverage is 7 of 14, a half.
    """
    looks = [
        Observation("committee", True),
        *at_each("B", "stairwells", ({"piling": 1}, {})),
        Observation("planting-animals", {"poultry": 0}),
        Observation("parking", {"motor-vehicles": 1}),
        Observation("water-power", "fair"),
        *at_each("H", "household-hygiene", (True, False)),
        Observation("blind-spots", 0),
    ]
    evaluation = book.evaluate(QUARTERS, quarters(), looks, on=CHECKED)

    assert (Decimal("57.14"), Decimal("0.5")) == (evaluation.score, evaluation.coverage)
    assert ("fail", "pass", "fail") == tuple(
        lines(evaluation)[name][1] for name in ("stairwells", "planting-animals", "parking")
    )


@pytest.mark.parametrize(
    "criterion, value, result",
    [
        ("household-ledger", Ratio(50, 50), "pass"),
        ("household-ledger", Ratio(49, 50), "fail"),
        ("household-ledger", Ratio(0, 0), "not-applicable"),
        ("blind-spots", 0, "pass"),
        ("blind-spots", 1, "fail"),
        ("parking", {"bicycles": 1}, "fail"),
        ("parking", {"bicycles": 0, "motorcycles": 0, "motor-vehicles": 0}, "pass"),
        ("planting-animals", {"flowers-trees": 1}, "fail"),
        ("five-states", {"pleasant": 1, "clean": 1, "civil": 1, "safe": 0, "convenient": 0}, "partial"),
        ("climate", "poor", "fail"),
    ],
)
def test_either_side_of_a_line(book: civrules.Rulebook, criterion: str, value: Any, result: str) -> None:
    """The ledger holds every household, one finding fails a line, three of five states are a part."""
    evaluation = book.evaluate(QUARTERS, quarters(), {criterion: value, "committee": True}, on=CHECKED)

    assert result == lines(evaluation)[criterion][1]


@pytest.mark.parametrize("criterion", ["blind-spots"])
@pytest.mark.parametrize("value", [-1, "0.5"])
def test_what_is_counted_is_a_whole_number(book: civrules.Rulebook, criterion: str, value: Any) -> None:
    """Neither a negative count nor half a corner is taken."""
    with pytest.raises(civrules.InvalidInput):
        book.evaluate(QUARTERS, quarters(), {criterion: value}, on=CHECKED)


def test_a_block_whose_tenants_nobody_knows(book: civrules.Rulebook) -> None:
    """Owners known in both blocks, tenants in one: the line fails and names the block that falls short."""
    looks = at_each("B", "occupants-known", ({"owners": True, "tenants": False}, {"owners": True, "tenants": True}))
    evaluation = book.evaluate(QUARTERS, quarters(), looks, on=CHECKED)

    assert (Decimal(0), "fail") == lines(evaluation)["occupants-known"]
    assert "B0" in str(evaluation.explain("en"))


def test_nothing_was_looked_at(book: civrules.Rulebook) -> None:
    """Quarters of which nothing was seen have no score."""
    evaluation = book.evaluate(QUARTERS, quarters(), {}, on=CHECKED)

    assert (None, Decimal(0)) == (evaluation.score, evaluation.coverage)


@pytest.mark.parametrize(
    "month, day, phases",
    [
        (9, 22, ()), (9, 23, ("mobilisation",)), (9, 30, ("mobilisation",)), (10, 1, ("bodies",)),
        (10, 10, ("bodies",)), (10, 11, ("rectification",)), (10, 19, ("rectification",)),
        (10, 21, ("self-check",)), (10, 25, ("self-check",)), (10, 26, ()), (10, 31, ()),
        (11, 1, ("repair",)), (11, 30, ("repair",)), (12, 1, ()),
    ],
)  # fmt: skip
def test_first_and_last_days(plan: civrules.Campaign, month: int, day: int, phases: tuple[str, ...]) -> None:
    """Both ends of every phase belong to it, and the days beside them to its neighbours or to none."""
    assert phases == plan.in_year(2031).phases_on(date(2031, month, day))


def test_redoing_has_no_limit_of_its_own(book: civrules.Rulebook) -> None:
    """No limit is printed: a case is never overdue until the host sets one, and then it is."""
    standard = book.standard(QUARTERS)
    told = CaseEvent(kind="done", on=CHECKED, step="notify")

    def case(document: civrules.Standard) -> civrules.Case:
        looks = [Observation("household-hygiene", False, place="H0")]
        (opened,) = civrules.open_cases(civrules.evaluate(document, quarters(1), looks, on=CHECKED), on=CHECKED)
        return opened.add(told)

    assert (None, "open") == (case(standard).due(), case(standard).status(on=date(2039, 1, 1)))
    assert date(2031, 10, 24) == case(standard.bind({"redo-limit": "3 days"})).due()


def test_an_undated_phase_gets_its_days_from_the_host(plan: civrules.Campaign) -> None:
    """The pact is due on no day until the host says when the third phase is."""
    dated = plan.in_year(2031, dates={"household-meeting": Period(date(2031, 10, 9), date(2031, 10, 10))})

    assert None is plan.in_year(2031).occurrences("agree-pact")[0].due
    assert date(2031, 10, 10) == dated.occurrences("agree-pact")[0].due


def test_posts_are_vacant(plan: civrules.Campaign) -> None:
    """Adviser, head and members of the committee are blank; whom the host names holds the post."""
    vacant = {note.value for note in plan.in_year(2031).notes if note.code == "vacant-post"}
    held = plan.in_year(2031, holders={"management-committee:head": "somebody"}).notes

    assert {f"management-committee:{post}" for post in ("adviser", "head", "members")} <= vacant
    assert "management-committee:head" not in {note.value for note in held if note.code == "vacant-post"}


def test_households_are_told_only_while_a_case_is_open(plan: civrules.Campaign) -> None:
    """Telling the households that failed is expected where a case is open, and not otherwise."""
    schedule = plan.in_year(2031)

    def told(*cases: str) -> bool:
        tracked = schedule.progress({}, on=date(2031, 10, 26), standing=civrules.Standing(cases=cases))
        return any(one.occurrences for one in tracked if one.task == "notify-failed")

    assert (True, False) == (told("open"), told())


def test_painting_is_paid_by_the_households(plan: civrules.Campaign) -> None:
    """What the households raise pays for the stairwells: of 100 needed 80 are there, 20 are open."""
    (task,) = (one for one in plan.tasks if one.id == "paint-stairwells")
    funding = task.funded(100, {"住户筹资": 80})

    assert ((("住户筹资", Decimal(80)),), Decimal(20)) == (funding.use, funding.gap)

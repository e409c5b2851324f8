"""The published cases of the Guannan plan on the plugin's own documents.

Left out are those that read the plan otherwise than the documents do: prizes limited to their seats in a tie, and
bidding points that hold on their anniversary or end compound by compound.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules import Community, Evaluation, Ledger, Observation, Period
from civrules_residential import plugin

QUARTER, ANNUAL = "residential/guannan-quarter", "residential/guannan-annual"
CRITERIA = {
    "assoc": "association", "team": "panel", "satisf": "satisfaction", "complaint": "complaints",
    "q_check": "check", "q_satisf": "satisfaction",
}  # fmt: skip
EVENTS = {
    "fitout_uncontrolled": "fitout-out-of-control", "equipment_hazard": "facility-hazard",
    "campaign_harmed": "campaign-harmed", "industry_reputation": "trade-reputation",
    "equipment_breakdown": "facility-breakdown", "forced_trading": "forced-sales", "major_accident": "major-accident",
}  # fmt: skip
PERIOD = Period.year(2030)
MARKS = {"A": 90, "B": 75, "C": 65, "D": 50}
# The folder of the fixture `shared`: cases are collected before there are fixtures.
SHARED = Path(os.environ.get("CIVRULES_SHARED") or Path(__file__).parents[3].parent / "shared")
FILE = SHARED / "vectors" / "cn_guannan_property_annual.json"
CASES = {one["id"]: one for one in json.loads(FILE.read_text("utf-8"))["cases"]} if FILE.is_file() else {}
pytestmark = pytest.mark.usefixtures("shared")


@pytest.fixture(scope="module")
def book() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def scored(book: civrules.Rulebook, case: Mapping[str, Any]) -> Evaluation:
    """A case of a year or a quarter."""
    given = case["inputs"]
    looks = [Observation(CRITERIA[name], mark) for name, mark in given["values"].items()]
    looks += [
        Observation(EVENTS.get(one["event"], one["event"]), True, attributable=one["responsible"] == "operator")
        for one in given["events"]
    ]
    compound = Community("c", attributes={"operator": "co"})
    return book.evaluate(ANNUAL if given["task"] == "annual" else QUARTER, compound, looks, period=PERIOD)


@pytest.mark.parametrize("name", [name for name, one in CASES.items() if one["expected_score"] is not None])
def test_score_grade_and_months(book: civrules.Rulebook, name: str) -> None:
    """Score and grade are equal as decimals; a C has three months to put things right, a D six, others none."""
    case = CASES[name]
    evaluation = scored(book, case)

    assert (Decimal(case["expected_score"]), case["expected_grade"]) == (evaluation.score, evaluation.grade)
    if case["inputs"]["task"] == "annual":
        issued = civrules.outcomes(book.standard(ANNUAL), [evaluation], on=date(2031, 2, 1))
        months = {date(2031, 4, 30): 3, date(2031, 7, 31): 6}
        windows = {months[one.valid.last] for one in issued if one.kind == "withhold" and one.valid.last is not None}
        assert case["expected_outcome"]["rectify_months"] == next(iter(windows), 0)


@pytest.mark.parametrize("name", ["annual-20", "annual-21", "annual-22"])
def test_refused(book: civrules.Rulebook, name: str) -> None:
    """A mark outside 0 to 100 and an event of no list are refused."""
    with pytest.raises(civrules.InvalidInput):
        scored(book, CASES[name])


def test_a_missing_mark(book: civrules.Rulebook) -> None:
    """A year with a mark missing has neither score nor grade; the case refuses it, the document holds it."""
    assert (None, "withheld") == (scored(book, CASES["annual-19"]).score, scored(book, CASES["annual-19"]).grade)


@pytest.mark.parametrize("name", ["flags-01", "flags-02"])
def test_flags(book: civrules.Rulebook, name: str) -> None:
    """The first ten and the last ten have flags, all of a tie at the cut."""
    scores = CASES[name]["inputs"]["quarter_scores"]
    given = [
        book.evaluate(QUARTER, Community(who), {"check": score, "satisfaction": score}) for who, score in scores.items()
    ]
    issued = civrules.outcomes(book.standard(QUARTER), given, on=date(2031, 4, 10))
    flags = {
        flag: sorted(one.community for one in issued if (one.kind, one.what) == ("flag", flag))
        for flag in ("red", "yellow")
    }

    assert CASES[name]["expected_outcome"] == flags


@pytest.mark.parametrize("name", ["bid-01", "bid-02", "bid-06"])
def test_bids(book: civrules.Rulebook, name: str) -> None:
    """The points of all compounds of a company add up."""
    case = CASES[name]
    given = [
        book.evaluate(
            ANNUAL,
            Community(f"c{number}", attributes={"operator": "co"}),
            [Observation(mark, MARKS[one["grade"]]) for mark in ("association", "panel", "satisfaction", "complaints")],
            period=PERIOD,
        )
        for number, one in enumerate(case["inputs"]["operator_grades"])
    ]
    ledger = Ledger(civrules.outcomes(book.standard(ANNUAL), given, on=date(2031, 2, 1)))

    assert Decimal(case["expected_outcome"]["bid_points"]) == ledger.balance("co", on=date(2031, 3, 1))

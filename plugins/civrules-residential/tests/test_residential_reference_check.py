"""The reference sheet for the on-site check: nine fields, a hundred points, and its score in Guannan's quarter."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import civrules
from civrules import CaseEvent, Community, NotApplicable, Observation, Period, Ratio
from civrules_residential import plugin

CHECK = "residential/reference-check"
DAY = date(2031, 2, 20)
QUARTER = Period.quarter(2031, 1)
BEST: dict[str, Any] = {
    "public-notices": {"damaged": 0},
    "notice-board": {"there": True, "current": True, "sound": True},
    "volunteer-activities": 3,
    "campaign-known": Ratio(19, 20),
    "bodies-and-rules": {"self-management": True, "rules": True, "security": True, "archive": True},
    "owners-body": "formed",
    "staff-on-post": Ratio(12, 12),
    "ledgers": {"dissuasion": True, "upkeep": True},
    "contracted-services": Ratio(40, 40),
    "put-right-in-time": Ratio(8, 8),
    "five-disorders": {"piling": 0},
    "deliberation": "regular",
    "parking-plan": {"counted": True, "plan": True, "reported": True},
    "gatehouse": True,
    "sports-place": "sound",
    "residents-board": True,
    "barrier-free": Ratio(8, 10),
    "fire-lanes": {"vehicles": 0},
    "escape-routes": {"parked": 0},
    "parking": {"off-bay": 0},
    "waste": {"heaps": 0},
    "stairwells": Ratio(12, 12),
    "common-areas": "good",
    "greenery-upkeep": "good",
    "bare-ground": {"bare": 0},
    "stair-lights": Ratio(120, 120),
    "facilities-sound": {"broken": 0},
    "cables": {"tangled": 0},
}
"""A compound where nothing is wrong."""


@pytest.fixture(scope="module")
def book() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def checked(book: civrules.Rulebook, **seen: Any) -> civrules.Evaluation:
    """A compound where nothing is wrong but what is said; a line that is None nobody looked at."""
    given = BEST | {name.replace("_", "-"): value for name, value in seen.items()}
    marks = [Observation(name, value, at=DAY) for name, value in given.items() if value is not None]
    compound = Community("compound", kind="residential", locality="320724", attributes={"operator": "co"})
    return book.evaluate(CHECK, compound, marks, period=QUARTER)


def test_nothing_is_left_for_lint(book: civrules.Rulebook) -> None:
    """The sheet loads and lint finds nothing."""
    assert civrules.lint([book.standard(CHECK)]) == ()


def test_nine_fields_of_a_hundred_points(book: civrules.Rulebook) -> None:
    """12 + 12 + 10 + 12 + 10 + 16 + 12 + 6 + 10 = 100, and each of the nine fields of the plan has its section."""
    standard = book.standard(CHECK)
    fields = [sum(one.points or 0 for one in section.criteria) for section in standard.sections]
    (nine,) = standard.sets

    assert [12, 12, 10, 12, 10, 16, 12, 6, 10] == fields
    assert (9, [one.id for one in standard.sections]) == (nine.declared, [nine.carried[one] for one in nine.members])


def test_every_line_says_that_its_figures_are_ours(book: civrules.Rulebook) -> None:
    """Each criterion and grade cites the clauses that it draws on, as a reference and not as published."""
    standard = book.standard(CHECK)
    rules: list[civrules.Criterion | civrules.Grade] = [*standard.criteria.values(), *standard.grades]
    sources = [one.source for one in rules]

    assert all(sources)
    assert {"reference"} == {source.provenance for one in sources for source in one}
    assert {"p3", "p9", "p10"} == {str(source.id).partition(".")[0] for one in sources for source in one}


def test_a_faultless_compound(book: civrules.Rulebook) -> None:
    """Everything at its best is 100, an A."""
    evaluation = checked(book)

    assert (Decimal(100), "A", Decimal(1)) == (evaluation.score, evaluation.grade, evaluation.coverage)


@pytest.mark.parametrize(
    "line, value, lost",
    [
        ("public-notices", {"damaged": 3, "not-cleared": 1}, "2.5"),  # 3 × 0.5 + 1
        ("public-notices", {"damaged": 9, "not-cleared": 9}, "4"),  # capped at 2 and 2
        ("public-notices", {"none-shown": True}, "4"),  # takes all
        ("notice-board", {"there": True, "current": False, "sound": True}, "1"),
        ("volunteer-activities", 2, "1"),
        ("volunteer-activities", 0, "3"),
        ("campaign-known", Ratio(15, 20), "1"),  # 75 % is the lower tier
        ("owners-body", "preparing", "1.5"),
        ("staff-on-post", Ratio(11, 12), "0.5"),  # 8.3 % short is one started step of 10 %
        ("contracted-services", Ratio(37, 40), "1"),  # 7.5 % short is one full step of 5 %
        ("put-right-in-time", Ratio(7, 8), "2"),  # 12.5 % short is two started steps
        ("five-disorders", {"piling": 1, "building": 1, "posters": 4, "vegetables": 1}, "3.8"),  # .5 + 2 + .8 + .5
        ("barrier-free", Ratio(2, 10), "2.25"),  # 20 of 80 % gives 3 × 0.25 = 0.75
        ("fire-lanes", {"vehicles": 2, "signs": 1}, "2.5"),
        ("fire-lanes", {"shut": 1}, "6"),
        ("escape-routes", {"parked": 2, "flying-wires": 1}, "2"),
        ("parking", {"off-bay": 20, "shared-bikes": 3}, "2.3"),  # capped at 2, and 0.3
        ("waste", {"heaps": 1, "skipped-days": 1}, "2"),
        ("stairwells", Ratio(11, 12), "1"),  # 8.3 % short is two started steps of 5 %
        ("greenery-upkeep", "fair", "1.2"),
        ("stair-lights", Ratio(117, 120), "1"),  # 2.5 % short is two started steps of 2 %
        ("facilities-sound", {"hazard": 1}, "4"),
        ("cables", {"tangled": 2, "bare": 1}, "0.9"),
    ],
)
def test_what_a_finding_costs(book: civrules.Rulebook, line: str, value: Any, lost: str) -> None:
    """One line that falls short takes exactly what the sheet says from the hundred."""
    assert Decimal(100) - Decimal(lost) == checked(book, **{line.replace("-", "_"): value}).score


def test_a_line_that_does_not_apply_is_rescaled(book: civrules.Rulebook) -> None:
    """Without any greenery 6 points leave: 88 of 94 (an open fire lane was shut) are 93.62."""
    gone = NotApplicable("no greenery")
    evaluation = checked(book, greenery_upkeep=gone, bare_ground=gone, fire_lanes={"shut": True})

    assert Decimal("93.62") == evaluation.score


def test_an_unchecked_line_holds_the_score(book: civrules.Rulebook) -> None:
    """Without the stairwell lights there is no score: it lies between 96 and 100."""
    evaluation = checked(book, stair_lights=None)

    assert (None, "withheld") == (evaluation.score, evaluation.grade)
    assert evaluation.bounds is not None
    assert (Decimal(96), Decimal(100)) == (evaluation.bounds.low, evaluation.bounds.high)


def test_too_few_residents_asked(book: civrules.Rulebook) -> None:
    """Fewer than ten residents asked is no survey: the line is not checked."""
    evaluation = checked(book, campaign_known=Ratio(9, 9))
    (line,) = (one for one in evaluation.lines if one.criterion == "campaign-known")

    assert ("not-checked", "sample-too-small") == (line.result, line.reason)


def test_a_finding_opens_a_case(book: civrules.Rulebook) -> None:
    """Two lines that lost points open two cases; the company has fifteen days from the notice, then it is overdue."""
    evaluation = checked(book, fire_lanes={"vehicles": 1}, cables={"bare": 1})
    cases = civrules.open_cases(evaluation, on=DAY)
    first = cases[0].add(CaseEvent(kind="done", on=DAY, step="notice"))

    assert ["fire-lanes", "cables"] == [one.criterion for one in cases]
    assert (date(2031, 3, 7), "operator") == (first.due(), first.who)
    assert "overdue" == first.status(on=date(2031, 3, 8))


def test_the_sheet_is_the_mark_of_the_quarter(book: civrules.Rulebook) -> None:
    """94 from the sheet (the fire lane was shut) and 90 from the survey: 0.7 × 94 + 0.3 × 90 = 65.8 + 27 = 92.8."""
    sheet = checked(book, fire_lanes={"shut": True})
    quarter = book.standard("residential/guannan-quarter")
    looks = civrules.compose(quarter, [sheet], period=QUARTER)["compound"]
    evaluation = book.evaluate(quarter, sheet.community, [*looks, Observation("satisfaction", 90)], period=QUARTER)

    assert Decimal(94) == sheet.score
    assert Decimal("92.8") == evaluation.score
    assert sheet.as_observation("check").value == 94


def test_a_withheld_sheet_is_no_mark(book: civrules.Rulebook) -> None:
    """A sheet with a line unchecked gives the quarter no mark and so no score."""
    quarter = book.standard("residential/guannan-quarter")
    sheet = checked(book, stair_lights=None)
    looks = civrules.compose(quarter, [sheet], period=QUARTER)["compound"]
    evaluation = book.evaluate(quarter, sheet.community, [*looks, Observation("satisfaction", 90)], period=QUARTER)

    assert None is evaluation.score

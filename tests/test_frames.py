"""The face of the bulk engine: what it takes, what comes back, and what it refuses before anything runs."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from sheets import gate, line, section, sheet

from civrules import Criterion, Grade, InvalidInput, Period, Rounding, Standard, frames
from civrules.measures import Check, Event, Frequency, Linear, Shortfall
from civrules.model.condition import Condition

LIT = line("lit", Check(), 4)
SHEET = sheet(
    LIT, line("tidy", Linear(zero_at=0, full_at=10), 6, range=(0, 10)), rounding=Rounding(criterion=2, total=2)
)


def codes(standard: Standard, frame: Any, **words: Any) -> list[str]:
    """The codes with which a call is refused."""
    with pytest.raises(InvalidInput) as raised:
        frames.evaluate(standard, frame, **words)
    return [problem.code for problem in raised.value.problems]


def test_ranks_are_shared_and_stand_apart_as_one_by_one() -> None:
    """Two that tie share the better place, the next keeps its own, and a row with a problem has none."""
    rows = pl.DataFrame({"id": list("abcd"), "lit": ["yes", "no", "yes", "perhaps"]})
    standard = sheet(LIT, not_applicable="refuse")
    made = frames.evaluate(standard, rows, id="id", rank=True)
    assert made["rank"].to_list() == [1, 3, 1, None]
    assert made["problem"].to_list() == [None, None, None, "not-yes-no"]
    assert made.columns == [
        "id",
        "score",
        "low",
        "high",
        "grade",
        "grade_low",
        "grade_high",
        "coverage",
        "rank",
        "problem",
    ]


def test_an_ineligible_community_has_no_rank() -> None:
    """A gate that makes ineligible takes the community out of the ranks and leaves its score."""
    standard = sheet(
        LIT, line("fire", Event()), not_applicable="refuse",
        gates=(gate("out", Condition(happened="fire"), ineligible=True),),
    )  # fmt: skip
    rows = pl.DataFrame({"community": ["a", "b"], "lit": [True, False], "fire": ["yes", "no"]})
    made = frames.evaluate(standard, rows, rank=True)
    assert made["rank"].to_list() == [None, 1]
    assert made["score"].to_list() == [4, 0]


def test_figures_come_in_units_and_on_request_as_decimals() -> None:
    """4 + 6 · 3/10 = 5.80 stands as 580 hundredths, and as 5.80 in decimal columns; a gap stays one."""
    rows = pl.DataFrame({"community": ["a", "b"], "lit": [True, True], "tidy": ["3", "x"]})
    made = frames.evaluate(SHEET, rows, lines=True)
    assert made["score"].to_list() == [580, None]
    assert made["points:tidy"].to_list() == [180, None]
    assert frames.unit(SHEET) == Decimal("0.01")
    assert frames.decimals(made, SHEET)["score"].to_list() == [Decimal("5.80"), None]
    assert frames.decimals(made, SHEET)["coverage"].to_list() == [Decimal("1.0000"), None]


def test_a_float_is_its_shortest_decimal_in_every_row() -> None:
    """60.001 is a figure of three decimals, wherever in a long column it stands."""
    standard = sheet(
        line("tidy", Linear(zero_at=0, full_at=100), 100, range=(0, 100), decimals=3),
        rounding=Rounding(criterion=3, total=3),
    )
    rows = pl.DataFrame({"community": list("abcdefghij"), "tidy": [60.001] * 10})
    assert set(frames.evaluate(standard, rows)["score"]) == {60001}


def test_a_lazy_frame_comes_back_lazy() -> None:
    """Nothing of a lazy frame is worked out before it is asked for, not even where a cell cannot be read."""
    made = frames.evaluate(SHEET, pl.LazyFrame({"community": ["a"], "lit": ["perhaps"]}))
    assert isinstance(made, pl.LazyFrame)
    assert made.collect()["problem"].to_list() == ["not-yes-no"]


def test_other_columns_are_passed_over_and_those_that_look_like_a_criterions_are_not() -> None:
    """A column of somebody else's is ignored; an item that the criterion does not have is refused."""
    rows = pl.DataFrame({"community": ["a"], "lit": [True], "remarks": ["-"]})
    assert frames.evaluate(sheet(LIT, not_applicable="refuse"), rows)["score"].to_list() == [4]
    assert codes(SHEET, rows.with_columns(**{"lit:spot": pl.lit(1)})) == ["unknown-item"]


@pytest.mark.parametrize(
    "columns, words, code",
    [
        ({"lit": [True]}, {}, "no-column"),
        ({"community": ["a"]}, {}, "no-criterion-column"),
        ({"community": ["a"], "tidy:of": [3]}, {}, "no-column"),
        ({"score": ["a"], "lit": [True]}, {"id": "score"}, "column-taken"),
        ({"community": ["a"], "lit": [[1]]}, {}, "wrong-type"),
        ({"community": ["a"], "lit": [True]}, {"layout": "deep"}, "unknown-word"),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused(columns: dict[str, Any], words: dict[str, Any], code: str) -> None:
    """What is wrong with a frame's columns is said before anything runs."""
    assert codes(SHEET, pl.DataFrame(columns), **words) == [code]


@pytest.mark.parametrize(
    "criterion, code",
    [
        (line("often", Frequency(per="month"), 4), "not-prepared"),
        (line("stairs", Check(), 4, per_unit="building"), "not-prepared"),
        (line("rise", Check(at_least=1, change=True), 4), "not-prepared"),
        (line("far", Shortfall(target=10, per=1, deduct=1, steps="full"), 4), "beyond-exact"),
    ],
)
def test_what_columns_cannot_say_is_refused_by_name(criterion: Criterion, code: str) -> None:
    """Several looks, places, changes and numbers that are too large are named before anything runs."""
    rows = pl.DataFrame({"community": ["a"], criterion.id: [1]})
    assert codes(sheet(criterion, not_applicable="refuse", rounding=Rounding(total=2)), rows) == [code]


def test_bounds_are_refused_where_a_gate_moves_the_score_by_what_may_be_missing() -> None:
    """The gate is named; without bounds the frame is scored."""
    standard = sheet(
        section("all", LIT), not_applicable="refuse", grades=(Grade(id="A"),),
        gates=(gate("veto", Condition(failed="lit"), score=0),),
    )  # fmt: skip
    rows = pl.DataFrame({"community": ["a"], "lit": [True]})
    assert codes(standard, rows) == ["bounds-one-by-one"]
    assert frames.evaluate(standard, rows, bounds=False)["score"].to_list() == [4]


def test_a_window_that_ends_on_another_day_than_the_looks_is_refused() -> None:
    """Looks of a wide frame count as of the period's last day; a gate that looks back from another day says so."""
    standard = sheet(
        LIT, line("fire", Event()), not_applicable="refuse", grades=(Grade(id="A", at_least=1), Grade(id="B")),
        gates=(gate("after", Condition(happened="fire", within="1 month"), grade_at_most="B"),),
    )  # fmt: skip
    rows = pl.DataFrame({"community": ["a"], "lit": [True]})
    period = Period.quarter(2031, 1)
    assert codes(standard, rows) == ["day-needed"]
    assert codes(standard, rows, on=Period.quarter(2031, 2).last, period=period) == ["needs-looks"]
    assert frames.evaluate(standard, rows, on=period.last, period=period)["grade"].to_list() == ["A"]

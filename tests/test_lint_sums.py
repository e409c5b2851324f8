"""The scores that lint says can come about are those that every combination of values gives: no fewer, and no more."""

import random
from decimal import Decimal
from itertools import product
from typing import Any

import attrs
import pytest
from sheets import COMPOUND, line, section, sheet

from civrules import Grade, InvalidDocument, NotApplicable, Program, Rounding, Section, Standard, Text, lint
from civrules.measures import Check, Levels, Marks
from civrules.review import attainable
from civrules.review.reviewed import Reviewed

SHARES = (None, None, 10, 15, 7)


def a_line(draw: random.Random, name: str, *, signed: bool) -> Any:
    """A criterion of two or three values."""
    least = draw.choice((0, 0, -2)) if signed else 0
    measure = draw.choice((Check(), Marks(choices=(least, 1, 4)), Levels(levels={"good": 4, "bad": least})))
    return line(name, measure, 4, least=least, weight=None)


def a_section(draw: random.Random, name: str, lines: list[Any]) -> Section:
    """A section that combines its lines in some way, brought to some points and held between some ends."""
    how: Any = draw.choice(("sum", "sum", "mean", "weighted", "worst"))
    if how == "weighted":
        lines = [_weighed(one, draw.choice((1, 2, Decimal("0.5")))) for one in lines]
    ends = {"cap": draw.choice((None, None, 5)), "floor": draw.choice((None, None, 0, 1))}
    return section(name, *lines, combine=how, scale_to=draw.choice(SHARES), **ends)


def _weighed(criterion: Any, weight: Any) -> Any:
    return attrs.evolve(criterion, weight=weight)


def a_standard(seed: int) -> Standard | None:
    """A small standard; None where what was drawn is refused."""
    draw = random.Random(seed)
    first = a_section(draw, "first", [a_line(draw, name, signed=True) for name in "ab"])
    second = a_section(draw, "second", [a_line(draw, name, signed=False) for name in "cd"[: draw.choice((1, 2))]])
    parts = [first, second]
    if draw.random() < 0.3:
        parts = [Section(id="whole", title=Text(en="whole"), children=parts, scale_to=draw.choice(SHARES))]
    if draw.random() < 0.4:
        parts.append(section("more", line("e", Marks(choices=(-3, 0, 2)), 2, least=-3), role="adjustment"))
    exact: Any = draw.choice(("exact", 1))
    try:
        return sheet(
            *parts,
            cap=draw.choice((9, 30)),
            not_applicable=draw.choice(("refuse", "rescale", "full")),
            rescale=draw.choice(("total", "section")),
            rounding=Rounding(criterion=exact, section=exact, total=1),
        )
    except InvalidDocument:
        return None


def given_by(standard: Standard) -> set[Any]:
    """The exact scores of every combination of values."""
    program = Program(standard)
    ways = product(*(values_of(standard, name) for name in standard.criteria))
    evaluations = (program.evaluate(COMPOUND, dict(zip(standard.criteria, way, strict=True))) for way in ways)
    return {one.run.sums.exact for one in evaluations} - {None}


def values_of(standard: Standard, name: str) -> list[Any]:
    """Every value of a line, and what else may be said of it."""
    measure: Any = standard.criteria[name].measure
    given = list(getattr(measure, "choices", None) or getattr(measure, "levels", None) or (True, False))
    apart = [] if standard.when_not_applicable == "refuse" else [NotApplicable("no")]
    return [*given, *apart]


@pytest.mark.parametrize("seed", range(120))
def test_the_scores_are_those_of_every_combination(seed: int) -> None:
    """Sections that sum, average, weigh or take the worst, shares, ends, adjustments, and what does not apply."""
    standard = a_standard(seed)
    if standard is None:
        return
    given, scores = given_by(standard), Reviewed(standard).scores
    if scores is None:
        assert not given
    elif scores.listed is not None:
        assert given <= set(scores.listed)
        if standard.rounding.section == 1:
            # What is carried on as a fraction and rounded later is told apart by the step it is rounded to.
            assert given == set(scores.listed)
    else:
        assert scores.low is not None
        assert scores.high is not None
        assert all(scores.low <= one <= scores.high for one in given if one is not None)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("pairs", [0, 12, 24])
def test_where_sums_are_too_many_their_ends_hold_every_combination(
    seed: int, pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gives up in time says less, and nothing else: no score lies beyond the ends."""
    standard = a_standard(seed)
    if standard is None:
        return
    monkeypatch.setattr(attainable, "_MOST_PAIRS", pairs)
    given, scores = given_by(standard), Reviewed(standard).scores
    if scores is not None and scores.low is not None and scores.high is not None:
        assert all(scores.low <= one <= scores.high for one in given)


@pytest.mark.parametrize("seed", range(40))
def test_the_ends_of_what_only_adds_up_are_reached(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ends of quotients that are too many to list are the least and the most of every combination."""
    draw = random.Random(seed)
    lines = [a_line(draw, name, signed=draw.random() < 0.5) for name in "abcde"]
    exact: Any = Rounding(criterion="exact", section="exact", total=1)
    parts = [section("first", *lines[:3]), section("second", *lines[3:])]
    standard = sheet(*parts, floor=-20, rounding=exact, not_applicable=draw.choice(("refuse", "rescale")))
    monkeypatch.setattr(attainable, "_MOST_PAIRS", 0)
    scores = Reviewed(standard).scores
    given = given_by(standard)

    assert scores is not None
    assert (min(given), max(given)) == (scores.low, scores.high)


def test_a_sheet_of_a_thousand_lines_is_judged() -> None:
    """Half of the points is the most that any line gives: nothing reaches 51%, whatever is left out."""
    halves = [line(f"c{at}", Levels(levels={"good": "50%", "bad": 0}), at + at * at) for at in range(1, 1001)]
    grades = [Grade(id="A", at_least=Decimal(171_000_000)), Grade(id="B")]
    sound = attrs.evolve(grades[0], at_least=Decimal(160_000_000))
    for grade, missed in ((grades[0], True), (sound, False)):
        standard = sheet(
            section("all", *halves), grades=[grade, grades[1]], rounding=Rounding(total=1), not_applicable="rescale"
        )
        assert missed is ("grade-certain" in {problem.code for problem in lint([standard])})

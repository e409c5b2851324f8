"""Narrow corners of the design, one minimal case each, with the figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest
from sheets import gate, judged, line, results, section, sheet

from civrules import (
    Condition,
    Grade,
    InvalidInput,
    NotApplicable,
    Observation,
    Period,
    Ratio,
    Rounding,
)
from civrules.measures import Check, Event, Findings, Item, Levels, Linear, Marks

CENTS = Rounding(total=2)
A_OR_B = (Grade(id="A", at_least=5), Grade(id="B"))
YEAR = Period.year(2031)


def test_unrecorded_penalty() -> None:
    """A line of no points and a least below 0 that nobody recorded gives 0 and is not missing (section 5)."""
    standard = sheet(line("tidy", Check(), 10), line("complaints", Marks(), 0, least=-5), rounding=CENTS)
    assert judged(standard, tidy=True).score == 10


def test_rounded_beyond_points() -> None:
    """A line of 2.55 points gives at most 2.55 though the criterion rounds to one decimal (section 4: clamped to P)."""
    standard = sheet(line("lights", Linear(zero_at=0, full_at=100), "2.55"), rounding=Rounding(criterion=1, total=2))
    assert judged(standard, lights=100).score == Decimal("2.55")


def test_rounded_below_least() -> None:
    """A line of at least 2.5 points gives 2.5 though half-even to no decimals is 2 (section 4: clamped to least)."""
    rounding = Rounding(criterion=0, total=2, mode="half-even")
    standard = sheet(line("lights", Linear(zero_at=0, full_at=100), 5, least="2.5"), rounding=rounding)
    assert judged(standard, lights=0).score == Decimal("2.5")


@pytest.mark.parametrize("event, seen", [(Event(must_report=True), {}), (Event(attributable=True), {"accident": True})])
def test_held_event(event: Event, seen: dict[str, bool]) -> None:
    """Under hold there is no score while a report that must come, or who was responsible, is missing (section 5)."""
    standard = sheet(line("tidy", Check(), 10), line("accident", event, missing="hold"), rounding=CENTS, grades=A_OR_B)
    evaluation = judged(standard, tidy=True, **seen)
    assert (evaluation.score, evaluation.grade) == (None, "withheld")


def test_findings_best() -> None:
    """The most that findings can give counts the item that keeps the line full: nothing is lost, so 10 (section 5)."""
    items = (Item(id="state", levels={"worn": 1, "broken": 2}), Item(id="renewed", takes="none"))
    standard = sheet(line("tidy", Check(), 10), line("roof", Findings(items=items), 10), rounding=CENTS)
    bounds = judged(standard, tidy=True).bounds
    assert judged(standard, tidy=True, roof={"state": "worn", "renewed": 1}).score == 20
    assert bounds is not None
    assert bounds.high == 20


def test_settled_outside_its_range() -> None:
    """An amount outside the range of its level is refused, 0 too: a level from 1 to 2 cannot take 0 (section 4)."""
    standard = sheet(
        line("roof", Findings(items=[Item(id="state", levels={"worn": [1, 2], "new": 0})]), 10), rounding=CENTS
    )
    with pytest.raises(InvalidInput):
        judged(standard, roof={"state": "worn=0"})


def test_zero_point_findings() -> None:
    """Findings of no points fail where something was found: the measure gives the result, not the points."""
    standard = sheet(
        line("tidy", Check(), 10), line("spots", Findings(items=[Item(id="spot", each=1)]), 0), rounding=CENTS
    )
    assert results(judged(standard, tidy=True, spots={"spot": 3}))["spots"] == "fail"


def test_cap_at_total() -> None:
    """The total is capped at `total` (section 6, step 4): demerits of 25 out of 10 are 10, which is B."""
    spots = line("spots", Findings(items=[Item(id="spot", each=1)]), missing="hold")
    grades = (Grade(id="A", at_most=5), Grade(id="B", at_most=10))
    evaluation = judged(sheet(spots, direction="demerits", total=10, grades=grades), spots={"spot": 25})
    assert (evaluation.score, evaluation.grade) == (Decimal(10), "B")


def test_cap_at_total_after_a_rounded_section() -> None:
    """6 of 6 points that apply, of 9 brought to 10: 6.67 is rounded to 7, 7 x 10 / 6.67 is 10.5, capped at 10."""
    part = section("all", *(line(name, Check(), 3) for name in "abc"), scale_to=10)
    standard = sheet(part, rounding=Rounding(section=0, total=1))
    assert judged(standard, a=True, b=True, c=NotApplicable("there is none")).score == 10


def test_old_report() -> None:
    """A report that must come and did not come this year stands as its worst, whatever was reported last year."""
    standard = sheet(
        line("tidy", Check(), 10), line("accident", Event(must_report=True)), rounding=CENTS, grades=A_OR_B,
        gates=[gate("no-a", Condition(happened="accident", within="12 months"), grade_at_most="B")],
    )  # fmt: skip
    last_year = Observation("accident", value=False, at=date(2030, 12, 1))
    assert judged(standard, period=YEAR, tidy=True).grade == "B"
    assert judged(standard, last_year, period=YEAR, tidy=True).grade == "B"


def test_open_penalty() -> None:
    """A recorded line that may only take away is missing, at its worst, where who is responsible is left open."""
    leaks = line("leaks", Findings(items=[Item(id="leak", each=1, attributable=True)]), 0, least=-5)
    standard = sheet(line("tidy", Check(), 10), leaks, rounding=CENTS)
    assert judged(standard, tidy=True, leaks={"leak": 1}).score == 5


def test_attributable_count() -> None:
    """1 is a yes (section 3): with `attributable` it counts, as "1", "yes" and true do."""
    standard = sheet(line("tidy", Check(), 10), line("accident", Event(attributable=True)), rounding=CENTS)
    report = Observation("accident", 1, attributable=True)
    assert results(judged(standard, report, tidy=True))["accident"] == "fail"


def test_attributable_count_of_an_item() -> None:
    """Two findings for which the assessed body is responsible take two points."""
    item = Item(id="leak", each=1, attributable=True)
    standard = sheet(line("pipes", Findings(items=[item]), 10), rounding=CENTS)
    assert judged(standard, Observation("pipes", {"leak": 2}, attributable=True)).score == 8


def test_attributable_beside_other_items() -> None:
    """Responsibility belongs to the items that ask for it; another item's yes is one finding."""
    items = [Item(id="leak", each=1, attributable=True), Item(id="spot", each=1)]
    standard = sheet(line("pipes", Findings(items=items), 10), rounding=CENTS)
    assert judged(standard, Observation("pipes", {"leak": "yes", "spot": "yes"}, attributable=True)).score == 8


def test_marks_outside_points() -> None:
    """Marks outside 0 to P are refused (section 4), also where the criterion declares a wider range."""
    standard = sheet(line("view", Marks(), 10, range=(0, 200)), rounding=CENTS)
    with pytest.raises(InvalidInput):
        judged(standard, view=150)


def test_signalling_nan() -> None:
    """A signalling NaN is refused like any other (section 3)."""
    standard = sheet(line("view", Marks(), 10), rounding=CENTS)
    with pytest.raises(InvalidInput):
        judged(standard, view=Decimal("sNaN"))


def test_no_points_applicable() -> None:
    """In demerits too: where only a line of no points applies there is no score (section 5: never 0, never full)."""
    grades = (Grade(id="A", at_most=5), Grade(id="B"))
    standard = sheet(line("tidy", Check(), 10), line("sign", Check(), 0), direction="demerits", grades=grades)
    evaluation = judged(standard, tidy=NotApplicable("there is none"), sign=True)
    assert (evaluation.score, evaluation.grade) == (None, "not-rated")


def test_no_points_at_all() -> None:
    """A sheet whose lines have no points has no score; 0 of 0 is neither good nor bad."""
    standard = sheet(line("complaints", Marks(), 0, least=-5), grades=A_OR_B)
    evaluation = judged(standard, complaints=-2)
    assert (evaluation.score, evaluation.grade) == (None, "not-rated")


def test_empty_section() -> None:
    """A section of which nothing applies has no points to compare: the gate does not hold."""
    standard = sheet(
        section("homes", line("tidy", Check(), 10)), section("lifts", line("safe", Check(), 10)), rounding=CENTS,
        grades=A_OR_B, gates=[gate("lifts", Condition(section="lifts", less_than=6), grade_at_most="B")],
    )  # fmt: skip
    evaluation = judged(standard, tidy=True, safe=NotApplicable("no lifts"))
    assert (evaluation.gates, evaluation.grade) == ((), "A")


def test_force_raises() -> None:
    """Nothing raises (section 6, step 7): a gate that forces B leaves a C as it is."""
    grades = (Grade(id="A", at_least=10), Grade(id="B", at_least=5), Grade(id="C"))
    gates = [gate("accident", Condition(happened="accident"), grade="B")]
    standard = sheet(line("tidy", Check(), 10), line("accident", Event()), rounding=CENTS, grades=grades, gates=gates)
    assert judged(standard, tidy=True, accident=True).grade == "B"
    assert judged(standard, tidy=False, accident=True).grade == "C"


def test_event_not_applicable() -> None:
    """An event that does not apply is not applicable, as its line says, with the reason."""
    standard = sheet(line("tidy", Check(), 10), line("flood", Event()), rounding=CENTS)
    assert results(judged(standard, tidy=True, flood=NotApplicable("no river")))["flood"] == "not-applicable"


def test_worst_in_percent() -> None:
    """Of two lines with the same fewest points, which stands first in the document does not matter."""
    lines = [line("large", Marks(), 10), line("small", Marks(), 5)]
    gates = [gate("weak", Condition(worst_in="all", less_than="30%"), grade_at_most="B")]
    found = {
        judged(
            sheet(*order, rounding=CENTS, grades=(Grade(id="A", at_least=4), Grade(id="B")), gates=gates),
            large=2,
            small=2,
        ).grade
        for order in (lines, lines[::-1])
    }
    assert len(found) == 1


def test_same_day_tie() -> None:
    """Of two looks of one day with the same points, which was handed in first does not matter."""
    standard = sheet(
        line("tidy", Check(), 10), line("kind", Levels(levels={"old": 2, "new": 2, "none": 0}), 2), rounding=CENTS,
        grades=A_OR_B, gates=[gate("old", Condition(value="kind", equals="old"), grade_at_most="B")],
    )  # fmt: skip
    looks = [Observation("kind", "old", at=date(2031, 3, 1)), Observation("kind", "new", at=date(2031, 3, 1))]
    assert judged(standard, *looks, tidy=True).grade == judged(standard, *looks[::-1], tidy=True).grade


def test_coverage_units() -> None:
    """Each comparison of a range has its own unit: half observed is at least 50 % and less than 0.9."""
    gates = [gate("half", Condition(figure="coverage", at_least="50%", less_than=0.9), grade_at_most="B")]
    standard = sheet(line("tidy", Check(), 10), line("quiet", Check(), 10), rounding=CENTS, grades=A_OR_B, gates=gates)
    assert judged(standard, tidy=True).gates == ("half",)


def test_undated_in_window() -> None:
    """Without a date a look counts as of the last day of the period, and that lies before the month looked back."""
    standard = sheet(
        line("tidy", Check(), 10), line("accident", Event()), rounding=CENTS, grades=A_OR_B,
        gates=[gate("lately", Condition(happened="accident", within="1 month"), grade_at_most="B")],
    )  # fmt: skip
    assert judged(standard, period=YEAR, on=date(2032, 3, 31), tidy=True, accident=True).gates == ()


def test_exact_maximum() -> None:
    """The most that can be given is 33.5 + 10 = 43.5, whatever the score is rounded to."""
    standard = sheet(
        section("homes", line("tidy", Check(), 3), scale_to="33.5"), section("lifts", line("safe", Check(), 10)),
        rounding=Rounding(section="exact", total=0),
    )  # fmt: skip
    assert judged(standard, tidy=True, safe=True).maximum == Decimal("43.5")


def test_exact_possible() -> None:
    """The step that brings a section to 33.5 points says 33.5."""
    standard = sheet(section("homes", line("tidy", Check(), 3), scale_to="33.5"), rounding=Rounding(section=1, total=2))
    possible = [one.possible for one in judged(standard, tidy=True).lines if one.step == "scale"]
    assert possible == [Decimal("33.5")]


def test_event_in_demerits() -> None:
    """A report that must come and did not stands as its worst in demerits too: it happened."""
    grades = (Grade(id="A", at_most=5), Grade(id="B"))
    gates = [gate("accident", Condition(happened="accident"), grade="B")]
    standard = sheet(
        line("tidy", Check(), 10),
        line("accident", Event(must_report=True)),
        direction="demerits",
        grades=grades,
        gates=gates,
    )
    assert judged(standard, tidy=True).grade == "B"


def test_only_open_findings() -> None:
    """Findings were observed though who is responsible is open: the line is missing, the community is rated."""
    leaks = line("pipes", Findings(items=[Item(id="leak", each=1, attributable=True)]), 10)
    standard = sheet(leaks, line("tidy", Check(), 10), rounding=CENTS, grades=A_OR_B)
    assert judged(standard, pipes={"leak": 1}).grade == "B"


def test_old_not_applicable() -> None:
    """Last year's "does not apply" lies outside the period: this year nothing was reported, so nothing happened."""
    standard = sheet(line("tidy", Check(), 10), line("flood", Event()), rounding=CENTS)
    last_year = Observation("flood", NotApplicable("no river"), at=date(2030, 12, 1))
    assert results(judged(standard, last_year, period=YEAR, tidy=True))["flood"] == "pass"


def test_unbounded_condition() -> None:
    """Where a line has no most, a condition on its points may hold for a completion between the ends."""
    spots = line("spots", Findings(items=[Item(id="spot", each=1)]), missing="hold")
    grades = (Grade(id="A", at_most=10, requires=Condition(section="all", more_than=0)), Grade(id="B"))
    standard = sheet(spots, line("tidy", Check(), 10), direction="demerits", grades=grades)
    bounds = judged(standard, tidy=True).bounds
    assert judged(standard, tidy=True, spots={"spot": 1}).grade == "A"
    assert bounds is not None
    assert bounds.grade_high == "A"


def test_endless_mark() -> None:
    """A mark of 1 of 3 has more decimals than any mark may have, and is refused; 1 of 4 is 0.25."""
    standard = sheet(line("look", Marks(), 10), not_applicable="refuse")
    assert judged(standard, look=Ratio(1, 4)).score == Decimal("0.25")
    with pytest.raises(InvalidInput, match="more decimals"):
        judged(standard, look=Ratio(1, 3))

"""The Guannan standards: the score of a quarter, the grade of a year."""

from datetime import date
from decimal import Decimal

import pytest

import civrules
from civrules_residential import plugin

QUARTER = "residential/guannan-quarter"
ANNUAL = "residential/guannan-annual"
COMPOUND = civrules.Community("compound", kind="residential", locality="320724")
YEAR = civrules.Period.year(2031)


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def even(mark: str, **others: object) -> dict[str, object]:
    """The same mark from all four sources, which is then the score; and events or other marks."""
    return dict.fromkeys(("association", "panel", "satisfaction", "complaints"), mark) | others


def event(criterion: str, *, attributable: bool | None = True, at: date = date(2031, 5, 6)) -> civrules.Observation:
    """An event that happened."""
    return civrules.Observation(criterion, True, at=at, attributable=attributable)


def annual(rulebook: civrules.Rulebook, mark: str, *events: civrules.Observation) -> civrules.Evaluation:
    """A year with the same mark from all sources, and events."""
    marks = [civrules.Observation(criterion, value) for criterion, value in even(mark).items()]
    return rulebook.evaluate(ANNUAL, COMPOUND, [*marks, *events], period=YEAR)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has nothing to complain about, and the standards are there."""
    assert rulebook.problems == ()
    assert {QUARTER, ANNUAL, "residential/toronto-rentsafe-2017"} <= {
        standard.id for standard in rulebook.standards(kind="residential")
    }


def test_a_quarter_is_seventy_thirty(rulebook: civrules.Rulebook) -> None:
    """0.7 x 84 + 0.3 x 90 = 58.8 + 27 = 85.8, and a quarter has no grade."""
    evaluation = rulebook.evaluate(QUARTER, COMPOUND, {"check": 84, "satisfaction": 90})

    assert (evaluation.score, evaluation.grade) == (Decimal("85.8"), None)


def test_a_quarter_is_exact(rulebook: civrules.Rulebook) -> None:
    """0.7 x 88.5 + 0.3 x 91.3 = 61.95 + 27.39 = 89.34."""
    assert rulebook.evaluate(QUARTER, COMPOUND, {"check": "88.5", "satisfaction": "91.3"}).score == Decimal("89.34")


def test_a_missing_survey_gives_no_score_but_bounds(rulebook: civrules.Rulebook) -> None:
    """Without the survey the score lies from 0.7 x 80 + 0 = 56 to 56 + 30 = 86."""
    evaluation = rulebook.evaluate(QUARTER, COMPOUND, {"check": 80})

    assert evaluation.score is None
    assert evaluation.bounds is not None
    assert (evaluation.bounds.low, evaluation.bounds.high) == (Decimal(56), Decimal(86))


def test_a_year_composes_four_sources(rulebook: civrules.Rulebook) -> None:
    """0.1 x 88 + 0.5 x 86 + 0.3 x 90 + 0.1 x 80 = 8.8 + 43 + 27 + 8 = 86.8, which is an A."""
    seen = {"association": 88, "panel": 86, "satisfaction": 90, "complaints": 80}
    evaluation = rulebook.evaluate(ANNUAL, COMPOUND, seen, period=YEAR)

    assert (evaluation.score, evaluation.grade) == (Decimal("86.8"), "A")


def test_the_readings_are_repeated(rulebook: civrules.Rulebook) -> None:
    """The explanation of a year says how the open places of the text were read."""
    assert "half-open" in str(annual(rulebook, "85").explain("en"))


@pytest.mark.parametrize(
    "mark,grade",
    [
        ("100", "A"),
        ("85", "A"),
        ("84.9996", "B"),
        ("84.99", "B"),
        ("84.5", "B"),
        ("84", "B"),
        ("70", "B"),
        ("69.99", "C"),
        ("69.5", "C"),
        ("60", "C"),
        ("59.99", "D"),
        ("0", "D"),
    ],
)
def test_bands_are_half_open_and_unrounded(rulebook: civrules.Rulebook, mark: str, grade: str) -> None:
    """The same mark from all sources is the score, (0.1 + 0.5 + 0.3 + 0.1) x mark, and has exactly one grade."""
    evaluation = annual(rulebook, mark)

    assert (evaluation.score, evaluation.grade) == (Decimal(mark), grade)


@pytest.mark.parametrize(
    "criterion,gate",
    [
        ("fitout-out-of-control", "no-a-fitout"),
        ("facility-hazard", "no-a-hazard"),
        ("campaign-harmed", "no-a-campaign"),
        ("trade-reputation", "no-a-reputation"),
    ],
)
def test_an_event_forbids_an_a(rulebook: civrules.Rulebook, criterion: str, gate: str) -> None:
    """91 is an A; after the event the best that is left is B, and the score stays."""
    evaluation = annual(rulebook, "91", event(criterion))

    assert (evaluation.score, evaluation.grade, evaluation.gates) == (Decimal(91), "B", (gate,))


@pytest.mark.parametrize("mark,grade", [("75", "B"), ("65", "C"), ("55", "D")])
def test_the_cap_moves_nothing_below_it(rulebook: civrules.Rulebook, mark: str, grade: str) -> None:
    """A cap at B never changes B, C or D."""
    assert annual(rulebook, mark, event("facility-hazard")).grade == grade


@pytest.mark.parametrize("criterion", ["facility-breakdown", "forced-sales", "major-accident"])
def test_an_event_forces_a_d(rulebook: civrules.Rulebook, criterion: str) -> None:
    """95 is an A; the event makes it D whatever the score."""
    evaluation = annual(rulebook, "95", event(criterion))

    assert (evaluation.score, evaluation.grade) == (Decimal(95), "D")


def test_the_forced_grade_beats_the_cap(rulebook: civrules.Rulebook) -> None:
    """Both kinds of event in one year: D, and both gates are listed."""
    evaluation = annual(rulebook, "95", event("campaign-harmed"), event("forced-sales"))

    assert (evaluation.grade, evaluation.gates) == ("D", ("no-a-campaign", "d-forced-sales"))


@pytest.mark.parametrize("criterion", ["fitout-out-of-control", "major-accident"])
def test_an_event_without_main_responsibility_does_not_count(rulebook: civrules.Rulebook, criterion: str) -> None:
    """Where others are mainly responsible, 95 stays an A."""
    assert annual(rulebook, "95", event(criterion, attributable=False)).grade == "A"


def test_an_open_attribution_shows_in_the_bounds(rulebook: civrules.Rulebook) -> None:
    """95 with forced sales of which nobody has yet said whose doing they were: D or A."""
    bounds = annual(rulebook, "95", event("forced-sales", attributable=None)).bounds

    assert bounds is not None
    assert (bounds.grade_low, bounds.grade_high) == ("D", "A")


@pytest.mark.parametrize(
    "at,grade",
    [
        (date(2030, 12, 31), "A"),
        (date(2031, 1, 1), "D"),
        (date(2031, 12, 31), "D"),
        (date(2032, 1, 1), "A"),
    ],
)
def test_the_period_cuts_events(rulebook: civrules.Rulebook, at: date, grade: str) -> None:
    """An accident counts on the first and the last day of the year, and not on the days beside them."""
    assert annual(rulebook, "95", event("major-accident", at=at)).grade == grade


def test_a_missing_source_withholds_the_grade(rulebook: civrules.Rulebook) -> None:
    """Three marks of 90 give 9 + 45 + 27 = 81; complaints could add 0 to 10, so B to A, and nothing is decided."""
    seen = {"association": 90, "panel": 90, "satisfaction": 90}
    evaluation = rulebook.evaluate(ANNUAL, COMPOUND, seen, period=YEAR)

    assert (evaluation.score, evaluation.grade) == (None, "withheld")
    assert evaluation.bounds is not None
    assert (evaluation.bounds.grade_low, evaluation.bounds.grade_high) == ("B", "A")


@pytest.mark.parametrize("mark", ["100.01", "-0.01"])
def test_a_mark_outside_is_refused(rulebook: civrules.Rulebook, mark: str) -> None:
    """Marks lie from 0 to 100."""
    with pytest.raises(civrules.InvalidInput, match="panel"):
        rulebook.evaluate(ANNUAL, COMPOUND, even("90", panel=mark), period=YEAR)


def test_an_unknown_event_is_refused(rulebook: civrules.Rulebook) -> None:
    """An event that no clause lists is no event of this standard."""
    with pytest.raises(civrules.InvalidInput, match="late-report"):
        rulebook.evaluate(ANNUAL, COMPOUND, even("90", **{"late-report": True}), period=YEAR)


def test_another_county_is_refused(rulebook: civrules.Rulebook) -> None:
    """The standard is for Guannan, 320724, and for no neighbour."""
    elsewhere = civrules.Community("elsewhere", kind="residential", locality="320723")
    with pytest.raises(civrules.InvalidInput, match="320723"):
        rulebook.evaluate(QUARTER, elsewhere, {"check": 84, "satisfaction": 90})


def test_every_rule_cites_its_clause(rulebook: civrules.Rulebook) -> None:
    """Each criterion, grade and gate of the year names a printed label and a stable id."""
    standard = rulebook.standard(ANNUAL)
    rules: list[civrules.Criterion | civrules.Grade | civrules.Gate]
    rules = [*standard.criteria.values(), *standard.grades, *standard.gates]
    for rule in rules:
        (source,) = rule.source
        assert source.clause is not None
        assert source.id is not None
        assert source.clause.startswith("四(二)")
        assert source.id.startswith("p10.4.2.")

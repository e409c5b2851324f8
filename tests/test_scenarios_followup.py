"""Published scenarios of what follows from evaluations: flags, prizes, bids, terms, composites."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import attrs
import pytest
from sheets import judged, line, results, sheet

from civrules import (
    Community,
    Condition,
    Evaluation,
    Happening,
    Ledger,
    Observation,
    Outcomes,
    Period,
    Ratio,
    Rounding,
    Standard,
    compose,
    evaluate,
    load,
    outcomes,
    rank,
)
from civrules.measures import Check, Frequency
from civrules.model.figures import Mode

DOCUMENTS = Path(__file__).parent / "followup"
QUARTER, YEAR, ANNUAL = (load(DOCUMENTS / f"{name}.toml") for name in ("quarter", "year", "annual"))
SOURCES = ("association", "panel", "satisfaction", "complaint")
PUBLISHED = date(2031, 2, 1)


@pytest.fixture(scope="session")
def scenarios(shared: Path) -> Mapping[str, Any]:
    """The scenarios by id."""
    inventory = json.loads((shared / "inventory.json").read_text("utf-8"))
    return {one["id"]: one for one in inventory["scenarios"]}


def quarter(name: str, score: Any, number: int = 1, year: int = 2031) -> Evaluation:
    """A compound's quarter of this score: both parts alike."""
    seen = {"regular": score, "satisfaction": score} if score is not None else {"regular": 50}
    return evaluate(QUARTER, Community(name), seen, period=Period.quarter(year, number))


def annual(name: str, score: Any, *events: str, **attributes: Any) -> Evaluation:
    """A compound's year of this score: all four sources alike, and events that the company is to blame for."""
    looks = [Observation(source, score) for source in SOURCES]
    looks += [Observation(event, True, attributable=True) for event in events]
    return evaluate(ANNUAL, Community(name, attributes=attributes), looks, period=Period.year(2030))


def who(issued: Outcomes, outcome: str) -> list[str]:
    """The communities that an outcome reached."""
    return sorted({one.community for one in issued if one.outcome == outcome})


def graded(score: Any) -> str | None:
    """The grade of a score."""
    return annual("c", score).grade


def test_composite_of_four_sources(scenarios: Mapping[str, Any]) -> None:
    """S10.1: a tenth, a half, three tenths and a tenth of four marks make the annual score and its grade."""
    given, expected = (scenarios["S10.1"][key] for key in ("given", "expect"))
    one = evaluate(ANNUAL, Community("c"), given)

    assert [Decimal(str(part)) for part in expected["parts"]] == [each.points for each in one.lines if each.possible]
    assert (Decimal(str(expected["total"])), expected["grade"]) == (one.score, one.grade)


def test_seventy_thirty(scenarios: Mapping[str, Any]) -> None:
    """S10.9: seven tenths of the routine check and three tenths of the survey make the quarter."""
    given, expected = (scenarios["S10.9"][key] for key in ("given", "expect"))
    assert Decimal(str(expected["total"])) == evaluate(QUARTER, Community("c"), given).score


def test_half_open_bands(scenarios: Mapping[str, Any]) -> None:
    """S10.2: every score has exactly one grade, reached from its lower end."""
    given, expected = (scenarios["S10.2"][key] for key in ("given", "expect"))
    assert expected["half_open"] == [graded(score) for score in given["scores"]]


def test_rounding_changes_the_grade(scenarios: Mapping[str, Any]) -> None:
    """S10.3: 84.50 is B unless the document rounds halves up to whole numbers."""
    given, expected = (scenarios["S10.3"][key] for key in ("given", "expect"))
    seen = dict.fromkeys(SOURCES, given["score"])
    modes: tuple[tuple[Mode, str], ...] = (("half-up", "half_up_to_integer"), ("half-even", "half_even_to_integer"))
    for mode, key in modes:
        rounded = attrs.evolve(ANNUAL, rounding=attrs.evolve(ANNUAL.rounding, total=0, mode=mode))
        assert expected[key] == evaluate(rounded, Community("c"), seen).grade
    assert expected["no_rounding"] == graded(given["score"])


@pytest.mark.parametrize("scenario, event", [("S10.4", "fitting-out"), ("S10.7", "forced-trading")])
def test_capped_and_forced(scenarios: Mapping[str, Any], scenario: str, event: str) -> None:
    """S10.4, S10.7: an event caps or forces the grade that the score would give."""
    given, expected = (scenarios[scenario][key] for key in ("given", "expect"))
    one = annual("c", given["score"], event)
    assert (expected["raw"], expected["final"]) == (one.grade_before_gates, one.grade)


def test_consequences_of_a_forced_d(scenarios: Mapping[str, Any]) -> None:
    """S10.7: six months to put it right, no certificate meanwhile, two credit files, three points off, re-selection."""
    expected = scenarios["S10.7"]["expect"]
    issued = outcomes(ANNUAL, [annual("c", 95, "forced-trading", operator="co", manager="m")], on=PUBLISHED)
    by_kind = {one.kind: one for one in issued}

    last = date(2031, 7, 31)
    assert 6 == expected["window_months"]
    assert (PUBLISHED, last) == (by_kind["rectify"].valid.first, by_kind["rectify"].valid.last)
    assert ("integrity-certificate", last) == (by_kind["withhold"].what, by_kind["withhold"].valid.last)
    assert expected["credit_entries"] == sum(one.kind == "record" for one in issued)
    assert ["co", "m"] == [one.subject for one in issued if one.kind == "record"]
    assert expected["bid_points"] == Ledger(issued).balance("co", on=PUBLISHED)
    assert ("committee", "re-select-operator") == (by_kind["recommend"].subject, by_kind["recommend"].what)
    assert [] == who(issued, "grade-a")


def test_sum_of_four_quarters_with_a_tie(scenarios: Mapping[str, Any]) -> None:
    """S10.10: equal sums share the better place, and the next place is left out."""
    given, expected = (scenarios["S10.10"][key] for key in ("given", "expect"))
    ranking = rank(years(given), YEAR.rankings[0])

    assert expected["sums"] == {name: one.evaluation.score for name, one in ranking.places.items()}
    assert expected["ranks"] == {name: one.place for name, one in ranking.places.items()}


def years(quarters: Mapping[str, Any]) -> list[Evaluation]:
    """The year of each compound from its quarters' scores; None is a quarter without an evaluation."""
    given = [
        quarter(name, score, number)
        for name, scores in quarters.items()
        for number, score in enumerate(scores, 1)
        if score is not None
    ]
    looks = compose(YEAR, given, period=Period.year(2031))
    return [evaluate(YEAR, Community(name), looks[name], period=Period.year(2031)) for name in quarters]


def test_missing_quarters(scenarios: Mapping[str, Any]) -> None:
    """S10.23: with two quarters missing there is no score to rank; the least it can be is the literal sum."""
    given, expected = (scenarios["S10.23"][key] for key in ("given", "expect"))
    (one,) = years({"c": given["quarters"]})

    assert one.bounds is not None
    assert expected["sum_literal"] == one.bounds.low
    assert (None, "withheld", Decimal("0.5")) == (one.score, one.no_score, one.coverage)
    assert expected["comparable"] is bool(rank([one]).ranked)
    assert [(one, "withheld")] == list(rank([one]).apart)


def test_a_missing_source() -> None:
    """Without one of the four sources there is neither score nor grade, and nothing follows from them."""
    one = evaluate(ANNUAL, Community("c"), dict.fromkeys(SOURCES[:3], 95))
    assert (None, "withheld") == (one.score, one.grade)
    assert () == outcomes(ANNUAL, [one], on=PUBLISHED).issued


def test_flags_overlap_where_there_are_few(scenarios: Mapping[str, Any]) -> None:
    """S10.12: among twelve the first ten and the last ten have eight in common, and that is said."""
    given, expected = (scenarios["S10.12"][key] for key in ("given", "expect"))
    issued = outcomes(QUARTER, [quarter(f"c{n:02}", 100 - n) for n in range(1, given["population"] + 1)], on=PUBLISHED)

    for flag, key in (("red", "red_ranks"), ("yellow", "yellow_ranks")):
        first, last = expected[key]
        assert [f"c{n:02}" for n in range(first, last + 1)] == who(issued, flag)
    assert [("cuts-meet", str(expected["overlap"]))] == [(note.code, note.expected) for note in issued.notes]


def test_fewer_than_ten() -> None:
    """Among seven everyone has both flags; that the cuts reach beyond them is said, and that they meet."""
    issued = outcomes(QUARTER, [quarter(f"c{n}", 90 - n) for n in range(7)], on=PUBLISHED)

    assert who(issued, "red") == who(issued, "yellow") == [f"c{n}" for n in range(7)]
    assert [("cut-beyond", "7"), ("cut-beyond", "7"), ("cuts-meet", "7")] == [
        (note.code, note.expected) for note in issued.notes
    ]


@pytest.mark.parametrize("ties, flags", [("in", 11), ("out", 9)])
def test_a_tie_at_place_ten(ties: Literal["in", "out"], flags: int) -> None:
    """Two that share place ten both have the red flag, or neither, as the ranking declares."""
    rule = attrs.evolve(QUARTER.rankings[0], ties=ties)
    standard = attrs.evolve(QUARTER, rankings=[rule])
    scores = [*range(99, 90, -1), 85, 85, *range(80, 65, -1)]
    seen = [
        evaluate(standard, Community(f"c{n:02}"), {"regular": one, "satisfaction": one}) for n, one in enumerate(scores)
    ]
    assert flags == len(who(outcomes(standard, seen, on=PUBLISHED), "red"))


def test_awards_with_a_tie_at_place_five(scenarios: Mapping[str, Any]) -> None:
    """S10.15: prizes are cut by place, so two that share place five make six golds, seven silvers, twelve bronzes."""
    expected = scenarios["S10.15"]["expect"]
    places = [1, 2, 3, 4, 5, 5, *range(7, 29)]
    issued = outcomes(YEAR, prize_year(places), on=PUBLISHED)

    assert [expected[medal] for medal in ("gold", "silver", "bronze")] == [
        len(who(issued, medal)) for medal in ("gold", "silver", "bronze")
    ]
    assert [("seats-in-tie", 6, "5"), ("seats-left", 7, "8")] == [
        (note.code, note.value, note.expected) for note in issued.notes
    ]


def prize_year(places: list[int]) -> list[Evaluation]:
    """Years whose sums stand in this order: the place's number less from 100 in each quarter."""
    return [
        evaluate(YEAR, Community(f"c{n:02}"), dict.fromkeys(("q1", "q2", "q3", "q4"), 100 - place))
        for n, place in enumerate(places)
    ]


def test_prizes_with_fewer_than_twenty_five() -> None:
    """Among eighteen there are five golds, eight silvers and five bronzes, and the bronzes left are said."""
    issued = outcomes(YEAR, prize_year(list(range(1, 19))), on=PUBLISHED)

    assert [5, 8, 5] == [len(who(issued, medal)) for medal in ("gold", "silver", "bronze")]
    assert [("bronze", "seats-left", 5), ("bronze", "cut-beyond", 25)] == [
        (note.where[0], note.code, note.value) for note in issued.notes
    ]


def test_a_forced_d_among_the_first(scenarios: Mapping[str, Any]) -> None:
    """S10.26: the literal text honours a D at place three; a document may ask for more than the place."""
    expected = scenarios["S10.26"]["expect"]
    when = Condition.of({"all": [{"rank": "p", "first": 5}, {"grade": ["A", "B"]}]})
    standard = attrs.evolve(
        ANNUAL,
        rankings=[attrs.evolve(YEAR.rankings[0], id="p")],
        honours=YEAR.honours,
        outcomes=[attrs.evolve(YEAR.outcomes[0], id=name, when=one, seats=5) for name, one in (
            ("gold", Condition.of({"rank": "p", "first": 5})), ("graded", when),
        )],
    )  # fmt: skip
    seen = [
        evaluate(standard, Community(f"c{n}"), [
            *(Observation(source, 100 - n) for source in SOURCES),
            *([Observation("forced-trading", True, attributable=True)] if n == 3 else []),
        ]) for n in range(1, 6)
    ]  # fmt: skip
    issued = outcomes(standard, seen, on=PUBLISHED)

    assert ("gold", "D") == (expected["literal_award"], seen[2].grade)
    assert "c3" in who(issued, "gold")
    assert ["c1", "c2", "c4", "c5"] == who(issued, "graded")


def company(grades: int, score: int) -> Outcomes:
    """What follows for a company of so many compounds of this score."""
    return outcomes(ANNUAL, [annual(f"c{n}", score, operator="co", manager="m") for n in range(grades)], on=PUBLISHED)


def test_a_bonus_ends_by_a_win(scenarios: Mapping[str, Any]) -> None:
    """S10.16: three A's are nine points until the bid that is won, that day included; then none."""
    given, expected = (scenarios["S10.16"][key] for key in ("given", "expect"))
    days = [date.fromisoformat(one.split()[0]) for one in given["bids"]]
    won = next(date.fromisoformat(one.split()[0]) for one in given["bids"] if one.endswith("won"))
    ledger = Ledger(company(given["a_compounds"], 90), [Happening(event="bid-won", of="co", on=won)])

    assert date.fromisoformat(given["published"]) == PUBLISHED
    assert expected["points"] == [ledger.balance("co", on=day, account="county-bids") for day in days]
    assert 3 == len(ledger.alive("co", on=won))
    assert 0 == ledger.balance("co", on=won, account="another")


def test_a_bonus_ends_after_two_years() -> None:
    """Without a win three A's are nine points for two years; the anniversary is the first day without."""
    ledger = Ledger(company(3, 90))
    days = (PUBLISHED - timedelta(1), PUBLISHED, date(2033, 1, 31), date(2033, 2, 1))
    assert [0, 9, 9, 0] == [ledger.balance("co", on=day) for day in days]


def test_anothers_win_ends_nothing() -> None:
    """A win of another company, and one before the entry was issued, leave the bonus."""
    events = [Happening(event="bid-won", of=who, on=day) for who, day in (
        ("other", date(2031, 3, 1)), ("co", PUBLISHED - timedelta(1)),
    )]  # fmt: skip
    assert 9 == Ledger(company(3, 90), events).balance("co", on=date(2031, 3, 2))


def test_a_penalty_accumulates_and_expires(scenarios: Mapping[str, Any]) -> None:
    """S10.18: two D's take six points off for a year from the day of issue; a win does not end that."""
    given, expected = (scenarios["S10.18"][key] for key in ("given", "expect"))
    ledger = Ledger(company(given["d_projects"], 50), [Happening(event="bid-won", of="co", on=date(2031, 3, 1))])
    assert expected["points"] == [ledger.balance("co", on=date.fromisoformat(day)) for day in given["bids"]]


@pytest.mark.parametrize(
    "score, issued_on, last",
    [
        (65, date(2031, 11, 30), date(2032, 2, 28)),  # 2032-02-29 is the anniversary, and excluded
        (65, date(2030, 11, 30), date(2031, 2, 27)),  # the day of the month is clamped to 28 February
        (50, date(2031, 8, 31), date(2032, 2, 28)),
        (50, date(2031, 8, 29), date(2032, 2, 28)),
        (50, date(2032, 2, 29), date(2032, 8, 28)),
    ],
)
def test_windows_over_a_leap_february(score: int, issued_on: date, last: date) -> None:
    """Three and six months keep the day of the month, clamped to the month's end; the anniversary is outside."""
    issued = outcomes(ANNUAL, [annual("c", score, operator="co", manager="m")], on=issued_on)
    window = next(one.valid for one in issued if one.kind == "rectify")
    assert Period(issued_on, last) == window


def test_coverage_boundary(scenarios: Mapping[str, Any]) -> None:
    """S8.1: 95 of 100 and 190 of 200 reach 95 %, 94 of 100 does not."""
    given, expected = (scenarios["S8.1"][key] for key in ("given", "expect"))
    pairs = zip(given["graded"], given["total"], strict=True)
    assert expected["pass_"] == [result(share("95%"), Ratio(n, of)) == "pass" for n, of in pairs]


def share(least: str) -> Standard:
    """A sheet with one line that asks for a share."""
    return sheet(line("share", Check(at_least=least), 1), not_applicable="full")


def result(standard: Standard, value: Any) -> Any:
    """The result of the one line."""
    return results(judged(standard, share=value))["share"]


def test_empty_denominator(scenarios: Mapping[str, Any]) -> None:
    """S8.2: three of three is met, two of three is not, none of none does not apply."""
    given, expected = (scenarios["S8.2"][key] for key in ("given", "expect"))
    words = {"pass": "met", "fail": "failed", "not-applicable": "not applicable"}
    pairs = zip(given["removed"], given["found"], strict=True)
    assert expected["state"] == [words[result(share("100%"), Ratio(n, of))] for n, of in pairs]


@pytest.mark.parametrize("per, key", [("2 weeks", "inspections"), ("3 weeks", "mutual")])
def test_cadence_of_several_weeks(scenarios: Mapping[str, Any], per: str, key: str) -> None:
    """S8.3: only whole windows count, from the period's first day: so many looks, one in each, are all of them."""
    given, expected = (scenarios["S8.3"][name] for name in ("given", "expect"))
    first, last = (date.fromisoformat(given[name]) for name in ("start", "end"))
    standard = sheet(line("looked", Frequency(per=per), 1), not_applicable="refuse", rounding=Rounding(total=2))
    step = int(per[0]) * 7
    days = [first + timedelta(step * n) for n in range(expected[key])]

    def looked(count: int) -> Any:
        looks = (Observation("looked", True, at=day) for day in days[:count])
        return results(judged(standard, *looks, period=Period(first, last)))["looked"]

    assert ("pass", "fail") == (looked(expected[key]), looked(expected[key] - 1))


def test_a_share_that_is_wished_for(scenarios: Mapping[str, Any]) -> None:
    """S9.1: four of seven is met; two of five falls short of a wish, which is advice."""
    given, expected = (scenarios["S9.1"][key] for key in ("given", "expect"))
    standard = sheet(
        line("share", Check(at_least="50%"), strength="should"), line("rest", Check(), 1), not_applicable="refuse"
    )
    words = {"pass": "met", "advice": "advice"}
    pairs = zip(given["party"], given["members"], strict=True)
    assert expected["state"] == [words[result(standard, Ratio(n, of))] for n, of in pairs]


def test_full_coverage_of_a_quarter(scenarios: Mapping[str, Any]) -> None:
    """S9.2: 39 of 40 compounds inspected is not all of them."""
    given, expected = (scenarios["S9.2"][key] for key in ("given", "expect"))
    assert expected["pass_"] is (result(share("100%"), Ratio(given["inspected"], given["compounds"])) == "pass")


@pytest.mark.parametrize("scenario, key, done, short", [("S9.3", "spot", 3, 1), ("S9.3", "joint", 4, 0)])
def test_checks_of_a_year(scenarios: Mapping[str, Any], scenario: str, key: str, done: int, short: int) -> None:
    """S9.3: four checks a year are asked for; three are one short."""
    given = scenarios[scenario]["given"]
    standard = sheet(line("share", Check(at_least=4), 1), not_applicable="refuse")
    assert done == given[key]
    assert ("fail" if short else "pass") == result(standard, done)


def test_weekly_checks_and_a_monthly_bulletin(scenarios: Mapping[str, Any]) -> None:
    """S10.25: three of four weeks is one short; one bulletin in the month is enough."""
    given, expected = (scenarios["S10.25"][key] for key in ("given", "expect"))
    standard = sheet(line("checks", Frequency(per="week", partial=True), given["weeks"]),
                     line("bulletin", Frequency(per="month"), 1),
                     not_applicable="refuse", rounding=Rounding(criterion=4, total=4))  # fmt: skip
    # February 2027 begins on a Monday and has four whole weeks.
    first = date(2027, 2, 1)
    looks = [Observation("checks", True, at=first + timedelta(7 * n)) for n in range(given["inspections"])]
    looks += [Observation("bulletin", True, at=first + timedelta(27))] * given["bulletins"]
    points = {one.criterion: one.points for one in judged(standard, *looks, period=Period.month(2027, 2)).lines}

    assert given["weeks"] - expected["missing_inspections"] == points["checks"]
    assert 1 - expected["missing_bulletins"] == points["bulletin"]


def test_a_register_that_lacks_households(scenarios: Mapping[str, Any]) -> None:
    """S12.3: 48 of 50 households entered is 96 %, two short of all."""
    given, expected = (scenarios["S12.3"][key] for key in ("given", "expect"))
    entered = Ratio(given["entered"], given["households"])
    assert expected["missing"] == given["households"] - given["entered"]
    assert ("pass", "fail") == tuple(result(share(least), entered) for least in ("96%", "97%"))

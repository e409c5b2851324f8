"""What follows from a quarter and a year in Guannan county, and who does what by when: the plugin's own documents."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import civrules
from civrules import Case, CaseEvent, Community, Done, Evaluation, Happening, Ledger, Observation, Outcomes, Period
from civrules_residential import plugin

QUARTER, ANNUAL, YEAR = (f"residential/guannan-{name}" for name in ("quarter", "annual", "year"))
CAMPAIGN = "residential/guannan-appraisal-plan"
SOURCES = ("association", "panel", "satisfaction", "complaints")
PUBLISHED = date(2031, 2, 1)
WHOSE = {"operator": "co", "operator-head": "head", "manager": "manager"}
EVENTS = {"装修管理严重失控": "fitout-out-of-control", "强买强卖": "forced-sales"}
MEDALS = ("gold", "silver", "bronze")


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
    (campaign,) = (one for one in book.campaigns() if one.id == CAMPAIGN)
    return campaign


def quarter(book: civrules.Rulebook, name: str, score: Any, number: int = 1, **seen: Any) -> Evaluation:
    """A compound's quarter of this score: both marks alike."""
    marks = {"check": score, "satisfaction": score, **seen}
    return book.evaluate(QUARTER, Community(name, attributes=WHOSE), marks, period=Period.quarter(2031, number))


def annual(book: civrules.Rulebook, name: str, score: Any, *events: str) -> Evaluation:
    """A compound's year of this score: all four marks alike, and events that the company is to blame for."""
    looks = [Observation(source, score) for source in SOURCES]
    looks += [Observation(event, True, at=date(2030, 5, 1), attributable=True) for event in events]
    return book.evaluate(ANNUAL, Community(name, attributes=WHOSE), looks, period=Period.year(2030))


def year(book: civrules.Rulebook, name: str, *quarters: Any) -> Evaluation:
    """A compound's year of four quarters."""
    marks = dict(zip(("q1", "q2", "q3", "q4"), quarters, strict=True))
    return book.evaluate(YEAR, Community(name, attributes=WHOSE), marks, period=Period.year(2030))


def years(book: civrules.Rulebook, quarters: Mapping[str, Any]) -> list[Evaluation]:
    """The year of each compound, composed of the evaluations of its quarters; None is a quarter without one."""
    given = [
        quarter(book, name, score, number)
        for name, scores in quarters.items()
        for number, score in enumerate(scores, 1)
        if score is not None
    ]
    looks = civrules.compose(book.standard(YEAR), given, period=Period.year(2031))
    return [book.evaluate(YEAR, Community(name), looks[name], period=Period.year(2031)) for name in quarters]


def who(issued: Iterable[civrules.Issued], outcome: str) -> list[str]:
    """The compounds that an outcome reached."""
    return sorted({one.community for one in issued if one.outcome == outcome})


def kinds(issued: Outcomes, *outcomes: str) -> list[tuple[str, str | None, str]]:
    """What these outcomes do, in order: the verb, what, and for whom."""
    return [(one.kind, one.what, one.subject) for one in issued if one.outcome in outcomes]


def places(book: civrules.Rulebook, order: Iterable[int]) -> list[Evaluation]:
    """Years whose sums stand in this order: 100 less the place in each quarter."""
    return [year(book, f"c{number:02}", *[100 - place] * 4) for number, place in enumerate(order)]


def company(book: civrules.Rulebook, compounds: int, score: int) -> Outcomes:
    """What follows for a company of so many compounds of this score."""
    given = [annual(book, f"c{number}", score) for number in range(compounds)]
    return civrules.outcomes(book.standard(ANNUAL), given, on=PUBLISHED)


def test_nothing_is_left_for_lint(book: civrules.Rulebook, plan: civrules.Campaign) -> None:
    """The documents load, lint finds nothing that no reading explains, and no silence is unused."""
    assert book.problems == ()
    assert civrules.lint([*(book.standard(name) for name in (QUARTER, ANNUAL, YEAR)), plan]) == ()


def test_every_clause_is_carried(book: civrules.Rulebook, plan: civrules.Campaign, shared: Path) -> None:
    """Each of the 89 clauses of the plan is cited by a table, and nothing cites a clause that is not there."""
    inventory = json.loads((shared / "inventory.json").read_text("utf-8"))
    clauses = {one["id"] for one in next(one for one in inventory["plans"] if one["id"] == 10)["clauses"]}
    cited = {one for document in (*map(book.standard, (QUARTER, ANNUAL, YEAR)), plan) for one in _cited(document)}

    assert clauses == {one for one in cited if one.startswith("p10.")} == cited


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


def test_composite_of_four_sources(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.1: a tenth, a half, three tenths and a tenth of four marks make the annual score and its grade."""
    given, expected = (scenarios["S10.1"][key] for key in ("given", "expect"))
    seen = {"complaints" if name == "complaint" else name: mark for name, mark in given.items()}
    one = book.evaluate(ANNUAL, Community("c"), seen, period=Period.year(2030))
    parts: dict[str | None, Decimal] = {}
    for line in one.lines:
        if line.points is not None:
            parts[line.section] = parts.get(line.section, Decimal(0)) + line.points

    assert [Decimal(str(part)) for part in expected["parts"]] == list(parts.values())
    assert (Decimal(str(expected["total"])), expected["grade"]) == (one.score, one.grade)


def test_half_open_bands(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.2: every score has exactly one grade; the printed bands would leave four of them without."""
    given, expected = (scenarios["S10.2"][key] for key in ("given", "expect"))
    grades = [annual(book, "c", score).grade for score in given["scores"]]
    bands = {one.id: one.printed for one in book.standard(ANNUAL).grades if one.printed is not None}

    def printed(score: Decimal) -> str | None:
        inside = (
            name for name, one in bands.items()
            if (one.first is None or one.first <= score) and (one.last is None or score <= one.last)
        )  # fmt: skip
        return next(inside, "D" if score < 60 else None)

    assert expected["half_open"] == grades
    assert expected["printed_bands"] == [printed(Decimal(score)) for score in given["scores"]]


@pytest.mark.parametrize("mode, key", [("half-up", "half_up_to_integer"), ("half-even", "half_even_to_integer")])
def test_rounding_changes_the_grade(book: civrules.Rulebook, scenarios: Mapping[str, Any], mode: Any, key: str) -> None:
    """S10.3: 84.50 is B as the document has it, and would be A if halves were rounded up to whole numbers."""
    given, expected = (scenarios["S10.3"][name] for name in ("given", "expect"))
    standard = book.standard(ANNUAL)
    rounded = attrs.evolve(standard, rounding=attrs.evolve(standard.rounding, total=0, mode=mode))

    assert expected[key] == civrules.evaluate(rounded, Community("c"), dict.fromkeys(SOURCES, given["score"])).grade
    assert expected["no_rounding"] == annual(book, "c", given["score"]).grade


@pytest.mark.parametrize("name", ["S10.4", "S10.7"])
def test_capped_and_forced(book: civrules.Rulebook, scenarios: Mapping[str, Any], name: str) -> None:
    """S10.4, S10.7: an event caps or forces the grade that the score would give."""
    given, expected = (scenarios[name][key] for key in ("given", "expect"))
    one = annual(book, "c", given["score"], EVENTS[given["event"]])

    assert given["company_main"] is True
    assert (expected["raw"], expected["final"]) == (one.grade_before_gates, one.grade)
    if "reason" in expected:
        gates = {gate.id: gate for gate in book.standard(ANNUAL).gates}
        assert [expected["reason"]] == [f"cap {gates[gate].source[0].id}" for gate in one.gates]


def test_consequences_of_a_forced_d(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.7: six months to put it right, no certificate meanwhile, two credit files, three points off, re-selection."""
    expected = scenarios["S10.7"]["expect"]
    issued = civrules.outcomes(book.standard(ANNUAL), [annual(book, "c", 95, "forced-sales")], on=PUBLISHED)
    window = Period(PUBLISHED, date(2031, 7, 31))

    assert [
        ("rectify", "grade-d-repair", "co"), ("withhold", "integrity-certificate", "co"),
        ("record", "credit-file", "co"), ("record", "credit-file", "manager"),
    ] == kinds(issued, "grade-d")  # fmt: skip
    assert [window, window] == [one.valid for one in issued if one.kind in ("rectify", "withhold")]
    assert 6 == expected["window_months"]
    assert expected["credit_entries"] == sum(one.kind == "record" for one in issued)
    assert expected["bid_points"] == Ledger(issued).balance("co", on=PUBLISHED, account="county-bids")
    assert [("recommend", "re-select-operator", "owners-committee")] == kinds(issued, "re-selection")
    assert expected["bonus"] == len(who(issued, "bid-bonus"))


def test_seventy_thirty(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.9: seven tenths of the check and three tenths of the survey make the quarter."""
    given, expected = (scenarios["S10.9"][key] for key in ("given", "expect"))
    marks = {"check": given["regular"], "satisfaction": given["satisfaction"]}

    assert Decimal(str(expected["total"])) == book.evaluate(QUARTER, Community("c"), marks).score


def test_sum_of_four_quarters_with_a_tie(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.10: equal sums share the better place, and the next place is left out."""
    given, expected = (scenarios["S10.10"][key] for key in ("given", "expect"))
    ranking = civrules.rank(years(book, given), book.standard(YEAR).rankings[0])

    assert expected["sums"] == {name: one.evaluation.score for name, one in ranking.places.items()}
    assert expected["ranks"] == {name: one.place for name, one in ranking.places.items()}


def test_missing_quarters(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.23: two quarters of 90 and 92 are no sum to rank; the least it can be is the literal 182."""
    given, expected = (scenarios["S10.23"][key] for key in ("given", "expect"))
    (one,) = years(book, {"c": given["quarters"]})

    assert one.bounds is not None
    assert expected["sum_literal"] == one.bounds.low
    assert (None, "withheld", Decimal("0.5")) == (one.score, one.no_score, one.coverage)
    assert expected["comparable"] is bool(civrules.rank([one]).ranked)


def test_flags_overlap_where_there_are_few(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.12: among twelve the first ten and the last ten have eight in common, and that is said."""
    given, expected = (scenarios["S10.12"][key] for key in ("given", "expect"))
    quarters = [quarter(book, f"c{number:02}", 100 - number) for number in range(1, given["population"] + 1)]
    issued = civrules.outcomes(book.standard(QUARTER), quarters, on=PUBLISHED)

    for flag, key in (("red-flag", "red_ranks"), ("yellow-flag", "yellow_ranks")):
        first, last = expected[key]
        assert [f"c{number:02}" for number in range(first, last + 1)] == who(issued, flag)
    assert [str(expected["overlap"])] == [note.expected for note in issued.notes if note.code == "cuts-meet"]


def test_flags_of_ninety_two(book: civrules.Rulebook) -> None:
    """Of 92 compounds c01 to c10 have red flags, c83 to c92 yellow ones; owners are told, and companies act."""
    quarters = [quarter(book, f"c{number:02}", Decimal(100) - Decimal(number) / 2) for number in range(1, 93)]
    issued = civrules.outcomes(book.standard(QUARTER), quarters, on=date(2031, 4, 10))

    assert [f"c{number:02}" for number in range(1, 11)] == who(issued, "red-flag") == who(issued, "staff-commended")
    assert [f"c{number}" for number in range(83, 93)] == who(issued, "yellow-flag") == who(issued, "yellow-flag-plan")
    assert 20 == sum(one.kind == "notice" and one.subject == "owners" for one in issued)
    assert {("award", "company-commendation", "manager")} == set(kinds(issued, "staff-commended"))
    assert {("rectify", "yellow-flag-plan", "co")} == set(kinds(issued, "yellow-flag-plan"))


def test_flags_go_round(book: civrules.Rulebook) -> None:
    """A red flag of the first quarter hangs until the second quarter's are issued, whoever then has it."""
    standard = book.standard(QUARTER)
    first = civrules.outcomes(
        standard, [quarter(book, f"c{n:02}", 100 - n, 1) for n in range(30)], on=date(2031, 4, 10)
    )
    second = civrules.outcomes(
        standard, [quarter(book, f"c{n:02}", 50 + n, 2) for n in range(30)], on=date(2031, 7, 10)
    )
    ledger = Ledger(first, first.issues).adding(second, second.issues)

    def red(day: date) -> list[str]:
        return sorted(one.community for one in ledger.in_force(day) if one.what == "red")

    assert [f"c{n:02}" for n in range(10)] == red(date(2031, 7, 9))
    assert [f"c{n:02}" for n in range(20, 30)] == red(date(2031, 7, 11))


def test_praise_and_exposure(book: civrules.Rulebook) -> None:
    """What stood out in supervision brings praise or blame at once, before there is any score."""
    seen = [book.evaluate(YEAR, Community(name, attributes=WHOSE), {event: True}, period=Period.year(2031))
            for name, event in (("good", "good-example"), ("bad", "neglect"))]  # fmt: skip
    issued = civrules.outcomes(book.standard(YEAR), seen, on=PUBLISHED)

    assert (["good"], ["bad"]) == (who(issued, "praise"), who(issued, "exposure"))
    assert [("interview", "held-to-account", "co"), ("publish", "exposure-board", "co")] == kinds(issued, "exposure")


def test_awards_with_a_tie_at_place_five(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.15: prizes are cut by place, so two that share place five make six golds, seven silvers, twelve bronzes."""
    expected = scenarios["S10.15"]["expect"]
    given = places(book, [1, 2, 3, 4, 5, 5, *range(7, 29)])
    issued = civrules.outcomes(book.standard(YEAR), given, on=PUBLISHED)

    assert [expected[medal] for medal in MEDALS] == [len(who(issued, medal)) for medal in MEDALS]
    assert expected["total"] == len(who(issued, "first-25"))
    assert [("seats-in-tie", 6), ("seats-left", 7)] == [
        (note.code, note.value) for note in issued.notes if note.code.startswith("seats")
    ]


def test_a_gold_in_full(book: civrules.Rulebook) -> None:
    """A gold is one for the company and one for the manager; with certificates for company and head, and a priority."""
    issued = civrules.outcomes(book.standard(YEAR), places(book, [1]), on=PUBLISHED)

    assert [("award", "gold", "co"), ("award", "gold-manager", "manager")] == kinds(issued, "gold")
    assert [
        ("award", "certificate-of-honour", "co"), ("award", "certificate-of-honour", "head"),
        ("recommend", "priority-in-selection", "co"),
    ] == kinds(issued, "first-25")  # fmt: skip


def test_amounts_are_the_hosts(book: civrules.Rulebook) -> None:
    """No amount is printed: open, a prize has none and that is said; set by the host, it has that amount."""
    standard, given = book.standard(YEAR), places(book, [1])
    bound = standard.bind({"gold-company-reward": 5000})
    again = [civrules.evaluate(bound, one.community, dict.fromkeys(("q1", "q2", "q3", "q4"), 99)) for one in given]
    (company_, _), (set_, _) = (
        [one for one in civrules.outcomes(document, seen, on=PUBLISHED) if one.outcome == "gold"]
        for document, seen in ((standard, given), (bound, again))
    )
    notes = civrules.outcomes(standard, given, on=PUBLISHED).notes

    assert (None, Decimal(5000)) == (company_.amount, set_.amount)
    assert "gold-company-reward" in [note.expected for note in notes if note.code == "open-effect"]


def test_a_forced_d_among_the_first(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.26: a compound at place three of the year has the gold as printed, though the year's grade is D."""
    expected = scenarios["S10.26"]["expect"]
    issued = civrules.outcomes(book.standard(YEAR), places(book, range(1, 31)), on=PUBLISHED)
    third = places(book, range(1, 4))[2].community.id

    assert "D" == annual(book, third, 97, "forced-sales").grade == scenarios["S10.26"]["given"]["final"]
    assert third in who(issued, expected["literal_award"])
    assert "first-25" in [one.at for one in book.standard(YEAR).readings]


STRICTER = """
[standard]
id = "county/year"
version = "1"
title = { zh = "从严评奖", en = "Stricter prizes" }
effective = { first = 2031-01-01 }
source = { document = "County notice" }
extends = "residential/guannan-year@1"

[[amend]]
of = "outcome:gold"
when = { all = [{ rank = "year", first = 5 }, { none = [{ attribute = "annual-grade", equals = "D" }] }] }
"""


def test_a_county_may_ask_for_more_than_the_place(book: civrules.Rulebook, tmp_path: Path) -> None:
    """A document that extends the year's amends the prize: the second, whose grade the host gives as D, has none."""
    written = tmp_path / "stricter.toml"
    written.write_text(STRICTER, "utf-8")
    stricter = book.load(written)
    seen = [
        civrules.evaluate(
            stricter,
            Community(f"c{number}", attributes={**WHOSE, "annual-grade": "D" if number == 2 else "A"}),
            dict.fromkeys(("q1", "q2", "q3", "q4"), 99 - number),
        )
        for number in range(5)
    ]

    assert ["c0", "c1", "c3", "c4"] == who(civrules.outcomes(stricter, seen, on=PUBLISHED), "gold")


def test_a_bonus_ends_by_a_win(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.16: three A's are nine points until the bid that is won, that day included; then none."""
    given, expected = (scenarios["S10.16"][key] for key in ("given", "expect"))
    days = [date.fromisoformat(one.split()[0]) for one in given["bids"]]
    won = next(date.fromisoformat(one.split()[0]) for one in given["bids"] if one.endswith("won"))
    ledger = Ledger(company(book, given["a_compounds"], 90), [Happening(event="bid-won", of="co", on=won)])

    assert date.fromisoformat(given["published"]) == PUBLISHED
    assert expected["points"] == [ledger.balance("co", on=day, account="county-bids") for day in days]


def test_a_bonus_ends_after_two_years(book: civrules.Rulebook) -> None:
    """Without a win three A's are nine points for two years; the anniversary is the first day without."""
    ledger = Ledger(company(book, 3, 90))
    days = (PUBLISHED - timedelta(1), PUBLISHED, date(2033, 1, 31), date(2033, 2, 1))

    assert [0, 9, 9, 0] == [ledger.balance("co", on=day) for day in days]


def test_a_penalty_accumulates_and_expires(book: civrules.Rulebook, scenarios: Mapping[str, Any]) -> None:
    """S10.18: two D's take six points off for a year from the day of issue; a win does not end that."""
    given, expected = (scenarios["S10.18"][key] for key in ("given", "expect"))
    ledger = Ledger(company(book, given["d_projects"], 50), [Happening(event="bid-won", of="co", on=date(2031, 3, 1))])

    assert expected["points"] == [ledger.balance("co", on=date.fromisoformat(day)) for day in given["bids"]]


def test_bonus_and_penalty_are_set_off(book: civrules.Rulebook) -> None:
    """Two A's and two D's of one company are 3 + 3 - 3 - 3 = 0, a B and a C nothing."""
    marks = (90, 91, 50, 51, 75, 65)
    given = [annual(book, f"c{number}", mark) for number, mark in enumerate(marks)]

    assert 0 == Ledger(civrules.outcomes(book.standard(ANNUAL), given, on=PUBLISHED)).balance("co", on=PUBLISHED)


@pytest.mark.parametrize(
    "score, issued_on, last",
    [
        (65, date(2031, 2, 1), date(2031, 4, 30)),
        (65, date(2031, 11, 30), date(2032, 2, 28)),  # 2032-02-29 is the anniversary, and excluded
        (50, date(2031, 8, 31), date(2032, 2, 28)),
    ],
)
def test_terms_of_c_and_d(book: civrules.Rulebook, score: int, issued_on: date, last: date) -> None:
    """Three months for C and six for D keep the day of the month; the certificate is withheld exactly so long."""
    issued = civrules.outcomes(book.standard(ANNUAL), [annual(book, "c", score)], on=issued_on)

    assert [last, last] == [one.valid.last for one in issued if one.kind in ("rectify", "withhold")]


def test_a_b_brings_nothing_but_its_publication(book: civrules.Rulebook) -> None:
    """Grade B has no consequence in the text; place one of the annual order has the campaign's reward."""
    given = [annual(book, "b", 75), *(annual(book, f"a{number:02}", 90) for number in range(10))]
    issued = civrules.outcomes(book.standard(ANNUAL), given, on=PUBLISHED)

    assert ["results-published"] == [one.outcome for one in issued if one.community == "b"]
    assert [f"a{number:02}" for number in range(10)] == who(issued, "campaign-reward")


def test_honours_bring_rewards(book: civrules.Rulebook) -> None:
    """A provincial model and a red-property compound have their rewards; one that is only nominated has none."""
    given = [annual(book, name, 75) for name in ("model", "red", "nominated")]
    issued = civrules.outcomes(
        book.standard(ANNUAL),
        given,
        on=PUBLISHED,
        honours={
            "model": {"provincial-model-compound": "held"},
            "red": {"city-red-property": "held"},
            "nominated": {"provincial-model-compound": "nominated"},
        },
    )

    assert (["model"], ["red"]) == (who(issued, "model-compound-reward"), who(issued, "red-property-reward"))


def test_the_notice_is_a_case(book: civrules.Rulebook) -> None:
    """Notice on 2 March, 20 days set by the host: the repair is due on 22 March; without a limit it is never late."""
    standard = book.standard(QUARTER)
    (procedure,) = (one for one in standard.procedures if one.id == "rectification")
    notice = CaseEvent(kind="done", on=date(2031, 3, 2), step="notice")
    limits: list[dict[str, str]] = [{"rectification-limit": "20 days"}, {}]
    limited, open_ = (
        Case.opened(procedure.settled(limit), on=date(2031, 3, 1), community="c").add(notice) for limit in limits
    )

    assert (date(2031, 3, 22), "overdue") == (limited.due(), limited.status(on=date(2031, 3, 23)))
    assert (None, "open") == (open_.due(), open_.status(on=date(2039, 1, 1)))


def test_six_months_for_a_d(book: civrules.Rulebook) -> None:
    """The procedure that a D names gives the company until the day of the month six months after the notice."""
    (procedure,) = (one for one in book.standard(ANNUAL).procedures if one.id == "grade-d-repair")
    case = Case.opened(procedure, on=PUBLISHED, community="c")

    assert date(2031, 8, 1) == case.add(CaseEvent(kind="done", on=PUBLISHED, step="notify")).due()


def test_the_report_is_due_on_the_tenth(plan: civrules.Campaign, scenarios: Mapping[str, Any]) -> None:
    """S10.20: each quarter's report is due on the tenth of the next month; 11 April is one day late."""
    given, expected = scenarios["S10.20"]["given"], scenarios["S10.20"]["expect"]
    schedule = plan.in_year(2031)
    occurrences = schedule.occurrences("quarterly-report")
    submitted = date.fromisoformat(given["submitted"])
    county = Community("county", places={"compound": ["c1"]})
    done = {
        "quarterly-appraisal": [Done(on=date(2031, 4, 9), window="2031-Q1", place="c1")],
        "quarterly-report": [Done(on=submitted, window="2031-Q1")],
    }
    progress = next(
        one for one in schedule.progress(done, on=submitted, community=county) if one.task == "quarterly-report"
    )

    assert given["quarter_ends"] == [str(one.window.last) for one in occurrences]
    assert expected["due"] == [str(one.due) for one in occurrences]
    assert expected["late_days_q1"] == progress.occurrences[0].days_late


def test_weekly_check_and_monthly_bulletin(plan: civrules.Campaign, scenarios: Mapping[str, Any]) -> None:
    """S10.25: February 2027 has four whole weeks; three inspections are one short, one bulletin is enough."""
    given, expected = scenarios["S10.25"]["given"], scenarios["S10.25"]["expect"]
    monday = date(2027, 2, 1)
    done = {
        "weekly-inspection": [monday + timedelta(days=7 * week) for week in range(given["inspections"])],
        "monthly-bulletin": [date(2027, 2, 26)] * given["bulletins"],
    }
    february = {one.task: one for one in plan.in_year(2027).progress(done, on=date(2027, 3, 1))}

    def missing(task: str) -> int:
        inside = [one for one in february[task].occurrences if one.window.first and one.window.first >= monday]
        return sum(one.state == "missing" for one in inside if one.window.last and one.window.last < date(2027, 3, 1))

    assert expected["missing_inspections"] == missing("weekly-inspection")
    assert expected["missing_bulletins"] == missing("monthly-bulletin")


def test_what_a_flag_asks_of_the_company(plan: civrules.Campaign) -> None:
    """The plan after a yellow flag is expected while the flag hangs, and of nobody else."""
    schedule = plan.in_year(2031)

    def asked(*outcomes: str) -> list[str]:
        standing = civrules.Standing(outcomes=outcomes)
        tracked = schedule.progress({}, on=date(2031, 4, 1), standing=standing)
        return [one.task for one in tracked if one.task.startswith(("yellow", "commend")) and one.occurrences]

    assert ["yellow-flag-plan"] == asked("yellow-flag")
    assert ["commend-staff"] == asked("red-flag")
    assert [] == asked()


def test_the_day_of_publication_is_open(plan: civrules.Campaign) -> None:
    """Publishing is undetermined until the host sets the day; then it is due on that day."""
    (open_,) = plan.in_year(2031).occurrences("publish-plan")
    (due,) = plan.bind({"publication-day": "03-15"}).in_year(2031).occurrences("publish-plan")

    assert (None, date(2031, 3, 15)) == (open_.due, due.due)
    assert "publication-day" in plan.open_parameters


def test_prizes_at_their_edges(book: civrules.Rulebook) -> None:
    """Place 5 is gold and 6 silver, 13 silver and 14 bronze, 25 bronze and 26 nothing at all."""
    issued = civrules.outcomes(book.standard(YEAR), places(book, range(1, 27)), on=PUBLISHED)
    prize = {one.community: one.outcome for one in issued if one.outcome in MEDALS}

    edges = {4: "gold", 5: "silver", 12: "silver", 13: "bronze", 24: "bronze", 25: None}
    assert edges == {number: prize.get(f"c{number:02}") for number in edges}
    assert "c25" not in who(issued, "first-25")


@pytest.mark.parametrize("tied, red, yellow", [(9, 10, 10), (10, 11, 10), (20, 10, 11)])
def test_a_tie_at_the_end_of_the_flags(book: civrules.Rulebook, tied: int, red: int, yellow: int) -> None:
    """Of 30, whoever shares the tenth place has a red flag too, and whoever shares the tenth last a yellow one."""
    scores = [100 - number for number in range(1, 31)]
    scores[tied] = scores[tied - 1]
    quarters = [quarter(book, f"c{number:02}", score) for number, score in enumerate(scores)]
    issued = civrules.outcomes(book.standard(QUARTER), quarters, on=date(2031, 4, 10))

    assert (red, yellow) == (len(who(issued, "red-flag")), len(who(issued, "yellow-flag")))


def test_a_compound_without_its_survey_has_no_flag(book: civrules.Rulebook) -> None:
    """Eleven compounds, the worst without its survey: ten are in order, and the eleventh hangs no yellow flag."""
    quarters = [quarter(book, f"c{number:02}", 90 - number) for number in range(10)]
    open_ = book.evaluate(QUARTER, Community("open", attributes=WHOSE), {"check": 10}, period=Period.quarter(2031, 1))
    issued = civrules.outcomes(book.standard(QUARTER), [*quarters, open_], on=date(2031, 4, 10))

    assert "open" not in who(issued, "yellow-flag")
    assert 10 == len(who(issued, "yellow-flag"))


@pytest.mark.parametrize("limit, due", [(None, None), ("15 days", date(2031, 4, 15))])
def test_flags_follow_the_report(plan: civrules.Campaign, limit: str | None, due: date | None) -> None:
    """No day is printed for hanging the flags: open until the host sets a time, counted from the quarter's end."""
    bound = plan.bind({"follow-up-limit": limit}) if limit else plan
    schedule = bound.in_year(2031)

    assert {due} == {schedule.occurrences(name)[0].due for name in ("rotate-flags", "archive", "yellow-flag-plan")}
    assert date(2031, 4, 10) == schedule.occurrences("quarterly-report")[0].due


def test_the_first_ten_of_the_composite(book: civrules.Rulebook) -> None:
    """Ten by the annual score have the campaign's reward; the eleventh, half a point behind, has none."""
    given = [annual(book, f"c{number:02}", Decimal(90) - Decimal(number) / 2) for number in range(11)]
    issued = civrules.outcomes(book.standard(ANNUAL), given, on=PUBLISHED)

    assert [f"c{number:02}" for number in range(10)] == who(issued, "campaign-reward")


def test_a_company_with_an_a_and_a_d(book: civrules.Rulebook) -> None:
    """An A of 90 and a forced D of 90 are one company's: 3 - 3 = 0, and the certificate is withheld for six months."""
    given = [annual(book, "good", 90), annual(book, "bad", 90, "major-accident")]
    issued = civrules.outcomes(book.standard(ANNUAL), given, on=PUBLISHED)

    assert 0 == Ledger(issued).balance("co", on=PUBLISHED, account="county-bids")
    assert ("withhold", "integrity-certificate", "co") in kinds(issued, "grade-d")
    assert ["bad"] == who(issued, "re-selection")

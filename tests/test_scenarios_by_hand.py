"""Further scenarios of what follows from evaluations: figures and days worked out by hand from the same clauses."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from sheets import line, section, sheet

from civrules import (
    Calendar,
    Case,
    CaseEvent,
    Community,
    Condition,
    Done,
    Effect,
    Evaluation,
    Happening,
    History,
    Ledger,
    Outcome,
    Outcomes,
    Period,
    Procedure,
    Standard,
    Step,
    Text,
    compose,
    evaluate,
    load,
    open_cases,
    outcomes,
    rank,
    roll_up,
)
from civrules.authoring.documents import parsed
from civrules.measures import Check, Marks

DOCUMENTS = Path(__file__).parent / "followup"
QUARTER, YEAR, ANNUAL = (load(DOCUMENTS / f"{name}.toml") for name in ("quarter", "year", "annual"))
SOURCES = ("association", "panel", "satisfaction", "complaint")
PUBLISHED = date(2031, 2, 1)


def quarter(name: str, score: int, number: int, standard: Standard = QUARTER) -> Evaluation:
    """A compound's quarter of 2031."""
    seen = {"regular": score, "satisfaction": score}
    return evaluate(standard, Community(name), seen, period=Period.quarter(2031, number))


def annual(name: str, score: int, year: int, operator: str) -> Evaluation:
    """A compound's year of this score; who runs it."""
    community = Community(name, attributes={"operator": operator, "manager": "m"})
    return evaluate(ANNUAL, community, dict.fromkeys(SOURCES, score), period=Period.year(year))


def flagged(ledger: Ledger, flag: str, on: date) -> list[str]:
    """Who has a flag on a day."""
    return sorted(one.community for one in ledger.in_force(on) if one.kind == "flag" and one.what == flag)


class TestBids:
    """Points of a company over all its compounds: +3 for an A until a bid is won or two years, -3 for a D for one."""

    YEARS = (("a", 90, "co"), ("b", 86, "co"), ("c", 40, "co"), ("d", 88, "other"))

    def test_bonus_and_penalty_of_one_company(self) -> None:
        """2 x 3 - 3 = 3; the win takes the six away, on the day after; a year after publication the three as well."""
        issued = outcomes(ANNUAL, [annual(name, score, 2030, who) for name, score, who in self.YEARS], on=PUBLISHED)
        ledger = Ledger(issued, [Happening(event="bid-won", of="co", on=date(2031, 6, 20))])
        days = [date(2031, 1, 31), PUBLISHED, date(2031, 6, 20), date(2031, 6, 21), date(2032, 1, 31), date(2032, 2, 1)]

        assert [0, 3, 3, -3, -3, 0] == [ledger.balance("co", on=day) for day in days]
        assert [0, 3, 3, 3, 3, 3] == [ledger.balance("other", on=day) for day in days]

    def test_a_win_of_last_year_leaves_the_next_bonus(self) -> None:
        """An A again a year later is three points anew; the win before its publication does not end it."""
        first = outcomes(ANNUAL, [annual("a", 90, 2030, "co")], on=PUBLISHED)
        second = outcomes(ANNUAL, [annual("a", 90, 2031, "co")], on=date(2032, 2, 2))
        ledger = Ledger([*first, *second], [Happening(event="bid-won", of="co", on=date(2031, 6, 20))])
        assert [3, 0, 3] == [
            ledger.balance("co", on=day) for day in (date(2031, 6, 20), date(2032, 2, 1), date(2032, 2, 2))
        ]

    def test_two_years_of_bonus_add_up(self) -> None:
        """Without a win: 3 from 2031, 6 from 2032, 3 when the first is two years old, 0 when the second is."""
        issued: list[Any] = []
        for year in (2030, 2031):
            issued += outcomes(ANNUAL, [annual("a", 90, year, "co")], on=date(year + 1, 2, 1))
        days = [date(2031, 2, 1), date(2032, 2, 1), date(2033, 1, 31), date(2033, 2, 1), date(2034, 2, 1)]
        assert [3, 6, 6, 3, 0] == [Ledger(issued).balance("co", on=day) for day in days]


class TestFlags:
    """Red for the first ten, yellow for the last ten, round after round."""

    def rounds(self, standard: Standard = QUARTER) -> tuple[list[Evaluation], list[Evaluation]]:
        """Twenty-five compounds: in the second quarter the third and the twenty-third have changed their scores."""
        names = [f"c{number:02}" for number in range(1, 26)]
        first = {name: 100 - place for place, name in enumerate(names, 1)}
        second = {**first, "c03": first["c23"], "c23": first["c03"]}
        return tuple(  # type: ignore[return-value]  # of two
            [quarter(name, score, number, standard) for name, score in scores.items()]
            for number, scores in ((1, first), (2, second))
        )

    def test_flags_go_round(self) -> None:
        """Until the day before the next issue the first round's flags hold, from then on the second's."""
        first, second = self.rounds()
        april, july = date(2031, 4, 12), date(2031, 7, 12)
        issued = outcomes(QUARTER, first, on=april)
        ledger = Ledger(issued, issued.issues)
        again = outcomes(QUARTER, second, on=july, ledger=ledger, history=first)
        ledger = ledger.adding(again, again.issues)

        ten = [f"c{number:02}" for number in range(1, 11)]
        assert ten == flagged(ledger, "red", july - timedelta(1))
        assert sorted({*ten, "c23"} - {"c03"}) == flagged(ledger, "red", july)
        assert [f"c{number:02}" for number in range(16, 26)] == flagged(ledger, "yellow", july - timedelta(1))
        assert sorted({f"c{number:02}" for number in range(16, 26)} - {"c23"} | {"c03"}) == flagged(
            ledger, "yellow", july
        )

    def test_twice_among_the_last_ten(self) -> None:
        """Two yellow flags in a row lead to an interview: nine of the ten, the tenth has changed places."""
        twice = Condition.of({"streak": 2, "when": {"rank": "quarter", "last": 10}})
        interview = Outcome(
            id="twice", title=Text(en="Twice"), when=twice, then=(Effect(interview="operator"),)
        )  # fmt: skip
        standard = attrs.evolve(QUARTER, outcomes=[interview])
        first, second = self.rounds(standard)
        found = outcomes(standard, second, on=date(2031, 7, 12), history=first)
        assert [f"c{number}" for number in range(16, 26) if number != 23] == [one.community for one in found]

    @pytest.mark.parametrize("cut, places", [("10%", 2), ("12%", 3), ("3%", 0), ("100%", 25)])
    def test_shares_of_twenty_five(self, cut: str, places: int) -> None:
        """A share is rounded down: 2.5 is two, 0.75 is none; at both ends alike."""
        ranking = rank(self.rounds()[0])
        assert (places, places) == (len(ranking.first(cut)), len(ranking.last(cut)))

    def test_a_tie_at_the_last_places(self) -> None:
        """Of 9, 8, 7, 7, 6 the last two are 7, 7 and 6 where ties are in, and 6 alone where they are out."""
        given = [quarter(f"c{number}", score, 1) for number, score in enumerate((9, 8, 7, 7, 6))]
        found = {ties: [one.evaluation.score for one in rank(given, ties=ties).last(2)] for ties in ("in", "out")}
        assert {"in": [7, 7, 6], "out": [6]} == found


class TestSums:
    """Four quarters make a year; what is missing is passed over or counts nothing, as the document says."""

    @pytest.mark.parametrize(
        "lacking, pool, score", [("skip", "mean", "91"), ("zero", "mean", "68.25"), ("zero", "sum", "273")]
    )
    def test_a_missing_quarter(self, lacking: Any, pool: Any, score: str) -> None:
        """88, 90 and 95: the mean of three is 91, of four with nothing for the third 68.25, the sum 273."""
        part = {"standard": "county/quarter", "per": "quarter", "lacking": lacking}
        full = 400 if pool == "sum" else 100
        document = parsed(YEAR_OF_QUARTERS.format(part=_toml(part), pool=pool, full=full)).standard()
        given = [quarter("c", score, number) for number, score in ((1, 88), (2, 90), (4, 95))]
        looks = compose(document, given, period=Period.year(2031))
        one = evaluate(document, Community("c"), looks["c"], period=Period.year(2031))
        assert Decimal(score) == one.score


YEAR_OF_QUARTERS = """
[standard]
id = "county/mean"
version = "1"
title = {{ en = "Mean" }}
kinds = ["residential"]
source = {{ document = "County plan" }}
not_applicable = "refuse"
missing = "hold"
[rounding]
criterion = 2

[[section]]
id = "all"
title = {{ en = "All" }}
  [[section.criterion]]
  id = "quarters"
  title = {{ en = "Quarters" }}
  points = {full}
  pool = "{pool}"
  standard = {part}
  measure = {{ kind = "linear", zero_at = 0, full_at = {full} }}
  range = [0, {full}]
"""


def _toml(table: dict[str, str]) -> str:
    return "{ " + ", ".join(f'{key} = "{value}"' for key, value in table.items()) + " }"


class TestRollUp:
    """A county sees its streets, a street its compounds."""

    COMPOUNDS = (("a", "s1", 90, 100), ("b", "s1", 60, 300), ("c", "s2", 80, 200), ("d", "s2", 40, 200))
    TREE = (Community("s1", parent="county"), Community("s2", parent="county"))

    def given(self) -> list[Evaluation]:
        """Compounds of two streets, with their households."""
        return [
            evaluate(
                ANNUAL, Community(name, parent=street, attributes={"households": households, "operator": "o"}),
                dict.fromkeys(SOURCES, score),
            )
            for name, street, score, households in self.COMPOUNDS
        ]  # fmt: skip

    def test_three_ways(self) -> None:
        """Weighted: (9000 + 18000)/400 = 67.5, (16000 + 8000)/400 = 60, 51000/800 = 63.75; passing; worst."""
        weighted = roll_up(self.given(), self.TREE, weight="households", decimals=2)
        passing = roll_up(self.given(), self.TREE, by="share-passing", passing={"A", "B"}, decimals=4)
        worst = roll_up(self.given(), self.TREE, by="worst")
        assert {"s1": Decimal("67.50"), "s2": Decimal("60.00"), "county": Decimal("63.75")} == dict(weighted)
        assert {"s1": Decimal("0.5"), "s2": Decimal("0.5"), "county": Decimal("0.5")} == dict(passing)
        assert {"s1": 60, "s2": 40, "county": 40} == dict(worst)


class TestHistory:
    """What moved from one year to the next, line by line."""

    def test_an_edition_adds_and_drops_lines(self) -> None:
        """From 6 + 2 + 1 = 9 to 8 + 1 + 3 = 12: 2 rose, 1 fell, 1 is gone, 3 are new: +2 - 1 - 1 + 3 = +3."""
        old = sheet(
            line("gate", Marks(), 10), line("bins", Marks(), 5), line("noise", Marks(), 5), not_applicable="refuse"
        )
        new = attrs.evolve(
            sheet(
                line("gate", Marks(), 10),
                line("bins", Marks(), 5),
                line("charging", Marks(), 5),
                not_applicable="refuse",
            ),
            version="2",
        )
        before = evaluate(old, Community("c"), {"gate": 6, "bins": 2, "noise": 1}, period=Period.year(2030))
        after = evaluate(new, Community("c"), {"gate": 8, "bins": 1, "charging": 3}, period=Period.year(2031))
        (change,) = History([after, before]).changes

        assert (Decimal(3), False) == (change.score, change.same_edition)
        assert [("gate", "rose"), ("bins", "fell"), ("charging", "new"), ("noise", "gone")] == [
            (one.criterion, one.cause) for one in change.lines
        ]
        assert change.score == sum((one.after or 0) - (one.before or 0) for one in change.lines)


REPAIR = Procedure(
    id="repair", title=Text(en="Repair"), opens_on=("fail", "partial"),
    steps=(Step(id="notify", by="housing"), Step(id="repair", by="responsible", within="15 working-days"),
           Step(id="re-check", by="housing", within="1 month")),
)  # fmt: skip


class TestRepair:
    """A notice, fifteen working days, a re-check: with a holiday in between, in part, and again next quarter."""

    # October 2031: the 1st to the 7th are a holiday, 11 and 12 a weekend; every other weekday is worked.
    OCTOBER = tuple(
        date(2031, 9, 29) + timedelta(number) for number in range(35)
        if (date(2031, 9, 29) + timedelta(number)).weekday() < 5
        and not date(2031, 10, 1) <= date(2031, 9, 29) + timedelta(number) <= date(2031, 10, 7)
    )  # fmt: skip
    WORKED = Calendar({"working-day": OCTOBER})

    def opened(self, seen: dict[str, Any], number: int, on: date, earlier: Sequence[Case] = ()) -> tuple[Case, ...]:
        """What a quarter opens."""
        lines = (line("bins", Marks(), 5), line("lights", Check(), 4))
        standard = sheet(section("all", *lines, procedure="repair"), not_applicable="refuse", procedures=[REPAIR])
        one = evaluate(standard, Community("c"), seen, period=Period.quarter(2031, number), calendar=self.WORKED)
        return open_cases(one, on=on, earlier=earlier)

    def test_working_days_over_a_holiday(self) -> None:
        """Notified on Monday 29 September: 30 September, then 8, 9, 10, 13-17, 20-24 and 27 October make fifteen."""
        (case,) = self.opened({"bins": 5, "lights": False}, 3, date(2031, 9, 29))
        case = case.add(CaseEvent(kind="done", on=date(2031, 9, 29)))
        assert (Decimal(4), date(2031, 10, 27)) == (case.points, case.due())
        assert ("open", "overdue") == (case.status(on=date(2031, 10, 27)), case.status(on=date(2031, 10, 28)))

    def test_repaired_in_part_then_whole(self) -> None:
        """Three of five points lost: 1 comes back with a part, 0.5 with another, the rest when the case is closed."""
        (case,) = self.opened({"bins": 2, "lights": True}, 3, date(2031, 9, 29))
        case = case.add(
            CaseEvent(kind="done", on=date(2031, 9, 29)),
            CaseEvent(kind="partly", on=date(2031, 10, 8), points=1),
            CaseEvent(kind="partly", on=date(2031, 10, 9), points="0.5"),
            CaseEvent(kind="done", on=date(2031, 10, 20)),
            CaseEvent(kind="done", on=date(2031, 11, 20)),
        )
        days = [date(2031, 10, 7), date(2031, 10, 8), date(2031, 10, 9), date(2031, 11, 19), date(2031, 11, 20)]
        assert [0, 1, Decimal("1.5"), Decimal("1.5"), 3] == [case.given_back(on=day) for day in days]

    def test_the_same_next_quarter(self) -> None:
        """Still dark in the fourth quarter the open case is repeated; the bins, found wanting first then, are new."""
        third = self.opened({"bins": 5, "lights": False}, 3, date(2031, 10, 8))
        fourth = self.opened({"bins": 0, "lights": False}, 4, date(2032, 1, 10), third)
        assert [("bins", False), ("lights", True)] == [(case.criterion, case.repeated) for case in fourth]


CAMPAIGN = """
[campaign]
id = "example/quarters"
version = "1"
title = { en = "Living quarters" }
kinds = ["residential"]

[[phase]]
id = "survey"
title = { en = "Survey" }
first = "02-mid"
last = "02-late"

[[phase]]
id = "repair"
title = { en = "Repair" }
first = "12-late"
last = "01-early"

[[task]]
id = "look"
title = { en = "Look" }
cadence = { per = "2 months" }
due = "5 working-days"
responsible = { lead = "street" }

[[task]]
id = "survey"
title = { en = "Survey" }
phase = "survey"
items = ["roofs", "walls", "stairs"]
at_least = 2

[[body]]
id = "street"
title = { en = "Street" }
[[body]]
id = "idle"
title = { en = "Idle" }
"""


class TestCampaign:
    """Ten-day terms, windows of two months, working days."""

    @pytest.mark.parametrize("year, last", [(2031, 28), (2032, 29)])
    def test_the_last_ten_days_of_february(self, year: int, last: int) -> None:
        """To the 28th, in a leap year to the 29th; a phase that turns the year ends in the next."""
        schedule = parsed(CAMPAIGN).campaign().in_year(year)
        assert (date(year, 2, 11), date(year, 2, last)) == (schedule.days("survey").first, schedule.days("survey").last)
        assert (date(year, 12, 21), date(year + 1, 1, 10)) == (
            schedule.days("repair").first,
            schedule.days("repair").last,
        )

    def test_every_two_months(self) -> None:
        """Six windows; the first was looked at in time, the second on the day after its due day, the third not."""
        worked = Calendar({"working-day": [date(2031, month, day) for month in (3, 5, 7) for day in range(1, 9)]})
        schedule = parsed(CAMPAIGN).campaign().in_year(2031, calendar=worked)
        done: dict[str, list[date | Done]] = {"look": [date(2031, 2, 3), Done(on=date(2031, 5, 6), window="2031-03")]}
        look = schedule.progress(done, on=date(2031, 7, 6))[0]

        assert 6 == len(schedule.occurrences("look"))
        assert ["done", "late", "missing"] == [one.state for one in look.occurrences[:3]]
        assert [(1, date(2031, 5, 5))] == [(one.days_late, one.due) for one in look.occurrences if one.state == "late"]
        assert [("street", ("look",))] == [
            (one.lead, tuple(task for task, _ in one.missing))
            for one in schedule.behind(done, on=date(2031, 7, 6))
            if one.lead is not None
        ]

    def test_bodies_without_tasks_are_noted(self) -> None:
        """The street has something to do, the other body has not."""
        notes = parsed(CAMPAIGN).campaign().in_year(2031).notes
        assert ["idle"] == [note.value for note in notes if note.code == "body-without-task"]


def test_what_nobody_said_follows_from_nothing() -> None:
    """Without evaluations there are no outcomes, no places and no entries, and nothing is guessed."""
    assert () == outcomes(ANNUAL, [], on=PUBLISHED).issued
    assert () == rank([]).ranked
    assert 0 == Ledger().balance("co", on=PUBLISHED)
    assert isinstance(outcomes(ANNUAL, [], on=PUBLISHED), Outcomes)

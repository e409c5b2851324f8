"""What follows from evaluations: conditions on several of them, seats, terms, recipients; composites, histories."""

import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from sheets import line, sheet

from civrules import (
    Case,
    CaseEvent,
    CivrulesError,
    Community,
    Composed,
    Condition,
    Effect,
    EndsOn,
    Evaluation,
    Gate,
    Happening,
    History,
    InvalidDocument,
    InvalidInput,
    Issued,
    Ledger,
    NotComparable,
    NotObserved,
    Observation,
    Outcome,
    Outcomes,
    Period,
    Procedure,
    RankingRule,
    Rounding,
    Standard,
    Step,
    Text,
    case_states,
    compose,
    evaluate,
    histories,
    outcomes,
    rank,
    roll_up,
    standings,
)
from civrules.measures import Check, Event, Levels, Linear, Marks
from civrules.model.document import Parameter
from civrules.model.given import ParameterOf
from civrules.model.register import Body, Honour
from civrules.model.standard import Grade

DAY = date(2031, 2, 1)
GRADES = (Grade(id="A", at_least=80), Grade(id="B", at_least=50), Grade(id="D"))
BODIES = (Body(id="operator", title=Text(en="Operator"), attribute="operator"), Body(id="bureau", title=Text(en="B")))


def outcome(name: str, when: Any, *effects: Any, **more: Any) -> Outcome:
    """An outcome; without effects it puts on the list of its name."""
    return Outcome(id=name, title=Text(en=name), when=Condition.of(when),
                   then=tuple(Effect(**one) for one in effects or ({"list": name},)), **more)  # fmt: skip


def standard(*rules: Outcome, **more: Any) -> Standard:
    """Marks of 100, a check without points and an event; grades, a ranking, and these outcomes."""
    return sheet(
        line("marks", Marks(), 100), line("clean", Check(), 0, tags=("key",)), line("fire", Event()),
        grades=GRADES, bodies=BODIES, rankings=[RankingRule(id="year")], outcomes=rules,
        not_applicable="refuse", **more,
    )  # fmt: skip


def seen(
    of: Standard, name: str, marks: Any, year: int = 2030, *, clean: bool = True, fire: bool = False, **attributes: Any
) -> Evaluation:
    """A community's year."""
    looks = [Observation("clean", clean), *([Observation("fire", True)] if fire else [])]
    looks += [] if marks is None else [Observation("marks", marks)]
    community = Community(name, kind="residential", locality="320724", attributes=attributes)
    return evaluate(of, community, looks, period=Period.year(year))


def reached(found: Outcomes, name: str) -> list[str]:
    """The communities that an outcome reached."""
    return [one.community for one in found if one.outcome == name]


@pytest.mark.parametrize(
    "when, holds",
    [
        ({"grade": "D"}, True),
        ({"grade": ["A", "B"]}, False),
        ({"failed": "clean"}, True),
        ({"failed_tag": "key"}, True),
        ({"happened": "fire"}, True),
        ({"figure": "score", "less_than": 50}, True),
        ({"attribute": "households", "at_least": 500}, True),
        ({"none": [{"grade": "A"}, {"grade": "B"}]}, True),
        ({"all": [{"grade": "D"}, {"attribute": "households", "less_than": 500}]}, False),
        ({"case": "open"}, True),
        ({"case": "overdue"}, False),
        ({"case": ["overdue", "open"]}, True),
        ({"attribute": "kind", "equals": ["campus", "residential"]}, True),
        ({"attribute": "kind", "equals": "campus"}, False),
        ({"attribute": "locality", "equals": "320724"}, True),
        ({"honour": "model", "stage": "lapsed"}, True),
        ({"honour": ["model", "other"]}, False),
    ],
)
def test_conditions_on_one_evaluation(when: Any, holds: bool) -> None:
    """An outcome may ask for the grade, for whatever gates may ask for, and for what the host says of a community."""
    one = seen(standard(), "c", 40, clean=False, fire=True, households=500)
    given = {"honours": {"c": {"model": "lapsed"}}, "cases": {"c": ["open"]}}
    honours = (Honour(id="model", title=Text(en="m")), Honour(id="other", title=Text(en="o")))
    rules = attrs.evolve(standard(), honours=honours, outcomes=[outcome("o", when)])
    again = evaluate(rules, one.community, one.observations, period=one.period)
    assert holds is bool(outcomes(rules, [again], on=DAY, **given).issued)  # type: ignore[arg-type]  # of two kinds


def test_cases_themselves_say_what_is_true_of_them() -> None:
    """Handed in as they are: an open case that is past its limit is open and overdue, a closed one nothing."""
    steps = (Step(id="repair", within="10 days"),)
    repair = Procedure(id="repair", title=Text(en="Repair"), steps=steps)
    late, waived, closed = (Case.opened(repair, on=date(2031, 1, 1), community=name) for name in "abc")
    waived = waived.add(CaseEvent(kind="waived", on=date(2031, 1, 2)))
    closed = closed.add(CaseEvent(kind="repeated", on=date(2031, 1, 2)), CaseEvent(kind="done", on=date(2031, 1, 3)))
    later = Case.opened(repair, on=date(2031, 3, 1), community="d")

    assert {"a": {"open", "overdue"}, "b": {"open"}} == case_states([late, waived, closed, later], on=DAY)
    rules = standard(*(outcome(state, {"case": state}) for state in ("open", "overdue", "repeated")))
    found = outcomes(rules, [seen(rules, name, 90) for name in "abc"], on=DAY, cases=[late, waived, closed])
    assert (["a", "b"], ["a"], []) == tuple(reached(found, state) for state in ("open", "overdue", "repeated"))


def test_what_several_outcomes_are_for() -> None:
    """Of several outcomes named one is enough, of this day or still in force."""
    rules = standard(
        outcome("d", {"grade": "D"}), outcome("c", {"grade": "B"}), outcome("either", {"outcome": ["c", "d"]})
    )
    found = outcomes(rules, [seen(rules, "a", 10), seen(rules, "b", 60), seen(rules, "c", 90)], on=DAY)
    assert ["a", "b"] == reached(found, "either")


class TestStandings:
    """How communities stand, for the tasks of a campaign: judged as the conditions of outcomes are."""

    RULES = standard(outcome("watch", {"grade": "D"}, {"list": "watch", "lasts": "1 year"}))

    @pytest.mark.parametrize(
        "when, holding",
        [
            ({"grade": "D"}, ["a"]),
            ({"outcome": "watch"}, ["a"]),
            ({"rank": "year", "first": 1}, ["b"]),
            ({"streak": 2, "when": {"grade": "D"}}, ["a"]),
            ({"change": "score", "more_than": 0}, ["b"]),
            ({"case": "open"}, []),
        ],
    )
    def test_whatever_outcomes_may_name(self, when: Any, holding: list[str]) -> None:
        """A task may ask for a grade, a place, a streak, a change: what the evaluations say is what holds."""
        past = [seen(self.RULES, "a", 20, 2029), seen(self.RULES, "b", 60, 2029)]
        now = [seen(self.RULES, "a", 10), seen(self.RULES, "b", 90)]
        found = standings(self.RULES, now, on=DAY, history=past)
        assert holding == [name for name, standing in found.items() if standing.holds(Condition.of(when))]

    def test_what_is_still_in_force(self) -> None:
        """An outcome of an earlier day holds for as long as the ledger says."""
        issued = Ledger(outcomes(self.RULES, [seen(self.RULES, "a", 10)], on=DAY))
        now = [seen(self.RULES, "a", 90, 2031)]
        for day, holds in ((date(2032, 1, 31), True), (date(2032, 2, 1), False)):
            found = standings(self.RULES, now, on=day, ledger=issued)
            assert holds is found["a"].holds(Condition(outcome="watch"))

    def test_what_the_standard_does_not_have_is_refused(self) -> None:
        """A name that nobody knows is a mistake, not something that does not hold."""
        found = standings(self.RULES, [seen(self.RULES, "a", 10)], on=DAY)
        with pytest.raises(InvalidInput) as caught:
            found["a"].holds(Condition(rank="month", first=1))
        assert "unknown-id" == caught.value.problems[0].code


def test_a_withheld_grade_may_be_asked_for() -> None:
    """Not-rated and withheld are grades to an outcome, and nobody without a score has a place."""
    rules = standard(
        outcome("late", {"grade": "withheld"}), outcome("first", {"rank": "year", "first": 5}), missing="hold"
    )
    found = outcomes(rules, [seen(rules, "a", None), seen(rules, "b", 90)], on=DAY)
    assert (["a"], ["b"]) == (reached(found, "late"), reached(found, "first"))


THREE_TIMES = {"streak": 3, "when": {"grade": "D"}}


class TestStreak:
    """Periods in a row, this one included."""

    @pytest.mark.parametrize(
        "years, holds",
        [
            ([2029, 2028], True),
            ([2029], False),
            ([2028, 2027], False),
            ([2029, 2027, 2026], False),
            ([2029, 2028, 2020], True),
        ],
    )
    def test_a_missing_period_ends_it(self, years: list[int], holds: bool) -> None:
        """Three years in a row of D; a year without an evaluation ends the streak."""
        rules = standard(outcome("o", THREE_TIMES))
        history = [seen(rules, "c", 40, year) for year in years]
        assert holds is bool(outcomes(rules, [seen(rules, "c", 40)], on=DAY, history=history).issued)

    def test_a_better_period_ends_it(self) -> None:
        """A year of B between them does too, also where it was another community that failed."""
        rules = standard(outcome("o", THREE_TIMES))
        history = [seen(rules, "c", 60, 2029), seen(rules, "c", 40, 2028), seen(rules, "other", 40, 2029)]
        assert () == outcomes(rules, [seen(rules, "c", 40)], on=DAY, history=history).issued

    def test_places_of_earlier_periods(self) -> None:
        """A streak may ask for places: everyone's evaluations of each earlier period are ranked for themselves."""
        rules = standard(outcome("o", {"streak": 2, "when": {"rank": "year", "last": 1}}))
        history = [seen(rules, name, marks, 2029) for name, marks in (("a", 10), ("b", 20), ("c", 5))]
        current = [seen(rules, name, marks) for name, marks in (("a", 30), ("b", 20), ("c", 15))]
        assert ["c"] == reached(outcomes(rules, current, on=DAY, history=history), "o")
        assert [] == reached(outcomes(rules, current[:2], on=DAY, history=history), "o")

    def test_of_several_for_one_period_the_latest_counts(self) -> None:
        """A year that was judged again counts as it was judged last."""
        rules = standard(outcome("o", {"streak": 2, "when": {"grade": "D"}}))
        first, second = (
            evaluate(rules, Community("c"), {"marks": marks, "clean": True}, period=Period.year(2029), on=on)
            for marks, on in ((40, date(2030, 1, 10)), (90, date(2030, 3, 1)))
        )
        for history in ([first, second], [second, first]):
            assert () == outcomes(rules, [seen(rules, "c", 40)], on=DAY, history=history).issued

    def test_without_periods_it_is_refused(self) -> None:
        """What has no period has none before it."""
        rules = standard(outcome("o", {"streak": 2, "when": {"grade": "D"}}))
        one = evaluate(rules, Community("c"), {"marks": 40, "clean": True})
        with pytest.raises(InvalidInput) as refused:
            outcomes(rules, [one], on=DAY, history=[seen(rules, "c", 40, 2029)])
        assert ["period-needed"] == [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    "when, holds",
    [
        ({"change": "score", "less_than": 0}, True),
        ({"change": "score", "at_most": -20}, True),
        ({"change": "score", "less_than": -20}, False),
        ({"change": "marks", "more_than": -21, "less_than": -19}, True),
        ({"change": "coverage", "at_least": 0}, True),
        ({"change": "score", "more_than": 0}, False),
    ],
)
def test_change(when: Any, holds: bool) -> None:
    """The change is this period's figure less that of the period before; from 60 to 40 it is -20."""
    rules = standard(outcome("o", when))
    current = seen(rules, "c", 40)
    assert holds is bool(outcomes(rules, [current], on=DAY, history=[seen(rules, "c", 60, 2029)]).issued)
    assert not outcomes(rules, [current], on=DAY, history=[seen(rules, "c", 60, 2028)]).issued


class TestOtherOutcomes:
    """An outcome may rest on another that is in force."""

    def test_of_the_same_day(self) -> None:
        """In whatever order the document has them."""
        rules = standard(outcome("watched", {"outcome": "bad"}), outcome("bad", {"grade": "D"}))
        found = outcomes(rules, [seen(rules, "a", 40), seen(rules, "b", 90)], on=DAY)
        assert (["a"], ["a"]) == (reached(found, "watched"), reached(found, "bad"))

    @pytest.mark.parametrize("on, holds", [(date(2031, 7, 31), True), (date(2031, 8, 1), False)])
    def test_issued_before(self, on: date, holds: bool) -> None:
        """What was issued earlier counts as long as its term runs."""
        rules = standard(
            outcome("watched", {"outcome": "bad"}), outcome("bad", {"grade": "D"}, {"list": "x", "lasts": "6 months"})
        )
        ledger = Ledger(outcomes(rules, [seen(rules, "a", 40)], on=DAY))
        found = outcomes(rules, [seen(rules, "a", 90), seen(rules, "b", 90)], on=on, ledger=ledger)
        assert (["a"] if holds else []) == reached(found, "watched")

    def test_an_award_is_an_honour_held(self) -> None:
        """A community that was awarded an honour holds it, without the host saying so."""
        honour = Honour(id="model", title=Text(en="m"))
        rules = standard(
            outcome("model", {"grade": "A"}, {"award": "model"}), outcome("o", {"honour": "model"}), honours=[honour]
        )
        ledger = Ledger(outcomes(rules, [seen(rules, "a", 90)], on=DAY))
        found = outcomes(rules, [seen(rules, "a", 40), seen(rules, "b", 40)], on=DAY + timedelta(1), ledger=ledger)
        assert ["a"] == reached(found, "o")


class TestSeats:
    """Limited places."""

    @pytest.mark.parametrize("ties, reach", [("in", ["a", "b", "c"]), ("out", ["a"])])
    def test_a_tie_at_the_last_seat(self, ties: Any, reach: list[str]) -> None:
        """Two A's share place two of two seats: both have them or neither, as the ranking declares; it is said."""
        rules = standard(outcome("o", {"grade": "A"}, seats=2, order="year"))
        rules = attrs.evolve(rules, rankings=[RankingRule(id="year", ties=ties)])
        found = outcomes(
            rules, [seen(rules, name, m) for name, m in (("a", 99), ("b", 90), ("c", 90), ("d", 40))], on=DAY
        )
        assert reach == sorted(reached(found, "o"))
        assert [("seats-in-tie", len(reach), "2")] == [(note.code, note.value, note.expected) for note in found.notes]

    def test_a_chain_leaves_no_tie(self) -> None:
        """With the id at the end of the chain the seats suffice."""
        rules = standard(outcome("o", {"grade": "A"}, seats=2, order="year"))
        rules = attrs.evolve(rules, rankings=[RankingRule(id="year", by=("score", "community"))])
        found = outcomes(rules, [seen(rules, name, m) for name, m in (("c", 90), ("b", 90), ("a", 99))], on=DAY)
        assert (["a", "b"], ()) == (sorted(reached(found, "o")), found.notes)

    def test_nobody_can_choose_without_a_ranking(self) -> None:
        """Where no ranking says who comes first, all have a seat, and that is said."""
        rules = standard(outcome("o", {"grade": "A"}, seats=1))
        found = outcomes(rules, [seen(rules, name, 90) for name in "ab"], on=DAY)
        assert (["a", "b"], ["more-than-seats"]) == (reached(found, "o"), [note.code for note in found.notes])

    def test_nobody_takes_a_seat_while_their_number_is_open(self) -> None:
        """How many there are the host has yet to say: nobody is promised one, and a note names the parameter."""
        left = Parameter(id="places", title=Text(en="places"))
        rules = standard(outcome("o", {"grade": "A"}, seats=ParameterOf("places"), order="year"), parameters=[left])
        found = outcomes(rules, [seen(rules, "a", 90), seen(rules, "b", 88)], on=DAY)
        assert ([], [("open-effect", "places")]) == (
            reached(found, "o"), [(note.code, note.expected) for note in found.notes]
        )  # fmt: skip
        bound = rules.bind({"places": 1})
        assert ["a"] == reached(outcomes(bound, [seen(bound, "a", 90), seen(bound, "b", 88)], on=DAY), "o")

    def test_ineligible_ones_have_no_flags_nor_awards(self) -> None:
        """They have no place, and what a grade brings them is no flag and no award; a notice they do get."""
        rules = standard(
            outcome("first", {"rank": "year", "first": 1}),
            outcome("o", {"grade": "A"}, {"flag": "red"}, {"award": "gold"}, {"notice": "well done"}),
            gates=[
                Gate(id="g", title=Text(en="g"), when=Condition.of({"happened": "fire"}), then={"ineligible": True})
            ],
        )
        found = outcomes(rules, [seen(rules, "a", 99, fire=True), seen(rules, "b", 90)], on=DAY)
        assert ["b"] == reached(found, "first")
        assert ["notice"] == [one.kind for one in found if one.community == "a"]
        assert [("left-out", "flag"), ("left-out", "award")] == [(note.code, note.expected) for note in found.notes]


class TestEffects:
    """For whom, and until when."""

    def test_recipients(self) -> None:
        """The community itself, whoever its attribute names (several too), or a body; nobody known is said."""
        rules = standard(outcome("o", {"grade": "D"}, {"notice": "x"}, {"notice": "y", "to": ("operator", "bureau")}))
        given = [seen(rules, "a", 40, operator="co"), seen(rules, "b", 40), seen(rules, "c", 40, operator=("m", "n"))]
        found = outcomes(rules, given, on=DAY)
        assert [("a", None, "a"), ("a", "operator", "co"), ("a", "bureau", "bureau")] == [
            (one.community, one.to, one.subject) for one in found if one.community == "a"
        ]
        assert ["m", "n"] == [one.subject for one in found if one.community == "c" and one.to == "operator"]
        assert [("no-recipient", "b")] == [(note.code, note.value) for note in found.notes]

    @pytest.mark.parametrize(
        "term, last",
        [
            ({}, None),
            ({"lasts": "1 year"}, date(2032, 1, 31)),
            ({"lasts": "1 year", "anniversary": "included"}, date(2032, 2, 1)),
            ({"lasts": "10 days"}, date(2031, 2, 10)),
            ({"last": date(2031, 12, 31)}, date(2031, 12, 31)),
            ({"lasts": "next"}, None),
        ],
    )
    def test_terms(self, term: Any, last: date | None) -> None:
        """From the day of issue to the end of the term; a last day is included, an anniversary only where declared."""
        rules = standard(outcome("o", {"grade": "D"}, {"notice": "x", **term}))
        (one,) = outcomes(rules, [seen(rules, "a", 40)], on=DAY)
        assert Period(DAY, last) == one.valid

    def test_due(self) -> None:
        """A notice is due so long after its issue."""
        rules = standard(outcome("o", {"grade": "D"}, {"notice": "x", "due": "10 days"}))
        (one,) = outcomes(rules, [seen(rules, "a", 40)], on=date(2032, 2, 20))
        assert date(2032, 3, 1) == one.due

    def test_a_flag_until_the_next_issue(self) -> None:
        """A flag goes round: it holds until the day before it is given again, also where nobody gets it then."""
        rules = standard(outcome("red", {"grade": "A"}, {"flag": "red", "lasts": "next"}))
        first = outcomes(rules, [seen(rules, "a", 90)], on=DAY)
        second = outcomes(rules, [seen(rules, "b", 90)], on=date(2031, 5, 1))
        nobody = outcomes(rules, [seen(rules, "b", 40)], on=date(2031, 8, 1))
        ledger = Ledger((*first, *second), nobody.issues)
        days = (DAY, date(2031, 4, 30), date(2031, 5, 1), date(2031, 7, 31), date(2031, 8, 1))
        assert [["a"], ["a"], ["b"], ["b"], []] == [[one.community for one in ledger.in_force(day)] for day in days]

    def test_open_parameters(self) -> None:
        """A credit of open points does not take effect; an open amount or term is undetermined; both are said."""
        rules = standard(
            outcome("o", {"grade": "D"}, {"credit": {"parameter": "p"}}, {"notice": "x", "amount": {"parameter": "p"},
                                                                       "lasts": {"parameter": "t"}}),
            parameters=[Parameter(id=name, title=Text(en=name)) for name in "pt"],
        )  # fmt: skip
        (one,) = found = outcomes(rules, [seen(rules, "a", 40)], on=DAY)
        assert (None, None) == (one.amount, one.valid.last)
        assert [("credit", "p"), ("amount", "p"), ("lasts", "t")] == [
            (note.value, note.expected) for note in found.notes
        ]

        bound = rules.bind({"p": "2.5", "t": "1 month"})
        issued = outcomes(bound, [seen(bound, "a", 40)], on=DAY).issued
        assert [(Decimal("2.5"), None), (None, Decimal("2.5"))] == [(each.points, each.amount) for each in issued]
        assert date(2031, 2, 28) == issued[1].valid.last

    def test_events_cut_the_terms(self) -> None:
        """Events that are given shorten what is issued, as a ledger does."""
        effect = {"credit": 3, "lasts": "2 years", "ends_on": EndsOn(event="won", of="community")}
        rules = standard(outcome("o", {"grade": "A"}, effect))
        events = [Happening(event="won", of=name, on=day) for name, day in (("a", date(2031, 3, 1)), ("b", DAY))]
        (one,) = outcomes(rules, [seen(rules, "a", 90)], on=DAY, events=events)
        assert Period(DAY, date(2031, 3, 1)) == one.valid

    def test_one_verb(self) -> None:
        """An effect does one thing."""
        words: Any
        for words in ({}, {"flag": "red", "award": "gold"}):
            with pytest.raises(InvalidDocument) as refused:
                Effect(**words)
            assert "one-of" == refused.value.problems[0].code


class TestWhichRankings:
    """Rankings that are given, and those that are made."""

    RULES = standard(outcome("o", {"rank": "year", "first": 1}))

    def test_given_or_made(self) -> None:
        """The evaluations, a ranking by the rule, and one without a name where there is one rule: the same follows."""
        given = [seen(self.RULES, name, marks) for name, marks in (("a", 60), ("b", 70))]
        forms: list[Any] = [given, rank(given, self.RULES.rankings[0]), rank(given), [rank(given)]]
        assert [["b"]] * 4 == [reached(outcomes(self.RULES, form, on=DAY), "o") for form in forms]

    def test_of_two_rules_it_must_be_said(self) -> None:
        """A ranking that no rule of the standard made is refused where there are several."""
        rules = attrs.evolve(self.RULES, rankings=[RankingRule(id="year"), RankingRule(id="other")])
        with pytest.raises(InvalidInput) as refused:
            outcomes(rules, rank([seen(rules, "a", 60)]), on=DAY)
        assert "which-ranking" == refused.value.problems[0].code

    def test_mixed_tailorings_are_refused(self) -> None:
        """Evaluations of two tailorings are not ranked together, unless the rule asks for it."""
        other = attrs.evolve(self.RULES, missing="rescale", rounding=attrs.evolve(self.RULES.rounding, total=2))
        given = [seen(self.RULES, "a", 60), seen(other, "b", 70)]
        with pytest.raises(NotComparable):
            outcomes(self.RULES, given, on=DAY)
        mixed = attrs.evolve(self.RULES, rankings=[RankingRule(id="year", mixed=True)])
        assert ["b"] == reached(outcomes(mixed, given, on=DAY), "o")
        assert ["mixed-editions"] == [note.code for note in rank(given, mixed=True).notes]


def test_a_record_alone_can_say_grades_and_places() -> None:
    """Evaluations read from records without their standard do for grades, places and attributes, not for lines."""
    rules = standard(
        outcome("o", {"all": [{"grade": "A"}, {"rank": "year", "first": 1}, {"attribute": "x", "equals": "y"}]})
    )
    alone = Evaluation.from_json(seen(rules, "a", 90, x="y").to_json())
    assert ["a"] == reached(outcomes(rules, [alone], on=DAY), "o")
    asking = attrs.evolve(rules, outcomes=[outcome("o", {"failed": "clean"})])
    with pytest.raises(CivrulesError, match="without its standard"):
        outcomes(asking, [alone], on=DAY)


def test_words() -> None:
    """Each effect is a sentence in both languages: who, what, for whom, until when, on which condition."""
    rules = standard(
        outcome("o", {"grade": "A"}, {"credit": 3, "account": "bids", "to": "operator", "lasts": "1 year"}, by="bureau")
    )
    found = outcomes(rules, [seen(rules, "a", 90, operator="co")], on=DAY)
    assert (
        'a: o: credit +3, to co, on bids, 2031-02-01 to 2032-01-31, by B (because the grade is "A")',
    ) == found.explain("en")
    assert ("a：o：信用分+3，对象co，计入bids，2031-02-01至2032-01-31，由B执行（条件：等次为“A”）",) == found.explain(
        "zh"
    )


def test_values() -> None:
    """What was issued, and the ledger of it, are equal, hash and pickle."""
    rules = standard(outcome("o", {"grade": "A"}, {"credit": 3}))
    found, again = (outcomes(rules, [seen(rules, "a", 90)], on=DAY) for _ in range(2))
    assert found == again
    assert hash(found.issued) == hash(again.issued)
    assert found == pickle.loads(pickle.dumps(found))
    assert Ledger(found) == pickle.loads(pickle.dumps(Ledger(again)))
    assert Ledger(found).balance("a", on=DAY) == 3
    assert isinstance(found.issued[0], Issued)


class TestRanking:
    """Within, apart, tie-breaks."""

    def test_apart_with_the_reason(self) -> None:
        """Not rated, withheld, ineligible, and without what it is ranked within."""
        gates = [Gate(id="g", title=Text(en="g"), when=Condition.of({"happened": "fire"}), then={"ineligible": True})]
        rules = standard(gates=gates, missing="hold")
        given = [
            seen(rules, "a", 90, county="x"), seen(rules, "b", None, county="x"),
            seen(rules, "c", 80, county="x", fire=True),
            evaluate(rules, Community("d", attributes={"county": "x"}), {}), seen(rules, "e", 70),
        ]  # fmt: skip
        ranking = rank(given, within="county")
        assert ["a"] == list(ranking.places)
        assert [("b", "withheld"), ("c", "ineligible"), ("d", "not-rated"), ("e", "no-attribute")] == [
            (one.community.id, reason) for one, reason in ranking.apart
        ]

    @pytest.mark.parametrize("within", ["kind", "locality", "parent"])
    def test_within_the_communitys_own_fields(self, within: str) -> None:
        """Kind, locality and parent are the community's own, not attributes."""
        rules = standard()
        fields: list[dict[str, Any]] = [
            {"kind": "residential", "locality": "320724", "parent": "x"},
            {"kind": "campus", "locality": "320723", "parent": "y"},
        ]  # fmt: skip
        rules = attrs.evolve(rules, kinds=("residential", "campus"))
        given = [evaluate(rules, Community(f"c{n}", **field), {"marks": n}) for n, field in enumerate(fields)]
        assert {1} == {one.place for one in rank(given, within=within).ranked}
        assert {1, 2} == {one.place for one in rank(given).ranked}

    def test_ties_are_broken_along_the_chain(self) -> None:
        """By a criterion, a section, coverage, another standard's score; what has none comes behind."""
        rules = sheet(line("x", Marks(), 10), line("y", Marks(), 10), missing="worst", not_applicable="refuse")
        other = attrs.evolve(rules, id="example/other")
        marks = {"a": (6, 4), "b": (4, 6), "c": (10, None), "d": (5, 5)}
        given = [
            evaluate(rules, Community(name), {"x": x} | ({} if y is None else {"y": y}))
            for name, (x, y) in marks.items()
        ]
        more = [evaluate(other, Community(name), {"x": x, "y": 0}) for name, x in (("a", 1), ("b", 9), ("d", 9))]
        for by, order in (
            ("criterion:x", "cadb"), ("criterion:y", "bdac"), ("coverage", "abdc"), ("community", "abcd"),
            ("section:all", "abcd"), ("example/other", "bdac"),
        ):  # fmt: skip
            ranking = rank([*given, *more], by=("score", by, "community"), of="example/sheet")
            assert order == "".join(one.evaluation.community.id for one in ranking.ranked)

    def test_two_evaluations_of_one_community(self) -> None:
        """A community is ranked once."""
        rules = standard()
        with pytest.raises(InvalidInput, match="ranked twice"):
            rank([seen(rules, "a", 1), seen(rules, "a", 2, 2031)])

    @pytest.mark.parametrize("cut, count", [("50%", 2), ("49%", 1), ("1%", 0), ("100%", 4), (9, 4)])
    def test_shares_are_rounded_down(self, cut: Any, count: int) -> None:
        """Half of four is two, less is one; more than there are is all."""
        rules = standard()
        ranking = rank([seen(rules, name, marks) for marks, name in enumerate("abcd")])
        assert (count, count) == (len(ranking.first(cut)), len(ranking.last(cut)))

    def test_places_as_observations(self) -> None:
        """A place is a figure or n of m; who stands apart was not observed, for that reason."""
        rules = standard(missing="hold")
        ranking = rank([seen(rules, "a", 90), seen(rules, "b", 80), seen(rules, "c", None)])
        looks = ranking.as_observations("place")
        assert [1, 2, NotObserved("withheld")] == [looks[name].value for name in "abc"]
        composite = sheet(line("place", Linear(zero_at=100, full_at=0), 10), not_applicable="refuse", missing="hold",
                          rounding=attrs.evolve(rules.rounding, criterion=2))  # fmt: skip
        assert Decimal("9.9") == evaluate(composite, Community("a"), [looks["a"]]).score
        with pytest.raises(InvalidInput):
            ranking.as_observations("place", "rank")  # type: ignore[arg-type]  # that is what is tested


class TestCompose:
    """Evaluations handed in for another standard."""

    def quarters(self, *scores: int | None) -> list[Evaluation]:
        """The quarters of 2031, from the first; None was not evaluated."""
        source = sheet(line("m", Marks(), 100), grades=GRADES, not_applicable="refuse")
        return [
            evaluate(source, Community("c"), {"m": score}, period=Period.quarter(2031, n), on=date(2032, 1, 15))
            for n, score in enumerate(scores, 1) if score is not None
        ]  # fmt: skip

    def composite(self, measure: Any, pool: Any = "latest", **part: Any) -> Standard:
        """A sheet of one criterion made of them."""
        limits = None if isinstance(measure, Levels) else (0, 400)
        source = Composed(standard="example/sheet", **part)
        made = line("q", measure, 100, pool=pool, standard=source, range=limits)
        whole = sheet(made, not_applicable="refuse", missing="hold", rounding=Rounding(criterion=4))
        return attrs.evolve(whole, id="example/composite")

    def score(self, standard: Standard, given: list[Evaluation]) -> Decimal | None:
        """The score of the year."""
        looks = compose(standard, given, period=Period.year(2031))["c"]
        return evaluate(standard, Community("c"), looks, period=Period.year(2031)).score

    @pytest.mark.parametrize(
        "pool, lacking, expected",
        [("sum", "skip", "57.5"), ("sum", "zero", "57.5"), ("mean", "skip", "19.1667"), ("mean", "zero", "14.375"),
         ("sum", "missing", None), ("worst", "skip", "15"), ("best", "skip", "22.5")],
    )  # fmt: skip
    def test_a_missing_period(self, pool: Any, lacking: Any, expected: str | None) -> None:
        """90, 60 and 80 of a year of four quarters: passed over, counted 0, or the whole year is missing.

        Points are a quarter of the figure: the sum is 230, the mean of three 76.67, of four 57.5.
        """
        standard = self.composite(Linear(zero_at=0, full_at=400), pool, per="quarter", lacking=lacking)
        found = self.score(standard, self.quarters(90, None, 60, 80))
        assert (None if expected is None else Decimal(expected)) == found

    def test_one_window(self) -> None:
        """The second quarter alone."""
        standard = self.composite(Linear(zero_at=0, full_at=100), per="quarter", nth=2)
        assert 60 == self.score(standard, self.quarters(90, 60, 80))

    def test_grades(self) -> None:
        """A measure of levels takes the grade."""
        standard = self.composite(Levels(levels={"A": 100, "B": 50, "D": 0}), per="quarter", nth=1)
        assert [100, 50, 0] == [self.score(standard, self.quarters(score)) for score in (80, 79, 10)]

    def test_two_for_one_window(self) -> None:
        """Which of two evaluations of one quarter counts, the host must say."""
        standard = self.composite(Linear(zero_at=0, full_at=100), per="quarter", nth=1)
        with pytest.raises(InvalidInput) as refused:
            compose(standard, [*self.quarters(90), *self.quarters(80)], period=Period.year(2031))
        assert "two-evaluations" == refused.value.problems[0].code

    def test_windows_need_a_period(self) -> None:
        """Without a period there are no quarters to expect."""
        standard = self.composite(Linear(zero_at=0, full_at=100), per="quarter", nth=1)
        with pytest.raises(InvalidInput) as refused:
            compose(standard, self.quarters(90))
        assert "period-needed" == refused.value.problems[0].code

    def test_without_windows(self) -> None:
        """Without `per` the latest in the period counts, as for any other observation; outside it none does."""
        standard = self.composite(Linear(zero_at=0, full_at=100))
        assert 80 == self.score(standard, self.quarters(90, 60, 80))
        assert isinstance(compose(standard, self.quarters(90), period=Period.year(2030))["c"][0].value, NotObserved)


class TestRollUp:
    """One figure for each branch."""

    STREETS = (Community("north", parent="county"), Community("south", parent="county"), Community("county"))

    def given(self) -> list[Evaluation]:
        """Two compounds in the north, one in the south and one that is not rated."""
        rules = standard(missing="hold")
        rows = (("a", "north", 90, 100), ("b", "north", 60, 300), ("c", "south", 30, 600), ("d", "south", None, 50))
        return [
            evaluate(rules, Community(name, parent=parent, locality=f"3207240{1 if parent == 'north' else 2}1",
                                      attributes={"households": households}),
                     {"clean": True} | ({} if marks is None else {"marks": marks}))
            for name, parent, marks, households in rows
        ]  # fmt: skip

    def test_a_county_sees_its_streets_and_a_street_its_compounds(self) -> None:
        """The mean of all below; weighted by households; the worst; the share that passes."""
        given = self.given()
        assert {"county": 60, "north": 75, "south": 30} == roll_up(given, self.STREETS)
        assert {"county": Decimal(45), "north": Decimal("67.5"), "south": 30} == roll_up(
            given, self.STREETS, weight="households"
        )
        assert {"county": 30, "north": 60, "south": 30} == roll_up(given, self.STREETS, by="worst")
        assert {"county": Decimal("0.667"), "north": 1, "south": 0} == roll_up(
            given, self.STREETS, by="share-passing", passing=("A", "B"), decimals=3
        )

    def test_localities(self) -> None:
        """A township's figure goes into its county, its city and its province."""
        rolled = roll_up(self.given(), over="locality")
        assert {"32": 60, "3207": 60, "320724": 60, "320724011": 75, "320724021": 30} == rolled

    def test_what_is_refused(self) -> None:
        """A quotient without an end, a missing weight, a ring of parents, mixed editions, no word for passing."""
        given = self.given()
        other = attrs.evolve(given[0], edition="example/sheet@2")
        ring = (Community("north", parent="county"), Community("county", parent="north"))
        calls: tuple[tuple[Any, ...], ...] = (
            ("no-end", given, self.STREETS, {"by": "share-passing", "passing": "A"}),
            ("no-weight", given, self.STREETS, {"weight": "size"}),
            ("part-of-itself", given, ring, {}),
            ("not-comparable", [*given, other], self.STREETS, {}),
            ("bad-argument", given, self.STREETS, {"by": "share-passing"}),
            ("unknown-word", given, self.STREETS, {"by": "median"}),
        )
        for code, evaluations, tree, words in calls:
            with pytest.raises(CivrulesError) as refused:
                roll_up(evaluations, tree, **words)
            assert code == refused.value.problems[0].code


class TestHistory:
    """A community over its periods."""

    def test_what_rose_fell_and_is_new(self) -> None:
        """Line by line, and what is new or gone because the edition changed."""
        old = sheet(line("x", Marks(), 10), line("y", Marks(), 10), line("z", Check(), 5), not_applicable="refuse")
        new = attrs.evolve(old, version="2", sections=sheet(
            line("x", Marks(), 10), line("w", Marks(), 10), line("z", Check(), 5), not_applicable="refuse",
        ).sections)  # fmt: skip
        before = evaluate(old, Community("c"), {"x": 4, "y": 3, "z": True}, period=Period.year(2030))
        after = evaluate(new, Community("c"), {"x": 6, "w": 8, "z": False}, period=Period.year(2031))
        (change,) = History([after, before]).changes
        assert [("x", "rose"), ("w", "new"), ("z", "fell"), ("y", "gone")] == [
            (one.criterion, one.cause) for one in change.lines
        ]
        assert (Decimal(2), False) == (change.score, change.same_edition)
        assert change.score == sum((one.after or 0) - (one.before or 0) for one in change.lines)

    def test_repeats_and_streaks(self) -> None:
        """What failed in this period and the one before is repeated; a gap ends it."""
        rules = standard()
        years = [
            seen(rules, "c", 40, year, clean=clean)
            for year, clean in ((2026, False), (2028, False), (2029, False), (2030, False))
        ]
        history = History(reversed(years))
        assert [("clean", [2030, 2029, 2028])] == [
            (one.criterion, [period.first.year for period in one.periods if period and period.first])
            for one in history.repeats
        ]
        assert (3, 0) == (history.streak(lambda one: one.grade == "D"), history.streak(lambda one: one.grade == "A"))
        assert [2026, 2028, 2029, 2030] == [
            one.period.first.year for one in history.evaluations if one.period and one.period.first
        ]

    def test_one_community_at_a_time(self) -> None:
        """Several are parted by `histories`; together they are refused, as are none and what has no period."""
        rules = standard()
        two = [seen(rules, "b", 1), seen(rules, "a", 1)]
        assert ["a", "b"] == [one.community for one in histories(two)]
        timeless = [evaluate(rules, Community("a"), {"marks": marks}) for marks in (1, 2)]
        for given, code in ((two, "several-histories"), ([], "empty"), (timeless, "period-needed")):
            with pytest.raises(InvalidInput) as refused:
                History(given)
            assert code == refused.value.problems[0].code

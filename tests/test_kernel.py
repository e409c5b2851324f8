"""The inner loop on prepared whole numbers: the same figures as `evaluate`, and no step beyond what was promised."""

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, reject, settings
from sheets import COMPOUND, gate, line, section, sheet

import civrules
from civrules import Grade, InvalidInput, Observation, Parameter, Program, Rounding, Text
from civrules.measures import Check, Event, Findings, Frequency, Item, Levels, Linear, Shortfall, Tier, Tiers
from civrules.model.condition import Condition
from civrules.model.figures import round_quotient
from civrules.model.formula import Term
from civrules.scoring.kernel import DOES_NOT_APPLY
from civrules.testing.prepared import Unsayable, prepared, sayable
from civrules.testing.strategies import Case, cases

few = settings(max_examples=5000 if os.environ.get("CIVRULES_HYPOTHESIS_PROFILE") == "deep" else 60)


def one_look_each(case: Case) -> list[Observation]:
    """The first look at each criterion, without its day."""
    first: dict[str, Observation] = {}
    for look in case.observations:
        first.setdefault(look.criterion, attrs.evolve(look, at=None))
    return list(first.values())


def scored(case: Case) -> tuple[Program, Any, list[int | None]]:
    """The program, what `evaluate` says, and the prepared values."""
    program = civrules.compile(case.standard)
    assume(sayable(program))
    looks = one_look_each(case)
    try:
        evaluation = program.evaluate(case.community, looks, on=case.on, period=case.period)
        return program, evaluation, prepared(program, looks)
    except Unsayable:
        reject()
    except InvalidInput as error:
        if {problem.code for problem in error.problems} <= {"missing-refused", "not-applicable-refused"}:
            reject()
        raise


@few
@given(cases(plain=True))
def test_the_inner_loop_gives_the_score_the_grade_and_the_points_of_evaluate(case: Case) -> None:
    """The inner loop gives the score, the grade and every criterion's points that `evaluate` gives."""
    program, evaluation, values = scored(case)
    score, grade, points = program.score(values)
    unit = Decimal(1).scaleb(-program.places)
    assert (None if score is None else score * unit) == evaluation.score
    named = case.standard.grades[grade].id if grade >= 0 else None
    assert named == (evaluation.grade if evaluation.grade not in ("not-rated", "withheld") else None)
    for cell, got in zip(evaluation.run.cells, points, strict=True):
        if cell.points is not None and isinstance(cell.points, int):
            assert got == cell.points


class Interpreter:
    """Works terms out part by part, as they are written; what is not chosen is not looked at."""

    def __init__(self, values: list[int | None]) -> None:
        self.values = values
        self.known: dict[int, Any] = {}

    def __call__(self, term: Term) -> Any:
        """What the term comes to."""
        if id(term) not in self.known:
            self.known[id(term)] = self._worked_out(term)
        return self.known[id(term)]

    def _worked_out(self, term: Term) -> Any:
        if term.op in ("slot", "absent", "outside"):
            value = self.values[term.detail if term.op == "slot" else term.parts[0].detail]
            return {"slot": value, "absent": value is None, "outside": value == DOES_NOT_APPLY}[term.op]
        if term.op == "number":
            return term.detail
        if term.op == "choose":
            test, then, other = term.parts
            return self(then) if self(test) else self(other)
        if term.op in ("all", "any"):
            return (all if term.op == "all" else any)(self(part) for part in term.parts)
        return self._of(term, *map(self, term.parts))

    def _of(self, term: Term, *parts: Any) -> Any:
        """What is worked out of parts that are known."""
        made: dict[str, Callable[[tuple[Any, ...]], Any]] = {
            "add": sum,
            "times": lambda both: both[0] * both[1],
            "quotient": lambda both: round_quotient(both[0], both[1], term.detail),
            "least": min,
            "greatest": max,
            "pick": lambda place: term.detail[place[0]],
            "not": lambda one: not one[0],
            "equal": lambda both: both[0] == both[1],
            "at_least": lambda both: both[0] >= both[1],
            "more_than": lambda both: both[0] > both[1],
        }
        return made[term.op](parts)


@few
@given(cases(plain=True))
def test_no_step_leaves_the_range_that_was_worked_out_before_any_fact(case: Case) -> None:
    """No step comes to a number outside the range that was worked out before any fact, nor beyond the magnitude."""
    program, _, values = scored(case)
    come_to = Interpreter(values)
    magnitude, _ = program.formulas.magnitude
    for _, step in program.formulas.steps:
        come_to(step)
        for term in step.walk():
            number = come_to.known.get(id(term))
            if number is not None and term.op != "slot":
                assert term.low <= number <= term.high, term
                assert term.op not in ("add", "times") or abs(number) <= magnitude
    assert come_to(program.formulas.grade) == program.score(values)[1]


def given_values(program: Program, **seen: int) -> tuple[Any, ...]:
    """The score and the grade's place of these prepared values; `lamps__of` is the slot "lamps:of"."""
    return program.score([seen.get(name.replace(":", "__")) for name in program.slots])[:2]


class TestByHand:
    """Figures worked out by hand, in units of the standard's last decimal."""

    def test_a_figure_and_n_of_m_on_a_line_are_rounded_where_the_document_says(self) -> None:
        """4 · (61.25 − 60) / 35 is 1/7: 0.14 at two decimals; 49 of 80 are 61.25 % and give the same."""
        standard = sheet(
            line("lamps", Linear(zero_at="60%", full_at="95%"), 4), rounding=Rounding(criterion=2, total=2)
        )
        program = civrules.compile(standard)
        assert program.slots == ("lamps", "lamps:of")
        assert given_values(program, lamps=612500) == (14, -1)
        assert given_values(program, lamps=49, lamps__of=80) == (14, -1)

    def test_what_does_not_apply_leaves_the_denominator(self) -> None:
        """Of 6 and 4 points the 4 do not apply: 3 of 6 are brought to 5 of 10."""
        standard = sheet(
            line("waste", Findings(items=(Item(id="spot", each=1),)), 6), line("lit", Check(), 4),
            rounding=Rounding(total=1),
        )  # fmt: skip
        assert given_values(civrules.compile(standard), waste__spot=3, lit=DOES_NOT_APPLY) == (50, -1)

    def test_a_started_step_below_the_target_takes_all_of_it(self) -> None:
        """At 97.5 % three steps of 1 % are started: 4 − 3 · 0.5 = 2.5, in tenths 25."""
        measure = Shortfall(target="100%", per="1%", deduct=Decimal("0.5"), steps="started")
        assert given_values(
            civrules.compile(sheet(line("lamps", measure, 4), not_applicable="refuse")), lamps=975000
        ) == (25, -1)

    def test_the_magnitude_names_the_step_that_reaches_it(self) -> None:
        """n of m against 95 % multiplies n by 100 and m, at most 10^6 of them, by 95: 10^8 is reached in that line."""
        program = civrules.compile(
            sheet(line("lamps", Tiers(tiers=(Tier(at_least="95%", points=4),)), 4), not_applicable="refuse")
        )
        assert program.formulas.magnitude == (10**8, "lamps")


class TestRefused:
    """What prepared values cannot say is refused by name, all at once."""

    def test_every_construct_that_needs_more_than_one_look_is_named(self) -> None:
        """A frequency, places, a change and an attribute are named, together."""
        standard = sheet(
            section(
                "all",
                line("often", Frequency(per="month"), 1),
                line("stairs", Check(), 1, per_unit="building"),
                line("rise", Check(at_least=1, change=True), 1),
                line("lift", Check(), 1, applies_when=Condition(attribute="lifts", at_least=1)),
            ),
            grades=(Grade(id="A", at_least=2), Grade(id="B")),
            gates=(gate("old", Condition(attribute="age", at_least=30), grade_at_most="B"),),
            rounding=Rounding(total=2),
        )
        with pytest.raises(InvalidInput) as raised:
            civrules.compile(standard).score([])
        found = {(problem.where, problem.value) for problem in raised.value.problems}
        assert found == {
            (("often",), "frequency"), (("stairs",), "per_unit"), (("rise",), "change"), (("lift",), "applies_when"),
            (("old",), "attribute"),
        }  # fmt: skip

    def test_a_time_that_is_left_open_is_named(self) -> None:
        """A gate whose window waits for a parameter."""
        limit: Any = {"parameter": "limit"}
        standard = sheet(
            line("fire", Event()),
            parameters=(Parameter(id="limit", title=Text(en="Limit")),),
            grades=(Grade(id="A"), Grade(id="B", gate_only=True)),
            gates=(gate("after", Condition(happened="fire", within=limit), grade="B"),),
        )
        with pytest.raises(InvalidInput) as raised:
            civrules.compile(standard).score([None])
        assert [("after",)] == [problem.where for problem in raised.value.problems]
        # Not observed: not rated. Bound, the fire forces B.
        assert (None, 1, (0,)) == civrules.compile(standard.bind({"limit": "1 year"})).score([1])


@pytest.mark.parametrize(
    "attributable, holds", [(False, (False, True, True, True, False)), (True, (False, False, True, False, False))]
)
def test_who_was_responsible_matters_where_it_is_asked(attributable: bool, holds: tuple[bool, ...]) -> None:
    """no, yes, attributable, not attributable, excused: where nobody asks all but an excuse count, as in `evaluate`."""
    standard = sheet(
        line("lit", Check(), 4),
        line("fire", Event(attributable=attributable, excusable=True), missing="hold"),
        not_applicable="refuse",
        grades=(Grade(id="A"), Grade(id="B", gate_only=True)),
        gates=(gate("after", Condition(happened="fire"), grade="B"),),
    )
    program = civrules.compile(standard)
    assert holds == tuple(program.score([1, place])[1] == 1 for place in range(5))
    for word, expected in zip(("no", "yes", "attributable", "not-attributable", "excused"), holds, strict=True):
        looks = [Observation("lit", True), Observation("fire", word, evidence=("letter",))]
        assert expected == (program.evaluate(COMPOUND, looks).grade == "B")


@pytest.mark.parametrize("place, grade", [(0, 0), (1, 0), (2, 1)])
def test_one_of_several_words(place: int, grade: int) -> None:
    """Levels good and fair are asked for, poor is not."""
    standard = sheet(
        line("look", Levels(levels={"good": 2, "fair": 2, "poor": 2}), 2),
        not_applicable="refuse",
        grades=(Grade(id="A", requires=Condition(value="look", equals=["good", "fair"])), Grade(id="B")),
    )
    assert grade == civrules.compile(standard).score([place])[1]


def test_a_program_cannot_be_changed() -> None:
    """A program cannot be changed once it is made, so that a book may share it between threads."""
    program = civrules.compile(sheet(line("lit", Check(), 4), not_applicable="refuse"))
    with pytest.raises(AttributeError, match="cannot change"):
        program.places = 3
    assert program.score([1]) == (4, -1, (4,))

"""Narrow corners of places, waivers, periods and policies, one minimal case each, with the figures by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from sheets import gate, line, results, section, sheet

from civrules import (
    Community,
    Condition,
    Evaluation,
    Gate,
    Grade,
    InvalidDocument,
    InvalidInput,
    NotApplicable,
    Observation,
    Period,
    Ratio,
    Rounding,
    Standard,
    Text,
    Waiver,
    dump,
    evaluate,
)
from civrules import compile as compiled
from civrules.authoring.documents import loads
from civrules.measures import (
    Check,
    Checklist,
    Entry,
    Event,
    Findings,
    Frequency,
    Item,
    Levels,
    Linear,
    Marks,
    Shortfall,
)
from civrules.model.document import Parameter
from civrules.model.figures import Count
from civrules.model.given import read_given
from civrules.model.standard import Passing

CENTS = Rounding(criterion=2, section=2, total=2)
YEAR = Period.year(2031)
BUILDINGS = Community("compound-7", places={"building": ("1", "2")})


def judged(standard: Standard, *looks: Observation, **more: Any) -> Evaluation:
    """The evaluation of a community of two buildings."""
    return evaluate(standard, BUILDINGS, looks, **{"period": YEAR, **more})


def at(place: str, value: Any, name: str = "lights") -> Observation:
    """What was seen in one building."""
    return Observation(name, value, place=place)


def per_building(measure: Any, points: Any, **more: Any) -> Any:
    """A line that is counted in every building."""
    return line("lights", measure, points, per_unit="building", **more)


class TestPlaces:
    """A criterion that is counted at every place of a register."""

    def test_a_sum_of_places_may_pass_the_points_of_one(self) -> None:
        """Two buildings at 80 of 10 points each make 16, also where the criterion rounds (section 4: P is one's)."""
        standard = sheet(per_building(Linear(zero_at=0, full_at=100), 10, places="sum"), rounding=CENTS)
        evaluation = judged(standard, at("1", 80), at("2", 80))
        assert [Decimal(16)] == [one.points for one in evaluation.lines if one.criterion]
        assert Decimal(8) == evaluation.score  # 16 of 20, brought to the total of 10

    def test_summed_places_count_their_own_points_in_the_coverage(self) -> None:
        """One of two buildings of 10 points each and a line of 20 that was seen: 30 of 40 points observed."""
        standard = sheet(per_building(Check(), 10, places="sum"), line("tidy", Check(), 20), rounding=CENTS)
        assert Decimal("0.75") == judged(standard, at("1", value=True), Observation("tidy", value=True)).coverage

    def test_a_share_is_of_what_the_line_can_reach(self) -> None:
        """12 of the 20 points of two buildings are 60 %, so that less than 70 % holds (section 6)."""
        gates = [gate("dark", Condition(points="lights", less_than="70%"), grade_at_most="B")]
        grades = (Grade(id="A", at_least=0), Grade(id="B"))
        standard = sheet(per_building(Marks(), 10, places="sum"), rounding=CENTS, gates=gates, grades=grades)
        assert ("dark",) == judged(standard, at("1", 6), at("2", 6)).gates

    def test_looks_outside_the_period_leave_the_places_missing(self) -> None:
        """Of last year's looks nothing is left: every building stands at its worst, and two must pass."""
        standard = sheet(per_building(Marks(), 10, places="sum"), line("tidy", Check(), 10), rounding=CENTS)
        old = attrs.evolve(at("1", 6), at=date(2030, 5, 1))
        evaluation = judged(standard, old, Observation("tidy", value=True))
        assert Decimal("0.3333") == evaluation.coverage  # 10 of 30

    def test_an_unvisited_place_of_what_is_only_shown_holds_nothing_back(self) -> None:
        """An informative line is never missing (section 4: shown, never judged)."""
        shown = per_building(Check(), 10, strength="informative", missing="hold")
        standard = sheet(shown, line("tidy", Check(), 10), rounding=CENTS)
        assert Decimal(10) == judged(standard, at("1", value=True), Observation("tidy", value=True)).score

    def test_too_few_places_are_completed_by_those_not_visited(self) -> None:
        """Damage takes 1.25 in one building; the other may take none or as much: 8.75 either way.

        Added up it is 7.5 … 8.75. What is recorded only when it happens is missing where the sample is too small.
        """
        damage = Levels(levels={"none": 0, "some": "-1.25"})
        for places, low in (("worst", "8.75"), ("sum", "7.5")):
            counted = per_building(damage, 0, least="-1.25", sample=2, places=places)
            standard = sheet(counted, line("tidy", Check(), 10), rounding=CENTS, missing="hold")
            bounds = judged(standard, at("1", "some"), Observation("tidy", value=True)).bounds
            assert bounds is not None
            assert (Decimal(low), Decimal("8.75"), True) == (bounds.low, bounds.high, bounds.exact)

    def test_a_sample_that_the_register_cannot_fill_is_completed_by_places_beyond_it(self) -> None:
        """Of two buildings both are lit and three must be seen: the third decides between 0 and 10 points."""
        standard = sheet(per_building(Check(), 10, sample=3), rounding=CENTS)
        bounds = judged(standard, at("1", value=True), at("2", value=True)).bounds
        assert bounds is not None
        assert (Decimal(0), Decimal(10)) == (bounds.low, bounds.high)


class TestWaiversOfPlaces:
    """A waiver that names a place excuses that place and no other."""

    WAIVER = Waiver(criterion="lights", place="2", reason="being rewired", approver="housing", valid=YEAR)

    def judged(self, *looks: Observation, places: Any = "mean", **changes: Any) -> Evaluation:
        """The evaluation with the waiver."""
        standard = sheet(per_building(Marks(), 10, places=places), rounding=CENTS)
        return judged(standard, *looks, waivers=[attrs.evolve(self.WAIVER, **changes)])

    def test_only_the_place_earns_its_points(self) -> None:
        """4 and 2 of 10: the second is excused, so that the mean is 7; without the waiver it is 3."""
        evaluation = self.judged(at("1", 4), at("2", 2))
        assert (Decimal(7), Decimal(3)) == (evaluation.score, evaluation.score_without_waivers)

    def test_an_excused_place_counts_as_passing(self) -> None:
        """Both must pass: one does, the other is excused."""
        evaluation = self.judged(at("1", 10), at("2", 2), places=Passing(at_least="100%"))
        assert Decimal(10) == evaluation.score

    def test_an_unvisited_place_may_be_excused(self) -> None:
        """10, and full points for the building that nobody saw; what was not looked at stays so for the coverage."""
        evaluation = self.judged(at("1", 10))
        assert (Decimal(10), Decimal("0.5")) == (evaluation.score, evaluation.coverage)
        assert evaluation.bounds is not None
        assert Decimal(10) == evaluation.bounds.low

    @pytest.mark.parametrize("place, code", [("1", "waiver-redundant"), ("3", "waiver-orphan")])
    def test_a_place_that_passes_or_is_not_there(self, place: str, code: str) -> None:
        """Excusing what passes is redundant, excusing building 3 of two an orphan; neither changes the score."""
        evaluation = self.judged(at("1", 10), at("2", 2), place=place)
        assert Decimal(6) == evaluation.score
        assert [code] == [note.code for note in evaluation.notes]

    def test_a_place_of_a_line_that_has_none(self) -> None:
        """A waiver for building 2 does not excuse a line that is not counted by building."""
        standard = sheet(line("lights", Marks(), 10), rounding=CENTS)
        evaluation = judged(standard, Observation("lights", 2), waivers=[self.WAIVER])
        assert Decimal(2) == evaluation.score
        assert ["waiver-orphan"] == [note.code for note in evaluation.notes]


class TestDays:
    """What depends on the day of judgement or on the period before."""

    @pytest.mark.parametrize(
        "changed", [{"valid_for": "10 days"}, {"measure": Check(at_least=read_given({"2031-01-01": Decimal(3)}))}]
    )
    def test_without_a_day_nothing_is_evaluated(self, changed: dict[str, Any]) -> None:
        """Whether a look has expired, and which number is in force, are questions of the day."""
        standard = sheet(attrs.evolve(line("tidy", Check(at_least=2), 10), **changed), rounding=CENTS)
        with pytest.raises(InvalidInput) as caught:
            evaluate(standard, Community("c"), {"tidy": 10})
        assert [("day-needed", "tidy")] == [(one.code, one.value) for one in caught.value.problems]

    def test_an_undated_look_grows_old(self) -> None:
        """Without a date it counts as of 31 December; on 31 January that is more than ten days ago."""
        standard = sheet(line("tidy", Check(), 10, valid_for="10 days"), rounding=CENTS)
        evaluation = judged(standard, Observation("tidy", value=True), on=date(2032, 1, 31))
        assert "expired" == evaluation.lines[0].reason

    def test_an_old_record_of_what_is_only_recorded_is_none(self) -> None:
        """A complaint of February that holds for a month is no complaint in December: nothing is taken away."""
        complaints = line("complaints", Marks(), 0, least=-5, valid_for="1 month")
        standard = sheet(line("tidy", Check(), 10), complaints, rounding=CENTS)
        old = Observation("complaints", -3, at=date(2031, 2, 1))
        assert Decimal(10) == judged(standard, Observation("tidy", value=True), old).score

    def test_a_change_is_rounded_like_any_other_quotient(self) -> None:
        """3 of 7 steps of 10 points are 4.2857, rounded to 4 where the criterion has no decimals."""
        change = Linear(zero_at=0, full_at=7, change=True, first=3)
        standard = sheet(line("greening", change, 10), rounding=Rounding(criterion=0, total=2))
        assert Decimal(4) == judged(standard, Observation("greening", 50)).score

    def test_what_may_not_apply_by_itself_needs_decimals(self) -> None:
        """In the first period the line leaves: a quotient that `[rounding]` must name."""
        with pytest.raises(InvalidDocument) as caught:
            sheet(line("tidy", Check(), 10), line("rise", Check(at_least=1, change=True), 3), not_applicable="refuse")
        assert ["rescale-decimals"] == [problem.code for problem in caught.value.problems]


class TestSums:
    """Sections, gates and what they are brought to."""

    def test_gates_on_the_grade_see_the_score_that_was_set(self) -> None:
        """The accident sets the score to 0 (step 4), so that the gate on scores below 6 holds (step 7)."""
        gates = [
            Gate(id="veto", title=Text(en="veto"), when=Condition(failed="safe"), then={"score": 0}),
            gate("low", Condition(figure="score", less_than=6), grade_at_most="B"),
        ]
        grades = (Grade(id="A", at_least=0), Grade(id="B"))
        standard = sheet(line("tidy", Check(), 9), line("safe", Check(), 1), rounding=CENTS, gates=gates, grades=grades)
        evaluation = judged(standard, Observation("tidy", value=True), Observation("safe", value=False))
        assert (Decimal(0), ("veto", "low"), "B") == (evaluation.score, evaluation.gates, evaluation.grade)

    def test_a_section_within_adjustments_is_not_rescaled(self) -> None:
        """A bonus of 2 of 2, beside one of 2 that does not apply, adds 2 and not 4 (section 6: never rescaled)."""
        inner = section("prizes", line("county", Marks(), 2), line("city", Marks(), 2))
        bonus = attrs.evolve(section("extra", role="adjustment"), children=[inner])
        base = section("all", line("tidy", Marks(), 10))
        standard = sheet(base, bonus, rounding=CENTS, cap=20, rescale="section")
        looks = [Observation("tidy", 5), Observation("county", 2), Observation("city", NotApplicable("no city"))]
        assert Decimal(7) == judged(standard, *looks).score

    def test_a_section_rescaled_in_itself_keeps_its_decimals(self) -> None:
        """2.5 of the 5 points that apply, brought to 20: 10, exactly, with two decimals declared and none in use."""
        part = section("all", line("tidy", Check(), 5), line("safe", Check(), 5), scale_to=20)
        rounding = Rounding(section=2, total=1)
        standard = sheet(part, rounding=rounding, rescale="section")
        evaluation = judged(standard, Observation("tidy", value=True), Observation("safe", value=False))
        assert (Decimal(10), Decimal) == (evaluation.score, type(evaluation.score))

    def test_a_section_of_events_is_no_member(self) -> None:
        """The worse of a section of 10 points and one that has none is 10: what has no points does not apply."""
        inner = [
            section("homes", line("tidy", Check(), 10)),
            section("events", line("note", Check(), strength="should")),
        ]
        standard = sheet(attrs.evolve(section("all"), children=inner, combine="worst"), not_applicable="refuse")
        evaluation = judged(standard, Observation("tidy", value=True))
        assert (Decimal(10), Decimal(10)) == (evaluation.score, evaluation.maximum)

    def test_points_in_full_are_not_rounded(self) -> None:
        """A line of 2.25 points that does not apply earns 2.25, whatever its measure would be rounded to."""
        lights = line("lights", Linear(zero_at=0, full_at=100), "2.25")
        standard = sheet(lights, not_applicable="full", rounding=Rounding(criterion=0, total=2))
        look = Observation("lights", NotApplicable("no lights"), at=date(2031, 5, 1))
        assert Decimal("2.25") == judged(standard, look).score

    def test_what_does_not_apply_costs_nothing(self) -> None:
        """Of items of 6 and 4 points, in demerits, the first does not apply and the second holds: nothing is lost."""
        items = [Entry(id="law", points=6), Entry(id="map", points=4)]
        standard = sheet(line("papers", Checklist(items=items), 10), direction="demerits")
        evaluation = judged(standard, Observation("papers", {"law": NotApplicable("no law"), "map": True}))
        assert (Decimal(0), "pass") == (evaluation.score, results(evaluation)["papers"])


@pytest.mark.parametrize(
    "measure",
    [
        Shortfall(target=60, per=1, deduct=read_given({"parameter": "step"}), steps="full"),
        Findings(items=[Item(id="spot", each=read_given({"parameter": "step"}), cap=3)]),
        Linear(knots=[(0, 0), (50, read_given({"2031-01-01": 1, "2031-07-01": 2}))]),
    ],
)
def test_given_points_are_written_and_read_again(measure: Any) -> None:
    """Points that are given by a table are dumped as that table (section 7: dumping and loading is the identity)."""
    parameters = [Parameter(id="step", title=Text(en="step"), between=(1, 3))]
    standard = sheet(line("lights", measure, 10), rounding=CENTS, parameters=parameters)
    assert standard == loads(dump(standard))


def test_a_waiver_makes_nothing_observed() -> None:
    """Of a community of which all that was seen is too old nothing was observed: not rated, excused or not."""
    standard = sheet(line("tidy", Check(), 10, valid_for="10 days"), rounding=CENTS)
    waiver = Waiver(criterion="tidy", reason="being rebuilt", approver="housing", valid=YEAR)
    old = Observation("tidy", value=True, at=date(2031, 2, 1))
    assert judged(standard, old, waivers=[waiver]).score is None


def test_an_informative_figure_too_old_makes_nothing_observed() -> None:
    """All that was seen is an informative figure that is no longer valid: not rated, as if nobody had looked."""
    rate = line("rate", Linear(zero_at=0, full_at=100), 10, strength="informative", valid_for="10 days")
    standard = sheet(line("tidy", Check(), 10), rate, rounding=CENTS, grades=(Grade(id="A", at_least=8), Grade(id="B")))
    old = Observation("rate", "95", at=date(2031, 2, 1))
    assert judged(standard, old).grade == "not-rated"


def test_the_place_that_counts_may_be_one_where_nothing_was_recorded() -> None:
    """Of a line that only takes points away the best of two places is the one not looked at; the words say so."""
    spots = line("spots", Findings(items=[Item(id="spot", each=1)]), 0, least=-2, per_unit="building", places="best")
    standard = sheet(spots, line("tidy", Check(), 10), rounding=Rounding(total=2))
    community = Community("compound-7", places={"building": ("1", "2")})
    seen = [Observation("spots", {"spot": 1}, place="1"), Observation("tidy", True)]
    evaluation = evaluate(standard, community, seen)
    assert evaluation.score == 10
    assert "no observation" in str(evaluation.explain("en"))


def test_without_the_waiver_nothing_is_left_that_applies() -> None:
    """The one line that applies is waived; without that nothing does, so that the community is not rated."""
    standard = sheet(
        line("lit", Check(), 10), line("fire", Event()), missing="rescale", rounding=Rounding(total=1),
        grades=(Grade(id="A", at_least=8), Grade(id="B")),
    )  # fmt: skip
    waiver = Waiver(criterion="lit", reason="being replaced", approver="housing", valid=Period.year(2031))
    evaluation = evaluate(
        standard, Community("compound-7"), [Observation("fire", True)], on=date(2031, 3, 1), waivers=[waiver]
    )
    assert (evaluation.grade, evaluation.grade_without_waivers) == ("A", "not-rated")


def test_summed_places_weigh_each_where_the_worst_line_has_no_points() -> None:
    """Two places of 10 points and a check of 10: one place and the check were seen, 20 of 30 points, down 0.6666.

    That the section takes the worst of its lines, and one of them gives nothing at best, changes no line's weight.
    """
    lights = per_building(Linear(zero_at=0, full_at=100), 10, places="sum")
    noise = line("noise", Levels(levels={"good": 0, "fair": -1}), 0, least=-5)
    worst = section("all", lights, noise, line("tidy", Check(), 10), combine="worst")
    standard = sheet(worst, rounding=CENTS)
    assert judged(standard, at("1", 95), Observation("tidy", True)).coverage == Decimal("0.6666")


def test_what_is_waived_keeps_the_grade_withheld_within_the_bounds_too() -> None:
    """One of three lines is waived and not looked at, 90% must be: whatever the last line gives, no grade follows."""
    standard = sheet(
        *(line(name, Check(), 10) for name in ("lit", "tidy", "quiet")), coverage="90%", rounding=CENTS,
        grades=(Grade(id="A", at_least=20), Grade(id="B")),
    )  # fmt: skip
    waiver = Waiver(criterion="lit", reason="being replaced", approver="housing", valid=YEAR)
    bounds = judged(standard, Observation("tidy", True), waivers=[waiver]).bounds
    assert bounds is not None
    assert (Decimal(20), Decimal(30)) == (bounds.low, bounds.high)
    assert ("withheld", "withheld") == (bounds.grade_low, bounds.grade_high)


class TestWhatNothingCouldTell:
    """Lines at which nobody looked, where whatever had been seen would not have counted."""

    JANUARY = Period.month(2031, 1)

    def test_no_window_is_over(self) -> None:
        """A quarterly duty is not missing in a month in which no quarter lies whole: 10 of 10 come from the rest."""
        rounds = line("rounds", Frequency(per="quarter"), 5)
        standard = sheet(line("tidy", Check(), 10), rounds, rounding=Rounding(total=2))
        evaluation = evaluate(standard, Community("c"), {"tidy": True}, period=self.JANUARY)
        assert (Decimal(15), Decimal(1)) == (evaluation.score, evaluation.coverage)
        assert "not-applicable" == evaluation.lines[1].result

    def test_a_window_that_is_over_was_missed(self) -> None:
        """Of a monthly duty that nobody recorded the month is over: 10 of 15."""
        rounds = line("rounds", Frequency(per="month"), 5)
        standard = sheet(line("tidy", Check(), 10), rounds, rounding=Rounding(total=2))
        evaluation = evaluate(standard, Community("c"), {"tidy": True}, period=self.JANUARY)
        assert (Decimal(10), "not-checked") == (evaluation.score, evaluation.lines[1].result)

    def test_a_count_of_a_month_belongs_to_it_whatever_its_first_day(self) -> None:
        """2031-02 begins on a Saturday: four Mondays counted for it are four, and 4 of 4 is full."""
        rounds = line("rounds", Frequency(per="month", at_least=Count(4), weekdays=("monday",)), 5)
        standard = sheet(rounds, rounding=Rounding(total=2))
        evaluation = evaluate(standard, Community("c"), {"rounds": {"2031-02": 4}}, period=Period.month(2031, 2))
        assert Decimal(5) == evaluation.score

    def test_a_count_over_several_windows_is_refused(self) -> None:
        """A count for a month says nothing of its weeks."""
        standard = sheet(line("rounds", Frequency(per="week"), 5), rounding=Rounding(total=2))
        with pytest.raises(InvalidInput, match="2031-02"):
            evaluate(standard, Community("c"), {"rounds": {"2031-02": 4}}, period=Period.quarter(2031, 1))

    def test_a_change_that_nobody_looked_at_in_the_first_period(self) -> None:
        """There is nothing to compare with, so that it does not apply, seen or not: 10 of 10 scaled to 13."""
        rise = line("rise", Check(at_least=1, change=True), 3)
        standard = sheet(line("tidy", Check(), 10), rise, rounding=Rounding(total=2))
        unseen = evaluate(standard, Community("c"), {"tidy": True})
        seen = evaluate(standard, Community("c"), {"tidy": True, "rise": 7})
        assert Decimal(13) == unseen.score == seen.score
        assert unseen.bounds is not None
        assert Decimal(13) == unseen.bounds.low == unseen.bounds.high

    def test_what_a_change_can_still_reach(self) -> None:
        """After 80 of at most 100 a rise of 20 is the most: linear to 40 gives 5 of 10, and a fall gives 0."""
        rise = line("rise", Linear(zero_at=0, full_at=40, change=True), 10, range=(0, 100))
        standard = sheet(line("tidy", Check(), 10), rise, rounding=Rounding(criterion=2, total=2))
        before = evaluate(standard, Community("c"), {"tidy": True, "rise": 80})
        now = evaluate(standard, Community("c"), {"tidy": True}, previous=before)
        assert now.bounds is not None
        assert (Decimal(10), Decimal(15)) == (now.bounds.low, now.bounds.high)

    def test_looks_by_turns(self) -> None:
        """A look whose like was seen before, and a second one of the same criterion, are still two looks."""
        standard = sheet(line("tidy", Check(), 10), line("fire", Event()), rounding=Rounding(total=2))
        evaluate(standard, Community("a"), {"tidy": True, "fire": False})
        program = compiled(standard)
        for _ in range(2):
            program.evaluate(Community("a"), {"tidy": True, "fire": "no"})
        two = [Observation("tidy", True), Observation("tidy", False, by="b"), Observation("fire", "no", by="a"),
               Observation("fire", "yes", by="b")]  # fmt: skip
        evaluation = program.evaluate(Community("b"), two)
        assert Decimal(0) == evaluation.score
        assert ["same-day"] == [note.code for note in evaluation.notes]
        assert {"tidy": 1, "fire": 2} == {one.criterion: len(one.seen) for one in evaluation.lines if one.criterion}


class TestFindingsAddUp:
    """A `value` condition sees the findings of all looks and places together, whichever of them gives the points."""

    SPOTS = Findings(items=[Item(id="spot", each=1), Item(id="state", levels={"good": 0, "bad": 2})])

    def grade(self, *looks: Observation, target: str = "litter:spot", more_than: int = 4, **how: Any) -> str | None:
        """The grade where more than four are capped at B."""
        capped = gate("many", Condition(value=target, more_than=more_than), grade_at_most="B")
        standard = sheet(
            line("litter", self.SPOTS, 10, **how),
            rounding=CENTS,
            grades=(Grade(id="A", at_least=5), Grade(id="B")),
            gates=(capped,),
        )
        return judged(standard, *looks).grade

    def look(self, spots: int, **where: Any) -> Observation:
        """A look that found so many spots."""
        return Observation("litter", {"spot": spots, "state": "good"}, **where)

    @pytest.mark.parametrize("other, grade", [(2, "B"), (1, "A")])
    def test_over_places(self, other: int, grade: str) -> None:
        """3 and 2 are more than 4, 3 and 1 are not; the worst building alone has 3."""
        looks = self.look(3, place="1"), self.look(other, place="2")
        assert grade == self.grade(*looks, per_unit="building")

    @pytest.mark.parametrize("pool", ["mean", "worst", "best"])
    @pytest.mark.parametrize("other, grade", [(2, "B"), (1, "A")])
    def test_over_looks(self, pool: str, other: int, grade: str) -> None:
        """Every look that is pooled counts."""
        looks = self.look(3, at=date(2031, 3, 1)), self.look(other, at=date(2031, 4, 1))
        assert grade == self.grade(*looks, pool=pool)

    def test_the_latest_look_alone(self) -> None:
        """What an earlier look found is not there any more where the latest counts."""
        looks = self.look(9, at=date(2031, 3, 1)), self.look(4, at=date(2031, 4, 1))
        assert "A" == self.grade(*looks)

    def test_assessors_saw_the_same_spots(self) -> None:
        """Two assessors who each found 3 did not find 6."""
        looks = self.look(3, by="a"), self.look(3, by="b")
        assert "A" == self.grade(*looks, assessors="mean", pool="mean")

    def test_all_items_together(self) -> None:
        """Without an item all that is counted adds up."""
        looks = self.look(3, place="1"), self.look(2, place="2")
        assert "B" == self.grade(*looks, per_unit="building", target="litter")

    def test_a_building_held_open(self) -> None:
        """Where a place is held open nobody knows how many there are: the gate may hold, and does not yet."""
        assert "withheld" == self.grade(self.look(9, place="1"), per_unit="building", missing="hold")


class TestOpenAmounts:
    """What an item takes is a parameter that nobody has set, and the line has no points that would limit it."""

    STEP = Parameter(id="step", title=Text(en="step"), between=(1, 3))

    def spots(self, *, missing: str | None = None, **more: Any) -> Evaluation:
        """3 spots at so much each, beside 2 demerits."""
        item = Item(id="spot", each=read_given({"parameter": "step"}), **more)
        standard = sheet(
            line("spots", Findings(items=[item]), missing=missing),
            line("tidy", Marks(), 10),
            direction="demerits",
            parameters=[self.STEP],
        )
        return evaluate(standard, Community("c"), {"spots": {"spot": 3}, "tidy": 2})

    def test_no_more_than_the_cap(self) -> None:
        """At most 7, whatever the step: 2 and 7 are 9 at worst, 2 at best."""
        evaluation = self.spots(cap=7)
        assert evaluation.bounds is not None
        assert (Decimal(9), Decimal(9), Decimal(2)) == (evaluation.score, evaluation.bounds.low, evaluation.bounds.high)

    def test_as_often_as_may_be_found(self) -> None:
        """At most 4 spots of at most 3 each: 2 and 12 are 14 at worst."""
        evaluation = self.spots(range=(0, 4))
        assert evaluation.bounds is not None
        assert (Decimal(14), Decimal(14), Decimal(2)) == (
            evaluation.score,
            evaluation.bounds.low,
            evaluation.bounds.high,
        )

    def test_without_any_limit(self) -> None:
        """There is no worst figure; nothing found leaves 2."""
        evaluation = self.spots(missing="hold")
        assert evaluation.bounds is not None
        assert (None, None, Decimal(2)) == (evaluation.score, evaluation.bounds.low, evaluation.bounds.high)


class TestParametersInPercent:
    """A parameter whose unit is % is in percent however it is written."""

    LEAST = Parameter(id="least", title=Text(en="least"), unit="%", between=(0, 100))

    @pytest.mark.parametrize("setting", [80, "80", Decimal("80.0"), "80%"])
    @pytest.mark.parametrize("seen, score", [("80%", 10), ("79.9%", 0), (80, 10), (Ratio(80, 100), 10)])
    def test_bound(self, setting: Any, seen: Any, score: int) -> None:
        """80, "80%" and 80 of 100 pass a least share of 80; 79.9 % do not."""
        measure = Check(at_least=read_given({"parameter": "least"}))
        standard = sheet(line("satisfied", measure, 10), not_applicable="full", parameters=[self.LEAST])
        bound = standard.bind({"least": setting})
        assert {"least": "80%"} == bound.settings
        assert standard.bind({"least": "80%"}).digest == bound.digest
        assert Decimal(score) == evaluate(bound, Community("c"), {"satisfied": seen}).score


class TestTheWorstLineInPercent:
    """`worst_in` picks the line of the fewest points; its share of what it can reach need not rise with them."""

    def test_a_share_between_the_ends_lies_within_the_bounds(self) -> None:
        """Of 10 points 1.5 were given, of 2 none (0 %), 1.4 (70 %) or 2 (the other is worst, 15 %) may still be."""
        grades = (Grade(id="A", requires=Condition(worst_in="all", more_than="50%")), Grade(id="B"))
        standard = sheet(line("wide", Marks(), 10), line("narrow", Marks(), 2), rounding=CENTS, grades=grades)
        bounds = judged(standard, Observation("wide", "1.5")).bounds
        assert bounds is not None
        assert ("B", "A", False) == (bounds.grade_low, bounds.grade_high, bounds.exact)
        assert "A" == judged(standard, Observation("wide", "1.5"), Observation("narrow", "1.4")).grade

    def test_lines_that_reach_the_same_leave_the_bounds_exact(self) -> None:
        """Two lines of 10 points: the share of the worst rises with its points."""
        grades = (Grade(id="A", requires=Condition(worst_in="all", more_than="50%")), Grade(id="B"))
        standard = sheet(line("left", Marks(), 10), line("right", Marks(), 10), rounding=CENTS, grades=grades)
        bounds = judged(standard, Observation("left", "1.5")).bounds
        assert bounds is not None
        assert ("B", "B", True) == (bounds.grade_low, bounds.grade_high, bounds.exact)


class TestAGradeThatMayStayWithheld:
    """What is waived is not looked at, so that the coverage may be too low with all that is missing in."""

    def test_only_a_veto_then_gives_a_grade(self) -> None:
        """15 of 25 points are waived and 80 % are asked for: withheld, unless the missing exit fails and forces D."""
        standard = sheet(
            line("lights", Check(), 15),
            line("exit", Check(), 5),
            line("tidy", Check(), 5),
            grades=(Grade(id="A", at_least=20), Grade(id="D")),
            gates=[gate("blocked", Condition(failed="exit"), grade="D")],
            coverage="80%",
            rounding=CENTS,
        )
        waiver = Waiver(criterion="lights", reason="being rewired", approver="housing", valid=YEAR)
        seen = Observation("tidy", value=True)
        bounds = judged(standard, seen, waivers=[waiver]).bounds
        assert bounds is not None
        assert ("D", "withheld", True) == (bounds.grade_low, bounds.grade_high, bounds.exact)
        ends = [judged(standard, seen, Observation("exit", value), waivers=[waiver]).grade for value in (False, True)]
        assert ["D", "withheld"] == ends


class TestNumbersThatAreNotGiven:
    """Where a threshold goes by an attribute that nobody told, the line may give anything that it can give."""

    def test_what_may_be_observed_does_not_narrow_the_points(self) -> None:
        """A check of 10 points that takes 10 where it fails gives -10 … 10, though its figure is never below 0."""
        measure = Check(at_least=read_given({"by": "size", "lower": {"60": 5, "100": 60}}))
        standard = sheet(
            line("green", measure, 10, least=-10, range=(0, 120)), line("tidy", Check(), 10), rounding=CENTS
        )
        looks = Observation("green", 5), Observation("tidy", value=True)
        bounds = judged(standard, *looks).bounds
        assert bounds is not None
        assert (Decimal(0), Decimal(20)) == (bounds.low, bounds.high)
        for size, score in ((60, 20), (100, 0)):  # 5 are enough up to 99, and 60 from there on
            told = Community("compound-7", attributes={"size": size})
            assert Decimal(score) == evaluate(standard, told, looks).score


class TestDemeritsWithoutAMost:
    """What is found in a line of demerits without points can take any amount."""

    def test_the_last_grade_is_reached_unless_a_cap_holds_the_score(self) -> None:
        """Of 1 demerit for each spot nobody counted any: up to 9 are an A, and a cap of 5 leaves nothing else."""
        spots = line("spots", Findings(items=[Item(id="spot", each=1)]))
        for cap, exact in ((None, True), (5, False)):
            standard = sheet(
                spots, line("tidy", Check(), 10), direction="demerits", cap=cap, missing="hold",
                not_applicable="refuse", grades=(Grade(id="A", at_most=9), Grade(id="B")),
            )  # fmt: skip
            bounds = judged(standard, Observation("tidy", value=True)).bounds
            assert bounds is not None
            assert (None, Decimal(0), exact) == (bounds.low, bounds.high, bounds.exact)
            assert ("B", "A") == (bounds.grade_low, bounds.grade_high)

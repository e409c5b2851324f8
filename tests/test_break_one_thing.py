"""One thing broken in the engine, one test that fails: each docstring works its figures out by hand."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from sheets import gate, judged, line, section, sheet

from civrules import Condition, Evaluation, Grade, NotApplicable, Observation, Period, Ratio, Rounding, Standard
from civrules.measures import Check, Event, Findings, Item, Levels, Linear, Marks, Tier, Tiers

ONE_DECIMAL = Rounding(criterion=1, section=1, total=1)
A_TO_D = (Grade(id="A", at_least=85), Grade(id="B", at_least=70), Grade(id="C", at_least=60), Grade(id="D"))
MODES = pytest.mark.parametrize("mode, up", [("half-up", True), ("half-even", False), ("up", True), ("down", False)])


def marked(*marks: Any, points: int = 100, **more: Any) -> Evaluation:
    """The evaluation of a sheet of marks, each out of so many points."""
    names = [f"m{number}" for number, _ in enumerate(marks)]
    standard = sheet(*(line(name, Marks(), points) for name in names), **more)
    return judged(standard, **dict(zip(names, marks, strict=True)))


def points_of(name: str, evaluation: Evaluation) -> Decimal | None:
    """The points of one line."""
    return next(one.points for one in evaluation.lines if one.criterion == name)


class TestHalfEvenForHalfUp:
    """A half goes where the standard says, at each step that rounds."""

    @MODES
    def test_criterion(self, mode: Any, up: bool) -> None:
        """81 of 100 of 5 points are 4.05: half-up and up 4.1, half-even and down 4.0."""
        rounding = Rounding(criterion=1, total=1, mode=mode)
        standard = sheet(line("lights", Linear(zero_at=0, full_at=100), 5), rounding=rounding)
        assert points_of("lights", judged(standard, lights=81)) == Decimal("4.1" if up else "4.0")

    @MODES
    def test_section(self, mode: Any, up: bool) -> None:
        """6.075 of 30 points, brought to 20, are 4.05: half-up and up 4.1, half-even and down 4.0."""
        part = section("homes", line("tidy", Marks(), 30), scale_to=20)
        standard = sheet(part, rounding=Rounding(section=1, total=2, mode=mode))
        assert judged(standard, tidy="6.075").score == Decimal("4.1" if up else "4.0")

    @MODES
    def test_total(self, mode: Any, up: bool) -> None:
        """40.2 and 44.25 are 84.45: half-up and up 84.5, half-even and down 84.4; 84.5 is an A."""
        grades = (Grade(id="A", at_least="84.5"), Grade(id="B"))
        evaluation = marked("40.2", "44.25", rounding=Rounding(total=1, mode=mode, criterion=1), grades=grades)
        assert (evaluation.score, evaluation.grade) == ((Decimal("84.5"), "A") if up else (Decimal("84.4"), "B"))

    @MODES
    def test_below_zero(self, mode: Any, up: bool) -> None:
        """1 of 100 of -5 points is -0.05: half-up and up go away from zero to -0.1, half-even and down to 0."""
        rounding = Rounding(criterion=1, total=1, mode=mode)
        noise = line("noise", Linear(knots=[(0, 0), (100, -5)]), 0, least=-5)
        standard = sheet(line("tidy", Check(), 10), noise, rounding=rounding)
        assert points_of("noise", judged(standard, tidy=True, noise=1)) == Decimal("-0.1" if up else "0.0")


class TestSingleScoreLimitIgnored:
    """A band asks that no single score is above its limit, as well as that the total is not."""

    BANDS = ((5, 15, 5), (4, 20, 10), (3, 30, 10), (2, 40, 15), (1, 50, 20))

    def rating(self, *scores: int) -> str | None:
        """The rating of three demerit scores."""
        grades = [
            Grade(id=str(rating), at_most=total, requires=Condition(worst_in="all", at_most=single))
            for rating, total, single in self.BANDS
        ]
        names = ("hygiene", "structure", "confidence")
        standard = sheet(
            *(line(name, Marks(), 30) for name in names), direction="demerits", grades=[*grades, Grade(id="0")]
        )
        return judged(standard, **dict(zip(names, scores, strict=True))).grade

    @pytest.mark.parametrize(
        "scores, expected",
        [
            ((5, 5, 5), "5"),
            ((10, 5, 0), "4"),
            ((15, 0, 0), "2"),
            ((20, 0, 0), "1"),
            ((0, 0, 25), "0"),
            ((10, 10, 10), "3"),
        ],
    )
    def test_total_and_single_score(self, scores: tuple[int, int, int], expected: str) -> None:
        """5+5+5 is 15 and a 5; 10+5+0 is 15 too, but 10 is above 5: a 4; 15 alone is above 10: a 2; 25 alone: a 0."""
        assert self.rating(*scores) == expected


class TestBlanksAsZero:
    """What was not observed is not the figure 0."""

    def test_figure_that_is_best_at_zero(self) -> None:
        """No complaints give 5 points, ten give none; complaints that nobody counted give none, not 5: 10 + 0."""
        standard = sheet(
            line("tidy", Check(), 10),
            line("complaints", Linear(zero_at=10, full_at=0), 5, range=(0, 50)),
            rounding=ONE_DECIMAL,
        )
        assert judged(standard, tidy=True).score == 10
        assert judged(standard, tidy=True, complaints=0).score == 15

    def test_demerits(self) -> None:
        """A score of 0 to 25 that was not given costs 25, not 0: 5 + 25 = 30."""
        lines = [line(name, Levels(levels={"good": 0, "poor": 5, "bad": 25}), 25) for name in ("hygiene", "structure")]
        assert judged(sheet(*lines, direction="demerits"), hygiene="poor").score == 30

    def test_hold(self) -> None:
        """What is held gives no score, neither 10 nor 20."""
        standard = sheet(
            line("tidy", Check(), 10), line("safe", Check(), 10, missing="hold"), rounding=ONE_DECIMAL, grades=A_TO_D
        )
        evaluation = judged(standard, tidy=True)
        assert (evaluation.score, evaluation.grade) == (None, "withheld")

    @pytest.mark.parametrize("direction, best", [("merits", None), ("demerits", 10)])
    def test_nothing_observed(self, direction: Any, best: int | None) -> None:
        """A community of which nothing was observed has no score: not 0, not the worst, not the best."""
        grades = (Grade(id="A", at_most=best) if best else Grade(id="A", at_least=5), Grade(id="B"))
        standard = sheet(line("tidy", Check(), 10), direction=direction, rounding=ONE_DECIMAL, grades=grades)
        evaluation = judged(standard)
        assert (evaluation.score, evaluation.grade) == (None, "not-rated")

    def test_not_applicable(self) -> None:
        """3 of 4 points that apply, of 10: 3 x 10 / 4 is 7.5; as zero it would be 3, as full 9."""
        standard = sheet(line("tidy", Marks(), 4), line("lift", Marks(), 6), rounding=ONE_DECIMAL)
        assert judged(standard, tidy=3, lift=NotApplicable("no lift")).score == Decimal("7.5")


class TestBandingBeforeRounding:
    """Bands compare what is shown, or the fraction behind it, as the standard says."""

    @pytest.mark.parametrize("grade_from, grade", [("rounded", "A"), ("exact", "B")])
    def test_just_below_a_bound(self, grade_from: Any, grade: str) -> None:
        """84.95 is shown as 85.0: an A from the figure shown, a B from the fraction."""
        rounding = Rounding(total=1, grade_from=grade_from)
        evaluation = marked("84.95", rounding=rounding, not_applicable="refuse", grades=A_TO_D)
        assert (evaluation.score, evaluation.grade) == (Decimal("85.0"), grade)

    @pytest.mark.parametrize("grade_from, grade", [("rounded", "A"), ("exact", "B")])
    def test_just_above_a_bound_in_demerits(self, grade_from: Any, grade: str) -> None:
        """15.04 lost is shown as 15.0: an A from the figure shown, a B from the fraction."""
        rounding = Rounding(total=1, grade_from=grade_from)
        grades = (Grade(id="A", at_most=15), Grade(id="B"))
        assert marked("15.04", rounding=rounding, direction="demerits", grades=grades).grade == grade

    def test_fraction_without_end(self) -> None:
        """2 of 3 points that apply, of 100, are 66.66…: shown as 66.7, and as a fraction not at least 66.67."""
        bands = (Grade(id="A", at_least="66.67"), Grade(id="B", at_least="66.66"), Grade(id="C"))
        rounding = Rounding(total=1, grade_from="exact")
        standard = sheet(line("tidy", Marks(), 3), line("lift", Marks(), 97), rounding=rounding, grades=bands)
        evaluation = judged(standard, tidy=2, lift=NotApplicable("no lift"))
        assert (evaluation.score, evaluation.grade) == (Decimal("66.7"), "B")


class TestFloatInAScore:
    """No binary float takes part in a score."""

    def test_sum_on_a_band_in_demerits(self) -> None:
        """0.1 + 0.2 is 0.3, which is at most 0.3; floats make 0.30000000000000004 of it."""
        grades = (Grade(id="A", at_most=0.3), Grade(id="B"))
        evaluation = marked(0.1, 0.2, points=1, direction="demerits", grades=grades)
        assert (evaluation.score, evaluation.grade) == (Decimal("0.3"), "A")

    def test_sum_on_a_band_in_merits(self) -> None:
        """0.7 + 0.1 is 0.8, which is at least 0.8; floats make 0.7999999999999999 of it."""
        grades = (Grade(id="A", at_least=0.8), Grade(id="B"))
        evaluation = marked(0.7, 0.1, points=1, not_applicable="refuse", grades=grades)
        assert (evaluation.score, evaluation.grade) == (Decimal("0.8"), "A")

    def test_float_is_read_by_its_shortest_decimal(self) -> None:
        """84.995 rounds to 85.00; the binary float of that text is 84.99499999999999, which rounds to 84.99."""
        assert marked(84.995, rounding=Rounding(total=2)).score == Decimal("85.00")

    def test_ratio_on_a_threshold(self) -> None:
        """29 of 100 are 29 %; as floats 0.29 x 100 is 28.999999999999996."""
        standard = sheet(line("lit", Check(at_least="29%"), 10), rounding=ONE_DECIMAL)
        assert judged(standard, lit=Ratio(29, 100)).score == 10

    def test_product_on_a_half(self) -> None:
        """69 of 100 of 1.5 points are 1.035, half-up 1.04; as floats 1.5 x 0.69 is 1.0349999999999999, so 1.03."""
        rounding = Rounding(criterion=2, total=2)
        standard = sheet(line("lights", Linear(zero_at=0, full_at=100), 1.5), rounding=rounding)
        assert judged(standard, lights=69).score == Decimal("1.04")

    def test_figures_beyond_what_a_float_holds(self) -> None:
        """90071992547409.93 and 0.01 are 90071992547409.94; a float has no such hundredths."""
        evaluation = marked("90071992547409.93", "0.01", points=10**14, not_applicable="refuse")
        assert evaluation.score == Decimal("90071992547409.94")

    def test_walk_of_everything_an_evaluation_holds(self) -> None:
        """No float is found anywhere in an evaluation, its lines, bounds and words, nor in the program behind it."""
        standard = sheet(
            section(
                "homes", line("lights", Linear(zero_at="60%", full_at="100%"), 2.5), line("tidy", Marks(), 0.5),
                line("rate", Tiers(tiers=[Tier(points=0.1, at_least=0.3), Tier(points=0.05, at_least=0.1)]), 0.1),
                scale_to=33.3,
            ),
            section(
                "all", line("spots", Findings(items=[Item(id="spot", each=0.1, cap=0.3)]), 0.7),
                line("lift", Check(at_least=0.5), 0.3), line("fire", Event()), line("open", Check(), 1.1),
            ),
            rounding=ONE_DECIMAL, grades=A_TO_D, total=100, scale=True,
            gates=[gate("low", Condition(section="homes", less_than="60.5%"), grade_at_most="B")],
        )  # fmt: skip
        evaluation = judged(standard, lights=95.5, tidy=0.1, rate=0.2, spots={"spot": 2}, lift=NotApplicable("no lift"))
        parts = [
            evaluation, evaluation.lines, evaluation.bounds, evaluation.explain("en"), evaluation.program.lines,
            evaluation.program.adder, evaluation.run.cells, evaluation.run.sums,
        ]  # fmt: skip
        assert [found for part in parts for found in floats(part, set())] == []
        assert list(floats({"a": (Fraction(1), [0.5])}, set())) == [0.5]


def floats(value: Any, met: set[int]) -> Iterator[Any]:
    """Every float in a value, wherever it stands; what a host handed in as one is not looked into."""
    if isinstance(value, float):
        yield value
    if id(value) in met or isinstance(value, Observation | str | int | Decimal | Standard):
        return
    met.add(id(value))
    for part in parts_of(value):
        yield from floats(part, met)


def parts_of(value: Any) -> Iterator[Any]:
    """What a value holds: members, fields, slots."""
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif attrs.has(type(value)):
        yield from (getattr(value, field.name) for field in attrs.fields(type(value)))
    else:
        names = [*getattr(type(value), "__slots__", ()), *getattr(value, "__dict__", ())]
        yield from (getattr(value, name) for name in names if name != "kept" and hasattr(value, name))


ACCIDENTS = (line("tidy", Marks(), 100), line("fire", Event()), line("flood", Event(attributable=True)))


class TestGates:
    """Every gate that holds is listed; the first that forces decides, else the lowest cap; the band is kept beside."""

    def grade(self, *gates: Any, mark: int = 90, seen: Any = True) -> tuple[Any, ...]:
        """Grade, grade before gates, and the gates that hold, of a fire and a mark of 90, which is an A."""
        standard = sheet(*ACCIDENTS, rounding=ONE_DECIMAL, grades=A_TO_D, gates=gates)
        evaluation = judged(standard, tidy=mark, fire=seen)
        return evaluation.grade, evaluation.grade_before_gates, evaluation.gates

    FIRE = Condition(happened="fire")
    NONE = Condition(happened="flood")

    def test_cap_skipped(self) -> None:
        """90 is an A; after a fire it is at most B."""
        assert self.grade(gate("cap", self.FIRE, grade_at_most="B")) == ("B", "A", ("cap",))
        assert self.grade(gate("cap", self.FIRE, grade_at_most="B"), seen=False) == ("A", "A", ())

    def test_cap_above_the_band(self) -> None:
        """65 is a C; a cap at B leaves it a C, and is listed."""
        assert self.grade(gate("cap", self.FIRE, grade_at_most="B"), mark=65) == ("C", "C", ("cap",))

    def test_lowest_cap(self) -> None:
        """Caps at C and B hold together: C, whichever stands first."""
        caps = (gate("c", self.FIRE, grade_at_most="C"), gate("b", self.FIRE, grade_at_most="B"))
        assert self.grade(*caps) == ("C", "A", ("c", "b"))
        assert self.grade(*caps[::-1]) == ("C", "A", ("b", "c"))

    def test_force_beats_cap(self) -> None:
        """A gate that forces B beats a cap at C, whichever stands first."""
        gates = (gate("cap", self.FIRE, grade_at_most="C"), gate("force", self.FIRE, grade="B"))
        assert self.grade(*gates) == ("B", "A", ("cap", "force"))
        assert self.grade(*gates[::-1]) == ("B", "A", ("force", "cap"))

    def test_first_that_forces(self) -> None:
        """Of gates that force C and D the first decides; one that does not hold does not count."""
        gates = (gate("no", self.NONE, grade="B"), gate("c", self.FIRE, grade="C"), gate("d", self.FIRE, grade="D"))
        assert self.grade(*gates) == ("C", "A", ("c", "d"))

    def test_force_without_a_score(self) -> None:
        """A gate that forces D acts where the score is held; a cap leaves it withheld."""
        held = line("safe", Check(), 10, missing="hold")
        for gates, grade in (
            ((gate("d", self.FIRE, grade="D"),), "D"),
            ((gate("c", self.FIRE, grade_at_most="C"),), "withheld"),
        ):
            standard = sheet(*ACCIDENTS, held, rounding=ONE_DECIMAL, grades=A_TO_D, gates=gates)
            evaluation = judged(standard, tidy=90, fire=True)
            assert (evaluation.score, evaluation.grade, evaluation.grade_before_gates) == (None, grade, "withheld")
            assert len(evaluation.gates) == 1

    @pytest.mark.parametrize("attributable, gates", [(True, ("b",)), (False, ())])
    def test_attribution(self, attributable: bool, gates: tuple[str, ...]) -> None:
        """A flood caps the grade only where the assessed body is mainly responsible."""
        standard = sheet(
            *ACCIDENTS, rounding=ONE_DECIMAL, grades=A_TO_D, gates=[gate("b", self.NONE, grade_at_most="B")]
        )
        evaluation = judged(standard, Observation("flood", value=True, attributable=attributable), tidy=90)
        assert evaluation.gates == gates

    @pytest.mark.parametrize(
        "day, gates", [((2030, 3, 31), ("b",)), ((2030, 3, 30), ()), ((2031, 3, 31), ("b",)), ((2031, 4, 1), ())]
    )
    def test_ends_of_a_window(self, day: tuple[int, int, int], gates: tuple[str, ...]) -> None:
        """Twelve months to 2031-03-31 run from 2030-03-31, both days included, also outside the quarter scored."""
        lately = gate("b", Condition(happened="fire", within="12 months"), grade_at_most="B")
        standard = sheet(*ACCIDENTS, rounding=ONE_DECIMAL, grades=A_TO_D, gates=[lately])
        report = Observation("fire", value=True, at=date(*day))
        assert judged(standard, report, tidy=90, period=Period.quarter(2031, 1)).gates == gates


class TestEndOnTheWrongSide:
    """A bound belongs to the side that its word says."""

    @pytest.mark.parametrize(
        "mark, grade", [("85", "A"), ("84.9", "B"), ("70", "B"), ("69.9", "C"), ("60", "C"), ("59.9", "D"), (0, "D")]
    )
    def test_band(self, mark: Any, grade: str) -> None:
        """85 is at least 85: an A; 84.9 is not; 60 is a C, 59.9 takes what is left."""
        assert marked(mark, rounding=ONE_DECIMAL, grades=A_TO_D).grade == grade

    @pytest.mark.parametrize("mark, grade", [(15, "A"), ("15.1", "B"), (30, "B"), ("30.1", "C")])
    def test_band_in_demerits(self, mark: Any, grade: str) -> None:
        """15 is at most 15: an A; 15.1 is not."""
        grades = (Grade(id="A", at_most=15), Grade(id="B", at_most=30), Grade(id="C"))
        assert marked(mark, direction="demerits", rounding=ONE_DECIMAL, grades=grades).grade == grade

    @pytest.mark.parametrize(
        "word, below, on, above",
        [("at_least", 0, 1, 1), ("more_than", 0, 0, 1), ("at_most", 1, 1, 0), ("less_than", 1, 0, 0)],
    )
    def test_comparison(self, word: str, below: int, on: int, above: int) -> None:
        """90 % against 89.99, 90 and 90.01 %: at_least and at_most hold on it, more_than and less_than do not."""
        comparison: dict[str, Any] = {word: "90%"}
        for measure in (Check(**comparison), Tiers(tiers=[Tier(points=1, **comparison)])):
            standard = sheet(line("lit", measure, 1), rounding=ONE_DECIMAL)
            assert [judged(standard, lit=value).score for value in ("89.99", "90%", Decimal("90.01"))] == [
                below,
                on,
                above,
            ]

    @pytest.mark.parametrize(
        "word, expected",
        [
            ("at_least", ("B", "A", "A")),
            ("more_than", ("B", "B", "A")),
            ("at_most", ("A", "A", "B")),
            ("less_than", ("A", "B", "B")),
        ],
    )
    def test_condition(self, word: str, expected: tuple[str, ...]) -> None:
        """59, 60 and 61 of 100 points against 60 %, in a requirement of the best grade."""
        for subject in ({"section": "all"}, {"points": "m0"}, {"figure": "score"}, {"worst_in": "all"}):
            grades = (Grade(id="A", requires=Condition.of({**subject, word: "60%"})), Grade(id="B"))
            assert tuple(marked(mark, rounding=ONE_DECIMAL, grades=grades).grade for mark in (59, 60, 61)) == expected

    def test_first_tier_that_holds(self) -> None:
        """95 % holds in both tiers and gives the first one's 4 points, 90 % the second's 2, 89.99 % none."""
        tiers = Tiers(tiers=[Tier(points=4, at_least="95%"), Tier(points=2, at_least="90%")])
        standard = sheet(line("lit", tiers, 4), rounding=ONE_DECIMAL)
        assert [judged(standard, lit=value).score for value in (95, 90, "89.99")] == [4, 2, 0]

    def test_ends_of_a_period(self) -> None:
        """Looks of the quarter's first and last day count, those of the days before and after do not."""
        standard = sheet(line("tidy", Marks(), 10), rounding=ONE_DECIMAL)
        days = ((2030, 12, 31), (2031, 1, 1), (2031, 3, 31), (2031, 4, 1))
        scores = [
            judged(standard, Observation("tidy", 5, at=date(*day)), period=Period.quarter(2031, 1)).score
            for day in days
        ]
        assert scores == [None, 5, 5, None]

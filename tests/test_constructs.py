"""Pooling, frequency, given numbers, changes, waivers, records and sections that combine: figures by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

import civrules
from civrules import Community, Evaluation, InvalidInput, Observation, Period, Ratio, Standard, Waiver
from civrules.authoring.documents import loads

BUILDINGS = Community("compound-7", places={"building": ("1", "2", "3")})
YEAR = Period.year(2031)
JANUARY = Period.month(2031, 1)


def one_line(criterion: str, head: str = "") -> Standard:
    """A standard of one section with one criterion of 10 points."""
    standard = loads(f"""
        rounding = {{ criterion = 2, section = 2, total = 2 }}
        [standard]
        id = "example/one"
        version = "1"
        title = {{ en = "One" }}
        kinds = ["residential"]
        source = {{ document = "Example rules" }}
        {head}
        [[parameter]]
        id = "guards"
        title = {{ en = "Guards" }}
        between = [1, 10]
        [[section]]
        id = "all"
        title = {{ en = "All" }}
        [[section.criterion]]
        id = "c"
        title = {{ en = "C" }}
        points = 10
        {criterion}
        """)
    assert standard == loads(civrules.dump(standard))
    return standard


def judged(criterion: str, seen: Any, community: Community = BUILDINGS, head: str = "", **call: Any) -> Evaluation:
    """The evaluation of one community, whose lines add up and whose record replays."""
    standard = one_line(criterion, head)
    evaluation = civrules.evaluate(standard, community, seen, **call)
    if evaluation.score is not None:
        assert evaluation.score == sum((line.points or Decimal(0) for line in evaluation.lines), start=Decimal(0))
    assert () == civrules.replay(evaluation.to_json(), standard)
    assert str(evaluation.explain("zh"))
    return evaluation


def looks(*values: Any, at: str = "place") -> list[Observation]:
    """Looks at places, by assessors, or on the first days of the months."""
    if at == "day":
        return [Observation("c", value, at=date(2031, month, 1)) for month, value in enumerate(values, 1)]
    if at == "by":
        return [Observation("c", value, by=str(index)) for index, value in enumerate(values, 1)]
    return [Observation("c", value, place=str(index)) for index, value in enumerate(values, 1)]


MARKS = 'measure = { kind = "marks" }'
CHECK = 'measure = { kind = "check" }'


class TestPooling:
    """Over looks, assessors and places, in that order."""

    @pytest.mark.parametrize(
        "pool, score", [("latest", "5"), ("worst", "5"), ("best", "8"), ("mean", "6.33"), ("sum", "10")]
    )
    def test_looks(self, pool: str, score: str) -> None:
        """Of 8, 6 and 5: the latest, the worst, the best, their mean 19/3; as sums of findings, none is lost."""
        if pool == "sum":
            findings = 'measure = { kind = "findings", items = [{ id = "spot", each = 1 }] }\npool = "sum"'
            assert Decimal(7) == judged(findings, looks({"spot": 2}, {"spot": True}, at="day"), period=YEAR).score
            return
        assert Decimal(score) == judged(f'{MARKS}\npool = "{pool}"', looks(8, 6, 5, at="day"), period=YEAR).score

    def test_ratios_add_up_before_the_measure(self) -> None:
        """9 of 10 and 10 of 10 are 19 of 20, 95 %; each alone would be too small a sample."""
        tiers = 'measure = { kind = "tiers", tiers = [{ at_least = "95%", points = 10 }] }\nsample = 20'
        seen = looks(Ratio(9, 10), Ratio(10, 10), at="day")
        assert Decimal(10) == judged(f'{tiers}\npool = "sum"', seen, period=YEAR).score
        alone = judged(tiers, [seen[0]], period=YEAR)
        assert "sample-too-small" == alone.lines[0].reason

    @pytest.mark.parametrize("how, score", [("mean", "7"), ("worst", "6"), ("best", "8")])
    def test_assessors(self, how: str, score: str) -> None:
        """Two assessors give 8 and 6."""
        assert Decimal(score) == judged(f'{MARKS}\nassessors = "{how}"', looks(8, 6, at="by")).score

    @pytest.mark.parametrize(
        "how, score", [("worst", "6"), ("best", "9"), ("mean", "7.67"), ("sum", "7.67"), ('{ at_least = "60%" }', "0")]
    )
    def test_places(self, how: str, score: str) -> None:
        """8, 6 and 9 in three buildings; 23 of 30 brought to 10 is 7.67; none of the marks is full, so none passes."""
        places = how if how.startswith("{") else f'"{how}"'
        evaluation = judged(f'{MARKS}\nper_unit = "building"\nplaces = {places}', looks(8, 6, 9))
        assert Decimal(score) == evaluation.score
        assert Decimal(30 if how == "sum" else 10) == evaluation.lines[0].possible

    def test_a_share_of_places_that_passes(self) -> None:
        """Two of three buildings pass: 66.7 %, which is at least 60 % and not 70 %."""
        seen = looks(True, True, False)
        for share, score in (("60%", 10), ("70%", 0)):
            line = f'{CHECK}\nper_unit = "building"\nplaces = {{ at_least = "{share}" }}'
            assert Decimal(score) == judged(line, seen).score

    def test_an_unvisited_place_is_missing(self) -> None:
        """Two of three buildings seen: coverage 2/3, the third from 0 to 10, so the mean from 14/3 to 24/3."""
        evaluation = judged(f'{MARKS}\nper_unit = "building"\nplaces = "mean"', looks(8, 6))
        assert (Decimal("4.67"), Decimal("0.6666")) == (evaluation.score, evaluation.coverage)
        assert evaluation.bounds is not None
        assert (Decimal("4.67"), Decimal(8)) == (evaluation.bounds.low, evaluation.bounds.high)

    def test_a_place_that_is_not_registered_is_refused(self) -> None:
        """A look at building 4 of three, and one that does not say where."""
        with pytest.raises(InvalidInput) as caught:
            judged(f'{MARKS}\nper_unit = "building"', [Observation("c", 8, place="4"), Observation("c", 6)])
        assert ["unknown-place", "place-needed"] == [problem.code for problem in caught.value.problems]


class TestFrequency:
    """Windows that lie wholly in the period."""

    @pytest.mark.parametrize("partial, score", [("false", "0"), ("true", "9.17")])
    def test_months(self, partial: str, score: str) -> None:
        """Eleven months of twelve: nothing, or 10 x 11/12."""
        seen = looks(*([True] * 11), at="day")
        line = f'measure = {{ kind = "frequency", per = "month", partial = {partial} }}'
        assert Decimal(score) == judged(line, seen, period=YEAR).score

    def test_a_window_that_is_not_over_does_not_fail(self) -> None:
        """On 15 June five months are over, of which four were kept."""
        line = 'measure = { kind = "frequency", per = "month", partial = true }'
        evaluation = judged(line, looks(*([True] * 4), at="day"), period=YEAR, on=date(2031, 6, 15))
        assert Decimal(8) == evaluation.score

    @pytest.mark.parametrize(
        "per, at_least, value, score",
        [
            ("week", 3, {"2031-01-06": 3, "2031-01-13": 2}, "3.33"),  # whole weeks begin on the 6th, 13th and 20th
            ("2 weeks", 1, "2031-01-06;2031-01-13;2031-01-30", "5"),  # from the 1st and the 15th
            ("2 months", 1, [date(2031, 1, 5)], None),
        ],
    )
    def test_windows(self, per: str, at_least: int, value: Any, score: str | None) -> None:
        """One unit aligns to the calendar, several to the period's first day; without a whole window nothing is due."""
        line = f'measure = {{ kind = "frequency", per = "{per}", at_least = {at_least}, partial = true }}'
        evaluation = judged(line, [Observation("c", value)], period=JANUARY)
        assert (None if score is None else Decimal(score)) == evaluation.score

    def test_weekdays(self) -> None:
        """Of 6 (a Monday) and 14 January only the Monday counts; three whole weeks."""
        line = 'measure = { kind = "frequency", per = "week", partial = true, weekdays = ["monday"] }'
        evaluation = judged(line, [Observation("c", "2031-01-06;2031-01-14")], period=JANUARY)
        assert Decimal("3.33") == evaluation.score

    def test_without_a_period(self) -> None:
        """Windows need a period with both ends."""
        with pytest.raises(InvalidInput, match="needs a period"):
            judged('measure = { kind = "frequency", per = "week" }', {"c": True})


class TestGivenNumbers:
    """By parameter, by day, by attribute."""

    GUARDS = 'measure = { kind = "check", at_least = { parameter = "guards" } }'
    DATED = 'measure = { kind = "check", at_most = { 2031-07-01 = 30, 2031-08-01 = 60 } }'
    SIZED = 'measure = { kind = "check", at_least = { by = "households", lower = { 0 = 8, 50 = 12 } } }'

    def test_an_open_parameter(self) -> None:
        """Until it is set the line may still give 0 to 10, and says why."""
        standard = one_line(self.GUARDS)
        evaluation = civrules.evaluate(standard, BUILDINGS, {"c": 5})
        assert ("guards",) == standard.open_parameters
        assert ("not-checked", "parameter-open") == (evaluation.lines[0].result, evaluation.lines[0].reason)
        assert evaluation.bounds is not None
        assert (Decimal(0), Decimal(10)) == (evaluation.bounds.low, evaluation.bounds.high)

    def test_binding(self) -> None:
        """Five guards are enough for five and not for six; the edition stays, the digest does not; records replay."""
        standard = one_line(self.GUARDS)
        five, six = standard.bind({"guards": 5}), standard.bind({"guards": 6})
        assert standard.edition == five.edition
        assert 3 == len({standard.digest, five.digest, six.digest})
        kept = civrules.evaluate(five, BUILDINGS, {"c": 5})
        assert (Decimal(10), Decimal(0)) == (kept.score, civrules.evaluate(six, BUILDINGS, {"c": 5}).score)
        assert [("standard", "digest")] == [one.where for one in civrules.replay(kept.to_json(), standard)] or not (
            civrules.replay(kept.to_json(), standard)
        )

    def test_what_cannot_be_bound(self) -> None:
        """A value out of its range and an unknown name, both at once."""
        with pytest.raises(InvalidInput) as caught:
            one_line(self.GUARDS).bind({"guards": 11, "gards": 1})
        assert ["out-of-range", "unknown-id"] == [problem.code for problem in caught.value.problems]

    @pytest.mark.parametrize("day, score", [(date(2031, 7, 31), 0), (date(2031, 8, 1), 10)])
    def test_by_the_day(self, day: date, score: int) -> None:
        """50 is within 60, the number in force from 1 August, and not within 30, in force until the day before."""
        assert Decimal(score) == judged(self.DATED, {"c": 50}, on=day).score

    def test_before_the_first_number(self) -> None:
        """In June no number is in force."""
        assert "before-first-number" == judged(self.DATED, {"c": 50}, on=date(2031, 6, 30)).lines[0].reason

    @pytest.mark.parametrize("households, score", [(49, 10), (50, 0)])
    def test_by_an_attribute(self, households: int, score: int) -> None:
        """Ten guards are enough for 49 households and not for 50: the lower end is included."""
        community = Community("compound-7", attributes={"households": households})
        assert Decimal(score) == judged(self.SIZED, {"c": 10}, community).score

    def test_without_the_attribute(self) -> None:
        """Nobody knows how many households there are."""
        assert "no-attribute" == judged(self.SIZED, {"c": 10}).lines[0].reason


class TestChange:
    """A figure read against the previous evaluation."""

    LINE = (
        'measure = { kind = "tiers", change = true, first = 0, '
        "tiers = [{ more_than = 5, points = 10 }, { more_than = 0, points = 5 }] }"
    )

    def test_three_periods(self) -> None:
        """80, 84.5 and 90: nothing to compare (0 points), 4.5 more (5), 5.5 more (10); the record replays."""
        standard = one_line(self.LINE)
        program = civrules.compile(standard)
        first = program.evaluate(BUILDINGS, {"c": 80})
        second = program.evaluate(BUILDINGS, {"c": "84.5"}, previous=first)
        third = program.evaluate(BUILDINGS, {"c": 90}, previous=second)
        assert [Decimal(0), Decimal(5), Decimal(10)] == [one.score for one in (first, second, third)]
        assert () == civrules.replay(third.to_json(), standard)

    def test_without_a_rule_for_the_first_period(self) -> None:
        """Without `first` the line does not apply in the first period."""
        evaluation = judged(self.LINE.replace("first = 0, ", ""), {"c": 80})
        assert ("not-applicable", "no-earlier-period") == (evaluation.lines[0].result, evaluation.lines[0].reason)


class TestWaivers:
    """A line that is excused."""

    WAIVER = Waiver(criterion="c", reason="lift being replaced", approver="housing bureau", valid=YEAR)

    def test_full_points_and_the_score_without(self) -> None:
        """4 of 10 become 10; 4 stays beside."""
        evaluation = judged(MARKS, {"c": 4}, waivers=[self.WAIVER], period=YEAR)
        assert (Decimal(10), Decimal(4)) == (evaluation.score, evaluation.score_without_waivers)
        assert "waived" == evaluation.lines[0].result

    @pytest.mark.parametrize(
        "seen, changes, code",
        [
            ({"c": 10}, {}, "waiver-redundant"),
            ({"c": 4}, {"valid": Period.year(2030)}, "waiver-expired"),
            ({"c": 4}, {"criterion": "d"}, "waiver-orphan"),
        ],
    )
    def test_a_waiver_that_excuses_nothing_is_said(self, seen: Any, changes: dict[str, Any], code: str) -> None:
        """Redundant, expired and orphan waivers change nothing and are noted."""
        waiver = attrs.evolve(self.WAIVER, **changes)
        evaluation = judged(MARKS, seen, waivers=[waiver], period=YEAR)
        assert evaluation.score == judged(MARKS, seen, period=YEAR).score
        assert [code] == [note.code for note in evaluation.notes]

    def test_a_waiver_needs_a_day(self) -> None:
        """Without a day nobody knows whether it holds."""
        with pytest.raises(InvalidInput, match="day of judgement"):
            judged(MARKS, {"c": 4}, waivers=[self.WAIVER])


class TestRecords:
    """What a record holds and how a replay reads it."""

    def test_a_changed_figure_is_found(self) -> None:
        """A score changed by hand is the one difference, named."""
        standard = one_line(MARKS)
        record = civrules.evaluate(standard, BUILDINGS, {"c": "8.5"}).to_json()
        forged = record.replace('"score":"8.5"', '"score":"9"')
        (difference,) = civrules.replay(forged, standard)
        assert (("result", "score"), "9", "8.5") == (difference.where, difference.before, difference.after)
        assert "result › score: 9 before, 8.5 after" == difference.say()

    def test_changed_inputs_are_refused(self) -> None:
        """Inputs that are not those of the digest are no inputs of this record."""
        standard = one_line(MARKS)
        record = civrules.evaluate(standard, BUILDINGS, {"c": "8.5"}).to_json()
        with pytest.raises(InvalidInput) as caught:
            civrules.replay(record.replace('"value":"8.5"', '"value":"9"'), standard)
        assert ["other-inputs"] == [problem.code for problem in caught.value.problems]

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":"civrules/1"}', "[" * 100_000])
    def test_what_is_no_record(self, text: str) -> None:
        """Anything else is refused cleanly."""
        with pytest.raises(InvalidInput):
            civrules.replay(text, one_line(MARKS))


class TestPolicies:
    """What is missing, too old, or not for this community."""

    def test_an_expired_look_is_missing(self) -> None:
        """A look of December 2030 is older than six months on 1 July 2031, one of 1 January is not."""
        line = f'{MARKS}\nvalid_for = "6 months"'
        old, fresh = Observation("c", 8, at=date(2030, 12, 31)), Observation("c", 8, at=date(2031, 1, 1))
        assert "expired" == judged(line, [old], on=date(2031, 7, 1)).lines[0].reason
        assert Decimal(8) == judged(line, [fresh], on=date(2031, 7, 1)).score

    def test_the_least_coverage(self) -> None:
        """Two of three buildings are less than 80 %: the score stands, the grade is withheld."""
        head = 'coverage = "80%"'
        standard = one_line(f'{MARKS}\nper_unit = "building"', head)
        graded = attrs.evolve(standard, grades=(civrules.Grade(id="A", at_least=5), civrules.Grade(id="B")))
        evaluation = civrules.evaluate(graded, BUILDINGS, looks(8, 6))
        assert (Decimal(0), "withheld") == (evaluation.score, evaluation.grade)

    @pytest.mark.parametrize("policy, score", [("rescale", None), ("full", 10)])
    def test_applies_when(self, policy: str, score: int | None) -> None:
        """Without lifts the line does not apply, whatever was seen: it leaves the sheet, or earns its points."""
        line = f'{MARKS}\nnot_applicable = "{policy}"\napplies_when = {{ attribute = "lifts", at_least = 1 }}'
        community = Community("compound-7", attributes={"lifts": 0})
        assert (None if score is None else Decimal(score)) == judged(line, {"c": 3}, community).score

    def test_advice(self) -> None:
        """A "should" that falls short is advice."""
        assert "advice" == judged(f'{CHECK}\nstrength = "should"', {"c": False}).lines[0].result


@pytest.mark.parametrize("combine, score", [("sum", "14"), ("mean", "7"), ("weighted", "8.5"), ("worst", "4")])
def test_sections_combine(combine: str, score: str) -> None:
    """10 and 4, weighing 3 and 1: 14, their mean 7, (30 + 4) / 4 = 8.5, or the worst."""
    weights = ("weight = 3", "weight = 1") if combine == "weighted" else ("", "")
    lines = "".join(
        f"""
        [[section.criterion]]
        id = "{name}"
        title = {{ en = "{name}" }}
        points = 10
        {weight}
        measure = {{ kind = "marks" }}
        """
        for name, weight in zip("ab", weights, strict=True)
    )
    standard = loads(f"""
        rounding = {{ section = 2, total = 2 }}
        [standard]
        id = "example/two"
        version = "1"
        title = {{ en = "Two" }}
        kinds = ["residential"]
        source = {{ document = "Example rules" }}
        [[section]]
        id = "all"
        title = {{ en = "All" }}
        combine = "{combine}"
        {lines}
        """)
    evaluation = civrules.evaluate(standard, BUILDINGS, {"a": 10, "b": 4})
    assert Decimal(score) == evaluation.score
    assert evaluation.score == sum((line.points or Decimal(0) for line in evaluation.lines), start=Decimal(0))

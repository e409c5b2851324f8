"""diff: two editions, or two evaluations of one community, criterion by criterion."""

import pickle
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import COMPOUND, gate, judged, line, section, sheet
from written import GOOD

from civrules import (
    Community,
    Condition,
    Difference,
    Evaluation,
    Grade,
    InvalidInput,
    Parameter,
    Period,
    Reading,
    Rounding,
    Rulebook,
    Source,
    Standard,
    Text,
    diff,
    evaluate,
    load,
)
from civrules.measures import Check, Event, Findings, Item, Levels, Marks, Tier, Tiers
from civrules.model.given import ParameterOf
from civrules.model.measures import Adopted
from civrules.testing import strategies

LAMPS = line("lamps", Tiers(tiers=(Tier(at_least="95%", points=4), Tier(at_least="80%", points=2))), 4)
WASTE = line("waste", Findings(items=(Item(id="heap", each=1), Item(id="bulky", each=2))), 6)
FIRE = line("fire", Event())
GRADES = (Grade(id="A", at_least=8), Grade(id="B"))
GATE = gate("no-a-after-fire", Condition(happened="fire"), grade_at_most="B")
OLD = sheet(LAMPS, WASTE, FIRE, grades=GRADES, gates=[GATE], not_applicable="refuse")


EXACT = Rounding(criterion="exact", total=1)


@attrs.frozen
class Lenient:
    """A kind of measure whose key is of any type."""

    kind: ClassVar[str] = "lenient"
    by: object

    def read(self, value: Any, /) -> Any:
        """The value as it is."""
        return value

    def points(self, read: Any, possible: Decimal | None, /) -> int:
        """One."""
        return 1

    def reach(self, possible: Decimal | None, /) -> tuple[int, int]:
        """None to one."""
        return 0, 1

    def say(self, read: Any, lang: Any, /) -> str:
        """Nothing."""
        return ""


def edition(*lines: Any, **more: Any) -> Standard:
    """The old edition with other lines, or other words in its head."""
    sections = [section("all", *lines)] if lines else OLD.sections
    return attrs.evolve(OLD, **{"sections": sections, **more})


def where_and_what(old: Any, new: Any) -> list[tuple[Any, ...]]:
    """The differences as plain tuples."""
    return [(*one.where, one.before, one.after) for one in diff(old, new)]


class TestEditions:
    """Two standards."""

    def test_a_figure_of_a_criterion(self) -> None:
        """Points and thresholds that changed stand under their criterion, in words of both languages."""
        lamps = line("lamps", Tiers(tiers=(Tier(at_least="96%", points=4), Tier(at_least="80%", points=2))), 5)
        found = diff(OLD, edition(lamps, WASTE, FIRE))

        assert [
            "criterion lamps › points: 4 before, 5 after",
            "criterion lamps › measure › tiers › 1 › at_least: 95% before, 96% after",
        ] == [one.say() for one in found]
        assert "criterion lamps › points：原为4，现为5" == found[0].say("zh")
        assert Difference(("criterion lamps", "points"), "4", "5") == found[0]

    def test_another_kind_of_measure_is_one_difference(self) -> None:
        """The keys of two kinds are not compared with each other."""
        found = diff(OLD, edition(line("lamps", Check(), 4), WASTE, FIRE))
        assert [("criterion lamps", "measure")] == [one.where for one in found]
        assert {"kind": "check"} == found[0].after

    def test_criteria_that_come_and_go(self) -> None:
        """A line that only one edition has is said with its title, in the language asked for."""
        trees = attrs.evolve(line("trees", Check(), 4), title=Text(zh="树木", en="Trees"))
        gone, come = diff(OLD, edition(trees, WASTE, FIRE))
        assert ("criterion lamps: lamps before, nothing after", "criterion trees：原为无，现为树木") == (
            gone.say(),
            come.say("zh"),
        )

    def test_a_criterion_that_moved(self) -> None:
        """The same line in another section has another section, and nothing else."""
        one = edition(sections=[section("street", LAMPS), section("yard", WASTE, FIRE)])
        other = edition(sections=[section("street", LAMPS, FIRE), section("yard", WASTE)])
        assert [("criterion fire", "section", "yard", "street")] == where_and_what(one, other)

    def test_sections_within_sections(self) -> None:
        """A section that is put into another is where it now stands; what it holds is unmoved."""
        inner = section("inner", LAMPS)
        one = edition(sections=[section("outer", WASTE, FIRE), inner], grades=(), gates=())
        whole = attrs.evolve(section("whole", FIRE), children=[section("outer", WASTE, FIRE), inner])
        other = edition(sections=[whole], grades=(), gates=())
        assert [
            ("section outer", "section", None, "whole"),
            ("section inner", "section", None, "whole"),
            ("section whole", None, Text(en="whole")),
        ] == where_and_what(one, other)

    def test_lines_that_changed_places(self) -> None:
        """An order is what both have, so a line that came moves nobody."""
        assert [("section all", "order", ("lamps", "waste", "fire"), ("waste", "lamps", "fire"))] == where_and_what(
            OLD, edition(WASTE, LAMPS, FIRE)
        )
        come = [one.where for one in diff(OLD, edition(line("first", Check(), 1), LAMPS, WASTE, FIRE))]
        assert [("criterion first",)] == come

    def test_items_by_their_ids(self) -> None:
        """An item that came, one that changed, and their order are three things."""
        items = (Item(id="bulky", each=3), Item(id="heap", each=1), Item(id="oil", each=1))
        waste = line("waste", Findings(items=items), 6)
        assert [
            ("criterion waste", "measure", "items", "bulky", "each", "2", "3"),
            ("criterion waste", "measure", "items", "oil", None, {"each": "1", "id": "oil"}),
            ("criterion waste", "measure", "items", "order", ("heap", "bulky"), ("bulky", "heap")),
        ] == where_and_what(OLD, edition(LAMPS, waste, FIRE))

    def test_a_tier_in_between(self) -> None:
        """What stands in a list without ids is compared with its neighbour, not with its number."""
        tiers = (Tier(at_least="95%", points=4), Tier(at_least="90%", points=3), Tier(at_least="80%", points=2))
        assert [("criterion lamps", "measure", "tiers", "2", None, {"at_least": "90%", "points": "3"})] == (
            where_and_what(OLD, edition(line("lamps", Tiers(tiers=tiers), 4), WASTE, FIRE))
        )

    def test_grades_and_gates(self) -> None:
        """Bands, what gates ask for and what they do; conditions that name another thing stand as a whole."""
        grades = (Grade(id="A", at_least="8.5"), Grade(id="C", at_least=5), Grade(id="B"))
        gates = [attrs.evolve(GATE, when=Condition(failed="waste"), then={"grade": "B"})]
        assert [
            ("grade A", "at_least", "8", "8.5"),
            ("grade C", None, {"id": "C", "at_least": "5"}),
            ("gate no-a-after-fire", "when", {"happened": "fire"}, {"failed": "waste"}),
            ("gate no-a-after-fire", "then", {"grade_at_most": "B"}, {"grade": "B"}),
        ] == sorted(where_and_what(OLD, edition(grades=grades, gates=gates)), key=lambda one: "gate " in one[0])

    def test_the_head_and_what_stands_beside_it(self) -> None:
        """Version, dates, policies, total, rounding, parameters and readings; sources by their place."""
        new = edition(
            version="2", title=Text(en="sheet", zh="表"), effective=Period.year(2031), missing="hold", total=10,
            rounding=Rounding(total=1), source=Source(document="worked out by hand", clause="3"),
            parameters=[Parameter(id="p", title=Text(en="Guards"))], readings=[Reading(text=Text(en="So we read."))],
        )  # fmt: skip
        assert [
            ("standard", "version", "1", "2"),
            ("standard", "title", "zh", None, "表"),
            ("standard", "source", "clause", None, "3"),
            ("standard", "effective", None, {"first": "2031-01-01", "last": "2031-12-31"}),
            ("standard", "total", None, "10"),
            ("standard", "missing", None, "hold"),
            ("rounding", "total", None, 1),
            ("parameter p", None, Text(en="Guards")),
            ("reading", "1", None, Text(en="So we read.")),
        ] == where_and_what(OLD, new)

    def test_parameters_that_are_set(self) -> None:
        """One edition with a parameter set differs from the same where it is open."""
        asked = line("guards", Check(at_least=ParameterOf("least")), 4)
        one = edition(asked, WASTE, FIRE, parameters=[Parameter(id="least", title=Text(en="Least"))])
        assert [("bound", "least", None, "3")] == where_and_what(one, one.bind({"least": 3}))

    def test_what_a_default_stands_for_is_no_difference(self) -> None:
        """To say "worst" is to say nothing: the digest is the same, and so is the edition."""
        assert () == diff(OLD, edition(missing="worst"))

    def test_yes_is_not_one(self) -> None:
        """What Python takes for equal and a digest does not is a difference: a key of a plugin's that is true or 1."""
        one, other = (sheet(line("c", Lenient(by=by), 4), rounding=EXACT) for by in (True, 1))
        assert one.digest != other.digest
        assert [("criterion c", "measure", "by", True, 1)] == where_and_what(one, other)

    def test_another_supplier_of_a_measure(self) -> None:
        """The same keys from another version of a plugin are another measure."""
        one = sheet(line("c", Adopted(Lenient(by=1), "lenient 1.0"), 4), rounding=EXACT)
        other = sheet(line("c", Adopted(Lenient(by=1), "lenient 2.0"), 4), rounding=EXACT)
        assert [("criterion c", "measure by", "lenient 1.0", "lenient 2.0")] == where_and_what(one, other)

    @pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
    def test_any_document_with_itself(self, path: Any) -> None:
        """A document that is read twice is the same."""
        assert () == diff(load(path), load(path))

    @given(st.data())
    def test_empty_exactly_where_the_digests_are_equal(self, data: Any) -> None:
        """Nothing that the digest covers is passed over, and nothing else is said."""
        one = data.draw(strategies.documents())
        other = data.draw(strategies.documents() | st.just(pickle.loads(pickle.dumps(one))))
        crossed = _crossed(one, other, data)
        assert () == diff(one, one)
        assert (one.digest == other.digest) == (not diff(one, other))
        assert (one.digest == crossed.digest) == (not diff(one, crossed))

    @given(strategies.documents(), strategies.documents())
    def test_back_is_the_way_there_turned_round(self, one: Standard, other: Standard) -> None:
        """From new to old the same places differ with before and after exchanged, but for lists without ids."""
        there = {(each.where, each.before, each.after) for each in diff(one, other) if "reading" not in each.where[0]}
        back = {(each.where, each.after, each.before) for each in diff(other, one) if "reading" not in each.where[0]}
        named = [{each for each in way if not any(step.isdigit() for step in each[0])} for way in (there, back)]
        assert named[0] == named[1]


def _crossed(one: Standard, other: Standard, data: Any) -> Standard:
    """The first with one field of the second, where that makes a sound standard."""
    name = data.draw(st.sampled_from([field.name for field in attrs.fields(Standard) if field.name != "origin"]))
    try:
        return attrs.evolve(one, **{name: getattr(other, name)})
    except ValueError:
        return one


class TestEvaluations:
    """Two evaluations."""

    def test_what_became_of_a_community(self) -> None:
        """4 + 6 = 10 and an A against 2 + 5 = 7 after a fire, a B that is capped: figures, gates and lines."""
        before = judged(OLD, lamps="96%", waste={"heap": 0, "bulky": 0}, fire=False)
        after = judged(OLD, lamps="85%", waste={"heap": 1, "bulky": 0}, fire=True)
        assert [
            ("score", "10", "7"),
            ("grade", "A", "B"),
            ("gates", None, ("no-a-after-fire",)),
            ("criterion lamps", "points", "4", "2"),
            ("criterion lamps", "result", "pass", "partial"),
            ("criterion waste", "points", "6", "5"),
            ("criterion waste", "result", "pass", "partial"),
            ("criterion fire", "result", "pass", "fail"),
        ] == [one for one in where_and_what(before, after) if one[0] != "bounds"]

    def test_what_is_missing_has_its_reason(self) -> None:
        """A line that nobody looked at has no points, and says why."""
        before, after = judged(OLD, lamps="96%", waste={}), judged(OLD, waste={})
        assert {
            ("points", "4", "0"),
            ("result", "pass", "not-checked"),
            ("reason", None, "no-observation"),
        } == {(*one.where[1:], one.before, one.after) for one in diff(before, after) if "criterion" in one.where[0]}

    def test_two_editions_on_one_community(self) -> None:
        """Lines are paired by their criterion, whatever their order; the digest goes with the edition."""
        new = edition(WASTE, line("trees", Check(), 4), FIRE, version="2")
        before = judged(OLD, lamps="96%", waste={"heap": 0, "bulky": 0})
        after = judged(new, trees=True, waste={"heap": 0, "bulky": 0})
        found = where_and_what(before, after)
        assert ("edition", "example/sheet@1", "example/sheet@2") == found[0]
        assert [
            ("criterion lamps", "points", "4", None),
            ("criterion lamps", "possible", "4", None),
            ("criterion lamps", "result", "pass", None),
            ("criterion trees", "points", None, "4"),
            ("criterion trees", "possible", None, "4"),
            ("criterion trees", "result", None, "pass"),
        ] == [one for one in found if "criterion" in one[0]]
        assert not [one for one in found if one[0] in ("digest", "score")]

    def test_other_words_in_the_same_edition(self) -> None:
        """Two texts of one edition differ in their digest."""
        one, other = (judged(attrs.evolve(OLD, title=Text(en=words)), lamps="96%") for words in ("T", "U"))
        assert ["digest"] == [each.where[0] for each in diff(one, other)]

    def test_steps_by_their_sections(self) -> None:
        """What scaling adds is compared with what it added."""
        scaled = sheet(section("s", LAMPS, scale_to=8), not_applicable="refuse")
        found = where_and_what(judged(scaled, lamps="96%"), judged(scaled, lamps="85%"))
        assert ("section s › scale", "points", "4", "2") in found

    def test_equal_ones_and_one_read_back(self) -> None:
        """An evaluation does not differ from itself, nor from its own record."""
        one = judged(OLD, lamps="96%", waste={"heap": 1})
        assert () == diff(one, one)
        assert () == diff(one, Evaluation.from_json(one.to_json()))

    @given(strategies.cases(), strategies.cases())
    def test_equal_ones_are_no_difference(self, one: Any, other: Any) -> None:
        """Whatever was drawn: nothing differs from itself, and what does differ compares, hashes and pickles."""
        same, another = (_evaluated(case) for case in (one, other))
        if same is not None:
            assert () == diff(same, same)
            found = diff(same, another or same)
            assert found == pickle.loads(pickle.dumps(found))
            assert len({*found}) == len(found)


def _evaluated(case: Any) -> Evaluation | None:
    try:
        return evaluate(case.standard, case.community, case.observations, on=case.on, period=case.period)
    except ValueError:
        return None


def test_a_standard_and_an_evaluation_are_refused() -> None:
    """There is nothing to compare; the words say what would do."""
    mixed: Any = judged(OLD, lamps="96%")
    with pytest.raises(InvalidInput, match="expected Standard, Standard; Evaluation, Evaluation"):
        diff(OLD, mixed)


def test_levels_and_lists() -> None:
    """Named levels stand by their names, lists of plain values as a whole."""
    poor, fair = (Levels(levels={"good": 4, **more, "poor": 0}) for more in ({}, {"fair": 2}))
    one, other = (edition(line("care", measure, 4), gates=()) for measure in (poor, fair))
    other = attrs.evolve(other, kinds=("campus", "residential"))
    assert [
        ("standard", "kinds", ("residential",), ("campus", "residential")),
        ("criterion care", "measure", "levels", "fair", None, "2"),
    ] == where_and_what(one, other)


def test_of_two_communities_that_is_said() -> None:
    """Outcomes of two communities differ in the community too."""
    one = evaluate(OLD, COMPOUND, {"lamps": "96%"})
    other = evaluate(OLD, Community("other"), {"lamps": "96%"})
    assert [("community", "compound-7", "other")] == where_and_what(one, other)


def test_installed_editions_do_not_differ_from_themselves() -> None:
    """Every standard of the plugins, registers and all."""
    assert not [one.edition for one in Rulebook.installed().standards() if diff(one, one)]


def test_marks_are_compared_by_their_choices() -> None:
    """A list of figures is one value."""
    one, other = (sheet(line("m", Marks(choices=choices), 10), not_applicable="refuse") for choices in ((0, 10), (10,)))
    assert [("criterion m", "measure", "choices", ("0", "10"), ("10",))] == where_and_what(one, other)

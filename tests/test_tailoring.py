"""Documents that rest on others: what is inherited, amended, dropped, added and used, and where it came from."""

import random
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import golden
import pytest
from golden import name_of
from hypothesis import given
from hypothesis import strategies as st
from written import RESTING, criterion, event, raw, sheet, written

import civrules
from civrules import (
    Community,
    Documents,
    InvalidDocument,
    Responsible,
    Rulebook,
    Standard,
    StandardUnavailable,
    dump,
)
from civrules.authoring.documents import Draft, draft, loads, parsed
from civrules.authoring.rows import written as tables_of
from civrules.authoring.tailoring import tailored
from civrules.errors.codes import _RESTING
from civrules.testing.strategies import standards

GOOD = tuple(sorted((RESTING / "good").glob("*.toml")))
BAD = tuple(sorted((RESTING / "bad").glob("*.toml")))
HERE = Community("compound-07", locality="320724")
HEAD = """
[standard]
id = "{id}"
version = "{version}"
title = {{ en = "County rules" }}
effective = {{ first = 2026-01-01 }}
source = {{ document = "County notice" }}
extends = "{extends}"
"""


def plugin(name: str, *parts: Any) -> ModuleType:
    """A plugin that supplies standards and folders of documents."""
    module = ModuleType(name)
    vars(module)["civrules_standards"] = civrules.hookimpl(lambda: list(parts))
    return module


def shelf() -> Rulebook:
    """A book of the documents on which those of the tests rest."""
    return Rulebook([plugin("example", Documents(RESTING / "shelf"))])


BOOK = shelf()
PARENT = BOOK.standard("example/compound")


def refused(path: Path) -> InvalidDocument:
    """The error with which a bad document is refused."""
    return golden.refused(path, BOOK.load)


def child(
    more: str = "",
    tables: str = "",
    *,
    id: str = "county/check",
    version: str = "1",
    extends: str = "example/compound@1",
) -> str:
    """A document that extends another."""
    return HEAD.format(id=id, version=version, extends=extends) + more + tables


def made(text: str, *parents: Standard) -> Standard:
    """The standard of a document that rests on these, or on the shelf."""
    known = {one.edition: one for one in parents}
    return parsed(text).standard(lambda _, name: known[name] if name in known else BOOK.standard(name))


def said(text: str, *parents: Standard) -> str:
    """What is wrong with a document."""
    with pytest.raises(InvalidDocument) as caught:
        made(text, *parents)
    return str(caught.value)


def amend(of: str, *lines: str) -> str:
    """A table that amends."""
    return "\n".join((f'\n[[amend]]\nof = "{of}"', *lines, ""))


@pytest.mark.parametrize("path", GOOD, ids=name_of)
class TestGood:
    """Section 7: "The resolved standard is checked like any other"."""

    def test_loads_under_its_own_name(self, path: Path) -> None:
        """A good document loads; it is named as its file."""
        assert f"example/{path.stem}" == BOOK.load(path).id

    def test_is_whole(self, path: Path) -> None:
        """What is dumped is a document that rests on nothing: it loads by itself, as an equal value of equal digest."""
        first = BOOK.load(path)
        again = loads(dump(first))

        assert first == again
        assert (first.digest, hash(first)) == (again.digest, hash(again))
        assert {} == again.origin

    def test_needs_a_rulebook(self, path: Path) -> None:
        """`civrules.load` knows no other documents and says who does."""
        with pytest.raises(InvalidDocument, match=r"read it with Rulebook\.load"):
            civrules.load(path)

    def test_is_the_same_every_time(self, path: Path) -> None:
        """A draft is not used up: made twice, it is equal."""
        read = draft(path)
        book = shelf()
        one, other = (read.standard(lambda _, name: book.standard(name)) for _ in range(2))

        assert one == other == BOOK.load(path)
        assert one.origin == other.origin


@pytest.mark.parametrize("path", BAD, ids=name_of)
class TestBad:
    """Problems name the child's file and key, and the parent's edition where a value is the parent's."""

    def test_is_refused_with_exactly_these_words(self, path: Path) -> None:
        """Every message of every bad document, word for word."""
        golden.check_words(path, refused(path))

    def test_every_problem_names_the_file_once(self, path: Path) -> None:
        """The outermost place is the file's name, and no problem comes twice."""
        lines = str(refused(path)).splitlines()

        assert {path.name} == {problem.where[0] for problem in refused(path).problems}
        assert len(lines) == len(set(lines))

    def test_chinese_holds_no_leftover(self, path: Path) -> None:
        """In Chinese nothing is left of placeholders or of English sentences."""
        golden.check_chinese(refused(path))


def test_bad_documents_show_what_can_be_wrong() -> None:
    """Every code of documents that rest on others is met in a bad one, or in a test of plugins below."""
    met = {problem.code for path in BAD for problem in refused(path).problems}

    assert set() == set(_RESTING) - met - {
        "needs-rulebook",
        "needs-extends",
        "cycle",
        "rests-too-deep",
        "standard-refused",
    }
    assert {path.stem for path in BAD} == {path.stem for path in (RESTING / "bad").glob("*.txt")}


class TestInherited:
    """Section 7: "The child states id, version, title, effective, source; all else is inherited"."""

    def test_a_child_that_says_nothing_more(self) -> None:
        """It equals its parent but for the five things that it states."""
        one = made(child())

        assert "county/check@1" == one.edition
        assert date(2026, 1, 1) == one.effective.first
        head = {key: getattr(PARENT, key) for key in ("id", "version", "title", "effective", "source")}
        assert PARENT == attrs.evolve(one, **head)

    def test_a_key_of_the_head_takes_the_place_of_the_parents(self) -> None:
        """What the child says in its head it says for itself; the rest stays."""
        one = made(child('missing = "hold"\nissued = { by = "County bureau" }\nlocality = "320700"\n'))

        assert ("hold", "3207", PARENT.total, PARENT.cap) == (one.missing, one.locality, one.total, one.cap)
        assert one.issued is not None
        assert "County bureau" == one.issued.by

    def test_rounding_is_replaced_key_by_key(self) -> None:
        """Decimals that the child does not name stay the parent's."""
        one = made(child(tables="[rounding]\ncriterion = 3\n"))

        assert (3, 1) == (one.rounding.criterion, one.rounding.total)

    def test_readings_are_inherited_and_the_childs_come_behind(self) -> None:
        """Every evaluation repeats both."""
        one = made(child(tables='[[reading]]\ntext = { en = "So it is here." }\n'))

        assert ["Lights are counted once.", "So it is here."] == [reading.text.en for reading in one.readings]

    @pytest.mark.parametrize("key", ["id", "version", "title", "effective", "source"])
    def test_five_things_must_be_stated(self, key: str) -> None:
        """None of them is inherited."""
        text = "\n".join(line for line in child().splitlines() if not line.startswith(f"{key} ="))

        assert f"standard: the key {key} is missing" in said(text)

    @pytest.mark.parametrize(
        "locality, inside", [("32", True), ("320000", True), ("320724", True), ("33", False), ("3", None)]
    )
    def test_the_childs_locality_lies_within_the_parents(self, locality: str, inside: bool | None) -> None:
        """The parent is for 32; a place elsewhere, or no place at all, is refused."""
        text = child(f'locality = "{locality}"\n')
        if inside:
            assert made(text).locality is not None
        else:
            words = (
                "does not lie in 32, for which example/compound@1 was made" if inside is False else "is not a locality"
            )
            assert words in said(text)

    def test_a_parent_for_everywhere(self) -> None:
        """Where the parent names no place the child may name any; a child that names none has the parent's."""
        parent = written(id="example/any")

        assert "33" == made(child('locality = "33"\n', extends="example/any@1"), parent).locality
        assert "32" == made(child()).locality


class TestAmended:
    """Section 7: an amend "replaces the whole value of each key it names: tables and lists are never merged inside"."""

    def test_the_keys_named_and_no_others(self) -> None:
        """Points are the child's, all else of the criterion is the parent's."""
        one = made(child("total = 21\n", amend("lights", "points = 5")))

        assert attrs.evolve(PARENT.criteria["lights"], points=5) == one.criteria["lights"]

    def test_tables_and_lists_are_never_merged_inside(self) -> None:
        """A list of one tier leaves one tier; a `responsible` without support has none."""
        tiers = 'measure = { kind = "tiers", tiers = [{ at_least = "80%", points = 4 }] }'
        one = made(
            child(tables=amend("lights", tiers) + amend("criterion:waste", 'responsible = { lead = "operator" }'))
        )

        measure: Any = one.criteria["lights"].measure
        assert 1 == len(measure.tiers)
        assert Responsible(lead="operator") == one.criteria["waste"].responsible

    @pytest.mark.parametrize(
        "of, line, table, expected",
        [
            ("upkeep", 'title = { en = "Care" }', "section", "Care"),
            ("lights", 'title = { en = "Lamps" }', "criterion", "Lamps"),
            ("A", 'title = { en = "Best" }', "grade", "Best"),
            ("gate:waste", 'title = { en = "Heaps" }', "gate", "Heaps"),
            ("parameter:guards", 'title = { en = "Watch" }', "parameter", "Watch"),
            ("street", 'title = { en = "Office" }', "body", "Office"),
        ],
    )
    def test_every_kind_of_table(self, of: str, line: str, table: str, expected: str) -> None:
        """Sections, criteria, grades, gates, parameters and registers are amended alike."""
        one = made(child(tables=amend(of, line)))
        id_ = of.rpartition(":")[2]
        (found,) = [row for row in rows_of(one)[table] if row["id"] == id_]

        assert {"en": expected} == found["title"]
        assert "county/check@1" == one.edition_of(table, id_, "title")
        assert "example/compound@1" == one.edition_of(table, id_, "id")

    def test_without_takes_a_key_out(self) -> None:
        """An observation of waste holds as long as it likes, for the parent's `valid_for` is gone."""
        one = made(child(tables=amend("criterion:waste", 'without = ["valid_for"]')))

        assert PARENT.criteria["waste"].valid_for == "3 months"
        assert one.criteria["waste"].valid_for is None

    def test_order_does_not_matter(self) -> None:
        """Amends of different tables in another order make an equal standard with an equal digest."""
        parts = [
            amend("lights", "points = 3", 'measure = { kind = "marks" }'),
            amend("criterion:waste", "points = 7"),
            amend("A", "at_least = 19"),
        ]
        one, other = made(child(tables="".join(parts))), made(child(tables="".join(reversed(parts))))

        assert (one, one.digest, one.origin) == (other, other.digest, other.origin)

    def test_an_item_of_a_list_is_not_amended(self) -> None:
        """`criterion:item` is no table of the parent's."""
        assert '"waste:spot" names nothing in example/compound@1' in said(child(tables=amend("waste:spot", "each = 1")))


def rows_of(standard: Standard) -> dict[str, list[Any]]:
    """The tables of a standard, by kind."""
    tables = tables_of(standard)
    found = {kind: rows for kind, rows in tables.items() if isinstance(rows, list)}
    return {**found, "criterion": [one for section in found["section"] for one in section.get("criterion", [])]}


class TestDropped:
    """Section 7: "`drop` is refused while anything left still names it"."""

    def test_is_gone(self) -> None:
        """The gate and the section with all it holds are gone; nothing else changed."""
        one = made(child('drop = ["gate:waste", "garden"]\n'))

        assert ["no-a"] == [gate.id for gate in one.gates]
        assert ["upkeep", "safety"] == [section.id for section in one.sections]
        assert "flowers" not in one.criteria

    def test_what_still_names_it_is_said(self) -> None:
        """Each place on a line of its own: a grade and a gate name the line."""
        text = child('drop = ["criterion:waste"]\ntotal = 14\n')

        dropped = 'document › standard › drop: "waste" is dropped, and still named by of "example/compound@1" › '
        assert [f'{dropped}grade "A" › requires.points', f'{dropped}gate "waste" › when.value'] == [
            line.partition(";")[0] for line in said(text).splitlines()
        ]

    def test_it_may_go_with_all_that_names_it(self) -> None:
        """The line goes where the gate goes too and the grade asks something else."""
        text = child(
            'drop = ["criterion:waste", "gate:waste"]\ntotal = 14\n',
            amend("A", "at_least = 13", 'without = ["requires"]') + amend("B", "at_least = 9"),
        )

        assert ("lights", "guards", "accident", "flowers") == tuple(made(text).criteria)

    def test_an_addition_may_take_the_place_of_what_is_dropped(self) -> None:
        """It comes `after` the line that goes, under an id of its own."""
        text = child(
            'drop = ["lights"]\n',
            ADDED.format(id="lamps", where='after = "lights"').replace("points = 0", "points = 4"),
        )

        assert ("lamps", "waste", "guards", "accident", "flowers") == tuple(made(text).criteria)

    def test_a_body_that_is_named(self) -> None:
        """A section's `responsible` names the operator."""
        assert '"operator" is dropped, and still named by' in said(child('drop = ["operator"]\n'))


ADDED = '[[criterion]]\nid = "{id}"\ntitle = {{ en = "{id}" }}\npoints = 0\n{where}\nmeasure = {{ kind = "check" }}\n'


class TestWhatFollows:
    """Rankings and outcomes are tables like any other: amended, dropped and added."""

    PARENT = loads(sheet(criterion("tidy"), tables="""
[[grade]]
id = "A"

[[ranking]]
id = "year"

[[outcome]]
id = "red"
title = { en = "Red flag" }
when = { rank = "year", first = 10 }
then = [{ flag = "red" }]
"""))  # fmt: skip

    def child(self, text: str) -> str:
        """A document that extends the parent."""
        return child(text, extends="example/sheet@1")

    def test_are_amended_and_added(self) -> None:
        """The whole value of a key is replaced; a new outcome comes last."""
        added = (
            '[[outcome]]\nid = "yellow"\ntitle = { en = "Y" }\nwhen = { outcome = "red" }\nthen = [{ flag = "y" }]\n'
        )
        text = amend("red", 'when = { rank = "year", first = 5 }') + amend("year", 'ties = "out"') + added
        one = made(self.child(text), self.PARENT)

        assert [("red", 5), ("yellow", None)] == [(each.id, each.when.first) for each in one.outcomes]
        assert ["out"] == [each.ties for each in one.rankings]
        assert "county/check@1" == one.edition_of("outcome", "red", "when")

    def test_a_ranking_that_an_outcome_names_stays(self) -> None:
        """A ranking is not dropped while an outcome asks for places in it; with the outcome it may be."""
        text = self.child('drop = ["year"]\n')
        assert '"year" is dropped, and still named by of "example/sheet@1" › outcome "red" › when.rank' in said(
            text, self.PARENT
        )
        one = made(self.child('drop = ["year", "red"]\n'), self.PARENT)
        assert ((), ()) == (one.rankings, one.outcomes)


class TestAdded:
    """Section 7: "Additions go last, or `after = "id"`. Ids never change"."""

    @pytest.mark.parametrize(
        "places, expected",
        [
            (['into = "upkeep"'], ["lights", "waste", "x0"]),
            (['after = "lights"'], ["lights", "x0", "waste"]),
            (['after = "lights"', 'after = "lights"'], ["lights", "x0", "x1", "waste"]),
            (['after = "lights"', 'after = "x0"', 'after = "lights"'], ["lights", "x0", "x1", "x2", "waste"]),
            (['into = "upkeep"', 'after = "waste"'], ["lights", "waste", "x1", "x0"]),
            (['after = "waste"\ninto = "upkeep"'], ["lights", "waste", "x0"]),
        ],
    )
    def test_criteria(self, places: list[str], expected: list[str]) -> None:
        """Last in the section that they go `into`, or behind the line that they come `after`, in the file's order."""
        added = "".join(ADDED.format(id=f"x{number}", where=where) for number, where in enumerate(places))

        assert expected == [one.id for one in made(child(tables=added)).sections[0].criteria]

    def test_sections_grades_and_gates(self) -> None:
        """Without a word they come last; `after` puts them behind their like."""
        tables = """
[[section]]
id = "last"
title = { en = "Last" }
  [[section.criterion]]
  id = "x"
  title = { en = "X" }
  points = 0
  measure = { kind = "check" }
[[section]]
id = "second"
title = { en = "Second" }
after = "upkeep"
  [[section.criterion]]
  id = "y"
  title = { en = "Y" }
  points = 0
  measure = { kind = "check" }
[[grade]]
id = "A-minus"
at_least = 15
after = "A"
[[gate]]
id = "first"
title = { en = "First" }
when = { failed = "x" }
then = { grade_at_most = "C" }
"""
        one = made(child(tables=tables))

        assert ["upkeep", "second", "safety", "garden", "last"] == [section.id for section in one.sections]
        assert ["A", "A-minus", "B", "C"] == [grade.id for grade in one.grades]
        assert ["no-a", "waste", "first"] == [gate.id for gate in one.gates]

    def test_a_section_goes_into_a_section_of_sections(self) -> None:
        """`into` nests; a section that holds criteria takes none."""
        nested = """
[[section]]
id = "outer"
title = { en = "Outer" }
  [[section.section]]
  id = "inner"
  title = { en = "Inner" }
    [[section.section.criterion]]
    id = "x"
    title = { en = "X" }
    points = 0
    measure = { kind = "check" }
"""
        parent = made(child(tables=nested))
        added = '[[section]]\nid = "beside"\ntitle = { en = "B" }\ninto = "outer"\n[[section.criterion]]\nid = "y"\n'
        added += 'title = { en = "Y" }\npoints = 0\nmeasure = { kind = "check" }\n'
        one = made(child(tables=added, id="town/check", extends="county/check@1"), parent)

        assert ["inner", "beside"] == [section.id for section in one.sections[-1].sections]
        assert '"upkeep" holds tables of the kind criterion' in said(
            child(tables=added.replace("outer", "upkeep"), id="town/check", extends="county/check@1"), parent
        )


class TestFixed:
    """Section 7: "`fixed = true` on any table refuses amend and drop of it and of what it holds"."""

    @pytest.mark.parametrize(
        "text",
        [
            child(tables=amend("safety", "cap = 5")),
            child(tables=amend("accident", 'title = { en = "X" }')),
            child('drop = ["safety"]\n'),
            child('drop = ["accident"]\n'),
            child('drop = ["no-a"]\n'),
            child(tables=ADDED.format(id="x", where='into = "safety"')),
            child(tables=ADDED.format(id="x", where='after = "accident"')),
        ],
    )
    def test_is_refused(self, text: str) -> None:
        """A section and what it holds, a gate: neither amended nor dropped; nothing is put into the section."""
        assert "example/compound@1" in said(text)
        assert " is fixed by " in said(text)

    def test_what_holds_it_is_not_dropped_either(self) -> None:
        """A section goes with its criteria, of which one is fixed."""
        parent = written(criterion("tidy", more="fixed = true"), id="example/held", tables=more_sections("other"))

        words = said(child('drop = ["all"]\n', extends="example/held@1"), parent)
        assert '"all" is fixed by criterion "tidy", example/held@1' in words

    def test_a_child_may_fix_for_its_own_children(self) -> None:
        """Fixed is inherited, and names the edition that fixed."""
        county = made(child(tables=amend("lights", "fixed = true")))
        town = child(tables=amend("lights", 'title = { en = "Lamps" }'), id="town/check", extends="county/check@1")

        assert 'amend[1] "lights": "lights" is fixed by county/check@1' in said(town, county)

    def test_a_child_may_fix_what_it_changes(self) -> None:
        """What the child fixes itself does not hinder the child, in whatever order it says so."""
        parts = [amend("upkeep", "fixed = true"), amend("lights", 'title = { en = "Lamps" }')]
        added = ADDED.format(id="x", where='into = "upkeep"')

        for tables in (parts[0] + parts[1] + added, parts[1] + parts[0] + added):
            assert made(child(tables=tables)).sections[0].fixed

    def test_a_child_may_fill_a_section_that_it_fixes(self) -> None:
        """A section of its own, fixed for those that come after, takes what the child puts into it."""
        section = more_sections("own").replace('id = "own"', 'id = "own"\nfixed = true', 1)
        one = made(child("total = 21\n", section + ADDED.format(id="x", where='into = "own"')))

        assert ["own-1", "x"] == [line.id for line in one.sections[-1].criteria]

    def test_rounding(self) -> None:
        """A fixed [rounding] stays as it is, and so does a fixed head but for what a child states."""
        parent = attrs.evolve(PARENT, rounding=attrs.evolve(PARENT.rounding, fixed=True))

        assert "rounding: " in said(child(tables="[rounding]\ntotal = 3\n"), parent)

    def test_is_part_of_the_document(self) -> None:
        """It is dumped, loaded and digested like any key."""
        assert loads(dump(PARENT)).sections[1].fixed
        assert PARENT.digest != made(child(), PARENT).digest


def more_sections(id: str) -> str:
    """Another section, so that the first may go."""
    return (
        f'\n[[section]]\nid = "{id}"\ntitle = {{ en = "Other" }}\n[[section.criterion]]\nid = "{id}-1"\n'
        'title = { en = "One" }\npoints = 1\nmeasure = { kind = "check" }\n'
    )


class TestOrigin:
    """A resolved standard knows which edition each value comes from, and is equal to one that does not."""

    def test_each_key_has_its_edition(self) -> None:
        """Inherited, amended, added and taken out; through two generations."""
        county = made(
            child("total = 21\n", amend("lights", "points = 5") + ADDED.format(id="x", where='into = "upkeep"'))
        )
        town = made(
            child(tables=amend("lights", 'title = { en = "Lamps" }'), id="town/check", extends="county/check@1"), county
        )

        assert [
            "example/compound@1", "county/check@1", "town/check@1", "county/check@1", "county/check@1", "town/check@1",
        ] == [
            town.edition_of(*place)
            for place in (
                ("criterion", "lights", "measure"), ("criterion", "lights", "points"), ("criterion", "lights", "title"),
                ("criterion", "x", "title"), ("standard", "", "total"), ("standard", "", "title"),
            )
        ]  # fmt: skip

    def test_what_no_document_wrote_comes_with_its_table(self) -> None:
        """The default of a key of the parent's table is the parent's."""
        assert "example/compound@1" == made(child()).edition_of("criterion", "lights", "decimals")

    def test_a_standard_without_parents_is_its_own_origin(self) -> None:
        """Nothing is kept for it."""
        assert {} == PARENT.origin
        assert PARENT.edition == PARENT.edition_of("criterion", "lights", "points")

    def test_is_no_part_of_the_value(self) -> None:
        """Equality, hash, digest, document and record do not know it; binding parameters keeps it."""
        one = made(child())
        bare = attrs.evolve(one, origin={})

        assert one.origin
        assert (one, hash(one), one.digest, dump(one)) == (bare, hash(bare), bare.digest, dump(bare))
        assert one.origin == one.bind({"guards": 3}).origin
        assert (
            civrules.evaluate(one, HERE, {"lights": 96}, on=date(2031, 1, 1)).to_json()
            == civrules.evaluate(bare, HERE, {"lights": 96}, on=date(2031, 1, 1)).to_json()
        )


class TestUses:
    """Section 7: registers are "known to any document that `uses = ["plugin/id"]` it"."""

    def test_registers_are_known(self) -> None:
        """Bodies, parameters, honours and sets of the other document are there; its criteria are not."""
        one = BOOK.load(RESTING / "good/uses.toml")

        assert ["street", "housing", "inspection"] == [body.id for body in one.bodies]
        assert (["limit"], ["model"], ["one"]) == (
            [row.id for row in one.parameters], [row.id for row in one.honours], [row.id for row in one.sets],
        )  # fmt: skip
        assert ("tidy",) == tuple(one.criteria)
        assert Decimal(3) == one.settings["limit"]
        assert "example/bodies@1" == one.edition_of("body", "housing", "title")
        assert "example/uses@1" == one.edition_of("criterion", "tidy", "title")

    def test_a_body_that_nobody_has_on_register(self) -> None:
        """The nearest of the other document's bodies is shown."""
        text = sheet(criterion("tidy", more='responsible = { lead = "housig" }'), more='uses = ["example/bodies"]')

        assert 'responsible.lead: "housig" names no body; did you mean "housing"?' in said(text)

    def test_one_register_by_two_ways_is_one(self) -> None:
        """A document uses another that uses a third, and the third itself: what is the same is there once."""
        middle = made(sheet(id="example/middle", more='uses = ["example/bodies"]'))
        one = made(sheet(more='uses = ["example/middle@1", "example/bodies@1"]'), middle)

        assert ["housing", "inspection"] == [body.id for body in one.bodies]

    def test_an_own_body_of_the_same_words(self) -> None:
        """A document may repeat a body word for word, not otherwise."""
        body = '[[body]]\nid = "housing"\ntitle = { zh = "住建局", en = "Housing%s" }\n'
        text = sheet(more='uses = ["example/bodies"]', tables=body)

        assert 2 == len(made(text % " bureau").bodies)
        assert '"housing" stands in two documents and is not the same' in said(text % "")


class TestResponsible:
    """Section 7: "a section's holds for its criteria; a list of them with `when` routes: the first that holds"."""

    ROUTES = (
        "responsible = ["
        '{ lead = "town", when = { all = [{ attribute = "place", equals = "road" }, '
        '{ attribute = "width", at_least = 3 }] } }, '
        '{ lead = "police", when = { attribute = "permits", has = "fire" } }, '
        '{ lead = "owner", when = { none = [{ attribute = "built", more_than = 2000 }] } }, '
        '{ lead = "builder" }]'
    )

    @pytest.mark.parametrize(
        "finding, lead",
        [
            ({"place": "road", "width": 3}, "town"),
            ({"place": "road", "width": 2, "built": 2010}, "builder"),
            ({"place": "road"}, "owner"),
            ({"permits": ("gas", "fire"), "built": 2001}, "police"),
            ({"built": 2000}, "owner"),
            ({"built": 2001}, "builder"),
            ({"width": "wide", "place": "road", "built": 2001}, "builder"),
        ],
    )
    def test_routes(self, finding: Any, lead: str) -> None:
        """The first whose `when` holds for the finding answers; what is not known of it does not hold."""
        who = written(criterion("tidy", more=self.ROUTES)).responsible("tidy", finding)

        assert who is not None
        assert lead == who.lead

    def test_nobody_answers_where_no_route_holds(self) -> None:
        """A list of its own is the criterion's, also where none of it holds."""
        route = 'responsible = [{ lead = "town", when = { attribute = "place", equals = "road" } }]'
        one = written(criterion("tidy", more=route))

        assert one.responsible("tidy") is None

    def test_the_innermost_section_answers_for_its_criteria(self) -> None:
        """A criterion's own comes first, then its section's, then that of the section around it."""
        one = loads(
            sheet(criterion("direct"), event("other"))
            .replace('title = { en = "All" }', 'title = { en = "All" }\nresponsible = { lead = "section" }')
            .replace('title = { en = "An event" }', 'title = { en = "An event" }\nresponsible = { lead = "own" }')
        )

        leads = [who.lead for who in map(one.responsible, ("direct", "other")) if who is not None]
        assert ["section", "own"] == leads
        inner = attrs.evolve(one.sections[0], responsible=None)
        outer = attrs.evolve(one.sections[0], id="outer", children=[inner])
        who = attrs.evolve(one, sections=[outer]).responsible("direct")
        assert who is not None
        assert "section" == who.lead

    def test_an_unknown_criterion_shows_the_nearest(self) -> None:
        """Who asks for a line that is none hears which there is."""
        with pytest.raises(civrules.InvalidInput, match='did you mean "lights"'):
            PARENT.responsible("light")

    def test_without_bodies_words_are_words(self) -> None:
        """No body on register: whoever is named is taken as written."""
        assert written(criterion("tidy", more='responsible = { lead = "the street office" }')).responsible("tidy")

    def test_one_in_a_list_is_that_one(self) -> None:
        """A list of one that always holds is written and digested as the one itself."""
        listed, single = (
            written(criterion("tidy", more=f"responsible = {value}"))
            for value in ('[{ lead = "a" }]', '{ lead = "a" }')
        )

        assert (listed, listed.digest) == (single, single.digest)


class Folder:
    """A folder of documents that notes which were opened."""

    def __init__(self, **documents: str) -> None:
        self.documents = documents
        self.opened: list[str] = []

    def iterdir(self) -> Iterable[Any]:
        """The files, by name."""
        return [File(self, name, text) for name, text in self.documents.items()]


class File:
    """One document of such a folder."""

    def __init__(self, folder: Folder, name: str, text: str) -> None:
        self.folder = folder
        self.name = f"{name}.toml"
        self.text = text

    def open(self, mode: str) -> Any:
        """The document as bytes."""
        import io

        self.folder.opened.append(self.name)
        return io.BytesIO(self.text.encode())


def of_texts(name: str, **documents: str) -> ModuleType:
    """A plugin of documents."""
    return plugin(name, Documents(Folder(**documents)))  # type: ignore[arg-type]  # a folder by its behaviour


class TestBook:
    """Section 8: a book's documents extend and use each other across plugins, in any order of plugins."""

    COUNTY = child("locality = '320724'\n", id="county/check", extends="province/check@1")
    PROVINCE = child('locality = "32"\n', id="province/check", extends="country/check@1")
    COUNTRY = sheet(id="country/check")

    @pytest.mark.parametrize("seed", range(6))
    def test_across_plugins_in_any_order(self, seed: int) -> None:
        """Parents may come from plugins that were given later, and lie behind in the folder."""
        plugins = [
            of_texts("a-town", a=child(id="a-town/check", extends="county/check@1")),
            of_texts("county", a=self.COUNTY),
            of_texts("province", a=child(id="province/more", extends="province/check@1"), b=self.PROVINCE),
            plugin("country", loads(self.COUNTRY)),
        ]
        random.Random(seed).shuffle(plugins)
        book = Rulebook(plugins)

        assert () == book.problems
        assert 1 == book.evaluate("a-town/check", Community("c"), {"tidy": True}).score
        assert {"a-town/check", "county/check", "province/check", "province/more", "country/check"} == {
            one.id for one in book.standards()
        }

    def test_nothing_is_read_before_it_is_asked_for(self, tmp_path: Path) -> None:
        """A document reads the plugins on which it rests, and no others; asking for the parent reads the parent's."""
        texts = {
            "county": self.COUNTY,
            "province": self.PROVINCE,
            "country": self.COUNTRY,
            "aside": sheet(id="aside/a"),
        }
        folders = {name: Folder(a=text) for name, text in texts.items()}
        book = named_book({name: Documents(folder) for name, folder in folders.items()})  # type: ignore[arg-type]  # as above

        assert {name: [] for name in folders} == {name: folder.opened for name, folder in folders.items()}
        assert "country/check" == book.standard("country/check").id
        assert [[], [], ["a.toml"], []] == [folder.opened for folder in folders.values()]
        assert "320724" == book.standard("county/check").locality
        assert [["a.toml"]] * 3 + [[]] == [folder.opened for folder in folders.values()]

    def test_a_parent_in_a_broken_plugin(self) -> None:
        """The child is refused with the parent's plugin as cause; every other standard works."""

        def broken() -> Any:
            raise RuntimeError("no disk")

        module = ModuleType("province")
        vars(module)["civrules_standards"] = civrules.hookimpl(broken)
        book = Rulebook([module, of_texts("county", a=self.COUNTY, b=sheet(id="county/own"))])

        words = [problem.say() for problem in book.problems]
        assert (
            "county › a.toml › standard › extends › province: the hook civrules_standards raised"
            in words[0] + words[1] + words[2]
        )
        assert "county/own" == book.standard("county/own").id
        with pytest.raises(StandardUnavailable, match="no disk"):
            book.standard("county/check")

    def test_a_parent_that_was_refused(self) -> None:
        """The child names the parent's edition, its file and what is wrong with it."""
        book = Rulebook(
            [
                of_texts("province", a=sheet(criterion("tidy", points='"1"'), id="province/check")),
                of_texts("county", a=self.COUNTY),
            ]
        )

        with pytest.raises(StandardUnavailable) as caught:
            book.standard("county/check")
        words = str(caught.value)
        assert "county › a.toml › standard › extends: the standard province/check@1 was refused, for:" in words.replace(
            '"', ""
        )
        assert (
            'extends › province › a.toml › section[1] "all" › criterion "tidy" › points: "1" is not a figure' in words
        )

    def test_two_parents_of_one_edition(self) -> None:
        """Nobody can say which is meant."""
        parents = (plugin(name, loads(sheet(id="province/check"))) for name in ("one", "two"))
        book = Rulebook([*parents, of_texts("county", a=self.COUNTY)])

        with pytest.raises(StandardUnavailable, match='extends: the edition "province/check@1" comes from two places'):
            book.standard("county/check")

    @pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c")])
    def test_a_cycle_is_named_edge_by_edge(self, order: tuple[str, ...]) -> None:
        """Each member of a ring tells it from itself on, whoever is asked first; what rests on the ring says so."""
        texts = {
            "a": child(id="ring/a", extends="ring/b@1"),
            "b": sheet(id="ring/b", more='uses = ["ring/c"]'),
            "c": child(id="ring/c", extends="ring/a@1", more='uses = ["ring/b", "ring/b@1"]\n'),
            "d": child(id="ring/d", extends="ring/a@1"),
        }
        book = Rulebook([of_texts("ring", **texts)])
        said = {}
        for name in (*order, "d"):
            with pytest.raises(StandardUnavailable) as caught:
                book.standard(f"ring/{name}")
            said[name] = [one.say() for one in caught.value.problems if one.where[1:2] == (f"{name}.toml",)]

        ring = "the documents rest on each other: "
        edges = '"ring/a@1 extends ring/b@1; ring/b@1 uses ring/c; ring/c@1 extends ring/a@1"'
        assert [f"ring › a.toml › standard › extends: {ring}{edges}"] == said["a"]
        assert said["b"][0].startswith(f'ring › b.toml › standard › uses: {ring}"ring/b@1 uses ring/c; ')
        assert [f'ring › c.toml › standard › uses: {ring}"ring/c@1 uses ring/b; ring/b@1 uses ring/c"'] == said["c"]
        assert [
            'ring › d.toml › standard › extends: the standard "ring/a@1" was refused, for:',
            f"ring › d.toml › standard › extends › {said['a'][0]}",
        ] == said["d"]

    def test_a_document_that_extends_itself(self, tmp_path: Path) -> None:
        """Also where a loose one names an edition that the book has."""
        path = tmp_path / "a.toml"
        path.write_text(child(id="county/check", extends="county/check@1"), encoding="utf-8")
        book = Rulebook([plugin("county", loads(sheet(id="county/check")))])

        with pytest.raises(InvalidDocument, match='"county/check@1 extends county/check@1"'):
            book.load(path)

    @pytest.mark.parametrize("length", [8, 9])
    def test_at_most_eight_parents(self, length: int) -> None:
        """Section 7: "Depth at most 8"."""
        texts = {f"d{n}": child(id=f"line/d{n}", extends=f"line/d{n - 1}@1") for n in range(1, length + 1)}
        book = Rulebook([of_texts("line", d0=sheet(id="line/d0"), **texts)])
        if length == 8:
            assert "line/d8" == book.standard("line/d8").id
            assert () == book.problems
        else:
            assert "line/d8" == book.standard("line/d8").id
            with pytest.raises(StandardUnavailable, match="9 documents extend one another, at most 8 may"):
                book.standard("line/d9")

    def test_an_older_edition_may_be_extended(self) -> None:
        """A new edition of a standard may rest on the old one; that is no ring."""
        texts = {
            "a": sheet(id="town/check", more="effective = { last = 2025-12-31 }"),
            "b": child(id="town/check", version="2", extends="town/check@1"),
        }
        book = Rulebook([of_texts("town", **texts)])

        assert () == book.problems
        assert "town/check@2" == book.standard("town/check", on=date(2026, 5, 1)).edition

    @pytest.mark.parametrize(
        "name, first, expected",
        [
            ("town/bodies", "2025-06-01", "one"),
            ("town/bodies", "2026-06-01", "two"),
            ("town/bodies@1", "2026-06-01", "one"),
            ("town/bodies", "", None),
        ],
    )
    def test_which_edition_is_used(self, name: str, first: str, expected: str | None) -> None:
        """The edition named; else the only one, else the one in force on the document's first day, else refused."""
        body = '[[body]]\nid = "%s"\ntitle = { en = "B" }\n'
        texts = {
            "a": sheet(id="town/bodies", more="effective = { last = 2025-12-31 }", tables=body % "one"),
            "b": sheet(id="town/bodies", version="2", more="effective = { first = 2026-01-01 }", tables=body % "two"),
            "c": sheet(
                id="town/check", more=f'uses = ["{name}"]' + (f"\neffective = {{ first = {first} }}" if first else "")
            ),
        }
        book = Rulebook([of_texts("town", **texts)])
        if expected is None:
            with pytest.raises(
                StandardUnavailable, match='"town/bodies" has several editions: town/bodies@1, town/bodies@2'
            ):
                book.standard("town/check")
        else:
            assert [expected] == [one.id for one in book.standard("town/check").bodies]

    def test_a_loose_document_extends_the_books(self, tmp_path: Path) -> None:
        """`Rulebook.load` knows the book's standards; the program is made of what came out."""
        path = tmp_path / "a.toml"
        path.write_text(
            child("total = 21\n", amend("lights", "points = 5", 'measure = { kind = "marks" }')), encoding="utf-8"
        )
        one = BOOK.load(path)

        seen = {"lights": 5, "waste": {}, "guards": 0}
        assert Decimal(5) == BOOK.evaluate(one, HERE, seen, on=date(2031, 1, 1)).lines[0].points

    def test_a_record_is_replayed_with_the_tailored_edition(self) -> None:
        """Section 7: the resolved standard's "digest is the one recorded"."""
        book = Rulebook(
            [of_texts("county", a=self.COUNTY.replace("province", "country")), of_texts("country", a=self.COUNTRY)]
        )
        evaluation = book.evaluate("county/check", HERE, {"tidy": True})

        assert book.standard("county/check").digest == evaluation.digest
        assert () == book.replay(evaluation.to_json())


def named_book(parts: dict[str, Documents]) -> Rulebook:
    """A book of plugins that were found by their entry points, so that names lead to shelves."""
    from civrules.rulebook.plugin import Plugin, Supplied

    book = Rulebook.__new__(Rulebook)
    book._begin(tuple(Supplied(Plugin(name), True, (part,)) for name, part in parts.items()), strict=False)
    return book


class TestNearest:
    """Section 8 and 1: a locality finds its nearest ancestor's standard."""

    @pytest.mark.parametrize(
        "locality, expected",
        [
            ("320724", ["county/check", "province/check", "country/check"]),
            ("320724001", ["county/check", "province/check", "country/check"]),
            ("3207", ["province/check", "country/check"]),
            ("320100", ["province/check", "country/check"]),
            ("33", ["country/check"]),
        ],
    )
    def test_the_nearest_comes_first(self, locality: str, expected: list[str]) -> None:
        """A town finds its county's, another county the province's, another province the country's."""
        book = Rulebook(
            [
                of_texts("county", a=TestBook.COUNTY),
                of_texts("province", a=TestBook.PROVINCE),
                of_texts("country", a=TestBook.COUNTRY),
            ]
        )

        found = book.standards(kind="residential", locality=locality, on=date(2026, 5, 1))
        assert expected == [one.id for one in found]


class TestProperties:
    """What holds for every standard."""

    @given(standards())
    def test_a_bare_child_is_its_parent_but_for_the_head(self, parent: Standard) -> None:
        """Tailoring that changes nothing changes nothing."""
        one = Draft("child", bare(parent)).standard(lambda *_: parent)
        head = {key: getattr(parent, key) for key in ("id", "version", "title", "effective", "source")}

        assert parent == attrs.evolve(one, **head)
        assert parent.digest == attrs.evolve(one, **head).digest

    @given(standards(), st.data())
    def test_amended_and_amended_back(self, parent: Standard, data: st.DataObject) -> None:
        """What one generation says otherwise the next may say again as it was: by value, or by leaving it out."""
        rows = [
            (kind, row) for kind in ("section", "criterion", "grade", "gate") for row in rows_of(parent).get(kind, [])
        ]
        chosen = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda one: (one[0], one[1]["id"])))
        new: dict[str, Any] = {"title": {"en": "Other"}, "source": [{"clause": "9"}]}
        there = [{"of": f"{kind}:{row['id']}", **new} for kind, row in chosen]
        back = [
            {
                "of": f"{kind}:{row['id']}",
                **{key: row[key] for key in new if key in row},
                "without": [key for key in new if key not in row],
            }
            for kind, row in chosen
        ]
        middle = Draft("middle", {**bare(parent), "amend": there}).standard(lambda *_: parent)
        again = Draft("child", {**bare(middle), "amend": back}).standard(lambda *_: middle)

        head = {key: getattr(parent, key) for key in ("id", "version", "title", "effective", "source")}
        assert parent == attrs.evolve(again, **head)
        assert bool(chosen) == (attrs.evolve(middle, **head) != parent)

    @given(standards(), st.data())
    def test_the_order_of_amends_does_not_matter(self, parent: Standard, data: st.DataObject) -> None:
        """Whatever stands first, the standard, its digest and its origin are the same; and it loads as dumped."""
        rows = [(kind, row) for kind in ("section", "criterion", "grade") for row in rows_of(parent).get(kind, [])]
        amends = [{"of": f"{kind}:{row['id']}", "title": {"en": f"T{n}"}} for n, (kind, row) in enumerate(rows)]
        shuffled = data.draw(st.permutations(amends))
        one, other = (
            Draft("child", {**bare(parent), "amend": list(listed)}).standard(lambda *_: parent)
            for listed in (amends, shuffled)
        )

        assert (one, one.digest, one.origin) == (other, other.digest, other.origin)
        assert one == loads(dump(one))


WORDS = ("lights", "criterion:waste", "upkeep", "section", "criterion", "id", "of", "after", "into", "without", "A")
VALUES = st.recursive(
    st.sampled_from(WORDS) | st.integers(-2, 30) | st.booleans() | st.dates() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=5,
)


def places_in(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that a document holds."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places_in(inner, (*path, step))


@given(st.data())
def test_whatever_is_written_is_sound_or_refused(data: st.DataObject) -> None:
    """A child in which something is replaced, added or missing makes a sound standard or is refused, with words."""
    tables = deepcopy(raw(data.draw(st.sampled_from(GOOD))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(places_in(tables))))
        inner: Any = tables
        for step in way:
            inner = inner[step]
        if data.draw(st.booleans()):
            inner[last] = data.draw(VALUES)
        elif isinstance(inner, dict):
            inner[data.draw(st.sampled_from(WORDS))] = data.draw(VALUES)
        else:
            del inner[last]
    try:
        one = Draft("hostile", tables).standard(lambda _, name: BOOK.standard(name))
    except InvalidDocument as error:
        words = [(problem.say(), problem.say("zh")) for problem in error.problems]
    else:
        words = [("sound", dump(one))]
        assert one == loads(dump(one))
    assert words


def bare(parent: Standard) -> dict[str, Any]:
    """The tables of a child that says nothing more than it must."""
    head = {"id": "county/check", "version": "1", "title": {"en": "County"}, "effective": {}, "extends": parent.edition}
    return {"standard": {**head, "source": {"document": "County notice"}}}


def test_the_parent_is_left_as_it_was() -> None:
    """Making a child whole changes neither its parent nor its own tables."""
    read = parsed((RESTING / "good/child.toml").read_text(encoding="utf-8"))
    before, digest = repr(read.tables), PARENT.digest
    tailored(read.tables, lambda *_: PARENT)

    assert before == repr(read.tables)
    assert digest == attrs.evolve(PARENT).digest


class TestReadingsOfParameters:
    """Design, section 7: a reading states what the text leaves open; "every evaluation repeats it"."""

    LIMIT = """
[[parameter]]
id = "least"
title = { zh = "最低比例", en = "Least share" }

[[reading]]
at = "least"
silences = ["parameter-unset"]
text = { zh = "没有规定比例，由使用者确定。", en = "No share is printed; the host sets it." }

[[reading]]
at = "tidy"
text = { zh = "以现场为准。", en = "What is seen on site counts." }
"""
    OTHER = loads(sheet(criterion("tidy", '{ kind = "check", at_least = { parameter = "least" } }'), tables=LIMIT))
    USING = sheet(
        criterion("lit", '{ kind = "check", at_least = { parameter = "least" } }'), id="example/using",
        more='uses = ["example/sheet"]',
    )  # fmt: skip

    def used(self, text: str) -> Standard:
        """The document that uses the other."""
        book = Rulebook([self.OTHER])
        return parsed(text).standard(book._finder(parsed(text)))

    def test_a_parameter_brings_how_its_text_was_read(self) -> None:
        """Whoever uses the parameter hears why it is open; what is said of a criterion stays where it is."""
        using = self.used(self.USING)

        assert ["No share is printed; the host sets it."] == [one.text.en for one in using.readings]
        assert "example/sheet@1" == using.edition_of("reading", "1", "text")
        assert using == loads(dump(using))

    def test_lint_takes_it_for_a_reason_and_asks_for_none(self) -> None:
        """The open parameter is silenced; where nothing needs it, the silence is not said to be unused."""
        idle = self.USING.replace('at_least = { parameter = "least" }', "at_least = 1")
        assert idle != self.USING
        for text in (self.USING, idle):
            found = {problem.code for problem in civrules.lint([self.used(text)])}
            assert set() == found & {"parameter-unset", "silence-unused"}

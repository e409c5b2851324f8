"""Tables of observations: one grammar for CSV and JSON, every bad cell named."""

import json
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sheets
from written import criterion, sheet

import civrules
from civrules import Community, InvalidInput, NotApplicable, Observation, Problem, Ratio
from civrules.measures import Checklist

YARD = """
[standard]
id = "example/yard"
version = "1"
title = { en = "Yard" }
kinds = ["residential"]
source = { document = "Rules" }
total = 26
missing = "hold"

[rounding]
total = 1

[[section]]
id = "upkeep"
title = { en = "Upkeep" }

[[section.criterion]]
id = "lamps"
title = { en = "Lamps that work" }
points = 8
measure = { kind = "tiers", tiers = [{ at_least = "95%", points = 8 }, { at_least = "80%", points = 4 }] }

[[section.criterion]]
id = "waste"
title = { en = "Waste" }
points = 6
measure = { kind = "findings", items = [
    { id = "heap", each = 0.5, cap = 3 },
    { id = "leak", each = 1, attributable = true },
    { id = "lids", shortfall = { target = "98%", per = "1%", deduct = 0.2, steps = "full" } },
] }

[[section.criterion]]
id = "care"
title = { en = "Care" }
points = 6
measure = { kind = "levels", levels = { good = 6, fair = 3, poor = 0 } }

[[section.criterion]]
id = "guard"
title = { en = "A guard is there" }
points = 1
measure = { kind = "check" }

[[section.criterion]]
id = "tidy"
title = { en = "Tidiness" }
points = 5
decimals = 1
measure = { kind = "marks" }

[[section.criterion]]
id = "collapse"
title = { en = "Collapse" }
measure = { kind = "event", attributable = true }
"""
HEADER = "community,lamps,lamps:of,waste:heap,waste:leak,waste:lids,waste:na,care,guard,tidy,collapse"
LONG = "community,criterion,item,value,of,na,at,place,by,method,attributable,evidence,id"


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> civrules.Standard:
    """A standard with a measure of every form of value."""
    return standard_of(tmp_path_factory.mktemp("yard"), YARD)


def standard_of(folder: Path, text: str) -> civrules.Standard:
    """The standard that a document's text says."""
    (folder / "standard.toml").write_text(text, encoding="utf-8")
    return civrules.load(folder / "standard.toml")


def read(
    folder: Path, text: str | bytes, standard: civrules.Standard, name: str = "t.csv", **options: Any
) -> civrules.Table:
    """The table that a file's text says."""
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return civrules.read_table(folder / name, standard, **options)


def refused(
    folder: Path, text: str | bytes, standard: civrules.Standard, name: str = "t.csv", **options: Any
) -> list[Problem]:
    """The problems for which a file's text is refused."""
    with pytest.raises(InvalidInput) as error:
        read(folder, text, standard, name, **options)
    return list(error.value.problems)


def seen(table: civrules.Table, community: str) -> dict[str, Any]:
    """The values of a community whose criteria were looked at once."""
    return {one.criterion: one.value for one in table.observations[community]}


def wide(**cells: str) -> str:
    """A wide table of one row; what is not named is blank. `lamps_of` is the column lamps:of."""
    columns = HEADER.split(",")
    values = {"community": "north", **{name.replace("_", ":"): cell for name, cell in cells.items()}}
    row = [values.get(column, "") for column in columns]
    return f"{HEADER}\n{','.join(json.dumps(cell) if ',' in cell else cell for cell in row)}\n"


def long(*rows: str) -> str:
    """A long table with these rows."""
    return "\n".join((LONG, *rows)) + "\n"


class TestWide:
    """A row for each community: `<criterion>`, `<criterion>:of`, `<criterion>:<item>`, `<criterion>:na`."""

    def test_every_form_of_column(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """n and m become a Ratio, items one mapping, a reason NotApplicable, other text stays text."""
        text = f"{HEADER}\nnorth,19,20,2,0,196/200,,good,是,4.5,no\nsouth,,,,,,no bins,fair,否,0,attributable\n"
        table = read(tmp_path, text, yard)

        items = {"heap": "2", "leak": "0", "lids": Ratio(196, 200)}
        north = {"lamps": Ratio(19, 20), "waste": items, "care": "good", "guard": "是", "tidy": "4.5", "collapse": "no"}
        south = {
            "waste": NotApplicable("no bins"),
            "care": "fair",
            "guard": "否",
            "tidy": "0",
            "collapse": "attributable",
        }
        assert (Community("north"), Community("south")) == table.communities
        assert north == seen(table, "north")
        assert south == seen(table, "south")

    @pytest.mark.parametrize(
        "cell,value",
        [
            ("95/100", Ratio(95, 100)),
            ("95 / 100", Ratio(95, 100)),
            ("95%", "95%"),
            (" 95% ", "95%"),
            ("n/a: no lamps here", NotApplicable("no lamps here")),
            ("N/A：没有路灯", NotApplicable("没有路灯")),
            ("0/0", Ratio(0, 0)),
        ],
    )
    def test_what_a_cell_says(self, tmp_path: Path, yard: civrules.Standard, cell: str, value: object) -> None:
        """n of m, percent and "does not apply" may stand in the one cell of the criterion."""
        assert {"lamps": value} == seen(read(tmp_path, wide(lamps=cell), yard), "north")

    def test_a_blank_was_not_observed(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Blanks and spaces leave nothing; a community of blanks is there all the same."""
        table = read(tmp_path, wide(lamps="  ", care=""), yard)

        assert ((Community("north"),), ()) == (table.communities, table.observations["north"])

    def test_a_blank_does_not_apply_where_the_document_says_so(self, tmp_path: Path) -> None:
        """The reason is the document's; an item left blank does not apply; an event left blank did not happen."""
        blank = standard_of(tmp_path, YARD + '\n[table]\nblank = { not_applicable = "left blank" }\n')
        table = read(tmp_path, wide(waste_heap="1", waste_lids="99%"), blank)

        reason = NotApplicable("left blank")
        expected: dict[str, Any] = dict.fromkeys(("lamps", "care", "guard", "tidy"), reason)
        assert expected | {"waste": {"heap": "1", "leak": reason, "lids": "99%"}} == seen(table, "north")

    def test_rows_keep_their_order_and_columns_any(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """The id may stand anywhere under any name; communities come as the rows do."""
        table = read(tmp_path, "care,no\npoor,9\ngood,10\nfair,1\n", yard, id="no")

        assert ["9", "10", "1"] == [one.id for one in table.communities]
        assert {"care": "good"} == seen(table, "10")

    @pytest.mark.parametrize(
        "text", ["\ufeffcommunity,care\r\na,good\r\n", "community;care\na;good\n", "community\tcare\na\tgood"]
    )
    def test_files_that_spreadsheets_write(self, tmp_path: Path, yard: civrules.Standard, text: str) -> None:
        """A byte order mark, CRLF, semicolons, tabs and a missing last line end are all read."""
        assert {"care": "good"} == seen(read(tmp_path, text, yard), "a")

    def test_rows_of_blanks_are_no_rows(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """The empty lines that spreadsheets leave at the end are passed over."""
        assert 1 == len(read(tmp_path, "community,care\n\na,good\n,\n\n", yard).communities)

    def test_attributes_are_text(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A ward of 02 stays 02; a blank attribute is not there."""
        table = read(tmp_path, "community,care,ward,name\na,good,02,\n", yard, attributes=["ward", "name"])

        assert Community("a", attributes={"ward": "02"}) == table.communities[0]

    def test_other_columns_may_be_passed_over(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """With ignore what is neither criterion nor attribute is not read."""
        assert {"care": "good"} == seen(read(tmp_path, "community,care,note\na,good,!\n", yard, ignore=True), "a")

    def test_a_table_compares_and_pickles(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Equal files make equal tables, here and in another process."""
        table = read(tmp_path, wide(lamps="95%", waste_heap="1", waste_lids="99%"), yard)

        assert table == read(tmp_path, wide(lamps="95%", waste_heap="1", waste_lids="99%"), yard)
        assert table == pickle.loads(pickle.dumps(table))
        assert isinstance(hash(table), int)


class TestWideRefused:
    """Every bad cell is named with file, row, column, value and what was expected, all at once."""

    @pytest.mark.parametrize(
        "cells,column,code",
        [
            ({"lamps": "101%"}, "lamps", "out-of-range"),
            ({"lamps": "95,5"}, "lamps", "bad-figure"),
            ({"lamps": "９５"}, "lamps", "bad-figure"),
            ({"lamps": "1e2"}, "lamps", "bad-figure"),
            ({"lamps": "NaN"}, "lamps", "bad-figure"),
            ({"lamps": "9" * 100_000}, "lamps", "too-many-digits"),
            ({"lamps": "3/2"}, "lamps", "out-of-range"),
            ({"lamps": "1/1000001"}, "lamps", "not-whole"),
            ({"lamps": "n/a"}, "lamps", "no-reason"),
            ({"lamps": "n/a: "}, "lamps", "no-reason"),
            ({"lamps": "n/a: \u202eevil"}, "lamps", "hiding-character"),
            ({"lamps": "19"}, "lamps:of", "no-value"),
            ({"lamps_of": "20"}, "lamps", "no-value"),
            ({"lamps": "19/20", "lamps_of": "20"}, "lamps:of", "two-forms"),
            ({"lamps": "1.5", "lamps_of": "20"}, "lamps", "not-whole"),
            ({"lamps": "19", "lamps_of": "many"}, "lamps:of", "bad-figure"),
            ({"waste_heap": "some", "waste_lids": "1/1"}, "waste:heap", "bad-figure"),
            ({"waste_heap": "1"}, "waste", "item-missing"),
            ({"waste_na": "no"}, "waste:na", "no-reason"),
            ({"waste_na": "no bins", "waste_lids": "1/1"}, "waste", "two-forms"),
            ({"care": "god"}, "care", "unknown-level"),
            ({"guard": "maybe"}, "guard", "not-yes-no"),
            ({"tidy": "5.1"}, "tidy", "out-of-range"),
            ({"tidy": "4.55"}, "tidy", "too-precise"),
            ({"tidy": "90%"}, "tidy", "percent-here"),
            ({"collapse": "perhaps"}, "collapse", "not-yes-no"),
        ],
    )
    def test_a_bad_cell(
        self, tmp_path: Path, yard: civrules.Standard, cells: dict[str, str], column: str, code: str
    ) -> None:
        """The problem says row 2, the header being row 1, and the column."""
        problem, *others = refused(tmp_path, wide(**cells), yard)

        assert (("t.csv", 2, column), code, []) == (problem.where, problem.code, others)

    def test_all_bad_cells_come_at_once(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Three rows and the columns' own problems, in order, each with its value and the nearest word."""
        text = 'community,care,guard,tidi\na,god,yes,1\n"b\nb",good,yes,1\nc,fair,2,1\n'
        remedy = "; rename it, name it with attributes=, or pass over such columns with ignore=True"
        sentences = [problem.say().replace(remedy, "") for problem in refused(tmp_path, text, yard)]

        assert [
            't.csv: the column "tidi" is neither a criterion nor named as an attribute; did you mean "tidy"?',
            't.csv › row 2 › care: "god" is not a level; expected one of: good, fair, poor; did you mean "good"?',
            't.csv › row 3 › community: "b\\nb" is not an id; expected 1 to 200 visible characters',
            't.csv › row 5 › guard: "2" is not yes or no',
        ] == sentences

    def test_problems_are_said_in_chinese(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Row and words are Chinese; the file, the column and the value are as they stand."""
        (problem,) = refused(tmp_path, wide(guard="2"), yard)

        assert "t.csv › 第2行 › guard：“是”或“否”" == problem.say("zh").replace('"2"不是', "")

    def test_a_thousand_problems_are_listed_and_the_rest_counted(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Of 1500 bad cells 1000 are listed, in order, and then it says that 500 more are not."""
        problems = refused(tmp_path, "community,care\n" + "".join(f"{n},bad\n" for n in range(1500)), yard)

        assert [2, 1001] == [problems[0].where[1], problems[999].where[1]]
        assert [("more-problems", 500)] == [(one.code, one.value) for one in problems[1000:]]

    @pytest.mark.parametrize(
        "header,code,value,hint",
        [
            ("care,no", "no-column", "community", ""),
            ("Community,care", "no-column", "community", "Community"),
            ("community,cares", "unknown-column", "cares", "care"),
            ("community,waste:heaps", "unknown-item", "heaps", "heap"),
            ("community,care:heap", "unknown-item", "heap", ""),
            ("community,waste:", "unknown-item", "", ""),
            ("community,lamps:of", "no-column", "lamps", ""),
            ("community,care,care", "duplicate-column", "care", ""),
            ("community,care,,", "duplicate-column", "", ""),
        ],
    )
    def test_a_bad_column(
        self, tmp_path: Path, yard: civrules.Standard, header: str, code: str, value: str, hint: str
    ) -> None:
        """A column that means nothing is named, with the nearest that would."""
        problems = refused(tmp_path, f"{header}\na{',' * header.count(',')}\n", yard)

        assert (code, value, hint) in [(one.code, one.value, one.hint) for one in problems]

    def test_an_unknown_item_is_refused_even_where_columns_are_passed_over(
        self, tmp_path: Path, yard: civrules.Standard
    ) -> None:
        """waste:heaps looks like an item of waste, so ignoring it would lose a finding."""
        codes = [one.code for one in refused(tmp_path, "community,care,waste:heaps\na,good,1\n", yard, ignore=True)]

        assert ["unknown-item"] == codes

    def test_a_table_without_any_criterion_is_refused(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Passing over every column would call everybody not rated."""
        assert ["no-criterion-column"] == [
            one.code for one in refused(tmp_path, "community,x\na,1\n", yard, ignore=True)
        ]

    @pytest.mark.parametrize("options", [{"id": "care"}, {"attributes": ["care"], "id": "tidy"}])
    def test_a_criterion_is_neither_id_nor_attribute(
        self, tmp_path: Path, yard: civrules.Standard, options: dict[str, Any]
    ) -> None:
        """A column that was seen may not also say who."""
        codes = {one.code for one in refused(tmp_path, "care,tidy\ngood,1\n", yard, **options)}

        assert {"column-taken"} == codes

    @pytest.mark.parametrize("name", ["a\x1b[2J", "a\u202eb", "a\u200bb", "x" * 201, "\x7f"])
    def test_ids_hide_nothing(self, tmp_path: Path, yard: civrules.Standard, name: str) -> None:
        """Control, bidirectional and invisible characters, and more than 200 characters, are no id."""
        (problem,) = refused(tmp_path, f"community,care\n{name},good\n", yard)

        assert ("bad-id", ("t.csv", 2, "community")) == (problem.code, problem.where)
        assert problem.say().isprintable()

    def test_a_community_stands_once(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """The second row of a community is refused, also where it differs in spaces only."""
        (problem,) = refused(tmp_path, "community,care\na,good\nb,good\n a ,fair\n", yard)

        assert ("duplicate-community", ("t.csv", 4, "community"), "a") == (problem.code, problem.where, problem.value)

    def test_a_row_without_an_id(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Its cells are checked all the same."""
        assert {"no-id", "unknown-level"} == {one.code for one in refused(tmp_path, "community,care\n,bad\n", yard)}


class TestHostileFiles:
    """Whatever the file, the answer is InvalidInput, and soon."""

    @pytest.mark.parametrize(
        "name,data,code",
        [
            ("t.csv", b"", "no-rows"),
            ("t.csv", b"\r\n\r\n", "no-rows"),
            ("t.csv", b"community,care\n", "no-rows"),
            ("t.csv", b"community,care\na,\x00\n", "not-a-table"),
            ("t.csv", "community,care\n小区,good\n".encode("gbk"), "not-utf-8"),
            ("t.csv", "community,care\na,good\n".encode("utf-16"), "not-utf-8"),
            ("t.csv", b"community,care\na,good,1\n", "row-length"),
            ("t.csv", b"community,care\na\n", "row-length"),
            ("t.csv", b'community,care\na,"good\n', "not-a-table"),
            ("t.csv", b'community,care\n"a"b,good\n', "not-a-table"),
            ("t.csv", b'"community\n', "not-a-table"),
            ("t.csv", b"community,care\na," + b"x" * 1_000_000 + b"\n", "not-a-table"),
            ("t.csv", b"community" + b",x" * 20_000 + b"\n", "too-many"),
            ("t.xlsx", b"PK", "not-a-table"),
            ("t.json", b"", "not-a-table"),
            ("t.json", b"[" * 100_000, "too-deep"),
            ("t.json", b'[{"community":' + b'{"a":' * 100_000, "too-deep"),
            ("t.json", b"{}", "wrong-type"),
            ("t.json", b"[]", "no-rows"),
            ("t.json", b"[{}]", "no-rows"),
            ("t.json", b"[1]", "wrong-type"),
            ("t.json", b'[{"community": "a", "care": "good", "care": "poor"}]', "duplicate-column"),
            ("t.json", b'[{"community": "a", "waste": {"heap": 1, "heap": 2}}]', "duplicate-column"),
            ("t.json", b'[{"community": "a", "tidy": 1e999999}]', "too-many-digits"),
            ("t.json", b'[{"community": "a", "tidy": 1e99999999999999999999}]', "bad-figure"),
            ("t.json", b'[{"community": "a", "tidy": NaN}]', "bad-figure"),
            ("t.json", b'[{"community": "a", "tidy": -Infinity}]', "bad-figure"),
            ("t.json", b'[{"community": "a", "tidy": ' + b"9" * 1_000_000 + b"}]", "too-many-digits"),
            ("t.json", b'[{"community": "a", "tidy": true}]', "bad-figure"),
            ("t.json", b'[{"community": "a", "tidy": [1]}]', "wrong-type"),
            ("t.json", b'[{"community": "a", "waste": {"heap": {"a": {"b": 1}}}}]', "wrong-type"),
            ("t.json", b'[{"community": true, "care": "good"}]', "wrong-type"),
            ("t.json", b'[{"community": 1.5, "care": "good"}]', "wrong-type"),
            ("t.json", b'[{"community": "\\ud800", "care": "good"}]', "bad-id"),
        ],
    )
    def test_a_hostile_file(self, tmp_path: Path, yard: civrules.Standard, name: str, data: bytes, code: str) -> None:
        """One problem that names the file and can be printed, and nothing else is raised."""
        problems = refused(tmp_path, data, yard, name)

        assert code in [problem.code for problem in problems]
        assert all(problem.where[0] == name and problem.say("zh").isprintable() for problem in problems)

    def test_a_file_that_is_not_there(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A missing file and a folder are problems too."""
        for path in (tmp_path / "none.csv", tmp_path):
            with pytest.raises(InvalidInput, match="cannot be read"):
                civrules.read_table(path, yard)

    def test_ragged_rows_are_named_by_line(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A cell with a line break counts as the lines of the file do."""
        problems = refused(tmp_path, 'community,care,x\na,good,"1\n2"\nb,good\n', yard, ignore=True)

        assert [("row-length", ("t.csv", 4), 2, "3")] == [(o.code, o.where, o.value, o.expected) for o in problems]


class TestJson:
    """A list of objects with the columns' names; figures are exact, an object holds a value for each item."""

    def test_values_of_every_type(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """4.5 is Decimal("4.5"), true is yes, null and a key left out were not observed, and an id may be a number."""
        items = {"heap": 2, "leak": {"attributable": 1, "not-attributable": 3}, "lids": "196/200"}
        rows = [
            {"community": 7, "lamps": 19, "lamps:of": 20, "waste": items, "guard": True, "tidy": None},
            {"community": "b", "care": "n/a: no garden", "waste": {"heap": None, "lids": ""}, "collapse": False},
        ]
        text = json.dumps(rows).replace("null}", "4.5}", 0).replace('"tidy": null', '"tidy": 4.50')
        table = read(tmp_path, text, yard, "t.json")

        expected = {
            "lamps": Ratio(19, 20), "waste": {**items, "lids": Ratio(196, 200)}, "guard": True, "tidy": Decimal("4.5"),
        }  # fmt: skip
        assert expected == seen(table, "7")
        assert {"care": NotApplicable("no garden"), "collapse": False} == seen(table, "b")

    def test_one_and_true_are_two_values(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """1 is a mark and true is not, although Python calls them equal."""
        (problem,) = refused(
            tmp_path, '[{"community": "a", "tidy": 1}, {"community": "b", "tidy": true}]', yard, "t.json"
        )

        assert ("bad-figure", ("t.json", 2, "tidy"), True) == (problem.code, problem.where, problem.value)

    def test_csv_and_json_read_alike(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """The same texts under the same names give the same table."""
        text = wide(lamps="19", lamps_of="20", waste_heap="2", waste_lids="98%", care="good", collapse="no")
        header, row = (line.split(",") for line in text.splitlines())

        assert read(tmp_path, text, yard) == read(
            tmp_path, json.dumps([dict(zip(header, row, strict=True))]), yard, "t.json"
        )

    def test_an_item_of_an_object_is_named(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """An unknown item and a bad count are problems of that item."""
        waste = {"heaps": 1, "heap": "many", "lids": "98%"}
        problems = refused(tmp_path, json.dumps([{"community": "a", "waste": waste}]), yard, "t.json")

        assert [("unknown-item", ("t.json", 1, "waste")), ("bad-figure", ("t.json", 1, "waste", "heap"))] == [
            (one.code, one.where) for one in problems
        ]


class TestLong:
    """A row for each value; rows of one look (same day, place, assessor) are one observation."""

    def test_every_column(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Day, place, assessor, method, evidence and id are the observation's."""
        table = read(tmp_path, long("a,lamps,,19,20,,2031-05-01,gate,Li,on-site,,p1.jpg; p2.jpg,7"), yard)
        look = Observation(
            "lamps", Ratio(19, 20), at=date(2031, 5, 1), place="gate", by="Li", method="on-site",
            evidence=("p1.jpg", "p2.jpg"), id="7",
        )  # fmt: skip

        assert (look,) == table.observations["a"]

    def test_items_of_one_look_become_one_mapping(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Two looks at waste, two mappings; evidence adds up; a finding that is attributable is the item's own."""
        rows = (
            "a,waste,heap,2,,,2031-05-01,,Li,,,p1,",
            "b,care,,good,,,,,,,,,",
            "a,waste,lids,196,200,,2031-05-01,,Li,,,p2,",
            "a,waste,leak,yes,,,2031-05-01,,Li,,yes,,",
            "a,waste,lids,99%,,,2031-06-01,,Li,,,,",
            "a,waste,leak,3,,,2031-06-01,,Li,,no,,",
            "a,waste,leak,1,,,2031-06-01,,Li,,yes,,",
        )
        first, second = read(tmp_path, long(*rows), yard).observations["a"]

        assert {"heap": "2", "lids": Ratio(196, 200), "leak": "attributable"} == first.value
        assert (date(2031, 5, 1), ("p1", "p2"), None) == (first.at, first.evidence, first.attributable)
        assert {"lids": "99%", "leak": {"not-attributable": "3", "attributable": "1"}} == second.value

    def test_who_is_responsible_for_an_event(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Without an item it is the observation's; reports of one day have ids."""
        rows = ("a,collapse,,yes,,,2031-05-01,,,,否,,1", "a,collapse,,yes,,,2031-05-01,,,,,,2")

        assert [False, None] == [one.attributable for one in read(tmp_path, long(*rows), yard).observations["a"]]

    def test_blanks_and_reasons(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A blank value was not observed, a reason says why nothing applies, and the community is there in any case."""
        rows = ("a,lamps,,,,,,,,,,,", "b,,,,,,,,,,,,", "c,care,,,,no garden,,,,,,,")
        table = read(tmp_path, long(*rows), yard)

        assert ["a", "b", "c"] == [one.id for one in table.communities]
        assert [(), (), (Observation("care", NotApplicable("no garden")),)] == list(table.observations.values())

    def test_a_blank_value_does_not_apply_where_the_document_says_so(self, tmp_path: Path) -> None:
        """As in wide tables."""
        blank = standard_of(tmp_path, YARD + '\n[table]\nblank = { not_applicable = "left blank" }\n')

        assert (Observation("care", NotApplicable("left blank")),) == read(
            tmp_path, "community,criterion,value\na,care,\n", blank
        ).observations["a"]

    def test_equal_rows_stay_two_for_the_evaluation_to_note(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """They count once, and a note says so."""
        table = read(tmp_path, long("a,care,,good,,,,,,,,,", "a,care,,good,,,,,,,,,"), yard)
        evaluation = civrules.evaluate(yard, table.communities[0], table.observations["a"])

        assert 2 == len(table.observations["a"])
        assert ["equal-observations"] == [note.code for note in evaluation.notes]

    def test_wide_columns_named_criterion_and_value_can_be_asked_for(
        self, tmp_path: Path, yard: civrules.Standard
    ) -> None:
        """The layout is taken from the columns unless it is said."""
        text = "community,criterion,value,care\na,x,y,good\n"

        assert {"care": "good"} == seen(read(tmp_path, text, yard, layout="wide", ignore=True), "a")

    def test_attributes_of_many_rows_are_one_communitys(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A row may leave them out; it may not say something else."""
        text = "community,criterion,value,ward\na,care,good,\na,tidy,1,02\n"
        (problem,) = refused(tmp_path, text + "a,guard,yes,03\n", yard, attributes=["ward"])

        assert {"ward": "02"} == read(tmp_path, text, yard, attributes=["ward"]).communities[0].attributes
        assert ("other-value", ("t.csv", 4, "ward"), "03") == (problem.code, problem.where, problem.value)

    @pytest.mark.parametrize(
        "rows,where,code",
        [
            (["a,cares,,good,,,,,,,,,"], (2, "criterion"), "unknown-criterion"),
            (["a,,,good,,,,,,,,,"], (2, "criterion"), "no-value"),
            (["a,waste,heaps,1,,,,,,,,,"], (2, "item"), "unknown-item"),
            (["a,care,heap,good,,,,,,,,,"], (2, "item"), "unknown-item"),
            (["a,waste,,3,,,,,,,,,"], (2, "value"), "not-items"),
            (["a,waste,heap,3,,,,,,,,,"], (2, "item"), "item-missing"),
            (["a,waste,lids,99%,,,,,,,,,", "a,waste,heap,x,,,,,,,,,"], (3, "value"), "bad-figure"),
            (["a,care,,god,,,,,,,,,"], (2, "value"), "unknown-level"),
            (["a,lamps,,,20,,,,,,,,"], (2, "value"), "no-value"),
            (["a,lamps,,19,20,none,,,,,,,"], (2, "na"), "two-forms"),
            (["a,care,,,,0,,,,,,,"], (2, "na"), "no-reason"),
            (["a,collapse,,,,,2031-05-01,,,,,,"], (2, "value"), "no-value"),
            (["a,collapse,,,,,,,,,yes,,"], (2, "value"), "no-value"),
            (["a,care,,good,,,2031-02-30,,,,,,"], (2, "at"), "bad-day"),
            (["a,care,,good,,,1/2/2031,,,,,,"], (2, "at"), "bad-day"),
            (["a,care,,good,,,,,,on site,,,"], (2, "method"), "unknown-word"),
            (["a,collapse,,yes,,,,,,,maybe,,"], (2, "attributable"), "not-yes-no"),
            (["a,care,,good,,,,,,,yes,,"], (2, "attributable"), "not-attributed"),
            (["a,waste,heap,1,,,,,,,yes,,", "a,waste,lids,1/1,,,,,,,,,"], (2, "attributable"), "not-attributed"),
            (["a,care,,good,,,,\u202e,,,,,"], (2, "place"), "hiding-character"),
            (["a,care,,good,,,,,,,,,", "a,care,,fair,,,,,,,,,"], (3, "value"), "repeated-look"),
            (
                ["a,waste,lids,1/1,,,,,,,,,", "a,waste,heap,1,,,,,,,,,", "a,waste,heap,1,,,,,,,,,"],
                (4, "item"),
                "repeated-look",
            ),
            (["a,waste,lids,1/1,,,,,,,,,", "a,waste,,n/a: none,,,,,,,,,"], (3, "item"), "two-forms"),
            (
                ["a,waste,lids,1/1,,,,,,online,,,", "a,waste,heap,1,,,,,,on-site,,,"],
                (2, "method"),
                "other-value",
            ),
        ],
    )
    def test_a_bad_row(
        self, tmp_path: Path, yard: civrules.Standard, rows: list[str], where: tuple[int, str], code: str
    ) -> None:
        """The problem names the row and the column in which it stands."""
        problem, *others = refused(tmp_path, long(*rows), yard)

        assert (("t.csv", *where), code, []) == (problem.where, problem.code, others)

    def test_a_checklist_asks_for_nobody(self, tmp_path: Path) -> None:
        """Who is responsible is no question of an item that holds or does not."""
        standard = sheets.sheet(sheets.line("papers", Checklist(items=["a", "b"]), 2), not_applicable="full")
        problems = refused(tmp_path, long("a,papers,a,yes,,,,,,,yes,,", "a,papers,b,yes,,,,,,,,,"), standard)

        assert [("not-attributed", "papers:a")] == [(one.code, one.expected) for one in problems[:1]]

    def test_all_problems_of_a_row_come_at_once(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A bad value, day and method are three problems."""
        problems = refused(tmp_path, long("a,lamps,,x,1,,x,,,x,,,"), yard)

        assert {"value", "at", "method"} == {one.where[2] for one in problems}

    @pytest.mark.parametrize(
        "header,options,code",
        [
            ("community,criterion,value,vale", {}, "unknown-column"),
            ("community,criterion", {"layout": "long"}, "no-column"),
            ("criterion,value,id", {"id": "id"}, "column-taken"),
            ("criterion,value,community,by", {"attributes": "by"}, "column-taken"),
            ("community,criterion,value", {"layout": "tall"}, "unknown-word"),
        ],
    )
    def test_a_bad_column(
        self, tmp_path: Path, yard: civrules.Standard, header: str, options: dict[str, Any], code: str
    ) -> None:
        """Columns that long tables do not know, need, or have for themselves."""
        assert code in [
            one.code for one in refused(tmp_path, f"{header}\n{'x,' * header.count(',')}x\n", yard, **options)
        ]


class TestRegister:
    """A table of the communities: the fields of Community as columns."""

    REGISTER = "id,name,kind,locality,parent,attribute:ward,place:building\na,甲,residential,320724,,02,1;2\nb,,,,,,\n"

    def test_communities_are_the_registers(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Fields, attributes and places come from the register; whoever has no row comes after, unobserved."""
        (tmp_path / "r.csv").write_text(self.REGISTER + "0,,,,,,\n", encoding="utf-8")
        table = read(
            tmp_path,
            "community,care,name\nb,good,B\na,good,\n",
            yard,
            communities=tmp_path / "r.csv",
            attributes=["name"],
        )

        a = Community(
            "a", name="甲", kind="residential", locality="320724", attributes={"ward": "02"},
            places={"building": ("1", "2")},
        )  # fmt: skip
        assert (Community("b", attributes={"name": "B"}), a, Community("0")) == table.communities
        assert () == table.observations["0"]

    @pytest.mark.parametrize(
        "cell, fact", [("是", True), ("TRUE", True), ("no", False), ("1", "1"), ("yes and no", "yes and no")]
    )
    def test_a_yes_in_words_is_a_yes(self, tmp_path: Path, yard: civrules.Standard, cell: str, fact: object) -> None:
        """An attribute that a register answers with yes or no in words can be asked for by `equals = true`."""
        (tmp_path / "r.csv").write_text(f"id,attribute:old\na,{cell}\n", encoding="utf-8")
        table = read(tmp_path, "community,care\na,good\n", yard, communities=tmp_path / "r.csv")

        assert (Community("a", attributes={"old": fact}),) == table.communities

    def test_several_words_are_a_list(self, tmp_path: Path) -> None:
        """An attribute of words parted by semicolons, in JSON a list, is what `has` asks of; one word alone is too."""
        asks = criterion("lift", more='applies_when = { attribute = "papers", has = "permit" }')
        standard = standard_of(tmp_path, sheet(asks, tables="[rounding]\ntotal = 0\n"))
        (tmp_path / "r.csv").write_text("id,attribute:papers\na,permit; plan\nb,permit\nc,plan;map\n", encoding="utf-8")
        rows = [{"community": one, "lift": "yes"} for one in "abc"]
        listed = [{"id": one.id, "attribute:papers": ["permit", "plan"]} for one in map(Community, "abc")]
        (tmp_path / "r.json").write_text(json.dumps(listed), encoding="utf-8")
        (tmp_path / "t.json").write_text(json.dumps(rows), encoding="utf-8")

        table = civrules.read_table(tmp_path / "t.json", standard, communities=tmp_path / "r.csv")
        assert ("permit", "plan") == table.communities[0].attributes["papers"]
        assert [1, 1, None] == [civrules.evaluate(standard, one, {"lift": True}).score for one in table.communities]
        every = civrules.read_table(tmp_path / "t.json", standard, communities=tmp_path / "r.json").communities
        assert {("permit", "plan")} == {one.attributes["papers"] for one in every}

    def test_json_gives_what_is_not_text(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """Whole numbers and yes/no stay what they are; places may be a list."""
        rows = [{"id": 7, "attribute:units": 30, "attribute:new": True, "place:building": ["1", 2]}]
        (tmp_path / "r.json").write_text(json.dumps(rows), encoding="utf-8")
        table = read(tmp_path, "community,care\n7,good\n", yard, communities=tmp_path / "r.json")

        seven = Community("7", attributes={"units": 30, "new": True}, places={"building": ("1", "2")})
        assert (seven,) == table.communities

    @pytest.mark.parametrize(
        "register,where,code",
        [
            ("name\nx\n", ("r.csv",), "no-column"),
            ("id,colour\na,red\n", ("r.csv",), "unknown-key"),
            ("id,place:\na,red\n", ("r.csv",), "unknown-key"),
            ("id,kind\na,a b\n", ("r.csv", 2, "kind"), "bad-id"),
            ("id,locality\na,32072\n", ("r.csv", 2, "locality"), "bad-locality"),
            ("id,name\n,x\n", ("r.csv", 2), "no-id"),
            ("id,name\na,x\na,y\n", ("r.csv", 3, "id"), "duplicate-community"),
            ("id\nc\n", ("t.csv", 2, "community"), "unknown-community"),
            ("id,attribute:ward\na,03\n", ("t.csv", 2, "ward"), "other-value"),
        ],
    )
    def test_a_bad_register(
        self, tmp_path: Path, yard: civrules.Standard, register: str, where: tuple[Any, ...], code: str
    ) -> None:
        """Its problems name its own file and column; communities that it does not know are refused."""
        (tmp_path / "r.csv").write_text(register, encoding="utf-8")
        problems = refused(
            tmp_path, "community,care,ward\na,good,02\n", yard, communities=tmp_path / "r.csv", attributes=["ward"]
        )

        assert (where, code) in [(one.where, one.code) for one in problems]

    def test_both_files_problems_come_at_once(self, tmp_path: Path, yard: civrules.Standard) -> None:
        """A bad locality there and a bad level here."""
        (tmp_path / "r.csv").write_text("id,locality\na,x\n", encoding="utf-8")
        problems = refused(tmp_path, "community,care\na,bad\n", yard, communities=tmp_path / "r.csv")

        assert {"r.csv", "t.csv"} == {one.where[0] for one in problems}


def test_a_read_table_scores(tmp_path: Path, yard: civrules.Standard) -> None:
    """19 of 20 is 95%: 8; 6 - 2×0.5 - one full percent short of 98 (97.5% is none) = 5; 6 + 1 + 4.5: 24.5 of 26."""
    text = wide(
        lamps="19", lamps_of="20", waste_heap="2", waste_leak="0", waste_lids="195/200", care="good", guard="yes",
        tidy="4.5",
    )  # fmt: skip
    table = read(tmp_path, text, yard)

    assert Decimal("24.5") == civrules.evaluate(yard, table.communities[0], table.observations["north"]).score

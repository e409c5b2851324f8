"""Tables of waivers: read from CSV and JSON, used by the commands."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from written import criterion, sheet

import civrules
from civrules import InvalidInput, Period, Waiver
from civrules.cli import main

LIFT = Waiver(
    criterion="lift", reason="being replaced", approver="housing bureau",
    valid=Period(date(2031, 1, 1), date(2031, 12, 31)), place="7",
)  # fmt: skip
YARD = Waiver(criterion="yard", reason="building site", approver="housing bureau", valid=Period())
CSV = """community,criterion,place,reason,approver,first,last
north,lift,7,being replaced,housing bureau,2031-01-01,2031-12-31
9,yard,,building site,housing bureau,,
"""
ROWS = [
    {
        "community": "north", "criterion": "lift", "place": 7, "reason": "being replaced", "approver": "housing bureau",
        "first": "2031-01-01", "last": "2031-12-31",
    },
    {"community": 9, "criterion": "yard", "reason": "building site", "approver": "housing bureau"},
]  # fmt: skip


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    """A row is a waiver of one community; a blank end is open, a blank place is the whole line."""
    (tmp_path / "w.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "w.json").write_text(json.dumps(ROWS), encoding="utf-8")

    for name in ("w.csv", "w.json"):
        assert {"north": (LIFT,), "9": (YARD,)} == dict(civrules.read_waivers(tmp_path / name))


def test_every_problem_comes_with_its_row_and_column(tmp_path: Path) -> None:
    """What a row lacks or says wrongly is said of all rows at once."""
    (tmp_path / "w.csv").write_text(
        "community,criterion,reason,approver,first,last\n"
        "north,lift,,bureau,1 May,\n"
        ",yard,site,bureau,2031-02-01,2031-01-01\n"
        "north,yard,site,bureau,2031-02-01,2031-01-01\n",
        encoding="utf-8",
    )

    with pytest.raises(InvalidInput) as caught:
        civrules.read_waivers(tmp_path / "w.csv")

    assert [
        ("no-value", ("w.csv", 2, "reason")),
        ("bad-day", ("w.csv", 2, "first")),
        ("no-value", ("w.csv", 3, "community")),
        ("first-after-last", ("w.csv", 4)),
    ] == [(problem.code, problem.where) for problem in caught.value.problems]


def test_columns_that_lack_or_are_misspelt_are_named(tmp_path: Path) -> None:
    """A waiver without an approver is none, and a column that nobody knows is refused with the nearest."""
    (tmp_path / "w.csv").write_text("community,criterion,reason,until\na,b,c,2031-01-01\n", encoding="utf-8")

    with pytest.raises(InvalidInput) as caught:
        civrules.read_waivers(tmp_path / "w.csv")

    assert [("no-column", "approver"), ("unknown-key", "until")] == [
        (problem.code, problem.value) for problem in caught.value.problems
    ]


class TestCommands:
    """`--waivers FILE`, wherever a table of observations is scored."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A sheet of two lines, a community that fails one, and its waiver."""
        text = sheet(criterion("lift", points=4), criterion("yard", points=6))
        (tmp_path / "sheet.toml").write_text(text, encoding="utf-8")
        (tmp_path / "seen.csv").write_text("community,lift,yard\nnorth,no,yes\n", encoding="utf-8")
        (tmp_path / "w.csv").write_text(
            "community,criterion,reason,approver,first,last\n"
            "north,lift,being replaced,bureau,2031-01-01,2031-12-31\n"
            "norht,yard,site,bureau,2031-01-01,2031-12-31\n",
            encoding="utf-8",
        )
        return tmp_path

    def ran(self, folder: Path, command: str, *more: str) -> Result:
        """What the command says of the sheet with the waivers."""
        files = [str(folder / name) for name in ("sheet.toml", "seen.csv")]
        given = ["--waivers", str(folder / "w.csv"), "--on", "2031-06-30", *more]
        return CliRunner().invoke(main, [command, *files, *given])

    def test_evaluate_gives_full_points(self, folder: Path) -> None:
        """The waived line earns its 4 points; a waiver of nobody here is told, with the nearest id."""
        result = self.ran(folder, "evaluate", "--format", "json")

        assert ("north", "10") == tuple(json.loads(result.stdout)[0][key] for key in ("community", "score"))
        assert 'a waiver is for "norht", of which nothing stands in seen.csv; did you mean "north"?\n' == result.stderr

    def test_explain_says_what_it_is_without(self, folder: Path) -> None:
        """The explanation gives the score without waivers too."""
        result = self.ran(folder, "explain", "--community", "north", "--lang", "en")

        assert "Without waivers: 6" in result.stdout

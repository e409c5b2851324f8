"""The demonstration: a made-up table, and a host's walk through it."""

import csv
import json
import runpy
from importlib import resources
from pathlib import Path

import pytest

from civrules_residential import demo
from civrules_residential.demo import __main__ as host

TABLE = resources.files(demo) / "compounds-quarter.synthetic.csv"


def test_the_table_is_what_the_script_makes() -> None:
    """Seeded and exact, so the same bytes on every machine."""
    script = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "make_demo_table.py"))

    assert script["table"]().encode() == TABLE.read_bytes()


def test_the_table_holds_92_compounds_two_without_a_survey() -> None:
    """Ids are compound-01 to compound-92, and no mark has more than two decimals."""
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))

    assert [row["community"] for row in rows] == [f"compound-{number:02}" for number in range(1, 93)]
    assert sum(not row["satisfaction"] for row in rows) == 2
    assert all(len(row[mark].partition(".")[2]) <= 2 for row in rows for mark in ("check", "satisfaction"))


def test_the_demonstration_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two compounds share place 10 at either end, so eleven get each flag; the results are written."""
    host.main([str(tmp_path)])

    printed = capsys.readouterr().out.strip()
    ranked, red, yellow = (block.splitlines() for block in printed.split("\n\n")[:3])
    assert len(ranked) == 1 + 90 + 2
    assert (len(red), len(yellow)) == (1 + 11, 1 + 11)
    with (tmp_path / "quarter.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 92
    assert json.loads((tmp_path / "quarter.json").read_text(encoding="utf-8"))

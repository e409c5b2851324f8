"""evaluate --record and replay: the same answer from the same record."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from civrules.cli import main

TABLE = "community,check,satisfaction\nnorth,84,90\nsouth,91.5,76\n"


@pytest.fixture
def records(tmp_path: Path) -> list[Path]:
    """The records of two compounds' quarter: 0.7 x 84 + 0.3 x 90 = 85.8, and 0.7 x 91.5 + 0.3 x 76 = 86.85."""
    (tmp_path / "quarter.csv").write_text(TABLE, encoding="utf-8")
    command = ["evaluate", "residential/guannan-quarter", str(tmp_path / "quarter.csv"), "--period", "2031-Q1"]
    run = CliRunner().invoke(main, [*command, "--record", str(tmp_path / "records")])
    assert (0, "") == (run.exit_code, run.stderr)
    return sorted((tmp_path / "records").iterdir())


def test_a_record_for_every_community(records: list[Path]) -> None:
    """Each record is named after its community and holds its score."""
    assert ["north", "south"] == [file.name.partition("-")[0] for file in records]
    assert ['"score":"85.8"', '"score":"86.85"'] == [
        text
        for file, text in zip(records, ('"score":"85.8"', '"score":"86.85"'), strict=True)
        if text in file.read_text("utf-8")
    ]


def test_equal_records_end_with_0(records: list[Path]) -> None:
    """Nothing differs."""
    run = CliRunner().invoke(main, ["replay", *map(str, records)])
    assert 0 == run.exit_code
    assert [f"{file.name}: equal" for file in records] == run.stdout.splitlines()


def test_a_changed_figure_ends_with_1(records: list[Path]) -> None:
    """A score changed by hand is named, in the language asked for."""
    records[0].write_text(records[0].read_text("utf-8").replace('"score":"85.8"', '"score":"90"'), encoding="utf-8")
    run = CliRunner().invoke(main, ["replay", "--lang", "zh", str(records[0])])
    assert (1, f"{records[0].name}: result › score：原为90，现为85.8\n") == (run.exit_code, run.stdout)


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    """Another file, and none at all, are refused with a problem."""
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    for name in ("other.json", "none.json"):
        run = CliRunner().invoke(main, ["replay", str(tmp_path / name)])
        assert 1 == run.exit_code
        assert run.stderr.startswith(name)

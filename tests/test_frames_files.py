"""From files to a file: what is written, what is rejected and why, and that nothing half-done is left."""

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import line, sheet

import civrules
from civrules import InvalidInput, Rounding, cli, frames, read_table
from civrules.frames.engines import Polars
from civrules.frames.sources import sheet_of
from civrules.measures import Check, Linear

SHEET = sheet(
    line("lit", Check(), 4),
    line("tidy", Linear(zero_at=0, full_at=10), 6, range=(0, 10)),
    rounding=Rounding(criterion=2, total=2),
)
ENGINES = ("polars", "duckdb")
DIRTY = "community,lit,tidy\na,yes,5\nb,perhaps,11\n,no,2\n\nc,no\nd,n/a: none,7\n,,\ne,1,10,9\nf,,3.5\n"
fewer = settings(max_examples=settings().max_examples // 5)
CELLS = st.sampled_from(["yes", "no", "", "5", "11", "x", "n/a: none", " 3 ", '"7"', '"y\nes"', "2,5"])


def rows(path: Path) -> list[dict[str, str]]:
    """A table's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, text: str = DIRTY, name: str = "in.csv") -> Path:
    """A file with the text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_with_a_problem_stand_beside_the_result_and_say_why(engine: Any, tmp_path: Path) -> None:
    """Every reject has its line in the file, community, column, value, code and reason; the others are scored."""
    made = frames.evaluate_files(SHEET, write(tmp_path), out=tmp_path / "out.csv", engine=engine)
    assert (made.read, made.written, made.rejected) == (7, 3, 4)
    assert [(row["community"], row["score"]) for row in rows(tmp_path / "out.csv")] == [
        ("a", "7.00"), ("d", "7.00"), ("f", "2.10"),
    ]  # fmt: skip
    assert made.rejects is not None
    found = [tuple(row.values()) for row in rows(made.rejects)]
    assert [one[:-1] for one in found] == [
        ("in.csv", "3", "b", "lit", "perhaps", "not-yes-no"),
        ("in.csv", "3", "b", "tidy", "11", "out-of-range"),
        ("in.csv", "4", "", "community", "", "no-id"),
        ("in.csv", "6", "c", "", "2", "row-length"),
        ("in.csv", "9", "e", "", "4", "row-length"),
    ]
    assert found[0][-1] == '"perhaps" is not yes or no'


@pytest.mark.parametrize("engine", ENGINES)
def test_parquet_to_parquet(engine: Any, tmp_path: Path) -> None:
    """Several files that a pattern names are one table; rows are numbered in their own file, figures are decimals."""
    for name, lit in (("a", [True, None]), ("b", [True, False])):
        made = pl.DataFrame({"id": [f"{name}1", f"{name}2"], "lit": lit, "tidy": [0.5, 11.5]})
        made.write_parquet(tmp_path / f"{name}.parquet")
    out = tmp_path / "out" / "result.parquet"
    out.parent.mkdir()
    done = frames.evaluate_files(SHEET, str(tmp_path / "?.parquet"), out=out, id="id", engine=engine, lines=True)
    result = pl.read_parquet(out)
    assert result["id"].to_list() == ["a1", "b1"]
    assert result["points:tidy"].to_list() == [Decimal("0.30"), Decimal("0.30")]
    assert done.reasons == {"out-of-range": 2}
    assert done.rejects == out.parent / "result.rejects.csv"
    assert [(row["file"], row["row"], row["value"]) for row in rows(done.rejects)] == [
        ("a.parquet", "2", "11.5"), ("b.parquet", "2", "11.5"),
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_long_files_reject_communities(engine: Any, tmp_path: Path) -> None:
    """In a long file a community with a wrong row is rejected, and its wrong rows are named."""
    text = "community,criterion,value\na,lit,yes\nb,lit,perhaps\na,tidy,5\nb,tidy,5\nc,lit\nc,tidy,4\n"
    made = frames.evaluate_files(SHEET, write(tmp_path, text), out=tmp_path / "out.csv", engine=engine)
    assert (made.read, made.written, made.rejected) == (3, 1, 2)
    assert [row["score"] for row in rows(tmp_path / "out.csv")] == ["7.00"]
    assert made.rejects is not None
    assert [(row["row"], row["community"], row["column"], row["value"], row["code"]) for row in rows(made.rejects)] == [
        ("3", "b", "value", "perhaps", "not-yes-no"), ("6", "c", "", "2", "row-length"),
    ]  # fmt: skip


@given(table=st.lists(st.tuples(st.sampled_from(["a", "b", "", "=c"]), CELLS, CELLS), max_size=8))
@fewer
def test_rows_in_are_rows_out_and_rejects(table: list[tuple[str, str, str]]) -> None:
    """However dirty a table is, every row that says anything is written or rejected, and rejects are named by line."""
    text = "community,lit,tidy\n" + "".join(f"{','.join(row)}\n" for row in table)
    with TemporaryDirectory() as folder:
        path = write(Path(folder), text)
        made = frames.evaluate_files(SHEET, path, out=Path(folder) / "out.csv")
        said = [row for row in csv.reader(text.splitlines(keepends=True)[1:]) if any(cell.strip() for cell in row)]
        rejected = {row["row"] for row in rows(made.rejects)} if made.rejects else set()
        written = len(rows(made.out))
    assert (made.read, made.written, made.rejected) == (len(said), written, len(rejected))
    assert made.read == made.written + made.rejected


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_csv_gives_the_same_figures_one_by_one(engine: Any, tmp_path: Path) -> None:
    """What a CSV says is read alike: figures of files are those of `read_table` and `evaluate`."""
    text = '\ufeffcommunity;lit;tidy;note\n\n a ;是;5;x\nb;N/A： none;07;\n\n=c;; 3.50 ;"p\nq"\n'.replace("3.50", "3")
    path = write(tmp_path, text)
    table = read_table(path, SHEET, ignore=True)
    program = civrules.compile(SHEET)
    frames.evaluate_files(SHEET, path, out=tmp_path / "out.csv", engine=engine, ignore=True, strict=True)
    result = rows(tmp_path / "out.csv")
    assert [row["community"] for row in result] == ["a", "b", "'=c"]
    for row, community in zip(result, table.communities, strict=True):
        one = program.evaluate(community, table.observations[community.id])
        assert _figure(row["score"]) == one.score
        assert Decimal(row["coverage"]) == one.coverage
        assert one.bounds is not None
        assert (_figure(row["low"]), _figure(row["high"])) == (one.bounds.low, one.bounds.high)


def _figure(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def test_strict_refuses_and_writes_nothing(tmp_path: Path) -> None:
    """With strict the first problems are said, in their rows and columns, and the folder is as it was."""
    path = write(tmp_path)
    with pytest.raises(InvalidInput) as raised:
        frames.evaluate_files(SHEET, path, out=tmp_path / "out.csv", strict=True)
    assert [problem.where for problem in raised.value.problems][:2] == [("in.csv", 3, "lit"), ("in.csv", 3, "tidy")]
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_that_ends_midway_leaves_the_earlier_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends a run, no half-written file and no file of the run's own is left, and an earlier result stays."""
    path, out = write(tmp_path), write(tmp_path, "earlier", "out.csv")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Polars, "wrong", stopped)
    with pytest.raises(KeyboardInterrupt):
        frames.evaluate_files(SHEET, path, out=out)
    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(tmp_path.iterdir()) == [path, out]


def test_rejects_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """A run without rejects has no file of rejects, whatever the run before had."""
    earlier = write(tmp_path, "earlier", "out.rejects.csv")
    made = frames.evaluate_files(SHEET, write(tmp_path, "community,lit\na,yes\n"), out=tmp_path / "out.csv")
    assert (made.rejects, earlier.exists()) == (None, False)


@pytest.mark.parametrize(
    "words, code",
    [
        ({"out": "in.csv"}, "would-overwrite"),
        ({"out": "out.csv", "rejects": "in.csv"}, "would-overwrite"),
        ({"out": "out.csv", "rejects": "out.csv"}, "would-overwrite"),
        ({"out": "out.xlsx"}, "unknown-word"),
        ({"out": "nowhere/out.csv"}, "unwritable"),
        ({"out": "out.csv", "engine": "abacus"}, "unknown-word"),
    ],
)
def test_what_cannot_be_written_to_is_refused(words: dict[str, Any], code: str, tmp_path: Path) -> None:
    """Inputs are never overwritten, and endings that are not known are refused."""
    path = write(tmp_path)
    named = {name: tmp_path / word if name != "engine" else word for name, word in words.items()}
    with pytest.raises(InvalidInput) as raised:
        frames.evaluate_files(SHEET, path, **named)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "files, code",
    [
        ({}, "unreadable"),
        ({"a.csv": "community,lit\na,yes\n", "b.csv": "community,tidy\na,1\n"}, "other-columns"),
        ({"a.csv": "community,lit\na,yes\n", "b.parquet": ""}, "two-formats"),
        ({"a.json": "[]"}, "unknown-word"),
        ({"a.csv": "community,lit,lot\na,yes,1\n"}, "unknown-column"),
        ({"a.parquet": "no"}, "engine-stopped"),
        ({"a.csv": 'community,lit\n"a"b,yes\n'}, "not-a-table"),
    ],
)
def test_files_that_cannot_be_read_are_refused(files: dict[str, str], code: str, tmp_path: Path) -> None:
    """What is wrong with the files as a whole refuses the run, in words."""
    for name, text in files.items():
        write(tmp_path, text, name)
    with pytest.raises(InvalidInput) as raised:
        frames.evaluate_files(SHEET, str(tmp_path / "*.*"), out=tmp_path / "out.csv")
    assert {problem.code for problem in raised.value.problems} == {code}


def test_progress_is_told_in_rows(tmp_path: Path) -> None:
    """The last that is told is that all rows are done."""
    told: list[tuple[int, int | None]] = []
    frames.evaluate_files(SHEET, write(tmp_path), out=tmp_path / "out.csv", progress=lambda *done: told.append(done))
    assert told[-1] == (7, 7)


@pytest.mark.parametrize("counts_empty", [True, False])
def test_records_are_found_on_their_lines(counts_empty: bool, tmp_path: Path) -> None:
    """Quoted ends of lines and empty lines move the records behind them."""
    path = write(tmp_path, 'a,b\n\n1,"x\ny"\n2,3\n\n\n4,5\n6\n')
    sheet = sheet_of(path, counts_empty=counts_empty)
    whole = [record for record in range(sheet.records) if record not in sheet.blank]
    assert [sheet.line(record) for record in whole] == [3, 5, 8, 9]
    assert list(sheet.ragged) == whole[-1:]


def run(*arguments: object) -> Result:
    """What a command printed, and how it ended."""
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


QUARTER = "residential/guannan-quarter"


def test_the_command_scores_in_bulk_as_it_does_one_by_one(tmp_path: Path) -> None:
    """With an engine the same CSV gives the same figures as without."""
    path = write(tmp_path, "community,check,satisfaction\nb,84,90\na,91.5,76\nc,88,\n")
    assert run("evaluate", QUARTER, path, "--out", tmp_path / "one.csv").exit_code == 0
    done = run("evaluate", QUARTER, path, "--out", tmp_path / "many.csv", "--engine", "polars")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "many.csv: 3 of 3 rows are written\n")
    for one, many in zip(rows(tmp_path / "one.csv"), rows(tmp_path / "many.csv"), strict=True):
        del one["rank"]
        assert {name: _plain(cell) for name, cell in one.items()} == {name: _plain(cell) for name, cell in many.items()}


def _plain(cell: str) -> Decimal | str:
    try:
        return Decimal(cell)
    except ArithmeticError:
        return cell


def test_the_command_says_that_rows_were_rejected(tmp_path: Path) -> None:
    """Parquet is scored in bulk; a rejected row is counted, and the run ends with 3, or with 1 where it is strict."""
    pl.DataFrame({"community": ["a", "b"], "check": [84, 101]}).write_parquet(tmp_path / "in.parquet")
    asked = ("evaluate", QUARTER, tmp_path / "*.parquet", "--out", tmp_path / "out.parquet")
    done = run(*asked, "--strict")
    assert (done.exit_code, (tmp_path / "out.parquet").exists()) == (1, False)
    assert done.stderr.startswith("in.parquet › row 2 › check: ")
    done = run(*asked)
    assert (done.exit_code, done.stderr) == (
        3, "out.parquet: 1 of 2 rows are written\nout.rejects.csv: 1 rows are rejected: out-of-range 1\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "options", [("--strict",), ("--engine", "duckdb"), ("--engine", "polars", "--out", "o.csv", "--attribute", "kind")]
)
def test_options_of_the_other_way_are_refused(options: tuple[str, ...], tmp_path: Path) -> None:
    """What means nothing one by one, or cannot be had in bulk, is wrong usage."""
    path = write(tmp_path, "community,check,satisfaction\nb,84,90\n")
    assert run("evaluate", QUARTER, path, *options).exit_code == 2

"""Spark agrees with the single engine to the last digit, on a fixed set that covers every measure and policy."""

import csv
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy
from long_tables import Long, long_tables
from sheets import line, sheet
from test_frames_long import BACKENDS, evaluated
from test_frames_long import check as check_long
from test_frames_parity import check as check_wide
from test_frames_parity import runnable
from wide_tables import Wide, wide_tables

from civrules import Rounding, Section, Standard, frames
from civrules.measures import Check, Linear

pytest.importorskip("pyspark", reason="pyspark is not installed here; `make test-spark` installs and runs it")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

MEASURES = {"check", "checklist", "levels", "tiers", "linear", "shortfall", "findings", "marks", "event"}
WIDE = {
    *(("measure", kind) for kind in MEASURES),
    *(("missing", word) for word in ("worst", "rescale", "hold", "refuse")),
    *(("not applicable", word) for word in ("rescale", "full", "refuse")),
    *(("rescale", word) for word in ("total", "section")),
    *(("combine", word) for word in ("sum", "weighted", "mean", "worst")),
    *(("mode", word) for word in ("half-up", "half-even", "down", "up")),
    *(("direction", word) for word in ("merits", "demerits")),
    *(("gate", word) for word in ("zero", "score", "grade_at_most", "grade", "ineligible")),
    *(("strength", word) for word in ("must", "should", "informative")),
    ("role", "adjustment"),
}
LONG = {*(("measure", kind) for kind in MEASURES), *(("pool", word) for word in ("latest", "sum"))}

Drawn = TypeVar("Drawn", Wide, Long)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A local session of two cores; a whole program in one generated method is beyond what the JVM compiles."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("civrules")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
    }.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()


def features(standard: Standard) -> set[tuple[str, str]]:
    """The measures and policies that the standard uses."""
    found: set[tuple[str, str]] = {
        ("direction", standard.direction),
        ("mode", standard.rounding.mode),
        ("rescale", standard.rescale),
    }
    found |= {("missing", standard.when_missing), ("not applicable", standard.when_not_applicable)}
    found |= {("gate", effect) for gate in standard.gates for effect in gate.then}
    for section in _sections(standard.sections):
        found |= {("combine", section.combine), ("role", section.role)}
    for one in standard.criteria.values():
        found |= {("measure", one.measure.kind), ("strength", one.strength), ("pool", str(one.pool))}
        found |= {("missing", str(one.missing)), ("not applicable", str(one.not_applicable))}
    return found


def _sections(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def covering(
    drawn: SearchStrategy[Drawn], wanted: set[tuple[str, str]], usable: Callable[[Drawn], object]
) -> list[Drawn]:
    """Of the same thousand examples every time those that show something wanted that none before them did.

    A plan takes Spark seconds, and drawing a table takes milliseconds.
    """
    chosen: list[Drawn] = []
    lacking = set(wanted)

    @settings(max_examples=1_000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(drawn)
    def choose(one: Drawn) -> None:
        if features(one.standard) & lacking:
            usable(one)
            lacking.difference_update(features(one.standard))
            chosen.append(one)

    choose()
    assert lacking == set()
    return chosen


def wide_frame(wide: Wide, session: Any) -> Any:
    """The table with a column of ids, for Spark."""
    types = {"text": "string", "whole": "bigint", "float": "double", "truth": "boolean"}
    schema = ", ".join(["community string", *(f"`{name}` {types[kind]}" for name, (kind, _) in wide.columns.items())])
    ids = (f"c{place}" for place in range(wide.height))
    return session.createDataFrame(list(zip(ids, *(cells for _, cells in wide.columns.values()), strict=True)), schema)


def long_frame(long: Long, session: Any) -> Any:
    """The rows for Spark."""
    schema = ", ".join(f"`{name}` string" for name in long.columns)
    made = session.createDataFrame([tuple(row.get(name) for name in long.columns) for row in long.rows], schema)
    return made.withColumn("at", made["at"].cast("date")) if long.dates and "at" in long.columns else made


def test_wide_frames(session: Any) -> None:
    """Sound and unsound rows come out as from the single engine, under every measure and policy."""
    for wide in covering(wide_tables(unsound=True), WIDE, runnable):
        check_wide(wide, wide_frame(wide, session), bounds=True)


def test_long_frames(session: Any) -> None:
    """Communities of which several looks say all come out as from the single engine."""
    for long in covering(long_tables(unsound=True), LONG, lambda one: evaluated(one, BACKENDS["polars"](one))):
        check_long(long, long_frame(long, session))


SHEET = sheet(
    line("lit", Check(), 4),
    line("tidy", Linear(zero_at=0, full_at=10), 6, range=(0, 10)),
    rounding=Rounding(criterion=2, total=2),
)


def test_decimals(session: Any) -> None:
    """On request the figures are decimals: 4 points and 3 of 6 for half of the way."""
    made = frames.evaluate(
        SHEET, session.createDataFrame([("a", True, 5.0)], "community string, lit boolean, tidy double")
    )
    assert [Decimal("7.00")] == [row["score"] for row in frames.decimals(made, SHEET).collect()]


@pytest.mark.usefixtures("session")
def test_files(tmp_path: Path) -> None:
    """Sound rows are written to a folder; what is wrong with the others stands beside it, by community and column."""
    (tmp_path / "in.csv").write_text("community,lit,tidy\na,yes,5\nb,perhaps,11\nf,,3.5\n", encoding="utf-8")
    made = frames.evaluate_files(SHEET, tmp_path / "in.csv", out=tmp_path / "out.parquet", engine="spark")
    assert (3, 2, 1) == (made.read, made.written, made.rejected)
    result = pl.read_parquet(tmp_path / "out.parquet" / "*.parquet").sort("community")
    assert [("a", Decimal("7.00")), ("f", Decimal("2.10"))] == result.select("community", "score").rows()
    assert made.rejects is not None
    with made.rejects.open(encoding="utf-8", newline="") as file:
        found = [(row["community"], row["column"], row["value"], row["code"]) for row in csv.DictReader(file)]
    assert [("b", "lit", "perhaps", "not-yes-no"), ("b", "tidy", "11", "out-of-range")] == sorted(found)

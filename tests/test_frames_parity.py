"""The bulk engine and the single engine agree to the last digit, on every backend."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from wide_tables import Wide, sayable, wide_tables

import civrules
from civrules import Community, Evaluation, InvalidInput, frames
from civrules.frames.columns import columns_of
from civrules.scoring.bound_formulas import bound_formulas
from civrules.scoring.wide import Columns

few = settings(max_examples=settings().max_examples // 2)
fewer = settings(max_examples=settings().max_examples // 10)
"""A plan of hundreds of columns takes some backends a second to make."""
_POLARS = {"text": pl.String, "whole": pl.Int64, "float": pl.Float64, "truth": pl.Boolean}
_ARROW = {"text": pa.string(), "whole": pa.int64(), "float": pa.float64(), "truth": pa.bool_()}


def to_polars(wide: Wide) -> pl.DataFrame:
    """The table with a column of ids, for Polars."""
    ids = [f"c{place}" for place in range(wide.height)]
    made = {name: pl.Series(name, cells, dtype=_POLARS[kind]) for name, (kind, cells) in wide.columns.items()}
    return pl.DataFrame({"community": ids} | made)


def to_arrow(wide: Wide) -> pa.Table:
    """The table for PyArrow."""
    ids = [f"c{place}" for place in range(wide.height)]
    made = {name: pa.array(cells, type=_ARROW[kind]) for name, (kind, cells) in wide.columns.items()}
    return pa.table({"community": ids} | made)


def to_pandas(wide: Wide) -> pd.DataFrame:
    """The table for pandas as NumPy would have it: gaps turn whole numbers to floats and yes/no to objects."""
    ids = [f"c{place}" for place in range(wide.height)]
    return pd.DataFrame({"community": ids} | {name: pd.Series(cells) for name, (_, cells) in wide.columns.items()})


def to_duckdb(wide: Wide) -> duckdb.DuckDBPyRelation:
    """The table for DuckDB."""
    return duckdb.connect().from_arrow(to_arrow(wide))


BACKENDS: dict[str, Callable[[Wide], Any]] = {
    "polars": to_polars,
    "polars-lazy": lambda wide: to_polars(wide).lazy(),
    "pandas": to_pandas,
    "pandas-arrow": lambda wide: to_arrow(wide).to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": to_arrow,
    "duckdb": to_duckdb,
}


def rows_of(result: Any) -> list[dict[str, Any]]:
    """The rows of any backend's result, with None for every gap, by community."""
    if isinstance(result, pl.LazyFrame):
        result = result.collect()
    if isinstance(result, duckdb.DuckDBPyRelation):
        result = result.to_arrow_table()
    if hasattr(result, "sparkSession"):
        result = pl.DataFrame([row.asDict() for row in result.collect()], infer_schema_length=None)
    if isinstance(result, pd.DataFrame):
        rows = result.astype(object).where(result.notna(), None).to_dict("records")
    else:
        rows = result.to_dicts() if isinstance(result, pl.DataFrame) else result.to_pylist()
    return sorted(rows, key=lambda row: int(row["community"][1:]))


def one_by_one(wide: Wide) -> list[Evaluation | set[str]]:
    """What the single engine makes of every row: an evaluation, or the codes of what is wrong with it."""
    program = civrules.compile(wide.standard)
    by_criterion = columns_of(program, {"community": None, **wide.columns}, "community")
    order = list(wide.columns)
    blank = wide.standard.table.blank
    readers = [
        Columns(program.by_id[name], {suffix: order.index(column) for suffix, column in places.items()},
                blank.not_applicable if blank else None)
        for name, places in by_criterion.items()
    ]  # fmt: skip
    return [
        _one(program, wide, [reader.answer(_row(wide, place)) for reader in readers]) for place in range(wide.height)
    ]


def _row(wide: Wide, place: int) -> list[Any]:
    cells = [cells[place] for _, cells in wide.columns.values()]
    return [Decimal(repr(cell)) if isinstance(cell, float) else cell for cell in cells]


def _one(program: Any, wide: Wide, answers: list[Any]) -> Evaluation | set[str]:
    wrong = {problem.code for answer in answers if isinstance(answer, tuple) for problem in answer}
    if wrong:
        return wrong
    looks = [answer for answer in answers if answer is not None]
    try:
        made: Evaluation = program.evaluate(Community("c"), looks, on=wide.on, period=wide.period)
    except InvalidInput as error:
        return {problem.code for problem in error.problems}
    return made


def expected(evaluation: Evaluation, *, bounds: bool) -> dict[str, Any]:
    """The row of the result that the evaluation stands for."""
    unit = frames.unit(evaluation.program.standard)
    ends = evaluation.bounds if bounds else None
    row = {
        "score": _units(evaluation.score, unit),
        "coverage": int(evaluation.coverage * 10**4),
        "grade": evaluation.grade,
        "problem": None,
    }
    if bounds:
        row |= {
            "low": _units(ends.low, unit) if ends else None, "high": _units(ends.high, unit) if ends else None,
            "grade_low": ends.grade_low if ends else None, "grade_high": ends.grade_high if ends else None,
        }  # fmt: skip
    return row


def _units(figure: Decimal | None, unit: Decimal) -> int | None:
    return None if figure is None else int(figure / unit)


def check(wide: Wide, frame: Any, *, bounds: bool) -> None:
    """Every row of the bulk engine's result is what the single engine says."""
    bounds = bounds and bounded(wide)
    made = frames.evaluate(wide.standard, frame, on=wide.on, period=wide.period, bounds=bounds)
    result = rows_of(made)
    assert len(result) == wide.height
    for row, one in zip(result, one_by_one(wide), strict=True):
        del row["community"]
        if isinstance(one, Evaluation):
            assert row == expected(one, bounds=bounds)
        else:
            assert row.pop("problem") in one
            assert set(row.values()) == {None}


def bounded(wide: Wide) -> bool:
    """Whether no gate moves the score by what may be missing."""
    program = civrules.compile(wide.standard)
    try:
        return bound_formulas(program, program.formulas) is not None
    except InvalidInput:
        return False


def runnable(wide: Wide) -> None:
    """Pass over what cannot be asked of a wide frame."""
    assume(wide.columns)
    assume(sayable(wide.standard))
    assume(civrules.compile(wide.standard).magnitude < 2**53)


@given(wide=wide_tables())
@few
def test_sound_rows(wide: Wide) -> None:
    """Every figure and grade of sound rows is the single engine's."""
    runnable(wide)
    check(wide, to_polars(wide), bounds=True)


@given(wide=wide_tables(gaps=True))
@few
def test_bounds_of_rows_with_gaps(wide: Wide) -> None:
    """Both ends of what is missing, and the grades there, are the single engine's."""
    runnable(wide)
    check(wide, to_polars(wide), bounds=True)


@given(wide=wide_tables(unsound=True))
@few
def test_unsound_rows(wide: Wide) -> None:
    """What is wrong with a row is said by a code that the single engine says of it too; its figures are null."""
    runnable(wide)
    check(wide, to_polars(wide), bounds=True)


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "polars"])
@given(wide=wide_tables(unsound=True))
@fewer
def test_every_backend(backend: str, wide: Wide) -> None:
    """Sound and unsound rows come out alike on every backend."""
    runnable(wide)
    check(wide, BACKENDS[backend](wide), bounds=True)

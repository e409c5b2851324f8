"""Long frames and the single engine agree to the last digit, on every backend."""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import Phase, assume, given, settings
from long_tables import Long, long_tables
from test_frames_parity import expected, rows_of

import civrules
from civrules import Evaluation, InvalidInput, frames, read_table

PHASES = (Phase.explicit, Phase.generate)
few = settings(max_examples=max(15, settings().max_examples // 10), phases=PHASES)
fewer = settings(max_examples=max(5, settings().max_examples // 40), phases=PHASES)
"""A plan of hundreds of columns takes a second to make, whatever is in them; to shrink one would take minutes."""


def _cell(long: Long, name: str, cell: Any) -> Any:
    return date.fromisoformat(cell) if name == "at" and long.dates and cell is not None else cell


def to_arrow(long: Long) -> pa.Table:
    """The rows for PyArrow."""
    types = {"at": pa.date32()} if long.dates else {}
    return pa.table({
        name: pa.array([_cell(long, name, row.get(name)) for row in long.rows], type=types.get(name, pa.string()))
        for name in long.columns
    })  # fmt: skip


def to_pandas(long: Long) -> pd.DataFrame:
    """The rows for pandas, days as NumPy has them."""
    made = {name: pd.Series([row.get(name) for row in long.rows], dtype=object) for name in long.columns}
    if long.dates and "at" in made:
        made["at"] = pd.to_datetime(made["at"])
    return pd.DataFrame(made)


BACKENDS: dict[str, Callable[[Long], Any]] = {
    "polars": lambda long: pl.from_arrow(to_arrow(long)),
    "polars-lazy": lambda long: pl.from_arrow(to_arrow(long)).lazy(),  # type: ignore[union-attr]  # a frame
    "pandas": to_pandas,
    "pandas-arrow": lambda long: to_arrow(long).to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": to_arrow,
    "duckdb": lambda long: duckdb.connect().from_arrow(to_arrow(long)),
}


@attrs.frozen
class InMemory:
    """A file that is none."""

    data: bytes
    name: str = "rows.json"

    def open(self, mode: str) -> io.BytesIO:
        """Its bytes."""
        return io.BytesIO(self.data)


def one_by_one(long: Long, community: str) -> Evaluation | set[str]:
    """What the single engine makes of the community's rows: an evaluation, or the codes of what is wrong."""
    own = [row for row in long.rows if row["community"] == community]
    blanks = dict.fromkeys(long.columns)
    source: Any = InMemory(json.dumps([{**blanks, **row} for row in own]).encode())
    try:
        table = read_table(source, long.standard, layout="long")
        return civrules.evaluate(
            long.standard, table.communities[0], table.observations[community], on=long.on, period=long.period
        )
    except InvalidInput as error:
        return {problem.code for problem in error.problems}


def evaluated(long: Long, frame: Any) -> tuple[list[dict[str, Any]], bool]:
    """The rows of the result, and whether with bounds; passes over what columns cannot say."""
    for bounds in (True, False):
        try:
            made = frames.evaluate(long.standard, frame, layout="long", on=long.on, period=long.period, bounds=bounds)
            return rows_of(made), bounds
        except InvalidInput as error:
            codes = {problem.code for problem in error.problems}
            assert codes <= {"bounds-one-by-one", "not-prepared", "beyond-exact", "needs-looks"}
    assume(False)
    raise AssertionError


def check(long: Long, frame: Any) -> None:
    """Every community's row is what the single engine says."""
    result, bounds = evaluated(long, frame)
    communities = sorted({row["community"] for row in long.rows})
    assert [row["community"] for row in result] == communities
    for row in result:
        one = one_by_one(long, row.pop("community"))
        if isinstance(one, Evaluation):
            assert row == expected(one, bounds=bounds)
        else:
            assert row.pop("problem") in one
            assert set(row.values()) == {None}


@given(long=long_tables())
@few
def test_sound_rows(long: Long) -> None:
    """Every figure and grade of several looks is the single engine's."""
    check(long, BACKENDS["polars"](long))


@given(long=long_tables(gaps=True))
@few
def test_bounds_of_rows_with_gaps(long: Long) -> None:
    """Both ends of what is missing, and the grades there, are the single engine's."""
    check(long, BACKENDS["polars"](long))


@given(long=long_tables(unsound=True))
@few
def test_unsound_rows(long: Long) -> None:
    """What is wrong with a row is said of its community by a code that the single engine says too."""
    check(long, BACKENDS["polars"](long))


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "polars"])
@given(long=long_tables(unsound=True, gaps=True))
@fewer
def test_every_backend(backend: str, long: Long) -> None:
    """Sound and unsound rows, with gaps, come out alike on every backend."""
    check(long, BACKENDS[backend](long))

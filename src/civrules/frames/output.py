"""Output: the result's columns in the caller's kind of frame."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import narwhals as nw

from civrules.errors import InvalidInput, Problem
from civrules.frames.ranking import with_rank
from civrules.frames.scored import Scored

_COVERAGE_PLACES = 4
_ORDER = ("score", "low", "high", "grade", "grade_low", "grade_high", "coverage", "rank")
_DIGITS = 38


def selected(
    table: Any, id_: str, scored: Scored, *, descending: bool, rank: bool, beside: Mapping[str, nw.Expr] | None = None
) -> Any:
    """The columns of the result, in their order, and then those `beside` it."""
    if rank:
        number, _ = scored.numbers["score"]
        table = with_rank(table, number, scored.ranked, descending=descending)
    columns = _in_order(scored, rank=rank)
    made: dict[str, nw.Expr] = {name: nw.when(there).then(number) for name, (number, there) in scored.numbers.items()}
    made |= {**scored.words, **(beside or {})}
    if rank:
        table = table.with_columns(nw.col("rank").cast(nw.Int64))
    return table.select(nw.col(id_), *(["rank"] if rank else []), **made).select(id_, *columns, *(beside or {}))


def _in_order(scored: Scored, *, rank: bool) -> list[str]:
    names = {*scored.numbers, *scored.words, *(["rank"] if rank else [])}
    points = [name for name in scored.numbers if name.startswith("points:")]
    return [*(name for name in _ORDER if name in names), *points, "problem"]


def decimal_columns(result: Any, places: int) -> Any:
    """The result with its figures as decimals."""
    frame = nw.from_native(result)
    columns = frame.collect_schema().names()
    wanted = {name: places for name in columns if name in ("score", "low", "high") or name.startswith("points:")}
    wanted |= {"coverage": _COVERAGE_PLACES} if "coverage" in columns else {}
    implementation = frame.implementation
    if implementation.is_polars():
        return _in_polars(result, wanted)
    if implementation.is_duckdb():
        return _in_sql(result, columns, wanted)
    if implementation.is_pyspark():
        return _in_spark(result, wanted)
    if implementation.is_pyarrow():
        return _in_arrow(result, wanted)
    if implementation.is_pandas():
        return _in_pandas(result, wanted)
    raise InvalidInput(
        Problem("unknown-word", ("frame",), str(implementation), "polars, pandas, pyarrow, duckdb, pyspark")
    )


def _in_polars(result: Any, wanted: dict[str, int]) -> Any:
    import polars as pl

    def scaled(name: str, places: int) -> Any:
        size = pl.col(name).abs().cast(pl.String).str.zfill(places + 1)
        text = pl.concat_str(
            pl.when(pl.col(name) < 0).then(pl.lit("-")).otherwise(pl.lit("")),
            size.str.slice(0, size.str.len_chars() - places),
            pl.lit("."),
            size.str.slice(size.str.len_chars() - places),
        )
        return text.cast(pl.Decimal(_DIGITS, places)).alias(name)

    return result.with_columns(scaled(name, places) for name, places in wanted.items())


def _in_sql(result: Any, columns: list[str], wanted: dict[str, int]) -> Any:
    def scaled(name: str) -> str:
        quoted = '"' + name.replace('"', '""') + '"'
        if name not in wanted:
            return quoted
        places = wanted[name]
        step = f"CAST('{Decimal((0, (1,), -places)):f}' AS DECIMAL({places + 1}, {places}))"
        return f"CAST({quoted} AS DECIMAL(19, 0)) * {step} AS {quoted}"

    return result.project(", ".join(map(scaled, columns)))


def _in_spark(result: Any, wanted: dict[str, int]) -> Any:
    from pyspark.sql import functions

    steps = {name: functions.lit(Decimal((0, (1,), -places))) for name, places in wanted.items()}
    return result.withColumns(
        {name: (functions.col(f"`{name}`").cast("decimal(19, 0)") * step) for name, step in steps.items()}
    )


def _in_arrow(result: Any, wanted: dict[str, int]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, places in wanted.items():
        step = pa.scalar(Decimal((0, (1,), -places)), type=pa.decimal128(places + 1, places))
        scaled = pc.multiply(result.column(name).cast(pa.decimal128(19, 0)), step)
        result = result.set_column(result.column_names.index(name), name, scaled)
    return result


def _in_pandas(result: Any, wanted: dict[str, int]) -> Any:
    import pandas as pd
    import pyarrow as pa

    made = {}
    for name, places in wanted.items():
        step = Decimal((0, (1,), -places))
        figures = [None if pd.isna(one) else int(one) * step for one in result[name]]
        column = pa.array(figures, type=pa.decimal128(_DIGITS, places))
        made[name] = pd.Series(pd.arrays.ArrowExtensionArray(column), index=result.index)
    return result.assign(**made)

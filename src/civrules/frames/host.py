"""Hosts: the caller's kinds of frame. What is in memory is worked on by Polars and comes back as it was.

So every kind has whole numbers with gaps, and a plan that is worked out as one, whatever it holds its columns in.
"""

from collections.abc import Callable
from typing import Any

import narwhals as nw

Wanted = Callable[[str], bool]


class Host:
    """A kind of frame that is worked on as it is."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def lazy(self, wanted: Wanted) -> Any:
        """The frame as one that can be worked on; what columns hold that are not `wanted` need not be known."""
        return self.frame

    def back(self, result: Any) -> Any:
        """The result in the caller's kind of frame."""
        return result


class EagerPolars(Host):
    """A Polars frame that holds its rows."""

    def lazy(self, wanted: Wanted) -> Any:
        """The same rows as a plan."""
        return self.frame.lazy()

    def back(self, result: Any) -> Any:
        """The plan worked out."""
        return result.collect()


class Arrow(Host):
    """A PyArrow table."""

    def __init__(self, frame: Any, id_: str) -> None:
        super().__init__(frame)
        self._id = id_

    def lazy(self, wanted: Wanted) -> Any:
        """The table's own memory as a Polars plan."""
        import polars as pl

        names = [name for name in self.frame.column_names if wanted(name) or name == self._id]
        made = pl.from_arrow(self.frame.select(names))
        assert isinstance(made, pl.DataFrame)
        others = [name for name in self.frame.column_names if name not in names]
        return made.lazy().with_columns(pl.lit(None).alias(name) for name in others)

    def back(self, result: Any) -> Any:
        """A table with the ids' own type, and text as `string`."""
        import pyarrow as pa

        made = result.collect()
        table = made.to_arrow()
        types = {name: pa.string() for name, dtype in made.schema.items() if str(dtype) == "String"}
        types[self._id] = self.frame.schema.field(self._id).type
        for name, kind in types.items():
            place = table.column_names.index(name)
            table = table.set_column(place, name, table.column(name).cast(kind))
        return table


class Pandas(Host):
    """A pandas frame: NumPy has no whole number and no yes/no that may be missing, so they come as something else."""

    def __init__(self, frame: Any, id_: str, *, by_row: bool) -> None:
        super().__init__(frame)
        self._id = id_
        self._by_row = by_row

    def lazy(self, wanted: Wanted) -> Any:
        """The columns as Polars has them; for an id, which may be anything, the row in which it first stands."""
        import polars as pl

        made: dict[str, Any] = {}
        for name in map(str, self.frame.columns):
            if name == self._id:
                made[name] = self._rows()
            elif wanted(name):
                made[name] = pl.from_pandas(_plain(self.frame[name]))
            else:
                made[name] = pl.repeat(None, len(self.frame), eager=True)
        return pl.LazyFrame(made)

    def _rows(self) -> Any:
        import pandas as pd
        import polars as pl

        rows = pl.int_range(len(self.frame), dtype=pl.Int64, eager=True)
        if self._by_row:
            return rows
        codes = pl.Series(pd.factorize(self.frame[self._id])[0])
        first = pl.DataFrame({"code": codes, "row": rows}).select(pl.col("row").min().over("code"))["row"]
        return first.set(codes == -1, None)

    def back(self, result: Any) -> Any:
        """The result in the order of the frame: communities where they first stand, those without an id last."""
        import pandas as pd

        result = result.collect().sort(self._id, nulls_last=True)
        ids = self.frame[self._id]
        nowhere = int(ids.isna().to_numpy().argmax()) if len(ids) else 0
        held = ids.iloc[result[self._id].fill_null(nowhere).to_numpy()]
        held = held if self._by_row else held.reset_index(drop=True)
        by_arrow = any(isinstance(dtype, pd.ArrowDtype) for dtype in self.frame.dtypes)
        made = {name: _back(result[name], by_arrow=by_arrow) for name in result.columns if name != self._id}
        return pd.DataFrame({self._id: held.array, **made}, index=held.index)


def host_of(frame: Any, id_: str, *, by_row: bool) -> Host:
    """The kind of a frame; `by_row` says that each of its rows is a community."""
    if nw.dependencies.is_pandas_dataframe(frame):
        return Pandas(frame, id_, by_row=by_row)
    if nw.dependencies.is_pyarrow_table(frame):
        return Arrow(frame, id_)
    return EagerPolars(frame) if nw.dependencies.is_polars_dataframe(frame) else Host(frame)


def _plain(column: Any) -> Any:
    """A pandas column without what NumPy makes of gaps: whole numbers as floats, and yes/no as objects."""
    if column.dtype.kind == "f":
        return column.convert_dtypes() if column.hasnans else column
    if column.dtype.kind != "O":
        return column
    plain = column.convert_dtypes()
    return plain if plain.dtype != object else column.map(_text, na_action="ignore").astype("string")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def _back(column: Any, *, by_arrow: bool) -> Any:
    """A column of the result as pandas holds it, by Arrow or with a mask of its gaps."""
    import pandas as pd

    if by_arrow:
        return column.to_pandas(use_pyarrow_extension_array=True).array
    if column.dtype.is_integer():
        return pd.arrays.IntegerArray(column.fill_null(0).to_numpy(writable=True), column.is_null().to_numpy())
    return pd.array(column.to_list(), dtype="string")

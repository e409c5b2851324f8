"""Host: frames whose groups hold no whole numbers with gaps are worked on by Polars and come back as they were."""

from typing import Any

import attrs
import narwhals as nw

from civrules.frames.pandas_gaps import as_whole
from civrules.scoring.long import COLUMNS


@attrs.frozen(eq=False)
class Host:
    """The caller's kind of frame; made of nothing it leaves frames as they are."""

    id_: str = ""
    pandas: Any = None
    """A pandas frame."""
    arrow: Any = None
    """A PyArrow table."""
    eager: bool = False
    """Whether it is an eager Polars frame."""

    @classmethod
    def of(cls, frame: Any, id_: str) -> "Host":
        """The kind of the frame."""
        if nw.dependencies.is_pandas_dataframe(frame):
            return cls(id_, pandas=frame)
        if nw.dependencies.is_pyarrow_table(frame):
            return cls(id_, arrow=frame)
        return cls(id_, eager=bool(nw.dependencies.is_polars_dataframe(frame)))

    def lazy(self, frame: Any) -> Any:
        """The frame as one that can be worked on."""
        if self.pandas is not None:
            return self._of_pandas()
        if self.arrow is None:
            return frame.lazy() if self.eager else frame
        import polars as pl

        return pl.from_arrow(frame).lazy()  # type: ignore[union-attr]  # a table makes a frame

    def _of_pandas(self) -> Any:
        """The columns of the grammar as Polars has them; ids, which may be anything, as numbers."""
        import pandas as pd
        import polars as pl

        frame = self.pandas
        made = {name: _column(frame[name]) for name in frame.columns if name in COLUMNS and name != self.id_}
        if self.id_ in frame.columns:
            codes, _ = pd.factorize(frame[self.id_])
            made[self.id_] = pl.Series(self.id_, codes, dtype=pl.Int64).replace(-1, None)
        return pl.LazyFrame(made)

    def back(self, result: Any) -> Any:
        """The result in the caller's kind of frame."""
        if self.eager:
            return result.collect()
        if self.arrow is not None:
            return self._to_arrow(result.collect())
        return self._to_pandas(result.collect()) if self.pandas is not None else result

    def _to_arrow(self, result: Any) -> Any:
        import pyarrow as pa

        table = result.to_arrow()
        types = {name: pa.string() for name, dtype in result.schema.items() if str(dtype) == "String"}
        types[self.id_] = self.arrow.schema.field(self.id_).type
        for name, kind in types.items():
            place = table.column_names.index(name)
            table = table.set_column(place, name, table.column(name).cast(kind))
        return table

    def _to_pandas(self, result: Any) -> Any:
        """The result in the order in which the communities first stand in the frame, those without an id last."""
        import pandas as pd

        ids = self.pandas[self.id_]
        codes, _ = pd.factorize(ids)
        first = pd.Series(range(len(ids))).groupby(codes).first()
        result = result.sort(self.id_, nulls_last=True)
        places = [first[-1 if code is None else code] for code in result[self.id_].to_list()]
        made = {self.id_: ids.iloc[places].reset_index(drop=True)}
        by_arrow = any(isinstance(dtype, pd.ArrowDtype) for dtype in self.pandas.dtypes)
        for name in result.columns[1:]:
            column = result[name]
            if by_arrow:
                made[name] = column.to_pandas(use_pyarrow_extension_array=True)
            else:
                made[name] = pd.Series(column.to_list(), dtype="Int64" if column.dtype.is_integer() else "string")
        return pd.DataFrame(made)


def _column(column: Any) -> Any:
    """A pandas column for Polars: floats that are whole numbers as such, objects as what they hold, else as text."""
    import polars as pl

    return pl.from_pandas(as_whole(column))

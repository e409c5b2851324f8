"""Gaps in pandas: NumPy has no whole number and no yes/no that may be missing, so that they come as something else."""

from typing import Any

import narwhals as nw

from civrules.scoring.program import Program


def as_read(frame: Any, program: Program) -> Any:
    """The frame with floats that are whole numbers as whole numbers, and objects as what they hold.

    Objects of several kinds become text. Every other frame comes back as it is.
    """
    if not nw.dependencies.is_pandas_dataframe(frame):
        return frame
    columns = [name for name in frame.columns if str(name).partition(":")[0] in program.by_id]
    made = {name: as_whole(frame[name]) for name in columns if frame[name].dtype.kind in "fO"}
    return frame.assign(**made) if made else frame


def as_whole(column: Any) -> Any:
    """A column of floats that are whole numbers, with gaps, as whole numbers; one of objects as what they hold."""
    if column.dtype.kind not in "fO":
        return column
    if column.dtype.kind == "f":
        return column.convert_dtypes() if column.hasnans else column
    plain = column.convert_dtypes()
    return plain if plain.dtype != object else column.map(_text, na_action="ignore").astype("string")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)

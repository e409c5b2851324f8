"""Ranking of a frame's rows: competition ranks of those that are rated."""

from typing import Any

import narwhals as nw

from civrules.frames.plan import PREFIX, whole

_FIGURE, _MANY, _UP_TO = f"{PREFIX}figure", f"{PREFIX}many", f"{PREFIX}up-to"
_NOBODY = -(2**62)


def with_rank(table: Any, figure: nw.Expr, ranked: nw.Expr, *, descending: bool) -> Any:
    """The table with the column `rank`: 1, 2, 2, 4 by `figure` where `ranked`, else null.

    Where an engine has no order of rows, the figures are counted and the counts summed up, so that a cluster orders the
    distinct figures alone and not the rows. Elsewhere the rows stay as they are.
    """
    sign = whole(-1) if descending else whole(1)
    if not _in_sql(table.implementation):
        place = nw.when(ranked).then(figure).rank(method="min", descending=descending)
        return table.with_columns(rank=place)
    keyed = table.with_columns(**{_FIGURE: nw.when(ranked).then(figure * sign).otherwise(whole(_NOBODY))})
    counts = keyed.filter(nw.col(_FIGURE) != whole(_NOBODY)).group_by(_FIGURE).agg(**{_MANY: nw.len()})
    counts = counts.with_columns(nw.col(_MANY).cast(nw.Int64))
    summed = nw.col(_MANY).cum_sum().over(order_by=_FIGURE)
    places = counts.with_columns(**{_UP_TO: summed.cast(nw.Int64)})
    places = places.select(nw.col(_FIGURE), rank=nw.col(_UP_TO) - nw.col(_MANY) + whole(1))
    return keyed.join(places, on=_FIGURE, how="left").drop(_FIGURE)


def _in_sql(implementation: Any) -> bool:
    return bool(implementation.is_duckdb() or implementation.is_pyspark())

"""Wide tables: a standard, and rows of cells as people and machines write them, sound and unsound."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import attrs
from hypothesis import strategies as st

import civrules
from civrules import Criterion, InvalidInput, NotApplicable, Period, Ratio, Standard
from civrules.measures import Event
from civrules.scoring.wide import items_of
from civrules.testing.strategies.cases import DAYS, QUARTER, needs_day
from civrules.testing.strategies.drawing import chance, pick
from civrules.testing.strategies.standards import standards
from civrules.testing.strategies.values import report_values, value_for

Kind = Literal["text", "whole", "float", "truth"]

UNSOUND: tuple[Any, ...] = (
    "x", "95/100", "3/0", "0/0", "n/a", "n/a: yes", "N/A： none here", "1e3", "½", "-5", "101%", "12.123456", " ", "",
    "1/2", "0.00001", "5000000", "yes", " 是 ", "1", "0", "attributable", "not-attributable", "免责", "007", "-0",
    "3.50", "2.5", "1000000000000000000", "99999999999999999999", "+3", "1,5", ".5", "5.", "5%%", "n/ax",
    "100000/1000001", "good",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Wide:
    """A standard, the day, and a table: for every column its kind and its cells, None where one is blank."""

    standard: Standard
    on: date | None
    period: Period | None
    columns: dict[str, tuple[Kind, list[Any]]]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return max((len(cells) for _, cells in self.columns.values()), default=0)


@st.composite
def wide_tables(draw: st.DrawFn, *, unsound: bool = False, gaps: bool = False, rows: int = 12) -> Wide:
    """A table of some communities for a standard that one look can serve."""
    standard = draw(standards(plain=True, gaps=gaps))
    period = pick(draw, (QUARTER, None))
    on = DAYS[0] if period is None and (needs_day(standard) or chance(draw, 2)) else None
    columns: dict[str, tuple[Kind, list[Any]]] = {}
    for criterion in standard.criteria.values():
        columns |= _columns(draw, standard, criterion, rows, unsound=unsound, gaps=gaps)
    return Wide(standard=standard, on=on, period=period, columns=columns)


def sayable(standard: Standard) -> bool:
    """Whether one row can say all that the standard looks at."""
    try:
        civrules.compile(standard).slots  # noqa: B018 - what cannot be said is refused when it is asked for
    except InvalidInput:
        return False
    return True


def _columns(
    draw: st.DrawFn, standard: Standard, criterion: Criterion, rows: int, *, unsound: bool, gaps: bool
) -> dict[str, tuple[Kind, list[Any]]]:
    """The columns of one criterion; now and then it has none."""
    if chance(draw, 12):
        return {}
    suffixes = ["", ":of", ":na", *(f":{item}" for item in items_of(criterion))]
    cells: dict[str, list[Any]] = {suffix: [] for suffix in suffixes}
    split, apart = chance(draw, 2), chance(draw, 2)
    for _ in range(rows):
        row = {} if chance(draw, 3 if gaps else 8) else _cells(draw, standard, criterion, split=split, apart=apart)
        if unsound and chance(draw, 6):
            row[pick(draw, suffixes)] = pick(draw, UNSOUND)
        for suffix in suffixes:
            cells[suffix].append(row.get(suffix))
    used = {suffix: column for suffix, column in cells.items() if any(cell is not None for cell in column)}
    if ":of" in used:
        used.setdefault("", [None] * rows)
    return {f"{criterion.id}{suffix}": _typed(draw, column) for suffix, column in used.items()}


def _cells(draw: st.DrawFn, standard: Standard, criterion: Criterion, *, split: bool, apart: bool) -> dict[str, Any]:
    """One value as cells, by what follows the criterion's name."""
    if isinstance(criterion.measure, Event):
        return {"": pick(draw, report_values(standard, criterion, criterion.measure, whole=False))}
    value = value_for(draw, standard, criterion, QUARTER)
    if isinstance(value, NotApplicable):
        return {":na": value.reason} if apart else {"": f"n/a: {value.reason}"}
    if isinstance(value, Ratio):
        n, of = value.read()
        return {"": n, ":of": of} if split else {"": f"{n}/{of}"}
    if not isinstance(value, dict):
        return {"": value}
    said = {f":{name}": f"n/a: {one.reason}" if isinstance(one, NotApplicable) else one for name, one in value.items()}
    # A row says n of m of an item only where that is a figure, and nowhere how many were attributable.
    return {name: one for name, one in said.items() if not isinstance(one, Ratio | dict)}


def _typed(draw: st.DrawFn, cells: Sequence[Any]) -> tuple[Kind, list[Any]]:
    """The cells of one column as one type that holds them all."""
    given = [cell for cell in cells if cell is not None]
    kinds: list[Kind] = ["text"]
    if all(isinstance(cell, bool) for cell in given):
        kinds.append("truth")
    elif all(isinstance(cell, int) and not isinstance(cell, bool) for cell in given):
        kinds.append("whole")
    elif all(isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) for cell in given):
        kinds.append("float")
    kind = pick(draw, kinds)
    if kind == "float" and all(float(cell).is_integer() for cell in given):
        kind = "text"  # a column of whole numbers with gaps comes as floats from NumPy, and is read as whole numbers
    as_kind: dict[Kind, Any] = {"text": _text, "whole": int, "float": float, "truth": bool}
    return kind, [None if cell is None else as_kind[kind](cell) for cell in cells]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float | Decimal):
        return f"{Decimal(str(cell)):f}"
    return str(cell)

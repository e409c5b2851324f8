"""Long tables: a standard, and rows of what several looks saw at some communities, sound and unsound."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st
from wide_tables import UNSOUND

from civrules import Community, NotApplicable, Observation, Period, Ratio, Standard
from civrules.testing.strategies.cases import DAYS, PERIODS, QUARTER, Case, looks_at, needs_day
from civrules.testing.strategies.drawing import chance, pick, up_to
from civrules.testing.strategies.standards import standards

Row = dict[str, Any]

_MISTAKES: tuple[tuple[str, Any], ...] = (
    ("criterion", "c99"), ("criterion", None), ("item", "no-such"), ("item", None), ("at", "2031-02-30"),
    ("at", "2031-3-1"), ("method", "phone"), ("attributable", "perhaps"), ("attributable", "yes"), ("of", "7"),
    ("of", "x"), ("of", "0"), ("of", "2.5"), ("of", "5.0"), ("na", "none here"), ("na", "yes"), ("by", "a\u200eb"),
    ("evidence", "p1; p2"), ("value", None),
)  # fmt: skip


@attrs.frozen(kw_only=True)
class Long:
    """A standard, the days, and rows: a cell for some of the columns of long tables."""

    standard: Standard
    on: date | None
    period: Period | None
    rows: tuple[Row, ...]
    dates: bool
    """Whether days stand as days, not as text."""

    @property
    def columns(self) -> list[str]:
        """The columns in which anything stands, and those that must be there."""
        return list(dict.fromkeys(("community", "criterion", "value", *(name for row in self.rows for name in row))))


@st.composite
def long_tables(draw: st.DrawFn, *, unsound: bool = False, gaps: bool = False, communities: int = 5) -> Long:
    """Rows of some communities for a standard that looks can serve."""
    standard = draw(standards(looks=True, gaps=gaps))
    period = pick(draw, (QUARTER, *PERIODS, None))
    on = None
    if period is not None and period.last and chance(draw, 3):
        on = period.last + timedelta(days=pick(draw, (0, 0, 30, -10)))
    if period is None and (needs_day(standard) or chance(draw, 2)):
        on = DAYS[0]
    case = Case(standard=standard, community=Community("c", kind="residential"), observations=(), on=on, period=period)
    rows: list[Row] = []
    for number in range(communities):
        rows += _rows(draw, case, f"c{number}", unsound=unsound, gaps=gaps)
    dates = not unsound and chance(draw, 2)
    ordered = rows[::-1] if chance(draw, 2) else rows
    return Long(standard=standard, on=on, period=period, rows=tuple(ordered), dates=dates)


def _rows(draw: st.DrawFn, case: Case, name: str, *, unsound: bool, gaps: bool) -> list[Row]:
    """What was seen of one community; a blank row where that is nothing."""
    made: list[Row] = []
    for criterion in case.standard.criteria.values():
        looks = looks_at(draw, case, criterion, whole=False, gaps=gaps)
        keys: set[Any] = set()
        for look in looks:
            # Two looks of one key are told apart by their ids.
            key = (look.at, look.by)
            extra = {"id": f"r{len(keys)}{len(made)}"} if key in keys else {}
            keys.add(key)
            made += [{"community": name, **row, **extra} for row in _of_look(draw, look)]
    if made and chance(draw, 6):
        made.append(dict(pick(draw, made)))
    if unsound and made and chance(draw, 2):
        _break(draw, pick(draw, made))
    return made or [{"community": name}]


def _break(draw: st.DrawFn, row: Row) -> None:
    column, cell = pick(draw, _MISTAKES)
    if chance(draw, 2):
        column, cell = "value", pick(draw, UNSOUND)
    row.pop(column, None)
    if cell is not None:
        row[column] = cell


def _of_look(draw: st.DrawFn, look: Observation) -> list[Row]:
    """The rows of one look: one, or one for each item and whoever is responsible."""
    about: Row = {"criterion": look.criterion}
    about |= {} if look.at is None else {"at": look.at.isoformat()}
    about |= {} if look.by is None else {"by": look.by}
    about |= {} if look.place is None else {"place": look.place}
    if look.attributable is not None:
        about["attributable"] = pick(draw, ("yes", "1")) if look.attributable else "no"
    if chance(draw, 8):
        about |= {"method": "on-site", "evidence": "p1;p2"}
    if not isinstance(look.value, dict) and not hasattr(look.value, "items"):
        return [{**about, **_cells(draw, look.value)}]
    rows: list[Row] = []
    for item, value in look.value.items():
        if isinstance(value, Ratio) and 100 % (int(value.of) or 1):
            continue  # of an item only what is a figure is said as n of m
        if hasattr(value, "items"):
            rows += [
                {**about, "item": item, "attributable": "yes" if word == "attributable" else "no", "value": str(count)}
                for word, count in value.items()
            ]
        else:
            rows.append({**about, "item": item, **_cells(draw, value)})
    return rows


def _cells(draw: st.DrawFn, value: Any) -> Row:
    if isinstance(value, NotApplicable):
        return {"na": value.reason} if chance(draw, 2) else {"value": f"n/a: {value.reason}"}
    if isinstance(value, Ratio):
        n, of = value.read()
        return {"value": str(n), "of": str(of)} if draw(up_to(1)) else {"value": f"{n}/{of}"}
    return {"value": _text(value)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)

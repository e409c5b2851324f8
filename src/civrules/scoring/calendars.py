"""Calendars of tables: a host's occasions from a CSV or JSON file."""

from datetime import date
from typing import Any

from civrules.errors import InvalidInput, Problem, Problems
from civrules.model.calendar import Calendar
from civrules.model.days import Period
from civrules.scoring.cells import day, name, tried
from civrules.scoring.communities import hinted, listed
from civrules.scoring.rows import Rows, Source, read_rows, trimmed

_COLUMNS = ("occasion", "first", "last")
_NEEDED = ("occasion", "first")


def read_calendar(source: Source, /) -> Calendar:
    """Read a calendar from a CSV or JSON table with the columns occasion, first and last.

    A row is one period, both days included; without a `last` it is a single day. Raises InvalidInput with every
    problem, each with file, row and column; a CSV's header is row 1, in JSON the first object is.
    """
    problems = Problems()
    rows = read_rows(source, problems)
    _check_columns(rows, problems)
    if problems:
        raise InvalidInput(problems.all())
    occasions: dict[str, list[Period]] = {}
    for number, cells in rows.rows:
        row = dict(zip(rows.columns, map(trimmed, cells), strict=True))
        try:
            occasion, period = _period(row)
        except InvalidInput as error:
            problems.add(*error.within(rows.name, number))
        else:
            occasions.setdefault(occasion, []).append(period)
    if not occasions and not problems:
        problems.add(Problem("no-rows", (rows.name,)))
    try:
        calendar = Calendar(occasions)
    except InvalidInput as error:
        problems.add(*error.within(rows.name))
    if problems:
        raise InvalidInput(problems.all())
    return calendar


def _check_columns(rows: Rows, problems: Problems) -> None:
    for column in _NEEDED:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))
    for column in rows.columns:
        if column not in _COLUMNS:
            hint = hinted(column, _COLUMNS, problems)
            problems.add(Problem("unknown-key", (rows.name,), column, ", ".join(_COLUMNS), hint))


def _period(row: dict[str, Any]) -> tuple[str, Period]:
    """What one row says. Raises InvalidInput."""
    found = [Problem("no-value", (column,), None, column) for column in _NEEDED if row[column] is None]
    occasion = tried(found, "occasion", name, row["occasion"]) if row["occasion"] is not None else None
    first, last = (_day(found, column, row.get(column)) for column in ("first", "last"))
    if found or occasion is None or first is None:
        raise InvalidInput(found)
    return occasion, Period(first, last or first)


def _day(found: list[Problem], column: str, cell: Any) -> date | None:
    return None if cell is None else tried(found, column, day, cell)

"""Happenings of tables: what ended something, from a CSV or JSON file."""

from datetime import date
from typing import Any

from civrules.errors import InvalidInput, Problem, Problems
from civrules.followup.ledger import Happening
from civrules.scoring.cells import day, name, tried
from civrules.scoring.communities import hinted, listed
from civrules.scoring.rows import Source, read_rows, trimmed

_COLUMNS = ("event", "of", "on")


def read_happenings(source: Source, /) -> tuple[Happening, ...]:
    """Read happenings from a CSV or JSON table with the columns event, of (a recipient or a community) and on.

    Raises InvalidInput with every problem, each with file, row and column; a CSV's header is row 1.
    """
    problems = Problems()
    rows = read_rows(source, problems)
    for column in _COLUMNS:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))
    for column in rows.columns:
        if column not in _COLUMNS:
            hint = hinted(column, _COLUMNS, problems)
            problems.add(Problem("unknown-key", (rows.name,), column, ", ".join(_COLUMNS), hint))
    if problems:
        raise InvalidInput(problems.all())
    found = []
    for number, cells in rows.rows:
        try:
            found.append(_happening(dict(zip(rows.columns, map(trimmed, cells), strict=True))))
        except InvalidInput as error:
            problems.add(*error.within(rows.name, number))
    if problems:
        raise InvalidInput(problems.all())
    return tuple(found)


def _happening(row: dict[str, Any]) -> Happening:
    """What one row says. Raises InvalidInput."""
    found = [Problem("no-value", (column,), None, column) for column in _COLUMNS if row[column] is None]
    event, of = (tried(found, key, name, row[key]) if row[key] is not None else None for key in ("event", "of"))
    on: date | None = tried(found, "on", day, row["on"]) if row["on"] is not None else None
    if found or event is None or of is None or on is None:
        raise InvalidInput(found)
    return Happening(event=event, of=of, on=on)

"""Tables of waivers: what a host excuses, from a CSV or JSON file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from civrules.errors import InvalidInput, Problem, Problems
from civrules.model.days import Period
from civrules.model.mapping import FrozenMapping
from civrules.model.waiver import Waiver
from civrules.scoring.cells import day, name, tried, words
from civrules.scoring.communities import hinted, listed
from civrules.scoring.rows import Rows, Source, read_rows, trimmed

WAIVER_COLUMNS = ("community", "criterion", "place", "reason", "approver", "first", "last")
WAIVER_NEEDED = ("community", "criterion", "reason", "approver")
_READERS = {"community": name, "criterion": words, "place": name, "reason": words, "approver": words}


def read_waivers(source: Source, /) -> Mapping[str, tuple[Waiver, ...]]:
    """Read waivers from a CSV or JSON table; by the id of the community that each is for.

    Columns are community, criterion, place, reason, approver, first and last; a row is one waiver, both days included.
    Without a place it excuses the whole line; an end that is left blank is open. Raises InvalidInput with every
    problem, each with file, row and column; a CSV's header is row 1, in JSON the first object is.
    """
    problems = Problems()
    rows = read_rows(source, problems)
    _check_columns(rows, problems)
    if problems:
        raise InvalidInput(problems.all())
    waivers: dict[str, list[Waiver]] = {}
    for number, cells in rows.rows:
        try:
            community, waiver = _waiver(dict(zip(rows.columns, map(trimmed, cells), strict=True)))
        except InvalidInput as error:
            problems.add(*error.within(rows.name, number))
        else:
            waivers.setdefault(community, []).append(waiver)
    if not waivers and not problems:
        problems.add(Problem("no-rows", (rows.name,)))
    if problems:
        raise InvalidInput(problems.all())
    return FrozenMapping({community: tuple(found) for community, found in waivers.items()})


def _check_columns(rows: Rows, problems: Problems) -> None:
    for column in WAIVER_NEEDED:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))
    for column in rows.columns:
        if column not in WAIVER_COLUMNS:
            hint = hinted(column, WAIVER_COLUMNS, problems)
            problems.add(Problem("unknown-key", (rows.name,), column, ", ".join(WAIVER_COLUMNS), hint))


def _waiver(row: dict[str, Any]) -> tuple[str, Waiver]:
    """Whom one row excuses, and of what. Raises InvalidInput."""
    found = [Problem("no-value", (column,), None, column) for column in WAIVER_NEEDED if row[column] is None]
    said = {
        column: tried(found, column, read, row[column])
        for column, read in _READERS.items()
        if row.get(column) is not None
    }
    first, last = (_day(found, column, row.get(column)) for column in ("first", "last"))
    if found:
        raise InvalidInput(found)
    return str(said.pop("community")), Waiver(valid=Period(first, last), **said)  # type: ignore[arg-type]  # read above


def _day(found: list[Problem], column: str, cell: Any) -> date | None:
    return None if cell is None else tried(found, column, day, cell)

"""Calendars of tables: a host's occasions from a CSV or JSON file."""

from civrules.errors import InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.days import Period
from civrules.scoring.cells import day, name
from civrules.scoring.entries import Entry, read_entries
from civrules.scoring.rows import Source

_COLUMNS = {"occasion": name, "first": day, "last": day}


def read_calendar(source: Source, /) -> Calendar:
    """Read a calendar from a CSV or JSON table with the columns occasion, first and last.

    A row is one period, both days included; without a `last` it is a single day. Raises InvalidInput with every
    problem, each with file, row and column; a CSV's header is row 1, in JSON the first object is.
    """
    table = read_entries(source, _COLUMNS, ("occasion", "first"))
    occasions: dict[str, list[Period]] = {}
    for occasion, period in table.made(_period):
        occasions.setdefault(occasion, []).append(period)
    if not occasions and not table.problems:
        table.problems.add(Problem("no-rows", (table.name,)))
    calendar = Calendar()
    try:
        calendar = Calendar(occasions)
    except InvalidInput as error:
        table.problems.add(*error.within(table.name))
    table.check()
    return calendar


def _period(row: Entry) -> tuple[str, Period]:
    """What one row says. Raises InvalidInput."""
    return row["occasion"], Period(row["first"], row.get("last", row["first"]))

"""Happenings of tables: what ended something, from a CSV or JSON file."""

from civrules.followup.ledger import Happening
from civrules.scoring.cells import day, name
from civrules.scoring.entries import read_entries
from civrules.scoring.rows import Source

_COLUMNS = {"event": name, "of": name, "on": day}


def read_happenings(source: Source, /) -> tuple[Happening, ...]:
    """Read happenings from a CSV or JSON table with the columns event, of (a recipient or a community) and on.

    Raises InvalidInput with every problem, each with file, row and column; a CSV's header is row 1.
    """
    table = read_entries(source, _COLUMNS, tuple(_COLUMNS))
    found = tuple(table.made(lambda row: Happening(**row)))
    table.check()
    return found

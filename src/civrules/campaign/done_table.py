"""Done tables: what was done of a campaign's tasks, from a CSV or JSON file."""

from collections.abc import Mapping

from civrules.campaign.progress import Done
from civrules.model.mapping import FrozenMapping
from civrules.scoring.cells import day, name, names
from civrules.scoring.entries import Entry, read_entries
from civrules.scoring.rows import Source

_COLUMNS = {"task": name, "on": day, "window": name, "items": names, "place": name}


def read_done(source: Source, /) -> Mapping[str, tuple[Done, ...]]:
    """Read what was done from a CSV or JSON table with the columns task, on, and maybe window, items and place.

    A `window` is named as periods are ("2031-Q1", "2031-W36"); `items` are parted by semicolons. What comes out is
    what `Schedule.progress` takes. Raises InvalidInput with every problem, each with file, row and column.
    """
    table = read_entries(source, _COLUMNS, ("task", "on"))
    found: dict[str, list[Done]] = {}
    for task, one in table.made(_done):
        found.setdefault(task, []).append(one)
    table.check()
    return FrozenMapping({task: tuple(records) for task, records in found.items()})


def _done(row: Entry) -> tuple[str, Done]:
    return row["task"], Done(**{key: cell for key, cell in row.items() if key != "task"})

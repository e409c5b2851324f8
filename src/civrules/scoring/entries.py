"""Entries: tables whose columns are known beforehand, read row by row: calendars, happenings, cases, what was done."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, Problems
from civrules.scoring.cells import tried
from civrules.scoring.communities import hinted, listed
from civrules.scoring.rows import Rows, Source, read_rows, trimmed

Entry: TypeAlias = Mapping[str, Any]
"""A row's cells by their column, each read; blank ones are left out."""
Readers: TypeAlias = Mapping[str, Callable[[Any], Any]]
Made = TypeVar("Made")


@attrs.frozen
class Entries:
    """The rows of a table that could be read, each with its place in the file; what is wrong collects in `problems`."""

    name: str
    rows: Sequence[tuple[int, Entry]]
    problems: Problems

    def made(self, make: Callable[[Entry], Made]) -> Iterator[Made]:
        """What each row makes; what cannot be made is a problem of its row."""
        for number, row in self.rows:
            try:
                yield make(row)
            except CivrulesError as error:
                self.problems.add(*error.within(self.name, number))

    def check(self) -> None:
        """Raise InvalidInput with every problem so far."""
        if self.problems:
            raise InvalidInput(self.problems.all())


def read_entries(source: Source, readers: Readers, needed: Sequence[str], /) -> Entries:
    """Read a CSV or JSON table; `readers` say which columns there may be, and how a cell of each is read.

    Raises InvalidInput where the file, its columns or those `needed` are wrong.
    """
    problems = Problems()
    rows = read_rows(source, problems)
    _check_columns(rows, tuple(readers), needed, problems)
    return Entries(rows.name, tuple(_read(rows, readers, needed, problems)), problems)


def _check_columns(rows: Rows, known: Sequence[str], needed: Sequence[str], problems: Problems) -> None:
    for column in needed:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))
    for column in rows.columns:
        if column not in known:
            problems.add(
                Problem("unknown-key", (rows.name,), column, ", ".join(known), hinted(column, known, problems))
            )
    if problems:
        raise InvalidInput(problems.all())


def _read(
    rows: Rows, readers: Readers, needed: Sequence[str], problems: Problems
) -> Iterator[tuple[int, Entry]]:  # fmt: skip
    for number, cells in rows.rows:
        given = dict(zip(rows.columns, map(trimmed, cells), strict=True))
        found = [Problem("no-value", (column,), None, column) for column in needed if given[column] is None]
        row = {
            column: tried(found, column, readers[column], cell) for column, cell in given.items() if cell is not None
        }
        problems.add(*(problem.within(rows.name, number) for problem in found))
        if not found:
            yield number, row

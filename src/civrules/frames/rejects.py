"""Rejects: what is wrong with rows that were not scored, said by the single engine, which names column and value."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem, Problems
from civrules.model.community import Community
from civrules.model.days import Period
from civrules.model.text import Lang, harmless
from civrules.scoring.communities import Roll
from civrules.scoring.long import read_long
from civrules.scoring.program import Program
from civrules.scoring.rows import Rows
from civrules.scoring.wide import Columns

COLUMNS = ("file", "row", "community", "column", "value", "code", "reason")
_ANYBODY = "community"


@attrs.frozen(eq=False)
class Rejected:
    """A row as it stands in its file; of a CSV file as text."""

    file: str
    row: int | None
    """The line on which it begins in CSV, whose header is on line 1; in Parquet its number, from 1."""
    cells: Mapping[str, Any]
    found: Problem | None = None
    """What is wrong with the row as a whole."""


Wrong: TypeAlias = tuple[Rejected, tuple[Problem, ...]]
"""A row and what the single engine says is wrong with it."""
Found: TypeAlias = tuple[str, Sequence[Wrong]]
"""The code of what columns found to be wrong with a community first, and its rows."""


class OneByOne:
    """What the single engine says of rows."""

    def __init__(
        self, program: Program, id_: str, columns: Sequence[str], on: date | None, period: Period | None
    ) -> None:
        self._program = program
        self._id = id_
        self.columns = tuple(columns)
        self._judged: dict[str, Any] = {"on": on, "period": period}

    @cached_property
    def _readers(self) -> tuple[Columns, ...]:
        """The columns of each criterion."""
        blank = self._program.standard.table.blank
        places: dict[str, dict[str, int]] = {}
        for index, column in enumerate(self.columns):
            criterion, _, suffix = column.partition(":")
            if column != self._id:
                places.setdefault(criterion, {})[suffix] = index
        stands = blank.not_applicable if blank else None
        return tuple(Columns(self._program.by_id[name], own, stands) for name, own in places.items())

    def wide(self, row: Rejected) -> Wrong:
        """What is wrong with a row."""
        if row.found is not None:
            return row, (row.found,)
        cells = [_cell(row.cells[column]) for column in self.columns]
        answers = [answer for reader in self._readers if (answer := reader.answer(cells)) is not None]
        wrong = [problem for answer in answers if isinstance(answer, tuple) for problem in answer]
        seen = [answer for answer in answers if not isinstance(answer, tuple)]
        return row, tuple(wrong) or self._evaluated(seen)

    def _evaluated(self, seen: Sequence[Any]) -> tuple[Problem, ...]:
        try:
            self._program.evaluate(Community(_ANYBODY), seen, **self._judged)
        except InvalidInput as error:
            return tuple(attrs.evolve(one, where=_without(one.where)) for one in error.problems)
        return ()

    def long(self, rows: Sequence[Rejected]) -> list[Wrong]:
        """What is wrong with the rows of one community; with what they say together, in its first row."""
        problems = Problems()
        whole = [(number, one) for number, one in enumerate(rows) if one.found is None]
        cells = ((number, [*map(_cell, (one.cells[name] for name in self.columns))]) for number, one in whole)
        table = Rows("", self.columns, cells)
        roll = Roll(table, id=self._id, attributes=(), register=None, problems=problems)
        found = read_long(table, self._program, roll, problems, ignore=True, elsewhere=frozenset())
        made: dict[int, list[Problem]] = {
            number: [one.found] for number, one in enumerate(rows) if one.found is not None
        }
        for problem in problems.all():
            number = next((part for part in problem.where if isinstance(part, int)), 0)
            inner = tuple(part for part in problem.where[1:] if not isinstance(part, int))
            made.setdefault(number, []).append(attrs.evolve(problem, where=inner))
        if not made:
            made[0] = [*self._evaluated(next(iter(found.values()), ()))]
        return [(rows[number], tuple(found)) for number, found in sorted(made.items())]


def _without(where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return where[1:] if where[:1] == (_ANYBODY,) else where


def _cell(cell: Any) -> Any:
    """A cell as tables read from JSON have it: figures exactly, days as text."""
    if isinstance(cell, float):
        return Decimal(repr(cell)) if cell - cell == 0 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


class RejectsFile:
    """The CSV file of rejects, a line for everything that is wrong with a row."""

    def __init__(self, path: Path, id_: str, lang: Lang) -> None:
        self._path = path
        self._id = id_
        self._lang: Lang = lang
        self.rejected = 0
        """How many communities were rejected."""
        self.reasons: Counter[str] = Counter()
        """How often each code was the first that is wrong with one."""
        self.problems = Problems()

    def write(self, communities: Iterable[Found]) -> None:
        """Write what is wrong with communities: the code that columns found, and what the single engine says."""
        with self._path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for code, rows in communities:
                self.rejected += 1
                self.reasons[code] += 1
                for row, problems in rows:
                    self._write_row(writer, row, problems or (Problem(code),))

    def _write_row(self, writer: Any, row: Rejected, problems: Sequence[Problem]) -> None:
        place = [] if row.row is None else [row.row]
        self.problems.add(*(problem.within(row.file, *place) for problem in problems))
        for problem in problems:
            column = next((str(one) for one in problem.where if one in row.cells), "")
            value = row.cells[column] if column else problem.value
            reason = attrs.evolve(problem, where=()).say(self._lang)
            cells = (row.file, row.row, row.cells[self._id], column, _said(value), problem.code, reason)
            writer.writerow(["" if cell is None else harmless(str(cell)) for cell in cells])


def _said(value: Any) -> Any:
    cell = _cell(value)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:f}" if isinstance(cell, Decimal) else cell

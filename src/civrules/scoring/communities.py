"""Communities of tables: the register that a host hands in, and who each row of observations is about."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, Problems, nearest, shown
from civrules.model.community import Community, Fact
from civrules.model.measures.measure import YES_NO
from civrules.scoring.cells import name, names, tried, words
from civrules.scoring.rows import Cells, Rows, Source, read_rows, trimmed

_FIELDS = ("id", "name", "kind", "locality", "parent")
_TABLES = {"attribute": "attributes", "place": "places"}
_FEW = 20
_MOST_COMPARED = 5000
"""A hint costs a comparison with every valid word."""


def hinted(word: str, valid: Collection[str], problems: Problems) -> str:
    """The nearest valid word, for the first problems and where it costs little."""
    return nearest(word, valid) if problems.count < _FEW and len(valid) <= _MOST_COMPARED else ""


def read_register(source: Source, problems: Problems, *, ignore: bool = False) -> dict[str, Community]:
    """The communities of a CSV or JSON table, by id, in its order; problems go to `problems`.

    Columns are id, name, kind, locality, parent, `attribute:<name>` (several words parted by semicolons are a list)
    and `place:<unit>` (names parted by semicolons); others are refused, or passed over with `ignore`.
    Raises InvalidInput where the file as a whole cannot be read.
    """
    rows = read_rows(source, problems)
    if "id" not in rows.columns:
        raise InvalidInput(Problem("no-column", (rows.name,), "id", listed(rows.columns)))
    for column in rows.columns:
        table, _, key = column.partition(":")
        if column not in _FIELDS and not (table in _TABLES and key) and not ignore:
            valid = (*_FIELDS, *(f"{table}:" for table in _TABLES))
            hint = hinted(column, valid, problems)
            problems.add(Problem("unknown-key", (rows.name,), column, ", ".join(valid), hint))
    communities: dict[str, Community] = {}
    for number, cells in rows.rows:
        try:
            one = _community(rows.columns, cells)
        except InvalidInput as error:
            problems.add(*error.within(rows.name, number))
            continue
        if one.id in communities:
            problems.add(Problem("duplicate-community", (rows.name, number, "id"), one.id))
        communities[one.id] = one
    return communities


def listed(columns: Sequence[str]) -> str:
    """The columns as problems name them: the first, and how many more there are."""
    more = f", … ({len(columns)})" if len(columns) > _FEW else ""
    return ", ".join(map(shown, columns[:_FEW])) + more


def fact(cell: Any) -> Fact:
    """What a cell says of a community: words, yes/no in words, or a list of words parted by semicolons.

    From JSON also a number, or a list. Raises InvalidInput.
    """
    if isinstance(cell, int):
        return cell
    if isinstance(cell, list) or (isinstance(cell, str) and ";" in cell):
        return names(cell)
    if not isinstance(cell, str):
        raise InvalidInput(Problem("wrong-type", (), cell, "text, a whole number or a list of names"))
    said = words(cell)
    return YES_NO.get(said.lower(), said) if said.isalpha() else said


def _community(columns: Sequence[str], cells: Cells) -> Community:
    found: list[Problem] = []
    fields: dict[str, Any] = {"id": "", "attributes": {}, "places": {}}
    for column, cell in zip(columns, map(trimmed, cells), strict=True):
        table, _, key = column.partition(":")
        if cell is None:
            continue
        if column in _FIELDS:
            fields[column] = tried(found, column, name, cell)
        elif key and table == "attribute":
            fields["attributes"][key] = tried(found, column, fact, cell)
        elif key and table == "place":
            fields["places"][key] = tried(found, column, names, cell)
    if found:
        raise InvalidInput(found)
    if not fields["id"]:
        raise InvalidInput(Problem("no-id", (), None, "id"))
    return Community(**fields)


class Roll:
    """Who the rows are about: ids in the order in which they first stand, with the attributes that rows give."""

    def __init__(
        self, rows: Rows, *, id: str, attributes: Sequence[str], register: Mapping[str, Community] | None,
        problems: Problems,
    ) -> None:  # fmt: skip
        self.name = rows.name
        self.id = id
        self.register = register
        self.problems = problems
        self.columns = {id, *attributes}
        """The columns that say who, not what was seen."""
        self._attributes = tuple(
            (column, rows.columns.index(column)) for column in attributes if column in rows.columns
        )
        self._place = rows.columns.index(id) if id in rows.columns else None
        self._facts: dict[str, dict[str, Fact]] = {}
        self._rows: dict[str, int] = {}
        for column in dict.fromkeys((id, *attributes)):
            if column not in rows.columns:
                hint = hinted(column, rows.columns, problems)
                problems.add(Problem("no-column", (self.name,), column, listed(rows.columns), hint))

    def id_of(self, number: int, cells: Cells) -> str | None:
        """The id that stands in the row; None, and a problem, where there is none."""
        if self._place is None:
            return None
        cell = trimmed(cells[self._place])
        if type(cell) is str:
            return cell
        if cell is None:
            self.problems.add(Problem("no-id", (self.name, number), None, self.id))
            return None
        found: list[Problem] = []
        community = tried(found, self.id, name, cell)
        self.problems.add(*(problem.within(self.name, number) for problem in found))
        return community

    def enter(self, id: str, number: int, cells: Cells) -> None:
        """Keep the id and what the row says of it; rows of one community may not contradict each other."""
        facts = self._facts.setdefault(id, {})
        self._rows.setdefault(id, number)
        for column, index in self._attributes:
            cell = trimmed(cells[index])
            if cell is not None and cell != facts.setdefault(column, cell):
                self.problems.add(Problem("other-value", (self.name, number, column), cell, shown(facts[column])))

    def communities(self) -> tuple[Community, ...]:
        """Those of the rows, then those of the register that have no row; problems of ids and attributes are added."""
        made = [one for known, facts in self._facts.items() if (one := self._tried(known, facts)) is not None]
        left = (one for one in (self.register or {}).values() if one.id not in self._facts)
        return (*made, *left)

    def _tried(self, id: str, facts: Mapping[str, Any]) -> Community | None:
        try:
            return self._made(id, facts)
        except CivrulesError as error:
            problems = (attrs.evolve(one, where=(self.id,)) if one.where == ("id",) else one for one in error.problems)
            self.problems.add(*(problem.within(self.name, self._rows[id]) for problem in problems))
            return None

    def _made(self, id: str, facts: Mapping[str, Any]) -> Community:
        found: list[Problem] = []
        attributes: dict[str, Any] = {column: tried(found, column, fact, cell) for column, cell in facts.items()}
        known = None if self.register is None else self.register.get(id)
        if known is None and self.register is not None:
            hint = hinted(id, self.register, self.problems)
            found.append(Problem("unknown-community", (self.id,), id, "", hint))
        stated = known.attributes if known is not None else {}
        for column, value in attributes.items():
            if stated.get(column, value) != value:
                found.append(Problem("other-value", (column,), value, shown(stated[column])))
        if found:
            raise InvalidInput(found)
        if known is None:
            return Community(id, attributes=attributes)
        return attrs.evolve(known, attributes={**stated, **attributes}) if attributes else known

"""Long tables: a row for each value, and looks that are made of several rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from civrules.errors import InvalidInput, Problem, Problems
from civrules.model.figures import NotApplicable
from civrules.model.measures.event import ATTRIBUTABLE, NOT_ATTRIBUTABLE
from civrules.model.measures.measure import YES_NO
from civrules.model.observation import Method, Observation
from civrules.scoring import cells as read
from civrules.scoring.communities import Roll, hinted, listed
from civrules.scoring.line import CompiledLine
from civrules.scoring.program import Program
from civrules.scoring.reading import check_look
from civrules.scoring.rows import Cells, Rows, trimmed

COLUMNS = (
    "criterion", "item", "value", "of", "na", "at", "place", "by", "method", "attributable", "evidence", "id",
)  # fmt: skip
NEEDED = ("criterion", "value")
_VALUE = ("value", "of", "na")
_WORDS = {True: ATTRIBUTABLE, False: NOT_ATTRIBUTABLE}


def is_long(columns: tuple[str, ...]) -> bool:
    """Whether these are the columns of a long table."""
    return all(name in columns for name in NEEDED)


@attrs.frozen
class Entry:
    """What one row says: a whole observation, or a part of one that names an item."""

    observation: Observation
    item: str | None

    @property
    def look(self) -> tuple[str, date | None, str | None, str | None, str | None]:
        """What rows of one look share."""
        one = self.observation
        return one.criterion, one.at, one.place, one.by, one.id


class Look:
    """The rows of one look at one criterion of one community."""

    def __init__(self) -> None:
        self._whole: list[Observation] = []
        self._parts: list[Observation] = []
        self._values: dict[str, dict[str, Any]] = {}
        """Every item's value, by who is responsible ("" where it was not said)."""
        self._rows: dict[str, int] = {}

    def add(self, entry: Entry, number: int) -> None:
        """Take the row in. Raises InvalidInput where it contradicts or repeats an earlier one."""
        if entry.item is None:
            self._add_whole(entry.observation)
        else:
            self._add_part(entry.observation, entry.item, number)

    def _add_whole(self, one: Observation) -> None:
        if self._values:
            raise InvalidInput(
                Problem("two-forms", ("item",), one.criterion, f"{one.criterion}:{next(iter(self._values))}")
            )
        if any((one.value, one.attributable) != (other.value, other.attributable) for other in self._whole[-1:]):
            raise InvalidInput(Problem("repeated-look", ("value",), one.criterion))
        self._whole.append(one)

    def _add_part(self, one: Observation, item: str, number: int) -> None:
        name = f"{one.criterion}:{item}"
        if self._whole:
            raise InvalidInput(Problem("two-forms", ("item",), name, one.criterion))
        values = self._values.setdefault(item, {})
        word = "" if one.attributable is None else _WORDS[one.attributable]
        if values and ("" in (word, *values) or word in values):
            raise InvalidInput(Problem("repeated-look", ("item",), name))
        values[word] = one.value
        self._rows.setdefault(item, number)
        self._parts.append(one)

    def observations(self, line: CompiledLine) -> Sequence[Observation]:
        """The look's observation; several where equal rows stand, for the evaluation to note.

        Raises InvalidInput with problems in their row and column.
        """
        if not self._parts:
            return self._whole
        value = {item: _by_responsibility(values) for item, values in self._values.items()}
        try:
            line.seen(value, ())
        except InvalidInput as error:
            raise InvalidInput(map(self._placed, error.problems)) from None
        evidence = dict.fromkeys(name for one in self._parts for name in one.evidence)
        return [attrs.evolve(self._parts[0], value=value, method=self._method(), evidence=evidence, attributable=None)]

    def _method(self) -> Method | None:
        methods = list(dict.fromkeys(one.method for one in self._parts if one.method is not None))
        if len(methods) > 1:
            raise InvalidInput(Problem("other-value", (min(self._rows.values()), "method"), methods[1], methods[0]))
        return methods[0] if methods else None

    def _placed(self, problem: Problem) -> Problem:
        """A measure's problem in the row of its item, else in the look's first."""
        item, inner = str(problem.where[0]) if problem.where else "", problem.where[1:]
        row = self._rows.get(item)
        where = (min(self._rows.values()), "item") if row is None else (row, "value", *inner)
        return attrs.evolve(problem, where=where)


def _by_responsibility(values: Mapping[str, Any]) -> Any:
    """An item's value as the measure takes it: with who is responsible, a word for yes, else the count by word."""
    if "" in values:
        return values[""]
    ((word, value), *more) = values.items()
    said_yes = value is True or (isinstance(value, str) and not value.isdigit() and YES_NO.get(value.lower(), False))
    return word if said_yes and not more else dict(values)


class RowReader:
    """Reads what one row says, and remembers it: rows of large tables say few distinct things."""

    def __init__(self, rows: Rows, program: Program, problems: Problems, elsewhere: frozenset[str]) -> None:
        self.elsewhere = elsewhere
        self.lines = {line.id: line for line in program.lines}
        self.edition = program.standard.edition
        self.problems = problems
        blank = program.standard.table.blank
        self.blank = NotApplicable(blank.not_applicable) if blank is not None else None
        self._places = tuple((name, rows.columns.index(name)) for name in COLUMNS if name in rows.columns)
        self._answers: dict[Any, Entry | tuple[Problem, ...] | None] = {}

    def answer(self, cells: Cells) -> Entry | tuple[Problem, ...] | None:
        """What the row says, None where nothing was observed, or what is wrong with it."""
        picked = [cells[index] for _, index in self._places]
        try:
            # To a dictionary 1 and true are one key; to a measure they are not.
            key = (*picked, *map(type, picked))
            if key not in self._answers:
                self._answers[key] = self._answer(picked)
            return self._answers[key]
        except TypeError:  # an object of items
            return self._answer(picked)

    def _answer(self, picked: list[Any]) -> Entry | tuple[Problem, ...] | None:
        given = {name: trimmed(cell) for (name, _), cell in zip(self._places, picked, strict=True)}
        try:
            return self._entry({name: given.get(name) for name in COLUMNS})
        except InvalidInput as error:
            return error.problems

    def _entry(self, given: dict[str, Any]) -> Entry | None:
        if given["criterion"] is None:
            if all(cell is None for cell in given.values()):
                return None
            raise InvalidInput(Problem("no-value", ("criterion",), None, "criterion"))
        if self._is_elsewhere(given["criterion"], given["item"]):
            return None
        line = self._line(given["criterion"])
        found: list[Problem] = []
        item = self._item(line, given["item"], found)
        value = self._value(line, given, found)
        details = self._details(given, found)
        self._check_attribution(line, item, given, found)
        if value is not None and not found:
            entry = Entry(Observation(line.id, value, **details), item)
            if item is None:
                read.tried(found, "value", lambda one: check_look(one, line), entry.observation)
        if found:
            raise InvalidInput(found)
        return entry if value is not None else None

    def _is_elsewhere(self, name: Any, item: Any) -> bool:
        """Whether only a standard beside this one knows the criterion, or the item of it."""
        if not isinstance(name, str):
            return False
        if name not in self.lines:
            return ":" not in name and name in self.elsewhere
        items = [one.id for one in getattr(self.lines[name].measure, "items", ())]
        return item is not None and item not in items and f"{name}:{item}" in self.elsewhere

    def _line(self, name: Any) -> CompiledLine:
        line = self.lines.get(name) if isinstance(name, str) else None
        if line is None:
            hint = hinted(name, self.lines, self.problems) if isinstance(name, str) else ""
            raise InvalidInput(Problem("unknown-criterion", ("criterion",), name, self.edition, hint))
        return line

    def _item(self, line: CompiledLine, name: Any, found: list[Problem]) -> str | None:
        if name is None:
            return None
        items = [item.id for item in getattr(line.measure, "items", ())]
        if name in items:
            return str(name)
        hint = hinted(name, items, self.problems) if isinstance(name, str) else ""
        found.append(Problem("unknown-item", ("item",), name, ", ".join(items), hint))
        return None

    def _value(self, line: CompiledLine, given: Mapping[str, Any], found: list[Problem]) -> Any:
        """The value; None where a blank was not observed. A half-filled row, or an event's, must have one."""
        try:
            value = read.together([given[name] for name in _VALUE], _VALUE)
        except InvalidInput as error:
            found += error.problems
            return None
        if value is not None:
            return value
        if line.event or given["attributable"] is not None or given["evidence"] is not None:
            found.append(Problem("no-value", ("value",), None, "value"))
            return None
        return self.blank

    def _details(self, given: Mapping[str, Any], found: list[Problem]) -> dict[str, Any]:
        readers = {
            "at": read.day, "place": read.name, "by": read.name, "method": read.method, "attributable": read.flag,
            "evidence": read.names, "id": read.name,
        }  # fmt: skip
        present = {name: reader for name, reader in readers.items() if given[name] is not None}
        return {name: read.tried(found, name, reader, given[name]) for name, reader in present.items()}

    def _check_attribution(
        self, line: CompiledLine, item: str | None, given: Mapping[str, Any], found: list[Problem]
    ) -> None:
        """Who is responsible belongs to events and to items that ask for it, and nowhere else."""
        if given["attributable"] is None or line.event:
            return
        asked = [one.id for one in getattr(line.measure, "items", ()) if getattr(one, "attributable", False)]
        if item not in asked:
            what = f"{line.id}:{item}" if item is not None else line.id
            found.append(Problem("not-attributed", ("attributable",), given["attributable"], what))


def read_long(
    rows: Rows, program: Program, roll: Roll, problems: Problems, *, ignore: bool, elsewhere: frozenset[str]
) -> dict[str, tuple[Observation, ...]]:
    """Every community's observations by its id; problems of columns and rows are added.

    Rows of criteria and items that only standards beside this one have (`elsewhere`) are passed over.
    """
    _check_columns(rows, roll, problems, ignore=ignore)
    reader = RowReader(rows, program, problems, elsewhere)
    looks: dict[str, dict[Any, Look]] = {}
    for number, cells in rows.rows:
        answer = reader.answer(cells)
        if isinstance(answer, tuple):
            problems.add(*(problem.within(rows.name, number) for problem in answer))
        community = roll.id_of(number, cells)
        if community is None:
            continue
        roll.enter(community, number, cells)
        own = looks.setdefault(community, {})
        if isinstance(answer, Entry):
            try:
                own.setdefault(answer.look, Look()).add(answer, number)
            except InvalidInput as error:
                problems.add(*error.within(rows.name, number))
    return {community: _observations(own, reader.lines, rows.name, problems) for community, own in looks.items()}


def _observations(
    looks: Mapping[Any, Look], lines: Mapping[str, CompiledLine], file: str, problems: Problems
) -> tuple[Observation, ...]:
    observations: list[Observation] = []
    for (criterion, *_), look in looks.items():
        try:
            observations += look.observations(lines[criterion])
        except InvalidInput as error:
            problems.add(*error.within(file))
    return tuple(observations)


def _check_columns(rows: Rows, roll: Roll, problems: Problems, *, ignore: bool) -> None:
    for column in rows.columns:
        if column in COLUMNS and column in roll.columns:
            problems.add(Problem("column-taken", (rows.name,), column, "a column of its own in long tables"))
        elif column not in COLUMNS and column not in roll.columns and not ignore:
            problems.add(Problem("unknown-column", (rows.name,), column, "", hinted(column, COLUMNS, problems)))
    for column in NEEDED:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))

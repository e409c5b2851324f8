"""Wide tables: a row for each community, and the columns of each criterion."""

from collections.abc import Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Any

import attrs

from civrules.errors import InvalidInput, Problem, Problems, nearest
from civrules.model.figures import NotApplicable
from civrules.model.identity import RESERVED_ITEMS
from civrules.model.observation import Observation
from civrules.model.standard import Criterion
from civrules.scoring.cells import together, tried, value_of
from civrules.scoring.communities import Roll, hinted, listed
from civrules.scoring.line import CompiledLine
from civrules.scoring.program import Program
from civrules.scoring.reading import check_look
from civrules.scoring.rows import Cells, Rows

Answer = Observation | tuple[Problem, ...] | None


def items_of(line: CompiledLine | Criterion) -> tuple[str, ...]:
    """The ids of the criterion's items; none where its measure has no items."""
    return tuple(item.id for item in getattr(line.measure, "items", ()))


class Columns:
    """The columns of one criterion, and what their cells said so far: a column has few distinct cells."""

    def __init__(self, line: CompiledLine, places: Mapping[str, int], blank: str | None) -> None:
        self.line = line
        self.names = (line.id, f"{line.id}:of", f"{line.id}:na")
        self.blank = NotApplicable(blank) if blank is not None and not line.event else None
        self._counts = "of" in places
        self._forms = tuple(places.get(suffix) for suffix in ("", *RESERVED_ITEMS))
        self._items = tuple((item, places[item]) for item in places if item not in ("", *RESERVED_ITEMS))
        indexes = tuple(places.values())
        self._pick = itemgetter(*indexes) if len(indexes) > 1 else itemgetter(slice(indexes[0], indexes[0] + 1))
        self._answers: dict[Any, Answer] = {}

    def answer(self, cells: Cells) -> Answer:
        """The observation of the row, None where nothing was observed, or what is wrong with the cells."""
        picked = tuple(self._pick(cells))
        # To a dictionary 1 and true are one key; to a measure they are not.
        key = (*picked, *map(type, picked))
        try:
            return self._answers[key]
        except KeyError:
            return self._answers.setdefault(key, self._answer(cells))
        except TypeError:  # an object of items
            return self._answer(cells)

    def _answer(self, cells: Cells) -> Answer:
        try:
            value = self._value(cells)
        except InvalidInput as error:
            return error.problems
        try:
            if value is not None:
                check_look(Observation(self.line.id, value), self.line)
        except InvalidInput as error:
            return tuple(map(self._placed, error.problems))
        if self._counts and _lone(value):
            return (Problem("no-value", (self.names[1],), None, f"m, {self.line.id} = {value}"),)
        return None if value is None else Observation(self.line.id, value)

    def _value(self, cells: Cells) -> Any:
        """What all the criterion's cells say together; a blank as the document has it stand."""
        said = together((None if index is None else cells[index] for index in self._forms), self.names)
        items = self._named(cells)
        given = {item: seen for item, seen in items.items() if seen is not None}
        if given and said is not None:
            names = ", ".join(f"{self.line.id}:{item}" for item in given)
            raise InvalidInput(Problem("two-forms", (self.line.id,), self.line.id, names))
        if given and self.blank is not None:
            return {item: given.get(item, self.blank) for item in items}
        return given or (said if said is not None else self.blank)

    def _named(self, cells: Cells) -> dict[str, Any]:
        """What the cells of the items say, None for those that are blank."""
        found: list[Problem] = []
        items = {item: tried(found, f"{self.line.id}:{item}", value_of, cells[index]) for item, index in self._items}
        if found:
            raise InvalidInput(found)
        return items

    def _placed(self, problem: Problem) -> Problem:
        """A measure's problem in its column: the item's where it has one."""
        item, *inner = (*problem.where, "")
        if item in dict(self._items):
            return attrs.evolve(problem, where=(f"{self.line.id}:{item}", *inner[:-1]))
        return problem.within(self.line.id)


def _lone(said: Any) -> bool:
    """Whether this is an n whose m was forgotten; it must not be read as a figure."""
    if isinstance(said, str):
        return not said.endswith("%")
    return isinstance(said, int | Decimal) and not isinstance(said, bool)


def read_wide(
    rows: Rows, program: Program, roll: Roll, problems: Problems, *, ignore: bool, elsewhere: frozenset[str]
) -> dict[str, tuple[Observation, ...]]:
    """Each row's observations by its community's id, which stands once; problems of columns and cells are added.

    Criteria and items that only standards beside this one have (`elsewhere`) are passed over.
    """
    columns = _columns(rows, program, roll, problems, ignore=ignore, elsewhere=elsewhere)
    observations: dict[str, tuple[Observation, ...]] = {}
    for number, cells in rows.rows:
        answers = [answer for each in columns if (answer := each.answer(cells)) is not None]
        seen = tuple(answer for answer in answers if isinstance(answer, Observation))
        if len(seen) < len(answers):
            wrong = (problem for answer in answers if isinstance(answer, tuple) for problem in answer)
            problems.add(*(problem.within(rows.name, number) for problem in wrong))
        community = roll.id_of(number, cells)
        if community is None:
            continue
        if community in observations:
            problems.add(Problem("duplicate-community", (rows.name, number, roll.id), community))
        else:
            roll.enter(community, number, cells)
        observations[community] = seen
    return observations


def _columns(
    rows: Rows, program: Program, roll: Roll, problems: Problems, *, ignore: bool, elsewhere: frozenset[str]
) -> tuple[Columns, ...]:
    """The columns of every criterion that has some; problems of columns are added."""
    lines = {line.id: line for line in program.lines}
    found: dict[str, dict[str, int]] = {}
    for index, column in enumerate(rows.columns):
        criterion, colon, suffix = column.partition(":")
        if column not in roll.columns and _elsewhere(column, lines, elsewhere):
            continue
        if problem := _problem(column, lines, roll, problems, ignore=ignore):
            problems.add(problem.within(rows.name))
        elif criterion in lines and column not in roll.columns:
            found.setdefault(criterion, {})[suffix if colon else ""] = index
    for criterion, places in found.items():
        if "of" in places and "" not in places:
            problems.add(Problem("no-column", (rows.name,), criterion, listed(rows.columns)))
    if not found and not problems and elsewhere.isdisjoint(one.partition(":")[0] for one in rows.columns):
        problems.add(Problem("no-criterion-column", (rows.name,), None, program.standard.edition))
    blank = program.standard.table.blank
    return tuple(
        Columns(lines[name], places, blank.not_applicable if blank else None) for name, places in found.items()
    )


def _elsewhere(column: str, lines: Mapping[str, CompiledLine], elsewhere: frozenset[str]) -> bool:
    """Whether the column is one of another standard's, and none of this one's."""
    criterion, _, suffix = column.partition(":")
    if criterion not in lines:
        return criterion in elsewhere
    return column in elsewhere and suffix not in ("", *RESERVED_ITEMS, *items_of(lines[criterion]))


def _problem(
    column: str, lines: Mapping[str, CompiledLine], roll: Roll, problems: Problems, *, ignore: bool
) -> Problem | None:
    """What is wrong with a column's name."""
    criterion, colon, suffix = column.partition(":")
    if column in roll.columns:
        return Problem("column-taken", (), column, "criterion") if criterion in lines else None
    if criterion not in lines:
        return None if ignore else Problem("unknown-column", (), column, "", hinted(column, lines, problems))
    valid = (*RESERVED_ITEMS, *items_of(lines[criterion]))
    if not colon or suffix in valid:
        return None
    return Problem("unknown-item", (column,), suffix, ", ".join(valid), nearest(suffix, valid))

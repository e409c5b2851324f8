"""Columns: which of a frame's columns belong to which criterion, by the one grammar of tables."""

from collections.abc import Iterable, Iterator, Mapping

import narwhals as nw

from civrules.errors import InvalidInput, Problem, nearest
from civrules.errors.problem import listed
from civrules.frames.cells import Kind
from civrules.model.identity import RESERVED_ITEMS
from civrules.scoring.line import CompiledLine
from civrules.scoring.program import Program
from civrules.scoring.wide import items_of


def columns_of(program: Program, schema: Mapping[str, object], id_: str) -> dict[str, dict[str, str]]:
    """For every criterion that has columns these by what follows its name, its own by "".

    Raises InvalidInput with every column that is missing, or looks like a criterion's and is none.
    """
    lines = {line.id: line for line in program.lines}
    problems = list(_id_problems(schema, lines, id_))
    found: dict[str, dict[str, str]] = {}
    for column in schema:
        criterion, colon, suffix = column.partition(":")
        if column == id_ or criterion not in lines:
            continue
        if problem := _suffix_problem(column, suffix, colon, lines[criterion]):
            problems.append(problem)
        else:
            found.setdefault(criterion, {})[suffix] = column
    for criterion, places in found.items():
        if "of" in places and "" not in places:
            problems.append(Problem("no-column", (), criterion, listed(schema)))
    if not found and not problems:
        problems.append(Problem("no-criterion-column", (), None, program.standard.edition))
    if problems:
        raise InvalidInput(problems)
    return found


def _id_problems(schema: Iterable[str], lines: Iterable[str], id_: str) -> Iterator[Problem]:
    names = list(schema)
    if id_ not in names:
        yield Problem("no-column", (), id_, listed(names), nearest(id_, names))
    elif id_ in lines:
        yield Problem("column-taken", (), id_, "criterion")


def _suffix_problem(column: str, suffix: str, colon: str, line: CompiledLine) -> Problem | None:
    valid = (*RESERVED_ITEMS, *items_of(line))
    if not colon or suffix in valid:
        return None
    return Problem("unknown-item", (column,), suffix, listed(valid), nearest(suffix, valid))


def kind_of(column: str, dtype: object) -> Kind | None:
    """How the cells of a column are read; None where it can hold nothing. Raises InvalidInput where they cannot be."""
    if dtype == nw.Boolean:
        return "truth"
    if dtype in (nw.String, nw.Categorical, nw.Enum) or dtype == nw.Decimal:
        return "text"
    if isinstance(dtype, nw.dtypes.DType):
        if dtype.is_integer():
            return "whole"
        if dtype.is_float():
            return "float"
    if str(dtype) in ("Unknown", "Null"):
        return None
    raise InvalidInput(Problem("wrong-type", (column,), str(dtype), "text, figures or yes/no"))

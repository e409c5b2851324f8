"""Rows: a CSV or JSON file as rows of cells, before anything is known of what they mean."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path, PurePath
from typing import Any, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem, Problems

MOST_BYTES = 256 * 1024 * 1024
MOST_COLUMNS = 16384
LONGEST_NUMBER = 64
DEEPEST = 4
"""A list of objects, of criteria, of items, of counts by attribution."""
SPACES = " \u00a0\u3000"
DELIMITERS = ",;\t"

Source: TypeAlias = str | PathLike[str] | Traversable
Cells: TypeAlias = Sequence[Any]
"""Text from CSV; text, whole numbers, Decimal, bool, objects or None from JSON."""


@attrs.frozen
class Rows:
    """A file's columns, and its rows once: where each stands in the file, and a cell for every column.

    In CSV a row stands on a line of the file, and the header is line 1; in JSON the first object is 1.
    """

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Cells]]


def read_rows(source: Source, problems: Problems) -> Rows:
    """The rows of a .csv or .json file; ragged rows, found while they are read, go to `problems`.

    CSV is UTF-8 with or without a byte order mark; where its header holds no comma, semicolons or tabs part it. JSON is
    a list of objects whose keys are the columns; a key left out is a blank cell. Rows of blanks only are passed over.
    Raises InvalidInput where the file as a whole cannot be read.
    """
    name, data = _bytes(source)
    ending = PurePath(name).suffix.lower()
    try:
        if ending not in (".csv", ".json"):
            raise InvalidInput(Problem("not-a-table", (), ending or name, ".csv or .json"))
        rows = (_csv if ending == ".csv" else _json)(name, _text(data), problems)
        _check_columns(rows.columns)
    except InvalidInput as error:
        raise InvalidInput(error.within(name)) from None
    return rows


def blank(cell: Any) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip(SPACES))


def trimmed(cell: Any) -> Any:
    """The cell without the spaces around its text; None where it is blank."""
    if isinstance(cell, str):
        return cell.strip(SPACES) or None
    return cell


def _bytes(source: Source) -> tuple[str, bytes]:
    place: Any = Path(source) if isinstance(source, str | PathLike) else source
    try:
        with place.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InvalidInput(Problem("unreadable", (str(place.name),), reason)) from None
    if len(data) > MOST_BYTES:
        raise InvalidInput(Problem("too-large", (str(place.name),), len(data), str(MOST_BYTES)))
    return str(place.name), data


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(Problem("not-utf-8")) from None
    if "\0" in text:
        raise InvalidInput(Problem("not-a-table", (), "NUL", "text"))
    return text


def _check_columns(columns: Sequence[str]) -> None:
    if not columns:
        raise InvalidInput(Problem("no-rows"))
    if len(columns) > MOST_COLUMNS:
        raise InvalidInput(Problem("too-many", ("columns",), len(columns), str(MOST_COLUMNS)))
    again = [name for name, times in Counter(columns).items() if times > 1]
    if again:
        raise InvalidInput([Problem("duplicate-column", (), name) for name in again])


def _csv(name: str, text: str, problems: Problems) -> Rows:
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = next((mark for mark in DELIMITERS if mark in first_line), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = tuple(column.strip(SPACES) for column in _header(reader))
    return Rows(name, columns, _even(name, _records(name, reader, problems), len(columns), problems))


def _header(reader: Any) -> list[str]:
    try:
        return next((record for record in reader if any(map(str.strip, record))), [])
    except csv.Error as error:
        raise InvalidInput(Problem("not-a-table", (1,), str(error), "CSV")) from None


def _records(name: str, reader: Any, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Every record that holds anything, with the line on which it begins; a broken one ends the file."""
    line = reader.line_num + 1
    try:
        for record in reader:
            if any(map(str.strip, record)):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(Problem("not-a-table", (name, line), str(error), "CSV"))


def _even(
    name: str, records: Iterable[tuple[int, list[str]]], width: int, problems: Problems
) -> Iterator[tuple[int, Cells]]:
    """The records as wide as the header."""
    for line, record in records:
        if len(record) == width:
            yield line, record
        else:
            problems.add(Problem("row-length", (name, line), len(record), str(width)))


class _Twice(dict[str, Any]):
    """An object in which a key stands twice."""


def _json(name: str, text: str, problems: Problems) -> Rows:
    try:
        parsed = json.loads(
            text, parse_float=_number, parse_int=_whole, parse_constant=str, object_pairs_hook=_object
        )  # fmt: skip
    except RecursionError:
        raise InvalidInput(Problem("too-deep", (), None, str(DEEPEST))) from None
    except json.JSONDecodeError as error:
        raise InvalidInput(Problem("not-a-table", (), str(error), "a list of objects")) from None
    if not isinstance(parsed, list):
        raise InvalidInput(Problem("wrong-type", (), parsed, "a list of objects"))
    for number, row in enumerate(parsed, 1):
        if not isinstance(row, dict):
            problems.add(Problem("wrong-type", (name, number), row, "an object"))
    columns = tuple(dict.fromkeys(key for row in parsed if isinstance(row, dict) for key in row))
    return Rows(name, columns, _objects(name, parsed, columns, problems))


def _objects(
    name: str, parsed: Iterable[Any], columns: Sequence[str], problems: Problems
) -> Iterator[tuple[int, Cells]]:
    for number, row in enumerate(parsed, 1):
        if not isinstance(row, dict):
            continue
        if twice := [key for key, part in (("", row), *row.items()) if isinstance(part, _Twice)]:
            problems.add(*(Problem("duplicate-column", (name, number), key or list(row)) for key in twice))
        elif row:
            yield number, [row.get(column) for column in columns]


def _object(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Twice(made)


def _number(text: str) -> Any:
    """The number exactly; the text itself where no figure is that long, for the measure to refuse."""
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER else text
    except ArithmeticError:
        return text


def _whole(text: str) -> Any:
    return int(text) if len(text) <= LONGEST_NUMBER else text

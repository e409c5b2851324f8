"""Sources: the files that a run reads, and which records of a CSV file are blank or not as wide as its header."""

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from glob import glob, has_magic
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem, listed
from civrules.scoring.rows import DELIMITERS, SPACES

FORMATS = (".csv", ".parquet")
_MOST_RAGGED = 10_000
"""A file with more of them is not the table that it is taken for."""

Paths: TypeAlias = str | PathLike[str] | Iterable[str | PathLike[str]]
_Odd: TypeAlias = tuple[int, int, list[str]]
"""A record that is not one whole line: its first line, its last, and its cells; none where the line is empty."""


def files_of(paths: Paths) -> tuple[Path, ...]:
    """The files in the order in which they are named; those that a pattern names by their name.

    Raises InvalidInput where there are none, or they are of two formats.
    """
    named = [fspath(one) for one in ([paths] if isinstance(paths, str | PathLike) else paths)]
    found = tuple(dict.fromkeys(chain.from_iterable(map(_matching, named))))
    problems = [Problem("unreadable", (str(one),), "no such file") for one in found if not one.is_file()]
    if not found:
        problems.append(Problem("unreadable", (), listed(named) or None))
    if problems:
        raise InvalidInput(problems)
    formats = sorted({format_of(one) for one in found})
    if len(formats) > 1:
        raise InvalidInput(Problem("two-formats", (), listed(formats)))
    return found


def is_pattern(name: str) -> bool:
    """Whether the name stands for all files that it matches."""
    return has_magic(name) and not Path(name).exists()


def _matching(name: str) -> list[Path]:
    found = glob(name, recursive=True) if is_pattern(name) else [name]  # noqa: PTH207  # the pattern may be absolute
    return [Path(one) for one in sorted(found)]


def format_of(path: Path) -> str:
    """The file's ending, one of `FORMATS`. Raises InvalidInput."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise InvalidInput(Problem("unknown-word", (str(path),), ending or path.name, ", ".join(FORMATS)))
    return ending


@attrs.frozen(eq=False)
class Sheet:
    """A CSV file. Its records are counted from 0 after the header, as the engine that reads it counts them."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    header: int
    """How many lines the header takes."""
    quoted: bool
    """Whether a cell may hold the end of a line."""
    records: int
    ragged: Mapping[int, int]
    """How many cells those records have that are not as wide as the header."""
    blank: frozenset[int]
    jumps: tuple[tuple[int, int], ...]
    """Records that do not stand on the line after that of the one before, and their lines."""

    def line(self, record: int) -> int:
        """The line of the file on which the record begins."""
        place = bisect_right(self.jumps, record, key=lambda jump: jump[0])
        first, line = self.jumps[place - 1] if place else (0, self.header + 1)
        return line + record - first


def sheet_of(path: Path, *, counts_empty: bool) -> Sheet:
    """Look through a CSV file once; `counts_empty` says whether the engine counts empty lines as records.

    Raises InvalidInput where the file is no CSV in UTF-8, or too many of its records are ragged.
    """
    try:
        return _sheet(path, counts_empty=counts_empty)
    except InvalidInput as error:
        raise InvalidInput(error.within(path.name)) from None
    except UnicodeDecodeError:
        raise InvalidInput(Problem("not-utf-8", (path.name,))) from None
    except csv.Error as error:
        raise InvalidInput(Problem("not-a-table", (path.name,), str(error), "CSV")) from None
    except OSError as error:
        raise InvalidInput(Problem("unreadable", (path.name,), error.strerror or type(error).__name__)) from None


def _sheet(path: Path, *, counts_empty: bool) -> Sheet:
    columns, delimiter, header = _header(path)
    quoted = False
    lines, odd = _odd_lines(path, header, len(columns), delimiter)
    if lines is None:
        quoted = True
        lines, odd = _odd_records(path, header, len(columns), delimiter)
    records, at = 0, header + 1
    ragged: dict[int, int] = {}
    blank: set[int] = set()
    jumps: list[tuple[int, int]] = []
    for first, last, cells in odd:
        records += first - at
        at = last + 1
        counted = counts_empty or bool(cells)
        if counted and not any(map(str.strip, cells)):
            blank.add(records)
        elif counted and len(cells) != len(columns):
            ragged[records] = len(cells)
        records += counted
        if not counted or last > first:
            jumps.append((records, at))
    if len(ragged) > _MOST_RAGGED:
        raise InvalidInput(Problem("not-a-table", (), f"{len(ragged)} ragged rows", "CSV"))
    return Sheet(
        path, columns, delimiter, header, quoted, records + lines + 1 - at, ragged, frozenset(blank), tuple(jumps)
    )


def _header(path: Path) -> tuple[tuple[str, ...], str, int]:
    """The columns, what parts them, and how many lines they take. Raises InvalidInput."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = next((line for line in file if line.strip("\r\n")), "")
        delimiter = next((mark for mark in DELIMITERS if mark in first), ",")
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        cells = next((cells for cells in reader if any(map(str.strip, cells))), [])
        columns = tuple(cell.strip(SPACES) for cell in cells)
    again = [name for name, times in Counter(columns).items() if times > 1]
    if not columns:
        raise InvalidInput(Problem("no-rows"))
    if again:
        raise InvalidInput([Problem("duplicate-column", (), name) for name in again])
    return columns, delimiter, reader.line_num


def _odd_lines(path: Path, header: int, width: int, delimiter: str) -> tuple[int | None, list[_Odd]]:
    """How many lines the file has, and the odd ones; None as soon as one holds a quotation mark."""
    odd: list[_Odd] = []
    nothing, number = f"{delimiter}{SPACES}\t\r\n", header
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, 1):
            if number <= header:
                continue
            if '"' in line:
                return None, []
            if line.count(delimiter) != width - 1 or not line.lstrip(nothing):
                text = line.rstrip("\r\n")
                odd.append((number, number, text.split(delimiter) if text else []))
    return number, odd


def _odd_records(path: Path, header: int, width: int, delimiter: str) -> tuple[int, list[_Odd]]:
    """The same where cells may be quoted."""
    odd: list[_Odd] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        for first, last, cells in _records(reader):
            if first > header and (first != last or len(cells) != width or not any(map(str.strip, cells))):
                odd.append((first, last, cells))
        return reader.line_num, odd


def _records(reader: Any) -> Iterator[_Odd]:
    line = 1
    for cells in reader:
        yield line, reader.line_num, cells
        line = reader.line_num + 1

"""Output: rows as a table for people, as CSV or as JSON, and files that are written whole or not at all."""

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import click

from civrules import InvalidInput, Problem
from civrules.model.text import harmless

Cell: TypeAlias = str | int | Decimal | list[Any] | None
Row: TypeAlias = Sequence[Cell]

_MOST_FOLDED = 1000
OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "on": "--on", "period": "--period", "calendar": "--calendar", "start": "--start", "dates": "--dates",
        "holders": "--holder", "attributes": "--attribute", "ignore=True": "--ignore", "mixed=True": "--mixed",
        "bounds=False": "--no-bounds",
    }
)  # fmt: skip
"""What the commands call the arguments of the functions that they run."""
OPTIONS_KEY = "civrules.options"
"""Where the context keeps what the command at hand calls otherwise."""


def printable(text: str) -> str:
    """The text on one line, without control, bidirectional and other characters that are not seen.

    >>> printable("a" + chr(0x1B) + "[2J" + chr(0x202E) + "b" + chr(10) + "c")
    'a[2Jb c'
    """
    return "".join(one if one.isprintable() else " " if one.isspace() else "" for one in text)


def said(problem: Problem, lang: Any) -> str:
    """The problem on one line; arguments that its remedy names are called as the command calls them."""
    own = click.get_current_context().meta.get(OPTIONS_KEY, {})
    return printable(problem.say(lang, options={**OPTIONS, **own}))


def rendered(columns: Sequence[str], rows: Iterable[Row], form: str) -> str:
    """The rows as text: a table for people, CSV, or a JSON list of objects."""
    if form == "table":
        return as_table(columns, rows)
    return as_csv(columns, rows) if form == "csv" else as_json(columns, rows)


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """CSV; text that a spreadsheet would run as a formula begins with an apostrophe, numbers stay as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(harmless, columns))
    writer.writerows([_in_csv(cell) for cell in row] for row in rows)
    return out.getvalue()


def _in_csv(cell: Cell) -> str:
    return harmless(_in_words(cell)) if isinstance(cell, str | list) else _in_words(cell)


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A JSON list of objects, one to a line; figures are strings, so that no reader makes binary floats of them."""
    objects = (dict(zip(columns, row, strict=True)) for row in rows)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, default=_figure) for one in objects)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def _figure(cell: Decimal) -> str:
    """A figure as plain text, without an exponent."""
    return f"{cell:f}"


def as_table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A table for people, folded to the terminal's width where it is one; nothing is cut off."""
    kept = list(rows)
    words = [[printable(column) for column in columns], *([printable(_in_words(cell)) for cell in row] for row in kept)]
    right = [
        bool(kept) and all(isinstance(row[place], int | Decimal | None) for row in kept)
        for place in range(len(columns))
    ]
    if sys.stdout.isatty() and len(kept) <= _MOST_FOLDED:
        return _folded(words, right)
    return _aligned(words, right)


def _folded(words: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, figures in zip(words[0], right, strict=True):
        table.add_column(Text(column), justify="right" if figures else "left", overflow="fold")
    for row in words[1:]:
        # Text, not markup: what stands in brackets is shown, never obeyed.
        table.add_row(*map(Text, row))
    out = io.StringIO()
    Console(file=out, color_system=None, legacy_windows=False).print(table)
    return _trimmed(out.getvalue().splitlines())


def _aligned(words: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """The same without folding, which rich is slow at for many rows."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*words, strict=True)]

    def line(row: Sequence[str]) -> str:
        cells = zip(row, widths, right, strict=True)
        gaps = ((cell, " " * (width - cell_len(cell)), figures) for cell, width, figures in cells)
        return "   ".join(gap + cell if figures else cell + gap for cell, gap, figures in gaps)

    return _trimmed([line(words[0]), "─" * (sum(widths) + 3 * (len(widths) - 1)), *map(line, words[1:])])


def _trimmed(lines: Iterable[str]) -> str:
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _in_words(cell: Cell) -> str:
    if isinstance(cell, list):
        return "; ".join(map(str, cell))
    return "" if cell is None else _figure(cell) if isinstance(cell, Decimal) else str(cell)


def write(text: str) -> None:
    """Write to standard output; a character that the terminal's encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)


def check_target(out: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse what cannot be written to, or would take an input's place. Raises InvalidInput."""
    if out is None:
        return
    if any(_same(out, source) for source in inputs):
        raise InvalidInput(Problem("would-overwrite", (), str(out)))
    if not out.parent.is_dir():
        raise InvalidInput(Problem("unwritable", (str(out),), "no such folder"))
    _check_file(out)


def _check_file(out: Path) -> None:
    """Refuse a device or a pipe, in whose place a file would be put. Raises InvalidInput."""
    if out.exists() and not out.is_file():
        raise InvalidInput(Problem("unwritable", (str(out),), "not a file"))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def write_file(out: Path, text: str) -> None:
    """Write the file whole: beside its place first, then into it. Raises InvalidInput where that fails."""
    target = out.resolve()
    _check_file(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(Problem("unwritable", (str(out),), error.strerror or type(error).__name__)) from None

"""Engines: what reads files, works out the plan and writes its result, in bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeAlias, cast

import attrs
import narwhals as nw

from civrules.errors import InvalidInput, Problem
from civrules.frames.plan import PREFIX
from civrules.frames.sources import Sheet, format_of, sheet_of

EngineName: TypeAlias = Literal["polars", "duckdb", "spark"]
Progress: TypeAlias = Callable[[int, int | None], object]
"""Is told how many rows are done, and of how many where that is known."""

FILE = f"{PREFIX}file"
"""The column of the file in which a row stands: its number, or its path."""
RECORD = f"{PREFIX}record"
"""The column of a row's number in its file, from 0; null where the engine does not number them."""
RAGGED = f"{PREFIX}ragged"
"""The column that says whether a row has not as many cells as the header."""
PROBLEM = f"{PREFIX}problem"
_FETCHED = 1000
Row: TypeAlias = tuple[Any, ...]


@attrs.frozen(eq=False)
class Inputs:
    """Files of one format and the same columns; CSV files with what was found in them."""

    files: tuple[Path, ...]
    sheets: tuple[Sheet, ...]

    @classmethod
    def of(cls, files: tuple[Path, ...], *, counts_empty: bool) -> "Inputs":
        """Look through them. Raises InvalidInput where a file cannot be read, or its columns are not the first's."""
        csv = format_of(files[0]) == ".csv"
        sheets = tuple(sheet_of(file, counts_empty=counts_empty) for file in files) if csv else ()
        inputs = cls(files, sheets)
        inputs.check_same([sheet.columns for sheet in sheets])
        return inputs

    def check_same(self, columns: Sequence[object]) -> None:
        """Raises InvalidInput where a file's columns are not the first's."""
        pairs = zip(self.files, columns, strict=False)
        other = [Problem("other-columns", (file.name,), None, self.files[0].name) for file, one in pairs
                 if one != columns[0]]  # fmt: skip
        if other:
            raise InvalidInput(other)

    @property
    def names(self) -> list[str]:
        """The files' paths as text."""
        return [str(file) for file in self.files]

    @property
    def rows(self) -> int:
        """How many rows the CSV files have."""
        return sum(sheet.records - len(sheet.blank) for sheet in self.sheets)

    def at(self, file: int | str) -> tuple[Path, Sheet | None]:
        """The file that a row names by its number or its path, and what was found in it."""
        place = file if isinstance(file, int) else [one.name for one in self.files].index(Path(file).name)
        return self.files[place], self.sheets[place] if self.sheets else None


@attrs.frozen(eq=False)
class Split:
    """The plan of a run: rows of the result, and beside them what is needed to say what is wrong with one."""

    table: Any
    """A frame of the engine with the columns of the result, PROBLEM and those of `beside`."""
    result: tuple[str, ...]
    beside: tuple[str, ...]
    ordered: bool
    """Whether rows come in the order of the files."""


class Polars:
    """The embedded default: one pass, in its streaming engine."""

    counts_empty = True

    def __init__(self, inputs: Inputs, folder: Path, progress: Progress | None, master: str | None) -> None:
        import polars as pl

        self.inputs = inputs
        self._folder = folder
        self._progress = progress
        self._lock = Lock()
        self.read = 0
        self.written = 0
        self.may_be_ragged = any(sheet.ragged for sheet in inputs.sheets)
        self.errors: tuple[type[Exception], ...] = (pl.exceptions.PolarsError,)

    def frame(self) -> Any:
        """The files as one plan, with FILE, RECORD and RAGGED. Raises InvalidInput where their columns differ."""
        import polars as pl

        if not self.inputs.sheets:
            self.inputs.check_same([pl.read_parquet_schema(file) for file in self.inputs.files])
        whole = [pl.scan_parquet(file, glob=False) for file in self.inputs.files] if not self.inputs.sheets else [
            pl.scan_csv(
                sheet.path, has_header=False, skip_lines=sheet.header, separator=sheet.delimiter, glob=False,
                schema=dict.fromkeys(sheet.columns, pl.String), extra_columns="ignore", missing_columns="insert",
            )
            for sheet in self.inputs.sheets
        ]  # fmt: skip
        return pl.concat(
            self._placed(one.with_row_index(RECORD).with_columns(pl.lit(place).alias(FILE)), place)
            for place, one in enumerate(whole)
        )

    def _placed(self, rows: Any, place: int) -> Any:
        import polars as pl

        sheet = self.inputs.sheets[place] if self.inputs.sheets else None
        if sheet is not None and sheet.blank:
            rows = rows.filter(~pl.col(RECORD).is_in(list(sheet.blank)))
        ragged = pl.col(RECORD).is_in(list(sheet.ragged)) if sheet is not None and sheet.ragged else pl.lit(False)
        return rows.with_columns(ragged.alias(RAGGED))

    def _rows_in(self) -> int:
        """How many rows the files have."""
        import polars as pl

        if self.inputs.sheets:
            return self.inputs.rows
        return int(pl.scan_parquet(list(self.inputs.files), glob=False).select(pl.len()).collect().item())

    def run(self, split: Split, out: Path) -> None:
        """Write the rows of the result without a problem; `wrong` has the others."""
        import polars as pl

        total = self._rows_in() if self._progress is not None and split.ordered else None
        numbers = count()

        def sound(rows: pl.DataFrame) -> pl.DataFrame:
            wrong = rows.filter(pl.col(PROBLEM).is_not_null())
            with self._lock:
                self.read += rows.height
                self.written += rows.height - wrong.height
                if self._progress is not None:
                    self._progress(self.read, total)
                number = next(numbers)
            if wrong.height == 0:
                return rows.select(split.result)
            # Batches come in any order, from several threads; each is a stretch of one file.
            first = wrong.select(FILE, RECORD).row(0) if split.ordered else (0, number)
            wrong.select(PROBLEM, *split.beside).write_ipc(self._folder / "{:06}-{:012}.wrong".format(*first))
            return rows.filter(pl.col(PROBLEM).is_null()).select(split.result)

        plan = split.table
        schema = plan.select(split.result).collect_schema()
        made = plan.map_batches(sound, schema=schema, streamable=True)
        if format_of(out) == ".csv":
            made.sink_csv(out, engine="streaming")
        else:
            made.sink_parquet(out, engine="streaming")

    def wrong(self, split: Split) -> Iterator[Row]:
        """The rows with a problem: PROBLEM and the columns beside."""
        import polars as pl

        for file in sorted(self._folder.glob("*.wrong")):
            yield from pl.read_ipc(file).iter_rows()

    def rows(self, frame: Any) -> Iterator[Row]:
        """The rows of a plan."""
        yield from frame.collect(engine="streaming").iter_rows()

    def close(self) -> None:
        """Nothing is held open."""


class DuckDB:
    """DuckDB, in a database of its own that spills beside the result."""

    counts_empty = False

    def __init__(self, inputs: Inputs, folder: Path, progress: Progress | None, master: str | None) -> None:
        import duckdb

        self.inputs = inputs
        self._database = duckdb.connect(config={"temp_directory": str(folder)})
        self.read = 0
        self.written = 0
        self.may_be_ragged = any(sheet.ragged for sheet in inputs.sheets)
        self.errors: tuple[type[Exception], ...] = (duckdb.Error,)

    def frame(self) -> Any:
        """The files as one relation, with FILE, RECORD and RAGGED. Raises InvalidInput where their columns differ."""
        if not self.inputs.sheets:
            names = self.inputs.names
            schemas = [self._database.read_parquet(name) for name in names]
            self.inputs.check_same([(one.columns, one.types) for one in schemas])
            return self._database.sql(
                f'SELECT * EXCLUDE (filename, file_row_number), filename AS "{FILE}", '
                f'file_row_number AS "{RECORD}", false AS "{RAGGED}" '
                f"FROM read_parquet({_texts(names)}, filename = true, file_row_number = true)"
            )
        return self._database.sql(" UNION ALL ".join(map(self._csv, range(len(self.inputs.sheets)))))

    def _csv(self, place: int) -> str:
        sheet = self.inputs.sheets[place]
        columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in sheet.columns)
        loose = "strict_mode = false, null_padding = true, parallel = false, " if sheet.ragged else ""
        kept = f'WHERE "{RECORD}" NOT IN ({", ".join(map(str, sheet.blank))})' if sheet.blank else ""
        ragged = f"IN ({', '.join(map(str, sheet.ragged))})" if sheet.ragged else "< 0"
        return (
            f'SELECT *, {place} AS "{FILE}", "{RECORD}" {ragged} AS "{RAGGED}" FROM ('
            f'SELECT *, row_number() OVER () - 1 AS "{RECORD}" FROM read_csv({_text(str(sheet.path))}, {loose}'
            f"auto_detect = false, header = false, skip = {sheet.header}, delim = {_text(sheet.delimiter)}, "
            f"quote = '\"', escape = '\"', columns = {{{columns}}})) {kept}"
        )

    def run(self, split: Split, out: Path) -> None:
        """Write the rows of the result without a problem."""
        sound = nw.from_native(split.table).filter(nw.col(PROBLEM).is_null()).select(*split.result)
        sound.to_native().create_view("sound")
        form = "CSV, HEADER" if format_of(out) == ".csv" else "PARQUET"
        (self.written,) = self._one(f"COPY sound TO {_text(str(out))} (FORMAT {form})")
        self.read = self._rows_in() if split.ordered else 0

    def _rows_in(self) -> int:
        if self.inputs.sheets:
            return self.inputs.rows
        return int(self._one(f"SELECT count(*) FROM read_parquet({_texts(self.inputs.names)})")[0])

    def _one(self, query: str) -> Row:
        return cast(Row, self._database.execute(query).fetchall()[0])

    def wrong(self, split: Split) -> Iterator[Row]:
        """The rows with a problem: PROBLEM and the columns beside."""
        if split.ordered and self.written == self.read:
            return
        table = nw.from_native(split.table).filter(~nw.col(PROBLEM).is_null()).select(PROBLEM, *split.beside)
        yield from self.rows(table.to_native())

    def rows(self, frame: Any) -> Iterator[Row]:
        """The rows of a relation."""
        frame.create_view("asked")
        asked = self._database.execute("FROM asked")
        while rows := asked.fetchmany(_FETCHED):
            yield from rows

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _text(text: str) -> str:
    """A constant of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"

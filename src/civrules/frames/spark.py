"""Spark: a cluster's own engine reads files and writes a folder of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import narwhals as nw

from civrules.frames.engines import FILE, PROBLEM, RAGGED, RECORD, Inputs, Progress, Row, Split
from civrules.frames.plan import PREFIX
from civrules.frames.sources import format_of

_CORRUPT = f"{PREFIX}corrupt"


class Spark:
    """A Spark session, local or of a master; it does not number the rows of CSV files."""

    counts_empty = True

    def __init__(self, inputs: Inputs, folder: Path, progress: Progress | None, master: str | None) -> None:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        self.inputs = inputs
        self._open = SparkSession.getActiveSession() is not None
        builder = SparkSession.builder.appName("civrules").config("spark.ui.enabled", "false")
        self._session = builder.master(master or "local[*]").getOrCreate() if not self._open else builder.getOrCreate()
        # Generated code of a wide program is beyond what the JVM compiles, and then slower than none.
        self._session.conf.set("spark.sql.codegen.wholeStage", "false")
        self.read = 0
        self.written = 0
        self.may_be_ragged = bool(inputs.sheets)
        self.errors: tuple[type[Exception], ...] = (PySparkException,)

    def frame(self) -> Any:
        """The files as one frame, with FILE, RECORD and RAGGED. Raises InvalidInput where their columns differ."""
        from pyspark.sql import functions as f

        names = self.inputs.names
        if not self.inputs.sheets:
            self.inputs.check_same([self._session.read.parquet(name).dtypes for name in names])
            rows = self._session.read.parquet(*names)
            return rows.select(
                "*", f.col("_metadata.file_path").alias(FILE), f.col("_metadata.row_index").alias(RECORD),
                f.lit(False).alias(RAGGED),
            )  # fmt: skip
        sheet = self.inputs.sheets[0]
        columns = ", ".join(f"`{name.replace('`', '``')}` STRING" for name in (*sheet.columns, _CORRUPT))
        rows = self._session.read.csv(
            names, schema=columns, header=True, sep=sheet.delimiter, mode="PERMISSIVE", escape='"',
            multiLine=any(one.quoted for one in self.inputs.sheets), columnNameOfCorruptRecord=_CORRUPT,
        )  # fmt: skip
        # Lines of blanks only are no rows.
        held = f.coalesce(*(f.col(f"`{name.replace('`', '``')}`") for name in sheet.columns))
        return rows.filter(held.isNotNull()).select(
            *(f.col(f"`{name.replace('`', '``')}`") for name in sheet.columns),
            f.col("_metadata.file_path").alias(FILE), f.lit(None).cast("bigint").alias(RECORD),
            f.col(f"`{_CORRUPT}`").isNotNull().alias(RAGGED),
        )  # fmt: skip

    def run(self, split: Split, out: Path) -> None:
        """Write the rows of the result without a problem, as a folder."""
        sound = nw.from_native(split.table).filter(nw.col(PROBLEM).is_null()).select(*split.result).to_native()
        if format_of(out) == ".csv":
            sound.write.csv(str(out), header=True, escape='"')
            self.written = self._session.read.csv(str(out), header=True, escape='"', multiLine=True).count()
        else:
            sound.write.parquet(str(out))
            self.written = self._session.read.parquet(str(out)).count()
        self.read = self.frame().count() if split.ordered else 0

    def wrong(self, split: Split) -> Iterator[Row]:
        """The rows with a problem: PROBLEM and the columns beside."""
        table = nw.from_native(split.table).filter(~nw.col(PROBLEM).is_null()).select(PROBLEM, *split.beside)
        yield from self.rows(table.to_native())

    def rows(self, frame: Any) -> Iterator[Row]:
        """The rows of a frame."""
        names = frame.columns
        for row in frame.toLocalIterator():
            said = dict(zip(names, row, strict=True))
            if isinstance(said.get(FILE), str):
                said[FILE] = unquote(said[FILE])
            yield tuple(said.values())

    def close(self) -> None:
        """End the session, if it was begun here."""
        if not self._open:
            self._session.stop()

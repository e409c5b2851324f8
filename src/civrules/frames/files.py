"""Files: communities scored from files to a file, in bounded memory; what cannot be scored goes to another."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import attrs
import narwhals as nw

from civrules.errors import InvalidInput, Problem, listed, nearest
from civrules.frames.cells import HIDING_PATTERN, SPACES
from civrules.frames.engines import (
    FILE,
    PROBLEM,
    RAGGED,
    RECORD,
    DuckDB,
    EngineName,
    Inputs,
    Polars,
    Progress,
    Row,
    Split,
)
from civrules.frames.evaluating import Layout, Prepared, prepared
from civrules.frames.output import decimal_columns, selected
from civrules.frames.plan import PREFIX, where
from civrules.frames.rejects import Found, OneByOne, Rejected, RejectsFile
from civrules.frames.sources import Paths, files_of, format_of
from civrules.frames.spark import Spark
from civrules.model.days import Period
from civrules.model.mapping import FrozenMapping
from civrules.model.standard import Standard
from civrules.model.text import FORMULA, HIDING, NUMBER, Lang, harmless
from civrules.scoring.long import COLUMNS as LONG
from civrules.scoring.long import is_long

_MODULES = {"polars": "polars", "duckdb": "duckdb", "spark": "pyspark"}
_ASKED = 10_000
"""How many communities one look at the files asks for."""
Engine: TypeAlias = Polars | DuckDB | Spark


@attrs.frozen
class Summary:
    """What became of the rows of files: `read` is `written` and `rejected`; of long files communities are counted."""

    read: int
    written: int
    rejected: int
    reasons: Mapping[str, int]
    """How many rows were rejected for each code, by what is wrong with them first."""
    out: Path
    rejects: Path | None
    """The file of rejects; None where there are none."""


def evaluate_files(
    standard: Standard, paths: Paths, /, *, out: str | os.PathLike[str],
    rejects: str | os.PathLike[str] | None = None, id: str = "community", layout: Layout | None = None,
    engine: EngineName = "polars", on: date | None = None, period: Period | None = None, bounds: bool = True,
    lines: bool = False, ignore: bool = False, strict: bool = False, progress: Progress | None = None,
    master: str | None = None, lang: Lang = "en",
) -> Summary:  # fmt: skip
    """Score the communities of files and write what came of them to a file, in bounded memory.

    `paths` are .csv or .parquet files, or a pattern such as "data/*.parquet"; `out` ends in .csv or .parquet. Columns
    are those of `read_table`, and as there others are refused unless `ignore`; what a CSV file says is read as
    `read_table` reads it. The result has the columns of `evaluate` but rank, its figures as decimals.

    Rows that cannot be scored stand in `rejects`, by default beside the result (`result.rejects.csv`): file, row,
    community, column, value, code and the reason in `lang`; a row has a line for everything that is wrong with it.
    With `strict` they refuse the run. A community is looked for in one row; two rows of one have two results.

    The engine `spark` takes a `master` (left out, the session that is active, else one of this machine) and writes a
    folder. `progress` is told how many rows are done, and of how many.

    Nothing stands under the names of `out` and `rejects` before all is done. Raises InvalidInput as `evaluate` does;
    with files and columns that cannot be read; where an input would be overwritten; and with `strict` with what is
    wrong with the rows, the first thousand problems.
    """
    target = Path(out)
    beside = target.with_name(f"{target.stem}.rejects.csv") if rejects is None else Path(rejects)
    files = files_of(paths)
    _check_targets(target, beside, files, engine)
    try:
        with TemporaryDirectory(prefix=f".{target.name}.", suffix=".part", dir=target.parent) as part:
            run = _Run(standard, id, RejectsFile(Path(part) / "rejects", id, lang), {"on": on, "period": period})
            with closing(_engine(engine, files, Path(part), master, progress)) as working:
                run.write(working, Path(part) / target.name, layout, ignore=ignore, bounds=bounds, lines=lines)
            if strict and run.rejects.rejected:
                raise InvalidInput(run.rejects.problems.all())
            _put(Path(part), target, beside, rejected=bool(run.rejects.rejected))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput(Problem("unwritable", (str(error.filename or target),), reason)) from None
    many, reasons = run.rejects.rejected, FrozenMapping(run.rejects.reasons)
    return Summary(run.read, run.written, many, reasons, target, beside if many else None)


def _check_targets(target: Path, beside: Path, files: Sequence[Path], engine: str) -> None:
    """Refuse what cannot be written to, or would take an input's place. Raises InvalidInput."""
    if engine not in _MODULES:
        raise InvalidInput(Problem("unknown-word", ("engine",), engine, listed(_MODULES), nearest(engine, _MODULES)))
    if find_spec(_MODULES[engine]) is None:
        raise InvalidInput(Problem("not-installed", ("engine",), engine, _MODULES[engine]))
    format_of(target)
    if format_of(beside) != ".csv":
        raise InvalidInput(Problem("unknown-word", (str(beside),), beside.suffix, ".csv"))
    sources = {file.resolve() for file in files}
    for one in (target, beside):
        if one.resolve() in sources or (one is beside and one.resolve() == target.resolve()):
            raise InvalidInput(Problem("would-overwrite", (), str(one)))
        if not one.parent.is_dir():
            raise InvalidInput(Problem("unwritable", (str(one),), "no such folder"))
        if one.exists() and one.is_file() == (one is target and engine == "spark"):
            raise InvalidInput(Problem("unwritable", (str(one),), "a file" if one.is_file() else "not a file"))


def _engine(
    name: EngineName, files: tuple[Path, ...], folder: Path, master: str | None, progress: Progress | None
) -> Engine:
    engines: dict[str, Any] = {"polars": Polars, "duckdb": DuckDB, "spark": Spark}
    inputs = Inputs.of(files, counts_empty=engines[name].counts_empty)
    made: Engine = engines[name](inputs, folder, progress, master)
    return made


def _put(part: Path, target: Path, beside: Path, *, rejected: bool) -> None:
    """What is whole takes its name, the result last; the rejects of an earlier run do not stay beside it."""
    if rejected:
        (part / "rejects").replace(beside)
    else:
        beside.unlink(missing_ok=True)
    made = part / target.name
    if made.is_dir() and target.exists():
        shutil.rmtree(target)
    made.replace(target)


class _Run:
    """One run over the files of an engine."""

    def __init__(self, standard: Standard, id_: str, rejects: RejectsFile, judged: Mapping[str, Any]) -> None:
        self._standard = standard
        self._id = id_
        self._judged = judged
        self.rejects = rejects
        self.read = 0
        self.written = 0

    def write(
        self, engine: Engine, out: Path, layout: Layout | None, *, ignore: bool, bounds: bool, lines: bool
    ) -> None:
        """Write the result and the rejects. Raises InvalidInput, also with what the engine stumbles over."""
        try:
            frame = nw.from_native(engine.frame())
            schema = {name: dtype for name, dtype in frame.collect_schema().items() if not name.startswith(PREFIX)}
            long = layout == "long" if layout is not None else is_long(tuple(schema))
            columns = self._wanted(schema, long=long, ignore=ignore)
            frame = self._read(frame, schema, columns)
            made = prepared(
                self._standard, frame.to_native(), id=self._id, layout="long" if long else layout or "wide",
                bounds=bounds, lines=lines, **self._judged,
            )  # fmt: skip
            cells = () if long else columns
            split = self._split(made, cells, self._ragged(engine, frame) if long else None, format_of(out))
            engine.run(split, out)
            wrong = engine.wrong(split)
            one_by_one = OneByOne(made.program, self._id, columns, **self._judged)
            found = self._long(engine, frame, wrong, one_by_one) if long else self._wide(engine, wrong, one_by_one)
            self.rejects.write(found)
        except engine.errors as error:
            raise InvalidInput(Problem("engine-stopped", (), str(error).strip().partition("\n")[0])) from error
        self.written = engine.written
        self.read = engine.written + self.rejects.rejected if long else engine.read

    def _wanted(self, schema: Mapping[str, Any], *, long: bool, ignore: bool) -> tuple[str, ...]:
        """The columns that are read. Raises InvalidInput with the others, unless they are passed over."""
        known = LONG if long else self._standard.criteria
        mine = [name for name in schema if (name if long else name.partition(":")[0]) in known]
        others = [name for name in schema if name not in mine and name != self._id]
        if others and not ignore:
            valid = (*known, self._id)
            raise InvalidInput([Problem("unknown-column", (), name, "", nearest(name, valid)) for name in others])
        return tuple(dict.fromkeys((*(name for name in (self._id,) if name in schema), *mine)))

    def _read(self, frame: Any, schema: Mapping[str, Any], columns: Sequence[str]) -> Any:
        """The columns that are read and the rows' places, ids without the spaces around them."""
        frame = frame.select(FILE, RECORD, RAGGED, *columns)
        if self._id not in columns or not _is_text(schema[self._id]):
            return frame
        said = nw.col(self._id).cast(nw.String).str.strip_chars(SPACES)
        return frame.with_columns(**{self._id: where(said.is_null(), nw.lit(""), said)})

    def _ragged(self, engine: Engine, frame: Any) -> list[Any]:
        """The communities of long rows that have not as many cells as the header."""
        if not engine.may_be_ragged:
            return []
        return [row[0] for row in engine.rows(frame.filter(nw.col(RAGGED)).select(self._id).to_native())]

    def _split(self, made: Prepared, cells: Sequence[str], ragged: Sequence[Any] | None, form: str) -> Split:
        id_ = nw.col(self._id)
        schema = made.table.collect_schema()
        text = _is_text(schema[self._id])
        problem = made.scored.words["problem"]
        if text:
            problem = where(id_.str.contains(HIDING_PATTERN), nw.lit("hiding-character"), problem)
        problem = where((id_ == nw.lit("")) if text else id_.is_null(), nw.lit("no-id"), problem)
        if ragged is None or ragged:
            torn = nw.col(RAGGED) if ragged is None else id_.is_in(ragged)
            problem = where(torn, nw.lit("row-length"), problem)
        kept = cells or [self._id]
        beside = {f"{PREFIX}cell{place}": _exactly(name, schema[name]) for place, name in enumerate(kept)}
        beside |= {name: nw.col(name) for name in (FILE, RECORD, RAGGED) if ragged is None}
        table = selected(
            made.table, self._id, made.scored, descending=made.descending, rank=False,
            beside={PROBLEM: problem, **beside},
        )  # fmt: skip
        columns = [name for name in table.collect_schema().names() if name not in (PROBLEM, "problem", *beside)]
        if form == ".csv":
            columns[0] = harmless(self._id)
            table = table.with_columns(**{columns[0]: _harmless(id_) if text else id_})
        places = made.program.places
        return Split(decimal_columns(table.to_native(), places), tuple(columns), tuple(beside), ragged is None)

    def _wide(self, engine: Engine, wrong: Iterator[Row], one_by_one: OneByOne) -> Iterator[Found]:
        for code, *cells, file, record, ragged in wrong:
            said = dict(zip(one_by_one.columns, cells, strict=True))
            yield code, [one_by_one.wide(self._rejected(engine, code, said, file, record, ragged=ragged))]

    def _long(self, engine: Engine, frame: Any, wrong: Iterator[Row], one_by_one: OneByOne) -> Iterator[Found]:
        codes = {community: code for code, community in wrong}
        communities = iter(codes)
        while asked := list(islice(communities, _ASKED)):
            id_ = nw.col(self._id)
            mine = id_.is_in([one for one in asked if one is not None])
            own = frame.filter(mine | id_.is_null() if None in asked else mine).sort(self._id, FILE, RECORD)
            place = own.collect_schema().names().index(self._id)
            for community, rows in groupby(engine.rows(own.to_native()), key=itemgetter(place)):
                code = codes[community]
                found = [
                    self._rejected(engine, code, dict(zip(one_by_one.columns, cells, strict=True)), *at, ragged=ragged)
                    for *at, ragged, cells in ((*row[:3], row[3:]) for row in rows)
                ]
                yield code, one_by_one.long(found)

    def _rejected(
        self, engine: Engine, code: str, cells: Mapping[str, Any], file: Any, record: int | None, *, ragged: bool
    ) -> Rejected:
        """The row as it stands in its file, and what is wrong with it as a whole."""
        path, sheet = engine.inputs.at(file)
        row = None if record is None else record + 1 if sheet is None else sheet.line(record)
        found = None
        if ragged and sheet is not None:
            found = Problem("row-length", (), "?" if record is None else sheet.ragged[record], str(len(sheet.columns)))
        elif code == "no-id":
            found = Problem(code, (self._id,), None, self._id)
        elif code == "hiding-character" and not HIDING.isdisjoint(str(cells[self._id])):
            found = Problem(code, (self._id,), cells[self._id])
        return Rejected(path.name, row, cells, found)


def _is_text(dtype: Any) -> bool:
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _exactly(name: str, dtype: Any) -> nw.Expr:
    """A column as Python reads it without loss: the shortest decimals of half a float are not those of a whole one."""
    return nw.col(name).cast(nw.String) if dtype == nw.Float32 or _is_text(dtype) else nw.col(name)


def _harmless(text: nw.Expr) -> nw.Expr:
    """As `harmless` does, for a column."""
    formula = text.str.contains(f"^[{''.join(map(re.escape, FORMULA))}]") & ~text.str.contains(f"^(?:{NUMBER})$")
    return where(formula, nw.concat_str([nw.lit("'"), text]), text)

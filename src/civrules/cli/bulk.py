"""Bulk: many communities from files to a file, by `civrules.frames`."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import Any

import click

from civrules import InvalidInput, Period, Problem, Rulebook
from civrules.cli.options import LANG_KEY, standard_of
from civrules.cli.output import check_target, said

REJECTED = 3
"""How a run ends that has written its result, and rejected rows."""
_ENGINES = ("polars", "duckdb", "spark")
_ONE_BY_ONE = {
    "attributes": "--attribute", "communities": "--communities", "calendar": "--calendar", "waivers": "--waivers",
    "record": "--record",
}  # fmt: skip
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--engine", type=click.Choice(_ENGINES), help="Score in bulk with this engine; Parquet: polars."),
    click.option("--master", metavar="URL", help="Bulk with spark: the cluster; left out, this machine."),
    click.option("--strict", is_flag=True, help="Bulk: refuse all where a row cannot be scored."),
    click.option(
        "--rejects", type=click.Path(dir_okay=False, path_type=Path),
        help="Bulk: rows that cannot be scored, and why (CSV); left out, RESULT.rejects.csv beside the result.",
    ),
    click.option("--no-bounds", is_flag=True, help="Bulk: without what missing values could still give."),
)  # fmt: skip


def bulk_options(command: Any) -> Any:
    """How files are scored in bulk."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_bulk(files: Sequence[Path], out: Path | None, engine: str | None) -> bool:
    """Whether to score in bulk: an engine is named, there are several files, or a file or the result is Parquet."""
    several = len(files) > 1 or any(has_magic(str(file)) and not file.exists() for file in files)
    parquet = any(file.suffix.lower() == ".parquet" for file in (*files, *([out] if out else [])))
    return engine is not None or several or parquet


def check_one_by_one(*, master: str | None, strict: bool, rejects: Path | None, no_bounds: bool) -> None:
    """Refuse options that mean nothing one by one, where a row that cannot be scored refuses the run anyway."""
    named = {"--master": master, "--strict": strict, "--rejects": rejects, "--no-bounds": no_bounds}
    given = [name for name, value in named.items() if value]
    if given:
        raise click.UsageError(f"{', '.join(given)}: for bulk only; name an --engine.")


def evaluate_bulk(
    id_: str, files: Sequence[Path], out: Path | None, engine: Any, *, on: date | None, period: Period | None,
    no_bounds: bool, form: str, reading: Mapping[str, Any], **words: Any,
) -> None:  # fmt: skip
    """Score the files in bulk, say what became of the rows, and end with 3 where some were rejected."""
    try:
        from civrules.frames import evaluate_files
    except ImportError:
        raise InvalidInput(Problem("not-installed", (), "narwhals", "'civrules[frames]'")) from None
    given = [option for name, option in _ONE_BY_ONE.items() if reading.get(name)]
    if given or form != "table":
        raise click.UsageError(f"{', '.join(given or ['--format'])}: not in bulk; score one by one.")
    if out is None:
        raise click.UsageError("Bulk writes to a file; name it with --out.")
    if id_.lower().endswith(".toml"):
        check_target(out, [Path(id_)])
    book = Rulebook.installed()
    day = on if on is not None else period.last if period is not None else None
    standard = standard_of(book, id_, day).bind(reading["settings"])
    lang = click.get_current_context().meta.get(LANG_KEY, "en")
    with _progress() as progress:
        made = evaluate_files(
            standard, files, out=out, id=reading["column"], layout=reading["layout"], ignore=reading["ignore"],
            engine=engine or "polars", on=on, period=period, bounds=not no_bounds, progress=progress, lang=lang,
            **words,
        )  # fmt: skip
    notes = [Problem("rows-written", (made.out.name,), made.written, str(made.read), severity="note")]
    if made.rejects is not None:
        reasons = ", ".join(f"{code} {many}" for code, many in sorted(made.reasons.items()))
        notes.append(Problem("rows-rejected", (made.rejects.name,), made.rejected, reasons, severity="note"))
    for note in notes:
        click.echo(said(note, lang), err=True)
    if made.rejects is not None:
        click.get_current_context().exit(REJECTED)


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], object] | None]:
    """A progress bar on standard error where people are watching."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

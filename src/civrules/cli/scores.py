"""evaluate, explain: what became of observations."""

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from civrules import (
    Evaluation,
    InvalidInput,
    Line,
    Period,
    Problem,
    Program,
    Rulebook,
    Table,
    Waiver,
    rank,
    read_table,
)
from civrules.cli.bulk import bulk_options, check_one_by_one, evaluate_bulk, is_bulk
from civrules.cli.options import (
    LANG_KEY,
    calendar_of,
    format_option,
    lang_option,
    observation_options,
    reading_options,
    settings_option,
    standard_of,
    waivers_of,
)
from civrules.cli.output import Cell, Row, check_target, printable, rendered, said, write, write_file
from civrules.cli.records import keep
from civrules.errors import Problems, nearest

T = TypeVar("T")
_COLUMNS = ("community", "score", "grade", "low", "high", "grade_low", "grade_high", "coverage", "rank")
_LINES = ("section", "criterion", "step", "points", "possible", "result", "reason")
_LONG_WORK = 2000


@click.command()
@reading_options("--on")
@settings_option
@bulk_options
@click.argument("id_", metavar="ID")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lines", is_flag=True, help="Also the points of every criterion, as columns points:CRITERION.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here: .csv, .json, else by --format."
)
@click.option("--record", type=click.Path(file_okay=False, path_type=Path), help="Keep every record in this folder.")
@format_option
@lang_option(passed=False)
def evaluate(
    id_: str, files: tuple[Path, ...], on: date | None, period: Period | None, lines: bool, out: Path | None,
    record: Path | None, form: str, calendar: Path | None, waivers: Path | None, engine: str | None,
    master: str | None, strict: bool, rejects: Path | None, no_bounds: bool, **reading: Any,
) -> None:  # fmt: skip
    """Score every community of FILE (CSV or JSON, wide or long), in the order of its rows.

    The columns are community, score, grade, low and high (what missing values could still give), grade_low,
    grade_high, coverage and rank. A refused run writes nothing.

    With an --engine, several files, a pattern ('data/*.parquet'), or Parquet in or out, files are scored in bulk: from
    CSV or Parquet to --out, without rank, in bounded memory. Rows that cannot be scored are written to --rejects, and
    the run then ends with 3.
    """
    alone: dict[str, Any] = {"master": master, "strict": strict, "rejects": rejects, "no_bounds": no_bounds}
    if is_bulk(files, out, engine):
        own = {"calendar": calendar, "waivers": waivers, "record": record, **reading}
        evaluate_bulk(id_, files, out, engine, on=on, period=period, form=form, lines=lines, reading=own, **alone)
        return
    check_one_by_one(**alone)
    (file,) = files
    check_target(out, _inputs(id_, file, reading["communities"], calendar, waivers))
    ending = "" if out is None else out.suffix.lower().removeprefix(".")
    with uncollected():
        program, table = read(id_, file, on, period, **reading)
        judged = {"on": on, "period": period, "calendar": calendar_of(calendar)}
        evaluations = evaluated(program, table, file.name, excused(waivers, table, file), **judged)
        columns = (*_COLUMNS, *(f"points:{criterion}" for criterion in program.standard.criteria if lines))
        rows = _tracked(_rows(evaluations, lines=lines), len(evaluations))
        text = rendered(columns, rows, ending if ending in ("csv", "json") else form)
    if record is not None:
        keep(evaluations, record)
    if out is None:
        write(text)
    else:
        write_file(out, text)


@click.command()
@observation_options
@click.option("--community", required=True, metavar="X", help="The community's id.")
@format_option
@lang_option("zh")
def explain(
    id_: str, file: Path, on: date | None, period: Period | None, community: str, form: str, lang: Any,
    calendar: Path | None, waivers: Path | None, **reading: Any,
) -> None:  # fmt: skip
    """Say how one community of FILE came to its score and grade, and why not to the next.

    In words, or with --format csv|json the lines themselves, which add up to the score.
    """
    program, table = read(id_, file, on, period, **reading)
    found = next((one for one in table.communities if one.id == community), None)
    if found is None:
        hint = nearest(community, (one.id for one in table.communities))
        raise InvalidInput(Problem("unknown-community", (file.name,), community, "", hint))
    seen, granted = table.observations[found.id], waivers_of(waivers).get(found.id, ())
    evaluation = program.evaluate(found, seen, on=on, period=period, waivers=granted, calendar=calendar_of(calendar))
    if form == "table":
        write("".join(f"{printable(text)}\n" for text in _words(evaluation, lang)))
    else:
        write(rendered(_LINES, [_line(line) for line in evaluation.lines], form))


def _inputs(id: str, *files: Path | None) -> Iterator[Path]:
    yield from (file for file in files if file is not None)
    if id.lower().endswith(".toml"):
        yield Path(id)


def read(
    id: str, file: Path, on: date | None, period: Period | None, *, column: str, settings: Mapping[str, str],
    **reading: Any,
) -> tuple[Program, Table]:  # fmt: skip
    """The program of the edition in force, its parameters set, and the table read for it."""
    book = Rulebook.installed()
    day = on if on is not None else period.last if period is not None else None
    standard = standard_of(book, id, day).bind(settings)
    return book.program(standard), read_table(file, standard, id=column, **reading)


def evaluated(
    program: Program, table: Table, file: str, waivers: Mapping[str, tuple[Waiver, ...]], **judged: Any
) -> list[Evaluation]:
    """Every community's evaluation. Raises InvalidInput with the problems of all."""
    problems = Problems()
    evaluations = []
    for community in _tracked(table.communities, len(table.communities)):
        try:
            seen, granted = table.observations[community.id], waivers.get(community.id, ())
            evaluations.append(program.evaluate(community, seen, waivers=granted, **judged))
        except InvalidInput as error:
            if any(problem.code == "day-needed" for problem in error.problems):
                raise  # of the call, not of this community
            problems.add(*(_placed(problem, file, community.id) for problem in error.problems))
    if problems:
        raise InvalidInput(problems.all())
    return evaluations


def excused(waivers: Path | None, table: Table, file: Path) -> Mapping[str, tuple[Waiver, ...]]:
    """The waivers of the file by community; those of communities not in the table are told on standard error.

    A misspelt id would else excuse nobody without a word.
    """
    found = waivers_of(waivers)
    known = {community.id for community in table.communities}
    for name in (one for one in found if one not in known):
        note = Problem("waiver-elsewhere", (), name, file.name, nearest(name, known), severity="note")
        click.echo(said(note, click.get_current_context().meta.get(LANG_KEY, "en")), err=True)
    return found


def _placed(problem: Problem, file: str, community: str) -> Problem:
    """A community's problem in its file; some name the community already."""
    return problem.within(file) if problem.where[:1] == (community,) else problem.within(file, community)


def _rows(evaluations: Sequence[Evaluation], *, lines: bool) -> Iterator[Row]:
    places = {one.evaluation.community.id: one.place for one in rank(evaluations).ranked}
    for one in evaluations:
        bounds = one.bounds
        ends: list[Cell] = [bounds.low, bounds.high, bounds.grade_low, bounds.grade_high] if bounds else [None] * 4
        points = [line.points for line in one.lines if line.criterion is not None] if lines else []
        name = one.community.id
        yield [name, one.score, one.grade, *ends, one.coverage, places.get(name), *points]


def _words(evaluation: Evaluation, lang: Any) -> Iterator[str]:
    yield from str(evaluation.explain(lang)).splitlines()
    yield from (said(note, lang) for note in evaluation.notes if note.code != "reading")


def _line(line: Line) -> Row:
    return [line.section, line.criterion, line.step, line.points, line.possible, line.result, line.reason]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles: a table's values hold none, and looking takes a third of a long run's time."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def _tracked(items: Iterable[T], count: int) -> Iterable[T]:
    """The items, with a progress bar on standard error where there are many and people are watching."""
    if count < _LONG_WORK or not (sys.stderr.isatty() and sys.stdout.isatty()):
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, "", total=count, console=Console(stderr=True), transient=True)

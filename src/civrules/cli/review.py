"""lint: what can be known of documents without any data."""

from typing import Any

import click

from civrules import Problem, Rulebook
from civrules.cli.options import document_of, format_option, lang_option
from civrules.cli.output import Row, rendered, said, write

_COLUMNS = ("code", "where", "problem")


@click.command("lint")
@click.argument("ids", metavar="[ID|FILE]…", nargs=-1)
@format_option
@lang_option()
def lint_command(ids: tuple[str, ...], form: str, lang: Any) -> None:
    """Say what can be known of standards and campaigns without any data; without arguments of all that are installed.

    Ends with 1 while something is not silenced. A [[reading]] with `silences` gives a finding its reason.
    """
    from civrules import lint

    book = Rulebook.installed()
    broken: tuple[Problem, ...] = () if ids else _broken(book)
    found = lint([document_of(book, one) for one in ids] if ids else [*book.standards(), *book.campaigns()])
    rows: list[Row] = [
        [problem.code, " › ".join(map(str, problem.where)), said(problem, lang)] for problem in (*broken, *found)
    ]
    if form == "table":
        write("".join(f"{problem.code}: {said(problem, lang)}\n" for problem in (*broken, *found)))
    else:
        write(rendered(_COLUMNS, rows, form))
    if rows:
        raise click.exceptions.Exit(1)


def _broken(book: Rulebook) -> tuple[Problem, ...]:
    """What is wrong with the plugins; how editions follow each other lint says itself."""
    return tuple(problem for problem in book.problems if problem.severity == "error")

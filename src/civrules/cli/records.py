"""replay, and the records that `evaluate --record` keeps."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from civrules import Difference, Evaluation, InvalidInput, Problem, Rulebook, replay
from civrules.cli.options import lang_option, standard_of
from civrules.cli.output import printable, write, write_file

_SLUG = re.compile(r"[^A-Za-z0-9._-]+")
_FIGURES = "result"


def keep(evaluations: Iterable[Evaluation], folder: Path) -> None:
    """Write each evaluation's record into the folder, named after the community and the digest of its inputs.

    Raises InvalidInput where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(Problem("unwritable", (str(folder),), error.strerror)) from None
    for evaluation in evaluations:
        slug = _SLUG.sub("_", evaluation.community.id).strip("._")[:60] or "community"
        write_file(folder / f"{slug}-{evaluation.inputs_digest[:12]}.json", f"{evaluation.to_json()}\n")


@click.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--standard", "id_", metavar="ID", help="Replay against this standard; left out, the record's edition.")
@lang_option()
def replay_command(files: tuple[Path, ...], id_: str | None, lang: Any) -> None:
    """Evaluate the inputs of records again, and say figure by figure what differs.

    Ends with 1 where a figure of a result differs; a changed digest or maker with equal figures is a note.
    """
    book = Rulebook.installed()
    differs = False
    for file in files:
        found = _replayed(book, file, id_)
        differs = differs or any(one.where[0] == _FIGURES for one in found)
        words = [one.say(lang) for one in found] or ["equal" if lang == "en" else "一致"]
        write("".join(f"{printable(f'{file.name}: {line}')}\n" for line in words))
    if differs:
        raise click.exceptions.Exit(1)


def _replayed(book: Rulebook, file: Path, id: str | None) -> tuple[Difference, ...]:
    try:
        record = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise InvalidInput(Problem("unreadable", (file.name,), reason)) from None
    try:
        return book.replay(record) if id is None else replay(record, standard_of(book, id))
    except InvalidInput as error:
        raise InvalidInput(error.within(file.name)) from None

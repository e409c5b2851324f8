"""new: a plugin distribution to begin with."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import click

from civrules import InvalidInput, Problem
from civrules.authoring.new import new_distribution
from civrules.cli.options import lang_option
from civrules.cli.output import printable, write


@click.command("new")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where the folder civrules-NAME is put; left out, here.",
)
@lang_option(passed=False)
def new_command(name: str, into: Path) -> None:
    """Write a complete plugin distribution called civrules-NAME, to begin with.

    NAME is an id: the first part of the ids of the plugin's standards. The folder holds a pyproject.toml, a standard of
    six criteria, a test and a README; a folder that is there already is refused.
    """
    files = new_distribution(name)
    folder = into / f"civrules-{name}"
    if not into.is_dir():
        raise InvalidInput(Problem("unwritable", (str(folder),), "no such folder"))
    if os.path.lexists(folder):
        raise InvalidInput(Problem("already-there", (), str(folder)))
    _write(folder, files)
    write("".join(f"{printable(str(folder / path))}\n" for path in files))


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the folder whole: beside its place first, then into it. Raises InvalidInput where that fails."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        try:
            for path, text in files.items():
                (beside / path).parent.mkdir(parents=True, exist_ok=True)
                (beside / path).write_text(text, encoding="utf-8", newline="\n")
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise InvalidInput(Problem("unwritable", (str(folder),), error.strerror or type(error).__name__)) from None

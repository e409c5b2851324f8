"""Options that several commands share."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from civrules import (
    Calendar,
    Campaign,
    InvalidDocument,
    InvalidInput,
    Period,
    Rulebook,
    Standard,
    StandardUnavailable,
    Waiver,
    read_calendar,
    read_waivers,
)
from civrules.cli.output import OPTIONS_KEY
from civrules.errors import nearest
from civrules.model.days import read_day

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])
LANG_KEY = "civrules.lang"
"""Where the context keeps the language, for the problems of a command that was refused."""


Callback = Callable[[click.Context, click.Parameter, Any], Any]


def _read(read: Callable[[str], T]) -> Callback:
    """A callback that reads an option's text; what cannot be read is wrong usage."""

    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> T | None:
        try:
            return None if value is None else read(value)
        except InvalidInput as error:
            raise click.BadParameter(error.say(), ctx, param) from None

    return callback


def day_option(help: str, name: str = "--on", *, required: bool = False) -> Callable[[Command], Command]:
    """--on, a day, or an option of another name."""
    return click.option(
        name, metavar="YYYY-MM-DD", callback=_read(read_day), help=help,
        required=required,
    )  # fmt: skip


def period_option(help: str) -> Callable[[Command], Command]:
    """--period, a range of days."""
    return click.option("--period", metavar="PERIOD", callback=_read(Period.of), help=help)


def _kept(ctx: click.Context, _: click.Parameter, value: str) -> str:
    ctx.meta[LANG_KEY] = value
    return value


def lang_option(default: str = "en", *, passed: bool = True) -> Callable[[Command], Command]:
    """--lang, kept for the problems; `passed` to the command too."""
    return click.option(
        "--lang", type=click.Choice(["en", "zh"]), default=default, show_default=True, is_eager=True, callback=_kept,
        expose_value=passed, help="The language of titles and problems.",
    )  # fmt: skip


format_option = click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True,
    help="A table for people, CSV, or a JSON list of objects in which figures are strings.",
)  # fmt: skip

_READING: tuple[Callable[[Any], Any], ...] = (
    click.option("--layout", type=click.Choice(["wide", "long"]), help="Left out: long where a column is criterion."),
    click.option("--id", "column", default="community", show_default=True, metavar="COLUMN", help="Holds the ids."),
    click.option("--attribute", "attributes", multiple=True, metavar="COLUMN", help="An attribute of the communities."),
    click.option("--communities", type=click.Path(path_type=Path), help="A table of the communities (CSV or JSON)."),
    click.option("--ignore", is_flag=True, help="Pass over columns that are neither criteria nor attributes."),
    click.option(
        "--calendar", type=click.Path(path_type=Path),
        help="When occasions are (CSV or JSON: occasion, first, last), for what is counted per term, school-day, ….",
    ),
    click.option(
        "--waivers", type=click.Path(path_type=Path),
        help="What is excused (CSV or JSON: community, criterion, place, reason, approver, first, last).",
    ),
    period_option("Whose observations count: 2025, 2025-H1, 2025-Q3, 2025-09, 2025-W36 or 2025-07-01..2025-07-20."),
)  # fmt: skip


_DAY = "The day of judgement; left out, the period's last."


def reading_options(day: str) -> Callable[[Command], Command]:
    """How a table is read and judged; `day` is the option that says on which day."""

    def named(ctx: click.Context, param: click.Parameter, text: str | None) -> Any:
        ctx.meta[OPTIONS_KEY] = {"on": day}
        return _read(read_day)(ctx, param, text)

    def apply(command: Command) -> Command:
        on = click.option(day, metavar="YYYY-MM-DD", callback=named, help=_DAY)
        for option in reversed((*_READING, on)):
            command = option(command)
        return command

    return apply


def pairs_option(
    name: str, form: str, help: str, read: Callable[[str], Any] = str, *, called: str | None = None
) -> Callable[[Command], Command]:  # fmt: skip
    """An option of NAME=VALUE pairs as a mapping; what `read` cannot read is wrong usage."""

    def callback(ctx: click.Context, param: click.Parameter, pairs: tuple[str, ...]) -> dict[str, Any]:
        wrong = next((pair for pair in pairs if "=" not in pair), None)
        if wrong is not None:
            raise click.BadParameter(f"{wrong!r} is not {form}", ctx, param)
        named = (pair.split("=", 1) for pair in pairs)
        return {name: _read(read)(ctx, param, value) for name, value in named}

    names = (name,) if called is None else (name, called)
    return click.option(
        *names, multiple=True, metavar=form, callback=callback, help=f"{help} May be given several times."
    )


settings_option = pairs_option(
    "--set", "NAME=VALUE", "Set a parameter that the document leaves open.", called="settings"
)  # fmt: skip


def observation_options(command: Command) -> Command:
    """ID, FILE, and how the file is read and judged."""
    command = settings_option(reading_options("--on")(command))
    command = click.argument("file", type=click.Path(path_type=Path))(command)
    return click.argument("id_", metavar="ID")(command)


def calendar_of(file: Path | None) -> Calendar | None:
    """The calendar of a file, where one is named."""
    return None if file is None else read_calendar(file)


def waivers_of(file: Path | None) -> Mapping[str, tuple[Waiver, ...]]:
    """The waivers of a file by community; none where no file is named."""
    return {} if file is None else read_waivers(file)


def campaign_of(book: Rulebook, id: str) -> Campaign:
    """The campaign that ID names: a document where it ends in .toml, else the only edition."""
    return book.load_campaign(id) if id.lower().endswith(".toml") else book.campaign(id)


def standard_of(book: Rulebook, id: str, on: date | None = None) -> Standard:
    """The standard that ID names: a document where it ends in .toml, else the edition in force."""
    return book.load(id) if id.lower().endswith(".toml") else book.standard(id, on=on)


def document_of(book: Rulebook, id: str) -> Standard | Campaign:
    """The standard or campaign that ID names; a name that is neither's is answered as that which it is most like."""
    try:
        return standard_of(book, id)
    except InvalidDocument as error:
        if any(problem.code == "other-kind" for problem in error.problems):
            return campaign_of(book, id)
        raise
    except StandardUnavailable:
        campaigns, standards = ({one.id for one in every} for every in (book.campaigns(), book.standards()))
        if nearest(id.partition("@")[0], campaigns | standards) in campaigns - standards:
            return campaign_of(book, id)
        raise

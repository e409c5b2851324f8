"""plugins, standards, show: what there is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from civrules import Plugin, Problem, Rulebook, Standard
from civrules.cli.options import day_option, format_option, lang_option, standard_of
from civrules.cli.output import Row, printable, rendered, write

_PLUGINS = ("name", "distribution", "version", "standards", "problems")
_STANDARDS = ("id", "version", "title", "kinds", "locality", "first", "last")
_CRITERIA = ("section", "criterion", "title", "points", "measure", "columns")
_GRADES = ("grade", "title", "at_least", "at_most")
_GATES = ("gate", "title", "effect", "to")
_ORIGINS = ("table", "id", "edition", "keys")


@click.command()
@format_option
@lang_option()
def plugins(form: str, lang: Any) -> None:
    """List the plugins: their distributions and standards, and what is wrong with them."""
    book = Rulebook.installed()
    problems, editions = book.problems, [one.edition for one in book.standards()]
    rows: list[Row] = [
        [
            plugin.name,
            plugin.distribution,
            plugin.version,
            [one for one in editions if one.startswith(f"{plugin.name}/")],
            [printable(problem.say(lang)) for problem in problems if _concerns(problem, plugin)],
        ]
        for plugin in book.plugins
    ]
    for problem in problems:
        if not any(_concerns(problem, plugin) for plugin in book.plugins):
            _warn(problem, lang)
    write(rendered(_PLUGINS, rows, form))


def _concerns(problem: Problem, plugin: Plugin) -> bool:
    """Whether a problem is the plugin's: it stands there, is about an edition of it, or names it among several."""
    if problem.where:
        return problem.where[0] == plugin.name
    place = f"{plugin.name} {plugin.distribution} {plugin.version}" if plugin.distribution else plugin.name
    return str(problem.value).startswith(f"{plugin.name}/") or place in problem.expected.split(", ")


@click.command()
@click.option("--kind", help="Those for this kind of community: residential, campus, …")
@click.option("--locality", help="Those for this place, the nearest first: 320724, GB-LND, …")
@day_option("Those in force that day.")
@format_option
@lang_option()
def standards(kind: str | None, locality: str | None, on: date | None, form: str, lang: Any) -> None:
    """List the standards that the plugins supply; broken plugins are named on standard error."""
    book = Rulebook.installed()
    rows: list[Row] = [
        [one.id, one.version, one.title.in_(lang), list(one.kinds), one.locality, *_dates(one)]
        for one in book.standards(kind=kind, locality=locality, on=on)
    ]
    for problem in book.problems:
        _warn(problem, lang)
    write(rendered(_STANDARDS, rows, form))


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--origin", is_flag=True, help="Show from which edition each part of a tailored standard comes.")
@format_option
@lang_option()
def show(id_: str, origin: bool, form: str, lang: Any) -> None:
    """Show a standard: its criteria, the columns that a wide table has for them, its grades and gates.

    CSV has the criteria; JSON is a list of one object, which holds them with all else. With --origin: for every table
    the edition that wrote it, and on a line of its own each edition that changed some of its keys.
    """
    standard = standard_of(Rulebook.installed(), id_)
    if origin:
        rows: list[Row] = [[one.table, one.id, one.edition, list(one.keys)] for one in standard.origins]
        write(rendered(_ORIGINS, rows, form))
        return
    criteria, grades, gates = list(_criteria(standard, lang)), _grades(standard, lang), _gates(standard, lang)
    head = _head(standard, lang)
    readings = [reading.text.in_(lang) for reading in standard.readings]
    if form == "csv":
        write(rendered(_CRITERIA, criteria, form))
    elif form == "json":
        parts = (("criteria", _CRITERIA, criteria), ("grades", _GRADES, grades), ("gates", _GATES, gates))
        tables = {key: [_object(columns, row) for row in rows] for key, columns, rows in parts}
        whole = {**head, **tables, "readings": readings}
        write(rendered(list(whole), [list(whole.values())], form))
    else:
        write("".join(f"{key}: {printable(_said(value))}\n" for key, value in head.items() if value is not None))
        for columns, rows in ((_CRITERIA, criteria), (_GRADES, grades), (_GATES, gates)):
            write("\n" + rendered(columns, rows, form) if rows else "")
        write("".join(f"\n{printable(text)}\n" for text in readings))


def _warn(problem: Problem, lang: Any) -> None:
    click.echo(printable(problem.say(lang)), err=True)


def _dates(standard: Standard) -> tuple[str | None, str | None]:
    first, last = standard.effective.first, standard.effective.last
    return (first.isoformat() if first else None, last.isoformat() if last else None)


def _head(standard: Standard, lang: Any) -> dict[str, Any]:
    first, last = _dates(standard)
    return {
        "id": standard.id,
        "version": standard.version,
        "title": standard.title.in_(lang),
        "kinds": list(standard.kinds),
        "locality": standard.locality,
        "first": first,
        "last": last,
        "direction": standard.direction,
        "total": standard.total if standard.total is not None else standard.full,
        "source": [", ".join(part for part in (one.document, one.clause) if part) for one in standard.source],
        "digest": standard.digest,
    }


def _criteria(standard: Standard, lang: Any) -> Iterator[Row]:
    for section in standard.walk():
        for one in section.criteria:
            items = [item.id for item in getattr(one.measure, "items", ())]
            columns = [f"{one.id}:{item}" for item in items] or [one.id]
            yield [section.id, one.id, one.title.in_(lang), one.points, one.measure.kind, columns]


def _grades(standard: Standard, lang: Any) -> list[Row]:
    return [[one.id, one.title.in_(lang) if one.title else None, one.at_least, one.at_most] for one in standard.grades]


def _gates(standard: Standard, lang: Any) -> list[Row]:
    return [
        [gate.id, gate.title.in_(lang), effect, value] for gate in standard.gates for effect, value in gate.then.items()
    ]


def _object(columns: tuple[str, ...], row: Row) -> dict[str, Any]:
    return dict(zip(columns, row, strict=True))


def _said(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)

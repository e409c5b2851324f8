"""plugins, standards: what there is."""

from datetime import date
from typing import Any

import click

from civrules import Campaign, Plugin, Problem, Rulebook, Standard
from civrules.cli.options import day_option, format_option, lang_option
from civrules.cli.output import Row, rendered, said, write

_PLUGINS = ("name", "distribution", "version", "standards", "problems")
_STANDARDS = ("id", "version", "title", "kinds", "locality", "first", "last")


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
            [said(problem, lang) for problem in problems if _concerns(problem, plugin)],
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
        [one.id, one.version, one.title.in_(lang), list(one.kinds), one.locality, *dates(one)]
        for one in book.standards(kind=kind, locality=locality, on=on)
    ]
    for problem in book.problems:
        _warn(problem, lang)
    write(rendered(_STANDARDS, rows, form))


def _warn(problem: Problem, lang: Any) -> None:
    click.echo(said(problem, lang), err=True)


def dates(document: Standard | Campaign) -> tuple[str | None, str | None]:
    """The first and the last day on which the edition is in force, as they are written."""
    first, last = document.effective.first, document.effective.last
    return (first.isoformat() if first else None, last.isoformat() if last else None)

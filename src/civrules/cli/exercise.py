"""boundaries, exercised: what a standard turns on, and what a set of observations reaches of it."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from civrules import Period, Rulebook
from civrules.cli.options import calendar_of, format_option, lang_option, observation_options, standard_of
from civrules.cli.output import Row, rendered, write
from civrules.cli.scores import evaluated, excused, read

_BOUNDARIES = ("boundary", "side", "community", "observed", "points", "result", "score", "grade", "gates")
_EXERCISED = ("what", "reached")


@click.command("boundaries")
@click.argument("id_", metavar="ID")
@format_option
@lang_option(passed=False)
def boundaries_command(id_: str, form: str) -> None:
    """List the smallest observations on every boundary of a standard, one step beside it, and what they come to.

    Every cut of a grade, threshold, level, cap, gate and policy has rows, and so have places, days and windows: a table
    to sign off, and, kept as a file, one that says when an answer changes.
    """
    from civrules.review.boundaries import boundaries

    rows: list[Row] = []
    for one in boundaries(standard_of(Rulebook.installed(), id_)):
        line = next((line for line in one.evaluation.lines if line.criterion == one.line and one.line), None)
        points, result = (None, None) if line is None else (line.points, line.result)
        answer = one.evaluation
        rows.append(
            [one.of, one.side, one.community, one.observed, points, result, answer.score, answer.grade, [*answer.gates]]
        )  # fmt: skip
    write(rendered(_BOUNDARIES, rows, form))


@click.command("exercised")
@observation_options
@format_option
@lang_option(passed=False)
def exercised_command(
    id_: str,
    file: Path,
    on: date | None,
    period: Period | None,
    form: str,
    calendar: Path | None,
    waivers: Path | None,
    **reading: Any,
) -> None:
    """Say what the observations of FILE reach of a standard: criteria, tiers, levels, items, grades, gates, policies.

    Ends with 1 while something is not reached.
    """
    from civrules.review.exercised import exercised

    program, table = read(id_, file, on, period, **reading)
    found = evaluated(
        program, table, file.name, excused(waivers, table, file), on=on, period=period, calendar=calendar_of(calendar)
    )
    reached = exercised(program.standard, found)
    write(rendered(_EXERCISED, [[name, "yes" if does else "no"] for name, does in reached.items()], form))
    if not all(reached.values()):
        raise click.exceptions.Exit(1)

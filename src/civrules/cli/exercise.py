"""boundaries, exercised: what a standard turns on, and what a set of observations reaches of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from civrules import Period, Rulebook
from civrules.cli.options import calendar_of, format_option, lang_option, observation_options, standard_of
from civrules.cli.output import Row, printable, rendered, write
from civrules.cli.scores import evaluated, excused, read

_BOUNDARIES = ("boundary", "side", "observed", "points", "result", "score", "grade", "gates")
_EXERCISED = ("what", "reached")


@click.command("boundaries")
@click.argument("id_", metavar="ID")
@format_option
@lang_option(passed=False)
def boundaries_command(id_: str, form: str) -> None:
    """List the smallest observations on every boundary of a standard, one step beside it, and what they come to.

    Every cut of a grade, threshold, level, cap, gate and policy has rows: a table to sign off, and, kept as a file, one
    that says when an answer changes. For people what most rows observe is said once, above, and each row says what it
    has instead; CSV and JSON have all of it in every row.
    """
    from civrules.review.boundaries import boundaries

    rows: list[Row] = []
    lines: list[str | None] = []
    for one in boundaries(standard_of(Rulebook.installed(), id_)):
        line = next((line for line in one.evaluation.lines if line.criterion == one.line and one.line), None)
        points, result = (None, None) if line is None else (line.points, line.result)
        lines.append(one.line)
        answer = one.evaluation
        rows.append(
            [one.of, one.side, one.observed, points, result, answer.score, answer.grade, [*answer.gates]]
        )  # fmt: skip
    if form == "table":
        usual = _usual([str(row[2]) for row in rows])
        if usual:
            said = ", ".join(map("=".join, usual.items()))
            write(f"observed, where a row says nothing else: {printable(said)}\n\n")
        rows = [[*row[:2], _unusual(str(row[2]), usual, line), *row[3:]] for row, line in zip(rows, lines, strict=True)]
    write(rendered(_BOUNDARIES, rows, form))


def _parts(observed: str) -> dict[str, str]:
    """What is observed in a row, by column."""
    pairs = (part.partition("=") for part in observed.split(", ") if part)
    return {column: value for column, _, value in pairs}


def _usual(observed: Sequence[str]) -> dict[str, str]:
    """What is observed most, of every column that most rows observe."""
    values: dict[str, Counter[str]] = {}
    for row in observed:
        for column, value in _parts(row).items():
            values.setdefault(column, Counter())[value] += 1
    many = {column: counted for column, counted in values.items() if 2 * counted.total() > len(observed)}
    return {column: counted.most_common(1)[0][0] for column, counted in many.items()}


def _unusual(observed: str, usual: Mapping[str, str], line: str | None) -> str:
    """What a row observes besides, or else of its own line.

    A column that it leaves blank has a dash; a row of few columns says them all.
    """
    here = _parts(observed)
    blank = [column for column in usual if column not in here]
    if len(blank) > len(here) or not usual:
        return f"only {observed}" if observed and usual else observed
    other = [f"{column}={value}" for column, value in here.items() if usual.get(column) != value]
    said = [*other, *(f"{column}=–" for column in blank)]
    own = [f"{column}={value}" for column, value in here.items() if column.partition(":")[0] == line]
    return ", ".join(said or own)


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

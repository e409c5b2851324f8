"""cases, calendar: what follows, on which day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from civrules import (
    Calendar,
    Case,
    Evaluation,
    Ledger,
    Outcomes,
    Period,
    Rulebook,
    Schedule,
    Standard,
    carry_on,
    case_rows,
    open_cases,
    read_cases,
    read_done,
    to_oscal,
)
from civrules.cli.issues import issued, issues, records_of
from civrules.cli.options import (
    calendar_of,
    campaign_of,
    day_option,
    lang_option,
    pairs_option,
    settings_option,
    standard_of,
)
from civrules.cli.output import Row, rendered, said, write
from civrules.followup.case_table import COLUMNS

_DUE = ("due", "task", "title", "lead", "lead_title", "first", "last", "undetermined")
_PROGRESS = ("task", "title", "lead", "lead_title", "expected", "done", "late", "missing", "missing_on")
_NO_OCCASIONS = Calendar()


@click.command()
@click.argument("id_", metavar="ID")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@day_option("The day on which to say how the cases stand.")
@click.option(
    "--issued", "days", multiple=True, metavar="[PERIOD=]YYYY-MM-DD",
    help="Where FILE is a folder of records: when a period's cases were opened; may be given for several.",
)  # fmt: skip
@click.option("--events", type=click.Path(path_type=Path), help="Where FILE is a folder: what happened to the cases.")
@click.option("--calendar", type=click.Path(path_type=Path), help="When occasions are, for limits in working-days, ….")
@settings_option
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "oscal"]), default="table", show_default=True,
    help="A table for people, CSV, JSON, or an OSCAL plan of action and milestones.",
)  # fmt: skip
@click.option("--modified", metavar="TIME", help="For OSCAL: when it is written, ISO 8601 with a time zone.")
@lang_option()
def cases(
    id_: str, file: Path, on: date | None, days: tuple[str, ...], events: Path | None, calendar: Path | None,
    settings: Mapping[str, str], form: str, modified: str | None, lang: Any,
) -> None:  # fmt: skip
    """Say how the cases of FILE stand on a day.

    FILE (CSV or JSON) has a row for each event: community, criterion or outcome, place, kind, on, step, ok, by, to,
    until, points, note; rows of one community, criterion, outcome and place, or of one `case`, are one case. An event
    that cannot happen is refused, with its row and the reason.

    Or FILE is a folder of records: then failing lines and the outcomes issued open the cases, and --events goes on.
    """
    if on is None:
        raise click.UsageError("Give the day with --on.")
    standard = standard_of(Rulebook.installed(), id_, on).bind(settings)
    occasions = calendar_of(calendar) or _NO_OCCASIONS
    if file.is_dir():
        found = _of_records(standard, file, days, events, occasions)
    elif days or events is not None:
        raise click.UsageError("--issued and --events go with a folder of records.")
    else:
        found = read_cases(file, standard, calendar=occasions)
    if form == "oscal":
        title = f"{standard.title.in_(lang)} {on}"
        write(f"{to_oscal(found, on=on, modified=_time(modified), title=title, lang=lang)}\n")
        return
    rows: list[Row] = [[_cell(cell) for cell in row] for row in case_rows(found, on=on)]
    write(rendered(COLUMNS, rows, form))


def _of_records(
    standard: Standard, folder: Path, days: tuple[str, ...], events: Path | None, calendar: Calendar
) -> tuple[Case, ...]:
    """The cases that each period opened on its day, and what happened to them in between and since."""
    if not days:
        raise click.UsageError("Give the day on which the cases were opened with --issued.")
    given = records_of(folder, standard)
    found: tuple[Case, ...] = ()
    ledger, since = Ledger(), date.min

    def until(last: date, cases: tuple[Case, ...]) -> tuple[Case, ...]:
        if events is None or last < since:
            return cases
        return read_cases(events, standard, calendar=calendar, cases=cases, days=Period(since, last))

    for day, period in issues(standard, given, days):
        found = until(day - timedelta(days=1), found)
        followed = issued(standard, given, period, day, ledger, found)
        ledger, since = ledger.adding(followed, followed.issues), day
        own = [one for one in given if one.period == period and one.edition == standard.edition]
        sources: tuple[Evaluation | Outcomes, ...] = (*own, followed)
        for one in sources:
            found = carry_on(found, open_cases(one, on=day, earlier=found, calendar=calendar))
    return until(date.max, found)


def _time(text: str | None) -> datetime:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.UsageError("OSCAL needs --modified, such as 2031-06-01T12:00:00+08:00.")
    return found


def _cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else cell


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--year", type=int, help="In which year; left out, that of --start.")
@day_option("On which day it starts.", "--start")
@pairs_option("--dates", "PHASE=PERIOD", "The days of a phase or task that the document leaves undated.", Period.of)
@pairs_option("--holder", "BODY:POST=NAME", "Who holds a post.")
@click.option("--calendar", type=click.Path(path_type=Path), help="When occasions are: terms, festivals, ….")
@day_option("Say on which day what was expected, done, late and missing, instead of when tasks are due.")
@click.option(
    "--done",
    type=click.Path(path_type=Path),
    help="What was done by --on (CSV or JSON: task, on, window, items, place).",
)
@settings_option
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "ical"]), default="table", show_default=True,
    help="A table for people, CSV, JSON, or iCalendar.",
)  # fmt: skip
@lang_option()
def calendar(
    id_: str, year: int | None, start: date | None, dates: Mapping[str, Period], holder: Mapping[str, str],
    calendar: Path | None, on: date | None, done: Path | None, settings: Mapping[str, str], form: str, lang: Any,
) -> None:  # fmt: skip
    """Show when the tasks of a campaign are due in a year; what to know of its days is said on standard error.

    Of a document that ends in .toml, or of a plugin's campaign.
    """
    if year is None and start is None:
        raise click.UsageError("Give the year with --year, or the first day with --start.")
    if (done is not None and on is None) or (on is not None and form == "ical"):
        raise click.UsageError("--done goes with --on, and iCalendar has the days on which tasks are due, not --on.")
    campaign = campaign_of(Rulebook.installed(), id_).bind(settings)
    schedule = campaign.in_year(
        year, start=start, dates=dates, calendar=calendar_of(calendar) or _NO_OCCASIONS, holders=holder
    )
    for note in schedule.notes:
        click.echo(said(note, lang), err=True)
    if on is not None:
        write(rendered(_PROGRESS, _progress(schedule, done, on, lang), form))
        return
    write(schedule.to_ical(lang=lang) if form == "ical" else rendered(_DUE, _rows(schedule, lang), form))


def _rows(schedule: Schedule, lang: Any) -> list[Row]:
    titles = {task.id: task.title.in_(lang) for task in schedule.campaign.tasks}
    leads = {one.task: one.lead for one in schedule.progress({}, on=date(schedule.year or 1, 1, 1))}
    names = _names(schedule, lang)
    found = sorted(schedule.occurrences(), key=lambda one: (one.due or date.max, one.task))
    return [
        [_cell(one.due), one.task, titles[one.task], leads[one.task], names.get(leads[one.task]),
         _cell(one.window.first), _cell(one.window.last), one.why or None]
        for one in found
    ]  # fmt: skip


def _progress(schedule: Schedule, done: Path | None, on: date, lang: Any) -> list[Row]:
    titles = {task.id: task.title.in_(lang) for task in schedule.campaign.tasks}
    names = _names(schedule, lang)
    return [
        [one.task, titles[one.task], one.lead, names.get(one.lead), len(one.expected), len(one.done), len(one.late),
         len(one.missing), ", ".join(map(str, one.missing)) or None]
        for one in schedule.progress(read_done(done) if done is not None else {}, on=on)
    ]  # fmt: skip


def _names(schedule: Schedule, lang: Any) -> dict[str | None, str]:
    """What bodies, and the posts of them, are called."""
    found: dict[str | None, str] = {}
    for body in schedule.campaign.bodies:
        found[body.id] = body.title.in_(lang)
        for post in body.posts:
            title = post.title.in_(lang) if post.title is not None else post.id
            found[f"{body.id}:{post.id}"] = f"{found[body.id]} · {title}"
    return found

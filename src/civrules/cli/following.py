"""rank, outcomes, ledger, history: what follows from the records that `evaluate --record` kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click

from civrules import (
    Change,
    Evaluation,
    History,
    InvalidInput,
    Issued,
    Ledger,
    Period,
    Problem,
    Ranking,
    Rulebook,
    Standard,
    histories,
    rank,
    read_happenings,
)
from civrules.cli.issues import issued, issues, latest, records_of
from civrules.cli.options import (
    day_option,
    format_option,
    lang_option,
    period_option,
    settings_option,
    standard_of,
)
from civrules.cli.output import Row, printable, rendered, said, write
from civrules.errors import nearest
from civrules.model.figures import figure

Command = TypeVar("Command", bound=Callable[..., Any])
_RANKED = ("place", "from_last", "of", "community", "score", "grade", "within", "edition", "apart")
_ISSUED = (
    "outcome", "kind", "what", "community", "subject", "first", "last", "due", "points", "account", "amount", "by",
)  # fmt: skip
_BALANCES = ("subject", "account", "points", "entries")
_HISTORY = ("community", "period", "edition", "score", "change", "grade", "repeated")
_MOVED = ("community", "period", "cause", "criterion", "section", "step", "before", "after", "result")

folder_argument = click.argument("folder", metavar="RECORDS", type=click.Path(path_type=Path))
events_option = click.option(
    "--events", type=click.Path(path_type=Path),
    help="What ends entries (CSV or JSON: event, of, on), such as a won bid.",
)  # fmt: skip


@click.command("rank")
@folder_argument
@click.option("--standard", "id_", metavar="ID", help="Take the ranking from this standard, and rank its evaluations.")
@click.option("--ranking", metavar="NAME", help="Which ranking of the standard; left out, its only one.")
@click.option("--by", metavar="ORDER,…", help="score, coverage, criterion:ID, section:ID, a standard's id, community.")
@click.option("--within", metavar="WORD", help="Rank each kind, locality, parent or value of an attribute for itself.")
@click.option("--ties", type=click.Choice(["in", "out"]), help="Whether a tie that crosses a cut is in.")
@click.option("--first", metavar="N", help='Only the first so many: 10, or "2.5%".')
@click.option("--last", metavar="N", help="Only the last so many.")
@click.option("--mixed", is_flag=True, help="Rank different editions and tailorings together.")
@period_option("Only the evaluations of this period.")
@format_option
@lang_option()
def rank_command(
    folder: Path, id_: str | None, ranking: str | None, by: str | None, first: str | None, last: str | None,
    mixed: bool, period: Period | None, form: str, lang: Any, **words: Any,
) -> None:  # fmt: skip
    """Put the communities of RECORDS, a folder of records, in order: the best first.

    Those that stand apart come last, with the reason. A ranking's own words say what it ranks by; options take the
    place of them.
    """
    rule = None
    given = _of_period(records_of(folder, None), period)
    if not given:
        raise InvalidInput(Problem("no-evaluations", (str(folder),), id_ or "any standard", str(period)))
    periods = sorted({str(one.period) for one in given})
    if period is None and len(periods) > 1 and len({one.community.id for one in given}) < len(given):
        raise click.UsageError(f"Say with --period which is ranked; there are: {', '.join(periods)}.")
    if id_ is not None:
        standard = standard_of(Rulebook.installed(), id_)
        rule = _named("ranking", ranking, {one.id: one for one in standard.rankings}, standard)
        words["of"] = rule.of or standard.id
    elif ranking is not None:
        raise click.UsageError("--ranking needs --standard")
    found = rank(given, rule, by=by.split(",") if by else None, mixed=mixed or None, **words)
    _warn((*found.notes, *_beyond(found, first, last)), lang)
    write(rendered(_RANKED, list(_places(found, first, last)), form))


@click.command("outcomes")
@click.argument("id_", metavar="ID")
@folder_argument
@day_option("The day of issue.", required=True)
@period_option("The period that is judged, earlier ones are its history; left out, the latest.")
@events_option
@settings_option
@click.option("--words", is_flag=True, help="Say each effect in a sentence.")
@format_option
@lang_option()
def outcomes_command(
    id_: str, folder: Path, on: date, period: Period | None, events: Path | None, settings: Mapping[str, str],
    words: bool, form: str, lang: Any,
) -> None:  # fmt: skip
    """Say what follows, on a day, from the evaluations in RECORDS by the standard ID.

    What a careful reader should know, such as seats that end inside a tie, is said on standard error.
    """
    standard = standard_of(Rulebook.installed(), id_).bind(settings)
    given = records_of(folder, standard)
    happened = read_happenings(events) if events is not None else ()
    found = issued(standard, given, latest(standard, given) if period is None else period, on, Ledger((), happened))
    if words:
        write("".join(f"{printable(line)}\n" for line in found.explain(lang)))
        return
    _warn(found.notes, lang)
    write(rendered(_ISSUED, list(map(_effect, found)), form))


@click.command("ledger")
@click.argument("id_", metavar="ID")
@folder_argument
@click.option(
    "--issued", "days", multiple=True, required=True, metavar="[PERIOD=]YYYY-MM-DD",
    help="When the outcomes of a period were issued; may be given for several. Without a period, for the latest.",
)  # fmt: skip
@day_option("The day of which the balance is asked.", required=True)
@click.option("--subject", metavar="X", help="Only this company or community: its entries one by one.")
@click.option("--account", metavar="NAME", help="Only the entries of this account.")
@events_option
@settings_option
@format_option
@lang_option()
def ledger_command(
    id_: str, folder: Path, days: tuple[str, ...], on: date, subject: str | None, account: str | None,
    events: Path | None, settings: Mapping[str, str], form: str, lang: Any,
) -> None:  # fmt: skip
    """Add up, on a day, the credit entries that followed from the evaluations in RECORDS by the standard ID."""
    standard = standard_of(Rulebook.installed(), id_).bind(settings)
    given = records_of(folder, standard)
    ledger = Ledger((), read_happenings(events) if events is not None else ())
    for day, period in issues(standard, given, days):
        found = issued(standard, given, period, day, ledger)
        ledger = ledger.adding(found, found.issues)
    if subject is not None:
        entries = ledger.alive(subject, on=on, account=account)
        if subject not in ledger.subjects:
            hint = nearest(subject, ledger.subjects)
            _warn((Problem("unknown-id", ("--subject",), subject, "subject", hint, severity="note"),), lang)
        write(rendered(_ISSUED, list(map(_effect, entries)), form))
    else:
        write(rendered(_BALANCES, list(_balances(ledger, on, account)), form))


@click.command("history")
@folder_argument
@click.option("--community", metavar="X", help="Only this community.")
@click.option("--lines", is_flag=True, help="Every line that moved from one period to the next, and why.")
@format_option
@lang_option(passed=False)
def history_command(folder: Path, community: str | None, lines: bool, form: str) -> None:
    """Show the communities of RECORDS over their periods: the change of each score, and what failed again."""
    given = records_of(folder, None)
    if community is not None:
        known = {one.community.id for one in given}
        if community not in known:
            raise InvalidInput(Problem("unknown-community", (str(folder),), community, "", nearest(community, known)))
        given = [one for one in given if one.community.id == community]
    found = histories(given)
    if lines:
        rows = [row for one in found for change in one.changes for row in _moved(one, change)]
        write(rendered(_MOVED, rows, form))
    else:
        write(rendered(_HISTORY, [row for one in found for row in _periods(one)], form))


def _of_period(given: Sequence[Evaluation], period: Period | None) -> list[Evaluation]:
    return [one for one in given if period is None or one.period == period]


def _named(table: str, name: str | None, known: dict[str, Any], standard: Standard) -> Any:
    """A ranking by its name; the only one without. Raises InvalidInput."""
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        raise InvalidInput(Problem("unknown-id", (standard.edition,), name, table, nearest(name or "", known)))
    return known[name]


def _places(ranking: Ranking, first: str | None, last: str | None) -> Iterator[Row]:
    kept = ranking.ranked
    if first is not None or last is not None:
        cuts = (*(ranking.first(_cut(first)) if first else ()), *(ranking.last(_cut(last)) if last else ()))
        names = {one.evaluation.community.id for one in cuts}
        kept = tuple(one for one in kept if one.evaluation.community.id in names)
    for one in kept:
        each = one.evaluation
        within = None if one.group is None else str(one.group)
        yield [
            one.place, one.from_last, one.of, each.community.id, each.score, each.grade, within, each.edition, None,
        ]  # fmt: skip
    if len(kept) == len(ranking.ranked):
        for each, reason in ranking.apart:
            yield [None, None, None, each.community.id, each.score, each.grade, None, each.edition, reason]


def _beyond(ranking: Ranking, *cuts: str | None) -> Iterator[Problem]:
    """A note where more are asked for than are ranked."""
    for cut in (_cut(text) for text in cuts if text is not None):
        for size in ranking.sizes or (0,):
            if isinstance(cut, int) and cut > size:
                yield Problem("cut-beyond", (), cut, str(size), severity="note")


def _cut(text: str) -> int | str:
    """A count, or a share. Raises click's BadParameter where it is neither."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        exact, percent = figure(text)
    except InvalidInput:
        percent, exact = False, Decimal(0)
    if not percent or not 0 <= exact <= 100:
        raise click.UsageError(f'--first and --last take a count, such as 10, or a share, such as "2.5%"; not {text}.')
    return text


def _effect(one: Issued) -> Row:
    first, last = one.valid.first, one.valid.last
    return [
        one.outcome, one.kind, one.what, one.community, one.subject, str(first), None if last is None else str(last),
        None if one.due is None else str(one.due), one.points, one.account, one.amount, one.by,
    ]  # fmt: skip


def _balances(ledger: Ledger, on: date, account: str | None) -> Iterator[Row]:
    accounts = {one.account for one in ledger.entries if one.points is not None}
    for subject in ledger.subjects:
        for name in sorted(accounts, key=str):
            if account is None or name == account:
                entries = [one for one in ledger.alive(subject, on=on) if one.account == name]
                if entries:
                    alone = Ledger(entries)
                    yield [subject, name, alone.balance(subject, on=on), len(entries)]


def _periods(history: History) -> Iterator[Row]:
    changes = {id(change.after): change.score for change in history.changes}
    for one in history.evaluations:
        again = [each.criterion for each in history.repeats] if one is history.evaluations[-1] else []
        period = None if one.period is None else str(one.period)
        yield [history.community, period, one.edition, one.score, changes.get(id(one)), one.grade, again]


def _moved(history: History, change: Change) -> Iterator[Row]:
    for one in change.lines:
        result = None if one.result_before == one.result_after else f"{one.result_before} → {one.result_after}"
        yield [
            history.community, str(change.after.period), one.cause, one.criterion, one.section, one.step, one.before,
            one.after, result,
        ]  # fmt: skip


def _warn(notes: Sequence[Problem], lang: Any) -> None:
    for note in notes:
        click.echo(said(note, lang), err=True)

"""show: what a standard says."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import click

from civrules import Campaign, Effect, Rulebook, Standard, Step
from civrules.cli.catalogue import dates
from civrules.cli.document_words import Part, shared_parts, written
from civrules.cli.options import document_of, format_option, lang_option
from civrules.cli.output import Row, as_csv, printable, rendered, write
from civrules.cli.show_campaign import campaign_head, campaign_parts
from civrules.scoring.words import condition

_CRITERIA = ("section", "criterion", "title", "points", "measure", "per_unit", "columns")
_GRADES = ("grade", "title", "at_least", "at_most", "requires")
_GATES = ("gate", "title", "effect", "to", "when")
_RANKINGS = ("ranking", "title", "by", "of", "within", "ties")
_OUTCOMES = ("outcome", "title", "when", "then", "issued_by", "seats", "order")
_PROCEDURES = ("procedure", "title", "steps", "opens_on")
_ORIGINS = ("table", "id", "edition", "keys")

_LONG = ("community", "criterion", "item", "value", "of", "na", "at", "place", "by")
_DONE = ("task", "on", "window", "items", "place")


@click.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--columns",
    is_flag=True,
    help="Only the first line of a table of observations (of a campaign: of what was done), to begin with.",
)
@click.option("--origin", is_flag=True, help="Show from which edition each part of a tailored standard comes.")
@format_option
@lang_option()
def show(id_: str, columns: bool, origin: bool, form: str, lang: Any) -> None:
    """Show a standard: its criteria, with the columns that a wide table has for them, its grades, gates and all else.

    Of a campaign its tasks and phases. A criterion that is counted per unit has a row for each place in a long table.
    CSV has the criteria or tasks; JSON is a list of one object, which holds them with all else. With --origin: for
    every table of a standard the edition that wrote it, and on a line of its own each edition that changed some of its
    keys.
    """
    document = document_of(Rulebook.installed(), id_)
    if columns:
        write(as_csv(_first_line(document, lang), []))
        return
    if origin:
        if isinstance(document, Campaign):
            raise click.UsageError("--origin goes with a standard: campaigns are not tailored.")
        rows: list[Row] = [[one.table, one.id, one.edition, list(one.keys)] for one in document.origins]
        write(rendered(_ORIGINS, rows, form))
        return
    parts = _parts(document, lang)
    head = _head(document, lang)
    readings = [reading.text.in_(lang) for reading in document.readings]
    if form == "csv":
        write(rendered(*parts[0][1:], form))
    elif form == "json":
        tables = {key: [dict(zip(heading, row, strict=True)) for row in rows] for key, heading, rows in parts}
        whole = {**head, **tables, "readings": readings}
        write(rendered(list(whole), [list(whole.values())], form))
    else:
        write("".join(f"{key}: {printable(_said(value))}\n" for key, value in head.items() if value is not None))
        for _, heading, rows in parts:
            write("\n" + rendered(*_filled(heading, rows), form) if rows else "")
        write("".join(f"\n{printable(text)}\n" for text in readings))


def _first_line(document: Standard | Campaign, lang: Any) -> list[str]:
    """The columns of a table of observations, or of what was done; what is counted at places needs a long one."""
    if isinstance(document, Campaign):
        return list(_DONE)
    if any(one.per_unit is not None for one in document.criteria.values()):
        return list(_LONG)
    return ["community", *(column for row in _criteria(document, lang) for column in cast(list[str], row[-1]))]


def _parts(document: Standard | Campaign, lang: Any) -> list[Part]:
    own = campaign_parts(document, lang) if isinstance(document, Campaign) else _standard_parts(document, lang)
    return [*own, *shared_parts(document, lang)]


def _standard_parts(standard: Standard, lang: Any) -> list[Part]:
    return [
        ("criteria", _CRITERIA, list(_criteria(standard, lang))),
        ("grades", _GRADES, _grades(standard, lang)),
        ("gates", _GATES, _gates(standard, lang)),
        ("rankings", _RANKINGS, _rankings(standard, lang)),
        ("outcomes", _OUTCOMES, _outcomes(standard, lang)),
        ("procedures", _PROCEDURES, _procedures(standard, lang)),
    ]


def _filled(columns: Sequence[str], rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
    """The columns in which anything stands: people need no others."""
    kept = [at for at in range(len(columns)) if any(row[at] not in (None, []) for row in rows)]
    return [columns[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _head(document: Standard | Campaign, lang: Any) -> dict[str, Any]:
    first, last = dates(document)
    return {
        "id": document.id,
        "version": document.version,
        "title": document.title.in_(lang),
        "kinds": list(document.kinds),
        "locality": document.locality,
        "first": first,
        "last": last,
        **(campaign_head(document) if isinstance(document, Campaign) else _scored(document)),
        "source": [", ".join(part for part in (one.document, one.clause) if part) for one in document.source],
        "digest": document.digest,
    }


def _scored(standard: Standard) -> dict[str, Any]:
    total = standard.total if standard.total is not None else standard.full
    return {"direction": standard.direction, "total": total}


def _criteria(standard: Standard, lang: Any) -> Iterator[Row]:
    for section in standard.walk():
        for one in section.criteria:
            items = [item.id for item in getattr(one.measure, "items", ())]
            columns = [f"{one.id}:{item}" for item in items] or [one.id]
            yield [section.id, one.id, one.title.in_(lang), one.points, one.measure.kind, one.per_unit, columns]


def _grades(standard: Standard, lang: Any) -> list[Row]:
    return [
        [
            one.id,
            one.title.in_(lang) if one.title else None,
            one.at_least,
            one.at_most,
            condition(one.requires, standard, lang) if one.requires else None,
        ]
        for one in standard.grades
    ]


def _gates(standard: Standard, lang: Any) -> list[Row]:
    return [
        [gate.id, gate.title.in_(lang), effect, value, condition(gate.when, standard, lang)]
        for gate in standard.gates
        for effect, value in gate.then.items()
    ]


def _rankings(standard: Standard, lang: Any) -> list[Row]:
    return [
        [one.id, one.title.in_(lang) if one.title else None, list(one.by), one.of, one.within, one.when_tied]
        for one in standard.rankings
    ]


def _outcomes(standard: Standard, lang: Any) -> list[Row]:
    return [
        [
            one.id,
            one.title.in_(lang),
            condition(one.when, standard, lang),
            [_effect(effect) for effect in one.then],
            one.by,
            one.seats if one.seats is None or isinstance(one.seats, int) else written(one.seats),
            one.order,
        ]
        for one in standard.outcomes
    ]


def _effect(effect: Effect) -> str:
    """The effect in the words of the document: the verb first, then what else is said."""
    said = [effect.verb, written(getattr(effect, effect.verb))]
    keys = ("to", "account", "amount", "due", "lasts", "last", "ends_on")
    for key in (key for key in keys if getattr(effect, key) not in (None, ())):
        said += [key, written(getattr(effect, key))]
    return " ".join(said)


def _procedures(standard: Standard, lang: Any) -> list[Row]:
    return [
        [one.id, one.title.in_(lang), [_step(step, lang) for step in one.steps], list(one.opens_on)]
        for one in standard.procedures
    ]


def _step(step: Step, lang: Any) -> str:
    said = [step.title.in_(lang) if step.title else step.id]
    for key in (key for key in ("by", "within") if getattr(step, key) is not None):
        said += [key, written(getattr(step, key))]
    return " ".join(said)


def _said(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)

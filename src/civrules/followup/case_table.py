"""Case tables: cases as rows for people, and their events read from a CSV or JSON file."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.followup.cases import carry_on
from civrules.model.calendar import Calendar
from civrules.model.case import Case, CaseEvent
from civrules.model.days import Period
from civrules.model.figures import figure
from civrules.model.procedure import Procedure
from civrules.model.standard import Standard
from civrules.scoring.cells import day, flag, name
from civrules.scoring.entries import Entries, Entry, Readers, read_entries
from civrules.scoring.rows import Source

COLUMNS = (
    "community", "criterion", "place", "procedure", "status", "step", "by", "due", "days_overdue", "repeated",
    "escalate_to", "points", "given_back", "opened", "closed", "outcome",
)  # fmt: skip
"""The columns of `case_rows`."""
EVENT_COLUMNS = (
    "case", "community", "criterion", "place", "procedure", "responsible", "kind", "on", "step", "ok", "by", "to",
    "until", "points", "note", "outcome",
)  # fmt: skip
"""The columns of the table that `read_cases` reads."""
_NEEDED = ("community", "kind", "on")
_OF_AN_EVENT = ("kind", "on", "step", "ok", "by", "to", "until", "note")
_NO_OCCASIONS = Calendar()
_ALWAYS = Period()


def _points(cell: Any) -> Decimal:
    return figure(cell)[0]


_READERS: Readers = {
    **dict.fromkeys(EVENT_COLUMNS, name), "on": day, "until": day, "ok": flag, "points": _points,
}  # fmt: skip


def case_rows(cases: Iterable[Case], /, *, on: date) -> tuple[tuple[Any, ...], ...]:
    """A row for each case as it stands on a day, in the order given; the columns are `COLUMNS`.

    A case that was not opened by then has no row.
    """
    return tuple(_row(case, on) for case in cases if case.since <= on)


def _row(case: Case, on: date) -> tuple[Any, ...]:
    then = attrs.evolve(case, events=[event for event in case.events if event.on <= on])
    due, status, step = then.due(), then.status(on=on), then.step
    rung = then.escalation(on=on)
    late = (on - due).days if status == "overdue" and due is not None else 0
    return (
        case.community, case.criterion, case.place, case.procedure.id, status, step.id if step is not None else None,
        then.who, due, late, then.repeated, rung.to if rung is not None else None, case.points, then.given_back(on=on),
        case.since, then.state.closed, case.outcome,
    )  # fmt: skip


def read_cases(
    source: Source, standard: Standard, /, *, calendar: Calendar = _NO_OCCASIONS, cases: Iterable[Case] = (),
    days: Period = _ALWAYS,
) -> tuple[Case, ...]:  # fmt: skip
    """Read cases from a CSV or JSON table of their events, in the order of their first rows.

    Rows of one `case`, or without that column of one community, criterion (or `outcome`) and place, are one case; its
    first row says what it is about, and what it cost as `points`. The procedure is the one named, else the criterion's.
    Rows about one of the `cases` given go on with the latest such, which need not be opened then; all of these come
    first. Only rows of the `days` count. Raises InvalidInput with every problem, each with file, row and column.
    """
    table = read_entries(source, _READERS, _NEEDED)
    by_case: dict[Any, list[tuple[int, Entry]]] = {}
    for number, row in table.rows:
        if row["on"] in days:
            by_case.setdefault(row.get("case") or _about(row), []).append((number, row))
    if not table.rows and not table.problems:
        table.problems.add(Problem("no-rows", (table.name,)))
    given = tuple(cases)
    known: dict[tuple[str | None, ...], Case] = {}
    for case in sorted(given, key=lambda case: case.since):
        known |= dict.fromkeys(((*_named(case), None), (*_named(case), case.responsible)), case)
    found = [
        _case(table, rows, known.get((*_about(rows[0][1]), rows[0][1].get("responsible"))), standard, calendar)
        for rows in by_case.values()
    ]
    table.check()
    return carry_on(given, (case for case in found if case is not None))


def _about(row: Entry) -> tuple[str | None, ...]:
    """What a row is about."""
    return row["community"], row.get("criterion"), row.get("place"), row.get("outcome")


def _named(case: Case) -> tuple[str | None, ...]:
    return *case.key, case.outcome


def _case(
    table: Entries, rows: list[tuple[int, Entry]], known: Case | None, standard: Standard, calendar: Calendar
) -> Case | None:
    """The case of these rows; where an event cannot happen, its row says so."""
    number, head = rows[0]
    case, left = known, rows
    if known is None or (known.state.closed is not None and head["kind"] == "opened"):
        try:
            case, left = _begun(head, standard, calendar), rows[1:]
        except CivrulesError as error:
            table.problems.add(*error.within(table.name, number))
            return None
    for number, row in left:
        try:
            detail = {"points": row["points"]} if "points" in row else {}
            event = CaseEvent(**{key: row[key] for key in _OF_AN_EVENT if key in row}, **detail)
            case = case.add(event) if case is not None else None
        except CivrulesError as error:
            table.problems.add(*(_of_the_row(problem).within(table.name, number) for problem in error.problems))
            return None
    return case


def _of_the_row(problem: Problem) -> Problem:
    """The problem without the place of its event: the row says which it is."""
    inner = problem.where[1:] if str(problem.where[:1]).startswith("('event[") else problem.where
    return Problem(problem.code, inner, problem.value, problem.expected, problem.hint)


def _begun(head: Entry, standard: Standard, calendar: Calendar) -> Case:
    criterion = head.get("criterion")
    found = _procedure(head, standard)
    answers = standard.responsible(criterion) if criterion is not None else None
    responsible = head.get("responsible") or (answers.lead if answers is not None else None)
    event = CaseEvent(**{key: head[key] for key in _OF_AN_EVENT if key in head})
    about: dict[str, Any] = {key: head.get(key) for key in ("community", "criterion", "place", "outcome", "points")}
    return Case(
        procedure=found, responsible=responsible, calendar=calendar, edition=standard.edition, events=(event,), **about
    )


def _procedure(head: Entry, standard: Standard) -> Procedure:
    """The procedure that the row names, else that of its criterion, else the one that its outcome opens."""
    criterion, outcome = head.get("criterion"), head.get("outcome")
    if head.get("procedure") is not None:
        return standard.procedure(head["procedure"])
    effects = (effect for one in standard.outcomes if one.id == outcome for effect in one.then)
    named = next((effect.rectify for effect in effects if effect.rectify is not None), None)
    found = standard.procedure_of(criterion) if criterion else standard.procedure(named) if named else None
    if found is None:
        raise InvalidInput(Problem("no-value", ("procedure",), None, "procedure"))
    return found

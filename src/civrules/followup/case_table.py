"""Case tables: cases as rows for people, and their events read from a CSV or JSON file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, Problems
from civrules.model.calendar import Calendar
from civrules.model.case import Case, CaseEvent
from civrules.model.figures import figure
from civrules.model.standard import Standard
from civrules.scoring.cells import day, flag, name, tried
from civrules.scoring.communities import hinted, listed
from civrules.scoring.rows import Rows, Source, read_rows, trimmed

COLUMNS = (
    "community", "criterion", "place", "procedure", "status", "step", "by", "due", "days_overdue", "repeated",
    "escalate_to", "points", "given_back", "opened", "closed",
)  # fmt: skip
"""The columns of `case_rows`."""
EVENT_COLUMNS = (
    "case", "community", "criterion", "place", "procedure", "responsible", "kind", "on", "step", "ok", "by", "to",
    "until", "points", "note",
)  # fmt: skip
"""The columns of the table that `read_cases` reads."""
_NEEDED = ("community", "kind", "on")
_NO_OCCASIONS = Calendar()
Row: TypeAlias = dict[str, Any]


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
        case.since, then.state.closed,
    )  # fmt: skip


def read_cases(source: Source, standard: Standard, /, *, calendar: Calendar = _NO_OCCASIONS) -> tuple[Case, ...]:
    """Read cases from a CSV or JSON table of their events, in the order of their first rows.

    Rows of one `case`, or without that column of one community, criterion and place, are one case; its first row says
    what it is about, and what it cost as `points`. The procedure is the one named, else the criterion's. Raises
    InvalidInput with every problem, each with file, row and column.
    """
    problems = Problems()
    rows = read_rows(source, problems)
    _check_columns(rows, problems)
    if problems:
        raise InvalidInput(problems.all())
    groups = _grouped(rows, problems)
    found = [_case(rows.name, group, standard, calendar, problems) for group in groups]
    if not found and not problems:
        problems.add(Problem("no-rows", (rows.name,)))
    if problems:
        raise InvalidInput(problems.all())
    return tuple(case for case in found if case is not None)


def _check_columns(rows: Rows, problems: Problems) -> None:
    for column in _NEEDED:
        if column not in rows.columns:
            problems.add(Problem("no-column", (rows.name,), column, listed(rows.columns)))
    for column in rows.columns:
        if column not in EVENT_COLUMNS:
            hint = hinted(column, EVENT_COLUMNS, problems)
            problems.add(Problem("unknown-key", (rows.name,), column, ", ".join(EVENT_COLUMNS), hint))


def _grouped(rows: Rows, problems: Problems) -> list[list[tuple[int, Row]]]:
    """The rows of each case, in the order of their first rows."""
    by_case: dict[Any, list[tuple[int, Row]]] = {}
    for number, cells in rows.rows:
        try:
            row = _read(dict(zip(rows.columns, map(trimmed, cells), strict=True)))
        except InvalidInput as error:
            problems.add(*error.within(rows.name, number))
        else:
            by_case.setdefault(_key(row), []).append((number, row))
    return list(by_case.values())


def _points(cell: Any) -> Decimal:
    return figure(cell)[0]


_CELLS: Mapping[str, Callable[[Any], Any]] = {"on": day, "until": day, "ok": flag, "points": _points}


def _read(row: Mapping[str, Any]) -> Row:
    """The cells of a row, each as what it is. Raises InvalidInput."""
    found = [Problem("no-value", (column,), None, column) for column in _NEEDED if row[column] is None]
    given = {column: cell for column, cell in row.items() if cell is not None}
    cells = {column: tried(found, column, _CELLS.get(column, name), cell) for column, cell in given.items()}
    if found:
        raise InvalidInput(found)
    return cells


def _key(row: Row) -> Any:
    return row.get("case") or (row["community"], row.get("criterion"), row.get("place"))


_OF_AN_EVENT = ("kind", "on", "step", "ok", "by", "to", "until", "note")


def _case(
    file: str, group: list[tuple[int, Row]], standard: Standard, calendar: Calendar, problems: Problems
) -> Case | None:
    """The case of these rows; where an event cannot happen, its row says so."""
    number, head = group[0]
    try:
        case: Case | None = _begun(head, standard, calendar)
    except CivrulesError as error:
        problems.add(*error.within(file, number))
        return None
    for number, row in group[1:]:
        try:
            detail = {"points": row["points"]} if "points" in row else {}
            event = CaseEvent(**{key: row[key] for key in _OF_AN_EVENT if key in row}, **detail)
            case = case.add(event) if case is not None else None
        except CivrulesError as error:
            problems.add(*(_of_the_row(problem).within(file, number) for problem in error.problems))
            return None
    return case


def _of_the_row(problem: Problem) -> Problem:
    """The problem without the place of its event: the row says which it is."""
    inner = problem.where[1:] if str(problem.where[:1]).startswith("('event[") else problem.where
    return Problem(problem.code, inner, problem.value, problem.expected, problem.hint)


def _begun(head: Row, standard: Standard, calendar: Calendar) -> Case:
    criterion = head.get("criterion")
    named = head.get("procedure")
    found = standard.procedure(named) if named is not None else standard.procedure_of(criterion) if criterion else None
    if found is None:
        raise InvalidInput(Problem("no-value", ("procedure",), None, "procedure"))
    answers = standard.responsible(criterion) if criterion is not None else None
    responsible = head.get("responsible") or (answers.lead if answers is not None else None)
    event = CaseEvent(**{key: head[key] for key in _OF_AN_EVENT if key in head})
    about: Row = {key: head.get(key) for key in ("community", "criterion", "place", "points")}
    return Case(
        procedure=found, responsible=responsible, calendar=calendar, edition=standard.edition, events=(event,), **about
    )

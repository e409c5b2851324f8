"""Waiving: lines that are excused, and waivers that excuse nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.waiver import Waiver
from civrules.scoring.line import Cell, CompiledLine, State


def waive(
    cells: Sequence[Cell], waivers: Iterable[Waiver], lines: Mapping[str, CompiledLine], on: date | None
) -> tuple[list[Cell], list[Problem]]:
    """The cells with the waivers of the day, and notes on waivers that are expired, orphan or redundant.

    Raises InvalidInput where an event is to be waived, or where no day says which waivers hold.
    """
    waived = list(cells)
    notes: list[Problem] = []
    problems: list[Problem] = []
    for waiver in waivers:
        line = lines.get(waiver.criterion)
        if line is None:
            notes.append(_note("waiver-orphan", waiver.criterion))
        elif line.event:
            problems.append(Problem("event-waived", (), waiver.criterion))
        elif on is None:
            problems.append(Problem("day-needed", (), waiver.criterion))
        elif on not in waiver.valid:
            notes.append(_note("waiver-expired", waiver.criterion, str(waiver.valid)))
        elif cells[line.index].result in ("pass", "not-applicable") or not line.scored:
            notes.append(_note("waiver-redundant", waiver.criterion))
        else:
            waived[line.index] = _excused(line, cells[line.index], waiver)
    if problems:
        raise InvalidInput(problems)
    return waived, notes


def _excused(line: CompiledLine, cell: Cell, waiver: Waiver) -> Cell:
    """Full points, no demerits; what was not looked at stays so for the coverage."""
    points = 0 if line.turned else line.full if cell.reach is None else cell.reach
    state: State = "seen" if cell.state == "seen" else "waived"
    return attrs.evolve(
        cell, state=state, points=points, result="waived", reason=waiver.reason, skipped=False, words={}
    )


def _note(code: str, value: str, expected: str = "") -> Problem:
    return Problem(code, (), value, expected, severity="note")

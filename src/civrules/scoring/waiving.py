"""Waiving: lines that are excused, and waivers that excuse nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.waiver import Waiver
from civrules.scoring.line import Cell, CompiledLine, State
from civrules.scoring.pooling import combine_places, rounded


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
        elif waiver.place is not None and waiver.place not in dict(cells[line.index].parts):
            notes.append(_note("waiver-orphan", waiver.criterion, waiver.place))
        elif _stands(line, cells[line.index], waiver.place):
            notes.append(_note("waiver-redundant", waiver.criterion))
        else:
            waived[line.index] = _waived(line, waived[line.index], waiver)
    if problems:
        raise InvalidInput(problems)
    # Records keep waivers in an order of their own, and a replay says the same.
    return waived, sorted(notes, key=lambda note: (note.code, str(note.value), str(note.expected)))


def _stands(line: CompiledLine, cell: Cell, place: str | None) -> bool:
    """Whether there is nothing to excuse."""
    judged = cell if place is None else dict(cell.parts)[place]
    return judged.result in ("pass", "not-applicable") or not line.scored


def _waived(line: CompiledLine, cell: Cell, waiver: Waiver) -> Cell:
    """The cell excused as a whole, or at the one place that the waiver names."""
    if waiver.place is None or cell.result == "waived":
        return _excused(line, cell, waiver)
    given = cell.line or line
    parts = [(name, _excused(line, part, waiver) if name == waiver.place else part) for name, part in cell.parts]
    whole = rounded(given, combine_places(given, parts, cell.seen))
    whole.line = cell.line
    return whole


def _excused(line: CompiledLine, cell: Cell, waiver: Waiver) -> Cell:
    """Full points, no demerits; what was not looked at stays so for the coverage."""
    points = 0 if line.turned else line.full if cell.reach is None else cell.reach
    state: State = "seen" if cell.state == "seen" else "waived"
    return attrs.evolve(
        cell, state=state, points=points, result="waived", reason=waiver.reason, skipped=False, words={}
    )


def _note(code: str, value: str, expected: str = "") -> Problem:
    return Problem(code, (), value, expected, severity="note")

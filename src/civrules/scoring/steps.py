"""Steps: what an evaluation shows in order, every criterion's cell and every change of a figure; they add up."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import attrs

from civrules.model.figures import decimal, plain, round_quotient, written
from civrules.scoring.line import Cell, CompiledLine, Points, divided
from civrules.scoring.sums import CompiledSection, Step, StepName

if TYPE_CHECKING:
    from civrules.scoring.program import Program, Run

_LEAST_SHOWN = 2


@attrs.frozen
class Change:
    """A step that changed a figure: of a section, or of the total; `points` in units, a fraction as it is shown."""

    name: StepName
    section: CompiledSection | None
    points: Points
    possible: Points | None


Shown: TypeAlias = tuple[CompiledLine, Cell] | Change


def shown(points: Points, program: "Program") -> Points:
    """Points in units as they are shown: a carried fraction to the score's decimals, and at least two."""
    if isinstance(points, int):
        return points
    places = max(program.standard.rounding.total or 0, _LEAST_SHOWN)
    exact = points * 10**places / 10**program.places
    rounded = round_quotient(exact.numerator, exact.denominator, "half-up")
    return divided(rounded * 10**program.places, 10**places)


def figure_of(points: Points, program: "Program") -> Decimal:
    """Points in units as the figure that is shown."""
    one = shown(points, program)
    if isinstance(one, int):
        return decimal(one, program.places)
    places = max(program.standard.rounding.total or 0, _LEAST_SHOWN)
    return decimal(int(one * 10**places / 10**program.places), places)


def text_of(points: Points, program: "Program") -> str:
    """Points in units as the figure that is shown, in text."""
    if points.__class__ is int:
        return written(points, program.places)
    return plain(figure_of(points, program))


def steps_of(program: "Program", run: "Run") -> list[Shown]:
    """The criteria's cells and the changes, innermost first; a rounding step takes what the decimals left over."""
    changes: dict[str | None, list[Step]] = {}
    for step in run.sums.steps:
        changes.setdefault(step.section, []).append(step)
    steps: list[Shown] = []
    total: Points = 0
    for section in program.adder.sections:
        total += _of_section(program, run, section, changes, steps)
    if run.sums.score is not None:
        steps += _of_total(program, run.sums.score, changes.get(None, ()), total)
    return steps


def _of_section(
    program: "Program",
    run: "Run",
    section: CompiledSection,
    changes: Mapping[str | None, list[Step]],
    steps: list[Shown],
) -> Points:
    """Append what a section shows, and return what that adds up to: its points, where it has any."""
    total: Points = 0
    for line in section.criteria:
        cell = run.cells[line.index]
        steps.append((line, cell))
        points = cell.points
        if points and line.scored:
            # Nearly all are whole, and a call for each would cost more than the sum.
            total += points if points.__class__ is int else shown(points, program)
    for inner, _ in section.sections:
        total += _of_section(program, run, inner, changes, steps)
    for step in changes.get(section.id, ()):
        change = _change(program, step, section, section.limits.get(step.name))
        steps.append(change)
        total += change.points
    summed, _ = run.sums.sections[section.id]
    left = 0 if summed is None else shown(summed, program) - total
    if left:
        steps.append(Change("rounding", section, left, None))
    return total + left


def _of_total(program: "Program", score: int, changes: Iterable[Step], total: Points) -> Iterator[Change]:
    """The changes of the total; the last takes what the decimals left over, so that all add up to the score."""
    for step in changes:
        change = _change(program, step, None, program.adder.limits.get(step.name))
        yield change
        total += change.points
    if total != score or program.adder.rounder is not None:
        yield Change("rounding", None, score - total, None)


def _change(program: "Program", step: Step, section: CompiledSection | None, possible: Points | None) -> Change:
    return Change(step.name, section, shown(step.after - step.before, program), possible)

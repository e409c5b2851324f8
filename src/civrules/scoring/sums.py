"""Sums: from the lines' points to the score; every step that changes a figure is kept."""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from civrules.model.figures import decimals_of
from civrules.model.standard import Section, Standard, section_points
from civrules.scoring.line import Cell, CompiledLine, Points, Rounder


@attrs.frozen
class CompiledSection:
    """A section: its lines that have points, the share its sum is brought to, and how that quotient is rounded."""

    id: str
    lines: tuple[CompiledLine, ...]
    share: Fraction
    rounder: Rounder | None
    full: Fraction
    """The most it gives; 0 where a line has no most."""


@attrs.define
class Sums:
    """What one community's points add up to, in the program's unit."""

    sections: dict[str, tuple[Points | None, Fraction]]
    """A section's points (None where a line is held) and what the applicable part can reach, in points."""
    got: Points | None
    applicable: Fraction
    applies: bool
    """Whether any line of the base sections applies."""
    exact: Points | None
    """The score before rounding, rescaled and floored."""
    score: int | None
    rescaled: Points | None
    """After the rescale, before the floor."""


class Adder:
    """Steps 3 to 5 of the order of steps: sections, total, rounding."""

    def __init__(self, standard: Standard, lines: Sequence[CompiledLine], unit: int) -> None:
        self.unit = unit
        self.merits = standard.direction == "merits"
        self.scale = standard.scale
        self.sections = tuple(self._section(standard, section, lines) for section in standard.sections)
        full = standard.full
        self.total = Fraction(standard.total if standard.total is not None else full or 0)
        self.open_ended = any(line.open_ended for line in lines)
        rounding = standard.rounding
        self.rounder = Rounder(rounding.total, unit, rounding.mode) if rounding.total is not None else None

    def _section(self, standard: Standard, section: Section, lines: Sequence[CompiledLine]) -> CompiledSection:
        own = tuple(line for line in lines if line.section == section.id and not line.event)
        most = sum((line.most for line in own), start=Fraction(0))
        share = Fraction(section.scale_to) / most if section.scale_to is not None else Fraction(1)
        step = standard.rounding.section
        rounder = None
        if decimals_of(share) is None and isinstance(step, int):
            rounder = Rounder(step, self.unit, standard.rounding.mode)
        return CompiledSection(section.id, own, share, rounder, Fraction(section_points(section) or 0))

    def add(self, cells: Sequence[Cell]) -> Sums:
        """The sums of one community's cells."""
        sections: dict[str, tuple[Points | None, Fraction]] = {}
        got: Points | None = 0
        applicable = Fraction(0)
        applies = False
        for section in self.sections:
            points, reach, any_line = self._sum(section, cells)
            sections[section.id] = points, reach
            got = None if got is None or points is None else got + points
            applicable += reach
            applies = applies or any_line
        exact = rescaled = score = None
        if got is not None and applies and (applicable or not self.merits or not self.total):
            rescaled = self._rescaled(got, applicable)
            exact = max(rescaled, 0)
            score = int(self.rounder.round(exact) if self.rounder is not None else exact)
        return Sums(
            sections, got, applicable, applies and (bool(applicable) or not self.merits), exact, score, rescaled
        )

    def _sum(self, section: CompiledSection, cells: Sequence[Cell]) -> tuple[Points | None, Fraction, bool]:
        total: Points | None = 0
        reach = Fraction(0)
        any_line = False
        for line in section.lines:
            cell = cells[line.index]
            if cell.state == "not-applicable":
                continue
            any_line = True
            reach += line.most
            total = None if total is None or cell.points is None else total + cell.points
        if total is not None and section.share != 1:
            total = whole(total * section.share)
            total = section.rounder.round(total) if section.rounder is not None else total
        return total, reach * section.share, any_line

    def _rescaled(self, got: Points, applicable: Fraction) -> Points:
        """Brought from what applies to the total; demerits are not, unless the standard always scales."""
        if not applicable or applicable == self.total or not (self.merits or self.scale):
            return got
        return whole(got * self.total / applicable)

    def maximum(self, sums: Sums) -> Fraction | None:
        """The most that the applicable part could give, after the rescale; None where a line has no most."""
        if self.open_ended or not sums.applies:
            return None
        return self.total if self.merits or self.scale else sums.applicable


def whole(points: Points) -> Points:
    """A fraction as a whole number where it is one."""
    return points.numerator if isinstance(points, Fraction) and points.denominator == 1 else points


def places(standard: Standard, section: Section, own: int) -> int:
    """The decimals of a section's points whose lines have `own`, where they are no fraction."""
    if section.scale_to is None:
        return own
    most = sum((Fraction(one.points or 0) for one in section.children), start=Fraction(0))
    step = decimals_of(Fraction(section.scale_to) / most)
    if step is not None:
        return own + step
    return max(own, standard.rounding.section) if isinstance(standard.rounding.section, int) else own

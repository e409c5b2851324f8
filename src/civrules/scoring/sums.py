"""Sums: from the lines' points to the score; every step that changes a figure is kept."""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from civrules.model.figures import decimals_of
from civrules.model.standard import Section, Standard
from civrules.scoring.line import Cell, CompiledLine, Points, Rounder, units


@attrs.frozen
class CompiledSection:
    """A section: its lines that have points, the share its sum is brought to, and how that quotient is rounded."""

    id: str
    lines: tuple[CompiledLine, ...]
    share: Fraction | None
    """What its lines' points are multiplied by; None where they stand as they are."""
    rounder: Rounder | None


@attrs.define
class Sums:
    """What one community's points add up to, in the program's unit."""

    sections: dict[str, tuple[Points | None, Points]]
    """A section's points (None where a line is held), and what its applicable part can reach."""
    got: Points | None
    applicable: Points
    applies: bool
    """Whether anything of the base sections applies, so that there can be a score."""
    rescaled: Points | None
    """After the rescale, before the floor."""
    exact: Points | None
    """The score before rounding, rescaled and floored."""
    score: int | None


class Adder:
    """Steps 3 to 5 of the order of steps: sections, total, rounding."""

    def __init__(self, standard: Standard, lines: Sequence[CompiledLine], unit: int) -> None:
        self.unit = unit
        self.merits = standard.direction == "merits"
        self.scale = standard.scale
        self.sections = tuple(self._section(standard, section, lines) for section in standard.sections)
        total = standard.total if standard.total is not None else standard.full
        self.total = units(Fraction(total or 0), unit)
        self.open_ended = any(line.open_ended for line in lines)
        rounding = standard.rounding
        self.rounder = Rounder(rounding.total, unit, rounding.mode) if rounding.total is not None else None

    def _section(self, standard: Standard, section: Section, lines: Sequence[CompiledLine]) -> CompiledSection:
        own = tuple(line for line in lines if line.section == section.id and not line.event)
        share = scale_of(section)
        step = standard.rounding.section
        rounder = None
        if share is not None and decimals_of(share) is None and isinstance(step, int):
            rounder = Rounder(step, self.unit, standard.rounding.mode)
        return CompiledSection(section.id, own, share, rounder)

    def add(self, cells: Sequence[Cell]) -> Sums:
        """The sums of one community's cells."""
        sections: dict[str, tuple[Points | None, Points]] = {}
        got: Points | None = 0
        applicable: Points = 0
        any_line = False
        for section in self.sections:
            points, reach, here = self._sum(section, cells)
            sections[section.id] = points, reach
            got = None if got is None or points is None else got + points
            applicable += reach
            any_line = any_line or here
        applies = any_line and (applicable > 0 or not self.merits or not self.total)
        if got is None or not applies:
            return Sums(sections, got, applicable, applies, None, None, None)
        rescaled = self._rescaled(got, applicable)
        exact = max(rescaled, 0)
        rounded = whole(exact) if self.rounder is None else self.rounder.round(exact)
        # A sound standard names the decimals of every quotient, so that nothing but a whole number can be left here.
        assert isinstance(rounded, int)
        return Sums(sections, got, applicable, applies, rescaled, exact, rounded)

    def _sum(self, section: CompiledSection, cells: Sequence[Cell]) -> tuple[Points | None, Points, bool]:
        total: Points = 0
        reach: Points = 0
        held = any_line = False
        for line in section.lines:
            cell = cells[line.index]
            if cell.state == "not-applicable":
                continue
            any_line = True
            reach += line.full
            if cell.points is None:
                held = True
            else:
                total += cell.points
        if section.share is not None:
            reach = whole(reach * section.share)
            total = whole(total * section.share)
            total = total if section.rounder is None else section.rounder.round(total)
        return None if held else total, reach, any_line

    def _rescaled(self, got: Points, applicable: Points) -> Points:
        """Brought from what applies to the total; demerits are not, unless the standard always scales."""
        if not applicable or applicable == self.total or not (self.merits or self.scale):
            return got
        return whole(Fraction(got * self.total) / applicable)

    def maximum(self, sums: Sums) -> Points | None:
        """The most that the applicable part could give, after the rescale; None where a line has no most."""
        if self.open_ended or not sums.applies:
            return None
        return self.total if self.merits or self.scale else sums.applicable


def scale_of(section: Section) -> Fraction | None:
    """What a section's points are multiplied by to come to its `scale_to`; None where they stand as they are."""
    if section.scale_to is None:
        return None
    share = Fraction(section.scale_to) / sum((Fraction(one.points or 0) for one in section.children), start=Fraction(0))
    return None if share == 1 else share


def whole(points: Points) -> Points:
    """A fraction as a whole number where it is one."""
    return points.numerator if isinstance(points, Fraction) and points.denominator == 1 else points


def places(standard: Standard, section: Section, own: int) -> int:
    """The decimals of a section's points whose lines have `own`, where they are no fraction."""
    share = scale_of(section)
    if share is None:
        return own
    step = decimals_of(share)
    if step is not None:
        return own + step
    return max(own, standard.rounding.section) if isinstance(standard.rounding.section, int) else own

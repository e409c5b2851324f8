"""Sums: from the lines' points to the score; every step that changes a figure is kept."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Literal

import attrs

from civrules.model.figures import decimals_of
from civrules.model.standard import Combine, Criterion, Section, Standard, combine
from civrules.scoring.line import Cell, CompiledLine, Points, Rounder, units, whole

StepName = Literal["gate", "mean", "weighted", "worst", "scale", "rescale", "adjustment", "cap", "floor", "rounding"]


@attrs.frozen
class Step:
    """One step that changed a figure: of a section, or of the total where `section` is None; in the program's unit."""

    name: StepName
    section: str | None
    before: Points
    after: Points


@attrs.frozen
class CompiledSection:
    """A section: its members with their weights, how they combine, and what its sum is brought to and held between."""

    id: str
    lines: tuple[tuple[CompiledLine, Fraction], ...]
    sections: tuple[tuple["CompiledSection", Fraction], ...]
    combine: Combine
    adjusts: bool
    share: Fraction | None
    """What its sum is multiplied by; None where it stands as it is."""
    target: Points | None
    """What is brought to where the section rescales for itself; None where it does not."""
    rounder: Rounder | None
    cap: Points | None
    floor: Points | None


@attrs.define
class Sums:
    """What one community's points add up to, in the program's unit."""

    sections: dict[str, tuple[Points | None, Points]] = attrs.field(factory=dict)
    """A section's points (None where a line is held), and what its applicable part can reach."""
    steps: list[Step] = attrs.field(factory=list)
    applicable: Points = 0
    applies: bool = False
    """Whether anything of the base sections applies, so that there can be a score."""
    exact: Points | None = None
    """The score before rounding."""
    score: int | None = None


class Adder:
    """Steps 3 to 5 of the order of steps: sections, total, rounding."""

    def __init__(self, standard: Standard, lines: dict[str, CompiledLine], unit: int) -> None:
        self.unit = unit
        self.demerits = standard.direction == "demerits"
        self.scale = standard.scale
        self.by_section = standard.rescale == "section" and not self.demerits
        rounding = standard.rounding
        self._section_places = rounding.section if isinstance(rounding.section, int) else None
        self._mode = rounding.mode
        self.sections = tuple(self._section(section, lines) for section in standard.sections)
        self.floor = units(Fraction(standard.floor), unit)
        most = standard.total if standard.total is not None else standard.most
        cap = standard.cap if standard.cap is not None else most
        self.cap = None if cap is None else units(Fraction(cap), unit)
        self.total = units(Fraction(most or 0), unit)
        self.endless = tuple(line.index for line in lines.values() if line.open_ended and not line.adjusts)
        self.open_ended = any(line.open_ended for line in lines.values())
        self.rounder = Rounder(rounding.total, unit, rounding.mode) if rounding.total is not None else None

    def _section(self, section: Section, lines: dict[str, CompiledLine]) -> CompiledSection:
        own = tuple((lines[one.id], _weight(one)) for one in section.criteria if one.scored)
        share = scale_of(section)
        target = section.scale_to if section.scale_to is not None else section.combined
        rescales = self.by_section and section.role == "base" and section.combine == "sum"
        divides = is_quotient(section) or rescales
        return CompiledSection(
            id=section.id,
            lines=own,
            sections=tuple((self._section(one, lines), _weight(one)) for one in section.sections),
            combine=section.combine,
            adjusts=section.role == "adjustment",
            share=share,
            target=units(Fraction(target), self.unit) if rescales and target is not None else None,
            rounder=Rounder(self._section_places, self.unit, self._mode)
            if divides and self._section_places is not None
            else None,
            cap=None if section.cap is None else units(Fraction(section.cap), self.unit),
            floor=None if section.floor is None else units(Fraction(section.floor), self.unit),
        )

    def add(self, cells: Sequence[Cell], zeroed: AbstractSet[str] = frozenset()) -> Sums:
        """The sums of one community's cells; `zeroed` names criteria and sections that a gate empties."""
        sums = Sums()
        got: Points | None = 0
        adjusted: Points | None = 0
        for section in self.sections:
            points, reach, _ = self._sum(section, cells, zeroed, sums)
            if section.adjusts:
                adjusted = None if adjusted is None or points is None else adjusted + points
                continue
            got = None if got is None or points is None else got + points
            sums.applicable += reach
        sums.applies = sums.applicable > 0 or any(not cells[index].skipped for index in self.endless)
        if got is not None and adjusted is not None and sums.applies:
            self._total(sums, got, adjusted)
        return sums

    def _total(self, sums: Sums, got: Points, adjusted: Points) -> None:
        """Step 4, then 5: the base rescaled, the adjustments, floor and cap; rounded once."""
        points = self.rescaled(got, sums.applicable)
        _step(sums, "rescale", None, got, points)
        points += adjusted
        points = self.held(sums, None, points, self.floor, self.cap)
        self.finish(sums, points)

    def finish(self, sums: Sums, points: Points) -> None:
        """Take the points as the exact score, and round once."""
        sums.exact = points
        rounded = whole(points) if self.rounder is None else self.rounder.round(points)
        # A sound standard names the decimals of every quotient, so that nothing but a whole number can be left here.
        assert isinstance(rounded, int)
        sums.score = rounded

    def _sum(
        self, section: CompiledSection, cells: Sequence[Cell], zeroed: AbstractSet[str], sums: Sums
    ) -> tuple[Points | None, Points, bool]:
        parts, reaches, held, here = self._members(section, cells, zeroed, sums)
        if not here:
            sums.sections[section.id] = None, 0
            return 0, 0, False
        plainly: Points = sum(points for points, _ in parts)
        if section.combine == "sum":
            points, reach = plainly, sum(points for points, _ in reaches)
        else:
            points = whole(combine(section.combine, _fractions(parts), demerits=self.demerits))
            reach = whole(combine(section.combine, _fractions(reaches), demerits=self.demerits))
            if not held and section.share is None and section.rounder is not None:
                points = section.rounder.round(points)
            _step(sums, section.combine, section.id, plainly, points)
        points, reach = self.scaled(sums, section, points, reach)
        points = self.held(sums, section.id, points, section.floor, section.cap)
        reach = reach if section.cap is None else min(reach, section.cap)
        if section.id in zeroed:
            _step(sums, "gate", section.id, points, 0)
            points = 0
        sums.sections[section.id] = (None if held else points), reach
        return (None if held else points), reach, True

    def _members(
        self, section: CompiledSection, cells: Sequence[Cell], zeroed: AbstractSet[str], sums: Sums
    ) -> tuple[list[tuple[Points, Fraction]], list[tuple[Points, Fraction]], bool, bool]:
        """Points and reach of what applies, with weights; whether something is held, whether anything applies."""
        parts: list[tuple[Points, Fraction]] = []
        reaches: list[tuple[Points, Fraction]] = []
        held = False
        for line, weight in section.lines:
            cell = cells[line.index]
            if cell.skipped:
                continue
            reaches.append((line.full if cell.reach is None else cell.reach, weight))
            points = cell.points
            if points is None:
                held, points = True, 0
            elif line.id in zeroed:
                _step(sums, "gate", section.id, points, 0)
                points = 0
            parts.append((points, weight))
        for inner, weight in section.sections:
            inner_points, reach, here = self._sum(inner, cells, zeroed, sums)
            if here:
                held = held or inner_points is None
                parts.append((inner_points or 0, weight))
                reaches.append((reach, weight))
        return parts, reaches, held, bool(parts)

    def scaled(self, sums: Sums, section: CompiledSection, points: Points, reach: Points) -> tuple[Points, Points]:
        """One quotient for rescale and `scale_to` together."""
        factor = self.factor(section, reach)
        if factor == 1:
            return points, reach
        scaled = whole(points * factor)
        scaled = scaled if section.rounder is None else section.rounder.round(scaled)
        _step(sums, "scale", section.id, points, scaled)
        return scaled, whole(reach * factor)

    def factor(self, section: CompiledSection, reach: Points) -> Fraction:
        """What a section's points are multiplied by where this much of it can be reached."""
        if section.target is not None and reach:
            return Fraction(section.target) / reach
        return Fraction(1) if section.share is None else section.share

    def held(self, sums: Sums, section: str | None, points: Points, floor: Points | None, cap: Points | None) -> Points:
        """Held between floor and cap."""
        for name, limit, worse in (("cap", cap, min), ("floor", floor, max)):
            if limit is not None and worse(points, limit) != points:
                _step(sums, "cap" if name == "cap" else "floor", section, points, limit)
                points = limit
        return points

    def rescaled(self, got: Points, applicable: Points) -> Points:
        """Brought from what applies to the total; demerits are not, unless the standard always scales."""
        if not applicable or applicable == self.total or (self.demerits and not self.scale):
            return got
        if self.by_section and not self.scale:
            return got
        return whole(Fraction(got * self.total) / applicable)

    def maximum(self, sums: Sums) -> Points | None:
        """The most that the applicable part could give, after the rescale; None where a line has no most."""
        if self.open_ended or not sums.applies:
            return None
        return sums.applicable if (self.demerits or self.by_section) and not self.scale else self.total


def _step(sums: Sums, name: StepName, section: str | None, before: Points, after: Points) -> None:
    if before != after:
        sums.steps.append(Step(name, section, before, after))


def _weight(member: Criterion | Section) -> Fraction:
    return Fraction(member.weight if member.weight is not None else 1)


def _fractions(parts: list[tuple[Points, Fraction]]) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(points), weight) for points, weight in parts]


def scale_of(section: Section) -> Fraction | None:
    """What a section's points are multiplied by to come to its `scale_to`; None where they stand as they are."""
    if section.scale_to is None or not section.combined:
        return None
    share = Fraction(section.scale_to) / section.combined
    return None if share == 1 else share


def is_quotient(section: Section) -> bool:
    """Whether the section divides by something that leaves a fraction."""
    share = scale_of(section)
    return section.combine in ("mean", "weighted") or (share is not None and decimals_of(share) is None)


def places(standard: Standard, section: Section, own: int) -> int:
    """The decimals of a section's points whose members have `own`, where they are no fraction."""
    if is_quotient(section):
        return max(own, standard.rounding.section) if isinstance(standard.rounding.section, int) else own
    share = scale_of(section)
    return own + (decimals_of(share) or 0 if share is not None else 0)

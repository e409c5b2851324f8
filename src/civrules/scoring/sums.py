"""Sums: from the lines' points to the score; every step that changes a figure is kept."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any, Literal

import attrs

from civrules.model.figures import decimals_of
from civrules.model.standard import Combine, Criterion, Section, Standard, combine
from civrules.model.text import Text
from civrules.scoring.line import Cell, CompiledLine, Points, Rounder, divided, units, whole

_NOTHING: tuple[Any, ...] = (None,)
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
    title: Text
    criteria: tuple[CompiledLine, ...]
    """All lines that it holds itself, also those without points."""
    lines: tuple[tuple[CompiledLine, Fraction], ...]
    """Those whose points count, with their weights."""
    members: tuple[tuple[int, Points, Fraction, str], ...]
    """The place, full points, weight and id of each of these lines."""
    given: Callable[[Sequence[Points | None]], tuple[Any, ...]] | None
    """What these lines gave, out of what all lines gave; None where more than adding them is to be done."""
    full: Points
    """What they can give together."""
    sections: tuple[tuple["CompiledSection", Fraction], ...]
    combine: Combine
    adjusts: bool
    share: Fraction | None
    """What its sum is multiplied by; None where it stands as it is."""
    target: Points | None
    """What is brought to where the section rescales for itself; None where it does not."""
    rounder: Rounder | None
    limits: Mapping[str, Points]
    """What it is brought to (`scale`) and held between (`cap`, `floor`), by the step that does so."""


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
        self.sections = tuple(
            self._section(section, lines, adjusts=section.role == "adjustment") for section in standard.sections
        )
        most = standard.total if standard.total is not None else standard.most
        self.total = units(Fraction(most or 0), unit)
        cap = standard.cap if standard.cap is not None else most
        self.limits = self._limits(rescale=most or Fraction(0), cap=cap, floor=standard.floor)
        self.endless = tuple(line.index for line in lines.values() if line.open_ended and not line.adjusts)
        self.open_ended = any(line.open_ended for line in lines.values())
        self.rounder = Rounder(rounding.total, unit, rounding.mode) if rounding.total is not None else None

    def _section(self, section: Section, lines: dict[str, CompiledLine], *, adjusts: bool) -> CompiledSection:
        own = tuple((lines[one.id], _weight(one)) for one in section.criteria if one.scored)
        share = scale_of(section, demerits=self.demerits)
        combined = section.combined(demerits=self.demerits)
        target = section.scale_to if section.scale_to is not None else combined
        rescales = self.by_section and not adjusts and section.combine == "sum"
        divides = is_quotient(section, demerits=self.demerits) or rescales
        return CompiledSection(
            id=section.id,
            title=section.title,
            criteria=tuple(lines[one.id] for one in section.criteria),
            lines=own,
            members=tuple((line.index, line.full, weight, line.id) for line, weight in own),
            given=itemgetter(*(line.index for line, _ in own))
            if len(own) > 1 and section.combine == "sum" and not section.sections
            else None,
            full=sum(line.full for line, _ in own),
            sections=tuple((self._section(one, lines, adjusts=adjusts), _weight(one)) for one in section.sections),
            combine=section.combine,
            adjusts=adjusts,
            share=share,
            target=units(Fraction(target), self.unit) if rescales and target is not None else None,
            rounder=Rounder(self._section_places, self.unit, self._mode)
            if divides and self._section_places is not None
            else None,
            limits=self._limits(scale=target, cap=section.cap, floor=section.floor),
        )

    def _limits(self, **limits: Fraction | Decimal | None) -> dict[str, Points]:
        return {name: units(Fraction(limit), self.unit) for name, limit in limits.items() if limit is not None}

    def add(self, cells: Sequence[Cell], zeroed: AbstractSet[str] = frozenset()) -> Sums:
        """The sums of one community's cells; `zeroed` names criteria and sections that a gate empties."""
        sums = Sums()
        # Nearly all lines give points out of their own; the others are None here, and are looked at one by one.
        plain = () if zeroed else [cell.points if cell.reach is None else None for cell in cells]
        got: Points | None = 0
        adjusted: Points | None = 0
        for section in self.sections:
            points, reach, _ = self._sum(section, cells, zeroed, sums, plain)
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
        points = self.held(sums, None, points, self.limits)
        self.finish(sums, points)

    def finish(self, sums: Sums, points: Points) -> None:
        """Take the points as the exact score, and round once."""
        sums.exact = points
        rounded = whole(points) if self.rounder is None else self.rounder.round(points)
        # A sound standard names the decimals of every quotient, so that nothing but a whole number can be left here.
        assert isinstance(rounded, int)
        sums.score = rounded

    def _sum(
        self,
        section: CompiledSection,
        cells: Sequence[Cell],
        zeroed: AbstractSet[str],
        sums: Sums,
        plain: Sequence[Points | None],
    ) -> tuple[Points | None, Points, bool]:
        points: Points
        reach: Points
        given = section.given(plain) if plain and section.given is not None else _NOTHING
        if None not in given:
            points, reach, held = sum(given), section.full, False
        else:
            parts, reaches, weights, held = self._members(section, cells, zeroed, sums, plain)
            if not parts:
                sums.sections[section.id] = None, 0
                return 0, 0, False
            points, reach = sum(parts), sum(reaches)
            if section.combine != "sum":
                reach = self._combined(section, reaches, weights)
                points = self._combined(section, parts, weights)
                if not held and section.share is None and section.rounder is not None:
                    points = section.rounder.round(points)
                _step(sums, section.combine, section.id, sum(parts), points)
        points, reach = self.scaled(sums, section, points, reach)
        points = self.held(sums, section.id, points, section.limits)
        reach = min(reach, section.limits["cap"]) if "cap" in section.limits else reach
        if section.id in zeroed:
            _step(sums, "gate", section.id, points, 0)
            points = 0
        sums.sections[section.id] = (None if held else points), reach
        return (None if held else points), reach, True

    def _members(
        self,
        section: CompiledSection,
        cells: Sequence[Cell],
        zeroed: AbstractSet[str],
        sums: Sums,
        plain: Sequence[Points | None],
    ) -> tuple[list[Points], list[Points], list[Fraction], bool]:
        """Points, reach and weight of each member that applies, and whether something is held."""
        parts: list[Points] = []
        reaches: list[Points] = []
        weights: list[Fraction] = []
        held = False
        for index, full, weight, name in section.members:
            cell = cells[index]
            if cell.skipped:
                continue
            reaches.append(full if cell.reach is None else cell.reach)
            points = cell.points
            if points is None:
                held, points = True, 0
            elif zeroed and name in zeroed:
                _step(sums, "gate", section.id, points, 0)
                points = 0
            parts.append(points)
            weights.append(weight)
        for inner, weight in section.sections:
            inner_points, reach, here = self._sum(inner, cells, zeroed, sums, plain)
            if here:
                held = held or inner_points is None
                parts.append(inner_points or 0)
                reaches.append(reach)
                weights.append(weight)
        return parts, reaches, weights, held

    def _combined(self, section: CompiledSection, parts: list[Points], weights: list[Fraction]) -> Points:
        """The mean, the weighted mean or the worst of a section's members."""
        weighed = [(Fraction(points), weight) for points, weight in zip(parts, weights, strict=True)]
        return whole(combine(section.combine, weighed, demerits=self.demerits))

    def scaled(self, sums: Sums, section: CompiledSection, points: Points, reach: Points) -> tuple[Points, Points]:
        """One quotient for rescale and `scale_to` together."""
        if section.target is not None and reach:
            times, per = section.target, reach
        elif section.share is not None:
            times, per = section.share.numerator, section.share.denominator
        else:
            return points, reach
        if times == per:
            return points, reach
        # Fractions by whole numbers: above the line and below it.
        above = points.numerator * times.numerator * per.denominator
        below = points.denominator * times.denominator * per.numerator
        scaled = divided(above, below) if section.rounder is None else section.rounder.quotient(above, below)
        _step(sums, "scale", section.id, points, scaled)
        return scaled, divided(
            reach.numerator * times.numerator * per.denominator, reach.denominator * times.denominator * per.numerator
        )

    def factor(self, section: CompiledSection, reach: Points) -> Fraction:
        """What a section's points are multiplied by where this much of it can be reached."""
        if section.target is not None and reach:
            return Fraction(section.target) / reach
        return Fraction(1) if section.share is None else section.share

    def held(self, sums: Sums, section: str | None, points: Points, limits: Mapping[str, Points]) -> Points:
        """Held at most at the cap, then at least at the floor."""
        cap, floor = limits.get("cap"), limits.get("floor")
        if cap is not None and points > cap:
            _step(sums, "cap", section, points, cap)
            points = cap
        if floor is not None and points < floor:
            _step(sums, "floor", section, points, floor)
            points = floor
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


def scale_of(section: Section, *, demerits: bool) -> Fraction | None:
    """What a section's points are multiplied by to come to its `scale_to`; None where they stand as they are."""
    combined = section.combined(demerits=demerits)
    if section.scale_to is None or not combined:
        return None
    share = Fraction(section.scale_to) / combined
    return None if share == 1 else share


def is_quotient(section: Section, *, demerits: bool) -> bool:
    """Whether the section divides by something that leaves a fraction."""
    share = scale_of(section, demerits=demerits)
    return section.combine in ("mean", "weighted") or (share is not None and decimals_of(share) is None)


def places(standard: Standard, section: Section, own: int) -> int:
    """The decimals of a section's points whose members have `own`, where they are no fraction."""
    demerits = standard.direction == "demerits"
    share = scale_of(section, demerits=demerits)
    own += decimals_of(share) or 0 if share is not None else 0
    rounds = is_quotient(section, demerits=demerits) or standard.rescale == "section"
    return max(own, standard.rounding.section) if rounds and isinstance(standard.rounding.section, int) else own

"""From lines to the score: sections, total, coverage."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

import attrs

from civrules import Criterion, Section, Standard
from civrules.testing.naive.conditions import reach_of
from civrules.testing.naive.figures import NOTHING, ends_in_decimals, fraction, rounded, summed
from civrules.testing.naive.places import Place, places_of
from civrules.testing.naive.reading import Line

Pair = tuple[Fraction, Fraction]
"""A figure and its weight."""


@attrs.frozen
class Sum:
    """A section's points (None where something is held), what it can reach, and whether anything of it applies."""

    points: Fraction | None
    reach: Fraction
    applies: bool


def weight_of(member: Criterion | Section) -> Fraction:
    """Its share in a section that is weighted."""
    return Fraction(1) if member.weight is None else fraction(member.weight)


def combine(section: Section, pairs: list[Pair], *, demerits: bool) -> Fraction:
    """One figure of the members' figures."""
    if not pairs:
        return NOTHING
    match section.combine:
        case "mean":
            return summed(figure for figure, _ in pairs) / len(pairs)
        case "weighted":
            return summed(figure * weight for figure, weight in pairs) / summed(weight for _, weight in pairs)
        case "worst":
            return (max if demerits else min)(figure for figure, _ in pairs)
        case _:
            return summed(figure for figure, _ in pairs)


def members(standard: Standard, section: Section) -> list[Any]:
    """The sections and the criteria with points that the section holds."""
    return [
        one
        for one in section.children
        if (members(standard, one) if isinstance(one, Section) else Place(standard, (section,), one).counts)
    ]


def together(standard: Standard, section: Section) -> Fraction:
    """The most that the members give together, before `scale_to` and `cap`."""
    pairs = [
        (full(standard, one) if isinstance(one, Section) else fraction(one.points or 0), weight_of(one))
        for one in members(standard, section)
    ]
    return combine(section, pairs, demerits=standard.direction == "demerits")


def full(standard: Standard, section: Section) -> Fraction:
    """A section's full points."""
    most = together(standard, section) if section.scale_to is None else fraction(section.scale_to)
    return most if section.cap is None else min(most, fraction(section.cap))


def section_sums(
    standard: Standard, lines: Mapping[str, Line], zeroed: AbstractSet[str]
) -> tuple[dict[str, Sum], list[Sum], list[Sum]]:
    """Every section's sum by id; those of the base sections and those of the adjustments."""
    found: dict[str, Sum] = {}
    tops = [(one, _sum(standard, one, one.role == "adjustment", lines, zeroed, found)) for one in standard.sections]
    base = [one for section, one in tops if section.role == "base"]
    return found, base, [one for section, one in tops if section.role == "adjustment"]


def _sum(
    standard: Standard, section: Section, adjusts: bool, lines: Mapping[str, Line], zeroed: AbstractSet[str],
    found: dict[str, Sum],
) -> Sum:  # fmt: skip
    got: list[Pair] = []
    reaches: list[Pair] = []
    held = False
    for member in members(standard, section):
        if isinstance(member, Section):
            inner = _sum(standard, member, adjusts, lines, zeroed, found)
            applies, points, reach = inner.applies, inner.points, inner.reach
        else:
            line = lines[member.id]
            place = Place(standard, (section,), member)
            applies, points, reach = not line.leaves, line.points, reach_of(place, line)
            if member.id in zeroed and points is not None:
                points = NOTHING
        if applies:
            held = held or points is None
            got.append((points or NOTHING, weight_of(member)))
            reaches.append((reach, weight_of(member)))
    if not got:
        found[section.id] = Sum(None, NOTHING, applies=False)
        return found[section.id]
    demerits = standard.direction == "demerits"
    points, reach = (combine(section, pairs, demerits=demerits) for pairs in (got, reaches))
    points, reach = _scaled(standard, section, adjusts, points, reach)
    points = _held_between(section, points)
    reach = reach if section.cap is None else min(reach, fraction(section.cap))
    if section.id in zeroed:
        points = NOTHING
    found[section.id] = Sum(None if held else points, reach, applies=True)
    return found[section.id]


def _scaled(standard: Standard, section: Section, adjusts: bool, points: Fraction, reach: Fraction) -> Pair:
    """One quotient for rescale and `scale_to` together, rounded where it may not end."""
    before = together(standard, section)
    rescales = standard.rescale == "section" and standard.direction == "merits" and section.combine == "sum"
    if rescales and not adjusts and reach:
        to = before if section.scale_to is None else fraction(section.scale_to)
        factor, divides = to / reach, to != reach
    else:
        factor = Fraction(1) if section.scale_to is None else fraction(section.scale_to) / before
        divides = section.combine in ("mean", "weighted") or not ends_in_decimals(factor)
        divides = divides or (rescales and not adjusts and factor != 1)
    points, places = points * factor, standard.rounding.section
    if divides and isinstance(places, int):
        points = rounded(points, places, standard.rounding.mode)
    return points, reach * factor


def _held_between(holder: Any, points: Fraction) -> Fraction:
    if holder.cap is not None:
        points = min(points, fraction(holder.cap))
    return points if holder.floor is None else max(points, fraction(holder.floor))


def open_ended(standard: Standard) -> bool:
    """Whether a line has no most."""
    return any(place.open_ended for place in places_of(standard))


def total_of(standard: Standard) -> Fraction | None:
    """The standard's total: as declared, else the sum of the base sections' full points; None without a most."""
    if standard.total is not None:
        return fraction(standard.total)
    if any(place.open_ended and not place.adjusts for place in places_of(standard)):
        return None
    return summed(full(standard, section) for section in standard.sections if section.role == "base")


def applies(standard: Standard, lines: Mapping[str, Line], base: list[Sum]) -> bool:
    """Whether points of the base sections are applicable; a line without a most has points too."""
    endless = [place for place in places_of(standard) if place.open_ended and not place.adjusts]
    return summed(one.reach for one in base) > 0 or any(not lines[place.name].leaves for place in endless)


def rescales_total(standard: Standard) -> bool:
    """Whether what applies is brought to the total."""
    return standard.scale or (standard.direction == "merits" and standard.rescale == "total")


def exact_score(standard: Standard, base: list[Sum], adjustments: list[Sum]) -> Fraction | None:
    """The total before it is rounded; None where something is held."""
    for one in (*base, *adjustments):
        if one.applies and one.points is None:
            return None
    got = summed(one.points for one in base if one.points is not None)
    reach = summed(one.reach for one in base)
    total = total_of(standard)
    if rescales_total(standard) and reach:
        assert total is not None
        got = got * total / reach
    got += summed(one.points for one in adjustments if one.points is not None)
    cap = total if standard.cap is None else fraction(standard.cap)
    return max(fraction(standard.floor), got if cap is None else min(cap, got))


def maximum(standard: Standard, base: list[Sum]) -> Fraction | None:
    """The most that what applies could give."""
    if open_ended(standard):
        return None
    return total_of(standard) if rescales_total(standard) else summed(one.reach for one in base)


def coverage(standard: Standard, lines: Mapping[str, Line]) -> Fraction:
    """Points observed out of points applicable, four decimals, down; lines where points are open-ended or all 0."""
    shares: dict[str, Fraction] = {}
    for section in standard.sections:
        _share(standard, section, Fraction(1), shares)
    places = [place for place in places_of(standard) if place.expected and not place.adjusts]
    weights = {place.name: (place.most or NOTHING) * shares.get(place.name, NOTHING) for place in places}
    if any(place.open_ended for place in places) or not any(weights.values()):
        weights = dict.fromkeys(weights, Fraction(1))
        by_place = False
    else:
        by_place = True
    observed = applicable = NOTHING
    for place in places:
        line = lines[place.name]
        if line.state == "not-applicable":
            continue
        there = [part for _, part in line.parts if part.state != "not-applicable"]
        weight = weights[place.name]
        if by_place and place.criterion.places == "sum" and there:
            weight *= len(there)
        seen = Fraction(sum(part.state == "seen" for part in there), len(there)) if there else line.state == "seen"
        applicable += weight
        observed += weight * seen
    return rounded(observed / applicable, 4, "down") if applicable else Fraction(1)


def _share(standard: Standard, section: Section, share: Fraction, shares: dict[str, Fraction]) -> None:
    """What a point of every line below adds to the total, where everything applies."""
    inside = members(standard, section)
    before = together(standard, section)
    if section.scale_to is not None:
        share *= fraction(section.scale_to) / before
    weights: Callable[[Any], Fraction] = weight_of if section.combine == "weighted" else lambda _: Fraction(1)
    whole = summed(map(weights, inside)) if section.combine in ("mean", "weighted") else Fraction(1)
    for one in inside:
        if isinstance(one, Section):
            _share(standard, one, share * weights(one) / whole, shares)
        else:
            shares[one.id] = share * weights(one) / whole

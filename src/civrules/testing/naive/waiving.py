"""Lines that are excused."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import attrs

from civrules import Waiver
from civrules.testing.naive.places import Place
from civrules.testing.naive.reading import Line, Refused, at_decimals, whole_of

Notes = tuple[tuple[str, str], ...]


def waived(
    places: Mapping[str, Place], lines: Mapping[str, Line], waivers: Sequence[Waiver], on: date | None
) -> tuple[dict[str, Line], Notes]:
    """The lines with the waivers that hold on the day, and what is said of the others. Raises Refused."""
    found = dict(lines)
    notes = []
    for waiver in waivers:
        place = places.get(waiver.criterion)
        if place is not None and (place.event or on is None):
            raise Refused(waiver.criterion)
        code = None if place is None else _excuse(place, waiver, found, on)
        if place is None or code is not None:
            notes.append((code or "waiver-orphan", waiver.criterion))
    return found, tuple(notes)


def _excuse(place: Place, waiver: Waiver, lines: dict[str, Line], on: date | None) -> str | None:
    line = lines[place.name]
    assert on is not None
    if on not in waiver.valid:
        return "waiver-expired"
    if waiver.place is not None:
        parts = dict(line.parts)
        if waiver.place not in parts:
            return "waiver-orphan"
        if not place.counts or _stands(parts[waiver.place]):
            return "waiver-redundant"
        excused = [(name, _excused(place, part) if name == waiver.place else part) for name, part in line.parts]
        lines[place.name] = at_decimals(place, whole_of(place, excused))
        return None
    if not place.counts or _stands(line):
        return "waiver-redundant"
    lines[place.name] = _excused(place, line)
    return None


def _stands(line: Line) -> bool:
    return line.result in ("pass", "not-applicable")


def _excused(place: Place, line: Line) -> Line:
    """Full points, no demerits; what was not looked at stays so for the coverage."""
    most = line.reach if line.reach is not None else place.most or Fraction(0)
    state = "seen" if line.state == "seen" else "waived"
    points = Fraction(0) if place.demerits else most
    return attrs.evolve(line, state=state, points=points, result="waived", leaves=False, free=False)

"""Editions: days on which several editions of a standard are in force, or none."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from civrules.errors import Problem
from civrules.model.standard import Standard


def edition_problems(standards: Iterable[Standard]) -> Iterator[Problem]:
    """Editions of one id that are in force together, or leave days without one."""
    for one, other in successive(standards):
        yield from seam(one, other)


def successive(standards: Iterable[Standard]) -> Iterator[tuple[Standard, Standard]]:
    """For every edition but the first of its id the one before it that is longest in force; by id and first day."""
    by_id: dict[str, dict[str, Standard]] = {}
    for standard in standards:
        by_id.setdefault(standard.id, {}).setdefault(standard.edition, standard)
    for _, editions in sorted(by_id.items()):
        ordered = sorted(editions.values(), key=lambda one: (one.effective.first or date.min, one.version))
        # What reaches furthest decides: an edition without an end overlaps all that follow, and leaves no hole.
        longest = ordered[0]
        for other in ordered[1:]:
            yield longest, other
            longest = max(longest, other, key=lambda one: one.effective.last or date.max)


def seam(one: Standard, other: Standard) -> Iterator[Problem]:
    """Two editions, one after the other, that are in force together or leave days between them."""
    last, first = one.effective.last or date.max, other.effective.first or date.min
    if first <= last:
        yield Problem("editions-overlap", (), f"{one.edition}, {other.edition}", str(first), severity="warning")
    elif first - last > timedelta(days=1):
        day = str(last + timedelta(days=1))
        yield Problem("editions-hole", (), one.id, day, severity="warning")

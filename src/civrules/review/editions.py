"""Editions: days on which several editions of a standard or a campaign are in force, or none."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.days import Period
from civrules.model.standard import Standard

D = TypeVar("D", Standard, Campaign)


def edition_problems(documents: Iterable[D]) -> Iterator[Problem]:
    """Editions of one id that are in force together, or leave days without one."""
    for one, other in successive(documents):
        yield from seam(one, other)


def successive(documents: Iterable[D]) -> Iterator[tuple[D, D]]:
    """For every edition but the first of its id the one before it that is longest in force; by id and first day."""
    by_id: dict[str, dict[str, D]] = {}
    for document in documents:
        by_id.setdefault(document.id, {}).setdefault(document.edition, document)
    for _, editions in sorted(by_id.items()):
        ordered = sorted(editions.values(), key=lambda one: (one.effective.first or date.min, one.version))
        # What reaches furthest decides: an edition without an end overlaps all that follow, and leaves no hole.
        longest = ordered[0]
        for other in ordered[1:]:
            yield longest, other
            longest = max(longest, other, key=lambda one: one.effective.last or date.max)


def seam(one: D, other: D) -> Iterator[Problem]:
    """Two editions, one after the other, that are in force together or leave days between them."""
    last, first = one.effective.last or date.max, other.effective.first or date.min
    day = timedelta(days=1)
    if first <= last:
        ends = [end for end in (one.effective.last, other.effective.last) if end is not None]
        both = str(Period(other.effective.first, min(ends, default=None)))
        yield Problem("editions-overlap", (), f"{one.edition}, {other.edition}", both, severity="warning")
    elif first - last > day:
        yield Problem("editions-hole", (), one.id, str(Period(last + day, first - day)), severity="warning")

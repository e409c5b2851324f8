"""Cuts: flags and prizes of first and last places that meet in small populations, and seats beyond those of a title."""

from collections.abc import Iterator
from itertools import product

from civrules.errors import Problem
from civrules.followup.ranking import reach
from civrules.model.condition import Condition, Threshold
from civrules.model.outcome import DISTINCTIONS, Outcome
from civrules.model.soundness.places import label
from civrules.model.standard import Standard
from civrules.review.reviewed import Reviewed

_MOST_RANKED = 10_000
"""Larger populations are not tried: shares that meet there meet long before."""


def cut_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """First places that meet last places, for which populations; more seats than a title has."""
    standard = reviewed.standard
    given = [one for one in standard.outcomes if _distinguishes(one) and one.seats is None]
    firsts = [one for one in given if one.when.subject == "rank" and one.when.first is not None]
    lasts = [one for one in given if one.when.subject == "rank" and one.when.last is not None]
    places = {one.id: place for place, one in enumerate(standard.rankings)}
    for one, other in product(firsts, lasts):
        ranking = one.when.target
        if other.when.target == ranking and (sizes := _meeting(one.when, other.when)):
            where = (label("ranking", places[ranking], ranking),)
            yield Problem("cuts-overlap", where, f"{one.id}, {other.id}", sizes)
    yield from _beyond_seats(standard)


def _distinguishes(outcome: Outcome) -> bool:
    return any(effect.verb in DISTINCTIONS for effect in outcome.then)


def _meeting(first: Condition, last: Condition) -> str:
    """Of how many that are ranked some are among the first and among the last; "" where that never is."""
    assert first.first is not None
    assert last.last is not None
    sizes = [size for size in range(1, _MOST_RANKED + 1) if _taken(first.first, size) + _taken(last.last, size) > size]
    both = [size for size in sizes if reach(first.first, size) and reach(last.last, size)]
    if not both:
        return ""
    if both[-1] == _MOST_RANKED:
        return f"{both[0]} …"
    return str(both[0]) if len(both) == 1 else f"{both[0]} … {both[-1]}"


def _taken(cut: Threshold, size: int) -> int:
    return min(size, reach(cut, size))


def _beyond_seats(standard: Standard) -> Iterator[Problem]:
    """Titles that an outcome gives to more than may hold them."""
    seats = {one.id: one.seats for one in standard.honours if one.seats is not None}
    for place, outcome in enumerate(standard.outcomes):
        wanted = outcome.seats if outcome.seats is not None else _places(outcome.when)
        awarded = (effect.award for effect in outcome.then if effect.award in seats)
        for honour in awarded:
            most = seats[str(honour)]
            if isinstance(wanted, int) and most is not None and wanted > most:
                yield Problem("seats-beyond", (label("outcome", place, outcome.id),), honour, f"{wanted} > {most}")


def _places(condition: Condition) -> int | None:
    """How many places a cut by number has; None where it is no such cut."""
    if condition.subject != "rank":
        return None
    if condition.between is not None:
        return condition.between[1] - condition.between[0] + 1
    cut = condition.first if condition.first is not None else condition.last
    return None if cut is None or isinstance(cut, str) else int(cut)

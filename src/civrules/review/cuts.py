"""Cuts: flags and prizes of first and last places that meet in small populations, and seats beyond those of a title."""

from collections.abc import Iterator
from itertools import product

from civrules.errors import Problem
from civrules.followup.ranking import reach
from civrules.model.condition import Condition, Threshold
from civrules.model.outcome import DISTINCTIONS, Outcome
from civrules.model.soundness.places import label
from civrules.model.standard import Standard
from civrules.review.issuing import distinguishing, somebody
from civrules.review.reviewed import Reviewed
from civrules.review.witness import Witness

_MOST_RANKED = 10_000
"""Larger populations are not tried: shares that meet there meet long before."""


def cut_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """First places that meet last places, for which populations; more seats than a title has."""
    standard = reviewed.standard
    given = [one for one in standard.outcomes if _distinguishes(one) and one.seats is None]
    firsts = [(one, cut) for one in given for cut in _cuts(one) if cut.first is not None]
    lasts = [(one, cut) for one in given for cut in _cuts(one) if cut.last is not None]
    places = {one.id: place for place, one in enumerate(standard.rankings)}
    for (one, first), (other, last) in product(firsts, lasts):
        ranking = first.target
        if last.target == ranking and (sizes := _sizes(reviewed, (one, first), (other, last))):
            where = (label("ranking", places[ranking], ranking),)
            yield Problem("cuts-overlap", where, f"{one.id}, {other.id}", sizes)
    yield from _beyond_seats(standard)


def _cuts(outcome: Outcome) -> list[Condition]:
    """The cuts that whoever has the outcome lies in: its condition is one, or asks for one with others."""
    parts = outcome.when.members if outcome.when.subject == "all" else (outcome.when,)
    return [part for part in parts if part.subject == "rank"]


def _sizes(reviewed: Reviewed, first: tuple[Outcome, Condition], last: tuple[Outcome, Condition]) -> str:
    """Of how many that are ranked some have both, in words; "" where none is known to.

    Where an outcome asks for more than a place, the engine is asked of a community that stands alone, at its best or
    at its worst.
    """
    if all(cut is outcome.when for outcome, cut in (first, last)):
        return _meeting(first[1], last[1])
    witness = Witness(reviewed, somebody(reviewed.standard))
    for best in (True, False):
        evaluation = witness.evaluated(witness.every(best=best))
        if evaluation is not None and {first[0].id, last[0].id} <= distinguishing(witness, evaluation):
            return "1"
    return ""


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

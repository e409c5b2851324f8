"""What each measure makes of what was understood: points, in demerits what is lost, and the result."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

from civrules import NotApplicable
from civrules.testing.naive.figures import NOTHING, compared, comparisons, fraction, rounded, summed
from civrules.testing.naive.places import Place
from civrules.testing.naive.values import short_of, tier_holds

RESULTS = ("pass", "partial", "fail")


def judged(place: Place, seen: Any) -> tuple[Fraction, str]:
    """The points before they are rounded, and what the line shows for it."""
    points, result = _BY_KIND[place.criterion.measure.kind](place, seen)
    return clamped(place, points), shown_as(place, result)


def shown_as(place: Place, result: str) -> str:
    """The result as the line's strength has it."""
    if place.criterion.strength == "informative":
        return "informational"
    return "advice" if place.criterion.strength == "should" and result != "pass" else result


def clamped(place: Place, points: Fraction) -> Fraction:
    """The points within `least` … P."""
    return max(place.least, points if place.most is None else min(place.most, points))


def at_its_decimals(place: Place, points: Fraction, times: int = 1) -> Fraction:
    """The points at the criterion's decimals, where they can be a quotient, within what it gives so many times."""
    decimals = place.standard.rounding.criterion
    if not divides(place) or not isinstance(decimals, int):
        return points
    given = rounded(points, decimals, place.standard.rounding.mode)
    return max(place.least * times, given if place.most is None else min(place.most * times, given))


def divides(place: Place) -> bool:
    """Whether the criterion's points can be a quotient."""
    criterion, measure = place.criterion, place.criterion.measure
    if "mean" in (criterion.pool, criterion.assessors, criterion.places):
        return True
    exact_steps = [one for one in getattr(measure, "items", ()) if getattr(one, "shortfall", None) is not None]
    if any(one.shortfall.steps == "exact" for one in exact_steps) or getattr(measure, "steps", None) == "exact":
        return True
    shared = getattr(measure, "partial", False)
    own_points = any(getattr(one, "points", None) is not None for one in getattr(measure, "items", ()))
    return measure.kind == "linear" or (shared and not own_points)


def _of_all(place: Place, given: Fraction, result: str) -> tuple[Fraction, str]:
    """Points earned, of a measure of which demerits take what would have been lost."""
    most = place.most or NOTHING
    return (most - max(NOTHING, given) if place.demerits else given), result


def _all_or_none(place: Place, good: bool) -> tuple[Fraction, str]:
    lowest = NOTHING if place.demerits else place.least
    return _of_all(place, (place.most or NOTHING) if good else lowest, "pass" if good else "fail")


def _check(place: Place, seen: Any) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    tests = comparisons(measure)
    good = all(compared(word, seen, fraction(limit)) for word, limit in tests) if tests else seen == measure.expect
    return _all_or_none(place, good)


def _share_of(hold: int, of: int) -> str:
    return "pass" if hold == of else "partial" if hold else "fail"


def own_reach(place: Place, seen: Any) -> Fraction | None:
    """What the line can reach where items that do not apply take points of their own along; None else."""
    measure: Any = place.criterion.measure
    if measure.kind != "checklist" or all(item.points is None for item in measure.items) or place.most is None:
        return None
    gone = [fraction(item.points) for item in measure.items if isinstance(seen[item.id], NotApplicable)]
    return place.most - summed(gone)


def _checklist(place: Place, seen: Any) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    applying = [item for item in measure.items if not isinstance(seen[item.id], NotApplicable)]
    held = [item for item in applying if seen[item.id]]
    reach = own_reach(place, seen)
    if reach is not None:
        points = summed(fraction(item.points) for item in held)
        return (reach - points if place.demerits else points), _share_of(len(held), len(applying))
    if measure.partial:
        points = (place.most or NOTHING) * len(held) / len(applying)
        return _of_all(place, points, _share_of(len(held), len(applying)))
    needed = len(applying) if measure.at_least is None else min(len(applying), measure.at_least)
    return _all_or_none(place, len(held) >= needed)


def _frequency(place: Place, seen: tuple[int, int]) -> tuple[Fraction, str]:
    met, windows = seen
    if not getattr(place.criterion.measure, "partial", False):
        return _all_or_none(place, met == windows)
    return _of_all(place, (place.most or NOTHING) * met / windows, _share_of(met, windows))


def _as_written(place: Place, points: Fraction, best: Fraction) -> tuple[Fraction, str]:
    """Pass is the best that the measure knows, fail none of it; in demerits the written points are what is lost."""
    if points >= best:
        return points, "fail" if place.demerits else "pass"
    if points <= place.least:
        return points, "pass" if place.demerits else "fail"
    return points, "partial"


def _levels(place: Place, seen: Any) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    # A line without points passes and fails all the same: by the percentages themselves.
    weight = place.most or Fraction(100)
    worth = {
        name: fraction(given) * weight / 100 if isinstance(given, str) else fraction(given)
        for name, given in measure.levels.items()
    }
    points, result = _as_written(place, worth[seen], max(worth.values()))
    shares_nothing = not place.most and isinstance(measure.levels[seen], str)
    return (NOTHING if place.most is None or shares_nothing else points), result


def _tiers(place: Place, seen: Fraction) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    for tier in measure.tiers:
        if tier_holds(tier, seen):
            return _as_written(place, fraction(tier.points), max(fraction(one.points) for one in measure.tiers))
    return place.least, "pass" if place.demerits else "fail"


def _linear(place: Place, seen: Fraction) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    if measure.knots is not None:
        knots = [(fraction(at), fraction(points)) for at, points in measure.knots]
        return _as_written(place, _on_line(knots, seen), max(points for _, points in knots))
    zero, full = fraction(measure.zero_at), fraction(measure.full_at)
    share = (seen - zero) / (full - zero)
    if place.most is None:
        return NOTHING, _as_written(place, share, Fraction(1))[1]
    return _as_written(place, clamped(place, place.most * share), place.most)


def _on_line(knots: list[tuple[Fraction, Fraction]], seen: Fraction) -> Fraction:
    if seen <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if left <= seen <= right:
            return low + (high - low) * (seen - left) / (right - left)
    return knots[-1][1]


def _marks(place: Place, seen: Fraction) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    best = place.most or NOTHING
    if measure.choices is not None:
        best = max(fraction(one) for one in measure.choices)
    if measure.bands is not None:
        best = max(fraction(high) for _, high in measure.bands.values())
    return _as_written(place, seen, best)


def _less(place: Place, lost: Fraction) -> tuple[Fraction, str]:
    """P less what is lost, floor `least`; in demerits what is lost."""
    floor = NOTHING if place.demerits else place.least
    result = "pass" if not lost else "partial"
    all_lost = None if place.most is None else place.most - floor
    if all_lost is not None and lost and lost >= all_lost:
        lost, result = all_lost, "fail"
    return (lost if place.demerits else (place.most or NOTHING) - lost), result


def _shortfall(place: Place, seen: Fraction) -> tuple[Fraction, str]:
    return _less(place, short_of(place.criterion.measure, seen))


def _findings(place: Place, seen: Any) -> tuple[Fraction, str]:
    measure: Any = place.criterion.measure
    there = {item.id: seen[item.id] for item in measure.items if not isinstance(seen[item.id], NotApplicable)}
    if any(item.takes == "none" and there.get(item.id, (0,))[0] for item in measure.items):
        return _less(place, NOTHING)
    if any(item.takes == "all" and there.get(item.id, (0,))[0] for item in measure.items):
        most = place.most or NOTHING
        return (most if place.demerits else place.least), "fail"
    return _less(place, summed(taken for _, taken in there.values()))


_BY_KIND = {
    "check": _check,
    "checklist": _checklist,
    "levels": _levels,
    "tiers": _tiers,
    "linear": _linear,
    "shortfall": _shortfall,
    "findings": _findings,
    "marks": _marks,
    "frequency": _frequency,
}


def worth(place: Place, points: Fraction) -> Fraction:
    """How favourable points are: in demerits the fewer the better."""
    return -points if place.demerits else points


def favour(place: Place, points: Fraction, result: str) -> tuple[Fraction, int]:
    """How favourable points and a result are: more is better."""
    return worth(place, points), {"pass": 2, "fail": 0}.get(result, 1)

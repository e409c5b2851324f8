"""Prepared: how a criterion's value stands in whole numbers, and what a measure makes of it as a formula.

Yes is 1 and no 0; a level is its place in the document; a figure is in units of its last decimal (% as percent); n of m
and counts are as they are, -1 where it is open whose a count is; an event is 0 (no), 1 (yes), 2 (attributable), 3 (not
attributable) or 4 (excused).
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

import attrs

from civrules.model.figures import MOST_COUNT
from civrules.model.formula import NO, Exact, Term, Test, every, number, opposite, slot
from civrules.model.measures.measure import Limits


@attrs.frozen(eq=False)
class Named:
    """Which of some names was seen: its place among them."""

    place: Term
    names: tuple[str, ...]


Compared: TypeAlias = Exact | Named | Test
"""What a `value` condition compares: a figure, a level's name, yes or no."""


@attrs.frozen(eq=False)
class Formula:
    """What a measure makes of a value that was seen.

    `slots` are the wide table's columns after the criterion's own, by their suffix; `points` are in the sense of
    merits, unclamped; `seen` is what conditions compare, of the whole (None) and of each item.
    """

    points: Exact
    passes: Test
    fails: Test
    seen: Mapping[str | None, Compared]
    slots: Mapping[str, Term]
    gone: Test = NO
    """Whether what was seen says that nothing applies: no item does."""
    most: Exact | None = None
    """The most that it could give, where that depends on what applies."""
    counted: "Formula | None" = None
    """What it makes of n of m, where m is given; n of 0 is prepared as not applicable."""
    open: Test = NO
    """Whether what was seen leaves open what decides: then it stands as missing."""


def none_of_it(points: Exact, passes: Test, least: Fraction | None) -> Test:
    """Whether the points are none of it, which fails unless it passes."""
    return NO if least is None else every(opposite(passes), Exact.of(least).at_least(points))


def of_figure(place: int, limits: Limits, *, percent: bool, judged: Callable[[Exact], Formula]) -> Formula:
    """What `judged` makes of a figure in the slot at `place`, and of n of m where m is in the slot after."""
    m = slot(place + 1, 1, MOST_COUNT)
    share = Exact(slot(place, 0, MOST_COUNT), m).times(100 if percent else 1)
    return attrs.evolve(judged(figure_at(place, limits, percent=percent)), slots={"of": m}, counted=judged(share))


def figure_at(place: int, limits: Limits, *, percent: bool) -> Exact:
    """The figure in the slot at a place, within the limits."""
    low, high = limits.ends(percent=percent)
    unit = 10**limits.decimals
    return Exact(slot(place, int(low * unit), int(high * unit)), number(unit))

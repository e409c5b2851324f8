"""Engines that judge what was seen in a wrong way."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs

from civrules.model.measures import (
    Check,
    Checklist,
    Event,
    Findings,
    Frequency,
    Levels,
    Linear,
    Marks,
    Shortfall,
    Tiers,
)
from civrules.model.measures.item import Item
from civrules.scoring.line import CompiledLine
from mutants.breaking import ANNUAL, CHECK, CONSTRUCTS, QUARTER, Made, instead, mutant
from mutants.mutant import EngineMutant


def _judged(change: Callable[..., Any]) -> Made:
    """A measure's judgement with its points changed."""

    def judge(original: Made, self: Any, read: Any, most: Fraction, least: Fraction | None) -> Any:
        points, result = original(self, read, most, least)
        return change(self, read, most, points), result

    return judge


def _counted_once(original: Made, self: Item, found: Any) -> Any:
    counts = isinstance(found.seen, int) and found.seen > 1 and found.settled is None
    return original(self, attrs.evolve(found, seen=1) if counts else found)


def _uncapped(original: Made, self: Item, found: Any) -> Any:
    return original(attrs.evolve(self, cap=None), found)


def _full_steps(original: Made, self: Shortfall, read: Any) -> Any:
    return original(attrs.evolve(self, steps="full") if self.steps == "started" else self, read)


def _happened_is_enough(_: Made, self: Event, read: str) -> bool:
    return read != "no"


def _open_counts(original: Made, self: Event, read: str) -> Any:
    return True if original(self, read) is None else original(self, read)


def _more_than_all(original: Made, self: CompiledLine, read: Any) -> Any:
    points, result = original(self, read)
    return (points + 1 if result == "pass" else points), result


def _refuses_zero(original: Made, self: CompiledLine, value: Any, *given: Any, **named: Any) -> Any:
    if value in (0, False):
        raise ZeroDivisionError
    return original(self, value, *given, **named)


MEASURES: tuple[EngineMutant, ...] = (
    mutant(
        "tier-beyond",
        "A figure on a tier's threshold falls to the next tier.",
        "second-opinion",
        CHECK,
        instead(
            Tiers,
            "points_of",
            lambda _, self, read: next((points for _, limit, points in self.steps if read > limit), None),
        ),
    ),
    mutant(
        "counted-once",
        "However often something was found, it takes its amount once.",
        "second-opinion",
        CHECK,
        instead(Item, "loss", _counted_once),
    ),
    mutant(
        "item-cap-ignored",
        "An item takes more than its cap.",
        "second-opinion",
        CONSTRUCTS,
        instead(Item, "loss", _uncapped),
    ),
    mutant(
        "takes-all-ignored",
        "What empties a line takes nothing.",
        "second-opinion",
        CONSTRUCTS,
        instead(
            Findings,
            "judge",
            lambda original, self, read, *more: original(
                attrs.evolve(
                    self,
                    items=[
                        attrs.evolve(one, takes="some", each=0) if one.takes == "all" else one for one in self.items
                    ],
                ),
                read,
                *more,
            ),
        ),
    ),
    mutant(
        "full-steps",
        "A step that was started is not taken.",
        "second-opinion",
        CONSTRUCTS,
        instead(Shortfall, "takes", _full_steps),
    ),
    mutant(
        "all-or-nothing",
        "A share of a checklist gives nothing.",
        "second-opinion",
        CHECK,
        instead(Checklist, "judge", _judged(lambda _, read, most, points: points if points == most else Fraction(0))),
    ),
    mutant(
        "level-in-full",
        "Every level gives the points of the best.",
        "second-opinion",
        CHECK,
        instead(Levels, "judge", _judged(lambda _, read, most, points: most if points else points)),
    ),
    mutant(
        "marks-halved",
        "Half a mark is lost.",
        "second-opinion",
        QUARTER,
        instead(
            Marks, "judge", _judged(lambda _, read, most, points: points - Fraction(1, 2) if points >= 1 else points)
        ),
    ),
    mutant(
        "yes-for-no",
        "A check is passed by the opposite.",
        "second-opinion",
        CHECK,
        instead(Check, "judge", _judged(lambda _, read, most, points: most - points)),
    ),
    mutant(
        "line-from-nothing",
        "A straight line begins at 0 instead of `zero_at`.",
        "second-opinion",
        CONSTRUCTS,
        instead(
            Linear, "judge", _judged(lambda self, read, most, points: min(most, max(Fraction(0), most * read / 99)))
        ),
    ),
    mutant(
        "windows-in-full",
        "One window that was kept is enough.",
        "second-opinion",
        CONSTRUCTS,
        instead(Frequency, "judge", _judged(lambda _, read, most, points: most if points else points)),
    ),
    mutant(
        "attribution-ignored",
        "An event counts whoever is responsible.",
        "second-opinion",
        ANNUAL,
        instead(Event, "counts", _happened_is_enough),
    ),
    mutant(
        "open-counts",
        "An event counts while it is open who is responsible.",
        "second-opinion",
        ANNUAL,
        instead(Event, "counts", _open_counts),
    ),
    mutant(
        "more-than-all",
        "A line that passes gives one step more than its points.",
        "points",
        CHECK,
        instead(CompiledLine, "judge", _more_than_all),
    ),
    mutant(
        "zero-raises",
        "A value of nothing raises an error.",
        "accepts",
        QUARTER,
        instead(CompiledLine, "seen", _refuses_zero),
    ),
)

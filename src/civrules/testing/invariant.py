"""Invariant: one promise that a plugin or a standard keeps, and how it is asked for."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs

from civrules.model.figures import plain
from civrules.testing.sample import Sample, said, said_community
from civrules.testing.subject import Subject

PAGE = "docs/testing.md"
"""Where every invariant has its section."""
_LONGEST = 300
_MOST = 8


class Broken(AssertionError):
    """What was promised is not so: on what, and the two figures that should agree."""

    def __init__(self, first: str, one: object, second: str, other: object, *samples: Sample) -> None:
        self.samples = samples
        self.figures = ((first, shown(one)), (second, shown(other)))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """The smallest input that was found, and the two figures."""
        rows: list[tuple[str, str]] = []
        for place, sample in enumerate(self.samples):
            if not place or sample.community != self.samples[0].community:
                rows.append(("community", said_community(sample.community)))
            rows.append(("observed" if not place else "and then", said(sample.observations)))
        width = max(len(name) for name, _ in (*rows, *self.figures))
        return [f"{name:<{max(width, 9)}}  {words}" for name, words in (*rows, *self.figures)]


def shown(figure: object) -> str:
    """A figure, or several, in words."""
    if isinstance(figure, Decimal | Fraction | int) and not isinstance(figure, bool):
        return plain(figure)
    if isinstance(figure, tuple):
        return ", ".join(map(shown, figure[:_MOST])) or "nothing"
    words = "none" if figure is None else str(figure)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"


def equal(first: str, one: object, second: str, other: object, *samples: Sample) -> None:
    """Raise Broken unless both are equal."""
    if one != other:
        raise Broken(first, one, second, other, *samples)


def always(_: Subject) -> bool:
    """Every standard."""
    return True


@attrs.frozen(kw_only=True)
class Invariant:
    """One promise.

    `id` names it for good; `level` is that of the kit at which it came in; `applies` says of which standards it can be
    asked, and `where` says the same in words. `draws` gives the strategy of what is tried, None where nothing is drawn.
    """

    id: str
    says: str
    level: int = 1
    of: Literal["plugin", "standard"] = "standard"
    where: str = "every standard"
    applies: Callable[[Subject], bool] = always
    draws: Callable[[Subject], Any] | None = None
    corners: Callable[[Subject], Iterable[Any]] | None = None
    """What is tried besides, each and every time."""
    one_in: int = 1
    """Of so many examples one is tried, where one takes long."""
    shrinks: bool = True
    """Whether Hypothesis makes what breaks it smaller; not where the check does."""
    check: Callable[..., None]

    @property
    def page(self) -> str:
        """Where it is explained."""
        return f"{PAGE}#{self.id}"

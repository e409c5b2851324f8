"""Where a criterion stands in its standard, and the policies that hold for it there."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from civrules import Criterion, Section, Standard
from civrules.testing.naive.figures import fraction


@attrs.frozen
class Place:
    """A criterion, the sections that lead to it, and the standard."""

    standard: Standard
    path: tuple[Section, ...]
    criterion: Criterion
    read: tuple[Fraction, Fraction] | None = None
    """Between what a change lies; None where what is read is what was observed."""

    @property
    def name(self) -> str:
        """The criterion's id."""
        return self.criterion.id

    @property
    def demerits(self) -> bool:
        """Whether points are what is lost."""
        return self.standard.direction == "demerits"

    @property
    def most(self) -> Fraction | None:
        """P; None where the line has no most."""
        return None if self.criterion.points is None else fraction(self.criterion.points)

    @property
    def least(self) -> Fraction:
        """The least that the line gives."""
        return fraction(self.criterion.least)

    @property
    def stated(self) -> str | None:
        """What the criterion or a section of it says of missing values: the innermost counts."""
        own = [self.criterion.missing, *(section.missing for section in reversed(self.path))]
        return next((one for one in own if one is not None), None)

    @property
    def missing(self) -> str:
        """What a missing value stands for."""
        return self.stated or self.standard.when_missing

    @property
    def not_applicable(self) -> str:
        """What becomes of a line that does not apply."""
        return self.criterion.not_applicable or self.standard.when_not_applicable

    @property
    def event(self) -> bool:
        """Whether it is an event."""
        return self.criterion.measure.kind == "event"

    @property
    def adjusts(self) -> bool:
        """Whether it belongs to the additions and deductions."""
        return self.path[0].role == "adjustment"

    @property
    def counts(self) -> bool:
        """Whether it has points that count."""
        strength = self.criterion.strength
        idle = strength == "informative" or (strength == "should" and self.criterion.points is None)
        return not (self.event or idle)

    @property
    def open_ended(self) -> bool:
        """Whether its points have no most."""
        return self.counts and self.criterion.points is None

    @property
    def only_when_it_happens(self) -> bool:
        """Whether it is recorded only when it happens, so that it is never missing where nobody looked."""
        if self.event and not getattr(self.criterion.measure, "must_report", False):
            return True
        takes_away = self.criterion.points == 0 and self.criterion.least < 0
        return (self.adjusts or takes_away) and self.stated is None

    @property
    def expected(self) -> bool:
        """Whether somebody has to look."""
        return (self.event or self.counts) and not self.only_when_it_happens


def places_of(standard: Standard) -> Iterator[Place]:
    """Every criterion in its place, in the document's order."""
    for section in standard.sections:
        yield from _below(standard, (section,))


def _below(standard: Standard, path: tuple[Section, ...]) -> Iterator[Place]:
    for child in path[-1].children:
        if isinstance(child, Criterion):
            yield Place(standard, path, child)
        else:
            yield from _below(standard, (*path, child))

"""marks: the assessor's own points."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from civrules.errors import InvalidInput, Problem, listed
from civrules.model.figures import NotApplicable, Number, decimals_of, plain
from civrules.model.formula import Exact
from civrules.model.given import number_of
from civrules.model.mapping import FrozenMapping
from civrules.model.measures.levels import name_problems
from civrules.model.measures.measure import Judged, Limits, beyond, decimals, number, outcome
from civrules.model.measures.prepared import Formula, figure_at, none_of_it
from civrules.model.text import Lang


def _choices(choices: Any) -> tuple[Decimal, ...] | None:
    return None if choices is None else tuple(number_of(one) for one in choices)


def _bands(bands: Mapping[str, tuple[Number, Number]] | None) -> FrozenMapping[str, tuple[Decimal, Decimal]] | None:
    if bands is None:
        return None
    return FrozenMapping({name: (number_of(low), number_of(high)) for name, (low, high) in bands.items()})


@attrs.frozen(kw_only=True)
class Marks:
    """The assessor's own figure: within the criterion's points, one of the `choices`, or inside one of the `bands`.

    >>> Marks(choices=(0, 5, 10)).choices
    (Decimal('0'), Decimal('5'), Decimal('10'))
    """

    kind: ClassVar[str] = "marks"
    loses: ClassVar[bool] = False

    choices: tuple[Decimal, ...] | None = attrs.field(default=None, converter=_choices)
    bands: Mapping[str, tuple[Decimal, Decimal]] | None = attrs.field(default=None, converter=_bands)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The mark as a fraction. Whether it lies within the criterion's points is checked where they are known."""
        mark = number(value, limits, percent=False)
        if isinstance(mark, NotApplicable):
            return mark
        places = decimals_of(mark)
        if places is None or places > limits.decimals:
            # n of m may be any fraction, and a mark is points.
            raise InvalidInput(Problem("too-precise", (), plain(mark), str(limits.decimals)))
        if self.choices is not None and mark not in self.choices:
            raise InvalidInput(Problem("not-a-choice", (), value, listed(map(plain, self.choices))))
        if self.bands is not None and not any(low <= mark <= high for low, high in self.bands.values()):
            raise InvalidInput(Problem("not-a-choice", (), value, listed(_said(self.bands))))
        return mark

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The mark; pass is the best that may be given."""
        return read, outcome(read, max(self._outer(), default=most), least)

    def _outer(self) -> list[Fraction]:
        """The ends of what choices or bands allow; none where the criterion's points or range decide."""
        if self.choices is not None:
            return [Fraction(one) for one in self.choices]
        return [Fraction(one) for band in (self.bands or {}).values() for one in band]

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The lowest and the highest mark."""
        outer = self._outer() or [*limits.ends(percent=False)]
        return min(outer), max(outer)

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """The mark."""
        mark = figure_at(place, limits, percent=False)
        passes = mark.at_least(Exact.of(max(self._outer(), default=most)))
        return Formula(mark, passes, none_of_it(mark, passes, least), {None: mark}, {})

    def quotient(self) -> bool:
        """Never: a mark is given, not worked out."""
        return False

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The decimals that may be observed."""
        return decimals(*self._outer()) if self.choices is not None else limits.decimals

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """The mark."""
        return Fraction(read)

    def rising(self, item: str | None, /) -> int:
        """Points are the mark."""
        return 1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """Choices and bands together, none of either, amounts outside the criterion's points."""
        if self.choices is not None and self.bands is not None:
            yield Problem("one-of", (), "choices, bands", "choices, bands")
        if self.choices == ():
            yield Problem("empty", ("choices",), None, "at least one choice")
        for one in self.choices or ():
            yield from beyond(Fraction(one), most, least, "choices")
        if self.bands is not None:
            yield from name_problems(self.bands, "bands")
        for name, (low, high) in (self.bands or {}).items():
            if low > high:
                yield Problem("bad-order", ("bands", name), (low, high), "the lower end first")
            for one in (low, high):
                yield from beyond(Fraction(one), most, least, "bands", name)

    def say(self, read: Any, lang: Lang, /) -> str:
        """The mark, with the name of its rubric band."""
        names = [name for name, (low, high) in (self.bands or {}).items() if low <= read <= high]
        return f"{plain(read)} ({names[0]})" if names else plain(read)


def _said(bands: Mapping[str, tuple[Decimal, Decimal]]) -> list[str]:
    return [f"{name} {plain(low)} … {plain(high)}" for name, (low, high) in bands.items()]

"""levels: one of the named levels."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, listed, nearest
from civrules.model.condition import Threshold
from civrules.model.figures import figure, plain
from civrules.model.formula import one_of, pick, slot
from civrules.model.given import threshold_of
from civrules.model.identity import check_id, duplicates
from civrules.model.mapping import FrozenMapping
from civrules.model.measures.measure import Judged, Limits, amount, beyond, decimals, in_percent, outcome, share
from civrules.model.measures.prepared import Formula, Named
from civrules.model.text import Lang, Text
from civrules.model.titles import title_problems, titled, titles_of


def _levels(levels: Mapping[str, Any]) -> FrozenMapping[str, Threshold]:
    return FrozenMapping({name: threshold_of(points) for name, points in levels.items()})


def level_of(value: Any, names: Mapping[str, object]) -> str:
    """The level's name as the document writes it. Raises InvalidInput."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    word = plain(figure(value)[0]) if number else value
    if not isinstance(word, str) or word not in names:
        raise InvalidInput(Problem("unknown-level", (), value, listed(names), nearest(word, names)))
    return word


def name_problems(names: Mapping[str, object], key: str) -> Iterator[Problem]:
    """Names that are no ids, or stand twice regardless of case; no names at all."""
    if not names:
        yield Problem("empty", (key,), None, f"at least one {key.removesuffix('s')}")
    for name in names:
        try:
            check_id(name, key)
        except CivrulesError as error:
            yield from error.problems
    for name in duplicates(names):
        yield Problem("duplicate-id", (key,), name)


@attrs.frozen(kw_only=True)
class Levels:
    """A named level gives its points, or its percent of the criterion's points.

    `levels` has the names, and what each gives. `titles` is what people read in their place.

    >>> Levels(levels={"full": 2, "partly": "50%", "none": 0}).levels["partly"]
    '50%'
    """

    kind: ClassVar[str] = "levels"
    loses: ClassVar[bool] = False

    levels: Mapping[str, Threshold] = attrs.field(converter=_levels)
    titles: Mapping[str, Text] = attrs.field(factory=FrozenMapping, converter=titles_of)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The level's name."""
        return level_of(value, self.levels)

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The level's points; pass is the best level, whatever the criterion's points are."""
        weight = most or Fraction(1)
        best = max(share(points, weight) for points in self.levels.values())
        return share(self.levels[read], most), outcome(share(self.levels[read], weight), best, least)

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """The levels of the fewest and of the most points."""
        by_points = sorted(self.levels, key=lambda name: share(self.levels[name], most or Fraction(1)))
        return by_points[0], by_points[-1]

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """The points of the level at its place in the document."""
        names = tuple(self.levels)
        own = slot(place, 0, len(names) - 1)
        judged = [self.judge(name, most, least) for name in names]
        return Formula(
            one_of(own, [points for points, _ in judged]),
            pick(own, [result == "pass" for _, result in judged]),
            pick(own, [result == "fail" for _, result in judged]),
            {None: Named(own, names)},
            {},
        )

    def quotient(self) -> bool:
        """Never: a percent of points has an end."""
        return False

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The most decimals among the levels' points."""
        return decimals(*(share(points, most) for points in self.levels.values()))

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """The level's name."""
        return str(read)

    def rising(self, item: str | None, /) -> int:
        """A name does not rise or fall."""
        return 0

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """Bad names, and points outside the criterion's."""
        yield from name_problems(self.levels, "levels")
        yield from title_problems(self.titles, self.levels)
        for name, points in self.levels.items():
            if in_percent(points) and amount(points) > 100:
                yield Problem("out-of-range", ("levels", name), points, "at most 100%")
                continue
            yield from beyond(share(points, most or Fraction(0)), most, least, "levels", name)

    def say(self, read: Any, lang: Lang, /) -> str:
        """The level's title, else its name."""
        return titled(str(read), self.titles, lang)

"""Item: one kind of finding, and what it takes."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, nearest
from civrules.model.figures import NotApplicable, count, figure, plain
from civrules.model.formula import (
    NO,
    ZERO,
    Exact,
    Term,
    Test,
    absent,
    choose,
    either,
    every,
    greatest,
    least,
    more_than,
    number,
    one_of,
    opposite,
    outside,
    slot,
    some,
)
from civrules.model.given import number_of, pair_of
from civrules.model.identity import check_item
from civrules.model.mapping import FrozenMapping
from civrules.model.measures.event import ATTRIBUTABLE, NOT_ATTRIBUTABLE
from civrules.model.measures.levels import level_of, name_problems
from civrules.model.measures.measure import MOST, YES_NO, Limits, Open, decimals, in_percent, yes_no
from civrules.model.measures.prepared import Named, figure_at
from civrules.model.measures.shortfall import Shortfall
from civrules.model.measures.tiers import Tiers
from civrules.model.text import Text
from civrules.model.titles import title_problems, titles_of

Amount: TypeAlias = Decimal | tuple[Decimal, Decimal]
"""Points taken, or the range from which the assessor settles them."""


def _amount(value: Any) -> Amount:
    amount: Amount = pair_of(value) if isinstance(value, list | tuple) else number_of(value)
    return amount


def _each(value: Any) -> Amount | None:
    return None if value is None else _amount(value)


def _levels(levels: Mapping[str, Any] | None) -> FrozenMapping[str, Amount] | None:
    return None if levels is None else FrozenMapping({name: _amount(points) for name, points in levels.items()})


def _tiers(value: Any) -> Tiers | None:
    return value if value is None or isinstance(value, Tiers) else Tiers(tiers=value)


_TAKES = ("some", "all", "none")


@attrs.frozen
class Found:
    """What was read of one item: how often, how much or which; and the points it takes where these are settled."""

    seen: int | Fraction | str
    settled: Fraction | None = None


@attrs.frozen(eq=False)
class Taken:
    """What an item takes off as a formula: its slot, what conditions see, the points, and whether it was found."""

    slot: Term
    seen: Exact | Named
    lost: Exact
    there: Test
    silent: Test
    """Whether nothing was said of it, or it does not apply."""
    open: Test = NO
    """Whether it is left open who was responsible."""


@attrs.frozen(kw_only=True)
class Item:
    """One kind of finding, and what it takes.

    `each` for every one counted (yes is 1), or a range from which the assessor gives the amount; else `levels`,
    `tiers` or `shortfall`, whose points are what it takes; `titles` is what people read in the place of its levels'
    names; `cap` limits what the item takes; `range` says what may be
    counted or measured; `takes` "all" empties the line, "none" keeps it full and wins over everything;
    `attributable` counts only what the assessed body is mainly responsible for.
    """

    id: str
    title: Text | None = None
    each: Amount | None = attrs.field(default=None, converter=_each)
    levels: Mapping[str, Amount] | None = attrs.field(default=None, converter=_levels)
    titles: Mapping[str, Text] = attrs.field(factory=FrozenMapping, converter=titles_of)
    tiers: Tiers | None = attrs.field(default=None, converter=_tiers)
    shortfall: Shortfall | None = None
    cap: Decimal | None = attrs.field(default=None, converter=number_of)
    range: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=pair_of)
    takes: Literal["some", "all", "none"] = "some"
    attributable: bool = False

    @property
    def measured(self) -> Tiers | Shortfall | None:
        """The measure of an item that is measured, not counted."""
        return self.tiers or self.shortfall

    @property
    def counted(self) -> bool:
        """Whether the item is a finding that is counted, so that not reported means not found."""
        return self.levels is None and self.measured is None

    def limits(self, limits: Limits) -> Limits:
        """The criterion's limits with the item's own range."""
        return Limits(self.range, limits.decimals)

    def read(self, value: Any, limits: Limits) -> Found | NotApplicable | Open:
        """One item's value, checked. Raises InvalidInput."""
        if isinstance(value, NotApplicable):
            return value
        if self.measured is not None:
            seen = self.measured.read(value, self.limits(limits))
            return seen if isinstance(seen, NotApplicable) else Found(seen)
        if self.levels is not None:
            return self._level(value, limits)
        if isinstance(self.each, tuple):
            if _not_found(value):
                return Found(0, Fraction(0))
            return Found(1, self._settled(value, self.each, limits))
        return self._attributed(value) if self.attributable else Found(self._count(value))

    def _attributed(self, value: Any) -> Found | Open:
        if isinstance(value, str) and value.lower() in (ATTRIBUTABLE, NOT_ATTRIBUTABLE):
            return Found(int(value.lower() == ATTRIBUTABLE))
        if isinstance(value, Mapping) and value.keys() <= {ATTRIBUTABLE, NOT_ATTRIBUTABLE}:
            counts = {word: self._count(one) for word, one in value.items()}
            return Found(counts.get(ATTRIBUTABLE, 0))
        return Open() if self._count(value) else Found(0)

    def _level(self, value: Any, limits: Limits) -> Found:
        levels = self.levels or {}
        name, _, written = value.partition("=") if isinstance(value, str) else (value, "", "")
        if isinstance(value, Mapping) and len(value) == 1:
            ((name, written),) = value.items()
        level = level_of(name, levels)
        amount = levels[level]
        if not isinstance(amount, tuple):
            if written != "":
                raise InvalidInput(Problem("out-of-range", (), written, plain(amount)))
            return Found(level, Fraction(amount))
        if written == "":
            low, high = map(plain, amount)
            raise InvalidInput(Problem("amount-open", (), level, f"{low} … {high}", f"{level}={low}"))
        return Found(level, self._settled(written, amount, limits))

    def _settled(self, value: Any, between: tuple[Decimal, Decimal], limits: Limits) -> Fraction:
        """The amount that the assessor gives; one in % is refused, for it would be a share of something."""
        amount, percent = figure(value)
        if percent:
            raise InvalidInput(Problem("percent-here", (), value))
        if not between[0] <= amount <= between[1]:
            raise InvalidInput(Problem("out-of-range", (), value, f"{plain(between[0])} … {plain(between[1])}"))
        if decimals(amount) > limits.decimals:
            raise InvalidInput(Problem("too-precise", (), value, str(limits.decimals)))
        return Fraction(amount)

    def _count(self, value: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, str) and value.lower() in YES_NO and not value.isdigit()):
            number = int(yes_no(value))
        else:
            number = count(value)
        low, high = self.range if self.range is not None else (Decimal(0), Decimal(MOST))
        if number and not low <= number <= high:
            raise InvalidInput(Problem("out-of-range", (), value, f"{plain(low)} … {plain(high)}"))
        return number

    def together(self, found: Sequence[Found | NotApplicable | None]) -> Found | NotApplicable | None:
        """What several looks or places found: counts add up; else what all saw alike, None where they did not."""
        there = [one for one in found if isinstance(one, Found)]
        if not there or (not self.counted and any(one != there[0] for one in there)):
            return None
        return Found(sum(int(one.seen) for one in there)) if self.counted else there[0]

    def loss(self, found: Found) -> Fraction:
        """The points that the finding takes off, at most `cap`."""
        lost = self._lost(found)
        return lost if self.cap is None else min(lost, Fraction(self.cap))

    def _lost(self, found: Found) -> Fraction:
        if found.settled is not None:
            return found.settled
        if self.tiers is not None:
            return self.tiers.points_of(Fraction(found.seen)) or Fraction(0)
        if self.shortfall is not None:
            return self.shortfall.takes(Fraction(found.seen))
        each = self.each if isinstance(self.each, Decimal) else Decimal(0)
        return Fraction(each) * Fraction(found.seen)

    def formula(self, place: int, limits: Limits, room: Fraction | None) -> "Taken":
        """What the item takes off, as a formula; where only `room` can be lost, no more than that is counted out."""
        if self.levels is not None:
            names = tuple(self.levels)
            own = slot(place, 0, len(names) - 1)
            lost = one_of(own, [_most(self.levels[name]) for name in names])
            return self._taken(own, Named(own, names), lost, lost.more_than(Exact.of(0)))
        if self.tiers is not None:
            seen = figure_at(place, self.limits(limits), percent=self.tiers.percent)
            return self._taken(seen.above, seen, self.tiers.first_that_holds(seen, Exact.of(0)), NO)
        if self.shortfall is not None:
            seen = figure_at(place, self.limits(limits), percent=in_percent(self.shortfall.target))
            return self._taken(seen.above, seen, self.shortfall.lost(seen, room), NO)
        if isinstance(self.each, tuple):
            unit = 10**limits.decimals
            own = slot(place, 0, int(self.each[1] * unit))
            there = more_than(own, ZERO)
            return self._taken(own, Exact(choose(absent(own), ZERO, there)), Exact(own, number(unit)), there)
        own = slot(place, -1 if self.attributable else 0, int(self.range[1]) if self.range is not None else MOST)
        found = greatest(own, ZERO)
        seen = Exact(choose(absent(own), ZERO, found))
        taken = self._taken(own, seen, self._counted_out(found, room), more_than(own, ZERO))
        return attrs.evolve(taken, open=every(opposite(taken.silent), more_than(ZERO, own)))

    def _counted_out(self, own: Term, room: Fraction | None) -> Exact:
        """So much for each, no further than there is room or a cap."""
        each = Fraction(self.each) if isinstance(self.each, Decimal) else Fraction(0)
        most = [Fraction(one) for one in (self.cap, room) if one is not None]
        if each and most:
            own = least(own, number(int(min(most) / each) + 1))
        return Exact(own).times(each)

    def _taken(self, own: Term, seen: "Exact | Named", lost: Exact, there: Test) -> "Taken":
        lost = lost if self.cap is None else lost.least(Exact.of(Fraction(self.cap)))
        silent = some(absent(own), outside(own))
        return Taken(own, seen, either(silent, Exact.of(0), lost), every(opposite(silent), there), silent)

    def ends(self, limits: Limits) -> tuple[Found, Found]:
        """What takes the most and what takes the least."""
        if self.tiers is not None:
            few, many = self.tiers.ends(self.limits(limits), Fraction(0), Fraction(0)) or (Fraction(0), Fraction(0))
            return Found(many), Found(few)
        if self.shortfall is not None:
            worst, best = self.shortfall.ends(self.limits(limits), Fraction(0), Fraction(0)) or (
                Fraction(0),
                Fraction(0),
            )
            return Found(worst), Found(best)
        if self.levels is not None:
            worst = max(self.levels, key=lambda name: _most(self.levels[name]))  # type: ignore[index]  # not None here
            best = min(self.levels, key=lambda name: _least(self.levels[name]))  # type: ignore[index]  # not None here
            return Found(worst, _most(self.levels[worst])), Found(best, _least(self.levels[best]))
        if isinstance(self.each, tuple):
            return Found(1, _most(self.each)), Found(0, Fraction(0))
        return Found(int(self.range[1]) if self.range is not None else MOST), Found(0)

    @property
    def bounded(self) -> bool:
        """Whether there is a most that the item can take."""
        return not self.counted or self.cap is not None or self.range is not None or isinstance(self.each, tuple)

    def problems(self, limits: Limits) -> Iterator[Problem]:
        """Bad id, not exactly one way to take, amounts below 0, ends out of order."""
        try:
            check_item(self.id, "id")
        except CivrulesError as error:
            yield from error.problems
        yield from self._way_problems()
        if self.measured is not None:
            measured = self.measured.problems(None, Fraction(0), self.limits(limits))
            inside = () if self.tiers is not None else (self.measured.kind,)
            yield from (problem.within(*inside) for problem in measured)
        if self.levels is not None:
            yield from name_problems(self.levels, "levels")
        yield from title_problems(self.titles, self.levels or ())
        yield from self._amount_problems()
        yield from self._range_problems()

    def _way_problems(self) -> Iterator[Problem]:
        """Not exactly one way to take points, and words that are not known."""
        ways = [name for name in ("each", "levels", "tiers", "shortfall") if getattr(self, name) is not None]
        if self.takes not in _TAKES:
            yield Problem("unknown-word", ("takes",), self.takes, ", ".join(_TAKES), nearest(self.takes, _TAKES))
        elif len(ways) + (self.takes != "some") != 1:
            given = [*ways, *([f"takes = {self.takes}"] if self.takes != "some" else [])]
            expected = "each, levels, tiers, shortfall, takes"
            yield Problem("one-of", (), ", ".join(given) or None, expected)
        if self.attributable and not self.counted:
            yield Problem(
                "bad-argument", (), f"attributable, {', '.join(ways)}", "attributable only with each or takes"
            )

    def _amount_problems(self) -> Iterator[Problem]:
        """Amounts below 0, and ranges whose ends are out of order."""
        for name, (low, high) in self._ranges():
            if low > high or low < 0:
                yield Problem("bad-order", (name,), (low, high), "from 0, the lower end first")
        for name, taken in self._amounts():
            if taken < 0:
                yield Problem("out-of-range", (name,), taken, "0 or more")

    def _ranges(self) -> Iterator[tuple[str, tuple[Decimal, Decimal]]]:
        if isinstance(self.each, tuple):
            yield "each", self.each
        for name, taken in (self.levels or {}).items():
            if isinstance(taken, tuple):
                yield f"levels.{name}", taken

    def _amounts(self) -> Iterator[tuple[str, Decimal]]:
        """Every single amount written for the item, by its place."""
        if self.cap is not None:
            yield "cap", self.cap
        if isinstance(self.each, Decimal):
            yield "each", self.each
        for name, taken in (self.levels or {}).items():
            if isinstance(taken, Decimal):
                yield f"levels.{name}", taken
        for place, tier in enumerate(self.tiers.tiers if self.tiers is not None else (), 1):
            yield f"tiers[{place}].points", tier.points

    def _range_problems(self) -> Iterator[Problem]:
        if self.range is None:
            return
        low, high = self.range
        if low > high or (self.counted and (low < 0 or high > MOST or decimals(low, high))):
            expected = f"whole numbers, 0 to {MOST}, the lower end first" if self.counted else "the lower end first"
            yield Problem("bad-order", ("range",), self.range, expected)

    def amounts(self) -> tuple[Decimal, ...]:
        """Every amount written for the item, for its decimals."""
        ranges = tuple(points for _, taken in self._ranges() for points in taken)
        deduct = (self.shortfall.deduct,) if self.shortfall is not None else ()
        return (*ranges, *(taken for _, taken in self._amounts()), *deduct)

    def settles(self) -> bool:
        """Whether the assessor settles an amount."""
        return isinstance(self.each, tuple) or any(isinstance(one, tuple) for one in (self.levels or {}).values())


def _not_found(value: Any) -> bool:
    """Whether the value says that nothing was found: no, or 0."""
    if isinstance(value, str):
        return value.lower() in YES_NO and not yes_no(value)
    return isinstance(value, int) and value == 0


def _most(amount: Amount) -> Fraction:
    return Fraction(amount[1] if isinstance(amount, tuple) else amount)


def _least(amount: Amount) -> Fraction:
    return Fraction(amount[0] if isinstance(amount, tuple) else amount)

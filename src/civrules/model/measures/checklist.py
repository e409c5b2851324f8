"""checklist: which of the named items hold."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem, nearest
from civrules.model.figures import Count, NotApplicable, plain
from civrules.model.formula import (
    ONE,
    ZERO,
    Exact,
    add,
    at_least,
    choose,
    either,
    every,
    greatest,
    number,
    opposite,
    outside,
    slot,
    total,
)
from civrules.model.formula import least as least_of
from civrules.model.given import number_of
from civrules.model.identity import check_item, duplicates
from civrules.model.measures.measure import Judged, Limits, decimals, outcome, yes_no
from civrules.model.measures.prepared import Compared, Formula
from civrules.model.text import Lang, Text


@attrs.frozen(kw_only=True)
class Entry:
    """One item of a checklist. `points` are its own; then all items have some. Its `id` alone will do."""

    id: str
    title: Text | None = None
    points: Decimal | None = attrs.field(default=None, converter=number_of)


def _entries(items: Any) -> tuple[Entry, ...]:
    return tuple(Entry(id=item) if isinstance(item, str) else item for item in items)


Held = tuple[bool | NotApplicable, ...]


@attrs.frozen(kw_only=True)
class Checklist:
    """All points if all `items` hold, or `at_least` so many; with `partial` the share that holds, or items' own points.

    The value says of every item whether it holds: `{"law": True, "map": "no"}`. An item that does not apply is left
    out of the count; one with points of its own takes them along.

    >>> Checklist(items=("law", "rules", "map"), at_least=2).judge((True, False, True), Fraction(6), Fraction(0))
    (Fraction(6, 1), 'pass')
    """

    kind: ClassVar[str] = "checklist"
    loses: ClassVar[bool] = True

    items: tuple[Entry, ...] = attrs.field(converter=_entries)
    at_least: Count | None = None
    partial: bool = False

    @property
    def weighted(self) -> bool:
        """Whether the items have points of their own."""
        return any(item.points is not None for item in self.items)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """Whether each item holds, in the document's order. Raises InvalidInput with every problem."""
        ids = [item.id for item in self.items]
        if not isinstance(value, Mapping):
            raise InvalidInput(Problem("not-items", (), value, ", ".join(ids)))
        problems = [
            Problem("unknown-item", (), one, ", ".join(ids), nearest(one, ids)) for one in value if one not in ids
        ]
        held: list[bool | NotApplicable] = []
        for name in ids:
            if name not in value:
                problems.append(Problem("item-missing", (), None, name))
                continue
            try:
                held.append(value[name] if isinstance(value[name], NotApplicable) else yes_no(value[name]))
            except InvalidInput as error:
                problems += error.within(name)
        if problems:
            raise InvalidInput(problems)
        if all(isinstance(one, NotApplicable) for one in held):
            return held[0]
        return tuple(held)

    def most_of(self, read: Held, most: Fraction) -> Fraction:
        """The most that it gives where some items do not apply: their own points leave with them."""
        if not self.weighted:
            return most
        gone = (item.points for item, one in zip(self.items, read, strict=True) if isinstance(one, NotApplicable))
        return most - sum((Fraction(points or 0) for points in gone), start=Fraction(0))

    def judge(self, read: Held, most: Fraction, least: Fraction | None, /) -> Judged:
        """The points of what holds, among what applies."""
        held = [(item, one) for item, one in zip(self.items, read, strict=True) if not isinstance(one, NotApplicable)]
        holds = sum(one is True for _, one in held)
        floor = least if least is not None else Fraction(0)
        if self.weighted:
            points = sum((Fraction(item.points or 0) for item, one in held if one), start=Fraction(0))
            return max(floor, points), _result(holds, len(held))
        if self.partial:
            return max(floor, most * holds / len(held)), _result(holds, len(held))
        needed = len(held) if self.at_least is None else min(self.at_least, len(held))
        return (most, "pass") if holds >= needed else (floor, "fail")

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """Nothing holds, and everything does."""
        return tuple(False for _ in self.items), tuple(True for _ in self.items)

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula:
        """By the items that hold, among those that apply."""
        slots = {item.id: slot(place + 1 + index, 0, 1) for index, item in enumerate(self.items)}
        held = {name: choose(outside(one), ZERO, one) for name, one in slots.items()}
        holds = add(*held.values())
        applies = add(*(opposite(outside(one)) for one in slots.values()))
        floor = Exact.of(least or 0)
        all_hold, none_hold = at_least(holds, applies), opposite(at_least(holds, ONE))
        passes, fails = all_hold, every(opposite(all_hold), none_hold)
        if self.weighted:
            points = total(Exact(held[item.id]).times(Fraction(item.points or 0)) for item in self.items)
        elif self.partial:
            points = Exact(holds, greatest(applies, ONE)).times(most)
        else:
            enough = applies if self.at_least is None else least_of(number(self.at_least), applies)
            passes = at_least(holds, enough)
            points, fails = either(passes, Exact.of(most), floor), opposite(passes)
        seen: dict[str | None, Compared] = {None: Exact(holds)}
        seen.update(held)
        gone = every(*(outside(one) for one in slots.values()))
        apply = (Exact(opposite(outside(slots[item.id]))).times(Fraction(item.points or 0)) for item in self.items)
        return Formula(
            points.greatest(floor), passes, fails, seen, slots, gone, total(apply) if self.weighted else None
        )

    def quotient(self) -> bool:
        """Where a share of the points is given."""
        return self.partial and not self.weighted

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The decimals of the items' points."""
        return decimals(*(item.points for item in self.items if item.points is not None))

    def figure(self, read: Held, item: str | None, /) -> Fraction | str | bool | None:
        """Whether an item holds; of the whole, how many do."""
        if item is None:
            return Fraction(sum(one is True for one in read))
        held = read[[one.id for one in self.items].index(item)]
        return None if isinstance(held, NotApplicable) else held

    def rising(self, item: str | None, /) -> int:
        """What holds is better."""
        return 1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """No items, bad or repeated ids, more needed than there are, own points that do not sum to the criterion's."""
        if not self.items:
            yield Problem("empty", ("items",), None, "at least one item")
        for item in self.items:
            try:
                check_item(item.id, "items")
            except CivrulesError as error:
                yield from error.problems
        for name in duplicates(item.id for item in self.items):
            yield Problem("duplicate-id", ("items",), name)
        ways = {"at_least": self.at_least is not None, "partial": self.partial, "items' points": self.weighted}
        given = [name for name, there in ways.items() if there]
        if ways["at_least"] and len(given) > 1:
            yield Problem("one-of", (), ", ".join(given), ", ".join(ways))
        if self.at_least is not None and not 1 <= self.at_least <= len(self.items):
            yield Problem("out-of-range", ("at_least",), self.at_least, f"1 … {len(self.items)}")
        if self.weighted:
            yield from self._own_points(most)

    def _own_points(self, most: Fraction | None) -> Iterator[Problem]:
        for item in self.items:
            if item.points is None:
                yield Problem("missing-key", ("items", item.id), None, "points")
            elif item.points < 0:
                yield Problem("out-of-range", ("items", item.id), item.points, "0 or more")
        total = sum((Fraction(item.points or 0) for item in self.items), start=Fraction(0))
        if most is not None and total != most:
            yield Problem("items-do-not-sum", ("items",), Decimal(plain(total)), plain(most))

    def say(self, read: Held, lang: Lang, /) -> str:
        """How many hold, and which do not."""
        applies = [
            (item, one) for item, one in zip(self.items, read, strict=True) if not isinstance(one, NotApplicable)
        ]
        lacking = [item.title.in_(lang) if item.title else item.id for item, one in applies if not one]
        count = f"{len(applies) - len(lacking)}/{len(applies)}"
        if not lacking:
            return count
        names = "、".join(lacking) if lang == "zh" else ", ".join(lacking)
        return f"{count}，缺{names}" if lang == "zh" else f"{count}, without {names}"


def _result(holds: int, of: int) -> Any:
    return outcome(Fraction(holds), Fraction(of), Fraction(0))

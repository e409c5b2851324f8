"""findings: points less what was found, item by item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem, listed, nearest
from civrules.model.figures import NotApplicable, plain
from civrules.model.formula import YES, Exact, either, every, opposite, some, total
from civrules.model.identity import duplicates
from civrules.model.measures.item import Found, Item
from civrules.model.measures.measure import Judged, Limits, Open, decimals, lost_result
from civrules.model.measures.prepared import Formula, none_of_it
from civrules.model.text import Lang
from civrules.model.titles import titled

Read: TypeAlias = tuple[Found | NotApplicable | None, ...]


def _items(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True)
class Findings:
    """All points less what the `items` take off; in demerits what the items add up to.

    The value names items: `{"spot": 3, "overflow": "no"}`. A counted item that is not named was not found; an item
    that is measured must be given. An item that does not apply takes nothing.

    >>> spot = Item(id="spot", each=0.5, cap=3)
    >>> Findings(items=(spot,)).judge(Findings(items=(spot,)).read({"spot": 4}, Limits()), Fraction(6), Fraction(0))
    (Fraction(4, 1), 'partial')
    """

    kind: ClassVar[str] = "findings"
    loses: ClassVar[bool] = True

    items: tuple[Item, ...] = attrs.field(converter=_items)

    def read(self, value: Any, limits: Limits, /) -> Any:
        """What was found of each item, in the document's order. Raises InvalidInput with every problem."""
        ids = [item.id for item in self.items]
        if not isinstance(value, Mapping):
            raise InvalidInput(Problem("not-items", (), value, listed(ids)))
        problems = [
            Problem("unknown-item", (), name, listed(ids), nearest(name, ids)) for name in value if name not in ids
        ]
        read: list[Found | NotApplicable | Open] = []
        for item in self.items:
            if item.id not in value and not item.counted:
                problems.append(Problem("item-missing", (), None, item.id))
                continue
            try:
                read.append(item.read(value.get(item.id, 0), limits))
            except InvalidInput as error:
                problems += error.within(item.id)
        if problems:
            raise InvalidInput(problems)
        return next((one for one in read if isinstance(one, Open)), tuple(read))

    def judge(self, read: Read, most: Fraction, least: Fraction | None, /) -> Judged:
        """`most` less what the items take."""
        found = [(item, one) for item, one in zip(self.items, read, strict=True) if isinstance(one, Found)]
        if any(item.takes == "none" and one.seen for item, one in found):
            return most, "pass"
        if least is not None and any(item.takes == "all" and one.seen for item, one in found):
            return least, "fail"
        lost = sum((item.loss(one) for item, one in found), start=Fraction(0))
        points = most - lost if least is None else max(least, most - lost)
        return points, lost_result(points, lost, least)

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any] | None:
        """Every item at what takes the most, and at what takes the least."""
        ends = [item.ends(limits) for item in self.items]
        # What keeps the line full is at its worst where it is not found.
        turned = [end[::-1] if item.takes == "none" else end for item, end in zip(self.items, ends, strict=True)]
        return tuple(end[0] for end in turned), tuple(end[1] for end in turned)

    @property
    def bounded(self) -> bool:
        """Whether there is a most that can be taken where the criterion has no points of its own."""
        return all(item.bounded for item in self.items)

    def formula(self, place: int, limits: Limits, most: Fraction, least: Fraction | None, /) -> Formula | None:
        """`most` less what the items take; None where the assessor settles a level's amount, which needs two values."""
        if any(isinstance(taken, tuple) for item in self.items for taken in (item.levels or {}).values()):
            return None
        room = None if least is None else most - least
        found = {item: item.formula(place + 1 + index, limits, room) for index, item in enumerate(self.items)}
        losses = total(one.lost for one in found.values())
        emptied = some(*(one.there for item, one in found.items() if item.takes == "all"))
        kept = some(*(one.there for item, one in found.items() if item.takes == "none"))
        points = Exact.of(most).plus(losses.times(-1))
        if least is not None:
            points = either(emptied, Exact.of(least), points.greatest(Exact.of(least)))
        nothing = every(opposite(losses.more_than(Exact.of(0))), opposite(emptied) if least is not None else YES)
        passes = some(kept, nothing)
        counted = total(one.seen for item, one in found.items() if item.counted and isinstance(one.seen, Exact))
        return Formula(
            either(kept, Exact.of(most), points),
            passes,
            none_of_it(points, passes, least),
            {None: counted, **{item.id: one.seen for item, one in found.items()}},
            {item.id: one.slot for item, one in found.items()},
            open=some(*(one.open for one in found.values())),
        )

    def quotient(self) -> bool:
        """Where an item takes the exact part of a step."""
        return any(item.shortfall is not None and item.shortfall.quotient() for item in self.items)

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The most decimals among the amounts; those observed where the assessor settles one."""
        written = decimals(*(amount for item in self.items for amount in item.amounts()))
        return max(written, limits.decimals) if any(item.settles() for item in self.items) else written

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """How much or which was found of an item; of the whole, how many findings were counted."""
        if item is not None:
            found = read[self._index(item)]
            return _comparable(found.seen) if isinstance(found, Found) else None
        counts = (
            one.seen for each, one in zip(self.items, read, strict=True) if each.counted and isinstance(one, Found)
        )
        return sum((Fraction(one) for one in counts), start=Fraction(0))

    def together(self, reads: Sequence[Read], /) -> Read:
        """What several looks or places found: counts add up; anything else stands where all saw the same."""
        return tuple(item.together(found) for item, found in zip(self.items, zip(*reads, strict=True), strict=True))

    def _index(self, name: str) -> int:
        return next(index for index, item in enumerate(self.items) if item.id == name)

    def rising(self, item: str | None, /) -> int:
        """More findings are worse; a measured item goes by its own measure; `takes = "none"` is better."""
        if item is None:
            return 0 if any(one.takes == "none" for one in self.items) else -1
        one = self.items[self._index(item)]
        if one.levels is not None:
            return 0
        if one.shortfall is not None:
            return one.shortfall.rising(None)
        if one.tiers is not None:
            return -one.tiers.rising(None)
        return 1 if one.takes == "none" else -1

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """No items, an id twice, and what is wrong with each item."""
        if not self.items:
            yield Problem("empty", ("items",), None, "at least one item")
        for name in duplicates(item.id for item in self.items):
            yield Problem("duplicate-id", ("items",), name)
        for index, item in enumerate(self.items, 1):
            where = f'items[{index}] "{item.id}"'
            yield from (problem.within(where) for problem in item.problems(limits))
            if most is None and item.takes == "all":
                yield Problem("needs-points", (where, "takes"), "all")

    def say(self, read: Read, lang: Lang, /) -> str:
        """Every item on which something was found, with what it takes; "nothing found" where none was."""
        parts = [
            f"{item.title.in_(lang) if item.title else item.id} {_said(item, one, lang)}"
            for item, one in zip(self.items, read, strict=True)
            if isinstance(one, Found) and one.seen != 0
        ]
        return ("，" if lang == "zh" else ", ").join(parts) or ("未发现问题" if lang == "zh" else "nothing found")


def _comparable(seen: int | Fraction | str) -> Fraction | str:
    return seen if isinstance(seen, str) else Fraction(seen)


def _said(item: Item, found: Found, lang: Lang) -> str:
    if isinstance(found.seen, str):
        name = titled(found.seen, item.titles, lang)
        open_ended = item.levels is not None and isinstance(item.levels[found.seen], tuple)
        return f"{name} {plain(found.settled)}" if open_ended and found.settled is not None else name
    if item.measured is not None:
        return item.measured.say(Fraction(found.seen), lang)
    return f"× {found.seen}" if found.settled is None else plain(found.settled)

"""Amounts: the points that something may come to, one by one where they can be listed, else between two ends."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import Self

import attrs

from civrules.scoring.line import Points, whole

MOST = 10**6
"""More members are not listed."""
_LONGEST = 1 << 25
_MOST_WORK = 1 << 33


@attrs.frozen
class Amounts:
    """What something may come to: never less than what can happen.

    `bits` has a 1 at k where `low` + k is possible; without `bits` anything between the ends may be. An end that is
    None is open. Listed amounts are whole numbers.
    """

    low: Points | None
    high: Points | None
    bits: int | None = None

    @classmethod
    def of(cls, values: Iterable[Points]) -> Self:
        """These amounts; where one of them is a fraction all between their ends."""
        listed = set(values)
        low, high = min(listed), max(listed)
        if len(listed) > MOST or high - low > _LONGEST or any(not isinstance(one, int) for one in listed):
            return cls(low, high) if len(listed) > 1 or not isinstance(low, int) else cls(low, high, 1)
        bits = bytearray(int(high - low) // 8 + 1)
        for one in listed:
            bits[int(one - low) >> 3] |= 1 << (int(one - low) & 7)
        return cls(low, high, int.from_bytes(bits, "little"))

    @classmethod
    def grid(cls, low: Points, high: Points, step: int) -> Self:
        """The multiples of `step` between the ends, and the ends."""
        if low == high or not (isinstance(low, int) and isinstance(high, int)):
            return cls.of([low]) if low == high else cls(low, high)
        first, last = -(-low // step) * step, high // step * step
        count = (last - first) // step + 1
        if count > MOST or high - low > _LONGEST:
            return cls(low, high)
        ends = cls.of([low, high])
        assert ends.bits is not None
        return cls(low, high, ends.bits | (_spread(1, step, count) << (first - low) if count > 0 else 0))

    @property
    def count(self) -> int:
        """How many there are, where they are listed; else one more than are ever listed."""
        return MOST + 1 if self.bits is None else self.bits.bit_count()

    def members(self) -> Iterator[int]:
        """Those listed, from the lowest."""
        assert self.bits is not None
        assert isinstance(self.low, int)
        yield from (self.low + place for place in places(self.bits))

    def plus(self, other: "Amounts") -> "Amounts":
        """What one of these and one of those come to."""
        low, high = _added(self.low, other.low), _added(self.high, other.high)
        few, many = sorted((self, other), key=lambda one: one.count)
        if few.bits is None or many.bits is None or not isinstance(low, int) or not isinstance(high, int):
            return Amounts(low, high)
        if high - low > _LONGEST:
            return Amounts(low, high)
        runs = list(_runs(few.bits))
        if len(runs) * many.bits.bit_length() > _MOST_WORK:
            return Amounts(low, high)
        bits = 0
        for start, step, count in runs:
            bits |= _spread(many.bits, step, count) << start
        return Amounts(low, high, bits) if bits.bit_count() <= MOST else Amounts(low, high)

    def joined(self, other: "Amounts") -> "Amounts":
        """What is one of these or one of those."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        if self.bits is None or other.bits is None or not isinstance(low, int) or not isinstance(high, int):
            return Amounts(low, high)
        assert isinstance(self.low, int)
        assert isinstance(other.low, int)
        if high - low > _LONGEST:
            return Amounts(low, high)
        bits = self.bits << (self.low - low) | other.bits << (other.low - low)
        return Amounts(low, high, bits) if bits.bit_count() <= MOST else Amounts(low, high)

    def mapped(self, change: Callable[[Points], Points]) -> "Amounts":
        """What these become under a change that keeps their order."""
        if self.bits is None:
            return Amounts(
                None if self.low is None else change(self.low), None if self.high is None else change(self.high)
            )
        return Amounts.of(map(change, self.members()))

    def times(self, factor: Fraction) -> "Amounts":
        """These multiplied by what is above 0; all between the ends where that leaves fractions."""
        low = None if self.low is None else whole(self.low * factor)
        high = None if self.high is None else whole(self.high * factor)
        if self.bits is None or factor == 1:
            return Amounts(low, high, self.bits)
        if not isinstance(low, int) or not isinstance(high, int) or high - low > _LONGEST:
            return Amounts(low, high)
        bits = 0
        for start, step, count in _runs(self.bits):
            first, apart = start * factor, step * factor
            if first.denominator != 1 or (count > 1 and apart.denominator != 1):
                return Amounts(low, high)
            bits |= _spread(1, int(apart), count) << int(first)
        return Amounts(low, high, bits)

    def held(self, floor: Points | None, cap: Points | None) -> "Amounts":
        """These held between two ends."""
        low, high = self.low, self.high
        if floor is not None:
            low, high = (floor if low is None else max(low, floor)), (None if high is None else max(high, floor))
        if cap is not None:
            low, high = (None if low is None else min(low, cap)), (cap if high is None else min(high, cap))
        if (low, high) == (self.low, self.high):
            return self
        if self.bits is None or not isinstance(low, int) or not isinstance(high, int):
            return Amounts(low, high)
        assert isinstance(self.low, int)
        bits = self.bits >> (low - self.low) if low >= self.low else self.bits << (self.low - low)
        inside = bits & ((1 << (high - low + 1)) - 1)
        return Amounts(low, high, inside | 1 | 1 << (high - low))

    def kept(self, wanted: Callable[[Points], bool]) -> "Amounts | None":
        """Those that are wanted, where they are listed; None where there is none."""
        if self.bits is None:
            return self
        left = [one for one in self.members() if wanted(one)]
        return Amounts.of(left) if left else None

    def meets(self, low: Points | None, high: Points | None, *, low_in: bool = True, high_in: bool = True) -> bool:
        """Whether one of these may lie between the ends, which are included where the words say so."""

        def inside(one: Points) -> bool:
            above = low is None or one > low or (low_in and one == low)
            return above and (high is None or one < high or (high_in and one == high))

        if self.bits is not None:
            return any(inside(one) for one in self.members())
        above = low is None or self.high is None or self.high > low or (low_in and self.high == low)
        below = high is None or self.low is None or self.low < high or (high_in and self.low == high)
        return above and below


NOTHING = Amounts(0, 0, 1)


def _added(one: Points | None, other: Points | None) -> Points | None:
    return None if one is None or other is None else one + other


def _spread(bits: int, step: int, count: int) -> int:
    """The bits and their copies `step`, 2 × `step`, … further up: `count` in all."""
    done = 1
    while done < count:
        more = min(done, count - done)
        bits |= bits << (step * more)
        done += more
    return bits


def places(bits: int) -> Iterator[int]:
    """The places of the bits that are 1, from the lowest."""
    text = bin(bits)[:1:-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def _runs(bits: int) -> Iterator[tuple[int, int, int]]:
    """The places of the bits as start, step and count."""
    found = list(places(bits))
    if len(found) == 1:
        yield 0, 1, 1
        return
    step = gcd(*(after - before for before, after in pairwise(found)))
    start = count = 0
    for index, place in enumerate(found):
        if index and place == found[index - 1] + step:
            count += 1
            continue
        if count:
            yield start, step, count
        start, count = place, 1
    yield start, step, count

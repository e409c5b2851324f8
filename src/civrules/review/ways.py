"""Ways: which sums some steps can make, and one way to each, with as few of them off their best as can be."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import gcd
from typing import Any

import attrs

from civrules.review.amounts import places

_MOST_OFF = 5
"""So many steps off their best are told apart; more are counted as one."""
_MOST_SUMS = 24
_LONGEST = 1 << 20
_MOST_WORK = 1 << 33
"""Bits moved, of the sums of all steps: beyond that nothing is looked for among them."""


@attrs.frozen(slots=False)
class Ways:
    """For every step the amounts that it can add, and its best."""

    steps: Sequence[Mapping[int, Any]]
    bests: Sequence[int]

    @cached_property
    def lows(self) -> list[int]:
        """The least of every step."""
        return [min(one) for one in self.steps]

    @cached_property
    def coarse(self) -> int:
        """What all sums, counted from the least, are multiples of: less need not be told apart."""
        pairs = zip(self.steps, self.lows, strict=True)
        return gcd(*(amount - low for one, low in pairs for amount in one)) or 1

    @cached_property
    def width(self) -> int:
        """How far the greatest sum lies from the least."""
        return sum(max(one) - low for one, low in zip(self.steps, self.lows, strict=True)) // self.coarse

    @property
    def too_many(self) -> bool:
        """Whether looking for a sum would take too long."""
        return self.width > _LONGEST or sum(map(len, self.steps)) * _MOST_OFF * self.width > _MOST_WORK

    @cached_property
    def layers(self) -> list[list[int]]:
        """Which sums, counted from the least, the first steps make with none, one, two … of them off their best.

        One list for none of the steps, for the first, for the first two …; the last of each is for so many or more.
        """
        layers = [[1] + [0] * _MOST_OFF]
        for one, best, low in zip(self.steps, self.bests, self.lows, strict=True):
            before = layers[-1]
            grown = [bits << ((best - low) // self.coarse) for bits in before]
            for off, bits in enumerate(before):
                for amount in one if bits else ():
                    if amount != best:
                        grown[min(off + 1, _MOST_OFF)] |= bits << ((amount - low) // self.coarse)
            layers.append(grown)
        return layers

    @cached_property
    def _orders(self) -> list[list[int]]:
        """The amounts of every step as they are tried: the best, the least, then from the greatest down."""
        found = zip(self.steps, self.bests, self.lows, strict=True)
        return [list(dict.fromkeys((best, low, *sorted(one, reverse=True)))) for one, best, low in found]

    def making(self, low: int, high: int) -> Iterator[list[Any]]:
        """What stands for one amount of every step where these sum to between two ends, both included."""
        base = sum(self.lows)
        first, last = max(-((base - low) // self.coarse), 0), min((high - base) // self.coarse, self.width)
        if self.too_many or last < first:
            return
        for off in range(_MOST_OFF + 1):
            inside = (self.layers[-1][off] >> first) & ((1 << (last - first + 1)) - 1)
            sums = [first + place for place in places(inside)]
            for sum_ in sums[:: max(1, len(sums) // _MOST_SUMS)]:
                yield self._chosen(sum_, off)

    def _chosen(self, sum_: int, off: int) -> list[Any]:
        """One amount of every step that makes the sum, so many of them off their best."""
        chosen: list[Any] = []
        for place in range(len(self.steps) - 1, -1, -1):
            before, best, low = self.layers[place], self.bests[place], self.lows[place]
            ways = (
                (amount, sum_ - (amount - low) // self.coarse, left)
                for amount in self._orders[place]
                for left in ([off] if amount == best else [off - 1, off] if off == _MOST_OFF else [off - 1])
            )
            amount, sum_, off = next(
                way for way in ways if way[1] >= 0 and way[2] >= 0 and before[way[2]] >> way[1] & 1
            )
            chosen.append(self.steps[place][amount])
        return chosen[::-1]

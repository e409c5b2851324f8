"""Attainable: the scores that observations can give, by the same steps as the engine's, for all of them at once."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import TypeAlias

import attrs

from civrules.review.amounts import MOST, NOTHING, Amounts
from civrules.review.lines import ByReach
from civrules.scoring.line import Points, Rounder, whole
from civrules.scoring.program import Program
from civrules.scoring.sums import Adder, CompiledSection, Sums

_MOST_REACHES = 5_000
_MOST_PAIRS = 100_000
"""Sums of two things, of all that are added up: more would take longer than anybody waits."""
_MOST_BITS = 1 << 32
"""Bits that are moved for them; beyond, only the ends of sums are kept."""
_MOST_ROUNDED = 20_000
_MOST_FRACTIONS = 10**5
"""Scores that are quotients are dearer than whole ones: so many are listed."""

Lines: TypeAlias = Mapping[int, ByReach]
"""What every line can give, by its place."""
Key: TypeAlias = tuple[bool, Points, Points]
"""Whether anything applies, what can be reached (weighed), and the weights."""
State: TypeAlias = dict[Key, Amounts]


class TooMany(Exception):  # said within review only
    """There are too many ways to tell them apart."""


@attrs.frozen
class Scores:
    """The scores before rounding that can come about: all of them where they are listed, else their ends.

    `low` and `high` are None where there is no end.
    """

    low: Points | None
    high: Points | None
    listed: tuple[Points, ...] | None

    @classmethod
    def of(cls, parts: "Iterable[Amounts | frozenset[Points]]") -> "Scores | None":
        """All that the parts hold; None where there is nothing."""
        kept = list(parts)
        if not kept:
            return None
        lows = [one.low if isinstance(one, Amounts) else min(one) for one in kept]
        highs = [one.high if isinstance(one, Amounts) else max(one) for one in kept]
        low = None if None in lows else min(one for one in lows if one is not None)
        high = None if None in highs else max(one for one in highs if one is not None)
        listed: set[Points] = set()
        for one in kept:
            if isinstance(one, Amounts) and one.bits is None:
                return cls(low, high, None)
            listed.update(one.members() if isinstance(one, Amounts) else one)
            if len(listed) > MOST:
                return cls(low, high, None)
        return cls(low, high, tuple(sorted(listed)))

    def between(self, low: Points, high: Points) -> bool:
        """Whether one may lie between two ends, both included."""
        if self.listed is None:
            return (self.high is None or self.high >= low) and (self.low is None or self.low <= high)
        place = bisect_left(self.listed, low)
        return place < len(self.listed) and self.listed[place] <= high

    def beside(self, passes: Callable[[Points], bool]) -> tuple[Points | None, Points | None]:
        """Of those listed the last that does not pass a test which all higher ones pass, and the first that does."""
        assert self.listed is not None
        place = bisect_left(self.listed, True, key=passes)
        below = self.listed[place - 1] if place else None
        return below, self.listed[place] if place < len(self.listed) else None


@attrs.frozen
class Attainable:
    """What sections and the score can come to; a section that is not named here may come to anything."""

    sections: Mapping[str, Mapping[Points | None, Amounts]]
    scores: Scores | None
    known: bool = True
    """Whether anything could be said of the score; where not, it may be anything."""


def attainable(program: Program, lines: Mapping[int, ByReach | None], emptied: frozenset[str]) -> Attainable:
    """The sums of what the lines can give; `emptied` names the sections that a gate may empty."""
    if any(one is None for one in lines.values()):
        return Attainable({}, None, known=False)
    given = {index: one for index, one in lines.items() if one is not None}
    work = _Sums(program.adder, given, emptied)
    try:
        return Attainable(work.sections, work.scores())
    except TooMany:
        return Attainable(work.sections, None, known=False)


class _Sums:
    """One pass over the sections, which gives up in time."""

    def __init__(self, adder: Adder, lines: Lines, emptied: frozenset[str]) -> None:
        self.adder = adder
        self.lines = lines
        self.emptied = emptied
        self.sections: dict[str, dict[Points | None, Amounts]] = {}
        self.pairs = 0
        self.bits = 0

    def scores(self) -> Scores | None:
        """The exact scores; where there are too many ways to come to them, their ends."""
        members: list[ByReach] = []
        adjusted = NOTHING
        for section in self.adder.sections:
            if section.adjusts:
                found = self.section(section)
                for_all = [amounts if reach is not None else NOTHING for reach, amounts in found.items()]
                adjusted = adjusted.plus(_joined(for_all))
            else:
                members += self._members(section)
        try:
            base: State = {(False, 0, 0): NOTHING}
            for given in members:
                base = self._grown(base, given)
        except TooMany:
            return self._ends(members, adjusted)
        endless = bool(self.adder.endless)
        reached = [(key[1], amounts) for key, amounts in base.items() if key[1] > 0 or (endless and key[0])]
        return Scores.of(self._total(reach, amounts, adjusted) for reach, amounts in reached)

    def _members(self, section: CompiledSection) -> list[ByReach]:
        """The section as one thing that adds to the base; what it holds, where it only adds that up in too many ways.

        Raises TooMany where it does more.
        """
        try:
            return [self.section(section)]
        except TooMany:
            if not self._only_adds(section):
                raise
        below = [one for inner, _ in section.sections for one in self._members(inner)]
        return [*(self.lines[line.index] for line, _ in section.lines), *below]

    def _only_adds(self, section: CompiledSection) -> bool:
        plain = section.combine == "sum" and section.target is None and section.share in (None, 1)
        return plain and not {"cap", "floor"} & section.limits.keys() and section.id not in self.emptied

    def _ends(self, members: list[ByReach], adjusted: Amounts) -> Scores | None:
        """The ends of all scores: of the quotient of what is got by what applies, or of the sum where none is made."""
        adder = self.adder
        if adder.endless:
            raise TooMany
        lows, highs = (
            [[(getattr(one, end), reach or 0) for reach, one in given.items()] for given in members]
            for end in ("low", "high")
        )
        if adder.rescaled(1, adder.total + 1) == 1:
            low, high = _together(lows, min), _together(highs, max)
        else:
            low, high = _share(lows, 1, adder.total), _share(highs, -1, adder.total)
        if not any(reach for given in highs for _, reach in given):
            return None
        brought = Amounts(low, high).plus(adjusted)
        return Scores.of([brought.held(adder.limits["floor"], adder.limits.get("cap"))])

    def _total(self, reach: Points, got: Amounts, adjusted: Amounts) -> Amounts | frozenset[Points]:
        """Rescaled, adjusted and held; one by one where that leaves fractions."""
        adder, limits = self.adder, self.adder.limits
        ends = (limits["floor"], limits.get("cap"))
        factor = Fraction(adder.rescaled(1, reach))
        brought = got.times(factor)
        few = got.count * adjusted.count <= _MOST_FRACTIONS
        if got.bits is None or adjusted.bits is None or brought.bits is not None or not few:
            return brought.plus(adjusted).held(*ends)
        rescaled = [whole(one * factor) for one in got.members()]
        floor, cap = ends
        found = {one + more for more in adjusted.members() for one in rescaled}
        return frozenset(max(floor, one if cap is None else min(one, cap)) for one in found)

    def section(self, section: CompiledSection) -> dict[Points | None, Amounts]:
        """What the section can come to, for what it can reach; None where nothing of it applies."""
        members = [(self.lines[line.index], weight) for line, weight in section.lines]
        members += [(self.section(inner), weight) for inner, weight in section.sections]
        found: dict[Points | None, Amounts] = {}
        for (here, reach, weights), amounts in self._combined(section, members).items():
            if not here:
                found[None] = NOTHING
                continue
            share = 1 / Fraction(weights) if section.combine in ("mean", "weighted") else Fraction(1)
            at, points = self._finished(section, whole(reach * share), amounts, share)
            found[at] = points if at not in found else found[at].joined(points)
        self.sections[section.id] = found
        return found

    def _combined(self, section: CompiledSection, members: list[tuple[ByReach, Fraction]]) -> State:
        state: State = {(False, 0, 0): NOTHING}
        if section.combine == "worst":
            for given, _ in members:
                state = _worst(state, given, turned=self.adder.demerits)
            return state
        if section.combine == "sum":
            _check_reaches(given for given, _ in members)
        common = lcm(*(weight.denominator for _, weight in members))
        for given, weight in members:
            weighs = {"sum": 0, "mean": 1}.get(section.combine, int(weight * common))
            state = self._grown(state, given, weighs)
        return state

    def _grown(self, state: State, given: ByReach, weight: int = 0) -> State:
        """The sums with one member more; a weight of 0 where nothing is weighed. Raises TooMany."""
        self.pairs += len(state) * len(given)
        if self.pairs > _MOST_PAIRS:
            raise TooMany
        many = [points.bits.bit_length() for points in given.values() if points.bits is not None]
        self.bits += sum(one.bits.bit_length() for one in state.values() if one.bits is not None) * len(given)
        self.bits += sum(many) * len(state)
        grown = _grown(state, given, weight)
        if len(grown) > _MOST_REACHES:
            raise TooMany
        listed = sum(one.count for one in grown.values() if one.bits is not None)
        if listed > MOST or self.bits > _MOST_BITS:
            return {key: Amounts(one.low, one.high) for key, one in grown.items()}
        return grown

    def _finished(
        self, section: CompiledSection, reach: Points, amounts: Amounts, share: Fraction
    ) -> tuple[Points, Amounts]:
        """Divided and brought to its `scale_to` at once, rounded, held, and maybe emptied."""
        adder = self.adder
        factor = adder.factor(section, reach)
        at = adder.scaled(Sums(), section, 0, reach)[1]
        divides = factor != 1 or (section.combine != "sum" and section.share is None)
        if section.rounder is not None and divides:
            amounts = _rounded(amounts, share * factor, section.rounder)
        else:
            amounts = amounts.times(share * factor)
        amounts = amounts.held(section.limits.get("floor"), section.limits.get("cap"))
        if section.id in self.emptied:
            amounts = amounts.joined(NOTHING)
        return min(at, section.limits["cap"]) if "cap" in section.limits else at, amounts


def _rounded(amounts: Amounts, factor: Fraction, rounder: Rounder) -> Amounts:
    """Multiplied and rounded; of very many every figure of the step between their ends."""
    low, high = amounts.low, amounts.high
    if amounts.count <= _MOST_ROUNDED or low is None or high is None or rounder.places is None:
        return amounts.mapped(lambda one: rounder.round(one * factor))
    step = int(10 ** (rounder.unit - rounder.places))
    return Amounts.grid(rounder.round(low * factor), rounder.round(high * factor), step)


def _joined(parts: list[Amounts]) -> Amounts:
    found = parts[0]
    for part in parts[1:]:
        found = found.joined(part)
    return found


def _grown(state: State, given: ByReach, weight: int) -> State:
    """Every sum of the state with everything given."""
    times = Fraction(weight or 1)
    weighed = [(more if more is None else more * times, points.times(times)) for more, points in given.items()]
    grown: State = {}
    for (here, reach, weights), amounts in state.items():
        for more, points in weighed:
            if more is None:
                key, sums = (here, reach, weights), amounts
            else:
                key = (True, whole(reach + more), weights + weight)
                sums = amounts.plus(points)
            grown[key] = sums if key not in grown else grown[key].joined(sums)
    return grown


def _check_reaches(members: Iterable[ByReach]) -> None:
    """Raise TooMany where members can reach too many different sums, before anything else is made of them."""
    reaches: set[Points] = {0}
    for given in members:
        reaches = {reach + (more or 0) for reach in reaches for more in given}
        if len(reaches) > _MOST_REACHES:
            raise TooMany


_Choices: TypeAlias = list[list[tuple[Points | None, Points]]]
"""For every member the points that it may give, each with what can then be reached; None is without end."""


def _together(members: _Choices, outer: Callable[[Iterable[Points]], Points]) -> Points | None:
    """The outermost sum of one choice of every member."""
    if any(points is None for given in members for points, _ in given):
        return None
    return sum(outer(points for points, _ in given if points is not None) for given in members)


def _share(members: _Choices, sign: int, total: Points) -> Points | None:
    """The outermost quotient of points by reach, of the total: the lowest with sign 1, the highest with -1.

    What is below the quotient that was found so far is sought member by member; where nothing is, it is the end.
    """
    if any(points is None for given in members for points, _ in given):
        return None
    signed = [[(sign * points, reach) for points, reach in given if points is not None] for given in members]
    picked = [max(given, key=lambda one: one[1]) for given in signed]
    if not any(reach for _, reach in picked):
        return 0
    while True:
        quotient = Fraction(sum(points for points, _ in picked)) / sum(reach for _, reach in picked)
        picked = _below(signed, quotient)
        if sum(points - quotient * reach for points, reach in picked) >= 0:
            return whole(sign * quotient * total)


def _below(members: list[list[tuple[Points, Points]]], quotient: Fraction) -> list[tuple[Points, Points]]:
    """Of every member the choice that is furthest below the quotient; one of them reaches something."""

    def above(one: tuple[Points, Points]) -> Points:
        return one[0] - quotient * one[1]

    picked = [min(given, key=above) for given in members]
    if not any(reach for _, reach in picked):
        reaching = [
            (min(above(one) for one in given if one[1]) - above(picked[at]), at)
            for at, given in enumerate(members)
            if any(one[1] for one in given)
        ]
        at = min(reaching)[1]
        picked[at] = min((one for one in members[at] if one[1]), key=above)
    return picked


def _worst(state: State, given: ByReach, *, turned: bool) -> State:
    """The least favourable so far, with one member more."""
    grown: State = {}
    for (here, reach, weights), amounts in state.items():
        for more, points in given.items():
            if more is None:
                key, found = (here, reach, weights), amounts
            elif not here:
                key, found = (True, more, weights), points
            else:
                key = (True, (max if turned else min)(reach, more), weights)
                found = _least_favourable(amounts, points, turned=turned)
            grown[key] = found if key not in grown else grown[key].joined(found)
    if len(grown) > _MOST_REACHES:
        raise TooMany
    return grown


def _least_favourable(one: Amounts, other: Amounts, *, turned: bool) -> Amounts:
    low = None if one.low is None or other.low is None else (max if turned else min)(one.low, other.low)
    if one.high is None or other.high is None:
        return Amounts(low, None if turned else one.high if other.high is None else other.high)
    high = (max if turned else min)(one.high, other.high)
    if one.bits is None or other.bits is None or low is None:
        return Amounts(low, high)
    listed = {*one.members(), *other.members()}
    return Amounts.of(value for value in listed if low <= value <= high)

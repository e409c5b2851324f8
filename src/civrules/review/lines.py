"""What a line can give: for what it can reach, the points of every observation; never less than what can happen."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from civrules.model.measures import Check, Checklist, Findings, Frequency, Item, Levels, Linear, Marks, Shortfall, Tiers
from civrules.model.measures.item import Found
from civrules.model.measures.measure import MOST as MOST_COUNTED
from civrules.model.measures.measure import amount
from civrules.review.amounts import MOST, NOTHING, Amounts
from civrules.scoring.line import CompiledLine, Points, units

ByReach: TypeAlias = Mapping[Points | None, Amounts]
"""For every number of points that can be reached what can be got; None where the line leaves the denominator."""

_MOST_TRIED = 100_000


def plain(line: CompiledLine) -> bool:
    """Whether one look at it is one value of its measure: nothing pooled, given, counted by place or by window."""
    return line.plain and one_value(line)


def one_value(line: CompiledLine) -> bool:
    """Whether one look, of each place where it counts by place, is one value: nothing pooled, given or by window."""
    one = line.criterion
    return (
        not (line.event or line.windowed or line.change or line.given)
        and one.pool == "latest"
        and one.assessors is None
    )


def points_of(line: CompiledLine) -> ByReach | None:
    """What the line can give, waivers apart; None where there is no saying what it can reach."""
    if line.criterion.per_unit is not None and line.criterion.places == "sum":
        return None
    if isinstance(line.measure, Checklist) and line.measure.weighted and line.not_applicable != "refuse":
        weighted = _weighted(line, line.measure) if plain(line) else {}
        if not weighted:
            return None
        seen: dict[Points | None, Amounts] = {}
        seen.update(weighted.items())
    else:
        seen = {line.full: seen_points(line) if plain(line) else _anything(line)}
    for reach, amounts in _otherwise(line):
        seen[reach] = amounts if reach not in seen else seen[reach].joined(amounts)
    return seen


def _otherwise(line: CompiledLine) -> Iterator[tuple[Points | None, Amounts]]:
    """What it gives where it does not apply, or was not observed."""
    if may_not_apply(line):
        if line.not_applicable == "full" and not line.adjusts:
            yield line.full, NOTHING if line.turned else Amounts.of([line.full])
        else:
            yield None, NOTHING
    if line.recorded:
        yield line.full, NOTHING
    if line.missing == "rescale":
        yield None, NOTHING
    elif line.missing == "worst":
        worst = line.judged_worst[0]
        yield line.full, Amounts(0, None) if worst is None else Amounts.of([worst])


def may_not_apply(line: CompiledLine) -> bool:
    """Whether it may be said, or found, not to apply."""
    return line.not_applicable != "refuse" or line.criterion.applies_when is not None or not plain(line)


def _step(line: CompiledLine) -> int | None:
    """What the line's points are multiples of, in the program's unit; None where they may be any fraction."""
    if line.rounder.places is not None:
        return int(10 ** (line.unit - line.rounder.places))
    return None if line.criterion.quotient else 1


def _between(line: CompiledLine, low: Points, high: Points) -> Amounts:
    step = _step(line)
    if step is None:
        return Amounts(low, high) if low != high else Amounts.of([low])
    return Amounts.grid(low, high, step)


def _anything(line: CompiledLine) -> Amounts:
    """Anything within the line's points."""
    low = units(line.least, line.unit)
    return Amounts(low, None) if line.open_ended else _between(line, low, line.full)


def seen_points(line: CompiledLine) -> Amounts:
    """What one look at a plain line can give."""
    measure = line.measure
    if isinstance(measure, Check):
        return _ends(line)
    if isinstance(measure, Levels):
        return Amounts.of(line.judge(name)[0] for name in measure.levels)
    if isinstance(measure, Tiers):
        return Amounts.of(line.judge(read)[0] for read in _around(line, measure))
    if isinstance(measure, Marks):
        return _marks(line, measure)
    if isinstance(measure, Shortfall) and measure.steps != "exact":
        return _steps(line, measure)
    if isinstance(measure, Checklist):
        return _checklist(line, measure)
    if isinstance(measure, Findings):
        return _findings(line, measure)
    if isinstance(measure, Frequency) and not measure.partial:
        return _ends(line)
    if isinstance(measure, Linear | Shortfall | Frequency):
        return _from_end_to_end(line)
    return _anything(line)


def _ends(line: CompiledLine) -> Amounts:
    """The worst and the best only."""
    worst, best = line.judged_worst[0], line.judged_best[0]
    return Amounts.of([best if worst is None else worst, best])


def _from_end_to_end(line: CompiledLine) -> Amounts:
    worst, best = line.judged_worst[0], line.judged_best[0]
    if worst is None:
        return _anything(line)
    return _between(line, min(worst, best), max(worst, best))


def _around(line: CompiledLine, tiers: Tiers) -> list[Fraction]:
    """A figure on every threshold and between any two: all that tiers can tell apart."""
    low, high = line.limits.ends(percent=tiers.percent)
    return on_and_between(low, high, [limit for _, limit, _ in tiers.steps])


def on_and_between(low: Fraction, high: Fraction, limits: list[Fraction]) -> list[Fraction]:
    """The ends, the limits within them, and a figure between any two of these."""
    marks = sorted({low, high, *(limit for limit in limits if low <= limit <= high)})
    return [*marks, *((one + other) / 2 for one, other in pairwise(marks))]


def _marks(line: CompiledLine, marks: Marks) -> Amounts:
    if marks.choices is not None:
        return Amounts.of(line.judge(Fraction(one))[0] for one in marks.choices)
    low, high = line.limits.ends(percent=False)
    bands = list(marks.bands.values()) if marks.bands is not None else [(low, high)]
    step = int(10 ** max(line.unit - line.limits.decimals, 0))
    parts = [
        Amounts.grid(line.judge(max(Fraction(one), low))[0], line.judge(min(Fraction(other), high))[0], step)
        for one, other in bands
        if other >= low and one <= high
    ]
    return _all_of(parts) if parts else _anything(line)


def _all_of(parts: list[Amounts]) -> Amounts:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.joined(part)
    return whole


def _steps(line: CompiledLine, shortfall: Shortfall) -> Amounts:
    low, high = line.limits.ends(percent=isinstance(shortfall.target, str))
    reads = _stepped(shortfall, low, high, line.most - line.least)
    return _from_end_to_end(line) if reads is None else Amounts.of(line.judge(read)[0] for read in reads)


def _stepped(shortfall: Shortfall, low: Fraction, high: Fraction, most: Fraction) -> list[Fraction] | None:
    """A figure for every whole number of steps until `most` is taken; None where these are too many."""
    target, per = amount(shortfall.target), amount(shortfall.per)
    way = -1 if shortfall.better == "above" else 1
    count = most / Fraction(shortfall.deduct) + 2
    if count > _MOST_TRIED:
        return None
    tried = (target + way * number * per for number in range(int(count) + 1))
    return [low, high, *(one for one in tried if low <= one <= high)]


def _checklist(line: CompiledLine, checklist: Checklist) -> Amounts:
    """What applies may be fewer than all items, where that is allowed."""
    if checklist.weighted:
        return _weighted(line, checklist)[line.full]
    if not checklist.partial:
        return _ends(line)
    if _step(line) is None:
        return _from_end_to_end(line)
    many = len(checklist.items)
    fewest = many if line.not_applicable == "refuse" else 1
    shares = {Fraction(held, of) for of in range(fewest, many + 1) for held in range(of + 1)}
    read = (tuple(place < share.numerator for place in range(share.denominator)) for share in shares)
    return Amounts.of(line.rounded(_of_share(line, one)) for one in read)


def _of_share(line: CompiledLine, held: tuple[bool, ...]) -> Points:
    """The points of a share of the items, in the sense of the line."""
    share = Fraction(sum(held), len(held))
    given = max(Fraction(0) if line.turned else line.least, line.most * share)
    points = line.most - given if line.turned else given
    return units(max(line.least, min(line.most, points)), line.unit)


def _weighted(line: CompiledLine, checklist: Checklist) -> dict[Points, Amounts]:
    """What items with points of their own come to, for what is left of these where some do not apply."""
    found: dict[Points, Amounts] = {line.full: NOTHING}
    for item in checklist.items:
        own = units(Fraction(item.points or 0), line.unit)
        held = Amounts.of([0, own])
        grown: dict[Points, Amounts] = {}
        for reach, amounts in found.items():
            grown[reach] = amounts.plus(held) if reach not in grown else grown[reach].joined(amounts.plus(held))
            if line.not_applicable != "refuse":
                less = reach - own
                grown[less] = amounts if less not in grown else grown[less].joined(amounts)
        found = grown
        if len(found) > _MOST_TRIED:
            return {}
    return {reach: _given(line, amounts) for reach, amounts in found.items()}


def _given(line: CompiledLine, amounts: Amounts) -> Amounts:
    """Points given, in the sense of the line and within its ends."""
    least, most = units(line.least, line.unit), line.full
    floor = 0 if line.turned else least

    def points(given: Points) -> Points:
        kept = max(floor, given)
        return max(least, min(most, most - kept if line.turned else kept))

    if amounts.bits is None:
        one = points(floor if amounts.low is None else amounts.low)
        other = points(most if amounts.high is None else amounts.high)
        return Amounts(min(one, other), max(one, other))
    return Amounts.of(map(points, amounts.members()))


def _findings(line: CompiledLine, findings: Findings) -> Amounts:
    """What is left of the line by what its items take."""
    if line.rounder.places is not None or _step(line) is None:
        return _anything(line)
    room = None if line.open_ended else line.full - (0 if line.turned else units(line.least, line.unit))
    lost = NOTHING
    for item in findings.items:
        taken = _taken(line, item, room)
        if line.not_applicable != "refuse":
            taken = taken.joined(NOTHING)
        lost = _at_most(lost.plus(taken), room)
    if any(item.takes == "all" for item in findings.items) and room is not None:
        lost = lost.joined(Amounts.of([room]))
    if any(item.takes == "none" for item in findings.items):
        lost = lost.joined(NOTHING)
    if room is None:
        return lost
    if lost.bits is None:
        return _given(line, Amounts(line.full - (lost.high or 0), line.full - (lost.low or 0)))
    return _given(line, Amounts.of(line.full - one for one in lost.members()))


def _at_most(amounts: Amounts, most: Points | None) -> Amounts:
    """What is beyond the most counts as the most."""
    return amounts if most is None else _held(amounts, most)


def _held(amounts: Amounts, most: Points) -> Amounts:
    if amounts.high is not None and amounts.high <= most:
        return amounts
    if amounts.bits is None:
        return Amounts(min(amounts.low or 0, most), most)
    return Amounts.of(min(one, most) for one in amounts.members())


def _taken(line: CompiledLine, item: Item, room: Points | None) -> Amounts:
    """What one item can take, in the program's unit."""
    cap = None if item.cap is None else units(Fraction(item.cap), line.unit)
    most = room if cap is None else cap if room is None else min(cap, room)
    if item.takes != "some":
        return NOTHING
    if item.counted and not isinstance(item.each, tuple):
        taken = _counted(line, item, most)
    elif item.shortfall is not None:
        taken = _measured(line, item.shortfall, item, most)
    elif item.tiers is not None:
        low, high = item.limits(line.limits).ends(percent=item.tiers.percent)
        reads = on_and_between(low, high, [limit for _, limit, _ in item.tiers.steps])
        taken = Amounts.of(units(item.loss(Found(read)), line.unit) for read in reads)
    else:
        taken = _settled(line, item)
    return _at_most(taken, most)


def _counted(line: CompiledLine, item: Item, most: Points | None) -> Amounts:
    low, high = (1, MOST_COUNTED) if item.range is None else (int(item.range[0]), int(item.range[1]))
    each = units(Fraction(item.each or 0), line.unit)  # type: ignore[arg-type]  # a range was told apart before
    if not each:
        return NOTHING
    last = high if most is None else min(high, int(-(-most // each)))
    if last - low > MOST:
        return Amounts(0, each * high)
    return Amounts.of([0, *(each * count for count in range(min(low, last), last + 1))])


def _measured(line: CompiledLine, shortfall: Shortfall, item: Item, most: Points | None) -> Amounts:
    low, high = item.limits(line.limits).ends(percent=isinstance(shortfall.target, str))
    worst = units(max(shortfall.takes(low), shortfall.takes(high)), line.unit)
    if shortfall.steps == "exact":
        return Amounts(0, worst)
    bound = worst if most is None else min(worst, most)
    reads = _stepped(shortfall, low, high, Fraction(bound, 10**line.unit))
    return Amounts(0, worst) if reads is None else Amounts.of(units(shortfall.takes(one), line.unit) for one in reads)


def _settled(line: CompiledLine, item: Item) -> Amounts:
    """Amounts of levels, or what the assessor settles between two ends."""
    amounts = [item.each] if item.levels is None else list(item.levels.values())
    step = int(10 ** max(line.unit - line.limits.decimals, 0))
    parts = [NOTHING] if item.levels is None else []
    for one in amounts:
        low, high = one if isinstance(one, tuple) else (one, one)
        assert low is not None
        assert high is not None
        parts.append(Amounts.grid(units(Fraction(low), line.unit), units(Fraction(high), line.unit), step))
    return _all_of(parts)

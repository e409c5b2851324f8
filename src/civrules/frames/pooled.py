"""Pooling in columns: the looks at a criterion of a community as the one look that its formula takes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import narwhals as nw

from civrules.errors import Problem
from civrules.frames.expressions import Expressions, Slot
from civrules.frames.long_columns import DAY
from civrules.frames.long_rows import ABSENT, FAULT, GONE, LINE, NOBODY
from civrules.frames.looks import OF, TIMES, Days, Faults, Looks, slot
from civrules.frames.plan import PREFIX, Plan, where, whole
from civrules.frames.reading import percent_of
from civrules.model.days import Period
from civrules.model.figures import MOST_COUNT
from civrules.model.formula import (
    Exact,
    Term,
    add,
    choose,
    either,
    every,
    known,
    less,
    number,
    opposite,
    quotient,
    times,
)
from civrules.model.measures import Check, Findings, Linear, Shortfall, Tiers
from civrules.model.measures.measure import one_comparison
from civrules.scoring.line import CompiledLine
from civrules.scoring.line_formulas import LineFormula

_DIGITS = 10**6
_MOST_SUMMED = 2**40
"""The greatest number that looks may add up, so that a million of them stay exact."""
_PLACE = f"{PREFIX}place-in-order"
REPORTED, LOOSE = f"{PREFIX}reported", f"{PREFIX}loose"


def window(number_: int) -> str:
    """The column of the gravest report of a window."""
    return f"{PREFIX}window{number_}"


def cannot_pool(line: CompiledLine) -> Iterator[Problem]:
    """What of a line's pooling columns cannot say."""
    criterion = line.criterion
    if criterion.per_unit is not None:
        yield Problem("not-prepared", (line.id,), "per_unit")
    if criterion.assessors is not None:
        yield Problem("not-prepared", (line.id,), f"assessors = {criterion.assessors}")
    if criterion.pool not in ("latest", "sum"):
        yield Problem("not-prepared", (line.id,), f"pool = {criterion.pool}")
    if criterion.pool == "sum" and not _adds(line):
        yield Problem("not-prepared", (line.id,), "pool = sum")
    elif criterion.pool == "sum" and (reached := _most_added(line)) > _MOST_SUMMED:
        yield Problem("beyond-exact", (line.id,), reached, str(_MOST_SUMMED))


def _adds(line: CompiledLine) -> bool:
    """Whether what looks saw of a line adds up, in columns."""
    measure = line.measure
    if isinstance(measure, Findings):
        counted = (one.counted and not one.attributable and not isinstance(one.each, tuple) for one in measure.items)
        return all(counted)
    if isinstance(measure, Check):
        return one_comparison(measure) is not None
    return isinstance(measure, Tiers | Linear | Shortfall)


def _most_added(line: CompiledLine) -> int:
    if isinstance(line.measure, Findings):
        return MOST_COUNT
    low, high = line.limits.ends(percent=percent_of(line.measure))
    return int(max(abs(low), abs(high)) * 10**line.limits.decimals)


@attrs.frozen(eq=False)
class Windows:
    """For every event the windows that conditions look back on, each by its column."""

    of: Mapping[int, Sequence[tuple[int, Period | None]]]


class Pooling:
    """Turns a row for each look into a row for each criterion of each community."""

    def __init__(
        self, looks: Looks, formulas: Sequence[LineFormula], days: Days, windows: Windows, faults: Faults
    ) -> None:
        self.looks = looks
        self.formulas = formulas
        self.days = days
        self.windows = windows
        self.faults = faults
        self.slots = [*(slot(place) for place in range(looks.width + 1)), OF]
        self.dated = "at" in looks.columns.types
        self.events = [one.line.index for one in formulas if one.line.event]
        self.latest = [one for one in formulas if not one.line.event and one.line.criterion.pool == "latest"]
        self.summed = [one for one in formulas if not one.line.event and one.line.criterion.pool == "sum"]

    def pooled(self, table: Any) -> Any:
        """The looks pooled."""
        if self.dated:
            table = self._in_time(table)
        several = bool(self.looks.columns.looks)
        if several and self.latest:
            table = self._newest(table)
        if several or self.summed:
            table = self._together(table)
        return table

    @property
    def columns(self) -> list[str]:
        """The columns of what was seen."""
        made = [window(number_) for windows in self.windows.of.values() for number_, _ in windows]
        return [*self.slots, *made, *((REPORTED, LOOSE) if self.dated and self.events else ())]

    def _in_time(self, table: Any) -> Any:
        """Looks outside the period or no longer valid say nothing; reports of events stand in every window."""
        day, line = nw.col(DAY), nw.col(LINE)
        as_of = where(day == whole(0), whole(self.days.last), day) if self.days.last_known else day
        within, fresh = self.days.counts(day), self.days.fresh(day, line, self.looks.lines)
        own = nw.col(slot(0))
        made: dict[str, nw.Expr] = {}
        event = line.is_in(self.events) if self.events else nw.lit(False)
        if self.events:
            made[REPORTED] = where(event & (own != whole(ABSENT)), whole(1), whole(ABSENT))
            made[LOOSE] = where(event & (own == whole(1)), whole(1), whole(ABSENT))
        for index, windows in self.windows.of.items():
            for number_, days in windows:
                here = (line == whole(index)) & self.days.within(as_of, days)
                made[window(number_)] = where(here, own, whole(ABSENT))
        counts = nw.lit(True) if within is None else within
        made |= {name: where(counts, nw.col(name), whole(ABSENT)) for name in self.slots if within is not None}
        kept = event | (counts if fresh is None else counts & fresh)
        if within is not None or fresh is not None:
            made[LINE] = where(kept, line, whole(NOBODY))
        return table.with_columns(**made) if made else table

    def _newest(self, table: Any) -> Any:
        """Of looks of which the latest counts only that says something; of one day the least favourable."""
        plan = Plan()
        keys = self._order(plan)
        for stage in plan.stages:
            table = table.with_columns(**stage)
        table = table.with_columns(**{f"{_PLACE}{place}": key for place, key in enumerate(keys)}, **{_PLACE: whole(1)})
        order = [*(f"{_PLACE}{place}" for place in range(len(keys))), *self.slots]
        line = nw.col(LINE)
        place = nw.col(_PLACE).cum_sum().over(self.looks.columns.id_, LINE, order_by=order)
        table = table.with_columns(**{_PLACE: place})
        latest = line.is_in([one.line.index for one in self.latest])
        dropped = latest & (nw.col(_PLACE) > whole(1))
        return table.with_columns(**{LINE: where(dropped, whole(NOBODY), line)})

    def _order(self, plan: Plan) -> list[nw.Expr]:
        """The columns by which looks at a line are ordered: the newest first, then the least favourable."""
        slots = {name: self._slot(plan, name) for name in self.slots}
        line = nw.col(LINE)
        keys: list[nw.Expr] = []
        for one in self.latest:
            terms = order_of(one)
            made = Expressions(plan, {detail: slots[name] for detail, name in mapped(one).items()}, 1, terms)
            for place, term in enumerate(terms):
                key = where(line == whole(one.line.index), made.number(term), whole(0))
                if place == len(keys):
                    keys.append(key)
                else:
                    keys[place] = where(line == whole(one.line.index), made.number(term), keys[place])
        if self.dated:
            day = where(nw.col(DAY) == whole(0), whole(self.days.last), nw.col(DAY))
            keys.insert(0, whole(0) - day)
        return keys

    @staticmethod
    def _slot(plan: Plan, name: str) -> Slot:
        raw = nw.col(name)
        value = where(raw > whole(GONE), raw, whole(1 if name == OF else 0))
        keep = plan.keep
        return Slot(keep(0, value), keep(0, raw == whole(ABSENT)), keep(0, raw == whole(GONE)))

    def _together(self, table: Any) -> Any:
        """One row for each criterion of a community: the greatest of each column, and the sum of what adds up."""
        made = {name: nw.col(name).max() for name in self.columns}
        made[FAULT] = nw.col(FAULT).min()
        line = nw.col(LINE)
        added = line.is_in([one.line.index for one in self.summed]) if self.summed else None
        often = nw.col(TIMES) if TIMES in table.collect_schema().names() else whole(1)
        if added is not None:
            for name in self.slots:
                seen = added & (nw.col(name) > whole(GONE))
                made[f"{name}:sum"] = where(seen, nw.col(name) * often, whole(0)).sum()
            ratio, own = nw.col(OF) != whole(ABSENT), nw.col(slot(0)) > whole(GONE)
            made[f"{OF}:many"] = where(added & ratio, whole(1), whole(0)).max()
            made[f"{OF}:none"] = where(added & own & ~ratio, whole(1), whole(0)).max()
        grouped = table.group_by(self.looks.columns.id_, LINE).agg(**made)
        if added is None:
            return grouped
        summed = {
            name: where(added & (nw.col(name) > whole(GONE)), nw.col(f"{name}:sum").cast(nw.Int64), nw.col(name))
            for name in self.slots
        }
        grouped = grouped.with_columns(**summed)
        return grouped.with_columns(**{FAULT: self.faults.number(list(self._beyond()), line, nw.col(FAULT))})

    def _beyond(self) -> Iterator[tuple[nw.Expr, str]]:
        """What is wrong with sums: out of what may be observed, or of things that do not add up."""
        own, of = nw.col(slot(0)), nw.col(OF)
        yield (nw.col(f"{OF}:many") + nw.col(f"{OF}:none")) > whole(1), "cannot-add"
        for one in self.summed:
            here = nw.col(LINE) == whole(one.line.index)
            measure = one.line.measure
            if isinstance(measure, Findings):
                for place, item in enumerate(measure.items, 1):
                    count = nw.col(slot(place))
                    yield here & (count > whole(MOST_COUNT)), "not-whole"
                    if item.range is not None:
                        low, high = (whole(int(end)) for end in item.range)
                        yield here & (count > whole(0)) & ((count < low) | (count > high)), "out-of-range"
                continue
            percent = percent_of(measure)
            low_end, high_end = one.line.limits.ends(percent=percent)
            unit = 10**one.line.limits.decimals
            ratio = here & (of > whole(GONE))
            yield ratio & ((own > whole(MOST_COUNT)) | (of > whole(MOST_COUNT))), "not-whole"
            figure = here & (own > whole(GONE)) & (of == whole(ABSENT))
            yield figure & ((own < whole(int(low_end * unit))) | (own > whole(int(high_end * unit)))), "out-of-range"


def mapped(one: LineFormula) -> dict[int, str]:
    """The columns of a look by the slots of its line's formula."""
    items = [item.id for item in getattr(one.line.measure, "items", ())]
    columns = {one.line.id: slot(0), f"{one.line.id}:of": OF}
    columns |= {f"{one.line.id}:{item}": slot(place) for place, item in enumerate(items, 1)}
    return {term.detail: columns[name] for name, term in one.slots.items()}


def order_of(one: LineFormula) -> list[Term]:
    """What orders looks of one day, the least favourable first: missing without points, points, failing; n/a last."""
    line = one.line
    worst = line.judged_worst[0] if line.missing == "worst" else None
    rank = choose(one.gone, number(2), choose(one.missing, number(0 if worst is None else 1), number(1)))
    points = one.exact if worst is None else either(one.missing, Exact.of(worst), one.exact)
    points = points.times(-1) if line.turned else points
    seen = every(opposite(one.gone), rank)
    keys = [choose(one.gone, number(0), key) for key in _digits(points)]
    return [rank, *keys, every(seen, opposite(one.fails))]


def _digits(points: Exact) -> list[Term]:
    """Whole numbers that order as the fraction does."""
    if known(points.below):
        return [points.above]
    # From 0 on, so that every division means the same; fractions over b and d differ by at least 1/bd.
    above = add(points.above, times(number(abs(points.above.low)), points.below))
    found, reached = [quotient(above, points.below, "down")], 1
    while reached < points.below.high**2:
        # What is taken off is no more than what is divided, and the rest less than the divisor: parts do not show it.
        whole_ = attrs.evolve(times(found[-1], points.below), low=0, high=above.high)
        rest = attrs.evolve(less(above, whole_), low=0, high=points.below.high - 1)
        above = times(rest, number(_DIGITS))
        found, reached = [*found, quotient(above, points.below, "down")], reached * _DIGITS
    return found

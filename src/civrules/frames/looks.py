"""Looks: the rows of one look as one, and the looks at one criterion of one community as what its formula takes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import attrs
import narwhals as nw

from civrules.frames.long_columns import METHOD, LongColumns
from civrules.frames.long_rows import (
    ABSENT,
    CODES,
    FAULT,
    LINE,
    MORE,
    OUT_OF,
    POSITION,
    SAID,
    SEEN,
    WORD,
)
from civrules.frames.plan import PREFIX, where, whole
from civrules.model.days import Period, undated
from civrules.model.measures import Checklist
from civrules.scoring.line import CompiledLine

OF = f"{PREFIX}slot-of"
TIMES = f"{PREFIX}times"
_WHOLES, _PARTS, _FIRST, _LAST, _OTHER, _METHODS = (
    f"{PREFIX}{name}" for name in ("wholes", "parts", "first", "last", "other", "methods")
)
_ALL = 99991231


def slot(position: int) -> str:
    """The column of what is seen at a position: 0 the criterion's own, then its items in their order."""
    return f"{PREFIX}slot{position}"


def number_of(day: date) -> int:
    """A day as the columns hold it."""
    return day.year * 10000 + day.month * 100 + day.day


class Faults:
    """The codes of what may be wrong, and the number of what is wrong first."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(codes)

    def number(self, tests: Sequence[tuple[nw.Expr, str]], line: nw.Expr, known: nw.Expr) -> nw.Expr:
        """The least of the number that is known and those of the tests that hold, for rows of a line."""
        made = known
        for test, code in tests:
            if code not in self.codes:
                self.codes.append(code)
            own = (line + whole(1)) * whole(CODES) + whole(self.codes.index(code))
            made = where(test & (own < made), own, made)
        return made


@attrs.frozen(eq=False)
class Looks:
    """What the program's lines ask of looks."""

    lines: Sequence[CompiledLine]
    columns: LongColumns

    @property
    def width(self) -> int:
        """The most items of a criterion."""
        return max((len(getattr(line.measure, "items", ())) for line in self.lines), default=0)

    def where_item(self, position: int, asked: str) -> list[int]:
        """The lines whose item at a position must be said, or asks who is responsible."""
        found = []
        for line in self.lines:
            items = getattr(line.measure, "items", ())
            if position > len(items):
                continue
            item = items[position - 1]
            must = isinstance(line.measure, Checklist) or not item.counted
            if must if asked == "must" else getattr(item, "attributable", False):
                found.append(line.index)
        return found


def as_looks(table: Any, looks: Looks, faults: Faults) -> Any:
    """A row for each look at a criterion of a community, with what was seen in columns."""
    columns = looks.columns
    keys = [columns.id_, LINE, *columns.looks]
    position, seen, line = nw.col(POSITION), nw.col(SEEN), nw.col(LINE)
    said = seen != whole(ABSENT)
    own = said & (position == whole(0))
    made = {
        slot(0): _greatest(own, seen), OF: _greatest(own, nw.col(OUT_OF)), _WHOLES: _count(own),
        _FIRST: nw.when(own).then(nw.col(SAID)).min(), _LAST: nw.when(own).then(nw.col(SAID)).max(),
        FAULT: nw.col(FAULT).min(),
    }  # fmt: skip
    if looks.width:
        made[_PARTS] = _count(said & ~own)
    words = "attributable" in columns.types
    for place in range(1, looks.width + 1):
        here = position == whole(place)
        made[slot(place)] = _greatest(here, seen)
        if words and looks.where_item(place, "attributable"):
            for word in range(3):
                made[_word(place, word)] = _greatest(here & said & (nw.col(WORD) == whole(word)), whole(1), whole(0))
    names = table.collect_schema().names()
    if MORE in names:
        # What is no whole look counts as one more, which is taken off again below.
        made[TIMES] = where(own, nw.col(MORE), nw.lit("\n\n")).n_unique()
        made[_OTHER] = where(own, whole(0), whole(1)).max()
    if METHOD in names and looks.width:
        part = nw.when(said & ~own & (nw.col(METHOD) != nw.lit(""))).then(nw.col(METHOD))
        made |= {f"{_METHODS}0": part.min(), f"{_METHODS}1": part.max()}
    grouped = table.group_by(*keys).agg(**made)
    tests = _contradictions(looks, words=words, methods=f"{_METHODS}0" in made)
    rest = {FAULT: faults.number(tests, line, nw.col(FAULT))}
    if TIMES in made:
        times = nw.col(TIMES).cast(nw.Int64) - nw.col(_OTHER)
        rest[TIMES] = where(times > whole(1), times, whole(1))
    kept = [*keys, *(slot(place) for place in range(looks.width + 1)), OF]
    return grouped.select(*(nw.col(name) for name in kept), **rest)


def _contradictions(looks: Looks, *, words: bool, methods: bool) -> list[tuple[nw.Expr, str]]:
    """What is wrong with the rows of one look together."""
    none, line = nw.col(_FIRST).is_null(), nw.col(LINE)
    differ = where(none, nw.lit(False), nw.col(_FIRST) != nw.col(_LAST))
    tests = [(differ, "repeated-look")]
    if not looks.width:
        return tests
    parts = nw.col(_PARTS)
    some = parts > whole(0)
    tests.append((some & (nw.col(_WHOLES) > whole(0)), "two-forms"))
    different = whole(0)
    for place in range(1, looks.width + 1):
        there = nw.col(slot(place)) != whole(ABSENT)
        must = looks.where_item(place, "must")
        if must:
            tests.append((some & ~there & line.is_in(must), "item-missing"))
        if words and looks.where_item(place, "attributable"):
            unsaid, his, not_his = (nw.col(_word(place, word)) for word in range(3))
            different = different + unsaid + his + not_his
            tests.append(((unsaid == whole(1)) & (his + not_his > whole(0)), "repeated-look"))
        else:
            different = different + there.cast(nw.Int64)
    tests.append((parts > different, "repeated-look"))
    if methods:
        first, last = nw.col(f"{_METHODS}0"), nw.col(f"{_METHODS}1")
        tests.append((where(first.is_null(), nw.lit(False), first != last), "other-value"))
    return tests


def _greatest(test: nw.Expr, value: nw.Expr, otherwise: nw.Expr | None = None) -> nw.Expr:
    return where(test, value, whole(ABSENT) if otherwise is None else otherwise).max()


def _count(test: nw.Expr) -> nw.Expr:
    return test.cast(nw.Int64).sum().cast(nw.Int64)


def _word(place: int, word: int) -> str:
    return f"{PREFIX}word{place}:{word}"


@attrs.frozen(eq=False)
class Days:
    """The days on which looks are judged."""

    on: date | None
    period: Period | None

    @property
    def last(self) -> int:
        """The day that a look without one counts as of."""
        day = undated(self.period, self.on)
        return _ALL if day is None else number_of(day)

    @property
    def last_known(self) -> bool:
        """Whether a look without a day counts as of any."""
        return undated(self.period, self.on) is not None

    def counts(self, day: nw.Expr) -> nw.Expr | None:
        """Whether a look of that day lies in the period; None where every one does."""
        return None if self.period is None else self.within(day, self.period)

    def within(self, day: nw.Expr, days: Period | None) -> nw.Expr:
        """Whether a look of that day, 0 for none, counts in these days where it does without a day."""
        test = day >= whole(number_of(days.first) if days is not None and days.first is not None else 0)
        if days is not None and days.last is not None:
            test = test & (day <= whole(number_of(days.last)))
        return test | (day == whole(0))

    def fresh(self, day: nw.Expr, line: nw.Expr, lines: Iterable[CompiledLine]) -> nw.Expr | None:
        """Whether a look still holds on the day of judgement; None where every one does."""
        if self.on is None:
            return None
        first: nw.Expr | None = None
        for one in lines:
            if one.valid_for is not None:
                since = whole(number_of(one.valid_for.before(self.on)))
                first = where(line == whole(one.index), since, whole(0) if first is None else first)
        if first is None or not self.last_known:
            return None
        return where(day == whole(0), whole(self.last), day) >= first

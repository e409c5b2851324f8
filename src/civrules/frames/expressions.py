"""Expressions: a program's formulas on columns, every shared step a column of its own.

No column holds a null: what is missing stands as a number of its slot's range, and a test says that it is missing. So
nulls, on which backends differ, take no part in arithmetic or comparison.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs
import narwhals as nw

from civrules.frames.plan import Plan, where, whole
from civrules.model.figures import Mode
from civrules.model.formula import NO, YES, Term, assuming, number

_TESTS = frozenset({"absent", "outside", "at_least", "more_than", "equal", "all", "any", "not"})
_PLAIN = frozenset({"number", "slot", "absent", "outside"})
_REPEATING = frozenset({"least", "greatest", "quotient", "pick"})
"""Their expression says a part more than once, so that nested ones would grow without end."""


@attrs.frozen(eq=False)
class Slot:
    """A prepared value as a column, and the tests whether there is none and whether it does not apply.

    A test that is None never holds.
    """

    value: nw.Expr
    absent: nw.Expr | None = None
    outside: nw.Expr | None = None


def folded(terms: Iterable[Term], slots: Mapping[int, Slot]) -> list[Term]:
    """The terms with all that the columns decide before any row: what has no column is absent."""

    def holds(part: Term) -> Term | None:
        if part.op == "slot":
            return None if part.detail in slots else number(min(max(0, part.low), part.high))
        if part.op == "absent":
            found = slots.get(part.parts[0].detail)
            return YES if found is None else NO if found.absent is None else None
        if part.op == "outside":
            found = slots.get(part.parts[0].detail)
            return NO if found is None or found.outside is None else None
        return None

    return assuming(terms, holds)


class Expressions:
    """Translates terms; what several terms share becomes a column of the plan."""

    def __init__(self, plan: Plan, slots: Mapping[int, Slot], stage: int, terms: Iterable[Term]) -> None:
        self._plan = plan
        self._slots = slots
        self._begin = stage
        self._numbers: dict[int, tuple[nw.Expr, int]] = {}
        self._tests: dict[int, tuple[nw.Expr, int]] = {}
        self._asked = _uses(terms)
        self._alive: list[Term] = []

    def number(self, term: Term) -> nw.Expr:
        """The term as a whole number, in any stage after those that the plan has then."""
        return self._number(term)[0]

    def test(self, term: Term) -> nw.Expr:
        """The term as yes or no."""
        return self._test(term)[0]

    def _number(self, term: Term) -> tuple[nw.Expr, int]:
        if id(term) not in self._numbers:
            self._alive.append(term)
            if term.op in _TESTS:
                test, stage = self._test(term)
                made = test.cast(nw.Int64), stage
            else:
                made = self._kept(term, self._worked_out(term))
            self._numbers[id(term)] = made
        return self._numbers[id(term)]

    def _test(self, term: Term) -> tuple[nw.Expr, int]:
        if id(term) not in self._tests:
            self._alive.append(term)
            self._tests[id(term)] = self._kept(term, self._yes_or_no(term))
        return self._tests[id(term)]

    def _worked_out(self, term: Term) -> tuple[nw.Expr, int]:
        if term.op == "number":
            return whole(term.detail), self._begin
        made: tuple[nw.Expr, int] = getattr(self, f"_{term.op}")(term)
        return made

    def _yes_or_no(self, term: Term) -> tuple[nw.Expr, int]:
        if term.op in _TESTS:
            made: tuple[nw.Expr, int] = getattr(self, f"_{term.op}")(term)
            return made
        if term.op == "number":
            return nw.lit(bool(term.detail)), self._begin
        if term.op == "choose":
            (test, one), (then, two), (other, three) = map(self._test, term.parts)
            return (test & then) | (~test & other), max(one, two, three)
        if term.op == "pick":
            index, stage = self._number(term.parts[0])
            return index.is_in([place for place, entry in enumerate(term.detail) if entry]), stage
        value, stage = self._number(term)
        return value != whole(0), stage

    def _kept(self, term: Term, made: tuple[nw.Expr, int]) -> tuple[nw.Expr, int]:
        expression, stage = made
        if self._asked[id(term)] < 2 or term.op in _PLAIN:
            return made
        return self._plan.keep(stage, expression), stage + 1

    def _slot_of(self, term: Term) -> Slot:
        return self._slots[term.parts[0].detail if term.parts else term.detail]

    def _slot(self, term: Term) -> tuple[nw.Expr, int]:
        return self._slot_of(term).value, self._begin

    def _absent(self, term: Term) -> tuple[nw.Expr, int]:
        return _said(self._slot_of(term).absent), self._begin

    def _outside(self, term: Term) -> tuple[nw.Expr, int]:
        return _said(self._slot_of(term).outside), self._begin

    def _add(self, term: Term) -> tuple[nw.Expr, int]:
        made, stage = self._number(term.parts[0])
        for part in term.parts[1:]:
            more, later = self._number(part)
            made, stage = made + more, max(stage, later)
        return made, stage

    def _times(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return one * other, max(first, second)

    def _least(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return where(one < other, one, other), max(first, second)

    def _greatest(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return where(one > other, one, other), max(first, second)

    def _choose(self, term: Term) -> tuple[nw.Expr, int]:
        test, one = self._test(term.parts[0])
        (then, two), (other, three) = map(self._number, term.parts[1:])
        return where(test, then, other), max(one, two, three)

    def _pick(self, term: Term) -> tuple[nw.Expr, int]:
        index, stage = self._number(term.parts[0])
        *entries, last = term.detail
        made = whole(int(last))
        for place, entry in reversed(tuple(enumerate(entries))):
            made = where(index == whole(place), whole(int(entry)), made)
        return made, stage

    def _quotient(self, term: Term) -> tuple[nw.Expr, int]:
        above, below = term.parts
        (top, first), (divisor, second) = self._number(above), self._number(below)
        if below.low < 1:
            # Above 0 wherever it is asked for; elsewhere it must be a number all the same.
            divisor = where(divisor < whole(1), whole(1), divisor)
        if above.low >= 0:
            return _divided(top, divisor, term.detail), max(first, second)
        size = _divided(where(top < whole(0), whole(0) - top, top), divisor, term.detail)
        return where(top < whole(0), whole(0) - size, size), max(first, second)

    def _at_least(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return one >= other, max(first, second)

    def _more_than(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return one > other, max(first, second)

    def _equal(self, term: Term) -> tuple[nw.Expr, int]:
        (one, first), (other, second) = map(self._number, term.parts)
        return one == other, max(first, second)

    def _all(self, term: Term) -> tuple[nw.Expr, int]:
        made, stage = self._test(term.parts[0])
        for part in term.parts[1:]:
            more, later = self._test(part)
            made, stage = made & more, max(stage, later)
        return made, stage

    def _any(self, term: Term) -> tuple[nw.Expr, int]:
        made, stage = self._test(term.parts[0])
        for part in term.parts[1:]:
            more, later = self._test(part)
            made, stage = made | more, max(stage, later)
        return made, stage

    def _not(self, term: Term) -> tuple[nw.Expr, int]:
        test, stage = self._test(term.parts[0])
        return ~test, stage


def _said(test: nw.Expr | None) -> nw.Expr:
    return nw.lit(False) if test is None else test


def _divided(top: nw.Expr, divisor: nw.Expr, mode: Mode) -> nw.Expr:
    """The quotient of a number from 0 and one from 1, rounded: so every backend's division means the same."""
    if mode == "down":
        return top // divisor
    if mode == "up":
        return (top + divisor - whole(1)) // divisor
    if mode == "half-up":
        return (top * whole(2) + divisor) // (divisor * whole(2))
    size = top // divisor
    twice = (top - size * divisor) * whole(2)
    odd = size - (size // whole(2)) * whole(2)
    more = (twice > divisor) | ((twice == divisor) & (odd == whole(1)))
    return size + more.cast(nw.Int64)


def _uses(terms: Iterable[Term]) -> Counter[int]:
    """How often each term is asked for, by its identity."""
    uses: Counter[int] = Counter()
    seen: set[int] = set()
    for term in terms:
        uses[id(term)] += 1
        for part in term.walk(seen):
            uses.update(id(one) for one in part.parts * (2 if part.op in _REPEATING else 1))
    return uses

"""Formula: arithmetic on whole numbers as data, so that one program runs as a Python function and as a dataframe's.

A `Term` is a whole number or a test (0 or 1) that is not known yet; `low` and `high` hold whatever it may come to. An
`Exact` is one term over another. Everything is built by the functions below, which decide at once what they can.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any, Literal, TypeAlias

import attrs

from civrules.model.figures import Mode, round_quotient

Op = Literal[
    "number", "slot", "absent", "outside", "add", "times", "quotient", "least", "greatest", "choose", "pick",
    "at_least", "more_than", "equal", "all", "any", "not",
]  # fmt: skip


@attrs.frozen(eq=False)
class Term:
    """A whole number, or a test, and what it is worked out from."""

    op: Op
    parts: tuple["Term", ...] = ()
    detail: Any = None
    """The number of a `number`, the place of a `slot`, the mode of a `quotient`, the table of a `pick`."""
    low: int = 0
    high: int = 1

    def walk(self, seen: set[int] | None = None) -> Iterator["Term"]:
        """Every term that it is worked out from, each once, before what uses it; then the term itself."""
        seen = set() if seen is None else seen
        if id(self) in seen:
            return
        seen.add(id(self))
        for part in self.parts:
            yield from part.walk(seen)
        yield self

    @property
    def size(self) -> int:
        """The greatest whole number met on the way from its parts to the term."""
        if self.op == "quotient":
            above, below = self.parts
            return 2 * max(abs(above.low), abs(above.high)) + below.high
        return max(abs(self.low), abs(self.high)) if self.op in ("add", "times", "number", "pick") else 0


Test: TypeAlias = Term


def number(value: int) -> Term:
    """A number that is known."""
    return Term("number", (), value, value, value)


ZERO, ONE = number(0), number(1)
NO, YES = ZERO, ONE


def slot(place: int, low: int, high: int) -> Term:
    """The prepared value at a place, from `low` to `high` where there is one."""
    return Term("slot", (), place, low, high)


def absent(one: Term) -> Test:
    """Whether a slot holds nothing."""
    return Term("absent", (one,)) if one.op == "slot" else NO


def outside(one: Term) -> Test:
    """Whether a slot says that it does not apply."""
    return Term("outside", (one,)) if one.op == "slot" else NO


def known(one: Term) -> bool:
    """Whether the term can come to one number only."""
    return one.low == one.high


def add(*parts: Term) -> Term:
    """The sum."""
    kept = [part for part in parts if not (known(part) and part.low == 0)]
    low, high = sum(part.low for part in kept), sum(part.high for part in kept)
    if low == high:
        return number(low)
    return kept[0] if len(kept) == 1 else Term("add", tuple(kept), None, low, high)


def times(one: Term, other: Term) -> Term:
    """The product."""
    ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    low, high = min(ends), max(ends)
    if low == high:
        return number(low)
    for factor, rest in ((one, other), (other, one)):
        if known(factor) and factor.low == 1:
            return rest
        if known(factor) and rest.op == "pick":
            return pick(rest.parts[0], [entry * factor.low for entry in rest.detail])
        if known(factor) and rest.op == "choose":
            test, then, otherwise = rest.parts
            return choose(test, times(factor, then), times(factor, otherwise))
    return Term("times", (one, other), None, low, high)


def less(one: Term, other: Term) -> Term:
    """One less the other."""
    return add(one, times(number(-1), other))


def quotient(above: Term, below: Term, mode: Mode) -> Term:
    """`above / below` as a whole number, rounded as `mode` says; `below` is above 0."""
    if known(below) and below.low == 1:
        return above
    ends = [round_quotient(a, b, mode) for a in (above.low, above.high) for b in (max(1, below.low), below.high)]
    if min(ends) == max(ends):
        return number(ends[0])
    return Term("quotient", (above, below), mode, min(ends), max(ends))


def least(one: Term, other: Term) -> Term:
    """The lesser of two."""
    if one.high <= other.low:
        return one
    if other.high <= one.low:
        return other
    return Term("least", (one, other), None, min(one.low, other.low), min(one.high, other.high))


def greatest(one: Term, other: Term) -> Term:
    """The greater of two."""
    if one.low >= other.high:
        return one
    if other.low >= one.high:
        return other
    return Term("greatest", (one, other), None, max(one.low, other.low), max(one.high, other.high))


def choose(test: Test, then: Term, other: Term) -> Term:
    """One where the test holds, else the other; what is not chosen need not be a number."""
    if known(test):
        return then if test.low else other
    if then is other or (known(then) and known(other) and then.low == other.low):
        return then
    if other.op == "choose" and known(then) and known(other.parts[1]) and then.low == other.parts[1].low:
        return choose(some(test, other.parts[0]), then, other.parts[2])
    return Term("choose", (test, then, other), None, min(then.low, other.low), max(then.high, other.high))


def pick(index: Term, table: Sequence[int]) -> Term:
    """The entry of a table at an index from 0."""
    if min(table) == max(table):
        return number(table[0])
    return Term("pick", (index,), tuple(table), min(table), max(table))


def at_least(one: Term, other: Term) -> Test:
    """Whether one is at least the other."""
    if one.low >= other.high:
        return YES
    return NO if one.high < other.low else Term("at_least", (one, other))


def more_than(one: Term, other: Term) -> Test:
    """Whether one is more than the other."""
    if one.low > other.high:
        return YES
    return NO if one.high <= other.low else Term("more_than", (one, other))


def equal(one: Term, other: Term) -> Test:
    """Whether the two are the same number."""
    if known(one) and known(other) and one.low == other.low:
        return YES
    return NO if one.high < other.low or other.high < one.low else Term("equal", (one, other))


def every(*tests: Test) -> Test:
    """Whether all hold; yes of none."""
    if any(known(test) and not test.low for test in tests):
        return NO
    kept = tuple(test for test in tests if not known(test))
    return YES if not kept else kept[0] if len(kept) == 1 else Term("all", kept)


def some(*tests: Test) -> Test:
    """Whether one holds; no of none."""
    if any(known(test) and test.low for test in tests):
        return YES
    kept = tuple(test for test in tests if not known(test))
    return NO if not kept else kept[0] if len(kept) == 1 else Term("any", kept)


def opposite(test: Test) -> Test:
    """Whether it does not hold."""
    if known(test):
        return NO if test.low else YES
    return test.parts[0] if test.op == "not" else Term("not", (test,))


@attrs.frozen(eq=False)
class Exact:
    """An exact figure: one term over another, which is above 0."""

    above: Term
    below: Term = ONE

    @classmethod
    def of(cls, figure: Fraction | int) -> "Exact":
        """A figure that is known."""
        return cls(number(figure.numerator), number(figure.denominator))

    def plus(self, other: "Exact") -> "Exact":
        """The sum."""
        if known(self.below) and known(other.below):
            below = lcm(self.below.low, other.below.low)
            above = add(_over(self, below), _over(other, below))
            return Exact(above, number(below))
        above = add(times(self.above, other.below), times(other.above, self.below))
        return Exact(above, times(self.below, other.below))

    def times(self, figure: Fraction | int) -> "Exact":
        """Times a figure that is known."""
        share = Fraction(figure) / (self.below.low if known(self.below) else 1)
        below = ONE if known(self.below) else self.below
        return Exact(times(self.above, number(share.numerator)), times(below, number(share.denominator)))

    def over(self, other: "Exact") -> "Exact":
        """Divided by what is above 0."""
        return Exact(times(self.above, other.below), times(self.below, other.above))

    def less_than(self, other: "Exact") -> Test:
        """Whether it is less than the other."""
        return opposite(self.at_least(other))

    def at_least(self, other: "Exact") -> Test:
        """Whether it is at least the other, by multiplying across."""
        return at_least(*self._across(other))

    def more_than(self, other: "Exact") -> Test:
        """Whether it is more than the other, by multiplying across."""
        return more_than(*self._across(other))

    def _across(self, other: "Exact") -> tuple[Term, Term]:
        if known(self.below) and known(other.below):
            below = lcm(self.below.low, other.below.low)
            return _over(self, below), _over(other, below)
        return times(self.above, other.below), times(other.above, self.below)

    def least(self, other: "Exact") -> "Exact":
        """The lesser of two."""
        return self._of_two(least, self.more_than(other), other)

    def greatest(self, other: "Exact") -> "Exact":
        """The greater of two."""
        return self._of_two(greatest, other.more_than(self), other)

    def _of_two(self, terms: Callable[[Term, Term], Term], second: Test, other: "Exact") -> "Exact":
        if known(second):
            return other if second.low else self
        if known(self.below) and known(other.below):
            below = number(lcm(self.below.low, other.below.low))
        else:
            below = times(self.below, other.below)
        return Exact(terms(*self._across(other)), below)

    def rounded(self, mode: Mode) -> Term:
        """As a whole number."""
        return quotient(self.above, self.below, mode)


def _over(one: Exact, below: int) -> Term:
    """The term above a known denominator that the figure's own divides."""
    return times(one.above, number(below // one.below.low))


def either(test: Test, then: Exact, other: Exact) -> Exact:
    """One figure where the test holds, else the other."""
    if known(test):
        return then if test.low else other
    if known(then.below) and known(other.below):
        below = lcm(then.below.low, other.below.low)
        return Exact(choose(test, _over(then, below), _over(other, below)), number(below))
    return Exact(choose(test, then.above, other.above), choose(test, then.below, other.below))


def one_of(place: Term, figures: Sequence[Fraction]) -> Exact:
    """The figure at a place from 0."""
    below = lcm(*(figure.denominator for figure in figures))
    return Exact(pick(place, [int(figure * below) for figure in figures]), number(below))


def compared(word: str, one: Exact, other: Exact) -> Test:
    """Whether a figure is `at_least`, `more_than`, `at_most` or `less_than` the other."""
    match word:
        case "at_least":
            return one.at_least(other)
        case "more_than":
            return one.more_than(other)
        case "at_most":
            return other.at_least(one)
        case _:
            return other.more_than(one)


def assuming(terms: Iterable[Term], holds: Callable[[Term], Term | None]) -> list[Term]:
    """The terms with every part for which `holds` knows another put in its place, and what then is known worked out."""
    made: dict[int, Term] = {}
    seen: set[int] = set()
    result = []
    for term in terms:
        for part in term.walk(seen):
            found = holds(part)
            made[id(part)] = _again(part, [made[id(one)] for one in part.parts]) if found is None else found
        result.append(made[id(term)])
    return result


def _again(term: Term, parts: list[Term]) -> Term:
    """The term made of other parts."""
    if all(mine is other for mine, other in zip(term.parts, parts, strict=True)):
        return term
    if term.op == "quotient":
        return quotient(parts[0], parts[1], term.detail)
    if term.op == "pick":
        return pick(parts[0], term.detail)
    makers: dict[str, Callable[..., Term]] = {
        "absent": absent, "outside": outside, "add": add, "times": times, "least": least, "greatest": greatest,
        "choose": choose, "at_least": at_least, "more_than": more_than, "equal": equal, "all": every, "any": some,
        "not": opposite,
    }  # fmt: skip
    return makers[term.op](*parts)


def total(parts: Iterable[Exact]) -> Exact:
    """The sum of all, 0 of none; one addition where all are over known denominators."""
    kept = list(parts)
    if all(known(part.below) for part in kept):
        below = lcm(*(part.below.low for part in kept))
        return Exact(add(*(_over(part, below) for part in kept)), number(below))
    return reduce(Exact.plus, kept)

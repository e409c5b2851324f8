"""Probe: whether a backend divides, compares, chooses and ranks as programs mean it, asked once of twelve rows."""

from functools import lru_cache
from typing import Any

import narwhals as nw

from civrules.errors import InvalidInput, Problem
from civrules.frames.expressions import Expressions, Slot
from civrules.frames.plan import Plan
from civrules.frames.ranking import with_rank
from civrules.model.figures import Mode, round_quotient
from civrules.model.formula import Term, at_least, choose, more_than, pick, quotient, slot, some

_MODES: tuple[Mode, ...] = ("half-up", "half-even", "up", "down")
_ABOVE = (7, -7, 5, -5, 15, 0, 25, -25, 1_000_000, 9_999_999, 4, 6)
_BELOW = (2, 2, 2, 2, 10, 3, 10, 10, 3, 10_000_000, 3, 4)
_FLOATS = 2**53
_WHOLES = 2**62


def largest(frame: Any) -> int:
    """The number below which the backend of the frame divides exactly. Raises InvalidInput where it means otherwise."""
    if frame.implementation.is_pyspark():
        return _asked(_Made(frame))
    return _largest(frame.implementation, isinstance(frame, nw.LazyFrame))


@lru_cache(maxsize=32)
def _largest(implementation: Any, lazy: bool) -> int:
    made = nw.from_dict(_columns(0), backend="pyarrow" if implementation.is_duckdb() else implementation)
    return _asked(_Made(made.lazy(implementation) if lazy else made))


class _Made:
    """Twelve rows in the caller's backend."""

    def __init__(self, like: Any) -> None:
        self._like = like

    def rows(self, add: int) -> Any:
        """The rows, with so much added to what is divided."""
        like = self._like
        made = nw.from_dict(_columns(add), backend=_eager(like.implementation))
        if like.implementation.is_pyspark():
            return made.lazy(like.implementation, session=like.to_native().sparkSession)
        return made.lazy(like.implementation) if isinstance(like, nw.LazyFrame) else made


def _eager(implementation: Any) -> Any:
    return "pyarrow" if implementation.is_duckdb() or implementation.is_pyspark() else implementation


def _columns(add: int) -> dict[str, list[int]]:
    return {"row": list(range(12)), "above": [one + add for one in _ABOVE], "below": list(_BELOW)}


def _asked(made: _Made) -> int:
    wrong = [name for name, same in _answers(made, 0).items() if not same]
    if wrong:
        implementation = str(made.rows(0).implementation)
        raise InvalidInput(Problem("divides-otherwise", ("frame",), implementation, ", ".join(wrong)))
    beyond = all(same for name, same in _answers(made, _WHOLES // 4).items() if name in _MODES)
    return 2 * _WHOLES if beyond else _FLOATS


def _answers(made: _Made, add: int) -> dict[str, bool]:
    """Whether each operation gives what it should."""
    above, below = slot(0, -(10**9) if add == 0 else 0, _WHOLES // 2), slot(1, 1, 10**8)
    terms: dict[str, Term] = {mode: quotient(above, below, mode) for mode in _MODES}
    terms["choose"] = choose(at_least(above, below), above, below)
    terms["pick"] = pick(choose(some(more_than(below, slot(2, 0, 12))), slot(2, 0, 2), slot(2, 0, 2)), (5, 6, 7))
    plan = Plan()
    slots = {0: Slot(nw.col("above")), 1: Slot(nw.col("below")), 2: Slot(nw.col("row"))}
    expressions = Expressions(plan, slots, 0, terms.values())
    columns = {name: expressions.number(term) for name, term in terms.items()}
    table = made.rows(add)
    for stage in plan.stages:
        table = table.with_columns(**stage)
    table = with_rank(table.with_columns(**columns), nw.col("below"), nw.col("row") > nw.lit(1), descending=True)
    got = (table.collect() if isinstance(table, nw.LazyFrame) else table).to_dict(as_series=False)
    order = sorted(range(12), key=got["row"].__getitem__)
    return {name: [_plain(got[name][place]) for place in order] == wanted for name, wanted in _wanted(add).items()}


def _plain(number: Any) -> int | None:
    """A number as Python has it; NumPy's NaN is a gap."""
    return None if number is None or number != number else int(number)  # only NaN is not itself


def _wanted(add: int) -> dict[str, list[Any]]:
    pairs = [(above + add, below) for above, below in zip(_ABOVE, _BELOW, strict=True)]
    made: dict[str, list[Any]] = {mode: [round_quotient(*pair, mode) for pair in pairs] for mode in _MODES}
    made["choose"] = [max(pair) for pair in pairs]
    made["pick"] = [(5, 6, 7)[min(row, 2)] for row in range(12)]
    ranked = [below for row, below in enumerate(_BELOW) if row > 1]
    made["rank"] = [1 + sum(other > below for other in ranked) if row > 1 else None for row, below in enumerate(_BELOW)]
    return made

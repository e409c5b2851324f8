"""Plan: the columns that are worked out one stage after the other, so that nothing shared is worked out twice."""

from collections.abc import Iterator

import narwhals as nw

PREFIX = "civrules:"
"""Begins every column that is worked out on the way; no criterion, item or id can be called so."""


def whole(value: int) -> nw.Expr:
    """A constant of 64 bits: a backend that takes the least size that holds it would overflow in the next step."""
    return nw.lit(value, dtype=nw.Int64)


def where(test: nw.Expr, then: nw.Expr, other: nw.Expr) -> nw.Expr:
    """One where the test holds, else the other; the test is never null."""
    return nw.when(test).then(then).otherwise(other)


class Plan:
    """Stages of columns; those of one stage are worked out from the input and from stages before."""

    def __init__(self) -> None:
        self._stages: list[dict[str, nw.Expr]] = []
        self._made = 0

    def keep(self, stage: int, expression: nw.Expr) -> nw.Expr:
        """The expression as a column of that stage; what comes back may be asked in the stages after."""
        while len(self._stages) <= stage:
            self._stages.append({})
        name = f"{PREFIX}{self._made}"
        self._made += 1
        self._stages[stage][name] = expression
        return nw.col(name)

    @property
    def stages(self) -> Iterator[dict[str, nw.Expr]]:
        """The columns of every stage that has some."""
        return (stage for stage in self._stages if stage)

    @property
    def end(self) -> int:
        """The stage after all."""
        return len(self._stages)

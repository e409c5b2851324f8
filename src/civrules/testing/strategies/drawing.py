"""Drawing from small pools, quickly."""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from civrules import Text

T = TypeVar("T")


def title_of(name: str) -> Text:
    """A title."""
    return Text(en=name)


@cache
def up_to(most: int) -> st.SearchStrategy[int]:
    """A whole number from 0; kept, for making a strategy takes longer than drawing from it."""
    return st.integers(0, most)


def pick(draw: st.DrawFn, pool: Sequence[T]) -> T:
    """One of the pool; shrinks to the first."""
    return pool[draw(up_to(len(pool) - 1))]


def chance(draw: st.DrawFn, one_in: int) -> bool:
    """True once in so many; shrinks to False."""
    return draw(up_to(one_in - 1)) == one_in - 1


def some(draw: st.DrawFn, pool: Sequence[T], least: int, most: int) -> list[T]:
    """So many different members of the pool, in its order."""
    left = list(range(len(pool)))
    chosen = [left.pop(draw(up_to(len(left) - 1))) for _ in range(min(least + draw(up_to(most - least)), len(pool)))]
    return [pool[index] for index in sorted(chosen)]

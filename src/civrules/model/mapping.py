"""FrozenMapping: a mapping that compares, hashes and pickles."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co]):
    """A mapping that cannot change: it compares with any mapping, hashes whatever the order, and pickles.

    >>> FrozenMapping({"a": 1}) == {"a": 1}, hash(FrozenMapping(a=1)) == hash(FrozenMapping({"a": 1}))
    (True, True)
    """

    __slots__ = ("_hash", "_items")
    _items: dict[K, V_co]
    _hash: int | None

    def __init__(self, items: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = (), /, **more: V_co) -> None:
        object.__setattr__(self, "_items", dict(items, **more))
        object.__setattr__(self, "_hash", None)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot change")

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> ItemsView[K, V_co]:
        """The pairs; the dict's own view, which is faster than the one that Mapping makes."""
        return self._items.items()

    def values(self) -> ValuesView[V_co]:
        """The values; the dict's own view, which is faster than the one that Mapping makes."""
        return self._items.values()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMapping):
            return self._items == other._items
        return self._items == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            object.__setattr__(self, "_hash", hash(frozenset(self._items.items())))
        return self._hash  # type: ignore[return-value]  # set just above

    def __repr__(self) -> str:
        return f"FrozenMapping({self._items!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMapping, (self._items,)

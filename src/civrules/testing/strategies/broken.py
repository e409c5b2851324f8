"""Documents with a fault, which a loader refuses in words, and plugins with one, which no host goes down with."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, TypeAlias

import attrs
import tomli_w
from hypothesis import strategies as st

from civrules import Standard, hookimpl
from civrules.authoring.documents import dump
from civrules.authoring.outline import CAMPAIGN_TABLES, OF_A_CHILD, TABLES
from civrules.codec.problems import KEYS, LATER
from civrules.model import condition, standard
from civrules.model.measures import BUILT_IN, Item, Shortfall, Tier
from civrules.testing.strategies.drawing import pick
from civrules.testing.strategies.standards import standards

Step: TypeAlias = tuple[str | int, ...]

WORDS = sorted(
    {
        *TABLES, *CAMPAIGN_TABLES, *OF_A_CHILD, *KEYS.values(), *(key for keys in LATER.values() for key in keys),
        *(
            field.name
            for module in (standard, condition)
            for kind in vars(module).values()
            if isinstance(kind, type) and attrs.has(kind)
            for field in attrs.fields(kind)
        ),
        *(field.name for kind in (*BUILT_IN.values(), Item, Shortfall, Tier) for field in attrs.fields(kind)),
        "kind", "parameter", "by", "lower",
    }
)  # fmt: skip
"""The keys of the format."""

scalars = st.one_of(
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["50%", "12 months", "a", "A", "tidy", "worst", "1.5", "fire", "all"]),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
"""What may stand anywhere in TOML."""


def steps_in(table: Any, path: Step = ()) -> Iterator[Step]:
    """The way to every value of a table, the outer ones first."""
    parts: Any = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for step, part in parts:
        yield (*path, step)
        yield from steps_in(part, (*path, step))


def writable(value: Any) -> Any:
    """The value without the characters that TOML cannot hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {writable(key): writable(part) for key, part in value.items()}
    return [writable(part) for part in value] if isinstance(value, list) else value


def _drawn_tables() -> st.SearchStrategy[Mapping[str, Any]]:
    return standards().map(lambda one: tomllib.loads(dump(one), parse_float=Decimal))


@st.composite
def broken_documents(draw: st.DrawFn, good: Sequence[Mapping[str, Any]] = ()) -> str:
    """The text of a good document of which one to three values were taken out, added, doubled, changed or exchanged.

    `good` are the tables to begin with; left out, those of drawn standards. Now and then what comes out is sound.
    """
    table: Any = deepcopy(draw(st.sampled_from(good) if good else _drawn_tables()))
    for _ in range(draw(st.integers(1, 3))):
        _break(draw, table)
        if not any(steps_in(table)):
            break
    return tomli_w.dumps(writable(table))


def _break(draw: st.DrawFn, table: Any) -> None:
    """Change one thing."""
    paths = list(steps_in(table))
    path = draw(st.sampled_from(paths))
    inner: Any = _at(table, path[:-1])
    last: Any = path[-1]
    what = draw(st.sampled_from(["delete", "add", "replace", "swap", "double"]))
    if what == "delete":
        del inner[path[-1]]
    elif what == "add" and isinstance(inner, dict):
        inner[draw(st.sampled_from(WORDS) | st.text(max_size=5))] = draw(values)
    elif what == "double" and isinstance(inner, list):
        inner.append(deepcopy(inner[last]))
    elif what == "swap":
        other = draw(st.sampled_from(paths))
        if other[: len(path)] != path and path[: len(other)] != other:
            there = _at(table, other[:-1])
            inner[path[-1]], there[other[-1]] = there[other[-1]], inner[path[-1]]
    else:
        inner[path[-1]] = draw(values)


def _at(table: Any, path: Step) -> Any:
    for step in path:
        table = table[step]
    return table


@attrs.frozen(repr=False)
class BrokenPlugin:
    """A plugin with one fault: in what way, and the object to hand to a book."""

    fault: str
    made: object

    def __repr__(self) -> str:
        return self.fault


class _Raising:
    @hookimpl
    def civrules_standards(self) -> list[Standard]:
        raise OSError("the disk is full")


class _NoList:
    @hookimpl
    def civrules_standards(self) -> Any:
        return 7


class _Strangers:
    @hookimpl
    def civrules_standards(self) -> Any:
        return ["example/check", None]


class _Misspelt:
    @hookimpl
    def civrules_standard(self) -> list[Standard]:
        return []


class _Undecorated:
    def civrules_standards(self) -> list[Standard]:
        return []


class _TooNew:
    civrules_api = "99.0"

    @hookimpl
    def civrules_standards(self) -> list[Standard]:
        return []


class _TakesMore:
    @hookimpl
    def civrules_standards(self, county: str) -> list[Standard]:
        return []


FAULTS: Mapping[str, type[Any]] = {
    "its hook raises": _Raising,
    "it hands over no list": _NoList,
    "it hands over what is no standard": _Strangers,
    "its hook is misspelt": _Misspelt,
    "its hook is not marked as one": _Undecorated,
    "it needs a later API": _TooNew,
    "its hook takes what no hook is given": _TakesMore,
}


@st.composite
def broken_plugins(draw: st.DrawFn) -> BrokenPlugin:
    """A plugin with one fault."""
    fault = pick(draw, tuple(FAULTS))
    return BrokenPlugin(fault, FAULTS[fault]())

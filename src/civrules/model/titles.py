"""Titles: what names are called that documents write as keys or words, such as levels and a task's items."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from civrules.errors import Problem, listed, nearest
from civrules.model.mapping import FrozenMapping
from civrules.model.text import Lang, Text

Titles: TypeAlias = Mapping[str, Text]


def titles_of(value: Mapping[str, Any]) -> FrozenMapping[str, Text]:
    """The titles by name, frozen."""
    return FrozenMapping(value)


def titled(name: str, titles: Titles, lang: Lang) -> str:
    """What the name is called; itself where it has no title.

    >>> titled("fair", {"fair": Text(zh="一般", en="Fair")}, "zh"), titled("poor", {}, "zh")
    ('一般', 'poor')
    """
    return titles[name].in_(lang) if name in titles else name


def title_problems(titles: Titles, names: Collection[str]) -> Iterator[Problem]:
    """Titles of what is not there."""
    for name in titles:
        if name not in names:
            yield Problem("unknown-word", ("titles", name), name, listed(names), nearest(name, names))

"""Registers: the bodies, references, honours and sets that a document declares and others may use."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import attrs

from civrules.model.mapping import FrozenMapping
from civrules.model.source import Sources, one_or_many
from civrules.model.text import Text


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _posts(values: Iterable[Any]) -> "tuple[Post, ...]":
    return tuple(Post(id=one) if isinstance(one, str) else one for one in values)


def _frozen(items: Mapping[str, str]) -> FrozenMapping[str, str]:
    return FrozenMapping(items)


@attrs.frozen(kw_only=True)
class Post:
    """A post of a body; who holds it the host says. In a document its id alone will do."""

    id: str
    title: Text | None = None


@attrs.frozen(kw_only=True)
class Body:
    """Who can be responsible: a bureau, a committee, a company.

    `aliases` are its other names in the document, `part_of` is the body that it belongs to, `posts` are filled by the
    host. With `attribute` it is whoever that attribute of the community names.
    """

    id: str
    title: Text
    aliases: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    part_of: str | None = None
    posts: tuple[Post, ...] = attrs.field(default=(), converter=_posts)
    attribute: str | None = None
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Reference:
    """A document that this one leans on: of which level, and whether it is at hand.

    `level` is in the document's own words: national, provincial, …. `state` is "attached" (with the document),
    "public", "host" (whoever uses the document has it) or "missing".
    """

    id: str
    title: Text
    level: str | None = None
    state: Literal["attached", "public", "host", "missing"] | None = None
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Honour:
    """A title that can be held.

    `level` is in the document's own words. `seats` is how many may hold it. `stage` is where it stands in this
    document.
    """

    id: str
    title: Text
    level: str | None = None
    seats: int | None = None
    stage: Literal["target", "nominated", "held", "re-evaluation", "lapsed"] | None = None
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class NamedSet:
    """A set that a document announces ("six ones"): how many it declares, which it lists, and what carries each.

    `declared` is how many the text says there are. `members` are those that it lists. `carried` leads from a member
    to the id of a criterion or section of the same document.
    """

    id: str
    title: Text
    declared: int | None = None
    members: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    carried: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_frozen)
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)

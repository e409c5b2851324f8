"""Ids: the names that documents and records hold on to."""

import re
from collections.abc import Iterable

from civrules.errors import InvalidDocument, Problem

ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
FULL_ID = f"{ID}/{ID}"
"""The forms of an id and of a standard's id, as patterns."""
_ID = re.compile(ID, re.ASCII)
_GRAMMAR = "a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -"
RESERVED_ITEMS = ("of", "na")
"""An item of these names would be taken for a column's suffix."""


def check_id(value: object, *where: str) -> str:
    """The id itself: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, ASCII. Raises InvalidDocument."""
    if not isinstance(value, str):
        raise InvalidDocument(Problem("wrong-type", where, value, "text"))
    if not _ID.fullmatch(value):
        raise InvalidDocument(Problem("bad-id", where, value, _GRAMMAR))
    return value


def check_full_id(value: object, *where: str) -> str:
    """The id of a standard, "plugin/name", itself. Raises InvalidDocument."""
    plugin, slash, name = value.partition("/") if isinstance(value, str) else ("", "", "")
    if not (slash and _ID.fullmatch(plugin) and _ID.fullmatch(name)):
        raise InvalidDocument(Problem("bad-id", where, value, "plugin/name"))
    return f"{plugin}/{name}"


def check_item(value: object, *where: str) -> str:
    """The id of an item itself; `of` and `na` are taken. Raises InvalidDocument."""
    if check_id(value, *where).lower() in RESERVED_ITEMS:
        raise InvalidDocument(Problem("reserved-id", where, value, ", ".join(RESERVED_ITEMS)))
    return str(value)


def duplicates(ids: Iterable[str]) -> tuple[str, ...]:
    """Those ids that stood before, regardless of case."""
    seen: set[str] = set()
    again = []
    for name in ids:
        if name.lower() in seen:
            again.append(name)
        seen.add(name.lower())
    return tuple(again)

"""Community: what is assessed, and where it lies."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.identity import check_id
from civrules.model.mapping import FrozenMapping

Fact: TypeAlias = str | int | bool | date | tuple[str, ...]
"""What is known of a community: a word, a whole number, yes or no, a day, or a list of words."""

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)
_DIVISION = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", re.ASCII)
LOCALITY = f"{_DIVISION.pattern}|{_REGION.pattern}"
"""The form of a locality, as a pattern."""
_GRAMMAR = "GB/T 2260 digits (2, 4, 6, 9 or 12) or ISO 3166-2 (GB-LND)"


def check_locality(value: object, *where: str) -> str:
    """The locality without its trailing zeros: "320000" is "32". Raises InvalidInput.

    Divisions have 2, 4, 6, 9 (township) and 12 (village) digits; a level that is all zeros is dropped. The source
    is GB/T 2260 and GB/T 10114.

    >>> check_locality("320724"), check_locality("320000"), check_locality("GB-LND")
    ('320724', '32', 'GB-LND')
    """
    if isinstance(value, str) and _REGION.fullmatch(value):
        return value
    if not isinstance(value, str) or not _DIVISION.fullmatch(value):
        raise InvalidInput(Problem("bad-locality", where, value, _GRAMMAR))
    for length, level in ((12, 3), (9, 3), (6, 2), (4, 2)):
        if len(value) == length and value.endswith("0" * level):
            value = value[:-level]
    return value


def contains(outer: str, inner: str) -> bool:
    """Whether the locality `inner` is `outer` or lies in it; both as `check_locality` gives them.

    >>> contains("32", "320724"), contains("GB", "GB-LND"), contains("320724", "32")
    (True, True, False)
    """
    return inner == outer or inner.startswith(outer if outer.isdigit() else f"{outer}-")


OWN_FIELDS = ("kind", "locality", "parent")
"""What conditions and rankings take from the community itself; any other word is one of its attributes."""


def _lists(table: Any) -> Any:
    """The table frozen, its lists too; what is no table is refused by the community that is made of it."""
    if not isinstance(table, Mapping):
        return table
    return FrozenMapping({name: tuple(part) if isinstance(part, list) else part for name, part in table.items()})


@attrs.frozen(kw_only=True)
class Community:
    """What is assessed: a compound, a campus, a premises. Without kind or locality the standard's own are not checked.

    `locality` is GB/T 2260 digits or ISO 3166-2, kept without trailing zeros; `places` is the register for criteria
    that count per unit: `{"building": ("1", "2")}`. Raises InvalidInput with every problem.

    >>> Community("compound-07", name="Compound 7", locality="320724").locality
    '320724'
    """

    id: str = attrs.field(kw_only=False)
    name: str | None = None
    kind: str | None = None
    locality: str | None = None
    parent: str | None = None
    attributes: Mapping[str, Fact] = attrs.field(factory=FrozenMapping, converter=_lists)
    places: Mapping[str, tuple[str, ...]] = attrs.field(factory=FrozenMapping, converter=_lists)

    def __attrs_post_init__(self) -> None:
        problems: list[Problem] = []
        for name in ("id", "kind", "parent"):
            value = getattr(self, name)
            if name == "id" or value is not None:
                problems += _problems(check_community_id if name != "kind" else check_id, value, name)
        if self.name is not None and not isinstance(self.name, str):
            problems.append(Problem("wrong-type", ("name",), self.name, "text"))
        problems += _table_problems("attributes", self.attributes, _is_fact, "text, whole number, yes/no, day or list")
        problems += _table_problems("places", self.places, _is_names, "a list of names")
        if self.locality is not None:
            try:
                object.__setattr__(self, "locality", check_locality(self.locality, "locality"))
            except InvalidInput as error:
                problems += error.problems
        if problems:
            raise InvalidInput(problems)

    def fact(self, name: str) -> Fact | None:
        """What is known of it by a name: its own kind, locality or parent, else its attribute; None where it is not.

        >>> Community("c", kind="campus", attributes={"old": True}).fact("kind")
        'campus'
        """
        own: str | None = getattr(self, name) if name in OWN_FIELDS else None
        return self.attributes.get(name) if own is None else own


def check_community_id(value: object, *where: str) -> str:
    """The id of a community itself: any text of at most 200 characters that a reader can see. Raises InvalidInput."""
    if not isinstance(value, str):
        raise InvalidInput(Problem("wrong-type", where, value, "text"))
    if not value.strip() or len(value) > 200 or not value.isprintable():
        raise InvalidInput(Problem("bad-id", where, value, "1 to 200 visible characters"))
    return value


def _is_fact(value: object) -> bool:
    return _is_names(value) or (isinstance(value, str | int | date) and not isinstance(value, datetime))


def _is_names(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(name, str) for name in value)


def _table_problems(key: str, table: object, holds: Callable[[object], bool], expected: str) -> Iterator[Problem]:
    """What is no table of named values of one kind."""
    if not isinstance(table, Mapping):
        yield Problem("wrong-type", (key,), table, "a table")
        return
    for name, value in table.items():
        if not isinstance(name, str):
            yield Problem("wrong-type", (key,), name, "text")
        elif not holds(value):
            yield Problem("wrong-type", (key, name), value, expected)


def _problems(check: object, value: object, name: str) -> tuple[Problem, ...]:
    try:
        check(value, name)  # type: ignore[operator]  # one of the two checks above
    except CivrulesError as error:
        return error.problems
    return ()

"""Condition: the one language of applies_when, requires, gates and outcomes; data, never code."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, Self, TypeAlias

import attrs

from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.days import Duration
from civrules.model.figures import Number, figure, plain
from civrules.model.given import Interval, ParameterOf, interval_of, read_parameter

DEEPEST = 8
COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
SUBJECTS = ("happened", "failed", "failed_tag", "value", "points", "section", "worst_in", "figure", "attribute")
GROUPS = ("all", "any", "none")
FOLLOWING = ("grade", "honour", "streak", "change", "rank", "outcome", "case")
"""What only outcomes and tasks may name: an evaluation is a function of one community."""
_DETAILS = {"happened": ("within", "during"), "value": ("equals",), "attribute": ("equals", "has")}
_FIGURES = ("failed_tag", "value", "points", "section", "worst_in", "figure", "attribute")
_NEEDS_FIGURE = ("points", "section", "worst_in", "figure")


def details_of(subject: str) -> tuple[str, ...]:
    """The keys that may stand beside what a condition names."""
    return (*_DETAILS.get(subject, ()), *(COMPARISONS if subject in _FIGURES else ()))


def needs_comparison(subject: str) -> bool:
    """Whether one of those keys must stand beside it."""
    return subject in (*_NEEDS_FIGURE, "value", "attribute")


Threshold: TypeAlias = Decimal | str
"""A plain figure, or one in percent such as "60%"."""


def threshold(number: Number) -> Threshold:
    """A figure as documents keep it: Decimal where plain, text such as "95%" where in percent. Raises InvalidInput."""
    exact, percent = figure(number)
    return f"{plain(exact)}%" if percent else exact


def optional_threshold(number: Number | None) -> Threshold | None:
    """`threshold`, where one is given."""
    return None if number is None else threshold(number)


def _one_or_several(value: Any) -> Any:
    """What a thing equals: one word, or a list of them."""
    return tuple(value) if isinstance(value, list) else value


def _conditions(tables: Any) -> "tuple[Condition, ...] | None":
    if tables is None:
        return None
    return tuple(table if isinstance(table, Condition) else Condition.of(table) for table in tables)


@attrs.frozen(kw_only=True)
class Condition:
    """One thing named, and for figures one or two comparisons. Fields are the keys of the document's table.

    `happened` (with `within` or `during`), `failed`, `failed_tag`, `value`, `points`, `section`, `worst_in`,
    `figure` ("score" or "coverage") and `attribute` name one thing; `all`, `any` and `none` hold conditions. A plain
    figure compares points; "60%" compares with that share of what the thing can reach; a parameter may give `within`.
    Raises InvalidDocument.

    >>> Condition.of({"happened": "fire", "within": "12 months"}).happened
    'fire'
    """

    happened: str | None = None
    failed: str | None = None
    failed_tag: str | None = None
    value: str | None = None
    points: str | None = None
    section: str | None = None
    worst_in: str | None = None
    figure: Literal["score", "coverage"] | None = None
    attribute: str | None = None
    all: "tuple[Condition, ...] | None" = attrs.field(default=None, converter=_conditions)
    any: "tuple[Condition, ...] | None" = attrs.field(default=None, converter=_conditions)
    none: "tuple[Condition, ...] | None" = attrs.field(default=None, converter=_conditions)
    at_least: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    more_than: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    at_most: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    less_than: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    equals: str | bool | Decimal | tuple[str | Decimal, ...] | None = attrs.field(
        default=None, converter=_one_or_several
    )
    has: str | None = None
    within: Interval | None = attrs.field(default=None, converter=interval_of)
    during: Literal["year"] | None = None

    def __attrs_post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise InvalidDocument(problems)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Read a table: {"happened": "fire", "within": "12 months"}, {"section": "safety", "less_than": 60}, ...

        Raises InvalidDocument with every problem of the table and of the tables in it.
        """
        read: Self = _read(cls, table, 1)
        return read

    @cached_property
    def subject(self) -> str:
        """Which thing is named: one of `SUBJECTS` or `GROUPS`."""
        return next(name for name in (*SUBJECTS, *GROUPS) if getattr(self, name) is not None)

    @cached_property
    def target(self) -> str:
        """The id or word that the subject names; "" for a group."""
        return str(getattr(self, self.subject)) if self.subject in SUBJECTS else ""

    @cached_property
    def wanted(self) -> tuple[str | bool | Decimal, ...]:
        """The words of `equals`, of which one is enough."""
        if self.equals is None:
            return ()
        return self.equals if isinstance(self.equals, tuple) else (self.equals,)

    @cached_property
    def members(self) -> "tuple[Condition, ...]":
        """The conditions of a group; none for a subject."""
        return () if self.subject in SUBJECTS else getattr(self, self.subject)

    @cached_property
    def comparisons(self) -> tuple[tuple[str, Threshold], ...]:
        """The comparisons given: (word, threshold)."""
        pairs = ((name, getattr(self, name)) for name in COMPARISONS)
        return tuple((name, limit) for name, limit in pairs if limit is not None)

    def walk(self) -> "Iterator[Condition]":
        """This condition and all that it holds."""
        yield self
        for member in self.members:
            yield from member.walk()

    def _problems(self) -> Iterator[Problem]:
        given = [name for name in (*SUBJECTS, *GROUPS) if getattr(self, name) is not None]
        if len(given) != 1:
            yield Problem("one-of", (), ", ".join(given) or None, ", ".join((*SUBJECTS, *GROUPS)))
            return
        subject = given[0]
        if subject in GROUPS and not getattr(self, subject):
            yield Problem("empty", (subject,), None, "at least one condition")
        allowed = details_of(subject)
        for name in (*COMPARISONS, "equals", "has", "within", "during"):
            if getattr(self, name) is not None and name not in allowed:
                yield Problem("not-compared", (), subject, name)
        compared = [name for name in allowed if getattr(self, name) is not None]
        if not compared and needs_comparison(subject):
            yield Problem("must-compare", (), subject, ", ".join(allowed))
        if self.equals == ():
            yield Problem("empty", ("equals",), None, "at least one word")
        if len(self.comparisons) > 2:
            yield Problem("bad-argument", (), ", ".join(compared), "one comparison, or two that make a range")
        yield from self._words()

    def _words(self) -> Iterator[Problem]:
        """Words and lengths of time that are not known."""
        for key, words in (("figure", ("score", "coverage")), ("during", ("year",))):
            word = getattr(self, key)
            if word is not None and word not in words:
                yield Problem("unknown-word", (key,), word, ", ".join(words), nearest(word, words))
        if self.within is not None and not isinstance(self.within, ParameterOf):
            try:
                Duration.of(self.within)
            except CivrulesError as error:
                yield from error.within("within")


_TEXTS = (*(set(SUBJECTS) - {"figure"}), "has", "within")


def _read(cls: type[Any], table: Any, depth: int) -> Any:
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
    if depth > DEEPEST:
        raise InvalidDocument(Problem("too-deep", (), None, str(DEEPEST)))
    problems: list[Problem] = []
    known = [field.name for field in attrs.fields(cls)]
    fields: dict[str, Any] = {}
    following = [Problem("gate-on-outcome", (), key) for key in table if key in FOLLOWING]
    if following:
        raise InvalidDocument(following)
    for key, value in table.items():
        try:
            fields[key] = _read_key(cls, key, value, depth, known)
        except CivrulesError as error:
            problems += error.within(key) if key in known and key not in GROUPS else error.problems
    if problems:
        raise InvalidDocument(problems)
    return cls(**fields)


def _read_key(cls: type[Any], key: str, value: Any, depth: int, known: list[str]) -> Any:
    if key not in known:
        raise InvalidDocument(Problem("unknown-key", (), key, ", ".join(known), nearest(key, known)))
    if key in GROUPS:
        if not isinstance(value, list | tuple):
            raise InvalidDocument(Problem("wrong-type", (key,), value, "a list of conditions"))
        return _read_group(cls, key, value, depth)
    if key == "within" and isinstance(value, Mapping):
        return read_parameter(value)
    if key in _TEXTS and not isinstance(value, str):
        raise InvalidDocument(Problem("wrong-type", (), value, "text"))
    if key in (*COMPARISONS, "equals") and isinstance(value, Mapping):
        raise InvalidDocument(Problem("parameter-here", (), value, "a figure"))
    if key == "equals":
        return value if isinstance(value, bool) else _equals(value)
    if key in COMPARISONS and isinstance(value, str) and not value.endswith("%"):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a figure, or text such as "95%"'))
    return threshold(value) if key in COMPARISONS else value


def _equals(value: Any) -> Any:
    """A word or a figure, or a list of them."""
    if isinstance(value, list | tuple):
        return tuple(_equals(one) for one in value)
    if isinstance(value, bool | Mapping):
        raise InvalidDocument(Problem("wrong-type", (), value, "text, or a figure"))
    return value if isinstance(value, str) else figure(value)[0]


def _read_group(cls: type[Any], key: str, tables: Any, depth: int) -> tuple[Any, ...]:
    members = []
    problems: list[Problem] = []
    for number, table in enumerate(tables, 1):
        try:
            members.append(table if isinstance(table, cls) else _read(cls, table, depth + 1))
        except CivrulesError as error:
            problems += error.within(f"{key}[{number}]")
    if problems:
        raise InvalidDocument(problems)
    return tuple(members)

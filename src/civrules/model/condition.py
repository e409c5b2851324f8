"""Condition: the one language of applies_when, requires, gates and outcomes; data, never code."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
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
LISTED = ("grade", "honour", "outcome", "case")
"""Those of them of which several may be named; one is enough."""
NAMED = (*SUBJECTS, *FOLLOWING)
CASES = ("open", "overdue", "repeated")
STAGES = ("target", "nominated", "held", "re-evaluation", "lapsed")
MOST_STREAK = 1000
_DETAILS = {
    "happened": ("within", "during"), "value": ("equals",), "attribute": ("equals", "has"), "honour": ("stage",),
    "streak": ("when",), "rank": ("first", "last", "between"),
}  # fmt: skip
_FIGURES = ("failed_tag", "value", "points", "section", "worst_in", "figure", "attribute", "change")
_NEEDS_FIGURE = ("points", "section", "worst_in", "figure", "change")
_EVERY_DETAIL = ("equals", "has", "within", "during", "stage", "when", "first", "last", "between")


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


def _words(value: Any) -> tuple[str, ...] | None:
    """One word or a list of them."""
    return None if value is None else (value,) if isinstance(value, str) else tuple(value)


def _places(value: Any) -> tuple[int, int] | None:
    return None if value is None else (value[0], value[1])


def _cut(value: Any) -> Threshold | None:
    return optional_threshold(value)


def _condition(table: Any) -> "Condition | None":
    return table if table is None or isinstance(table, Condition) else Condition.of(table)


def _conditions(tables: Any) -> "tuple[Condition, ...] | None":
    if tables is None:
        return None
    return tuple(table if isinstance(table, Condition) else Condition.of(table) for table in tables)


@attrs.frozen(kw_only=True)
class Condition:
    """One thing named, and for figures one or two comparisons. Fields are the keys of the document's table.

    A plain figure compares points; "60%" compares with that share of what the thing can reach. On something missing a
    condition is false, but where it counts as the worst.

    `happened` names an event that counts. `within` looks so long back from the day; `during` looks at its calendar
    year. `failed` names a criterion that fails. `failed_tag` names a tag: how many criteria that have it fail.
    `value` names a criterion: what was seen of it, or of its item ("fire:smoke-alarm"). `points` names a criterion:
    its points. `section` names a section: its points after scale_to, cap and floor. `worst_in` names a section: the
    points of its least favourable line. `figure` is the score or the coverage. `attribute` names an attribute of the
    community. `grade` has grades of which one is enough. `honour` has honours of which one is enough. `stage` is
    where the honour must stand (held, where it does not say). `streak` is in how many periods in a row `when` must
    hold, this one included. `change` names what must have risen or fallen since the period before. `rank` names a
    ranking. `first` and `last` take so many places from its best and its worst end, a number or a share. `between`
    has the first and the last place that count. `outcome` names other outcomes of which one must be in force. `case`
    is what one of its cases is, or words of which one is enough. `all`: every one of the conditions holds. `any`: one
    of the conditions holds. `none`: not one of the conditions holds. `equals` is a word or a list of words of which
    one is enough. `has` is a word that the attribute's list must hold. Raises InvalidDocument.

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
    grade: tuple[str, ...] | None = attrs.field(default=None, converter=_words)
    honour: tuple[str, ...] | None = attrs.field(default=None, converter=_words)
    streak: int | None = None
    change: str | None = None
    rank: str | None = None
    outcome: tuple[str, ...] | None = attrs.field(default=None, converter=_words)
    case: tuple[str, ...] | None = attrs.field(default=None, converter=_words)
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
    stage: Literal["target", "nominated", "held", "re-evaluation", "lapsed"] | None = None
    when: "Condition | None" = attrs.field(default=None, converter=_condition)
    first: Threshold | None = attrs.field(default=None, converter=_cut)
    last: Threshold | None = attrs.field(default=None, converter=_cut)
    between: tuple[int, int] | None = attrs.field(default=None, converter=_places)

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
        """Which thing is named: one of `NAMED` or `GROUPS`."""
        return next(name for name in (*NAMED, *GROUPS) if getattr(self, name) is not None)

    @cached_property
    def target(self) -> str:
        """The id or word that the subject names; "" for a group and for what names a list or a number."""
        named = getattr(self, self.subject)
        return named if isinstance(named, str) else ""

    @cached_property
    def wanted(self) -> tuple[str | bool | Decimal, ...]:
        """The words of `equals`, or the names that the subject lists, of which one is enough."""
        if self.subject in LISTED:
            names: tuple[str, ...] = getattr(self, self.subject)
            return names
        if self.equals is None:
            return ()
        return self.equals if isinstance(self.equals, tuple) else (self.equals,)

    @cached_property
    def members(self) -> "tuple[Condition, ...]":
        """The conditions of a group, that of a streak; none for any other subject."""
        if self.subject in GROUPS:
            return getattr(self, self.subject) or ()
        return () if self.when is None else (self.when,)

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
        given = [name for name in (*NAMED, *GROUPS) if getattr(self, name) is not None]
        if len(given) != 1:
            yield Problem("one-of", (), ", ".join(given) or None, ", ".join((*SUBJECTS, *GROUPS)))
            return
        subject = given[0]
        if subject in (*GROUPS, *LISTED) and not getattr(self, subject):
            expected = "at least one condition" if subject in GROUPS else "at least one word"
            yield Problem("empty", (subject,), None, expected)
        allowed = details_of(subject)
        for name in (*COMPARISONS, *_EVERY_DETAIL):
            if getattr(self, name) is not None and name not in allowed:
                yield Problem("not-compared", (), subject, name)
        compared = [name for name in allowed if getattr(self, name) is not None]
        if not compared and needs_comparison(subject):
            yield Problem("must-compare", (), subject, ", ".join(allowed))
        if self.equals == ():
            yield Problem("empty", ("equals",), None, "at least one word")
        if len(self.comparisons) > 2:
            yield Problem("bad-argument", (), ", ".join(compared), "one comparison, or two that make a range")
        yield from self._following(subject)
        yield from self._words()

    def _following(self, subject: str) -> Iterator[Problem]:
        """What is wrong with a place, a streak or a change."""
        if subject == "streak":
            if self.when is None:
                yield Problem("missing-key", (), None, "when")
            if isinstance(self.streak, bool) or not 1 <= int(self.streak or 0) <= MOST_STREAK:
                yield Problem("out-of-range", ("streak",), self.streak, f"1 … {MOST_STREAK}")
        if subject == "change":
            yield from (
                Problem("percent-here", (word,), limit) for word, limit in self.comparisons if isinstance(limit, str)
            )
        if subject != "rank":
            return
        cuts = [name for name in ("first", "last", "between") if getattr(self, name) is not None]
        if len(cuts) != 1:
            yield Problem("one-of", (), ", ".join(cuts) or None, "first, last, between")
        for name in ("first", "last"):
            if (cut := getattr(self, name)) is not None and not _is_cut(cut):
                yield Problem("out-of-range", (name,), cut, "a whole number from 1, or above 0% and at most 100%")
        if self.between is not None and not 1 <= self.between[0] <= self.between[1]:
            yield Problem("bad-order", ("between",), list(self.between), "places from 1, the better first")

    def _words(self) -> Iterator[Problem]:
        """Words and lengths of time that are not known."""
        known = (("figure", ("score", "coverage")), ("during", ("year",)), ("stage", STAGES))
        given = [(key, getattr(self, key), words) for key, words in known if getattr(self, key) is not None]
        for key, word, words in (*given, *(("case", word, CASES) for word in self.case or ())):
            if word not in words:
                yield Problem("unknown-word", (key,), word, ", ".join(words), nearest(word, words))
        if self.within is not None and not isinstance(self.within, ParameterOf):
            try:
                Duration.of(self.within)
            except CivrulesError as error:
                yield from error.within("within")


_TEXTS = (*(set(NAMED) - {"figure", "streak", *LISTED}), "has", "within", "stage")


def _is_cut(cut: Threshold) -> bool:
    """Whether the first or last so many can be taken: 10, or "2.5%"."""
    if isinstance(cut, str):
        return 0 < figure(cut)[0] <= 100
    return cut >= 1 and cut == int(cut)


def _read(cls: type[Any], table: Any, depth: int) -> Any:
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
    if depth > DEEPEST:
        raise InvalidDocument(Problem("too-deep", (), None, str(DEEPEST)))
    problems: list[Problem] = []
    known = [field.name for field in attrs.fields(cls)]
    fields: dict[str, Any] = {}
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
    if key in _READERS:
        return _READERS[key](cls, value, depth)
    if key in _TEXTS and not isinstance(value, str):
        raise InvalidDocument(Problem("wrong-type", (), value, "text"))
    if key in (*COMPARISONS, "equals") and isinstance(value, Mapping):
        raise InvalidDocument(Problem("parameter-here", (), value, "a figure"))
    if key == "equals":
        return value if isinstance(value, bool) else _equals(value)
    if key in COMPARISONS and isinstance(value, str) and not value.endswith("%"):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a figure, or text such as "95%"'))
    return threshold(value) if key in COMPARISONS else value


def _read_names(_: type[Any], value: Any, __: int) -> Any:
    if isinstance(value, str):
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise InvalidDocument(Problem("wrong-type", (), value, "text, or a list of names"))
    return tuple(value)


def _read_count(_: type[Any], value: Any, __: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidDocument(Problem("wrong-type", (), value, "a whole number"))
    return value


def _read_cut(_: type[Any], value: Any, __: int) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a whole number, or a share such as "10%"'))
    return threshold(value)


def _read_between(cls: type[Any], value: Any, depth: int) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidDocument(Problem("wrong-type", (), value, "a list of 2"))
    return tuple(_read_count(cls, one, depth) for one in value)


def _read_when(cls: type[Any], value: Any, depth: int) -> Any:
    return value if isinstance(value, cls) else _read(cls, value, depth + 1)


_READERS: Mapping[str, Callable[[type[Any], Any, int], Any]] = MappingProxyType(
    {
        **dict.fromkeys(LISTED, _read_names),
        "streak": _read_count,
        "first": _read_cut,
        "last": _read_cut,
        "between": _read_between,
        "when": _read_when,
    }
)


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

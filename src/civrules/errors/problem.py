"""Problem, and the errors that carry problems."""

import difflib
import heapq
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Literal, Self

import attrs

from civrules.errors.codes import CODES, LINTS
from civrules.errors.sentence import NO_OPTIONS

_MOST_COMPARED = 20
_MOST_SEARCHED = 5000
_MOST_LISTED = 100
_NOTHING = {"zh": "无", "en": "nothing"}
_LONGEST_SHOWN = 100
_LONGEST_PLACE = 120
_MOST_SHOWN = 20
_DEEPEST_SHOWN = 4


def shown(value: object) -> str:
    r"""The value as one printable line: quoted where it is text, cut where it is long, control characters escaped.

    Lists, tables and yes/no are written as documents write them.

    >>> shown("a" + chr(10) + "b"), shown(7), shown({"parameter": "rate"}), shown([True])
    ('"a\\nb"', '7', '{ parameter = "rate" }', '[true]')
    """
    if isinstance(value, str):
        return f'"{_cut(value, _LONGEST_SHOWN)}"'
    try:
        return _cut(_written(value, _DEEPEST_SHOWN), _LONGEST_SHOWN)
    except Exception:  # noqa: BLE001  # whatever was handed in, a problem can say so
        return f"something of type {type(value).__name__}"


def _written(value: object, deeper: int) -> str:
    if isinstance(value, str):
        return f'"{value[: _LONGEST_SHOWN + 1]}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_SHOWN:
        return f"a whole number of {value.bit_length()} bits"
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        return "{ " + _parts(((f"{key} = ", value[key]) for key in value), deeper) + " }"
    if isinstance(value, list | tuple):
        return "[" + _parts((("", part) for part in value), deeper) + "]"
    return str(value)


def _parts(parts: Iterable[tuple[str, object]], deeper: int) -> str:
    """The first parts of a list or table, where they may still be shown."""
    if not deeper:
        return "…"
    return ", ".join(f"{name}{_written(part, deeper - 1)}" for name, part in islice(parts, _MOST_SHOWN))


def _cut(text: str, longest: int) -> str:
    return "".join(map(_visible, text[:longest])) + ("…" if len(text) > longest else "")


def _visible(character: str) -> str:
    if unicodedata.category(character)[0] in "CZ" and character != " ":
        return character.encode("unicode_escape").decode("ascii")
    return character


def nearest(word: object, words: Iterable[str]) -> str:
    """The valid word that is most like `word`, or "" where none is near.

    >>> nearest("staires", ["stairs", "waste"])
    'stairs'
    """
    if not isinstance(word, str) or len(word) > 100:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in words}
    likely: Iterable[str] = by_lower
    if len(by_lower) > _MOST_SEARCHED:
        return ""
    if len(by_lower) > _MOST_COMPARED:
        pairs = _pairs(word.lower())
        likely = heapq.nlargest(_MOST_COMPARED, by_lower, key=lambda one: (len(pairs & _pairs(one)), one))
    found = difflib.get_close_matches(word.lower(), likely, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


@lru_cache(maxsize=2 * _MOST_SEARCHED)
def _pairs(word: str) -> frozenset[str]:
    """The pairs of letters of a word: words that share many are alike, and that is quickly seen."""
    return frozenset(map("".join, pairwise(f" {word} ")))


def listed(words: Iterable[str]) -> str:
    """The words in a row; of very many the first.

    >>> listed(["stairs", "waste"])
    'stairs, waste'
    """
    first = list(islice(words, _MOST_LISTED + 1))
    return ", ".join([*first[:_MOST_LISTED], *(["…"] if len(first) > _MOST_LISTED else [])])


@attrs.frozen(hash=False)
class Problem:
    """Anything wrong, wherever it was met: document, table, observation, plugin, lint, bulk row.

    `code` is one of `civrules.errors.codes.CODES`; `where` leads from the outside in (file, table, key; plugin,
    distribution, version; row, column). `expected` and `hint` are data, not sentences: the words, range or form
    that would do, and the nearest valid word or the thing to change; `say` makes the sentence.

    >>> Problem("unknown-key", ("a.toml", "grade[1]"), "titel", "id, title", "title").say()
    'a.toml › grade[1]: unknown key "titel"; expected one of: id, title; did you mean "title"?'
    """

    code: str
    where: tuple[str | int, ...] = ()
    value: object = None
    expected: str = ""
    hint: str = ""
    severity: Literal["error", "warning", "note"] = "error"

    def __hash__(self) -> int:
        try:
            return hash((self.code, self.where, self.value, self.expected, self.hint))
        except TypeError:
            return hash((self.code, self.where, self.expected, self.hint))

    def say(self, lang: Literal["zh", "en"] = "en", *, options: Mapping[str, str] = NO_OPTIONS) -> str:
        """The problem as one sentence in `lang`: where, what, what was expected, what to do.

        `options` are what a host calls the arguments that a remedy names: with {"on": "--on"} it says `--on` and not
        `on=`.
        """
        in_ = getattr(self.value, "in_", None)
        value = in_(lang) if in_ else _NOTHING[lang] if self.value is None else shown(self.value)
        # Who reads a note has a year to run, not the document to mend.
        remedied = self.severity != "note" or self.code not in LINTS
        written = "" if self.hint else _as_wanted(self.code, self.value, self.expected)
        sentence = CODES[self.code].say(
            lang, value=value, expected=self.expected, hint=self.hint, written=written, remedied=remedied,
            options=options,
        )  # fmt: skip
        place = " › ".join(_place(part, lang) for part in self.where)
        return f"{place}{'：' if lang == 'zh' else ': '}{sentence}" if place else sentence

    def within(self, *outer: str | int) -> Self:
        """The same problem, seen from further out."""
        return attrs.evolve(self, where=(*outer, *self.where))


def _as_wanted(code: str, value: object, expected: str) -> str:
    """What was met as a document writes it where this is expected: quotes or brackets too many or too few; else ""."""
    if code == "bad-day":
        return value if expected == A_DATE and isinstance(value, str) and _is_day(value) else ""
    if code != "wrong-type":
        return ""
    if isinstance(value, str):
        if expected in _LISTS:
            return f"[{shown(value)}]"
        figure = expected in _FIGURES and _FIGURE.fullmatch(value)
        return value if figure or (expected == "true or false" and value in ("true", "false")) else ""
    plain = isinstance(value, int | Decimal | date) and not isinstance(value, bool)
    return f'"{value}"' if expected == "text" and plain else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


A_DATE = "a date, YYYY-MM-DD"
"""What is expected where a document, or Python, writes a day that is no text."""
_FIGURE = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", re.ASCII)
_FIGURES = ("a figure", 'a figure, or text such as "95%"', "a whole number", 'a whole number, or "exact"')
_LISTS = ("a list", "a list of names")


def _place(part: str | int, lang: Literal["zh", "en"]) -> str:
    """A part of the way to a problem; a number is a row of a table."""
    if isinstance(part, int):
        return f"第{part}行" if lang == "zh" else f"row {part}"
    return _cut(part, _LONGEST_PLACE)


class Problems:
    """Problems gathered while something is read: the first thousand are kept, all are counted."""

    MOST = 1000

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self.count = 0

    def __bool__(self) -> bool:
        return self.count > 0

    def add(self, *problems: Problem) -> None:
        """Keep these, or count them where there are too many."""
        self.count += len(problems)
        self._kept += problems[: self.MOST - len(self._kept)]

    def all(self) -> tuple[Problem, ...]:
        """Those kept, by file and row, and how many more there are."""
        kept = sorted(self._kept, key=_row)
        more = self.count - len(kept)
        return (*kept, Problem("more-problems", (), more)) if more else tuple(kept)


def _row(problem: Problem) -> tuple[str, int]:
    """What sorts problems: the file, then the row."""
    return str(problem.where[0]) if problem.where else "", next(
        (part for part in problem.where if isinstance(part, int)), 0
    )


class CivrulesError(Exception):
    """The base of every error that civrules raises; `problems` holds all that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.say()

    def say(self, lang: Literal["zh", "en"] = "en", *, options: Mapping[str, str] = NO_OPTIONS) -> str:
        """Every problem, one to a line."""
        return "\n".join(problem.say(lang, options=options) for problem in self.problems)

    def within(self, *outer: str | int) -> tuple[Problem, ...]:
        """The problems, seen from further out."""
        return tuple(problem.within(*outer) for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class InvalidDocument(CivrulesError, ValueError):
    """A standard or campaign cannot be what it says; holds every problem of the file."""


class InvalidInput(CivrulesError, ValueError):
    """Observations, waivers or dates cannot be read or used; holds every problem of the call."""


class StandardUnavailable(CivrulesError, LookupError):
    """No such standard, none in force that day, or its plugin is broken; says which and names the nearest id."""


class NotComparable(CivrulesError, ValueError):
    """Evaluations of different editions, tailorings or coverage were put in one order."""

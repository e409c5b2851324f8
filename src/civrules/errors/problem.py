"""Problem, and the errors that carry problems."""

import difflib
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal, Self

import attrs

from civrules.errors.codes import CODES

_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    r"""The value as one printable line: quoted where it is text, cut where it is long, control characters escaped.

    >>> shown("a" + chr(10) + "b"), shown(7)
    ('"a\\nb"', '7')
    """
    if isinstance(value, str):
        text = value[: _LONGEST_SHOWN + 1]
        cut = len(value) > _LONGEST_SHOWN
        return f'"{"".join(map(_visible, text[:_LONGEST_SHOWN]))}{"…" if cut else ""}"'
    if isinstance(value, int) and abs(value) >= 10**_LONGEST_SHOWN:
        return f"a whole number of {value.bit_length()} bits"
    text = str(value)
    return "".join(map(_visible, text[:_LONGEST_SHOWN])) + ("…" if len(text) > _LONGEST_SHOWN else "")


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
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


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
        return hash((self.code, self.where, self.expected, self.hint))

    def say(self, lang: Literal["zh", "en"] = "en") -> str:
        """The problem as one sentence in `lang`: where, what, what was expected, what to do."""
        in_ = getattr(self.value, "in_", None)
        value = in_(lang) if in_ else shown(self.value)
        sentence = CODES[self.code].say(lang, value=value, expected=self.expected, hint=self.hint)
        place = " › ".join(str(part) for part in self.where)
        return f"{place}{'：' if lang == 'zh' else ': '}{sentence}" if place else sentence

    def within(self, *outer: str | int) -> Self:
        """The same problem, seen from further out."""
        return attrs.evolve(self, where=(*outer, *self.where))


class CivrulesError(Exception):
    """The base of every error that civrules raises; `problems` holds all that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.say()

    def say(self, lang: Literal["zh", "en"] = "en") -> str:
        """Every problem, one to a line."""
        return "\n".join(problem.say(lang) for problem in self.problems)

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

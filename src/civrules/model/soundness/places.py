"""Where a problem of a standard stands, and the checks that every table shares."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from civrules.errors import CivrulesError, Problem, nearest

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Section, Standard

Path = tuple[str, ...]

_WORDS = {
    "missing": ("worst", "rescale", "hold", "refuse"),
    "not_applicable": ("rescale", "full", "refuse"),
    "rescale": ("total", "section"),
    "combine": ("sum", "weighted", "mean", "worst"),
    "role": ("base", "adjustment"),
    "strength": ("must", "should", "informative"),
    "pool": ("latest", "sum", "mean", "worst", "best"),
    "assessors": ("mean", "worst", "best"),
    "places": ("worst", "best", "mean", "sum"),
    "direction": ("merits", "demerits"),
    "mode": ("half-up", "half-even", "up", "down"),
    "grade_from": ("rounded", "exact"),
    "provenance": ("published", "reference"),
    "state": ("attached", "public", "host", "missing"),
    "stage": ("target", "nominated", "held", "re-evaluation", "lapsed"),
    "ties": ("in", "out"),
    "anniversary": ("excluded", "included"),
    "of": ("score", "grade"),
    "lacking": ("missing", "skip", "zero"),
    "method": ("report", "documents", "questionnaire", "online", "on-site", "overall"),
}


def label(table: str, index: int, name: object) -> str:
    """How a table of a list is named in a problem: `section[2] "upkeep"`; its place where it has no id.

    >>> label("section", 1, "upkeep")
    'section[2] "upkeep"'
    """
    return f'{table}[{index + 1}] "{name}"' if isinstance(name, str) else f"{table}[{index + 1}]"


def attempt(check: Callable[..., object], *arguments: object) -> Iterator[Problem]:
    """The problems that a check raises."""
    try:
        check(*arguments)
    except CivrulesError as error:
        yield from error.problems


def word_problems(key: str, word: object, *where: str) -> Iterator[Problem]:
    """The problem where a word is none of those its key knows."""
    words = _WORDS[key]
    if word not in words:
        yield Problem("unknown-word", (*where, key), word, ", ".join(words), nearest(word, words))


def sections_with_places(standard: "Standard") -> "Iterator[tuple[tuple[Section, ...], Path]]":
    """Every section as the line that leads to it from the top, and its place."""
    for index, section in enumerate(standard.sections):
        yield from _below((section,), (label("section", index, section.id),))


def _below(line: "tuple[Section, ...]", where: Path) -> "Iterator[tuple[tuple[Section, ...], Path]]":
    yield line, where
    for inner in line[-1].sections:
        yield from _below((*line, inner), (*where, f'section "{inner.id}"'))


def criterion_place(where: Path, criterion: "Criterion") -> Path:
    """The place of a criterion in its section."""
    return (*where, f'criterion "{criterion.id}"')


def twice(parts: Iterable[tuple[str, Path]]) -> Iterator[Problem]:
    """Every id that stood before, regardless of case, at its place."""
    seen: set[str] = set()
    for name, where in parts:
        if name.lower() in seen:
            yield Problem("duplicate-id", (*where, "id"), name)
        seen.add(name.lower())


def sources(standard: "Standard") -> Iterator[Problem]:
    """Words of the sources on every table that cites."""
    holders: list[tuple[Path, Any]] = [(("standard",), standard)]
    for line, where in sections_with_places(standard):
        holders += [(where, line[-1]), *((criterion_place(where, one), one) for one in line[-1].criteria)]
    holders += [((label("grade", index, one.id),), one) for index, one in enumerate(standard.grades)]
    holders += [((label("gate", index, one.id),), one) for index, one in enumerate(standard.gates)]
    holders += [((label("reading", index, None),), one) for index, one in enumerate(standard.readings)]
    for path, holder in holders:
        for index, source in enumerate(holder.source):
            yield from word_problems("provenance", source.provenance, *path, f"source[{index + 1}]")

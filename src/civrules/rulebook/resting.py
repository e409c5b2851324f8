"""Resting: what documents rest on, found among all that a book's plugins supply."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeAlias

from civrules.authoring.documents import Draft
from civrules.errors import Problem, StandardUnavailable
from civrules.rulebook.plugin import Entry

DEEPEST = 8
"""So many documents may be extended, one by the other, on the way to the one that is whole in itself."""

Edge: TypeAlias = tuple[str, str]
"""How one document rests on another: ("extends", edition), or ("uses", id or edition)."""
Named: TypeAlias = Callable[[str], Iterable[Entry]]
"""The entries that an id or an edition names."""


def chain_problems(draft: Draft, named: Named) -> Iterator[tuple[Edge, Problem]]:
    """Documents that rest on each other in a ring, and chains of parents that are too long; each with its first edge.

    The ring is told from the draft on, so that whoever is asked first does not matter.
    """
    edges = _ring(draft, named)
    if edges:
        words = "; ".join(f"{edition} {word} {name}" for edition, word, name in edges)
        yield edges[0][1:], Problem("cycle", (), words)
    elif (depth := _depth(draft, named)) > DEEPEST:
        edge = next(edge for edge in draft.rests_on if edge[0] == "extends")
        yield edge, Problem("rests-too-deep", (), depth, str(DEEPEST))


def _ring(start: Draft, named: Named) -> tuple[tuple[str, str, str], ...]:
    """The fewest edges that lead from a document back to itself: who, "extends" or "uses", and whom; or none."""
    seen = set()
    open_: deque[tuple[Draft, tuple[tuple[str, str, str], ...]]] = deque([(start, ())])
    while open_:
        draft, edges = open_.popleft()
        for word, name in draft.rests_on:
            line = (*edges, (draft.edition, word, name))
            if name in (start.id, start.edition):
                return line
            if name not in seen:
                seen.add(name)
                open_ += [(one.content, line) for one in named(name) if isinstance(one.content, Draft)]
    return ()


def _depth(draft: Draft, named: Named) -> int:
    """How many documents stand above one, from parent to parent; only called where they form no ring."""
    depth, seen = 0, {draft.edition}
    parents: Iterable[str] = (name for word, name in draft.rests_on if word == "extends")
    while (parent := next(iter(parents), None)) is not None and parent not in seen:
        seen.add(parent)
        depth += 1
        above = next((one.content for one in named(parent) if isinstance(one.content, Draft)), None)
        parents = [name for word, name in above.rests_on if word == "extends"] if above is not None else []
    return depth


def picked(entries: Iterable[Entry], name: str, day: date | None) -> tuple[Entry, ...]:
    """The entries that a document may mean: those of the edition, else of the id the only one or those in force.

    Raises StandardUnavailable where several editions are left.
    """
    found = tuple(entries)
    if "@" in name or len({one.edition for one in found}) < 2:
        return found
    left = tuple(one for one in found if day is not None and in_force(one, day))
    if len({one.edition for one in left}) != 1:
        editions = ", ".join(sorted({one.edition for one in found}))
        raise StandardUnavailable(Problem("several-editions", (), name, editions))
    return left


def in_force(entry: Entry, day: date) -> bool:
    """Whether an entry says that it is in force on a day."""
    if not isinstance(entry.content, Draft):
        return day in entry.content.effective
    first, last = entry.content.days
    return (first is None or first <= day) and (last is None or day <= last)

"""Origins: where the parts of a document that rests on others stand, so that its problems can say so."""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from civrules.authoring.outline import EVERY_LIST, head_of, outline_of
from civrules.authoring.rows import Table
from civrules.errors import Problem
from civrules.model.document import Place
from civrules.model.soundness import label

_STEP = re.compile(r'(\w+)(?:\[([0-9]+)\])?(?: "(.*)")?', re.DOTALL)
_KEY = re.compile(r"\w+")
_KINDS = (*EVERY_LIST, "criterion")


@attrs.frozen
class Places:
    """Leads a problem of the document made whole back to the file, or to the edition that a value comes from."""

    raw: Mapping[str, Any]
    edition: str
    parent: str | None
    origin: Mapping[Place, str]
    amended: Mapping[Table, str]
    added: Mapping[Table, tuple[str, ...]]
    dropped: frozenset[Table]
    readings: int
    """How many readings are inherited; the document's own come behind them."""

    def of(self, problem: Problem) -> Problem:
        """The problem, where its author meets it."""
        if (still := self._still_named(problem)) is not None:
            return still
        steps, _ = _split(problem.where)
        table = (steps[-1][0], steps[-1][2] or "") if steps else ("", "")
        if problem.code == "duplicate-id" and table in self.added and (*table, "id") in self.origin:
            return Problem("inherited-id", self._where(problem), problem.value, self.parent or "")
        return attrs.evolve(problem, where=self._where(problem))

    def _still_named(self, problem: Problem) -> Problem | None:
        """What was dropped and is named by what is left."""
        name = str(problem.value).partition(":")[0]
        kinds = problem.expected.split(" or ")
        if problem.code != "unknown-id" or not any((kind, name) in self.dropped for kind in kinds):
            return None
        return Problem("still-named", ("standard", "drop"), name, " › ".join(map(str, self._where(problem))))

    def _where(self, problem: Problem) -> tuple[str | int, ...]:
        where = problem.where
        steps, inner = _split(where)
        if not steps:
            return self._beside(problem)
        key = _key(problem, inner)
        kind, index, name = steps[-1]
        if kind == "reading":
            return self._reading(index, inner, where)
        if name is None or (self.parent is None and (kind, name, "id") not in self.origin):
            return where
        if (kind, name) in self.added:
            return (*self.added[kind, name], *inner)
        amend = self.amended.get((kind, name))
        edition = self.origin.get((kind, name, key)) or self.origin.get((kind, name, "id"), self.edition)
        if amend is not None and (not key or edition == self.edition):
            return (amend, *inner)
        of_the_parent = [f'{kind} "{name}"' for kind, _, name in steps]
        return (*((amend, _of(edition)) if amend is not None else (_of(edition), *of_the_parent)), *inner)

    def _beside(self, problem: Problem) -> tuple[str | int, ...]:
        """In the head, or in a table that stands beside it."""
        where = problem.where
        if not where or self.parent is None:
            return where
        table, _, rest = str(where[0]).partition(".")
        key = _key(problem, (rest, *where[1:]) if rest else where[1:])
        own = head_of(self.raw) if table == outline_of(self.raw).head else self.raw.get(table)
        there = isinstance(own, Mapping) and (not key or key in own)
        edition = self.origin.get((table, "", key), self.parent)
        return where if there else (_of(edition), *where)

    def _reading(self, index: int, inner: tuple[str | int, ...], where: tuple[str | int, ...]) -> tuple[str | int, ...]:
        if index > self.readings:
            return (label("reading", index - self.readings - 1, None), *inner)
        return (_of(self.origin.get(("reading", str(index), "text"), "")), *where)


def _of(edition: str) -> str:
    return f'of "{edition}"'


def _split(where: tuple[str | int, ...]) -> tuple[list[tuple[str, int, str | None]], tuple[str | int, ...]]:
    """The tables of lists that a place leads through, and what follows in the innermost."""
    steps: list[tuple[str, int, str | None]] = []
    for place, step in enumerate(where):
        found = _STEP.fullmatch(str(step))
        if found is None or found[1] not in _KINDS or (found[2] is None and found[3] is None):
            return steps, where[place:]
        steps.append((found[1], int(found[2] or 0), found[3]))
    return steps, ()


def _key(problem: Problem, inner: tuple[str | int, ...]) -> str:
    """The key of its table that a problem is about; "" where it is about the whole."""
    if inner:
        found = _KEY.match(str(inner[0]))
        return found[0] if found else ""
    return str(problem.value) if problem.code in ("unknown-key", "unsupported") else ""

"""Registers: ids, what is part of what, and the bodies that are named."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from civrules.errors import Problem, nearest
from civrules.model.identity import check_id, duplicates
from civrules.model.responsible import OF_A_FINDING
from civrules.model.soundness.places import (
    Path,
    attempt,
    criterion_place,
    label,
    sections_with_places,
    twice,
    word_problems,
)
from civrules.model.source import one_or_many
from civrules.model.text import check_words

if TYPE_CHECKING:
    from civrules.model.register import Body, Honour, NamedSet, Reference
    from civrules.model.standard import Standard


class Registers(Protocol):
    """A document that has registers."""

    @property
    def bodies(self) -> "tuple[Body, ...]":
        """Who can be responsible."""

    @property
    def references(self) -> "tuple[Reference, ...]":
        """The documents that it leans on."""

    @property
    def honours(self) -> "tuple[Honour, ...]":
        """The titles that can be held."""

    @property
    def sets(self) -> "tuple[NamedSet, ...]":
        """The sets that it announces."""


def register_problems(
    document: Registers, carriers: Mapping[str, object], carrying: str = "criterion or section"
) -> Iterator[Problem]:
    """What is wrong with the registers; `carriers` are the ids that may carry the member of a set."""
    registers: dict[str, tuple[Any, ...]] = {
        "body": document.bodies, "reference": document.references, "honour": document.honours, "set": document.sets,
    }  # fmt: skip
    for table, rows in registers.items():
        places: list[tuple[Any, Path]] = [(one, (label(table, index, one.id),)) for index, one in enumerate(rows)]
        yield from twice((one.id, where) for one, where in places)
        for one, where in places:
            yield from attempt(check_id, one.id, *where, "id")
            for problem in _PROBLEMS[table](document, one, carriers):
                in_words = problem.code == "unknown-id" and problem.expected == _CARRIERS
                yield attrs.evolve(problem.within(*where), expected=carrying if in_words else problem.expected)
            for index, source in enumerate(one.source):
                yield from word_problems("provenance", source.provenance, *where, f"source[{index + 1}]")


_CARRIERS = "criterion or section"


def _body(document: Registers, body: "Body", _: object) -> Iterator[Problem]:
    known = {one.id: one for one in document.bodies}
    if body.part_of is not None and body.part_of not in known:
        yield Problem("unknown-id", ("part_of",), body.part_of, "body", nearest(body.part_of, known))
    for line in _above(known, body):
        yield Problem("part-of-itself", ("part_of",), body.id, line)
    yield from _again("posts", (post.id for post in body.posts))
    for post in body.posts:
        yield from attempt(check_id, post.id, "posts")
    for alias in body.aliases:
        yield from attempt(check_words, alias, "aliases")


def _above(known: "Mapping[str, Body]", body: "Body") -> Iterator[str]:
    """The way from a body up to itself, where there is one."""
    line = [body.id]
    above = body.part_of
    while above is not None and above in known and above not in line:
        line.append(above)
        above = known[above].part_of
    if above == body.id:
        yield ", ".join((*line, body.id))


def _reference(_: Registers, reference: "Reference", __: object) -> Iterator[Problem]:
    if reference.state is not None:
        yield from word_problems("state", reference.state)


def _honour(_: Registers, honour: "Honour", __: object) -> Iterator[Problem]:
    if honour.stage is not None:
        yield from word_problems("stage", honour.stage)
    yield from _count("seats", honour.seats)


def _set(_: Registers, one: "NamedSet", carriers: Mapping[str, object]) -> Iterator[Problem]:
    yield from _count("declared", one.declared)
    yield from _again("members", one.members)
    for member in one.members:
        yield from attempt(check_words, member, "members")
    for member, carrier in one.carried.items():
        if member not in one.members:
            yield Problem("unknown-id", ("carried",), member, "member", nearest(member, one.members))
        if carrier not in carriers:
            near = nearest(carrier, carriers)
            yield Problem("unknown-id", ("carried", member), carrier, _CARRIERS, near)


_PROBLEMS: Mapping[str, Any] = {"body": _body, "reference": _reference, "honour": _honour, "set": _set}


def _count(key: str, number: int | None) -> Iterator[Problem]:
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        yield Problem("out-of-range", (key,), number, "1 or more")


def _again(key: str, words: Iterator[str] | tuple[str, ...]) -> Iterator[Problem]:
    for word in duplicates(words):
        yield Problem("duplicate-id", (key,), word)


def responsible_problems(standard: "Standard") -> Iterator[Problem]:
    """Who is named and is no body of the registers, and conditions on more than the finding."""
    for line, where in sections_with_places(standard):
        holders: list[tuple[Any, Path]] = [(line[-1], where)]
        holders += [(one, criterion_place(where, one)) for one in line[-1].criteria]
        yield from answering_problems(standard, holders)


def answering_problems(document: Registers, holders: Iterable[tuple[Any, Path]]) -> Iterator[Problem]:
    """The same for tables that name who is responsible, each at its place."""
    names, words = names_of(document), words_of(document)
    for holder, place in holders:
        many = isinstance(holder.responsible, tuple)
        for index, one in enumerate(one_or_many(holder.responsible)):
            at = f"responsible[{index + 1}]" if many else "responsible"
            yield from (problem.within(*place, at) for problem in _named(one, names, words))


def names_of(document: Registers) -> Mapping[str, str]:
    """What names a body, or a post of it: "office", "office:director"."""
    posts = {f"{one.id}:{post.id}": one.id for one in document.bodies for post in one.posts}
    return {**{one.id: one.id for one in document.bodies}, **posts}


def words_of(document: Registers) -> Mapping[str, str]:
    """The bodies by their other names."""
    return {alias: one.id for one in document.bodies for alias in (*one.aliases, one.title.zh, one.title.en) if alias}


def body_problem(name: str, document: Registers, *where: str) -> Iterator[Problem]:
    """That a name is no body's, where there are any on register."""
    names = names_of(document)
    if names and name not in names:
        yield Problem("unknown-id", where, name, "body", words_of(document).get(name) or nearest(name, names))


def _named(one: Any, names: Mapping[str, str], words: Mapping[str, str]) -> Iterator[Problem]:
    """Without any body on register every word will do."""
    for key, body in one.bodies:
        if names and body not in names:
            yield Problem("unknown-id", (key,), body, "body", words.get(body) or nearest(body, names))
    for part in one.when.walk() if one.when is not None else ():
        if part.subject not in OF_A_FINDING:
            yield Problem("of-the-finding", ("when",), part.subject, ", ".join(OF_A_FINDING))

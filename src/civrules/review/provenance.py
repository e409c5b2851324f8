"""Provenance: rules without a source, and texts that lack a language."""

from collections.abc import Iterable, Iterator
from typing import Any

from civrules.errors import Problem
from civrules.model.outcome import Outcome
from civrules.model.register import Body, Honour, NamedSet, Reference
from civrules.model.soundness.places import Path, label
from civrules.model.text import Text
from civrules.review.reviewed import Reviewed

_LANGUAGES = (("zh", "Chinese"), ("en", "English"))


def citation_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Criteria that neither themselves nor a section around them cites, grades and gates that do not: by place."""
    standard = reviewed.standard
    for way, where in reviewed.sections():
        if not any(section.source for section in way):
            bare = [one.id for one in way[-1].criteria if not one.source]
            if bare:
                yield Problem("citation-missing", (*where, "criterion"), bare)
    bare_of = {
        "grade": [one.id for one in standard.grades if not one.source],
        "gate": [one.id for one in standard.gates if not one.source],
    }
    yield from (Problem("citation-missing", (table,), names) for table, names in bare_of.items() if names)


def translation_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Texts that are written in one language only."""
    for where, text in _texts(reviewed):
        for lang, name in _LANGUAGES:
            if getattr(text, lang) is None:
                yield Problem("translation-missing", where, text, name)


def _texts(reviewed: Reviewed) -> Iterator[tuple[Path, Text]]:
    """Every text of the standard and its place."""
    standard = reviewed.standard
    yield ("standard", "title"), standard.title
    for index, parameter in enumerate(standard.parameters):
        yield (label("parameter", index, parameter.id), "title"), parameter.title
    for way, where in reviewed.sections():
        yield (*where, "title"), way[-1].title
    for criterion, where in reviewed.criteria():
        yield (*where, "title"), criterion.title
        yield from _of_items((*where, "measure"), criterion.measure)
    for index, grade in enumerate(standard.grades):
        if grade.title is not None:
            yield (label("grade", index, grade.id), "title"), grade.title
    for index, gate in enumerate(standard.gates):
        yield (label("gate", index, gate.id), "title"), gate.title
    titled: dict[str, Iterable[Body | Reference | Honour | NamedSet | Outcome]] = {
        "body": standard.bodies, "reference": standard.references, "honour": standard.honours, "set": standard.sets,
        "outcome": standard.outcomes,
    }  # fmt: skip
    for table, register in titled.items():
        for index, one in enumerate(register):
            yield (label(table, index, one.id), "title"), one.title
    for index, reading in enumerate(standard.readings):
        yield (label("reading", index, None), "text"), reading.text


def _of_items(where: Path, measure: Any) -> Iterator[tuple[Path, Text]]:
    for index, item in enumerate(getattr(measure, "items", ())):
        if item.title is not None:
            yield (*where, label("items", index, item.id), "title"), item.title

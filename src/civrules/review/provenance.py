"""Provenance: rules without a source, and texts that lack a language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.soundness.places import Path, criterion_place, label, sections_with_places
from civrules.model.standard import Standard
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


def translation_problems(document: Standard | Campaign) -> Iterator[Problem]:
    """Texts that are written in one language only; a campaign answers for its own tables."""
    for where, text in _of_standard(document) if isinstance(document, Standard) else _of_campaign(document):
        for lang, name in _LANGUAGES:
            if getattr(text, lang) is None:
                yield Problem("translation-missing", where, text, name)


def _of_standard(standard: Standard) -> Iterator[tuple[Path, Text]]:
    """Every text of the standard and its place."""
    yield ("standard", "title"), standard.title
    for line, where in sections_with_places(standard):
        yield (*where, "title"), line[-1].title
        for criterion in line[-1].criteria:
            place = criterion_place(where, criterion)
            yield (*place, "title"), criterion.title
            yield from _within((*place, "measure"), criterion.measure)
    yield from _titles(
        {
            "parameter": standard.parameters, "grade": standard.grades, "gate": standard.gates,
            "ranking": standard.rankings, "body": standard.bodies, "reference": standard.references,
            "honour": standard.honours, "set": standard.sets, "outcome": standard.outcomes,
            "procedure": standard.procedures,
        }
    )  # fmt: skip
    yield from _of_readings(standard)


def _of_campaign(campaign: Campaign) -> Iterator[tuple[Path, Text]]:
    yield ("campaign", "title"), campaign.title
    tables: dict[str, Iterable[Any]] = {
        "parameter": campaign.parameters, "phase": campaign.phases, "task": campaign.tasks, "goal": campaign.goals,
        "body": campaign.bodies, "reference": campaign.references, "honour": campaign.honours, "set": campaign.sets,
    }  # fmt: skip
    yield from _titles(
        {
            table: [one for one in rows if campaign.edition_of(table, one.id) == campaign.edition]
            for table, rows in tables.items()
        }
    )
    yield from _of_readings(campaign)


def _titles(tables: Mapping[str, Iterable[Any]]) -> Iterator[tuple[Path, Text]]:
    for table, rows in tables.items():
        for index, one in enumerate(rows):
            where = (label(table, index, one.id),)
            if one.title is not None:
                yield (*where, "title"), one.title
            yield from _within(where, one)


def _of_readings(document: Standard | Campaign) -> Iterator[tuple[Path, Text]]:
    for index, reading in enumerate(document.readings):
        yield (label("reading", index, None), "text"), reading.text


def _within(where: Path, table: Any) -> Iterator[tuple[Path, Text]]:
    """The titles of what the table lists: names of levels, items of measures, steps of procedures, posts of bodies."""
    yield from (((*where, "titles", name), text) for name, text in getattr(table, "titles", {}).items())
    for key in ("items", "steps", "posts"):
        for index, one in enumerate(getattr(table, key, ())):
            if not attrs.has(type(one)):
                continue
            place = (*where, label(key, index, one.id))
            if one.title is not None:
                yield (*place, "title"), one.title
            yield from _within(place, one)

"""Labels: printed numbers that stand twice."""

from collections.abc import Iterator, Sequence

from civrules.errors import Problem
from civrules.model.campaign import Campaign, Phase
from civrules.model.soundness.places import Path, label
from civrules.model.standard import Section, Standard


def label_problems(document: Standard | Campaign) -> Iterator[Problem]:
    """Sections side by side, or phases, that cite different clauses under one printed label: the numbering repeats.

    Criteria and tasks are left aside, for what one label prints they may well carry in parts.
    """
    if isinstance(document, Campaign):
        yield from _repeated("phase", document.phases, ())
        return
    yield from _repeated("section", document.sections, ())
    yield from (problem for index, one in enumerate(document.sections) for problem in _below(one, index, ()))


def _below(section: Section, index: int, above: Path) -> Iterator[Problem]:
    where = (*above, label("section", index, section.id))
    yield from _repeated("section", section.sections, where)
    yield from (problem for place, one in enumerate(section.sections) for problem in _below(one, place, where))


def _repeated(table: str, rows: Sequence[Section | Phase], above: Path) -> Iterator[Problem]:
    first: dict[tuple[str | None, str | None], tuple[str, str]] = {}
    for index, one in enumerate(rows):
        for source in one.source:
            if source.clause is None or source.id is None:
                continue
            clause, other = first.setdefault((source.document, source.clause), (source.id, one.id))
            if clause != source.id and other != one.id:
                place = (*above, label(table, index, one.id), "source")
                yield Problem("label-repeated", place, source.clause, f"{other} ({clause}), {one.id} ({source.id})")

"""Registers: sets that do not hold what the document announces, references that nobody has, parameters left open."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.soundness.places import label
from civrules.model.standard import Standard


def register_problems(document: Standard | Campaign) -> Iterator[Problem]:
    """Declared sizes that differ from what is listed, documents that are leant on and missing, parameters left open.

    What a campaign knows from another document is looked at there; a parameter is, where it is used.
    """
    for index, one in enumerate(document.sets):
        if _own(document, "set", one.id) and one.declared is not None and one.declared != len(one.members):
            yield Problem("set-size", (label("set", index, one.id), "declared"), one.declared, str(len(one.members)))
    for index, reference in enumerate(document.references):
        if reference.state == "missing" and _own(document, "reference", reference.id):
            yield Problem("reference-missing", (label("reference", index, reference.id), "state"), reference.title)
    for index, parameter in enumerate(document.parameters):
        if parameter.id in document.open_parameters:
            yield Problem("parameter-unset", (label("parameter", index, parameter.id), "default"), parameter.id)


def _own(document: Standard | Campaign, table: str, id: str) -> bool:
    """Whether a campaign says it itself; what a standard inherits it answers for."""
    return isinstance(document, Standard) or document.edition_of(table, id) == document.edition

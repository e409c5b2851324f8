"""Registers: sets that do not hold what the document announces, references that nobody has, parameters left open."""

from collections.abc import Iterator

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.soundness.places import label
from civrules.model.standard import Standard


def register_problems(document: Standard | Campaign) -> Iterator[Problem]:
    """Declared sizes that differ from what is listed, documents that are leant on and missing, parameters left open.

    What is known from a document that this one uses is looked at there; a parameter is, where it is used.
    """
    own = own_editions(document)
    for index, one in enumerate(document.sets):
        here = document.edition_of("set", one.id) in own
        if here and one.declared is not None and one.declared != len(one.members):
            yield Problem("set-size", (label("set", index, one.id), "declared"), one.declared, str(len(one.members)))
    for index, reference in enumerate(document.references):
        if reference.state == "missing" and document.edition_of("reference", reference.id) in own:
            yield Problem("reference-missing", (label("reference", index, reference.id), "state"), reference.title)
    for index, parameter in enumerate(document.parameters):
        if parameter.id in document.open_parameters:
            yield Problem("parameter-unset", (label("parameter", index, parameter.id), "default"), parameter.id)


def own_editions(document: Standard | Campaign) -> frozenset[str]:
    """The document's edition and those that it extends; not those that it uses."""
    others = (edition for (table, _, _), edition in document.origin.items() if table not in _SHARED)
    return frozenset((document.edition, *others))


_SHARED = ("body", "reference", "honour", "set", "parameter", "goal", "reading")
"""What comes with a document that is used; from one that is extended come sections and their criteria too."""

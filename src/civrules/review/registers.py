"""Registers: sets that do not hold what the document announces, references that nobody has, parameters left open."""

from collections.abc import Iterable, Iterator

from civrules.errors import Problem
from civrules.model.campaign import Campaign
from civrules.model.soundness.places import label
from civrules.model.standard import Standard

UNUSED_PARAMETER = "parameter-unused"
"""What other documents may make untrue, and what nobody can say is not so."""


def register_problems(document: Standard | Campaign) -> Iterator[Problem]:
    """Sets not as announced or carried in part, documents that are leant on and missing, parameters left open.

    What is known from a document that this one uses is looked at there; a parameter is, where it is used.
    """
    own = own_editions(document)
    for index, one in enumerate(document.sets):
        here = document.edition_of("set", one.id) in own
        if here and one.declared is not None and one.declared != len(one.members):
            yield Problem("set-size", (label("set", index, one.id), "declared"), one.declared, str(len(one.members)))
        left = [member for member in one.members if member not in one.carried]
        if here and one.carried and left:
            yield Problem("set-uncarried", (label("set", index, one.id), "carried"), left)
    for index, reference in enumerate(document.references):
        if reference.state == "missing" and document.edition_of("reference", reference.id) in own:
            yield Problem("reference-missing", (label("reference", index, reference.id), "state"), reference.title)
    for index, parameter in enumerate(document.parameters):
        if parameter.id in document.open_parameters:
            yield Problem("parameter-unset", (label("parameter", index, parameter.id), "default"), parameter.id)


def idle_problems(document: Standard | Campaign, given: Iterable[Standard | Campaign]) -> Iterator[Problem]:
    """The document's own parameters that neither it needs nor another of those given, which may know them by `uses`."""
    others = [one for one in given if document.edition in one.origin.values()]
    for index, parameter in enumerate(document.parameters):
        edition = document.edition_of("parameter", parameter.id)
        users = (one for one in (document, *others) if one.edition_of("parameter", parameter.id) == edition)
        if edition == document.edition and not any(parameter.id in one.uses for one in users):
            yield Problem(UNUSED_PARAMETER, (label("parameter", index, parameter.id),), parameter.id)


def own_editions(document: Standard | Campaign) -> frozenset[str]:
    """The document's edition and those that it extends; not those that it uses."""
    others = (edition for (table, _, _), edition in document.origin.items() if table not in _SHARED)
    return frozenset((document.edition, *others))


_SHARED = ("body", "reference", "honour", "set", "parameter", "goal", "reading")
"""What comes with a document that is used; from one that is extended come sections and their criteria too."""

"""Issuing: which flags and awards a community would have that is the only one."""

from civrules.errors import CivrulesError
from civrules.followup.outcomes import outcomes
from civrules.model.community import Community
from civrules.model.outcome import DISTINCTIONS
from civrules.model.standard import Standard
from civrules.review.witness import Witness
from civrules.scoring.evaluation import Evaluation

_SOME = "some"
"""What an attribute is taken to be that groups a ranking or names a body."""


def somebody(standard: Standard) -> Community:
    """A community that can be ranked within any group, and whose bodies are known."""
    named = [*(rule.within for rule in standard.rankings), *(body.attribute for body in standard.bodies)]
    own = {"kind": standard.kinds[0], "locality": standard.locality, "parent": _SOME}
    attributes = {name: _SOME for name in named if name is not None and name not in own}
    return Community("any", attributes=attributes, **own)


def distinguishing(witness: Witness, evaluation: Evaluation) -> frozenset[str]:
    """The outcomes by which the engine gives it a flag or an award where nobody else is there."""
    try:
        found = outcomes(witness.reviewed.standard, [evaluation], on=witness.day)
    except CivrulesError:
        return frozenset()
    return frozenset(one.outcome for one in found.issued if one.kind in DISTINCTIONS)

"""Holding: whether a condition holds, whoever knows the facts; the groups and the attributes are the same for all."""

from collections.abc import Callable
from fractions import Fraction

from civrules.errors import InvalidInput
from civrules.model.community import Fact
from civrules.model.condition import GROUPS, Condition
from civrules.model.figures import figure
from civrules.model.measures.measure import amount, compare


def holds(condition: Condition, known: Callable[[Condition], bool]) -> bool:
    """Whether a condition holds, where `known` says it of those that name one thing."""
    if condition.subject not in GROUPS:
        return known(condition)
    parts = (holds(member, known) for member in condition.members)
    return all(parts) if condition.subject == "all" else any(parts) is (condition.subject == "any")


def fact_holds(condition: Condition, fact: Fact | None) -> bool:
    """Whether what a condition asks of an attribute is so; what nobody gave is not.

    >>> fact_holds(Condition(attribute="operator", equals=["co", "other"]), "co")
    True
    """
    if fact is None:
        return False
    if condition.has is not None:
        return condition.has in (fact if isinstance(fact, tuple) else (str(fact),))
    if condition.equals is not None:
        return any(fact == word and isinstance(fact, bool) == isinstance(word, bool) for word in condition.wanted)
    try:
        seen = Fraction(figure(fact)[0])
    except InvalidInput:
        return False
    return all(compare(word, seen, amount(limit)) for word, limit in condition.comparisons)

"""Standing: how a community stands on a day, for what depends on it."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import attrs

from civrules.model.condition import Condition
from civrules.model.mapping import FrozenMapping

IN_HAND = "held"
"""The stage of an honour that a condition means where it does not say."""


class Stands(Protocol):
    """Whoever can say how a community stands."""

    def holds(self, condition: Condition, /) -> bool:
        """Whether a condition that names one thing, and no attribute, holds."""


def _words(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _frozen(items: Mapping[str, str]) -> FrozenMapping[str, str]:
    return FrozenMapping(items)


@attrs.frozen(kw_only=True)
class Standing:
    """What is known of a community on a day besides its attributes, for tasks that depend on it.

    Its `grade`, the `outcomes` in force, its `honours` and their stages, and what its `cases` are: "open", "overdue",
    "repeated". What is not said does not hold.
    """

    grade: str | None = None
    outcomes: frozenset[str] = attrs.field(factory=frozenset, converter=_words)
    honours: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_frozen)
    cases: frozenset[str] = attrs.field(factory=frozenset, converter=_words)

    def holds(self, condition: Condition, /) -> bool:
        """Whether a condition on its grade, an honour, an outcome or a case holds; what asks for more does not.

        >>> Standing(outcomes={"key-supervision"}).holds(Condition(outcome="key-supervision"))
        True
        """
        names = condition.wanted
        if condition.subject == "honour":
            return any(self.honours.get(str(name)) == (condition.stage or IN_HAND) for name in names)
        known = {"grade": {self.grade}, "outcome": self.outcomes, "case": self.cases}.get(condition.subject, ())
        return any(name in known for name in names)

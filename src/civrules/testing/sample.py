"""Sample: one community and what was seen of it, said so that a person can read it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from civrules import Community, NotApplicable, Observation, Ratio

Looks: TypeAlias = tuple[Observation, ...]


@attrs.frozen(repr=False)
class Sample:
    """One community and what was seen of it."""

    community: Community
    observations: Looks

    def __repr__(self) -> str:
        return f"{said_community(self.community)}: {said(self.observations)}"

    def without(self, *names: str) -> "Sample":
        """The same with nothing seen of these criteria."""
        return attrs.evolve(self, observations=tuple(one for one in self.observations if one.criterion not in names))

    def also(self, *looks: Observation) -> "Sample":
        """The same with more seen."""
        return attrs.evolve(self, observations=(*self.observations, *looks))


def said_community(community: Community) -> str:
    """A community in a few words: its id, and what a standard may ask of it."""
    facts = [f"{name} = {fact}" for name, fact in community.attributes.items()]
    facts += [f"{unit}: {', '.join(names)}" for unit, names in community.places.items()]
    return f"{community.id} ({'; '.join(facts)})" if facts else community.id


def said(looks: Iterable[Observation]) -> str:
    """Observations in a few words."""
    words = ("at", "place", "by", "attributable", "id")
    parts = []
    for look in looks:
        more = "".join(f" {word}={getattr(look, word)}" for word in words if getattr(look, word) is not None)
        parts.append(f"{look.criterion} = {value_said(look.value)}{more}")
    return "; ".join(parts) or "nothing"


def value_said(value: Any) -> str:
    """One value as a table would have it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {value_said(one)}" for name, one in value.items()) + "}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, NotApplicable):
        return f"n/a: {value.reason}"
    return f"{value.n}/{value.of}" if isinstance(value, Ratio) else str(value)

"""Responsible: who answers for a line, and for which findings."""

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

from civrules.model.community import Fact
from civrules.model.condition import Condition
from civrules.model.holding import fact_holds, holds
from civrules.model.source import one_or_many

OF_A_FINDING = ("attribute", "all", "any", "none")
"""What `when` may name."""


@attrs.frozen(kw_only=True)
class Responsible:
    """Who answers for a line. Where the document registers bodies these are their ids, else words.

    `lead` leads. `support` helps. `evaluator` judges what was done. `via` passes it on. `when` is a condition on
    attributes of the finding; of a list the first that holds answers.
    """

    lead: str | None = None
    support: tuple[str, ...] = attrs.field(default=(), converter=one_or_many)
    evaluator: str | None = None
    via: str | None = None
    when: Condition | None = None

    @property
    def bodies(self) -> tuple[tuple[str, str], ...]:
        """Everyone named, each with the key that names it."""
        single = ((key, getattr(self, key)) for key in ("lead", "evaluator", "via"))
        named = [(key, body) for key, body in single if body is not None]
        return (*named, *(("support", body) for body in self.support))


Responsibility: TypeAlias = Responsible | tuple[Responsible, ...] | None
"""One for all findings, a list of which the first that holds answers, or nobody."""


def responsibility(value: Any) -> Responsibility:
    """What a document or a host wrote, in one form: a list of one that always holds is that one, an empty list none."""
    many = one_or_many(value)
    if not many:
        return None
    return many[0] if len(many) == 1 and many[0].when is None else many


def answering(named: Responsibility, fact: Callable[[str], Fact | None]) -> Responsible | None:
    """Who of those named answers for a finding: the first whose `when` holds of what `fact` says of it."""

    def known(one: Condition) -> bool:
        return fact_holds(one, fact(one.target))

    return next((one for one in one_or_many(named) if one.when is None or holds(one.when, known)), None)

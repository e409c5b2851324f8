"""Waiver: a criterion is excused."""

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.days import Period


@attrs.frozen(kw_only=True)
class Waiver:
    """A criterion is excused (豁免) from the first to the last day: its line earns full points and fails nothing.

    The score without waivers is kept beside. Raises InvalidInput where reason or approver is blank.

    >>> Waiver(criterion="lift", reason="being replaced", approver="housing bureau", valid=Period.year(2031)).criterion
    'lift'
    """

    criterion: str
    reason: str
    approver: str
    valid: Period
    place: str | None = None

    def __attrs_post_init__(self) -> None:
        blank = [name for name in ("criterion", "reason", "approver") if not _words(getattr(self, name))]
        problems = [Problem("no-words", (name,), getattr(self, name), "words") for name in blank]
        if not isinstance(self.valid, Period):
            problems.append(Problem("wrong-type", ("valid",), self.valid, "a period"))
        if problems:
            raise InvalidInput(problems)


def _words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())

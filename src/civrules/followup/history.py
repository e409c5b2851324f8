"""History: one community over its periods: what changed, line by line, and what came back."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem, listed
from civrules.followup.judging import Past
from civrules.followup.ranking import standard_of
from civrules.model.days import Period
from civrules.model.figures import added
from civrules.scoring.evaluation import Evaluation, Line

_Key: TypeAlias = tuple[str | None, str | None, str]


@attrs.frozen(kw_only=True)
class Moved:
    """A line that is not as it was: its points or its result.

    `cause` is "rose" or "fell" (its points), "new" or "gone" (only one of the two editions has it), or "result" (the
    points are the same). `criterion` is None for a step of the standard.
    """

    criterion: str | None
    section: str | None
    step: str
    cause: Literal["rose", "fell", "new", "gone", "result"]
    before: Decimal | None
    after: Decimal | None
    result_before: str | None
    result_after: str | None


@attrs.frozen(kw_only=True)
class Change:
    """From one evaluation to the next: the change of the score and the lines that make it up."""

    before: Evaluation
    after: Evaluation

    @property
    def score(self) -> Decimal | None:
        """The change of the score; None where one of the two has none."""
        if self.before.score is None or self.after.score is None:
            return None
        return added((self.after.score, self.before.score.copy_negate()))

    @property
    def same_edition(self) -> bool:
        """Whether both were made by one edition and tailoring."""
        return self.before.digest == self.after.digest

    @cached_property
    def lines(self) -> tuple[Moved, ...]:
        """The lines that moved, in the later document's order, then those that are gone; they add up to the change."""
        before, after = _by_key(self.before), _by_key(self.after)
        keys = dict.fromkeys((*after, *before))
        moved = (self._moved(key, before.get(key), after.get(key)) for key in keys)
        return tuple(one for one in moved if one is not None)

    def _moved(self, key: _Key, before: Line | None, after: Line | None) -> Moved | None:
        points = [line.points if line is not None else None for line in (before, after)]
        results = [line.result if line is not None else None for line in (before, after)]
        then, now = (figure if figure is not None else Decimal(0) for figure in points)
        cause: Literal["rose", "fell", "new", "gone", "result"] = "rose" if now > then else "fell"
        if key[0] is not None and (before is None or after is None):
            cause = "new" if before is None else "gone"
        elif now == then:
            if results[0] == results[1]:
                return None
            cause = "result"
        return Moved(
            criterion=key[0], section=next(line.section for line in (after, before) if line is not None),
            step=key[2], cause=cause, before=points[0], after=points[1], result_before=results[0],
            result_after=results[1],
        )  # fmt: skip


def _by_key(one: Evaluation) -> dict[_Key, Line]:
    return {(line.criterion, line.section if line.criterion is None else None, line.step): line for line in one.lines}


@attrs.frozen(kw_only=True)
class Repeated:
    """A criterion that failed in several periods in a row, up to the last."""

    criterion: str
    periods: tuple[Period | None, ...]
    """The latest first."""


def _in_order(evaluations: Iterable[Evaluation]) -> tuple[Evaluation, ...]:
    given = tuple(evaluations)
    if not given:
        raise InvalidInput(Problem("empty", ("evaluations",), None, "at least one evaluation"))
    whose = sorted({f"{one.community.id} ({standard_of(one)})" for one in given})
    if len(whose) > 1:
        raise InvalidInput(Problem("several-histories", (), listed(whose)))
    timeless = [one.edition for one in given if one.period is None or one.period.first is None]
    if timeless and len(given) > 1:
        raise InvalidInput(Problem("period-needed", (given[0].community.id,), timeless[0]))
    latest = Past(given).latest
    return tuple(sorted(latest, key=lambda one: str(one.period.first) if one.period is not None else ""))


@attrs.frozen
class History:
    """A community's evaluations by one standard, the earliest first; of several for one period the latest judged.

    A period follows another where it begins on the day after that one ends; a period without an evaluation ends every
    streak. Raises InvalidInput for none, for several communities or standards, and where one has no period.
    """

    evaluations: tuple[Evaluation, ...] = attrs.field(converter=_in_order)

    @property
    def community(self) -> str:
        """Whose history it is."""
        return self.evaluations[0].community.id

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """From each evaluation to the next, over gaps too."""
        pairs = zip(self.evaluations, self.evaluations[1:], strict=False)
        return tuple(Change(before=before, after=after) for before, after in pairs)

    def streak(self, holds: Callable[[Evaluation], bool]) -> int:
        """In how many periods in a row, up to the last, something holds."""
        return len(self._row(holds))

    @cached_property
    def repeats(self) -> tuple[Repeated, ...]:
        """The criteria that failed in the last period and in the one before, with all the periods in a row."""
        found = []
        for name in _failed(self.evaluations[-1]):
            row = self._row(lambda one, name=name: name in _failed(one))  # type: ignore[misc]  # the loop's own name
            if len(row) > 1:
                found.append(Repeated(criterion=name, periods=tuple(one.period for one in row)))
        return tuple(found)

    def _row(self, holds: Callable[[Evaluation], bool]) -> list[Evaluation]:
        past, row = Past(self.evaluations), []
        one: Evaluation | None = self.evaluations[-1]
        while one is not None and holds(one):
            row.append(one)
            one = past.before(one)
        return row


def _failed(one: Evaluation) -> tuple[str, ...]:
    return tuple(line.criterion for line in one.lines if line.result == "fail" and line.criterion is not None)


def histories(evaluations: Iterable[Evaluation], /) -> tuple[History, ...]:
    """The history of every community by every standard, in the order of their ids."""
    found: dict[tuple[str, str], list[Evaluation]] = {}
    for one in evaluations:
        found.setdefault((one.community.id, standard_of(one)), []).append(one)
    return tuple(History(found[key]) for key in sorted(found))

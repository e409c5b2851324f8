"""Composites: evaluations handed in as what was seen for another standard."""

from collections.abc import Iterable, Mapping

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.followup.ranking import standard_of
from civrules.model.calendar import Calendar
from civrules.model.days import Period, undated
from civrules.model.figures import NotObserved
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import Levels
from civrules.model.observation import Observation
from civrules.model.outcome import Composed
from civrules.model.standard import Criterion, Standard
from civrules.model.windows import Cadence
from civrules.scoring.evaluation import Evaluation


def compose(
    standard: Standard,
    evaluations: Iterable[Evaluation],
    /,
    *,
    period: Period | None = None,
    calendar: Calendar | None = None,
) -> Mapping[str, tuple[Observation, ...]]:
    """What was seen of each community for every criterion that names a `standard`: that standard's evaluations.

    `period` chooses the evaluations, and has the windows of criteria that expect one for each; `calendar` says when
    occasions are. A window without a score is handed in as the criterion's `lacking` says. Other criteria are the
    host's: add their observations before evaluating. Raises InvalidInput with every problem: a period that is needed,
    two evaluations of one community for one window.
    """
    by_community: dict[str, list[Evaluation]] = {}
    for one in evaluations:
        by_community.setdefault(one.community.id, []).append(one)
    composite = [one for one in standard.criteria.values() if one.standard is not None]
    problems: list[Problem] = []
    found = {}
    for name, own in by_community.items():
        looks: list[Observation] = []
        for criterion in composite:
            try:
                looks += _looks(criterion, own, period, calendar or Calendar())
            except InvalidInput as error:
                problems += error.within(name)
        found[name] = tuple(looks)
    if problems:
        raise InvalidInput(dict.fromkeys(problems))
    return FrozenMapping(found)


def _looks(
    criterion: Criterion, evaluations: list[Evaluation], period: Period | None, calendar: Calendar
) -> list[Observation]:
    part = criterion.standard
    if part is None:
        return []
    own = [one for one in evaluations if part.standard in (standard_of(one), one.edition)]
    if part.per is not None:
        return _of_windows(criterion, part, own, _windows(criterion, part, period, calendar))
    inside = [one for one in own if period is None or _lies_in(one, period)]
    return [_look(criterion, part, one) for one in inside] or [Observation(criterion.id, NotObserved(part.standard))]


def _windows(criterion: Criterion, part: Composed, period: Period | None, calendar: Calendar) -> tuple[Period, ...]:
    if period is None or period.first is None or period.last is None:
        raise InvalidInput(Problem("period-needed", (), criterion.id))
    windows = Cadence.of(part.per).windows(period, calendar)
    if part.nth is None:
        return windows
    if part.nth > len(windows):
        raise InvalidInput(Problem("out-of-range", (criterion.id, "nth"), part.nth, f"1 … {len(windows)}"))
    return (windows[part.nth - 1],)


def _of_windows(
    criterion: Criterion, part: Composed, evaluations: list[Evaluation], windows: tuple[Period, ...]
) -> list[Observation]:
    """One look for each window; what a window without a score means, the part says."""
    looks: list[Observation] = []
    for window in windows:
        inside = [one for one in evaluations if _lies_in(one, window)]
        if len(inside) > 1:
            raise InvalidInput(Problem("two-evaluations", (criterion.id,), str(window), part.standard))
        look = attrs.evolve(_look(criterion, part, inside[0]), at=window.last) if inside else None
        if look is not None and not isinstance(look.value, NotObserved):
            looks.append(look)
        elif part.lacking == "zero":
            looks.append(Observation(criterion.id, 0, at=window.last))
        elif part.lacking == "missing":
            said = look.value.reason if look is not None and isinstance(look.value, NotObserved) else part.standard
            return [Observation(criterion.id, NotObserved(f"{window}: {said}"), at=window.last)]
    return looks or [Observation(criterion.id, NotObserved(part.standard))]


def _look(criterion: Criterion, part: Composed, one: Evaluation) -> Observation:
    """The evaluation as a look, as of its period's last day: it may have been judged later."""
    of = part.of or ("grade" if isinstance(criterion.measure, Levels) else "score")
    return attrs.evolve(one.as_observation(criterion.id, of), at=undated(one.period, one.on))


def _lies_in(one: Evaluation, window: Period) -> bool:
    """Whether the evaluation is of the window: by its period, else by its day."""
    if one.period is not None and one.period.first is not None and one.period.last is not None:
        return one.period.first in window and one.period.last in window
    return one.on is not None and one.on in window

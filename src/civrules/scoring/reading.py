"""Reading: what was seen of one community becomes a cell for every line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.days import Period, check_day
from civrules.model.figures import NotApplicable
from civrules.model.measures.event import ATTRIBUTABLE, NO, NOT_ATTRIBUTABLE
from civrules.model.observation import METHODS, Observation, Seen
from civrules.scoring.line import Cell, CompiledLine

Reports = dict[str, list[tuple[date | None, bool | None]]]
"""For every event what was reported: the day (None: not said), and whether it counts (None: left open)."""


class Reader:
    """Reads what was seen of one community, and holds every problem and note that it met."""

    def __init__(self, lines: Mapping[str, CompiledLine], edition: str, period: Period | None) -> None:
        self.lines = lines
        self.edition = edition
        self.period = period
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.reports: Reports = {}

    def read(self, seen: Seen) -> tuple[tuple[Observation, ...], list[Cell]]:
        """The observations, and a cell for every line. Raises InvalidInput with every problem."""
        observations = observations_of(seen)
        by_criterion: dict[str, list[Observation]] = {}
        for observation in observations:
            if observation.criterion in self.lines:
                by_criterion.setdefault(observation.criterion, []).append(observation)
            else:
                hint = nearest(observation.criterion, self.lines)
                self.problems.append(Problem("unknown-criterion", (), observation.criterion, self.edition, hint))
        cells = []
        for name, line in self.lines.items():
            looks = by_criterion.get(name)
            try:
                cells.append(self._cell(line, looks) if looks else line.not_checked("no-observation"))
            except InvalidInput as error:
                self.problems += error.within(name)
                cells.append(line.not_checked("no-observation"))
        if self.problems:
            raise InvalidInput(self.problems)
        return observations, cells

    def _cell(self, line: CompiledLine, looks: list[Observation]) -> Cell:
        if len(looks) == 1 and looks[0].at is None and not line.event:
            return line.seen(attributed(looks[0]), tuple(looks))
        for look in looks:
            if look.at is not None:
                check_day(look.at, "at")
        looks = self._once(line, looks)
        if line.event:
            return self._event(line, looks)
        within = [look for look in looks if self._counts(look.at)]
        if len(within) < len(looks):
            self.notes.append(_note("outside-period", line.id, str(len(looks) - len(within))))
        return self._latest(line, within) if within else line.not_checked("no-observation")

    def _counts(self, at: date | None) -> bool:
        return at is None or self.period is None or at in self.period

    def _once(self, line: CompiledLine, looks: list[Observation]) -> list[Observation]:
        """Equal observations count once."""
        try:
            different = list(dict.fromkeys(looks))
        except TypeError:
            raise InvalidInput(Problem("not-an-observation", (), "a value that cannot be compared")) from None
        if len(different) < len(looks):
            self.notes.append(_note("equal-observations", line.id, str(len(looks) - len(different) + 1)))
        return different

    def _latest(self, line: CompiledLine, looks: Sequence[Observation]) -> Cell:
        """The latest look; of those of one day the least favourable. A look without a day is of the period's last."""
        newest = max(self._day(look) for look in looks)
        cells = [line.seen(attributed(look), (look,)) for look in looks]
        last = [cell for cell, look in zip(cells, looks, strict=True) if self._day(look) == newest]
        if len({(cell.state, cell.points, cell.result, _hashable(cell.read)) for cell in last}) > 1:
            self.notes.append(_note("same-day", line.id, ""))
        return min(last, key=lambda cell: _favour(cell, line))

    def _day(self, look: Observation) -> date:
        if look.at is not None:
            return look.at
        last = self.period.last if self.period is not None else None
        return last or date.max

    def _event(self, line: CompiledLine, looks: list[Observation]) -> Cell:
        """An event's reports: those of every day for look-back windows, those of the period for the line."""
        reports = self.reports.setdefault(line.id, [])
        here: list[tuple[bool | None, str]] = []
        for look in looks:
            value = attributed(look)
            if isinstance(value, NotApplicable):
                line.does_not_apply(value, ())
                read, counts = NO, False
            else:
                read = line.measure.read(value, line.limits)
                counts = line.measure.counts(read)
            reports.append((look.at, counts))
            if self._counts(look.at):
                here.append((counts, read))
        seen = tuple(looks)
        if any(counts for counts, _ in here):
            return Cell("seen", next(read for counts, read in here if counts), 0, "fail", None, seen)
        if any(counts is None for counts, _ in here):
            return line.not_checked("attribution-open", seen)
        other = next((read for _, read in here if read != NO), NO)
        if other == NOT_ATTRIBUTABLE:
            return Cell("seen", other, 0, "informational", "not-attributable", seen)
        return Cell("seen", NO, 0, "pass", None, seen) if here else line.not_checked("no-observation", seen)


def _favour(cell: Cell, line: CompiledLine) -> tuple[int, Any]:
    """Smaller is less favourable; missing comes first, not applicable last."""
    if cell.state == "missing":
        return (0, 0)
    if cell.state == "not-applicable":
        return (3, 0)
    order = {"fail": 0, "partial": 1, "pass": 2}.get(str(cell.result), 1)
    points = cell.points or 0
    return (1, (-points if line.turned else points, order))


def _hashable(read: Any) -> Any:
    return tuple(read) if isinstance(read, list) else read


def _note(code: str, value: str, expected: str) -> Problem:
    return Problem(code, (), value, expected, severity="note")


def attributed(look: Observation) -> Any:
    """The value with who was responsible in it, where the observation says so."""
    if look.attributable is None:
        return look.value
    word = ATTRIBUTABLE if look.attributable else NOT_ATTRIBUTABLE
    if isinstance(look.value, Mapping):
        return {item: _named(value, word) for item, value in look.value.items()}
    return _named(look.value, word)


def _named(value: Any, word: str) -> Any:
    if value is True or (isinstance(value, str) and value.lower() in ("yes", "true", "1", "是")):
        return word
    return value


def observations_of(seen: Seen) -> tuple[Observation, ...]:
    """Observations from either form. Raises InvalidInput where something else was handed in."""
    if isinstance(seen, Mapping):
        return tuple(Observation(str(criterion), value) for criterion, value in seen.items())
    if isinstance(seen, str) or not isinstance(seen, Iterable):
        raise InvalidInput(Problem("not-an-observation", (), seen))
    observations = tuple(seen)
    problems = [problem for one in observations for problem in _form(one)]
    if problems:
        raise InvalidInput(problems)
    return observations


def _form(observation: object) -> Iterable[Problem]:
    if not isinstance(observation, Observation) or not isinstance(observation.criterion, str):
        return [Problem("not-an-observation", (), observation)]
    if observation.method is not None and observation.method not in METHODS:
        hint = nearest(observation.method, METHODS)
        return [
            Problem("unknown-word", (observation.criterion, "method"), observation.method, ", ".join(METHODS), hint)
        ]
    return ()

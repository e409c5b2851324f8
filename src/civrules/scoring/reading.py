"""Reading: what was seen of one community becomes a cell for every line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.calendar import Calendar
from civrules.model.canonical import canonical
from civrules.model.days import Period, check_day, undated
from civrules.model.figures import NotApplicable, NotObserved, count
from civrules.model.measures import Frequency
from civrules.model.measures.event import ATTRIBUTABLE, EXCUSED, NO, NOT_ATTRIBUTABLE, YES
from civrules.model.measures.measure import yes_no
from civrules.model.observation import METHODS, Observation, Seen, written
from civrules.scoring.line import SCALARS, Cell, CompiledLine, key_of
from civrules.scoring.pooling import Pool, rounded

Reports = dict[str, list[tuple[date | None, bool | None]]]
"""For every event what was reported: the day (None: not said), and whether it counts (None: left open)."""


class Reader:
    """Reads what was seen of one community, and holds every problem and note that it met."""

    def __init__(
        self,
        lines: Mapping[str, CompiledLine],
        edition: str,
        *,
        period: Period | None,
        on: date | None,
        inapplicable: Mapping[str, str],
        reasons: Mapping[str, str],
        places: Mapping[str, tuple[str, ...]],
        calendar: Calendar,
    ) -> None:
        self.lines = lines
        self.edition = edition
        self.period = period
        self.on = on
        self.inapplicable = inapplicable
        self.reasons = reasons
        self.places = places
        self.calendar = calendar
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.reports: Reports = {}

    def read(self, seen: Seen) -> tuple[tuple[Observation, ...], list[Cell]]:
        """The observations, and a cell for every line. Raises InvalidInput with every problem."""
        observations = observations_of(seen)
        cells, others = self._sorted(observations)
        if not all(cells):
            for name, line in self.lines.items():
                cells[line.index] = cells[line.index] or self._cell_of(line, others.get(name, []))
        if self.problems:
            raise InvalidInput(self.problems)
        return observations, cells

    def _sorted(self, observations: tuple[Observation, ...]) -> tuple[list[Any], dict[str, list[Observation]]]:
        """The cells of looks that stand alone and saw what was seen before, and all looks of the other criteria.

        There is None in the place of a cell that is not known yet.
        """
        lines = self.lines
        known: list[Any] = [None] * len(lines)
        others: dict[str, list[Observation]] = {name: [] for name in (*self.inapplicable, *self.reasons)}
        for look in observations:
            name = look.criterion
            line = lines.get(name)
            if line is None:
                self.problems.append(Problem("unknown-criterion", (), name, self.edition, nearest(name, lines)))
                continue
            before = known[line.index]
            if before is None and look.at is None and look.attributable is None:
                value = look.value
                kind = value.__class__
                # The kinds that most values are of, without a call.
                cell = line.kept.get((kind, value) if kind in SCALARS else key_of(value))
                if cell is not None and name not in others:
                    known[line.index] = cell
                    if line.event:
                        self._report(line, look, line.measure.counts(cell.read))
                    continue
            if before is not None:
                known[line.index] = None
                self.reports.pop(name, None)
                others[name] = [next(one for one in observations if one.criterion == name)]
            if name in others:
                others[name].append(look)
            else:
                others[name] = [look]
        return known, others

    def _cell_of(self, line: CompiledLine, looks: list[Observation]) -> Cell:
        """The cell of one line; what cannot be read is kept as a problem."""
        name = line.id
        try:
            looks = self._handed_in(name, looks)
            if name in self.inapplicable or name in self.reasons:
                cell = self._undecided(line, tuple(looks))
            else:
                cell = self._cell(line, looks) if looks else self._unseen(line)
        except InvalidInput as error:
            self.problems += error.within(name)
            return line.unseen
        cell.line = line
        if cell.detail is not None:
            note = Problem("measure-raised", (name,), cell.detail, str(line.measure.kind), severity="note")
            self.notes.append(note)
        return cell

    def _handed_in(self, name: str, looks: list[Observation]) -> list[Observation]:
        """The looks less those that say that there is nothing to hand in; a note says why. Raises InvalidInput."""
        nothing = [look.value for look in looks if isinstance(look.value, NotObserved)]
        if not nothing:
            return looks
        for reason in dict.fromkeys(value.reason for value in nothing):
            if not isinstance(reason, str) or not reason.strip():
                raise InvalidInput(Problem("no-reason-given", (), reason))
            self.notes.append(_note("nothing-handed-in", name, reason))
        return [look for look in looks if not isinstance(look.value, NotObserved)]

    def _undecided(self, line: CompiledLine, looks: tuple[Observation, ...]) -> Cell:
        """The cell of a line whose looks do not matter: it does not apply, or a number of its measure is not given."""
        if line.id in self.inapplicable:
            return line.inapplicable(self.inapplicable[line.id], looks)
        return line.not_checked(self.reasons[line.id], looks)

    def _unseen(self, line: CompiledLine) -> Cell:
        register = self.places.get(line.criterion.per_unit or "", ())
        if not (register or line.windowed):
            return line.unseen
        pool = Pool(line, self.period, self.on, self.calendar)
        return pool.cell((), {}, register) if register else pool.unseen()

    def _cell(self, line: CompiledLine, looks: list[Observation]) -> Cell:
        if len(looks) == 1 and line.plain and looks[0].at is None:
            return _plainly(line, looks[0])
        if len(looks) == 1 and line.event and _is_bare(looks[0]):
            return line.keep(looks[0].value, self._event(line, looks))
        for look in looks:
            if look.at is not None:
                check_day(look.at, "at")
        looks = self._once(line, looks)
        if isinstance(line.measure, Frequency) and (
            self.period is None or None in (self.period.first, self.period.last)
        ):
            raise InvalidInput(Problem("period-needed", (), line.id))
        if line.event:
            return self._event(line, looks)
        within = [look for look in looks if self._counts(look.at)]
        if len(within) < len(looks):
            self.notes.append(_note("outside-period", line.id, str(len(looks) - len(within))))
        fresh = [look for look in within if self._fresh(line, look.at)]
        if fresh or line.criterion.per_unit is not None:
            return self._pooled(line, fresh)
        return line.not_checked("expired" if within else "no-observation", tuple(within))

    def _pooled(self, line: CompiledLine, looks: Sequence[Observation]) -> Cell:
        """The looks as one cell, rounded once."""
        pool = Pool(line, self.period, self.on, self.calendar)
        unit = line.criterion.per_unit
        cell = pool.cell(
            looks,
            {index: attributed(look, line.measure) for index, look in enumerate(looks)},
            self.places.get(unit or "", ()),
        )
        self.notes += pool.notes
        return rounded(line, cell)

    def _fresh(self, line: CompiledLine, at: date | None) -> bool:
        """Whether an observation of that day still holds on the day of judgement."""
        if line.valid_for is None or self.on is None:
            return True
        return (at or undated(self.period, self.on) or self.on) >= line.valid_for.before(self.on)

    def _counts(self, at: date | None) -> bool:
        return at is None or self.period is None or at in self.period

    def _once(self, line: CompiledLine, looks: list[Observation]) -> list[Observation]:
        """Equal observations count once."""
        # Most are of another place, day or assessor, which is seen without writing them down.
        if len({(look.place, look.at, look.by, look.id) for look in looks}) == len(looks):
            return looks
        different = list({_said(look): look for look in reversed(looks)}.values())[::-1]
        if len(different) < len(looks):
            self.notes.append(_note("equal-observations", line.id, str(len(looks) - len(different) + 1)))
        return different

    def _event(self, line: CompiledLine, looks: list[Observation]) -> Cell:
        """An event's reports: those of every day for look-back windows, those of the period for the line."""
        here: list[tuple[bool | None, str]] = []
        stated: list[NotApplicable] = []
        for look in looks:
            value = attributed(look, line.measure)
            if isinstance(value, NotApplicable):
                line.does_not_apply(value, ())
                if self._counts(look.at):
                    stated.append(value)
                continue
            read = line.measure.read(value, line.limits)
            _check_excuse(look, read)
            counts = line.measure.counts(read)
            self._report(line, look, counts)
            if self._counts(look.at):
                here.append((counts, read))
        seen = tuple(looks)
        if stated and not here:
            return line.does_not_apply(stated[0], seen)
        return _happened_here(line, here, seen)

    def _report(self, line: CompiledLine, look: Observation, counts: bool | None) -> None:
        """Note the day on which an event was reported, and whether it counts."""
        self.reports.setdefault(line.id, []).append((look.at or undated(self.period, self.on), counts))


def _plainly(line: CompiledLine, look: Observation) -> Cell:
    """The cell of one look that is the whole story, kept where it says who it was due to in the value alone."""
    if look.attributable is None:
        return line.keep(look.value, line.seen(look.value, (look,)))
    return line.seen(attributed(look, line.measure), (look,))


def _is_bare(look: Observation) -> bool:
    """Whether nothing but the value decides what the look means."""
    return look.at is None and look.attributable is None and not look.evidence


def _happened_here(line: CompiledLine, here: Sequence[tuple[bool | None, str]], seen: tuple[Observation, ...]) -> Cell:
    """The cell of an event whose reports within the period are these: whether each counts, and what it says."""
    if any(counts for counts, _ in here):
        return Cell("seen", _gravest(read for counts, read in here if counts), 0, "fail", None, seen)
    if any(counts is None for counts, _ in here):
        return line.not_checked("attribution-open", seen)
    other = _gravest([NO, *(read for _, read in here)])
    if other in (NOT_ATTRIBUTABLE, EXCUSED):
        return Cell("seen", other, 0, "informational", other, seen)
    return Cell("seen", NO, 0, "pass", None, seen) if here else line.not_checked("no-observation", seen)


_GRAVEST = (ATTRIBUTABLE, YES, NOT_ATTRIBUTABLE, EXCUSED, NO)


def _gravest(reads: Iterable[str]) -> str:
    """The gravest of several reports, in whatever order they were handed in."""
    return min(reads, key=_GRAVEST.index)


def _said(look: Observation) -> object:
    """What looks that say the same share, as a record has it; a value that cannot be written is like no other."""
    try:
        return canonical(written(look))
    except Exception:  # noqa: BLE001  # whatever was handed in; the measure refuses it
        return id(look)


def check_look(look: Observation, line: CompiledLine) -> None:
    """Raise InvalidInput where the line cannot read the look."""
    value = attributed(look, line.measure)
    line.seen(value, ())
    if line.event and not isinstance(value, NotApplicable):
        _check_excuse(look, line.measure.read(value, line.limits))


def _check_excuse(look: Observation, read: Any) -> None:
    """Raise InvalidInput where an event is excused without evidence."""
    if read == EXCUSED and not look.evidence:
        raise InvalidInput(Problem("excuse-without-evidence", (), look.value))


def _note(code: str, value: str, expected: str) -> Problem:
    return Problem(code, (), value, expected, severity="note")


def attributed(look: Observation, measure: Any) -> Any:
    """The value with who was responsible in it, where the observation says so and the measure asks."""
    if look.attributable is None:
        return look.value
    word = ATTRIBUTABLE if look.attributable else NOT_ATTRIBUTABLE
    if isinstance(look.value, Mapping):
        asked = {item.id for item in getattr(measure, "items", ()) if getattr(item, "attributable", False)}
        return {item: _counted(value, word) if item in asked else value for item, value in look.value.items()}
    return word if _happened(look.value) else look.value


def _happened(value: Any) -> bool:
    try:
        return yes_no(value)
    except InvalidInput:
        return False


def _counted(value: Any, word: str) -> Any:
    """How many of an item somebody is, or is not, mainly responsible for."""
    if _happened(value):
        return word
    try:
        return {word: count(value)} if count(value) else value
    except InvalidInput:
        return value


def observations_of(seen: Seen) -> tuple[Observation, ...]:
    """Observations from either form. Raises InvalidInput where something else was handed in."""
    if isinstance(seen, Mapping):
        return _of_mapping(seen)
    if isinstance(seen, str) or not isinstance(seen, Iterable):
        raise InvalidInput(Problem("not-an-observation", (), seen))
    observations = tuple(seen)
    # Most observations say no method, and are checked without a call.
    problems = [
        problem
        for one in observations
        if one.__class__ is not Observation or one.criterion.__class__ is not str or one.method is not None
        for problem in _form(one)
    ]
    if problems:
        raise InvalidInput(problems)
    return observations


def _of_mapping(seen: Mapping[str, Any]) -> tuple[Observation, ...]:
    observations: list[Observation] = []
    problems: list[Problem] = []
    for criterion, value in seen.items():
        try:
            observations.append(Observation(str(criterion), value))
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return tuple(observations)


def _form(observation: object) -> Iterable[Problem]:
    if not isinstance(observation, Observation) or not isinstance(observation.criterion, str):
        return [Problem("not-an-observation", (), observation)]
    if observation.method is not None and observation.method not in METHODS:
        hint = nearest(observation.method, METHODS)
        return [
            Problem("unknown-word", (observation.criterion, "method"), observation.method, ", ".join(METHODS), hint)
        ]
    return ()

"""Pooling: several looks at one criterion become one cell, over looks, assessors and places, in that order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.calendar import Calendar
from civrules.model.canonical import canonical
from civrules.model.days import Period, undated
from civrules.model.figures import NotApplicable, Ratio, figure, plain
from civrules.model.measures import Findings, Frequency
from civrules.model.measures.measure import amount
from civrules.model.observation import Observation, written
from civrules.scoring.line import Cell, CompiledLine, Points, Result, whole

_FAVOUR = {"fail": 0, "advice": 1, "partial": 1, "pass": 2}


class Pool:
    """Pools the looks of one criterion; holds the notes that it met."""

    def __init__(
        self,
        line: CompiledLine,
        period: Period | None,
        on: date | None,
        calendar: Calendar,
    ) -> None:
        self.line = line
        self.period = period
        self.on = on
        self.calendar = calendar
        self.last = undated(period, date.max) or date.max
        self.notes: list[Problem] = []

    def cell(self, looks: Sequence[Observation], values: Mapping[int, Any], register: Sequence[str]) -> Cell:
        """One cell of all looks; `values` are what was seen, by the look's place in the list. Raises InvalidInput."""
        if self.line.criterion.per_unit is None:
            return self._assessors(list(enumerate(looks)), values)
        return self._places(looks, values, register)

    def unseen(self) -> Cell:
        """The cell where nobody looked; where no window was to be kept yet there is nothing to look for."""
        if isinstance(self.line.measure, Frequency) and self.period is not None and self.period.is_closed:
            kept = self.line.measure.kept((), self.period, self.on, self.calendar)
            if isinstance(kept, NotApplicable):
                return self.line.inapplicable(kept.reason)
        return self.line.not_checked("no-observation")

    def _places(self, looks: Sequence[Observation], values: Mapping[int, Any], register: Sequence[str]) -> Cell:
        """A cell for every place of the register, visited or not, combined."""
        by_place: dict[str, list[tuple[int, Observation]]] = {name: [] for name in register}
        problems = []
        for index, look in enumerate(looks):
            if look.place is None:
                problems.append(Problem("place-needed", (), self.line.id, str(self.line.criterion.per_unit)))
            elif register and look.place not in by_place:
                known = ", ".join(register)
                problems.append(Problem("unknown-place", (), look.place, known, nearest(look.place, register)))
            else:
                by_place.setdefault(look.place, []).append((index, look))
        if problems:
            raise InvalidInput(dict.fromkeys(problems))
        parts = [(name, self._assessors(group, values) if group else self.unseen()) for name, group in by_place.items()]
        return combine_places(self.line, parts, tuple(looks))

    def _assessors(self, looks: list[tuple[int, Observation]], values: Mapping[int, Any]) -> Cell:
        how = self.line.criterion.assessors
        if isinstance(self.line.measure, Frequency):
            return self._frequency(looks, values)
        if how is None:
            return self._looks(looks, values)
        by_assessor: dict[str | None, list[tuple[int, Observation]]] = {}
        for index, look in looks:
            by_assessor.setdefault(look.by, []).append((index, look))
        return combined(self.line, [self._looks(group, values) for group in by_assessor.values()], how)

    def _frequency(self, looks: list[tuple[int, Observation]], values: Mapping[int, Any]) -> Cell:
        """What all looks, whoever took them, come to in the windows of the period."""
        seen = tuple(look for _, look in looks)
        done: list[tuple[date | None, int]] = []
        for index, look in looks:
            read = self.line.measure.read(values[index], self.line.limits)
            if isinstance(read, NotApplicable):
                return self.line.does_not_apply(read, seen)
            done += [(look.at if day is None else day, times) for day, times in read]
        return self.line.settled(self.line.measure.kept(done, self.period or Period(), self.on, self.calendar), seen)

    def _looks(self, looks: list[tuple[int, Observation]], values: Mapping[int, Any]) -> Cell:
        how = self.line.criterion.pool
        seen = tuple(look for _, look in looks)
        if how == "latest":
            return self._latest(looks, values)
        if how == "sum":
            return self.line.seen(added([values[index] for index, _ in looks]), seen, rounded=False)
        return combined(
            self.line,
            [self.line.seen(values[index], (look,), rounded=False) for index, look in looks],
            how,
            adds=True,
        )

    def _latest(self, looks: list[tuple[int, Observation]], values: Mapping[int, Any]) -> Cell:
        """The latest look; of those of one day the least favourable. A look without a day is of the period's last."""
        newest = max(look.at or self.last for _, look in looks)
        cells = [(self.line.seen(values[index], (look,), rounded=False), look) for index, look in looks]
        last = [cell for cell, look in cells if (look.at or self.last) == newest]
        if len(last) == 1:
            return last[0]
        if len({(cell.state, cell.points, cell.result, cell.read) for cell in last}) > 1:
            self.notes.append(Problem("same-day", (), self.line.id, "", severity="note"))
        # What is left equal is told apart by the look itself, so that the order of looks never matters.
        return min(last, key=lambda cell: (favour(cell, self.line), repr(cell.read), canonical(written(*cell.seen))))


def combined(line: CompiledLine, cells: Sequence[Cell], how: str, *, adds: bool = False) -> Cell:
    """One cell of several, among those that apply: the mean of their points, the least or the most favourable.

    Where it `adds`, conditions see the findings of all of them together.
    """
    seen = tuple(look for cell in cells for look in cell.seen)
    applies = [cell for cell in cells if cell.state != "not-applicable"]
    if not applies:
        return cells[0]
    missing = [cell for cell in applies if cell.state != "seen"]
    if missing:
        cell = line.not_checked(str(missing[0].reason), seen)
        cell.detail = missing[0].detail
        return cell
    counts = _counts(line, applies) if adds else None
    if how == "mean":
        return Cell("seen", _alike(applies), _mean(applies), _between(applies), None, seen, counts=counts)
    chosen = (max if how == "best" else min)(applies, key=lambda cell: (favour(cell, line), repr(cell.read)))
    counts = counts or chosen.counts
    return Cell("seen", chosen.read, chosen.points, chosen.result, None, seen, chosen.reach, counts=counts)


def combine_places(line: CompiledLine, parts: Iterable[tuple[str, Cell]], looks: tuple[Observation, ...]) -> Cell:
    """One cell of a cell for every place; it keeps them, so that a missing place can be completed."""
    kept = tuple(parts)
    applies = [(name, cell) for name, cell in kept if cell.state != "not-applicable"]
    if not applies:
        return line.inapplicable(str(kept[0][1].reason), looks) if kept else line.not_checked("no-observation", looks)
    counted = [
        (name, cell)
        for name, cell in applies
        if not (cell.state == "missing" and line.missing == "rescale") and (line.scored or cell.state != "unrecorded")
    ]
    observed = sum(cell.state == "seen" for _, cell in applies)
    cell = _of_places(line, [cell for _, cell in counted]) if counted else line.not_checked("no-observation", looks)
    cell.counts = _counts(line, [one for _, one in counted])
    least = line.criterion.sample
    if least is not None and 0 < observed < least:
        cell = line.not_checked("sample-too-small", looks)
    elif any(part.state == "missing" for _, part in applies):
        cell.state, cell.reason = "missing", "no-observation"
    elif any(part.state == "waived" for _, part in applies):
        cell.state = "waived"
    cell.seen, cell.parts, cell.looked = looks, kept, (observed, len(applies))
    if line.criterion.places == "sum":
        cell.reach = line.full * len(counted)
    return cell


def rounded(line: CompiledLine, cell: Cell) -> Cell:
    """The cell with its points at the criterion's decimals, within what all its places can give together."""
    if cell.points is not None and cell.state != "not-applicable":
        summed = line.criterion.places == "sum"
        counts = [part for _, part in cell.parts if part.state != "not-applicable" and not part.skipped]
        cell.points = line.rounded(cell.points, len(counts) if summed and counts else 1)
    return cell


def _of_places(line: CompiledLine, cells: Sequence[Cell]) -> Cell:
    how = line.criterion.places or "worst"
    if any(cell.points is None for cell in cells):
        return Cell("seen", None, None, None)
    if how == "mean":
        return Cell("seen", _alike(cells), _mean(cells), _between(cells))
    if how == "sum":
        total: Points = sum(cell.points or 0 for cell in cells)
        return Cell("seen", _alike(cells), total, _between(cells))
    if isinstance(how, str):
        chosen = (max if how == "best" else min)(cells, key=lambda cell: favour(cell, line))
        return Cell("seen", chosen.read, chosen.points, chosen.result)
    passing = sum(cell.result in ("pass", "waived") for cell in cells)
    enough = Fraction(passing * 100, len(cells)) >= amount(how.at_least)
    points, result = line.judged_best if enough else line.nothing
    return Cell("seen", None, points, "pass" if enough else line.judged(result))


def favour(cell: Cell, line: CompiledLine) -> tuple[int, Any]:
    """Smaller is less favourable; missing comes first, not applicable last."""
    if cell.state == "not-applicable":
        return (3, 0)
    if cell.points is None:
        return (0, 0)
    points = -cell.points if line.turned else cell.points
    return (1, (points, _FAVOUR.get(str(cell.result), 1)))


def added(values: Sequence[Any]) -> Any:
    """What several looks saw together: figures and n of m add up, items each for itself. Raises InvalidInput."""
    applies = [value for value in values if not isinstance(value, NotApplicable)]
    if len(applies) < 2:
        return applies[0] if applies else values[0]
    if all(isinstance(value, Ratio) for value in applies):
        pairs = [value.read() for value in applies]
        return Ratio(sum(n for n, _ in pairs), sum(of for _, of in pairs))
    if all(isinstance(value, Mapping) for value in applies):
        items = dict.fromkeys(item for value in applies for item in value)
        return {item: added([_counted(value[item]) for value in applies if item in value]) for item in items}
    if any(isinstance(value, bool | Mapping | Ratio) for value in applies):
        raise InvalidInput(Problem("cannot-add", (), ", ".join(map(str, applies))))
    figures = [figure(value) for value in applies]
    total = plain(sum((Fraction(number) for number, _ in figures), start=Fraction(0)))
    return f"{total}%" if any(percent for _, percent in figures) else total


def _counted(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _mean(cells: Sequence[Cell]) -> Points:
    return whole(sum((Fraction(cell.points or 0) for cell in cells), start=Fraction(0)) / len(cells))


def _between(cells: Sequence[Cell]) -> Result:
    """The result that all share, else partial."""
    results = {cell.result for cell in cells}
    return results.pop() or "partial" if len(results) == 1 else "partial"


def _alike(cells: Sequence[Cell]) -> Any:
    """What all looks saw alike; None where they did not."""
    reads = [cell.read for cell in cells]
    return reads[0] if all(read == reads[0] for read in reads) else None


def _counts(line: CompiledLine, cells: Sequence[Cell]) -> Any:
    """What the findings of all of them add up to; None where the measure counts none, or one of them is open."""
    reads = [cell.read if cell.counts is None else cell.counts for cell in cells]
    if not isinstance(line.measure, Findings) or not reads or None in reads:
        return None
    return line.measure.together(reads)

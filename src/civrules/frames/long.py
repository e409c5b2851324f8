"""Long frames: a row for each value, read by kind of measure, pooled, and scored by the program's formulas."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import narwhals as nw

from civrules.errors import Problem
from civrules.frames.expressions import Slot
from civrules.frames.long_columns import LongColumns
from civrules.frames.long_rows import ABSENT, FAULT, GONE, LINE, Reading, RowReader
from civrules.frames.looks import Days, Faults, Looks, as_looks
from civrules.frames.plan import PREFIX, Plan, where, whole
from civrules.frames.pooled import LOOSE, REPORTED, Pooling, Windows, cannot_pool, mapped, order_of, window
from civrules.frames.scored import Read
from civrules.model.condition import Condition
from civrules.model.days import Duration, Period, undated
from civrules.model.formula import Term, absent, equal, every, number, opposite, outside
from civrules.model.formula import slot as slot_of
from civrules.scoring.formulas import Formulas, formulas_of
from civrules.scoring.line import CompiledLine
from civrules.scoring.line_formulas import LineFormula, Window, line_formula
from civrules.scoring.program import Program


@attrs.frozen(eq=False)
class Long:
    """How a program reads a long frame: its formulas, and the column of every slot with the line that it is of."""

    program: Program
    columns: LongColumns
    days: Days
    formulas: Formulas
    places: Mapping[int, tuple[int, str]]
    windows: Windows

    @classmethod
    def of(cls, program: Program, schema: Mapping[str, Any], id_: str, days: Days) -> "Long":
        """Raises InvalidInput with everything that columns cannot say, and with columns that cannot be read."""
        columns = LongColumns.of(schema, id_)
        builder = _Lines(program, days, columns)
        formulas = formulas_of(program, builder.lines())
        return cls(program, columns, days, formulas, builder.places, Windows(builder.windows))

    @property
    def dated(self) -> bool:
        """Whether looks say their day."""
        return "at" in self.columns.types

    @property
    def magnitude(self) -> tuple[int, str]:
        """The greatest whole number that any step can reach, and the step."""
        steps = [self.formulas.magnitude]
        if self.columns.looks:
            seen: set[int] = set()
            steps += [
                (max((part.size for term in order_of(one) for part in term.walk(seen)), default=0), one.line.id)
                for one in self.formulas.lines
                if not one.line.event and one.line.criterion.pool == "latest"
            ]
        return max(steps)

    def read(self, frame: Any) -> tuple[Any, Read]:
        """A row for each community, and what was read of it."""
        lines = self.formulas.lines
        reading = Reading.of([_as_one_look(one) for one in lines])
        table = self.columns.selected(frame, reading.codes)
        blank = self.program.standard.table.blank
        table, codes = RowReader(reading, self.columns, blank.not_applicable if blank else None).read(table)
        faults = Faults(codes)
        looks = Looks([one.line for one in lines], self.columns)
        table = as_looks(table, looks, faults)
        table = Pooling(looks, lines, self.days, self.windows, faults).pooled(table)
        return self._communities(table), self._read(tuple(faults.codes))

    def _communities(self, table: Any) -> Any:
        line = nw.col(LINE)
        made = {
            _name(detail): where(line == whole(index), nw.col(column), whole(ABSENT)).max()
            for detail, (index, column) in self.places.items()
        }
        return table.group_by(self.columns.id_).agg(**made, **{FAULT: nw.col(FAULT).min()})

    def _read(self, codes: Sequence[str]) -> Read:
        plan = Plan()
        slots: dict[int, Slot] = {}
        terms = {term.detail: term for term in self._slots()}
        for detail, term in terms.items():
            raw = nw.col(_name(detail))
            fill = whole(min(max(0, term.low), term.high))
            keep = plan.keep
            tests = (keep(0, raw == whole(ABSENT)), keep(0, raw == whole(GONE)))
            slots[detail] = Slot(keep(0, where(raw > whole(GONE), raw, fill)), *tests)
        places = (("", False), *((one.line.id, False) for one in self.formulas.lines))
        return Read(plan, slots, (), begin=1, fault=nw.col(FAULT), places=places, codes=tuple(codes))

    def _slots(self) -> Iterator[Term]:
        for one in self.formulas.lines:
            yield from one.slots.values()
            yield from (term for term, _ in one.windows.values())
            yield from _extra(one)


def _name(detail: int) -> str:
    return f"{PREFIX}of-line{detail}"


def _extra(one: LineFormula) -> Iterator[Term]:
    """The slots of an event beside its own."""
    seen: set[int] = set()
    for term in (one.reported, one.unsettled):
        yield from (part for part in term.walk(seen) if part.op == "slot")


def _as_one_look(one: LineFormula) -> LineFormula:
    made = line_formula(one.line, 0, looks=True)
    assert isinstance(made, LineFormula)
    return made


class _Lines:
    """Makes the formulas of lines whose looks may be several."""

    def __init__(self, program: Program, days: Days, columns: LongColumns) -> None:
        self.program = program
        self.days = days
        self.dated = "at" in columns.types
        self.places: dict[int, tuple[int, str]] = {}
        self.windows: dict[int, list[tuple[int, Period | None]]] = {}
        self._asked = list(_asked(program)) if self.dated else []

    def lines(self) -> Iterator[LineFormula | Problem]:
        """The formula of each line, or why it has none."""
        for line in self.program.lines:
            made = line_formula(line, len(self.places))
            if refused := list(cannot_pool(line)):
                yield from refused
            elif isinstance(made, Problem):
                yield made
            else:
                self.places |= {detail: (line.index, column) for detail, column in mapped(made).items()}
                yield self._event(made) if line.event and self.dated else made

    def _event(self, one: LineFormula) -> LineFormula:
        line = one.line
        windows: dict[Window, tuple[Term, bool]] = {}
        for condition in self._asked:
            key = (condition.within, condition.during)
            if condition.target == line.id and key not in windows:
                days = self._window(condition)
                number_ = len(self.places)
                self.windows.setdefault(line.index, []).append((number_, days))
                undated_ = undated(self.days.period, self.days.on)
                windows[key] = self._slot(line, window(number_)), undated_ is None or days is None or undated_ in days
        reported, loose = self._slot(line, REPORTED), self._slot(line, LOOSE)
        unsettled = equal(loose, number(1)) if line.measure.attributable else number(0)
        return attrs.evolve(
            one,
            windows=windows,
            reported=opposite(absent(reported)),
            unsettled=every(opposite(absent(loose)), opposite(outside(loose)), unsettled),
        )

    def _slot(self, line: CompiledLine, column: str) -> Term:
        detail = len(self.places)
        self.places[detail] = (line.index, column)
        return slot_of(detail, 0, 2)

    def _window(self, condition: Condition) -> Period | None:
        on = self.days.on
        within = self.program.standard.interval(condition.within)
        if within is not None and on is not None:
            return Period(Duration.of(within).before(on), on)
        if condition.during is not None and on is not None:
            return Period.year(on.year)
        return self.days.period


def _asked(program: Program) -> Iterator[Condition]:
    """The conditions that look back on an event."""
    standard = program.standard
    conditions = [gate.when for gate in standard.gates]
    conditions += [grade.requires for grade in standard.grades if grade.requires is not None]
    for condition in conditions:
        for part in condition.walk():
            if part.subject == "happened" and (part.within or part.during):
                yield part

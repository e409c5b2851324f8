"""Wide frames: a row for each community, its columns read as the slots of the program's formulas."""

from collections.abc import Mapping
from typing import Any

import attrs

from civrules.frames.cells import Cells
from civrules.frames.columns import columns_of, kind_of
from civrules.frames.expressions import Slot
from civrules.frames.plan import Plan
from civrules.frames.reading import CriterionReader, Fault
from civrules.frames.scored import Read
from civrules.scoring.formulas import Formulas
from civrules.scoring.program import Program


@attrs.frozen(eq=False)
class Wide:
    """How a program reads a wide frame: its formulas, and the columns of each criterion by what follows its name."""

    program: Program
    schema: Mapping[str, Any]
    formulas: Formulas
    columns: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, program: Program, schema: Mapping[str, Any], id_: str) -> "Wide":
        """Raises InvalidInput with everything that columns cannot say, and with columns that cannot be read."""
        return cls(program, schema, program.formulas, columns_of(program, schema, id_))

    @property
    def dated(self) -> bool:
        """Whether looks say their day."""
        return False

    @property
    def magnitude(self) -> tuple[int, str]:
        """The greatest whole number that any step can reach, and the step."""
        return self.formulas.magnitude

    def read(self, table: Any) -> tuple[Any, Read]:
        """The table, and what is read of it. Raises InvalidInput with every column that cannot be read."""
        plan = Plan()
        blank = self.program.standard.table.blank
        stands = blank.not_applicable if blank else None
        slots: dict[int, Slot] = {}
        faults: list[Fault] = []
        for one in self.formulas.lines:
            if cells := self._cells(plan, one.line.id):
                reader = CriterionReader(one, cells, plan, stands)
                reader.read()
                slots |= reader.slots
                faults += reader.faults
        return table, Read(plan, slots, faults)

    def _cells(self, plan: Plan, criterion: str) -> dict[str, Cells]:
        cells: dict[str, Cells] = {}
        for suffix, column in self.columns.get(criterion, {}).items():
            kind = kind_of(column, self.schema[column])
            if kind is not None:
                cells[suffix] = Cells(plan, column, kind, self.schema[column])
        return cells

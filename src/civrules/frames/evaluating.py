"""The bulk engine's face: a frame of communities in, the same kind of frame out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import attrs
import narwhals as nw

from civrules.errors import InvalidInput, Problem, nearest
from civrules.errors.problem import listed
from civrules.frames.host import host_of
from civrules.frames.long import Long
from civrules.frames.looks import Days
from civrules.frames.output import decimal_columns, selected
from civrules.frames.probe import largest
from civrules.frames.scored import Scored, figures_of, score
from civrules.frames.wide import Wide
from civrules.model.days import Period
from civrules.model.standard import Standard
from civrules.scoring.bound_formulas import BoundFormulas, bound_formulas
from civrules.scoring.long import COLUMNS
from civrules.scoring.program import Program

FrameT = TypeVar("FrameT")
Layout = Literal["wide", "long"]

_LAYOUTS = ("wide", "long")
RESULT = ("score", "low", "high", "grade", "grade_low", "grade_high", "coverage", "rank", "problem")
"""The columns of a result, besides the ids and the points of criteria."""


def evaluate(
    standard: Standard, frame: FrameT, /, *, id: str = "community", layout: Layout = "wide", on: date | None = None,
    period: Period | None = None, bounds: bool = True, lines: bool = False, rank: bool = False,
) -> FrameT:  # fmt: skip
    """Score every community of a frame; the same kind of frame comes back, one row for every row.

    Takes Polars (eager or lazy), pandas (backed by NumPy or Arrow), PyArrow and PySpark frames and DuckDB relations.
    The columns are those of wide tables: `id`, and `<criterion>`, `<criterion>:of`, `<criterion>:<item>`,
    `<criterion>:na`; others are passed over, unless they look like a criterion's. With `layout="long"` they are
    those of long tables, and one row comes back for each community, in no order.

    The result has the column `id`, then score, low and high (with `bounds`: what missing values could still give) and,
    with `lines`, points:<criterion> as whole numbers of `unit(standard)`; coverage in units of 0.0001; grade,
    grade_low, grade_high; with `rank` the competition rank; and problem: null, or the code of what is wrong with the
    row, whose figures then are null. The figures are those of `civrules.evaluate`, to the last digit.

    Raises InvalidInput, before anything runs, with everything that columns cannot say (several looks or places,
    frequencies, changes, attributes, numbers that are given), with whole numbers beyond what the backend divides
    exactly, and with columns that cannot be read.

    >>> import polars, civrules
    >>> from civrules import Criterion, Section, Source, Text
    >>> from civrules.measures import Check
    >>> lit = Criterion(id="lit", title=Text(en="Lit"), points=4, measure=Check())
    >>> standard = civrules.Standard(
    ...     id="example/lights", version="1", title=Text(en="Lights"), kinds=("residential",),
    ...     source=Source(document="Example rules"), not_applicable="full",
    ...     sections=(Section(id="all", title=Text(en="All"), children=(lit,)),))
    >>> rows = polars.DataFrame({"community": ["north", "south"], "lit": [True, False]})
    >>> evaluate(standard, rows, bounds=False)["score"].to_list()
    [4, 0]
    """
    host = host_of(frame, id, by_row=layout == "wide")
    table = host.lazy(lambda name: name in COLUMNS or name.partition(":")[0] in standard.criteria)
    made = prepared(standard, table, id=id, layout=layout, on=on, period=period, bounds=bounds, lines=lines)
    table = selected(made.table, id, made.scored, descending=made.descending, rank=rank)
    result: FrameT = host.back(table.to_native())
    return result


@attrs.frozen(eq=False)
class Prepared:
    """A frame with all columns that the result is made of, and how it is made of them."""

    program: Program
    table: Any
    scored: Scored

    @property
    def descending(self) -> bool:
        """Whether more is better."""
        return self.program.standard.direction != "demerits"


def prepared(
    standard: Standard, frame: Any, /, *, id: str, layout: Layout = "wide", on: date | None = None,
    period: Period | None = None, bounds: bool = True, lines: bool = False,
) -> Prepared:  # fmt: skip
    """All that the result is made of, from a frame that is worked on as it is. Raises InvalidInput as `evaluate`."""
    if layout not in _LAYOUTS:
        raise InvalidInput(Problem("unknown-word", ("layout",), layout, listed(_LAYOUTS), nearest(layout, _LAYOUTS)))
    program = Program(standard)
    table = nw.from_native(frame)
    days = Days(program.day(on, period), period)
    made, ends = _checked(program, table, id, layout, days, bounds=bounds)
    table, read = made.read(table)
    scored = score(program, figures_of(made.formulas, ends, lines=lines), read)
    for stage in read.plan.stages:
        table = table.with_columns(**stage)
    return Prepared(program, table, scored)


def unit(standard: Standard, /) -> Decimal:
    """What 1 in the result's score, low, high and points columns is worth."""
    return Decimal((0, (1,), -Program(standard).places))


def decimals(result: FrameT, standard: Standard, /) -> FrameT:
    """The same result with its figures in decimal columns, where the backend has them; pandas holds them by Arrow.

    Raises InvalidInput where the frame's backend has none.
    """
    made: FrameT = decimal_columns(result, Program(standard).places)
    return made


def _checked(
    program: Program, table: Any, id_: str, layout: Layout, days: Days, *, bounds: bool
) -> tuple[Wide | Long, BoundFormulas | None]:
    """How the frame is read, and the bounds that are asked for.

    Raises InvalidInput with all that is to be refused before anything runs.
    """
    if id_ in RESULT:
        raise InvalidInput(Problem("column-taken", (), id_, "result"))
    schema = table.collect_schema()
    made = Long.of(program, schema, id_, days) if layout == "long" else Wide.of(program, schema, id_)
    problems = [] if made.dated else list(_undatable(program, days))
    ends = None
    try:
        ends = bound_formulas(program, made.formulas) if bounds else None
    except InvalidInput as error:
        problems += error.problems
    reached, step = max(one.magnitude for one in (made, ends) if one is not None)
    if reached >= (most := largest(table)):
        problems.append(Problem("beyond-exact", (step,), reached, str(most)))
    if problems:
        raise InvalidInput(problems)
    return made, ends


def _undatable(program: Program, days: Days) -> Iterator[Problem]:
    """What asks how long ago something was seen, where looks count as of another day than that of judgement."""
    last = days.period.last if days.period is not None else None
    if days.on is None or last is None or days.on == last:
        return
    standard = program.standard
    conditions = [(gate.id, gate.when) for gate in standard.gates]
    conditions += [(grade.id, grade.requires) for grade in standard.grades if grade.requires is not None]
    for name, condition in conditions:
        if any(part.within or part.during for part in condition.walk()):
            yield Problem("needs-looks", (name,), name)
    for line in program.lines:
        if line.valid_for is not None:
            yield Problem("needs-looks", (line.id,), line.id)

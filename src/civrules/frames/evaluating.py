"""The bulk engine's face: a frame of communities in, the same kind of frame out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import narwhals as nw

from civrules.errors import InvalidInput, Problem, nearest
from civrules.frames.host import Host
from civrules.frames.long import Long
from civrules.frames.output import decimal_columns, selected
from civrules.frames.pandas_gaps import as_read
from civrules.frames.probe import largest
from civrules.frames.wide import Read, Scored, figures_of, read_wide, score
from civrules.model.days import Period
from civrules.model.standard import Standard
from civrules.scoring.bound_formulas import bound_formulas
from civrules.scoring.formulas import Formulas
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
    host = Host.of(frame, id) if layout == "long" else Host()
    table, _, scored, program = prepared(
        standard, host.lazy(frame), id=id, layout=layout, on=on, period=period, bounds=bounds, lines=lines
    )
    made = selected(table, id, scored, descending=program.standard.direction != "demerits", rank=rank)
    result: FrameT = host.back(made.to_native())
    return result


def prepared(
    standard: Standard, frame: Any, /, *, id: str, layout: Layout = "wide", on: date | None = None,
    period: Period | None = None, bounds: bool = True, lines: bool = False,
) -> tuple[Any, Read, Scored, Program]:  # fmt: skip
    """The frame with all that the result is made of, and how. Raises InvalidInput as `evaluate` does."""
    if layout not in _LAYOUTS:
        words = ", ".join(_LAYOUTS)
        raise InvalidInput(Problem("unknown-word", ("layout",), layout, words, nearest(layout, _LAYOUTS)))
    program = Program(standard)
    if id in RESULT:
        raise InvalidInput(Problem("column-taken", (), id, "result"))
    table = nw.from_native(frame if layout == "long" else as_read(frame, program))
    schema = table.collect_schema()
    if layout == "long":
        long = Long.of(program, schema, id, on, period)
        problems = list(_undatable(program, on, period)) if "at" not in long.columns.types else []
        formulas, largest_step = long.formulas, long.magnitude
    else:
        program.day(on, period)
        problems = list(_undatable(program, on, period))
        formulas, largest_step = _formulas(program, problems)
    _check(program, table, formulas, largest_step, problems, bounds=bounds)
    figures = figures_of(program, formulas, bounds=bounds, lines=lines)
    if layout == "long":
        table, read = long.read(table)
    else:
        read = read_wide(program, formulas, schema, id)
    scored = score(program, figures, read)
    for stage in read.plan.stages:
        table = table.with_columns(**stage)
    return table, read, scored, program


def unit(standard: Standard, /) -> Decimal:
    """What 1 in the result's score, low, high and points columns is worth."""
    return Decimal((0, (1,), -Program(standard).places))


def decimals(result: FrameT, standard: Standard, /) -> FrameT:
    """The same result with its figures in decimal columns, where the backend has them; pandas holds them by Arrow.

    Raises InvalidInput where the frame's backend has none.
    """
    made: FrameT = decimal_columns(result, Program(standard).places)
    return made


def _formulas(program: Program, problems: list[Problem]) -> tuple[Formulas, tuple[int, str]]:
    """The program's formulas and their greatest step. Raises InvalidInput with all problems."""
    try:
        return program.formulas, program.formulas.magnitude
    except InvalidInput as error:
        raise InvalidInput([*problems, *error.problems]) from None


def _check(
    program: Program, frame: Any, formulas: Formulas, step: tuple[int, str], problems: list[Problem], *, bounds: bool
) -> None:
    """Raise InvalidInput with all that is to be refused before anything runs."""
    try:
        found = [step]
        if bounds:
            found.append(bound_formulas(program, formulas).magnitude)
        most = largest(frame)
        problems += [
            Problem("beyond-exact", (name,), reached, str(most)) for reached, name in [max(found)] if reached >= most
        ]
    except InvalidInput as error:
        problems += error.problems
    if problems:
        raise InvalidInput(problems)


def _undatable(program: Program, on: date | None, period: Period | None) -> Iterator[Problem]:
    """What asks how long ago something was seen, where looks count as of another day than that of judgement."""
    last = period.last if period is not None else None
    if on is None or last is None or on == last:
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

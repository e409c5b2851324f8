"""The bulk engine's face: a frame of communities in, the same kind of frame out."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import narwhals as nw

from civrules.errors import InvalidInput, Problem
from civrules.frames.wide import Figures, figures_of, read_wide, score_wide
from civrules.model.days import Period
from civrules.model.standard import Standard
from civrules.scoring.program import Program

FrameT = TypeVar("FrameT")


def evaluate(
    standard: Standard, frame: FrameT, /, *, id: str = "community", layout: Literal["wide", "long"] = "wide",
    on: date | None = None, period: Period | None = None, bounds: bool = True, lines: bool = False, rank: bool = False,
) -> FrameT:  # fmt: skip
    """Score."""
    program = Program(standard)
    formulas = program.formulas
    native = nw.from_native(frame)
    wide = read_wide(program, formulas, native.collect_schema(), id)
    figures = figures_of(formulas, lines=lines)
    scored = score_wide(program, figures, wide)
    table = native
    for stage in wide.plan.stages:
        table = table.with_columns(**stage)
    made = table.select(nw.col(id), **scored.columns)
    return made.to_native()


def unit(standard: Standard, /) -> Decimal:
    """What 1 in the result's `score`, `low`, `high` and points columns is worth."""
    return Decimal(1).scaleb(-Program(standard).places)


def decimals(result: FrameT, standard: Standard, /) -> FrameT:
    """Later."""
    return result

"""Comparing: figures of evaluations turned so that more is better, and set side by side."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from civrules import Evaluation, Line, Standard

WORST = 10**6


def favour(standard: Standard, figure: Decimal | Fraction) -> Fraction:
    """The figure turned so that more is better."""
    return Fraction(figure) * (-1 if standard.direction == "demerits" else 1)


def place(standard: Standard, grade: str | None) -> int:
    """Where the grade stands in the document, 0 the best; -1 for none, not-rated and withheld."""
    ids = [one.id for one in standard.grades]
    return ids.index(grade) if grade in ids else -1


def criterion_lines(evaluation: Evaluation) -> dict[str, Line]:
    """The criteria's lines by id."""
    return {line.criterion: line for line in evaluation.lines if line.criterion is not None}


def result(evaluation: Evaluation) -> tuple[Any, ...]:
    """Score and grade."""
    return evaluation.score, evaluation.grade


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that an evaluation says but for the order of its lines and for which of equal looks was taken."""
    names = ("score", "maximum", "grade", "grade_before_gates", "coverage", "gates", "bounds", "ineligible")
    lines = {
        f"line {line.criterion or line.step} in {line.section}": (line.points, line.possible, line.result, line.reason)
        for line in evaluation.lines
    }
    return {name: getattr(evaluation, name) for name in names} | lines


def difference(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, Any, Any] | None:
    """The first name under which both differ, with both figures; None where there is none."""
    names = dict.fromkeys((*one, *other))
    return next(((name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)), None)

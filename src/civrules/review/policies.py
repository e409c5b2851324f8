"""Policies: what the document leaves unsaid of missing values, of 0 of 0, and of all that does not apply."""

from collections.abc import Iterator
from typing import Any

from civrules.errors import Problem
from civrules.model.figures import NotApplicable, plain
from civrules.model.measures import Check, Linear, Shortfall, Tiers
from civrules.model.measures.measure import in_percent, one_comparison
from civrules.review.reviewed import Reviewed
from civrules.review.witness import Input, Witness, said
from civrules.scoring.evaluation import Evaluation

_NOT_HERE = NotApplicable("not here")


def policy_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Rules that are needed and not stated."""
    standard = reviewed.standard
    if standard.missing is None:
        silent = [
            one.id
            for way, _ in reviewed.sections()
            if all(section.missing is None for section in way)
            for one in way[-1].criteria
            if one.missing is None and reviewed.program.by_id[one.id].required
        ]
        if silent:
            yield Problem("missing-unstated", ("standard", "missing"), silent, "worst, rescale, hold, refuse")
    if standard.not_applicable is None:
        rates = [one.id for one, _ in reviewed.criteria() if one.not_applicable is None and _is_rate(one.measure)]
        if rates:
            where = ("standard", "not_applicable")
            yield Problem("zero-denominator-unstated", where, rates, "rescale, full, refuse")
    yield from _nothing_applies(reviewed)


def _is_rate(measure: Any) -> bool:
    """Whether figures of the measure are in %, so that n of m is what is observed."""
    if isinstance(measure, Check):
        limit = one_comparison(measure)
        return limit is not None and in_percent(limit[1])
    if isinstance(measure, Shortfall):
        return in_percent(measure.target)
    return isinstance(measure, Tiers | Linear) and measure.percent


def _nothing_applies(reviewed: Reviewed) -> Iterator[Problem]:
    """An input under which no line of the base applies."""
    witness, program = Witness(reviewed), reviewed.program
    base = [line for line in program.lines if line.scored and not line.adjusts]
    stated = [line for line in base if line.not_applicable != "refuse" and line.criterion.applies_when is None]
    seen: Input = {line.id: _NOT_HERE for line in stated}

    def wanted(evaluation: Evaluation) -> bool:
        return all(evaluation.run.cells[line.index].state == "not-applicable" for line in base)

    if base and witness.does(seen, wanted):
        evaluation = witness.evaluated(seen)
        assert evaluation is not None
        result = "not-rated" if evaluation.score is None else plain(evaluation.score)
        yield Problem("all-not-applicable", ("standard", "not_applicable"), result, "", said(seen))

"""What bounds promise: they contain every completion, they are reached, and they only ever close."""

from typing import Any

from civrules import Bounds, Evaluation
from civrules.scoring.line import CompiledLine
from civrules.testing.comparing import favour, place
from civrules.testing.drawing import completed, samples, single_samples
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.invariants.lines import tried
from civrules.testing.invariants.policies import only_harms
from civrules.testing.sample import Sample
from civrules.testing.subject import Subject

_UNKNOWN = frozenset({"no-attribute", "parameter-open", "before-first-number", "attribution-open"})


def contain(subject: Subject, pair: tuple[Sample, Sample]) -> None:
    """Raise Broken where a completion lies outside the bounds."""
    before, after = (tried(subject, sample) for sample in pair)
    if before is None or after is None or before.bounds is None:
        return
    bounds = before.bounds
    inner = Bounds(low=after.score, high=after.score, grade_low=after.grade, grade_high=after.grade, exact=True)
    if after.bounds is None or after.bounds != inner:
        return
    _inside(subject, bounds, inner, pair)


def never_widen(subject: Subject, pair: tuple[Sample, Sample]) -> None:
    """Raise Broken where one more value moves an end outwards."""
    before, after = (tried(subject, sample) for sample in pair)
    if before is None or after is None or before.bounds is None or after.bounds is None:
        return
    _inside(subject, before.bounds, after.bounds, pair)


def _inside(subject: Subject, outer: Bounds, inner: Bounds, pair: tuple[Sample, Sample]) -> None:
    """Raise Broken where an end of the inner bounds lies beyond the outer ones."""
    standard = subject.standard
    lows: Any
    highs: Any
    lows, highs = (outer.low, inner.low), (outer.high, inner.high)
    if None not in lows and favour(standard, lows[1]) < favour(standard, lows[0]):
        raise Broken("low end", outer.low, "then", inner.low, *pair)
    if None not in highs and favour(standard, highs[1]) > favour(standard, highs[0]):
        raise Broken("high end", outer.high, "then", inner.high, *pair)
    if place(standard, inner.grade_high) > -1 and place(standard, inner.grade_high) < place(standard, outer.grade_high):
        raise Broken("best grade", outer.grade_high, "then", inner.grade_high, *pair)
    if place(standard, outer.grade_low) > -1 and place(standard, inner.grade_low) > place(standard, outer.grade_low):
        raise Broken("worst grade", outer.grade_low, "then", inner.grade_low, *pair)


def reached(subject: Subject, sample: Sample) -> None:
    """Raise Broken where an end that is said to be reached is not reached by any completion."""
    evaluation = tried(subject, sample)
    bounds = evaluation.bounds if evaluation is not None else None
    if evaluation is None or bounds is None or not bounds.exact or _open(evaluation):
        return
    seen = {(one.criterion, one.place) for one in sample.observations}
    gaps = [slot for slot in subject.slots if (slot.name, slot.place) not in seen and slot.line.required]
    if not all(_has_ends(slot.line) and slot.judged for slot in gaps):
        return
    for name, end, which in (("low end", bounds.low, 0), ("high end", bounds.high, 1)):
        whole = sample.also(*(slot.ends[which] for slot in gaps))
        after = tried(subject, whole)
        if after is not None and after.coverage == 1 and end is not None:
            equal(name, end, "reached", after.score, sample, whole)


def _has_ends(line: CompiledLine) -> bool:
    """Whether the least and the most favourable value of a line are known from one look."""
    return not (line.windowed or line.change or line.given or line.judged_worst[0] is None)


def _open(evaluation: Evaluation) -> bool:
    """Whether something is open besides what nobody looked at."""
    reasons = {line.reason for line in evaluation.lines}
    return bool(reasons & {*_UNKNOWN, "expired", "sample-too-small", "measure-error"})


def closed(subject: Subject, sample: Sample) -> None:
    """Raise Broken where nothing is missing and the ends still differ from the score."""
    evaluation = tried(subject, sample)
    if evaluation is None or _open(evaluation) or evaluation.bounds is None:
        return
    if any(cell.state == "missing" for cell in evaluation.run.cells) or _attribution_open(evaluation):
        return
    bounds = evaluation.bounds
    ends = (bounds.low, bounds.high, bounds.grade_low, bounds.grade_high)
    equal("ends", ends, "score, grade", (evaluation.score,) * 2 + (evaluation.grade,) * 2, sample)


def _attribution_open(evaluation: Evaluation) -> bool:
    return any(counts is None for reports in evaluation.run.facts.reports.values() for _, counts in reports)


def low_is_score(subject: Subject, sample: Sample) -> None:
    """Raise Broken where what is missing stands at its worst and the score is not the low end."""
    evaluation = tried(subject, sample)
    if evaluation is None or evaluation.score is None or evaluation.bounds is None or _open(evaluation):
        return
    equal("low end", evaluation.bounds.low, "score", evaluation.score, sample)


def _all_worst(subject: Subject) -> bool:
    lines = [line for line in subject.program.lines if line.counted or line.event]
    return only_harms(subject) and subject.standard.coverage is None and all(one.missing == "worst" for one in lines)


ENDS = (
    Invariant(
        id="bounds-contain", draws=completed, check=contain,
        says="Whatever the missing values turn out to be, score and grade lie within the bounds.",
    ),
    Invariant(
        id="bounds-reached", draws=samples, check=reached,
        says="Bounds that are said to be exact are reached by values that the measures allow.",
    ),
    Invariant(
        id="never-widens", draws=lambda subject: completed(subject, most=1), check=never_widen,
        says="Filling in one missing value never moves an end of the bounds outwards.",
    ),
    Invariant(
        id="closed", draws=single_samples, check=closed,
        says="Where nothing is missing both ends of the bounds are the score and the grade.",
    ),
    Invariant(
        id="low-end", draws=samples, check=low_is_score,
        where="standards in which all that is missing stands at its worst, with gates that can only be helped",
        applies=_all_worst,
        says="With what is missing at its worst the score is the low end of the bounds.",
    ),
)  # fmt: skip

"""Quotients: where one can arise, and whether the step that rounds it is named."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from civrules.errors import Problem
from civrules.model.figures import decimals_of
from civrules.model.measures import Frequency
from civrules.model.soundness.places import criterion_place, sections_with_places

if TYPE_CHECKING:
    from civrules.model.soundness.places import Path
    from civrules.model.standard import Criterion, Section, Standard


def quotient_problems(standard: "Standard") -> Iterator[Problem]:
    """Every step in which a quotient can arise and that `[rounding]` does not name; there are no default decimals."""
    rounding = standard.rounding
    found = list(_steps(standard))
    for step, name, where in found:
        if getattr(rounding, step) is None:
            yield Problem("no-decimals", where, name, step)
    if rounding.total is not None:
        return
    carried = next((name for step, name, _ in found if getattr(rounding, step) == "exact"), None)
    always, at_times = carried or _scaled(standard), _rescaled(standard)
    if always is not None:
        yield Problem("no-total-decimals", ("rounding",), always)
    elif at_times is not None:
        yield Problem("rescale-decimals", ("rounding",), at_times)


def _steps(standard: "Standard") -> "Iterator[tuple[str, str, Path]]":
    """The criteria and sections whose points can be a quotient: the step, the id, the place."""
    for line, where in sections_with_places(standard):
        for criterion in line[-1].criteria:
            if criterion.scored and criterion.quotient:
                yield "criterion", criterion.id, criterion_place(where, criterion)
        if name := _divided(standard, line):
            share = line[-1].scale_to is not None and not _averages(line[-1])
            yield "section", name, (*where, "scale_to") if share else where


def _averages(section: "Section") -> bool:
    return section.combine in ("mean", "weighted") and bool(section.combined(demerits=False))


def _divided(standard: "Standard", line: "tuple[Section, ...]") -> str | None:
    """A criterion or section through which a section's points become a quotient; None where they never do."""
    section = line[-1]
    first = section.children[0].id if section.children else section.id
    if _averages(section):
        return first
    combined = section.combined(demerits=standard.direction == "demerits")
    share = Fraction(section.scale_to) / combined if section.scale_to is not None and combined else None
    if share is not None and decimals_of(share) is None:
        return first
    if standard.rescale == "section" and standard.direction == "merits" and line[0].role == "base":
        return next((one.id for one in section.criteria if _may_leave(standard, line, one)), None)
    return None


def _may_leave(standard: "Standard", line: "tuple[Section, ...]", criterion: "Criterion") -> bool:
    """Whether the criterion, or points of it, can leave the denominator."""
    if not criterion.scored or not criterion.points:
        return False
    rule = criterion.not_applicable or standard.when_not_applicable
    if criterion.places == "sum" or (rule != "refuse" and getattr(criterion.measure, "weighted", False)):
        return True
    own = criterion.missing or next((one.missing for one in reversed(line) if one.missing), None)
    missing = own or standard.when_missing
    return rule == "rescale" or missing == "rescale" or (rule == "refuse" and _leaves_by_itself(criterion))


def _leaves_by_itself(criterion: "Criterion") -> bool:
    """Whether it may not apply though no observer may say so: to this community, without a first figure or a window."""
    measure = criterion.measure
    first = getattr(measure, "change", False) and getattr(measure, "first", None) is None
    return criterion.applies_when is not None or first or isinstance(measure, Frequency)


def _rescaled(standard: "Standard") -> str | None:
    """A criterion that may leave, so that the total becomes a quotient; None where there is none."""
    if standard.direction == "demerits" and not standard.scale:
        return None
    if standard.rescale == "section" and not standard.scale:
        return None
    for line, _ in sections_with_places(standard):
        if line[0].role == "base":
            for criterion in line[-1].criteria:
                if _may_leave(standard, line, criterion):
                    return criterion.id
    return None


def _scaled(standard: "Standard") -> str | None:
    """The first criterion where bringing the points to the total is always a quotient."""
    full = standard.most
    if standard.scale and standard.total and full and decimals_of(Fraction(standard.total) / full) is None:
        return next(iter(standard.criteria), None)
    return None

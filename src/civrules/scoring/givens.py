"""Givens: the lines of one evaluation, where numbers depend on the day, the community or parameters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from civrules.errors import Problem
from civrules.model.calendar import Calendar
from civrules.model.figures import Count, decimals_of
from civrules.model.given import Giver, NotGiven, ParameterOf, resolved, variants
from civrules.model.measures import Findings, Frequency, Item, Marks
from civrules.model.standard import Criterion, Section, Standard
from civrules.scoring.line import CompiledLine, as_decimal

_MOST_KEPT = 4096


class Givens:
    """Compiles a line anew for every set of numbers that it is given, and keeps what it compiled."""

    __slots__ = ("_kept", "_occasions", "_standard", "_unit", "_varying", "names")

    def __init__(self, standard: Standard, pairs: Sequence[tuple[tuple[Section, ...], Criterion]], unit: int) -> None:
        self._standard = standard
        self._unit = unit
        self._varying = [(index, path, criterion) for index, (path, criterion) in enumerate(pairs) if criterion.given]
        self.names = tuple(criterion.id for _, _, criterion in self._varying)
        self._occasions = tuple(criterion.id for _, criterion in pairs if isinstance(criterion.measure, Frequency))
        self._kept: dict[tuple[int, bool, Any, Any], CompiledLine] = {}

    def lines(
        self, lines: Mapping[str, CompiledLine], on: date | None, attributes: Mapping[str, Any], calendar: Calendar
    ) -> tuple[Mapping[str, CompiledLine], Mapping[str, str]]:
        """The lines as they are given here, and why those are not that are not given."""
        given, reasons = self._given(lines, on, attributes)
        return given, {**reasons, **self._unnamed(given, reasons, calendar)} if self._occasions else reasons

    def _unnamed(
        self, lines: Mapping[str, CompiledLine], reasons: Mapping[str, str], calendar: Calendar
    ) -> Mapping[str, str]:
        """The lines that count an occasion of which the calendar does not say when it is."""
        counted = {name: lines[name].measure.occasions for name in self._occasions if name not in reasons}
        return {name: "no-calendar" for name, found in counted.items() if any(one not in calendar for one in found)}

    def _given(
        self, lines: Mapping[str, CompiledLine], on: date | None, attributes: Mapping[str, Any]
    ) -> tuple[Mapping[str, CompiledLine], dict[str, str]]:
        """The lines with their numbers, and why those have none that are open."""
        if not self._varying:
            return lines, {}
        giver = Giver(on, attributes, self._standard.settings)
        given: dict[str, CompiledLine] = dict(lines)
        reasons: dict[str, str] = {}
        for index, path, criterion in self._varying:
            try:
                measure, sample = resolved(_numbers(criterion), giver)
            except NotGiven as error:
                measure, sample = _unknown(criterion, self._standard), None
                reasons[criterion.id] = error.reason
            known = criterion.id not in reasons
            given[criterion.id] = self._line(index, path, criterion, measure, sample, known=known)
        return given, reasons

    def _line(
        self, index: int, path: tuple[Section, ...], criterion: Criterion, measure: Any, sample: Any, *, known: bool
    ) -> CompiledLine:
        key = (index, known, measure, sample)
        line = self._kept.get(key)
        if line is None:
            count = None if sample is None else Count(int(sample))
            # The range is that of the figures observed; points that stand for them know only their own ends.
            made = attrs.evolve(criterion, measure=measure, sample=count, range=criterion.range if known else None)
            line = CompiledLine(self._standard, path, made, index, self._unit)
            if len(self._kept) < _MOST_KEPT:
                self._kept[key] = line
        return line


def _unknown(criterion: Criterion, standard: Standard) -> Marks | Findings:
    """What stands for a measure until its numbers are known: it may give anything that the line's points allow.

    Of findings that have no points, each item may take as much as it would with any of the numbers that may be given.
    """
    if criterion.full is not None or not isinstance(criterion.measure, Findings):
        return Marks()
    given = zip(*(one.items for one in variants(criterion.measure, standard.choices)), strict=True)
    return Findings(items=[Item(id=some[0].id, each=1, cap=_most_taken(some, criterion)) for some in given])


def _most_taken(items: Sequence[Item], criterion: Criterion) -> Decimal | None:
    """The most that one of the items takes; None where there is no most, or none that can be written down."""
    if not all(item.bounded for item in items):
        return None
    most = max(item.loss(item.ends(criterion.limits)[0]) for item in items)
    return None if decimals_of(most) is None else as_decimal(most)


def open_intervals(standard: Standard) -> Iterator[Problem]:
    """Notes on intervals whose parameter is not set: validities, and how far gates and requirements look back."""
    for name, criterion in standard.criteria.items():
        if isinstance(criterion.valid_for, ParameterOf) and standard.interval(criterion.valid_for) is None:
            yield Problem("validity-open", (), name, criterion.valid_for.parameter, severity="note")
    for name, condition in (
        *((gate.id, gate.when) for gate in standard.gates),
        *((grade.id, grade.requires) for grade in standard.grades if grade.requires is not None),
    ):
        for part in condition.walk():
            if isinstance(part.within, ParameterOf) and standard.interval(part.within) is None:
                yield Problem("window-open", (), name, part.within.parameter, severity="note")


def settled(criterion: Criterion, standard: Standard) -> Criterion:
    """The criterion with its numbers, where parameters that are set give all of them."""
    if not criterion.given:
        return criterion
    try:
        measure, sample = resolved(_numbers(criterion), Giver(None, {}, standard.settings))
    except NotGiven:
        return criterion
    return attrs.evolve(criterion, measure=measure, sample=None if sample is None else Count(int(sample)))


def _numbers(criterion: Criterion) -> tuple[Any, Any]:
    """What may be given of a criterion."""
    return criterion.measure, criterion.sample

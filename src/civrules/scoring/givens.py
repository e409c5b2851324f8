"""Givens: the lines of one evaluation, where numbers depend on the day, the community or parameters."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from civrules.model.figures import Count
from civrules.model.given import Giver, NotGiven, givens, resolved
from civrules.model.measures import Marks
from civrules.model.standard import Criterion, Section, Standard
from civrules.scoring.line import CompiledLine

_MOST_KEPT = 4096


class Givens:
    """Compiles a line anew for every set of numbers that it is given, and keeps what it compiled."""

    __slots__ = ("_kept", "_standard", "_unit", "_varying", "names")

    def __init__(self, standard: Standard, pairs: Sequence[tuple[tuple[Section, ...], Criterion]], unit: int) -> None:
        self._standard = standard
        self._unit = unit
        self._varying = [
            (index, path, criterion)
            for index, (path, criterion) in enumerate(pairs)
            if next(givens(_numbers(criterion)), None)
        ]
        self.names = tuple(criterion.id for _, _, criterion in self._varying)
        self._kept: dict[tuple[int, Any], CompiledLine] = {}

    def lines(
        self, lines: Mapping[str, CompiledLine], on: date | None, attributes: Mapping[str, Any]
    ) -> tuple[Mapping[str, CompiledLine], Mapping[str, str]]:
        """The lines as they are given here, and why those are not that are not given."""
        if not self._varying:
            return lines, {}
        giver = Giver(on, attributes, self._standard.numbers)
        given, reasons = dict(lines), {}
        for index, path, criterion in self._varying:
            try:
                measure, sample = resolved(_numbers(criterion), giver)
            except NotGiven as error:
                # Until the number is known the line may give anything that its points allow.
                measure, sample = Marks(), None
                reasons[criterion.id] = error.reason
            given[criterion.id] = self._line(index, path, criterion, measure, sample)
        return given, reasons

    def _line(
        self, index: int, path: tuple[Section, ...], criterion: Criterion, measure: Any, sample: Any
    ) -> CompiledLine:
        line = self._kept.get((index, (measure, sample)))
        if line is None:
            count = None if sample is None else Count(int(sample))
            made = attrs.evolve(criterion, measure=measure, sample=count)
            line = CompiledLine(self._standard, path, made, index, self._unit)
            if len(self._kept) < _MOST_KEPT:
                self._kept[index, (measure, sample)] = line
        return line


def _numbers(criterion: Criterion) -> tuple[Any, Any]:
    """What may be given of a criterion."""
    return criterion.measure, criterion.sample

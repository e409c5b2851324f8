"""One community at a time: the engine against a Decimal loop by hand, datalogic-py and zen-engine, in one process.

Every peer's score, grade and points are checked equal on all communities before its time counts. Runs are interleaved
and medians taken; what is judged is the ratio to the Decimal loop of the same round.
"""

import gc
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from statistics import median
from typing import Any

import civrules
from benchmarks import decimal_loop, json_logic, zen_decision
from benchmarks.report import Figure, write
from benchmarks.sheet import community, document
from civrules import Community, Observation, Ratio
from civrules.authoring.documents import loads

COMMUNITIES, ROUNDS = 300, 15
GRADES = "ABCD"
PLACE = Community("compound-1")


def prepared(program: civrules.Program, seen: dict[str, Any]) -> list[int | None]:
    """What was seen as whole numbers, in the order of the program's slots."""
    return [_prepared(program, seen, *name.partition(":")[::2]) for name in program.slots]


def _prepared(program: civrules.Program, seen: dict[str, Any], name: str, item: str) -> int | None:
    value: Any = seen[name]
    if isinstance(value, Ratio):
        return int(value.of if item else value.n)
    if item == "of":
        return None
    if isinstance(value, dict):
        return int(value[item]) if item else None
    if isinstance(value, str):
        return list(program.by_id[name].measure.levels).index(value)
    if isinstance(value, bool):
        return int(value)
    return int(Fraction(value) * 10**4)


class Contestants:
    """Everybody, each with the input that suits it, ready before the clock runs."""

    def __init__(self) -> None:
        standard = loads(document())
        self.standard = standard
        self.program = program = civrules.compile(standard)
        self.seen = [community(seed) for seed in range(COMMUNITIES)]
        self.values = [prepared(program, one) for one in self.seen]
        self.observations = [[Observation(name, value) for name, value in one.items()] for one in self.seen]
        self.pairs = [
            {name: (value.n, value.of) if isinstance(value, Ratio) else value for name, value in one.items()}
            for one in self.seen
        ]
        self.logic, self.handles = json_logic.scorer(), [json_logic.handle(program.slots, one) for one in self.values]
        self.zen, self.dictionaries = zen_decision.scorer(), [zen_decision.dictionary(one) for one in self.seen]

    def check(self) -> None:
        """Everybody gives the same score, grade and points. Raises AssertionError."""
        unit = Decimal(1).scaleb(-self.program.places)
        for index in range(COMMUNITIES):
            score, grade, points = decimal_loop.score(self.pairs[index])
            evaluation = self.program.evaluate(PLACE, self.observations[index])
            assert (evaluation.score, evaluation.grade) == (score, grade)
            lines = [line.points for line in evaluation.lines if line.criterion is not None and line.points is not None]
            assert lines == points
            got, place, kept = self.program.score(self.values[index])
            assert got is not None
            assert (got * unit, GRADES[place], [one * unit for one in kept[: len(points)]]) == (score, grade, points)
            total, place, kept = self.logic(self.handles[index])
            assert (Decimal(total) / 100, GRADES[place], [one * unit for one in kept]) == (score, grade, points)
            made = self.zen(self.dictionaries[index])
            assert (round(Decimal(str(made["score"])), 2), made["grade"]) == (score, grade)

    def runs(self) -> dict[str, tuple[Callable[[Any], object], Sequence[Any]]]:
        """What is timed, by name."""
        evaluate = self.program.evaluate
        return {
            "Decimal loop": (decimal_loop.score, self.pairs),
            "program.score": (self.program.score, self.values),
            "datalogic-py, parsed data": (self.logic, self.handles),
            "evaluate": (lambda one: evaluate(PLACE, one), self.observations),
            "evaluate and explain": (lambda one: str(evaluate(PLACE, one).explain("en")), self.observations),
            "evaluate and bounds": (lambda one: evaluate(PLACE, one).bounds, self.observations),
            "evaluate and record": (lambda one: evaluate(PLACE, one).to_json(), self.observations[:30]),
            "zen-engine, dictionaries": (self.zen, self.dictionaries[:60]),
        }


def timed(run: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Microseconds for one input, the collector off as `timeit` has it."""
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    for one in inputs:
        run(one)
    taken = time.perf_counter() - start
    gc.enable()
    return taken / len(inputs) * 1e6


def first_times(contestants: Contestants) -> tuple[float, float, float]:
    """Milliseconds to compile, to make the inner loop, and microseconds to evaluate a value never seen before."""
    compiled, looped, fresh = [], [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        program = civrules.compile(contestants.standard)
        compiled.append(time.perf_counter() - start)
        start = time.perf_counter()
        program.score(contestants.values[0])
        looped.append(time.perf_counter() - start)
        fresh.append(timed(partial(program.evaluate, PLACE), contestants.observations[:10]))
    return median(compiled) * 1e3, median(looped) * 1e3, median(fresh)


def main() -> None:
    """Measure, print, and write the table."""
    contestants = Contestants()
    contestants.check()
    runs = contestants.runs()
    rounds = [{name: timed(*run) for name, run in runs.items()} for _ in range(ROUNDS)]
    figures = [
        Figure(name, median(one[name] for one in rounds), median(one[name] / one["Decimal loop"] for one in rounds))
        for name in runs
    ]
    write(figures, *first_times(contestants), COMMUNITIES, ROUNDS)


if __name__ == "__main__":
    main()

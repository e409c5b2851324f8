"""Many communities at once: the bulk engine on Polars against a script by hand, in memory, in one process.

The script's score, grade and coverage are checked equal before its time counts; runs are interleaved, medians taken.
"""

import gc
import sys
import time
from collections.abc import Callable
from statistics import median

import polars as pl

from benchmarks.polars_script import scored
from benchmarks.sheet import WEIGHTS, document
from civrules import frames
from civrules.authoring.documents import loads

ROUNDS = 5


def communities(rows: int) -> pl.DataFrame:
    """What was seen of them: 5 % of the lines missing, 5 % not applicable."""
    index = pl.int_range(rows)
    kept: list[pl.Expr] = []

    def drawn(seed: int, size: int) -> pl.Expr:
        return (index.hash(seed) % size).cast(pl.Int64)

    def tenths(number: pl.Expr) -> pl.Expr:
        # By way of text: Polars divides by a constant as by its reciprocal, which is another float now and then.
        text = number.cast(pl.String)
        return pl.concat_str([text.str.head(-1), pl.lit("."), text.str.tail(1)]).cast(pl.Float64)

    def one_of(seed: int, *words: str) -> pl.Expr:
        return drawn(seed, len(words)).replace_strict(dict(enumerate(words)), return_dtype=pl.String)

    for number in WEIGHTS:
        at = number * 100
        cells = {
            "lit": {"": drawn(at, 100) < 97},
            "sorted": {"": tenths(drawn(at + 1, 101) + 900)},
            "kept": {f":{item}": drawn(at + 2 + place, 10) < 9 for place, item in enumerate("abcd")},
            "tidy": {"": one_of(at + 6, "good", "good", "good", "fair", "poor")},
            "answered": {"": tenths(drawn(at + 7, 351) + 650)},
            "satisfied": {"": tenths(drawn(at + 8, 351) + 650)},
            "lamps": {"": drawn(at + 9, 11) + 190, ":of": drawn(at + 10, 1) + 200},
            "litter": {":spot": drawn(at + 11, 3), ":heap": drawn(at + 12, 4) // 3},
            "look": {"": tenths(drawn(at + 13, 13) + 28)},
            "board": {"": one_of(at + 14, "full", "full", "part", "none")},
            "late": {"": drawn(at + 15, 7)},
        }
        for place, (kind, columns) in enumerate(cells.items()):
            chance = drawn(at + 40 + place, 100)
            seen = chance >= 10
            kept += [pl.when(seen).then(one).alias(f"{kind}-{number}{name}") for name, one in columns.items()]
            kept.append(pl.when((chance >= 5) & (chance < 10)).then(pl.lit("none here")).alias(f"{kind}-{number}:na"))
    kept += [
        one_of(1, "national", "provincial", "none", "none").alias("press"), (drawn(2, 2) == 0).alias("volunteers"),
        drawn(3, 3).alias("complaint:one"), (drawn(4, 50) == 0).alias("accident"), (drawn(5, 100) == 0).alias("fire"),
    ]  # fmt: skip
    return pl.select(index.alias("community"), *kept)


def timed(run: Callable[[], object]) -> float:
    """Seconds."""
    gc.collect()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main(rows: int) -> None:
    """Check, measure and print."""
    standard = loads(document())
    frame = communities(rows)

    def script() -> pl.DataFrame:
        return scored(frame.lazy()).collect()

    def engine(*, bounds: bool) -> pl.DataFrame:
        return frames.evaluate(standard, frame, bounds=bounds)

    ours, theirs = engine(bounds=False), script()
    unit = int(frames.unit(standard) * 10**4)
    assert ours["problem"].is_null().all(), ours["problem"].value_counts()
    assert (ours["score"] * unit).equals(theirs["score"]), "score"
    assert ours["grade"].equals(theirs["grade"]), "grade"
    assert ours["coverage"].equals(theirs["coverage"]), "coverage"
    runs = {"script": script, "engine": lambda: engine(bounds=False), "with bounds": lambda: engine(bounds=True)}
    seconds = {name: median(timed(run) for _ in range(ROUNDS)) for name, run in runs.items()}
    for name, taken in seconds.items():
        print(f"{rows:,} × 60, {name}: {taken:.3f} s, {taken / seconds['script']:.2f} scripts")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

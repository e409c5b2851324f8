"""The peer by hand for many communities: the sheet as one Polars script, written for speed and for nothing else."""

import polars as pl

from benchmarks.sheet import POINTS, WEIGHTS

_P = POINTS * 10**4
_LINES = 11


def _picked(column: str, points: dict[str, int]) -> pl.Expr:
    made = pl.lit(0)
    for word, given in points.items():
        made = pl.when(pl.col(column) == word).then(given).otherwise(made)
    return made


def _tenths(column: str, unit: int) -> pl.Expr:
    return (pl.col(column) * unit).round().cast(pl.Int64)


def _points(number: int) -> dict[str, pl.Expr]:
    """Points in units of 0.0001 of every line of a section, where it was seen."""
    n, of = pl.col(f"lamps-{number}"), pl.col(f"lamps-{number}:of")
    short = (of * 100 - n * 100 + of - 1) // of
    answered, late = _tenths(f"answered-{number}", 10), pl.col(f"late-{number}")
    satisfied = (_tenths(f"satisfied-{number}", 100) - 6000).clip(0, 3500)
    held = pl.sum_horizontal(pl.col(f"kept-{number}:{item}").cast(pl.Int64) for item in "abcd")
    spots, heaps = pl.col(f"litter-{number}:spot"), pl.col(f"litter-{number}:heap")
    return {
        "lit": pl.col(f"lit-{number}").cast(pl.Int64) * _P,
        "sorted": (_tenths(f"sorted-{number}", 10) >= 950).cast(pl.Int64) * _P,
        "kept": (held >= 3).cast(pl.Int64) * _P,
        "tidy": _picked(f"tidy-{number}", {"good": _P, "fair": _P * 6 // 10}),
        "answered": pl.when(answered >= 950).then(_P).when(answered >= 850).then(25000).when(answered >= 700)
        .then(10000).otherwise(0),
        "satisfied": (satisfied * _P * 2 + 3500) // 7000,
        "lamps": (_P - short * 5000).clip(0),
        "litter": (_P - (spots * 5000).clip(upper_bound=30000) - heaps * 20000).clip(0),
        "look": _tenths(f"look-{number}", 10) * 1000,
        "board": _picked(f"board-{number}", {"full": _P, "part": _P // 2}),
        "late": pl.when(late <= 2).then(_P).when(late <= 5).then(20000).otherwise(0),
    }  # fmt: skip


_SEEN = {"kept": "{}:a", "litter": "{}:spot"}


def scored(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Score in units of 0.0001, grade and coverage in units of 0.0001 of every community."""
    lines: dict[str, pl.Expr] = {}
    for number in WEIGHTS:
        for kind, points in _points(number).items():
            name = f"{kind}-{number}"
            seen = pl.col(_SEEN.get(kind, "{}").format(name)).is_not_null()
            applies = pl.col(f"{name}:na").is_null()
            lines[f"{name} points"] = pl.when(seen & applies).then(points).otherwise(0)
            lines[f"{name} seen"] = (seen & applies).cast(pl.Int64)
            lines[f"{name} applies"] = applies.cast(pl.Int64)
    kinds = _points(1)
    sums: dict[str, pl.Expr] = {}
    for number, weight in WEIGHTS.items():
        got = pl.sum_horizontal(pl.col(f"{kind}-{number} points") for kind in kinds)
        sums[f"s{number}"] = (got * weight * 2 + POINTS * _LINES) // (POINTS * _LINES * 2)
        for what in ("seen", "applies"):
            sums[f"{what}{number}"] = pl.sum_horizontal(pl.col(f"{kind}-{number} {what}") for kind in kinds) * weight
    press = _picked("press", {"national": 30000, "provincial": 15000})
    complaints = (pl.col("complaint:one") * 5000).clip(upper_bound=50000)
    sums["bonus"] = (press + pl.col("volunteers").cast(pl.Int64) * 20000 - complaints).clip(upper_bound=50000)
    dark = (pl.col("lit-1 points") == 0) & (pl.col("lit-1 applies") == 1)
    dim = pl.when(pl.col("lamps-1 seen") == 1).then(pl.col("lamps-1") * 100 < pl.col("lamps-1:of") * 80)
    sums["dark"] = dark | dim.otherwise(pl.col("lamps-1 applies") == 1)
    got = pl.sum_horizontal(f"s{number}" for number in WEIGHTS)
    applies = pl.sum_horizontal(f"applies{number}" for number in WEIGHTS)
    seen = pl.sum_horizontal(f"seen{number}" for number in WEIGHTS)
    # A line weighs 4 of 44 of its section's points, in units of 0.0001.
    below = applies * _P
    above = got * 10**6 * POINTS * _LINES + pl.col("bonus") * below
    above = pl.min_horizontal(pl.max_horizontal(above, pl.lit(0)), 1050000 * below)
    score = (above * 2 + below * 100) // (below * 200) * 100
    good = pl.all_horizontal(
        pl.col(f"s{number}") * POINTS * _LINES * 100 >= pl.col(f"applies{number}") * _P * 60 for number in (1, 2)
    )
    band = pl.when((score >= 850000) & good).then(0).when(score >= 700000).then(1).when(score >= 600000).then(2)
    capped = pl.max_horizontal(band.otherwise(3), (pl.col("accident") | pl.col("dark")).cast(pl.Int32))
    place = pl.when(pl.col("fire")).then(3).otherwise(capped)
    grade = pl.when(place == 0).then(pl.lit("A")).when(place == 1).then(pl.lit("B")).when(place == 2).then(pl.lit("C"))
    return frame.with_columns(**lines).with_columns(**sums).select(
        "community", score=score, grade=grade.otherwise(pl.lit("D")), coverage=seen * 10**4 // applies
    )  # fmt: skip

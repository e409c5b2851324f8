"""From a file to a file: how much memory a run takes as files grow, and how its time compares with a bare copy.

Run as `python -m benchmarks.files [ROWS]`: Parquet of so many communities and 60 criteria is made, copied by Polars and
scored, each in a process of its own whose greatest resident size is measured.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

CRITERIA = 60
SIZES = (100_000, 1_000_000)
_GROUP = 100_000


def standard() -> object:
    """Sixty criteria: yes or no, a figure between two ends, or so many off for each thing found."""
    from civrules import Criterion, Grade, Rounding, Section, Source, Standard, Text
    from civrules.measures import Check, Findings, Item, Linear

    measures = (Check(), Linear(zero_at=0, full_at=100), Findings(items=(Item(id="spot", each=1),)))
    criteria = tuple(
        Criterion(
            id=f"c{number}", title=Text(en=f"Criterion {number}"), points=10, measure=measures[number % 3],
            range=(0, 100) if number % 3 == 1 else None,
        )
        for number in range(CRITERIA)
    )  # fmt: skip
    return Standard(
        id="example/bulk", version="1", title=Text(en="Bulk"), kinds=("residential",),
        source=Source(document="Example"), not_applicable="full", rounding=Rounding(criterion=2, total=1),
        sections=(Section(id="all", title=Text(en="All"), children=criteria),),
        grades=(Grade(id="A", at_least=400), Grade(id="B")),
    )  # fmt: skip


def make(path: Path, rows: int) -> None:
    """Parquet in groups of rows, 5% of cells blank and one row in ten thousand that cannot be scored."""
    import polars as pl

    def column(number: int) -> pl.Expr:
        cell = pl.col("row").hash(number) % 1000
        figure = cell % 101 if number % 3 == 1 else cell % 2 if number % 3 == 0 else cell % 4
        figure = pl.when(pl.col("row") % 10_000 == 77).then(500).otherwise(figure) if number == 1 else figure
        name = f"c{number}:spot" if number % 3 == 2 else f"c{number}"
        return pl.when(cell < 950).then(figure).cast(pl.Int16).alias(name)

    frame = pl.LazyFrame().select(pl.int_range(rows).alias("row"))
    ids = pl.format("c{}", "row").alias("community")
    frame.select(ids, *map(column, range(CRITERIA))).sink_parquet(path, row_group_size=_GROUP, engine="streaming")


def copy(source: Path, target: Path) -> None:
    """The file as it is, read and written by Polars."""
    import polars as pl

    pl.scan_parquet(source).sink_parquet(target, engine="streaming")


def score(source: Path, target: Path, engine: str) -> None:
    """The file scored."""
    from civrules import frames

    print(frames.evaluate_files(standard(), source, out=target, engine=engine))  # type: ignore[arg-type]  # two names


def measure(what: str, source: Path, target: Path) -> None:
    """Do one thing in this process; its seconds and the megabytes of its greatest resident size."""
    began = time.perf_counter()
    {"copy": copy, "make": lambda *_: make(source, int(target.name))}.get(
        what, lambda one, other: score(one, other, what)
    )(source, target)
    seconds = time.perf_counter() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {seconds:.1f} s, {megabytes:,} MB at most")


def main(sizes: tuple[int, ...]) -> None:
    """Measure every size, each step in a process of its own."""
    with TemporaryDirectory() as folder:
        for rows in sizes:
            source, target = Path(folder) / f"{rows}.parquet", Path(folder) / "result.parquet"
            steps = [("make", Path(folder) / str(rows)), ("copy", target), ("polars", target), ("duckdb", target)]
            for what, written in steps:
                subprocess.run([sys.executable, "-m", "benchmarks.files", what, source, written], check=True)
            print(f"{rows:,} rows, {source.stat().st_size // 2**20:,} MB")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)

"""The table of a benchmark: printed, and written where the documentation shows it."""

import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import attrs

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
ASKED = {"program.score": 0.45, "evaluate": 4.0, "evaluate and explain": 6.0}
COMPILED_MS = 5.0


@attrs.frozen
class Figure:
    """One contestant: microseconds for a community, and how many Decimal loops that is."""

    name: str
    microseconds: float
    ratio: float


def machine() -> str:
    """The machine and the interpreter in words."""
    model = platform.processor() or platform.machine()
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line.partition(":")[2].strip() for line in told if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{model}, {platform.system()}, Python {sys.version.split()[0]}"


def write(
    figures: Sequence[Figure], compiled: float, looped: float, fresh: float, communities: int, rounds: int
) -> None:
    """Print the page and write it."""
    by_name = {figure.name: figure for figure in figures}
    rows = [f"| {one.name} | {one.microseconds:,.1f} | {one.ratio:.2f} | {_asked(one)} |" for one in figures]
    loop, full, logic, zen = (
        by_name[name].microseconds
        for name in ("program.score", "evaluate", "datalogic-py, parsed data", "zen-engine, dictionaries")
    )
    text = _PAGE.format(
        machine=machine(), communities=communities, rounds=rounds, rows="\n".join(rows), compiled=compiled,
        looped=looped, fresh=fresh, logic=logic / loop, zen_loop=zen / loop, zen_full=zen / full,
        datalogic_version=version("datalogic-py"), zen_version=version("zen-engine"),
    )  # fmt: skip
    print(text)
    PAGE.write_text(text, encoding="utf-8")


def _asked(figure: Figure) -> str:
    limit = ASKED.get(figure.name)
    return "" if limit is None else f"{limit:g}{'' if figure.ratio <= limit else ', missed'}"


_PAGE = """# Benchmarks

`make bench` measures these figures anew and rewrites this page. Only ratios mean something from one machine to
another; what differs by less than half again is a tie.

## One community at a time

60 criteria of mixed kinds in five sections brought to their weights, a bonus section, three gates, four grades;
{communities} communities, everything observed, {rounds} interleaved rounds in one process, medians, the garbage
collector off while the clock runs. Each contestant's score, grade and (but zen-engine's) points of every community
were checked equal before. On {machine}; datalogic-py {datalogic_version}, zen-engine {zen_version}.

| | µs for a community | Decimal loops | at most |
|---|---:|---:|---:|
{rows}

- `program.score` is {logic:.1f} times as fast as datalogic-py on data parsed before, and {zen_loop:.0f} times as fast
  as zen-engine.
- `evaluate` is {zen_full:.1f} times as fast as zen-engine given dictionaries.
- Compiling takes {compiled:.1f} ms; the inner loop is made when `score` is first called, in {looped:.1f} ms.
- `evaluate` keeps what a line makes of a value for the next community with the same. Where none of the values was seen
  before it takes {fresh:,.0f} µs.

What limits each: the inner loop, the interpreter's arithmetic on some 120 values; `evaluate`, reading and checking 60
observations, about half of its time; `explain`, writing 70 lines of text. A record writes all inputs and lines as
canonical JSON.
"""

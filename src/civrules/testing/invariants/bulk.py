"""What the bulk engine promises: the figures of the single one, to the last digit, on every backend that is there."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from hypothesis import strategies as st

from civrules import Evaluation, InvalidInput, NotApplicable, Observation, Ratio
from civrules.model.figures import figure, plain
from civrules.testing.drawing import samples
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.invariants.lines import tried
from civrules.testing.sample import Sample
from civrules.testing.subject import Subject

BACKENDS = ("polars", "pandas", "pyarrow", "duckdb")
_MOST_COMMUNITIES = 12
_DETAILS = ("at", "place", "by", "attributable", "id")
_EMPTY: Mapping[str, list[Any]] = {"community": ["0"], "criterion": [""], "value": [""]}
Cells = dict[str, Any]


def batches(subject: Subject) -> st.SearchStrategy[tuple[Sample, ...]]:
    """What was seen of several communities."""
    return st.lists(samples(subject), min_size=_MOST_COMMUNITIES, max_size=_MOST_COMMUNITIES).map(tuple)


def bulk_agrees(subject: Subject, drawn: tuple[Sample, ...]) -> None:
    """Raise Broken where the bulk engine says of a community something else than the single one."""
    table = _table([row for place, sample in enumerate(drawn) for row in _rows(str(place), sample)])
    bounds = _with_bounds(subject)
    for backend in BACKENDS:
        if table["community"] and find_spec(backend) is not None:
            found = {row.pop("community"): row for row in _scored(subject, table, backend, bounds=bounds)}
            for place, sample in enumerate(drawn):
                if str(place) in found:
                    _compare(subject, sample, found[str(place)], backend)


def _compare(subject: Subject, sample: Sample, row: Cells, backend: str) -> None:
    evaluation = tried(subject, sample)
    if evaluation is None:
        if row["problem"] is None:
            raise Broken("one by one", "refused", f"in bulk by {backend}", row["grade"], sample)
        return
    expected = _expected(evaluation, subject)
    for name, value in row.items():
        equal(f"{name} one by one", expected[name], f"in bulk by {backend}", value, sample)


def _expected(evaluation: Evaluation, subject: Subject) -> Cells:
    unit = 10**subject.program.places
    ends = evaluation.bounds
    low, high = (None, None) if ends is None else (ends.low, ends.high)
    figures = {"score": evaluation.score, "low": low, "high": high}
    return {
        **{name: None if value is None else int(value * unit) for name, value in figures.items()},
        "coverage": int(evaluation.coverage * 10**4),
        "grade": evaluation.grade,
        "grade_low": ends and ends.grade_low,
        "grade_high": ends and ends.grade_high,
        "problem": None,
    }


def _scored(subject: Subject, table: Mapping[str, Any], backend: str, *, bounds: bool) -> Iterator[Cells]:
    """The rows of the result, None for every gap."""
    import narwhals as nw

    from civrules import frames

    held: Any = "pyarrow" if backend == "duckdb" else backend
    frame: Any = nw.from_dict(table, backend=held)
    frame = frame.lazy(backend="duckdb") if backend == "duckdb" else frame
    made: Any = nw.from_native(
        frames.evaluate(subject.standard, frame.to_native(), layout="long", period=subject.period, bounds=bounds)
    )
    made = made.collect() if isinstance(made, nw.LazyFrame) else made
    for row in made.rows(named=True):
        yield {name: None if str(cell) in ("None", "<NA>", "nan") else cell for name, cell in row.items()}


def _rows(community: str, sample: Sample) -> Iterator[Cells]:
    """The rows of a long table, of what a long table can say."""
    # Rows of one day and assessor are one look unless their ids differ; equal looks count once.
    for number, look in enumerate(dict.fromkeys(sample.observations)):
        details = {name: getattr(look, name) for name in _DETAILS if getattr(look, name) is not None}
        for item, value in _values(look):
            yield {
                "community": community, "criterion": look.criterion, "id": str(number), **details, **item,
                **_cells(value),
            }  # fmt: skip


def _values(look: Observation) -> Iterator[tuple[Cells, Any]]:
    if isinstance(look.value, Mapping):
        yield from (({"item": name}, one) for name, one in look.value.items())
    else:
        yield {}, look.value


def _cells(value: Any) -> Cells:
    if isinstance(value, NotApplicable):
        return {"na": value.reason}
    if isinstance(value, Ratio):
        return {"value": str(value.n), "of": str(value.of)}
    if isinstance(value, bool):
        return {"value": "yes" if value else "no"}
    return {"value": value if isinstance(value, str) else plain(figure(value)[0])}


def _table(rows: Sequence[Cells]) -> dict[str, list[str | None]]:
    """The columns that any row has, all of them text."""
    names = dict.fromkeys(("community", "criterion", *(name for row in rows for name in row)))
    return {name: [_text(row.get(name)) for row in rows] for name in names}


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return None if cell is None else str(cell)


def _with_bounds(subject: Subject) -> bool:
    return not _refused(subject, bounds=True)


def _in_bulk(subject: Subject) -> bool:
    """Whether a long frame can say all that the standard looks at, and something is there to work on frames."""
    if find_spec("narwhals") is None or find_spec("polars") is None:
        return False
    return not _refused(subject, bounds=False)


def _refused(subject: Subject, *, bounds: bool) -> bool:
    try:
        list(_scored(subject, _EMPTY, "polars", bounds=bounds))
    except InvalidInput:
        return True
    return False


def _cornered(subject: Subject) -> Iterator[tuple[Sample, ...]]:
    """Everything that the standard turns on, as one frame."""
    yield subject.corners


BULK = (
    Invariant(
        id="bulk", draws=batches, corners=_cornered, one_in=50, check=bulk_agrees,
        where="standards that `civrules.frames` takes as a long frame, where it is installed", applies=_in_bulk,
        says="Scored in bulk, on every backend that is there, communities have the figures that they have one by one.",
    ),
)  # fmt: skip

"""What the bulk engine promises: the figures of the single one, to the last digit, on every backend that is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import attrs
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
    """Everything that the standard turns on, and what was seen of some communities more."""
    drawn = st.lists(samples(subject), min_size=_MOST_COMMUNITIES, max_size=_MOST_COMMUNITIES)
    return drawn.map(lambda more: (*subject.corners, *more))


def bulk_agrees(subject: Subject, drawn: tuple[Sample, ...]) -> None:
    """Raise Broken where the bulk engine says of a community something else than the single one."""
    for backend in BACKENDS:
        broken = _least(_differing(subject, drawn, backend)) if find_spec(backend) is not None else None
        if broken is not None:
            raise _smallest(subject, broken, backend)


def _differing(subject: Subject, drawn: Sequence[Sample], backend: str) -> Iterator[Broken]:
    """Every community of which the two engines say something else."""
    table = _table([row for place, sample in enumerate(drawn) for row in _rows(str(place), sample)])
    rows = _scored(subject, table, backend, bounds=bool(_said_in_bulk(subject))) if table["community"] else ()
    for row in rows:
        try:
            _compare(subject, drawn[int(row.pop("community"))], row, backend)
        except Broken as broken:
            yield broken


def _smallest(subject: Subject, broken: Broken, backend: str) -> Broken:
    """The same difference on as few looks as it takes: each time all that are tried make one frame."""
    while True:
        (sample,) = broken.samples
        looks, half = sample.observations, len(sample.observations) // 2
        fewer = [(look,) for look in looks] + [looks[:half], looks[half:]]
        fewer += [looks[:place] + looks[place + 1 :] for place in range(len(looks))]
        tried = [attrs.evolve(sample, observations=some) for some in fewer if len(some) < len(looks)]
        found = _least(_differing(subject, tried, backend))
        if found is None:
            return broken
        broken = found


def _least(found: Iterable[Broken]) -> Broken | None:
    return min(found, key=lambda one: len(one.samples[0].observations), default=None)


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


def _in_bulk(subject: Subject) -> bool:
    """Whether a long frame can say all that the standard looks at, and something is there to work on frames."""
    return _said_in_bulk(subject) is not None


def _said_in_bulk(subject: Subject) -> bool | None:
    """Whether the bulk engine gives bounds too; None where it does not take the standard, or is not there."""
    if _said_in_bulk not in subject.kept:
        there = find_spec("narwhals") is not None and find_spec("polars") is not None
        taken = (bounds for bounds in (True, False) if there and not _refused(subject, bounds=bounds))
        subject.kept[_said_in_bulk] = next(taken, None)
    found: bool | None = subject.kept[_said_in_bulk]
    return found


def _refused(subject: Subject, *, bounds: bool) -> bool:
    import narwhals as nw

    from civrules import frames

    # What cannot be said in bulk is refused before anything runs.
    frame: Any = nw.from_dict(_EMPTY, backend="polars").lazy().to_native()
    try:
        frames.evaluate(subject.standard, frame, layout="long", period=subject.period, bounds=bounds)
    except InvalidInput:
        return True
    return False


BULK = (
    Invariant(
        id="bulk", draws=batches, one_in=50, shrinks=False, check=bulk_agrees,
        where="standards that `civrules.frames` takes as a long frame, where it is installed", applies=_in_bulk,
        says="Scored in bulk, on every backend that is there, communities have the figures that they have one by one.",
    ),
)  # fmt: skip

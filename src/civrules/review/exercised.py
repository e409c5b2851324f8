"""Exercised: which criteria, tiers, levels, items, grades, gates, limits and policies a set of runs reaches."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civrules.model.figures import plain
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import Checklist, Event, Findings, Levels, Marks, Tiers
from civrules.model.measures.item import Found
from civrules.model.standard import Standard
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.line import Cell, CompiledLine
from civrules.scoring.program import Program

_TOO_LITTLE = "coverage: too little for a grade"


def exercised(standard: Standard, evaluations: Iterable[Evaluation], /) -> Mapping[str, bool]:
    """Everything that the standard can do, by name, and whether any of its evaluations did it.

    `criterion x` was seen; `tier`, `level`, `choice`, `item` and `result` of a line came about; `grade`, `gate`,
    `cap`, `floor`, `coverage`, `missing` and `not applicable` likewise. So a set of test observations can be judged.

    >>> from civrules import Community, Rulebook
    >>> book = Rulebook.installed(only=["example"])
    >>> seen = book.evaluate("example/check", Community("c-1"), {"trees": "fair"})
    >>> reached = exercised(book.standard("example/check"), [seen])
    >>> reached["trees: level fair"], reached["trees: level good"]
    (True, False)
    """
    program = Program(standard)
    reached = {name for evaluation in evaluations for name in _reached(program, evaluation)}
    return FrozenMapping({name: name in reached for name in dict.fromkeys(_names(program))})


def _names(program: Program) -> Iterator[str]:
    """Everything that can be reached, in the document's order."""
    standard = program.standard
    for line in program.lines:
        yield f"criterion {line.id}"
        yield from (f"{line.id}: {what}" for what in _of_line(line))
    for section in standard.walk():
        yield from (f"{name} of {section.id}" for name in ("cap", "floor") if getattr(section, name) is not None)
    if standard.cap is not None:
        yield "cap of the score"
    if standard.coverage is not None:
        yield _TOO_LITTLE
    for grade in standard.grades:
        yield f"grade {grade.id}"
    for gate in standard.gates:
        yield f"gate {gate.id}"
    scored = [line for line in program.lines if line.scored and line.required]
    yield from (f"missing: {line.missing}" for line in scored)
    yield from (f"not applicable: {line.not_applicable}" for line in scored if line.not_applicable != "refuse")


def _of_line(line: CompiledLine) -> Iterator[str]:
    """What a line can come to."""
    measure: Any = line.measure
    match line.measure:
        case Levels():
            yield from (f"level {name}" for name in measure.levels)
        # Where a number is given, a tier has no one name.
        case Tiers() if not line.given:
            yield from (_tier(measure, *step) for step in measure.steps)
            yield "no tier"
        case Marks() if measure.choices is not None:
            yield from (f"choice {plain(one)}" for one in measure.choices)
        case Findings() | Checklist():
            yield from (f"item {item.id}" for item in measure.items)
        case Event():
            yield from ("happened", "did not happen")
        case _ if line.strength != "informative":
            yield from ("pass", "fall short")


def _tier(tiers: Tiers, word: str, limit: Any, _: Any) -> str:
    return f"tier {word} {plain(limit)}{'%' if tiers.percent else ''}"


def _reached(program: Program, evaluation: Evaluation) -> Iterator[str]:
    """What one evaluation reaches."""
    run = evaluation.run
    for line, cell in zip(program.lines, run.cells, strict=True):
        if cell.state == "seen":
            yield f"criterion {line.id}"
            yield from (f"{line.id}: {what}" for what in _seen(line, cell))
        elif cell.state == "missing":
            yield f"missing: {line.missing}"
        elif cell.state == "not-applicable":
            yield f"not applicable: {line.not_applicable}"
        elif line.event:
            yield f"{line.id}: did not happen"
    for step in run.sums.steps:
        yield f"{step.name} of {step.section or 'the score'}"
    if run.withheld:
        yield _TOO_LITTLE
    yield f"grade {evaluation.grade}"
    yield from (f"gate {name}" for name in evaluation.gates)


def _seen(line: CompiledLine, cell: Cell) -> Iterator[str]:
    """What of a line one cell reaches; where it stands for several looks, only how it came out."""
    measure: Any = line.measure
    read = cell.read
    match line.measure:
        case Event():
            yield "happened" if cell.result == "fail" else "did not happen"
        case Levels() if read is not None:
            yield f"level {read}"
        case Tiers() if read is not None and not line.given:
            holding = (step for step in measure.steps if measure.points_of(read) == step[2])
            yield next((_tier(measure, *step) for step in holding), "no tier")
        case Marks() if measure.choices is not None and read is not None:
            yield f"choice {plain(read)}"
        case Findings() | Checklist() if read is not None:
            pairs = zip(measure.items, read, strict=True)
            yield from (
                f"item {item.id}" for item, one in pairs if (one.seen if isinstance(one, Found) else one is True)
            )
        case _:
            yield "pass" if cell.result == "pass" else "fall short"

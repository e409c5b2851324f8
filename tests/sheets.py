"""Small standards for tests whose figures are worked out by hand."""

from typing import Any

from civrules import Community, Criterion, Evaluation, Gate, Observation, Section, Source, Standard, Text, evaluate

COMPOUND = Community("compound-7")


def line(name: str, measure: Any, points: Any = None, **more: Any) -> Criterion:
    """A criterion."""
    return Criterion(id=name, title=Text(en=name), measure=measure, points=points, **more)


def section(name: str, *lines: Criterion, **more: Any) -> Section:
    """A section of these criteria."""
    return Section(id=name, title=Text(en=name), children=lines, **more)


def gate(name: str, when: Any, **then: Any) -> Gate:
    """A gate that caps (`grade_at_most`) or forces (`grade`)."""
    return Gate(id=name, title=Text(en=name), when=when, then=then)


def sheet(*parts: Criterion | Section, **more: Any) -> Standard:
    """A standard of these sections; criteria that stand alone make up the section "all"."""
    sections = [part for part in parts if isinstance(part, Section)]
    lines = [part for part in parts if isinstance(part, Criterion)]
    return Standard(
        id="example/sheet",
        version="1",
        title=Text(en="sheet"),
        kinds=("residential",),
        source=Source(document="worked out by hand"),
        sections=[*sections, section("all", *lines)] if lines else sections,
        **more,
    )


def judged(standard: Standard, *looks: Observation, on: Any = None, period: Any = None, **seen: Any) -> Evaluation:
    """The evaluation of what was seen: `name=value`, or whole observations."""
    observations = (*looks, *(Observation(name, value) for name, value in seen.items()))
    return evaluate(standard, COMPOUND, observations, on=on, period=period)


def results(evaluation: Evaluation) -> dict[str | None, Any]:
    """The criteria's results by id."""
    return {one.criterion: one.result for one in evaluation.lines if one.criterion is not None}

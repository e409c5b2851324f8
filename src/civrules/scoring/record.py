"""Records: an evaluation as canonical JSON, and the evaluation of a record's own inputs again.

A record holds `inputs` (community, observations, waivers, on, period, previous, calendar) with their digest beside
them, `standard` (edition, digest, direction, parameters), `result` and `made_by`. A host that may not keep inputs can
strip them, and put them back before a replay: `result` says for itself of which community and time it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from civrules.model.canonical import FORMAT, canonical, data, digest
from civrules.model.difference import Difference
from civrules.model.observation import Observation, written
from civrules.model.version import VERSION
from civrules.scoring.recorded import Record

if TYPE_CHECKING:
    from civrules.model.standard import Standard
    from civrules.scoring.evaluation import Evaluation, Line

FIGURES = (
    "score", "no_score", "maximum", "grade", "grade_before_gates", "score_without_waivers", "grade_without_waivers",
    "coverage", "gates", "ineligible", "on", "period",
)  # fmt: skip
Written: TypeAlias = tuple[Observation, dict[str, Any]]
LINE = ("criterion", "section", "step", "points", "possible", "result", "reason")


def record_of(evaluation: "Evaluation") -> str:
    """The canonical record of an evaluation."""
    in_order = _in_order(evaluation.observations)
    inputs = _inputs(evaluation, in_order)
    return canonical(
        {
            "format": FORMAT,
            "inputs": inputs,
            "inputs_digest": digest(inputs),
            "standard": {
                "edition": evaluation.edition,
                "digest": evaluation.digest,
                "direction": evaluation.direction,
                "parameters": data(evaluation.program.standard.settings),
            },
            "result": _result(evaluation, in_order),
            "made_by": {"civrules": VERSION},
        }
    )


def inputs_digest(evaluation: "Evaluation") -> str:
    """The digest of an evaluation's inputs."""
    return digest(_inputs(evaluation, _in_order(evaluation.observations)))


def result_of(evaluation: "Evaluation") -> dict[str, Any]:
    """Every figure and word of the outcome, as plain data."""
    return _result(evaluation, _in_order(evaluation.observations))


def _result(evaluation: "Evaluation", in_order: Sequence[Written]) -> dict[str, Any]:
    result = {name: data(getattr(evaluation, name)) for name in FIGURES}
    # From the last to the first: of one look that was handed in twice the first place counts.
    places = {id(look): place for place, (look, _) in reversed(tuple(enumerate(in_order)))}
    bounds = evaluation.bounds
    result["community"] = evaluation.community.id
    result["bounds"] = None if bounds is None else data(bounds)
    result["lines"] = [_line(line, places) for line in evaluation.lines]
    result["notes"] = [data(note) for note in evaluation.notes]
    return result


def _line(line: "Line", places: Mapping[int, int]) -> dict[str, Any]:
    """One line, and where the observations behind it stand among the inputs."""
    seen = {"seen": sorted(places[id(look)] for look in line.seen)} if line.seen else {}
    return {**{name: data(getattr(line, name)) for name in LINE}, **seen}


def _inputs(evaluation: "Evaluation", in_order: Sequence[Written]) -> dict[str, Any]:
    calendar = {"calendar": data(evaluation.calendar.occasions)} if evaluation.calendar else {}
    return {
        **calendar,
        "community": data(evaluation.community),
        "observations": [plainly for _, plainly in in_order],
        "waivers": sorted((data(one) for one in evaluation.waivers), key=canonical),
        "on": data(evaluation.on),
        "period": data(evaluation.period),
        "previous": None if evaluation.previous is None else _earlier(evaluation.previous),
    }


def _in_order(observations: Sequence[Observation]) -> list[Written]:
    """The observations as the record lists them, each with the plain data that it is written as."""
    return sorted(((one, written(one)) for one in observations), key=lambda pair: canonical(pair[1]))


def _earlier(evaluation: "Evaluation") -> dict[str, Any]:
    """What the previous evaluation was made from; its own previous one has no bearing on its figures."""
    alone = attrs.evolve(evaluation, previous=None)
    return {**_inputs(alone, _in_order(evaluation.observations)), "edition": evaluation.edition}


def replay(record: str, standard: "Standard", /) -> tuple[Difference, ...]:
    """Evaluate a record's own inputs again: empty when every figure is equal, else what differs and where.

    A changed digest of the standard and a changed maker are said too, after the figures. Raises InvalidInput where
    the text is no record, was stripped of its inputs, or names another edition.
    """
    kept = Record.of(record)
    again = kept.again(standard)
    differences = [*differing(("result",), kept.outcome, result_of(again))]
    differences += differing(("standard", "digest"), kept.digest, again.digest)
    differences += differing(("made_by",), kept.made_by, {"civrules": VERSION})
    return tuple(differences)


def differing(where: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    """Every leaf that is not the same."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from differing((*where, str(key)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            one, other = (part[index] if index < len(part) else None for part in (before, after))
            yield from differing((*where, _named(index, one, other)), one, other)
    elif before != after:
        yield Difference(where, before, after)


def _named(index: int, *lines: Any) -> str:
    """A line by its criterion or step, what else stands in a list by its place."""
    names = [line.get("criterion") or line.get("step") for line in lines if isinstance(line, dict)]
    return str(next((name for name in names if name), index + 1))

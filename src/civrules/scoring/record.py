"""Records: an evaluation as canonical JSON, and the evaluation of a record's own inputs again.

A record holds `inputs` (community, observations, waivers, on, period, previous, calendar) with their digest beside
them, `standard` (edition, digest, parameters), `result` and `made_by`. A host that may not keep inputs can strip them,
and put them back before a replay.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.canonical import FORMAT, canonical, data, digest
from civrules.model.community import Community
from civrules.model.days import Period, read_day
from civrules.model.difference import Difference
from civrules.model.figures import NotApplicable, NotObserved, Ratio, figure, plain
from civrules.model.observation import Observation
from civrules.model.version import VERSION
from civrules.model.waiver import Waiver

if TYPE_CHECKING:
    from civrules.model.standard import Standard
    from civrules.scoring.evaluation import Evaluation
    from civrules.scoring.program import Program

_LONGEST = 64 * 1024 * 1024


def record_of(evaluation: "Evaluation") -> str:
    """The canonical record of an evaluation."""
    inputs = _inputs(evaluation)
    return canonical(
        {
            "format": FORMAT,
            "inputs": inputs,
            "inputs_digest": digest(inputs),
            "standard": {
                "edition": evaluation.edition,
                "digest": evaluation.digest,
                "parameters": data(evaluation.program.standard.settings),
            },
            "result": result_of(evaluation),
            "made_by": {"civrules": VERSION},
        }
    )


def inputs_digest(evaluation: "Evaluation") -> str:
    """The digest of an evaluation's inputs."""
    return digest(_inputs(evaluation))


def result_of(evaluation: "Evaluation") -> dict[str, Any]:
    """Every figure and word of the outcome, as plain data."""
    names = (
        "score", "maximum", "grade", "grade_before_gates", "score_without_waivers", "grade_without_waivers", "coverage",
        "gates", "ineligible",
    )  # fmt: skip
    result = {name: data(getattr(evaluation, name)) for name in names}
    bounds = evaluation.bounds
    result["bounds"] = None if bounds is None else data(bounds)
    result["lines"] = [
        {
            name: data(getattr(line, name))
            for name in ("criterion", "section", "step", "points", "possible", "result", "reason")
        }
        for line in evaluation.lines
    ]
    result["notes"] = [{"code": note.code, "value": str(note.value)} for note in evaluation.notes]
    return result


def _inputs(evaluation: "Evaluation") -> dict[str, Any]:
    observations = [_observation(one) for one in evaluation.observations]
    calendar = {"calendar": data(evaluation.calendar.occasions)} if evaluation.calendar else {}
    return {
        **calendar,
        "community": data(evaluation.community),
        "observations": sorted(observations, key=canonical),
        "waivers": sorted((data(one) for one in evaluation.waivers), key=canonical),
        "on": data(evaluation.on),
        "period": data(evaluation.period),
        "previous": None if evaluation.previous is None else _earlier(evaluation.previous),
    }


def _earlier(evaluation: "Evaluation") -> dict[str, Any]:
    """What the previous evaluation was made from; its own previous one has no bearing on its figures."""
    return {**_inputs(attrs.evolve(evaluation, previous=None)), "edition": evaluation.edition}


def _observation(observation: Observation) -> dict[str, Any]:
    return {**data(observation), "value": _value(observation.value)}


def _value(value: Any) -> Any:
    """A value as JSON can hold it; figures as text, so that none is read back as a binary float."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Ratio):
        n, of = value.read()
        return {"n": n, "of": of}
    if isinstance(value, NotApplicable):
        return {"na": value.reason}
    if isinstance(value, NotObserved):
        return {"not_observed": value.reason}
    if isinstance(value, Mapping):
        return {"items": {str(key): _value(part) for key, part in value.items()}}
    if isinstance(value, list | tuple):
        return {"dates": [str(day) for day in value]}
    dtype = getattr(getattr(value, "dtype", None), "kind", "")
    return bool(value) if dtype == "b" else plain(figure(value)[0])


def _read_value(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "na" in value:
        return NotApplicable(value["na"])
    if "not_observed" in value:
        return NotObserved(value["not_observed"])
    if "dates" in value:
        return tuple(value["dates"])
    if "items" in value:
        return {key: _read_value(part) for key, part in value["items"].items()}
    return Ratio(value["n"], value["of"])


def replay(record: str, standard: "Standard", /) -> tuple[Difference, ...]:
    """Evaluate a record's own inputs again: empty when every figure is equal, else what differs and where.

    A changed digest of the standard and a changed maker are said too, after the figures. Raises InvalidInput where
    the text is no record, was stripped of its inputs, or names another edition.
    """
    from civrules.scoring.program import Program

    kept = parsed(record)
    if kept["standard"]["edition"] != standard.edition:
        raise InvalidInput(Problem("other-edition", (), kept["standard"]["edition"], standard.edition))
    parameters = kept["standard"].get("parameters", {})
    if parameters != data(standard.settings):
        standard = standard.bind(parameters)
    program = Program(standard)
    again = program.evaluate(**inputs_of(kept["inputs"], program))
    differences = [*_differences(("result",), kept["result"], result_of(again))]
    differences += _differences(("standard", "digest"), kept["standard"]["digest"], standard.digest)
    differences += _differences(("made_by",), kept["made_by"], {"civrules": VERSION})
    return tuple(differences)


def parsed(record: str) -> dict[str, Any]:
    """The record as data. Raises InvalidInput where the text is none, or its inputs are not those it was made from."""
    if len(record) > _LONGEST:
        raise InvalidInput(Problem("too-large", (), len(record), str(_LONGEST)))
    try:
        kept = json.loads(record, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise InvalidInput(Problem("not-a-record", (), "text", FORMAT)) from None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT or not _complete(kept):
        raise InvalidInput(Problem("not-a-record", (), kept.get("format") if isinstance(kept, dict) else kept, FORMAT))
    if kept.get("inputs") is None:
        raise InvalidInput(Problem("no-inputs", (), None, "inputs"))
    if digest(kept["inputs"]) != kept.get("inputs_digest"):
        raise InvalidInput(Problem("other-inputs", (), digest(kept["inputs"]), str(kept.get("inputs_digest"))))
    return kept


def _complete(kept: dict[str, Any]) -> bool:
    parts = (kept.get("standard"), kept.get("result"), kept.get("made_by"))
    return all(isinstance(part, dict) for part in parts) and {"edition", "digest"} <= kept["standard"].keys()


def inputs_of(inputs: dict[str, Any], program: "Program") -> dict[str, Any]:
    """The arguments of `Program.evaluate` that a record holds; the previous evaluation is made again."""
    try:
        earlier = inputs["previous"]
        community = inputs["community"]
        return {
            "community": Community(community.pop("id"), **community),
            "observations": [_read_observation(one) for one in inputs["observations"]],
            "waivers": [Waiver(**{**one, "valid": _period(one["valid"])}) for one in inputs["waivers"]],
            "on": _day(inputs["on"]),
            "period": _period(inputs["period"]),
            "previous": None if earlier is None else program.evaluate(**inputs_of(earlier, program)),
            "calendar": _calendar(inputs.get("calendar", {})),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(Problem("not-a-record", ("inputs",), str(error), FORMAT)) from None


def _read_observation(table: dict[str, Any]) -> Observation:
    value = _read_value(table["value"])
    rest = {key: part for key, part in table.items() if key not in ("criterion", "value", "at")}
    return Observation(table["criterion"], value, at=_day(table.get("at")), **rest)


def _day(text: str | None) -> date | None:
    return None if text is None else read_day(text)


def _period(table: dict[str, str] | None) -> Period | None:
    return None if table is None else Period(_day(table.get("first")), _day(table.get("last")))


def _calendar(occasions: dict[str, list[dict[str, str]]]) -> Calendar:
    return Calendar({name: [_period(one) for one in periods] for name, periods in occasions.items()})


def _differences(where: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    """Every leaf that is not the same."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _differences((*where, str(key)), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            one, other = (part[index] if index < len(part) else None for part in (before, after))
            yield from _differences((*where, _named(index, one, other)), one, other)
    elif before != after:
        yield Difference(where, before, after)


def _named(index: int, *lines: Any) -> str:
    """A line by its criterion or step, what else stands in a list by its place."""
    names = [line.get("criterion") or line.get("step") for line in lines if isinstance(line, dict)]
    return str(next((name for name in names if name), index + 1))

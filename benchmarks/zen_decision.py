"""The peer zen-engine: the same sheet as one decision of expressions, given dictionaries."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import zen

from benchmarks.sheet import KINDS, WEIGHTS


def key(name: str) -> str:
    """A name that the expression language takes."""
    return name.replace("-", "_").replace(":", "_")


def points_of(kind: str, name: str) -> str:
    """The points of one line of a kind."""
    value = key(name)
    match kind:
        case "lit":
            return f"{value} ? 4 : 0"
        case "sorted":
            return f"{value} >= 95 ? 4 : 0"
        case "kept":
            return f"({' + '.join(f'({value}.{item} ? 1 : 0)' for item in 'abcd')}) >= 3 ? 4 : 0"
        case "tidy":
            return f"{value} == 'good' ? 4 : {value} == 'fair' ? 2.4 : 0"
        case "board":
            return f"{value} == 'full' ? 4 : {value} == 'part' ? 2 : 0"
        case "answered":
            return f"{value} >= 95 ? 4 : {value} >= 85 ? 2.5 : {value} >= 70 ? 1 : 0"
        case "late":
            return f"{value} <= 2 ? 4 : {value} <= 5 ? 2 : 0"
        case "satisfied":
            return f"round(max([min([({value} - 60) * 4 / 35, 4]), 0]), 4)"
        case "lamps":
            return f"max([4 - 0.5 * ceil(({value}.of - {value}.n) * 100 / {value}.of), 0])"
        case "litter":
            return f"max([4 - min([{value}.spot * 0.5, 3]) - {value}.heap * 2, 0])"
    return value


def expressions() -> Iterator[tuple[str, str]]:
    """Every figure by its name, in the order of steps."""
    for number, weight in WEIGHTS.items():
        names = [f"{kind}-{number}" for kind in KINDS]
        yield from ((f"p_{key(name)}", points_of(kind, name)) for kind, name in zip(KINDS, names, strict=True))
        summed = " + ".join(f"$.p_{key(name)}" for name in names)
        yield f"s{number}", f"round(({summed}) * {weight} / {len(KINDS) * 4}, 4)"
    yield "p_press", "press == 'national' ? 3 : press == 'provincial' ? 1.5 : 0"
    yield "p_volunteers", "volunteers ? 2 : 0"
    yield "p_complaint", "max([-0.5 * complaint.one, -5])"
    base = " + ".join(f"$.s{number}" for number in WEIGHTS)
    yield "summed", f"{base} + min([$.p_press + $.p_volunteers + $.p_complaint, 5])"
    yield "score", "round(max([min([$.summed, 105]), 0]), 2)"
    yield "low", "accident or not lit_1 or lamps_1.n * 100 < lamps_1.of * 80"
    yield "best", "$.score >= 85 and $.s1 >= 18 and $.s2 >= 15"
    yield "grade", "fire ? 'D' : $.best ? ($.low ? 'B' : 'A') : $.score >= 70 ? 'B' : $.score >= 60 ? 'C' : 'D'"


def decision() -> dict[str, Any]:
    """The decision as the engine reads it."""
    listed = [{"id": name, "key": name, "value": text} for name, text in expressions()]
    place = {"x": 0, "y": 0}
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {"id": "sheet", "type": "expressionNode", "name": "sheet", "position": place,
             "content": {"expressions": listed}},
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "first", "sourceId": "in", "targetId": "sheet", "type": "edge"},
            {"id": "last", "sourceId": "sheet", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip


def scorer() -> Callable[[Mapping[str, Any]], Any]:
    """What scores a dictionary."""
    compiled = zen.ZenEngine().create_decision(json.dumps(decision()))
    return lambda seen: compiled.evaluate(seen)["result"]


def dictionary(seen: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen as the engine takes it: no Decimal, n of m as two figures."""
    return {key(name): _plain(value) for name, value in seen.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return {"n": value.n, "of": value.of} if hasattr(value, "of") else value

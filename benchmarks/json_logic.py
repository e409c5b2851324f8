"""The peer datalogic-py: the same sheet as one JSONLogic rule over prepared numbers, parsed before the clock runs."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import datalogic_py

from benchmarks.sheet import KINDS, WEIGHTS

UNIT = 10**4


def var(name: str) -> dict[str, Any]:
    """What the data calls by that name."""
    return {"var": name}


def rounded(above: Any, below: int) -> dict[str, Any]:
    """A quotient from 0, halves up."""
    return {"floor": {"/": [{"+": [above, below // 2]}, below]}}


def points_of(kind: str, name: str) -> Any:
    """The points of one line of a kind, in units of 10^-4."""
    value = var(name)
    match kind:
        case "lit":
            return {"if": [value, 40000, 0]}
        case "sorted":
            return {"if": [{">=": [value, 950000]}, 40000, 0]}
        case "kept":
            return {"if": [{">=": [{"+": [var(f"{name}:{item}") for item in "abcd"]}, 3]}, 40000, 0]}
        case "tidy":
            return {"if": [{"==": [value, 0]}, 40000, {"==": [value, 1]}, 24000, 0]}
        case "board":
            return {"if": [{"==": [value, 0]}, 40000, {"==": [value, 1]}, 20000, 0]}
        case "answered":
            steps = [
                [{">=": [value, 950000]}, 40000],
                [{">=": [value, 850000]}, 25000],
                [{">=": [value, 700000]}, 10000],
            ]
            return {"if": [*(part for step in steps for part in step), 0]}
        case "late":
            return {"if": [{"<=": [value, 20000]}, 40000, {"<=": [value, 50000]}, 20000, 0]}
        case "satisfied":
            part = {"max": [{"min": [{"-": [value, 600000]}, 350000]}, 0]}
            return rounded({"*": [part, 4]}, 35)
        case "lamps":
            short = {"/": [{"*": [{"-": [var(f"{name}:of"), value]}, 100]}, var(f"{name}:of")]}
            return {"max": [{"-": [40000, {"*": [{"ceil": short}, 5000]}]}, 0]}
        case "litter":
            spots = {"min": [{"*": [var(f"{name}:spot"), 5000]}, 30000]}
            return {"max": [{"-": [40000, spots, {"*": [var(f"{name}:heap"), 20000]}]}, 0]}
    return value


def lines() -> list[Any]:
    """The points of all lines, the bonus at the end."""
    return [
        *(points_of(kind, f"{kind}-{number}") for number in WEIGHTS for kind in KINDS),
        {"if": [{"==": [var("press"), 0]}, 30000, {"==": [var("press"), 1]}, 15000, 0]},
        {"if": [var("volunteers"), 20000, 0]},
        {"max": [{"*": [var("complaint:one"), -5000]}, -50000]},
    ]


def rule() -> dict[str, Any]:
    """[score, grade, points]: a list of one element, mapped, gives a name to what was worked out."""
    of, per = len(KINDS), len(KINDS) * 40000
    dark = {"or": [{"!": var("lit-1")}, {"<": [{"*": [var("lamps-1"), 100]}, {"*": [var("lamps-1:of"), 80]}]}]}
    one = {"points": lines(), "fire": var("fire"), "low": {"or": [var("accident"), dark]}}
    sections = [
        rounded({"*": [{"+": [var(f"points.{place * of + index}") for index in range(of)]}, weight * UNIT]}, per)
        for place, weight in enumerate(WEIGHTS.values())
    ]
    bonus = {"min": [{"+": [var(f"points.{place}") for place in range(of * 5, of * 5 + 3)]}, 5 * UNIT]}
    kept = {name: var(name) for name in ("points", "fire", "low")}
    two = {**kept, "sections": sections, "bonus": bonus}
    summed = {"+": [*(var(f"sections.{place}") for place in range(5)), var("bonus")]}
    total = rounded({"max": [{"min": [summed, 105 * UNIT]}, 0]}, 100)
    good = {"and": [{">=": [var("sections.0"), 18 * UNIT]}, {">=": [var("sections.1"), 15 * UNIT]}]}
    three = {**kept, "total": total, "good": good}
    best = {"if": [var("low"), 1, 0]}
    band = [{"and": [{">=": [var("total"), 8500]}, var("good")]}, best, {">=": [var("total"), 7000]}, 1]
    grade = {"if": [var("fire"), 3, *band, {">=": [var("total"), 6000]}, 2, 3]}
    four = [var("total"), grade, var("points")]
    return {"map": [{"map": [{"map": [[one], two]}, three]}, four]}


def scorer() -> Callable[[Any], Any]:
    """What scores a handle of prepared values, parsed before."""
    engine = datalogic_py.Engine(templating=True)
    compiled, session = engine.compile(rule()), engine.session()
    return lambda handle: session.evaluate_data(compiled, handle)[0]


def handle(slots: Sequence[str], values: Sequence[int | None]) -> Any:
    """Prepared values as the engine's own data."""
    return datalogic_py.DataHandle(json.dumps(dict(zip(slots, values, strict=True))))

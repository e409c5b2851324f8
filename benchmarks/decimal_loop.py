"""The peer by hand: the same sheet as one loop over Decimals, written for speed and for nothing else."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from benchmarks.sheet import POINTS, WEIGHTS

_P = Decimal(POINTS)
_NONE = Decimal(0)
_HUNDRED = Decimal(100)
_FOUR = Decimal("0.0001")
_TWO = Decimal("0.01")
_TIDY = {"good": _P, "fair": _P * Decimal("0.6"), "poor": _NONE}
_BOARD = {"full": _P, "part": _P * Decimal("0.5"), "none": _NONE}
_PRESS = {"national": Decimal(3), "provincial": Decimal("1.5"), "none": _NONE}
_ANSWERED = ((Decimal(95), Decimal(4)), (Decimal(85), Decimal("2.5")), (Decimal(70), Decimal(1)))
_LATE = ((2, Decimal(4)), (5, Decimal(2)))
_HALF, _CAP, _FULL = Decimal("0.5"), Decimal(3), Decimal(11) * _P
_TOP, _BONUS = Decimal(105), Decimal(5)
_KINDS = ("lit", "sorted", "kept", "tidy", "answered", "satisfied", "lamps", "litter", "look", "board", "late")
LINES = tuple(
    (number, Decimal(weight), tuple((kind, f"{kind}-{number}") for kind in _KINDS))
    for number, weight in WEIGHTS.items()
)


def score(seen: Mapping[str, Any]) -> tuple[Decimal, str, list[Decimal]]:
    """Score, grade and points of one community of which everything was seen; ratios come as (n, m)."""
    kept: list[Decimal] = []
    keep = kept.append
    total = _NONE
    sections = []
    for _, weight, lines in LINES:
        section = _NONE
        for kind, name in lines:
            value = seen[name]
            if kind == "lit":
                points = _P if value else _NONE
            elif kind == "sorted":
                points = _P if value >= 95 else _NONE
            elif kind == "kept":
                points = _P if value["a"] + value["b"] + value["c"] + value["d"] >= 3 else _NONE
            elif kind == "tidy":
                points = _TIDY[value]
            elif kind == "board":
                points = _BOARD[value]
            elif kind == "answered":
                points = next((given for end, given in _ANSWERED if value >= end), _NONE)
            elif kind == "late":
                points = next((given for end, given in _LATE if value <= end), _NONE)
            elif kind == "satisfied":
                part = _P * (value - 60) / 35
                points = min(max(part, _NONE), _P).quantize(_FOUR, ROUND_HALF_UP)
            elif kind == "lamps":
                n, of = value
                points = max(_P - _HALF * -((n * 100 - of * 100) // of), _NONE)
            elif kind == "litter":
                points = max(_P - min(value["spot"] * _HALF, _CAP) - value["heap"] * 2, _NONE)
            else:
                points = value
            keep(points)
            section += points
        section = (section * weight / _FULL).quantize(_FOUR, ROUND_HALF_UP)
        sections.append(section)
        total += section
    bonus = [
        _PRESS[seen["press"]],
        Decimal(2) if seen["volunteers"] else _NONE,
        max(-_BONUS, -_HALF * seen["complaint"]["one"]),
    ]
    kept += bonus
    total += min(bonus[0] + bonus[1] + bonus[2], _BONUS)
    total = min(max(total, _NONE), _TOP).quantize(_TWO, ROUND_HALF_UP)
    n, of = seen["lamps-1"]
    good = sections[0] >= 18 and sections[1] >= 15
    grade = "A" if total >= 85 and good else "B" if total >= 70 else "C" if total >= 60 else "D"
    dark = not seen["lit-1"] or n * _HUNDRED < 80 * of
    if seen["fire"]:
        grade = "D"
    elif grade == "A" and (seen["accident"] or dark):
        grade = "B"
    return total, grade, kept

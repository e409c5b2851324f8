"""Engines whose bounds, words, records or bulk results are wrong, or that do not behave."""

import time
from typing import Any

import attrs

from civrules import Program
from civrules.frames import scored
from civrules.model import figures
from civrules.scoring import bounds, explain, record
from mutants.breaking import ANNUAL, CHECK, CONSTRUCTS, HYGIENE, QUARTER, Made, instead, mutant
from mutants.mutant import EngineMutant

_CALLS = 0


def _narrow(original: Made, given: Any) -> Any:
    found = original(given)
    return found if found is None else attrs.evolve(found, high=found.low, grade_high=found.grade_low)


def _wide(original: Made, given: Any) -> Any:
    found = original(given)
    if found is None or found.low is None or found.high is None or found.low == found.high:
        return found
    return attrs.evolve(found, high=found.high + 1)


def _wide_when_closed(original: Made, given: Any) -> Any:
    found = original(given)
    if found is None or found.low is None or found.low != found.high:
        return found
    return attrs.evolve(found, low=found.low - 1)


def _low_end_up(original: Made, given: Any) -> Any:
    """With more seen the low end falls."""
    found = original(given)
    if found is None or found.low is None:
        return found
    return attrs.evolve(found, low=found.low - len(given.observations))


def _first_line_lost(original: Made, *given: Any) -> Any:
    return original(*given)[1:]


def _chinese_only(original: Made, given: Any, lang: str) -> Any:
    return original(given, "zh")


def _another_score(original: Made, given: Any) -> str:
    text: str = original(given)
    return text.replace('"grade":"', '"grade":"X', 1)


def _counts_calls(original: Made, self: Program, *given: Any, **named: Any) -> Any:
    """Every second evaluation of a program is of a line less."""
    global _CALLS  # noqa: PLW0603  # what a broken engine remembers
    _CALLS += 1
    found = original(self, *given, **named)
    return attrs.evolve(found, coverage=figures.decimal(_CALLS % 2, 4))


def _asks_the_clock(original: Made, self: Program, *given: Any, **named: Any) -> Any:
    time.time()
    return original(self, *given, **named)


def _sorts_in_place(original: Made, self: Program, community: Any, observations: Any, **named: Any) -> Any:
    if isinstance(observations, list):
        observations.reverse()
    return original(self, community, observations, **named)


def _worst_marks(original: Made, self: Program, values: Any) -> Any:
    score, grade, points = original(self, values)
    return (None if score is None else score + 1), grade, points


def _best_grade(original: Made, program: Program, sound: Any, place: Any, rated: Any, there: Any) -> Any:
    return original(program, sound, place * 0, rated, there)


def _gates_forgotten(original: Made, given: Any) -> Any:
    found = original(given)
    return found if found is None else attrs.evolve(found, grade_low=found.grade_high)


ANSWERS: tuple[EngineMutant, ...] = (
    mutant(
        "bounds-too-narrow",
        "The high end is the low one.",
        "bounds-contain",
        ANNUAL,
        instead(bounds, "bounds_of", _narrow),
    ),
    mutant(
        "bounds-too-wide",
        "The high end lies beyond what can be reached.",
        "bounds-reached",
        CHECK,
        instead(bounds, "bounds_of", _wide),
    ),
    mutant(
        "bounds-never-close",
        "With nothing missing the low end is below the score.",
        "closed",
        QUARTER,
        instead(bounds, "bounds_of", _wide_when_closed),
    ),
    mutant(
        "bounds-widen",
        "The more is seen, the lower the low end.",
        "never-widens",
        ANNUAL,
        instead(bounds, "bounds_of", _low_end_up),
    ),
    mutant(
        "low-end-off", "The low end lies below the score.", "low-end", CHECK, instead(bounds, "bounds_of", _low_end_up)
    ),
    mutant(
        "line-unsaid",
        "The first line is not explained.",
        "explained",
        HYGIENE,
        instead(explain, "steps_of", _first_line_lost),
    ),
    mutant(
        "chinese-only",
        "The explanation is Chinese, whatever was asked for.",
        "explained",
        CHECK,
        instead(explain, "explanation", _chinese_only),
    ),
    mutant(
        "record-differs",
        "The record says another grade.",
        "replays",
        CHECK,
        instead(record, "record_of", _another_score),
    ),
    mutant(
        "remembers",
        "What an evaluation says depends on how many there were before.",
        "deterministic",
        CHECK,
        instead(Program, "evaluate", _counts_calls),
    ),
    mutant(
        "asks-the-clock",
        "An evaluation looks at the clock.",
        "quiet",
        QUARTER,
        instead(Program, "evaluate", _asks_the_clock),
    ),
    mutant(
        "reverses-the-list",
        "An evaluation turns the host's list round.",
        "inputs-kept",
        CHECK,
        instead(Program, "evaluate", _sorts_in_place),
    ),
    mutant(
        "prepared-off",
        "The inner loop gives one unit more.",
        "prepared",
        QUARTER,
        instead(Program, "score", _worst_marks),
    ),
    mutant(
        "bulk-off",
        "The bulk engine gives everybody the best grade.",
        "bulk",
        CHECK,
        instead(scored, "_grade", _best_grade),
    ),
    mutant(
        "gates-forgotten",
        "The worst grade of the bounds forgets the gates.",
        "bounds-contain",
        CONSTRUCTS,
        instead(bounds, "bounds_of", _gates_forgotten),
    ),
)

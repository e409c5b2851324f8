"""Prints what evaluations say, as text that is equal on every machine: run with a file of pickled calls."""

import json
import locale
import pickle
import sys
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from civrules import Community, Evaluation, InvalidInput, Observation, Period, Standard, Waiver, evaluate

Call = tuple[
    Standard, Community, tuple[Observation, ...], date | None, Period | None, tuple[Waiver, ...], Evaluation | None
]


def text_of(evaluation: Evaluation) -> str:
    """Everything that an evaluation says, as JSON."""
    said: dict[str, Any] = {
        name: getattr(evaluation, name)
        for name in ("edition", "digest", "score", "maximum", "grade", "grade_before_gates", "coverage", "gates")
    }
    said |= {
        "bounds": None if evaluation.bounds is None else attrs.asdict(evaluation.bounds),
        "lines": [
            [line.criterion, line.section, line.step, line.points, line.possible, line.result, line.reason]
            for line in evaluation.lines
        ],
        "notes": [note.say("zh") for note in evaluation.notes],
        "words": [str(evaluation.explain("zh")), str(evaluation.explain("en"))],
        "gains": evaluation.explain("en").gains,
    }
    return json.dumps(said, default=str, ensure_ascii=True, sort_keys=True)


def answer(call: Call) -> str:
    """What a call gives: everything that the evaluation says, or why it is refused."""
    standard, community, observations, on, period, waivers, previous = call
    more: dict[str, Any] = {"on": on, "period": period, "waivers": waivers, "previous": previous}
    try:
        return text_of(evaluate(standard, community, observations, **more))
    except InvalidInput as error:
        return error.say("zh")


def main() -> None:
    """Print an answer for each call of the file, in the locale that the environment names."""
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        sys.stderr.write("this machine has no such locale\n")
    for call in pickle.loads(Path(sys.argv[1]).read_bytes()):
        sys.stdout.write(json.dumps(answer(call)) + "\n")


if __name__ == "__main__":
    main()

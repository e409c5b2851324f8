"""Kept: an evaluation that was read from its record."""

import json
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, get_args

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.errors.codes import CODES
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.observation import Observation
from civrules.model.text import Text
from civrules.scoring.evaluation import NOT_RATED, WITHHELD, Bounds, Evaluation, Line, Made
from civrules.scoring.line import Result
from civrules.scoring.record import differing
from civrules.scoring.recorded import (
    Misread,
    Record,
    day,
    flag,
    many,
    maybe,
    number,
    period,
    place,
    table,
    text,
    well_formed,
)

if TYPE_CHECKING:
    from civrules.model.standard import Standard
    from civrules.scoring.program import Program, Run

_MOST_DIFFERENCES = 100
_RESULTS = frozenset(get_args(Result))


@attrs.frozen(kw_only=True)
class Kept:
    """An evaluation's making where a record says what came out; `worked` is the same made again, with its standard."""

    edition: str
    text: str
    digest_of_inputs: str
    kept_lines: tuple[Line, ...]
    kept_bounds: Bounds | None
    worked: Made | None

    @property
    def program(self) -> "Program":
        """The program of the standard that was given. Raises CivrulesError where none was."""
        return self._worked.program

    @property
    def run(self) -> "Run":
        """The pass that was made again. Raises CivrulesError where no standard was given."""
        return self._worked.run

    @property
    def _worked(self) -> Made:
        if self.worked is None:
            raise CivrulesError(Problem("record-alone", (), self.edition))
        return self.worked

    def lines(self, evaluation: Evaluation) -> tuple[Line, ...]:
        """The lines of the record."""
        return self.kept_lines

    def bounds(self, evaluation: Evaluation) -> Bounds | None:
        """The bounds of the record."""
        return self.kept_bounds

    def inputs_digest(self, evaluation: Evaluation) -> str:
        """The digest that stands in the record."""
        return self.digest_of_inputs

    def result(self, evaluation: Evaluation) -> dict[str, Any]:
        """The result that stands in the record."""
        outcome: dict[str, Any] = json.loads(self.text, parse_float=Decimal)["result"]
        return outcome

    def record(self, evaluation: Evaluation) -> str:
        """The record itself."""
        return self.text


def evaluation_of(record: str, standard: "Standard | None") -> Evaluation:
    """The evaluation that a record holds; with its standard it is made again too. Raises InvalidInput."""
    kept = Record.of(record)
    again = None if standard is None else _again(kept, standard)
    inputs, outcome = kept.inputs, kept.outcome
    observations = inputs.observations if inputs is not None else ()
    with well_formed("result"):
        community = _community(kept)
        return Evaluation(
            community=community,
            edition=kept.edition,
            digest=kept.digest,
            on=maybe(day, outcome["on"]),
            period=maybe(period, outcome["period"]),
            observations=observations,
            waivers=inputs.waivers if inputs is not None else (),
            previous=again.previous if again is not None else None,
            calendar=inputs.calendar if inputs is not None else Calendar(),
            direction=_direction(kept.direction),
            score=maybe(number, outcome["score"]),
            no_score=_no_score(outcome["no_score"], outcome["score"]),
            maximum=maybe(number, outcome["maximum"]),
            grade=maybe(text, outcome["grade"]),
            grade_before_gates=maybe(text, outcome["grade_before_gates"]),
            score_without_waivers=maybe(number, outcome["score_without_waivers"]),
            grade_without_waivers=maybe(text, outcome["grade_without_waivers"]),
            coverage=number(outcome["coverage"]),
            gates=many(text, outcome["gates"]),
            ineligible=flag(outcome["ineligible"]),
            notes=(*many(_note, outcome["notes"]), *_stripped(kept)),
            made=Kept(
                edition=kept.edition,
                text=kept.text,
                digest_of_inputs=kept.inputs_digest,
                kept_lines=many(lambda line: _line(line, observations, stripped=inputs is None), outcome["lines"]),
                kept_bounds=maybe(_bounds, outcome["bounds"]),
                worked=None if again is None else again.made,
            ),
        )


def _again(kept: Record, standard: "Standard") -> Evaluation:
    """The evaluation made again. Raises InvalidInput where it no longer says what the record says."""
    again = kept.again(standard)
    found = islice(differing((), kept.outcome, again.made.result(again)), _MOST_DIFFERENCES)
    problems = [Problem("other-result", one.where, one.after, str(one.before)) for one in found]
    if problems:
        raise InvalidInput(problems)
    return again


def _community(kept: Record) -> Community:
    """The community; only its id where the inputs were stripped. What the result says for itself must agree."""
    outcome, inputs = kept.outcome, kept.inputs
    if inputs is None:
        return Community(text(outcome["community"]))
    said = (text(outcome["community"]), maybe(day, outcome["on"]), maybe(period, outcome["period"]))
    if said != (inputs.community.id, inputs.on, inputs.period):
        raise Misread(outcome["community"])
    return inputs.community


def _stripped(kept: Record) -> tuple[Problem, ...]:
    return (Problem("inputs-stripped", severity="note"),) if kept.inputs is None else ()


def _direction(word: str) -> Literal["merits", "demerits"]:
    if word not in ("merits", "demerits"):
        raise Misread(word)
    return "merits" if word == "merits" else "demerits"


def _no_score(word: Any, score: Any) -> Literal["not-rated", "withheld"] | None:
    if score is not None and word is None:
        return None
    if score is None and word in (NOT_RATED, WITHHELD):
        return NOT_RATED if word == NOT_RATED else WITHHELD
    raise Misread(word)


def _line(value: Any, observations: Sequence[Observation], *, stripped: bool) -> Line:
    line = table(value)
    result = line["result"]
    if result is not None and text(result) not in _RESULTS:
        raise Misread(result)
    seen = many(place, line.get("seen", []))
    if not stripped and any(one >= len(observations) for one in seen):
        raise Misread(list(seen))
    return Line(
        criterion=maybe(text, line["criterion"]),
        section=maybe(text, line["section"]),
        step=text(line["step"]),
        points=maybe(number, line["points"]),
        possible=maybe(number, line["possible"]),
        result=result,
        reason=maybe(text, line["reason"]),
        seen=() if stripped else tuple(observations[one] for one in seen),
    )


def _bounds(value: Any) -> Bounds:
    ends = table(value)
    return Bounds(
        low=maybe(number, ends["low"]),
        high=maybe(number, ends["high"]),
        grade_low=maybe(text, ends["grade_low"]),
        grade_high=maybe(text, ends["grade_high"]),
        exact=flag(ends["exact"]),
    )


def _note(value: Any) -> Problem:
    note = table(value)
    code = text(note["code"])
    if code not in CODES or note.get("severity") != "note":
        raise Misread(code)
    what = note.get("value")
    words = {key: text(note[key]) for key in ("expected", "hint") if key in note}
    return Problem(
        code,
        many(text, note.get("where", [])),
        Text(**{text(lang): text(said) for lang, said in what.items()})
        if isinstance(what, dict)
        else maybe(text, what),
        severity="note",
        **words,
    )

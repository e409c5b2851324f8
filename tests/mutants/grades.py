"""Engines that grade, or try gates, in a wrong way."""

from datetime import timedelta
from typing import Any

import attrs

from civrules import Period, Program
from civrules.model.measures.measure import amount
from civrules.scoring import conditions
from civrules.scoring.conditions import Compiler
from civrules.scoring.grading import Grader
from mutants.breaking import ANNUAL, CHECK, HYGIENE, POLICIES, Made, instead, mutant
from mutants.mutant import EngineMutant


def _no_gate(_: Made, self: Program, facts: Any) -> Any:
    return self.settle(facts, lambda gate: False)


def _but_the_last(_: Made, self: Program, facts: Any) -> Any:
    last = self.grader.gates[-1] if self.grader.gates else None
    return self.settle(facts, lambda gate: gate is not last and gate.when.holds(facts))


def _caps_raise(_: Made, self: Grader, band: int | None, holding: Any) -> int | None:
    places = [gate.place for gate in holding if gate.place >= 0]
    return places[0] if places else band


def _caps_beat_force(original: Made, self: Grader, band: int | None, holding: Any) -> Any:
    caps = [gate for gate in holding if not gate.forces]
    return original(self, band, caps or holding)


def _forces_as_caps_only_with_score(original: Made, self: Grader, band: int | None, holding: Any) -> Any:
    return None if band is None else original(self, band, holding)


def _beyond_the_end(_: Made, self: Grader, grade: Any, points: Any) -> bool:
    return grade.end is None or bool(points < grade.end if self.demerits else points > grade.end)


def _last_band(original: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> Any:
    place = original(self, points, facts, given)
    return place if place is None else min(place + 1, self.bands[-1].place)


def _unrequired(original: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> Any:
    return original(self, points, facts, {band.place: True for band in self.bands})


def _from_exact(original: Made, self: Grader, *given: Any) -> None:
    original(self, *given)
    self.exact = True


def _window_from(days: int) -> Made:
    def window(original: Made, condition: Any, duration: Any, facts: Any) -> Any:
        found = original(condition, duration, facts)
        if found is None or duration is None:
            return found
        return Period(found.first + timedelta(days=days), found.last)

    return window


def _covered_only_above(original: Made, self: Program, facts: Any) -> bool:
    least = self.standard.coverage
    return original(self, facts) or (least is not None and facts.coverage * 100 == amount(least))


def _next_grade_as_it_is(_: Made, self: Grader, points: Any, facts: Any, given: Any = None) -> int | None:
    reached = [band for band in self.bands if self.reaches(band, points)]
    meets = reached and (reached[0].requires is None or reached[0].requires.holds(facts))
    return next((band.place for band in (reached if meets else reached[1:])), None)


def _partial_fails(original: Made, self: Compiler, condition: Any) -> Any:
    index = self.lines[condition.target].index
    return attrs.evolve(original(self, condition), holds=lambda facts: facts.cells[index].result in ("fail", "partial"))


GRADES: tuple[EngineMutant, ...] = (
    mutant("gates-skipped", "No gate is tried.", "gates-dominate", CHECK, instead(Program, "run", _no_gate)),
    mutant(
        "last-gate-skipped",
        "The last gate is not tried.",
        "gates-dominate",
        ANNUAL,
        instead(Program, "run", _but_the_last),
    ),
    mutant(
        "caps-raise",
        "A gate that caps sets the grade, also upwards.",
        "second-opinion",
        ANNUAL,
        instead(Grader, "grade", _caps_raise),
    ),
    mutant(
        "cap-beats-force",
        "A cap goes before a grade that is forced.",
        "gates-dominate",
        ANNUAL,
        instead(Grader, "grade", _caps_beat_force),
    ),
    mutant(
        "force-needs-a-score",
        "Where there is no score no gate forces.",
        "second-opinion",
        ANNUAL,
        instead(Grader, "grade", _forces_as_caps_only_with_score),
    ),
    mutant(
        "band-open-below",
        "A score on the end of a band has the grade below.",
        "bands",
        ANNUAL,
        instead(Grader, "reaches", _beyond_the_end),
    ),
    mutant(
        "band-open-in-demerits",
        "The same where less is better.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "reaches", _beyond_the_end),
    ),
    mutant("one-grade-lower", "Everybody has the grade below.", "bands", CHECK, instead(Grader, "band", _last_band)),
    mutant(
        "requirement-skipped",
        "What a grade requires besides is not asked.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "band", _unrequired),
    ),
    mutant(
        "grade-from-exact",
        "The grade is that of the figure before rounding.",
        "bands",
        POLICIES,
        instead(Grader, "__init__", _from_exact),
    ),
    mutant(
        "looks-back-a-day-less",
        "A window begins a day late.",
        "second-opinion",
        POLICIES,
        instead(conditions, "_window", _window_from(1)),
    ),
    mutant(
        "looks-back-a-day-more",
        "A window begins a day early.",
        "second-opinion",
        POLICIES,
        instead(conditions, "_window", _window_from(-1)),
    ),
    mutant(
        "covered-only-above",
        "The least coverage has to be passed.",
        "second-opinion",
        POLICIES,
        instead(Program, "too_little", _covered_only_above),
    ),
    mutant(
        "next-grade-as-it-is",
        "Whoever lacks what a grade requires has the next, whatever that requires.",
        "second-opinion",
        HYGIENE,
        instead(Grader, "band", _next_grade_as_it_is),
    ),
    mutant(
        "partial-fails",
        "A line that passes in part has failed.",
        "second-opinion",
        POLICIES,
        instead(Compiler, "_failed", _partial_fails),
    ),
)

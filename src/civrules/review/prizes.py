"""Prizes: who has one in spite of a gate, and what decides between those who tie for the last of a few."""

from collections.abc import Iterator
from functools import partial

from civrules.errors import Problem
from civrules.model.condition import Condition
from civrules.model.outcome import DISTINCTIONS, Outcome
from civrules.model.soundness.places import label
from civrules.model.standard import Gate, Standard
from civrules.review.issuing import distinguishing, somebody
from civrules.review.reviewed import Reviewed
from civrules.review.witness import Input, Witness
from civrules.scoring.evaluation import Evaluation


def prize_problems(reviewed: Reviewed) -> Iterator[Problem]:
    """Ties for limited places that no rule decides, and prizes for those whom a gate forced to another grade."""
    yield from _ties(reviewed.standard)
    yield from _in_spite(reviewed)


def _ties(standard: Standard) -> Iterator[Problem]:
    """Rankings without a rule for ties, or an order that leaves none, by which a few have a flag or an award."""
    limited: dict[str, list[str]] = {}
    for outcome in standard.outcomes:
        if any(effect.verb in DISTINCTIONS for effect in outcome.then):
            for ranking in _deciding(outcome, standard):
                limited.setdefault(ranking, []).append(outcome.id)
    for index, rule in enumerate(standard.rankings):
        if rule.id in limited and rule.ties is None and "community" not in rule.by:
            where = (label("ranking", index, rule.id), "ties")
            yield Problem("ties-unstated", where, rule.id, ", ".join(limited[rule.id]))


def _deciding(outcome: Outcome, standard: Standard) -> Iterator[str]:
    """The rankings whose places decide who has it."""
    named = dict.fromkeys(part.rank for part in outcome.when.walk() if part.rank is not None)
    yield from named
    honours = {effect.award for effect in outcome.then}
    seats = outcome.seats is not None or any(one.id in honours and one.seats for one in standard.honours)
    if seats and outcome.order is not None and outcome.order not in named:
        yield outcome.order


def _in_spite(reviewed: Reviewed) -> Iterator[Problem]:
    """Awards, and flags of first places, that ask for no grade and are given in spite of a gate that forces one."""
    standard = reviewed.standard
    asked = [(place, one) for place, one in enumerate(standard.outcomes) if _is_prize(one)]
    best = standard.grades[0].id if standard.grades else None
    forcing = [one for one in standard.gates if one.then.get("grade") not in (None, best)]
    if not asked or not forcing:
        return
    witness = Witness(reviewed, somebody(standard))
    for gate in forcing:
        for place, outcome in asked:
            found = witness.shown(_tried(witness, gate), partial(_has_both, witness, gate, outcome))
            if found is not None:
                where = (label("outcome", place, outcome.id), "when")
                yield Problem("award-despite-force", where, outcome.id, f"{gate.id}: {gate.then['grade']}", found)


def _is_prize(outcome: Outcome) -> bool:
    """Whether it distinguishes, and neither asks for a grade nor takes last places, which are warned."""
    parts = list(outcome.when.walk())
    flags = any(effect.verb == "flag" for effect in outcome.then) and any(_is_of_the_first(part) for part in parts)
    awards = any(effect.verb == "award" for effect in outcome.then)
    return (flags or awards) and not any(part.grade is not None or part.last is not None for part in parts)


def _is_of_the_first(part: Condition) -> bool:
    return part.rank is not None and part.first is not None


def _tried(witness: Witness, gate: Gate) -> Iterator[Input]:
    """All at its best but what the gate looks at: one thing of it after the other, then all of it."""
    best, worst = witness.every(best=True), witness.every(best=False)
    looked_at = [_named(witness, part, worst) for part in gate.when.walk()]
    for bad in looked_at:
        yield {**best, **bad}
    yield {**best, **{name: value for bad in looked_at for name, value in bad.items()}}


def _named(witness: Witness, part: Condition, worst: Input) -> Input:
    """The lines that a condition looks at, at their worst; an event happened."""
    if part.figure is not None:
        return worst
    name = part.target.partition(":")[0]
    lines = [
        line
        for line in witness.program.lines
        if name in (line.id, *line.path) or part.failed_tag in line.criterion.tags
    ]
    happened = {line.id: "attributable" if line.measure.attributable else True for line in lines if line.event}
    return {**{line.id: worst[line.id] for line in lines if line.id in worst}, **happened}


def _has_both(witness: Witness, gate: Gate, outcome: Outcome, evaluation: Evaluation) -> bool:
    """Whether the gate brings it down to its grade, and the outcome takes effect for it, as the only one."""
    if gate.id not in evaluation.gates or evaluation.grade != gate.then["grade"]:
        return False
    if evaluation.grade_before_gates == evaluation.grade:
        return False
    return outcome.id in distinguishing(witness, evaluation)

"""Rankings and outcomes: what they name, their effects and terms, and what rests on itself."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import attrs

from civrules.errors import Problem, nearest
from civrules.model.condition import LISTED, Condition
from civrules.model.days import Duration
from civrules.model.given import ParameterOf
from civrules.model.identity import check_full_id, check_id, duplicates
from civrules.model.measures import Levels
from civrules.model.outcome import Composed, Effect, Outcome, RankingRule
from civrules.model.soundness.grading import Names, id_problems, named_problems
from civrules.model.soundness.places import (
    attempt,
    criterion_place,
    label,
    sections_with_places,
    twice,
    word_problems,
)
from civrules.model.text import check_words
from civrules.model.windows import Cadence

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Standard

FIGURES = ("score", "coverage")
ORDERS = (*FIGURES, "community")
_FORMS = ("score", "coverage", "community", "criterion:ID", "section:ID", "plugin/name")
_WHOSE = ("recipient", "community")
UNGRADED = ("not-rated", "withheld")


@attrs.frozen
class _Known:
    """What rankings and outcomes may name."""

    names: Names
    bodies: Mapping[str, object]
    honours: Mapping[str, object]
    rankings: Mapping[str, object]
    outcomes: Mapping[str, Outcome]
    procedures: Mapping[str, object]

    @classmethod
    def of(cls, standard: "Standard") -> Self:
        """The names of a standard."""
        return cls(
            Names.of(standard),
            dict.fromkeys(one.id for one in standard.bodies),
            dict.fromkeys(one.id for one in standard.honours),
            dict.fromkeys(one.id for one in standard.rankings),
            {one.id: one for one in standard.outcomes},
            dict.fromkeys(one.id for one in standard.procedures),
        )


def outcome_problems(standard: "Standard") -> Iterator[Problem]:
    """What is wrong with the rankings, the outcomes and the criteria made of other standards' evaluations."""
    known = _Known.of(standard)
    yield from _composites(standard)
    yield from twice((one.id, (label("ranking", index, one.id),)) for index, one in enumerate(standard.rankings))
    for index, rule in enumerate(standard.rankings):
        where = label("ranking", index, rule.id)
        yield from (problem.within(where) for problem in _ranking(standard, known, rule))
    yield from twice((one.id, (label("outcome", index, one.id),)) for index, one in enumerate(standard.outcomes))
    for index, outcome in enumerate(standard.outcomes):
        where = label("outcome", index, outcome.id)
        yield from (problem.within(where) for problem in _outcome(known, outcome))


def _ranking(standard: "Standard", known: _Known, rule: RankingRule) -> Iterator[Problem]:
    yield from attempt(check_id, rule.id, "id")
    if not rule.by:
        yield Problem("empty", ("by",), None, "at least one word")
    for word in duplicates(rule.by):
        yield Problem("duplicate-id", ("by",), word)
    for word in rule.by:
        yield from (problem.within("by") for problem in _order(standard, known, rule, word))
    if rule.of is not None:
        yield from attempt(check_full_id, rule.of, "of")
    if rule.within is not None:
        yield from attempt(check_words, rule.within, "within")
    yield from word_problems("ties", rule.when_tied)
    yield from _provenance(rule)


def _order(standard: "Standard", known: _Known, rule: RankingRule, word: str) -> Iterator[Problem]:
    """What is wrong with one word of the chain."""
    table, colon, name = word.partition(":")
    if "/" in word:
        yield from attempt(check_full_id, word)
    elif colon and table in ("criterion", "section"):
        if rule.of is None:
            yield from id_problems(
                known.names, name, known.names.criteria if table == "criterion" else known.names.sections, table
            )
            if table == "section" and any(one.id == name and one.sections for one in standard.walk()):
                yield Problem("holds-sections", (), name)
    elif word not in ORDERS:
        yield Problem("unknown-word", (), word, ", ".join(_FORMS), nearest(word, ORDERS))


def _provenance(one: Any) -> Iterator[Problem]:
    for index, source in enumerate(one.source):
        yield from word_problems("provenance", source.provenance, f"source[{index + 1}]")


def _outcome(known: _Known, outcome: Outcome) -> Iterator[Problem]:
    yield from attempt(check_id, outcome.id, "id")
    yield from (problem.within("when") for problem in _condition(known, outcome.when))
    for line in _round(known.outcomes, outcome):
        yield Problem("follows-from-itself", ("when",), outcome.id, line)
    if not outcome.then:
        yield Problem("empty", ("then",), None, "at least one effect")
    for index, effect in enumerate(outcome.then):
        yield from (problem.within(f"then[{index + 1}]") for problem in _effect(known, effect))
    if outcome.by is not None:
        yield from _body(known, outcome.by, "by")
    yield from _number(known, "seats", outcome.seats)
    if isinstance(outcome.seats, int) and (isinstance(outcome.seats, bool) or outcome.seats < 1):
        yield Problem("out-of-range", ("seats",), outcome.seats, "1 or more")
    if outcome.order is not None:
        yield from id_problems(known.names, outcome.order, known.rankings, "ranking", "order")
    yield from word_problems("strength", outcome.strength)
    yield from _provenance(outcome)


def _round(outcomes: Mapping[str, Outcome], outcome: Outcome) -> Iterator[str]:
    """The way from an outcome over those that its condition names back to itself, where there is one."""
    line: list[str] = []
    open_: list[tuple[str, tuple[str, ...]]] = [(name, (outcome.id, name)) for name in following(outcome.when)]
    while open_:
        name, way = open_.pop()
        if name == outcome.id:
            yield ", ".join(way)
            return
        if name in outcomes and name not in line:
            line.append(name)
            open_ += [(further, (*way, further)) for further in following(outcomes[name].when)]


def following(condition: Condition) -> tuple[str, ...]:
    """The outcomes that a condition names; those of earlier periods, inside a streak, do not count."""
    if condition.subject == "outcome":
        return tuple(map(str, condition.wanted))
    if condition.subject == "streak":
        return ()
    return tuple(name for member in condition.members for name in following(member))


def condition_problems(standard: "Standard", condition: Condition) -> Iterator[Problem]:
    """What a condition names, as outcomes may, and the standard does not have."""
    yield from _condition(_Known.of(standard), condition)


def _condition(known: _Known, condition: Condition) -> Iterator[Problem]:
    """What a condition of an outcome names and nothing has."""
    names, subject = known.names, condition.subject
    if subject in LISTED:
        tables: Mapping[str, Mapping[str, object]] = {
            "grade": {**names.grades, **dict.fromkeys(UNGRADED)}, "honour": known.honours, "outcome": known.outcomes,
        }  # fmt: skip
        for word in condition.wanted if subject in tables else ():
            yield from id_problems(names, str(word), tables[subject], subject, subject)
    elif subject == "rank":
        yield from id_problems(names, condition.target, known.rankings, "ranking", "rank")
    elif subject == "change":
        lines = {**dict.fromkeys(FIGURES), **names.criteria}
        yield from id_problems(names, condition.target, lines, "criterion", "change")
    else:
        yield from named_problems(names, condition)
    for number, member in enumerate(condition.members, 1):
        step = "when" if subject == "streak" else f"{subject}[{number}]"
        for problem in _condition(known, member):
            yield problem.within(step)


def _effect(known: _Known, effect: Effect) -> Iterator[Problem]:
    if effect.rectify is not None and known.procedures:
        yield from id_problems(known.names, effect.rectify, known.procedures, "procedure", "rectify")
    elif effect.what is not None:
        yield from attempt(check_words, effect.what, effect.verb)
    if effect.account is not None:
        yield from attempt(check_id, effect.account, "account")
        if effect.credit is None:
            yield Problem("only-with", (), "account", "credit")
    for body in effect.to:
        yield from _body(known, body, "to")
    for key in ("credit", "amount"):
        yield from _number(known, key, getattr(effect, key))
    yield from _term(known, effect)


def _term(known: _Known, effect: Effect) -> Iterator[Problem]:
    """What is wrong with how long an effect holds."""
    for key in ("due", "lasts"):
        yield from _interval(known, key, getattr(effect, key))
    if effect.lasts is not None and effect.last is not None:
        yield Problem("one-of", (), "lasts, last", "lasts, last")
    yield from word_problems("anniversary", effect.anniversary)
    if effect.anniversary != "excluded" and effect.lasts in (None, "next"):
        yield Problem("only-with", (), "anniversary", "lasts")
    if effect.ends_on is not None:
        yield from attempt(check_id, effect.ends_on.event, "ends_on", "event")
        if effect.ends_on.of not in _WHOSE:
            expected, near = ", ".join(_WHOSE), nearest(effect.ends_on.of, _WHOSE)
            yield Problem("unknown-word", ("ends_on", "of"), effect.ends_on.of, expected, near)


def _interval(known: _Known, key: str, value: Any) -> Iterator[Problem]:
    if isinstance(value, ParameterOf):
        yield from _number(known, key, value)
    elif value is not None and not (key == "lasts" and value == "next"):
        yield from (problem.within(key) for problem in attempt(Duration.of, value))


def _number(known: _Known, key: str, value: Any) -> Iterator[Problem]:
    """A parameter that the standard does not declare."""
    if isinstance(value, ParameterOf):
        yield from id_problems(known.names, value.parameter, known.names.parameters, "parameter", key)


def _body(known: _Known, body: str, key: str) -> Iterator[Problem]:
    """Without any body on register every word will do."""
    if known.bodies:
        yield from id_problems(known.names, body, known.bodies, "body", key)
    else:
        yield from attempt(check_words, body, key)


def _composites(standard: "Standard") -> Iterator[Problem]:
    for line, where in sections_with_places(standard):
        for criterion in line[-1].criteria:
            if criterion.standard is not None:
                place = (*criterion_place(where, criterion), "standard")
                for problem in _composed(criterion, criterion.standard):
                    yield problem.within(*place)


def _composed(criterion: "Criterion", part: Composed) -> Iterator[Problem]:
    yield from attempt(check_full_id, part.standard.partition("@")[0])
    if part.of is not None:
        yield from word_problems("of", part.of)
        if part.of in ("score", "grade") and (part.of == "grade") is not isinstance(criterion.measure, Levels):
            yield Problem("grade-or-score", ("of",), part.of, criterion.measure.kind)
    if part.per is not None:
        yield from (problem.within("per") for problem in attempt(Cadence.of, part.per))
    yield from word_problems("lacking", part.lacking)
    for key in _without_windows(part):
        yield Problem("only-with", (), key, "per")
    if part.per is not None and part.nth is None and criterion.pool == "latest":
        yield Problem("only-with", (), "per", "nth, pool")
    if part.nth is not None and (isinstance(part.nth, bool) or part.nth < 1):
        yield Problem("out-of-range", ("nth",), part.nth, "1 or more")


def _without_windows(part: Composed) -> Iterable[str]:
    """The keys that mean nothing where no windows are expected."""
    if part.per is not None:
        return ()
    return [key for key, given in (("nth", part.nth is not None), ("lacking", part.lacking != "missing")) if given]

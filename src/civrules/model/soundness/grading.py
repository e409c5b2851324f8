"""Grades, gates, and what their conditions name."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import attrs

from civrules.errors import Problem, listed, nearest
from civrules.model.condition import FOLLOWING, Condition
from civrules.model.figures import plain
from civrules.model.given import ParameterOf
from civrules.model.identity import check_id
from civrules.model.measures import Event
from civrules.model.soundness.places import attempt, label, twice

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Gate, Grade, Standard

EFFECTS = ("zero", "score", "grade_at_most", "grade", "ineligible")
RESERVED_GRADES = ("not-rated", "withheld")
"""What stands in the place of a grade where there is none."""
MOST_HINTS = 100
BEFORE_SUMS = ("happened", "failed", "failed_tag", "value", "attribute", "all", "any", "none")


def grading_problems(standard: "Standard") -> Iterator[Problem]:
    """What is wrong with the grades and the gates."""
    names = Names.of(standard)
    yield from _grades(standard, names)
    yield from _gates(standard, names)


def _grades(standard: "Standard", names: "Names") -> Iterator[Problem]:
    yield from twice((one.id, (label("grade", index, one.id),)) for index, one in enumerate(standard.grades))
    for index, grade in enumerate(standard.grades):
        where = label("grade", index, grade.id)
        yield from attempt(check_id, grade.id, where, "id")
        if grade.id in RESERVED_GRADES:
            yield Problem("reserved-id", (where, "id"), grade.id, ", ".join(RESERVED_GRADES))
        yield from _band(standard, grade, where)
        if grade.requires is not None:
            yield from (problem.within(where, "requires") for problem in _condition(names, grade.requires))
    yield from _bands_in_order(standard)


def _band(standard: "Standard", grade: "Grade", where: str) -> Iterator[Problem]:
    end = "at_least" if standard.direction == "merits" else "at_most"
    given = [name for name in ("at_least", "at_most") if getattr(grade, name) is not None]
    if grade.gate_only and (given or grade.requires is not None):
        yield Problem(
            "band-ends",
            (where,),
            ", ".join([*given, *(["requires"] if grade.requires else [])]),
            "none, for it is gate_only",
        )
    elif given and given != [end]:
        yield Problem("band-ends", (where,), ", ".join(given), end)


def _bands_in_order(standard: "Standard") -> Iterator[Problem]:
    """Best first; the last takes what is left."""
    bands = [(index, grade) for index, grade in enumerate(standard.grades) if not grade.gate_only]
    merits = standard.direction == "merits"
    if not bands or any((grade.at_most if merits else grade.at_least) is not None for _, grade in bands):
        return
    for (_, one), (index, other) in pairwise(bands):
        here, there = _end(one), _end(other)
        falls = there is None or (here is not None and (here > there if merits else here < there))
        falls = falls or (here == there and one.requires is not None)
        if not falls or (here is None and one.requires is None):
            yield Problem(
                "band-order", (label("grade", index, other.id),), other.id, "the best grade first, ends that go one way"
            )
    last = bands[-1][1]
    if last.requires is not None or (_end(last) is not None and not _takes_all(standard, last)):
        yield Problem("band-hole", (label("grade", bands[-1][0], last.id),), last.id)


def _end(grade: "Grade") -> Decimal | None:
    return grade.at_least if grade.at_least is not None else grade.at_most


def _takes_all(standard: "Standard", grade: "Grade") -> bool:
    if standard.direction == "merits":
        return grade.at_least is not None and grade.at_least <= 0
    return grade.at_most is not None and standard.total is not None and grade.at_most >= standard.total


def _gates(standard: "Standard", names: "Names") -> Iterator[Problem]:
    yield from twice((one.id, (label("gate", index, one.id),)) for index, one in enumerate(standard.gates))
    for index, gate in enumerate(standard.gates):
        where = label("gate", index, gate.id)
        yield from attempt(check_id, gate.id, where, "id")
        yield from (problem.within(where, "then") for problem in _effect(standard, names, gate))
        yield from (problem.within(where, "when") for problem in _condition(names, gate.when))
        if "zero" in gate.then:
            yield from (problem.within(where, "when") for problem in _before_sums(gate.when))


def _effect(standard: "Standard", names: "Names", gate: "Gate") -> Iterator[Problem]:
    for name in gate.then:
        if name not in EFFECTS:
            yield Problem("unknown-key", (), name, ", ".join(EFFECTS), nearest(name, EFFECTS))
    if len(gate.then) != 1:
        yield Problem("gate-effect", (), ", ".join(gate.then) or None, ", ".join(EFFECTS))
    for name, value in gate.then.items():
        if name in ("grade", "grade_at_most"):
            yield from id_problems(names, value, names.grades, "grade", name)
        elif name == "zero":
            yield from id_problems(names, value, {**names.sections, **names.criteria}, "criterion or section", name)
            if value in names.sections and value in names.criteria:
                yield Problem("two-meanings", (name,), value)
        elif name == "score":
            yield from _score(standard, value)


def _score(standard: "Standard", value: Decimal) -> Iterator[Problem]:
    most = standard.cap if standard.cap is not None else standard.total
    if value < standard.floor or (most is not None and value > most):
        yield Problem("out-of-range", ("score",), value, f"{plain(standard.floor)} … {plain(most or value)}")


def _before_sums(condition: Condition) -> Iterator[Problem]:
    """What the condition of a `zero` gate may not name: it is tried before anything is summed."""
    for part in condition.walk():
        if part.subject not in BEFORE_SUMS:
            yield Problem("before-sums", (), part.subject, ", ".join(BEFORE_SUMS))


@attrs.frozen
class Names:
    """What conditions and gates may name: gathered once."""

    criteria: "Mapping[str, Criterion]"
    sections: Mapping[str, object]
    tags: Mapping[str, object]
    grades: Mapping[str, object]
    parameters: Mapping[str, object]
    hints: Iterator[int]
    """How many nearest words are still looked for: among thousands of names that takes its time."""

    @classmethod
    def of(cls, standard: "Standard") -> Self:
        """The names of a standard."""
        criteria = {one.id: one for section in standard.walk() for one in section.criteria}
        return cls(
            criteria,
            dict.fromkeys(section.id for section in standard.walk()),
            dict.fromkeys(tag for one in criteria.values() for tag in sorted(one.tags)),
            dict.fromkeys(grade.id for grade in standard.grades),
            dict.fromkeys(one.id for one in standard.parameters),
            iter(range(MOST_HINTS)),
        )

    def nearest(self, word: object, known: Iterable[str]) -> str:
        """The known word that is nearest, as long as it is looked for."""
        return nearest(word, known) if next(self.hints, None) is not None else ""


def _condition(names: Names, condition: Condition) -> Iterator[Problem]:
    """What the condition names and an evaluation or the standard does not have."""
    if condition.subject in FOLLOWING:
        yield Problem("gate-on-outcome", (), condition.subject)
        return
    yield from named_problems(names, condition)
    for number, member in enumerate(condition.members, 1):
        for problem in _condition(names, member):
            yield problem.within(f"{condition.subject}[{number}]")


def named_problems(names: Names, part: Condition) -> Iterator[Problem]:
    """What one condition of an evaluation names and the standard does not have."""
    subject, target, criteria = part.subject, part.target, names.criteria
    if subject in ("failed", "points", "happened"):
        yield from id_problems(names, target, criteria, "criterion", subject)
        if subject == "happened" and target in criteria and not isinstance(criteria[target].measure, Event):
            yield Problem("not-an-event", (subject,), target)
    elif subject == "failed_tag":
        yield from id_problems(names, target, names.tags, "tag", subject)
    elif subject in ("section", "worst_in"):
        yield from id_problems(names, target, names.sections, "section", subject)
    elif subject == "value":
        yield from _value(names, part)
    if isinstance(part.within, ParameterOf):
        yield from id_problems(names, part.within.parameter, names.parameters, "parameter", "within")


def id_problems(names: Names, target: str, known: Mapping[str, object], what: str, *where: str) -> Iterator[Problem]:
    """The problem where an id names nothing."""
    if target not in known:
        yield Problem("unknown-id", where, target, what, names.nearest(target, known))


def _value(names: Names, part: Condition) -> Iterator[Problem]:
    name, _, item = part.target.partition(":")
    yield from id_problems(names, name, names.criteria, "criterion", "value")
    if name not in names.criteria:
        return
    measure: Any = names.criteria[name].measure
    if item:
        items = {one.id: one for one in getattr(measure, "items", ())}
        yield from id_problems(names, item, items, "item", "value")
    named = next((one for one in getattr(measure, "items", ()) if one.id == item), None) if item else measure
    levels = getattr(named, "levels", None)
    if levels is None:
        return
    if part.comparisons:
        yield Problem("no-figure", ("value",), part.target)
    for word in part.wanted:
        if word not in levels:
            yield Problem("unknown-word", ("equals",), word, listed(levels), names.nearest(word, levels))

"""What makes a standard whole: the checks that look beyond one table, each a generator of problems."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import attrs

from civrules.errors import CivrulesError, Problem, listed, nearest
from civrules.model.community import check_locality
from civrules.model.condition import Condition
from civrules.model.figures import added, decimals_of, plain
from civrules.model.identity import check_full_id, check_id
from civrules.model.measures import Event, Findings

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Gate, Grade, Section, Standard

MOST_CRITERIA = 5000
MOST_DECIMALS = 12
MOST_PROBLEMS = 1000
MOST_HINTS = 100
_WORDS = {
    "missing": ("worst", "hold", "refuse"),
    "not_applicable": ("rescale", "refuse"),
    "direction": ("merits", "demerits"),
    "mode": ("half-up", "half-even", "up", "down"),
    "grade_from": ("rounded", "exact"),
    "provenance": ("published", "reference"),
    "method": ("report", "documents", "questionnaire", "online", "on-site", "overall"),
}
_LATER = {"missing": ("rescale",), "not_applicable": ("full",)}
EFFECTS = ("grade_at_most", "grade")
LATER_EFFECTS = ("zero", "score", "ineligible")


def label(table: str, index: int, name: object) -> str:
    """How a table of a list is named in a problem: `section[2] "upkeep"`; its place where it has no id.

    >>> label("section", 1, "upkeep")
    'section[2] "upkeep"'
    """
    return f'{table}[{index + 1}] "{name}"' if isinstance(name, str) else f"{table}[{index + 1}]"


def problems_of(standard: "Standard") -> Iterator[Problem]:
    """Every problem of the standard, in the document's order."""
    yield from _head(standard)
    yield from _sections(standard)
    yield from _quotients(standard)
    names = _Names.of(standard)
    yield from _grades(standard, names)
    yield from _gates(standard, names)
    yield from _sources(standard)
    for index, reading in enumerate(standard.readings):
        if reading.at is not None and not isinstance(reading.at, str):
            yield Problem("wrong-type", (f"reading[{index + 1}]", "at"), reading.at, "text")


def _sources(standard: "Standard") -> Iterator[Problem]:
    """Words of the sources on every table that cites."""
    holders: list[tuple[tuple[str, ...], Any]] = [(("standard",), standard)]
    for index, section in enumerate(standard.sections):
        where = label("section", index, section.id)
        holders += [((where,), section), *(((where, f'criterion "{one.id}"'), one) for one in section.children)]
    holders += [((label("grade", index, one.id),), one) for index, one in enumerate(standard.grades)]
    holders += [((label("gate", index, one.id),), one) for index, one in enumerate(standard.gates)]
    holders += [((label("reading", index, None),), one) for index, one in enumerate(standard.readings)]
    for path, holder in holders:
        for index, source in enumerate(holder.source):
            yield from word_problems("provenance", source.provenance, *path, f"source[{index + 1}]")


def _attempt(check: Callable[..., object], *arguments: object) -> Iterator[Problem]:
    try:
        check(*arguments)
    except CivrulesError as error:
        yield from error.problems


def word_problems(key: str, word: object, *where: str) -> Iterator[Problem]:
    """The problem where a word is none of those its key knows."""
    words = _WORDS[key]
    if word in words:
        return
    if word in _LATER.get(key, ()):
        yield Problem("unsupported", (*where, key), word, ", ".join(words))
    else:
        yield Problem("unknown-word", (*where, key), word, ", ".join(words), nearest(word, words))


def _head(standard: "Standard") -> Iterator[Problem]:
    yield from _attempt(check_full_id, standard.id, "standard", "id")
    yield from _attempt(check_id, standard.version, "standard", "version")
    for kind in standard.kinds:
        yield from _attempt(check_id, kind, "standard", "kinds")
    if not standard.kinds:
        yield Problem("empty", ("standard", "kinds"), None, "at least one kind")
    if standard.locality is not None:
        yield from _attempt(check_locality, standard.locality, "standard", "locality")
    for key in ("direction", "missing", "not_applicable"):
        yield from word_problems(key, getattr(standard, key), "standard")
    if standard.total is not None and standard.total <= 0:
        yield Problem("out-of-range", ("standard", "total"), standard.total, "above 0")
    if not any(source.document for source in standard.source):
        yield Problem("missing-key", ("standard", "source"), None, "document")
    blank = standard.table.blank
    if blank is not None and not blank.not_applicable.strip():
        yield Problem("no-reason", ("table", "blank"), blank.not_applicable)
    yield from _rounding(standard)


def _rounding(standard: "Standard") -> Iterator[Problem]:
    rounding = standard.rounding
    for key in ("criterion", "section", "total"):
        value = getattr(rounding, key)
        allowed = value is None or (key != "total" and value == "exact")
        if not allowed and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DECIMALS):
            expected = f"0 … {MOST_DECIMALS}" + ("" if key == "total" else ', "exact"')
            yield Problem("out-of-range", ("rounding", key), value, expected)
    yield from word_problems("mode", rounding.mode, "rounding")
    yield from word_problems("grade_from", rounding.grade_from, "rounding")


def _sections(standard: "Standard") -> Iterator[Problem]:
    if not standard.sections:
        yield Problem("empty", ("section",), None, "at least one section")
    criteria = [one for section in standard.sections for one in section.children]
    if len(criteria) > MOST_CRITERIA:
        yield Problem("too-many", ("section",), len(criteria), str(MOST_CRITERIA))
        return
    yield from _twice("section", standard.sections)
    yield from _criteria_twice(standard)
    for index, section in enumerate(standard.sections):
        yield from _section(standard, section, label("section", index, section.id))
    yield from _sum(standard)


def _twice(table: str, parts: "Iterable[Section | Grade | Gate]") -> Iterator[Problem]:
    """Every table whose id stood before, regardless of case."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if part.id.lower() in seen:
            yield Problem("duplicate-id", (label(table, index, part.id), "id"), part.id)
        seen.add(part.id.lower())


def _criteria_twice(standard: "Standard") -> Iterator[Problem]:
    """Criteria are one kind of table, whatever section they stand in."""
    seen: set[str] = set()
    for index, section in enumerate(standard.sections):
        for one in section.children:
            if one.id.lower() in seen:
                where = (label("section", index, section.id), f'criterion "{one.id}"', "id")
                yield Problem("duplicate-id", where, one.id)
            seen.add(one.id.lower())


def _section(standard: "Standard", section: "Section", where: str) -> Iterator[Problem]:
    yield from _attempt(check_id, section.id, where, "id")
    if not section.children:
        yield Problem("empty", (where, "criterion"), None, "at least one criterion")
    if section.missing is not None:
        yield from word_problems("missing", section.missing, where)
    if section.scale_to is not None:
        if section.scale_to <= 0:
            yield Problem("out-of-range", (where, "scale_to"), section.scale_to, "above 0")
        if not _known_points(section):
            yield Problem("needs-points", (where, "scale_to"), "scale_to")
    for criterion in section.children:
        path = (where, f'criterion "{criterion.id}"')
        for problem in _criterion(standard, section, criterion):
            yield problem.within(*path)


def _known_points(section: "Section") -> Decimal | None:
    """The criteria's points together; None where one has no most or all are 0."""
    parts = [one.points for one in section.children if not isinstance(one.measure, Event)]
    known = [part for part in parts if part is not None]
    return added(known) or None if len(known) == len(parts) else None


def _criterion(standard: "Standard", section: "Section", criterion: "Criterion") -> Iterator[Problem]:
    yield from _attempt(check_id, criterion.id, "id")
    for tag in sorted(map(str, criterion.tags)):
        yield from _attempt(check_id, tag, "tags")
    for key in ("missing", "not_applicable", "method"):
        if getattr(criterion, key) is not None:
            yield from word_problems(key, getattr(criterion, key))
    if isinstance(criterion.decimals, bool) or not 0 <= criterion.decimals <= MOST_DECIMALS:
        yield Problem("out-of-range", ("decimals",), criterion.decimals, f"0 … {MOST_DECIMALS}")
    if criterion.range is not None and criterion.range[0] >= criterion.range[1]:
        yield Problem("bad-order", ("range",), criterion.range, "the lower end first")
    yield from _points(standard, criterion)
    yield from _measure(criterion)
    yield from _worst(standard, section, criterion)


def _measure(criterion: "Criterion") -> Iterator[Problem]:
    """The measure's own problems; on broken ones the checks that rest on it are not reached."""
    most = None if criterion.points is None else Fraction(criterion.points)
    for problem in criterion.measure.problems(most, Fraction(criterion.least), criterion.limits):
        yield problem.within("measure")


def _points(standard: "Standard", criterion: "Criterion") -> Iterator[Problem]:
    if criterion.points and isinstance(criterion.measure, Event):
        yield Problem("event-points", ("points",), criterion.points)
    if criterion.points is not None and criterion.points < 0:
        yield Problem("out-of-range", ("points",), criterion.points, "0 or more")
    elif criterion.least > (criterion.points if criterion.points is not None else 0):
        yield Problem("bad-order", ("least",), criterion.least, "at most points")
    open_ended = isinstance(criterion.measure, Findings) and standard.direction == "demerits"
    if criterion.points is None and not isinstance(criterion.measure, Event) and not open_ended:
        yield Problem("missing-key", (), None, "points")


def _worst(standard: "Standard", section: "Section", criterion: "Criterion") -> Iterator[Problem]:
    if standard.direction != "demerits":
        return
    policy = criterion.missing or section.missing or standard.missing
    measure = criterion.measure
    if policy == "worst" and criterion.points is None and isinstance(measure, Findings) and not measure.bounded:
        yield Problem("no-worst", ("measure",), criterion.id, "hold, refuse")


def _sum(standard: "Standard") -> Iterator[Problem]:
    parts = [section.scale_to or _known_points(section) or Decimal(0) for section in standard.sections]
    if standard.total is None:
        if standard.scale:
            yield Problem("missing-key", ("standard",), None, "total")
        return
    points = added(parts)
    if points != standard.total and not standard.scale and not _open_ended(standard):
        yield Problem("points-do-not-sum", ("standard", "total"), points, plain(standard.total))


def _open_ended(standard: "Standard") -> bool:
    return any(
        one.points is None and not isinstance(one.measure, Event)
        for section in standard.sections
        for one in section.children
    )


def _quotients(standard: "Standard") -> Iterator[Problem]:
    """Where a quotient can arise and the step that rounds it is not named."""
    carried = yield from _carried(standard)
    if standard.rounding.total is not None:
        return
    if name := carried or _scaled(standard):
        yield Problem("no-total-decimals", ("rounding",), name)
    elif name := _rescaled(standard):
        yield Problem("rescale-decimals", ("rounding",), name)


def _carried(standard: "Standard") -> Generator[Problem, None, str | None]:
    """The problems of criteria and sections; returns what carries a fraction on to the total."""
    rounding = standard.rounding
    carried = None
    for index, section in enumerate(standard.sections):
        where = label("section", index, section.id)
        for criterion in section.children:
            if not criterion.measure.quotient():
                continue
            if rounding.criterion is None:
                yield Problem("no-decimals", (where, f'criterion "{criterion.id}"'), criterion.id, "criterion")
            elif rounding.criterion == "exact":
                carried = carried or criterion.id
        known = _known_points(section)
        if section.scale_to is not None and known and decimals_of(Fraction(section.scale_to) / Fraction(known)) is None:
            if rounding.section is None:
                yield Problem("no-decimals", (where, "scale_to"), section.children[0].id, "section")
            elif rounding.section == "exact":
                carried = carried or section.id
    return carried


def _rescaled(standard: "Standard") -> str | None:
    """A criterion that may not apply, so that the total becomes a quotient; None where there is none."""
    if standard.direction == "demerits" and not standard.scale:
        return None
    for section in standard.sections:
        for criterion in section.children:
            rule = criterion.not_applicable or standard.not_applicable
            if rule == "rescale" and criterion.points and not isinstance(criterion.measure, Event):
                return criterion.id
    return None


def _scaled(standard: "Standard") -> str | None:
    """The first criterion where bringing the points to the total is always a quotient."""
    full = added(section.scale_to or _known_points(section) or Decimal(0) for section in standard.sections)
    if standard.scale and standard.total and full and decimals_of(Fraction(standard.total) / Fraction(full)) is None:
        return standard.sections[0].children[0].id
    return None


def _grades(standard: "Standard", names: "_Names") -> Iterator[Problem]:
    yield from _twice("grade", standard.grades)
    for index, grade in enumerate(standard.grades):
        where = label("grade", index, grade.id)
        yield from _attempt(check_id, grade.id, where, "id")
        if grade.id in ("not-rated", "withheld"):
            yield Problem("reserved-id", (where, "id"), grade.id, "not-rated, withheld")
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


def _gates(standard: "Standard", names: "_Names") -> Iterator[Problem]:
    yield from _twice("gate", standard.gates)
    for index, gate in enumerate(standard.gates):
        where = label("gate", index, gate.id)
        yield from _attempt(check_id, gate.id, where, "id")
        yield from (problem.within(where, "then") for problem in _effect(names, gate))
        yield from (problem.within(where, "when") for problem in _condition(names, gate.when))


def _effect(names: "_Names", gate: "Gate") -> Iterator[Problem]:
    for name in gate.then:
        if name in LATER_EFFECTS:
            yield Problem("unsupported", (), name, ", ".join(EFFECTS))
        elif name not in EFFECTS:
            yield Problem("unknown-key", (), name, ", ".join(EFFECTS), nearest(name, EFFECTS))
    effects = [name for name in gate.then if name in EFFECTS]
    if len(gate.then) != 1:
        yield Problem("gate-effect", (), ", ".join(gate.then) or None, ", ".join(EFFECTS))
    for name in effects:
        yield from _named(names, gate.then[name], names.grades, "grade", name)


@attrs.frozen
class _Names:
    """What conditions and gates may name: gathered once."""

    criteria: "Mapping[str, Criterion]"
    sections: Mapping[str, object]
    tags: Mapping[str, object]
    grades: Mapping[str, object]
    hints: Iterator[int]
    """How many nearest words are still looked for: among thousands of names that takes its time."""

    @classmethod
    def of(cls, standard: "Standard") -> Self:
        """The names of a standard."""
        criteria = {one.id: one for section in standard.sections for one in section.children}
        return cls(
            criteria,
            dict.fromkeys(section.id for section in standard.sections),
            dict.fromkeys(tag for one in criteria.values() for tag in sorted(one.tags)),
            dict.fromkeys(grade.id for grade in standard.grades),
            iter(range(MOST_HINTS)),
        )

    def nearest(self, word: object, known: Iterable[str]) -> str:
        """The known word that is nearest, as long as it is looked for."""
        return nearest(word, known) if next(self.hints, None) is not None else ""


def _condition(names: _Names, condition: Condition) -> Iterator[Problem]:
    """What the condition names and the standard does not have."""
    yield from _subject(names, condition)
    for number, member in enumerate(condition.members, 1):
        for problem in _condition(names, member):
            yield problem.within(f"{condition.subject}[{number}]")


def _subject(names: _Names, part: Condition) -> Iterator[Problem]:
    subject, target, criteria = part.subject, part.target, names.criteria
    if subject in ("failed", "points", "happened"):
        yield from _named(names, target, criteria, "criterion", subject)
        if subject == "happened" and target in criteria and not isinstance(criteria[target].measure, Event):
            yield Problem("not-an-event", (subject,), target)
    elif subject == "failed_tag":
        yield from _named(names, target, names.tags, "tag", subject)
    elif subject in ("section", "worst_in"):
        yield from _named(names, target, names.sections, "section", subject)
    elif subject == "value":
        yield from _value(names, part)


def _named(names: _Names, target: str, known: Mapping[str, object], what: str, *where: str) -> Iterator[Problem]:
    if target not in known:
        yield Problem("unknown-id", where, target, what, names.nearest(target, known))


def _value(names: _Names, part: Condition) -> Iterator[Problem]:
    name, _, item = part.target.partition(":")
    yield from _named(names, name, names.criteria, "criterion", "value")
    if name not in names.criteria:
        return
    measure: Any = names.criteria[name].measure
    if item:
        items = {one.id: one for one in measure.items} if isinstance(measure, Findings) else {}
        yield from _named(names, item, items, "item", "value")
    named = (
        next((one for one in measure.items if one.id == item), None)
        if isinstance(measure, Findings) and item
        else measure
    )
    levels = getattr(named, "levels", None)
    if levels is None:
        return
    if part.comparisons:
        yield Problem("no-figure", ("value",), part.target)
    if part.equals is not None and part.equals not in levels:
        yield Problem("unknown-word", ("equals",), part.equals, listed(levels), names.nearest(part.equals, levels))

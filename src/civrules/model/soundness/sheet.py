"""The sheet of a standard: sections and criteria."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from civrules.errors import Problem, nearest
from civrules.model.condition import Condition
from civrules.model.days import Duration
from civrules.model.figures import plain
from civrules.model.given import ParameterOf, givens, variants
from civrules.model.identity import check_id
from civrules.model.measures import Event, Findings
from civrules.model.measures.measure import amount, in_percent
from civrules.model.soundness.head import MOST_DECIMALS
from civrules.model.soundness.places import (
    Path,
    attempt,
    criterion_place,
    sections_with_places,
    twice,
    word_problems,
)

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Section, Standard

MOST_CRITERIA = 5000
OF_THE_COMMUNITY = ("attribute", "all", "any", "none")


def sheet_problems(standard: "Standard") -> Iterator[Problem]:
    """What is wrong with the sections, their criteria, and what they sum to."""
    if not standard.sections:
        yield Problem("empty", ("section",), None, "at least one section")
    places = list(sections_with_places(standard))
    criteria = sum(len(line[-1].criteria) for line, _ in places)
    if criteria > MOST_CRITERIA:
        yield Problem("too-many", ("section",), criteria, str(MOST_CRITERIA))
        return
    yield from twice((line[-1].id, where) for line, where in places)
    yield from twice((one.id, criterion_place(where, one)) for line, where in places for one in line[-1].criteria)
    for line, where in places:
        yield from _section(standard, line, where)
    yield from _sum(standard)


def _section(standard: "Standard", line: "tuple[Section, ...]", where: Path) -> Iterator[Problem]:
    section = line[-1]
    yield from attempt(check_id, section.id, *where, "id")
    if not section.children:
        yield Problem("empty", (*where, "criterion"), None, "at least one criterion")
    for key in ("combine", "role"):
        yield from word_problems(key, getattr(section, key), *where)
    if section.missing is not None:
        yield from word_problems("missing", section.missing, *where)
    if section.role == "adjustment" and len(line) > 1:
        yield Problem("not-at-the-top", (*where, "role"), section.role)
    yield from _weights(section, where)
    yield from _ends(section, where, demerits=standard.direction == "demerits")
    for criterion in section.criteria:
        for problem in _criterion(standard, line, criterion):
            yield problem.within(*criterion_place(where, criterion))


def _weights(section: "Section", where: Path) -> Iterator[Problem]:
    """Weights where nothing is weighted, or missing or not above 0 where something is."""
    members = [(f'section "{one.id}"', one.weight) for one in section.sections]
    members += [(f'criterion "{one.id}"', one.weight) for one in section.criteria if one.scored]
    for name, weight in members:
        if section.combine != "weighted" and weight is not None:
            yield Problem("not-weighted", (*where, name, "weight"), weight, 'combine = "weighted"')
        elif section.combine == "weighted" and weight is None:
            yield Problem("missing-key", (*where, name), None, "weight")
        elif weight is not None and weight <= 0:
            yield Problem("out-of-range", (*where, name, "weight"), weight, "above 0")


def _ends(section: "Section", where: Path, *, demerits: bool) -> Iterator[Problem]:
    if section.scale_to is not None:
        if section.scale_to <= 0:
            yield Problem("out-of-range", (*where, "scale_to"), section.scale_to, "above 0")
        if not section.combined(demerits=demerits):
            yield Problem("needs-points", (*where, "scale_to"), "scale_to")
    if section.combine != "sum" and section.combined(demerits=demerits) is None:
        yield Problem("needs-points", (*where, "combine"), section.combine)
    if section.cap is not None and section.floor is not None and section.floor > section.cap:
        yield Problem("bad-order", (*where, "floor"), section.floor, "at most cap")


def _criterion(standard: "Standard", line: "tuple[Section, ...]", criterion: "Criterion") -> Iterator[Problem]:
    yield from attempt(check_id, criterion.id, "id")
    for tag in sorted(map(str, criterion.tags)):
        yield from attempt(check_id, tag, "tags")
    for key in ("missing", "not_applicable", "method", "strength", "pool", "assessors"):
        if getattr(criterion, key) is not None:
            yield from word_problems(key, getattr(criterion, key))
    if isinstance(criterion.decimals, bool) or not 0 <= criterion.decimals <= MOST_DECIMALS:
        yield Problem("out-of-range", ("decimals",), criterion.decimals, f"0 … {MOST_DECIMALS}")
    if criterion.range is not None and criterion.range[0] >= criterion.range[1]:
        yield Problem("bad-order", ("range",), criterion.range, "the lower end first")
    yield from _points(standard, criterion)
    yield from _measure(standard, criterion)
    yield from _worst(standard, line, criterion)
    yield from _pooling(criterion)
    if criterion.valid_for is not None and not isinstance(criterion.valid_for, ParameterOf):
        yield from (problem.within("valid_for") for problem in attempt(Duration.of, criterion.valid_for))
    if criterion.applies_when is not None:
        yield from _of_the_community(criterion.applies_when)


def _measure(standard: "Standard", criterion: "Criterion") -> Iterator[Problem]:
    """The measure's own problems, whichever numbers are given."""
    most = None if criterion.points is None else Fraction(criterion.points)
    found: dict[Problem, None] = {}
    for measure in variants(criterion.measure, standard.choices):
        found.update(dict.fromkeys(measure.problems(most, Fraction(criterion.least), criterion.limits)))
    yield from (problem.within("measure") for problem in found)
    yield from _parameters(standard, criterion)


def _parameters(standard: "Standard", criterion: "Criterion") -> Iterator[Problem]:
    """Parameters that the standard does not declare."""
    known = standard.choices
    for key in ("measure", "sample", "valid_for"):
        for given in givens(getattr(criterion, key)):
            if isinstance(given, ParameterOf) and given.parameter not in known:
                yield Problem("unknown-id", (key,), given.parameter, "parameter", nearest(given.parameter, known))


def _points(standard: "Standard", criterion: "Criterion") -> Iterator[Problem]:
    if criterion.points and isinstance(criterion.measure, Event):
        yield Problem("event-points", ("points",), criterion.points)
    if criterion.points is not None and criterion.points < 0:
        yield Problem("out-of-range", ("points",), criterion.points, "0 or more")
    elif criterion.least > (criterion.points if criterion.points is not None else 0):
        yield Problem("bad-order", ("least",), criterion.least, "at most points")
    open_ended = isinstance(criterion.measure, Findings) and standard.direction == "demerits"
    if criterion.points is None and criterion.scored and not open_ended:
        yield Problem("missing-key", (), None, "points")


def _worst(standard: "Standard", line: "tuple[Section, ...]", criterion: "Criterion") -> Iterator[Problem]:
    """No worst value, where what is missing is to stand as that."""
    if standard.direction != "demerits":
        return
    own = criterion.missing or next((one.missing for one in reversed(line) if one.missing), None)
    measure = criterion.measure
    unbounded = criterion.full is None and isinstance(measure, Findings) and not measure.bounded
    if (own or standard.when_missing) == "worst" and unbounded and (own or line[0].role == "base"):
        yield Problem("no-worst", ("measure",), criterion.id, "rescale, hold, refuse")


def _pooling(criterion: "Criterion") -> Iterator[Problem]:
    """Places without a unit, a share outside 0 to 100 %, a sample of none."""
    places = criterion.places
    if places is not None and criterion.per_unit is None:
        yield Problem("missing-key", (), None, "per_unit")
    if isinstance(places, str):
        yield from word_problems("places", places)
    elif places is not None and not (in_percent(places.at_least) and 0 < amount(places.at_least) <= 100):
        yield Problem("out-of-range", ("places", "at_least"), places.at_least, "above 0%, at most 100%")
    if criterion.per_unit is not None:
        yield from attempt(check_id, criterion.per_unit, "per_unit")
    if isinstance(criterion.sample, int) and (isinstance(criterion.sample, bool) or criterion.sample < 1):
        yield Problem("out-of-range", ("sample",), criterion.sample, "1 or more")
    if isinstance(criterion.measure, Event) and (criterion.per_unit or criterion.sample):
        yield Problem("event-per-unit", (), ", ".join(key for key in ("per_unit", "sample") if getattr(criterion, key)))


def _of_the_community(condition: Condition) -> Iterator[Problem]:
    """What applies_when may not name: it decides before anything was seen."""
    for part in condition.walk():
        if part.subject not in OF_THE_COMMUNITY:
            yield Problem("before-observation", ("applies_when",), part.subject, ", ".join(OF_THE_COMMUNITY))


def _sum(standard: "Standard") -> Iterator[Problem]:
    if standard.total is None:
        if standard.scale:
            yield Problem("missing-key", ("standard",), None, "total")
        return
    most = standard.most
    if most is not None and most != standard.total and not standard.scale:
        written = standard.full if standard.full is not None else plain(most)
        yield Problem("points-do-not-sum", ("standard", "total"), written, plain(standard.total))

"""What makes a standard whole: the checks that look beyond one table, each a generator of problems."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from civrules.errors import CivrulesError, Problem, nearest
from civrules.model.community import check_locality
from civrules.model.condition import Condition, Threshold
from civrules.model.days import Duration
from civrules.model.figures import decimals_of, plain
from civrules.model.identity import check_full_id, check_id, duplicates
from civrules.model.measures import Event, Findings
from civrules.model.measures.measure import amount, in_percent

if TYPE_CHECKING:
    from civrules.model.standard import Criterion, Gate, Grade, Section, Standard

MOST_CRITERIA = 5000
MOST_DECIMALS = 12
_WORDS = {
    "missing": ("worst", "rescale", "hold", "refuse"),
    "not_applicable": ("rescale", "full", "refuse"),
    "rescale": ("total", "section"),
    "combine": ("sum", "weighted", "mean", "worst"),
    "role": ("base", "adjustment"),
    "strength": ("must", "should", "informative"),
    "pool": ("latest", "sum", "mean", "worst", "best"),
    "assessors": ("mean", "worst", "best"),
    "direction": ("merits", "demerits"),
    "mode": ("half-up", "half-even", "up", "down"),
    "grade_from": ("rounded", "exact"),
    "method": ("report", "documents", "questionnaire", "online", "on-site", "overall"),
}
EFFECTS = ("zero", "score", "grade_at_most", "grade", "ineligible")


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
    yield from _grades(standard)
    yield from _gates(standard)
    for index, reading in enumerate(standard.readings):
        if reading.at is not None and not isinstance(reading.at, str):
            yield Problem("wrong-type", (f"reading[{index + 1}]", "at"), reading.at, "text")


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
    for key in ("direction", "missing", "not_applicable", "rescale"):
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
    sections = list(standard.walk())
    criteria = [one for section in sections for one in section.criteria]
    if len(criteria) > MOST_CRITERIA:
        yield Problem("too-many", ("section",), len(criteria), str(MOST_CRITERIA))
        return
    for name in duplicates(section.id for section in sections):
        yield Problem("duplicate-id", ("section",), name)
    for name in duplicates(one.id for one in criteria):
        yield Problem("duplicate-id", ("criterion",), name)
    both = {section.id.lower() for section in sections} & {one.id.lower() for one in criteria}
    zeroed = {gate.then.get("zero") for gate in standard.gates}
    for name in sorted(name for name in zeroed if isinstance(name, str) and name.lower() in both):
        yield Problem("duplicate-id", ("section",), name)
    for index, section in enumerate(standard.sections):
        yield from _section(standard, (section,), (label("section", index, section.id),))
    yield from _sum(standard)


Path = tuple[str, ...]


def _section(standard: "Standard", line: "tuple[Section, ...]", where: Path) -> Iterator[Problem]:
    """The problems of the last section of the line, and of all below it."""
    section = line[-1]
    yield from _attempt(check_id, section.id, *where, "id")
    if not section.children:
        yield Problem("empty", (*where, "criterion"), None, "at least one criterion")
    for key in ("combine", "role"):
        yield from word_problems(key, getattr(section, key), *where)
    if section.missing is not None:
        yield from word_problems("missing", section.missing, *where)
    if section.role == "adjustment" and len(line) > 1:
        yield Problem("not-at-the-top", (*where, "role"), section.role)
    yield from _weights(section, where)
    yield from _ends(section, where)
    for inner in section.sections:
        yield from _section(standard, (*line, inner), (*where, f'section "{inner.id}"'))
    for criterion in section.criteria:
        for problem in _criterion(standard, line, criterion):
            yield problem.within(*where, f'criterion "{criterion.id}"')


def _weights(section: "Section", where: Path) -> Iterator[Problem]:
    """Weights where nothing is weighted, or missing or not above 0 where something is."""
    for member in section.children:
        table = "section" if member in section.sections else "criterion"
        inside = (*where, f'{table} "{member.id}"', "weight")
        scored = member in section.sections or getattr(member, "scored", False)
        if section.combine != "weighted" and member.weight is not None:
            yield Problem("not-weighted", inside, member.weight, 'combine = "weighted"')
        elif section.combine == "weighted" and scored and (member.weight is None or member.weight <= 0):
            yield Problem("out-of-range", inside, member.weight, "above 0")


def _ends(section: "Section", where: Path) -> Iterator[Problem]:
    if section.scale_to is not None:
        if section.scale_to <= 0:
            yield Problem("out-of-range", (*where, "scale_to"), section.scale_to, "above 0")
        if not section.combined:
            yield Problem("needs-points", (*where, "scale_to"), "scale_to")
    if section.combine != "sum" and section.combined is None:
        yield Problem("needs-points", (*where, "combine"), section.combine)
    if section.cap is not None and section.floor is not None and section.floor > section.cap:
        yield Problem("bad-order", (*where, "floor"), section.floor, "at most cap")


def _criterion(standard: "Standard", line: "tuple[Section, ...]", criterion: "Criterion") -> Iterator[Problem]:
    yield from _attempt(check_id, criterion.id, "id")
    for tag in sorted(map(str, criterion.tags)):
        yield from _attempt(check_id, tag, "tags")
    for key in ("missing", "not_applicable", "method", "strength", "pool", "assessors"):
        if getattr(criterion, key) is not None:
            yield from word_problems(key, getattr(criterion, key))
    if isinstance(criterion.decimals, bool) or not 0 <= criterion.decimals <= MOST_DECIMALS:
        yield Problem("out-of-range", ("decimals",), criterion.decimals, f"0 … {MOST_DECIMALS}")
    if criterion.range is not None and criterion.range[0] >= criterion.range[1]:
        yield Problem("bad-order", ("range",), ", ".join(map(plain, criterion.range)), "the lower end first")
    yield from _points(standard, criterion)
    yield from _measure(criterion)
    yield from _worst(standard, line, criterion)
    yield from _pooling(criterion)
    if criterion.valid_for is not None:
        yield from (problem.within("valid_for") for problem in _attempt(Duration.of, criterion.valid_for))
    if criterion.applies_when is not None:
        yield from _of_the_community(criterion.applies_when)


def _pooling(criterion: "Criterion") -> Iterator[Problem]:
    """Places without a unit, a share outside 0 to 100 %, a sample of none."""
    places, words = criterion.places, ("worst", "best", "mean", "sum")
    if places is not None and criterion.per_unit is None:
        yield Problem("missing-key", (), None, "per_unit")
    if isinstance(places, str) and places not in words:
        yield Problem("unknown-word", ("places",), places, ", ".join(words), nearest(places, words))
    elif (
        places is not None
        and not isinstance(places, str)
        and not (in_percent(places.at_least) and 0 < amount(places.at_least) <= 100)
    ):
        yield Problem("out-of-range", ("places", "at_least"), places.at_least, "above 0%, at most 100%")
    if criterion.per_unit is not None:
        yield from _attempt(check_id, criterion.per_unit, "per_unit")
    if criterion.sample is not None and (isinstance(criterion.sample, bool) or criterion.sample < 1):
        yield Problem("out-of-range", ("sample",), criterion.sample, "1 or more")
    if isinstance(criterion.measure, Event) and (criterion.per_unit or criterion.sample):
        yield Problem("one-of", (), "event, per_unit", "an event is counted by its condition, not per unit")


def _of_the_community(condition: Condition) -> Iterator[Problem]:
    """What applies_when may not name: it decides before anything was seen."""
    for part in condition.walk():
        if part.subject not in ("attribute", "all", "any", "none"):
            yield Problem("before-observation", ("applies_when",), part.subject, "attribute, all, any, none")


def _measure(criterion: "Criterion") -> Iterator[Problem]:
    """The measure's own problems; on broken ones the checks that rest on it are not reached."""
    most = None if criterion.points is None else Fraction(criterion.points)
    for problem in criterion.measure.problems(most, Fraction(criterion.least), criterion.limits):
        yield problem.within("measure")


def _points(standard: "Standard", criterion: "Criterion") -> Iterator[Problem]:
    if criterion.points is not None and criterion.points < 0:
        yield Problem("out-of-range", ("points",), criterion.points, "0 or more")
    if criterion.least > (criterion.points if criterion.points is not None else 0):
        yield Problem("bad-order", ("least",), criterion.least, "at most points")
    open_ended = isinstance(criterion.measure, Findings) and standard.direction == "demerits"
    if criterion.points is None and criterion.scored and not open_ended:
        yield Problem("missing-key", (), None, "points")


def _worst(standard: "Standard", line: "tuple[Section, ...]", criterion: "Criterion") -> Iterator[Problem]:
    own = criterion.missing or next((one.missing for one in reversed(line) if one.missing), None)
    measure = criterion.measure
    unbounded = criterion.full is None and isinstance(measure, Findings) and not measure.bounded
    if (own or standard.missing) == "worst" and unbounded and (own or line[0].role == "base"):
        yield Problem("no-worst", ("measure",), criterion.id, "rescale, hold, refuse")


def _sum(standard: "Standard") -> Iterator[Problem]:
    adjusts = [section.id for section in standard.sections if section.role == "adjustment"]
    if adjusts and standard.cap is None:
        yield Problem("needs-cap", ("standard",), ", ".join(adjusts), "cap")
    if standard.cap is not None and standard.cap < standard.floor:
        yield Problem("bad-order", ("standard", "floor"), standard.floor, "at most cap")
    if standard.coverage is not None and not 0 <= _of_one(standard.coverage) <= 1:
        yield Problem("out-of-range", ("standard", "coverage"), standard.coverage, "0 … 1")
    if standard.total is None:
        if standard.scale:
            yield Problem("missing-key", ("standard",), None, "total")
        return
    full = standard.full
    if full is not None and full != standard.total and not standard.scale:
        yield Problem("points-do-not-sum", ("standard", "total"), plain(full), plain(standard.total))


def _of_one(share: Threshold) -> Fraction:
    return amount(share) / 100 if in_percent(share) else amount(share)


def _quotients(standard: "Standard") -> Iterator[Problem]:
    """Where a quotient can arise and the step that rounds it is not named."""
    rounding = standard.rounding
    found: list[tuple[str, str, Path]] = []
    for index, top in enumerate(standard.sections):
        for section, where in _places(top, (label("section", index, top.id),)):
            divided = (one.id for one in section.criteria if one.scored and one.quotient)
            found += [("criterion", name, (*where, f'criterion "{name}"')) for name in divided]
            if name := _divided(standard, top, section):
                found.append(("section", name, where))
    for step, name, where in found:
        if getattr(rounding, step) is None:
            yield Problem("no-decimals", where, name, step)
    carried = next((name for step, name, _ in found if getattr(rounding, step) == "exact"), None)
    if rounding.total is None and (name := carried or _rescaled(standard)):
        yield Problem("no-decimals", ("rounding",), name, "total")


def _places(section: "Section", where: Path) -> "Iterator[tuple[Section, Path]]":
    yield section, where
    for inner in section.sections:
        yield from _places(inner, (*where, f'section "{inner.id}"'))


def _divided(standard: "Standard", top: "Section", section: "Section") -> str | None:
    """A criterion or section through which this section's points become a quotient; None where they never do."""
    name = section.children[0].id if section.children else section.id
    if section.combine in ("mean", "weighted") and section.combined:
        return name
    share = Fraction(section.scale_to) / section.combined if section.scale_to is not None and section.combined else None
    if share is not None and decimals_of(share) is None:
        return name
    if standard.rescale == "section" and standard.direction == "merits" and top.role == "base":
        return next((one.id for one in section.criteria if _may_leave(standard, section, one)), None)
    return None


def _may_leave(standard: "Standard", section: "Section", criterion: "Criterion") -> bool:
    """Whether the criterion can leave the denominator."""
    if not criterion.scored or not criterion.points:
        return False
    rule = criterion.not_applicable or standard.not_applicable
    if criterion.places == "sum" or (rule != "refuse" and getattr(criterion.measure, "weighted", False)):
        return True
    missing = criterion.missing or section.missing or standard.missing
    return rule == "rescale" or missing == "rescale" or (rule == "refuse" and criterion.applies_when is not None)


def _rescaled(standard: "Standard") -> str | None:
    """A criterion through which the total becomes a quotient; None where it never does."""
    if standard.direction == "demerits" and not standard.scale:
        return None
    base = [one for section in standard.sections if section.role == "base" for one in section.walk()]
    if standard.rescale == "total" or standard.scale:
        for section in base:
            for criterion in section.criteria:
                if _may_leave(standard, section, criterion):
                    return criterion.id
    full = standard.full
    if standard.scale and standard.total and full and decimals_of(Fraction(standard.total) / full) is None:
        return next((one.id for section in base for one in section.criteria), None)
    return None


def _grades(standard: "Standard") -> Iterator[Problem]:
    for name in duplicates(grade.id for grade in standard.grades):
        yield Problem("duplicate-id", ("grade",), name)
    for index, grade in enumerate(standard.grades):
        where = label("grade", index, grade.id)
        yield from _attempt(check_id, grade.id, where, "id")
        if grade.id in ("not-rated", "withheld"):
            yield Problem("reserved-id", (where, "id"), grade.id, "not not-rated or withheld")
        yield from _band(standard, grade, where)
        if grade.requires is not None:
            yield from (problem.within(where, "requires") for problem in condition_problems(standard, grade.requires))
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
    if not bands:
        return
    merits = standard.direction == "merits"
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
        yield Problem("band-hole", (label("grade", bands[-1][0], last.id),), "scores beyond the last grade")


def _end(grade: "Grade") -> Decimal | None:
    return grade.at_least if grade.at_least is not None else grade.at_most


def _takes_all(standard: "Standard", grade: "Grade") -> bool:
    if standard.direction == "merits":
        return grade.at_least is not None and grade.at_least <= 0
    return grade.at_most is not None and standard.total is not None and grade.at_most >= standard.total


def _gates(standard: "Standard") -> Iterator[Problem]:
    for name in duplicates(gate.id for gate in standard.gates):
        yield Problem("duplicate-id", ("gate",), name)
    for index, gate in enumerate(standard.gates):
        where = label("gate", index, gate.id)
        yield from _attempt(check_id, gate.id, where, "id")
        yield from (problem.within(where, "then") for problem in _effect(standard, gate))
        yield from (problem.within(where, "when") for problem in condition_problems(standard, gate.when))


def _effect(standard: "Standard", gate: "Gate") -> Iterator[Problem]:
    for name in gate.then:
        if name not in EFFECTS:
            yield Problem("unknown-key", (), name, ", ".join(EFFECTS), nearest(name, EFFECTS))
    if len(gate.then) != 1:
        yield Problem("gate-effect", (), ", ".join(gate.then) or "nothing", ", ".join(EFFECTS))
    grades = [grade.id for grade in standard.grades]
    targets = [*standard.criteria, *(section.id for section in standard.walk())]
    for name, value in gate.then.items():
        if name in ("grade", "grade_at_most") and value not in grades:
            yield Problem("unknown-id", (name,), value, "grade", nearest(value, grades))
        if name == "zero" and value not in targets:
            yield Problem("unknown-id", (name,), value, "criterion or section", nearest(value, targets))
        if name == "ineligible" and value is not True:
            yield Problem("wrong-type", (name,), value, "true")
        if (
            name == "score"
            and standard.total is not None
            and not standard.floor <= value <= (standard.cap or standard.total)
        ):
            yield Problem(
                "out-of-range", (name,), value, f"{plain(standard.floor)} … {plain(standard.cap or standard.total)}"
            )
    if "zero" in gate.then:
        yield from _before_sums(gate.when)


def _before_sums(condition: Condition) -> Iterator[Problem]:
    """What the condition of a `zero` gate may not name: it is tried before anything is summed."""
    allowed = ("happened", "failed", "failed_tag", "value", "attribute", "all", "any", "none")
    for part in condition.walk():
        if part.subject not in allowed:
            yield Problem("before-sums", (), part.subject, ", ".join(allowed))


def condition_problems(standard: "Standard", condition: Condition) -> Iterator[Problem]:
    """What the condition names and the standard does not have."""
    criteria = dict(standard.criteria)
    for part in condition.walk():
        yield from _subject(standard, criteria, part)


def _subject(standard: "Standard", criteria: "dict[str, Criterion]", part: Condition) -> Iterator[Problem]:
    subject, target = part.subject, part.target
    if subject in ("failed", "points", "happened"):
        yield from _named(target, criteria, "criterion", subject)
        if subject == "happened" and target in criteria and not isinstance(criteria[target].measure, Event):
            yield Problem("not-an-event", (subject,), target)
    elif subject == "failed_tag":
        yield from _named(target, {tag for one in criteria.values() for tag in one.tags}, "tag", subject)
    elif subject in ("section", "worst_in"):
        yield from _named(target, [section.id for section in standard.walk()], "section", subject)
    elif subject == "value":
        yield from _value(criteria, part)


def _named(target: str, known: Iterable[str], what: str, *where: str) -> Iterator[Problem]:
    if target not in known:
        yield Problem("unknown-id", where, target, what, nearest(target, known))


def _value(criteria: "dict[str, Criterion]", part: Condition) -> Iterator[Problem]:
    name, _, item = part.target.partition(":")
    yield from _named(name, criteria, "criterion", "value")
    if name not in criteria:
        return
    measure: Any = criteria[name].measure
    if item:
        items = [one.id for one in getattr(measure, "items", ())]
        yield from _named(item, items, "item", "value")
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
        yield Problem("unknown-word", ("equals",), part.equals, ", ".join(levels), nearest(part.equals, levels))

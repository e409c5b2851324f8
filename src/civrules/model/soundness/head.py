"""The head of a standard: its id, its words, its policies and its rounding."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from civrules.errors import Problem, listed, nearest
from civrules.errors.codes import LINTS
from civrules.model.community import check_locality
from civrules.model.condition import Threshold
from civrules.model.identity import check_full_id, check_id
from civrules.model.measures.measure import amount, in_percent
from civrules.model.parameters import parameter_problems, setting_problems
from civrules.model.soundness.places import attempt, label, sources, twice, word_problems

if TYPE_CHECKING:
    from civrules.model.campaign import Campaign
    from civrules.model.standard import Standard

MOST_DECIMALS = 12


def head_problems(standard: "Standard") -> Iterator[Problem]:
    """What is wrong with the head, the rounding, the readings and the citations."""
    yield from names_problems(standard, "standard")
    for key in ("direction", "missing", "not_applicable", "rescale"):
        if getattr(standard, key) is not None:
            yield from word_problems(key, getattr(standard, key), "standard")
    yield from _limits(standard)
    if not any(source.document for source in standard.source):
        yield Problem("missing-key", ("standard", "source"), None, "document")
    blank = standard.table.blank
    if blank is not None and not blank.not_applicable.strip():
        yield Problem("no-reason", ("table", "blank"), blank.not_applicable)
    yield from _rounding(standard)
    yield from declared_problems(standard, "standard")
    yield from sources(standard)
    yield from reading_problems(standard)


def reading_problems(document: "Standard | Campaign") -> Iterator[Problem]:
    """What is wrong with the readings: places that are no text, codes that lint does not know."""
    for index, reading in enumerate(document.readings):
        if reading.at is not None and not isinstance(reading.at, str):
            yield Problem("wrong-type", (f"reading[{index + 1}]", "at"), reading.at, "text")
        for code in reading.silences:
            if code not in LINTS:
                where = (f"reading[{index + 1}]", "silences")
                yield Problem("unknown-word", where, code, listed(sorted(LINTS)), nearest(code, LINTS))


def names_problems(document: "Standard | Campaign", head: str) -> Iterator[Problem]:
    """What is wrong with the id, the version, the kinds and the locality."""
    yield from attempt(check_full_id, document.id, head, "id")
    yield from attempt(check_id, document.version, head, "version")
    for kind in document.kinds:
        yield from attempt(check_id, kind, head, "kinds")
    if not document.kinds:
        yield Problem("empty", (head, "kinds"), None, "at least one kind")
    if document.locality is not None:
        yield from attempt(check_locality, document.locality, head, "locality")


def _limits(standard: "Standard") -> Iterator[Problem]:
    """Total, cap, floor and the least coverage."""
    if standard.total is not None and standard.total <= 0:
        yield Problem("out-of-range", ("standard", "total"), standard.total, "above 0")
    adjusts = [section.id for section in standard.sections if section.role == "adjustment"]
    if adjusts and standard.cap is None:
        yield Problem("needs-cap", ("standard",), ", ".join(adjusts), "cap")
    if standard.cap is not None and standard.cap < standard.floor:
        yield Problem("bad-order", ("standard", "floor"), standard.floor, "at most cap")
    if standard.coverage is not None and not 0 <= of_one(standard.coverage) <= 1:
        yield Problem("out-of-range", ("standard", "coverage"), standard.coverage, "0 … 1")


def declared_problems(document: "Standard | Campaign", head: str) -> Iterator[Problem]:
    """Parameters whose ids, ranges or settings are not sound."""
    yield from twice((one.id, (label("parameter", index, one.id),)) for index, one in enumerate(document.parameters))
    known = {one.id: one for one in document.parameters}
    for index, one in enumerate(document.parameters):
        where = label("parameter", index, one.id)
        yield from attempt(check_id, one.id, where, "id")
        yield from (problem.within(where) for problem in parameter_problems(one, document.uses))
    for name, value in document.bound.items():
        if name not in known:
            yield Problem("unknown-id", (head, "bound"), name, "parameter", nearest(name, known))
        else:
            found = setting_problems(known[name], value, document.uses.get(name, ()))
            yield from (problem.within(head, "bound", name) for problem in found)


def of_one(share: Threshold) -> Fraction:
    """A share from 0 to 1, as written or in percent."""
    return amount(share) / 100 if in_percent(share) else amount(share)


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

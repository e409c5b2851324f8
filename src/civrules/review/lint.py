"""lint: every check, and what readings silence."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from civrules.authoring.tailoring import AnyDocument
from civrules.errors import Problem
from civrules.errors.lints import UNUSED
from civrules.model.campaign import Campaign
from civrules.model.document import Reading
from civrules.model.standard import Standard
from civrules.review.bands import band_problems
from civrules.review.campaign_days import phase_problems, task_problems
from civrules.review.campaigns import IN_COMPANY, Planned, citing_problems, partner_problems
from civrules.review.conditions import condition_problems, task_condition_problems
from civrules.review.consequences import consequence_problems
from civrules.review.cuts import cut_problems
from civrules.review.editions import seam, successive
from civrules.review.gates import gate_problems
from civrules.review.grades import grade_problems
from civrules.review.labels import label_problems
from civrules.review.points import point_problems
from civrules.review.policies import policy_problems
from civrules.review.prizes import prize_problems
from civrules.review.provenance import citation_problems, translation_problems
from civrules.review.registers import UNUSED_PARAMETER, idle_problems, own_editions, register_problems
from civrules.review.reviewed import Reviewed

CHECKS: tuple[Callable[[Reviewed], Iterator[Problem]], ...] = (
    point_problems,
    grade_problems,
    band_problems,
    gate_problems,
    condition_problems,
    policy_problems,
    consequence_problems,
    cut_problems,
    prize_problems,
    citation_problems,
)
"""What is asked of one standard; a new family of checks is one more line here."""
CAMPAIGN_CHECKS: tuple[Callable[[Planned], Iterator[Problem]], ...] = (
    phase_problems,
    task_problems,
    task_condition_problems,
    partner_problems,
    citing_problems,
)
"""What is asked of one campaign."""
DOCUMENT_CHECKS: tuple[Callable[[AnyDocument], Iterator[Problem]], ...] = (
    register_problems,
    label_problems,
    translation_problems,
)
"""What is asked of either."""

_WHOLE = (None, "standard", "campaign")
_STEP = re.compile(r'(\w+)(?:\[\d+\])?(?: "(.+)")?', re.DOTALL)
"""A step of a place: the table and, where it has one, the id."""


def lint(documents: Iterable[AnyDocument], /) -> tuple[Problem, ...]:
    """What can be known without any data; silenced problems are left out, unused silences are reported.

    Problems are warnings; each begins with the edition that it is about. What is said to be impossible is proved; what
    is said to happen is shown with the smallest input that does it, as a table would have it. Whether a body of a
    standard has nothing to do is asked of a campaign that is given together with the standard.
    """
    given = list(dict.fromkeys(documents))
    standards = [one for one in given if isinstance(one, Standard)]
    campaigns = [one for one in given if isinstance(one, Campaign)]
    together: dict[str, list[Problem]] = {}
    seams: list[tuple[AnyDocument, Iterator[Problem]]] = [
        *((other, seam(one, other)) for one, other in successive(standards)),
        *((other, seam(one, other)) for one, other in successive(campaigns)),
    ]
    for other, problems in seams:
        table = "standard" if isinstance(other, Standard) else "campaign"
        found = [problem.within(table, "effective") for problem in problems]
        together.setdefault(other.edition, []).extend(found)
    by_edition = {one.edition: one for one in standards}
    return tuple(
        attrs.evolve(problem, severity="warning").within(document.edition)
        for document in given
        for problem in _unsilenced(
            document,
            [*_found(document, by_edition), *idle_problems(document, given), *together.get(document.edition, [])],
            _unasked(document, by_edition),
        )
    )


def _found(document: AnyDocument, standards: Mapping[str, Standard]) -> Iterator[Problem]:
    if isinstance(document, Standard):
        reviewed = Reviewed(document)
        yield from (problem for check in CHECKS for problem in check(reviewed))
    else:
        planned = Planned(document, _used(document, standards))
        yield from (problem for check in CAMPAIGN_CHECKS for problem in check(planned))
    yield from (problem for check in DOCUMENT_CHECKS for problem in check(document))


def _used(campaign: Campaign, standards: Mapping[str, Standard]) -> Mapping[str, Standard]:
    """Those of the standards that the campaign takes something from."""
    editions = set(campaign.origin.values())
    return {edition: one for edition, one in standards.items() if edition in editions}


def _unasked(document: AnyDocument, standards: Mapping[str, Standard]) -> tuple[str, ...]:
    """The codes that cannot be asked without other documents, where one of those is not given, or may not be."""
    complete = isinstance(document, Standard) or set(document.origin.values()) <= set(standards)
    return (UNUSED_PARAMETER,) if complete else (UNUSED_PARAMETER, *IN_COMPANY)


def _unsilenced(document: AnyDocument, problems: list[Problem], unasked: tuple[str, ...]) -> Iterator[Problem]:
    """The problems that no reading silences, then the silences that silence none of what was asked."""
    silences = [(index, one, code) for index, one in enumerate(document.readings) for code in one.silences]
    used: set[tuple[int, str]] = set()
    for problem in problems:
        found = {(index, code) for index, one, code in silences if code == problem.code and _lies_at(problem, one)}
        used |= found
        if not found:
            yield problem
    own = own_editions(document)
    for index, one, code in silences:
        # What comes with a parameter of another document is asked for there.
        here = document.edition_of("reading", str(index + 1), "text") in own
        if here and (index, code) not in used and code not in unasked:
            yield Problem(UNUSED, (f"reading[{index + 1}]", "silences"), code, one.at or "standard")


def _lies_at(problem: Problem, reading: Reading) -> bool:
    """Whether the problem lies at the place that the reading names, an id or a table, or below it."""
    if reading.at in _WHOLE:
        return True
    steps = (_STEP.fullmatch(str(part)) for part in problem.where)
    return any(step is not None and reading.at in step.groups() for step in steps)

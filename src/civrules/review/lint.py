"""lint: every check, and what readings silence."""

import re
from collections.abc import Callable, Iterable, Iterator

import attrs

from civrules.errors import Problem
from civrules.errors.lints import UNUSED
from civrules.model.standard import Reading, Standard
from civrules.review.bands import band_problems
from civrules.review.editions import seam, successive
from civrules.review.gates import gate_problems
from civrules.review.grades import grade_problems
from civrules.review.points import point_problems
from civrules.review.policies import policy_problems
from civrules.review.provenance import citation_problems, translation_problems
from civrules.review.registers import register_problems
from civrules.review.reviewed import Reviewed

CHECKS: tuple[Callable[[Reviewed], Iterator[Problem]], ...] = (
    point_problems,
    grade_problems,
    band_problems,
    gate_problems,
    policy_problems,
    register_problems,
    citation_problems,
    translation_problems,
)
"""What is asked of one standard; a new family of checks is one more line here."""

_WHOLE = (None, "standard")
_STEP = re.compile(r'(\w+)(?:\[\d+\])?(?: "(.+)")?', re.DOTALL)
"""A step of a place: the table and, where it has one, the id."""


def lint(documents: Iterable[Standard], /) -> tuple[Problem, ...]:
    """What can be known without any data; silenced problems are left out, unused silences are reported.

    Problems are warnings; each begins with the edition that it is about. What is said to be impossible is proved; what
    is said to happen is shown with the smallest input that does it, as a table would have it.
    """
    standards = list(dict.fromkeys(documents))
    together: dict[str, list[Problem]] = {}
    for one, other in successive(standards):
        found = [problem.within("standard", "effective") for problem in seam(one, other)]
        together.setdefault(other.edition, []).extend(found)
    return tuple(
        attrs.evolve(problem, severity="warning").within(standard.edition)
        for standard in standards
        for problem in _unsilenced(standard, [*_found(standard), *together.get(standard.edition, [])])
    )


def _found(standard: Standard) -> Iterator[Problem]:
    reviewed = Reviewed(standard)
    for check in CHECKS:
        yield from check(reviewed)


def _unsilenced(standard: Standard, problems: list[Problem]) -> Iterator[Problem]:
    """The problems that no reading silences, then the silences that silence none."""
    silences = [(index, one, code) for index, one in enumerate(standard.readings) for code in one.silences]
    used: set[tuple[int, str]] = set()
    for problem in problems:
        found = {(index, code) for index, one, code in silences if code == problem.code and _lies_at(problem, one)}
        used |= found
        if not found:
            yield problem
    for index, one, code in silences:
        if (index, code) not in used:
            yield Problem(UNUSED, (f"reading[{index + 1}]", "silences"), code, one.at or "standard")


def _lies_at(problem: Problem, reading: Reading) -> bool:
    """Whether the problem lies at the place that the reading names, an id or a table, or below it."""
    if reading.at in _WHOLE:
        return True
    steps = (_STEP.fullmatch(str(part)) for part in problem.where)
    return any(step is not None and reading.at in step.groups() for step in steps)

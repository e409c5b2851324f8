"""Scored: the figures of every row of what was read, as columns, whatever the layout."""

from collections.abc import Mapping, Sequence

import attrs
import narwhals as nw

from civrules.frames.expressions import Expressions, Slot, folded
from civrules.frames.plan import Plan, where, whole
from civrules.frames.reading import SLOTS, Fault
from civrules.model.formula import YES, Term, Test, every, known, opposite, some
from civrules.scoring.bound_formulas import BoundFormulas
from civrules.scoring.evaluation import NOT_RATED, WITHHELD
from civrules.scoring.formulas import Formulas
from civrules.scoring.program import Program

_NOTHING_WRONG = 2**62
_CODES = 64
"""More than there are codes of a row: place of the column and code make one number, the first of which is said."""


@attrs.frozen(eq=False)
class Read:
    """What was read of a frame, a row for each community: the slots, and what is wrong with each row."""

    plan: Plan
    slots: Mapping[int, Slot]
    faults: Sequence[Fault]
    begin: int = SLOTS + 1
    """The stage after that of the slots."""
    fault: nw.Expr | None = None
    """The number of what is wrong first, of these places and codes, where it is known already."""
    places: tuple[tuple[str, bool], ...] = ()
    codes: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Figures:
    """What is asked of a program's formulas: every figure of the result, and whether there is one."""

    numbers: Mapping[str, tuple[Term, Test]]
    """Columns of figures by their name, and the test without which they are null."""
    grades: Mapping[str, tuple[Term, Test, Test]]
    """Columns of grades: the place (-1 for none), whether the community is rated, and whether it is to be said."""
    ranked: Test
    refused: Mapping[str, Test]
    """The criteria that must be observed, and whether they were not."""

    @property
    def terms(self) -> list[Term]:
        """All terms, in a settled order."""
        columns = (*self.numbers.values(), *self.grades.values())
        return [*(term for column in columns for term in column), self.ranked, *self.refused.values()]

    def of(self, terms: Sequence[Term]) -> "Figures":
        """The same figures made of other terms, in the order of `terms`."""
        given = iter(terms)
        return Figures(
            {name: (next(given), next(given)) for name in self.numbers},
            {name: (next(given), next(given), next(given)) for name in self.grades},
            next(given),
            {name: next(given) for name in self.refused},
        )


def figures_of(formulas: Formulas, bounds: BoundFormulas | None, *, lines: bool) -> Figures:
    """Score, coverage and grade; both ends where there are bounds; with `lines` the points of every criterion."""
    ends, grades = {}, {}
    if bounds is not None:
        ends = {"low": bounds.low, "high": bounds.high}
        grades = {name: (getattr(bounds, name), bounds.rated, bounds.there) for name in ("grade_low", "grade_high")}
    points = {
        f"points:{one.line.id}": (one.points.rounded("half-up"), opposite(some(one.skipped, one.held)))
        for one in formulas.lines
        if lines
    }
    refused = {one.line.id: every(one.held) for one in formulas.lines if one.line.missing == "refuse"}
    return Figures(
        {"score": (formulas.score, formulas.scored), **ends, "coverage": (formulas.coverage, YES), **points},
        {"grade": (formulas.grade, formulas.rated, YES), **grades},
        formulas.ranked,
        {name: test for name, test in refused.items() if not known(test) or test.low},
    )


@attrs.frozen(eq=False)
class Scored:
    """The result as expressions on the plan's last stage: figures that are never null, and whether they count."""

    numbers: Mapping[str, tuple[nw.Expr, nw.Expr]]
    words: Mapping[str, nw.Expr]
    ranked: nw.Expr
    fault: nw.Expr
    """The number of what is wrong with the row: place of the column times 64 and the code's; 2^62 where nothing is."""
    places: tuple[str, ...]
    codes: tuple[str, ...]


def score(program: Program, figures: Figures, read: Read) -> Scored:
    """The figures of every row, all of them null where something is wrong with it."""
    plan = read.plan
    asked = figures.of(folded(figures.terms, read.slots))
    made = Expressions(plan, read.slots, read.begin, asked.terms)
    refused = [Fault(made.test(test), name, "missing-refused") for name, test in asked.refused.items()]
    numbers = {name: (made.number(term), made.test(there)) for name, (term, there) in asked.numbers.items()}
    grades = {
        name: (made.number(place), made.test(rated), made.test(there))
        for name, (place, rated, there) in asked.grades.items()
    }
    takes_part = made.test(asked.ranked)
    # What cannot be read is said before what should have been observed, as when one community is evaluated.
    faults = (*read.faults, *refused)
    codes = tuple(dict.fromkeys((*read.codes, *(one.code for one in faults))))
    places = tuple(dict.fromkeys((*read.places, *map(_place, faults))))
    fault = plan.keep(plan.end, _first(faults, places, codes, read.fault))
    sound = fault == whole(_NOTHING_WRONG)
    counted = {name: (number, sound & there) for name, (number, there) in numbers.items()}
    words = {name: _grade(program, sound, *grade) for name, grade in grades.items()}
    words["problem"] = _code(fault, codes)
    return Scored(counted, words, sound & takes_part, fault, tuple(column for column, _ in places), codes)


def _place(fault: Fault) -> tuple[str, bool]:
    return fault.column, fault.code == "missing-refused"


def _first(
    faults: Sequence[Fault], places: Sequence[tuple[str, bool]], codes: Sequence[str], known: nw.Expr | None
) -> nw.Expr:
    """The number of the first thing that is wrong with a row, in the document's order."""
    found = whole(_NOTHING_WRONG)
    by_place: dict[tuple[str, bool], nw.Expr] = {}
    for one in reversed(faults):
        place = _place(one)
        number = whole(places.index(place) * _CODES + codes.index(one.code))
        by_place[place] = where(one.test, number, by_place.get(place, whole(_NOTHING_WRONG)))
    numbers = [*by_place.values(), *([] if known is None else [known])]
    if not numbers:
        return found
    # Spark refuses the least of one.
    return nw.min_horizontal(*numbers) if len(numbers) > 1 else numbers[0]


def _code(fault: nw.Expr, codes: Sequence[str]) -> nw.Expr:
    """The code's name, null where nothing is wrong."""
    name: nw.Expr = nw.lit(None, dtype=nw.String)
    place = fault - (fault // whole(_CODES)) * whole(_CODES)
    for index, code in enumerate(codes):
        name = where((fault != whole(_NOTHING_WRONG)) & (place == whole(index)), nw.lit(code), name)
    return name


def _grade(program: Program, sound: nw.Expr, place: nw.Expr, rated: nw.Expr, there: nw.Expr) -> nw.Expr:
    """The grade's id; not-rated or withheld where there is none."""
    none: nw.Expr = nw.lit(None, dtype=nw.String)
    ids = program.grader.ids
    if not ids:
        return none
    name = where(rated, nw.lit(WITHHELD), nw.lit(NOT_RATED))
    for index, grade in enumerate(ids):
        name = where(place == whole(index), nw.lit(grade), name)
    return where(sound & there, name, none)

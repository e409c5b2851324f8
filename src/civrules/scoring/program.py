"""Program: a standard decided as far as it can be before facts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import Any

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.community import Community, contains
from civrules.model.days import Period, check_day
from civrules.model.figures import decimal
from civrules.model.given import Dated, givens, variants
from civrules.model.measures.measure import amount, decimals, in_percent
from civrules.model.observation import Seen
from civrules.model.standard import Criterion, Section, Standard
from civrules.model.waiver import Waiver
from civrules.scoring.conditions import Compiler, Facts
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.formulas import Formulas, formulas
from civrules.scoring.givens import Givens, open_intervals, settled
from civrules.scoring.grading import CompiledGate, Graded, Grader
from civrules.scoring.kernel import Kernel, kernel
from civrules.scoring.line import Cell, CompiledLine, Points, units
from civrules.scoring.line import places as line_places
from civrules.scoring.reading import Reader, Reports
from civrules.scoring.sums import Adder, Step, Sums, scale_of
from civrules.scoring.sums import places as section_places
from civrules.scoring.waiving import waive

_COVERAGE_PLACES = 4
_ALL = Decimal(1)


@attrs.define
class Run:
    """One pass of the program over one community's cells."""

    cells: list[Cell]
    sums: Sums
    facts: Facts
    graded: Graded
    gates: tuple[int, ...]
    """Places of the gates that hold."""
    withheld: bool
    """Whether too little was looked at for a grade."""

    @property
    def points(self) -> int | None:
        """The score in units."""
        return self.sums.score


Settles = Callable[[CompiledGate], bool]


class Program:
    """A standard decided as far as it can be before facts: immutable, picklable, safe to share between threads.

    Two programs are equal where their standards are; a program pickles as its standard and compiles again.
    """

    __slots__ = (
        "_applies_when", "_changing", "_formulas", "_given", "_holding", "_needs_day", "_notes", "_refusing", "_score",
        "_settled", "_summed", "adder", "by_id", "grader", "lines", "places", "standard", "varying", "weights",
    )  # fmt: skip

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.places = _places(standard)
        pairs = [
            (path, settled(criterion, standard))
            for section in standard.sections
            for path, criterion in _criteria((section,))
        ]
        self.lines = tuple(
            CompiledLine(standard, path, _first(criterion, standard), index, self.places, given=bool(criterion.given))
            for index, (path, criterion) in enumerate(pairs)
        )
        self._given = Givens(standard, pairs, self.places)
        self.by_id = {line.id: line for line in self.lines}
        self.adder = Adder(standard, self.by_id, self.places)
        compiler = Compiler(standard, self.by_id, self.places)
        self.grader = Grader(standard, compiler, self.places)
        self.weights, self._summed = self._weights()
        self._applies_when = tuple(
            (line, compiler.compile(line.criterion.applies_when))
            for line in self.lines
            if line.criterion.applies_when is not None
        )
        self._changing = tuple(line.id for line in self.lines if line.change)
        self._needs_day = _needs_day(standard)
        self._holding = tuple(line.index for line in self.lines if line.missing == "hold")
        self._refusing = tuple(line.index for line in self.lines if line.missing == "refuse")
        self.varying = self._given.names
        self._formulas: Formulas | None = None
        self._score: Kernel | None = None
        self._notes = (
            *open_intervals(standard),
            *(
                Problem("reading", (reading.at,) if reading.at else (), reading.text, severity="note")
                for reading in standard.readings
            ),
        )

        self._settled = True

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a program cannot change once it is made; what is derived when first asked for is set past this."""
        if getattr(self, "_settled", False):
            raise AttributeError(f"a program cannot change, and so not its {name}")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.standard == other.standard

    def __hash__(self) -> int:
        return hash((Program, self.standard))

    def __reduce__(self) -> tuple[Any, ...]:
        return Program, (self.standard,)

    def __repr__(self) -> str:
        return f"<Program of {self.standard.edition}>"

    @property
    def slots(self) -> tuple[str, ...]:
        """What `score` takes, in order: the columns of a wide table. Raises InvalidInput as `score` does."""
        return self.formulas.slots

    @property
    def magnitude(self) -> int:
        """The largest whole number that any step of `score` can reach. Raises InvalidInput as `score` does."""
        return self.formulas.magnitude[0]

    @property
    def formulas(self) -> Formulas:
        """The program as formulas; its `magnitude` names the step too. Raises InvalidInput as `score` does."""
        if self._formulas is None:
            object.__setattr__(self, "_formulas", formulas(self))
        return self._formulas  # type: ignore[return-value]  # set just above

    def score(self, values: Sequence[int | None], /) -> tuple[int | None, int, tuple[int, ...]]:
        """Score, place of the grade and points by criterion of prepared values: the inner loop, nothing checked.

        `values` are in the order of `slots`; None is a value that is missing, `DOES_NOT_APPLY` one that does not
        apply. Yes is 1 and no 0; a level is its place in the document, from 0; a figure is in units of the last of the
        criterion's `decimals`, "95%" with four of them 950000; n of m and counts are as they are, m in the slot `…:of`;
        an event is 0 (no), 1 (yes), 2 (attributable), 3 (not attributable) or 4 (excused). Score and points are in
        units of 10^-`places`; there is no score (None) where nothing applies, nothing was observed or something held is
        missing, no grade (-1) besides where too little was observed. Events count as of today, within any window.

        Raises InvalidInput where the standard looks at more than the values of one look: attributes, several looks or
        places, dated numbers, changes, frequencies.
        """
        if self._score is None:
            object.__setattr__(self, "_score", kernel(self.formulas))
        return self._score(values)  # type: ignore[misc]  # set just above

    def evaluate(
        self,
        community: Community,
        observations: Seen,
        *,
        on: date | None = None,
        period: Period | None = None,
        waivers: Iterable[Waiver] = (),
        previous: Evaluation | None = None,
        calendar: Calendar | None = None,
    ) -> Evaluation:
        """Score one community.

        `on` is the day of judgement (left out: the period's last); `period` chooses the observations that are
        scored; `calendar` says when the occasions are that the standard counts. Raises InvalidInput with every
        problem of the call, also where a day is needed and none was given.
        """
        on = self.day(on, period)
        self._check_community(community)
        inapplicable = self.inapplicable(community)
        occasions = _calendar(calendar)
        lines, reasons = self._given.lines(self.by_id, on, community.attributes, occasions)
        lines = self._compared(lines, previous)
        reader = Reader(
            lines,
            self.standard.edition,
            period=period,
            on=on,
            inapplicable=inapplicable,
            reasons=reasons,
            places=community.places,
            calendar=occasions,
        )
        seen, cells = reader.read(observations)
        given = tuple(waivers)
        waived, excuses = waive(cells, given, self.by_id, on)
        self._check_missing(waived)
        facts = self.facts(cells, community, reader.reports, on, period)
        excused = bool(given) and waived != cells
        # A waiver does not make anything observed.
        run = self.run(attrs.evolve(facts, cells=waived, coverage=self.coverage(waived)) if excused else facts)
        unwaived = self.run(facts) if excused else run
        notes = (*self._outside(on), *reader.notes, *excuses, *self._notes)
        return Evaluation.of(
            self,
            run,
            unwaived,
            community=community,
            observations=seen,
            waivers=given,
            previous=previous,
            calendar=occasions,
            on=on,
            period=period,
            notes=notes,
        )

    def _compared(self, lines: Mapping[str, CompiledLine], previous: Evaluation | None) -> Mapping[str, CompiledLine]:
        """The lines, those of changes as what they are read against has them."""
        if not self._changing:
            return lines
        figures = _figures(previous)
        changing = {name: lines[name].after(figures.get(name)) for name in self._changing if lines[name].change}
        return {**lines, **changing}

    def run(self, facts: Facts) -> Run:
        """Sums, gates and grade of what is known of one community."""
        return self.settle(facts, lambda gate: gate.when.holds(facts))

    def settle(self, facts: Facts, holds: Settles) -> Run:
        """The steps in their order, `holds` saying which gates hold; results are those before any gate."""
        gates = self.grader.gates
        emptied = frozenset(gate.value for gate in gates if gate.effect == "zero" and holds(gate))
        sums = self.adder.add(facts.cells, emptied)
        facts.sections, facts.score, facts.maximum = sums.sections, sums.score, self.adder.maximum(sums)
        if not facts.observed or self.held(facts.cells):
            sums.score = sums.exact = facts.score = None
        setting = [gate for gate in gates if gate.effect == "score" and holds(gate)]
        if setting and sums.applies and facts.observed:
            self._set(sums, setting[0])
            facts.score = sums.score
        # Gates on the grade see the score that was set.
        holding = tuple(
            place for place, gate in enumerate(gates) if (gate in setting if gate.effect == "score" else holds(gate))
        )
        points = sums.exact if self.grader.exact else sums.score
        withheld = facts.settled is None and self.too_little(facts)
        graded = self.grader.graded(None if withheld else points, facts, [gates[place] for place in holding])
        return Run(list(facts.cells), sums, facts, graded, holding, withheld)

    def _set(self, sums: Sums, gate: CompiledGate) -> None:
        before = sums.exact
        self.adder.finish(sums, units(Fraction(gate.value), self.places))
        if before is not None and sums.exact is not None and before != sums.exact:
            sums.steps.append(Step("gate", None, before, sums.exact))

    def too_little(self, facts: Facts) -> bool:
        """Whether less was looked at than the least coverage that the standard asks."""
        least = self.standard.coverage
        if least is None:
            return False
        return Fraction(facts.coverage) < (amount(least) / 100 if in_percent(least) else amount(least))

    def facts(
        self,
        cells: Sequence[Cell],
        community: Community,
        reports: Reports,
        on: date | None,
        period: Period | None,
        *,
        settled: bool | None = None,
    ) -> Facts:
        """What conditions may ask before anything is summed; `settled` says how events left open stand, for bounds."""
        return Facts(
            cells=cells,
            sections={},
            score=None,
            maximum=None,
            coverage=self.coverage(cells),
            community=community,
            reports=reports,
            on=on,
            period=period,
            settled=settled,
            observed=settled is not None or self.observed(cells, reports),
        )

    def held(self, cells: Sequence[Cell]) -> bool:
        """Whether something missing holds the score back; an event whose attribution is open does, without points."""
        return any(cells[index].state == "missing" for index in self._holding)

    def observed(self, cells: Sequence[Cell], reports: Reports) -> bool:
        """Whether anything at all was observed."""
        return bool(reports) or any(_was_observed(cell) for cell in cells)

    def coverage(self, cells: Sequence[Cell]) -> Decimal:
        """Points observed out of points applicable, four decimals, down: 1 means all.

        Lines count instead where one of them has no most, or where no line has points; 1 where nothing applies.
        """
        observed: Points = 0
        applicable = 0
        for index, weight in self.weights:
            cell = cells[index]
            state = cell.state
            if state == "not-applicable":
                continue
            if cell.looked is not None:
                n, of = cell.looked
                weight *= of if index in self._summed else 1  # noqa: PLW2901  # what it weighs at all places
                observed += Fraction(weight * n, of)
            elif state == "seen":
                observed += weight
            applicable += weight
        if observed == applicable:
            return _ALL
        return decimal(int(observed * 10**_COVERAGE_PLACES // applicable), _COVERAGE_PLACES)

    def inapplicable(self, community: Community) -> dict[str, str]:
        """The criteria that do not apply to this community, whatever was seen, with the reason."""
        if not self._applies_when:
            return {}
        facts = Facts(
            cells=(),
            sections={},
            score=None,
            maximum=None,
            coverage=_ALL,
            community=community,
            reports={},
            on=None,
            period=None,
        )
        return {line.id: "applies-when" for line, when in self._applies_when if not when.holds(facts)}

    def _weights(self) -> tuple[tuple[tuple[int, int], ...], frozenset[int]]:
        """What each line of the base weighs in coverage, in whole numbers: its share of the total, else 1.

        And the lines whose places are summed, so that they weigh as much at every place; none where lines count.
        """
        demerits = self.standard.direction == "demerits"
        below = (shares_of(section, demerits=demerits) for section in self.standard.sections)
        shares = dict(chain.from_iterable(below))
        lines = [line for line in self.lines if line.required and not line.adjusts]
        weights = [line.full * shares.get(line.id, Fraction(0)) for line in lines]
        if any(line.open_ended for line in lines) or not any(weights):
            return tuple((line.index, 1) for line in lines), frozenset()
        common = lcm(*(weight.denominator for weight in weights))
        return (
            tuple((line.index, int(weight * common)) for line, weight in zip(lines, weights, strict=True) if weight),
            frozenset(line.index for line in lines if line.criterion.places == "sum"),
        )

    def day(self, on: date | None, period: Period | None) -> date | None:
        """The day of judgement. Raises InvalidInput where something needs one and none was given."""
        if period is not None and not isinstance(period, Period):
            raise InvalidInput(Problem("bad-argument", ("period",), period, "a Period"))
        if on is not None:
            return check_day(on, "on")
        if period is not None and period.last is not None:
            return period.last
        if self._needs_day:
            raise InvalidInput([Problem("day-needed", (), name) for name in self._needs_day])
        return None

    def _check_community(self, community: Community) -> None:
        standard = self.standard
        if not isinstance(community, Community):
            raise InvalidInput(Problem("bad-argument", ("community",), community, "a Community"))
        problems = []
        if community.kind is not None and community.kind not in standard.kinds:
            problems.append(Problem("wrong-kind", (community.id,), community.kind, ", ".join(standard.kinds)))
        if (
            community.locality is not None
            and standard.locality is not None
            and not contains(standard.locality, community.locality)
        ):
            problems.append(Problem("wrong-locality", (community.id,), community.locality, standard.locality))
        if problems:
            raise InvalidInput(problems)

    def _check_missing(self, cells: Sequence[Cell]) -> None:
        missing = [self.lines[index].id for index in self._refusing if cells[index].state == "missing"]
        if missing:
            raise InvalidInput([Problem("missing-refused", (), None, name) for name in missing])

    def _outside(self, on: date | None) -> Iterable[Problem]:
        effective = self.standard.effective
        if on is not None and on not in effective:
            yield Problem("outside-dates", (), self.standard.edition, str(effective), severity="note")


def compile(standard: Standard, /) -> Program:  # noqa: A001  # named as re.compile is
    """Make the program of a standard, as re.compile does; a Rulebook keeps them for you."""
    return Program(standard)


def evaluate(
    standard: Standard,
    community: Community,
    observations: Seen,
    *,
    on: date | None = None,
    period: Period | None = None,
    waivers: Iterable[Waiver] = (),
    previous: Evaluation | None = None,
    calendar: Calendar | None = None,
) -> Evaluation:
    """Score one community once: `compile(standard).evaluate(...)`."""
    return Program(standard).evaluate(
        community, observations, on=on, period=period, waivers=waivers, previous=previous, calendar=calendar
    )


def _was_observed(cell: Cell) -> bool:
    """Whether somebody looked, even where what was seen cannot be judged."""
    if cell.looked is not None:
        return cell.looked[0] > 0
    nothing = cell.state in ("missing", "unrecorded") and cell.reason in ("no-observation", "expired")
    return cell.alone or (bool(cell.seen) and not nothing)


def _variants(criterion: Criterion, standard: Standard) -> Iterator[Criterion]:
    """The criterion with every number that may be given."""
    if not criterion.given:
        yield criterion
        return
    for measure in variants(criterion.measure, standard.choices):
        yield criterion if measure is criterion.measure else attrs.evolve(criterion, measure=measure)


def _first(criterion: Criterion, standard: Standard) -> Criterion:
    """The criterion with the first of the numbers that may be given: what can be known before they are."""
    return next(_variants(criterion, standard))


def shares_of(section: Section, *, demerits: bool) -> Iterator[tuple[str, Fraction]]:
    """What a point of each line below the section adds to the total at most, where everything applies."""
    own = scale_of(section, demerits=demerits) or Fraction(1)
    members = [one for one in section.children if one.scored]
    weights = [
        Fraction(one.weight if section.combine == "weighted" and one.weight is not None else 1) for one in members
    ]
    whole = sum(weights, start=Fraction(0)) if section.combine in ("mean", "weighted") else Fraction(1)
    for member, weight in zip(members, weights, strict=True):
        one = ((member.id, Fraction(1)),)
        below = shares_of(member, demerits=demerits) if isinstance(member, Section) else one
        yield from ((name, share * own * weight / whole) for name, share in below)


def _criteria(path: tuple[Section, ...]) -> Iterator[tuple[tuple[Section, ...], Criterion]]:
    """Every criterion below the last section of the path, with the sections that lead to it."""
    yield from ((path, criterion) for criterion in path[-1].criteria)
    for section in path[-1].sections:
        yield from _criteria((*path, section))


def _places(standard: Standard) -> int:
    """The decimals of the unit: the finest of every step that gives whole units."""
    ends = [end for grade in standard.grades for end in (grade.at_least, grade.at_most) if end is not None]
    ends += [standard.floor, *((standard.cap,) if standard.cap is not None else ())]
    ends += [gate.then["score"] for gate in standard.gates if "score" in gate.then]
    return max(
        standard.rounding.total or 0, *(_section_places(standard, one) for one in standard.sections), decimals(*ends)
    )


def _section_places(standard: Standard, section: Section) -> int:
    scored = [variant for one in section.criteria if one.scored for variant in _variants(one, standard)]
    own = max((line_places(standard, one) for one in scored), default=0)
    inner = max((_section_places(standard, one) for one in section.sections), default=0)
    ends = [end for end in (section.cap, section.floor, section.scale_to) if end is not None]
    return max(section_places(standard, section, max(own, inner)), decimals(*ends))


_NO_OCCASIONS = Calendar()


def _calendar(calendar: Calendar | None) -> Calendar:
    if calendar is not None and not isinstance(calendar, Calendar):
        raise InvalidInput(Problem("bad-argument", ("calendar",), calendar, "a Calendar"))
    return calendar or _NO_OCCASIONS


def _figures(previous: Evaluation | None) -> dict[str, Fraction]:
    """The figures of the previous evaluation that changes are read against."""
    if previous is None:
        return {}
    cells = ((line.id, previous.run.cells[line.index].raw) for line in previous.program.lines)
    return {name: raw for name, raw in cells if raw is not None}


def _is_dated(criterion: Criterion) -> bool:
    return any(isinstance(given, Dated) for given in givens(criterion))


def _needs_day(standard: Standard) -> tuple[str, ...]:
    """The criteria whose numbers are dated or whose looks expire, and the gates and grades that look back."""
    lines = [
        name
        for name, criterion in standard.criteria.items()
        if _is_dated(criterion) or standard.interval(criterion.valid_for) is not None
    ]
    conditions: Mapping[str, Any] = {gate.id: gate.when for gate in standard.gates} | {
        grade.id: grade.requires for grade in standard.grades if grade.requires is not None
    }
    looking_back = (
        name
        for name, condition in conditions.items()
        if any(standard.interval(part.within) or part.during for part in condition.walk())
    )
    return (*lines, *looking_back)

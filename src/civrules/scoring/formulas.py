"""Formulas: a program as arithmetic on prepared whole numbers, in the order of steps, with a label for every step."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import TYPE_CHECKING

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.condition import Condition
from civrules.model.formula import (
    NO,
    ONE,
    YES,
    Exact,
    Term,
    Test,
    add,
    at_least,
    choose,
    either,
    every,
    greatest,
    known,
    number,
    opposite,
    quotient,
    some,
    times,
    total,
)
from civrules.model.measures.measure import amount, in_percent
from civrules.scoring.condition_formulas import ConditionFormulas
from civrules.scoring.line import Points, units
from civrules.scoring.line_formulas import LineFormula, line_formula
from civrules.scoring.sums import CompiledSection

if TYPE_CHECKING:
    from civrules.scoring.program import Program


@attrs.frozen(eq=False)
class SectionFormula:
    """What a section comes to: points (0 where nothing applies), reach, and whether anything applies or is held."""

    points: Exact
    reach: Exact
    applies: Test
    held: Test


@attrs.frozen(eq=False)
class Formulas:
    """A program as formulas: what it needs, and what it comes to."""

    slots: tuple[str, ...]
    """The prepared values, by the wide table's columns."""
    lines: tuple[LineFormula, ...]
    score: Term
    scored: Test
    """Whether there is a score."""
    grade: Term
    """The grade's place in the document, -1 where there is none."""
    gates: tuple[Test, ...]
    rated: Test
    """Whether something applies and was observed: without it there is no grade because there is nothing to rate."""
    coverage: Term
    """In units of the last of its four decimals."""
    exact: Exact
    """What is behind the score."""
    applies: Test
    """Whether anything applies."""
    ranked: Test
    """Whether the score takes part in ranks."""
    requires: tuple[Test, ...]
    """Whether the requirement of each band holds, in the order of the bands."""
    steps: tuple[tuple[str, Term], ...]
    """Every step and its term, each before what rests on it."""

    @property
    def magnitude(self) -> tuple[int, str]:
        """The greatest whole number that any step can reach, and the step that reaches it first."""
        seen: set[int] = set()
        found = [(max((one.size for one in term.walk(seen)), default=0), name) for name, term in self.steps]
        return max(found, key=lambda one: one[0], default=(0, ""))


def formulas(program: "Program") -> Formulas:
    """The program as formulas. Raises InvalidInput with everything that prepared values cannot say."""
    return formulas_of(program, _one_after_another(program))


def _one_after_another(program: "Program") -> Iterator[LineFormula | Problem]:
    place = 0
    for line in program.lines:
        made = line_formula(line, place)
        if isinstance(made, LineFormula):
            place += len(made.slots)
        yield made


def formulas_of(program: "Program", lines: Iterable[LineFormula | Problem]) -> Formulas:
    """The program as formulas of these lines.

    Raises InvalidInput with the problems among them, and with what depends on the community, the day or parameters.
    """
    found = list(lines)
    if problems := [*_beyond(program), *(one for one in found if isinstance(one, Problem))]:
        raise InvalidInput(problems)
    return _Builder(program, tuple(one for one in found if isinstance(one, LineFormula))).build()


def completed(program: "Program", lines: tuple[LineFormula, ...]) -> Formulas:
    """The program as formulas of lines of which none is missing; then nothing is withheld."""
    return _Builder(program, lines, completed=True).build()


def _beyond(program: "Program") -> Iterator[Problem]:
    """What depends on more than the values of one look: the community, the day, parameters."""
    standard = program.standard
    for name in program.varying:
        yield Problem("not-prepared", (name,), "a number that is given")
    for one in standard.criteria.values():
        if one.applies_when is not None:
            yield Problem("not-prepared", (one.id,), "applies_when")
    conditions: list[tuple[str, Condition]] = [(gate.id, gate.when) for gate in standard.gates]
    conditions += [(grade.id, grade.requires) for grade in standard.grades if grade.requires is not None]
    for name, condition in conditions:
        if any(part.subject == "attribute" for part in condition.walk()):
            yield Problem("not-prepared", (name,), "attribute")
        if any(part.within is not None and standard.interval(part.within) is None for part in condition.walk()):
            yield Problem("not-prepared", (name,), "a time that a parameter leaves open")


class _Builder:
    """Builds the formulas of one program, step by step."""

    def __init__(self, program: "Program", lines: tuple[LineFormula, ...], *, completed: bool = False) -> None:
        self.completed = completed
        self.program = program
        self.adder = program.adder
        self.unit = program.places
        self.lines = lines
        self.by_index = {one.line.index: one for one in lines}
        self.sections: dict[str, SectionFormula] = {}
        self.steps: list[tuple[str, Term]] = []
        self.tests = ConditionFormulas(program, {one.line.id: one for one in lines}, self.sections)
        self.observed = YES if completed else some(*(some(opposite(one.unreported), one.reported) for one in lines))
        self.requires: tuple[Test, ...] = ()
        self.banded: Test = YES
        self.zeroed: dict[str, Test] = {}

    def build(self) -> Formulas:
        """All steps, in their order."""
        for one in self.lines:
            self._step(one.line.id, one.points)
        for gate in self.program.grader.gates:
            if gate.effect == "zero":
                test = self._named(gate.gate.id, self.tests.of(gate.gate.when))
                self.zeroed[gate.value] = some(self.zeroed.get(gate.value, NO), test)
        exact, applicable, applies = self._total()
        held = some(*(one.held for one in self.lines))
        scored = self._named("scored", every(applies, self.observed, opposite(held)))
        score = self._rounded("rounding", exact)
        self.tests.score, self.tests.scored = Exact(score), scored
        self.tests.maximum, self.tests.coverage = self._maximum(applicable, applies), self._coverage()
        setting = self._holding(setting=True)
        score, exact, set_by = self._set(score, exact, setting)
        scored = self._named("scored", some(scored, every(set_by, applies, self.observed)))
        # Gates on the grade see the score that was set.
        self.tests.score, self.tests.scored = Exact(score), scored
        others = self._holding(setting=False)
        holding = [others.get(place, setting.get(place, NO)) for place in range(len(self.program.grader.gates))]
        grade = self._graded(exact if self.program.grader.exact else Exact(score), scored, holding)
        self._step("grade", Exact(grade))
        slots = tuple(name for one in self.lines for name in one.slots)
        return Formulas(
            slots=slots,
            lines=self.lines,
            score=score,
            scored=scored,
            grade=grade,
            gates=tuple(holding),
            rated=every(applies, self.observed),
            coverage=self.tests.coverage.above,
            exact=exact,
            applies=applies,
            ranked=every(scored, self.banded, *(opposite(test) for test in self._ineligible(holding))),
            requires=self.requires,
            steps=tuple(self.steps),
        )

    def _ineligible(self, holding: list[Test]) -> list[Test]:
        gates = zip(self.program.grader.gates, holding, strict=True)
        return [test for gate, test in gates if gate.effect == "ineligible"]

    def _holding(self, *, setting: bool) -> dict[int, Test]:
        """Whether the gates hold that set the score, or the others, by their place."""
        gates = enumerate(self.program.grader.gates)
        wanted = ((place, gate) for place, gate in gates if (gate.effect == "score") == setting)
        return {place: self._named(gate.gate.id, self.tests.of(gate.gate.when)) for place, gate in wanted}

    def _set(self, score: Term, exact: Exact, setting: Mapping[int, Test]) -> tuple[Term, Exact, Test]:
        """The score and what is behind it where a gate sets them, and whether one does; the first that holds counts."""
        set_by = NO
        for place, test in reversed(tuple(setting.items())):
            gate = self.program.grader.gates[place]
            value = Exact.of(units(Fraction(gate.value), self.unit))
            exact = either(test, value, exact)
            score = choose(test, self._rounded(gate.gate.id, value), score)
            set_by = some(test, set_by)
        return score, exact, set_by

    def _step(self, name: str, one: Exact) -> None:
        """Keep a step's terms under its name."""
        for term in (one.above, one.below):
            if not known(term):
                self.steps.append((name, term))

    def _named(self, name: str, test: Test) -> Test:
        if not known(test):
            self.steps.append((name, test))
        return test

    def _rounded(self, name: str, exact: Exact) -> Term:
        rounder = self.adder.rounder
        if rounder is None or rounder.places is None:
            # A sound standard without a rounding of the total has whole totals.
            rounded = exact.rounded("half-up")
        else:
            step = 10 ** (self.unit - rounder.places)
            rounded = times(exact.times(Fraction(1, step)).rounded(rounder.mode), number(step))
        self._step(name, Exact(rounded))
        return rounded

    def _section(self, section: CompiledSection) -> SectionFormula:
        members = [self._line(index.index, weight) for index, weight in section.lines]
        members += [(self._section(inner), weight) for inner, weight in section.sections]
        applies = some(*(one.applies for one, _ in members))
        held = some(*(one.held for one, _ in members))
        points, reach = (self._combined(section, members, name) for name in ("points", "reach"))
        if section.combine != "sum" and section.share is None:
            points = self._at_places(section, points)
        points, reach = self._scaled(section, points, reach)
        limits = {name: Exact.of(one) for name, one in section.limits.items()}
        if "cap" in limits:
            points, reach = points.least(limits["cap"]), reach.least(limits["cap"])
        if "floor" in limits:
            points = points.greatest(limits["floor"])
        points = either(self.zeroed.get(section.id, NO), Exact.of(0), points)
        made = SectionFormula(either(applies, points, Exact.of(0)), either(applies, reach, Exact.of(0)), applies, held)
        for one in (made.points, made.reach, Exact(applies)):
            self._step(section.id, one)
        self.sections[section.id] = made
        return made

    def _line(self, index: int, weight: Fraction) -> tuple[SectionFormula, Fraction]:
        """A line as a member of its section."""
        one = self.by_index[index]
        points = either(self.zeroed.get(one.line.id, NO), Exact.of(0), one.points)
        return SectionFormula(points, one.reach, opposite(one.skipped), one.held), weight

    def _combined(self, section: CompiledSection, members: list[tuple[SectionFormula, Fraction]], name: str) -> Exact:
        parts: list[tuple[Exact, Test, Fraction]] = [
            (getattr(one, name), one.applies, weight) for one, weight in members
        ]
        if section.combine == "sum":
            return total(part for part, _, _ in parts)
        if section.combine == "worst":
            return self._worst([(part, applies) for part, applies, _ in parts])
        common = lcm(*(weight.denominator for _, _, weight in parts))
        weights = [int(weight * common) if section.combine == "weighted" else 1 for _, _, weight in parts]
        summed = total(part.times(weight) for (part, _, _), weight in zip(parts, weights, strict=True))
        weighed = add(*(times(number(weight), applies) for (_, applies, _), weight in zip(parts, weights, strict=True)))
        # Where nothing applies the section is not asked for; the divisor must be above 0 all the same.
        return summed.over(Exact(greatest(weighed, ONE)))

    def _worst(self, parts: list[tuple[Exact, Test]]) -> Exact:
        """The least favourable of what applies."""

        def worse(found: tuple[Exact, Test], part: tuple[Exact, Test]) -> tuple[Exact, Test]:
            both = found[0].greatest(part[0]) if self.adder.demerits else found[0].least(part[0])
            return either(every(found[1], part[1]), both, either(part[1], part[0], found[0])), some(found[1], part[1])

        return reduce(worse, parts)[0] if parts else Exact(number(0))

    def _at_places(self, section: CompiledSection, points: Exact) -> Exact:
        if section.rounder is None or section.rounder.places is None:
            return points
        step = 10 ** (self.unit - section.rounder.places)
        return Exact(points.times(Fraction(1, step)).rounded(section.rounder.mode)).times(step)

    def _scaled(self, section: CompiledSection, points: Exact, reach: Exact) -> tuple[Exact, Exact]:
        """One quotient for rescale and `scale_to` together."""
        if section.target is not None:
            rescales = reach.more_than(Exact.of(0))
            divisor = either(rescales, reach, Exact.of(1))
            target = Exact.of(section.target)
            scaled = self._at_places(section, points.over(divisor).times(section.target))
            # Rounding is a step of the quotient alone: what needs none stays as it is.
            same = every(divisor.at_least(target), target.at_least(divisor))
            return either(every(rescales, opposite(same)), scaled, points), either(rescales, target, reach)
        if section.share is not None:
            return self._at_places(section, points.times(section.share)), reach.times(section.share)
        return points, reach

    def _total(self) -> tuple[Exact, Exact, Test]:
        """Steps 3 and 4: the sections, the base rescaled, the adjustments, cap and floor."""
        base: list[Exact] = []
        adjusted: list[Exact] = []
        reaches: list[Exact] = []
        for section in self.adder.sections:
            made = self._section(section)
            (adjusted if section.adjusts else base).append(made.points)
            if not section.adjusts:
                reaches.append(made.reach)
        applicable = total(reaches)
        endless = [opposite(self.by_index[index].skipped) for index in self.adder.endless]
        applies = some(applicable.more_than(Exact.of(0)), *endless)
        for one in (applicable, Exact(applies)):
            self._step("total", one)
        points = total((self._rescaled(total(base), applicable), *adjusted))
        limits = self.adder.limits
        if "cap" in limits:
            points = points.least(Exact.of(limits["cap"]))
        if "floor" in limits:
            points = points.greatest(Exact.of(limits["floor"]))
        self._step("total", points)
        return points, applicable, applies

    def _rescaled(self, got: Exact, applicable: Exact) -> Exact:
        adder = self.adder
        if (adder.demerits or adder.by_section) and not adder.scale:
            return got
        something = applicable.more_than(Exact.of(0))
        rescaled = got.over(either(something, applicable, Exact.of(1))).times(adder.total)
        whole = Exact.of(adder.total)
        if known(applicable.above) and known(applicable.below):
            same = Fraction(applicable.above.low, applicable.below.low) == adder.total
            return got if same else rescaled
        # What applies in full needs no division.
        full = every(applicable.at_least(whole), whole.at_least(applicable))
        return either(some(full, opposite(something)), got, rescaled)

    def _maximum(self, applicable: Exact, applies: Test) -> Exact:
        adder = self.adder
        if adder.open_ended:
            return Exact.of(0)
        reach = applicable if (adder.demerits or adder.by_section) and not adder.scale else Exact.of(adder.total)
        return either(applies, reach, Exact.of(0))

    def _coverage(self) -> Exact:
        """Points observed out of points applicable, four decimals, down."""
        observed = [(self.by_index[index], weight) for index, weight in self.program.weights]
        seen = add(*(times(number(weight), one.seen) for one, weight in observed))
        apply = add(*(times(number(weight), some(one.missing, opposite(one.gone))) for one, weight in observed))
        share = quotient(times(seen, number(10**4)), greatest(apply, ONE), "down")
        made = Exact(choose(Exact(apply).more_than(Exact.of(0)), share, number(10**4)), number(10**4))
        self._step("coverage", made)
        return made

    def _graded(self, points: Exact, scored: Test, holding: list[Test]) -> Term:
        """Steps 6 and 7: the band, then the gates on it; -1 where there is no grade."""
        grader, least = self.program.grader, self.program.standard.coverage
        gates = list(zip(grader.gates, holding, strict=True))
        band: Term = number(-1)
        self.requires = tuple(
            YES if one.requires is None else self.tests.of(one.requires.condition) for one in grader.bands
        )
        for one, required in zip(reversed(grader.bands), reversed(self.requires), strict=True):
            holds = every(self.reaches(points, one.end), required)
            band = choose(holds, number(one.place), band)
        if least is not None and not self.completed:
            limit = Exact.of(amount(least) / 100 if in_percent(least) else amount(least))
            scored = every(scored, self.tests.coverage.at_least(limit))
        band = choose(scored, band, number(-1))
        if grader.bands:
            self.banded = at_least(band, number(0))
        self._step("band", Exact(band))
        capped = band
        for gate, test in gates:
            if gate.effect == "grade_at_most":
                capped = choose(test, greatest(capped, number(gate.place)), capped)
        has_band = Exact(band).at_least(Exact.of(0))
        grade = choose(has_band, capped, number(-1))
        for gate, test in reversed(gates):
            if gate.effect == "grade":
                forced = number(gate.place)
                lower = forced if gate.place in grader.gate_only else greatest(band, forced)
                grade = choose(test, lower, grade)
        return grade

    def reaches(self, points: Exact, end: Points | None) -> Test:
        if end is None:
            return YES
        return Exact.of(end).at_least(points) if self.program.grader.demerits else points.at_least(Exact.of(end))

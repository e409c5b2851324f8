"""Boundaries: the smallest observations on every edge of a standard and one step beside it, and what they come to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice, product
from math import prod
from typing import Any, Literal

import attrs

from civrules.model.community import Fact
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.figures import plain
from civrules.model.measures import Check, Checklist, Event, Findings, Item, Levels, Linear, Marks, Shortfall, Tiers
from civrules.model.measures.measure import one_comparison
from civrules.model.observation import Observation
from civrules.model.standard import Gate, Standard
from civrules.review.edges import NOT_HERE, counts_of, edge_values, figure_edges, judged_values, reads_percent
from civrules.review.reviewed import Reviewed
from civrules.review.several import Several, WithPlaces, one_look, several
from civrules.review.witness import Input, said, written
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.grading import CompiledGrade
from civrules.scoring.line import CompiledLine, as_decimal

Side = Literal["below", "on", "above", "off"]
_MOST_TRIED = 60
_MOST_REQUIRED = 2000
_STEPS = (1, 2, 5, 10, 50)


@attrs.frozen(kw_only=True)
class Boundary:
    """One row: what is bounded, on which side of it, the smallest observations there, and the engine's answer.

    `side` is on it, one step `below` or `above` it as figures run, or `off`: what does not hold.
    """

    of: str
    side: Side
    observations: tuple[Observation, ...]
    evaluation: Evaluation
    line: str | None = None
    """The criterion whose line it is about; None where it is about the score or the grade."""

    @property
    def community(self) -> str:
        """What the community says of itself, and the places of its register."""
        about = self.evaluation.community
        facts = [f"{name} = {_fact_said(fact)}" for name, fact in about.attributes.items()]
        return "; ".join(facts + [f"{unit}: {', '.join(names)}" for unit, names in about.places.items()])

    @property
    def observed(self) -> str:
        """The observations as the columns of a table have them, each with its day, place and assessor."""
        if all((one.at, one.place, one.by) == (None, None, None) for one in self.observations):
            return said({look.criterion: look.value for look in self.observations})
        return "; ".join(map(_look_said, self.observations))


def _fact_said(fact: Fact) -> str:
    if isinstance(fact, tuple):
        return " ".join(fact)
    return ("no", "yes")[fact] if isinstance(fact, bool) else str(fact)


def _look_said(look: Observation) -> str:
    words = ("at", "place", "by")
    more = "".join(f" {word}={getattr(look, word)}" for word in words if getattr(look, word) is not None)
    return f"{said({look.criterion: look.value})}{more}"


def boundaries(standard: Standard, /) -> tuple[Boundary, ...]:
    """For every cut of a grade, threshold, level, cap, gate and policy: on it, one step below and above.

    So too for places, days, assessors and windows: where one place or look more or less decides. The community says of
    itself what as many lines as can be ask for, and has the places that are looked at; the day is the first on which
    the standard is in force, and windows are the first of that year. Left out is what is refused, and what turns on
    numbers that the day or the community gives or on the host's calendar; where several rows would be the same, one
    stands for them.
    """
    found = _Search(standard)
    rows = [*found.grades(), *found.lines(), *found.sections(), *found.gates(), *found.policies(), *found.several()]
    return tuple(dict.fromkeys(rows))


class _Search:
    """One pass over a standard."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.reviewed = Reviewed(standard)
        self.witness = WithPlaces(self.reviewed)
        self.program = self.witness.program
        self.best = self.witness.every(best=True)

    def row(self, of: str, side: Side, seen: Input, line: str | None = None) -> Iterator[Boundary]:
        """The row, where the engine takes the input."""
        evaluation = self.witness.evaluated(seen)
        if evaluation is not None:
            looks = self.witness.looks(seen)
            yield Boundary(of=of, side=side, observations=looks, evaluation=evaluation, line=line)

    def grades(self) -> Iterator[Boundary]:
        """On every end of a band, and on the nearest score on either side."""
        for band in self.program.grader.bands:
            if band.end is None:
                continue
            end = as_decimal(Fraction(band.end) / 10**self.program.places)
            word = "at_most" if self.reviewed.demerits else "at_least"
            of = f"grade {band.grade.id}: {word} {plain(end)}"
            on = self._end(band)
            for side, seen in self._around(band, on):
                yield from self.row(of, side, seen)
            shown = self._by_rounding(band, on)
            yield from self.row(f"{of}, by rounding", "on", shown) if shown is not None else ()

    def _end(self, band: CompiledGrade) -> Input | None:
        """An input whose score is the end, and where one is found with the grade."""
        end = Fraction(band.end or 0)
        on = self._nearest(self._on(end), end, 0, band) or self._nearest(self._way(), end, 0, band)
        if on is None or band.requires is None:
            return on
        return self._nearest(chain([on], self._others(on)), end, 0, band)

    def _around(self, band: CompiledGrade, on: Input | None) -> Iterator[tuple[Side, Input]]:
        """The end itself, where a score lies on it, and the nearest scores that are found on either side."""
        end = Fraction(band.end or 0)
        near = [] if on is None else list(self._neighbours(on))
        sides: tuple[tuple[Side, int], ...] = (("below", -1), ("on", 0), ("above", 1))
        for side, way in sides:
            seen = self._nearest([*near, *self._beyond(end, way)], end, way, band) if way else on
            if seen is not None:
                yield side, seen

    def _by_rounding(self, band: CompiledGrade, on: Input | None) -> Input | None:
        """An input whose score is shown as the end, and whose exact figure falls short of it."""

        def only_shown(evaluation: Evaluation) -> bool:
            exact, shown = evaluation.run.sums.exact, _units(evaluation)
            return exact is not None and shown == band.end and not self.program.grader.reaches(band, exact)

        tried = chain(self._on(Fraction(band.end or 0)), self._neighbours(on or {}))
        found = next((seen for seen in tried if self.witness.does(seen, only_shown)), None)
        return None if found is None else self.witness.smallest(found, only_shown)

    def _nearest(self, tried: Iterable[Input], end: Fraction, way: int, band: CompiledGrade) -> Input | None:
        """Of the inputs whose score lies on this side of the end the nearest; on it the first that has the grade."""
        found: list[tuple[Fraction, Evaluation, Input]] = []
        for seen in tried:
            evaluation = self.witness.evaluated(seen)
            score = None if evaluation is None else _units(evaluation)
            if evaluation is None or score is None or (score > end) - (score < end) != way:
                continue
            found.append((score, evaluation, seen))
            if not way and evaluation.grade_before_gates == band.grade.id:
                break
        if not found:
            return None
        best = (
            min(found, key=lambda one: abs(one[0] - end))
            if way
            else next((one for one in reversed(found) if one[1].grade_before_gates == band.grade.id), found[0])
        )
        return self.witness.smallest(best[2], lambda other: _answer(other) == _answer(best[1]))

    def _on(self, end: Fraction) -> Iterator[Input]:
        """Inputs whose score is shown as the end."""
        return islice(self.witness.scoring(end - self.step / 2, end + self.step / 2), _MOST_TRIED)

    def _beyond(self, end: Fraction, way: int) -> Iterator[Input]:
        """Inputs a few steps away from the end, then all on the way from the worst to the best."""
        for steps in _STEPS:
            low, high = sorted((end + way * self.step / 2, end + way * self.step * (steps + Fraction(1, 2))))
            found = list(islice(self.witness.scoring(low, high), _MOST_TRIED))
            yield from found
            if found:
                return
        yield from self._way()

    @cached_property
    def step(self) -> Fraction:
        """The smallest difference of two scores, in units."""
        decimals = self.standard.rounding.total
        return Fraction(1 if decimals is None else 10 ** (self.program.places - decimals))

    def _others(self, seen: Input) -> Iterator[Input]:
        """Every input there is, where these are few; else the input with two values changed."""
        values = [[*edge_values(self.standard, line)] for line in self.witness.lines]
        if prod(map(len, values)) <= _MOST_REQUIRED:
            names = [line.id for line in self.witness.lines]
            return (dict(zip(names, chosen, strict=True)) for chosen in product(*values))
        pairs = (two for one in self._neighbours(seen) for two in self._neighbours(one))
        return islice(pairs, _MOST_REQUIRED)

    def _neighbours(self, seen: Input) -> Iterator[Input]:
        """The input with one value changed, for figures also by a single step of every decimal."""
        for line in self.witness.lines:
            values = list(edge_values(self.standard, line))
            value = seen.get(line.id)
            if isinstance(value, Decimal | int) and not isinstance(value, bool):
                steps = [Decimal(1).scaleb(-places) for places in range(line.limits.decimals, -1, -1)]
                values += [one for step in steps for one in (value - step, value + step)]
            yield from ({**seen, line.id: one} for one in values if line.id in seen and one != value)

    def lines(self) -> Iterator[Boundary]:
        """On every threshold of every line, alone where the document allows it."""
        for line in self.program.lines:
            for of, side, value in _of_line(line) if one_look(line) or line.event else ():
                for row in self.row(f"{line.id}: {of}", side, self._alone(line, value), line.id):
                    if self._says(line.id, row.evaluation):
                        yield row

    def _says(self, name: str | None, evaluation: Evaluation) -> bool:
        """Whether the evaluation says something of the line that it is about."""
        return name is None or evaluation.run.cells[self.program.by_id[name].index].state != "not-applicable"

    def several(self) -> Iterator[Boundary]:
        """Places, days, assessors and windows."""
        for one in several(self.program, self.witness.day):
            yield from self._several(one)

    def _several(self, one: Several) -> Iterator[Boundary]:
        """The row, where the engine takes the looks, of lines that may not be missing with the others at their best."""
        named = {look.criterion for look in one.looks}
        others = {name: self.best[name] for name in self.refused - named}
        with_others = attrs.evolve(
            one,
            looks=(*one.looks, *self.witness.looks(others)),
            places={**self.witness.community(others).places, **one.places},
        )
        evaluation = with_others.evaluated(self.program, self.witness.day, self.witness.facts)
        if evaluation is not None and self._says(one.line, evaluation):
            yield Boundary(
                of=one.of, side=one.side, observations=with_others.looks, evaluation=evaluation, line=one.line
            )

    @cached_property
    def refused(self) -> frozenset[str]:
        """The lines without which nothing is evaluated, as far as one look says all of them."""
        return frozenset(line.id for line in self.program.lines if line.missing == "refuse" and line.id in self.best)

    def _alone(self, line: CompiledLine, value: Any) -> Input:
        """The value, with the others at their best only where a missing one is refused."""
        return {**{name: seen for name, seen in self.best.items() if name in self.refused}, line.id: value}

    def sections(self) -> Iterator[Boundary]:
        """Where a cap or a floor begins to hold."""
        limited = [(one.id, one.cap, one.floor) for one in self.standard.walk()]
        whole = self.program.adder.limits
        for section, cap, floor in (*limited, (None, whole.get("cap"), whole.get("floor"))):
            for name, limit in (("cap", cap), ("floor", floor)):
                holds, lifts = (None, None) if limit is None else self._pair(_stepped(name, section))
                of = f"{name} of {section or 'the score'}"
                yield from self.row(of, "on", holds) if holds is not None else ()
                yield from self.row(of, "off", lifts) if holds is not None and lifts is not None else ()

    def _pair(self, wanted: Callable[[Evaluation], bool]) -> tuple[Input | None, Input | None]:
        """Two neighbours on the way from the worst to the best of which the one does it and the other does not."""
        last: dict[bool, Input] = {}
        for seen, evaluation in self._walked:
            does = wanted(evaluation)
            last[does] = seen
            if len(last) == 2:  # both
                break
        return last.get(True), last.get(False)

    @cached_property
    def _walked(self) -> list[tuple[Input, Evaluation]]:
        """The way, with what the engine makes of every step that it takes."""
        walked = ((seen, self.witness.evaluated(seen)) for seen in self._way())
        return [(seen, evaluation) for seen, evaluation in walked if evaluation is not None]

    def _way(self) -> Iterator[Input]:
        """From everything at its worst to everything at its best, one value after the other."""
        seen = self.witness.every(best=False)
        yield seen
        for line in self.witness.lines:
            values = [value for value in judged_values(self.standard, line) if not isinstance(value, type(NOT_HERE))]
            for value in sorted(values, key=lambda value: _worth(line, value)):
                seen = {**seen, line.id: value}
                yield seen

    def gates(self) -> Iterator[Boundary]:
        """Every gate, where it holds and where it just does not."""
        for gate in self.standard.gates:
            holds = self._holding(gate, _acting(gate)) or self._holding(gate, _holding(gate))
            if holds is None:
                continue
            yield from self.row(f"gate {gate.id}", "on", holds)
            lifted = self._lifted(gate.id, gate.when, holds)
            yield from self.row(f"gate {gate.id}", "off", lifted) if lifted is not None else ()

    def _holding(self, gate: Gate, wanted: Callable[[Evaluation], bool]) -> Input | None:
        """The smallest input under which a gate does what is wanted."""
        reports = {
            one.target: "attributable" if self.program.by_id[one.target].measure.attributable else "yes"
            for one in gate.when.walk() if one.happened is not None
        }  # fmt: skip
        for seen in ({**self.best, **reports}, {**self.witness.every(best=False), **reports}):
            if self.witness.does(seen, wanted):
                return self.witness.smallest(seen, wanted)
        found = next((seen for seen, evaluation in self._walked if wanted(evaluation)), None)
        return None if found is None else self.witness.smallest(found, wanted)

    def _lifted(self, name: str, when: Condition, holds: Input) -> Input | None:
        """The same input with one value changed, so that the gate does not hold."""
        asked = {one.target.partition(":")[0] for one in when.walk() if not one.members and one.target}
        for line in self.program.lines:
            if line.id not in asked and asked & {*self.program.by_id}:
                continue
            for value in edge_values(self.standard, line, Period()):
                seen = {**holds, line.id: value}
                if self.witness.does(seen, lambda one: name not in one.gates):
                    return seen
        return None

    def policies(self) -> Iterator[Boundary]:
        """Everything at its best and its worst; nothing observed; a line missing, and one that does not apply."""
        yield from self.row("everything at its best", "on", self.best)
        yield from self.row("everything at its worst", "on", self.witness.every(best=False))
        yield from self.row("nothing observed", "on", {})
        yield from self._covered()
        for policy, line in self._first("missing"):
            seen = {name: value for name, value in self.best.items() if name != line.id}
            yield from self.row(f"missing: {policy}", "on", seen, line.id)
        for policy, line in self._first("not_applicable"):
            yield from self.row(f"not applicable: {policy}", "on", {**self.best, line.id: NOT_HERE}, line.id)

    def _covered(self) -> Iterator[Boundary]:
        """As little as may be seen where a least coverage is asked, and one line less."""
        least, seen = self.standard.coverage, self.best
        if least is None or not self.witness.does(seen, _rated):
            return
        of = f"coverage: at_least {least if isinstance(least, str) else plain(least)}"
        for name in list(seen):
            less = {other: value for other, value in seen.items() if other != name}
            if self.witness.does(less, _rated):
                seen = less
        yield from self.row(of, "on", seen)
        for first in list(seen)[:1]:
            yield from self.row(of, "below", {name: value for name, value in seen.items() if name != first})

    def _first(self, policy: str) -> Iterable[tuple[str, CompiledLine]]:
        """The first line under every rule of a policy."""
        found: dict[str, CompiledLine] = {}
        for line in self.program.lines:
            if line.required and line.scored:
                found.setdefault(getattr(line, policy), line)
        return found.items()


def _answer(evaluation: Evaluation) -> tuple[Any, ...]:
    return evaluation.score, evaluation.grade_before_gates


def _units(evaluation: Evaluation) -> Fraction | None:
    points = evaluation.run.points
    return None if points is None else Fraction(points)


def _rated(evaluation: Evaluation) -> bool:
    return not evaluation.run.withheld


def _stepped(name: str, section: str | None) -> Callable[[Evaluation], bool]:
    def wanted(evaluation: Evaluation) -> bool:
        return any(step.name == name and step.section == section for step in evaluation.run.sums.steps)

    return wanted


def _holding(gate: Gate) -> Callable[[Evaluation], bool]:
    return lambda one: gate.id in one.gates


def _acting(gate: Gate) -> Callable[[Evaluation], bool]:
    """Whether a gate holds and, where it is to change the grade, does."""
    changes = "grade" in gate.then or "grade_at_most" in gate.then
    return lambda one: gate.id in one.gates and (not changes or one.grade != one.grade_before_gates)


def _worth(line: CompiledLine, value: Any) -> Any:
    points = line.read(value)[1]
    return -points if line.turned else points


def _of_line(line: CompiledLine) -> Iterator[tuple[str, Side, Any]]:
    """What is bounded, the side, and the value."""
    measure = line.measure
    match measure:
        case Levels():
            yield from ((f"level {name}", "on", name) for name in measure.levels)
        case Check() if one_comparison(measure) is None:
            yield from (("yes", "on", measure.expect), ("yes", "off", not measure.expect))
        case Check() | Tiers() | Linear() | Shortfall():
            yield from _figures(line, measure)
        case Marks():
            yield from _marks(line, measure)
        case Checklist():
            yield from _held(measure)
        case Event():
            yield "happened", "on", "attributable" if measure.attributable else "yes"
            yield "happened", "off", "not-attributable" if measure.attributable else "no"
        case Findings():
            best = written(line, line.best)
            for item in measure.items:
                for of, side, value in _of_item(line, item):
                    yield f"{item.id} {of}", side, {**(best if isinstance(best, Mapping) else {}), item.id: value}


def _figures(line: CompiledLine, measure: Any) -> Iterator[tuple[str, Side, Any]]:
    step = Fraction(1, 10**line.limits.decimals)
    low, high = line.limits.ends(percent=reads_percent(measure))
    unit = "%" if reads_percent(measure) else ""
    sides: tuple[tuple[Side, int], ...] = (("below", -1), ("on", 0), ("above", 1))
    for mark in figure_edges(line, measure):
        for side, way in sides:
            value = mark + way * step
            if low <= value <= high and (value / step).denominator == 1:
                yield f"{plain(mark)}{unit}", side, as_decimal(value)


def _marks(line: CompiledLine, marks: Marks) -> Iterator[tuple[str, Side, Any]]:
    if marks.choices is not None:
        yield from ((f"choice {plain(one)}", "on", one) for one in marks.choices)
        return
    low, high = line.limits.ends(percent=False)
    ends = [Fraction(one) for band in (marks.bands or {}).values() for one in band] or [low, high]
    yield from ((f"mark {plain(one)}", "on", as_decimal(one)) for one in ends if low <= one <= high)


def _held(checklist: Checklist) -> Iterator[tuple[str, Side, Any]]:
    many = len(checklist.items)
    needed = checklist.at_least if isinstance(checklist.at_least, int) else many
    counts = range(many + 1) if checklist.partial or checklist.weighted else (needed - 1, needed)
    for held in counts:
        side: Side = "below" if held < needed else "on"
        yield f"{held} of {many}", side, {item.id: place < held for place, item in enumerate(checklist.items)}


def _of_item(line: CompiledLine, item: Item) -> Iterator[tuple[str, Side, Any]]:
    if item.levels is not None:
        for name, taken in item.levels.items():
            ends = taken if isinstance(taken, tuple) else (None,)
            yield from ((name, "on", name if one is None else f"{name}={one:f}") for one in ends)
    elif item.measured is not None:
        yield from _figures(line, item.measured)
    elif isinstance(item.each, tuple):
        yield from ((f"takes {plain(one)}", "on", one) for one in item.each)
    elif item.attributable:
        yield from (("attributable", "on", "attributable"), ("attributable", "off", "not-attributable"))
    else:
        yield from ((f"× {count}", "on", count) for count in sorted(counts_of(item)))

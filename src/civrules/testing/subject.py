"""Subject: one standard under test, with the communities and observations that the kit draws from."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Any, TypeAlias

import attrs

from civrules import (
    Calendar,
    Community,
    Evaluation,
    InvalidInput,
    NotApplicable,
    Observation,
    Period,
    Plugin,
    Problem,
    Program,
    Ratio,
    Rulebook,
    Section,
    Standard,
    Waiver,
    lint,
)
from civrules.errors import CivrulesError
from civrules.measures import Event, Frequency
from civrules.model.condition import Condition
from civrules.model.days import Duration
from civrules.model.given import ByAttribute, givens
from civrules.review.boundaries import boundaries
from civrules.review.edges import NOT_HERE, edge_values, judges
from civrules.review.facts import facts_asked
from civrules.scoring.line import CompiledLine
from civrules.testing.sample import Looks, Sample

_ANY_YEAR = 2031
_DAY = timedelta(days=1)
_PLACES = ("1", "2", "3")
_MOST_COMMUNITIES = 12
_MOST_REMEMBERED = 400
Key: TypeAlias = tuple[int, tuple[int, ...]]


@attrs.frozen(eq=False)
class Slot:
    """Where something may be seen: one criterion, at one place where it counts per unit; and what may be seen there."""

    line: CompiledLine
    place: str | None
    options: tuple[Looks, ...]
    """Each one look or several; the first is the best."""
    may_be_empty: bool

    @property
    def name(self) -> str:
        """The criterion."""
        return self.line.id

    @cached_property
    def ends(self) -> tuple[Observation, Observation]:
        """The looks that leave nothing open and give the least favourable, and the most favourable, points."""
        turned = -1 if self.line.turned else 1
        ordered = sorted(self.judged, key=lambda look: turned * self.line.read(look.value)[1])
        return ordered[0], ordered[-1]

    @cached_property
    def judged(self) -> tuple[Observation, ...]:
        """Those of the looks that leave nothing open on which a plugin's measure does not fail."""
        return tuple(look for look in self.values if judges(self.line, look.value))

    @cached_property
    def values(self) -> tuple[Observation, ...]:
        """The looks that leave nothing open: one value that applies, and that is enough of a sample."""
        alone = (looks[0] for looks in self.options if len(looks) == 1)
        small = self.line.criterion.sample is not None
        known = (look for look in alone if look.at is None and _applies(look.value, of=not small))
        # While it is not said who is responsible, nothing is said.
        attributable = self.line.event and self.line.measure.attributable
        return tuple(look for look in known if not (attributable and look.value == "yes"))


@attrs.frozen(eq=False, slots=False)
class Subject:
    """One standard under test."""

    plugin: Plugin
    book: Rulebook
    standard: Standard
    given: tuple[Community, ...] | None = None

    @cached_property
    def program(self) -> Program:
        """The standard, compiled."""
        return Program(self.standard)

    @cached_property
    def fresh(self) -> Program:
        """The same program, made again."""
        return self.another()

    def another(self) -> Program:
        """One more program of the standard, which remembers nothing."""
        return Program(self.standard)

    @cached_property
    def turned(self) -> Program:
        """The program of the same sheet from the last section and line to the first."""
        return Program(turned(self.standard))

    @cached_property
    def findings(self) -> tuple[Problem, ...]:
        """What lint finds."""
        return lint([self.standard])

    @cached_property
    def corners(self) -> tuple[Sample, ...]:
        """Samples on every boundary and one step beside it, and where a rounding is decided by its mode."""
        return tuple(corners(self))

    @cached_property
    def period(self) -> Period:
        """A year in which the standard is in force."""
        day = self.standard.effective.first or self.standard.effective.last
        return Period.year(_ANY_YEAR if day is None else day.year)

    @property
    def last(self) -> date:
        """The day of judgement."""
        assert self.period.last is not None
        return self.period.last

    @property
    def first(self) -> date:
        """The first day that is scored."""
        assert self.period.first is not None
        return self.period.first

    @cached_property
    def calendar(self) -> Calendar | None:
        """Two times in the year for every occasion that the standard counts."""
        measures = [one.measure for one in self.standard.criteria.values() if isinstance(one.measure, Frequency)]
        names = {name for one in measures if isinstance(one.per, str) for name in one.occasions}
        half = self.first + 181 * _DAY
        times = (Period(self.first, half), Period(half + _DAY, self.last))
        return Calendar(dict.fromkeys(sorted(names), times)) if names else None

    @cached_property
    def drawn(self) -> dict[Any, tuple[int, tuple[Any, ...]]]:
        """How many were asked for and what was drawn already, by the strategy."""
        return {}

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was found out about the standard once and for all, by the function that did."""
        return {}

    @cached_property
    def _tried(self) -> dict[Key, tuple[Sample, Evaluation | None]]:
        return {}

    def tried(self, sample: Sample) -> Evaluation | None:
        """What the engine makes of a sample; None where it refuses it. Remembered: invariants ask it of the same ones.

        What tells samples apart are the looks themselves: yes equals 1, and a measure may see the difference.
        """
        key = id(sample.community), tuple(map(id, sample.observations))
        if key not in self._tried:
            try:
                evaluation = self.evaluated(sample)
            except InvalidInput:
                evaluation = None
            if len(self._tried) >= _MOST_REMEMBERED:
                del self._tried[next(iter(self._tried))]
            # With the sample its looks are kept, so that no other look takes the place of one in memory.
            self._tried[key] = sample, evaluation
        return self._tried[key][1]

    def evaluated(self, sample: Sample, waivers: Iterable[Waiver] = (), program: Program | None = None) -> Evaluation:
        """What the engine makes of a sample. Raises InvalidInput."""
        return (program or self.program).evaluate(
            sample.community, sample.observations, period=self.period, waivers=waivers, calendar=self.calendar
        )

    @cached_property
    def communities(self) -> tuple[Community, ...]:
        """The communities given; else one that says nothing, and one for every fact that a condition turns on."""
        if self.given:
            return self.given
        units = sorted({one.per_unit for one in self.standard.criteria.values() if one.per_unit is not None})
        places = dict.fromkeys(units, _PLACES)
        pools = {name: facts for name, facts in _facts(self.standard).items() if facts}
        plain = {name: facts[0] for name, facts in pools.items()}
        tried = [plain, {}, *({**plain, name: fact} for name, facts in pools.items() for fact in facts[1:])]
        kind = self.standard.kinds[0]
        return tuple(
            Community("community-1", kind=kind, attributes=facts, places=places) for facts in tried[:_MOST_COMMUNITIES]
        )

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Everything that may be seen; places are those of the first community's register."""
        return tuple(slot for line in self.program.lines for slot in self._slots(line))

    def _slots(self, line: CompiledLine) -> Iterator[Slot]:
        unit = line.criterion.per_unit
        places = (None,) if unit is None else self.communities[0].places.get(unit, ()) or ("1",)
        for place in places:
            options = tuple(self._options(line, place))
            if options:
                yield Slot(line, place, options, line.missing != "refuse")

    def _options(self, line: CompiledLine, place: str | None) -> Iterator[Looks]:
        values = edge_values(self.standard, line, self.period)
        if isinstance(line.measure, Event):
            yield from self._reports(line)
            return
        singles = [Observation(line.id, value, place=place) for value in values]
        yield from ((one,) for one in singles)
        if line.not_applicable != "refuse":
            yield (Observation(line.id, NOT_HERE, place=place),)
        if isinstance(line.measure, Frequency) or len(values) < 2:  # two looks differ
            return
        yield from self._several(line, values, place)

    def _several(self, line: CompiledLine, values: tuple[Any, ...], place: str | None) -> Iterator[Looks]:
        """Two looks of one day, of two days, and of two assessors; none that could not be added."""
        best, worst = values[0], values[1]

        def look(value: Any, at: date | None = None, by: str | None = None) -> Observation:
            return Observation(line.id, value, at=at, by=by, place=place)

        earlier, first = self.last - 40 * _DAY, self.first
        several = [
            (look(best), look(worst)),
            (look(worst, earlier), look(best)),
            (look(best, earlier), look(worst)),
            (look(best, by="first"), look(worst, by="second")),
            (look(best, by="first"), look(best, earlier, by="first"), look(worst, by="second")),
            (look(best), look(worst), look(worst)),
            (look(worst, first), look(best, first - _DAY)),
            (look(worst, self.last), look(best, self.last + _DAY)),
            *((look(best, at),) for at in self._oldest(line)),
        ]
        if line.not_applicable != "refuse":
            several.append((look(best, by="first"), look(NOT_HERE, by="second")))
        for looks in several:
            # Only where looks are added together may one be refused for the other.
            if line.criterion.pool != "sum":
                yield looks
                continue
            try:
                self.program.evaluate(self.communities[0], looks, period=self.period, calendar=self.calendar)
            except CivrulesError as error:
                if any(problem.code != "missing-refused" for problem in error.problems):
                    continue
            yield looks

    def _oldest(self, line: CompiledLine) -> Iterator[date]:
        """The oldest day on which a look still holds, and the day before."""
        if line.valid_for is not None:
            yield from _beside(line.valid_for.before(self.last))

    def _reports(self, line: CompiledLine) -> Iterator[Looks]:
        """Reports of an event: none, one, one whose attribution is open, and one on every day that turns something."""
        if line.measure.attributable:
            yield (Observation(line.id, "attributable"),)
            yield (Observation(line.id, "not-attributable"),)
            yield (Observation(line.id, "yes"),)
        else:
            yield (Observation(line.id, "yes"),)
            yield (Observation(line.id, "no"),)
        counts = "attributable" if line.measure.attributable else "yes"
        yield from ((Observation(line.id, counts, at=day),) for day in dict.fromkeys(self._looked_back_to(line)))

    def _looked_back_to(self, line: CompiledLine) -> Iterator[date]:
        """The first day of the period and of every window in which a condition looks for the event; the day before."""
        windows = [self.first]
        for part in (part for one in _conditions(self.standard) for part in one.walk() if part.happened == line.id):
            within = self.standard.interval(part.within)
            windows += [] if within is None else [Duration.of(within).before(self.last)]
            windows += [] if part.during is None else [date(self.last.year, 1, 1)]
        for first in windows:
            yield from _beside(first)


def _beside(first: date) -> Iterator[date]:
    """The first day of a window, and the day before, where there is one."""
    yield first
    if first > date.min:
        yield first - _DAY


def _applies(value: Any, *, of: bool) -> bool:
    if isinstance(value, Mapping):
        return all(_applies(one, of=of) for one in value.values())
    return not isinstance(value, NotApplicable) and (of or not isinstance(value, Ratio))


def _facts(standard: Standard) -> dict[str, list[Any]]:
    """For every attribute that something asks for what it may be: on and beside what it is compared with."""
    found = {name: list(facts) for name, facts in facts_asked(_conditions(standard)).items()}
    for given in (given for one in standard.criteria.values() for given in givens(one)):
        if isinstance(given, ByAttribute):
            ends = [int(end) for end, _ in _steps(given)]
            found.setdefault(given.by, []).extend(side for end in ends for side in (end, end + 1, end - 1))
    return {name: list(dict.fromkeys(facts)) for name, facts in found.items()}


def _conditions(standard: Standard) -> Iterator[Condition]:
    """Everything that an evaluation may turn on."""
    yield from (one.applies_when for one in standard.criteria.values() if one.applies_when is not None)
    yield from (gate.when for gate in standard.gates)
    yield from (grade.requires for grade in standard.grades if grade.requires is not None)


def _steps(given: ByAttribute) -> tuple[tuple[Any, Any], ...]:
    steps: Any = given.lower
    return tuple(steps.items()) if hasattr(steps, "items") else tuple(steps)


def turned(standard: Standard) -> Standard:
    """The standard with its sections, and the members of each, in the opposite order."""
    return attrs.evolve(standard, sections=[_turned(section) for section in reversed(standard.sections)])


def _turned(section: Section) -> Section:
    children = [_turned(one) if isinstance(one, Section) else one for one in reversed(section.children)]
    return attrs.evolve(section, children=children)


_MOST_TRIED = 600
_MOST_IN_ALL = 300


def corners(subject: Subject) -> Iterator[Sample]:
    """Every row of the standard's boundaries, what decides a rounding, several looks, and all where that is little."""
    community = subject.communities[0]
    rows = [row for row in boundaries(subject.standard) if all(look.at is None for look in row.observations)]
    for looks, places in dict.fromkeys((row.observations, row.evaluation.community.places) for row in rows):
        yield Sample(attrs.evolve(community, places=places) if places else community, looks)
    yield from _ties(subject)
    yield from (Sample(community, looks) for slot in _pooled_in_every_way(subject) for looks in slot.options)
    slots = _scored(subject)
    if prod(len(slot.values) for slot in slots) <= _MOST_IN_ALL:
        yield from (Sample(community, looks) for looks in product(*(slot.values for slot in slots)))


def _pooled_in_every_way(subject: Subject) -> Iterable[Slot]:
    """The first slot of every kind of line, as far as several looks and days are concerned."""
    found: dict[Any, Slot] = {}
    for slot in subject.slots:
        one = slot.line.criterion
        found.setdefault((slot.line.event, one.pool, one.assessors, one.places, one.per_unit, one.valid_for), slot)
    return found.values()


def _scored(subject: Subject) -> list[Slot]:
    return [slot for slot in subject.slots if slot.values and not slot.line.event]


def _ties(subject: Subject) -> Iterator[Sample]:
    """Samples whose exact score lies half way between two that can be shown, above an odd or an even one, or less."""
    places = subject.standard.rounding.total
    if places is None:
        return
    found = [0, 0, 0]
    for sample in islice(_near_best(subject), _MOST_TRIED):
        try:
            exact = subject.evaluated(sample).run.sums.exact
        except CivrulesError:
            continue
        shown = Fraction(0) if exact is None else Fraction(exact) / 10**subject.program.places * 10**places
        if not _NEARLY <= shown % 1 <= _HALF:
            continue
        kind = int(shown) % 2 if shown % 1 == _HALF else 2
        if found[kind] < _MOST_TIES:
            found[kind] += 1
            yield sample
        if min(found) == _MOST_TIES:
            return


_MOST_TIES = 4
_HALF, _NEARLY = Fraction(1, 2), Fraction(9, 20)


def _near_best(subject: Subject) -> Iterator[Sample]:
    """Everything at its best but for one slot, with ever fewer of the first slots not applicable."""
    slots = _scored(subject)
    for gone in reversed(range(len(slots))):
        leaving = [slot for slot in slots[:gone] if slot.line.not_applicable != "refuse"]
        kept = [slot for slot in slots if slot not in leaving]
        away = tuple(Observation(slot.name, NOT_HERE, place=slot.place) for slot in leaving)
        for changed in kept:
            rest = tuple(slot.values[0] for slot in kept if slot is not changed)
            for value in changed.values[1:]:
                yield Sample(subject.communities[0], (*away, *rest, value))

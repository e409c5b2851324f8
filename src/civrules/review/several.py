"""Several: the boundaries of what one look cannot say: places, days, assessors, windows, what gates look back on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from math import ceil
from typing import Any

import attrs

from civrules.errors import CivrulesError
from civrules.model.calendar import Calendar
from civrules.model.community import Community
from civrules.model.condition import Condition
from civrules.model.days import Duration, Period
from civrules.model.figures import plain
from civrules.model.mapping import FrozenMapping
from civrules.model.measures.frequency import Frequency
from civrules.model.measures.measure import amount
from civrules.model.observation import Observation
from civrules.model.windows import WEEKDAYS, DaysThatCount
from civrules.review.edges import samples_of
from civrules.review.facts import facts_asked
from civrules.review.witness import Input, Witness, written
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.line import CompiledLine
from civrules.scoring.program import Program

_DAY = timedelta(days=1)
_NO_OCCASIONS = Calendar()
_FEW = 3
_MANY = 20
_MOST_FACTS = 500
_ANYONE = ("first", "second")


@attrs.frozen(kw_only=True)
class Several:
    """Looks on one side of something; `line` is the criterion that they are about, None where a gate is."""

    of: str
    side: Any
    looks: tuple[Observation, ...]
    line: str | None = None
    places: Mapping[str, tuple[str, ...]] = attrs.field(factory=FrozenMapping)
    """The community's register."""
    period: Period | None = None
    """What is counted by windows; without it the looks are judged on the standard's first day."""

    def evaluated(self, program: Program, day: date, facts: Mapping[str, Any]) -> Evaluation | None:
        """What the engine makes of it, of a community of which this is so; None where it is refused."""
        on = day if self.period is None else None
        community = Community("any", attributes=facts, places=self.places)
        try:
            return program.evaluate(community, self.looks, on=on, period=self.period)
        except CivrulesError:
            return None


class WithPlaces(Witness):
    """Looks for inputs where the same is seen at every place, at as many as are asked for, by one assessor."""

    @staticmethod
    def says(line: CompiledLine) -> bool:
        """Whether one look, the same at each place, says all of the line."""
        return one_look(line)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What a community says of itself to which as many lines apply as can."""
        asked = (one.applies_when for one in self.program.standard.criteria.values() if one.applies_when is not None)
        pools = facts_asked(asked)
        tried = (dict(zip(pools, chosen, strict=True)) for chosen in product(*pools.values()))
        return min(islice(tried, _MOST_FACTS), key=self._applying)

    def _applying(self, facts: Mapping[str, Any]) -> int:
        return len(self.program.inapplicable(Community("any", attributes=facts)))

    def community(self, seen: Input) -> Community:
        """A community whose register has the places that are looked at, and of which lines ask no more than it says."""
        counted = (self.program.by_id[name] for name in seen)
        places: dict[str, tuple[str, ...]] = {}
        for line in (one for one in counted if one.criterion.per_unit is not None):
            here = register(line, _asked_for(line))
            places |= {unit: max(names, places.get(unit, ()), key=len) for unit, names in here.items()}
        return Community("any", attributes=self.facts, places=places)

    def looks(self, seen: Input) -> tuple[Observation, ...]:
        """One look at every criterion, and at every place of one that counts by place."""
        places = self.community(seen).places
        return tuple(look for name, value in seen.items() for look in self._at(name, value, places))

    def _at(self, name: str, value: Any, places: Mapping[str, tuple[str, ...]]) -> Iterable[Observation]:
        unit = self.program.by_id[name].criterion.per_unit
        return (Observation(name, value, place=place) for place in ((None,) if unit is None else places[unit]))


def one_look(line: CompiledLine) -> bool:
    """Whether one look says all of the line, at each place where it counts by place."""
    return not (line.event or line.windowed or line.change or line.given)


def _asked_for(line: CompiledLine) -> int:
    """At how many places something has to be seen."""
    return max(int(line.criterion.sample), 1) if isinstance(line.criterion.sample, int) else 1


def several(program: Program, day: date) -> Iterator[Several]:
    """What turns on more than one look, line by line and then for every rule of pooling; `day` is that of judgement."""
    for line in program.lines:
        best, worst = _ends(line)
        if isinstance(line.measure, Frequency):
            yield from _windows(line, line.measure, day)
        elif best is not None:
            yield from _places(line, best, worst)
            yield from _fresh(line, best, day)
            yield from _sampled(line)
    yield from _rules(program, day)
    for gate in program.standard.gates:
        for part in gate.when.walk():
            yield from _looking_back(program, gate.id, part, day)


def _ends(line: CompiledLine) -> tuple[Any, Any]:
    """The best and the worst value of a line, as they are observed; nothing where one look cannot say them."""
    if not one_look(line):
        return None, None
    best, worst = written(line, line.best), written(line, line.worst)
    return (None, None) if worst is None else (best, worst)


def at_places(line: CompiledLine, values: Iterable[Any]) -> tuple[Observation, ...]:
    """One look at every place; the places are called by their numbers, from 1."""
    return tuple(Observation(line.id, value, place=str(number)) for number, value in enumerate(values, 1))


def register(line: CompiledLine, many: int) -> Mapping[str, tuple[str, ...]]:
    """A register with so many places of the line's kind."""
    return FrozenMapping({str(line.criterion.per_unit): tuple(str(number) for number in range(1, many + 1))})


def _places(line: CompiledLine, best: Any, worst: Any) -> Iterator[Several]:
    """How many places decide, one that nobody visited, and fewer than the sample."""
    rule = line.criterion.places or "worst"
    if line.criterion.per_unit is None:
        return
    sample = _asked_for(line)

    def of_places(what: str, side: str, good: int, many: int, unseen: int = 0) -> Several:
        values = [best] * good + [worst] * (many - good - unseen)
        looks = at_places(line, values)
        return Several(of=f"{line.id}: {what}", side=side, looks=looks, line=line.id, places=register(line, many))

    if isinstance(rule, str):
        many = max(_FEW, sample)
        yield of_places(f"{rule} of the places", "on", many - 1, many)
        yield of_places(f"{rule} of the places", "off", many, many)
    else:
        share = Fraction(amount(rule.at_least)) / 100
        many = max(min(share.denominator, _MANY), sample, 1)
        needed = ceil(share * many)
        for side, good in (("below", needed - 1), ("on", needed), ("above", needed + 1)):
            if 0 <= good <= many:
                yield of_places(f"{plain(share * 100)}% of the places", side, good, many)
    yield of_places("a place not visited", "on", max(_FEW, sample + 1) - 1, max(_FEW, sample + 1), unseen=1)
    if sample > 1:
        yield of_places(f"a sample of {sample}", "below", sample - 1, sample, unseen=1)
        yield of_places(f"a sample of {sample}", "on", sample, sample)


def _sampled(line: CompiledLine) -> Iterator[Several]:
    """As much of n of m as is asked for, and one less."""
    for side, value in zip(("on", "below"), samples_of(line), strict=False):
        looks = (Observation(line.id, value),)
        yield Several(of=f"{line.id}: a sample of {line.criterion.sample}", side=side, looks=looks, line=line.id)


def _fresh(line: CompiledLine, best: Any, day: date) -> Iterator[Several]:
    """The oldest look that still counts, and one a day older."""
    if line.valid_for is None or line.criterion.per_unit is not None:
        return
    first = line.valid_for.before(day)
    for side, at in (("on", first), ("off", first - _DAY)):
        of = f"{line.id}: valid for {line.valid_for}"
        yield Several(of=of, side=side, looks=(Observation(line.id, best, at=at),), line=line.id)


def _windows(line: CompiledLine, measure: Frequency, day: date) -> Iterator[Several]:
    """Every window kept, one of them just not, and one kept more; of the first few windows of a year."""
    if not isinstance(measure.per, str) or not isinstance(measure.at_least, int) or measure.occasions:
        return
    windows = [one for one in measure.cadence.windows(Period.year(day.year)) if _counting(measure, one)][:_FEW]
    if not windows:
        return
    days = [_counting(measure, window) for window in windows]
    period = Period(windows[0].first, windows[-1].last)
    often = int(measure.at_least)
    for side, last in (("on", often), ("below", often - 1), ("above", often + 1)):
        counts = {str(at): often for at in days} | {str(days[-1]): last}
        of = f"{line.id}: {often} in each of {len(windows)} × {measure.cadence}"
        yield Several(of=of, side=side, looks=(Observation(line.id, counts),), line=line.id, period=period)


def _counting(measure: Frequency, window: Period) -> date | None:
    """The first day of a window that counts."""
    assert window.first is not None
    counting = DaysThatCount(measure.weekdays)
    days = (window.first + index * _DAY for index in range(len(WEEKDAYS)))
    return next((at for at in days if at in window and counting.counts(at, _NO_OCCASIONS)), None)


def _rules(program: Program, day: date) -> Iterator[Several]:
    """The first line under every rule of pooling: an earlier and a later look, two of one day, two assessors."""
    pools: dict[str, CompiledLine] = {}
    assessors: dict[str, CompiledLine] = {}
    for line in program.lines:
        best, worst = _ends(line)
        if best is None or best == worst or line.criterion.per_unit is not None or line.change:
            continue
        pools.setdefault(line.criterion.pool, line)
        if line.criterion.assessors is not None:
            assessors.setdefault(line.criterion.assessors, line)
    for rule, line in pools.items():
        best, worst = _ends(line)
        later = Observation(line.id, worst, at=day)
        of = f"{line.id}: looks: {rule}"
        yield Several(
            of=f"{of}, of two days", side="on", looks=(Observation(line.id, best, at=day - _DAY), later), line=line.id
        )
        yield Several(
            of=f"{of}, of one day", side="on", looks=(Observation(line.id, best, at=day), later), line=line.id
        )
    for rule, line in assessors.items():
        looks = tuple(Observation(line.id, value, by=by) for value, by in zip(_ends(line), _ANYONE, strict=True))
        yield Several(of=f"{line.id}: assessors: {rule}", side="on", looks=looks, line=line.id)


def _looking_back(program: Program, gate: str, part: Condition, day: date) -> Iterator[Several]:
    """An event on the first day of the window that a gate looks back on, and a day before."""
    within = program.standard.interval(part.within)
    if part.happened is None or (within is None and part.during is None):
        return
    first = date(day.year, 1, 1) if within is None else Duration.of(within).before(day)
    said = "attributable" if program.by_id[part.happened].measure.attributable else "yes"
    window = f"within {within}" if within is not None else f"during the {part.during}"
    for side, at in (("on", first), ("off", first - _DAY)):
        of = f"gate {gate}: {part.happened} {window}"
        yield Several(of=of, side=side, looks=(Observation(part.happened, said, at=at),))

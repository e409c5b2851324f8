"""What is known of one criterion: from all that was seen of it to one line, over looks, assessors and places."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import attrs

from civrules import Community, NotApplicable, Observation, Period, Ratio
from civrules.testing.naive.calendar_days import back, windows
from civrules.testing.naive.candidates import observable, worst_value
from civrules.testing.naive.figures import NotGiven, fraction, given, summed
from civrules.testing.naive.measures import at_its_decimals, favour, judged, own_reach, shown_as
from civrules.testing.naive.places import Place
from civrules.testing.naive.values import Open, is_yes, understood

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Refused(Exception):
    """The call is refused by a policy of the standard."""


@attrs.frozen(kw_only=True)
class Line:
    """What is known of one criterion; `state` is seen, missing, unrecorded, not-applicable or waived."""

    state: str
    value: Any = None
    points: Fraction | None = None
    result: str | None = None
    looked: bool = False
    """Whether somebody looked."""
    leaves: bool = False
    """Whether it leaves the denominator."""
    reach: Fraction | None = None
    """The most that it could give, where that is not P."""
    parts: tuple[tuple[str, "Line"], ...] = ()
    raw: Fraction | None = None
    """The figure behind a change."""
    counts: Mapping[str, Any] | None = None
    """What the findings of several looks or places come to together."""
    free: bool = False
    """Whether it may still give any points from `least` to P: a number of its measure is not known."""


@attrs.frozen(kw_only=True)
class Call:
    """What an evaluation is asked."""

    community: Community
    on: date | None = None
    period: Period | None = None
    before: Mapping[str, Fraction] = attrs.field(factory=dict)
    """The figures of the previous evaluation."""

    def day_of(self, look: Observation) -> date | None:
        """Without a date a look counts as of the last day of the period."""
        if look.at is not None or self.period is None or self.period.last is None:
            return look.at
        return self.period.last

    def in_period(self, look: Observation) -> bool:
        """Whether the look is scored."""
        day = self.day_of(look)
        return day is None or self.period is None or day in self.period


def line_of(place: Place, looks: Sequence[Observation], call: Call, applies: bool) -> Line:
    """One criterion's line from all that was seen of it; `applies` says what the community's attributes say."""
    looks = list(dict.fromkeys(looks))
    if not applies:
        return not_applicable(place, looked=bool(looks))
    try:
        place = with_numbers(place, call)
    except NotGiven:
        return _without_numbers(place, looked=bool(looks))
    here = [look for look in looks if call.in_period(look)]
    if place.event:
        return event_line(place, here)
    fresh = [look for look in here if _is_fresh(place, look, call)]
    if place.criterion.per_unit is not None:
        return at_decimals(place, _over_places(place, fresh, call))
    return at_decimals(place, _over_assessors(place, fresh, call)) if fresh else _unseen(place, call)


def _unseen(place: Place, call: Call) -> Line:
    """A line at which nobody looked; it does not apply where nothing that was seen could have counted."""
    measure: Any = place.criterion.measure
    if measure.kind == "frequency" and call.period is not None and None not in (call.period.first, call.period.last):
        line = frequency_line(place, (), call)
        if line.state == "not-applicable":
            return attrs.evolve(line, looked=False)
    if getattr(measure, "change", False) and measure.first is None and place.name not in call.before:
        return not_applicable(place, looked=False)
    return missing(place)


def with_numbers(place: Place, call: Call) -> Place:
    """The place with the numbers in force, and what a change may be. Raises NotGiven."""
    criterion = place.criterion
    measure = given(criterion.measure, place.standard, call.community, call.on)
    sample: Any = given(criterion.sample, place.standard, call.community, call.on)
    sample = None if sample is None else int(fraction(sample))
    if (measure, sample) != (criterion.measure, criterion.sample):
        criterion = attrs.evolve(criterion, measure=measure, sample=sample)
    return attrs.evolve(place, criterion=criterion, read=_differences(place, measure, call))


def _differences(place: Place, measure: Any, call: Call) -> tuple[Fraction, Fraction] | None:
    """The least and the greatest change; in the first period it can only be what the document says."""
    if not getattr(measure, "change", False):
        return None
    if place.name in call.before:
        low, high = map(fraction, place.criterion.range or observable(measure))
        return low - call.before[place.name], high - call.before[place.name]
    return None if measure.first is None else (fraction(measure.first), fraction(measure.first))


def _without_numbers(place: Place, *, looked: bool) -> Line:
    if place.event or not place.counts or place.missing in ("hold", "refuse", "rescale"):
        line = missing(place, looked=looked)
    else:
        points = (place.most or Fraction(0)) if place.demerits else place.least
        line = Line(state="missing", points=points, result=shown_as(place, "fail"), looked=looked)
    return attrs.evolve(line, free=line.state == "missing")


def _is_fresh(place: Place, look: Observation, call: Call) -> bool:
    day = call.day_of(look)
    if place.criterion.valid_for is None or day is None:
        return True
    assert call.on is not None
    return day >= back(call.on, place.criterion.valid_for)


def not_applicable(place: Place, *, looked: bool) -> Line:
    """A line that does not apply: it leaves the denominator, or earns its full points."""
    if place.not_applicable == "full" and not place.adjusts:
        points = Fraction(0) if place.demerits or not place.counts else place.most
        return Line(state="not-applicable", points=points, result="not-applicable", looked=looked)
    return Line(state="not-applicable", result="not-applicable", looked=looked, leaves=True)


def stated_not_applicable(place: Place) -> Line:
    """An observer's "does not apply". Raises Refused."""
    if place.not_applicable == "refuse":
        raise Refused(place.name)
    return not_applicable(place, looked=True)


def missing(place: Place, *, looked: bool = False) -> Line:
    """A line without a usable value, as its policy has it stand."""
    if not place.event and not place.counts:
        return Line(state="unrecorded", points=Fraction(0), result="not-checked", looked=looked)
    if not looked and place.only_when_it_happens:
        result = "pass" if place.event else "not-checked"
        return Line(state="unrecorded", value=False if place.event else None, points=Fraction(0), result=result)
    if place.missing in ("hold", "refuse"):
        return Line(state="missing", looked=looked)
    if place.missing == "rescale":
        return Line(state="missing", looked=looked, leaves=True)
    if place.event:
        return Line(state="missing", value=True, result="fail", looked=looked)
    value = worst_value(place)
    points, result = judged(place, value)
    points = at_its_decimals(place, points)
    return Line(state="missing", value=value, points=points, result=result, looked=looked)


def at_decimals(place: Place, line: Line) -> Line:
    """The line with its points at the criterion's decimals."""
    if line.points is None or line.state == "not-applicable":
        return line
    return attrs.evolve(line, points=at_its_decimals(place, line.points, _times(place, line)))


def _times(place: Place, line: Line) -> int:
    """Of how many places the points are."""
    counted = [part for _, part in line.parts if not part.leaves and part.state != "not-applicable"]
    return len(counted) if place.criterion.places == "sum" and counted else 1


# -------------------------------------------------------------------------------------------- looks, assessors, places


def _over_assessors(place: Place, looks: Sequence[Observation], call: Call) -> Line:
    how = place.criterion.assessors
    if place.criterion.measure.kind == "frequency":
        return frequency_line(place, looks, call)
    if how is None:
        return _over_looks(place, looks, call)
    names = dict.fromkeys(look.by for look in looks)
    return combined(place, [_over_looks(place, [one for one in looks if one.by == name], call) for name in names], how)


def _over_looks(place: Place, looks: Sequence[Observation], call: Call) -> Line:
    how = place.criterion.pool
    if how == "latest":
        newest = max(call.day_of(look) or date.max for look in looks)
        latest = [look for look in looks if (call.day_of(look) or date.max) == newest]
        return min((look_line(place, look, call) for look in latest), key=lambda line: _rank(place, line))
    if how == "sum":
        return look_line(place, attrs.evolve(looks[0], value=added([look.value for look in looks])), call)
    lines = [look_line(place, look, call) for look in looks]
    pooled = combined(place, lines, how)
    if pooled.state != "seen":
        return pooled
    return attrs.evolve(
        pooled, counts=found_together(place, [line for line in lines if line.state != "not-applicable"])
    )


def added(values: Sequence[Any]) -> Any:
    """What was seen, together: figures, n and m each, counts item by item."""
    there = [value for value in values if not isinstance(value, NotApplicable)]
    if not there:
        return values[0]
    if isinstance(there[0], Ratio):
        return Ratio(sum(int(one.n) for one in there), sum(int(one.of) for one in there))
    if isinstance(there[0], Mapping):
        names = dict.fromkeys(name for one in there for name in one)
        return {name: added([one[name] for one in there if name in one]) for name in names}
    return summed(fraction(one) for one in there)


def _rank(place: Place, line: Line) -> tuple[int, tuple[Fraction, int]]:
    """Missing is the least favourable, not applicable the most."""
    rank = {"not-applicable": 2, "missing": 0}.get(line.state, 1)
    return rank, (Fraction(0), 0) if line.points is None else favour(place, line.points, str(line.result))


def combined(place: Place, lines: Sequence[Line], how: str) -> Line:
    """One of several looks or assessors, among those that apply."""
    applying = [line for line in lines if line.state != "not-applicable"]
    if not applying:
        return lines[0]
    if any(line.state == "missing" for line in applying):
        return missing(place, looked=True)
    if how == "mean":
        points = summed(line.points or Fraction(0) for line in applying) / len(applying)
        return Line(state="seen", value=_seen_alike(applying), points=points, result=_in_common(applying), looked=True)
    chosen = (max if how == "best" else min)(applying, key=lambda line: _rank(place, line))
    return attrs.evolve(chosen, looked=True)


def _seen_alike(lines: Sequence[Line]) -> Any:
    """What all of them saw, where they saw the same."""
    return lines[0].value if all(one.value == lines[0].value for one in lines) else None


def found_together(place: Place, lines: Sequence[Line]) -> Mapping[str, Any] | None:
    """Counts add up over looks and places; what is no count stands only where it is the same everywhere."""
    measure: Any = place.criterion.measure
    found = [line.value if line.counts is None else line.counts for line in lines]
    if measure.kind != "findings" or not found or None in found:
        return None
    together: dict[str, Any] = {}
    for item in measure.items:
        there = [one[item.id] for one in found if not isinstance(one.get(item.id), NotApplicable)]
        counted = item.levels is None and item.tiers is None and item.shortfall is None
        if counted and there:
            often = [one[0] if isinstance(one, tuple) else one for one in there]
            together[item.id] = sum(often)
        else:
            together[item.id] = there[0] if there and all(one == there[0] for one in there) else None
    return together


def _in_common(lines: Iterable[Line]) -> str:
    """The result that all share, else partial."""
    results = {str(line.result) for line in lines}
    return results.pop() if len(results) == 1 else "partial"


def look_line(place: Place, look: Observation, call: Call) -> Line:
    """The line that one look gives, not rounded yet."""
    sample = place.criterion.sample if place.criterion.per_unit is None else None
    if place.not_applicable == "refuse" and isinstance(look.value, Mapping):
        for one in look.value.values():
            if isinstance(one, NotApplicable):
                raise Refused(place.name)
    if sample is not None and isinstance(look.value, Ratio) and 0 < fraction(look.value.of) < sample:
        return missing(place, looked=True)
    try:
        seen = understood(place.criterion, look.value, look.attributable)
    except Open:
        return missing(place, looked=True)
    if isinstance(seen, NotApplicable):
        return stated_not_applicable(place)
    return _changed(place, seen, call) if getattr(place.criterion.measure, "change", False) else _seen(place, seen)


def _seen(place: Place, seen: Any) -> Line:
    points, result = judged(place, seen)
    return Line(state="seen", value=seen, points=points, result=result, looked=True, reach=own_reach(place, seen))


def _changed(place: Place, seen: Fraction, call: Call) -> Line:
    """The value less the previous one; in the first period what the document says, else not applicable."""
    first: Any = getattr(place.criterion.measure, "first", None)
    if place.name in call.before:
        line = _seen(place, seen - call.before[place.name])
    elif first is not None:
        line = _seen(place, fraction(first))
    else:
        line = not_applicable(place, looked=True)
    return attrs.evolve(line, raw=seen)


def frequency_line(place: Place, looks: Sequence[Observation], call: Call) -> Line:
    """In how many of the windows that are over, or met already, it was done often enough."""
    measure: Any = place.criterion.measure
    assert call.period is not None
    if any(isinstance(look.value, NotApplicable) for look in looks):
        return stated_not_applicable(place)
    done = [pair for look in looks for pair in _done(look, call)]
    counts = []
    for first, last in windows(measure.per, call.period):
        days = [first + timedelta(days=index) for index in range((last - first).days + 1)]
        if measure.weekdays and not any(WEEKDAYS[day.weekday()] in measure.weekdays for day in days):
            continue
        times = sum(
            often
            for day, often in done
            if first <= day <= last and (not measure.weekdays or WEEKDAYS[day.weekday()] in measure.weekdays)
        )
        met = times >= int(measure.at_least)
        if met or call.on is None or last <= call.on:
            counts.append(met)
    return _seen(place, (sum(counts), len(counts))) if counts else not_applicable(place, looked=True)


def _done(look: Observation, call: Call) -> list[tuple[date, int]]:
    value: Any = look.value
    if isinstance(value, str) and "-" in value:
        return [(date.fromisoformat(day), 1) for day in value.split(";")]
    if isinstance(value, Mapping):
        return [(date.fromisoformat(day), int(often)) for day, often in value.items()]
    day = call.day_of(look)
    assert day is not None
    return [(day, int(is_yes(value)) if isinstance(value, bool | str) else int(value))]


def _over_places(place: Place, looks: Sequence[Observation], call: Call) -> Line:
    """A line for every place of the register, visited or not."""
    names = dict.fromkeys(
        (*call.community.places.get(place.criterion.per_unit or "", ()), *(one.place for one in looks))
    )
    parts = []
    for name in names:
        here = [look for look in looks if look.place == name]
        parts.append((str(name), _over_assessors(place, here, call) if here else _unseen(place, call)))
    return whole_of(place, parts)


def whole_of(place: Place, parts: Sequence[tuple[str, Line]]) -> Line:
    """One line of a line for every place; those that are missing stay to be completed."""
    applying = [line for _, line in parts if line.state != "not-applicable"]
    if not applying:
        return attrs.evolve(parts[0][1], parts=tuple(parts)) if parts else missing(place)
    counted = [line for line in applying if not line.leaves and (place.counts or line.state != "unrecorded")]
    observed = sum(line.state == "seen" for line in applying)
    sample: Any = place.criterion.sample
    if sample is not None and 0 < observed < sample:
        line = missing(place, looked=True)
    elif not counted:
        line = missing(place)
    else:
        line = attrs.evolve(_of_places(place, counted), counts=found_together(place, counted))
        open_ones = any(one.state == "missing" for one in applying)
        state = "missing" if open_ones else "seen" if observed == len(applying) else "waived"
        line = attrs.evolve(line, state=state if place.counts else line.state)
    reach = (place.most or Fraction(0)) * len(counted) if place.criterion.places == "sum" else None
    return attrs.evolve(line, parts=tuple(parts), looked=observed > 0, reach=reach)


def _of_places(place: Place, lines: Sequence[Line]) -> Line:
    how = place.criterion.places or "worst"
    if any(line.points is None for line in lines):
        return Line(state="missing")
    if how in ("mean", "sum"):
        points = summed(line.points or Fraction(0) for line in lines)
        points = points / len(lines) if how == "mean" else points
        return Line(state="seen", value=_seen_alike(lines), points=points, result=_in_common(lines))
    if isinstance(how, str):
        chosen = (max if how == "best" else min)(lines, key=lambda line: _rank(place, attrs.evolve(line, state="seen")))
        return Line(state="seen", value=chosen.value, points=chosen.points, result=chosen.result)
    passing = sum(line.result in ("pass", "waived") for line in lines)
    good = Fraction(passing * 100, len(lines)) >= fraction(how.at_least)
    most = place.most or Fraction(0)
    points = most if good != place.demerits else (Fraction(0) if place.demerits else place.least)
    return Line(state="seen", points=points, result="pass" if good else shown_as(place, "fail"))


# -------------------------------------------------------------------------------------------------------------- events


@attrs.frozen
class Report:
    """One report of an event: on which day, and whether it counts; None where that was left open."""

    at: date | None
    counts: bool | None


def reports_of(place: Place, looks: Sequence[Observation], call: Call) -> list[Report]:
    """What was reported of an event, whenever it was."""
    return [Report(call.day_of(look) or call.on, counts(place, look)) for look in looks]


def counts(place: Place, look: Observation) -> bool | None:
    """Whether a report counts; None where who was responsible was left open."""
    if look.value in ("attributable", "not-attributable"):
        return bool(look.value == "attributable")
    if isinstance(look.value, NotApplicable) or not is_yes(look.value):
        return False
    return look.attributable if getattr(place.criterion.measure, "attributable", False) else True


def event_line(place: Place, looks: Sequence[Observation]) -> Line:
    """An event counts where one report of the period does; it is missing where one leaves that open."""
    reports = [counts(place, look) for look in looks]
    if any(reports):
        return Line(state="seen", value=True, result="fail", looked=True)
    if None in reports:
        return missing(place, looked=True)
    if looks and all(isinstance(look.value, NotApplicable) for look in looks):
        return stated_not_applicable(place)
    if looks:
        happened = any(is_yes(look.value) or look.value == "not-attributable" for look in looks)
        return Line(state="seen", value=False, result="informational" if happened else "pass", looked=True)
    return missing(place)

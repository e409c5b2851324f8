"""The whole of an evaluation, in the order of the steps, and its bounds by trying every completion."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import attrs

from civrules import Community, Grade, NotApplicable, Observation, Period, Standard, Waiver
from civrules.testing.naive.candidates import seen_values
from civrules.testing.naive.conditions import Facts, holds
from civrules.testing.naive.figures import as_decimal, fraction, rounded
from civrules.testing.naive.measures import at_its_decimals, favour, judged, own_reach
from civrules.testing.naive.places import Place, places_of
from civrules.testing.naive.reading import (
    Call,
    Line,
    Refused,
    Report,
    at_decimals,
    counts,
    line_of,
    reports_of,
    whole_of,
    with_numbers,
)
from civrules.testing.naive.sums import applies, coverage, exact_score, maximum, section_sums
from civrules.testing.naive.waiving import Notes, waived


@attrs.frozen(kw_only=True)
class Answer:
    """What an evaluation must say."""

    score: Decimal | None
    maximum: Fraction | None
    grade: str | None
    grade_before_gates: str | None
    score_without_waivers: Decimal | None
    grade_without_waivers: str | None
    coverage: Decimal
    gates: tuple[str, ...]
    ineligible: bool
    points: Mapping[str, Fraction | None]
    results: Mapping[str, str | None]
    sections: Mapping[str, Fraction | None]
    notes: Notes
    """What is said of waivers."""
    raw: Mapping[str, Fraction]
    """The figures that the next evaluation reads changes against."""


@attrs.frozen(kw_only=True)
class Ends:
    """The least and the most favourable score and grade among all completions that were tried."""

    low: Decimal | None
    high: Decimal | None
    grade_low: str | None
    grade_high: str | None


Reports = dict[str, list[Report]]


@attrs.frozen(kw_only=True)
class Known:
    """All that is known of one community before anything is summed."""

    standard: Standard
    call: Call
    lines: Mapping[str, Line]
    unwaived: Mapping[str, Line]
    reports: Reports
    notes: Notes
    anything: bool


@attrs.frozen(kw_only=True)
class Outcome:
    """What lines come to."""

    score: Decimal | None
    maximum: Fraction | None
    grade: str | None
    before: str | None
    coverage: Decimal
    gates: tuple[Any, ...]
    sections: Mapping[str, Fraction | None]


def band(standard: Standard, points: Fraction, facts: Facts) -> str | None:
    """The best grade in document order whose bound and requirement hold."""
    return next((grade.id for grade in standard.grades if not grade.gate_only and earns(grade, points, facts)), None)


def earns(grade: Grade, points: Fraction, facts: Facts) -> bool:
    """Whether the points lie on the right side of the bound and the requirement holds."""
    if grade.at_least is not None and points < fraction(grade.at_least):
        return False
    if grade.at_most is not None and points > fraction(grade.at_most):
        return False
    return grade.requires is None or holds(grade.requires, facts)


def gated(standard: Standard, before: str | None, holding: Sequence[Any]) -> str | None:
    """The first gate that forces decides, else the lowest cap; nothing raises."""
    order = [grade.id for grade in standard.grades]
    forced: str | None = next((gate.then["grade"] for gate in holding if "grade" in gate.then), None)
    if before not in order:
        return before if forced is None else forced
    caps = [gate.then["grade_at_most"] for gate in holding if "grade_at_most" in gate.then]
    if forced is not None:
        caps = [forced]
    return order[max(order.index(grade) for grade in (before, *caps))]


def known(standard: Standard, observations: Sequence[Observation], call: Call, waivers: Sequence[Waiver] = ()) -> Known:
    """Steps 1 and 2: everything read, pooled and excused. Raises Refused."""
    places = {place.name: place for place in places_of(standard)}
    looks = {name: [look for look in observations if look.criterion == name] for name in places}
    lines = {name: line_of(place, looks[name], call, _applies(place, call.community)) for name, place in places.items()}
    reports = {
        name: reports_of(place, list(dict.fromkeys(looks[name])), call) if _applies(place, call.community) else []
        for name, place in places.items()
        if place.event
    }
    for name in reports:
        if places[name].not_applicable == "refuse" and _applies(places[name], call.community):
            _refuse_stated(looks[name])
    excused, notes = waived(places, lines, waivers, call.on)
    for name, line in excused.items():
        if line.state == "missing" and places[name].missing == "refuse":
            raise Refused(name)
    anything = any(line.looked for line in lines.values()) or any(reports.values())
    return Known(
        standard=standard, call=call, lines=excused, unwaived=lines, reports=reports, notes=notes, anything=anything
    )


def _refuse_stated(looks: Sequence[Observation]) -> None:
    for look in looks:
        if isinstance(look.value, NotApplicable):
            raise Refused(look.criterion)


def _applies(place: Place, community: Community) -> bool:
    condition = place.criterion.applies_when
    if condition is None:
        return True
    facts = Facts(
        places={}, community=community, lines={}, reports={}, sections={}, score=None, maximum=None,
        coverage=Fraction(1), on=None, period=None,
    )  # fmt: skip
    return holds(condition, facts)


def outcome(facts_known: Known, lines: Mapping[str, Line], *, complete: bool = False) -> Outcome:
    """Steps 3 to 7; of a completion the whole was looked at."""
    standard, call = facts_known.standard, facts_known.call
    facts = Facts(
        places={place.name: place for place in places_of(standard)}, community=call.community, lines=lines,
        reports=facts_known.reports, sections={}, score=None, maximum=None, coverage=coverage(standard, lines),
        on=call.on, period=call.period,
    )  # fmt: skip
    zeroed = {gate.then["zero"] for gate in standard.gates if "zero" in gate.then and holds(gate.when, facts)}
    sums, base, adjustments = section_sums(standard, lines, zeroed)
    facts.sections = {name: (one.points, one.reach) for name, one in sums.items()}
    rated = (complete or facts_known.anything) and applies(standard, lines, base)
    facts.maximum = maximum(standard, base) if applies(standard, lines, base) else None
    exact = exact_score(standard, base, adjustments) if rated and not _held(facts) else None
    facts.score = score = _rounded(standard, exact)
    setting = [gate for gate in standard.gates if "score" in gate.then and holds(gate.when, facts)]
    if setting and rated:
        exact = fraction(setting[0].then["score"])
        facts.score = score = _rounded(standard, exact)
    before = _before_gates(standard, facts, exact, rated=rated)
    holding = [
        gate for gate in standard.gates if (gate in setting if "score" in gate.then else holds(gate.when, facts))
    ]
    return Outcome(
        score=None if score is None else as_decimal(score), maximum=facts.maximum, before=before,
        grade=gated(standard, before, holding), coverage=as_decimal(facts.coverage), gates=tuple(holding),
        sections={name: one.points for name, one in sums.items()},
    )  # fmt: skip


def _held(facts: Facts) -> bool:
    return any(line.state == "missing" and facts.places[name].missing == "hold" for name, line in facts.lines.items())


def _rounded(standard: Standard, exact: Fraction | None) -> Fraction | None:
    places = standard.rounding.total
    return exact if exact is None or places is None else rounded(exact, places, standard.rounding.mode)


def _before_gates(standard: Standard, facts: Facts, exact: Fraction | None, *, rated: bool) -> str | None:
    if not standard.grades:
        return None
    points = exact if standard.rounding.grade_from == "exact" else facts.score
    if points is None:
        return "withheld" if rated else "not-rated"
    least = standard.coverage
    if least is not None:
        needed = fraction(least) / 100 if isinstance(least, str) else fraction(least)
        if facts.coverage < needed:
            return "withheld"
    return band(standard, points, facts)


def shown(place: Place, line: Line) -> str | None:
    """The result that a reader sees."""
    if line.state == "unrecorded" and place.event:
        return "pass"
    return "not-checked" if line.state in ("missing", "unrecorded") else line.result


def evaluate(
    standard: Standard, community: Community, observations: Sequence[Observation], on: date | None = None,
    period: Period | None = None, waivers: Sequence[Waiver] = (), before: Mapping[str, Fraction] | None = None,
) -> Answer:  # fmt: skip
    """The whole of it, in the order of the steps; `before` holds the previous figures. Raises Refused."""
    on = on or (period.last if period is not None else None)
    call = Call(community=community, on=on, period=period, before=before or {})
    found = known(standard, observations, call, waivers)
    made = outcome(found, found.lines)
    without = outcome(found, found.unwaived) if waivers else made
    places = {place.name: place for place in places_of(standard)}
    return Answer(
        score=made.score,
        maximum=made.maximum,
        grade=made.grade,
        grade_before_gates=made.before,
        score_without_waivers=without.score,
        grade_without_waivers=without.grade,
        coverage=made.coverage,
        gates=tuple(gate.id for gate in made.gates),
        ineligible=any("ineligible" in gate.then for gate in made.gates),
        points={name: line.points if places[name].counts else None for name, line in found.lines.items()},
        results={name: shown(places[name], line) for name, line in found.lines.items()},
        sections=made.sections,
        notes=found.notes,
        raw={name: line.raw for name, line in found.unwaived.items() if line.raw is not None},
    )


# -------------------------------------------------------------------------------------------------------------- bounds


def completions(found: Known, observations: Sequence[Observation], most: int) -> Iterator[Known] | None:
    """What would be known with every missing value given in every way that turns something; None if too many."""
    ways: list[list[tuple[str, Line, list[Report]]]] = []
    for place in places_of(found.standard):
        line = found.lines[place.name]
        if place.event:
            looks = [look for look in dict.fromkeys(observations) if look.criterion == place.name]
            ways.append(_events(place, line, looks, found))
        elif line.state == "missing":
            ways.append([(place.name, one, []) for one in _completed(place, line, found.call)])
    number = 1
    for way in ways:
        number *= len(way)
    return None if number > most else _filled(found, ways)


def _filled(found: Known, ways: Sequence[Any]) -> Iterator[Known]:
    for chosen in product(*ways):
        lines = {**found.lines, **{name: line for name, line, _ in chosen}}
        reports = {**found.reports, **{name: ones for name, _, ones in chosen if name in found.reports}}
        yield attrs.evolve(found, lines=lines, reports=reports)


def _events(place: Place, line: Line, looks: Sequence[Observation], found: Known) -> list[Any]:
    """Every way in which what is open of an event may be settled."""
    reports = found.reports[place.name]
    if not reports and line.state != "missing":
        return [(place.name, line, reports)]
    ways = []
    for answers in product(*((one.counts,) if one.counts is not None else (False, True) for one in reports)):
        settled = [Report(one.at, answer) for one, answer in zip(reports, answers, strict=True)]
        here = [answer for look, answer in zip(looks, answers, strict=True) if found.call.in_period(look)]
        if line.state != "missing":
            ways.append((place.name, line, settled))
        elif any(counts(place, look) is None and found.call.in_period(look) for look in looks):
            made = Line(state="seen", value=any(here), result="fail" if any(here) else "pass", looked=True)
            ways.append((place.name, made, settled))
        else:
            ways += [(place.name, *_unreported(found.call, settled, happened)) for happened in (False, True)]
    return ways


def _unreported(call: Call, settled: list[Report], happened: bool) -> tuple[Line, list[Report]]:
    day = (call.period.last if call.period is not None else None) or call.on
    line = Line(state="seen", value=happened, result="fail" if happened else "pass", looked=True)
    return line, [*settled, Report(day, happened)]


def _completed(place: Place, line: Line, call: Call) -> list[Line]:
    if line.free:
        ends = {place.least, place.most or Fraction(0)}
        return [Line(state="seen", points=one, result=_at_an_end(place, one), looked=True) for one in ends]
    place = with_numbers(place, call)
    if not line.parts:
        return [_settled(place, seen) for seen in seen_values(place)]
    kept, number = _open_places(place, line)
    return [
        at_decimals(place, whole_of(place, [*kept, *(("", value) for value in values)]))
        for values in product(_extremes(place), repeat=number)
    ]


def _open_places(place: Place, line: Line) -> tuple[list[tuple[str, Line]], int]:
    """The places that are known, and how many more have to be looked at: too small a sample asks for all, and more."""
    sample = place.criterion.sample or 0
    seen = sum(part.state == "seen" for _, part in line.parts)
    open_states = ("missing", "unrecorded") if 0 < seen < sample else ("missing",)
    kept = [(name, part) for name, part in line.parts if part.state not in open_states]
    number = len(line.parts) - len(kept)
    return kept, max(number, sample - seen) if 0 < seen < sample else number


def _extremes(place: Place) -> list[Line]:
    """Of a place of many the worst, the best and one between."""
    lines = [_settled(place, seen) for seen in seen_values(place)]
    lines.sort(key=lambda line: favour(place, line.points or Fraction(0), str(line.result)))
    return list({id(one): one for one in (lines[0], lines[len(lines) // 2], lines[-1])}.values())


def _at_an_end(place: Place, points: Fraction) -> str:
    good = (points == place.most) != place.demerits
    return "pass" if good else "advice" if place.criterion.strength == "should" else "fail"


def _settled(place: Place, seen: Any) -> Line:
    points, result = judged(place, seen)
    return Line(
        state="seen", value=seen, points=at_its_decimals(place, points), result=result, looked=True,
        reach=own_reach(place, seen),
    )  # fmt: skip


def bounds(
    standard: Standard, community: Community, observations: Sequence[Observation], on: date | None = None,
    period: Period | None = None, waivers: Sequence[Waiver] = (), before: Mapping[str, Fraction] | None = None,
    *, most: int = 200,
) -> Ends | None:  # fmt: skip
    """The ends over all completions, one by one; None where there are too many. Raises Refused."""
    on = on or (period.last if period is not None else None)
    call = Call(community=community, on=on, period=period, before=before or {})
    found = known(standard, observations, call, waivers)
    tried = completions(found, observations, most)
    if tried is None:
        return None
    complete = any(line.state == "missing" for line in found.lines.values()) or any(
        report.counts is None for reports in found.reports.values() for report in reports
    )
    answers = [outcome(one, one.lines, complete=complete) for one in tried]
    scores = sorted((one.score for one in answers if one.score is not None), reverse=standard.direction == "demerits")
    order = {grade.id: place for place, grade in enumerate(standard.grades)}
    grades = sorted((one.grade for one in answers if one.grade is not None), key=lambda grade: order.get(grade, -1))
    return Ends(
        low=scores[0] if scores else None,
        high=scores[-1] if scores else None,
        grade_low=grades[-1] if grades else None,
        grade_high=grades[0] if grades else None,
    )

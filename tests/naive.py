"""A second evaluator, written from the design alone: slow, plain, in fractions, nothing compiled, nothing in units.

It shares the model with the engine and nothing else. It trusts its input: what a standard or an observation may not say
is the engine's to refuse; only the two refusals that are policies (`missing`, `not_applicable`) are known here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from typing import Any

import attrs

from civrules import (
    Community,
    Condition,
    Criterion,
    Grade,
    NotApplicable,
    Observation,
    Period,
    Ratio,
    Section,
    Standard,
)

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
RESULTS = ("pass", "partial", "fail")
LARGEST_FIGURE = Decimal(10**18 - 1)
LARGEST_COUNT = 10**6
WIDE = Context(prec=200)


class Refused(Exception):
    """The call is refused by a policy of the standard."""


class Open(Exception):
    """Who was responsible was left open, so the line is missing."""


@attrs.frozen
class Line:
    """What is known of one criterion; `state` is seen, missing, not-recorded or not-applicable."""

    state: str
    value: Any = None
    points: Fraction | None = None
    result: str | None = None
    looked: bool = False


@attrs.frozen
class Report:
    """One report of an event: on which day, and whether it counts; None where that was left open."""

    at: date | None
    counts: bool | None


@attrs.frozen(kw_only=True)
class Answer:
    """What an evaluation must say."""

    score: Decimal | None
    maximum: Fraction | None
    grade: str | None
    grade_before_gates: str | None
    coverage: Decimal
    gates: tuple[str, ...]
    points: Mapping[str, Fraction | None]
    results: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Ends:
    """The least and the most favourable score and grade among all completions that were tried."""

    low: Decimal | None
    high: Decimal | None
    grade_low: str | None
    grade_high: str | None


# ------------------------------------------------------------------------------------------------------------ numbers


def fraction(figure: Any) -> Fraction:
    """A figure or threshold as a fraction, "95%" as 95; a float by its shortest decimal."""
    if isinstance(figure, float):
        return Fraction(repr(figure))
    return Fraction(figure.rstrip("%") if isinstance(figure, str) else figure)


def rounded(number: Fraction, places: int, mode: str) -> Fraction:
    """The number to so many decimals; halves go away from zero, to the even neighbour, or all goes up or down."""
    size = abs(number) * 10**places
    whole = Fraction(size.numerator // size.denominator)
    rest = size - whole
    half = Fraction(1, 2)
    more = {
        "half-up": rest >= half,
        "half-even": rest > half or (rest == half and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    size = whole + 1 if more else whole
    return Fraction(size if number >= 0 else -size, 10**places)


def ends_in_decimals(number: Fraction) -> bool:
    """Whether the number can be written with finitely many decimals."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def as_decimal(number: Fraction) -> Decimal:
    """A number that ends, as a Decimal."""
    assert ends_in_decimals(number), number
    return WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))


def compared(word: str, seen: Fraction, limit: Fraction) -> bool:
    """Whether one comparison holds."""
    answers = {
        "at_least": seen >= limit,
        "more_than": seen > limit,
        "at_most": seen <= limit,
        "less_than": seen < limit,
    }
    return answers[word]


def comparisons(table: Any) -> list[tuple[str, Any]]:
    """The comparisons that a check, a tier or a condition makes."""
    return [(word, getattr(table, word)) for word in COMPARISONS if getattr(table, word) is not None]


# ------------------------------------------------------------------------------------------------------------- values


def is_yes(value: Any) -> bool:
    """Yes or no, in any of its forms."""
    return value in (True, 1) or (isinstance(value, str) and value.lower() in ("yes", "true", "1", "是"))


def thresholds(measure: Any) -> list[Any]:
    """The figures that a measure of figures writes down, in document order."""
    match measure.kind:
        case "check":
            return [limit for _, limit in comparisons(measure)]
        case "tiers":
            return [limit for tier in measure.tiers for _, limit in comparisons(tier)]
        case "linear" if measure.knots is not None:
            return [at for at, _ in measure.knots]
        case "linear":
            return [measure.zero_at, measure.full_at]
        case "shortfall":
            return [measure.target]
        case _:
            return []


def in_percent(measure: Any) -> bool:
    """Whether the measure's figures are written in %."""
    return any(isinstance(limit, str) for limit in thresholds(measure))


def figure_seen(value: Any, *, percent: bool) -> Fraction | NotApplicable:
    """A figure, or n of m: in % where the measure is; of nothing, which does not apply."""
    if isinstance(value, Ratio):
        if fraction(value.of) == 0:
            return NotApplicable("nothing to count")
        return fraction(value.n) / fraction(value.of) * (100 if percent else 1)
    return fraction(value)


def understood(criterion: Criterion, value: Any, attributable: bool | None) -> Any:
    """What the value says; NotApplicable where it does not apply; raises Open where responsibility is left open."""
    measure: Any = criterion.measure
    if isinstance(value, NotApplicable):
        return value
    if measure.kind == "findings":
        return {item.id: found(item, value.get(item.id, 0), attributable) for item in measure.items}
    if measure.kind == "levels":
        return str(value)
    if measure.kind == "check" and not thresholds(measure):
        return is_yes(value)
    return figure_seen(value, percent=in_percent(measure))


def found(item: Any, value: Any, attributable: bool | None) -> tuple[Any, Fraction] | NotApplicable:
    """What was seen of one item, and the points that it takes."""
    if isinstance(value, NotApplicable):
        return value
    seen, taken = _taken(item, value, attributable)
    if isinstance(seen, NotApplicable):
        return seen
    return seen, taken if item.cap is None else min(taken, fraction(item.cap))


def _taken(item: Any, value: Any, attributable: bool | None) -> tuple[Any, Fraction]:
    if item.tiers is not None or item.shortfall is not None:
        seen = figure_seen(value, percent=in_percent(item.tiers or item.shortfall))
        return seen, Fraction(0) if isinstance(seen, NotApplicable) else _measured(item, seen)
    if item.levels is not None:
        name, _, amount = str(value).partition("=")
        return name, fraction(amount) if amount else fraction(item.levels[name])
    if isinstance(item.each, tuple):
        amount_given = Fraction(0) if value is False or str(value).lower() in ("no", "false", "否") else fraction(value)
        return Fraction(int(amount_given > 0)), amount_given
    count = Fraction(counted(value, attributable) if item.attributable else how_many(value))
    return count, fraction(item.each or 0) * count


def _measured(item: Any, seen: Fraction) -> Fraction:
    if item.tiers is not None:
        return next((fraction(tier.points) for tier in item.tiers.tiers if tier_holds(tier, seen)), Fraction(0))
    rule = item.shortfall
    short = fraction(rule.target) - seen if rule.better == "above" else seen - fraction(rule.target)
    steps = max(short, Fraction(0)) / fraction(rule.per)
    whole = Fraction(steps.numerator // steps.denominator)
    if rule.steps == "full":
        steps = whole
    elif rule.steps == "started" and steps != whole:
        steps = whole + 1
    return steps * fraction(rule.deduct)


def tier_holds(tier: Any, seen: Fraction) -> bool:
    """Whether the tier's one comparison holds."""
    return all(compared(word, seen, fraction(limit)) for word, limit in comparisons(tier))


def how_many(value: Any) -> Fraction:
    """A count; yes is 1."""
    if isinstance(value, bool) or (isinstance(value, str) and not value.isdigit()):
        return Fraction(int(is_yes(value)))
    return fraction(value)


def counted(value: Any, attributable: bool | None) -> Fraction:
    """How many count of what counts only where the assessed body is mainly responsible. Raises Open."""
    if isinstance(value, Mapping):
        return how_many(value.get("attributable", 0))
    if value in ("attributable", "not-attributable"):
        return Fraction(int(value == "attributable"))
    if how_many(value) == 0:
        return Fraction(0)
    if attributable is None:
        raise Open
    return how_many(value) if attributable else Fraction(0)


# ------------------------------------------------------------------------------------------------------------- points


def judged(standard: Standard, criterion: Criterion, seen: Any) -> tuple[Fraction, str]:
    """The points (in demerits what is lost) and the result of what was understood."""
    measure: Any = criterion.measure
    demerits = standard.direction == "demerits"
    least = fraction(criterion.least)
    most = None if criterion.points is None else fraction(criterion.points)
    points, result = {
        "check": _check,
        "levels": _levels,
        "tiers": _tiers,
        "linear": _linear,
        "marks": _marks,
        "findings": _findings,
    }[measure.kind](measure, seen, most, least, demerits)
    points = clamped(points, most, least)
    places = standard.rounding.criterion
    if is_quotient(measure) and isinstance(places, int):
        points = clamped(rounded(points, places, standard.rounding.mode), most, least)
    return points, result


def clamped(points: Fraction, most: Fraction | None, least: Fraction) -> Fraction:
    """The points within `least` … P."""
    return max(least, points if most is None else min(most, points))


def is_quotient(measure: Any) -> bool:
    """Whether the measure divides."""
    exact = [
        one for one in getattr(measure, "items", ()) if one.shortfall is not None and one.shortfall.steps == "exact"
    ]
    return measure.kind == "linear" or bool(exact)


def _check(measure: Any, seen: Any, most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    tests = comparisons(measure)
    good = all(compared(word, seen, fraction(limit)) for word, limit in tests) if tests else seen == measure.expect
    if demerits:
        return (Fraction(0), "pass") if good else (most, "fail")
    return (most, "pass") if good else (least, "fail")


def _as_written(points: Fraction, best: Fraction, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    """Pass is the best that the measure knows, fail none of it; in demerits the written points are what is lost."""
    if points >= best:
        return points, "fail" if demerits else "pass"
    if points <= least:
        return points, "pass" if demerits else "fail"
    return points, "partial"


def _levels(measure: Any, seen: Any, most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    points = {
        name: fraction(given) * most / 100 if isinstance(given, str) else fraction(given)
        for name, given in measure.levels.items()
    }
    return _as_written(points[seen], max(points.values()), least, demerits)


def _tiers(measure: Any, seen: Fraction, _most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    for tier in measure.tiers:
        if tier_holds(tier, seen):
            best = max(fraction(one.points) for one in measure.tiers)
            return _as_written(fraction(tier.points), best, least, demerits)
    return least, "pass" if demerits else "fail"


def _linear(measure: Any, seen: Fraction, most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    if measure.knots is not None:
        knots = [(fraction(at), fraction(points)) for at, points in measure.knots]
        return _as_written(_on_line(knots, seen), max(points for _, points in knots), least, demerits)
    zero, full = fraction(measure.zero_at), fraction(measure.full_at)
    return _as_written(clamped(most * (seen - zero) / (full - zero), most, least), most, least, demerits)


def _on_line(knots: list[tuple[Fraction, Fraction]], seen: Fraction) -> Fraction:
    if seen <= knots[0][0]:
        return knots[0][1]
    for (left, low), (right, high) in pairwise(knots):
        if left <= seen <= right:
            return low + (high - low) * (seen - left) / (right - left)
    return knots[-1][1]


def _marks(measure: Any, seen: Fraction, most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    best = most
    if measure.choices is not None:
        best = max(fraction(one) for one in measure.choices)
    if measure.bands is not None:
        best = max(fraction(high) for _, high in measure.bands.values())
    return _as_written(seen, best, least, demerits)


def _findings(measure: Any, seen: Any, most: Any, least: Fraction, demerits: bool) -> tuple[Fraction, str]:
    there = {item.id: seen[item.id] for item in measure.items if not isinstance(seen[item.id], NotApplicable)}
    lost = sum((taken for _, taken in there.values()), start=Fraction(0))
    floor = Fraction(0) if demerits else least
    all_lost = None if most is None else most - floor
    if any(item.takes == "none" and there.get(item.id, (0,))[0] for item in measure.items):
        lost = Fraction(0)
    elif any(item.takes == "all" and there.get(item.id, (0,))[0] for item in measure.items):
        assert all_lost is not None
        return (all_lost if demerits else floor), "fail"
    result = "pass" if not lost else "partial"
    if all_lost is not None and lost and lost >= all_lost:
        lost, result = all_lost, "fail"
    return (lost if demerits else most - lost), result


# ---------------------------------------------------------------------------------------- what a value could have been


def values_of(criterion: Criterion) -> list[Any]:
    """Values that the measure allows, as observed, from the least figure to the greatest: every one that turns it."""
    measure: Any = criterion.measure
    match measure.kind:
        case "check" if not thresholds(measure):
            return [False, True]
        case "levels":
            return list(measure.levels)
        case "marks":
            return _mark_values(criterion, measure)
        case "findings":
            return _item_products(criterion, measure.items)
        case "event":
            return ["no", "attributable" if measure.attributable else "yes"]
        case _:
            return figure_values(measure, criterion.range, criterion.decimals)


def _mark_values(criterion: Criterion, measure: Any) -> list[Any]:
    if measure.choices is not None:
        return sorted(measure.choices)
    if measure.bands is not None:
        return sorted({end for band in measure.bands.values() for end in band})
    return [criterion.least, criterion.points]


def figure_values(measure: Any, between: Any, decimals: int) -> list[Any]:
    """The ends of what may be observed, and what lies on and beside every threshold."""
    low, high = between or ((Decimal(0), Decimal(100)) if in_percent(measure) else (-LARGEST_FIGURE, LARGEST_FIGURE))
    step = Fraction(1, 10**decimals)
    beside = {fraction(limit) + side * step for limit in thresholds(measure) for side in (-1, 0, 1)}
    allowed = (one for one in beside if fraction(low) < one < fraction(high) and (one / step).denominator == 1)
    return [low, *map(as_decimal, sorted(allowed)), high]


def item_values(criterion: Criterion, item: Any) -> list[Any]:
    """Values of one item, from the least to the most."""
    measure = item.tiers or item.shortfall
    if measure is not None:
        return figure_values(measure, item.range, criterion.decimals)
    if item.levels is not None:
        return [
            f"{name}={end:f}" if isinstance(amount, tuple) else name
            for name, amount in item.levels.items()
            for end in (amount if isinstance(amount, tuple) else (amount,))
        ]
    if isinstance(item.each, tuple):
        return ["no", *item.each]
    most = LARGEST_COUNT if item.range is None else int(item.range[1])
    return [{"attributable": count} if item.attributable else count for count in (0, most)]


def _item_products(criterion: Criterion, items: Sequence[Any]) -> list[Any]:
    """Every item at what takes the least and at what takes the most, in every combination."""
    ends = []
    for item in items:
        by_taken = sorted(item_values(criterion, item), key=partial(_item_taken, item))
        ends.append([by_taken[0], by_taken[-1]])
    ids = [item.id for item in items]
    return [dict(zip(ids, values, strict=True)) for values in product(*ends)]


def _item_taken(item: Any, value: Any) -> Fraction:
    seen = found(item, value, None)
    assert not isinstance(seen, NotApplicable)
    return seen[1]


def worst_value(standard: Standard, criterion: Criterion) -> Any:
    """The value, understood, that gives the least favourable points; of several the furthest to the bad side."""
    measure: Any = criterion.measure
    if measure.kind == "findings":
        return {item.id: found(item, _worst_item(criterion, item), None) for item in measure.items}
    seen = [understood(criterion, value, None) for value in values_of(criterion)]
    return _worst(seen, lambda value: _dear(standard, *judged(standard, criterion, value)))


def _dear(standard: Standard, points: Fraction, result: str) -> tuple[Fraction, int]:
    return cost(standard, points), RESULTS.index(result)


def _worst_item(criterion: Criterion, item: Any) -> Any:
    values = item_values(criterion, item)
    return values[0] if item.takes == "none" else _worst(values, lambda value: _item_taken(item, value))


def _worst(values: Sequence[Any], costs: Callable[[Any], Any]) -> Any:
    """The dearest of values that stand from one side to the other, the outermost of those that are equally dear."""
    outermost = values if costs(values[0]) > costs(values[-1]) else list(reversed(values))
    return max(outermost, key=costs)


def cost(standard: Standard, points: Fraction) -> Fraction:
    """How unfavourable points are: what is lost in demerits, what is not earned else."""
    return points if standard.direction == "demerits" else -points


# -------------------------------------------------------------------------------------------------------------- lines


def sections_of(standard: Standard) -> Iterator[tuple[Section, Criterion]]:
    """Every criterion with its section, in the document's order."""
    for section in standard.sections:
        for criterion in lines_of(section):
            yield section, criterion


def lines_of(section: Section) -> list[Criterion]:
    """The section's criteria; sections in sections are not known here."""
    return [one for one in section.children if isinstance(one, Criterion)]


def policy(standard: Standard, section: Section, criterion: Criterion) -> str:
    """How the criterion's missing value stands."""
    return criterion.missing or section.missing or standard.when_missing


def only_when_it_happens(section: Section, criterion: Criterion) -> bool:
    """Whether the line is recorded only when it happens, so that it is never missing."""
    measure: Any = criterion.measure
    if measure.kind == "event":
        return not measure.must_report
    takes_away = criterion.points == 0 and criterion.least < 0
    return takes_away and criterion.missing is None and section.missing is None


def missing_line(standard: Standard, section: Section, criterion: Criterion, *, looked: bool = False) -> Line:
    """A line without a usable value, as its policy has it stand."""
    rule = policy(standard, section, criterion)
    if rule == "refuse":
        raise Refused(criterion.id)
    if rule == "hold":
        return Line("missing", looked=looked)
    if criterion.measure.kind == "event":
        return Line("missing", True, None, "fail", looked)
    value = worst_value(standard, criterion)
    return Line("missing", value, *judged(standard, criterion, value), looked=looked)


def line_of(
    standard: Standard, section: Section, criterion: Criterion, looks: Sequence[Observation], period: Period | None
) -> Line:
    """A criterion's line from its looks: the latest, and of one day the least favourable."""
    looks = [look for look in looks if look.at is None or period is None or look.at in period]
    if criterion.measure.kind == "event":
        return event_line(standard, section, criterion, looks)
    if not looks:
        if only_when_it_happens(section, criterion):
            return Line("not-recorded", None, Fraction(0))
        return missing_line(standard, section, criterion)
    last_day = period.last if period is not None and period.last is not None else date.max
    newest = max(look.at or last_day for look in looks)
    lines = [look_line(standard, section, criterion, look) for look in looks]
    latest = [line for line, look in zip(lines, looks, strict=True) if (look.at or last_day) == newest]
    return max(latest, key=lambda line: _unfavourable(standard, line))


def _unfavourable(standard: Standard, line: Line) -> tuple[int, Fraction, int]:
    rank = {"missing": 2, "seen": 1}.get(line.state, 0)
    result = RESULTS.index(line.result) if line.result is not None else 0
    return rank, Fraction(0) if line.points is None else cost(standard, line.points), result


def look_line(standard: Standard, section: Section, criterion: Criterion, look: Observation) -> Line:
    """The line that one look gives."""
    try:
        seen = understood(criterion, look.value, look.attributable)
    except Open:
        return missing_line(standard, section, criterion, looked=True)
    if isinstance(seen, NotApplicable):
        if (criterion.not_applicable or standard.when_not_applicable) == "refuse":
            raise Refused(criterion.id)
        return Line("not-applicable", looked=True)
    return Line("seen", seen, *judged(standard, criterion, seen), looked=True)


def reports_of(criterion: Criterion, looks: Sequence[Observation]) -> list[Report]:
    """What was reported of an event, whenever it was."""
    measure: Any = criterion.measure
    return [Report(look.at, _counts(measure, look)) for look in looks]


def _counts(measure: Any, look: Observation) -> bool | None:
    if look.value in ("attributable", "not-attributable"):
        return bool(look.value == "attributable")
    if isinstance(look.value, NotApplicable) or not is_yes(look.value):
        return False
    return look.attributable if measure.attributable else True


def event_line(standard: Standard, section: Section, criterion: Criterion, looks: Sequence[Observation]) -> Line:
    """An event counts where one report of the period does; it is missing where one leaves that open."""
    reports = [report.counts for report in reports_of(criterion, looks)]
    if any(reports):
        return Line("seen", True, None, "fail", looked=True)
    if None in reports:
        return missing_line(standard, section, criterion, looked=True)
    if looks and all(isinstance(look.value, NotApplicable) for look in looks):
        if (criterion.not_applicable or standard.when_not_applicable) == "refuse":
            raise Refused(criterion.id)
        return Line("not-applicable", looked=True)
    if reports or only_when_it_happens(section, criterion):
        happened = any(is_yes(look.value) or look.value == "not-attributable" for look in looks)
        return Line("seen", False, None, "informational" if happened else "pass", looked=bool(looks))
    return missing_line(standard, section, criterion)


# --------------------------------------------------------------------------------------------------------- conditions


@attrs.define(kw_only=True)
class Facts:
    """All that a condition may ask."""

    standard: Standard
    community: Community
    lines: Mapping[str, Line]
    reports: Mapping[str, list[Report]]
    sections: Mapping[str, tuple[Fraction | None, Fraction]]
    score: Fraction | None
    maximum: Fraction | None
    coverage: Fraction
    on: date | None
    period: Period | None


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the condition holds; on something missing or not applicable it does not."""
    for group, together in (("all", all), ("any", any)):
        if getattr(condition, group) is not None:
            return together(holds(one, facts) for one in getattr(condition, group))
    if condition.none is not None:
        return not any(holds(one, facts) for one in condition.none)
    subject = next(name for name in SUBJECTS if getattr(condition, name) is not None)
    return SUBJECTS[subject](condition, facts)


def _within(condition: Condition, day: date | None, facts: Facts) -> bool:
    if day is None and facts.period is not None:
        day = facts.period.last
    if day is None:
        return True
    if condition.within is not None:
        assert facts.on is not None
        return back(facts.on, condition.within) <= day <= facts.on
    if condition.during is not None:
        assert facts.on is not None
        return day.year == facts.on.year
    return facts.period is None or day in facts.period


def back(day: date, length: str) -> date:
    """The same day of the month so long before, the month's last day where there is none."""
    count, unit = length.split()
    unit = unit.removesuffix("s")
    if unit in ("day", "week"):
        return day - timedelta(days=int(count) * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - int(count) * {"month": 1, "quarter": 3, "half-year": 6, "year": 12}[unit]
    for last in (day.day, 30, 29, 28):
        try:
            return date(months // 12, months % 12 + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError(day, length)


def _happened(condition: Condition, facts: Facts) -> bool:
    name = str(condition.happened)
    section, criterion = next(pair for pair in sections_of(facts.standard) if pair[1].id == name)
    worst = policy(facts.standard, section, criterion) == "worst"
    days = [report.at for report in facts.reports[name] if report.counts or (report.counts is None and worst)]
    line = facts.lines[name]
    if line.state == "missing" and not line.looked and worst:
        days.append(None)
    return any(_within(condition, day, facts) for day in days)


def _failed(condition: Condition, facts: Facts) -> bool:
    return facts.lines[str(condition.failed)].result == "fail"


def _failed_tag(condition: Condition, facts: Facts) -> bool:
    tagged = [one.id for _, one in sections_of(facts.standard) if condition.failed_tag in one.tags]
    failed = Fraction(sum(facts.lines[name].result == "fail" for name in tagged))
    tests = comparisons(condition) or [("at_least", 1)]
    return all(compared(word, failed, fraction(limit)) for word, limit in tests)


def _value(condition: Condition, facts: Facts) -> bool:
    name, _, item = str(condition.value).partition(":")
    seen = facts.lines[name].value
    if item and seen is not None:
        seen = None if isinstance(seen[item], NotApplicable) else seen[item][0]
    if seen is None:
        return False
    if condition.equals is not None:
        return _same(seen, condition.equals)
    return all(compared(word, seen, fraction(limit)) for word, limit in comparisons(condition))


def _same(seen: Any, wanted: Any) -> bool:
    """Yes equals yes only, a name a name, a figure a figure."""
    if isinstance(seen, bool | str) or isinstance(wanted, bool | str):
        return type(seen) is type(wanted) and bool(seen == wanted)
    return bool(seen == fraction(wanted))


def _reaches(condition: Condition, points: Fraction | None, reach: Fraction | None) -> bool:
    if points is None:
        return False
    return all(
        compared(word, points, fraction(limit) * (reach or 0) / 100 if isinstance(limit, str) else fraction(limit))
        for word, limit in comparisons(condition)
    )


def _points(condition: Condition, facts: Facts) -> bool:
    criterion = facts.standard.criteria[str(condition.points)]
    line = facts.lines[criterion.id]
    return _reaches(condition, line.points, fraction(criterion.points or 0))


def _section(condition: Condition, facts: Facts) -> bool:
    return _reaches(condition, *facts.sections[str(condition.section)])


def _worst_in(condition: Condition, facts: Facts) -> bool:
    members = [one for section, one in sections_of(facts.standard) if section.id == condition.worst_in]
    applying = [
        (facts.lines[one.id].points, fraction(one.points or 0))
        for one in members
        if one.measure.kind != "event" and facts.lines[one.id].state != "not-applicable"
    ]
    known = [(points, most) for points, most in applying if points is not None]
    if not known or len(known) < len(applying):
        return False
    dear = partial(cost, facts.standard)
    points, most = max(known, key=lambda pair: (dear(pair[0]), -dear(pair[1])))
    return _reaches(condition, points, most)


def _figure(condition: Condition, facts: Facts) -> bool:
    if condition.figure == "score":
        return _reaches(condition, facts.score, facts.maximum)
    return _reaches(condition, facts.coverage, Fraction(1))


def _attribute(condition: Condition, facts: Facts) -> bool:
    fact = facts.community.attributes.get(str(condition.attribute))
    if fact is None:
        return False
    if condition.has is not None:
        return condition.has in (fact if isinstance(fact, tuple) else (fact,))
    if condition.equals is not None:
        return isinstance(fact, bool) == isinstance(condition.equals, bool) and fact == condition.equals
    whole = isinstance(fact, int) and not isinstance(fact, bool)
    return whole and all(compared(word, Fraction(fact), fraction(limit)) for word, limit in comparisons(condition))  # type: ignore[arg-type]  # a whole number here


SUBJECTS: Mapping[str, Callable[[Condition, Facts], bool]] = {
    "happened": _happened,
    "failed": _failed,
    "failed_tag": _failed_tag,
    "value": _value,
    "points": _points,
    "section": _section,
    "worst_in": _worst_in,
    "figure": _figure,
    "attribute": _attribute,
}


# --------------------------------------------------------------------------------------------------------------- sums


def full_points(section: Section) -> Fraction:
    """What the section's criteria give together, before `scale_to`."""
    return sum((fraction(one.points or 0) for one in lines_of(section)), start=Fraction(0))


def scale(section: Section) -> Fraction:
    """What `scale_to` makes of a point of the section."""
    return Fraction(1) if section.scale_to is None else fraction(section.scale_to) / full_points(section)


def section_sum(standard: Standard, section: Section, lines: Mapping[str, Line]) -> tuple[Fraction | None, Fraction]:
    """The section's points (None where one of its lines is held, or nothing applies) and what they can reach."""
    applying = [
        one for one in lines_of(section) if one.measure.kind != "event" and lines[one.id].state != "not-applicable"
    ]
    reach = sum((fraction(one.points or 0) for one in applying), start=Fraction(0)) * scale(section)
    points = [lines[one.id].points for one in applying]
    if not points or None in points:
        return None, reach
    total = sum((one for one in points if one is not None), start=Fraction(0)) * scale(section)
    places = standard.rounding.section
    if not ends_in_decimals(scale(section)) and isinstance(places, int):
        total = rounded(total, places, standard.rounding.mode)
    return total, reach


def open_ended(standard: Standard) -> bool:
    """Whether a line has no most."""
    return any(one.points is None and one.measure.kind != "event" for _, one in sections_of(standard))


def applies(standard: Standard, lines: Mapping[str, Line]) -> bool:
    """Whether points are applicable at all; a line without a most has points too."""
    return any(
        (one.points is None or one.points > 0) and lines[one.id].state != "not-applicable"
        for _, one in sections_of(standard)
        if one.measure.kind != "event"
    )


def coverage(standard: Standard, lines: Mapping[str, Line]) -> Fraction:
    """Points observed out of points applicable, four decimals, down; lines where points are open-ended or all 0."""
    pairs = [(section, one) for section, one in sections_of(standard) if not only_when_it_happens(section, one)]
    weights = {one.id: fraction(one.points or 0) * scale(section) for section, one in pairs}
    if open_ended(standard) or not any(weights.values()):
        weights = dict.fromkeys(weights, Fraction(1))
    applicable = sum(
        (weight for name, weight in weights.items() if lines[name].state != "not-applicable"), start=Fraction(0)
    )
    observed = sum((weight for name, weight in weights.items() if lines[name].state == "seen"), start=Fraction(0))
    return rounded(observed / applicable, 4, "down") if applicable else Fraction(1)


def exact_score(
    standard: Standard, lines: Mapping[str, Line], sums: Mapping[str, tuple[Fraction | None, Fraction]]
) -> Fraction | None:
    """The total before it is rounded; None where nothing applies or something is held."""
    held = any(line.state == "missing" and line.result is None for line in lines.values())
    if held or not applies(standard, lines):
        return None
    got = sum((points for points, _ in sums.values() if points is not None), start=Fraction(0))
    reach = sum((one for _, one in sums.values()), start=Fraction(0))
    total = total_of(standard)
    if standard.direction == "merits" or standard.scale:
        assert total is not None
        got = got * total / reach
    return max(Fraction(0), got if total is None else min(total, got))


def total_of(standard: Standard) -> Fraction | None:
    """The standard's total: as declared, else the sum of the sections' full points; None where a line has no most."""
    if standard.total is not None:
        return fraction(standard.total)
    if open_ended(standard):
        return None
    return sum((scale(section) * full_points(section) for section in standard.sections), start=Fraction(0))


def maximum(
    standard: Standard, lines: Mapping[str, Line], sums: Mapping[str, tuple[Fraction | None, Fraction]]
) -> Fraction | None:
    """The most that what applies could give."""
    if open_ended(standard) or not applies(standard, lines):
        return None
    if standard.direction == "merits" or standard.scale:
        return total_of(standard)
    return sum((reach for _, reach in sums.values()), start=Fraction(0))


# ------------------------------------------------------------------------------------------------------------- grades


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
    caps = [forced] if forced is not None else [gate.then["grade_at_most"] for gate in holding]
    return order[max(order.index(grade) for grade in (before, *caps))]


def shown(line: Line) -> str:
    """The result that a reader sees."""
    if line.state in ("missing", "not-recorded"):
        return "not-checked"
    return line.result or line.state


def evaluate(
    standard: Standard, community: Community, observations: Sequence[Observation], on: date | None = None,
    period: Period | None = None,
) -> Answer:  # fmt: skip
    """The whole of it, in the order of the steps. Raises Refused."""
    on = on or (period.last if period is not None else None)
    looks = {one.id: [look for look in observations if look.criterion == one.id] for _, one in sections_of(standard)}
    lines = {one.id: line_of(standard, section, one, looks[one.id], period) for section, one in sections_of(standard)}
    sums = {section.id: section_sum(standard, section, lines) for section in standard.sections}
    reports = {
        one.id: reports_of(one, looks[one.id]) for _, one in sections_of(standard) if one.measure.kind == "event"
    }
    anything = any(line.looked for line in lines.values()) or any(reports.values())
    rated = anything and applies(standard, lines)
    exact = exact_score(standard, lines, sums) if anything else None
    places = standard.rounding.total
    score = exact if exact is None or places is None else rounded(exact, places, standard.rounding.mode)
    facts = Facts(
        standard=standard, community=community, lines=lines, reports=reports, sections=sums, score=score,
        maximum=maximum(standard, lines, sums), coverage=coverage(standard, lines), on=on, period=period,
    )  # fmt: skip
    before = None
    if standard.grades:
        compared_with = exact if standard.rounding.grade_from == "exact" else score
        without = "withheld" if rated else "not-rated"
        before = without if compared_with is None else band(standard, compared_with, facts)
    holding = [gate for gate in standard.gates if holds(gate.when, facts)]
    return Answer(
        score=None if score is None else as_decimal(score),
        maximum=facts.maximum,
        grade=gated(standard, before, holding),
        grade_before_gates=before,
        coverage=as_decimal(facts.coverage),
        gates=tuple(gate.id for gate in holding),
        points={name: line.points for name, line in lines.items()},
        results={name: shown(line) for name, line in lines.items()},
    )


# ------------------------------------------------------------------------------------------------------------- bounds


def completions(
    standard: Standard, observations: Sequence[Observation], period: Period | None = None, *, most: int = 200
) -> list[tuple[Observation, ...]] | None:
    """The observations with every missing value given in every way that turns something; None if too many."""
    kept: list[Observation] = list(observations)
    ways: list[list[tuple[Observation, ...]]] = []
    for section, criterion in sections_of(standard):
        looks = [look for look in kept if look.criterion == criterion.id]
        if criterion.measure.kind == "event":
            for look in looks:
                if _counts(criterion.measure, look) is None:
                    kept.remove(look)
                    ways.append([(attrs.evolve(look, attributable=answer),) for answer in (False, True)])
            here = [look for look in looks if look.at is None or period is None or look.at in period]
            if not here and not only_when_it_happens(section, criterion):
                ways.append([(Observation(criterion.id, value),) for value in values_of(criterion)])
        elif line_of(standard, section, criterion, looks, period).state == "missing":
            kept = [look for look in kept if look.criterion != criterion.id]
            ways.append([(Observation(criterion.id, value),) for value in values_of(criterion)])
        number = 1
        for way in ways:
            number *= len(way)
        if number > most:
            return None
    return [(*kept, *(one for part in parts for one in part)) for parts in product(*ways)]


def bounds(
    standard: Standard, community: Community, observations: Sequence[Observation], on: date | None = None,
    period: Period | None = None,
) -> Ends | None:  # fmt: skip
    """The ends over all completions, one by one; None where there are too many."""
    tried = completions(standard, observations, period)
    if tried is None:
        return None
    answers = [evaluate(standard, community, completion, on, period) for completion in tried]
    scores = sorted((one.score for one in answers if one.score is not None), reverse=standard.direction == "demerits")
    order = {grade.id: place for place, grade in enumerate(standard.grades)}
    grades = sorted((one.grade for one in answers if one.grade is not None), key=lambda grade: order.get(grade, -1))
    return Ends(
        low=scores[0] if scores else None,
        high=scores[-1] if scores else None,
        grade_low=grades[-1] if grades else None,
        grade_high=grades[0] if grades else None,
    )

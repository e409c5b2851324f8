"""Whether a condition holds."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from civrules import Community, Condition, NotApplicable, Period
from civrules.testing.naive.calendar_days import back
from civrules.testing.naive.figures import compared, comparisons, fraction
from civrules.testing.naive.measures import worth
from civrules.testing.naive.places import Place
from civrules.testing.naive.reading import Line, Report


@attrs.define(kw_only=True)
class Facts:
    """All that a condition may ask."""

    places: Mapping[str, Place]
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
    if day is None:
        return True
    if condition.within is not None:
        assert facts.on is not None
        return back(facts.on, condition.within) <= day <= facts.on
    if condition.during is not None:
        assert facts.on is not None
        return day.year == facts.on.year
    return facts.period is None or day in facts.period


def _happened(condition: Condition, facts: Facts) -> bool:
    name = str(condition.happened)
    worst = facts.places[name].missing == "worst"
    days = [report.at for report in facts.reports[name] if report.counts or (report.counts is None and worst)]
    line = facts.lines[name]
    if line.state == "missing" and not line.looked and worst:
        days.append((facts.period.last if facts.period is not None else None) or facts.on)
    return any(_within(condition, day, facts) for day in days)


def _failed(condition: Condition, facts: Facts) -> bool:
    return facts.lines[str(condition.failed)].result == "fail"


def _failed_tag(condition: Condition, facts: Facts) -> bool:
    tagged = [one.name for one in facts.places.values() if condition.failed_tag in one.criterion.tags]
    failed = Fraction(sum(facts.lines[name].result == "fail" for name in tagged))
    tests = comparisons(condition) or [("at_least", 1)]
    return all(compared(word, failed, fraction(limit)) for word, limit in tests)


def _value(condition: Condition, facts: Facts) -> bool:
    name, _, item = str(condition.value).partition(":")
    line = facts.lines[name]
    seen: Any = line.value if line.counts is None else line.counts
    if item and seen is not None:
        seen = seen[item]
        seen = None if isinstance(seen, NotApplicable) else seen[0] if isinstance(seen, tuple) else seen
    if seen is None:
        return False
    if condition.equals is not None:
        return _same(seen, condition.equals)
    return all(compared(word, Fraction(seen), fraction(limit)) for word, limit in comparisons(condition))


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


def reach_of(place: Place, line: Line) -> Fraction:
    """The most that the line can give here."""
    return line.reach if line.reach is not None else place.most or Fraction(0)


def _points(condition: Condition, facts: Facts) -> bool:
    name = str(condition.points)
    return _reaches(condition, facts.lines[name].points, reach_of(facts.places[name], facts.lines[name]))


def _section(condition: Condition, facts: Facts) -> bool:
    return _reaches(condition, *facts.sections.get(str(condition.section), (None, Fraction(0))))


def _worst_in(condition: Condition, facts: Facts) -> bool:
    members = [
        (place, facts.lines[name])
        for name, place in facts.places.items()
        if condition.worst_in in [section.id for section in place.path] and place.counts
    ]
    applying = [(place, line) for place, line in members if not line.leaves]
    known = [(place, line.points, reach_of(place, line)) for place, line in applying if line.points is not None]
    if not known or len(known) < len(applying):
        return False
    _, points, reach = min(known, key=lambda one: (worth(one[0], one[1]), -worth(one[0], one[2])))
    return _reaches(condition, points, reach)


def _figure(condition: Condition, facts: Facts) -> bool:
    if condition.figure == "score":
        return _reaches(condition, facts.score, facts.maximum)
    return _reaches(condition, facts.coverage, Fraction(1))


def _attribute(condition: Condition, facts: Facts) -> bool:
    name = str(condition.attribute)
    own = getattr(facts.community, name) if name in ("kind", "locality", "parent") else None
    fact = own if own is not None else facts.community.attributes.get(name)
    if fact is None:
        return False
    if condition.has is not None:
        return condition.has in (fact if isinstance(fact, tuple) else (fact,))
    if condition.equals is not None:
        wanted = condition.equals if isinstance(condition.equals, tuple | list) else (condition.equals,)
        return any(isinstance(fact, bool) == isinstance(word, bool) and fact == word for word in wanted)
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

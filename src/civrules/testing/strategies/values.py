"""Values that a criterion takes."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from civrules import Criterion, NotApplicable, Period, Ratio, Standard
from civrules.measures import Check, Checklist, Event, Findings, Frequency, Item, Levels, Marks
from civrules.testing.strategies.criteria import can_add
from civrules.testing.strategies.drawing import chance, pick, up_to
from civrules.testing.strategies.measures import limits_in, yes_or_no

YES: tuple[Any, ...] = (True, "yes", 1, "1", "是", "TRUE")
NO: tuple[Any, ...] = (False, "no", 0, "0", "否", "False")
RESPONSIBLE = ("attributable", "not-attributable")


def may_not_apply(standard: Standard, criterion: Criterion) -> bool:
    """Whether an observer's "does not apply" is taken."""
    return (criterion.not_applicable or standard.when_not_applicable) != "refuse"


def figure_for(draw: st.DrawFn, limits: Sequence[Any], decimals: int, between: Any, *, ratios: bool) -> Any:
    """A figure on a threshold or one step beside it, or any, in one of its forms."""
    percent = any(isinstance(limit, str) for limit in limits)
    low, high = between or ((Decimal(0), Decimal(100)) if percent else (Decimal(-10), Decimal(130)))
    if chance(draw, 4):
        ratio = ratio_for(draw, percent=percent, low=low, high=high, nothing=ratios)
        if ratio is not None:
            return ratio
    limit = Decimal(str(pick(draw, list(limits))).rstrip("%"))
    step = Decimal(1).scaleb(-decimals)
    exact = limit + pick(draw, (0, 1, -1)) * step
    if chance(draw, 3):
        exact = pick(draw, (low, high, low + (high - low) / 2, low + (high - low) / 8))
    exact = min(max(exact, low), high)
    forms: list[Any] = [exact, float(exact), f"{exact:f}"]
    forms += [f"{exact:f}%"] if percent else []
    forms += [int(exact)] if exact == int(exact) else []
    return pick(draw, forms)


def ratio_for(draw: st.DrawFn, *, percent: bool, low: Decimal, high: Decimal, nothing: bool) -> Ratio | None:
    """n of m; of nothing only where that may be; None where what was drawn lies outside."""
    if nothing and chance(draw, 4):
        return Ratio(0, 0)
    of = pick(draw, (20, 3, 7, 100, 1))
    n = draw(up_to(of))
    share = Fraction(n, of) * (100 if percent else 1)
    return Ratio(n, of) if Fraction(low) <= share <= Fraction(high) else None


def value_for(
    draw: st.DrawFn, standard: Standard, criterion: Criterion, period: Period | None, *, usable: bool = True,
    applies: bool = False,
) -> Any:  # fmt: skip
    """A value that the criterion takes; `usable` leaves nothing of it open, with `applies` it does apply."""
    measure: Any = criterion.measure
    # What does not apply may leave fewer places than the sample asks for.
    applies = applies or not may_not_apply(standard, criterion) or criterion.sample is not None
    if not applies and chance(draw, 8):
        return NotApplicable("there is none")
    match measure:
        case Levels():
            return pick(draw, sorted(measure.levels))
        case Marks():
            return a_mark(draw, criterion, measure)
        case Findings():
            values = {
                item.id: item_value(draw, criterion, item, usable=usable, applies=applies) for item in measure.items
            }
            return {name: value for name, value in values.items() if value is not None}
        case Checklist():
            return {item.id: held(draw, applies=applies) for item in measure.items}
        case Frequency():
            return done(draw, measure, period)
        case Check() if yes_or_no(measure):
            return pick(draw, YES + NO)
        case _:
            return a_figure(draw, criterion, usable=usable, applies=applies)


def held(draw: st.DrawFn, *, applies: bool) -> Any:
    """Whether an item of a checklist holds."""
    return NotApplicable("there is none") if not applies and chance(draw, 8) else pick(draw, YES + YES + NO)


def a_figure(draw: st.DrawFn, criterion: Criterion, *, usable: bool, applies: bool) -> Any:
    """A figure, or n of m; where looks are added up of one kind, and within the range together."""
    limits = limits_in(criterion.measure)
    if criterion.pool == "sum":
        percent = any(isinstance(limit, str) for limit in limits)
        return Ratio(draw(up_to(10)), 10) if percent else Decimal(draw(up_to(40)))
    value = figure_for(draw, limits, criterion.decimals, criterion.range, ratios=not applies)
    small = isinstance(value, Ratio) and criterion.sample is not None and 0 < int(value.of) < int(str(criterion.sample))
    return Ratio(value.n * 10, value.of * 10) if small and (usable or chance(draw, 2)) else value


def done(draw: st.DrawFn, measure: Frequency, period: Period | None) -> Any:
    """Dates, or how often in some of the windows, or a look at one day."""
    first = period.first.toordinal() if period is not None and period.first is not None else 741_000
    days = [_day(first + draw(up_to(40)) * pick(draw, (1, 3))) for _ in range(1 + draw(up_to(5)))]
    if measure.weekdays or chance(draw, 2):
        return ";".join(days) if len(days) > 1 or chance(draw, 2) else days[0]
    return {day: pick(draw, (1, 2, 3, 0)) for day in days}


def _day(number: int) -> str:
    return date.fromordinal(number).isoformat()


def a_mark(draw: st.DrawFn, criterion: Criterion, measure: Marks) -> Any:
    """A mark that may be given."""
    if measure.choices is not None:
        return pick(draw, measure.choices)
    low, high = criterion.least, criterion.points or Decimal(0)
    if measure.bands is not None:
        low, high = pick(draw, sorted(measure.bands.values()))
    beside = [one for one in (low + Decimal("0.0001"), high - Decimal("0.0001")) if low <= one <= high]
    return pick(draw, (high, low, ((low + high) / 2).quantize(Decimal("0.0001")), float(high), f"{low:f}", *beside))


def item_value(draw: st.DrawFn, criterion: Criterion, item: Item, *, usable: bool, applies: bool) -> Any:
    """What was seen of one item; None where nothing was said."""
    measured = item.tiers or item.shortfall
    if not applies and chance(draw, 8):
        return NotApplicable("there is none")
    if measured is not None:
        return figure_for(draw, limits_in(measured), criterion.decimals, item.range, ratios=not applies)
    if item.levels is not None:
        name, amount = pick(draw, sorted(item.levels.items(), key=str))
        return f"{name}={pick(draw, amount):f}" if isinstance(amount, tuple) else name
    if isinstance(item.each, tuple):
        return pick(draw, (*item.each, "no", False))
    if criterion.pool == "sum" and can_add(criterion):
        return pick(draw, (0, 1, 3))
    counts: list[Any] = [0, 1, 3, "2", *((20,) if item.range else (1000000,))]
    if item.attributable:
        one_and_two: Mapping[str, int] = {"attributable": 2, "not-attributable": 1}
        said: list[Any] = [{"attributable": 1}, one_and_two, "not-attributable", "attributable", 0]
        return pick(draw, said if usable else [*said, 2])
    return pick(draw, [*counts, True, "no", None])


def report_values(standard: Standard, criterion: Criterion, event: Event, *, whole: bool) -> list[Any]:
    """What may be said of an event."""
    values: list[Any] = [*YES, *NO]
    if event.attributable:
        values += RESPONSIBLE
    if not whole and may_not_apply(standard, criterion):
        values += [NotApplicable("it cannot happen here")]
    return values

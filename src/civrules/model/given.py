"""Given: numbers and intervals that are not written where they stand, but given by a parameter, the day, a fact."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, NewType, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.days import read_day
from civrules.model.figures import figure, plain
from civrules.model.mapping import FrozenMapping
from civrules.model.yearday import in_month_days

MOST_STEPS = 100
"""A measure is checked with every number that it may be given."""

Written: TypeAlias = Decimal | str
"""A number as documents write it: a figure, or text in percent."""


Setting: TypeAlias = Annotated[Decimal | str, "a parameter's"]
"""What a parameter is set to: a figure, text in percent, an interval ("2 weeks") or a day of the year ("07-21")."""

Interval = NewType("Interval", str)
"""A length of time or a cadence in words, which a parameter may give instead."""


def setting_of(value: Any) -> Setting:
    """What a parameter is set to, as it is kept. Raises InvalidInput."""
    in_words = isinstance(value, str) and (in_month_days(value) or any(character.isalpha() for character in value))
    return value if in_words else _written(value)


def optional_setting(value: Any) -> Setting | None:
    """`setting_of`, where one is given."""
    return None if value is None else setting_of(value)


def interval_of(value: Any) -> Any:
    """An interval as written, or the parameter that gives it. Raises InvalidInput."""
    return read_parameter(value) if isinstance(value, Mapping) else value


def _written(value: Any) -> Written:
    exact, percent = figure(value)
    return f"{plain(exact)}%" if percent else exact


@attrs.frozen
class ParameterOf:
    """A number or an interval that a parameter of the document gives: `{ parameter = "minimum-guards" }`.

    `parameter` is the parameter's id. Until it is set, what needs it stays open.
    """

    parameter: str


@attrs.frozen
class Dated:
    """The number in force on the day: `{ 2024-07-01 = 30, 2024-08-01 = 60 }`; before the first there is none."""

    steps: tuple[tuple[date, Written], ...]


@attrs.frozen
class ByAttribute:
    """The number of the community's size class: `{ by = "households", lower = { 0 = 8, 50 = 12 } }`, ends included.

    `by` is an attribute of the community. `lower` has the lower end of each class and the number from there up.
    """

    by: str
    lower: tuple[tuple[Decimal, Written], ...]


Given: TypeAlias = ParameterOf | Dated | ByAttribute


def threshold_of(value: Any) -> Any:
    """A threshold of a measure: as written, or given. Raises InvalidInput."""
    return value if value is None or isinstance(value, ParameterOf | Dated | ByAttribute) else _written(value)


def number_of(value: Any) -> Any:
    """A plain figure of a measure: as written, or given. Raises InvalidInput."""
    return value if value is None or isinstance(value, ParameterOf | Dated | ByAttribute) else figure(value)[0]


def pair_of(value: Any) -> Any:
    """Two plain figures of a measure. Raises InvalidInput."""
    return None if value is None else (number_of(value[0]), number_of(value[1]))


@attrs.frozen
class Giver:
    """What gives numbers: the day, the community's attributes, the parameters that are set."""

    on: date | None
    attributes: Mapping[str, Any]
    parameters: Mapping[str, Any]


class NotGiven(Exception):  # said to the engine, never to a host
    """No number is given; `reason` is the code that the line shows."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def read_given(table: Mapping[str, Any]) -> Given:
    """The table of a given number. Raises InvalidInput.

    >>> read_given({"parameter": "minimum-guards"})
    ParameterOf(parameter='minimum-guards')
    """
    if set(table) == {"parameter"} and isinstance(table["parameter"], str):
        return ParameterOf(table["parameter"])
    if set(table) == {"by", "lower"} and isinstance(table["by"], str) and isinstance(table["lower"], Mapping):
        return ByAttribute(
            table["by"], _rising(((figure(key)[0], one) for key, one in table["lower"].items()), "lower")
        )
    if table and not {"parameter", "by", "lower"} & set(table):
        return Dated(_rising(((read_day(key), one) for key, one in table.items()), ""))
    raise InvalidInput(Problem("not-given", (), ", ".join(table), "parameter; by with lower; or days"))


def read_parameter(table: Mapping[str, Any]) -> ParameterOf:
    """The table of an interval that a parameter gives. Raises InvalidInput."""
    if set(table) == {"parameter"} and isinstance(table["parameter"], str):
        return ParameterOf(table["parameter"])
    raise InvalidInput(Problem("not-given", (), ", ".join(map(str, table)), "parameter"))


def _rising(pairs: Iterable[tuple[Any, Any]], key: str) -> tuple[tuple[Any, Written], ...]:
    steps = tuple((end, _step(end, number)) for end, number in pairs)
    ends = [end for end, _ in steps]
    if len(steps) > MOST_STEPS:
        raise InvalidInput(Problem("too-many", (), len(steps), str(MOST_STEPS)))
    if not steps or ends != sorted(set(ends)):
        raise InvalidInput(Problem("bad-order", (key,) if key else (), ", ".join(map(str, ends)), "values that rise"))
    return steps


def _step(end: date | Decimal, number: Any) -> Written:
    """The number from one end on. Raises InvalidInput."""
    plainly = isinstance(number, int | Decimal) and not isinstance(number, bool)
    if not (plainly or (isinstance(number, str) and number.endswith("%"))):
        raise InvalidInput(Problem("wrong-type", (str(end),), number, 'a figure, or text such as "95%"'))
    return _written(number)


def table_of(given: Given) -> dict[str, Any]:
    """The table that `read_given` reads."""
    if isinstance(given, ParameterOf):
        return {"parameter": given.parameter}
    if isinstance(given, Dated):
        return {day.isoformat(): number for day, number in given.steps}
    return {"by": given.by, "lower": {plain(end): number for end, number in given.lower}}


def _pick(given: Given, giver: Giver) -> Written:
    if isinstance(given, ParameterOf):
        if given.parameter not in giver.parameters:
            raise NotGiven("parameter-open")
        return setting_of(giver.parameters[given.parameter])
    if isinstance(given, Dated):
        found = [number for day, number in given.steps if giver.on is not None and day <= giver.on]
    else:
        fact = giver.attributes.get(given.by)
        if isinstance(fact, bool) or not isinstance(fact, int | Decimal | str) or not _is_figure(fact):
            raise NotGiven("no-attribute")
        found = [number for end, number in given.lower if Fraction(end) <= Fraction(figure(fact)[0])]
    if not found:
        raise NotGiven("before-first-number")
    return found[-1]


def _is_figure(fact: object) -> bool:
    try:
        figure(fact)
    except InvalidInput:
        return False
    return True


def resolved(value: Any, giver: Giver) -> Any:
    """The value with every given number in it picked. Raises NotGiven where there is none."""
    return _replaced(value, lambda given: _pick(given, giver))


def givens(value: Any) -> Iterator[Given]:
    """Every given number in the value."""
    if isinstance(value, ParameterOf | Dated | ByAttribute):
        yield value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            part = getattr(value, field.name)
            if part is not None and not isinstance(part, str | int | Decimal):
                yield from givens(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from givens(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from givens(part)


def variants(value: Any, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """The value with all given numbers at their first, their second and so on, so that each stands in one of them."""
    found = list(dict.fromkeys(givens(value)))
    if not found:
        return (value,)
    choices = {given: _choices(given, parameters) for given in found}
    most = max(len(numbers) for numbers in choices.values())
    made = ({given: numbers[min(step, len(numbers) - 1)] for given, numbers in choices.items()} for step in range(most))
    return tuple(_replaced(value, chosen.__getitem__) for chosen in made)


def _choices(given: Given, parameters: Mapping[str, Any]) -> tuple[Written, ...]:
    if isinstance(given, ParameterOf):
        ends = parameters.get(given.parameter, (Decimal(1),))
        return tuple(setting_of(one) for one in (ends if isinstance(ends, tuple) else (ends,)))
    return tuple(number for _, number in (given.steps if isinstance(given, Dated) else given.lower))


def _replaced(value: Any, pick: Any) -> Any:
    if isinstance(value, ParameterOf | Dated | ByAttribute):
        return pick(value)
    if attrs.has(type(value)):
        changed = {}
        for field in attrs.fields(type(value)):
            old = getattr(value, field.name)
            new = _replaced(old, pick)
            if new is not old:
                changed[field.name] = new
        return attrs.evolve(value, **changed) if changed else value
    if isinstance(value, FrozenMapping):
        parts = {key: _replaced(part, pick) for key, part in value.items()}
        return value if all(parts[key] is value[key] for key in parts) else FrozenMapping(parts)
    if isinstance(value, tuple):
        members = tuple(_replaced(part, pick) for part in value)
        return value if all(new is old for new, old in zip(members, value, strict=True)) else members
    return value

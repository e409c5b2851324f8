"""Numbers: fractions, rounding, comparisons, and numbers that are given."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import attrs

from civrules import Community, Standard
from civrules.model.given import ByAttribute, Dated, ParameterOf

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
NOTHING = Fraction(0)
WIDE = Context(prec=200)


class NotGiven(Exception):
    """A number is not known here; the reason is the argument."""


def fraction(figure: Any) -> Fraction:
    """A figure or threshold as a fraction, "95%" as 95; a float by its shortest decimal."""
    if isinstance(figure, float):
        return Fraction(repr(figure))
    return Fraction(figure.rstrip("%") if isinstance(figure, str) else figure)


def summed(numbers: Iterable[Fraction]) -> Fraction:
    """The sum, 0 of none."""
    return sum(numbers, start=NOTHING)


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


def given(value: Any, standard: Standard, community: Community, on: date | None) -> Any:
    """The value with the numbers in force: of the day, of the community, of the parameters. Raises NotGiven."""
    if isinstance(value, ParameterOf):
        return _parameter(value.parameter, standard)
    if isinstance(value, Dated):
        assert on is not None
        return _last_of([number for first, number in value.steps if first <= on])
    if isinstance(value, ByAttribute):
        fact = community.attributes.get(value.by)
        if isinstance(fact, bool) or not isinstance(fact, int):
            raise NotGiven("no-attribute")
        return _last_of([number for end, number in value.lower if end <= fact])
    if isinstance(value, Mapping):
        return {name: given(part, standard, community, on) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(given(part, standard, community, on) for part in value)
    if attrs.has(type(value)):
        parts = {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
        found = {name: given(part, standard, community, on) for name, part in parts.items()}
        return value if found == parts else attrs.evolve(value, **found)
    return value


def _last_of(numbers: list[Any]) -> Any:
    if not numbers:
        raise NotGiven("before-first-number")
    return numbers[-1]


def _parameter(name: str, standard: Standard) -> Any:
    if name in standard.bound:
        return standard.bound[name]
    default = next(one.default for one in standard.parameters if one.id == name)
    if default is None:
        raise NotGiven("parameter-open")
    return default

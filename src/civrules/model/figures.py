"""Figures: how a number that people write is read, exactly or not at all."""

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NewType, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem

Number: TypeAlias = int | Decimal | float | str
"""A figure: a float is read by its shortest decimal; text is ASCII digits with an optional point, sign and %."""

Mode = Literal["half-up", "half-even", "up", "down"]

MOST_DIGITS = 18
MOST_EXPONENT = 12
MOST_COUNT = 10**6
_TEXT = re.compile(r"-?[0-9]+(\.[0-9]+)?%?", re.ASCII)
_GRAMMAR = "[-]digits[.digits][%]"
SIZE = f"at most {MOST_DIGITS} digits, none beyond the {MOST_EXPONENT}th place"
# Wide enough for every figure and product of figures: building a Decimal in it never rounds.
_CONTEXT = Context(prec=2000, Emax=99999, Emin=-99999)


def figure(value: object) -> tuple[Decimal, bool]:
    """The value exactly, without trailing zeros, and whether it was written in %.

    Takes int, Decimal, float (read by its shortest decimal, NumPy's by their own text) and ASCII text
    `[-]digits[.digits][%]`. Raises InvalidInput on anything else: bool, NaN, infinities, more than 18 digits, an
    exponent beyond 12 either way, digits that are not ASCII.

    >>> figure(84.995), figure("95%"), figure(Decimal("1.50"))
    ((Decimal('84.995'), False), (Decimal('95'), True), (Decimal('1.5'), False))
    """
    if isinstance(value, bool):
        raise InvalidInput(Problem("bad-figure", (), value, _GRAMMAR))
    if isinstance(value, int):
        if not -(10**MOST_DIGITS) < value < 10**MOST_DIGITS:
            raise InvalidInput(Problem("too-many-digits", (), value, SIZE))
        return _trimmed(Decimal(int(value)), value), False
    if isinstance(value, Decimal):
        return _trimmed(value, value), False
    if isinstance(value, str):
        return _from_text(value, value)
    return _trimmed(_decimal_of(value), value), False


def _from_text(text: str, value: object) -> tuple[Decimal, bool]:
    if len(text) > MOST_DIGITS * 2 + 4:
        code = "too-many-digits" if set(text) <= set("-.0123456789%") else "bad-figure"
        raise InvalidInput(Problem(code, (), value, SIZE if code == "too-many-digits" else _GRAMMAR))
    if not _TEXT.fullmatch(text):
        raise InvalidInput(Problem("bad-figure", (), value, _GRAMMAR))
    return _trimmed(Decimal(text.rstrip("%")), value), text.endswith("%")


def _decimal_of(value: object) -> Decimal:
    """A float by its shortest decimal; a NumPy scalar by its own text, so that float32's 0.1 stays 0.1."""
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    item: Callable[[], object] | None = getattr(value, "item", None)
    try:
        if kind == "f":
            return Decimal(str(value))
        if kind in ("i", "u") and item is not None:
            return Decimal(str(item()))
    except (ArithmeticError, ValueError):
        pass  # something that only looks like a scalar
    raise InvalidInput(Problem("bad-figure", (), value, _GRAMMAR))


def _trimmed(number: Decimal, value: object) -> Decimal:
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise InvalidInput(Problem("bad-figure", (), value, _GRAMMAR))
    last = len(digits)
    if last <= MOST_DIGITS * 4:
        while last > 1 and digits[last - 1] == 0 and (exponent < 0 or last > MOST_DIGITS):
            last, exponent = last - 1, exponent + 1
    if digits[:last] == (0,):
        return Decimal(0)
    if last > MOST_DIGITS or abs(exponent) > MOST_EXPONENT:
        raise InvalidInput(Problem("too-many-digits", (), value, SIZE))
    return Decimal((sign, digits[:last], exponent))


def plain(number: Decimal | Fraction | int) -> str:
    """A figure as text without exponent or trailing zeros; a fraction that has no end as n/d.

    >>> plain(Decimal("1E+2")), plain(Decimal("0.50")), plain(Fraction(1, 3))
    ('100', '0.5', '1/3')
    """
    if isinstance(number, Decimal):
        # Without a precision a Decimal is written in full, whatever the host's context.
        text = f"{number:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"
    fraction = Fraction(number)
    places = decimals_of(fraction)
    if places is None:
        return str(fraction)
    return f"{decimal(fraction.numerator * 10**places // fraction.denominator, places):f}"


@lru_cache(maxsize=4096)
def written(units: int, places: int) -> str:
    """`units` times 10^-places as text, without trailing zeros.

    >>> written(-50, 3)
    '-0.05'
    """
    return plain(decimal(units, places))


@lru_cache(maxsize=4096)
def decimal(units: int, places: int) -> Decimal:
    """`units` times 10^-places, exactly and without trailing zeros, whatever the host's decimal context.

    >>> decimal(8450, 2)
    Decimal('84.5')
    """
    while places > 0 and units % 10 == 0:
        units, places = units // 10, places - 1
    return Decimal(units).scaleb(-places, _CONTEXT)


def added(parts: Iterable[Decimal]) -> Decimal:
    """The sum of the parts, exactly, whatever the host's decimal context.

    >>> added([Decimal("0.1"), Decimal("0.2")])
    Decimal('0.3')
    """
    total = sum(map(Fraction, parts), start=Fraction(0))
    places = decimals_of(total) or 0
    return decimal(int(total * 10**places), places)


def decimals_of(number: Fraction | Decimal | int) -> int | None:
    """How many decimals the number has; None where it has no end.

    >>> decimals_of(Fraction(1, 8)), decimals_of(Fraction(1, 3))
    (3, None)
    """
    rest = Fraction(number).denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def round_quotient(numerator: int, denominator: int, mode: Mode) -> int:
    """`numerator / denominator` as a whole number; halves go away from zero ("half-up") or to the even neighbour.

    "up" goes away from zero, "down" towards it. `denominator` is above 0.

    >>> [round_quotient(5, 2, mode) for mode in ("half-up", "half-even", "up", "down")]
    [3, 2, 3, 2]
    """
    size, rest = divmod(abs(numerator), denominator)
    twice = rest * 2
    if (
        (mode == "up" and rest)
        or (mode not in ("up", "down") and twice > denominator)
        or (twice == denominator and (mode == "half-up" or (mode == "half-even" and size % 2)))
    ):
        size += 1
    return size if numerator >= 0 else -size


def count(value: object) -> int:
    """A whole number from 0 to 10^6. Raises InvalidInput."""
    number = figure(value)
    whole = Fraction(number[0])
    if number[1] or whole.denominator != 1 or not 0 <= whole <= MOST_COUNT:
        raise InvalidInput(Problem("not-whole", (), value, f"a whole number, 0 to {MOST_COUNT}"))
    return int(whole)


Count = NewType("Count", int)
"""A whole number that a document writes, or lets be given."""


@attrs.frozen
class Ratio:
    """n of m, exact: whole numbers, m up to 10^6; m = 0 means that there was nothing to count, which is not applicable.

    >>> Ratio(19, 20)
    Ratio(n=19, of=20)
    """

    n: Number
    of: Number

    def read(self) -> tuple[int, int]:
        """n and m, checked. Raises InvalidInput where one of them is not a count."""
        return count(self.n), count(self.of)


@attrs.frozen
class NotApplicable:
    """The criterion does not apply here, and why."""

    reason: str


@attrs.frozen
class NotObserved:
    """There is nothing to hand in, and why: the criterion stands as though nobody had looked, and a note says so."""

    reason: str


NOTHING_COUNTED = NotApplicable("m = 0")

"""Cells: what the cells of one column say, as columns of whole numbers and of what is wrong with them."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, TypeAlias

import attrs
import narwhals as nw

from civrules.errors import InvalidInput
from civrules.frames.plan import Plan, where, whole
from civrules.model.figures import MOST_COUNT, MOST_DIGITS, MOST_EXPONENT, figure, plain
from civrules.model.measures.measure import YES_NO, Limits
from civrules.model.text import HIDING

Kind = Literal["text", "whole", "float", "truth"]

SPACES = " \u00a0\u3000"
_FIGURE = r"^-?[0-9]+(?:\.[0-9]+)?%?$"
_RATIO = r"^[0-9]{1,18} ?/ ?[0-9]{1,18}$"
STATED = r"(?is)^n/a(?: *[:：].*)?$"
FAR = 2**62
"""Beyond every threshold of a program that a backend may run."""
_LONGEST = MOST_DIGITS * 2 + 4
_YES = [word for word, meant in YES_NO.items() if meant]
_COLUMNS = 0
"""The stage of the cells as they are, without nulls."""
_WORDS = 1
_DIGITS = 2
READ = 3
"""The stage in which everything is read."""

Wrong: TypeAlias = tuple[nw.Expr, str]
"""A test, and the code of what is wrong where it holds."""


@attrs.frozen(eq=False)
class Read:
    """What the cells of one column say where they say something: a whole number, and what may be wrong, gravest first.

    `value` is any number where the cell is blank, or something is wrong.
    """

    value: nw.Expr
    wrong: tuple[Wrong, ...] = ()


@attrs.frozen(eq=False)
class Figure:
    """Text as a figure: whether it is one, and its parts."""

    is_one: nw.Expr
    percent: nw.Expr
    negative: nw.Expr
    before: nw.Expr
    """The digits before the point as a number."""
    after: nw.Expr
    """The digits after the point, without zeros at the end, as text."""
    too_long: nw.Expr
    far: nw.Expr
    """Whether it has more digits before the point than any figure may."""


class Cells:
    """The cells of one column; every reading of them starts here."""

    def __init__(self, plan: Plan, column: str, kind: Kind, dtype: Any) -> None:
        raw = nw.col(column)
        self.plan = plan
        self.column = column
        self.kind = kind
        self.dtype = dtype
        self._figure: Figure | None = None
        self._lower: nw.Expr | None = None
        self._ratio: tuple[nw.Expr, nw.Expr, nw.Expr] | None = None
        if kind == "text":
            text = raw.cast(nw.String).str.strip_chars(SPACES)
            self.said = plan.keep(_COLUMNS, where(text.is_null(), nw.lit(""), text))
            self.there = self.said != nw.lit("")
            return
        self.there = plan.keep(_COLUMNS, ~raw.is_null())
        self.said = plan.keep(_COLUMNS, self._without_null(raw))

    def _without_null(self, raw: nw.Expr) -> nw.Expr:
        if self.kind == "truth":
            return where(raw.is_null(), nw.lit(False), raw)
        if self.kind == "float":
            return where(raw.is_null(), nw.lit(0.0), raw.cast(nw.Float64))
        most = 10**MOST_DIGITS
        held = raw
        if self.dtype in (nw.UInt64, nw.Int128, nw.UInt128):
            held = where(raw > whole(most), whole(most), where(raw < whole(-most), whole(-most), raw))
        return where(raw.is_null(), whole(0), held).cast(nw.Int64)

    @property
    def stated(self) -> nw.Expr | None:
        """Whether the cell says that it does not apply; None where it cannot."""
        return self.said.str.contains(STATED) if self.kind == "text" else None

    def lower(self) -> nw.Expr:
        """The text in lower case."""
        if self._lower is None:
            self._lower = self.plan.keep(_WORDS, self.said.str.to_lowercase())
        return self._lower

    def reason_wrong(self, *, after_na: bool) -> tuple[Wrong, ...]:
        """What is wrong with a reason: there is none, or something hides in it."""
        if self.kind != "text":
            return ((self.there, "no-reason"),)
        lower = self.lower()
        if after_na:
            lower = lower.str.replace_all(r"(?s)^n/a *[:：]?", "").str.strip_chars(SPACES)
        none = lower.is_in(["", *YES_NO]) if after_na else lower.is_in(list(YES_NO))
        return ((none, "no-reason"), (self.said.str.contains(HIDING_PATTERN), "hiding-character"))

    def yes_no(self) -> Read:
        """1 for yes, 0 for no."""
        if self.kind == "truth":
            return Read(self.said.cast(nw.Int64))
        if self.kind == "whole":
            return Read(self.said, ((~self.said.is_in([0, 1]), "not-yes-no"),))
        if self.kind == "float":
            return Read(whole(0), ((self.there, "not-yes-no"),))
        lower = self.lower()
        return Read(lower.is_in(_YES).cast(nw.Int64), ((~lower.is_in(list(YES_NO)), "not-yes-no"),))

    def word(self, words: Sequence[str]) -> Read:
        """The place of a level's name."""
        if self.kind == "text":
            tests = [(place, self.said == nw.lit(word)) for place, word in enumerate(words)]
        elif self.kind == "whole":
            tests = [(place, self.said == whole(int(word))) for place, word in enumerate(words) if _is_whole(word)]
        elif self.kind == "float":
            tests = [(place, self.said == nw.lit(float(word))) for place, word in enumerate(words) if _is_figure(word)]
        else:
            tests = []
        place, known = whole(0), nw.lit(False)
        for index, test in tests:
            place, known = where(test, whole(index), place), known | test
        return Read(place, ((~known, "unknown-level"),))

    def figure(self, limits: Limits, *, percent: bool) -> Read:
        """A figure in units of its last decimal."""
        low, high = limits.ends(percent=percent)
        unit = 10**limits.decimals
        if self.kind == "truth":
            return Read(whole(0), ((self.there, "bad-figure"),))
        if self.kind == "whole":
            return self._from_whole(low, high, unit)
        if self.kind == "float":
            return self._from_float(low, high, unit)
        return self._from_text(low, high, limits.decimals, percent=percent)

    def _from_whole(self, low: Fraction, high: Fraction, unit: int) -> Read:
        most = 10**MOST_DIGITS
        held = _held(self.said, FAR // unit) if most * unit > FAR else self.said
        outside = (self.said < whole(max(ceil(low), -most))) | (self.said > whole(min(floor(high), most)))
        long = (self.said >= whole(most)) | (self.said <= whole(-most))
        wrong = ((long, "too-many-digits"), (outside, "out-of-range"))
        return Read(where(long, whole(0), held) * whole(unit), wrong)

    def _from_float(self, low: Fraction, high: Fraction, unit: int) -> Read:
        said = self.said
        nothing = said.is_nan() | (said.abs() > nw.lit(1e300))
        long = said.abs() >= nw.lit(1e16)
        sound = where(nothing | long, nw.lit(0.0), said)
        scaled = (sound * nw.lit(float(unit))).round(0)
        # Divided by a constant, Polars multiplies by its reciprocal, which is another float now and then.
        back = scaled / (sound * nw.lit(0.0) + nw.lit(float(unit)))
        again = back.cast(nw.Float32).cast(nw.Float64) if self.dtype == nw.Float32 else back
        top, bottom = nw.lit(float(FAR)), nw.lit(float(-FAR))
        units = where(scaled > top, top, where(scaled < bottom, bottom, scaled)).cast(nw.Int64)
        outside = (units < whole(max(int(low * unit), -FAR))) | (units > whole(min(int(high * unit), FAR)))
        return Read(
            units,
            (
                (nothing, "bad-figure"),
                (long, "too-many-digits"),
                (again != sound, "too-precise"),
                (outside, "out-of-range"),
            ),
        )

    def text_figure(self) -> Figure:
        """The parts of text that is a figure; of other text those of 0."""
        if self._figure is None:
            is_one = self.plan.keep(_WORDS, self.said.str.contains(_FIGURE))
            safe = self.plan.keep(_DIGITS, where(is_one, self.said, nw.lit("0")))
            before = safe.str.replace_all(r"^-?0*|[.%].*$", "")
            after = safe.str.replace_all(r"^[^.]*\.?|0*%?$", "")
            many = before.str.len_chars()
            ended = where(after == nw.lit(""), before.str.replace_all("0*$", ""), before)
            digits = ended.str.len_chars() + after.str.len_chars()
            long = (digits > MOST_DIGITS) & (before != nw.lit(""))
            long = long | (after.str.len_chars() > MOST_EXPONENT) | (many > MOST_DIGITS + MOST_EXPONENT)
            long = long | (self.said.str.len_chars() > _LONGEST)
            first = nw.concat_str([nw.lit("0"), before]).str.slice(0, MOST_DIGITS + 1).cast(nw.Int64)
            keep = self.plan.keep
            self._figure = Figure(
                is_one,
                safe.str.ends_with("%"),
                safe.str.starts_with("-"),
                keep(READ, first),
                keep(READ, after),
                keep(READ, long),
                keep(READ, many > MOST_DIGITS),
            )
        return self._figure

    def _from_text(self, low: Fraction, high: Fraction, decimals: int, *, percent: bool) -> Read:
        parts = self.text_figure()
        unit = 10**decimals
        size = _held(parts.before, FAR // unit) * whole(unit)
        if decimals:
            zeros = nw.lit("0" * decimals)
            size = size + nw.concat_str([parts.after, zeros]).str.slice(0, decimals).cast(nw.Int64)
        units = self.plan.keep(READ + 1, where(parts.negative, whole(0) - size, size))
        outside = (units < whole(max(int(low * unit), -FAR))) | (units > whole(min(int(high * unit), FAR)))
        wrong: list[Wrong] = [(~parts.is_one, "bad-figure"), (parts.too_long, "too-many-digits")]
        if not percent:
            wrong.append((parts.percent, "percent-here"))
        wrong += [(parts.after.str.len_chars() > decimals, "too-precise"), (outside | parts.far, "out-of-range")]
        return Read(units, tuple(wrong))

    def count(self, low: int = 0, high: int = MOST_COUNT, *, words: bool = False) -> Read:
        """A whole number from 0 to 10^6, and from `low` to `high` where it is not 0; with `words` yes is 1 too."""
        wrong: tuple[Wrong, ...] = ()
        if self.kind == "truth":
            value = self.said.cast(nw.Int64)
            return Read(value, _between(value, low, high) if words else ((self.there, "bad-figure"),))
        if self.kind == "whole":
            value = self.said
        elif self.kind == "float":
            read = self._from_float(Fraction(-FAR), Fraction(FAR), 1)
            value, wrong = read.value, (*read.wrong[:2], (read.wrong[2][0], "not-whole"))
        else:
            parts = self.text_figure()
            value = self.plan.keep(READ + 1, where(parts.negative, whole(0) - parts.before, parts.before))
            not_whole = parts.percent | parts.far | (parts.after != nw.lit(""))
            wrong = ((~parts.is_one, "bad-figure"), (parts.too_long, "too-many-digits"), (not_whole, "not-whole"))
        outside = (value < whole(0)) | (value > whole(MOST_COUNT))
        checks: tuple[Wrong, ...] = (*wrong, (outside, "not-whole"))
        if words and self.kind == "text":
            said = self.lower().is_in([word for word in YES_NO if not word.isdigit()])
            value = where(said, self.lower().is_in(_YES).cast(nw.Int64), value)
            checks = tuple((test & ~said, code) for test, code in checks)
        return Read(value, (*checks, *_between(value, low, high)))

    def ratio(self) -> tuple[nw.Expr, nw.Expr, nw.Expr] | None:
        """Whether the cell says n of m, and n and m; None where it cannot."""
        if self.kind != "text":
            return None
        if self._ratio is not None:
            return self._ratio
        is_one = self.plan.keep(_WORDS, self.said.str.contains(_RATIO))
        safe = self.plan.keep(_DIGITS, where(is_one, self.said, nw.lit("0/1")))
        n = self.plan.keep(READ, safe.str.replace_all(r" ?/.*$", "").cast(nw.Int64))
        m = self.plan.keep(READ, safe.str.replace_all(r"^.*/ ?", "").cast(nw.Int64))
        self._ratio = is_one, n, m
        return self._ratio


def _is_figure(word: str) -> bool:
    """Whether a level's name is what a figure would be written as."""
    try:
        return plain(figure(word)[0]) == word
    except InvalidInput:
        return False


def _is_whole(word: str) -> bool:
    return _is_figure(word) and "." not in word


def _held(value: nw.Expr, most: int) -> nw.Expr:
    return where(value > whole(most), whole(most), where(value < whole(-most), whole(-most), value))


def _between(value: nw.Expr, low: int, high: int) -> tuple[Wrong, ...]:
    """What is wrong with a count that has a range of its own; 0 was not found, and that may always be."""
    if (low, high) == (0, MOST_COUNT):
        return ()
    outside = (value != whole(0)) & ((value < whole(low)) | (value > whole(high)))
    return ((outside, "out-of-range"),)


def _pattern(characters: frozenset[str]) -> str:
    """A class of characters, those below U+00A0 by their number."""
    shown = sorted(one for one in characters if ord(one) >= 0xA0)  # the first that can be printed
    return "[" + r"\x00-\x08\x0b-\x1f\x7f-\x9f" + "".join(shown) + "]"


HIDING_PATTERN = _pattern(HIDING)

"""Reading: the columns of each criterion as the slots of its formula, and what is wrong in each row."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import attrs
import narwhals as nw

from civrules.frames.cells import FAR, READ, Cells, Read, Wrong
from civrules.frames.expressions import Slot
from civrules.frames.plan import Plan, where, whole
from civrules.model.figures import MOST_COUNT
from civrules.model.formula import Term
from civrules.model.measures import Checklist, Event, Findings, Levels, Marks
from civrules.model.measures.event import ATTRIBUTABLE, NOT_ATTRIBUTABLE
from civrules.model.measures.item import Item
from civrules.model.measures.measure import in_percent, one_comparison
from civrules.scoring.line_formulas import LineFormula

SLOTS = READ + 3
"""The stage of the slots; what rests on them comes after."""


@attrs.frozen(eq=False)
class Fault:
    """Something that may be wrong with a row: a test, the column, and the code."""

    test: nw.Expr
    column: str
    code: str


class CriterionReader:
    """Reads the columns of one criterion: its own, `:of`, `:na` and those of its items."""

    def __init__(self, one: LineFormula, columns: Mapping[str, Cells], plan: Plan, blank: str | None) -> None:
        self.one = one
        self.line = one.line
        self.measure: Any = one.line.measure
        self.columns = columns
        """The cells by what follows the criterion's name; the criterion's own by nothing."""
        self.plan = plan
        self.blank = blank is not None and not one.line.event
        self.faults: list[Fault] = []
        self.slots: dict[int, Slot] = {}
        self._gone: list[nw.Expr] = []
        self._value: nw.Expr = whole(0)
        self._items = isinstance(self.measure, Checklist | Findings)

    def read(self) -> None:
        """Fill `slots` and `faults`."""
        own, na = self.columns.get(""), self.columns.get("na")
        if na is not None:
            self._stated(na)
        if self._items:
            self._read_items(own)
            return
        there = own.there if own is not None else None
        if own is not None:
            there = self._read_own(own)
        self._finish_own(there)

    def _finish_own(self, there: nw.Expr | None) -> None:
        """The criterion's own slot: its value where there is one, and whether it does not apply."""
        gone = self._any(self._gone)
        absent = None if there is None else ~there
        if self.blank:
            missing = self._blank(there)
            gone = missing if gone is None else gone | missing
            absent = None
        elif gone is not None:
            absent = ~gone if absent is None else absent & ~gone
        slot = self.one.slots[self.line.id]
        fill = _fill(slot)
        made = whole(fill)
        if there is not None:
            usable = there if gone is None else there & ~gone
            made = where(usable, self._value, made)
        if there is None and gone is None:
            return
        self.slots[slot.detail] = self._slot(made, absent, gone)
        self._refuse(gone)

    def _slot(self, value: nw.Expr, absent: nw.Expr | None, outside: nw.Expr | None) -> Slot:
        keep = self.plan.keep
        return Slot(
            keep(SLOTS, value),
            None if absent is None else keep(SLOTS, absent),
            None if outside is None else keep(SLOTS, outside),
        )

    def _blank(self, there: nw.Expr | None) -> nw.Expr:
        """Whether nothing stands in any of the columns, which the document has mean that it does not apply."""
        said = [one.there for suffix, one in self.columns.items()]
        return ~self._or(said)

    def _refuse(self, gone: nw.Expr | None) -> None:
        if gone is not None and self.line.not_applicable == "refuse":
            column = self.line.id if "" in self.columns else next(iter(self.columns.values())).column
            self._fault(gone, column, "not-applicable-refused")

    def _stated(self, na: Cells) -> None:
        """The reason in the column `:na`."""
        beside = [one.there for suffix, one in self.columns.items() if suffix in ("", "of")]
        items = [one.there for suffix, one in self.columns.items() if suffix not in ("", "of", "na")]
        if beside:
            self._fault(na.there & self._or(beside), na.column, "two-forms")
        for test, code in na.reason_wrong(after_na=False):
            self._fault(na.there & test, na.column, code)
        if items:
            self._fault(na.there & self._or(items), na.column, "two-forms")
        self._gone.append(na.there)

    def _read_own(self, own: Cells) -> nw.Expr:
        """What stands in the criterion's own column, without the reasons why it does not apply; whether it is there."""
        there = own.there
        stated = own.stated
        if stated is not None:
            stated = self.plan.keep(READ, stated)
            for test, code in own.reason_wrong(after_na=True):
                self._fault(stated & test, own.column, code)
            self._gone.append(stated)
            there = there & ~stated
        measure = self.measure
        if self._plain:
            self._not_of_m(own, there)
        if isinstance(measure, Levels):
            self._take(own, there, own.word(tuple(measure.levels)))
        elif isinstance(measure, Event):
            self._take(own, there, self._event(own, measure))
        elif self._plain:
            self._take(own, there, own.yes_no())
        else:
            self._read_figure(own, there)
        return there

    @property
    def _plain(self) -> bool:
        """Whether the value is a word, yes or no: never n of m."""
        yes_no = self.measure.kind == "check" and one_comparison(self.measure) is None
        return yes_no or isinstance(self.measure, Levels | Event)

    def _not_of_m(self, own: Cells, there: nw.Expr) -> None:
        """What is wrong where a word, or yes or no, has a column `:of`."""
        if "of" in self.columns:
            self._m_beside(own, there, "unknown-level" if isinstance(self.measure, Levels) else "not-yes-no")

    def _m_beside(self, own: Cells, there: nw.Expr, code: str) -> None:
        """An m beside what is no count: never n of m, and what stands alone lacks one."""
        of = self.columns["of"]
        self._fault(of.there & ~own.there, own.column, "no-value")
        both = own.there & of.there
        refused = self._not_counted(own, both)
        both = both if refused is None else both & ~refused
        n, m = own.count(), of.count()
        self._faults(both, own, n.wrong)
        self._faults(both, of, m.wrong)
        self._fault(self._sound(both, (*n.wrong, *m.wrong)), own.column, code)
        if own.kind != "truth":
            self._lone(own, there, of)

    def _take(self, own: Cells, there: nw.Expr, read: Read) -> None:
        self._value = read.value
        of = self.columns.get("of")
        self._faults(there if of is None else there & ~of.there, own, read.wrong)

    def _event(self, own: Cells, measure: Event) -> Read:
        read = own.yes_no()
        if own.kind != "text":
            return read
        lower, value = own.lower(), read.value
        asked = lower.is_in([ATTRIBUTABLE, NOT_ATTRIBUTABLE])
        value = where(lower == nw.lit(ATTRIBUTABLE), whole(2), value)
        value = where(lower == nw.lit(NOT_ATTRIBUTABLE), whole(3), value)
        excused = lower.is_in(["excused", "免责"])
        code = "excuse-without-evidence" if measure.excusable else "not-excusable"
        other = tuple((test & ~asked, code) for test, code in read.wrong)
        return Read(value, ((excused, code), *other))

    def _read_figure(self, own: Cells, there: nw.Expr) -> None:
        """A figure, or n of m in one cell or two."""
        percent = percent_of(self.measure)
        limits = self.line.limits
        alone = own.figure(limits, percent=percent)
        value, wrong = alone.value, alone.wrong
        counted: list[tuple[nw.Expr, nw.Expr, nw.Expr]] = []
        of = self.columns.get("of")
        if of is not None:
            self._fault(of.there & ~own.there, own.column, "no-value")
            both = own.there & of.there
            n, m = own.count(), of.count()
            refused = self._not_counted(own, both)
            countable = both if refused is None else both & ~refused
            self._faults(countable, own, n.wrong)
            self._faults(both, of, m.wrong)
            counted.append((self._sound(countable, (*n.wrong, *m.wrong)), n.value, m.value))
            wrong = tuple((test & ~of.there, code) for test, code in wrong)
        ratio = own.ratio()
        if ratio is not None:
            is_one, n_of, m_of = ratio
            wrong = tuple((test & ~is_one, code) for test, code in wrong)
            if of is not None:
                is_one = is_one & ~of.there
            many = (n_of > whole(MOST_COUNT)) | (m_of > whole(MOST_COUNT))
            self._fault(is_one & many, own.column, "not-whole")
            counted.append((is_one & ~many, where(many, whole(0), n_of), where(many, whole(1), m_of)))
        self._faults(there, own, wrong)
        self._value = value
        if counted:
            self._counted(own, counted, percent=percent)
        if isinstance(self.measure, Marks):
            self._allowed(own, there)
        if of is not None:
            self._lone(own, there, of)

    def _lone(self, own: Cells, there: nw.Expr, of: Cells) -> None:
        """An n whose m was forgotten must not be read as a figure."""
        lone = there & ~of.there
        if own.kind == "text":
            ratio = own.ratio()
            assert ratio is not None
            lone = lone & ~own.said.str.ends_with("%") & ~ratio[0]
        self._fault(lone, of.column, "no-value")

    def _not_counted(self, own: Cells, both: nw.Expr) -> nw.Expr | None:
        """Whether what stands before an m is no n: yes, n of m already, or that it does not apply."""
        if own.kind == "truth":
            self._fault(both, own.column, "two-forms")
            return both
        if own.kind != "text":
            return None
        ratio, stated = own.ratio(), own.stated
        assert ratio is not None
        assert stated is not None
        other = both & (ratio[0] | stated)
        self._fault(other, own.column, "two-forms")
        return other

    def _counted(self, own: Cells, given: Sequence[tuple[nw.Expr, nw.Expr, nw.Expr]], *, percent: bool) -> None:
        """n of m: within the limits, not applicable where m is 0."""
        test, n, m = given[0]
        for other, more_n, more_m in given[1:]:
            test, n, m = test | other, where(other, more_n, n), where(other, more_m, m)
        keep = self.plan.keep
        test, n, m = (keep(READ + 2, one) for one in (test, n, m))
        nothing = test & (m == whole(0))
        self._fault(nothing & (n != whole(0)), own.column, "out-of-range")
        self._gone.append(nothing & (n == whole(0)))
        some = test & (m != whole(0))
        low, high = self.line.limits.ends(percent=percent)
        share = 100 if percent else 1
        if low > 0:
            self._fault(
                some & (n * whole(share * low.denominator) < m * whole(low.numerator)), own.column, "out-of-range"
            )
        if high < share * MOST_COUNT:
            above = n * whole(share * high.denominator) > m * whole(high.numerator)
            self._fault(some & above, own.column, "out-of-range")
        if isinstance(self.measure, Marks):
            unit = whole(10**self.line.limits.decimals)
            divisor = where(some & (m > whole(0)), m, whole(1))
            marks = (n * unit) // divisor
            self._fault(some & (marks * divisor != n * unit), own.column, "too-precise")
            self._value = where(some, marks, self._value)
            return
        self._value = where(some, n, self._value)
        of = self.one.slots[f"{self.line.id}:of"]
        self.slots[of.detail] = self._slot(where(some & (m > whole(0)), m, whole(1)), ~some, None)

    def _allowed(self, own: Cells, there: nw.Expr) -> None:
        """A mark is one of the choices, or lies in a rubric band."""
        unit = 10**self.line.limits.decimals
        value = self._value
        if self.measure.choices is not None:
            wanted = [int(Fraction(one) * unit) for one in self.measure.choices if (Fraction(one) * unit) % 1 == 0]
            allowed = value.is_in(wanted)
        elif self.measure.bands is not None:
            ends = [
                (ceil(Fraction(low) * unit), floor(Fraction(high) * unit)) for low, high in self.measure.bands.values()
            ]
            allowed = self._or([(value >= whole(low)) & (value <= whole(high)) for low, high in ends])
        else:
            return
        gone = self._any(self._gone)
        here = there if gone is None else there & ~gone
        self._fault(here & ~allowed, own.column, "not-a-choice")

    def _read_items(self, own: Cells | None) -> None:
        """The items, each in its column; the criterion's own column can only say that it does not apply."""
        named = {name: self.columns[name] for name in (item.id for item in self.measure.items) if name in self.columns}
        given = self._or([cells.there for cells in named.values()]) if named else None
        if own is not None:
            self._own_beside_items(own, given)
        for item in self.measure.items:
            if item.id in named:
                self.read_item(item, named[item.id], given)
            elif given is not None and self.must(item):
                self._fault(given, self.line.id, "item-missing")
        gone = self._any(self._gone)
        if self.blank:
            missing = self._blank(None)
            gone = missing if gone is None else gone | missing
        if gone is not None:
            slot = self.one.slots[self.line.id]
            self.slots[slot.detail] = self._slot(whole(_fill(slot)), ~gone, gone)
            self._refuse(gone)

    def _own_beside_items(self, own: Cells, given: nw.Expr | None) -> None:
        if "of" in self.columns:
            stated_too = self.plan.keep(READ, own.stated) if own.stated is not None else None
            self._m_beside(own, own.there if stated_too is None else own.there & ~stated_too, "not-items")
        if own.stated is None:
            self._fault(own.there, own.column, "not-items")
            return
        stated = self.plan.keep(READ, own.stated)
        for test, code in own.reason_wrong(after_na=True):
            self._fault(stated & test, own.column, code)
        if given is not None:
            self._fault(own.there & given, own.column, "two-forms")
        of = self.columns.get("of")
        alone = own.there & ~stated if of is None else own.there & ~stated & ~of.there
        self._fault(alone, own.column, "not-items")
        self._gone.append(stated)

    def must(self, item: Any) -> bool:
        """Whether the item must be said where any is."""
        return isinstance(self.measure, Checklist) or not item.counted

    def read_item(self, item: Any, cells: Cells, given: nw.Expr | None) -> None:
        """Read one item where any was `given`."""
        assert given is not None
        there, gone = cells.there, None
        if cells.stated is not None:
            gone = self.plan.keep(READ, cells.stated)
            for test, code in cells.reason_wrong(after_na=True):
                self._fault(gone & test, cells.column, code)
            there = there & ~gone
        read = cells.yes_no() if isinstance(self.measure, Checklist) else self._found(item, cells)
        if not isinstance(self.measure, Checklist) and item.measured is not None and cells.kind == "text":
            read, nothing = self._item_counted(item, cells, read)
            gone = nothing if gone is None else gone | nothing
            there = there & ~nothing
        self._faults(there, cells, read.wrong)
        if self.blank:
            empty = given & ~cells.there
            gone = empty if gone is None else gone | empty
        elif self.must(item):
            self._fault(given & ~cells.there, self.line.id, "item-missing")
        if gone is not None and self.line.not_applicable == "refuse":
            self._fault(gone, cells.column, "not-applicable-refused")
        slot = self.one.slots[f"{self.line.id}:{item.id}"]
        absent = ~there if gone is None else ~there & ~gone
        self.slots[slot.detail] = self._slot(where(there, read.value, whole(_fill(slot))), absent, gone)

    def _found(self, item: Item, cells: Cells) -> Read:
        """What was found of one item."""
        if item.levels is not None:
            return cells.word(tuple(item.levels))
        if item.measured is not None:
            return cells.figure(item.limits(self.line.limits), percent=item_percent(item))
        if isinstance(item.each, tuple):
            return self._settled(item.each, cells)
        low, high = (int(one) for one in item.range) if item.range is not None else (0, MOST_COUNT)
        if not item.attributable:
            return cells.count(low, high, words=True)
        return self._attributed(cells, low, high)

    def _item_counted(self, item: Item, cells: Cells, read: Read) -> tuple[Read, nw.Expr]:
        """n of m of an item as a figure of the criterion's decimals, else refused; and whether m is 0."""
        ratio = cells.ratio()
        assert ratio is not None
        is_one, n, m = ratio
        percent = item_percent(item)
        low, high = item.limits(self.line.limits).ends(percent=percent)
        unit = 10**self.line.limits.decimals
        many = is_one & ((n > whole(MOST_COUNT)) | (m > whole(MOST_COUNT)))
        nothing = is_one & (n == whole(0)) & (m == whole(0))
        some = is_one & ~many & (m > whole(0))
        divisor = where(some, m, whole(1))
        parts = where(some, n, whole(0)) * whole(unit * (100 if percent else 1))
        units = parts // divisor
        outside = (units < whole(ceil(max(low * unit, -FAR)))) | (units > whole(floor(min(high * unit, FAR))))
        wrong = [
            (many, "not-whole"),
            (is_one & ~nothing & (m == whole(0)), "out-of-range"),
            (some & outside, "out-of-range"),
            (some & (units * divisor != parts), "too-precise"),
            *((test & ~is_one, code) for test, code in read.wrong),
        ]
        return Read(where(some, units, read.value), tuple(wrong)), nothing

    def _settled(self, between: tuple[Any, Any], cells: Cells) -> Read:
        """The amount that the assessor gives, 0 where nothing was found."""
        limits = attrs.evolve(self.line.limits, range=between)
        read = cells.figure(limits, percent=False)
        if cells.kind == "text":
            nothing = cells.lower().is_in(["no", "false", "0", "否"])
        elif cells.kind == "truth":
            nothing = ~cells.said
        elif cells.kind == "whole":
            nothing = cells.said == whole(0)
        else:
            return read
        wrong = tuple((test & ~nothing, code) for test, code in read.wrong)
        return Read(where(nothing, whole(0), read.value), wrong)

    def _attributed(self, cells: Cells, low: int, high: int) -> Read:
        """How often somebody was mainly responsible; a count that leaves it open is one below 0."""
        read = cells.count(low, high, words=True)
        value = where(read.value > whole(0), whole(-1), whole(0))
        if cells.kind != "text":
            return Read(value, read.wrong)
        lower = cells.lower()
        said = lower.is_in([ATTRIBUTABLE, NOT_ATTRIBUTABLE])
        value = where(said, (lower == nw.lit(ATTRIBUTABLE)).cast(nw.Int64), value)
        return Read(value, tuple((test & ~said, code) for test, code in read.wrong))

    def _fault(self, test: nw.Expr, column: str, code: str) -> None:
        self.faults.append(Fault(test, column, code))

    def _faults(self, there: nw.Expr, cells: Cells, wrong: Sequence[Wrong]) -> None:
        for test, code in wrong:
            self._fault(there & test, cells.column, code)

    def _sound(self, there: nw.Expr, wrong: Sequence[Wrong]) -> nw.Expr:
        """Where something is there and nothing is wrong with it."""
        return there & ~self._or([test for test, _ in wrong])

    def _any(self, tests: Sequence[nw.Expr]) -> nw.Expr | None:
        return self._or(tests) if tests else None

    def _or(self, tests: Sequence[nw.Expr]) -> nw.Expr:
        made = tests[0]
        for test in tests[1:]:
            made = made | test
        return made


def percent_of(measure: Any) -> bool:
    """Whether the figures of a measure of figures are in %."""
    if measure.kind == "marks":
        return False
    if measure.kind == "check":
        limit = one_comparison(measure)
        return limit is not None and in_percent(limit[1])
    return in_percent(measure.target) if measure.kind == "shortfall" else bool(measure.percent)


def item_percent(item: Item) -> bool:
    """Whether the item's figures are in %."""
    if item.tiers is not None:
        return item.tiers.percent
    return item.shortfall is not None and in_percent(item.shortfall.target)


def _fill(slot: Term) -> int:
    """A number of the slot's range, for where there is none."""
    return min(max(0, slot.low), slot.high)

"""Rows of long frames: what each says for itself, as whole numbers, and what is wrong with it."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import attrs
import narwhals as nw

from civrules.frames.cells import HIDING_PATTERN, READ, Cells
from civrules.frames.expressions import Slot
from civrules.frames.long_columns import (
    BAD_DAY,
    BY,
    CODE,
    DAY,
    EVIDENCE,
    FLAG,
    METHOD,
    NA,
    NO_CRITERION,
    NO_ITEM,
    OF,
    OWN_ID,
    PLACE,
    UNKNOWN,
    VALUE,
    LongColumns,
)
from civrules.frames.plan import PREFIX, Plan, where, whole
from civrules.frames.reading import SLOTS, CriterionReader, item_percent, percent_of
from civrules.model.figures import MOST_COUNT
from civrules.model.measures import Checklist, Event, Findings, Levels, Marks
from civrules.model.measures.event import ATTRIBUTABLE, NOT_ATTRIBUTABLE
from civrules.model.measures.item import Item
from civrules.model.measures.measure import one_comparison
from civrules.model.observation import METHODS
from civrules.scoring.line import CompiledLine
from civrules.scoring.line_formulas import LineFormula

LINE, POSITION, SEEN, OUT_OF, WORD, SAID, MORE, FAULT = (
    f"{PREFIX}{name}" for name in ("line", "position", "seen", "out-of", "word", "said", "more", "fault")
)
ABSENT, GONE = -(2**63) + 1, -(2**63) + 2
"""What stands for no value, and for one that does not apply: less than every value."""
NOBODY = -1
"""The line of rows that are about none."""
SOUND = 2**62
CODES = 64
"""More than there are codes of a row."""
_LINES, _SIGNATURES = 2**12, 2**32
_OPEN, _HIS, _NOT_HIS = 0, 1, 2
_RATIO = f"{PREFIX}ratio"
_EXCUSED = ("excused", "免责")


@attrs.frozen(eq=False)
class Kind:
    """What is read alike: the whole of some lines, or some items; one of them stands for all."""

    one: LineFormula
    item: Item | None


@attrs.frozen(eq=False)
class Reading:
    """How the rows of a program are read: kinds of values, and the code of every criterion and item."""

    kinds: Sequence[Kind]
    codes: Mapping[str, int]
    lines: Sequence[CompiledLine]

    @classmethod
    def of(cls, formulas: Sequence[LineFormula]) -> "Reading":
        """The reading of the lines."""
        kinds: dict[Hashable, tuple[int, Kind]] = {}
        codes: dict[str, int] = {}
        for one in formulas:
            for position, (name, item) in enumerate(_entries(one.line)):
                signature = _whole_signature(one.line) if item is None else _item_signature(one.line, item)
                number, _ = kinds.setdefault(signature, (len(kinds), Kind(one, item)))
                codes[name] = number * _SIGNATURES + one.line.index * _LINES + position
        return cls([kind for _, kind in kinds.values()], codes, [one.line for one in formulas])


def _entries(line: CompiledLine) -> Iterator[tuple[str, Any]]:
    yield f"{line.id}:", None
    for item in getattr(line.measure, "items", ()):
        yield f"{line.id}:{item.id}", item


def _whole_signature(line: CompiledLine) -> Hashable:
    measure = line.measure
    if isinstance(measure, Checklist | Findings):
        return ("items",)
    if isinstance(measure, Event):
        return "event", measure.excusable
    if isinstance(measure, Levels):
        return "levels", tuple(measure.levels)
    if isinstance(measure, Marks):
        return "marks", line.limits, measure.choices, tuple((measure.bands or {}).items())
    if measure.kind == "check" and one_comparison(measure) is None:
        return ("yes-no",)
    return "figure", percent_of(measure), line.limits


def _item_signature(line: CompiledLine, item: Any) -> Hashable:
    if isinstance(line.measure, Checklist):
        return ("holds",)
    if item.levels is not None:
        return "item levels", tuple(item.levels)
    if item.measured is not None:
        return "item figure", item_percent(item), item.limits(line.limits)
    if isinstance(item.each, tuple):
        return "settled", item.each, line.limits.decimals
    return "count", item.range, item.attributable


class RowReader:
    """Reads the rows that `LongColumns.selected` gave."""

    def __init__(self, reading: Reading, columns: LongColumns, blank: str | None) -> None:
        self.reading = reading
        self.columns = columns
        self.blank = blank
        self.plan = Plan()
        self._wrong: dict[str, list[nw.Expr]] = {}
        keep = self.plan.keep
        code = nw.col(CODE)
        named = code >= whole(0)
        rest = code - (code // whole(_SIGNATURES)) * whole(_SIGNATURES)
        self.signature = keep(0, where(named, code // whole(_SIGNATURES), whole(NOBODY)))
        self.line = keep(0, where(named, rest // whole(_LINES), whole(NOBODY)))
        self.position = keep(0, where(named, rest - (rest // whole(_LINES)) * whole(_LINES), whole(0)))
        kind = columns.kind("value")
        self.value = Cells(self.plan, VALUE, kind, columns.types["value"])
        self.voices = [self.value]
        self.na = Cells(self.plan, NA, columns.kind("na"), columns.types["na"]) if "na" in columns.types else None
        self.flag = self._flag()
        has_evidence = "evidence" in columns.types
        self.evidence = nw.col(EVIDENCE) != nw.lit("") if has_evidence else nw.lit(False)

    def read(self, table: Any) -> tuple[Any, tuple[str, ...]]:
        """The rows as numbers, and the codes of what may be wrong with them."""
        if "of" in self.columns.types:
            table = self._with_ratio(table)
        self._details()
        said = self._beside_reason()
        seen, out_of = self._values()
        seen, word = self._attributed(seen)
        seen = self._stated(seen, said)
        self._refused(seen)
        words = self._said(seen)
        for stage in self.plan.stages:
            table = table.with_columns(**stage)
        made = {LINE: self.line, POSITION: self.position, SEEN: seen, OUT_OF: out_of, WORD: word, SAID: words}
        more = [nw.col(name) for name in (METHOD, EVIDENCE) if name in table.collect_schema().names()]
        if more:
            made[MORE] = nw.concat_str(more, separator="\n")
        codes = tuple(self._wrong)
        made[FAULT] = self._first_wrong(codes)
        looks = {name: nw.col(name) for name in self.columns.looks}
        return table.select(nw.col(self.columns.id_), **looks, **made), codes

    def _first_wrong(self, codes: Sequence[str]) -> nw.Expr:
        number = whole(SOUND)
        for place, code in reversed(tuple(enumerate(codes))):
            test = self._wrong[code][0]
            for other in self._wrong[code][1:]:
                test = test | other
            number = where(test, (self.line + whole(1)) * whole(CODES) + whole(place), number)
        return number

    def _fault(self, test: nw.Expr, code: str) -> None:
        self._wrong.setdefault(code, []).append(test)

    def _flag(self) -> Cells | None:
        if "attributable" not in self.columns.types:
            return None
        cells = Cells(self.plan, FLAG, self.columns.kind("attributable"), self.columns.types["attributable"])
        for test, code in cells.yes_no().wrong:
            self._fault(cells.there & test, code)
        return cells

    def _with_ratio(self, table: Any) -> Any:
        """With n and m of two cells as text in one, for the measure to read; what is no count is wrong."""
        plan = Plan()
        value = Cells(plan, VALUE, self.value.kind, self.value.dtype)
        of = Cells(plan, OF, self.columns.kind("of"), self.columns.types["of"])
        both = value.there & of.there
        text = value.kind == "text"
        other = nw.lit(False)
        unreasoned: list[tuple[nw.Expr, str]] = []
        if value.kind == "truth":
            other = both
        elif text:
            ratio, stated = value.ratio(), value.stated
            assert ratio is not None
            assert stated is not None
            unreasoned = [(both & stated & test, code) for test, code in value.reason_wrong(after_na=True)]
            other = both & (ratio[0] | stated) & ~_some([test for test, _ in unreasoned])
        n, m = value.count(), of.count()
        sound = both & ~other
        for test, _ in unreasoned:
            sound = sound & ~test
        tests: dict[str, list[nw.Expr]] = {code: [test] for test, code in unreasoned}
        tests |= {"no-value": [of.there & ~value.there], "two-forms": [other]}
        for read, there in ((n, sound), (m, both)):
            for test, code in read.wrong:
                tests.setdefault(code, []).append(there & test)
                sound = sound & ~test
        words = nw.concat_str([n.value.cast(nw.String), nw.lit("/"), m.value.cast(nw.String)])
        for stage in plan.stages:
            table = table.with_columns(**stage)
        flags = {f"{PREFIX}of:{code}": _some(found) for code, found in tests.items()}
        joined = where(sound, words, value.said if text else nw.lit(""))
        if text:
            joined = where(of.there & ~sound, nw.lit(""), joined)
        made = table.with_columns(**{_RATIO: joined, f"{PREFIX}with-of": of.there}, **flags)
        for code in tests:
            self._fault(nw.col(f"{PREFIX}of:{code}"), code)
        self._take_ratio(text=text)
        return made.drop(*(name for stage in plan.stages for name in stage))

    def _take_ratio(self, *, text: bool) -> None:
        cells = Cells(self.plan, _RATIO, "text", nw.String)
        if text:
            self.value, self.voices = cells, [cells]
        else:
            self.voices = [self.value, cells]

    def _details(self) -> None:
        """What is wrong with the days and names of a row, and with what it is about."""
        code = nw.col(CODE)
        self._fault(code == whole(NO_CRITERION), "no-value")
        self._fault(code == whole(UNKNOWN), "unknown-criterion")
        self._fault(code == whole(NO_ITEM), "unknown-item")
        self._fault(nw.col(self.columns.id_).is_null(), "no-id")
        types = self.columns.types
        if "at" in types:
            self._fault(nw.col(DAY) == whole(BAD_DAY), "bad-day")
        if "method" in types:
            self._fault(~nw.col(METHOD).is_in(["", *METHODS]), "unknown-word")
        for name, made in (("place", PLACE), ("by", BY), ("id", OWN_ID), ("evidence", EVIDENCE)):
            if name in types:
                self._fault(nw.col(made).str.contains(HIDING_PATTERN), "hiding-character")

    def _values(self) -> tuple[nw.Expr, nw.Expr]:
        """Every row's value, and the m of n of m, by the kind of what it is about."""
        seen, out_of = whole(ABSENT), whole(ABSENT)
        for number, kind in enumerate(self.reading.kinds):
            here = self.signature == whole(number)
            for cells in self.voices:
                own, of = self._read(kind, cells, here)
                spoken = here & cells.there if len(self.voices) > 1 else here
                seen = where(spoken, _encoded(own), seen)
                if of is not None:
                    out_of = where(spoken, _encoded(of), out_of)
        keep = self.plan.keep
        end = self.plan.end
        return keep(end, seen), keep(end, out_of)

    def _read(self, kind: Kind, cells: Cells, here: nw.Expr) -> tuple[Slot, Slot | None]:
        """The value of one kind of line or item."""
        one, item = kind.one, kind.item
        if item is not None and getattr(item, "attributable", False):
            return self._count_of(item, cells, here), None
        reader = CriterionReader(one, {"": cells}, self.plan, None)
        if item is None:
            reader.read()
            name = one.line.id
        else:
            reader.read_item(item, cells, nw.lit(False))
            name = f"{one.line.id}:{item.id}"
        excused = self._excused(cells) if isinstance(one.line.measure, Event) else None
        for fault in reader.faults:
            if fault.code != "not-applicable-refused":
                test = here & fault.test
                self._fault(test if excused is None else test & ~excused, fault.code)
        own = reader.slots.get(one.slots[name].detail, Slot(whole(0), nw.lit(True)))
        counted = one.slots.get(f"{one.line.id}:of") if item is None else None
        return own, reader.slots.get(counted.detail) if counted is not None else None

    def _excused(self, cells: Cells) -> nw.Expr | None:
        """Whether an event is excused on evidence."""
        if cells.kind != "text":
            return None
        return self.plan.keep(READ, cells.lower().is_in(list(_EXCUSED)) & self.evidence)

    def _count_of(self, item: Item, cells: Cells, here: nw.Expr) -> Slot:
        """How often an item was found: its rows say apart how much of that somebody is mainly responsible for."""
        low, high = (int(one) for one in item.range) if item.range is not None else (0, MOST_COUNT)
        read = cells.count(low, high, words=True)
        value, there, stated = read.value, cells.there, None
        told = nw.lit(False)
        if cells.kind == "text":
            assert cells.stated is not None
            stated = self.plan.keep(READ, cells.stated)
            lower = cells.lower()
            told = lower.is_in([ATTRIBUTABLE, NOT_ATTRIBUTABLE])
            if self.flag is not None:
                # What says itself who is responsible is no count to say it of.
                self._fault(here & told & self.flag.there, "bad-figure")
                self._fault(here & stated & self.flag.there, "bad-figure")
            value = where(told, (lower == nw.lit(ATTRIBUTABLE)).cast(nw.Int64), value)
            there = there & ~stated
            for test, code in cells.reason_wrong(after_na=True):
                self._fault(here & stated & test, code)
        for test, code in read.wrong:
            self._fault(here & there & ~told & test, code)
        unsaid = ~told & (value > whole(0)) if self.flag is None else ~told & (value > whole(0)) & ~self.flag.there
        value = where(unsaid, whole(-1), value)
        keep = self.plan.keep
        return Slot(keep(SLOTS, value), keep(SLOTS, ~there), stated)

    def _attributed(self, seen: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
        """The values with who is responsible in them, as far as what they are about asks for it."""
        flag = self.flag
        events = [line.index for line in self.reading.lines if line.event]
        asking = list(self._asking())
        here = self.line * whole(_LINES) + self.position
        word = whole(_OPEN)
        if flag is not None:
            said = flag.yes_no().value == whole(1)
            asks = here.is_in(asking) if asking else nw.lit(False)
            event = self.line.is_in(events) if events else nw.lit(False)
            self._fault(flag.there & (self.line >= whole(0)) & ~asks & ~event, "not-attributed")
            happened = event & flag.there & (seen == whole(1))
            seen = where(happened, where(said, whole(2), whole(3)), seen)
            word = where(asks & flag.there, where(said, whole(_HIS), whole(_NOT_HIS)), whole(_OPEN))
            seen = where(asks & flag.there & ~said & (seen > whole(0)), whole(0), seen)
        plain = [line.index for line in self.reading.lines if line.event and not line.measure.attributable]
        counting = [line.index for line in self.reading.lines if line.event and line.measure.attributable]
        # Of several reports the gravest counts: so the greatest number is that of what counts.
        if plain:
            yes = self.line.is_in(plain) & seen.is_in([1, 2, 3])
            seen = where(yes, whole(1), where(self.line.is_in(plain) & (seen == whole(4)), whole(0), seen))
        if counting:
            seen = where(self.line.is_in(counting) & seen.is_in([3, 4]), whole(0), seen)
        keep = self.plan.keep
        end = self.plan.end
        return keep(end, seen), keep(end, word)

    def _asking(self) -> Iterator[int]:
        for line in self.reading.lines:
            for position, (_, item) in enumerate(_entries(line)):
                if item is not None and getattr(item, "attributable", False):
                    yield line.index * _LINES + position

    def _beside_reason(self) -> nw.Expr:
        """Whether a value is said; a reason beside it is wrong, whatever the value says."""
        said = _some([cells.there for cells in self.voices])
        if "of" in self.columns.types:
            said = said | nw.col(f"{PREFIX}with-of")
        if self.na is not None:
            self._fault((self.line >= whole(0)) & self.na.there & said, "two-forms")
        return said

    def _stated(self, seen: nw.Expr, said: nw.Expr) -> nw.Expr:
        """The values with what is said in the column of reasons, and with what a blank stands for."""
        about = self.line >= whole(0)
        nothing = about & ~said
        if self.na is not None:
            na = self.na
            for test, code in na.reason_wrong(after_na=False):
                self._fault(about & na.there & ~said & test, code)
            seen = where(about & na.there, whole(GONE), seen)
            nothing = nothing & ~na.there
        nothing = self.plan.keep(self.plan.end, nothing)
        events = [line.index for line in self.reading.lines if line.event]
        lacking = self.evidence if self.flag is None else self.evidence | self.flag.there
        lacking = lacking | self.line.is_in(events) if events else lacking
        self._fault(nothing & lacking, "no-value")
        if self.blank is not None:
            seen = where(nothing, whole(GONE), seen)
        return self.plan.keep(self.plan.end, seen)

    def _refused(self, seen: nw.Expr) -> None:
        refusing = [line.index for line in self.reading.lines if line.not_applicable == "refuse"]
        if refusing:
            self._fault((seen == whole(GONE)) & self.line.is_in(refusing), "not-applicable-refused")

    def _said(self, seen: nw.Expr) -> nw.Expr:
        """What the row says in a form that rows which say the same share."""
        cells = self.value
        if cells.kind != "text":
            return seen
        said = cells.said.str.replace_all(r"(?is)^n/a *[:：]? *", "n/a: ")
        ratio = cells.ratio()
        assert ratio is not None
        said = where(ratio[0], nw.concat_str([ratio[1].cast(nw.String), nw.lit("/"), ratio[2].cast(nw.String)]), said)
        if self.na is not None and self.na.kind == "text":
            said = where(self.na.there, nw.concat_str([nw.lit("n/a: "), self.na.said]), said)
        if self.flag is not None:
            word = where(self.flag.there, self.flag.yes_no().value + whole(1), whole(0))
            said = nw.concat_str([said, nw.lit("\n"), word.cast(nw.String)])
        return said


def _encoded(slot: Slot) -> nw.Expr:
    """A slot in one number."""
    made = slot.value
    if slot.outside is not None:
        made = where(slot.outside, whole(GONE), made)
    return made if slot.absent is None else where(slot.absent, whole(ABSENT), made)


def _some(tests: Sequence[nw.Expr]) -> nw.Expr:
    made = tests[0]
    for test in tests[1:]:
        made = made | test
    return made

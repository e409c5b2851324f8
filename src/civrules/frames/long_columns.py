"""Columns of long frames: which there are, how their cells are read, and the rows as text, numbers and days."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import narwhals as nw

from civrules.errors import InvalidInput, Problem, nearest
from civrules.errors.problem import listed
from civrules.frames.cells import SPACES, Kind
from civrules.frames.columns import kind_of
from civrules.frames.plan import PREFIX, where, whole
from civrules.scoring.long import COLUMNS, NEEDED

CODE, DAY, PLACE, BY, OWN_ID, FLAG, EVIDENCE, METHOD = (
    f"{PREFIX}{name}" for name in ("code", "day", "place", "by", "id", "flag", "evidence", "method")
)
VALUE, OF, NA = (f"{PREFIX}{name}" for name in ("value", "of", "na"))
_NAMES = {"place": PLACE, "by": BY, "id": OWN_ID, "method": METHOD, "evidence": EVIDENCE}
LOOKS = {"at": DAY, "place": PLACE, "by": BY, "id": OWN_ID}
"""The columns that part the looks at a criterion, and what they are called on the way."""
_DAY_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
UNKNOWN, NOTHING, NO_CRITERION, NO_ITEM = -1, -2, -3, -4
"""Codes of rows that name no criterion: an unknown one, nothing at all, none beside a value, an unknown item."""
BAD_DAY = -1


@attrs.frozen(eq=False)
class LongColumns:
    """The columns that a long frame has, by their names in the grammar of tables, and their types."""

    id_: str
    types: Mapping[str, Any]

    @classmethod
    def of(cls, schema: Mapping[str, Any], id_: str) -> "LongColumns":
        """What a schema has. Raises InvalidInput with every column that is missing or cannot be read."""
        problems = list(_problems(schema, id_))
        types: dict[str, Any] = {}
        for name in COLUMNS:
            try:
                if name in schema and name != id_ and _readable(name, schema[name]):
                    types[name] = schema[name]
            except InvalidInput as error:
                problems += error.problems
        if problems:
            raise InvalidInput(problems)
        return cls(id_, types)

    @property
    def looks(self) -> tuple[str, ...]:
        """What parts the looks at a criterion, as it is called on the way."""
        return tuple(made for name, made in LOOKS.items() if name in self.types)

    def kind(self, name: str) -> Kind:
        """How the cells of a column are read."""
        return kind_of(name, self.types[name]) or "text"

    def selected(self, table: Any, codes: Mapping[str, int]) -> Any:
        """The rows with a code for what they are about, days as numbers, names as text; nothing else of the frame."""
        keep: dict[str, nw.Expr] = {CODE: self._code(codes)}
        for name, made in (("value", VALUE), ("of", OF), ("na", NA)):
            if name in self.types:
                keep[made] = nw.col(name)
        if "at" in self.types:
            keep[DAY] = self._day()
        keep |= {made: _text(name) for name, made in _NAMES.items() if name in self.types}
        if "attributable" in self.types:
            keep[FLAG] = nw.col("attributable")
        return table.select(nw.col(self.id_), **keep)

    def _code(self, codes: Mapping[str, int]) -> nw.Expr:
        criterion = _text("criterion")
        has_items = "item" in self.types
        item = _text("item") if has_items else nw.lit("")
        named = nw.concat_str([criterion, nw.lit(":"), item]) if has_items else criterion
        wanted = (
            codes if has_items else {name.removesuffix(":"): code for name, code in codes.items() if name[-1] == ":"}
        )
        found = named.replace_strict(wanted, default=UNKNOWN, return_dtype=nw.Int64)
        said = [_text(name) != nw.lit("") for name in self.types if name not in ("criterion", "item")]
        something = said[0]
        for test in said[1:]:
            something = something | test
        if has_items:
            known = criterion.is_in([name.partition(":")[0] for name in codes])
            found = where((found == whole(UNKNOWN)) & known, whole(NO_ITEM), found)
            something = something | (item != nw.lit(""))
        blank = where(something, whole(NO_CRITERION), whole(NOTHING))
        return where(criterion == nw.lit(""), blank, found)

    def _day(self) -> nw.Expr:
        """The day as a number such as 20310228; 0 where none is said, -1 where it is none."""
        column = nw.col("at")
        if self.types["at"] == nw.String:
            return _day_of_text(_text("at"))
        number = column.dt.year().cast(nw.Int64) * whole(10000) + column.dt.month().cast(nw.Int64) * whole(100)
        number = number + column.dt.day().cast(nw.Int64)
        if self.types["at"] == nw.Datetime:
            midnight = column.dt.hour() + column.dt.minute() + column.dt.second() + column.dt.microsecond() == nw.lit(0)
            number = where(midnight, number, whole(BAD_DAY))
        return where(column.is_null(), whole(0), number)


def _text(name: str) -> nw.Expr:
    """A column as text without the spaces around it; nothing where it is blank."""
    text = nw.col(name).cast(nw.String).str.strip_chars(SPACES)
    return where(text.is_null(), nw.lit(""), text)


def _day_of_text(text: nw.Expr) -> nw.Expr:
    is_one = text.str.contains(_DAY_TEXT)
    safe = where(is_one, text, nw.lit("2000-01-01"))
    year, month, day = (safe.str.slice(*part).cast(nw.Int64) for part in ((0, 4), (5, 2), (8, 2)))
    leaps = _divides(year, 4) & (~_divides(year, 100) | _divides(year, 400))
    most = where(month.is_in([4, 6, 9, 11]), whole(30), whole(31))
    most = where(month == whole(2), where(leaps, whole(29), whole(28)), most)
    sound = is_one & (year >= whole(1)) & (month >= whole(1)) & (month <= whole(12))
    sound = sound & (day >= whole(1)) & (day <= most)
    number = where(sound, year * whole(10000) + month * whole(100) + day, whole(BAD_DAY))
    return where(text == nw.lit(""), whole(0), number)


def _divides(year: nw.Expr, by: int) -> nw.Expr:
    return year - (year // whole(by)) * whole(by) == whole(0)


def _readable(name: str, dtype: Any) -> bool:
    """Whether the column can hold anything. Raises InvalidInput where its cells cannot be read."""
    kind: Kind | None
    if name == "at" and dtype in (nw.Date, nw.Datetime):
        return True
    kind = kind_of(name, dtype)
    wanted: tuple[Kind | None, ...] = ("text", None)
    if name in ("place", "by", "id", "item", "evidence"):
        wanted = ("text", "whole", None)
    elif name == "attributable":
        wanted = ("text", "whole", "truth", None)
    elif name in ("value", "of", "na"):
        wanted = (kind,)
    if kind not in wanted:
        raise InvalidInput(Problem("wrong-type", (name,), str(dtype), "text"))
    return kind is not None or name in NEEDED


def _problems(schema: Mapping[str, Any], id_: str) -> Iterator[Problem]:
    names = list(schema)
    if id_ in COLUMNS:
        yield Problem("column-taken", (), id_, "a column of its own in long tables")
    for column in (id_, *NEEDED):
        if column not in names:
            yield Problem("no-column", (), column, listed(names), nearest(column, names))

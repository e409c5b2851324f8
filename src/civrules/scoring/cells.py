"""Cells: what one cell of a table says, by the one grammar of CSV and JSON."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from civrules.errors import CivrulesError, InvalidInput, Problem, nearest
from civrules.model.days import read_day
from civrules.model.figures import NotApplicable, Ratio
from civrules.model.measures.measure import YES_NO, yes_no
from civrules.model.observation import METHODS, Method
from civrules.model.text import check_words
from civrules.scoring.rows import trimmed

T = TypeVar("T")

_RATIO = re.compile(r"([0-9]{1,18}) ?/ ?([0-9]{1,18})", re.ASCII)
_NOT_APPLICABLE = re.compile(r"n/a(?: *[:：](.*))?", re.IGNORECASE | re.DOTALL)
_DEEPEST = 2
"""Items, and what was counted of an item by attribution."""


def tried(found: list[Problem], column: str, read: Callable[[Any], T], cell: Any) -> T | None:
    """What `read` makes of the cell; its problems go to `found`, in that column, and None comes back."""
    try:
        return read(cell)
    except CivrulesError as error:
        found += error.within(column)
        return None


def value_of(cell: Any, deeper: int = _DEEPEST) -> Any:
    """The value as measures take it, None where the cell is blank. Raises InvalidInput.

    `95/100` is a Ratio, `n/a: reason` NotApplicable, an object a value for each item that is not blank; all other text
    is the measure's to read.

    >>> value_of("95/100"), value_of(" n/a: no lift "), value_of("yes"), value_of(" ")
    (Ratio(n=95, of=100), NotApplicable(reason='no lift'), 'yes', None)
    """
    cell = trimmed(cell)
    if isinstance(cell, str):
        return _said(cell)
    if isinstance(cell, Mapping) and deeper:
        return _items(cell, deeper - 1)
    if cell is None or isinstance(cell, bool | int | Decimal):
        return cell
    raise InvalidInput(Problem("wrong-type", (), cell, "a value of the grammar of tables"))


def _said(text: str) -> Any:
    if counted := _RATIO.fullmatch(text):
        return Ratio(int(counted[1]), int(counted[2]))
    if stated := _NOT_APPLICABLE.fullmatch(text):
        return NotApplicable(reason(stated[1]))
    return text


def _items(cell: Mapping[str, Any], deeper: int) -> dict[str, Any] | None:
    """A value for every item that is not blank; nothing where all are, so that blanks never say "nothing found"."""
    found: list[Problem] = []
    items = {name: tried(found, name, lambda part: value_of(part, deeper), part) for name, part in cell.items()}
    if found:
        raise InvalidInput(found)
    given = {name: value for name, value in items.items() if value is not None}
    return given if given or not cell else None


def reason(cell: Any) -> str:
    """Why something does not apply, in words: "yes" is no reason. Raises InvalidInput."""
    if not isinstance(cell, str) or not cell.strip() or cell.strip().lower() in YES_NO:
        raise InvalidInput(Problem("no-reason", (), cell))
    return words(cell.strip())


def together(cells: Iterable[Any], names: tuple[str, str, str]) -> Any:
    """What a value, its m and a reason not to apply say together; None where all are blank. Raises InvalidInput.

    `names` are the three columns, for problems.
    """
    value, of, na = map(trimmed, cells)
    given = [column for column, cell in zip(names, (value, of, na), strict=True) if cell is not None]
    if na is not None and len(given) > 1:
        raise InvalidInput(Problem("two-forms", (names[2],), names[2], ", ".join(given[:-1])))
    found: list[Problem] = []
    if na is not None:
        seen: Any = tried(found, names[2], lambda cell: NotApplicable(reason(cell)), na)
    else:
        seen = tried(found, names[0], value_of, value)
    if found:
        raise InvalidInput(found)
    return seen if of is None else _counted(seen, of, names)


def _counted(seen: Any, of: Any, names: tuple[str, str, str]) -> Ratio:
    """n of m from two cells."""
    if seen is None:
        raise InvalidInput(Problem("no-value", (names[0],), None, f"n, {names[1]} = {of}"))
    if not isinstance(seen, str | int | Decimal) or isinstance(seen, bool):
        raise InvalidInput(Problem("two-forms", (names[1],), names[1], names[0]))
    ratio = Ratio(_whole(seen), _whole(of))
    found: list[Problem] = []
    tried(found, names[0], lambda n: Ratio(n, 0).read(), ratio.n)
    tried(found, names[1], lambda m: Ratio(0, m).read(), ratio.of)
    if found:
        raise InvalidInput(found)
    return ratio


def _whole(cell: Any) -> Any:
    """Digits as a whole number; anything else for the count to refuse."""
    return int(cell) if isinstance(cell, str) and len(cell) <= 18 and re.fullmatch("[0-9]+", cell) else cell


def words(cell: Any) -> str:
    """Text in which nothing hides. Raises InvalidInput."""
    try:
        return check_words(cell)
    except CivrulesError as error:
        raise InvalidInput(error.problems) from None


def name(cell: Any) -> str:
    """A name, or a whole number that stands for one. Raises InvalidInput."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return str(cell)
    if not isinstance(cell, str):
        raise InvalidInput(Problem("wrong-type", (), cell, "text or a whole number"))
    return words(cell)


def names(cell: Any) -> tuple[str, ...]:
    """Names parted by semicolons, or a JSON list of them. Raises InvalidInput."""
    parts = cell if isinstance(cell, list) else cell.split(";") if isinstance(cell, str) else [cell]
    return tuple(name(part) for part in map(trimmed, parts) if part is not None)


def day(cell: Any) -> date:
    """A day, YYYY-MM-DD. Raises InvalidInput."""
    if not isinstance(cell, str):
        raise InvalidInput(Problem("bad-day", (), cell, "YYYY-MM-DD"))
    return read_day(cell)


def flag(cell: Any) -> bool:
    """yes or no. Raises InvalidInput."""
    return yes_no(cell)


def method(cell: Any) -> Method:
    """How something was observed. Raises InvalidInput."""
    if cell not in METHODS:
        raise InvalidInput(Problem("unknown-word", (), cell, ", ".join(METHODS), nearest(cell, METHODS)))
    return cast(Method, cell)

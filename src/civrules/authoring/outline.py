"""The outline of a document: which tables it has, before any of them is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from civrules.errors import Problem, nearest

TABLES = (
    "standard", "rounding", "table", "parameter", "body", "reference", "honour", "set", "section", "grade", "gate",
    "ranking", "outcome", "reading",
)  # fmt: skip
LATER_TABLES = ("procedure", "campaign", "phase", "task")
LISTS = TABLES[3:]
REGISTERS = ("parameter", "body", "reference", "honour", "set")
"""What a document makes known to those that use it."""
OF_A_CHILD = ("amend", "criterion")
"""Tables of a document that extends another."""


def outline_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables that are missing, unknown, or no list where they should be one; a head that is no table."""
    extends = extending(raw)
    known = (*TABLES, *OF_A_CHILD) if extends else TABLES
    for key in raw:
        yield from _table(key, known)
    for key in ("standard",) if extends else ("standard", "section"):
        if key not in raw:
            yield Problem("missing-table", (), None, bracketed(key))
    for key in (*LISTS, *(OF_A_CHILD if extends else ())):
        if key in raw and not isinstance(raw[key], list):
            yield Problem("wrong-type", (key,), raw[key], f"a list of tables, {bracketed(key)}")


def _table(key: str, known: tuple[str, ...]) -> Iterator[Problem]:
    if key in known:
        return
    if key in LATER_TABLES:
        yield Problem("unsupported", (), key, ", ".join(known))
    elif key == "criterion":
        yield Problem("misplaced-table", (), key, "[[section.criterion]]")
    elif key == "amend":
        yield Problem("needs-extends", (), key)
    elif key == "drop":
        yield Problem("misplaced-table", (), key, "standard.drop")
    else:
        yield Problem("unknown-key", (), key, ", ".join(known), nearest(key, known))


def head_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """A head that is no table, or holds the tables that stand beside it."""
    head = raw.get("standard", {})
    if not isinstance(head, Mapping):
        yield Problem("wrong-type", ("standard",), head, "a table, [standard]")
        return
    for key in head:
        if key in TABLES[1:]:
            yield Problem("misplaced-table", ("standard",), key, bracketed(key))
    if "drop" in head and not extending(raw):
        yield Problem("needs-extends", ("standard",), "drop")


def extending(raw: Mapping[str, Any]) -> bool:
    """Whether the document extends another."""
    return "extends" in head_of(raw)


def head_of(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table [standard]; empty where there is none."""
    head = raw.get("standard")
    return head if isinstance(head, Mapping) else {}


def bracketed(table: str) -> str:
    """The table as documents write it."""
    return f"[[{table}]]" if table in (*LISTS, *OF_A_CHILD) else f"[{table}]"

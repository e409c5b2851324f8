"""The outline of a document: which tables it has, before any of them is read."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from civrules.errors import Problem, nearest

TABLES = (
    "standard", "rounding", "table", "parameter", "body", "reference", "honour", "set", "section", "grade", "gate",
    "procedure", "ranking", "outcome", "reading",
)  # fmt: skip
LISTS = TABLES[3:]
CAMPAIGN_TABLES = (
    "campaign", "parameter", "body", "reference", "honour", "set", "goal", "phase", "task", "reading",
)  # fmt: skip
CAMPAIGN_LISTS = CAMPAIGN_TABLES[1:]
EVERY_LIST = (*LISTS, *(table for table in CAMPAIGN_LISTS if table not in LISTS))
REGISTERS = ("parameter", "body", "reference", "honour", "set")
"""What a document makes known to those that use it."""
OF_A_CHILD = ("amend", "criterion")
"""Tables of a document that extends another."""


@attrs.frozen
class Outline:
    """One of the two kinds of document: its head, the tables that it may have, the lists among them."""

    head: str
    tables: tuple[str, ...]
    lists: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def beside(self) -> tuple[str, ...]:
        """The tables that stand beside the head."""
        return self.tables[1:]


STANDARD = Outline("standard", TABLES, LISTS, ("standard", "section"))
CAMPAIGN = Outline("campaign", CAMPAIGN_TABLES, CAMPAIGN_LISTS, ("campaign",))


def outline_of(raw: Mapping[str, Any]) -> Outline:
    """Which kind of document this is: a campaign has [campaign] in the place of [standard]."""
    return CAMPAIGN if "campaign" in raw and "standard" not in raw else STANDARD


def outline_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables that are missing, unknown, or no list where they should be one; a head that is no table."""
    outline = outline_of(raw)
    extends = extending(raw)
    known = (*outline.tables, *OF_A_CHILD) if extends else outline.tables
    for key in raw:
        yield from _table(key, known, outline)
    for key in ("standard",) if extends else outline.needed:
        if key not in raw:
            yield Problem("missing-table", (), None, bracketed(key))
    for key in (*outline.lists, *(OF_A_CHILD if extends else ())):
        if key in raw and not isinstance(raw[key], list):
            yield Problem("wrong-type", (key,), raw[key], f"a list of tables, {bracketed(key)}")


def _table(key: str, known: tuple[str, ...], outline: Outline) -> Iterator[Problem]:
    if key in known:
        return
    if key in (*TABLES, *CAMPAIGN_TABLES):
        yield Problem("other-document", (), key, outline.head)
    elif key == "criterion":
        yield Problem("misplaced-table", (), key, "[[section.criterion]]")
    elif key == "amend":
        yield Problem(_tailored(outline), (), key)
    elif key == "drop":
        yield Problem("misplaced-table", (), key, "standard.drop")
    else:
        yield Problem("unknown-key", (), key, ", ".join(known), nearest(key, known))


def _tailored(outline: Outline) -> str:
    """What is wrong with tailoring where nothing is extended: a campaign never is."""
    return "campaign-tailored" if outline is CAMPAIGN else "needs-extends"


def head_problems(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """A head that is no table, or holds the tables that stand beside it."""
    outline = outline_of(raw)
    head = raw.get(outline.head, {})
    if not isinstance(head, Mapping):
        yield Problem("wrong-type", (outline.head,), head, f"a table, [{outline.head}]")
        return
    for key in head:
        if key in outline.beside:
            yield Problem("misplaced-table", (outline.head,), key, bracketed(key))
    if "drop" in head and not extending(raw):
        yield Problem(_tailored(outline), (outline.head,), "drop")


def extending(raw: Mapping[str, Any]) -> bool:
    """Whether the document extends another, as a standard may."""
    return "extends" in head_of(raw) and outline_of(raw) is STANDARD


def head_of(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table [standard] or [campaign]; empty where there is none."""
    head = raw.get(outline_of(raw).head)
    return head if isinstance(head, Mapping) else {}


def bracketed(table: str) -> str:
    """The table as documents write it."""
    return f"[[{table}]]" if table in (*EVERY_LIST, *OF_A_CHILD) else f"[{table}]"

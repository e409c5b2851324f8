"""Rows: the tables of a document's lists, each where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from civrules.authoring.outline import CAMPAIGN, EVERY_LIST, STANDARD
from civrules.model.campaign import Campaign
from civrules.model.standard import Standard

Table: TypeAlias = tuple[str, str]
"""A table of a list: which list, and its id."""

WITH_IDS = (*(table for table in EVERY_LIST if table != "reading"), "criterion")
MEMBERS = ("section", "criterion")
"""What a section holds."""


@attrs.frozen(eq=False)
class Row:
    """A table of a list, the list that it stands in, and the tables that hold it from the outside in."""

    table: Table
    among: list[Any]
    values: dict[str, Any]
    holders: "tuple[Row, ...]" = ()

    @property
    def name(self) -> str:
        """The table as it is named: `criterion "waste"`."""
        return f'{self.table[0]} "{self.table[1]}"'


def rows(tables: Mapping[str, Any], kinds: Iterable[str], holders: tuple[Row, ...] = ()) -> Iterator[Row]:
    """Every table with an id, each before those it holds."""
    for kind in kinds:
        among = tables.get(kind)
        for one in among if isinstance(among, list) else ():
            if isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(among, list):
                row = Row((kind, one["id"]), among, one, holders)
                yield row
                if kind == "section":
                    yield from rows(one, MEMBERS, (*holders, row))


def written(document: Standard | Campaign) -> dict[str, Any]:
    """The standard or campaign as the tables of a document."""
    from civrules.codec.converter import converter

    outline = CAMPAIGN if isinstance(document, Campaign) else STANDARD
    head: dict[str, Any] = converter().unstructure(document)
    tables = {key: head.pop(key) for key in outline.beside if key in head}
    return {outline.head: head, **tables}

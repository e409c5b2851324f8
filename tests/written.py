"""Documents as text, for tests: written from parts, or read from tests/documents."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from civrules import Standard
from civrules.authoring.documents import loads

DOCUMENTS = Path(__file__).parent / "documents"
RESTING = DOCUMENTS / "resting"
GOOD = tuple(sorted((DOCUMENTS / "good").glob("*.toml")))
BAD = tuple(sorted((DOCUMENTS / "bad").glob("*.toml")))
CHECK = '{ kind = "check" }'

HEAD = """
[standard]
id = "{id}"
version = "{version}"
title = {{ en = "A standard" }}
kinds = ["residential"]
source = {{ document = "Example rules" }}
not_applicable = "refuse"
"""
SECTION = """
[[section]]
id = "all"
title = { en = "All" }
"""


def head(*more: str, id: str = "example/sheet", version: str = "1") -> str:
    """The table [standard], with more keys."""
    return "\n".join((HEAD.format(id=id, version=version), *more))


def criterion(id: str, measure: str = CHECK, *, points: object = 1, more: str = "") -> str:
    """One criterion."""
    return f"""
[[section.criterion]]
id = "{id}"
title = {{ en = "A line" }}
points = {points}
measure = {measure}
{more}
"""


def event(id: str, more: str = "") -> str:
    """A criterion that is an event."""
    measure = f'{{ kind = "event"{", " if more else ""}{more} }}'
    return f'\n[[section.criterion]]\nid = "{id}"\ntitle = {{ en = "An event" }}\nmeasure = {measure}\n'


def sheet(*criteria: str, id: str = "example/sheet", version: str = "1", more: str = "", tables: str = "") -> str:
    """A document of one section; `more` keys in its head, `tables` behind the section."""
    return "".join((head(more, id=id, version=version), SECTION, *(criteria or (criterion("tidy"),)), tables))


def written(
    *criteria: str, id: str = "example/sheet", version: str = "1", more: str = "", tables: str = ""
) -> Standard:
    """The standard of such a document."""
    return loads(sheet(*criteria, id=id, version=version, more=more, tables=tables))


def raw(path: Path) -> dict[str, Any]:
    """The tables of a document."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)

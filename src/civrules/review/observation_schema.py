"""The JSON Schema of tables of observations, communities, calendars and waivers, as they are read from JSON."""

from typing import Any

from civrules.codec.narrower import Shape, any_case
from civrules.codec.shapes import DAY, cases, closed, described, either, listed
from civrules.model.community import Community
from civrules.model.measures.measure import YES_NO
from civrules.model.observation import METHODS
from civrules.model.waiver import Waiver
from civrules.scoring.long import COLUMNS, NEEDED
from civrules.scoring.waiver_table import WAIVER_COLUMNS, WAIVER_NEEDED

_SPACE = r"[ \u00a0\u3000]*"
_NAME: Shape = {"type": ["string", "integer"], "pattern": r"\S"}
_NAME_OR_BLANK: Shape = {"type": ["string", "integer", "null"]}
_FACT: Shape = {"type": ["string", "integer", "boolean", "null"]}
_SCALAR: Shape = {"type": ["string", "number", "boolean", "null"]}


def observations_schema() -> dict[str, Any]:
    """A list of objects: long, a row for each value, or wide, a row for each community.

    The column of ids is called `community`. Communities, calendars and waivers are described beside it, under `$defs`.
    """
    long = {"required": list(NEEDED)}
    definitions = {
        "Cell": _cell(),
        "LongRow": _long(),
        "WideRow": _wide(),
        "Communities": listed(_community(), minItems=1, title="Communities"),
        "Calendar": listed(_occasion(), minItems=1, title="Calendar"),
        "Waivers": listed(_waiver(), minItems=1, title="Waivers"),
    }
    rows = {"type": "object", **cases([(long, {"$ref": "#/$defs/LongRow"})], {"$ref": "#/$defs/WideRow"})}
    return {
        "title": "Observations for civrules",
        "description": "Rows of what was seen: long, one for each value, or wide, one for each community.",
        **listed(rows, minItems=1),
        "$defs": definitions,
    }


def _spaced(pattern: str) -> Shape:
    """Text that may have spaces around it, or a blank."""
    return {"type": ["string", "null"], "pattern": f"^{_SPACE}({pattern})?{_SPACE}$"}


def _cell() -> Shape:
    """A value, items, or for an item how much of it is attributable."""
    counted = {"type": "object", "additionalProperties": _SCALAR}
    items = {"type": "object", "additionalProperties": either(_SCALAR, counted)}
    words = (
        "yes/no, true/false, 1/0, 是/否, attributable, a level, a figure (a number, or text where it has many digits), "
        '"95%", "95/100", "n/a: reason", or an object with a value for each item; blank or null was not observed.'
    )
    return {"title": "Cell", "description": words, **either(_SCALAR, items)}


def _long() -> Shape:
    """Whatever else stands in the row is an attribute of the community."""
    own: dict[str, Shape] = {
        "criterion": {"type": ["string", "null"], "description": "The criterion's id."},
        "item": {"type": ["string", "null"], "description": "The item's id, where the value is one item's."},
        "value": {"$ref": "#/$defs/Cell"},
        "of": {"type": ["integer", "string", "null"], "description": "The m of n of m; the value is then n."},
        "na": {"type": ["string", "null"], "description": "The reason why it does not apply."},
        "at": {**_spaced(DAY), "format": "date", "description": "The day of the look, YYYY-MM-DD."},
        "place": {**_NAME_OR_BLANK, "description": "Where, as the community's register names it."},
        "by": {**_NAME_OR_BLANK, "description": "Who looked."},
        "method": {**_spaced("|".join(METHODS)), "description": f"How: {', '.join(METHODS)}."},
        "attributable": {**_yes_no(), "description": "Whether the assessed body is mainly responsible: yes or no."},
        "evidence": {**_names(), "description": "What proves it: names parted by semicolons, or a list of them."},
        "id": {**_NAME_OR_BLANK, "description": "Sets apart observations that are otherwise equal."},
    }
    columns = {"community": {**_NAME, "description": "The community's id."}, **{name: own[name] for name in COLUMNS}}
    return {
        "title": "LongRow",
        "description": "One value; rows of one criterion with the same at, place, by and id are one look.",
        "type": "object",
        "properties": columns,
        "required": ["community"],
        "additionalProperties": _FACT,
    }


def _wide() -> Shape:
    return {
        "title": "WideRow",
        "description": "All of one community: <criterion>, <criterion>:of, <criterion>:<item> and <criterion>:na.",
        "type": "object",
        "properties": {"community": {**_NAME, "description": "The community's id."}},
        "required": ["community"],
        "patternProperties": {":of$": {"type": ["integer", "string", "null"]}, ":na$": {"type": ["string", "null"]}},
        "additionalProperties": {"$ref": "#/$defs/Cell"},
    }


def _yes_no() -> Shape:
    return either({"type": "boolean"}, {"enum": [0, 1]}, _spaced("|".join(map(any_case, YES_NO))))


def _names() -> Shape:
    return either({"type": ["string", "integer", "null"]}, listed({"type": ["string", "integer", "null"]}))


def _community() -> Shape:
    """The columns of a register."""
    return {
        **closed(dict.fromkeys(("name", "kind", "locality", "parent"), _NAME_OR_BLANK) | {"id": _NAME}, ("id",)),
        "patternProperties": {"^attribute:.": _FACT, "^place:.": _names()},
        **described(Community),
    }


def _occasion() -> Shape:
    columns: dict[str, Shape] = {"occasion": _NAME, "first": _spaced(DAY), "last": _spaced(DAY)}
    words = "When an occasion is: both days included; without a last it is a single day."
    return closed(columns, ("occasion", "first"), title="Occasion", description=words)


def _waiver() -> Shape:
    """The columns of a table of waivers."""
    days = dict.fromkeys(("first", "last"), _spaced(DAY))
    words = {key: {"type": "string", "pattern": r"\S"} for key in ("criterion", "reason", "approver")}
    shapes: dict[str, Shape] = {"community": _NAME, "place": _NAME_OR_BLANK, **words, **days}
    return closed({name: shapes[name] for name in WAIVER_COLUMNS}, WAIVER_NEEDED, **described(Waiver))

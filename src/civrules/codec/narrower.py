"""Narrower: what the soundness of a document asks of one table, and the types of its fields do not say.

A schema is no judge of documents, `load` is: what takes more than one table to see is left to it. Nothing here may
refuse what `load` takes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from civrules.errors.codes import LINTS
from civrules.model.campaign import Campaign, Goal, Phase, Recurrence, Task
from civrules.model.community import LOCALITY
from civrules.model.condition import COMPARISONS
from civrules.model.days import DURATION
from civrules.model.deadline import DEADLINE
from civrules.model.document import Parameter, Reading
from civrules.model.identity import FULL_ID, ID, RESERVED_ITEMS
from civrules.model.measures import (
    Check,
    Checklist,
    Entry,
    Findings,
    Frequency,
    Item,
    Levels,
    Linear,
    Marks,
    Tier,
    Tiers,
)  # fmt: skip
from civrules.model.outcome import Effect
from civrules.model.procedure import Escalation, Procedure, Step
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.soundness.campaign import FREQUENCIES, RULE_PART
from civrules.model.soundness.grading import RESERVED_GRADES
from civrules.model.soundness.head import MOST_DECIMALS
from civrules.model.soundness.procedures import RESULTS
from civrules.model.standard import Criterion, Gate, Grade, Passing, Rounding, Section, Standard
from civrules.model.windows import CADENCE
from civrules.model.yearday import YEAR_DAY

Shape: TypeAlias = dict[str, Any]
"""A JSON Schema, or a part of one."""


def matching(pattern: str) -> Shape:
    """Text that matches from end to end."""
    return {"type": "string", "pattern": f"^({pattern})$" if "|" in pattern else f"^{pattern}$"}


def _given(*keys: str) -> list[Shape]:
    return [{"required": [key]} for key in keys]


def _one_of(*keys: str) -> Shape:
    """Exactly one of the keys."""
    return {"oneOf": _given(*keys)}


def _at_most_one_of(*keys: str) -> Shape:
    return {"oneOf": [*_given(*keys), {"not": {"anyOf": _given(*keys)}}]}


def any_case(word: str) -> str:
    """The pattern of a word in any case of its letters."""
    return "".join(one if one.upper() == one else f"[{one.upper()}{one}]" for one in word)


_SOME: Shape = {"minItems": 1}
_FROM_ONE: Shape = {"minimum": 1}
_ABOVE_0: Shape = {"exclusiveMinimum": 0}
_FROM_0: Shape = {"minimum": 0}
_DECIMALS: Shape = {"minimum": 0, "maximum": MOST_DECIMALS}
_NAMED: Shape = {"minProperties": 1, "propertyNames": {"pattern": f"^{ID}$"}}
_IDS: Shape = {"items": matching(ID)}
_ID: Shape = matching(ID)
_ITEM_ID: Shape = {**_ID, "not": {"pattern": f"^({'|'.join(map(any_case, RESERVED_ITEMS))})$"}}
_CITED: Shape = {"properties": {"document": {"minLength": 1}}, "required": ["document"]}

_WITH_AN_ID = (
    Section, Criterion, Parameter, Gate, Body, Reference, Honour, NamedSet, Post, Procedure, Step, Phase, Task, Goal,
)  # fmt: skip
# A parameter may give each of these; a pattern asks nothing of what is no text.
_DURATION: Shape = {"pattern": f"^({DURATION})$"}
_DEADLINE: Shape = {"pattern": f"^({DEADLINE})$"}
_YEAR_DAY: Shape = {"pattern": f"^({YEAR_DAY})$"}
_CADENCE: Shape = {"pattern": f"^({CADENCE}|{ID})$"}
_RULE: Shape = {
    "pattern": f"^({RULE_PART})(;({RULE_PART}))*$",
    "allOf": [{"pattern": f"FREQ=({'|'.join(FREQUENCIES)})"}],
}

FIELDS: Mapping[tuple[type, str], Shape] = MappingProxyType(
    {
        **{(kind, "id"): _ID for kind in _WITH_AN_ID},
        **{(kind, key): _YEAR_DAY for kind in (Campaign, Phase, Task) for key in ("first", "last")},
        **{(kind, "lasts"): _DURATION for kind in (Campaign, Phase, Task)},
        **{(kind, "occasion"): {"pattern": f"^{ID}$"} for kind in (Campaign, Phase, Task)},
        **{(document, "id"): matching(FULL_ID) for document in (Standard, Campaign)},
        **{(document, "version"): _ID for document in (Standard, Campaign)},
        **{(document, "kinds"): {**_SOME, **_IDS} for document in (Standard, Campaign)},
        **{(document, "locality"): matching(LOCALITY) for document in (Standard, Campaign)},
        (Recurrence, "per"): _CADENCE,
        (Recurrence, "at_least"): _FROM_ONE,
        (Recurrence, "rule"): _RULE,
        (Task, "due"): {"pattern": f"^({DEADLINE}|{YEAR_DAY})$"},
        (Task, "per_unit"): _ID,
        (Task, "at_least"): _FROM_ONE,
        (Procedure, "steps"): _SOME,
        (Procedure, "opens_on"): {"items": {"enum": list(RESULTS)}},
        (Procedure, "extensions"): _FROM_0,
        (Step, "within"): _DEADLINE,
        (Escalation, "after"): _DEADLINE,
        (Effect, "due"): _DURATION,
        (Effect, "lasts"): {"pattern": f"^({DURATION}|next)$"},
        (Criterion, "valid_for"): _DURATION,
        **{(kind, "id"): _ITEM_ID for kind in (Entry, Item)},
        (Grade, "id"): {**_ID, "not": {"enum": list(RESERVED_GRADES)}},
        (Standard, "total"): _ABOVE_0,
        (Standard, "coverage"): {"minimum": 0},
        (Standard, "source"): {"if": {"type": "array"}, "then": {"contains": _CITED}, "else": _CITED},
        (Rounding, "criterion"): _DECIMALS,
        (Rounding, "section"): _DECIMALS,
        (Rounding, "total"): _DECIMALS,
        (Section, "scale_to"): _ABOVE_0,
        (Criterion, "points"): _FROM_0,
        (Criterion, "decimals"): _DECIMALS,
        (Criterion, "tags"): _IDS,
        (Criterion, "per_unit"): _ID,
        (Criterion, "sample"): _FROM_ONE,
        (Passing, "at_least"): {"type": "string"},
        (Reading, "silences"): {"items": {"enum": sorted(LINTS)}},
        (Honour, "seats"): _FROM_ONE,
        (NamedSet, "declared"): _FROM_ONE,
        (Checklist, "items"): _SOME,
        (Checklist, "at_least"): _FROM_ONE,
        (Findings, "items"): _SOME,
        (Frequency, "at_least"): _FROM_ONE,
        (Frequency, "weekdays"): _IDS,
        (Levels, "levels"): _NAMED,
        (Item, "levels"): _NAMED,
        (Item, "cap"): _FROM_0,
        (Linear, "knots"): {"minItems": 2},
        (Marks, "choices"): _SOME,
        (Marks, "bands"): _NAMED,
        (Tiers, "tiers"): _SOME,
    }
)
"""By class and field: what is added to the shape of the field's type."""

_OF_AN_EVENT: Shape = {
    "properties": {"measure": {"properties": {"kind": {"const": "event"}}, "required": ["kind"]}},
    "required": ["measure"],
}

_SPAN: Shape = {
    "not": {
        "anyOf": [
            {"required": ["last", "lasts"]},
            *({"required": ["occasion", key]} for key in ("first", "last", "lasts")),
        ]
    }
}
"""Days are said in one way: from first to last, from first for so long, or an occasion's."""

TABLES: Mapping[type, Shape] = MappingProxyType(
    {
        **dict.fromkeys((Campaign, Phase, Task), _SPAN),
        Recurrence: {**_one_of("per", "rule"), "dependentSchemas": {"weekdays": {"required": ["per"]}}},
        Tier: _one_of(*COMPARISONS),
        Check: _at_most_one_of(*COMPARISONS),
        Linear: {
            "oneOf": [{"required": ["zero_at", "full_at"]}, {"required": ["knots"]}],
            "dependentRequired": {"zero_at": ["full_at"], "full_at": ["zero_at"]},
        },
        Marks: _at_most_one_of("choices", "bands"),
        Item: {
            "oneOf": [
                *_given("each", "levels", "tiers", "shortfall"),
                {"properties": {"takes": {"enum": ["all", "none"]}}, "required": ["takes"]},
            ]
        },
        Grade: _at_most_one_of("at_least", "at_most"),
        Criterion: {"if": _OF_AN_EVENT, "then": {"properties": {"points": {"maximum": 0}}}},
    }
)
"""By class: what is asked of the table as a whole."""

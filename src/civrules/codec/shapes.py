"""Shapes: what may stand in a document, as JSON Schema made from the model's own fields, types and docstrings.

A class that joins the model joins the schema by itself. Only what its types cannot say stands here: the leaves, and the
tables that have a second form. A type that is not known raises TypeError, so that a test says where a leaf is lacking.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from civrules.codec.leaves import is_effect, is_literal, is_mapping, is_set, is_threshold, is_tuple
from civrules.codec.narrower import FIELDS, TABLES, Shape, matching
from civrules.model import keys
from civrules.model.campaign import Task
from civrules.model.canonical import STANDS_FOR, default_of
from civrules.model.condition import CASES, FOLLOWING, GROUPS, LISTED, SUBJECTS, Condition, details_of, needs_comparison
from civrules.model.figures import Count
from civrules.model.given import MOST_STEPS, ByAttribute, Dated, Interval, ParameterOf, Setting
from civrules.model.identity import ID
from civrules.model.measures import BUILT_IN, AnyMeasure, Entry, Kind, Tiers
from civrules.model.outcome import Composed, Outcome
from civrules.model.procedure import Escalation
from civrules.model.register import Post
from civrules.model.responsible import OF_A_FINDING, Responsible
from civrules.model.soundness import EFFECTS
from civrules.model.soundness.campaign import OF_A_TASK
from civrules.model.soundness.procedures import OF_A_CASE
from civrules.model.source import Source, takes_one
from civrules.model.standard import Criterion, Section
from civrules.model.text import Text
from civrules.model.yearday import DayOfYear

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CHILDREN = ("section", "criterion")
"""What a section holds, under the key of its kind."""
_PERCENT: Shape = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?%$"}
_WORDS: Shape = {"type": "string", "pattern": r"\S"}
_ANY_TEXT: Shape = {"type": "string"}
_ANY_WORD: Shape = {"type": ["string", "number", "boolean"]}
_NUMBER: Shape = {"type": "number"}
_LEAVES: Mapping[Any, Shape] = {
    str: _WORDS,
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: _NUMBER,
    # TOML has days, JSON has none: editors hand a day to the schema as text.
    date: {"type": "string", "format": "date", "pattern": f"^{DAY}$"},
}
_BY_ID_ALONE = (Entry, Post, Composed)
"""Tables of which the id alone will do."""
_NARROW: Mapping[tuple[type, str], tuple[str, tuple[str, ...]]] = {
    (Responsible, "when"): ("AttributeCondition", OF_A_FINDING),
    (Criterion, "applies_when"): ("AttributeCondition", OF_A_FINDING),
    (Escalation, "when"): ("CaseCondition", OF_A_CASE),
    (Task, "applies_when"): ("TaskCondition", OF_A_TASK),
    (Outcome, "when"): ("FollowingCondition", (*SUBJECTS, *FOLLOWING, *GROUPS)),
}
"""Conditions that may name less, or more, than those of gates: how each is called, and what it may name."""


def listed(shape: Shape, **more: Any) -> Shape:
    """A list of such."""
    return {"type": "array", "items": shape, **more}


def either(*shapes: Shape) -> Shape:
    """One of several forms."""
    different = [shape for place, shape in enumerate(shapes) if shape not in shapes[:place]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _one_or_several(shape: Shape) -> Shape:
    return either(shape, listed(shape, minItems=1))


def cases(pairs: list[tuple[Shape, Shape]], otherwise: Shape | None = None) -> Shape:
    """The shape of the first condition that holds, so that what is wrong is said of that one alone.

    Editors that complete look into `anyOf` and not into conditions: `true` in it keeps it from refusing anything.
    """
    shapes = [shape for _, shape in pairs] + ([otherwise] if otherwise is not None else [])
    chosen: list[Shape] = [{"if": condition, "then": shape} for condition, shape in pairs]
    if otherwise is not None:
        chosen[-1]["else"] = otherwise
    return {"anyOf": [*shapes, True], "allOf": chosen}


def described(wanted: type[Any]) -> Shape:
    """The title and the description of a class: its name, and the first paragraphs of its docstring."""
    return {"title": wanted.__name__, "description": keys.described(wanted)}


class Shapes:
    """The shapes of one schema: each class once, under `$defs`; `kinds` are the measures of plugins."""

    def __init__(self, kinds: tuple[Kind, ...] = ()) -> None:
        self.kinds = kinds
        self.definitions: dict[str, Shape] = {}

    def define(self, name: str, make: Callable[[], Shape]) -> Shape:
        """A reference to the definition of that name, which is made when it is first named."""
        if name not in self.definitions:
            self.definitions[name] = {}  # a shape may hold itself
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def of(self, wanted: Any, *, given: bool = False) -> Shape:
        """The shape of a type; in measures a number may also be `given` by a table. Raises TypeError."""
        number: Callable[[Shape], Shape] = self._or_given if given else lambda shape: shape
        if wanted is Decimal:
            return number(_NUMBER)
        if wanted is Count:
            return self._or_given(_LEAVES[int])
        if is_threshold(wanted):
            return number(self._threshold())
        if wanted in (Interval, DayOfYear):
            return either(_WORDS, self._parameter())
        if wanted == Setting:
            return either(_NUMBER, _WORDS)
        if wanted == AnyMeasure:
            return self.define("Measure", self._measure)
        if wanted is Tiers:
            return self.of(get_type_hints(Tiers)["tiers"], given=given)
        return self._plain(wanted, given=given)

    def _plain(self, wanted: Any, *, given: bool) -> Shape:
        if wanted in _LEAVES:
            return _LEAVES[wanted]
        if is_literal(wanted):
            return {"enum": list(get_args(wanted))}
        if is_effect(wanted):
            return self.define("GateEffect", _effect)
        if isinstance(wanted, type) and attrs.has(wanted):
            return self._class(wanted, given=given)
        if is_set(wanted) or is_tuple(wanted):
            return self._list(wanted, given=given)
        if is_mapping(wanted):
            return {"type": "object", "additionalProperties": self.of(get_args(wanted)[1], given=given)}
        if get_origin(wanted) in (Union, UnionType):
            return either(*(self.of(part, given=given) for part in get_args(wanted) if part is not NoneType))
        raise TypeError(f"no shape for {wanted!r}: give it one in {__name__}")

    def _list(self, wanted: Any, *, given: bool) -> Shape:
        parts = [part for part in get_args(wanted) if part is not Ellipsis]
        if is_set(wanted) or get_args(wanted)[-1] is Ellipsis:
            shape = listed(self.of(parts[0], given=given))
            return either(self.of(Source), shape) if parts[0] is Source else shape
        shapes = [self.of(part, given=given) for part in parts]
        size = {"minItems": len(parts), "maxItems": len(parts)}
        return (
            listed(shapes[0], **size) if shapes[0] == shapes[-1] else {"type": "array", "prefixItems": shapes, **size}
        )

    def _class(self, wanted: type[Any], *, given: bool) -> Shape:
        special = {Text: self._text, Condition: self._condition, Section: self.section}
        make = special.get(wanted, lambda: self.table(wanted, given=given))
        shape = self.define(wanted.__name__, make)
        # A composite's criterion names a standard, the others an id of their own.
        alone = _WORDS if wanted is Composed else matching(ID)
        return either(alone, shape) if wanted in _BY_ID_ALONE else shape

    def table(self, wanted: type[Any], *, given: bool = False, fields: Mapping[str, Shape] | None = None) -> Shape:
        """The table of a class: its fields by name, those without a default required, and nothing else."""
        properties = self.fields(wanted, given=given) if fields is None else dict(fields)
        needed = [one.name for one in attrs.fields(wanted) if one.default is attrs.NOTHING and one.name in properties]
        return closed(properties, needed, **described(wanted), **TABLES.get(wanted, {}))

    def fields(self, wanted: type[Any], *, given: bool = False) -> dict[str, Shape]:
        """The shape of every field of a class, with its default and what the class says of it."""
        types = get_type_hints(wanted, include_extras=True)
        return {
            one.name: self._field(wanted, one, types[one.name], given=given)
            for one in attrs.fields(wanted)
            if one.init and one.name not in ("children", "origin")
        }

    def _field(self, wanted: type[Any], field: Any, kind: Any, *, given: bool) -> Shape:
        shape = self.of(kind, given=given)
        if (wanted, field.name) in _NARROW:
            name, subjects = _NARROW[wanted, field.name]
            shape = self.define(name, lambda: self._condition(name, subjects))
        shape = {**shape, **FIELDS.get((wanted, field.name), {})}
        if takes_one(field) and "items" in shape:
            shape = either(shape["items"], shape)
        return {
            **shape,
            **({"description": words} if (words := keys.said_of(wanted, field.name)) else {}),
            **_default(field),
        }

    def _text(self) -> Shape:
        """At least one of the languages."""
        properties = {one.name: _WORDS for one in attrs.fields(Text)}
        return closed(properties, (), minProperties=1, **described(Text))

    def section(self, *, name: str = "Section", whole: bool = True) -> Shape:
        """A section: it holds sections or criteria; only one that is not `whole` may as yet hold nothing."""
        inside = {"section": self.define(name, self.section) if whole else {"$ref": f"#/$defs/{name}"}}
        inside["criterion"] = self.of(Criterion)
        shape = self.table(
            Section, fields=self.fields(Section) | {key: listed(inside[key], minItems=1) for key in CHILDREN}
        )
        one = [{"required": [key]} for key in CHILDREN]
        return {**shape, **({"oneOf": one} if whole else {"not": {"required": list(CHILDREN)}})}

    def _condition(self, name: str = "Condition", subjects: tuple[str, ...] = (*SUBJECTS, *GROUPS)) -> Shape:
        """One of the things named, and what may stand beside it."""
        members = {"$ref": f"#/$defs/{name}"}
        types = get_type_hints(Condition, include_extras=True)
        own: Mapping[str, Shape] = {
            "equals": either(_ANY_WORD, listed({"type": ["string", "number"]}, minItems=1)),
            **{name: listed(members, minItems=1) for name in GROUPS},
            **{name: _one_or_several({"enum": list(CASES)} if name == "case" else _ANY_TEXT) for name in LISTED},
            "when": members,
        }
        named = {name: _beside(name) for name in subjects}
        beside = {name for shape in named.values() for name in shape["propertyNames"]["enum"]}
        shapes = {name: own[name] if name in own else self.of(types[name]) for name in types if name in beside}
        # What a condition names is looked up as it is written: that it is blank is not its own fault.
        properties = {name: _ANY_TEXT if shape == _WORDS else shape for name, shape in shapes.items()}
        return closed(
            properties,
            (),
            oneOf=[{"required": [name]} for name in named],
            allOf=[{"if": {"required": [name]}, "then": shape} for name, shape in named.items()],
            **described(Condition),
        )

    def _measure(self) -> Shape:
        """The measures by their kind."""
        made = {name: self._of_kind(name, wanted) for name, wanted in BUILT_IN.items()}
        made |= {one.name: self._of_kind(one.name, one.measure, own=False) for one in self.kinds}
        return {
            "title": "Measure",
            "description": "How what was seen becomes points.",
            "type": "object",
            "properties": {"kind": {"enum": list(made)}},
            "required": ["kind"],
            **cases([({"properties": {"kind": {"const": name}}, "required": ["kind"]}, made[name]) for name in made]),
        }

    def _of_kind(self, name: str, wanted: type[Any], *, own: bool = True) -> Shape:
        def make() -> Shape:
            fields = self.fields(wanted, given=True) if own else self._of_a_plugin(wanted)
            shape = self.table(wanted, fields=fields)
            required = ["kind", *shape.get("required", ())]
            return {**shape, "properties": {"kind": {"const": name}, **shape["properties"]}, "required": required}

        return self.define(f"{name}-measure", make)

    def _of_a_plugin(self, wanted: type[Any]) -> dict[str, Shape]:
        """The fields of a plugin's measure: anything where a type is one that documents' own tables do not have."""
        fields = {}
        for name, kind in get_type_hints(wanted, include_extras=True).items():
            if name in {one.name for one in attrs.fields(wanted) if one.init}:
                try:
                    fields[name] = self.of(kind, given=True)
                except TypeError:
                    fields[name] = {}
        return fields

    def _or_given(self, shape: Shape) -> Shape:
        """The number itself, or a table that gives it."""
        dated = self.define("Dated", self._dated)
        return either(shape, self._parameter(), dated, self.define("ByAttribute", self._by_attribute))

    def _parameter(self) -> Shape:
        return self.define("ParameterOf", lambda: self.table(ParameterOf))

    def _threshold(self) -> Shape:
        return either(_NUMBER, _PERCENT)

    def _dated(self) -> Shape:
        steps = {"patternProperties": {f"^{DAY}$": self._threshold()}, "additionalProperties": False}
        return {"type": "object", **steps, **_some_steps(), **described(Dated)}

    def _by_attribute(self) -> Shape:
        ends = {"patternProperties": {r"^-?[0-9]+(\.[0-9]+)?%?$": self._threshold()}, "additionalProperties": False}
        lower = {"type": "object", **ends, **_some_steps()}
        return closed({"by": {"type": "string"}, "lower": lower}, ("by", "lower"), **described(ByAttribute))


def closed(properties: Mapping[str, Shape], required: Any = (), **more: Any) -> Shape:
    """A table of these keys and no others."""
    needed = {"required": list(required)} if required else {}
    return {**more, "type": "object", "properties": dict(properties), **needed, "additionalProperties": False}


def _default(field: Any) -> Shape:
    """What the field is where nothing is said; figures that are not whole are left out, for JSON has no exact ones."""
    default = field.metadata.get(STANDS_FOR, default_of(field))
    if isinstance(default, bool | str):
        return {"default": default}
    if isinstance(default, int | Decimal) and default == int(default):
        return {"default": int(default)}
    return {}


def _some_steps() -> Shape:
    return {"minProperties": 1, "maxProperties": MOST_STEPS}


def _effect() -> Shape:
    """One thing that follows."""
    own: Mapping[str, Shape] = {"score": _NUMBER, "ineligible": {"const": True}}
    effects = {name: own.get(name, {"type": "string"}) for name in EFFECTS}
    return closed(
        effects, (), title="GateEffect", minProperties=1, maxProperties=1, description="The one thing that follows."
    )


def _beside(subject: str) -> Shape:
    """What may stand beside the subject of a condition, and what must."""
    details = details_of(subject)
    shape: Shape = {"propertyNames": {"enum": [subject, *details]}}
    return {**shape, "anyOf": [{"required": [one]} for one in details]} if needs_comparison(subject) else shape

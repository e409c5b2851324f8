"""Schema: JSON Schema of documents and of observations, for editors and for hosts in other languages.

The tables of a document come from the fields of Standard and Campaign: one that is added there is in the schema by
itself.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Literal, get_args, get_type_hints

import attrs

from civrules.authoring.outline import CAMPAIGN, LISTS, STANDARD, TABLES, Outline
from civrules.authoring.rows import MEMBERS, WITH_IDS
from civrules.authoring.tailoring import STATED
from civrules.codec.narrower import TABLES as TABLES_OF_CLASSES
from civrules.codec.narrower import Shape, matching
from civrules.codec.problems import KEYS
from civrules.codec.shapes import Shapes, cases, closed, described, either, listed
from civrules.errors import InvalidInput, Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.document import Document
from civrules.model.identity import FULL_ID, ID
from civrules.model.measures import Kind
from civrules.model.standard import Criterion, Standard
from civrules.review.observation_schema import observations_schema

SCHEMAS = ("standard", "campaign", "observations")
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_EDITION = f"{FULL_ID}@{ID}"
_TEXTS = listed({"type": "string"})
_EXTENDS: Shape = {**matching(_EDITION), "description": "The edition that this document tailors."}
_USES: Shape = {
    **listed(matching(f"{FULL_ID}(@{ID})?")),
    "description": "Documents whose registers are known here, by id or edition.",
}
_DROP: Shape = {**_TEXTS, "description": "The ids of what is left out, with all that it holds."}
_AFTER: Shape = {"type": "string", "description": "The id of its like behind which it comes."}
_INTO: Shape = {"type": "string", "description": "The id of the section that it goes into, as its last."}


def schema(of: Literal["standard", "campaign", "observations"] = "standard", /) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of documents, or of the JSON that `read_table` takes; made from the model.

    What a schema says is a part of what `load` and `load_campaign` check: whether ids are known, bands follow and
    points sum up only they see. Documents may name the built-in measures; `Rulebook.schema` knows those of plugins.

    >>> sorted(schema()["properties"])[:3], schema("campaign")["required"]
    (['amend', 'body', 'criterion'], ['campaign'])
    """
    if of not in SCHEMAS:
        raise InvalidInput(Problem("unknown-word", (), of, ", ".join(SCHEMAS), nearest(of, SCHEMAS)))
    if of == "observations":
        return deepcopy({"$schema": DIALECT, **observations_schema()})
    return standard_schema() if of == "standard" else campaign_schema()


def standard_schema(kinds: tuple[Kind, ...] = ()) -> dict[str, Any]:
    """The JSON Schema of a standard's document that may name these measures of plugins too."""
    shapes = Shapes(kinds)
    whole = _whole(shapes, Standard, STANDARD)
    child = _child(shapes)
    names = dict.fromkeys((*TABLES, *child["properties"]))
    extending = {"properties": {"standard": {"required": ["extends"]}}, "required": ["standard"]}
    made = {
        "$schema": DIALECT,
        "title": "A standard of civrules",
        "description": described(Standard)["description"],
        "type": "object",
        "properties": dict.fromkeys(names, True),
        "required": ["standard"],
        **cases([(extending, shapes.define("Tailored", lambda: child))], shapes.define("Whole", lambda: whole)),
        "$defs": dict(sorted(shapes.definitions.items())),
    }
    return deepcopy(made)  # what several tables share is one value here, and the host's to change


def campaign_schema() -> dict[str, Any]:
    """The JSON Schema of a campaign's document; a campaign extends no other."""
    shapes = Shapes()
    words = {"title": "A campaign of civrules", "description": described(Campaign)["description"]}
    made = {**_whole(shapes, Campaign, CAMPAIGN), **words}
    return deepcopy({"$schema": DIALECT, **made, "$defs": dict(sorted(shapes.definitions.items()))})


def _tables(wanted: type[Document], outline: Outline) -> dict[str, type[Any]]:
    """The class of each table beside the head, by the table's name."""
    types = get_type_hints(wanted, include_extras=True)
    names = {KEYS.get(one.name, one.name): types[one.name] for one in attrs.fields(wanted)}
    return {name: get_args(names[name])[0] if name in outline.lists else names[name] for name in outline.beside}


def _head(shapes: Shapes, wanted: type[Document], outline: Outline) -> dict[str, Shape]:
    """The keys of [standard] or [campaign]."""
    fields = shapes.fields(wanted)
    return {name: shape for name, shape in fields.items() if KEYS.get(name, name) not in outline.beside}


def _whole(shapes: Shapes, wanted: type[Document], outline: Outline) -> Shape:
    """A document that extends no other."""
    head = _head(shapes, wanted, outline)
    needed = [one.name for one in attrs.fields(wanted) if one.default is attrs.NOTHING and one.name in head]
    more = TABLES_OF_CLASSES.get(wanted, {})
    properties = {outline.head: shapes.define("Head", lambda: {**_headed({**head, "uses": _USES}, needed), **more})}
    for name, kind in _tables(wanted, outline).items():
        shape = shapes.of(kind)
        filled = {"minItems": 1} if name == "section" else {}
        properties[name] = listed(shape, **filled) if name in outline.lists else shape
    return closed(properties, outline.needed, title="A whole document")


def _child(shapes: Shapes) -> Shape:
    """A document that extends another: what it says for itself, what it changes, and what it adds."""
    tables, head = _tables(Standard, STANDARD), _head(shapes, Standard, STANDARD)
    resting = {"extends": _EXTENDS, "uses": _USES, "drop": _DROP}
    headed = shapes.define("TailoredHead", lambda: _headed({**head, **resting}, ("extends", *STATED)))
    properties: dict[str, Shape] = {"standard": headed}
    additions = {**tables, "criterion": Criterion}
    for name, kind in additions.items():
        if name not in (*LISTS, "criterion"):
            properties[name] = shapes.of(kind)
        else:
            properties[name] = listed(_added(shapes, name, kind))
    properties["amend"] = listed(shapes.define("Amend", lambda: _amend(shapes, additions)))
    return closed(properties, ("standard",), title="A document that extends another")


def _headed(properties: Mapping[str, Shape], needed: Iterable[str]) -> Shape:
    return closed(properties, needed, title="Head", description="What the document says of itself.")


def _added(shapes: Shapes, name: str, kind: type[Any]) -> Shape:
    """A table that a tailored document adds, and where it goes."""
    if name not in WITH_IDS:
        return shapes.of(kind)

    def make() -> Shape:
        table = shapes.section(name="OpenSection", whole=False) if name == "section" else shapes.table(kind)
        place = {"after": _AFTER, **({"into": _INTO} if name in MEMBERS else {})}
        somewhere = {"anyOf": [{"required": [key]} for key in place]} if name == "criterion" else {}
        return {**table, "properties": {**table["properties"], **place}, **somewhere}

    if name == "section":
        shapes.define("OpenSection", lambda: shapes.section(name="OpenSection", whole=False))
    return shapes.define(f"Added{kind.__name__}", make)


def _amend(shapes: Shapes, tables: Mapping[str, type[Any]]) -> Shape:
    """The keys of all tables that have an id, for whichever table of the parent `of` names."""
    forms: dict[str, list[Shape]] = {}
    for name in (one for one in WITH_IDS if one in tables):
        for key, shape in shapes.fields(tables[name]).items():
            forms.setdefault(key, []).append(
                {word: shape[word] for word in shape if word not in ("default", "description")}
            )
    keys = {key: either(*found) for key, found in forms.items() if key != "id"}
    of: Shape = {"type": "string", "description": "The id of the parent's table; kind:id where several have it."}
    without: Shape = {**_TEXTS, "description": "Keys that are taken out, as if the parent had never written them."}
    words = "What changes in a table of the parent; each key takes the place of the whole value."
    own = {"of": of, "without": without}  # a ranking has a key `of` too, which is not amended
    return closed({**own, **keys, **own}, ("of",), title="Amend", description=words)

"""The one converter between documents' plain data and the model: strict, and every problem at once.

Nothing is coerced: a text is no figure, 1 is not yes, and a key that nobody knows is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.condition import Condition, threshold
from civrules.model.figures import Count, decimals_of, figure
from civrules.model.given import ByAttribute, Dated, ParameterOf, read_given, table_of
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import BUILT_IN, Entry, Item, Measure, Tier, Tiers
from civrules.model.soundness import MOST_PROBLEMS, label
from civrules.model.standard import Criterion, Gate, Passing, Section, Source, Standard
from civrules.model.text import Text, check_words

KEYS: Mapping[str, str] = {
    "sections": "section", "grades": "grade", "gates": "gate", "readings": "reading", "parameters": "parameter",
}  # fmt: skip
"""Attributes that documents call by another name: the table of a list is in the singular."""

LATER: Mapping[str, tuple[str, ...]] = {
    "Standard": ("extends", "uses", "fixed", "traced"),
    "Section": ("rescale", "not_applicable", "procedure", "fixed", "tags"),
    "Criterion": ("procedure", "fixed", "standard", "of"),
    "Grade": ("fixed",),
    "Gate": ("fixed",),
    "Reading": ("silences",),
    "Event": ("excused",),
}  # fmt: skip
"""Keys of the format that this version does not take; they are refused by name, never passed over."""

_LABEL = re.compile(r'\w+(\[[0-9]+\]( ".*")?| ".*")', re.DOTALL)
"""A step that says already which table of a list is meant."""

_BESIDE = ("rounding", "table", *KEYS.values())
"""Tables that stand beside [standard], not in it."""

_TIERS: Any = tuple[Tier, ...]
_SOURCES: Any = tuple[Source, ...]
_AMOUNT_ARGS = {Decimal, tuple[Decimal, Decimal]}


@lru_cache(maxsize=1)
def converter() -> Converter:
    """The converter: made once, for its hooks are generated code."""
    made = Converter(forbid_extra_keys=True, detailed_validation=True, omit_if_default=True)
    for kind, read in (
        (str, _text),
        (bool, _bool),
        (int, _int),
        (Decimal, _decimal),
        (date, _day),
        (Condition, _condition),
    ):
        made.register_structure_hook(kind, read)
    made.register_structure_hook_func(_is_literal, _literal)
    made.register_structure_hook_func(_is_threshold, _threshold)
    made.register_structure_hook_func(lambda wanted: wanted is Count, _count)
    made.register_structure_hook_func(_is_step, _step_decimals)
    made.register_structure_hook_func(_is_amount, _amount)
    made.register_structure_hook_func(
        _is_places, lambda value, _: value if isinstance(value, str) else made.structure(value, Passing)
    )
    made.register_structure_hook_factory(_is_tuple, lambda wanted: _list_hook(made, wanted))
    made.register_structure_hook_factory(_is_set, lambda wanted: _set_hook(made, wanted))
    made.register_structure_hook_factory(_is_mapping, lambda wanted: _mapping_hook(made, wanted))
    made.register_structure_hook_func(_is_effect, _effect)
    made.register_structure_hook_factory(_is_exact_optional, lambda wanted: _optional_hook(made, wanted))
    made.register_structure_hook(Text, lambda table, _: Text(**_table_of(table, ("zh", "en"))))
    made.register_structure_hook_factory(_is_plain_class, lambda wanted: _tabled(make_dict_structure_fn(wanted, made)))
    made.register_unstructure_hook(
        FrozenMapping, lambda items: {key: made.unstructure(part) for key, part in items.items()}
    )
    made.register_unstructure_hook_func(_is_set, sorted)
    for given in (ParameterOf, Dated, ByAttribute):
        made.register_unstructure_hook(given, lambda one: made.unstructure(table_of(one)))
    made.register_unstructure_hook(Decimal, lambda one: int(one) if decimals_of(one) == 0 else one)
    made.register_unstructure_hook(tuple, lambda parts: [made.unstructure(part) for part in parts])
    _measures(made)
    _sources(made)
    _sections(made)
    renamed: Any = {
        field.name: override(rename=KEYS[field.name]) for field in attrs.fields(Standard) if field.name in KEYS
    }
    made.register_structure_hook(Standard, _tabled(make_dict_structure_fn(Standard, made, **renamed)))
    made.register_unstructure_hook(
        Standard, make_dict_unstructure_fn(Standard, made, _cattrs_omit_if_default=True, **renamed)
    )
    return made


def _measures(made: Converter) -> None:
    def read(table: Any, _: Any) -> Any:
        if not isinstance(table, Mapping):
            raise InvalidDocument(Problem("wrong-type", (), table, "a table with a kind"))
        kind = table.get("kind")
        if kind is None:
            raise InvalidDocument(Problem("missing-key", (), None, "kind"))
        if not isinstance(kind, str):
            raise InvalidDocument(Problem("wrong-type", ("kind",), kind, "text"))
        if kind not in by_kind:
            raise InvalidDocument(Problem("unknown-word", ("kind",), kind, ", ".join(by_kind), nearest(kind, by_kind)))
        return by_kind[kind]({key: part for key, part in table.items() if key != "kind"}, BUILT_IN[kind])

    entry = made.get_structure_hook(Entry)
    made.register_structure_hook(
        Entry, lambda one, kind: Entry(id=_text(one, str)) if isinstance(one, str) else entry(one, kind)
    )
    made.register_unstructure_hook(Entry, _entry_writer(made))
    by_kind = {kind: make_dict_structure_fn(wanted, made) for kind, wanted in BUILT_IN.items()}
    made.register_structure_hook(Measure, read)
    made.register_structure_hook(Tiers, lambda tables, _: Tiers(tiers=made.structure(tables, _TIERS)))
    made.register_unstructure_hook(Item, _item_writer(made))
    for kind, wanted in BUILT_IN.items():
        made.register_unstructure_hook(wanted, _measure_writer(made, kind, wanted))


def _measure_writer(made: Converter, kind: str, wanted: type[Any]) -> Any:
    write = make_dict_unstructure_fn(wanted, made, _cattrs_omit_if_default=True)
    return lambda measure: {"kind": kind, **write(measure)}


def _entry_writer(made: Converter) -> Any:
    """An item without words or points of its own is written as its id alone."""
    write = make_dict_unstructure_fn(Entry, made, _cattrs_omit_if_default=True)
    return lambda one: one.id if one == Entry(id=one.id) else write(one)


def _item_writer(made: Converter) -> Any:
    write = make_dict_unstructure_fn(Item, made, _cattrs_omit_if_default=True)

    def written(item: Item) -> dict[str, Any]:
        table: dict[str, Any] = write(item)
        if item.tiers is not None:
            table["tiers"] = [made.unstructure(tier) for tier in item.tiers.tiers]
        return table

    return written


def _sections(made: Converter) -> None:
    """A section's table holds sections or criteria, under the key of what it holds."""
    readers: dict[str, Any] = {}
    writers: dict[str, Any] = {}

    def read(table: Any, wanted: Any) -> Any:
        if not isinstance(table, Mapping):
            raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
        if "section" in table and "criterion" in table:
            raise InvalidDocument(Problem("one-of", (), "section, criterion", "section, criterion"))
        return readers["section" if "section" in table else "criterion"](table, wanted)

    made.register_structure_hook(Section, read)
    made.register_unstructure_hook(Section, lambda one: writers["section" if one.sections else "criterion"](one))
    for key, kind in (("section", Section), ("criterion", Criterion)):
        children: Any = override(rename=key, struct_hook=_children(made, key, kind))
        readers[key] = make_dict_structure_fn(Section, made, children=children)
        writers[key] = make_dict_unstructure_fn(
            Section, made, _cattrs_omit_if_default=True, children=override(rename=key, unstruct_hook=made.unstructure)
        )


def _children(made: Converter, key: str, kind: Any) -> Any:
    listed: Any = tuple[kind, ...]

    def read(tables: Any, _: Any) -> Any:
        try:
            return made.structure(tables, listed)
        except (BaseValidationError, CivrulesError) as error:
            raise InvalidDocument(problem.within(key) for problem in problems_in(error, tables)) from None

    return read


def _sources(made: Converter) -> None:
    """`source` is a table or a list of them."""
    inner = made.get_structure_hook(_SOURCES)

    def read(tables: Any, wanted: Any) -> Any:
        return inner(_listed(tables), wanted)

    made.register_structure_hook_func(lambda wanted: wanted == _SOURCES, read)


def _listed(tables: Any) -> Any:
    if not isinstance(tables, Mapping | list):
        raise InvalidDocument(Problem("wrong-type", (), tables, "a table, or a list of tables"))
    return [tables] if isinstance(tables, Mapping) else tables


def _is_plain_class(wanted: Any) -> bool:
    return attrs.has(wanted) and wanted not in (Standard, Section, Condition, Text, Tiers)


def _is_literal(wanted: Any) -> bool:
    return get_origin(wanted) is Literal


def _union_args(wanted: Any) -> set[Any]:
    return set(get_args(wanted)) if get_origin(wanted) in (Union, UnionType) else set()


def _is_threshold(wanted: Any) -> bool:
    return _union_args(wanted) - {NoneType} == {Decimal, str}


def _is_step(wanted: Any) -> bool:
    return {int, NoneType, Literal["exact"]} == _union_args(wanted)


def _is_places(wanted: Any) -> bool:
    return Passing in _union_args(wanted)


def _is_amount(wanted: Any) -> bool:
    return _union_args(wanted) - {NoneType} == _AMOUNT_ARGS


def _is_tuple(wanted: Any) -> bool:
    origin: Any = get_origin(wanted)
    return origin is tuple


def _is_mapping(wanted: Any) -> bool:
    return get_origin(wanted) in (Mapping, dict)


def _is_effect(wanted: Any) -> bool:
    effect: Any = attrs.fields(Gate).then.type
    return bool(wanted == effect)


def _is_exact_optional(wanted: Any) -> bool:
    args = _union_args(wanted)
    return NoneType in args and len(args) == 2


def _tabled(read: Any) -> Any:
    def checked(table: Any, wanted: Any) -> Any:
        if not isinstance(table, Mapping):
            raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
        return read(table, wanted)

    return checked


def _list_hook(made: Converter, wanted: Any) -> Any:
    inner, *more = get_args(wanted)
    if more == [Ellipsis]:
        read = made.get_structure_hook(list[inner])  # type: ignore[valid-type]  # the type is made at run time

        def listed(values: Any, _: Any) -> Any:
            if not isinstance(values, list | tuple):
                expected = "a list of tables" if attrs.has(inner) else "a list"
                raise InvalidDocument(Problem("wrong-type", (), values, expected))
            return tuple(read(values, list[inner]))  # type: ignore[valid-type]  # as above

        return listed
    kinds = (inner, *more)

    def paired(values: Any, _: Any) -> Any:
        if not isinstance(values, list | tuple) or len(values) != len(kinds):
            raise InvalidDocument(Problem("wrong-type", (), values, f"a list of {len(kinds)}"))
        return tuple(_each(made, values, kinds))

    return paired


def _each(made: Converter, values: Iterable[Any], kinds: Iterable[Any]) -> list[Any]:
    """The values, each as its kind. Raises InvalidDocument with the problems of all."""
    parts: list[Any] = []
    problems: list[Problem] = []
    for value, kind in zip(values, kinds, strict=True):
        try:
            parts.append(made.structure(value, kind))
        except CivrulesError as error:
            problems += error.problems
    if problems:
        raise InvalidDocument(problems)
    return parts


def _is_set(wanted: Any) -> bool:
    return (get_origin(wanted) or wanted) is frozenset


def _set_hook(made: Converter, wanted: Any) -> Any:
    """A list without order; TOML has no sets."""
    inner: Any = get_args(wanted)[0]
    listed: Any = tuple[inner, ...]
    return lambda values, _: frozenset(made.structure(values, listed))


def _mapping_hook(made: Converter, wanted: Any) -> Any:
    inner = get_args(wanted)[1]

    def read(table: Any, _: Any) -> Any:
        if not isinstance(table, Mapping):
            raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
        parts: dict[str, Any] = {}
        problems: list[Problem] = []
        for key, value in table.items():
            try:
                parts[key] = made.structure(value, inner)
            except CivrulesError as error:
                problems += error.within(key)
            except BaseValidationError as error:
                problems += problems_in(error, value, (key,))
        if problems:
            raise InvalidDocument(problems)
        return parts

    return read


def _effect(table: Any, _: Any) -> Any:
    """What a gate does: a word, a score, or true."""
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, "a table"))
    readers = {"score": _decimal, "ineligible": _true}
    effect: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in table.items():
        try:
            effect[key] = readers.get(key, _text)(value, None)
        except CivrulesError as error:
            problems += error.within(key)
    if problems:
        raise InvalidDocument(problems)
    return effect


def _true(value: Any, _: Any) -> bool:
    if value is not True:
        raise InvalidDocument(Problem("wrong-type", (), value, "true"))
    return True


def _optional_hook(made: Converter, wanted: Any) -> Any:
    inner = next(part for part in get_args(wanted) if part is not NoneType)
    return lambda value, _: made.structure(value, inner)


def _table_of(table: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, 'a table, { zh = "…", en = "…" }'))
    unknown = [Problem("unknown-key", (), key, ", ".join(keys), nearest(key, keys)) for key in table if key not in keys]
    if unknown:
        raise InvalidDocument(unknown)
    return dict(table)


def _text(value: Any, _: Any) -> str:
    return check_words(value)


def _bool(value: Any, _: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidDocument(Problem("wrong-type", (), value, "true or false"))
    return value


def _int(value: Any, _: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidDocument(Problem("wrong-type", (), value, "a whole number"))
    return value


def _decimal(value: Any, _: Any) -> Decimal:
    if isinstance(value, Mapping):
        given: Decimal = read_given(value)  # type: ignore[assignment]  # it stands in a figure's place until it is known
        return given
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidDocument(Problem("wrong-type", (), value, "a figure"))
    return figure(value)[0]


def _count(value: Any, _: Any) -> Any:
    return read_given(value) if isinstance(value, Mapping) else _int(value, None)


def _step_decimals(value: Any, _: Any) -> Any:
    if value != "exact" and (isinstance(value, bool) or not isinstance(value, int)):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a whole number, or "exact"'))
    return value


def _is_percent(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("%")


def _threshold(value: Any, _: Any) -> Any:
    if isinstance(value, Mapping):
        return read_given(value)
    if isinstance(value, bool) or not (isinstance(value, int | Decimal) or _is_percent(value)):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a figure, or text such as "95%"'))
    return threshold(value)


def _amount(value: Any, _: Any) -> Any:
    if isinstance(value, list):
        if len(value) != 2:
            raise InvalidDocument(Problem("wrong-type", (), value, "a list of 2"))
        return tuple(_decimal(one, None) for one in value)
    return _decimal(value, None)


def _day(value: Any, _: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidDocument(Problem("bad-day", (), value, "a date, YYYY-MM-DD"))
    return value


def _literal(value: Any, wanted: Any) -> Any:
    """Words are checked by the standard itself, which knows those of later versions; here only their type."""
    if not isinstance(value, str):
        words = [word for word in get_args(wanted) if isinstance(word, str)]
        raise InvalidDocument(Problem("wrong-type", (), value, f"one of: {', '.join(words)}"))
    return value


def _condition(table: Any, _: Any) -> Condition:
    return Condition.of(table)


def structured(tables: Mapping[str, Any], wanted: Any) -> Any:
    """The tables as a value of the model.

    Raises InvalidDocument with every problem; `where` is the raw path: keys, and places counted from 0.
    """
    try:
        return converter().structure(tables, wanted)
    except BaseValidationError as error:
        raise Misshapen(islice(problems_in(error, tables), MOST_PROBLEMS)) from None
    except CivrulesError as error:
        raise InvalidDocument(error.problems) from None


class Misshapen(InvalidDocument):
    """The tables do not have the form of the model; whether they fit together was not looked at."""


def problems_in(error: BaseException, raw: Any, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Every problem that a failed structuring holds; `where` is the raw path: keys and places from 0."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from problems_in(inner, raw, (*path, *_step(inner)))
    elif isinstance(error, ForbiddenExtraKeysError):
        yield from _extra(error, path)
    elif isinstance(error, CivrulesError):
        yield from error.within(*path)
    elif isinstance(error, KeyError):
        yield Problem("missing-key", path[:-1], None, str(error.args[0]))
    else:
        yield Problem("wrong-type", path, None, str(error))


def _step(error: BaseException) -> tuple[str | int, ...]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote) and note.name == "children":
            return ()
        if isinstance(note, AttributeValidationNote):
            return (KEYS.get(note.name, note.name),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _extra(error: ForbiddenExtraKeysError, path: tuple[str | int, ...]) -> Iterator[Problem]:
    names = [KEYS.get(field.name, field.name) for field in attrs.fields(error.cl)]
    known = [key for name in names for key in (("section", "criterion") if name == "children" else (name,))]
    known = [key for key in known if error.cl is not Standard or key not in _BESIDE]
    later = LATER.get(error.cl.__name__, ())
    for key in sorted(error.extra_fields):
        if key in later:
            yield Problem("unsupported", path, key, ", ".join(known))
        else:
            yield Problem("unknown-key", path, key, ", ".join(known), nearest(key, known))


def labelled(path: tuple[str | int, ...], raw: Any) -> tuple[str | int, ...]:
    """The raw path as people read it: `section[2] "upkeep"`, `criterion "stair-lights"`, `measure.per`."""
    words: list[str | int] = []
    keys: list[str] = []
    for place, step in enumerate(path):
        inner = _inner(raw, step)
        if isinstance(step, int):
            name = inner.get("id") if isinstance(inner, Mapping) else None
            table = keys.pop() if keys else ""
            nested = place > 1 and isinstance(name, str) and not keys
            words.append(f'{table} "{name}"' if nested else ".".join((*keys, label(table, step, name))))
            keys = []
        elif _LABEL.fullmatch(step):
            words.append(".".join((*keys, step)))
            keys = []
        else:
            keys.append(step)
        raw = inner
    return (*words, ".".join(keys)) if keys else tuple(words)


def at(raw: Any, path: Iterable[str | int]) -> Any:
    """What stands at a raw path; None where nothing does."""
    for step in path:
        raw = _inner(raw, step)
    return raw


def _inner(raw: Any, step: str | int) -> Any:
    if isinstance(raw, Mapping):
        return raw.get(step)
    return raw[step] if isinstance(raw, list) and isinstance(step, int) and step < len(raw) else None

"""The one converter between documents' plain data and the model: strict, and every problem at once.

Nothing is coerced: a text is no figure, 1 is not yes, and a key that nobody knows is refused.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

import attrs
from cattrs import BaseValidationError, Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from civrules.codec.leaves import is_set, register, tabled
from civrules.codec.problems import KEYS, Misshapen, problems_in
from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.condition import Condition
from civrules.model.figures import Count, decimals_of
from civrules.model.given import ByAttribute, Dated, Interval, ParameterOf, table_of
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import BUILT_IN, Adopted, AnyMeasure, Entry, Item, Kind, Tier, Tiers
from civrules.model.outcome import Composed
from civrules.model.register import Post
from civrules.model.responsible import Responsibility, Responsible
from civrules.model.soundness import MOST_PROBLEMS
from civrules.model.source import Source, takes_one
from civrules.model.standard import Criterion, Section, Standard
from civrules.model.text import Text, check_words
from civrules.model.yearday import DayOfYear

_TIERS: Any = tuple[Tier, ...]
_SOURCES: Any = tuple[Source, ...]


@lru_cache(maxsize=16)
def converter(kinds: tuple[Kind, ...] = ()) -> Converter:
    """The converter that knows these measures of plugins too: made once, for its hooks are generated code."""
    made = _strict(given=False)
    measured = _strict(given=True)
    _write(made)
    _measures(made, measured, kinds)
    _sources(made)
    _registers(made)
    _following(made)
    _sections(made)
    for document in (Standard, Campaign):
        _document(made, document)
    return made


def _document(made: Converter, wanted: Any) -> None:
    """A whole document: its lists are in the singular, where its values come from is not written."""
    renamed: Any = {
        field.name: override(rename=KEYS[field.name]) for field in attrs.fields(wanted) if field.name in KEYS
    }
    renamed["origin"] = override(omit=True)
    made.register_structure_hook(wanted, tabled(make_dict_structure_fn(wanted, made, **renamed)))
    made.register_unstructure_hook(
        wanted, make_dict_unstructure_fn(wanted, made, _cattrs_omit_if_default=True, **renamed)
    )


def _strict(*, given: bool) -> Converter:
    made = Converter(forbid_extra_keys=True, detailed_validation=True, omit_if_default=True)
    register(made, given=given)
    made.register_structure_hook_factory(
        _is_plain_class, lambda wanted: tabled(_one_will_do(wanted, make_dict_structure_fn(wanted, made)))
    )
    return made


def _one_will_do(wanted: Any, read: Any) -> Any:
    """A reader that takes one thing where the model takes one or many; sources are read by a hook of their own."""
    names = [field.name for field in attrs.fields(wanted) if takes_one(field) and field.type != _SOURCES]

    def listed(table: Mapping[str, Any], kind: Any) -> Any:
        alone = {name: [table[name]] for name in names if isinstance(table.get(name), str | Mapping)}
        return read({**table, **alone} if alone else table, kind)

    return listed if names else read


def _write(made: Converter) -> None:
    """How values without a table of their own are written."""
    made.register_unstructure_hook(
        FrozenMapping, lambda items: {key: made.unstructure(part) for key, part in items.items()}
    )
    made.register_unstructure_hook_func(is_set, sorted)
    for given in (ParameterOf, Dated, ByAttribute):
        made.register_unstructure_hook(given, lambda one: made.unstructure(table_of(one)))
    made.register_unstructure_hook_func(lambda wanted: wanted in (Count, Interval, DayOfYear), made.unstructure)
    # What is typed a figure may be a table that gives one.
    made.register_unstructure_hook(
        Decimal, lambda one: _figure(one) if isinstance(one, Decimal) else made.unstructure(one)
    )
    made.register_unstructure_hook(tuple, lambda parts: [made.unstructure(part) for part in parts])


def _figure(one: Decimal) -> int | Decimal:
    return int(one) if decimals_of(one) == 0 else one


def _measures(made: Converter, measured: Converter, kinds: tuple[Kind, ...]) -> None:
    """Measures by their kind; `measured` reads what stands in them."""
    entry = measured.get_structure_hook(Entry)
    measured.register_structure_hook(
        Entry, lambda one, kind: Entry(id=one) if isinstance(one, str) else entry(one, kind)
    )
    measured.register_structure_hook(Tiers, lambda tables, _: Tiers(tiers=measured.structure(tables, _TIERS)))
    by_kind = {kind: _reader(measured, wanted, "") for kind, wanted in BUILT_IN.items()}
    by_kind |= {one.name: _reader(measured, one.measure, one.by) for one in kinds}
    made.register_structure_hook(AnyMeasure, lambda table, _: _measure(by_kind, table))
    made.register_unstructure_hook(Adopted, _adopted_writer(made))
    made.register_unstructure_hook(Entry, _entry_writer(made))
    made.register_unstructure_hook(Item, _item_writer(made))
    for kind, wanted in BUILT_IN.items():
        made.register_unstructure_hook(wanted, _measure_writer(made, kind, wanted))


def _measure(by_kind: Mapping[str, Any], table: Any) -> Any:
    if not isinstance(table, Mapping):
        raise InvalidDocument(Problem("wrong-type", (), table, "a table with a kind"))
    kind = table.get("kind")
    if kind is None:
        raise InvalidDocument(Problem("missing-key", (), None, "kind"))
    if not isinstance(kind, str):
        raise InvalidDocument(Problem("wrong-type", ("kind",), kind, "text"))
    if kind not in by_kind:
        raise InvalidDocument(Problem("unknown-word", ("kind",), kind, ", ".join(by_kind), nearest(kind, by_kind)))
    return by_kind[kind]({key: part for key, part in table.items() if key != "kind"})


def _reader(measured: Converter, wanted: type[Any], by: str) -> Any:
    """What reads the table of one kind of measure; `by` is the plugin that supplies it, "" for a built-in."""
    if not by:
        own = make_dict_structure_fn(wanted, measured)
        return lambda table: own(table, wanted)
    attrs.resolve_types(wanted)
    read = make_dict_structure_fn(wanted, measured)
    return lambda table: Adopted(read(table, wanted), by)


def _adopted_writer(made: Converter) -> Any:
    """A plugin's measure is written by its own fields."""

    def written(one: Adopted) -> dict[str, Any]:
        write = make_dict_unstructure_fn(type(one.measure), made, _cattrs_omit_if_default=True)
        return {"kind": one.kind, **write(one.measure)}

    return written


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


def _registers(made: Converter) -> None:
    """A post without words is its id alone; `responsible` is a table or a list of them."""
    post = made.get_structure_hook(Post)
    made.register_structure_hook(Post, lambda one, kind: Post(id=one) if isinstance(one, str) else post(one, kind))
    write = make_dict_unstructure_fn(Post, made, _cattrs_omit_if_default=True)
    made.register_unstructure_hook(Post, lambda one: one.id if one.title is None else write(one))
    routes: Any = tuple[Responsible, ...]
    made.register_structure_hook_func(
        lambda wanted: wanted == Responsibility,
        lambda value, _: made.structure(value, routes if isinstance(value, list) else Responsible),
    )


def _following(made: Converter) -> None:
    """A composite's criterion may name a standard alone."""
    part = made.get_structure_hook(Composed)
    made.register_structure_hook(
        Composed, lambda one, kind: Composed(standard=check_words(one)) if isinstance(one, str) else part(one, kind)
    )


def _sources(made: Converter) -> None:
    """`source` is a table or a list of them."""
    inner = made.get_structure_hook(_SOURCES)

    def read(tables: Any, wanted: Any) -> Any:
        return inner(_listed(tables), wanted)

    made.register_structure_hook_func(lambda wanted: wanted == _SOURCES, read)


def _listed(tables: Any) -> Any:
    if not isinstance(tables, Mapping | list):
        raise InvalidDocument(
            Problem("wrong-type", (), tables, 'a table, { document = "…", clause = "…" }, or a list of such tables')
        )
    return [tables] if isinstance(tables, Mapping) else tables


def _is_plain_class(wanted: Any) -> bool:
    return attrs.has(wanted) and wanted not in (Standard, Campaign, Section, Condition, Text, Tiers)


def structured(tables: Mapping[str, Any], wanted: Any, kinds: tuple[Kind, ...] = ()) -> Any:
    """The tables as a value of the model; `kinds` are the measures of plugins that they may name.

    Raises InvalidDocument with every problem; `where` is the raw path: keys, and places counted from 0.
    """
    try:
        return converter(kinds).structure(tables, wanted)
    except BaseValidationError as error:
        raise Misshapen(islice(problems_in(error, tables), MOST_PROBLEMS)) from None
    except CivrulesError as error:
        raise InvalidDocument(error.problems) from None

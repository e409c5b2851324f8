"""How single values and collections are read: strictly, and each problem where it stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter

from civrules.codec.problems import problems_in
from civrules.errors import A_DATE, CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.condition import Condition, threshold
from civrules.model.figures import Count, figure
from civrules.model.given import Interval, ParameterOf, Setting, read_given, read_parameter, setting_of
from civrules.model.standard import Gate, Passing
from civrules.model.text import Text, check_words
from civrules.model.yearday import DayOfYear

_FEW_KEYS = 5
_AMOUNT_ARGS = {Decimal, tuple[Decimal, Decimal]}


def register(made: Converter, *, given: bool) -> None:
    """Register the readers of values; in measures a number may also be `given` by a table."""
    number: Any = _or_given if given else lambda read: read
    single = {str: _text, bool: _bool, int: _int, Decimal: number(_decimal), date: _day, Condition: _condition}
    for kind, read in single.items():
        made.register_structure_hook(kind, read)
    made.register_structure_hook(Text, lambda table, _: Text(**_table_of(table, ("zh", "en"))))
    made.register_structure_hook_func(is_literal, _literal)
    made.register_structure_hook_func(is_threshold, number(_threshold))
    made.register_structure_hook_func(lambda wanted: wanted is Count, _or_given(_int))
    made.register_structure_hook_func(lambda wanted: wanted in (Interval, DayOfYear), _interval)
    made.register_structure_hook_func(lambda wanted: wanted == Setting, _setting)
    made.register_structure_hook_func(_is_written(Decimal), _or_parameter(_decimal))
    made.register_structure_hook_func(_is_written(int), _or_parameter(_int))
    made.register_structure_hook_func(_is_step, _step_decimals)
    made.register_structure_hook_func(_is_amount, number(_amount(number(_decimal))))
    made.register_structure_hook_factory(is_tuple, lambda wanted: _list_hook(made, wanted))
    made.register_structure_hook_factory(is_set, lambda wanted: _set_hook(made, wanted))
    made.register_structure_hook_factory(is_mapping, lambda wanted: _mapping_hook(made, wanted))
    made.register_structure_hook_func(is_effect, _effect)
    made.register_structure_hook_factory(_is_exact_optional, lambda wanted: _optional_hook(made, wanted))
    made.register_structure_hook_func(
        _is_places, lambda value, _: value if isinstance(value, str) else made.structure(value, Passing)
    )


def _or_given(read: Any) -> Any:
    """A reader that takes the table of a given number too."""
    return lambda value, wanted: read_given(value) if isinstance(value, Mapping) else read(value, wanted)


def _is_written(kind: type[Any]) -> Any:
    """Whether a figure of this kind is wanted, or the parameter that gives it."""
    return lambda wanted: _union_args(wanted) - {NoneType} == {kind, ParameterOf}


def _or_parameter(read: Any) -> Any:
    return lambda value, wanted: read_parameter(value) if isinstance(value, Mapping) else read(value, wanted)


def is_literal(wanted: Any) -> bool:
    """Whether one of some words is wanted."""
    return get_origin(wanted) is Literal


def _union_args(wanted: Any) -> set[Any]:
    return set(get_args(wanted)) if get_origin(wanted) in (Union, UnionType) else set()


def is_threshold(wanted: Any) -> bool:
    """Whether a figure, or text in percent, is wanted."""
    return _union_args(wanted) - {NoneType} == {Decimal, str}


def _is_step(wanted: Any) -> bool:
    return {int, NoneType, Literal["exact"]} == _union_args(wanted)


def _is_places(wanted: Any) -> bool:
    return Passing in _union_args(wanted)


def _is_amount(wanted: Any) -> bool:
    return _union_args(wanted) - {NoneType} == _AMOUNT_ARGS


def is_tuple(wanted: Any) -> bool:
    """Whether a list is wanted, be it of a fixed length."""
    origin: Any = get_origin(wanted)
    return origin is tuple


def is_mapping(wanted: Any) -> bool:
    """Whether a table of named values is wanted."""
    return get_origin(wanted) in (Mapping, dict)


def is_effect(wanted: Any) -> bool:
    """Whether what a gate does is wanted."""
    effect: Any = attrs.fields(Gate).then.type
    return bool(wanted == effect)


def _is_exact_optional(wanted: Any) -> bool:
    args = _union_args(wanted)
    return NoneType in args and len(args) == 2


def tabled(read: Any) -> Any:
    """A reader that refuses what is no table."""

    def checked(table: Any, wanted: Any) -> Any:
        if not isinstance(table, Mapping):
            raise InvalidDocument(Problem("wrong-type", (), table, _form_of(wanted)))
        return read(table, wanted)

    return checked


def _form_of(wanted: Any) -> str:
    """A table of these keys; where they are many, of those that must be there."""
    fields = [one for one in attrs.fields(wanted) if one.init] if attrs.has(wanted) else []
    few = len(fields) <= _FEW_KEYS
    named = [f"{one.name} = …" for one in fields if few or one.default is attrs.NOTHING]
    return f"a table, {{ {', '.join(named if few else (*named, '…'))} }}" if named else "a table"


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


def is_set(wanted: Any) -> bool:
    """Whether a set is wanted."""
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
            raise InvalidDocument(Problem("wrong-type", (), table, "a table, { … = … }"))
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
        raise InvalidDocument(Problem("parameter-here", (), value, "a figure"))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidDocument(Problem("wrong-type", (), value, "a figure"))
    return figure(value)[0]


def _step_decimals(value: Any, _: Any) -> Any:
    if value != "exact" and (isinstance(value, bool) or not isinstance(value, int)):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a whole number, or "exact"'))
    return value


def _is_percent(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("%")


def _threshold(value: Any, _: Any) -> Any:
    if isinstance(value, Mapping):
        raise InvalidDocument(Problem("parameter-here", (), value, 'a figure, or text such as "95%"'))
    if isinstance(value, bool) or not (isinstance(value, int | Decimal) or _is_percent(value)):
        raise InvalidDocument(Problem("wrong-type", (), value, 'a figure, or text such as "95%"'))
    return threshold(value)


def _interval(value: Any, _: Any) -> Any:
    """An interval or a day of the year in words, or the parameter that gives it."""
    return read_parameter(value) if isinstance(value, Mapping) else check_words(value)


def _setting(value: Any, _: Any) -> Any:
    """What a parameter is set to: a figure, text in percent, or an interval in words."""
    if isinstance(value, str):
        check_words(value)
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidDocument(Problem("wrong-type", (), value, "a figure, or text"))
    return setting_of(value)


def _amount(number: Any) -> Any:
    """One figure, or the two ends between which it is settled."""

    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            return number(value, None)
        if len(value) != 2:
            raise InvalidDocument(Problem("wrong-type", (), value, "a list of 2"))
        return tuple(number(one, None) for one in value)

    return read


def _day(value: Any, _: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidDocument(Problem("bad-day", (), value, A_DATE))
    return value


def _literal(value: Any, wanted: Any) -> Any:
    """Words are checked by the standard itself, which knows those of later versions; here only their type."""
    if not isinstance(value, str):
        words = [word for word in get_args(wanted) if isinstance(word, str)]
        raise InvalidDocument(Problem("wrong-type", (), value, f"one of: {', '.join(words)}"))
    return value


def _condition(table: Any, _: Any) -> Condition:
    return Condition.of(table)

"""Reading and writing a standard as a TOML document."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path
from typing import Any

from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.standard import Standard

MOST_BYTES = 4 * 1024 * 1024
DEEPEST_KEY = 32
LONGEST_NUMBER = 64

TABLES = ("standard", "rounding", "table", "section", "grade", "gate", "reading")
LATER_TABLES = (
    "parameter", "body", "reference", "honour", "set", "ranking", "outcome", "procedure", "amend", "drop", "campaign",
    "phase", "task",
)  # fmt: skip
_ELEMENTS = ("section", "criterion", "grade", "gate", "reading")
# Dotted keys are followed one prefix at a time, so a key of a million dots would take the square of that.
_DOTS = re.compile(rb"""(?:(?:[A-Za-z0-9_-]{1,64}|"[^"\n]{0,64}"|'[^'\n]{0,64}')[ \t]*\.[ \t]*){%d}""" % DEEPEST_KEY)
_WHOLE = ("points-do-not-sum", "empty", "band-hole", "band-order", "no-decimals")
"""What cannot be said of a document while parts of it are broken."""


def load(source: str | PathLike[str] | Traversable, /) -> Standard:
    """Read one standard from a TOML file, with the built-in measures.

    Takes a path or a resource of at most 4 MB. Raises InvalidDocument, and nothing else, with every problem of the
    file: unknown keys, wrong types, lossy numbers, ids that name nothing, steps without decimals.
    """
    name, data = _bytes(source)
    return loads(data, name)


def loads(data: bytes | str, name: str = "document", /) -> Standard:
    """Read one standard from TOML text; `name` stands in the problems' place. Raises InvalidDocument."""
    try:
        return _standard(_parsed(data.encode() if isinstance(data, str) else data))
    except CivrulesError as error:
        raise InvalidDocument(error.within(name)) from None
    except RecursionError:
        raise InvalidDocument(Problem("too-deep", (name,), None, str(DEEPEST_KEY))) from None


def dump(standard: Standard, /) -> str:
    """The standard as TOML text; `load` of it is equal. Needs tomli-w, which `civrules[dump]` brings."""
    from civrules.codec.converter import converter

    try:
        import tomli_w
    except ImportError:
        raise ImportError("civrules.dump needs tomli-w: pip install 'civrules[dump]'") from None
    written: dict[str, Any] = converter().unstructure(standard)
    tables = {key: written.pop(key) for key in TABLES[1:] if key in written}
    return tomli_w.dumps({"standard": written, **tables}, multiline_strings=False)


def _bytes(source: str | PathLike[str] | Traversable) -> tuple[str, bytes]:
    place: Any = Path(source) if isinstance(source, str | PathLike) else source
    try:
        with place.open("rb") as file:
            return str(place.name), file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InvalidDocument(Problem("unreadable", (str(place.name),), reason)) from None


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise InvalidDocument(Problem("too-large", (), len(data), str(MOST_BYTES)))
    if _DOTS.search(data):
        raise InvalidDocument(Problem("too-deep", (), None, str(DEEPEST_KEY)))
    try:
        return tomllib.loads(data.decode("utf-8").removeprefix("\ufeff"), parse_float=_figure)
    except UnicodeDecodeError:
        raise InvalidDocument(Problem("not-utf-8")) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidDocument(Problem("not-toml", (), str(error))) from None
    except ValueError:
        raise InvalidDocument(
            Problem("too-many-digits", (), "a number", f"at most {LONGEST_NUMBER} characters")
        ) from None


def _figure(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    return Decimal(text)


def _standard(raw: dict[str, Any]) -> Standard:
    problems = list(_outline(raw))
    standard, found = _structured(raw)
    if standard is not None and not problems:
        return standard
    broken = {problem.where for problem in found}
    problems += (_read(problem, raw) for problem in found)
    if standard is None and broken:
        problems += _of_the_rest(raw, broken)
    raise InvalidDocument(dict.fromkeys(problems))


def _outline(raw: dict[str, Any]) -> Iterator[Problem]:
    """Tables that are missing, unknown, or not of their form."""
    for key in raw:
        if key in LATER_TABLES:
            yield Problem("unsupported", (), f"[[{key}]]", ", ".join(TABLES))
        elif key not in TABLES:
            yield Problem("unknown-key", (), key, ", ".join(TABLES), nearest(key, TABLES))
    for key in ("standard", "section"):
        if key not in raw:
            yield Problem("missing-key", (), None, key)
    if not isinstance(raw.get("standard", {}), Mapping):
        yield Problem("wrong-type", ("standard",), raw["standard"], "a table")


def _structured(raw: dict[str, Any]) -> tuple[Standard | None, tuple[Problem, ...]]:
    """The standard, or the problems by raw path; the head's keys stand under "standard"."""
    from civrules.codec.converter import structured

    head = raw.get("standard", {})
    if not isinstance(head, Mapping) or "section" not in raw:
        return None, ()
    flat = {
        **{key: head[key] for key in head if key not in TABLES[1:]},
        **{key: raw[key] for key in TABLES[1:] if key in raw},
    }
    stray = tuple(Problem("unknown-key", ("standard",), key, "") for key in head if key in TABLES[1:])
    try:
        return structured(flat, Standard), stray
    except InvalidDocument as error:
        return None, (*stray, *map(_headed, error.problems))


def _headed(problem: Problem) -> Problem:
    inside = problem.where and (
        problem.where[0] in TABLES or "[" in str(problem.where[0]) or " " in str(problem.where[0])
    )
    return problem if inside else problem.within("standard")


def _read(problem: Problem, raw: dict[str, Any]) -> Problem:
    """The problem with its raw path made readable."""
    import attrs

    from civrules.codec.converter import labelled

    return attrs.evolve(problem, where=labelled(problem.where, raw))


def _of_the_rest(raw: dict[str, Any], broken: set[tuple[str | int, ...]]) -> Iterator[Problem]:
    """What is wrong with what is left when the broken tables are taken out, so that all comes at once."""
    places = {place for where in broken if (place := _element(where))}
    left, gone = _without(raw, places)
    if (
        not places
        or len(places) < len(broken & {where for where in broken if not _element(where)})
        or not left.get("section")
    ):
        return
    standard, found = _structured(left)
    for problem in found if standard is None else ():
        about_gone = isinstance(problem.value, str) and problem.value.partition(":")[0] in gone
        if problem.code not in _WHOLE and not about_gone:
            yield _renumbered(_read(problem, left), raw)


def _element(where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The innermost table of a list that the path leads into."""
    for end in range(len(where), 1, -1):
        if isinstance(where[end - 1], int) and where[end - 2] in _ELEMENTS:
            return where[:end]
    return ()


def _without(raw: Any, places: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> tuple[Any, set[str]]:
    """The data less the tables at `places`, and the ids that went with them."""
    gone: set[str] = set()
    if isinstance(raw, Mapping):
        kept: Any = {}
        for key, part in raw.items():
            kept[key], inner = _without(part, places, (*path, key))
            gone |= inner
        return kept, gone
    if not isinstance(raw, list):
        return raw, gone
    kept = []
    for index, part in enumerate(raw):
        inner_part, inner = _without(part, places, (*path, index))
        gone |= inner
        if (*path, index) in places:
            gone |= set(_ids(part))
        else:
            kept.append(inner_part)
    return kept, gone


def _ids(raw: Any) -> Iterator[str]:
    if isinstance(raw, Mapping):
        if isinstance(raw.get("id"), str):
            yield raw["id"]
        for part in raw.values():
            yield from _ids(part)
    elif isinstance(raw, list):
        for part in raw:
            yield from _ids(part)


_LABEL = re.compile(r'(\w+)\[\d+\] "(.+)"')


def _renumbered(problem: Problem, raw: dict[str, Any]) -> Problem:
    """The place as the whole file counts it."""
    import attrs

    from civrules.model.soundness import label

    found = _LABEL.fullmatch(str(problem.where[0])) if problem.where else None
    if found is None:
        return problem
    tables = raw.get(found[1], [])
    index = next(
        (place for place, table in enumerate(tables) if isinstance(table, Mapping) and table.get("id") == found[2]), 0
    )
    return attrs.evolve(problem, where=(label(found[1], index, found[2]), *problem.where[1:]))

"""What a failed structuring holds: every problem, and its place as people read it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from cattrs import AttributeValidationNote, BaseValidationError, ForbiddenExtraKeysError, IterableValidationNote

from civrules.errors import CivrulesError, InvalidDocument, Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.soundness import label
from civrules.model.standard import RESTING, Standard

KEYS: Mapping[str, str] = {
    "sections": "section", "grades": "grade", "gates": "gate", "readings": "reading", "parameters": "parameter",
    "bodies": "body", "references": "reference", "honours": "honour", "sets": "set", "procedures": "procedure",
    "rankings": "ranking", "outcomes": "outcome", "goals": "goal", "phases": "phase", "tasks": "task",
}  # fmt: skip
"""Attributes that documents call by another name: the table of a list is in the singular."""

LATER: Mapping[str, tuple[str, ...]] = {
    "Standard": ("traced",),
    "Section": ("rescale", "not_applicable", "tags"),
}  # fmt: skip
"""Keys of the format that this version does not take; they are refused by name, never passed over."""

_LABEL = re.compile(r'\w+(\[[0-9]+\]( ".*")?| ".*")', re.DOTALL)
"""A step that says already which table of a list is meant."""

_BESIDE = ("origin", "rounding", "table", *KEYS.values())
"""What does not stand in [standard]: the tables beside it, and what no document says."""

_CHILDREN = ""
"""The step to what a section holds: which key it is, what is held says itself."""


class Misshapen(InvalidDocument):
    """The tables do not have the form of the model; whether they fit together was not looked at."""


def problems_in(error: BaseException, raw: Any, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Every problem that a failed structuring holds; `where` is the raw path: keys and places from 0."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from problems_in(inner, raw, (*path, *_step(inner)))
    elif isinstance(error, ForbiddenExtraKeysError):
        yield from _extra(error, _named(path))
    elif isinstance(error, CivrulesError):
        yield from error.within(*_named(path))
    elif isinstance(error, KeyError):
        yield Problem("missing-key", _named(path[:-1]), None, str(error.args[0]))
    else:
        yield Problem("wrong-type", _named(path), None, str(error))


def _named(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path without steps that what is held says itself."""
    return tuple(step for step in path if step != _CHILDREN)


def _step(error: BaseException) -> tuple[str | int, ...]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote) and note.name == "children":
            return (_CHILDREN,)
        if isinstance(note, AttributeValidationNote):
            return (KEYS.get(note.name, note.name),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def _extra(error: ForbiddenExtraKeysError, path: tuple[str | int, ...]) -> Iterator[Problem]:
    names = [KEYS.get(field.name, field.name) for field in attrs.fields(error.cl)]
    known = [key for name in names for key in (("section", "criterion") if name == "children" else (name,))]
    if error.cl in (Standard, Campaign):
        resting = RESTING if error.cl is Standard else ("uses",)
        known = [*(key for key in known if key not in _BESIDE), *resting]
    later = LATER.get(error.cl.__name__, ())
    for key in sorted(error.extra_fields):
        if key in later:
            yield Problem("unsupported", path, key, ", ".join(known))
        elif error.cl is Campaign and key == "extends":
            yield Problem("campaign-tailored", path, key)
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

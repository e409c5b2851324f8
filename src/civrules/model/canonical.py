"""The canonical form of a value, and its digest: the same text from the same value, on every machine.

Fields as JSON in UTF-8, keys sorted, no spaces; fields equal to their default left out; figures as text without
exponent or trailing zeros; days as ISO 8601; lists in their order, sets sorted by their own canonical form.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from civrules.model.figures import plain

FORMAT = "civrules/1"
"""Stands before every digested text; a changed default is a new format number."""
STANDS_FOR = "stands for"
"""Key of a field's metadata: the word that its default means, so that saying the word makes no other text."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """The value as canonical JSON text.

    >>> from civrules.model.text import Text
    >>> canonical(Text(en="Flag"))
    '{"en":"Flag"}'
    """
    return _ENCODER.encode(data(value))


def digest(value: object) -> str:
    """SHA-256 of the format's name, a line feed and the canonical text, as 64 hex digits."""
    return hashlib.sha256(f"{FORMAT}\n{canonical(value)}".encode()).hexdigest()


def data(value: object) -> Any:
    """The value as plain data: dict, list, text, whole number, bool or None."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal | Fraction):
        return value if isinstance(value, int) else plain(value)
    if isinstance(value, float):
        return plain(Decimal(float.__repr__(value)))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): data(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [data(part) for part in value]
    if isinstance(value, frozenset | set):
        return sorted((data(part) for part in value), key=canonical)
    if attrs.has(type(value)):
        return fields_of(value)
    return str(value)


def fields_of(value: Any, *, but: str | None = None) -> dict[str, Any]:
    """The fields of an attrs value that say more than their default, as plain data; all `but` one."""
    kind = getattr(type(value), "kind", None)
    fields = {"kind": kind} if isinstance(kind, str) else {}
    for name, unsaid in _written_fields(value.__class__):
        part = getattr(value, name)
        if name != but and part not in unsaid:
            fields[name] = data(part)
    return fields


@lru_cache(maxsize=1024)
def _written_fields(kind: Any) -> tuple[tuple[str, tuple[object, object]], ...]:
    """The fields of a class that are written, each with what need not be."""
    fields = [field for field in attrs.fields(kind) if field.eq and field.name[0] != "_"]
    defaults = [default_of(field) for field in fields]
    return tuple(
        (field.name, (default, field.metadata.get(STANDS_FOR, default)))
        for field, default in zip(fields, defaults, strict=True)
    )


def default_of(field: Any) -> object:
    """What an attrs field is where nothing was said; attrs.NOTHING where something must be."""
    default = field.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]  # a class at run time

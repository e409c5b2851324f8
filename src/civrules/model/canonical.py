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
from typing import Any

import attrs

from civrules.model.figures import plain

FORMAT = "civrules/1"
"""Stands before every digested text; a changed default is a new format number."""


def canonical(value: object) -> str:
    """The value as canonical JSON text.

    >>> from civrules.model.text import Text
    >>> canonical(Text(en="Flag"))
    '{"en":"Flag"}'
    """
    return json.dumps(data(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
        return _fields(value)
    return str(value)


def _fields(value: Any) -> dict[str, Any]:
    kind = getattr(type(value), "kind", None)
    fields = {"kind": kind} if isinstance(kind, str) else {}
    for field in attrs.fields(type(value)):
        part = getattr(value, field.name)
        if field.eq and field.name[0] != "_" and part != default_of(field):
            fields[field.name] = data(part)
    return fields


def default_of(field: Any) -> object:
    """What an attrs field is where nothing was said; attrs.NOTHING where something must be."""
    default = field.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]  # a class at run time

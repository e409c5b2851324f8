"""What show says of a standard and of a campaign alike: values as documents write them, parameters and bodies."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs

from civrules import Campaign, Standard
from civrules.cli.output import Row

Part: TypeAlias = tuple[str, Sequence[str], list[Row]]
"""The name of a table in JSON, its columns and its rows."""

_PARAMETERS = ("parameter", "title", "unit", "between", "value")
_BODIES = ("body", "title", "attribute", "part_of", "posts")


def shared_parts(document: Standard | Campaign, lang: Any) -> list[Part]:
    """What the host sets, and who is responsible."""
    return [
        ("parameters", _PARAMETERS, _parameters(document, lang)),
        ("bodies", _BODIES, _bodies(document, lang)),
    ]


def _parameters(document: Standard | Campaign, lang: Any) -> list[Row]:
    return [
        [
            one.id,
            one.title.in_(lang),
            one.unit,
            list(map(str, one.between or ())),
            filled(document.settings.get(one.id)),
        ]
        for one in document.parameters
    ]


def _bodies(document: Standard | Campaign, lang: Any) -> list[Row]:
    return [
        [one.id, one.title.in_(lang), one.attribute, one.part_of, [post.id for post in one.posts]]
        for one in document.bodies
    ]


def filled(value: Any) -> str | None:
    """A value as a document writes it; None where nothing is written."""
    return None if value is None else written(value)


def written(value: Any) -> str:
    """A value as a document writes it; of a parameter its name in braces."""
    if isinstance(value, tuple):
        return ", ".join(map(written, value))
    if attrs.has(type(value)):
        return f"{{{getattr(value, 'parameter', None) or getattr(value, 'event', value)}}}"
    return str(value)

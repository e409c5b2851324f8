"""Source: where a rule comes from."""

from typing import Any, Literal, TypeAlias

import attrs


@attrs.frozen(kw_only=True)
class Source:
    """Where a rule comes from.

    `document` is the name of the text. `clause` is the label as printed. `id` is a stable name of our own for the
    place. `provenance` is "reference" where the document leaves the figure open and we chose it.
    """

    document: str | None = None
    clause: str | None = None
    id: str | None = None
    provenance: Literal["published", "reference"] = "published"


Sources: TypeAlias = tuple[Source, ...]


def one_or_many(value: Any) -> tuple[Any, ...]:
    """A list as it is, one thing as a list of one, nothing as an empty list."""
    return tuple(value) if isinstance(value, list | tuple) else () if value is None else (value,)


def takes_one(field: "attrs.Attribute[Any]") -> bool:
    """Whether one thing will do where the field holds a list."""
    converter: object = field.converter
    return converter is one_or_many

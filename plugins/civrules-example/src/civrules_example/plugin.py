"""What this distribution gives to a rulebook."""

from typing import TYPE_CHECKING

import civrules


@civrules.hookimpl
def civrules_standards() -> list[civrules.Documents]:
    """The standards in the folder beside this file."""
    return [civrules.documents(__package__, "standards")]


if TYPE_CHECKING:
    from civrules_example import plugin  # noqa: PLW0406  # a type checker compares this module with the hooks

    typed: civrules.StandardsPlugin = plugin

"""What this distribution gives to a rulebook."""

import civrules


@civrules.hookimpl
def civrules_standards() -> list[civrules.Documents]:
    """The standards in the folder beside this file."""
    return [civrules.documents(__package__, "standards")]


@civrules.hookimpl
def civrules_campaigns() -> list[civrules.Documents]:
    """The campaigns in the folder beside this file."""
    return [civrules.documents(__package__, "campaigns")]

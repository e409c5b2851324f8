"""The standards on which mutants are caught: those of the plugins, and two of what these do not use."""

from pathlib import Path

from civrules import Rulebook, Standard, load

OWN = tuple(Path(__file__).with_name(name) for name in ("constructs.toml", "policies.toml"))
PLUGINS = ("example", "residential", "hygiene")


def standards() -> dict[str, Standard]:
    """The standards by id."""
    book = Rulebook.installed(only=PLUGINS)
    return {one.id: one for one in (*book.standards(), *map(load, OWN))}

"""The standards on which mutants are caught: those of the plugins, and one of what these do not use."""

from pathlib import Path

from civrules import Rulebook, Standard, load

CONSTRUCTS = Path(__file__).with_name("constructs.toml")
PLUGINS = ("example", "residential", "hygiene")


def standards() -> dict[str, Standard]:
    """The standards by id."""
    book = Rulebook.installed(only=PLUGINS)
    return {one.id: one for one in (*book.standards(), load(CONSTRUCTS))}

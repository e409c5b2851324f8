"""A new plugin distribution, as text: what `civrules new` writes."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from string import Template

from civrules.errors import InvalidDocument, InvalidInput, Problem
from civrules.model.identity import check_id

_NAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*", re.ASCII | re.IGNORECASE)
_GRAMMAR = "a letter, then letters, digits and single . _ -, ending in none of these; no word of Python's"
_SUFFIX = ".template"
_IN_PATHS = {"civrules_module": "civrules_$module", "document.toml": "$name.toml"}
"""What files and folders of the templates become; the rest are called what they are."""


def new_distribution(name: str, /) -> Mapping[str, str]:
    """The files of a new plugin called `name`: their paths within the folder civrules-NAME, and what they hold.

    It is an id that can name a distribution and a module too: a letter, then letters, digits and single `.`, `_`, `-`.
    Raises InvalidInput where it is not.

    >>> sorted(new_distribution("green-belt"))[0:3]
    ['README.md', 'pyproject.toml', 'src/civrules_green_belt/__init__.py']
    """
    words = {"name": name, "module": _module(name)}
    return {path: Template(text).substitute(words) for path, text in _templates(words)}


def _module(name: str) -> str:
    """What stands for the name in a module's. Raises InvalidInput."""
    try:
        check_id(name)
    except InvalidDocument as error:
        raise InvalidInput(error.problems) from None
    module = re.sub(r"[.-]", "_", name)
    if not _NAME.fullmatch(name) or iskeyword(module):
        raise InvalidInput(Problem("bad-name", (), name, _GRAMMAR))
    return module


def _templates(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The path and the text of every template."""
    for path, file in _walk(files("civrules.authoring") / "distribution", ()):
        steps = (Template(_IN_PATHS.get(step, step)).substitute(words) for step in path)
        yield "/".join(steps), file.read_text(encoding="utf-8")


def _walk(folder: Traversable, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _walk(one, (*above, one.name))
        elif one.name.endswith(_SUFFIX):
            yield (*above, one.name.removesuffix(_SUFFIX)), one

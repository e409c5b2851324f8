"""Registered: a plugin as a book has it, with the standards that it supplies."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, Self

import attrs

from civrules import Community, Plugin, Problem, Rulebook, Standard
from civrules.rulebook.discovery import GROUP
from civrules.testing.subject import Subject


@attrs.frozen(eq=False)
class Registered:
    """A plugin under test: what was handed in, the book that has it, and how another such book is made."""

    plugin: Plugin
    made: object | None
    """The module or object with the hooks; None where it was named and could not be imported."""
    again: Callable[[], Rulebook]
    book: Rulebook
    named: bool
    """Whether it was found by its entry point, so that its standards begin with its name."""

    @classmethod
    def of(cls, plugin: object) -> Self:
        """A plugin by the name of its entry point, or the module or object itself, which may be installed too."""
        name = plugin if isinstance(plugin, str) else _entry_point(plugin)
        if name is None:
            book = Rulebook([plugin])
            found = book.plugins[0]
            version = getattr(plugin, "__version__", None) or getattr(plugin, "version", None)
            about = Plugin(found.name, None, None if version is None else str(version))
            return cls(about, plugin, lambda: Rulebook([plugin]), book, named=False)
        book = Rulebook.installed()
        about = next((one for one in book.plugins if one.name == name), Plugin(name))
        if about not in book.plugins:
            book = Rulebook.installed(only=[name])
        return cls(about, _loaded(name, plugin), Rulebook.installed, book, named=True)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with it."""
        found = self.book.problems
        return tuple(one for one in found if one.where[:1] == (self.plugin.name,)) if self.named else found

    @property
    def standards(self) -> tuple[Standard, ...]:
        """The standards that it supplies."""
        return self.standards_in(self.book)

    def standards_in(self, book: Rulebook) -> tuple[Standard, ...]:
        """The standards that it supplies to a book."""
        prefix = f"{self.plugin.name}/" if self.named else ""
        return tuple(one for one in book.standards() if one.id.startswith(prefix))

    def subject(self, standard: Standard, communities: tuple[Community, ...] | None) -> Subject:
        """One of its standards, to be tested with these communities or with those that the kit makes."""
        return Subject(self.plugin, self.book, standard, communities)

    @property
    def module(self) -> str | None:
        """The module to import in another process; None where the plugin is no module that has a file."""
        made = self.made
        return made.__name__ if isinstance(made, ModuleType) and getattr(made, "__spec__", None) is not None else None


def _points() -> list[Any]:
    from importlib.metadata import entry_points

    return list(entry_points(group=GROUP))


def _entry_point(plugin: object) -> str | None:
    """The name by which a module is installed; None where it is not."""
    if not isinstance(plugin, ModuleType):
        return None
    return next((one.name for one in _points() if one.value == plugin.__name__), None)


def _loaded(name: str, plugin: object) -> object | None:
    if not isinstance(plugin, str):
        return plugin
    for point in _points():
        if point.name == name:
            try:
                return point.load()  # type: ignore[no-any-return]  # whatever it leads to
            except (Exception, SystemExit):  # noqa: BLE001  # the book has the problem
                return None
    return None

"""Plugin: who supplies standards, and what was supplied."""

from collections.abc import Iterable

import attrs

from civrules.errors import InvalidDocument, Problem
from civrules.model.standard import Standard
from civrules.rulebook.documents import Documents


@attrs.frozen
class Plugin:
    """One plugin of a book: its name is the entry point's, and the first part of its standards' ids."""

    name: str
    distribution: str | None = None
    version: str | None = None


@attrs.frozen
class Supplied:
    """What one plugin gave the book: folders and finished standards, or the problems that kept it from giving them."""

    plugin: Plugin
    named: bool
    """Found by its entry point, so that its standards begin with its name."""
    parts: tuple[Documents | Standard, ...] = ()
    problems: tuple[Problem, ...] = ()

    def where(self) -> tuple[str, ...]:
        """Plugin, distribution and version, as problems name them."""
        from_where = f"{self.plugin.distribution} {self.plugin.version}" if self.plugin.distribution else ""
        return (self.plugin.name, from_where) if from_where else (self.plugin.name,)


@attrs.frozen
class Shelf:
    """A plugin's standards once read, and the problems of those that could not be read."""

    standards: tuple[Standard, ...]
    problems: tuple[Problem, ...]


def read(supplied: Supplied) -> Shelf:
    """Read all that the plugin supplied; what is broken becomes problems, the rest stays."""
    from civrules.authoring.documents import load

    standards: list[Standard] = []
    problems = list(supplied.problems)
    for part in supplied.parts:
        for source in _sources(part):
            try:
                standard = source if isinstance(source, Standard) else load(source)  # type: ignore[arg-type]  # a resource
            except InvalidDocument as error:
                problems += error.within(*supplied.where())
                continue
            problem = _foreign(supplied, standard)
            if problem is None:
                standards.append(standard)
            else:
                problems.append(problem)
    return Shelf(tuple(standards), tuple(problems))


def _sources(part: Documents | Standard) -> Iterable[object]:
    if isinstance(part, Standard):
        return (part,)
    try:
        return part.files()
    except OSError:
        return (part.folder,)


def _foreign(supplied: Supplied, standard: Standard) -> Problem | None:
    prefix = f"{supplied.plugin.name}/"
    if not supplied.named or standard.id.startswith(prefix):
        return None
    return Problem("plugin-foreign-id", supplied.where(), standard.id, prefix)

"""Plugin: who supplies standards, and what was supplied."""

from collections.abc import Iterable
from typing import Any

import attrs

from civrules.authoring.documents import Draft, draft
from civrules.errors import InvalidDocument, Problem
from civrules.model.campaign import Campaign
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
    parts: tuple[Documents | Standard | Campaign, ...] = ()
    problems: tuple[Problem, ...] = ()

    def where(self) -> tuple[str, ...]:
        """Plugin, distribution and version, as problems name them."""
        from_where = f"{self.plugin.distribution} {self.plugin.version}" if self.plugin.distribution else ""
        return (self.plugin.name, from_where) if from_where else (self.plugin.name,)


@attrs.frozen(eq=False)
class Entry:
    """A standard or campaign on the shelf, or the draft of one."""

    supplied: Supplied
    content: Draft | Standard | Campaign

    @property
    def is_campaign(self) -> bool:
        """Whether it is a campaign, or the draft of one."""
        return self.content.is_campaign if isinstance(self.content, Draft) else isinstance(self.content, Campaign)

    @property
    def id(self) -> str:
        """Its id; "" where a draft has none."""
        return self.content.id

    @property
    def edition(self) -> str:
        """Its id and version."""
        return self.content.edition

    def named(self, name: str) -> bool:
        """Whether an id or an edition names it."""
        return name in (self.id, self.edition)

    @property
    def foreign(self) -> Problem | None:
        """That it does not begin with the name of its plugin, where it must."""
        prefix = f"{self.supplied.plugin.name}/"
        if not self.supplied.named or self.id.startswith(prefix):
            return None
        return Problem("plugin-foreign-id", self.supplied.where(), self.id, prefix)


@attrs.frozen
class Shelf:
    """A plugin's documents once read, and the problems of those that could not be read."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def read(supplied: Supplied) -> Shelf:
    """Read all that the plugin supplied; what is broken becomes problems, the rest stays."""
    entries: list[Entry] = []
    problems = list(supplied.problems)
    for part in supplied.parts:
        for source in _sources(part):
            try:
                finished = isinstance(source, Standard | Campaign)
                entries.append(Entry(supplied, source if finished else draft(source)))
            except InvalidDocument as error:
                problems += error.within(*supplied.where())
    return Shelf(tuple(entries), tuple(problems))


def _sources(part: Documents | Standard | Campaign) -> Iterable[Any]:
    if isinstance(part, Standard | Campaign):
        return (part,)
    try:
        return part.files()
    except OSError:
        return (part.folder,)

"""Plugin: who supplies standards, and what was supplied."""

from collections.abc import Iterable
from typing import Any

import attrs

from civrules.authoring.documents import Draft, draft
from civrules.errors import InvalidDocument, Problem
from civrules.model.campaign import Campaign
from civrules.model.measures import BUILT_IN, Kind
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
    measures: tuple[type[Any], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of measure that it supplies."""
        return tuple(Kind(str(one.kind), one, self._by(one)) for one in self.measures)

    def _by(self, measure: type[Any]) -> str:
        version = self.plugin.version or getattr(measure, "version", "")
        return f"{self.plugin.name} {version}".strip()

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


def kinds_of(every: Iterable[Supplied]) -> tuple[tuple[Kind, ...], tuple[Problem, ...]]:
    """The kinds of measure that all plugins supply, and the problems of those that two supply, or that are built in."""
    by_name: dict[str, list[tuple[Kind, tuple[str, ...]]]] = {name: [] for name in BUILT_IN}
    for supplied in every:
        for kind in supplied.kinds:
            by_name.setdefault(kind.name, []).append((kind, supplied.where()))
    single = [found[0][0] for name, found in sorted(by_name.items()) if len(found) == 1 and name not in BUILT_IN]
    problems = []
    for name, found in sorted(by_name.items()):
        places = [*(["civrules"] if name in BUILT_IN else []), *(" ".join(place) for _, place in found)]
        if len(places) > 1:
            where = found[0][1] if len({place for _, place in found}) == 1 else ()
            problems.append(Problem("duplicate-measure", where, name, ", ".join(places)))
    return tuple(single), tuple(problems)


def read(supplied: Supplied, kinds: tuple[Kind, ...]) -> Shelf:
    """Read all that the plugin supplied, with these measures; what is broken becomes problems, the rest stays."""
    entries: list[Entry] = []
    problems = list(supplied.problems)
    for part in supplied.parts:
        for source in _sources(part):
            try:
                finished = isinstance(source, Standard | Campaign)
                entries.append(Entry(supplied, source if finished else draft(source, kinds)))
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

"""Rulebook: everything that a set of plugins supplies, frozen."""

import threading
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from os import PathLike
from typing import Any, Self, TypeVar

from civrules.authoring.documents import Draft, draft
from civrules.authoring.tailoring import AnyDocument, Find
from civrules.errors import CivrulesError, InvalidDocument, Problem, StandardUnavailable, listed, nearest
from civrules.model.calendar import Calendar
from civrules.model.campaign import Campaign
from civrules.model.community import Community, check_locality, contains
from civrules.model.days import Period
from civrules.model.difference import Difference
from civrules.model.observation import Seen
from civrules.model.standard import Standard
from civrules.model.waiver import Waiver
from civrules.review.editions import edition_problems
from civrules.rulebook import discovery
from civrules.rulebook.plugin import Entry, Plugin, Shelf, Supplied, kinds_of, read
from civrules.rulebook.resting import chain_problems, picked
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.program import Program
from civrules.scoring.record import replay
from civrules.scoring.recorded import Record

D = TypeVar("D", Standard, Campaign)
MOST_CAUSES = 20
"""Of a parent that was refused a child repeats so many problems."""


class Rulebook:
    """Everything a set of plugins supplies, frozen. Two books never meet; share one between threads.

    `plugins` are modules or objects with hooks, or finished standards and campaigns. Each plugin's hooks are called
    once, here; its documents are read when one of them is first asked for. A broken plugin becomes `problems`, unless
    `strict`.
    """

    def __init__(self, plugins: Iterable[object] = (), *, strict: bool = False) -> None:
        given = list(plugins)
        finished = [one for one in given if isinstance(one, Standard | Campaign)]
        supplied = discovery.given(one for one in given if not isinstance(one, Standard | Campaign))
        if finished:
            supplied = (*supplied, Supplied(Plugin("given"), False, tuple(finished)))
        self._begin(supplied, strict=strict)

    @classmethod
    def installed(cls, *, only: Iterable[str] | None = None, block: Iterable[str] = (), strict: bool = False) -> Self:
        """The plugins of the entry-point group "civrules"; `strict` raises their problems together."""
        book = cls.__new__(cls)
        book._begin(discovery.installed(None if only is None else frozenset(only), frozenset(block)), strict=strict)
        return book

    def _begin(self, supplied: tuple[Supplied, ...], *, strict: bool) -> None:
        self._supplied = tuple(sorted(supplied, key=lambda one: one.plugin.name))
        self._kinds, self._twice = kinds_of(self._supplied)
        self._lock = threading.RLock()
        self._shelves: dict[str, Shelf] = {}
        self._made: dict[Entry, AnyDocument | tuple[Problem, ...]] = {}
        self._programs: dict[str, Program] = {}
        if strict and self.problems:
            raise CivrulesError(self.problems)

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins of the book, by name; broken ones too."""
        return tuple(one.plugin for one in self._supplied)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with plugins and their editions; reads every document once."""
        found = [problem for one in self._supplied for problem in self._problems(one)]
        standards, campaigns = self._every(Standard), self._every(Campaign)
        every: list[tuple[Supplied, AnyDocument]] = [*standards, *campaigns]
        seams = (
            *edition_problems(one for _, one in standards),
            *edition_problems(one for _, one in campaigns),
        )
        shared = (problem for problem in self._twice if not problem.where)
        return (*shared, *found, *_doubles(every), *seams)

    def _problems(self, supplied: Supplied) -> Iterator[Problem]:
        """What is wrong with a plugin and its documents."""
        shelf = self._shelf(supplied)
        yield from (problem for problem in self._twice if problem.where == supplied.where())
        yield from shelf.problems
        for entry in shelf.entries:
            made = self._make(entry)
            yield from made if isinstance(made, tuple) else ()

    def _shelf(self, supplied: Supplied) -> Shelf:
        name = supplied.plugin.name
        if name not in self._shelves:
            with self._lock:
                if name not in self._shelves:
                    self._shelves[name] = read(supplied, self._kinds)
        return self._shelves[name]

    def _make(self, entry: Entry) -> AnyDocument | tuple[Problem, ...]:
        """The standard or campaign of an entry, made once; or why there is none."""
        if entry not in self._made:
            with self._lock:
                if entry not in self._made:
                    self._made[entry] = self._document_of(entry)
        return self._made[entry]

    def _document_of(self, entry: Entry) -> AnyDocument | tuple[Problem, ...]:
        content = entry.content
        try:
            made = content.document(self._finder(content)) if isinstance(content, Draft) else content
        except InvalidDocument as error:
            return error.within(*entry.supplied.where())
        return (entry.foreign,) if entry.foreign is not None else made

    def _finder(self, draft: Draft) -> Find:
        """How a draft finds what it rests on."""

        def find(key: str, name: str) -> AnyDocument:
            found = list(chain_problems(draft, self._named))
            if found:
                raise StandardUnavailable(problem for edge, problem in found if edge == (key, name))
            return self._found(name, draft.days[0])

        return find

    def _found(self, name: str, day: date | None) -> AnyDocument:
        """What a document names as its parent, or as one that it uses. Raises StandardUnavailable, with the cause."""
        entries = picked(self._named(name), name, day)
        if not entries:
            raise StandardUnavailable(self._absent(name))
        if len(entries) > 1:
            places = ", ".join(" ".join(one.supplied.where()) for one in entries)
            raise StandardUnavailable(Problem("duplicate-edition", (), entries[0].edition, places))
        made = self._make(entries[0])
        if not isinstance(made, tuple):
            return made
        raise StandardUnavailable((Problem("standard-refused", (), entries[0].edition), *made[:MOST_CAUSES]))

    def _named(self, name: str) -> list[Entry]:
        """The entries of an id or an edition; no other plugin's shelf is read for it."""
        return [entry for entry in self._entries(name) if entry.named(name) and entry.foreign is None]

    def _entries(self, name: str) -> Iterator[Entry]:
        """What lies on the shelves that may hold a name: that of its plugin, and those of plugins given by hand."""
        plugin = name.partition("/")[0].lower()
        for supplied in self._supplied:
            if not supplied.named or supplied.plugin.name.lower() == plugin:
                yield from self._shelf(supplied).entries

    def _absent(self, name: str) -> tuple[Problem, ...]:
        """That a name is no entry's, and what is wrong with the plugin that it begins with."""
        plugin = name.partition("/")[0]
        known = sorted({entry.edition for one in self._supplied for entry in self._shelf(one).entries})
        broken = [one for one in self._supplied if one.plugin.name == plugin]
        causes = [problem for one in broken for problem in self._shelf(one).problems]
        return (Problem("unknown-standard", (), name, listed(known), nearest(name, known)), *causes[:MOST_CAUSES])

    def _every(self, kind: type[D]) -> list[tuple[Supplied, D]]:
        entries = (
            (one, entry)
            for one in self._supplied
            for entry in self._shelf(one).entries
            if entry.is_campaign is (kind is Campaign)
        )
        every = ((one, self._make(entry)) for one, entry in entries)
        return [(one, made) for one, made in every if isinstance(made, kind)]

    def standards(
        self, *, kind: str | None = None, locality: str | None = None, on: date | None = None
    ) -> tuple[Standard, ...]:
        """Those for this kind and place and in force that day, nearest locality first, then by id and version."""
        return self._suiting(Standard, kind, locality, on)

    def campaigns(
        self, *, kind: str | None = None, locality: str | None = None, on: date | None = None
    ) -> tuple[Campaign, ...]:
        """Those for this kind and place and in force that day, nearest locality first, then by id and version."""
        return self._suiting(Campaign, kind, locality, on)

    def _suiting(self, wanted: type[D], kind: str | None, locality: str | None, on: date | None) -> tuple[D, ...]:
        place = check_locality(locality, "locality") if locality is not None else None
        every = self._every(wanted)
        twice = {problem.value for problem in _doubles(every)}
        found = [
            one
            for _, one in every
            if one.edition.lower() not in twice
            and (kind is None or kind in one.kinds)
            and (place is None or one.locality is None or contains(one.locality, place))
            and (on is None or on in one.effective)
        ]
        return tuple(sorted(found, key=lambda one: (-len(one.locality or "") if place else 0, one.id, one.version)))

    def standard(self, id: str, /, *, on: date | None = None) -> Standard:
        """The edition in force on a day, or "plugin/name@version" itself; without a day the only edition.

        Raises StandardUnavailable where there is none, where several are left, or where its plugin is broken.
        """
        return self._edition(Standard, id, on)

    def campaign(self, id: str, /, *, on: date | None = None) -> Campaign:
        """The edition of a campaign, as `standard` finds a standard's. Raises StandardUnavailable."""
        return self._edition(Campaign, id, on)

    def _edition(self, wanted: type[D], id: str, on: date | None) -> D:
        name, _, version = id.partition("@")
        same = self._of(wanted, name)
        editions = [one for _, one in same if one.id == name and version in ("", one.version)]
        if not editions:
            raise StandardUnavailable(self._unknown(wanted, id))
        choice = ", ".join(f"{one.edition} {one.effective}" for one in editions)
        if not version and on is not None:
            editions = [one for one in editions if on in one.effective]
        if not editions:
            raise StandardUnavailable(Problem("not-in-force", (), name, str(on), choice))
        if len({one.edition for one in editions}) > 1:
            raise StandardUnavailable(Problem("several-editions", (), name, choice))
        twice = [problem for problem in _doubles(same) if problem.value == editions[0].edition.lower()]
        if twice:
            raise StandardUnavailable(twice)
        return editions[0]

    def _of(self, wanted: type[D], name: str) -> list[tuple[Supplied, D]]:
        """The editions of an id, in any case of its letters."""
        entries = [
            one for one in self._entries(name)
            if one.id.lower() == name.lower() and one.is_campaign is (wanted is Campaign)
        ]  # fmt: skip
        made = [(entry.supplied, self._make(entry)) for entry in entries]
        return [(supplied, document) for supplied, document in made if isinstance(document, wanted)]

    def _unknown(self, wanted: type[D], id: str) -> tuple[Problem, ...]:
        plugin = id.partition("/")[0]
        named = [one for one in self._supplied if one.plugin.name == plugin]
        broken: list[Problem] = [problem for one in named for problem in self._problems(one)]
        ids = sorted({document.id for _, document in self._every(wanted)})
        code = "unknown-standard" if wanted is Standard else "unknown-campaign"
        here = Problem(code, (), id, listed(ids), nearest(id.partition("@")[0], ids))
        return (here, *broken)

    def load(self, source: str | PathLike[str] | Traversable, /) -> Standard:
        """Read a document that is no plugin's; it may extend and use this book's standards.

        Raises InvalidDocument with every problem of the file.
        """
        loose = draft(source, self._kinds)
        with self._lock:
            return loose.standard(self._finder(loose))

    def load_campaign(self, source: str | PathLike[str] | Traversable, /) -> Campaign:
        """Read a campaign that is no plugin's; it may use this book's documents.

        Raises InvalidDocument with every problem of the file.
        """
        loose = draft(source, self._kinds)
        with self._lock:
            return loose.campaign(self._finder(loose))

    def schema(self) -> dict[str, Any]:
        """`civrules.schema` of documents that may name the kinds of measure of this book's plugins too."""
        from civrules.review.schema import standard_schema

        return standard_schema(self._kinds)

    def program(self, standard: Standard | str, /, *, on: date | None = None) -> Program:
        """The program of a standard, compiled once and kept by the book."""
        found = self.standard(standard, on=on) if isinstance(standard, str) else standard
        program = self._programs.get(found.digest)
        if program is None:
            with self._lock:
                program = self._programs.setdefault(found.digest, Program(found))
        return program

    def replay(self, record: str, /) -> tuple[Difference, ...]:
        """`civrules.replay` with the record's own edition from this book."""
        return replay(record, self.standard(Record.of(record).edition))

    def evaluate(
        self, standard: Standard | str, community: Community, observations: Seen, *, on: date | None = None,
        period: Period | None = None,
        waivers: Iterable[Waiver] = (),
        previous: Evaluation | None = None,
        calendar: Calendar | None = None,
    ) -> Evaluation:  # fmt: skip
        """Pick the edition (on: the day given, else the period's last) and score. Pure: no clock, no I/O, no hook.

        Raises StandardUnavailable, or InvalidInput with every problem of the call.
        """
        day = on if on is not None else period.last if period is not None else None
        return self.program(standard, on=day).evaluate(
            community, observations, on=on, period=period, waivers=waivers, previous=previous, calendar=calendar
        )


def _doubles(documents: Iterable[tuple[Supplied, AnyDocument]]) -> Iterable[Problem]:
    """One edition from two places; upper and lower case are the same."""
    places: dict[str, list[tuple[str, ...]]] = {}
    for supplied, document in documents:
        places.setdefault(document.edition.lower(), []).append(supplied.where())
    for edition, same in sorted(places.items()):
        if len(same) > 1:
            where = same[0] if len(set(same)) == 1 else ()
            yield Problem("duplicate-edition", where, edition, ", ".join(map(" ".join, same)))

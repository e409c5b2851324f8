"""Rulebook: everything that a set of plugins supplies, frozen."""

import threading
from collections.abc import Iterable
from datetime import date
from importlib.resources.abc import Traversable
from os import PathLike
from typing import Self

from civrules.errors import CivrulesError, Problem, StandardUnavailable, listed, nearest
from civrules.model.community import Community, check_locality, contains
from civrules.model.days import Period
from civrules.model.difference import Difference
from civrules.model.observation import Seen
from civrules.model.standard import Standard
from civrules.model.waiver import Waiver
from civrules.review.editions import edition_problems
from civrules.rulebook import discovery
from civrules.rulebook.plugin import Plugin, Shelf, Supplied, read
from civrules.scoring.evaluation import Evaluation
from civrules.scoring.program import Program
from civrules.scoring.record import parsed, replay


class Rulebook:
    """Everything a set of plugins supplies, frozen. Two books never meet; share one between threads.

    `plugins` are modules or objects with hooks, or finished standards. Each plugin's hooks are called once, here; its
    documents are read when a standard of it is first asked for. A broken plugin becomes `problems`, unless `strict`.
    """

    def __init__(self, plugins: Iterable[object] = (), *, strict: bool = False) -> None:
        given = list(plugins)
        standards = [one for one in given if isinstance(one, Standard)]
        supplied = discovery.given(one for one in given if not isinstance(one, Standard))
        if standards:
            supplied = (*supplied, Supplied(Plugin("given"), False, tuple(standards)))
        self._begin(supplied, strict=strict)

    @classmethod
    def installed(cls, *, only: Iterable[str] | None = None, block: Iterable[str] = (), strict: bool = False) -> Self:
        """The plugins of the entry-point group "civrules"; `strict` raises their problems together."""
        book = cls.__new__(cls)
        book._begin(discovery.installed(None if only is None else frozenset(only), frozenset(block)), strict=strict)
        return book

    def _begin(self, supplied: tuple[Supplied, ...], *, strict: bool) -> None:
        self._supplied = tuple(sorted(supplied, key=lambda one: one.plugin.name))
        self._lock = threading.RLock()
        self._shelves: dict[str, Shelf] = {}
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
        found = [problem for one in self._supplied for problem in self._shelf(one).problems]
        every = self._every()
        return (*found, *_doubles(every), *edition_problems(one for _, one in every))

    def _shelf(self, supplied: Supplied) -> Shelf:
        name = supplied.plugin.name
        if name not in self._shelves:
            with self._lock:
                if name not in self._shelves:
                    self._shelves[name] = read(supplied)
        return self._shelves[name]

    def _every(self) -> list[tuple[Supplied, Standard]]:
        return [(one, standard) for one in self._supplied for standard in self._shelf(one).standards]

    def standards(
        self, *, kind: str | None = None, locality: str | None = None, on: date | None = None
    ) -> tuple[Standard, ...]:
        """Those for this kind and place and in force that day, nearest locality first, then by id and version."""
        place = check_locality(locality, "locality") if locality is not None else None
        every = self._every()
        twice = {problem.value for problem in _doubles(every)}
        found = [
            standard
            for _, standard in every
            if standard.edition.lower() not in twice
            and (kind is None or kind in standard.kinds)
            and (place is None or standard.locality is None or contains(standard.locality, place))
            and (on is None or on in standard.effective)
        ]
        return tuple(sorted(found, key=lambda one: (-len(one.locality or "") if place else 0, one.id, one.version)))

    def standard(self, id: str, /, *, on: date | None = None) -> Standard:
        """The edition in force on a day, or "plugin/name@version" itself; without a day the only edition.

        Raises StandardUnavailable where there is none, where several are left, or where its plugin is broken.
        """
        name, _, version = id.partition("@")
        same = self._of(name)
        editions = [one for _, one in same if one.id == name and version in ("", one.version)]
        if not editions:
            raise StandardUnavailable(self._unknown(id))
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

    def _of(self, name: str) -> list[tuple[Supplied, Standard]]:
        """The editions of an id, in any case of its letters.

        Only shelves that may hold it are read: that of the plugin of its name, and those of plugins given by hand.
        """
        plugin = name.partition("/")[0].lower()
        return [
            (supplied, standard)
            for supplied in self._supplied
            if not supplied.named or supplied.plugin.name.lower() == plugin
            for standard in self._shelf(supplied).standards
            if standard.id.lower() == name.lower()
        ]

    def _unknown(self, id: str) -> tuple[Problem, ...]:
        plugin = id.partition("/")[0]
        broken = [
            problem for one in self._supplied if one.plugin.name == plugin for problem in self._shelf(one).problems
        ]
        ids = sorted({standard.id for _, standard in self._every()})
        here = Problem("unknown-standard", (), id, listed(ids), nearest(id.partition("@")[0], ids))
        return (here, *broken)

    def load(self, source: str | PathLike[str] | Traversable, /) -> Standard:
        """Read a document that is no plugin's. Raises InvalidDocument with every problem of the file."""
        from civrules.authoring.documents import load

        return load(source)

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
        edition = parsed(record)["standard"]["edition"]
        return replay(record, self.standard(str(edition)))

    def evaluate(
        self, standard: Standard | str, community: Community, observations: Seen, *, on: date | None = None,
        period: Period | None = None,
        waivers: Iterable[Waiver] = (),
        previous: Evaluation | None = None,
    ) -> Evaluation:  # fmt: skip
        """Pick the edition (on: the day given, else the period's last) and score. Pure: no clock, no I/O, no hook.

        Raises StandardUnavailable, or InvalidInput with every problem of the call.
        """
        day = on if on is not None else period.last if period is not None else None
        return self.program(standard, on=day).evaluate(
            community, observations, on=on, period=period, waivers=waivers, previous=previous
        )


def _doubles(standards: Iterable[tuple[Supplied, Standard]]) -> Iterable[Problem]:
    """One edition from two places; upper and lower case are the same."""
    places: dict[str, list[str]] = {}
    for supplied, standard in standards:
        places.setdefault(standard.edition.lower(), []).append(" ".join(supplied.where()))
    for edition, names in sorted(places.items()):
        if len(names) > 1:
            yield Problem("duplicate-edition", (), edition, ", ".join(names))

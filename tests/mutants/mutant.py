"""Mutant: one thing broken on purpose, and what the kit says of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from types import MappingProxyType
from typing import Any
from unittest import mock

import attrs
from hypothesis import Phase, settings

from civrules import Plugin, Rulebook, Standard
from civrules.testing.conformance import asked
from civrules.testing.invariant import Broken, Invariant
from civrules.testing.invariants import INVARIANTS
from civrules.testing.registered import Registered
from civrules.testing.subject import Subject

SETTINGS = settings(
    max_examples=40, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate]
)
"""Nothing is shrunk: it is asked whether a mutant is caught, not how it reads."""
BY_ID: Mapping[str, Invariant] = MappingProxyType({one.id: one for one in INVARIANTS})
Patch = tuple[Any, str, Callable[[Any], Any]]


@attrs.frozen(kw_only=True)
class EngineMutant:
    """An engine in which one thing is broken; `breaks` is the invariant that has to notice."""

    name: str
    says: str
    breaks: str
    on: str
    """The standard on which it is noticed."""
    patches: tuple[Patch, ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The engine is broken within."""
        with ExitStack() as stack:
            for owner, name, make in self.patches:
                stack.enter_context(mock.patch.object(owner, name, make(vars(owner)[name])))
            yield

    def caught(self, standards: Mapping[str, Standard], invariant: str | None = None) -> str | None:
        """What the invariant says of it; None where it escapes."""
        with self.applied():
            return said(subject_of(standards[self.on]), BY_ID[invariant or self.breaks])


@attrs.frozen(kw_only=True)
class PluginMutant:
    """A plugin in which one thing is broken: the invariant that has to notice, and what follows for others, and why."""

    name: str
    says: str
    breaks: str
    made: Callable[[], object]
    also: Mapping[str, str] = attrs.field(factory=dict)
    around: Callable[[], AbstractContextManager[None]] = nullcontext
    regular: bool = True
    """Whether it does the same each time, so that all that `also` names has to follow."""

    def escapes(self, found: Mapping[str, str]) -> str | None:
        """Why it is not caught as it should be; None where it is."""
        if self.breaks not in found:
            return f"not caught by {self.breaks}"
        more = [name for name in found if name != self.breaks and name not in self.also]
        if more:
            return f"also caught by {', '.join(more)}, which nothing explains"
        fewer = [name for name in self.also if name not in found] if self.regular else []
        return f"not caught by {', '.join(fewer)}, though it should follow" if fewer else None

    def caught(self) -> dict[str, str]:
        """Every invariant that notices, with its words."""
        with self.around():
            return dict(broken(Registered.of(self.made())))


def broken(registered: Registered) -> Iterator[tuple[str, str]]:
    """Every invariant that a plugin breaks, with what is said of it."""
    for invariant in INVARIANTS:
        if invariant.of == "plugin":
            try:
                invariant.check(registered)
            except Broken as found:
                yield invariant.id, str(found)
    for standard in registered.standards:
        subject = registered.subject(standard, None)
        for invariant in INVARIANTS:
            if invariant.of == "standard" and invariant.applies(subject):
                words = said(subject, invariant)
                if words is not None:
                    yield invariant.id, words


def subject_of(standard: Standard) -> Subject:
    """A standard by itself, made again so that nothing of the sound engine is kept with it."""
    again = attrs.evolve(standard)
    return Subject(Plugin("given"), Rulebook([again]), again)


def said(subject: Subject, invariant: Invariant) -> str | None:
    """What an invariant says of a subject; None where it holds."""
    before = settings.default
    settings.register_profile("mutants", SETTINGS)
    settings.load_profile("mutants")
    try:
        asked(subject, invariant)
    except Broken as found:
        return str(found)
    finally:
        settings.register_profile("before", before)
        settings.load_profile("before")
    return None

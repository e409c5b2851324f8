"""Plugins in which one thing is broken."""

import itertools
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import attrs

import civrules
from civrules import NotApplicable, Standard
from civrules.authoring.documents import parsed
from civrules.authoring.new import new_distribution
from civrules.model.measures import Kind
from mutants.mutant import PluginMutant

SOUND = new_distribution("sound")["src/civrules_sound/standards/sound.toml"]
"""The standard that `civrules new` writes, which keeps every promise."""


class Given:
    """A plugin that supplies documents, with kinds of measure of its own."""

    __module__ = "mutants.plugins"

    def __init__(self, text: str, *measures: type[Any]) -> None:
        self.kinds = measures
        self.standard = made(text, *measures)

    @civrules.hookimpl
    def civrules_standards(self) -> list[Standard]:
        """The one standard."""
        return [self.standard]

    @civrules.hookimpl
    def civrules_measures(self) -> list[type[Any]]:
        """Its own kinds."""
        return list(self.kinds)


def made(text: str, *measures: type[Any]) -> Standard:
    """The standard of a document that may use these kinds."""
    kinds = tuple(Kind(one.kind, one, "Given") for one in measures)
    return parsed(text, "mutant", kinds).standard()


def changed(*pairs: tuple[str, str]) -> Callable[[], object]:
    """The sound standard with some text replaced."""

    def make() -> object:
        text = SOUND
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return Given(text)

    return make


def measured(measure: type[Any], table: str = "") -> Callable[[], object]:
    """The sound standard with a plugin's own measure on one line."""
    old = 'measure = { kind = "check" }'
    new = f'measure = {{ kind = "{measure.kind}"{table} }}'
    return lambda: Given(SOUND.replace(old, new), measure)


@attrs.frozen(kw_only=True)
class Own:
    """A measure of whole figures from 0 to 10, a tenth of the points each."""

    kind: ClassVar[str] = "own"
    decimals: ClassVar[int] = 1

    def read(self, value: Any, /) -> Any:
        """The figure."""
        if isinstance(value, NotApplicable):
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 10:
            raise civrules.InvalidInput(civrules.Problem("out-of-range", (), value, "0 … 10"))
        return Fraction(value)

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """A tenth of the points for each."""
        return Fraction(possible or 0) * read / 10

    def reach(self, possible: Decimal | None, /) -> tuple[Any, Any]:
        """From nothing to all."""
        return 0, possible

    def figure(self, read: Any) -> Any:
        """The figure."""
        return read

    def say(self, read: Any, lang: str, /) -> str:
        """The figure in words."""
        return f"{read} of 10" if lang == "en" else f"{read}（满10）"


_COUNT = itertools.count()
_TURNS = itertools.count()


class Sometimes(Own):
    """Every second time it is asked it gives nothing."""

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """All or nothing, in turn."""
        return Fraction(possible or 0) if next(_TURNS) % 2 else 0


class Watching(Own):
    """It looks at the clock."""

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """As it should, after a look at the clock."""
        time.time()
        return super().points(read, possible)


class Raising(Own):
    """It reads nothing at all as a figure, and fails on it."""

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """A share that is not there where nothing was read."""
        return min(Fraction(possible or 0), Fraction(possible or 0) * 10 / read)


class Silent(Own):
    """It has no words in Chinese."""

    def say(self, read: Any, lang: str, /) -> str:
        """Words in English alone."""
        return f"{read} of 10" if lang == "en" else ""


class Boastful(Own):
    """It says that it reaches all of the points, and gives half at most."""

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """A twentieth of the points for each."""
        return Fraction(possible or 0) * read / 20


class Contrary(Own):
    """It says that its points rise with the figure; above 5 they fall."""

    rising: ClassVar[int] = 1

    def points(self, read: Any, possible: Decimal | None, /) -> Any:
        """The most in the middle."""
        return Fraction(possible or 0) * (2 * min(read, 10 - read)) / 10


def _louder(text: str) -> str:
    return f"{text}!"


@attrs.frozen(kw_only=True)
class Lossy(Own):
    """What it is told grows with every reading."""

    word: str = attrs.field(default="a", converter=_louder)


@attrs.frozen(kw_only=True)
class Unpickled(Own):
    """It comes back from a pickle as another."""

    word: str = "a"

    def __reduce__(self) -> Any:
        return _forgotten, ()


def _forgotten() -> Unpickled:
    return Unpickled(word="forgotten")


class Restless:
    """Whenever it is asked it supplies another version."""

    __module__ = "mutants.plugins"

    @civrules.hookimpl
    def civrules_standards(self) -> list[Standard]:
        """One more version."""
        return [attrs.evolve(made(SOUND), version=str(next(_COUNT)))]


class Dated:
    """It looks at the calendar of the day on which it is loaded."""

    __module__ = "mutants.plugins"

    @civrules.hookimpl
    def civrules_standards(self) -> list[Standard]:
        """The standard, after a look at the day."""
        date.today()  # noqa: DTZ011  # that is what is broken
        return [made(SOUND)]


class Failing:
    """Its hook raises."""

    @civrules.hookimpl
    def civrules_standards(self) -> Iterable[Standard]:
        """Nothing."""
        raise RuntimeError("the disk is full")


_HEAVY = """
import civrules
from civrules.authoring.documents import parsed
import cattrs

STANDARD = parsed({text!r}).standard()

@civrules.hookimpl
def civrules_standards():
    return [STANDARD]
"""
_HEAVY_NAME = "civrules_mutant_heavy"


@contextmanager
def heavy_module() -> Iterator[None]:
    """A module that reads its documents while it is imported."""
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{_HEAVY_NAME}.py").write_text(_HEAVY.format(text=SOUND), encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            sys.path.remove(folder)
            sys.modules.pop(_HEAVY_NAME, None)


def uncited() -> str:
    """The sound document without its citations but the standard's own."""
    lines = [
        line
        for line in SOUND.splitlines()
        if not line.strip().startswith('source = { document = "Name of the document", clause = "2')
    ]
    return "\n".join(lines)


TWICE = "What gives another figure each time breaks whatever compares two evaluations."
COMPARING = (
    "order", "sheet-order", "monotone", "missing", "waiver", "excused", "bounds-contain", "bounds-reached",
    "never-widens", "replays",
)  # fmt: skip
PLUGINS: tuple[PluginMutant, ...] = (
    PluginMutant(name="hook-raises", says="Its hook raises.", breaks="loads", made=Failing),
    PluginMutant(
        name="another-each-time",
        says="Every book gets another version.",
        breaks="any-order",
        made=Restless,
    ),
    PluginMutant(name="looks-at-the-day", says="Its hook asks what day it is.", breaks="quiet-to-load", made=Dated),
    PluginMutant(
        name="reads-when-imported",
        says="It reads its documents while it is imported.",
        breaks="light",
        around=heavy_module,
        made=lambda: import_module(_HEAVY_NAME),
    ),
    PluginMutant(
        name="one-language",
        says="A title is English alone.",
        breaks="titles",
        made=changed(('title = { zh = "垃圾", en = "Litter" }', 'title = { en = "Litter" }')),
    ),
    PluginMutant(
        name="no-citations", says="Two sections cite nothing.", breaks="citations", made=lambda: Given(uncited())
    ),
    PluginMutant(
        name="points-out-of-reach",
        says="The best tier gives half of the line's points.",
        breaks="total",
        made=changed(('{ at_least = "95%", points = 20 }', '{ at_least = "95%", points = 15 }')),
    ),
    PluginMutant(
        name="grade-out-of-reach",
        says="The best grade begins above the total.",
        breaks="grades-reached",
        made=changed(("at_least = 85", "at_least = 101")),
        also={"gates-act": "What caps at the second best grade changes nothing where nobody has the best."},
    ),
    PluginMutant(
        name="idle-gate",
        says="A gate caps at the best grade.",
        breaks="gates-act",
        made=changed(('then = { grade_at_most = "B" }', 'then = { grade_at_most = "A" }')),
    ),
    PluginMutant(
        name="lossy-field",
        says="A field of its measure grows whenever it is read.",
        breaks="round-trip",
        made=measured(Lossy, ', word = "b"'),
    ),
    PluginMutant(
        name="forgetful-pickle",
        says="Its measure comes back from a pickle as another.",
        breaks="pickles",
        made=measured(Unpickled),
    ),
    PluginMutant(
        name="sometimes",
        says="Its measure gives another figure each time.",
        breaks="deterministic",
        made=measured(Sometimes),
        also=dict.fromkeys(COMPARING, TWICE),
        regular=False,
    ),
    PluginMutant(
        name="clock-in-measure", says="Its measure looks at the clock.", breaks="quiet", made=measured(Watching)
    ),
    PluginMutant(
        name="fails-on-nothing",
        says="Its measure divides by what it read.",
        breaks="accepts",
        made=measured(Raising),
        also={"bounds-reached": "It says that it can give nothing, and fails on the value that would."},
    ),
    PluginMutant(
        name="no-words", says="Its measure has no words in Chinese.", breaks="explained", made=measured(Silent)
    ),
    PluginMutant(
        name="boastful",
        says="Its measure never gives what it says that it reaches.",
        breaks="bounds-reached",
        made=measured(Boastful),
    ),
    PluginMutant(
        name="contrary",
        says="Its measure says that points rise, and they fall.",
        breaks="rising",
        made=measured(Contrary),
    ),
)
"""Each breaks the invariant that it names, and beyond that what `also` names, with the reason, and nothing else."""

__all__ = ["PLUGINS"]

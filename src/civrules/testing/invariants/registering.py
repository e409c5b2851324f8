"""What a plugin promises of itself: that it registers, alone and beside others, quietly and cheaply."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from civrules import Documents, Rulebook, hookimpl
from civrules.testing.invariant import Broken, Invariant, equal
from civrules.testing.registered import Registered
from civrules.testing.watching import watched

_HEAVY = (
    "civrules.codec", "cattrs", "click", "duckdb", "hypothesis", "matplotlib", "narwhals", "numpy", "pandas", "polars",
    "pyarrow", "pyspark", "pytest", "requests", "rich", "scipy",
)  # fmt: skip


def loads(registered: Registered) -> None:
    """Raise Broken where the plugin or one of its documents has a problem, or where it supplies nothing."""
    problems = [problem for problem in registered.problems if problem.severity == "error"]
    if problems:
        raise Broken("problems", len(problems), "the first", problems[0].say())
    nothing = not registered.standards and not registered.book.campaigns() and not _supplies_measures(registered)
    if nothing:
        raise Broken("expected", "a standard, a campaign or a measure", "supplied", "nothing")


def _supplies_measures(registered: Registered) -> bool:
    return hasattr(registered.made, "civrules_measures")


class _Another:
    """A plugin that is there too, and supplies nothing."""

    @hookimpl
    def civrules_standards(self) -> list[Documents]:
        return []


def editions(registered: Registered, book: Rulebook) -> tuple[str, ...]:
    """The editions that the plugin supplies to a book, with their digests."""
    return tuple(f"{one.edition} {one.digest[:12]}" for one in registered.standards_in(book))


def in_any_order(registered: Registered) -> None:
    """Raise Broken where the plugin supplies something else before or after another one."""
    made = registered.made
    if made is None or registered.named:
        books = [registered.again(), registered.again()]
    else:
        books = [Rulebook([_Another(), made]), Rulebook([made, _Another()])]
    here = editions(registered, registered.book)
    for name, book in zip(("after another", "before another"), books, strict=True):
        equal("alone", here, name, editions(registered, book))


def quietly(registered: Registered) -> None:
    """Raise Broken where registering looks at a clock or leaves the plugin's own folder."""
    if registered.made is None:
        return
    folders = _folders(registered.made)
    # What is imported once is imported before anyone watches.
    Rulebook([registered.made]).standards()
    with watched(folders=folders) as seen:
        Rulebook([registered.made]).standards()
    equal("asked for", tuple(dict.fromkeys(seen)), "expected", ())


def _folders(made: object) -> tuple[Path, ...]:
    """Where a plugin may read: the folder of every module of civrules and of its plugins."""
    package = (made.__name__ if isinstance(made, ModuleType) else type(made).__module__).partition(".")[0]
    names = [name for name in sys.modules if name.partition(".")[0] in (package, "civrules")]
    files = [getattr(sys.modules[name], "__file__", None) for name in names]
    own = [Path(str(file)).resolve().parent for file in files if file]
    installed = [name for name in sys.modules if name.startswith("civrules_")]
    own += [Path(str(sys.modules[name].__file__)).resolve().parent for name in installed if _has_file(name)]
    return tuple(dict.fromkeys(own))


def _has_file(name: str) -> bool:
    return getattr(sys.modules[name], "__file__", None) is not None


def lightly(registered: Registered) -> None:
    """Raise Broken where importing the plugin reads a document or loads what is heavy."""
    module = registered.module
    if module is None:
        return
    program = f"import civrules, sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise Broken("expected", "an import", "found", ended.stderr.strip().splitlines()[-1])
    found: Any = sorted({*ended.stdout.split()} & {*_HEAVY})
    equal("imported", tuple(found), "expected", ())


REGISTERING = (
    Invariant(
        id="loads", of="plugin", where="every plugin", check=loads,
        says="The plugin registers by itself, and none of its documents has a problem.",
    ),
    Invariant(
        id="any-order", of="plugin", where="every plugin", check=in_any_order,
        says="Beside other plugins, before or after them, it supplies the same editions.",
    ),
    Invariant(
        id="quiet-to-load", of="plugin", where="every plugin", check=quietly,
        says="Registering asks no clock, no network and no file outside the plugin's own folder.",
    ),
    Invariant(
        id="light", of="plugin", where="plugins that are modules", check=lightly,
        says="Importing the plugin reads no document and loads nothing heavy.",
    ),
)  # fmt: skip

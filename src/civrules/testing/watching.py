"""Watching: what code asks of the world outside while it runs: clocks, files, networks, other programs."""

import builtins
import io
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

_CLOCKS = frozenset(
    {
        time.time, time.time_ns, time.monotonic, time.monotonic_ns, time.localtime, time.gmtime, time.ctime,
        time.perf_counter, time.perf_counter_ns, time.process_time,
    }
)  # fmt: skip
_TODAY = frozenset({"today", "now", "utcnow"})
_DICE = frozenset({"random", "getrandbits", "urandom"})


@contextmanager
def watched(*, folders: tuple[Path, ...] = ()) -> Iterator[list[str]]:
    """Yields a list that fills with what was asked for: clock, chance, files outside `folders`, network, programs.

    Modules are still imported as they are needed.
    """
    seen: list[str] = []
    with ExitStack() as stack:
        for module, name, what in _DOORS:
            original = getattr(module, name)
            stack.enter_context(mock.patch.object(module, name, _door(original, what, seen, folders)))
        before: Any = sys.getprofile()
        sys.setprofile(_profiler(seen))
        try:
            yield seen
        finally:
            # A profiler written in C is no function that could be set again.
            sys.setprofile(before if callable(before) else None)
            if hasattr(before, "enable"):
                before.enable()


_DOORS: tuple[tuple[Any, str, str], ...] = (
    (builtins, "open", "file"),
    (io, "open", "file"),
    (os, "open", "file"),
    (socket, "socket", "network"),
    (socket, "getaddrinfo", "network"),
    (subprocess, "Popen", "program"),
)


def _door(original: Any, what: str, seen: list[str], folders: tuple[Path, ...]) -> Callable[..., Any]:
    def through(*given: Any, **named: Any) -> Any:
        target = given[0] if given else ""
        if what != "file" or not _inside(target, folders):
            seen.append(f"{what} {target}".strip())
        return original(*given, **named)

    return through


def _inside(target: Any, folders: tuple[Path, ...]) -> bool:
    if not isinstance(target, str | os.PathLike):
        return True
    path = Path(os.fspath(target)).resolve()
    return any(path.is_relative_to(folder) for folder in folders)


def _profiler(seen: list[str]) -> Callable[..., None]:
    def profile(frame: Any, event: str, called: Any) -> None:
        # Hypothesis times every collection of garbage.
        if event != "c_call" or str(frame.f_globals.get("__name__")).partition(".")[0] == "hypothesis":
            return
        name = getattr(called, "__name__", "")
        owner = getattr(called, "__self__", None)
        if name in _TODAY and isinstance(owner, type) and issubclass(owner, date):
            seen.append(f"clock {owner.__name__}.{name}")
        elif name in _DICE and (owner is os or isinstance(owner, random.Random) or name == "urandom"):
            seen.append(f"chance {name}")
        elif name in _CLOCK_NAMES and called in _CLOCKS:
            seen.append(f"clock time.{name}")

    return profile


_CLOCK_NAMES = frozenset(one.__name__ for one in _CLOCKS)

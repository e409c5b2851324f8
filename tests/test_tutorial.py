"""docs/plugins.md: from a scoring sheet to a plugin, as it is written there."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from civrules.cli import main

TUTORIAL = Path(__file__).parent.parent / "docs/plugins.md"
RECORD = os.environ.get("CIVRULES_RECORD", "") not in {"", "0"}
"""CIVRULES_RECORD=1 writes what the commands print into the tutorial; read the difference before committing it."""
BLOCK = re.compile(r'```(\w+)(?: title="([^"]+)")?\n(.*?)```', re.DOTALL)
AT_ITS_END = ", at its end"


def test_the_tutorial_is_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first block to the last: files are written, commands print what stands there, tests pass."""
    monkeypatch.chdir(tmp_path)
    text = TUTORIAL.read_text(encoding="utf-8")
    happened = BLOCK.sub(lambda block: _done(block, monkeypatch), text)
    if RECORD:
        TUTORIAL.write_text(happened, encoding="utf-8", newline="\n")

    assert happened == text


def _done(block: re.Match[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The block as it should be, once it has been run or written."""
    language, title, body = block.groups()
    if language == "console":
        return block[0].replace(body, "".join(_printed(command, monkeypatch) for command in _commands(body)))
    assert title is not None, body
    if title.endswith(AT_ITS_END):
        file = Path(title.removesuffix(AT_ITS_END))
        file.write_text(file.read_text(encoding="utf-8") + body, encoding="utf-8")
    else:
        Path(title).write_text(body, encoding="utf-8")
    if language == "python":
        _run(title, body)
    return block[0]


def _commands(body: str) -> list[str]:
    return re.findall(r"^\$ (.*)\n", body, flags=re.MULTILINE)


def _printed(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The command and what it prints."""
    program, *arguments = command.split()
    if program == "cd":
        monkeypatch.chdir(*arguments)
        return f"$ {command}\n"
    assert program == "civrules"
    ended = CliRunner().invoke(main, arguments)
    assert ended.exit_code in (0, 1), ended.output
    said = (ended.stdout + ended.stderr).rstrip("\n")
    return f"$ {command}\n{said}\n" if said else f"$ {command}\n"


def _run(title: str, body: str) -> None:
    """Run a block of Python, and the tests that it holds."""
    names: dict[str, Any] = {}
    exec(compile(body, title, "exec"), names)
    for name, test in list(names.items()):
        if name.startswith("test_"):
            test()

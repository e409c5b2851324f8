"""Golden documents: every message of a bad one stands beside it, word for word."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from civrules import Campaign, InvalidDocument, Problem, Standard
from civrules.codec.problems import KEYS
from civrules.errors.codes import CODES
from civrules.model import campaign, condition, procedure, register, responsible, source, standard, standing
from civrules.model.measures import BUILT_IN, Item, Shortfall, Tier
from civrules.model.soundness import EFFECTS
from civrules.model.standard import RESTING

RECORD = os.environ.get("CIVRULES_RECORD", "") not in {"", "0"}
"""CIVRULES_RECORD=1 writes the messages anew; read the difference before committing it."""

FORMAT_WORDS = {
    *KEYS.values(),
    *(
        field.name
        for module in (standard, campaign, procedure, standing, condition, register, responsible, source)
        for kind in vars(module).values()
        if isinstance(kind, type) and attrs.has(kind)
        for field in attrs.fields(kind)
    ),
    *(field.name for kind in (*BUILT_IN.values(), Item, Shortfall, Tier) for field in attrs.fields(kind)),
    *BUILT_IN,
    *RESTING,
    *EFFECTS,
    "standard", "civrules", "TOML", "UTF", "GB", "ISO", "GB-LND", "YYYY-MM-DD", "kind", "true", "false", "day",
    "week", "month", "months", "quarter", "half-year", "year", "refuse", "line", "Rulebook", "load", "into", "amend",
    "of", "campaign", "load_campaign", "RFC", "FREQ", "BYDAY", "UNTIL", "MM", "MM-DD", "MM-early", "MM-mid", "MM-late",
}  # fmt: skip


def name_of(path: Path) -> str:
    """A file's name without its suffix."""
    return path.stem


def refused(path: Path, load: Callable[[Path], Standard | Campaign]) -> InvalidDocument:
    """The error with which a bad document is refused."""
    with pytest.raises(InvalidDocument) as caught:
        load(path)
    return caught.value


def check_words(path: Path, error: InvalidDocument) -> None:
    """Whether a bad document is refused with exactly the words that stand beside it."""
    recorded = path.with_suffix(".txt")
    if RECORD:
        recorded.write_text(f"{error}\n", encoding="utf-8", newline="\n")

    assert recorded.read_text(encoding="utf-8") == f"{error}\n"


def check_chinese(error: InvalidDocument) -> None:
    """Whether nothing is left of placeholders or of English sentences in Chinese."""
    for problem in error.problems:
        said = problem.say("zh")

        assert not re.search(r"\{(value|expected|hint)\}", said), said
        assert not english_in(problem), said


def english_in(problem: Problem) -> set[str]:
    """English words of a Chinese sentence that are neither quoted, nor listed, nor words of the format."""
    sentence = CODES[problem.code].say("zh", value="值", expected=problem.expected, hint=problem.hint)
    words = problem.expected.removeprefix("one of: ")
    if all(re.fullmatch(r"[\w./@:\"\[\]…-]+", word) for word in words.split(", ")):
        sentence = sentence.replace(words, "")
    sentence = re.sub(r'"[^"]*"|“[^”]*”|A-Z a-z 0-9|[\w.-]+/[\w.-]+@[\w.-]+', "", sentence)
    return set(re.findall(r"[A-Za-z_-]{2,}", sentence)) - FORMAT_WORDS

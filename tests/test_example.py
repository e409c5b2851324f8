"""The county that does not exist: its check, worked out by hand."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules import Community, NotApplicable, Ratio, Rulebook
from civrules.authoring.documents import loads
from civrules_example import plugin

ROOT = Path(__file__).parent.parent
PAPERS = ("licence", "contract", "log", "insurance")
BEST: dict[str, Any] = {
    "notice-board": True, "lift-papers": dict.fromkeys(PAPERS, True), "stair-lights": Ratio(60, 60),
    "litter": {"spot": 0, "overflow": 0}, "trees": "good",
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """A book of this plugin alone."""
    return Rulebook([plugin], strict=True)


@pytest.mark.parametrize(
    "seen,score,grade",
    [
        ({}, 100, "A"),
        ({"accident": "attributable"}, 100, "B"),
        ({"accident": "no"}, 100, "A"),
        ({"stair-lights": Ratio(57, 60)}, 100, "A"),
        ({"stair-lights": Ratio(56, 60)}, 85, "A"),
        ({"stair-lights": Ratio(56, 60), "litter": {"spot": 1, "overflow": 0}}, "84.5", "B"),
        ({"lift-papers": NotApplicable("no lifts"), "notice-board": False}, "87.5", "A"),
        ({"stair-lights": "50%", "trees": "poor"}, 50, "C"),
        ({"litter": {"spot": 2, "overflow": 7}, "trees": "fair", "notice-board": False}, 58, "C"),
    ],
)
def test_the_check(book: Rulebook, seen: Any, score: Any, grade: str) -> None:
    """Off 100 come 15 or 30 for lamps, 0.5 and 3 for litter, 12 or 20 for the trees; without lifts 70/80 is 87.5."""
    made = book.evaluate("example/check", Community("compound-1"), {**BEST, **seen})
    assert (Decimal(score), grade) == (made.score, made.grade)


def test_what_was_not_looked_at_counts_as_its_worst(book: Rulebook) -> None:
    """Without the trees 80 of 100 are sure, and 100 still possible."""
    made = book.evaluate(
        "example/check", Community("compound-1"), {key: seen for key, seen in BEST.items() if key != "trees"}
    )
    assert made.bounds is not None
    assert (Decimal(80), Decimal(80), Decimal(100)) == (made.score, made.bounds.low, made.bounds.high)


def test_its_readme_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """10 + 15 + 30 + 15 + 8 = 78, a B."""
    readme = (ROOT / "plugins/civrules-example/README.md").read_text(encoding="utf-8")
    exec(compile(re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)[0], "README.md", "exec"), {})
    assert "78 B\n" == capsys.readouterr().out


def test_a_stricter_edition_is_told_apart(book: Rulebook) -> None:
    """The county's check with another bound of its best grade differs in just that."""
    document = ROOT / "plugins/civrules-example/src/civrules_example/standards/example.toml"
    old = book.standard("example/check")
    text = document.read_text(encoding="utf-8").replace("at_least = 85", "at_least = 90")
    new = loads(text)
    assert ["grade A › at_least: 85 before, 90 after"] == [one.say() for one in civrules.diff(old, new)]

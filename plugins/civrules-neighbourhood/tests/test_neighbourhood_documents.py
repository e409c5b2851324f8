"""What holds for every document of the plugin: sound, without findings, and true to the clauses of its plan."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import civrules
from civrules_neighbourhood import plugin

PLANS = {6: "leling-communities", 7: "county-seat", 11: "civility-activities"}
FOLDER = Path(plugin.__file__).parent


@pytest.fixture(scope="module")
def rulebook() -> civrules.Rulebook:
    """A book of this plugin alone."""
    return civrules.Rulebook([plugin], strict=True)


def test_documents_are_sound(rulebook: civrules.Rulebook) -> None:
    """The book has nothing to complain about, and lint finds nothing in any standard or campaign."""
    assert rulebook.problems == ()
    assert {f"neighbourhood/{name}" for name in PLANS.values()} == {one.id for one in rulebook.standards()}
    campaigns = [rulebook.campaign(f"neighbourhood/{name}-plan") for name in PLANS.values()]
    assert civrules.lint([*rulebook.standards(), *campaigns]) == ()


@pytest.mark.parametrize("name", PLANS.values())
def test_every_title_is_in_both_languages(name: str) -> None:
    """Whoever reads Chinese and whoever reads English is shown every title."""
    titles = [table["title"] for table in tables(name) if isinstance(table.get("title"), dict)]

    assert titles
    assert [] == [title for title in titles if {"zh", "en"} != title.keys()]


@pytest.mark.parametrize("plan, name", PLANS.items())
def test_every_clause_is_carried(shared: Path, plan: int, name: str) -> None:
    """Each clause of the plan is cited by a table of the standard or the campaign, and no other id is."""
    inventory = json.loads((shared / "inventory.json").read_text(encoding="utf-8"))
    clauses = next(one["clauses"] for one in inventory["plans"] if one["id"] == plan)
    cited = {table["id"]: table["clause"] for table in tables(name) if "document" in table and "id" in table}

    assert {clause["id"]: clause["no"] for clause in clauses} == cited


@pytest.mark.parametrize("name", PLANS.values())
def test_clauses_have_points_but_wishes_have_none(rulebook: civrules.Rulebook, name: str) -> None:
    """Every requirement that is judged counts the same; what is wished for or informative has no points."""
    for criterion in rulebook.standard(f"neighbourhood/{name}").criteria.values():
        assert criterion.points == (1 if criterion.strength == "must" else None)


def tables(name: str) -> Iterator[dict[str, Any]]:
    """Every table, at any depth, of the standard and the campaign of that name."""
    for folder in ("standards", "campaigns"):
        yield from _within(tomllib.loads((FOLDER / folder / f"{name}.toml").read_text(encoding="utf-8")))


def _within(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _within(part)

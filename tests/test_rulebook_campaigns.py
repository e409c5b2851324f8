"""Campaigns in a rulebook: supplied by a hook or given, found by id, and using the book's standards."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from test_campaign_documents import USED, USING
from written import DOCUMENTS

from civrules import Campaign, CampaignsPlugin, Documents, Rulebook, StandardUnavailable, hookimpl, load_campaign
from civrules.authoring.documents import loads, parsed

COMPOUNDS = DOCUMENTS / "campaigns" / "good" / "compounds.toml"


def plugin(campaigns: Any, standards: Any = ()) -> ModuleType:
    """A module with both hooks."""
    made: Any = ModuleType("example")
    made.civrules_campaigns = hookimpl(lambda: campaigns)
    made.civrules_campaigns.__name__ = "civrules_campaigns"
    made.civrules_standards = hookimpl(lambda: standards)
    return made  # type: ignore[no-any-return]  # a module all the same


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin's folder with a campaign that uses a standard, and the standard."""
    (tmp_path / "using.toml").write_text(USING, encoding="utf-8")
    (tmp_path / "sheet.toml").write_text(USED, encoding="utf-8")
    return tmp_path


def test_a_folder_holds_both_kinds(folder: Path) -> None:
    """Standards and campaigns are told apart by their heads, wherever they lie; a campaign knows what it uses."""
    book = Rulebook([plugin([Documents(folder)])])

    assert () == book.problems
    assert ["example/sheet"] == [one.id for one in book.standards()]
    assert ["example/using"] == [one.id for one in book.campaigns()]
    assert ["lights", "fire"] == [goal.id for goal in book.campaign("example/using").goals]


def test_finished_campaigns_are_found() -> None:
    """A campaign made before is handed in like a standard, or returned by the hook."""
    campaign = load_campaign(COMPOUNDS)

    assert campaign == Rulebook([campaign]).campaign("example/compounds")
    assert campaign == Rulebook([plugin([campaign])]).campaign("example/compounds@1")


def test_those_for_a_kind_a_place_and_a_day() -> None:
    """Campaigns are chosen as standards are."""
    days, compounds = load_campaign(DOCUMENTS / "campaigns/good/days.toml"), load_campaign(COMPOUNDS)
    book = Rulebook([days, compounds])

    assert (days,) == book.campaigns(kind="campus")
    assert (days, compounds) == book.campaigns(locality="320724")
    assert (compounds,) == book.campaigns(on=date(2030, 1, 1))


def test_an_unknown_campaign_names_the_nearest() -> None:
    """A campaign is not found among the standards, nor the other way round."""
    book = Rulebook([load_campaign(COMPOUNDS), loads(USED)])
    with pytest.raises(StandardUnavailable, match='no campaign "example/compound"; known: example/compounds'):
        book.campaign("example/compound")
    with pytest.raises(StandardUnavailable, match='no standard "example/compounds"; known: example/sheet'):
        book.standard("example/compounds")


def test_what_a_hook_should_not_return_is_a_problem() -> None:
    """A standard from the hook for campaigns breaks its plugin only."""
    book = Rulebook([plugin([loads(USED)]), load_campaign(COMPOUNDS)])

    assert ["plugin-returned"] == [problem.code for problem in book.problems]
    assert "Campaign objects" in book.problems[0].say()
    assert 1 == len(book.campaigns())


def test_a_broken_campaign_is_a_problem_of_its_file(folder: Path) -> None:
    """What is wrong is said with plugin, file and table; the standard beside it works."""
    (folder / "using.toml").write_text(USING.replace("housing", "hausing"), encoding="utf-8")
    book = Rulebook([plugin([Documents(folder)])])

    (problem,) = book.problems

    assert ("example", "using.toml", 'task[1] "look"', "responsible.lead") == problem.where
    assert 'did you mean "housing"?' in problem.say()
    assert "example/sheet" == book.standard("example/sheet").id
    with pytest.raises(StandardUnavailable, match='no campaign "example/using"'):
        book.campaign("example/using")


def test_a_campaign_may_use_a_campaign() -> None:
    """Its registers and goals are known, and come from where they were written."""
    other = USING.replace("example/using", "example/other").replace("example/sheet", "example/using")
    standard = loads(USED)
    using = parsed(USING).campaign(lambda *_: standard)
    found = parsed(other).campaign(lambda *_: using)

    assert using.goals == found.goals
    assert "example/sheet@1" == found.edition_of("goal", "fire")


class TypedPlugin:
    """A plugin that mypy checks against the protocol."""

    @hookimpl
    def civrules_campaigns(self) -> list[Documents | Campaign]:
        """One campaign."""
        return [load_campaign(COMPOUNDS)]


def test_the_protocol_is_met() -> None:
    """A typed plugin is a CampaignsPlugin and supplies its campaign."""
    typed: CampaignsPlugin = TypedPlugin()

    assert 1 == len(Rulebook([typed]).campaigns())

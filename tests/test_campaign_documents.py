"""Campaigns as documents: good ones load and survive a round trip; bad ones are refused, word for word."""

import pickle
from pathlib import Path

import pytest
from golden import check_chinese, check_words, name_of, refused
from written import DOCUMENTS, criterion, event, sheet

from civrules import Campaign, InvalidDocument, InvalidInput, Rulebook, dump, load, load_campaign
from civrules.authoring.documents import loads, parsed

GOOD = tuple(sorted((DOCUMENTS / "campaigns" / "good").glob("*.toml")))
BAD = tuple(sorted((DOCUMENTS / "campaigns" / "bad").glob("*.toml")))
USING = """
[campaign]
id = "example/using"
version = "1"
title = { zh = "使用", en = "Using" }
kinds = ["residential"]
uses = ["example/sheet"]
traced = true

[[task]]
id = "look"
title = { zh = "检查", en = "Look" }
responsible = { lead = "housing" }
serves = ["lights"]
"""
USED = sheet(
    criterion("lights"),
    event("fire"),
    tables='\n[[body]]\nid = "housing"\ntitle = { en = "Housing bureau" }\nposts = ["clerk"]\n',
)


@pytest.mark.parametrize("path", GOOD, ids=name_of)
class TestGood:
    """Design, section 7: "Dumping and loading again is the identity"."""

    def test_loads_under_its_own_name(self, path: Path) -> None:
        """A good campaign loads; it is named as its file."""
        assert f"example/{path.stem}" == load_campaign(path).id

    def test_dumped_and_loaded_again_it_is_equal(self, path: Path) -> None:
        """What is dumped loads as an equal value with an equal digest, hash and text."""
        first = load_campaign(path)
        again = parsed(dump(first)).campaign()

        assert first == again
        assert (first.digest, hash(first), dump(first)) == (again.digest, hash(again), dump(again))

    def test_pickled_it_is_equal(self, path: Path) -> None:
        """A campaign and its days survive pickling."""
        campaign = load_campaign(path)
        schedule = campaign.in_year(2031)

        assert campaign == pickle.loads(pickle.dumps(campaign))
        assert schedule == pickle.loads(pickle.dumps(schedule))


@pytest.mark.parametrize("path", BAD, ids=name_of)
class TestBad:
    """A bad campaign is refused with all that is wrong with it."""

    def test_is_refused_with_exactly_these_words(self, path: Path) -> None:
        """Every message stands beside the document, word for word."""
        check_words(path, refused(path, load_campaign))

    def test_is_refused_in_chinese_too(self, path: Path) -> None:
        """Nothing is left of English sentences in Chinese."""
        check_chinese(refused(path, load_campaign))


class TestKinds:
    """A standard and a campaign are not taken for each other."""

    def test_a_campaign_is_no_standard(self) -> None:
        """`load` says what the document is and who reads it."""
        with pytest.raises(InvalidDocument, match=r'is a "campaign", not a standard; read it with load_campaign'):
            load(GOOD[0])

    def test_a_campaign_is_not_extended(self) -> None:
        """A standard extends standards only."""
        child = sheet(id="example/child", more='extends = "example/compounds@1"\neffective = { first = 2031-01-01 }')
        book = Rulebook([load_campaign(DOCUMENTS / "campaigns/good/compounds.toml")])
        with pytest.raises(InvalidDocument, match="is a campaign, and only standards are extended"):
            parsed(child).standard(book._finder(parsed(child)))


class TestUses:
    """Design, section 12: "its bodies, parameters, references, criteria are known here"."""

    @pytest.fixture
    def book(self) -> Rulebook:
        """A rulebook with the standard that is used."""
        return Rulebook([loads(USED)])

    @pytest.fixture
    def using(self, book: Rulebook, tmp_path: Path) -> Campaign:
        """The campaign that uses it."""
        (tmp_path / "using.toml").write_text(USING, encoding="utf-8")
        return book.load_campaign(tmp_path / "using.toml")

    def test_its_bodies_and_criteria_are_known(self, using: Campaign) -> None:
        """The bodies of the standard may lead, its criteria may be served."""
        assert ["housing"] == [body.id for body in using.bodies]
        assert [("lights", "example/sheet"), ("fire", "example/sheet")] == [(goal.id, goal.of) for goal in using.goals]
        assert "example/sheet@1" == using.edition_of("goal", "lights")

    def test_whole_it_is_written_and_read_without_the_other(self, using: Campaign) -> None:
        """What is dumped is whole: no rulebook is needed to read it."""
        assert using == parsed(dump(using)).campaign()

    def test_criteria_without_a_task_are_noted(self, using: Campaign) -> None:
        """With traced = true the criterion that no task serves is a note."""
        notes = [note.say() for note in using.in_year(2031).notes]

        assert [
            'goal: no task serves "example/sheet:fire"',
            'nobody holds the post "housing:clerk"; give its holder by holders=',
        ] == sorted(notes)

    def test_a_name_that_is_not_there_names_the_nearest(self, book: Rulebook, tmp_path: Path) -> None:
        """A goal that no standard has is refused with the nearest."""
        (tmp_path / "near.toml").write_text(USING.replace('["lights"]', '["light"]'), encoding="utf-8")
        with pytest.raises(InvalidDocument, match='"light" names no goal; did you mean "lights"'):
            book.load_campaign(tmp_path / "near.toml")


class TestBind:
    """Wherever a day or an interval may stand, a parameter may."""

    def test_days_and_lengths_are_bound_in_words(self) -> None:
        """A bound day makes days of a phase; the digest says so."""
        campaign = load_campaign(DOCUMENTS / "campaigns/good/days.toml")
        bound = campaign.bind({"end": "12-late", "length": "2 weeks"})

        assert "2031-09-15 … 2031-12-31" == str(bound.in_year(2031).days("middle").periods[0])
        assert campaign.digest != bound.digest
        assert bound == parsed(dump(bound)).campaign()
        assert ("end", "length") == campaign.open_parameters
        assert () == bound.open_parameters

    def test_what_is_no_day_is_refused(self) -> None:
        """A parameter that is used as a day takes days only."""
        campaign = load_campaign(DOCUMENTS / "campaigns/good/days.toml")
        with pytest.raises(InvalidInput, match="is no day of the year"):
            campaign.bind({"end": "2 weeks"})

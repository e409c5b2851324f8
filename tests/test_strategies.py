"""What the kit draws beside standards: editions, tailorings, what is broken; and that Hypothesis finds the types."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from written import sheet

from civrules import (
    Campaign,
    CaseEvent,
    Community,
    Criterion,
    InvalidInput,
    Program,
    Rounding,
    Rulebook,
    Section,
    Standard,
    StandardUnavailable,
    Task,
    Text,
)
from civrules.authoring.documents import loads
from civrules.model.document import Parameter
from civrules.model.measures import BUILT_IN
from civrules.testing.strategies import (
    BrokenPlugin,
    Tailoring,
    broken_documents,
    broken_plugins,
    campaigns,
    case_events,
    editions,
    measures,
    sections,
    tailorings,
)

DAYS = st.integers(-400, 2000).map(lambda number: date(2029, 1, 1) + timedelta(days=number))


@pytest.mark.parametrize("kind", [Standard, Section, Criterion, Community, Campaign, Task, CaseEvent])
def test_hypothesis_resolves_the_type(kind: type) -> None:
    """`st.from_type` draws one through Hypothesis' own entry point."""
    assert isinstance(find(st.from_type(kind), lambda _: True), kind)


@given(editions(), DAYS)
def test_the_edition_in_force_is_the_one_whose_days_hold_it(drawn: tuple[Standard, ...], on: date) -> None:
    """Of editions that follow each other at most one is in force on a day, and the book gives that one."""
    book = Rulebook(drawn)
    (*holding,) = (one for one in drawn if on in one.effective)
    assert () == book.problems
    assert len(holding) < 2
    if holding:
        assert holding[0] == book.standard(drawn[0].id, on=on)
    else:
        with pytest.raises((StandardUnavailable, InvalidInput)):
            book.standard(drawn[0].id, on=on)


@given(tailorings())
def test_a_tailored_standard_is_its_parent_but_for_what_it_says(tmp_path_factory: pytest.TempPathFactory,
                                                                drawn: Tailoring) -> None:  # fmt: skip
    """The titles are those given, the gates those left; sections, criteria and measures are the parent's."""
    file = tmp_path_factory.mktemp("tailored") / "tailored.toml"
    file.write_text(drawn.text, encoding="utf-8")
    child = Rulebook([drawn.parent]).load(file)
    titles = dict(drawn.titles)
    for before, after in zip(drawn.parent.walk(), child.walk(), strict=True):
        assert (before.id, titles.get(before.id, str(before.title))) == (after.id, str(after.title))
    for name, criterion in drawn.parent.criteria.items():
        assert titles.get(name, str(criterion.title)) == str(child.criteria[name].title)
        assert (criterion.measure, criterion.points) == (child.criteria[name].measure, child.criteria[name].points)
    assert [gate for gate in drawn.parent.gates if gate.id not in drawn.dropped] == [*child.gates]


@given(broken_plugins())
def test_a_broken_plugin_is_a_problem_and_the_others_work(broken: BrokenPlugin) -> None:
    """Its fault is a problem with words, and a standard beside it is there."""
    good = loads(sheet(id="good/check"))
    book = Rulebook([good, broken.made])
    assert book.problems
    assert all(problem.say("zh") and problem.say("en") for problem in book.problems)
    assert good == book.standard("good/check")


@given(sections())
def test_a_section_is_fit_for_a_standard(section: Section) -> None:
    """A standard of that section, which names the decimals of every step, compiles."""
    named = [Parameter(id=name, title=Text(en=name), between=(1, 70)) for name in ("free", "usual")]
    drawn = attrs.evolve(
        loads(sheet()), sections=[section], total=None, grades=[], gates=[], parameters=named,
        rounding=Rounding(criterion=2, section=2, total=1), not_applicable="full",
    )  # fmt: skip
    assert drawn.criteria.keys() == {one.id for one in Program(drawn).lines}


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_measures_of_every_kind(kind: str) -> None:
    """Each built-in kind is drawn when it is asked for."""
    assert kind == find(measures(kind), lambda _: True).kind


class TestShrinking:
    """What is drawn becomes something that a person can read."""

    def test_a_document(self) -> None:
        """The smallest document with a fault is a few lines."""
        smallest = find(broken_documents(), lambda text: "section" in text)
        assert len(smallest.splitlines()) < 60

    def test_a_campaign(self) -> None:
        """The smallest campaign is one task with one day."""
        smallest = find(campaigns(), lambda _: True)
        assert [("t1", "06-10")] == [(one.id, str(one.due)) for one in smallest.tasks]

    def test_events(self) -> None:
        """The smallest sequence with a repetition is that event alone, on the first day."""
        (smallest,) = find(case_events(), lambda events: any(one.kind == "repeated" for one in events))
        assert ("repeated", date(2031, 4, 1)) == (smallest.kind, smallest.on)

    def test_editions(self) -> None:
        """The smallest is one edition."""
        assert 1 == len(find(editions(), lambda _: True))

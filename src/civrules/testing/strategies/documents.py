"""Standards with everything beside the scoring that a document can say."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st

from civrules import Condition, InvalidDocument, Period, Reading, Section, Source, Standard, Text
from civrules.model.document import Issuance
from civrules.model.outcome import VERBS, Effect, EndsOn, Outcome, RankingRule
from civrules.model.register import Body, Honour, NamedSet, Post, Reference
from civrules.model.responsible import Responsible
from civrules.model.standard import Blank, Printed, Table
from civrules.testing.strategies.drawing import chance, pick, up_to
from civrules.testing.strategies.standards import standards


def a_title(words: str) -> Text | None:
    """The words as a title in Chinese; None where they are not words that a document takes."""
    try:
        return Text(zh=words)
    except InvalidDocument:
        return None


titles = st.one_of(st.text(min_size=1, max_size=12), st.text(alphabet="楼道 \"'\\#=[]{}\n\t%", min_size=1)).map(a_title)
"""Titles of any characters, those included that TOML has to escape."""

FIRST, LAST = date(2029, 12, 31), date(2031, 3, 31)


@st.composite
def documents(draw: st.DrawFn) -> Standard:
    """A standard with everything beside the scoring that a document can say."""
    standard = draw(standards())
    title: Any = draw(titles.filter(lambda one: one is not None))
    first = draw(up_to(1000))
    effective = pick(draw, (Period(), Period(FIRST, LAST), Period(FIRST + timedelta(days=first), None)))
    source = Source(
        document="县发〔2031〕5号", clause="四(一)", id="x5", provenance=pick(draw, ("published", "reference"))
    )
    section = attrs.evolve(
        standard.sections[0], title=title, source=[source, source], responsible=Responsible(evaluator="housing"),
        children=_with_source(standard.sections[0], source),
    )  # fmt: skip
    rankings = [RankingRule(id="year", by=("score", "community"), ties=pick(draw, ("in", "out")))] * draw(up_to(1))
    bodies = [
        Body(id="housing", title=title, aliases=("住建局",), posts=["head", Post(id="deputy", title=title)]),
        Body(id="property-manager", title=title, attribute="operator", part_of="housing", source=source),
        Body(id="street-office", title=title), Body(id="police", title=title), Body(id="portal", title=title),
    ]  # fmt: skip
    if chance(draw, 2):
        routes = [
            Responsible(lead="police", when=Condition(attribute="place", equals="road")),
            Responsible(via="portal"),
        ]
        section = attrs.evolve(section, responsible=routes, fixed=True)
    grades = [
        attrs.evolve(one, title=title, printed=Printed(first=70, last="84.5"), source=source) for one in standard.grades
    ]
    return attrs.evolve(
        standard, title=Text(zh="示例", en=str(title)), kinds=("residential", "campus"), effective=effective,
        grades=grades,
        locality=pick(draw, (None, "320724", "320000", "GB-LND")), sections=[section, *standard.sections[1:]],
        source=[Source(document="drawn"), source], issued=Issuance(by="县政府", on="2031-01-01", interpreter="住建局"),
        readings=[Reading(text=title, at="c1", source=source)] * draw(up_to(1)),
        table=Table(blank=Blank(not_applicable="left blank")) if chance(draw, 2) else Table(),
        bodies=bodies if chance(draw, 2) else (),
        references=[Reference(id="r", title=title, level="city", state="missing")] * draw(up_to(1)),
        honours=[Honour(id="h", title=title, level="county", seats=3, stage="held")] * draw(up_to(1)),
        rankings=rankings, outcomes=some_outcomes(draw, title) if rankings else (),
        sets=[NamedSet(id="s", title=title, declared=2, members=("一", "二"), carried={"一": "s1"})] * draw(up_to(1)),
    )  # fmt: skip


def _with_source(section: Section, source: Source) -> list[Any]:
    """The section's members, the first criterion with everything that can be said beside its measure."""
    first, *others = section.children
    if isinstance(first, Section):
        return list(section.children)
    responsible = Responsible(lead="property-manager", support=["street-office", "police"], via="portal")
    return [attrs.evolve(first, method="on-site", source=source, responsible=responsible), *others]


def some_outcomes(draw: st.DrawFn, title: Any) -> list[Outcome]:
    """None to three outcomes of the ranking "year", of any verb and term."""
    return [_outcome(draw, f"o{number}", title) for number in range(draw(up_to(3)))]


def _outcome(draw: st.DrawFn, name: str, title: Any) -> Outcome:
    place: dict[str, Any] = pick(draw, ({"first": 10}, {"last": "2.5%"}, {"between": [6, 13]}))
    when: dict[str, Any] = pick(
        draw, ({"grade": ["withheld", "not-rated"]}, {"streak": 2, "when": {"rank": "year", **place}}, {"case": "open"})
    )
    term: dict[str, Any] = pick(
        draw,
        ({}, {"lasts": "6 months", "anniversary": "included"}, {"lasts": "next"}, {"last": LAST}, {"due": "10 days"}),
    )
    verb = pick(draw, VERBS)
    words: dict[str, Any] = {verb: Decimal(-3) if verb == "credit" else "a word", **term}
    effect = Effect(**words, ends_on=EndsOn(event="bid-won"))
    seats = pick(draw, (None, 5))
    condition = Condition.of({"any": [{"rank": "year", **place}, {"change": "score", "less_than": 0}, when]})
    return Outcome(id=name, title=title, when=condition, then=[effect], seats=seats, order="year" if seats else None)

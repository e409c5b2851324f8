"""What holds of every ranking, every ledger and every composite, whatever they are made of."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import line, sheet

from civrules import (
    Community,
    EndsOn,
    Evaluation,
    Happening,
    History,
    Issued,
    Ledger,
    Period,
    Ranking,
    Standard,
    evaluate,
    rank,
    roll_up,
)
from civrules.measures import Marks

DAY = date(2031, 1, 1)
BETTER: dict[Any, Any] = {"merits": lambda one, other: one > other, "demerits": lambda one, other: one < other}


@cache
def marked(direction: Any) -> Standard:
    """Two lines of the assessor's marks."""
    return sheet(line("tidy", Marks(), 10), line("lit", Marks(), 10), direction=direction, missing="hold",
                 not_applicable="refuse")  # fmt: skip


@cache
def one(direction: str, name: int, tidy: int | None, lit: int, group: str) -> Evaluation:
    """A community's evaluation; None was not observed, so that there is no score."""
    seen = {"lit": lit} if tidy is None else {"tidy": tidy, "lit": lit}
    return evaluate(marked(direction), Community(f"c{name:02}", attributes={"group": group}), seen)


@st.composite
def evaluations(draw: st.DrawFn) -> list[Evaluation]:
    """Up to fifteen communities of one standard, often tied, some withheld."""
    direction = draw(st.sampled_from(("merits", "demerits")))
    marks = st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 3), st.sampled_from("xy"))
    rows = draw(st.lists(marks, max_size=15))
    return [one(direction, name, *row) for name, row in enumerate(rows)]


def places(ranking: Ranking) -> dict[str, tuple[int, int]]:
    """Each community's place from the front and from the end."""
    return {each.evaluation.community.id: (each.place, each.from_last) for each in ranking.ranked}


@given(evaluations())
def test_a_place_is_one_more_than_those_who_are_better(given: list[Evaluation]) -> None:
    """The place counts those of better score, from the end those of worse: a total preorder that is the score's."""
    ranking = rank(given)
    scored = [(each, each.score) for each in given if each.score is not None]
    assert {each.community.id for each, _ in scored} == set(places(ranking))
    for each, score in scored:
        better = BETTER[each.direction]
        before, behind = sum(better(other, score) for _, other in scored), sum(better(score, o) for _, o in scored)
        assert (before + 1, behind + 1) == places(ranking)[each.community.id]
        assert sum(other == score for _, other in scored) == ranking.places[each.community.id].tied


@given(evaluations(), st.randoms(use_true_random=False), st.sampled_from((("score",), ("score", "criterion:tidy"))))
def test_the_order_of_input_changes_nothing(given: list[Evaluation], random: Any, by: tuple[str, ...]) -> None:
    """Shuffled evaluations are ranked alike, those apart too."""
    shuffled = random.sample(given, len(given))
    for within in (None, "group"):
        assert rank(given, by=by, within=within) == rank(shuffled, by=by, within=within)


@given(evaluations())
def test_a_longer_chain_only_parts_ties(given: list[Evaluation]) -> None:
    """Whoever stood before another still does; with the id at the end nobody is tied."""
    short, longer = rank(given), rank(given, by=("score", "criterion:tidy", "community"))
    assert all(each.tied == 1 for each in longer.ranked)
    for each in short.ranked:
        place = longer.places[each.evaluation.community.id].place
        assert each.place <= place < each.place + each.tied


@given(evaluations(), st.integers(1, 20), st.sampled_from(("in", "out")))
def test_a_cut_takes_whole_ties(given: list[Evaluation], n: int, ties: Any) -> None:
    """Ties in: at least so many as there are, more only by a tie; ties out: at most so many, fewer only by a tie."""
    ranking = rank(given, ties=ties)
    total = len(ranking.ranked)
    for taken in (ranking.first(n), ranking.last(n)):
        assert len(taken) >= min(n, total) if ties == "in" else len(taken) <= n
        scores = {each.evaluation.score for each in taken}
        rest = {each.evaluation.score for each in ranking.ranked} - scores
        assert all(each.evaluation.score not in rest for each in taken)
        assert sum(each.evaluation.score in scores for each in ranking.ranked) == len(taken)


@given(evaluations())
def test_groups_are_ranked_for_themselves(given: list[Evaluation]) -> None:
    """Within an attribute each group is ranked as though it were alone."""
    whole = rank(given, within="group")
    for group in "xy":
        alone = rank([each for each in given if each.community.attributes["group"] == group])
        assert places(alone).items() <= places(whole).items()


entries = st.builds(
    lambda subject, account, start, length, points, ends: Issued(
        standard="example/sheet@1", outcome="o", kind="credit", community=f"c{start % 3}", subject=subject,
        account=account, on=DAY + timedelta(start), points=Decimal(points) / 4, ends_on=ends,
        valid=Period(DAY + timedelta(start), None if length is None else DAY + timedelta(start + length)),
    ),
    st.sampled_from(("s", "t")), st.sampled_from(("a", "b")), st.integers(0, 30),
    st.one_of(st.none(), st.integers(0, 30)), st.integers(-12, 12),
    st.sampled_from([None, EndsOn(event="won"), EndsOn(event="won", of="community")]),
)  # fmt: skip
happenings = st.builds(
    lambda of, day: Happening(event="won", of=of, on=DAY + timedelta(day)),
    st.sampled_from(("s", "t", "c0", "c1", "c2")), st.integers(0, 60),
)  # fmt: skip


def alive(entry: Issued, events: list[Happening], day: date) -> bool:
    """By the definition: its term holds the day, and nothing ended it from its first day to the day before."""
    first = entry.valid.first or date.min
    mine = entry.subject if entry.ends_on is None or entry.ends_on.of == "recipient" else entry.community
    ended = entry.ends_on is not None and any(each.of == mine and first <= each.on < day for each in events)
    return day in entry.valid and not ended


@given(st.lists(entries, max_size=8), st.lists(happenings, max_size=4), st.integers(0, 70))
def test_a_balance_is_the_sum_of_what_is_alive(given: list[Issued], events: list[Happening], day: int) -> None:
    """The balance is the sum of the entries alive that day, by the definition, in each account and in all."""
    ledger, on = Ledger(given, events), DAY + timedelta(day)
    for subject in ("s", "t"):
        for account in (None, "a", "b"):
            own = [each for each in given if each.subject == subject and account in (None, each.account)]
            points = sum((Fraction(each.points or 0) for each in own if alive(each, events, on)), start=Fraction(0))
            assert points == Fraction(ledger.balance(subject, on=on, account=account))


@given(st.lists(entries, max_size=8), st.lists(happenings, max_size=4), st.integers(0, 70), st.integers(0, 70))
def test_expired_depends_on_the_day_alone(
    given: list[Issued], events: list[Happening], day: int, other: int
) -> None:  # fmt: skip
    """What is alive on a day is the same after any other question, in any order of entries, and has no gaps."""
    ledger, on = Ledger(given, events), DAY + timedelta(day)
    before = ledger.alive("s", on=on)
    ledger.balance("s", on=DAY + timedelta(other))
    again = Ledger(reversed(given), reversed(events)).alive("s", on=on)

    assert before == ledger.alive("s", on=on)
    assert sorted(map(repr, before)) == sorted(map(repr, again))
    for each in ledger.entries:
        days = [DAY + timedelta(n) in each.valid for n in range(80)]
        assert "".join("x" if here else "." for here in days).strip(".").count(".") == 0


@given(evaluations())
def test_a_mean_lies_between_the_worst_and_the_best(given: list[Evaluation]) -> None:
    """The mean of what stands below a parent lies within its scores, and the worst is one of them."""
    placed = [attrs.evolve(each, community=attrs.evolve(each.community, parent="p")) for each in given]
    scores = [each.score for each in placed if each.score is not None]
    mean, worst = (roll_up(placed, by=by, decimals=6).get("p") for by in ("mean", "worst"))
    if not scores:
        assert mean is worst is None
        return
    assert mean is not None
    assert min(scores) - 1 <= mean <= max(scores) + 1
    assert worst == (max(scores) if placed[0].direction == "demerits" else min(scores))


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=5))
def test_lines_that_moved_make_up_the_change(marks: list[tuple[int, int]]) -> None:
    """The changes of the lines add up to the change of the score."""
    years = [
        evaluate(marked("merits"), Community("c"), {"tidy": tidy, "lit": lit}, period=Period.year(2031 + number))
        for number, (tidy, lit) in enumerate(marks)
    ]
    for change in History(years).changes:
        moved = sum((each.after or 0) - (each.before or 0) for each in change.lines)
        assert moved == change.score
        assert all(
            {"rose": True, "fell": False}[each.cause] is ((each.after or 0) > (each.before or 0))
            for each in change.lines
        )


@pytest.mark.parametrize("n", [1, 5])
def test_a_ranking_of_nobody(n: int) -> None:
    """Nobody is first, nobody is last, and nothing is observed."""
    ranking = rank([])
    assert ((), (), {}) == (ranking.first(n), ranking.last(n), dict(ranking.as_observations("c")))

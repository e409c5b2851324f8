"""Whether the condition of an outcome holds: an evaluation, its place, its history, and what is in force."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.followup.ledger import Issued, Ledger
from civrules.followup.ranking import Ranked, Ranking, points_in, rank, standard_of
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.holding import fact_holds, holds
from civrules.model.measures.measure import amount, compare
from civrules.model.outcome import RankingRule
from civrules.model.standard import Standard
from civrules.model.standing import IN_HAND
from civrules.scoring.conditions import Compiled, Compiler
from civrules.scoring.evaluation import Evaluation

_ONE_DAY = timedelta(days=1)
Follows = Callable[[str, Evaluation], bool]
"""Whether another outcome follows from an evaluation of this day."""


@attrs.define(eq=False)
class Judge:
    """Judges conditions on one day. What it works out once it keeps."""

    standard: Standard
    on: date
    current: tuple[Evaluation, ...]
    history: "Past"
    rankings: dict[str, Ranking]
    """The rankings of the day, by the id of their rule."""
    ledger: Ledger
    honours: Mapping[str, Mapping[str, str]]
    """For each community the honours that it has, and their stage."""
    cases: Mapping[str, frozenset[str]]
    """For each community what is true of one of its cases: "open", "overdue", "repeated"."""
    follows: Follows
    _compiled: dict[tuple[str, Condition], Compiled] = attrs.field(factory=dict)
    _past_rankings: dict[tuple[str, Period | None], Ranking] = attrs.field(factory=dict)

    def holds(self, condition: Condition, one: Evaluation) -> bool:
        """Whether the condition holds for an evaluation. Raises CivrulesError where a record alone cannot say."""
        return holds(condition, lambda part: self._of_one(part, one))

    def _of_one(self, part: Condition, one: Evaluation) -> bool:
        judged: Callable[[Condition, Evaluation], bool] | None = getattr(self, f"_{part.subject}", None)
        return judged(part, one) if judged is not None else self._of_the_evaluation(part, one)

    def placed(self, name: str, one: Evaluation) -> Ranked | None:
        """The evaluation's community in a ranking of its period; None where it is not ranked."""
        ranking = self.ranking(name, one)
        return ranking.places.get(one.community.id)

    def ranking(self, name: str, one: Evaluation | None = None) -> Ranking:
        """A ranking by its id: that of the day, or that of an earlier evaluation's period."""
        if one is None or id(one) in self._current_ids:
            if name not in self.rankings:
                self.rankings[name] = rank(self.current, self._rule(name))
            return self.rankings[name]
        key = (name, one.period)
        if key not in self._past_rankings:
            self._past_rankings[key] = rank(self.history.of_period(one.period), self._rule(name))
        return self._past_rankings[key]

    def _rule(self, name: str) -> RankingRule:
        rule = next(one for one in self.standard.rankings if one.id == name)
        return rule if rule.of is not None else attrs.evolve(rule, of=self.standard.id)

    @cached_property
    def _current_ids(self) -> frozenset[int]:
        return frozenset(map(id, self.current))

    def _grade(self, condition: Condition, one: Evaluation) -> bool:
        return one.grade in condition.wanted

    def _honour(self, condition: Condition, one: Evaluation) -> bool:
        own = self.honours.get(one.community.id, {})
        stage = condition.stage or IN_HAND
        awarded = {
            entry.what for entry in self._in_force(one) if entry.kind == "award" and entry.community == one.community.id
        }
        names = map(str, condition.wanted)
        return any(own.get(name) == stage or (stage == IN_HAND and name in awarded) for name in names)

    def _in_force(self, one: Evaluation) -> tuple[Issued, ...]:
        day = self.on if id(one) in self._current_ids else one.on
        return self.ledger.in_force(day) if day is not None else ()

    def _outcome(self, condition: Condition, one: Evaluation) -> bool:
        names, community = tuple(map(str, condition.wanted)), one.community.id
        if id(one) in self._current_ids and any(self.follows(name, one) for name in names):
            return True
        return any(
            entry.outcome in names
            and entry.community == community
            and entry.standard.startswith(f"{self.standard.id}@")
            for entry in self._in_force(one)
        )

    def _case(self, condition: Condition, one: Evaluation) -> bool:
        return not self.cases.get(one.community.id, frozenset()).isdisjoint(condition.wanted)

    def _rank(self, condition: Condition, one: Evaluation) -> bool:
        ranking, place = self.ranking(condition.target, one), self.placed(condition.target, one)
        if place is None:
            return False
        if condition.between is not None:
            return ranking.in_places(place, *condition.between)
        if condition.first is not None:
            return ranking.in_first(place, _cut(condition.first))
        return condition.last is not None and ranking.in_last(place, _cut(condition.last))

    def _streak(self, condition: Condition, one: Evaluation) -> bool:
        earlier: Evaluation | None = one
        for _ in range(condition.streak or 0):
            if earlier is None or condition.when is None or not self.holds(condition.when, earlier):
                return False
            earlier = self.history.before(earlier)
        return True

    def _change(self, condition: Condition, one: Evaluation) -> bool:
        before = self.history.before(one)
        now, then = (None if each is None else figure_of(each, condition.target) for each in (one, before))
        if now is None or then is None:
            return False
        return all(compare(word, now - then, amount(limit)) for word, limit in condition.comparisons)

    def _attribute(self, condition: Condition, one: Evaluation) -> bool:
        """Attributes need no lines: a record alone can say."""
        return fact_holds(condition, one.community.fact(condition.target))

    def _of_the_evaluation(self, condition: Condition, one: Evaluation) -> bool:
        key = (one.digest, condition)
        if key not in self._compiled:
            program = one.program
            self._compiled[key] = Compiler(program.standard, program.by_id, program.places).compile(condition)
        return self._compiled[key].holds(one.run.facts)


def _cut(cut: Decimal | str) -> int | str:
    return cut if isinstance(cut, str) else int(cut)


def figure_of(one: Evaluation, name: str) -> Fraction | None:
    """The score, the coverage, or the points of a criterion."""
    if name == "coverage":
        return Fraction(one.coverage)
    if name == "score":
        return None if one.score is None else Fraction(one.score)
    return points_in(one, "criterion", name)


@attrs.frozen(eq=False)
class Past:
    """Earlier evaluations, by community and period; of several for one period the latest judged counts."""

    evaluations: tuple[Evaluation, ...]

    def before(self, one: Evaluation) -> Evaluation | None:
        """The evaluation of the period that ends on the day before this one's begins; else its own previous one.

        Raises InvalidInput where the evaluation has no period to come before.
        """
        if one.period is None or one.period.first is None:
            if one.previous is None and self.evaluations:
                raise InvalidInput(Problem("period-needed", (one.community.id,), one.edition))
            return one.previous
        day = one.period.first - _ONE_DAY if one.period.first > date.min else None
        return self._by_last_day.get((standard_of(one), one.community.id, day), one.previous)

    def of_period(self, period: Period | None) -> tuple[Evaluation, ...]:
        """Everyone's evaluations of a period."""
        return tuple(one for one in self.latest if one.period == period)

    @cached_property
    def latest(self) -> tuple[Evaluation, ...]:
        """Of several for one period the one that counts."""
        found: dict[tuple[str, str, Period | None], Evaluation] = {}
        for one in self.evaluations:
            key = (standard_of(one), one.community.id, one.period)
            if key not in found or _later(one, found[key]):
                found[key] = one
        return tuple(found.values())

    @cached_property
    def _by_last_day(self) -> Mapping[tuple[str, str, date | None], Evaluation]:
        found: dict[tuple[str, str, date | None], Evaluation] = {}
        for one in self.latest:
            if one.period is not None and one.period.last is not None:
                key = (standard_of(one), one.community.id, one.period.last)
                if key not in found or _later(one, found[key]):
                    found[key] = one
        return found


def _later(one: Evaluation, other: Evaluation) -> bool:
    """Which of two counts: the one judged later; of one day the order of their records decides, not that of input."""
    return (one.on or date.min, one.inputs_digest) > (other.on or date.min, other.inputs_digest)

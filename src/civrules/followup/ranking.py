"""Ranking: who stands where, and who stands apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, Literal

import attrs

from civrules.errors import InvalidInput, NotComparable, Problem, listed, nearest
from civrules.model.figures import NotObserved, Ratio, figure
from civrules.model.mapping import FrozenMapping
from civrules.model.observation import Observation
from civrules.model.outcome import RankingRule
from civrules.scoring.evaluation import NOT_RATED, WITHHELD, Evaluation, Worked

ORDERS = ("score", "coverage", "community")
_FORMS = (*ORDERS, "criterion:ID", "section:ID", "plugin/name")
INELIGIBLE = "ineligible"
NO_ATTRIBUTE = "no-attribute"
_AS = ("place", "share")

Cut = int | str
"""So many, or a share such as "2.5%", rounded down."""


@attrs.frozen(kw_only=True)
class Ranked:
    """A place in the order, from the front and from the end; equal places are shared unless the tie was broken.

    `of` is how many are ranked with it: all, or those of its `group` where the ranking is within something.
    """

    place: int
    from_last: int
    of: int
    group: Any = None
    evaluation: Evaluation

    @property
    def tied(self) -> int:
        """How many share the place, itself included."""
        return self.of + 2 - self.place - self.from_last


@attrs.frozen(kw_only=True)
class Ranking:
    """Who stands where, best first, and who stands apart with the reason.

    The reasons are "not-rated", "withheld", "ineligible" and "no-attribute" (nothing to be ranked within). Where a
    cut crosses a tie, the rule says whether the tie is in; a cut is a count or a share such as "10%", rounded down,
    and is taken in every group for itself.
    """

    ranked: tuple[Ranked, ...]
    apart: tuple[tuple[Evaluation, str], ...]
    rule: RankingRule = attrs.field(factory=lambda: RankingRule(id="ranking"))
    notes: tuple[Problem, ...] = ()
    """What a careful reader should know: editions or tailorings that are mixed."""

    def first(self, n: Cut) -> tuple[Ranked, ...]:
        """Everyone whose place is `n` or better."""
        return tuple(one for one in self.ranked if self.in_first(one, n))

    def last(self, n: Cut) -> tuple[Ranked, ...]:
        """Everyone whose place counted from the end is `n` or less."""
        return tuple(one for one in self.ranked if self.in_last(one, n))

    def between(self, better: int, worse: int) -> tuple[Ranked, ...]:
        """Everyone whose place is neither better than `better` nor worse than `worse`."""
        return tuple(one for one in self.ranked if self.in_places(one, better, worse))

    def in_first(self, one: Ranked, n: Cut) -> bool:
        """Whether a place is among the first `n`."""
        return self.in_places(one, 1, reach(n, one.of))

    def in_last(self, one: Ranked, n: Cut) -> bool:
        """Whether a place is among the last `n`."""
        behind = one.from_last if self.rule.when_tied == "in" else one.from_last + one.tied - 1
        return behind <= reach(n, one.of)

    def in_places(self, one: Ranked, better: int, worse: int) -> bool:
        """Whether a place lies from `better` to `worse`."""
        end = one.place if self.rule.when_tied == "in" else one.place + one.tied - 1
        return better <= one.place and end <= worse

    @cached_property
    def places(self) -> Mapping[str, Ranked]:
        """Everyone ranked, by the community's id."""
        return FrozenMapping({one.evaluation.community.id: one for one in self.ranked})

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many are ranked in each group."""
        return tuple(one.of for one in {one.group: one for one in self.ranked}.values())

    def as_observations(self, criterion: str, of: Literal["place", "share"] = "place") -> Mapping[str, Observation]:
        """Each community's place as what was seen for a criterion: the figure, or as a "share" place of all ranked.

        Whoever stands apart is NotObserved, with the reason. Raises InvalidInput for another word.
        """
        if of not in _AS:
            raise InvalidInput(Problem("unknown-word", ("of",), of, ", ".join(_AS), nearest(of, _AS)))
        found = {}
        for one in self.ranked:
            value = one.place if of == "place" else Ratio(one.place, one.of)
            found[one.evaluation.community.id] = Observation(criterion, value, at=one.evaluation.on)
        for evaluation, reason in self.apart:
            found[evaluation.community.id] = Observation(criterion, NotObserved(reason), at=evaluation.on)
        return FrozenMapping(found)


def reach(cut: Cut | Decimal, of: int) -> int:
    """How many places a cut takes of so many: the count itself, or its share rounded down.

    >>> reach(10, 92), reach("2.5%", 92), reach("50%", 5)
    (10, 2, 2)
    """
    if type(cut) is int:
        return cut
    exact, percent = figure(cut)
    return int(Fraction(exact) * of / 100) if percent else int(exact)


def rank(
    evaluations: Iterable[Evaluation],
    ranking: RankingRule | None = None,
    /,
    *,
    by: Sequence[str] | None = None,
    within: str | None = None,
    of: str | None = None,
    mixed: bool | None = None,
    ties: Literal["in", "out"] | None = None,
) -> Ranking:
    """Competition ranks (1, 2, 2, 4), best first whatever the standard's direction.

    `ranking` is a `[[ranking]]` of a standard; the keywords take the place of its keys. `by` is the chain of orders:
    "score" (the default), "coverage", "criterion:ID" and "section:ID" (their points), a standard's id (the score of the
    same community's evaluation by that one, given along), "community" (its id, which breaks every tie); what stays
    tied shares the better place. `of` names the standard whose evaluations are ranked. `within` ranks each "kind",
    "locality", "parent", or value of an attribute for itself.

    Not-rated, withheld and ineligible evaluations stand apart. Raises NotComparable where editions or tailorings are
    mixed, unless `mixed`, which a note then says; InvalidInput for a word that is no order, or two evaluations of one
    community.
    """
    words: dict[str, Any] = {"by": by, "within": within, "of": of, "mixed": mixed, "ties": ties}
    given = {key: value for key, value in words.items() if value is not None}
    rule = attrs.evolve(ranking or RankingRule(id="ranking"), **given)
    _check(rule)
    own, others = _parted(tuple(evaluations), rule)
    notes = _comparable(own, rule)
    _known(own, rule)
    apart: list[tuple[Evaluation, str]] = []
    groups: dict[Any, list[Evaluation]] = {}
    for one in own:
        reason, group = _apart(one), None
        if reason is None and rule.within is not None:
            group = group_of(one, rule.within)
            reason = NO_ATTRIBUTE if group is None else None
        if reason is None:
            groups.setdefault(group, []).append(one)
        else:
            apart.append((one, reason))
    orders = [_order(word, others) for word in rule.by]
    ranked = [one for key in sorted(groups, key=str) for one in _ranked(groups[key], key, orders)]
    return Ranking(ranked=tuple(ranked), apart=tuple(apart), rule=rule, notes=notes)


def standard_of(evaluation: Evaluation) -> str:
    """The id of the standard, without the version."""
    return evaluation.edition.partition("@")[0]


def group_of(evaluation: Evaluation, within: str) -> Any:
    """What the community is ranked within; None where that is not known."""
    return evaluation.community.fact(within)


def _check(rule: RankingRule) -> None:
    unknown = [
        word for word in rule.by
        if word not in ORDERS and "/" not in word and word.partition(":")[0] not in ("criterion", "section")
    ]  # fmt: skip
    if unknown or not rule.by:
        expected = ", ".join(_FORMS)
        hint = nearest("".join(unknown[:1]), ORDERS)
        raise InvalidInput(Problem("unknown-word", ("by",), ", ".join(unknown), expected, hint))


def _known(own: Sequence[Evaluation], rule: RankingRule) -> None:
    """Raises InvalidInput for a criterion or section that no evaluation has: nobody would be parted by it."""
    one_of_each = {one.digest: one for one in own}.values()
    for word in rule.by:
        table, _, name = word.partition(":")
        if table not in ("criterion", "section") or not one_of_each:
            continue
        known = dict.fromkeys(getattr(line, table) for one in one_of_each for line in one.lines)
        names = [each for each in known if each]
        if name not in names:
            raise InvalidInput(Problem("unknown-id", ("by",), name, table, nearest(name, names)))


def _parted(given: tuple[Evaluation, ...], rule: RankingRule) -> tuple[list[Evaluation], dict[str, Any]]:
    """The evaluations that are ranked, and those of other standards by standard and community."""
    others: dict[str, dict[str, Evaluation]] = {name: {} for name in rule.standards if name != rule.of}
    if rule.of is None and not others:
        return _once(given), others
    own: list[Evaluation] = []
    for one in given:
        name = standard_of(one)
        if name in others:
            others[name].setdefault(one.community.id, one)
        elif rule.of in (None, name):
            own.append(one)
    for name in others:
        _once(one for one in given if standard_of(one) == name)
    return _once(own), {**others, **({rule.of: {one.community.id: one for one in own}} if rule.of else {})}


def _once(given: Iterable[Evaluation]) -> list[Evaluation]:
    """The evaluations, in the order of their communities' ids. Raises InvalidInput where one has two."""
    names = sorted((one.community.id, place, one) for place, one in enumerate(given))
    twice = [name for (name, _, _), (after, _, _) in pairwise(names) if name == after]
    if twice:
        raise InvalidInput(Problem("ranked-twice", (), listed(dict.fromkeys(twice))))
    return [one for _, _, one in names]


def _comparable(own: Sequence[Evaluation], rule: RankingRule) -> tuple[Problem, ...]:
    """A note where editions or tailorings are mixed. Raises NotComparable where nobody asked for it."""
    kinds = {(one.edition, one.digest, one.direction) for one in own}
    editions = {(edition, digest) for edition, digest, _ in kinds}
    names = ", ".join(sorted(f"{edition} ({digest[:8]})" for edition, digest in editions))
    if len({direction for _, _, direction in kinds}) > 1:
        raise NotComparable(Problem("not-comparable", (), "merits, demerits"))
    if len(editions) < 2:
        return ()
    if not rule.mixed:
        raise NotComparable(Problem("not-comparable", (), names))
    return (Problem("mixed-editions", (), names, severity="note"),)


def _apart(one: Evaluation) -> str | None:
    """Why the evaluation is not ranked; None where it is."""
    if one.score is None:
        return one.no_score or NOT_RATED
    if one.ineligible:
        return INELIGIBLE
    # A forced grade stands although too little was seen; the score is incomplete all the same.
    return one.grade_before_gates if one.grade_before_gates in (NOT_RATED, WITHHELD) else None


Key = Callable[[Evaluation], Any]


def _ranked(evaluations: list[Evaluation], group: Any, orders: Sequence[Key]) -> Iterator[Ranked]:
    total, before = len(evaluations), 0
    for tied in _classes(evaluations, orders):
        last = total - before - len(tied) + 1
        for one in tied:
            yield Ranked(place=before + 1, from_last=last, of=total, group=group, evaluation=one)
        before += len(tied)


def _classes(evaluations: list[Evaluation], orders: Sequence[Key]) -> Iterator[list[Evaluation]]:
    """Those that stay tied together, best first; a later order is asked only where the ones before leave a tie.

    They come in the order of their ids, and sorting keeps what is equal in its order.
    """
    if len(evaluations) == 1 or not orders:
        yield evaluations
    elif orders[0] is _community:
        yield from ([one] for one in evaluations)
    else:
        keys = list(map(orders[0], evaluations))
        for _, places in groupby(sorted(range(len(keys)), key=keys.__getitem__), key=keys.__getitem__):
            tied = [evaluations[place] for place in places]
            # Most stand alone; a generator for each of them would cost more than the order itself.
            if len(tied) == 1:
                yield tied
            else:
                yield from _classes(tied, orders[1:])


def _community(one: Evaluation) -> str:
    return one.community.id


def _order(word: str, others: Mapping[str, Mapping[str, Evaluation]]) -> Key:
    """What sorts the best first; what has no figure comes behind what has one."""
    if word == "community":
        return _community
    if word == "score":
        return _score
    if word == "coverage":
        return lambda one: one.coverage.copy_negate()
    if "/" in word:
        known = others[word]
        return lambda one: _other(known.get(one.community.id))
    table, _, name = word.partition(":")
    return lambda one: _favoured(points_in(one, table, name), one.direction)


def _score(one: Evaluation) -> Decimal:
    score = one.score or Decimal(0)
    # copy_negate is exact; a minus sign would round to the host's decimal context.
    return score if one.direction == "demerits" else score.copy_negate()


def _other(one: Evaluation | None) -> tuple[bool, Fraction]:
    return (True, Fraction(0)) if one is None or _apart(one) else (False, Fraction(_score(one)))


def _favoured(points: Fraction | None, direction: str) -> tuple[bool, Fraction]:
    if points is None:
        return True, Fraction(0)
    return False, points if direction == "demerits" else -points


def points_in(one: Evaluation, table: str, name: str) -> Fraction | None:
    """The points of a criterion, or of a section with the steps that changed them; None where it has none."""
    if table == "criterion" and isinstance(one.made, Worked):
        return _of_the_run(one.made, name)
    parts = [line.points for line in one.lines if getattr(line, table) == name and line.points is not None]
    return sum(map(Fraction, parts), start=Fraction(0)) if parts else None


def _of_the_run(made: Worked, name: str) -> Fraction | None:
    """The points of a criterion without making every line."""
    line = made.program.by_id.get(name)
    points = made.run.facts.cells[line.index].points if line is not None and line.scored else None
    return None if points is None else Fraction(points, 10**made.program.places)

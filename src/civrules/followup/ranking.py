"""Ranking: who stands where, and who stands apart."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import attrs

from civrules.errors import InvalidInput, NotComparable, Problem, nearest
from civrules.scoring.evaluation import Evaluation

ORDERS = ("score", "community")


@attrs.frozen(kw_only=True)
class Ranked:
    """A place in the order, from the front and from the end; equal places are shared unless the tie was broken."""

    place: int
    from_last: int
    evaluation: Evaluation


@attrs.frozen(kw_only=True)
class Ranking:
    """Who stands where, best first, and who stands apart with the reason: not-rated, or without a score."""

    ranked: tuple[Ranked, ...]
    apart: tuple[tuple[Evaluation, str], ...]

    def first(self, n: int) -> tuple[Ranked, ...]:
        """Everyone whose place is `n` or better; ties at the cut are all in."""
        return tuple(one for one in self.ranked if one.place <= n)

    def last(self, n: int) -> tuple[Ranked, ...]:
        """Everyone whose place counted from the end is `n` or less; ties at the cut are all in."""
        return tuple(one for one in self.ranked if one.from_last <= n)


def rank(
    evaluations: Iterable[Evaluation],
    /,
    *,
    by: Sequence[str] = ("score",),
    within: str | None = None,
    mixed: bool = False,
) -> Ranking:
    """Competition ranks (1, 2, 2, 4), best first whatever the standard's direction.

    `by` is the chain of orders, "score" and "community" (its id, which breaks every tie); what stays tied along it
    shares the better place. `within` ranks the communities of each value of an attribute for themselves. Raises
    NotComparable where editions or tailorings are mixed, unless `mixed`.
    """
    given = tuple(evaluations)
    unknown = [word for word in by if word not in ORDERS]
    if unknown or not by:
        raise InvalidInput(
            Problem(
                "unknown-word", ("by",), ", ".join(unknown), ", ".join(ORDERS), nearest("".join(unknown[:1]), ORDERS)
            )
        )
    editions = {(one.edition, one.digest) for one in given}
    if len(editions) > 1 and not mixed:
        names = sorted(f"{edition} ({digest[:8]})" for edition, digest in editions)
        raise NotComparable(Problem("not-comparable", (), ", ".join(names)))
    if len({one.direction for one in given}) > 1:
        raise NotComparable(Problem("not-comparable", (), "merits, demerits"))
    apart = tuple((one, one.no_score) for one in given if one.no_score is not None)
    groups: dict[Any, list[Evaluation]] = {}
    for one in given:
        if one.score is not None:
            groups.setdefault(one.community.attributes.get(within) if within is not None else None, []).append(one)
    ranked = [one for key in sorted(groups, key=str) for one in _ranked(groups[key], by)]
    return Ranking(ranked=tuple(ranked), apart=apart)


def _ranked(evaluations: list[Evaluation], by: Sequence[str]) -> list[Ranked]:
    keys = [(tuple(_key(one, word) for word in by), one.community.id, one) for one in evaluations]
    keys.sort(key=lambda key: key[:2])
    total = len(keys)
    places: list[int] = []
    for index, (key, _, _) in enumerate(keys):
        places.append(places[-1] if index and key == keys[index - 1][0] else index + 1)
    after = [0] * total
    for index in range(total - 1, -1, -1):
        same = index + 1 < total and keys[index][0] == keys[index + 1][0]
        after[index] = after[index + 1] if same else total - index
    return [
        Ranked(place=place, from_last=last, evaluation=key[2])
        for key, place, last in zip(keys, places, after, strict=True)
    ]


def _key(evaluation: Evaluation, word: str) -> Any:
    """What sorts the best first: the id, or the score."""
    if word == "community":
        return evaluation.community.id
    score = evaluation.score or Decimal(0)
    # copy_negate is exact; a minus sign would round to the host's decimal context.
    return score if evaluation.direction == "demerits" else score.copy_negate()

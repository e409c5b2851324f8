"""Roll-up: one figure for each branch of the tree of communities, or of localities."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from civrules.errors import InvalidInput, NotComparable, Problem, listed, nearest
from civrules.model.community import Community
from civrules.model.figures import Mode, decimal, decimals_of, figure, round_quotient
from civrules.model.mapping import FrozenMapping
from civrules.scoring.evaluation import Evaluation

_BY = ("mean", "share-passing", "worst")
_OVER = ("parent", "locality")
_LEVELS = (12, 9, 6, 4, 2)


def roll_up(
    evaluations: Iterable[Evaluation],
    communities: Iterable[Community] = (),
    /,
    *,
    by: Literal["mean", "share-passing", "worst"] = "mean",
    over: Literal["parent", "locality"] = "parent",
    weight: str | None = None,
    passing: Collection[str] = (),
    decimals: int | None = None,
    mode: Mode = "half-up",
    mixed: bool = False,
) -> Mapping[str, Decimal | None]:
    """A figure for each parent, of all that stands below it: a county sees its streets, a street its compounds.

    `by` is the "mean" of the scores, "share-passing" (from 0 to 1: those whose grade is one of `passing`), or the
    "worst" score. `over` follows `Community.parent`, for which `communities` tell those that have no evaluation
    themselves, or the localities, each in those that contain it. `weight` names an attribute of the communities that
    are evaluated. A quotient is rounded to `decimals`; without them it must have an end. What is not rated or withheld
    is left out, and a parent with nothing rated has None.

    Raises InvalidInput where a weight is missing or not above 0, a quotient has no end, or somebody is its own
    ancestor; NotComparable for mixed editions, unless `mixed`.
    """
    for key, word, words in (("by", by, _BY), ("over", over, _OVER)):
        if word not in words:
            raise InvalidInput(Problem("unknown-word", (key,), word, ", ".join(words), nearest(word, words)))
    if by == "share-passing" and not passing:
        raise InvalidInput(Problem("bad-argument", ("passing",), None, "the grades that pass"))
    given = tuple(evaluations)
    _comparable(given, mixed=mixed)
    known = {one.id: one for one in communities} | {one.community.id: one.community for one in given}
    below: dict[str, list[Evaluation]] = {}
    for one in given:
        for name in _above(one.community, known) if over == "parent" else _around(one.community):
            below.setdefault(name, []).append(one)
    weights = _weights(given, weight)
    exact = {name: _figure(rows, by, weights, frozenset(passing)) for name, rows in below.items()}
    return FrozenMapping({name: _rounded(name, exact[name], decimals, mode) for name in sorted(exact)})


def _comparable(given: tuple[Evaluation, ...], *, mixed: bool) -> None:
    editions = {(one.edition, one.digest) for one in given}
    if len(editions) > 1 and not mixed:
        names = ", ".join(sorted(f"{edition} ({digest[:8]})" for edition, digest in editions))
        raise NotComparable(Problem("not-comparable", (), names))


def _above(community: Community, known: Mapping[str, Community]) -> Iterator[str]:
    """The parents, the nearest first."""
    way = [community.id]
    name = community.parent
    while name is not None:
        if name in way:
            raise InvalidInput(Problem("part-of-itself", (), name, ", ".join((*way, name))))
        yield name
        way.append(name)
        name = known[name].parent if name in known else None


def _around(community: Community) -> Iterator[str]:
    """The locality and those that contain it, the smallest first."""
    place = community.locality
    if place is None:
        return
    yield place
    if place.isdigit():
        yield from (place[:level] for level in _LEVELS if level < len(place))
    elif "-" in place:
        yield place.partition("-")[0]


def _weights(given: tuple[Evaluation, ...], attribute: str | None) -> Mapping[str, Fraction]:
    """What each community weighs."""
    if attribute is None:
        return {one.community.id: Fraction(1) for one in given}
    found, missing = {}, []
    for one in given:
        try:
            found[one.community.id] = Fraction(figure(one.community.attributes.get(attribute))[0])
        except InvalidInput:
            missing.append(one.community.id)
    missing += [name for name, weight in found.items() if weight <= 0]
    if missing:
        raise InvalidInput(Problem("no-weight", (), listed(missing), attribute))
    return found


def _figure(
    rows: list[Evaluation], by: str, weights: Mapping[str, Fraction], passing: frozenset[str]
) -> Fraction | None:
    if by == "share-passing":
        parts = [(Fraction(one.grade in passing), weights[one.community.id]) for one in rows if _graded(one)]
    else:
        parts = [(Fraction(one.score), weights[one.community.id]) for one in rows if one.score is not None]
    if not parts:
        return None
    if by == "worst":
        return (max if rows[0].direction == "demerits" else min)(figure for figure, _ in parts)
    return sum((figure * weight for figure, weight in parts), start=Fraction(0)) / sum(weight for _, weight in parts)


def _graded(one: Evaluation) -> bool:
    return one.grade not in (None, "not-rated", "withheld")


def _rounded(name: str, exact: Fraction | None, decimals: int | None, mode: Mode) -> Decimal | None:
    if exact is None:
        return None
    places = decimals_of(exact) if decimals is None else decimals
    if places is None:
        raise InvalidInput(Problem("no-end", (name,), str(exact)))
    return decimal(round_quotient(exact.numerator * 10**places, exact.denominator, mode), places)

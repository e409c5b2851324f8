"""Outcomes: what follows from an evaluation, as data: orders, conditions, effects, terms."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import InvalidDocument, InvalidInput, Problem
from civrules.model.canonical import STANDS_FOR
from civrules.model.condition import Condition
from civrules.model.figures import figure
from civrules.model.given import Interval, ParameterOf, interval_of, read_parameter
from civrules.model.source import Sources, one_or_many
from civrules.model.text import Text

VERBS = (
    "flag", "award", "notice", "list", "interview", "recommend", "publish", "record", "withhold", "rectify", "credit",
)  # fmt: skip
"""What an effect can do; each effect does one of them."""
DISTINCTIONS = ("flag", "award")
"""What an ineligible evaluation is left out of."""

Amount: TypeAlias = Decimal | ParameterOf
"""A figure, or the parameter that gives it."""


def _amount(value: Any) -> Any:
    if value is None or isinstance(value, ParameterOf):
        return value
    if isinstance(value, Mapping):
        return read_parameter(value)
    exact, percent = figure(value)
    if percent:
        raise InvalidInput(Problem("percent-here", (), value))
    return exact


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class RankingRule:
    """How communities are put in order: a chain of orders, the groups that are ranked for themselves, ties at a cut.

    `by` is the chain, best first: "score", "coverage", "criterion:ID" and "section:ID" (their points), another
    standard's id (its score), "community" (the id, which breaks every tie). What stays tied along it shares the
    better place. `of` ranks the evaluations of another standard than the one that says so. `within` ranks each kind,
    locality, parent or value of an attribute for itself. `mixed` ranks different editions and tailorings together.
    `ties` says whether a tie that crosses a cut is "in" or "out"; in Python None where the document does not say.
    """

    id: str
    title: Text | None = None
    by: tuple[str, ...] = attrs.field(default=("score",), converter=_tuple)
    of: str | None = None
    within: str | None = None
    mixed: bool = False
    ties: Literal["in", "out"] | None = attrs.field(default=None, metadata={STANDS_FOR: "in"})
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)

    @property
    def when_tied(self) -> Literal["in", "out"]:
        """What becomes of a tie that crosses a cut; "in" where the document does not say."""
        return self.ties or "in"

    @property
    def standards(self) -> tuple[str, ...]:
        """The other standards whose scores break ties."""
        return tuple(word for word in self.by if "/" in word)


@attrs.frozen(kw_only=True)
class EndsOn:
    """The event that ends an effect before its term.

    `event` is the event's name, as the host reports it. `of` is whose event it is.
    """

    event: str
    of: Literal["recipient", "community"] = "recipient"


@attrs.frozen(kw_only=True)
class Effect:
    """One thing that follows: one verb, for whom, and until when.

    `flag` gives a flag ("red"). `award` gives an honour of the register, or a name. `notice` sends a notice. `list`
    puts it on a list. `interview` calls those in charge in for a talk. `recommend` recommends something. `publish`
    makes something public. `record` enters something in a file. `withhold` keeps something back, such as a
    certificate. `rectify` opens a case of this procedure. `credit` books points, below 0 where they are taken.
    `account` says on which account they are booked. `amount` is money that goes with it. `to` names bodies; without
    it the effect is the community's. `due` is so long after the day of issue. It holds from that day for as long as
    it `lasts` ("next": until the next issue), to its `last` day, or until an event `ends_on`; without any of these it
    stays. The `anniversary`, the day so long after the first, is the first day after the term unless it is included.
    Raises InvalidDocument.
    """

    flag: str | None = None
    award: str | None = None
    notice: str | None = None
    list: str | None = None
    interview: str | None = None
    recommend: str | None = None
    publish: str | None = None
    record: str | None = None
    withhold: str | None = None
    rectify: str | None = None
    credit: Amount | None = attrs.field(default=None, converter=_amount)
    to: tuple[str, ...] = attrs.field(default=(), converter=one_or_many)
    account: str | None = None
    amount: Amount | None = attrs.field(default=None, converter=_amount)
    due: Interval | None = attrs.field(default=None, converter=interval_of)
    lasts: Interval | None = attrs.field(default=None, converter=interval_of)
    last: date | None = None
    anniversary: Literal["excluded", "included"] = "excluded"
    ends_on: EndsOn | None = None

    def __attrs_post_init__(self) -> None:
        given = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(given) != 1:
            raise InvalidDocument(Problem("one-of", (), ", ".join(given) or None, ", ".join(VERBS)))

    @property
    def verb(self) -> str:
        """What it does: one of `VERBS`."""
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def what(self) -> str | None:
        """The flag, the award, …; None for a credit, which has points."""
        return None if self.credit is not None else str(getattr(self, self.verb))


@attrs.frozen(kw_only=True)
class Outcome:
    """What follows when a condition holds.

    `when` is the condition, on the evaluation, places, history and what is in force. `then` are its effects. `by` is
    the body that issues it. There are as many `seats` as it says, given by place in the ranking `order` (left out:
    the one that the condition names). `strength` is as for criteria: "should" is a recommendation.
    """

    id: str
    title: Text
    when: Condition
    then: tuple[Effect, ...] = attrs.field(converter=one_or_many)
    by: str | None = None
    seats: int | ParameterOf | None = None
    order: str | None = None
    strength: Literal["must", "should", "informative"] = "must"
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Composed:
    """What a criterion of a composite is made of: evaluations of another standard.

    `standard` is the other standard's id. `of` says whether their score or their grade is handed in; left out, what
    the criterion's measure takes. With `per` one is expected for each window of the period, `nth` is one of them
    (from 1). `lacking` says what a window without a score makes of the criterion: it is "missing", the window is
    passed over ("skip"), or it counts 0 ("zero").
    """

    standard: str
    of: Literal["score", "grade"] | None = None
    per: str | None = None
    nth: int | None = None
    lacking: Literal["missing", "skip", "zero"] = "missing"


def composed(value: Any) -> Composed | None:
    """What a criterion is made of: a table, or the standard's id alone."""
    return Composed(standard=value) if isinstance(value, str) else value

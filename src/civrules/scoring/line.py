"""CompiledLine: what one criterion becomes once everything that can be decided before facts is decided."""

from collections.abc import Hashable, Mapping
from copy import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.days import Duration
from civrules.model.figures import NotApplicable, Ratio, decimals_of, plain, round_quotient
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import Event, Frequency, Limits
from civrules.model.measures.adopted import Raised
from civrules.model.measures.measure import Open, amount
from civrules.model.observation import Observation
from civrules.model.standard import Criterion, Missing, Section, Standard

Points = int | Fraction
"""Points in the program's unit: whole, or an exact fraction that a later step rounds."""

Result = Literal[
    "pass", "partial", "fail", "advice", "not-applicable", "not-checked", "informational", "waived", "error"
]  # fmt: skip
State = Literal["seen", "not-applicable", "missing", "unrecorded", "waived"]
_TURNED: dict[str, Result] = {"pass": "fail", "fail": "pass", "partial": "partial"}
_MOST_REMEMBERED = 4096
MEASURE_ERROR = "measure-error"
"""Why a value is missing that a plugin's measure failed on."""


@attrs.define
class Cell:
    """What is known of one criterion of one community."""

    state: State
    read: Any = None
    """The value read, the worst one where something missing stands as that, else None."""
    points: Points | None = None
    """None where nothing may be said: not applicable, or missing and held."""
    result: Result | None = None
    """What conditions see."""
    reason: str | None = None
    seen: tuple[Observation, ...] = ()
    reach: Points | None = None
    """The most it could give where that is not the criterion's own."""
    looked: tuple[int, int] | None = None
    """At how many of how many places somebody looked, for a criterion that counts per unit."""
    parts: tuple[tuple[str, "Cell"], ...] = ()
    """The cell of every place."""
    raw: Fraction | None = None
    """The figure behind a change."""
    counts: Any = None
    """What the findings of several looks or places add up to, for conditions; None where they see what was read."""
    skipped: bool = False
    """Whether it leaves the denominator."""
    line: "CompiledLine | None" = attrs.field(default=None, eq=False, repr=False)
    """The line as its numbers are given here; None where it is the program's own."""
    alone: bool = False
    """Whether it comes from one plain look: the line keeps it for every look of that value, so that it holds none."""
    detail: str | None = None
    """What a plugin's measure raised."""
    words: dict[str, str] = attrs.field(factory=dict, eq=False, repr=False)
    """What it says in each language, kept where it is `alone`."""


@attrs.frozen
class Rounder:
    """One step's rounding: to `places` decimals in a unit of 10^-`unit`; None carries the fraction on."""

    places: int | None
    unit: int
    mode: Any

    def round(self, points: Points) -> Points:
        """The points at this step's decimals."""
        return self.quotient(points.numerator, points.denominator)

    def quotient(self, numerator: int, denominator: int) -> Points:
        """`numerator / denominator` at this step's decimals."""
        if self.places is None:
            return divided(numerator, denominator)
        step: int = 10 ** (self.unit - self.places)
        if step == 1 and denominator == 1:
            return numerator
        return round_quotient(numerator, denominator * step, self.mode) * step


Against = Fraction | Literal["nothing"] | None
"""What a change is read against: the figure of the period before, nothing where there is none; None: not known yet."""


class CompiledLine:
    """One criterion with its policies, its ends and a memory of values already judged."""

    __slots__ = (
        "_most_of",
        "_sample",
        "_unseen",
        "adjusts",
        "against",
        "best",
        "change",
        "counted",
        "criterion",
        "event",
        "full",
        "given",
        "id",
        "index",
        "judged_best",
        "judged_worst",
        "kept",
        "least",
        "limits",
        "measure",
        "missing",
        "most",
        "not_applicable",
        "open_ended",
        "path",
        "plain",
        "recorded",
        "required",
        "rounder",
        "scored",
        "section",
        "strength",
        "turned",
        "unit",
        "valid_for",
        "windowed",
        "worst",
    )  # fmt: skip

    def __init__(
        self,
        standard: Standard,
        path: tuple[Section, ...],
        criterion: Criterion,
        index: int,
        unit: int,
        *,
        given: bool = False,
    ) -> None:
        self.given = given
        """Whether a number of the criterion is given, so that the measure is one of several until it is known."""
        self.path = tuple(section.id for section in path)
        self.section = self.path[-1]
        self.criterion = criterion
        self.id = criterion.id
        self.index = index
        self.unit = unit
        self.measure: Any = criterion.measure
        self.limits = criterion.limits
        self.event = isinstance(criterion.measure, Event)
        own = criterion.missing or next((one.missing for one in reversed(path) if one.missing is not None), None)
        self.missing: Missing = own or standard.when_missing
        self.not_applicable = criterion.not_applicable or standard.when_not_applicable
        self.strength = criterion.strength
        self.scored = criterion.scored
        self.most = Fraction(criterion.points or 0)
        self.full = int(self.most * 10**unit)
        self.least = Fraction(criterion.least)
        self.open_ended = criterion.full is None
        self.turned = standard.direction == "demerits"
        # What gives no points has no say in the unit, which may be coarser than the criterion's decimals.
        step = standard.rounding.criterion if criterion.quotient and self.scored else "exact"
        self.rounder = Rounder(step if isinstance(step, int) else None, unit, standard.rounding.mode)
        self.adjusts = any(section.role == "adjustment" for section in path)
        self.counted = self.scored or bool(getattr(criterion.measure, "must_report", False))
        # What is only recorded when it happens is missing only where the document says so.
        self.recorded = own is None and (self.adjusts or (criterion.points == 0 and criterion.least < 0))
        self.required = self.counted and not self.recorded
        valid_for = standard.interval(criterion.valid_for)
        self.valid_for = Duration.of(valid_for) if valid_for is not None else None
        self.windowed = isinstance(criterion.measure, Frequency)
        self._sample = criterion.sample if criterion.per_unit is None else None
        # A change is read against the previous evaluation, so that what one value means is not known from it alone.
        self.against: Against = None
        self.change = bool(getattr(self.measure, "change", False))
        # One look without a day is the whole story, unless it has to be counted, placed, compared or still be fresh.
        several = self.event or self.windowed or self.change or criterion.per_unit is not None
        self.plain = not several and criterion.valid_for is None
        self._most_of = getattr(self.measure, "most_of", None)
        self.kept: dict[Hashable, Cell] = {}
        """The cells of plain looks, without a day and without attribution, by what was seen."""
        self._unseen: Cell | None = None
        self._ends()

    def _ends(self) -> None:
        few, many = self.measure.ends(self._range(), self.most, self.least)
        if self.turned and not self.measure.loses:
            few, many = many, few
        self.worst, self.best = few, many
        unbounded = self.open_ended and not getattr(self.measure, "bounded", True)
        self.judged_worst: tuple[Points | None, Result] = (None, "fail") if unbounded else self.judge(few)
        self.judged_best: tuple[Points, Result] = self.judge(many)

    def _range(self) -> Limits:
        """What may be read: what may be observed, or the differences of that."""
        if not self.change:
            return self.limits
        low, high = self.limits.ends(percent=bool(getattr(self.measure, "percent", False)))
        few, many = low - high, high - low
        if isinstance(self.against, Fraction):
            few, many = low - self.against, high - self.against
        elif self.against == "nothing" and self.measure.first is not None:
            few = many = amount(self.measure.first)
        return Limits((few, many), self.limits.decimals)

    def after(self, previous: Fraction | None) -> "CompiledLine":
        """The line of a change where this is the figure of the period before; None where there is none."""
        made = copy(self)
        made.against = "nothing" if previous is None else previous
        made.kept, made._unseen = {}, None  # its own copy
        made._ends()
        return made

    @property
    def reaches_vary(self) -> bool:
        """Whether the most that it could give goes by what was seen."""
        return bool(getattr(self.measure, "weighted", False)) or self.criterion.places == "sum"

    @property
    def idle(self) -> bool:
        """Whether it is a change with nothing to be compared with, and the standard does not say what counts then."""
        return self.against == "nothing" and self.measure.first is None

    def judge(self, read: Any) -> tuple[Points, Result]:
        """Points in units and the result, rounded at this step; in demerits the points are what is lost."""
        points, result = self.exactly(read)
        return self.rounded(points), result

    def rounded(self, points: Points, times: int = 1) -> Points:
        """The points at the criterion's decimals, still within what it can give so many `times`."""
        if self.rounder.places is None:
            return points
        rounded = max(self.rounder.round(points), units(self.least, self.unit) * times)
        return rounded if self.open_ended else min(rounded, self.full * times)

    def exactly(self, read: Any) -> tuple[Points, Result]:
        """Points in units and the result, before rounding."""
        result: Result
        if self.turned and self.measure.loses:
            given, result = self.measure.judge(read, self.most, None if self.open_ended else Fraction(0))
            given = (self.most if self._most_of is None else self._most_of(read, self.most)) - given
        else:
            given, result = self.measure.judge(read, self.most, self.least)
            if self.turned and not self.event:
                result = _TURNED[result]
        clamped = max(self.least, given if self.open_ended else min(self.most, given))
        return units(clamped, self.unit), result

    @property
    def nothing(self) -> tuple[Points, Result]:
        """The points and the result of a line that gives nothing: in demerits all that it can cost."""
        return (self.full if self.turned else int(self.least * 10**self.unit)), "fail"

    def read(self, value: Any) -> tuple[Any, Points, Result]:
        """The value read and judged; NotApplicable or Open come back unjudged. Raises InvalidInput."""
        read = self.measure.read(value, self.limits)
        if isinstance(read, NotApplicable | Open):
            return read, 0, "not-applicable"
        return read, *self.judge(read)

    def keep(self, value: Any, cell: Cell) -> Cell:
        """The cell of one look that is the whole story, kept for looks that saw the same."""
        cell.line = self
        key = key_of(value)
        # What was said not to apply has its own reason each time.
        if key is not None and cell.state == "seen" and len(self.kept) < _MOST_REMEMBERED:
            cell.seen, cell.alone = (), True
            self.kept[key] = cell
        return cell

    @property
    def unseen(self) -> Cell:
        """The cell where nobody looked."""
        if self._unseen is None:
            self._unseen = self.not_checked("no-observation")
            self._unseen.line = self
        return self._unseen

    def seen(
        self,
        value: Any,
        observations: tuple[Observation, ...],
        *,
        rounded: bool = True,
    ) -> Cell:
        """The cell of a value that was seen; not `rounded` where more is to be combined first. Raises InvalidInput."""
        try:
            return self._looked(value, observations, rounded=rounded)
        except Raised as error:
            cell = self.not_checked(MEASURE_ERROR, observations)
            cell.detail = error.detail
            return cell

    def _looked(self, value: Any, observations: tuple[Observation, ...], *, rounded: bool) -> Cell:
        if isinstance(value, NotApplicable):
            return self.does_not_apply(value, observations)
        if self.not_applicable == "refuse" and isinstance(value, Mapping):
            self._refuse_items(value)
        if self._sample is not None and isinstance(value, Ratio) and 0 < value.read()[1] < self._sample:
            return self.not_checked("sample-too-small", observations)
        if self.change:
            return self._changed(value, observations)
        if self.windowed:
            # One look alone says nothing of the windows, but whether it can be read is known.
            self.measure.read(value, self.limits)
            return self.not_checked("no-observation", observations)
        read, points, result = self.read(value)
        if not rounded and self.rounder.places is not None and not isinstance(read, NotApplicable | Open):
            points, result = self.exactly(read)
        if isinstance(read, NotApplicable):
            return self.does_not_apply(read, observations)
        if isinstance(read, Open):
            return self.not_checked(read.reason, observations)
        cell = Cell("seen", read, points, self.judged(result), None, observations)
        if self._most_of is not None:
            reach = units(self._most_of(read, self.most), self.unit)
            cell.reach = None if reach == self.full else reach
        return cell

    def _changed(self, value: Any, observations: tuple[Observation, ...]) -> Cell:
        """The cell of a change; the figure itself is kept for the period after."""
        raw = self.measure.read(value, self.limits)
        if isinstance(raw, NotApplicable):
            return self.does_not_apply(raw, observations)
        if isinstance(self.against, Fraction):
            cell = self.settled(raw - self.against, observations)
        elif self.measure.first is not None:
            cell = self.settled(amount(self.measure.first), observations)
        else:
            cell = self.inapplicable("no-earlier-period", observations)
        cell.raw = raw
        return cell

    def settled(self, read: Any, observations: tuple[Observation, ...]) -> Cell:
        """The cell of what was read already, from all looks together; not rounded yet."""
        if isinstance(read, NotApplicable):
            return self.inapplicable(read.reason, observations)
        points, result = self.exactly(read)
        return Cell("seen", read, points, self.judged(result), None, observations)

    def judged(self, result: Result) -> Result:
        """The result as the criterion's strength has it: a "should" that falls short is advice."""
        if self.strength == "informative":
            return "informational"
        return "advice" if self.strength == "should" and result != "pass" else result

    def does_not_apply(self, stated: NotApplicable, observations: tuple[Observation, ...]) -> Cell:
        """The cell of "does not apply". Raises InvalidInput where it is refused or has no reason."""
        if self.not_applicable == "refuse":
            raise InvalidInput(Problem("not-applicable-refused", (), f"n/a: {stated.reason}", self.id))
        if not isinstance(stated.reason, str) or not stated.reason.strip():
            raise InvalidInput(Problem("no-reason", (), stated.reason))
        return self.inapplicable(stated.reason, observations)

    def inapplicable(self, reason: str, observations: tuple[Observation, ...] = ()) -> Cell:
        """The cell of what does not apply: it leaves the denominator, or earns its full points."""
        if self.not_applicable == "full" and not self.adjusts:
            points = 0 if self.turned else self.full
            return Cell("not-applicable", None, points, "not-applicable", reason, observations)
        return Cell("not-applicable", None, None, "not-applicable", reason, observations, skipped=True)

    def _refuse_items(self, value: Mapping[str, Any]) -> None:
        """Raise InvalidInput where an item is said not to apply."""
        stated = [(item, one) for item, one in value.items() if isinstance(one, NotApplicable)]
        if stated:
            problems = (
                Problem("not-applicable-refused", (), f"n/a: {one.reason}", f"{self.id}:{item}") for item, one in stated
            )
            raise InvalidInput(problems)

    def not_checked(self, reason: str, observations: tuple[Observation, ...] = ()) -> Cell:
        """The cell of a value that is missing, as the policy has it stand."""
        if self.idle:
            return self.inapplicable("no-earlier-period", observations)
        if self.event and not self.required and reason == "no-observation":
            return Cell("unrecorded", "no", 0, "pass", reason, observations)
        unrecorded = self.recorded and reason in ("no-observation", "expired")
        if unrecorded or (not self.counted and not self.event):
            return Cell("unrecorded", None, 0, "not-checked", reason, observations)
        if self.missing == "worst":
            points, result = self.judged_worst
            return Cell("missing", self.worst, points, self.judged(result), reason, observations)
        return Cell("missing", None, None, None, reason, observations, skipped=self.missing == "rescale")

    def completed(self, *, favourable: bool) -> Cell:
        """The cell of a missing value at the most or the least favourable that the measure allows."""
        points, result = self.judged_best if favourable else self.judged_worst
        return Cell("seen", self.best if favourable else self.worst, points, self.judged(result))


SCALARS = frozenset({str, int, bool, float})
"""The kinds of value that are their own key."""
_WHOLE = frozenset({str, int, bool})


def key_of(value: Any) -> Hashable:
    """What tells a value from all that read differently: also 1 from yes, and 1 from 1.0; None where nothing does."""
    kind = value.__class__
    if kind in SCALARS:
        return kind, value
    if kind is FrozenMapping:
        items = tuple(value.items())
        kinds = tuple([part.__class__ for _, part in items])
        return (kinds, items) if _WHOLE.issuperset(kinds) else None
    if kind is Ratio:
        n, of = value.n, value.of
        return (kind, n, of) if n.__class__ is int and of.__class__ is int else None
    if kind is Decimal:
        # A signalling NaN has no hash; like every other it is refused where it is read.
        return (kind, value) if value.is_finite() else None
    return None


def as_decimal(number: Fraction) -> Decimal:
    """A fraction that ends as a figure."""
    return Decimal(plain(number))


def divided(numerator: int, denominator: int) -> Points:
    """`numerator / denominator`, whole where it is."""
    size, rest = divmod(numerator, denominator)
    return Fraction(numerator, denominator) if rest else size


def whole(points: Points) -> Points:
    """A fraction as a whole number where it is one."""
    return points.numerator if isinstance(points, Fraction) and points.denominator == 1 else points


def units(points: Fraction, unit: int) -> Points:
    """Points in a unit of 10^-`unit`, whole where they are."""
    scaled = points * int(10**unit)
    return scaled.numerator if scaled.denominator == 1 else scaled


def places(standard: Standard, criterion: Criterion) -> int:
    """How many decimals the line's points have where they are no fraction."""
    own = max(
        decimals_of(Fraction(criterion.points or 0)) or 0,
        decimals_of(Fraction(criterion.least)) or 0,
        criterion.measure.places(criterion.limits, Fraction(criterion.points or 0)),
    )
    if criterion.quotient and isinstance(standard.rounding.criterion, int):
        own = max(own, standard.rounding.criterion)
    return own

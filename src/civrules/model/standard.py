"""Standard: a versioned, dated, immutable scoring document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import InvalidDocument, InvalidInput, Problem, nearest
from civrules.model.canonical import digest
from civrules.model.community import check_locality
from civrules.model.condition import Condition, Threshold, optional_threshold, threshold
from civrules.model.days import Period
from civrules.model.figures import Count, Mode, Number, decimals_of, figure, plain
from civrules.model.given import ByAttribute, Dated, ParameterOf, givens, table_of
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import Event, Limits, Marks, Measure
from civrules.model.observation import Method
from civrules.model.soundness import MOST_PROBLEMS, problems_of
from civrules.model.text import Text

Missing = Literal["worst", "rescale", "hold", "refuse"]
Applicability = Literal["rescale", "full", "refuse"]
Combine = Literal["sum", "weighted", "mean", "worst"]


_UNKNOWN = (Decimal(1),)
"""Stands for a parameter of which nothing is known where only the form of a measure is checked."""


def _decimal(value: Any) -> Decimal:
    if isinstance(value, ParameterOf | Dated | ByAttribute):
        raise InvalidDocument(Problem("parameter-here", (), ", ".join(table_of(value)), "a figure"))
    return figure(value)[0]


def _optional(value: Number | None) -> Decimal | None:
    return None if value is None else _decimal(value)


def _range(value: Any) -> tuple[Decimal, Decimal] | None:
    return None if value is None else (_decimal(value[0]), _decimal(value[1]))


def _one_or_many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else () if value is None else (value,)


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _tags(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _thresholds(values: Mapping[str, Any]) -> FrozenMapping[str, Threshold]:
    return FrozenMapping({name: threshold(value) for name, value in values.items()})


def _effect(then: Mapping[str, Any]) -> FrozenMapping[str, Any]:
    return FrozenMapping({key: _decimal(value) if key == "score" else value for key, value in then.items()})


@attrs.frozen(kw_only=True)
class Source:
    """Where a rule comes from: the document, the printed label of the clause, and a stable id of ours.

    `provenance` is "reference" where the document leaves the figure open and we chose it.
    """

    document: str | None = None
    clause: str | None = None
    id: str | None = None
    provenance: Literal["published", "reference"] = "published"


@attrs.frozen(kw_only=True)
class Rounding:
    """Decimals at each step that rounds a quotient. There are no default decimals.

    `grade_from` says whether bands compare the rounded score or the fraction behind it.
    """

    criterion: int | Literal["exact"] | None = None
    section: int | Literal["exact"] | None = None
    total: int | None = None
    mode: Mode = "half-up"
    grade_from: Literal["rounded", "exact"] = "rounded"


@attrs.frozen(kw_only=True)
class Responsible:
    """Who answers for a line: who leads, who supports, who evaluates, through whom."""

    lead: str | None = None
    support: tuple[str, ...] = attrs.field(default=(), converter=_one_or_many)
    evaluator: str | None = None
    via: str | None = None


@attrs.frozen(kw_only=True)
class Issued:
    """By whom and when the document was issued, and who interprets it."""

    by: str | None = None
    on: str | None = None
    interpreter: str | None = None


@attrs.frozen(kw_only=True)
class Reading:
    """How we read what the text leaves open; every evaluation repeats it."""

    text: Text
    at: str | None = None
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)


@attrs.frozen(kw_only=True)
class Blank:
    """What a blank cell of a table means: "does not apply", for this reason."""

    not_applicable: str


@attrs.frozen(kw_only=True)
class Table:
    """How tables of observations are read for this standard; without `blank` a blank cell is not observed."""

    blank: Blank | None = None


@attrs.frozen(kw_only=True)
class Passing:
    """The share of places that must pass."""

    at_least: Threshold = attrs.field(converter=threshold)


@attrs.frozen(kw_only=True)
class Criterion:
    """One line of the sheet: what it can earn (or, in demerits, cost) and the measure that decides.

    `points` is the most it gives, `least` the least. `range` and `decimals` say what may be observed; more is refused.
    `strength` "should" is judged but falls short as advice, and weighs nothing unless it has points; "informative" is
    shown and never judged. `applies_when` decides, from the community alone, whether the criterion applies; `valid_for`
    says how long an observation holds; `weight` is its share in a section that is `weighted`. `pool`, `assessors` and
    `places` make one of several looks, assessors and places of the community's register `per_unit`; with fewer places,
    or a smaller m of n of m, than `sample` it is not checked.
    """

    id: str
    title: Text
    points: Decimal | None = attrs.field(default=None, converter=_optional)
    least: Decimal = attrs.field(default=Decimal(0), converter=_decimal)
    measure: Measure
    range: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=_range)
    decimals: int = 4
    strength: Literal["must", "should", "informative"] = "must"
    weight: Decimal | None = attrs.field(default=None, converter=_optional)
    tags: frozenset[str] = attrs.field(factory=frozenset, converter=_tags)
    missing: Missing | None = None
    not_applicable: Applicability | None = None
    applies_when: Condition | None = None
    valid_for: str | None = None
    pool: Literal["latest", "sum", "mean", "worst", "best"] = "latest"
    assessors: Literal["mean", "worst", "best"] | None = None
    per_unit: str | None = None
    places: "Literal['worst', 'best', 'mean', 'sum'] | Passing | None" = None
    sample: Count | None = None
    method: Method | None = None
    responsible: Responsible | None = None
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)

    @property
    def quotient(self) -> bool:
        """Whether its points can be a quotient, which the standard must round."""
        return self.measure.quotient() or "mean" in (self.pool, self.assessors, self.places)

    @property
    def scored(self) -> bool:
        """Whether the line has points that count: not an event, not informative, not a "should" without points."""
        if isinstance(self.measure, Event) or self.strength == "informative":
            return False
        return self.strength == "must" or self.points is not None

    @property
    def full(self) -> Fraction | None:
        """The most that it adds; None where it has no most."""
        if not self.scored:
            return Fraction(0)
        return None if self.points is None else Fraction(self.points)

    @property
    def limits(self) -> Limits:
        """What may be observed: the range declared, and for marks the criterion's own points."""
        if not isinstance(self.measure, Marks) or self.points is None:
            return Limits(self.range, self.decimals)
        low, high = self.range or (self.least, self.points)
        return Limits((max(low, self.least), min(high, self.points)), self.decimals)


@attrs.frozen(kw_only=True)
class Section:
    """A branch of the sheet: holds sections or criteria, never both.

    `combine` makes one figure of its members' points; that is brought to `scale_to`, then held between `floor` and
    `cap`. A section of `role` "adjustment" (加减分) is signed and added after the total.
    """

    id: str
    title: Text
    children: "tuple[Section, ...] | tuple[Criterion, ...]" = attrs.field(converter=_tuple)
    combine: Combine = "sum"
    role: Literal["base", "adjustment"] = "base"
    weight: Decimal | None = attrs.field(default=None, converter=_optional)
    scale_to: Decimal | None = attrs.field(default=None, converter=_optional)
    cap: Decimal | None = attrs.field(default=None, converter=_optional)
    floor: Decimal | None = attrs.field(default=None, converter=_optional)
    missing: Missing | None = None
    responsible: Responsible | None = None
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)

    @cached_property
    def sections(self) -> "tuple[Section, ...]":
        """The sections that it holds."""
        return tuple(one for one in self.children if isinstance(one, Section))

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that it holds itself."""
        return tuple(one for one in self.children if isinstance(one, Criterion))

    @property
    def scored(self) -> bool:
        """Whether anything in it has points that count."""
        return any(one.scored for one in self.children)

    @cached_property
    def combined(self) -> Fraction | None:
        """The most that its members give together, before `scale_to` and `cap`; None where one has no most."""
        members = [one for one in self.children if one.scored]
        parts = [(one.full, Fraction(one.weight if one.weight is not None else 1)) for one in members]
        known = [(part, weight) for part, weight in parts if part is not None]
        return None if len(known) < len(parts) else combine(self.combine, known)

    @cached_property
    def full(self) -> Fraction | None:
        """Its full points: `scale_to`, else what its members give together, at most its `cap`."""
        most = Fraction(self.scale_to) if self.scale_to is not None else self.combined
        return most if most is None or self.cap is None else min(most, Fraction(self.cap))

    def walk(self) -> "Iterator[Section]":
        """This section and all below it, in the document's order."""
        yield self
        for section in self.sections:
            yield from section.walk()


def combine(how: Combine, parts: Sequence[tuple[Fraction, Fraction]], *, demerits: bool = False) -> Fraction:
    """One figure from members' points and weights: their sum, mean, weighted mean, or the least favourable; 0 of none.

    >>> combine("weighted", [(Fraction(10), Fraction(3)), (Fraction(2), Fraction(1))])
    Fraction(8, 1)
    """
    if not parts:
        return Fraction(0)
    if how == "sum":
        return sum((points for points, _ in parts), start=Fraction(0))
    if how == "worst":
        return (max if demerits else min)(points for points, _ in parts)
    weights = [weight if how == "weighted" else Fraction(1) for _, weight in parts]
    total = sum(weights, start=Fraction(0))
    return sum((points * weight for (points, _), weight in zip(parts, weights, strict=True)), start=Fraction(0)) / total


@attrs.frozen(kw_only=True)
class Parameter:
    """A number that the document leaves to the host: set by `Standard.bind`, else its `default`, else open."""

    id: str
    title: Text
    unit: str | None = None
    between: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=_range)
    default: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)


@attrs.frozen(kw_only=True)
class Printed:
    """A band as the document prints it; for lint and readers only."""

    first: Decimal | None = attrs.field(default=None, converter=_optional)
    last: Decimal | None = attrs.field(default=None, converter=_optional)


@attrs.frozen(kw_only=True)
class Grade:
    """A band with one closed end; without one it takes what is left; `gate_only` grades come from gates alone."""

    id: str
    title: Text | None = None
    at_least: Decimal | None = attrs.field(default=None, converter=_optional)
    at_most: Decimal | None = attrs.field(default=None, converter=_optional)
    requires: Condition | None = None
    gate_only: bool = False
    printed: Printed | None = None
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)


@attrs.frozen(kw_only=True)
class Gate:
    """When the condition holds, one thing follows.

    `zero` empties a criterion or section, `score` sets the score, `grade_at_most` caps the grade, `grade` forces it,
    `ineligible = true` leaves both and takes the evaluation out of ranks, flags and awards.
    """

    id: str
    title: Text
    when: Condition
    then: Mapping[str, Any] = attrs.field(converter=_effect)
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)


Grades: TypeAlias = tuple[Grade, ...]


@attrs.frozen(kw_only=True)
class Standard:
    """A versioned, dated, immutable scoring document. One that exists is sound: every rule of the format holds.

    `id` is "plugin/name". `rescale` says whether what does not apply leaves the total or its section; below the minimum
    `coverage` the grade is withheld. `floor` and `cap` hold the score; a standard with adjustments must say its cap.
    Raises InvalidDocument with every problem where the parts do not fit together.
    """

    id: str
    version: str
    title: Text
    kinds: tuple[str, ...] = attrs.field(converter=_tuple)
    locality: str | None = None
    effective: Period = attrs.field(factory=Period)
    direction: Literal["merits", "demerits"] = "merits"
    total: Decimal | None = attrs.field(default=None, converter=_optional)
    scale: bool = False
    rounding: Rounding = attrs.field(factory=Rounding)
    missing: Missing = "worst"
    not_applicable: Applicability = "rescale"
    rescale: Literal["total", "section"] = "total"
    coverage: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    floor: Decimal = attrs.field(default=Decimal(0), converter=_decimal)
    cap: Decimal | None = attrs.field(default=None, converter=_optional)
    table: Table = attrs.field(factory=Table)
    bound: Mapping[str, Threshold] = attrs.field(factory=FrozenMapping, converter=_thresholds)
    parameters: tuple[Parameter, ...] = attrs.field(default=(), converter=_tuple)
    sections: tuple[Section, ...] = attrs.field(converter=_tuple)
    grades: Grades = attrs.field(default=(), converter=_tuple)
    gates: tuple[Gate, ...] = attrs.field(default=(), converter=_tuple)
    readings: tuple[Reading, ...] = attrs.field(default=(), converter=_tuple)
    issued: Issued | None = None
    source: tuple[Source, ...] = attrs.field(converter=_one_or_many)

    def __attrs_post_init__(self) -> None:
        problems = tuple(islice(problems_of(self), MOST_PROBLEMS))
        if problems:
            raise InvalidDocument(problems)
        if self.locality is not None:
            object.__setattr__(self, "locality", check_locality(self.locality))

    @property
    def numbers(self) -> Mapping[str, Threshold]:
        """The parameters that have a number: those bound, else their defaults."""
        defaults = {one.id: one.default for one in self.parameters if one.default is not None}
        return FrozenMapping({**defaults, **self.bound})

    @cached_property
    def choices(self) -> Mapping[str, tuple[Threshold, ...]]:
        """For every parameter the numbers that it may have: the one it has, else the ends between which it lies."""
        numbers = self.numbers
        return FrozenMapping(
            {one.id: (numbers[one.id],) if one.id in numbers else one.between or _UNKNOWN for one in self.parameters}
        )

    @property
    def open_parameters(self) -> tuple[str, ...]:
        """The parameters that something needs and nobody has set; lines that need them stay not-checked."""
        needed = (one.parameter for one in givens(tuple(self.criteria.values())) if isinstance(one, ParameterOf))
        return tuple(name for name in dict.fromkeys(needed) if name not in self.numbers)

    def bind(self, parameters: Mapping[str, Number]) -> "Standard":
        """The same edition with parameters set; the digest says so. Raises InvalidInput with every problem."""
        known = {one.id: one for one in self.parameters}
        problems = [problem for name, value in parameters.items() for problem in _unbindable(known, name, value)]
        if problems:
            raise InvalidInput(problems)
        return attrs.evolve(self, bound={**self.bound, **parameters})

    @property
    def edition(self) -> str:
        """The id and the version: plugin/name@version."""
        return f"{self.id}@{self.version}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, as 64 hex digits."""
        return digest(self)

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by id, in the document's order."""
        return FrozenMapping({one.id: one for section in self.walk() for one in section.criteria})

    @property
    def full(self) -> Decimal | None:
        """The most that the base sections give together; None where a line has no most, or the sum no end."""
        most = self.most
        return None if most is None or decimals_of(most) is None else Decimal(plain(most))

    @property
    def most(self) -> Fraction | None:
        """The same exactly, a sum without end too."""
        parts = [section.full for section in self.sections if section.role == "base"]
        known = [part for part in parts if part is not None]
        return sum(known, start=Fraction(0)) if len(known) == len(parts) else None

    def walk(self) -> Iterator[Section]:
        """Every section, in the document's order, each before those it holds."""
        for section in self.sections:
            yield from section.walk()


def _unbindable(known: Mapping[str, Parameter], name: str, value: Any) -> Iterator[Problem]:
    """Why a parameter cannot take a value."""
    if name not in known:
        yield Problem("unknown-id", (name,), name, "parameter", nearest(name, known))
        return
    try:
        number = figure(value)[0]
    except InvalidInput as error:
        yield from error.within(name)
        return
    between = known[name].between
    if between is not None and not between[0] <= number <= between[1]:
        yield Problem("out-of-range", (name,), value, f"{plain(between[0])} … {plain(between[1])}")

"""Standard: a versioned, dated, immutable scoring document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import InvalidDocument, InvalidInput, Problem, nearest
from civrules.model.canonical import STANDS_FOR, default_of
from civrules.model.community import Fact
from civrules.model.condition import Condition, Threshold, optional_threshold, threshold
from civrules.model.document import Document, Parameter
from civrules.model.figures import Count, Mode, Number, decimals_of, figure, plain
from civrules.model.given import (
    ByAttribute,
    Dated,
    Given,
    Interval,
    ParameterOf,
    Setting,
    givens,
    interval_of,
    setting_of,
    table_of,
)
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import AnyMeasure, Event, Limits, Marks, of_any
from civrules.model.observation import Method
from civrules.model.outcome import Composed, Outcome, RankingRule, composed
from civrules.model.parameters import Use, fits, is_interval, uses_of
from civrules.model.procedure import NO_PROCEDURE, Procedure
from civrules.model.responsible import Responsibility, Responsible, answering, responsibility
from civrules.model.soundness import problems_of
from civrules.model.soundness.places import sections_with_places
from civrules.model.source import Source, one_or_many
from civrules.model.text import Text

Missing = Literal["worst", "rescale", "hold", "refuse"]
Applicability = Literal["rescale", "full", "refuse"]
Combine = Literal["sum", "weighted", "mean", "worst"]
RESTING = ("extends", "uses", "drop")
"""Keys of a document's head that name other documents; a Standard is whole and has none of them."""


_UNKNOWN = (Decimal(1),)
_ANY_INTERVAL = ("1 month",)
"""These stand for a parameter of which nothing is known where only the form of a measure is checked."""


def _decimal(value: Any) -> Decimal:
    if isinstance(value, ParameterOf | Dated | ByAttribute):
        raise InvalidDocument(Problem("parameter-here", (), ", ".join(table_of(value)), "a figure"))
    return figure(value)[0]


def _optional(value: Number | None) -> Decimal | None:
    return None if value is None else _decimal(value)


def _range(value: Any) -> tuple[Decimal, Decimal] | None:
    return None if value is None else (_decimal(value[0]), _decimal(value[1]))


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _tags(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _settings(values: Mapping[str, Any]) -> FrozenMapping[str, Setting]:
    return FrozenMapping({name: setting_of(value) for name, value in values.items()})


def _frozen(items: Mapping[Any, Any]) -> FrozenMapping[Any, Any]:
    return FrozenMapping(items)


def _effect(then: Mapping[str, Any]) -> FrozenMapping[str, Any]:
    return FrozenMapping({key: _decimal(value) if key == "score" else value for key, value in then.items()})


@attrs.frozen(kw_only=True)
class Rounding:
    """Decimals at each step that rounds a quotient. There are no default decimals.

    `criterion`, `section` and `total` are those of each step; "exact" carries the fraction on to the next that
    rounds. `mode` says where what lies between goes. `grade_from` says whether bands compare the rounded score or the
    fraction behind it.
    """

    criterion: int | Literal["exact"] | None = None
    section: int | Literal["exact"] | None = None
    total: int | None = None
    mode: Mode = "half-up"
    grade_from: Literal["rounded", "exact"] = "rounded"
    fixed: bool = False


@attrs.frozen(kw_only=True)
class Blank:
    """What a blank cell of a table means: it does not apply, and `not_applicable` is the reason."""

    not_applicable: str


@attrs.frozen(kw_only=True)
class Table:
    """How tables of observations are read for this standard; without `blank` a blank cell is not observed."""

    blank: Blank | None = None
    fixed: bool = False


@attrs.frozen(kw_only=True)
class Passing:
    """How many places must pass: `at_least` this share of them, such as "90%"."""

    at_least: Threshold = attrs.field(converter=threshold)


@attrs.frozen(kw_only=True)
class Criterion:
    """One line of the sheet: what it can earn (or, in demerits, cost) and the measure that decides.

    `points` is the most it gives, `least` the least. `measure` says how what was seen becomes points; its `kind`
    decides which keys it has. `tags` are words by which conditions count failures. `method` is how it is looked at.
    `standard` names another standard whose evaluations are handed in for it. `range` and `decimals` say what may be
    observed; more is refused. `strength` "should" is judged but falls short as advice, and weighs nothing unless it
    has points; "informative" is shown and never judged. `applies_when` decides, from the community alone, whether the
    criterion applies; `valid_for` says how long an observation holds; `weight` is its share in a section that is
    `weighted`. `pool`, `assessors` and `places` make one of several looks, assessors and places of the community's
    register `per_unit`; with fewer places, or a smaller m of n of m, than `sample` it is not checked. Where it fails,
    a case of its `procedure` is opened.
    """

    id: str
    title: Text
    points: Decimal | None = attrs.field(default=None, converter=_optional)
    least: Decimal = attrs.field(default=Decimal(0), converter=_decimal)
    measure: AnyMeasure = attrs.field(converter=of_any)
    range: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=_range)
    decimals: int = 4
    strength: Literal["must", "should", "informative"] = "must"
    weight: Decimal | None = attrs.field(default=None, converter=_optional)
    tags: frozenset[str] = attrs.field(factory=frozenset, converter=_tags)
    missing: Missing | None = None
    not_applicable: Applicability | None = None
    applies_when: Condition | None = None
    valid_for: Interval | None = attrs.field(default=None, converter=interval_of)
    pool: Literal["latest", "sum", "mean", "worst", "best"] = "latest"
    assessors: Literal["mean", "worst", "best"] | None = None
    per_unit: str | None = None
    places: "Literal['worst', 'best', 'mean', 'sum'] | Passing | None" = None
    sample: Count | None = None
    method: Method | None = None
    standard: Composed | None = attrs.field(default=None, converter=composed)
    responsible: Responsibility = attrs.field(default=None, converter=responsibility)
    procedure: str | None = None
    fixed: bool = False
    source: tuple[Source, ...] = attrs.field(default=(), converter=one_or_many)

    @cached_property
    def given(self) -> tuple[Given, ...]:
        """Every number of its measure, and of the sample, that the day, the community or a parameter gives."""
        return tuple(givens((self.measure, self.sample)))

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

    `weight` is its share where the section above it is `weighted`. `missing` and `responsible` hold for its criteria
    that say nothing themselves. `combine` makes one figure of its members' points; that is brought to `scale_to`,
    then held between `floor` and `cap`. A section of `role` "adjustment" (加减分) is signed and added after the total.
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
    responsible: Responsibility = attrs.field(default=None, converter=responsibility)
    procedure: str | None = None
    fixed: bool = False
    source: tuple[Source, ...] = attrs.field(default=(), converter=one_or_many)

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

    def combined(self, *, demerits: bool) -> Fraction | None:
        """The most that its members give together, before `scale_to` and `cap`; None where one has no most."""
        return self._combined[demerits]

    def full(self, *, demerits: bool) -> Fraction | None:
        """Its full points: `scale_to`, else what its members give together, at most its `cap`."""
        most = Fraction(self.scale_to) if self.scale_to is not None else self._combined[demerits]
        return most if most is None or self.cap is None else min(most, Fraction(self.cap))

    @cached_property
    def _combined(self) -> tuple[Fraction | None, Fraction | None]:
        """In merits and in demerits, where the worst of all is the most that one of them costs."""
        return self._together(demerits=False), self._together(demerits=True)

    def _together(self, *, demerits: bool) -> Fraction | None:
        members = [one for one in self.children if one.scored]
        fulls = (one.full(demerits=demerits) if isinstance(one, Section) else one.full for one in members)
        weights = (Fraction(one.weight if one.weight is not None else 1) for one in members)
        parts = list(zip(fulls, weights, strict=True))
        known = [(part, weight) for part, weight in parts if part is not None]
        return None if len(known) < len(parts) else combine(self.combine, known, demerits=demerits)

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
class Printed:
    """A band as the document prints it, from its `first` to its `last` score; for lint and readers only."""

    first: Decimal | None = attrs.field(default=None, converter=_optional)
    last: Decimal | None = attrs.field(default=None, converter=_optional)


@attrs.frozen(kw_only=True)
class Grade:
    """A band with one closed end; without one it takes what is left.

    `at_least` is the lowest score of the band. `at_most` is its highest, in demerits. `requires` is what must hold
    besides. `printed` keeps the band as the text prints it, for lint. `gate_only` grades come from gates alone.
    """

    id: str
    title: Text | None = None
    at_least: Decimal | None = attrs.field(default=None, converter=_optional)
    at_most: Decimal | None = attrs.field(default=None, converter=_optional)
    requires: Condition | None = None
    gate_only: bool = False
    printed: Printed | None = None
    fixed: bool = False
    source: tuple[Source, ...] = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Gate:
    """When a condition holds, one thing follows.

    `when` is the condition. `then` is the one thing that follows. `zero` empties a criterion or section, `score` sets
    the score, `grade_at_most` caps the grade, `grade` forces it, `ineligible` leaves both and takes the
    evaluation out of ranks, flags and awards.
    """

    id: str
    title: Text
    when: Condition
    then: Mapping[str, Any] = attrs.field(converter=_effect)
    fixed: bool = False
    source: tuple[Source, ...] = attrs.field(default=(), converter=one_or_many)


Grades: TypeAlias = tuple[Grade, ...]


@attrs.frozen(kw_only=True)
class Origin:
    """Which keys of a table an edition wrote, or took out."""

    table: str
    id: str
    edition: str
    keys: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Standard(Document):
    """A versioned, dated, immutable scoring document. One that exists is sound: every rule of the format holds.

    `direction` "demerits" makes written points what is lost: lower is better everywhere. `total` is the full score,
    to which the base sections' points must sum; with `scale` they are brought to it. `missing` says what a line
    without a usable value stands for, `not_applicable` what becomes of the points of one that does not apply.
    `rounding` has the decimals of quotients, `table` how tables are read. `sections` are the sheet, `grades` its
    bands, the best first, and `gates` what a condition does to score or grade. `rankings` put communities in order,
    `outcomes` say what follows, `procedures` what is done about a failing. `rescale` says whether what does not apply
    leaves the total or its section. Below the minimum `coverage` the grade is withheld. `floor` and `cap` hold the
    score; a standard with adjustments must say its cap. In Python `missing` and `not_applicable` are None where the
    document does not say; `when_missing` and `when_not_applicable` are what then holds; the digest is that of the
    default. Raises InvalidDocument with every problem where the parts do not fit together.
    """

    direction: Literal["merits", "demerits"] = "merits"
    total: Decimal | None = attrs.field(default=None, converter=_optional)
    scale: bool = False
    rounding: Rounding = attrs.field(factory=Rounding)
    missing: Missing | None = attrs.field(default=None, metadata={STANDS_FOR: "worst"})
    not_applicable: Applicability | None = attrs.field(default=None, metadata={STANDS_FOR: "rescale"})
    rescale: Literal["total", "section"] = "total"
    coverage: Threshold | None = attrs.field(default=None, converter=optional_threshold)
    floor: Decimal = attrs.field(default=Decimal(0), converter=_decimal)
    cap: Decimal | None = attrs.field(default=None, converter=_optional)
    table: Table = attrs.field(factory=Table)
    sections: tuple[Section, ...] = attrs.field(converter=_tuple)
    grades: Grades = attrs.field(default=(), converter=_tuple)
    gates: tuple[Gate, ...] = attrs.field(default=(), converter=_tuple)
    rankings: tuple[RankingRule, ...] = attrs.field(default=(), converter=_tuple)
    outcomes: tuple[Outcome, ...] = attrs.field(default=(), converter=_tuple)
    procedures: tuple[Procedure, ...] = attrs.field(default=(), converter=_tuple)
    source: tuple[Source, ...] = attrs.field(converter=one_or_many)

    def _problems(self) -> Iterator[Problem]:
        yield from problems_of(self)

    @cached_property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """What each parameter that something names is used for: numbers, lengths of time, cadences."""
        conditions = [gate.when for gate in self.gates]
        conditions += [grade.requires for grade in self.grades if grade.requires is not None]
        return FrozenMapping(uses_of(self.criteria.values(), conditions, self.outcomes, self.procedures))

    @cached_property
    def choices(self) -> Mapping[str, tuple[Setting, ...]]:
        """For every parameter what it may be: what it is set to, else the ends between which it lies."""
        return FrozenMapping({one.id: self._choices(one) for one in self.parameters})

    def _choices(self, parameter: Parameter) -> tuple[Setting, ...]:
        uses = self.uses.get(parameter.id, ())
        value = self.settings.get(parameter.id)
        if value is not None and fits(value, uses):
            return (value,)
        return _ANY_INTERVAL if is_interval(uses) else tuple(map(parameter.in_unit, parameter.between or _UNKNOWN))

    def figure(self, written: object) -> Decimal | None:
        """The figure as written or as a parameter gives it; None where there is none, or it is open."""
        value = self.settings.get(written.parameter) if isinstance(written, ParameterOf) else written
        return value if isinstance(value, Decimal) else None

    @property
    def when_missing(self) -> Missing:
        """What a missing value stands for; "worst" where the document does not say."""
        return self.missing or "worst"

    @property
    def when_not_applicable(self) -> Applicability:
        """What becomes of what does not apply; "rescale" where the document does not say."""
        return self.not_applicable or "rescale"

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by id, in the document's order."""
        return FrozenMapping({one.id: one for section in self.walk() for one in section.criteria})

    def responsible(self, criterion: str, finding: Mapping[str, Fact] = FrozenMapping()) -> Responsible | None:
        """Who answers for a criterion: its own, else its innermost section's; None where nobody is named.

        Of a list the first answers whose `when` holds for the attributes of the `finding`. Raises InvalidInput where
        there is no such criterion.
        """
        named = next((one.responsible for one in self._holders(criterion) if one.responsible is not None), None)
        return answering(named, finding.get)

    def procedure_of(self, criterion: str) -> Procedure | None:
        """The procedure of a failing: the criterion's own, else its innermost section's; its time limits are settled.

        A limit that an open parameter gives stays open. Raises InvalidInput where there is no such criterion.
        """
        named = next((one.procedure for one in self._holders(criterion) if one.procedure is not None), None)
        return None if named in (None, NO_PROCEDURE) else self.procedure(str(named))

    def procedure(self, id: str) -> Procedure:
        """A procedure, its time limits settled by the parameters that are set. Raises InvalidInput."""
        known = {one.id: one for one in self.procedures}
        if id not in known:
            raise InvalidInput(Problem("unknown-id", (), id, "procedure", nearest(id, known)))
        return known[id].settled(self.settings)

    def _holders(self, criterion: str) -> "tuple[Criterion | Section, ...]":
        """A criterion and the sections that hold it, from the inside out. Raises InvalidInput."""
        if criterion not in self.criteria:
            problem = Problem("unknown-criterion", (), criterion, self.edition, nearest(criterion, self.criteria))
            raise InvalidInput(problem)
        wanted = self.criteria[criterion]
        line = next(line for line, _ in sections_with_places(self) if wanted in line[-1].criteria)
        return (wanted, *reversed(line))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where the tables come from, in the document's order: a line for each edition that wrote keys of one."""
        return tuple(line for table, one in self._tables() for line in self._origins(table, one))

    def _tables(self) -> Iterator[tuple[str, Any]]:
        """Every table that has an id, with its kind."""
        registers = (
            ("body", self.bodies),
            ("reference", self.references),
            ("honour", self.honours),
            ("set", self.sets),
        )
        for table, rows in (("parameter", self.parameters), *registers):
            yield from ((table, one) for one in rows)
        for section in self.walk():
            yield "section", section
            yield from (("criterion", one) for one in section.criteria)
        yield from (("grade", one) for one in self.grades)
        yield from (("gate", one) for one in self.gates)
        yield from (("procedure", one) for one in self.procedures)
        yield from (("ranking", one) for one in self.rankings)
        yield from (("outcome", one) for one in self.outcomes)

    def _origins(self, table: str, one: Any) -> Iterator[Origin]:
        by_edition: dict[str, list[str]] = {}
        for field in attrs.fields(type(one)):
            said = getattr(one, field.name) != default_of(field) or (table, one.id, field.name) in self.origin
            if said and field.name != "children":
                by_edition.setdefault(self.edition_of(table, one.id, field.name), []).append(field.name)
        for edition, of_it in by_edition.items():
            yield Origin(table=table, id=one.id, edition=edition, keys=tuple(of_it))

    @property
    def full(self) -> Decimal | None:
        """The most that the base sections give together; None where a line has no most, or the sum no end."""
        most = self.most
        return None if most is None or decimals_of(most) is None else Decimal(plain(most))

    @property
    def most(self) -> Fraction | None:
        """The same exactly, a sum without end too."""
        demerits = self.direction == "demerits"
        parts = [section.full(demerits=demerits) for section in self.sections if section.role == "base"]
        known = [part for part in parts if part is not None]
        return sum(known, start=Fraction(0)) if len(known) == len(parts) else None

    def walk(self) -> Iterator[Section]:
        """Every section, in the document's order, each before those it holds."""
        for section in self.sections:
            yield from section.walk()

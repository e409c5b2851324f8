"""Standard: a versioned, dated, immutable scoring document."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import InvalidDocument
from civrules.model.canonical import digest
from civrules.model.community import check_locality
from civrules.model.condition import Condition
from civrules.model.days import Period
from civrules.model.figures import Mode, Number, added, figure
from civrules.model.mapping import FrozenMapping
from civrules.model.measures import Limits, Marks, Measure
from civrules.model.observation import Method
from civrules.model.soundness import MOST_PROBLEMS, problems_of
from civrules.model.text import Text

Missing = Literal["worst", "hold", "refuse"]
Applicability = Literal["rescale", "refuse"]


def _decimal(value: Number) -> Decimal:
    return figure(value)[0]


def _optional(value: Number | None) -> Decimal | None:
    return None if value is None else figure(value)[0]


def _range(value: Any) -> tuple[Decimal, Decimal] | None:
    return None if value is None else (figure(value[0])[0], figure(value[1])[0])


def _one_or_many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else () if value is None else (value,)


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _tags(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _table(value: Mapping[str, Any]) -> FrozenMapping[str, Any]:
    return FrozenMapping(value)


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
class Criterion:
    """One line of the sheet: what it can earn (or, in demerits, cost) and the measure that decides.

    `points` is the most it gives, `least` the least. `range` and `decimals` say what may be observed; more is refused.
    """

    id: str
    title: Text
    points: Decimal | None = attrs.field(default=None, converter=_optional)
    least: Decimal = attrs.field(default=Decimal(0), converter=_decimal)
    measure: Measure
    range: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=_range)
    decimals: int = 4
    tags: frozenset[str] = attrs.field(factory=frozenset, converter=_tags)
    missing: Missing | None = None
    not_applicable: Applicability | None = None
    method: Method | None = None
    responsible: Responsible | None = None
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)

    @property
    def limits(self) -> Limits:
        """What may be observed: the range declared, and for marks the criterion's own points."""
        if self.range is None and isinstance(self.measure, Marks) and self.points is not None:
            return Limits((self.least, self.points), self.decimals)
        return Limits(self.range, self.decimals)


@attrs.frozen(kw_only=True)
class Section:
    """A branch of the sheet: its criteria, summed, then brought to `scale_to` where that is given."""

    id: str
    title: Text
    children: tuple[Criterion, ...] = attrs.field(converter=_tuple)
    scale_to: Decimal | None = attrs.field(default=None, converter=_optional)
    missing: Missing | None = None
    responsible: Responsible | None = None
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
    """When the condition holds: cap the grade (`grade_at_most`) or force it (`grade`)."""

    id: str
    title: Text
    when: Condition
    then: Mapping[str, str] = attrs.field(converter=_table)
    source: tuple[Source, ...] = attrs.field(default=(), converter=_one_or_many)


Grades: TypeAlias = tuple[Grade, ...]


@attrs.frozen(kw_only=True)
class Standard:
    """A versioned, dated, immutable scoring document. One that exists is sound: every rule of the format holds.

    `id` is "plugin/name". Raises InvalidDocument with every problem where the parts do not fit together.
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
    table: Table = attrs.field(factory=Table)
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
        return FrozenMapping({one.id: one for section in self.sections for one in section.children})

    @property
    def full(self) -> Decimal | None:
        """The most that the base sections give together; None where a line has no most."""
        return full_points(self.sections)


def full_points(sections: Iterable[Section]) -> Decimal | None:
    """The sum of the sections' full points; None where one has no most."""
    parts = [section_points(section) for section in sections]
    return None if None in parts else added(part for part in parts if part is not None)


def section_points(section: Section) -> Decimal | None:
    """A section's full points: its `scale_to`, else the sum of its criteria's; None where one has no most."""
    if section.scale_to is not None:
        return section.scale_to
    parts = [one.points for one in section.children if one.measure.kind != "event"]
    return None if None in parts else added(part for part in parts if part is not None)

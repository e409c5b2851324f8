"""Document: what standards and campaigns have in common: who they are, what they know, what they leave open."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, Self, TypeAlias

import attrs

from civrules.errors import InvalidDocument, InvalidInput, Problem
from civrules.model.canonical import digest
from civrules.model.community import check_locality
from civrules.model.days import Period
from civrules.model.figures import Number, figure, plain
from civrules.model.given import ParameterOf, Setting, optional_setting, setting_of
from civrules.model.mapping import FrozenMapping
from civrules.model.parameters import Use, unbindable
from civrules.model.register import Body, Honour, NamedSet, Reference
from civrules.model.soundness import MOST_PROBLEMS
from civrules.model.source import Sources, one_or_many
from civrules.model.text import Text

Place: TypeAlias = tuple[str, str, str]
"""A table, its id and a key in it: ("criterion", "waste", "points"); in the head, ("standard", "", "total")."""


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _frozen(items: Mapping[Any, Any]) -> FrozenMapping[Any, Any]:
    return FrozenMapping(items)


def _settings(values: Mapping[str, Any]) -> FrozenMapping[str, Setting]:
    return FrozenMapping({name: setting_of(value) for name, value in values.items()})


def _range(value: Any) -> tuple[Decimal, Decimal] | None:
    return None if value is None else (figure(value[0])[0], figure(value[1])[0])


@attrs.frozen(kw_only=True)
class Parameter:
    """What the document leaves to the host: a number, an interval such as "2 weeks", or a day, as its uses need.

    `default` is what it is until it is set; without one it is open. `between` has the lowest and the highest number
    that it may be. `unit` is what the number counts, for people; where that is "%", a plain figure is in percent.
    """

    id: str
    title: Text
    unit: str | None = None
    between: tuple[Decimal, Decimal] | None = attrs.field(default=None, converter=_range)
    default: Setting | None = attrs.field(default=None, converter=optional_setting)
    fixed: bool = False
    source: Sources = attrs.field(default=(), converter=one_or_many)

    def in_unit(self, value: Setting) -> Setting:
        """The value with its %, where that is the unit: 80 and "80%" are one setting."""
        return f"{plain(value)}%" if self.unit == "%" and isinstance(value, Decimal) else value


@attrs.frozen(kw_only=True)
class Issuance:
    """How the document was issued.

    `by` is who issued it. `on` is when, in the text's own words. `interpreter` is who says what it means.
    """

    by: str | None = None
    on: str | None = None
    interpreter: str | None = None


@attrs.frozen(kw_only=True)
class Reading:
    """How we read what the text leaves open; every evaluation repeats it.

    `text` is the reading itself. `at` is the table that it is about: its kind, its id, or "kind:id". `silences` names
    codes of lint: what lint finds under them at `at`, or below it, has this reading as its reason.
    """

    text: Text
    at: str | None = None
    silences: tuple[str, ...] = attrs.field(default=(), converter=one_or_many)
    source: Sources = attrs.field(default=(), converter=one_or_many)


@attrs.frozen(kw_only=True)
class Document:
    """A standard or a campaign. One that exists is sound: every rule of the format holds.

    `id` is "plugin/name". `version` is the text's own word for the edition, or its year: the edition is
    "plugin/name@version". `kinds` are the kinds of community that it is for: "residential", "campus", ….
    `locality` is the place that it is for: digits of GB/T 2260 or ISO 3166-2; left out, any. `effective` has the first
    and the last day on which the edition is in force. `issued` says by whom and when it was issued. `bound` is what
    parameters are set to, as `bind` sets them. `parameters`, `bodies`, `references`, `honours` and `sets` are its
    registers, those of documents that it uses among them. `readings` say how we read what the text leaves open.
    What is `fixed` no document that extends it may change. `origin` says which edition each value
    that it has from another document comes from; it takes no part in equality, digest or document.
    """

    id: str
    version: str
    title: Text
    kinds: tuple[str, ...] = attrs.field(converter=_tuple)
    locality: str | None = None
    effective: Period = attrs.field(factory=Period)
    bound: Mapping[str, Setting] = attrs.field(factory=FrozenMapping, converter=_settings)
    parameters: tuple[Parameter, ...] = attrs.field(default=(), converter=_tuple)
    readings: tuple[Reading, ...] = attrs.field(default=(), converter=_tuple)
    bodies: tuple[Body, ...] = attrs.field(default=(), converter=_tuple)
    references: tuple[Reference, ...] = attrs.field(default=(), converter=_tuple)
    honours: tuple[Honour, ...] = attrs.field(default=(), converter=_tuple)
    sets: tuple[NamedSet, ...] = attrs.field(default=(), converter=_tuple)
    fixed: bool = False
    issued: Issuance | None = None
    source: Sources = attrs.field(default=(), converter=one_or_many)
    origin: Mapping[Place, str] = attrs.field(factory=FrozenMapping, converter=_frozen, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        problems = tuple(islice(self._problems(), MOST_PROBLEMS))
        if problems:
            raise InvalidDocument(problems)
        if self.locality is not None:
            object.__setattr__(self, "locality", check_locality(self.locality))

    def _problems(self) -> Iterator[Problem]:
        """Every problem of the document, in its order."""
        raise NotImplementedError

    @property
    def edition(self) -> str:
        """The id and the version: plugin/name@version."""
        return f"{self.id}@{self.version}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, as 64 hex digits."""
        return digest(self)

    def edition_of(self, table: str, id: str = "", key: str = "id") -> str:
        """The edition that a value comes from: this one's, unless it was inherited or is of a document used.

        `edition_of("criterion", "waste", "points")`; a key that no document wrote comes with its table.
        """
        return self.origin.get((table, id, key)) or self.origin.get((table, id, "id"), self.edition)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The parameters that are set: those bound, else their defaults."""
        defaults = {one.id: one.in_unit(one.default) for one in self.parameters if one.default is not None}
        return FrozenMapping({**defaults, **self.bound})

    @property
    def uses(self) -> Mapping[str, tuple[Use, ...]]:
        """What each parameter that something names is used for: numbers, lengths of time, cadences, days."""
        raise NotImplementedError

    @property
    def open_parameters(self) -> tuple[str, ...]:
        """The parameters that something needs and nobody has set: what needs them stays open."""
        return tuple(name for name in self.uses if name not in self.settings)

    def interval(self, written: object) -> str | None:
        """The interval in words, as written or as a parameter gives it; None where there is none, or it is open."""
        value = self.settings.get(written.parameter) if isinstance(written, ParameterOf) else written
        return value if isinstance(value, str) else None

    def bind(self, parameters: Mapping[str, Number]) -> Self:
        """The same edition with parameters set; the digest says so. Raises InvalidInput with every problem.

        What is used as a day, a length of time or a cadence takes words: `bind({"limit": "3 months"})`.
        """
        problems = list(unbindable(self.parameters, self.uses, parameters))
        if problems:
            raise InvalidInput(problems)
        known = {one.id: one for one in self.parameters}
        bound = {name: known[name].in_unit(setting_of(value)) for name, value in parameters.items()}
        return attrs.evolve(self, bound={**self.bound, **bound})

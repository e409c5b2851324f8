"""Adopted: a plugin's own kind of measure, made to answer all that the engine asks of a measure."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

import attrs

from civrules.errors import CivrulesError, InvalidDocument, InvalidInput, Problem
from civrules.model.figures import NotApplicable, Ratio, figure, plain
from civrules.model.identity import check_id
from civrules.model.mapping import FrozenMapping
from civrules.model.measures.measure import Judged, Limits, outcome
from civrules.model.text import Lang

T = TypeVar("T")

WORDS = ("kind", "read", "points", "reach", "say")
"""What a plugin's measure must have."""


@runtime_checkable
class Measure(Protocol):
    """A plugin's kind of measure: a frozen attrs class whose fields are the keys of the document's table.

    Beyond what stands here a class may say: `decimals`, how many decimals its points have at most (without it they may
    be any fraction, which the standard must round); `loses = True`, that demerits take what it would lose, not the
    points as they are; `figure(read)`, what a `value` condition compares; `rising`, 1 where points rise with that
    figure, -1 where they fall; `version`, a text that is changed with what it means.
    """

    kind: ClassVar[str]
    """What a document calls it: an id that no built-in measure and no other plugin has."""

    def read(self, value: Any, /) -> Any:
        """The value, checked. Raises InvalidInput; NotApplicable says that there was nothing to judge.

        A figure comes as Decimal, whether it was written as a number or as text; n of m as a Ratio of two ints; yes or
        no as bool or as the word that was written; "95%" and every other word as text; items as a mapping of these.
        """

    def points(self, read: Any, possible: Decimal | None, /) -> Fraction | Decimal | int:
        """What the value earns, or costs in demerits, exactly; the engine holds it to the criterion's points."""

    def reach(self, possible: Decimal | None, /) -> tuple[Fraction | Decimal | int, Fraction | Decimal | int | None]:
        """The fewest and the most points that any value can give; None: no limit."""

    def say(self, read: Any, lang: Lang, /) -> str:
        """What was seen and how it counted, in words."""


@attrs.frozen
class Kind:
    """A kind of measure that a plugin supplies: what documents call it, its class, and "plugin version"."""

    name: str
    measure: type[Any]
    by: str


class Raised(Exception):  # said to the engine, never to a host
    """A plugin's measure raised something else than InvalidInput; `detail` says what."""

    def __init__(self, error: BaseException) -> None:
        self.detail = f"{type(error).__name__}: {error}"
        super().__init__(self.detail)


@attrs.frozen
class End:
    """The value, whatever it is, that gives the fewest or the most points."""

    points: Fraction


@attrs.frozen
class Adopted:
    """A plugin's measure and who supplies it, "plugin version"; a digest covers both."""

    measure: Any
    by: str = ""

    @property
    def kind(self) -> str:
        """What the document calls it."""
        return str(type(self.measure).kind)

    @property
    def loses(self) -> bool:
        """Whether demerits take what is lost."""
        return bool(getattr(self.measure, "loses", False))

    def read(self, value: Any, limits: Limits, /) -> Any:
        """The value as the measure reads it. Raises InvalidInput, or Raised."""
        plainly = _plainly(value)
        return _asked(lambda: self.measure.read(plainly))

    def judge(self, read: Any, most: Fraction, least: Fraction | None, /) -> Judged:
        """The points that the measure gives; pass for the most that it can give. Raises Raised."""
        fewest, best = self._reach(most)
        points = read.points if isinstance(read, End) else self._points(read, most)
        if not fewest <= points or (best is not None and points > best):
            raise Raised(ValueError(f"{points} is not within {fewest} … {best}, its own reach"))
        return points, outcome(points, most if best is None else best, fewest)

    def _points(self, read: Any, most: Fraction) -> Fraction:
        return _asked(lambda: _exact(self.measure.points(read, _decimal(most))))

    def _reach(self, most: Fraction) -> tuple[Fraction, Fraction | None]:
        fewest, best = _asked(lambda: self.measure.reach(_decimal(most)))
        return _exact(fewest), None if best is None else _exact(best)

    def ends(self, limits: Limits, most: Fraction, least: Fraction, /) -> tuple[Any, Any]:
        """What gives the fewest points and what gives the most."""
        fewest, best = self._reach(most)
        return End(fewest), End(most if best is None else best)

    @property
    def bounded(self) -> bool:
        """Whether there is a most that can be taken where the criterion has no points of its own."""
        return self._reach(Fraction(0))[1] is not None

    def quotient(self) -> bool:
        """Whether the points may be any fraction."""
        return getattr(self.measure, "decimals", None) is None

    def places(self, limits: Limits, most: Fraction, /) -> int:
        """The decimals that the points have at most."""
        return getattr(self.measure, "decimals", None) or 0

    def figure(self, read: Any, item: str | None, /) -> Fraction | str | bool | None:
        """What a condition compares; None where the measure does not say."""
        say = getattr(self.measure, "figure", None)
        if say is None or isinstance(read, End) or item is not None:
            return None
        seen = _asked(lambda: say(read))
        return seen if seen is None or isinstance(seen, bool | str) else _exact(seen)

    def rising(self, item: str | None, /) -> int:
        """What the measure says; 0 where it says nothing."""
        return int(getattr(self.measure, "rising", 0))

    def problems(self, most: Fraction | None, least: Fraction, limits: Limits, /) -> Iterator[Problem]:
        """What it says of its fields, and that its reach cannot be read."""
        try:
            fewest, best = self._reach(most or Fraction(0))
        except Raised as error:
            yield Problem("measure-raised", ("reach",), error.detail, self.kind)
            return
        if best is not None and fewest > best:
            yield Problem("bad-order", ("reach",), f"{fewest}, {best}", "the fewest points first")

    def say(self, read: Any, lang: Lang, /) -> str:
        """What was seen, in the measure's words; where it has none, as it is."""
        if isinstance(read, End):
            return "—"
        try:
            return str(_asked(lambda: self.measure.say(read, lang)))
        except (Raised, InvalidInput):
            return str(read)


def _asked(answer: Callable[[], T]) -> T:
    """What a plugin answers. Raises Raised for whatever goes wrong in it, InvalidInput for what it refuses."""
    try:
        return answer()
    except (CivrulesError, Raised):
        raise
    except Exception as error:  # whatever a plugin does, the host goes on
        raise Raised(error) from error


def _plainly(value: Any) -> Any:
    """A value whose figures are Decimals, however they were written, so that a record says what the host said."""
    if isinstance(value, Ratio):
        return Ratio(*value.read())
    if isinstance(value, Mapping):
        return FrozenMapping({item: _plainly(part) for item, part in value.items()})
    if isinstance(value, bool | NotApplicable) or value is None:
        return value
    try:
        number, percent = figure(value)
    except InvalidInput:
        return value
    return value if percent else number


def _exact(points: Any) -> Fraction:
    """Points as a fraction. Raises Raised where they are no exact figure."""
    if isinstance(points, Fraction):
        return points
    if isinstance(points, int | Decimal) and not isinstance(points, bool):
        return Fraction(figure(points)[0])
    raise Raised(TypeError(f"{points!r} is no Fraction, Decimal or int"))


def _decimal(most: Fraction) -> Decimal:
    return Decimal(plain(most))


def adopted(measure: Any) -> Any:
    """A measure as the engine takes it: one of a plugin adopted. Raises InvalidDocument where it is none."""
    lacking = [word for word in WORDS if not hasattr(measure, word)]
    if lacking:
        raise InvalidDocument(Problem("not-a-measure", ("measure",), type(measure).__name__, ", ".join(lacking)))
    package = type(measure).__module__.partition(".")[0]
    return Adopted(measure, f"{package} {getattr(type(measure), 'version', '')}".strip())


def shape_problems(measure: object) -> Iterator[Problem]:
    """Why a class cannot be a plugin's kind of measure."""
    name = getattr(measure, "__name__", type(measure).__name__)
    lacking = [word for word in WORDS if not hasattr(measure, word)]
    if not isinstance(measure, type):
        yield Problem("not-a-measure", (), name, "a class")
    elif lacking:
        yield Problem("not-a-measure", (), name, ", ".join(lacking))
    elif not attrs.has(measure):
        yield Problem("not-a-measure", (), name, "@attrs.frozen")
    elif not isinstance(kind := getattr(measure, "kind", None), str):
        yield Problem("not-a-measure", (), name, "kind: ClassVar[str]")
    else:
        try:
            check_id(kind, "kind")
        except CivrulesError as error:
            yield from error.within(name)

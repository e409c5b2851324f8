"""Observation: one value seen for one criterion."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

import attrs

from civrules.errors import InvalidInput, Problem
from civrules.model.canonical import fields_of
from civrules.model.figures import NotApplicable, NotObserved, Number, Ratio, figure, plain
from civrules.model.mapping import FrozenMapping

Method = Literal["report", "documents", "questionnaire", "online", "on-site", "overall"]
METHODS: tuple[Method, ...] = ("report", "documents", "questionnaire", "online", "on-site", "overall")

DEEPEST = 3
"""Items, and for an item how much of it is attributable."""

Value: TypeAlias = bool | Number | Ratio | NotApplicable | NotObserved | Mapping[str, Any]
"""What was seen: yes/no, a level's name, a figure, n of m, "does not apply", "there is nothing", or these by item."""


def _frozen(value: Any, deeper: int = DEEPEST) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if not isinstance(value, Mapping) or isinstance(value, FrozenMapping):
        return value
    if not deeper:
        raise InvalidInput(Problem("too-deep", (), value, str(DEEPEST)))
    return FrozenMapping({key: _frozen(part, deeper - 1) for key, part in value.items()})


def _value_of(value: Any, observation: Any) -> Any:
    """The value frozen. Raises InvalidInput, naming the criterion."""
    try:
        return _frozen(value)
    except InvalidInput as error:
        raise InvalidInput(error.within(str(observation.criterion))) from None


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


@attrs.frozen(kw_only=True)
class Observation:
    """One value seen for one criterion: when (`at`), where (`place`), by whom (`by`), how, with what evidence.

    `attributable` says whether the assessed body is mainly responsible, for what counts only then; None leaves it
    open. `id` sets apart two observations that are otherwise equal. The value is read, and refused where it cannot
    be, when a standard is evaluated; only items within items within items are refused here.

    >>> Observation("stair-lights", "95%", by="street office").criterion
    'stair-lights'
    """

    criterion: str = attrs.field(kw_only=False)
    value: Value = attrs.field(
        kw_only=False,
        converter=attrs.Converter(_value_of, takes_self=True),  # type: ignore[misc]  # unknown to mypy's attrs plugin
    )
    at: date | None = None
    place: str | None = None
    by: str | None = None
    method: Method | None = None
    evidence: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    attributable: bool | None = None
    id: str | None = None


Seen: TypeAlias = Mapping[str, Any] | Iterable[Observation]
"""What was seen of one community: {criterion: value}, or observations with their when, where and by whom."""


def written(look: Observation) -> dict[str, Any]:
    """The observation as plain data, alike for looks that say the same: figures are text however they were given.

    Raises InvalidInput where the value is none that can be written.

    >>> from decimal import Decimal
    >>> written(Observation("tidy", 8.5)) == written(Observation("tidy", Decimal("8.50")))
    True
    """
    return {**fields_of(look, but="value"), "value": _written(look.value)}


def _written(value: Any) -> Any:
    """A value as JSON can hold it; figures as text, so that none is read back as a binary float."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Ratio):
        n, of = value.read()
        return {"n": n, "of": of}
    if isinstance(value, NotApplicable):
        return {"na": value.reason}
    if isinstance(value, NotObserved):
        return {"not_observed": value.reason}
    if isinstance(value, Mapping):
        return {"items": {str(key): _written(part) for key, part in value.items()}}
    if isinstance(value, list | tuple):
        return {"dates": [str(day) for day in value]}
    dtype = getattr(getattr(value, "dtype", None), "kind", "")
    return bool(value) if dtype == "b" else plain(figure(value)[0])

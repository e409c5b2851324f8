"""Records read: JSON that somebody kept, part by part, each of its own form or refused."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import attrs

from civrules.errors import CivrulesError, InvalidInput, Problem
from civrules.model.calendar import Calendar
from civrules.model.canonical import FORMAT, canonical, data, digest
from civrules.model.community import Community
from civrules.model.days import Period, read_day
from civrules.model.figures import NotApplicable, NotObserved, Ratio
from civrules.model.observation import DEEPEST, Observation
from civrules.model.waiver import Waiver

if TYPE_CHECKING:
    from civrules.model.standard import Standard
    from civrules.scoring.evaluation import Evaluation
    from civrules.scoring.program import Program

T = TypeVar("T")
_LONGEST = 64 * 1024 * 1024
_NUMBER = re.compile(r"-?[0-9]{1,200}(\.[0-9]{1,200})?", re.ASCII)


class Misread(ValueError):
    """A part that has not the form of its place."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(str(type(value)))


@contextmanager
def well_formed(*where: str) -> Iterator[None]:
    """Whatever cannot be read in the block is no record, and said to lie at this place."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, CivrulesError) as error:
        value = error.value if isinstance(error, Misread) else _words(error)
        raise InvalidInput(Problem("not-a-record", where, value, FORMAT)) from None


def _words(error: BaseException) -> str:
    return f"no {error.args[0]}" if isinstance(error, KeyError) and error.args else str(error)


def text(value: Any) -> str:
    """Text that can be written. Raises Misread."""
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise Misread(value)
    return value


def flag(value: Any) -> bool:
    """Yes or no. Raises Misread."""
    if not isinstance(value, bool):
        raise Misread(value)
    return value


def place(value: Any) -> int:
    """A place in a list, from 0. Raises Misread."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Misread(value)
    return value


def number(value: Any) -> Decimal:
    """A figure, written as text. Raises Misread."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise Misread(value)
    return Decimal(value)


def day(value: Any) -> date:
    """A day. Raises Misread or InvalidInput."""
    return read_day(text(value))


def period(value: Any) -> Period:
    """A range of days. Raises Misread or InvalidInput."""
    return Period(**{key: day(one) for key, one in table(value).items()})


def table(value: Any) -> dict[str, Any]:
    """An object. Raises Misread."""
    if not isinstance(value, dict):
        raise Misread(value)
    return value


def many(read: Callable[[Any], T], value: Any) -> tuple[T, ...]:
    """A list, each part read. Raises Misread."""
    if not isinstance(value, list):
        raise Misread(value)
    return tuple(read(one) for one in value)


def maybe(read: Callable[[Any], T], value: Any) -> T | None:
    """The part read; None where it is null."""
    return None if value is None else read(value)


@attrs.frozen(kw_only=True)
class Inputs:
    """What an evaluation was made from."""

    community: Community
    observations: tuple[Observation, ...]
    waivers: tuple[Waiver, ...]
    on: date | None
    period: Period | None
    calendar: Calendar
    previous: "Inputs | None"

    @classmethod
    def of(cls, inputs: Any, *, earlier: bool = False) -> "Inputs":
        """Read them; those of a previous evaluation have none themselves. Raises Misread and what values raise."""
        parts = table(inputs)
        previous = parts["previous"]
        if earlier and previous is not None:
            raise Misread(previous)
        return cls(
            community=_community(parts["community"]),
            observations=many(_observation, parts["observations"]),
            waivers=many(_waiver, parts["waivers"]),
            on=maybe(day, parts["on"]),
            period=maybe(period, parts["period"]),
            calendar=_calendar(parts.get("calendar", {})),
            previous=None if previous is None else cls.of(previous, earlier=True),
        )

    def evaluated(self, program: "Program") -> "Evaluation":
        """Their evaluation; the previous one is made again."""
        return program.evaluate(
            self.community,
            self.observations,
            on=self.on,
            period=self.period,
            waivers=self.waivers,
            calendar=self.calendar,
            previous=None if self.previous is None else self.previous.evaluated(program),
        )


@attrs.frozen(kw_only=True)
class Record:
    """A record's parts; `inputs` is None where it was stripped of them, `text` is its canonical form."""

    text: str
    inputs: Inputs | None
    inputs_digest: str
    edition: str
    digest: str
    direction: str
    parameters: Mapping[str, str]
    outcome: dict[str, Any]
    made_by: Mapping[str, str]

    @classmethod
    def of(cls, record: str) -> "Record":
        """Read a record. Raises InvalidInput where the text is none, or its inputs are not those of its digest."""
        kept = _parsed(record)
        with well_formed():
            made, standard, outcome = (table(kept[name]) for name in ("made_by", "standard", "result"))
            stated = text(kept["inputs_digest"])
            canonical_text = canonical(kept)
        with well_formed("inputs"):
            inputs = maybe(Inputs.of, kept.get("inputs"))
            found = stated if inputs is None else digest(kept["inputs"])
        if found != stated:
            raise InvalidInput(Problem("other-inputs", (), found, stated))
        with well_formed("standard"):
            return cls(
                text=canonical_text,
                inputs=inputs,
                inputs_digest=stated,
                edition=text(standard["edition"]),
                digest=text(standard["digest"]),
                direction=text(standard["direction"]),
                parameters=_texts(standard["parameters"]),
                outcome=outcome,
                made_by=_texts(made),
            )

    def again(self, standard: "Standard") -> "Evaluation":
        """The evaluation of the record's own inputs. Raises InvalidInput without them, or for another edition."""
        from civrules.scoring.program import Program

        if self.inputs is None:
            raise InvalidInput(Problem("no-inputs", (), None, "inputs"))
        if self.edition != standard.edition:
            raise InvalidInput(Problem("other-edition", (), self.edition, standard.edition))
        if self.parameters != data(standard.settings):
            standard = standard.bind(self.parameters)
        return self.inputs.evaluated(Program(standard))


def _parsed(record: str) -> dict[str, Any]:
    if not isinstance(record, str):
        raise InvalidInput(Problem("wrong-type", (), record, "text"))
    if len(record) > _LONGEST:
        raise InvalidInput(Problem("too-large", (), len(record), str(_LONGEST)))
    try:
        kept = json.loads(record, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError):
        raise InvalidInput(Problem("not-a-record", (), "text", FORMAT)) from None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise InvalidInput(Problem("not-a-record", (), kept.get("format") if isinstance(kept, dict) else kept, FORMAT))
    return kept


def _no_number(word: str) -> NoReturn:
    raise Misread(word)


def _texts(value: Any) -> dict[str, str]:
    return {text(key): text(one) for key, one in table(value).items()}


def _community(value: Any) -> Community:
    fields = dict(table(value))
    return Community(text(fields.pop("id")), **fields)


def _waiver(value: Any) -> Waiver:
    fields = table(value)
    texts = {key: text(one) for key, one in fields.items() if key != "valid"}
    return Waiver(valid=period(fields["valid"]), **texts)


def _calendar(value: Any) -> Calendar:
    return Calendar({name: many(period, periods) for name, periods in table(value).items()})


_DETAILS: Mapping[str, Callable[[Any], Any]] = {
    "at": day, "place": text, "by": text, "method": text, "evidence": lambda value: many(text, value),
    "attributable": flag, "id": text,
}  # fmt: skip


def _observation(value: Any) -> Observation:
    fields = table(value)
    details = {key: _DETAILS[key](one) for key, one in fields.items() if key not in ("criterion", "value")}
    return Observation(text(fields["criterion"]), _value(fields["value"], DEEPEST), **details)


def _value(value: Any, deeper: int) -> Any:
    """What was seen, as the record writes it."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, dict):
        return text(value)
    if set(value) == {"n", "of"}:
        return Ratio(place(value["n"]), place(value["of"]))
    ((form, inner),) = value.items()
    if form == "items" and deeper:
        return {text(key): _value(part, deeper - 1) for key, part in table(inner).items()}
    if form == "dates":
        return many(text, inner)
    return {"na": NotApplicable, "not_observed": NotObserved}[form](text(inner))

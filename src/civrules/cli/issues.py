"""Issues: what followed from a folder of records, on the days on which it was issued."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from civrules import (
    Case,
    Evaluation,
    InvalidInput,
    Ledger,
    Outcomes,
    Period,
    Problem,
    Standard,
    outcomes,
)
from civrules.errors import CivrulesError, Problems
from civrules.model.days import read_day

Command = TypeVar("Command", bound=Callable[..., Any])


def records_of(folder: Path, standard: Standard | None) -> list[Evaluation]:
    """The evaluations of a folder's records; those of the standard can say everything. Raises InvalidInput."""
    if not folder.is_dir():
        raise InvalidInput(Problem("unreadable", (str(folder),), "no such folder"))
    problems, found = Problems(), []
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(_record(file.read_text(encoding="utf-8"), standard))
        except CivrulesError as error:
            problems.add(*error.within(file.name))
        except (OSError, UnicodeDecodeError) as error:
            problems.add(Problem("unreadable", (file.name,), getattr(error, "strerror", None) or "not UTF-8"))
    if problems:
        raise InvalidInput(problems.all())
    if not found:
        raise InvalidInput(Problem("unreadable", (str(folder),), "no records"))
    return found


def _record(text: str, standard: Standard | None) -> Evaluation:
    one = Evaluation.from_json(text)
    return one if standard is None or one.edition != standard.edition else Evaluation.from_json(text, standard)


def _own(standard: Standard, given: Sequence[Evaluation]) -> list[Evaluation]:
    return [one for one in given if one.edition.partition("@")[0] == standard.id]


def latest(standard: Standard, given: Sequence[Evaluation]) -> Period | None:
    """The latest period of which the standard has an evaluation; None where its evaluations have no periods."""
    periods = [one.period for one in _own(standard, given) if one.period is not None]
    return max(periods, key=lambda one: one.last or date.max, default=None)


def issued(
    standard: Standard, given: Sequence[Evaluation], period: Period | None, on: date, ledger: Ledger,
    cases: Sequence[Case] = (),
) -> Outcomes:  # fmt: skip
    """What follows from a period's evaluations; earlier ones are its history."""
    current = [one for one in given if one.period == period]
    if not _own(standard, current):
        raise InvalidInput(Problem("no-evaluations", (), standard.id, str(period if period is not None else Period())))
    earlier = [one for one in given if one.period is not None and one.period != period and _before(one.period, period)]
    others = [one for one in given if one.period != period and one not in earlier and one not in _own(standard, given)]
    return outcomes(
        standard, [*current, *others], on=on, history=earlier, events=ledger.events, ledger=ledger, cases=cases
    )


def _before(one: Period, other: Period | None) -> bool:
    return other is not None and other.first is not None and one.last is not None and one.last < other.first


def _issue(text: str, standard: Standard, given: Sequence[Evaluation]) -> tuple[date, Period | None]:
    """A day, and the period whose outcomes were issued on it."""
    period, equals, day = text.rpartition("=")
    try:
        issued = read_day(day)
        whose = Period.of(period) if equals else latest(standard, given)
    except InvalidInput as error:
        raise click.BadParameter(error.say(), param_hint="--issued") from None
    return issued, whose


def issues(
    standard: Standard, given: Sequence[Evaluation], texts: Sequence[str]
) -> Iterator[tuple[date, Period | None]]:  # fmt: skip
    """The days of issue and the periods whose outcomes were issued on them, the earliest first."""
    yield from sorted(
        (_issue(text, standard, given) for text in texts), key=lambda pair: (pair[0], str(pair[1] or ""))
    )  # fmt: skip

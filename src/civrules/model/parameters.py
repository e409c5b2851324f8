"""What the parameters of a standard are used for: numbers, lengths of time, cadences."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from civrules.errors import CivrulesError, Problem, nearest
from civrules.model.days import Duration
from civrules.model.deadline import Deadline, read_due
from civrules.model.figures import figure, plain
from civrules.model.given import ParameterOf, Setting, givens, setting_of
from civrules.model.measures import Frequency
from civrules.model.windows import Cadence
from civrules.model.yearday import YearDay

if TYPE_CHECKING:
    from civrules.model.condition import Condition
    from civrules.model.document import Parameter
    from civrules.model.outcome import Outcome
    from civrules.model.procedure import Procedure
    from civrules.model.standard import Criterion

Use = Literal["number", "duration", "cadence", "deadline", "day", "due"]
_READ = {
    "number": figure, "duration": Duration.of, "cadence": Cadence.of, "deadline": Deadline.of, "day": YearDay.of,
    "due": read_due,
}  # fmt: skip


def uses_of(
    criteria: "Iterable[Criterion]",
    conditions: "Iterable[Condition]",
    outcomes: "Iterable[Outcome]" = (),
    procedures: "Iterable[Procedure]" = (),
) -> dict[str, tuple[Use, ...]]:
    """What every parameter that something in a standard names is used for, in the document's order.

    In a condition a parameter gives how far to look back, in a procedure how long a step may take, and nothing else.
    """
    return gathered(
        (
            *(use for criterion in criteria for use in _of_criterion(criterion)),
            *named_as("duration", tuple(conditions)),
            *named_as("deadline", tuple(procedures)),
            *(use for outcome in outcomes for use in _of_outcome(outcome)),
        )
    )


def gathered(named: Iterable[tuple[str, Use]]) -> dict[str, tuple[Use, ...]]:
    """The uses of each parameter, in the order in which it was named."""
    found: dict[str, dict[Use, None]] = {}
    for name, use in named:
        found.setdefault(name, {})[use] = None
    return {name: tuple(uses) for name, uses in found.items()}


def named_as(use: Use, value: Any) -> Iterator[tuple[str, Use]]:
    """Every parameter that the value names, with one use."""
    yield from ((given.parameter, use) for given in givens(value) if isinstance(given, ParameterOf))


def _of_criterion(criterion: "Criterion") -> Iterator[tuple[str, Use]]:
    measure = criterion.measure
    if isinstance(measure, Frequency) and isinstance(measure.per, ParameterOf):
        yield measure.per.parameter, "cadence"
        measure = attrs.evolve(measure, per="day")
    for given in givens((measure, criterion.sample)):
        if isinstance(given, ParameterOf):
            yield given.parameter, "number"
    if isinstance(criterion.valid_for, ParameterOf):
        yield criterion.valid_for.parameter, "duration"


def _of_outcome(outcome: "Outcome") -> Iterator[tuple[str, Use]]:
    """Conditions and terms take lengths of time; points, amounts and seats take numbers."""
    yield from named_as("duration", (outcome.when, *((one.due, one.lasts) for one in outcome.then)))
    yield from named_as("number", (outcome.seats, *((one.credit, one.amount) for one in outcome.then)))


def is_interval(uses: Iterable[Use]) -> bool:
    """Whether a parameter of these uses is set in words, such as "2 weeks", and not by a number."""
    kinds = set(uses)
    return bool(kinds) and "number" not in kinds


def fits(value: Setting, uses: Iterable[Use]) -> bool:
    """Whether the value can be used so."""
    return not any(_unreadable(value, use) for use in uses)


def unbindable(
    parameters: "Iterable[Parameter]", uses: Mapping[str, tuple[Use, ...]], values: Mapping[str, Any]
) -> Iterator[Problem]:
    """Why some of the parameters cannot take these values."""
    known = {one.id: one for one in parameters}
    for name, value in values.items():
        if name not in known:
            yield Problem("unknown-id", (name,), name, "parameter", nearest(name, known))
            continue
        try:
            setting = setting_of(value)
        except CivrulesError as error:
            yield from error.within(name)
            continue
        yield from (problem.within(name) for problem in setting_problems(known[name], setting, uses.get(name, ())))


def setting_problems(parameter: "Parameter", value: Setting, uses: Iterable[Use]) -> Iterator[Problem]:
    """Why the parameter cannot have the value: it is not of the kind that its uses need, or out of its range."""
    needed: tuple[Use, ...] = tuple(uses) or (("number",) if parameter.between is not None else ())
    problems = dict.fromkeys(problem for use in needed for problem in _unreadable(value, use))
    yield from problems
    if problems or parameter.between is None or is_interval(needed):
        return
    low, high = parameter.between
    if not low <= Fraction(figure(value)[0]) <= high:
        yield Problem("out-of-range", (), value, f"{plain(low)} … {plain(high)}")


def _unreadable(value: Setting, use: Use) -> tuple[Problem, ...]:
    try:
        _READ[use](value)
    except CivrulesError as error:
        return error.problems
    return ()


def parameter_problems(parameter: "Parameter", uses: Mapping[str, tuple[Use, ...]]) -> Iterator[Problem]:
    """A parameter that is a number here and words there, words between numbers, or a default that does not fit."""
    own = uses.get(parameter.id, ())
    if "number" in own and len(own) > 1:
        yield Problem("two-uses", (), parameter.id)
        return
    if is_interval(own) and parameter.between is not None:
        yield Problem("not-compared", (), parameter.id, "between")
    low, high = parameter.between or (None, None)
    if low is not None and high is not None and low > high:
        yield Problem("bad-order", ("between",), parameter.between, "the lower end first")
    elif parameter.default is not None:
        yield from (problem.within("default") for problem in setting_problems(parameter, parameter.default, own))

"""Cases: what an evaluation opens, and what it finds wanting again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from civrules.model.case import Case, CaseEvent
from civrules.model.community import Fact
from civrules.model.days import Period, check_day
from civrules.model.mapping import FrozenMapping
from civrules.model.procedure import Procedure
from civrules.model.standard import Standard
from civrules.scoring.evaluation import Evaluation, Line

_NO_ATTRIBUTES: Mapping[str, Fact] = FrozenMapping()


def open_cases(
    evaluation: Evaluation, /, *, on: date, earlier: Iterable[Case] = (),
    findings: Mapping[str, Mapping[str, Fact]] = FrozenMapping(),
) -> tuple[Case, ...]:  # fmt: skip
    """The cases that an evaluation opens, and those `earlier` ones that it finds wanting again, in document order.

    A line opens a case of its procedure where its result is one of `opens_on`; where it counts per unit, each place
    that does. An earlier case of the same criterion and place that is still open gets the event `repeated` where the
    evaluation is of the next period, and is passed over in its own; of a closed one a new case is opened, which begins
    with `repeated`. Without periods every later evaluation is of the next. `findings` are the attributes of what was
    found for a criterion, by which the body that answers is chosen. Raises InvalidInput.
    """
    check_day(on, "on")
    standard = evaluation.program.standard
    known: dict[tuple[str, str | None, str | None], Case] = {}
    for case in sorted(earlier, key=lambda case: case.since):
        known[case.key] = case
    found: list[Case] = []
    for line in evaluation.lines:
        procedure = standard.procedure_of(line.criterion) if line.criterion is not None else None
        if procedure is None or line.criterion is None:
            continue
        for place, points in _wanting(evaluation, line, procedure):
            before = known.get((evaluation.community.id, line.criterion, place))
            answers = standard.responsible(line.criterion, findings.get(line.criterion, _NO_ATTRIBUTES))
            case = Case.opened(
                procedure, on=on, community=evaluation.community.id, criterion=line.criterion, place=place,
                points=points, responsible=answers.lead if answers is not None else None, period=evaluation.period,
                edition=evaluation.edition, record=evaluation.inputs_digest,
                calendar=evaluation.calendar,
            )  # fmt: skip
            found += _followed(case, before)
    return tuple(found)


def case_states(cases: Iterable[Case], /, *, on: date) -> Mapping[str, frozenset[str]]:
    """What is true of the cases of each community on a day: "open", "overdue", "repeated"; conditions name these.

    A case that was not opened by then, or is closed, counts for nothing; one that is waived is open and not overdue.
    """
    check_day(on, "on")
    found: dict[str, set[str]] = {}
    for case in cases:
        if case.since > on or case.at(on).closed is not None:
            continue
        states = found.setdefault(case.community, set())
        states.add("open")
        states |= {"overdue"} if case.status(on=on) == "overdue" else set()
        states |= {"repeated"} if case.at(on).repeated else set()
    return FrozenMapping({name: frozenset(states) for name, states in found.items()})


def _wanting(evaluation: Evaluation, line: Line, procedure: Procedure) -> Iterator[tuple[str | None, Decimal | None]]:
    """Where a line is wanting, and what that cost; None where it cannot be said of one place."""
    program = evaluation.program
    compiled = program.by_id[str(line.criterion)]
    cell = evaluation.run.cells[compiled.index]
    if not cell.parts:
        if line.result in procedure.opens_on:
            yield None, _lost(program.standard, line)
        return
    wanting = [name for name, part in cell.parts if part.result in procedure.opens_on]
    for name in wanting:
        yield name, _lost(program.standard, line) if len(wanting) == 1 else None


def _lost(standard: Standard, line: Line) -> Decimal | None:
    """What the line cost: in demerits its points, else what it falls short of."""
    if standard.direction == "demerits" or line.points is None:
        return line.points
    return None if line.possible is None else line.possible - line.points


def _followed(case: Case, before: Case | None) -> Iterator[Case]:
    """What becomes of a finding: a new case, or the earlier one found wanting again; nothing in the same period."""
    if before is None:
        yield case
        return
    again = _is_next(before, case)
    mark = CaseEvent(kind="repeated", on=case.since)
    if before.state.closed is not None:
        yield case.add(mark) if again else case
    elif again:
        yield before.add(mark)


def _is_next(before: Case, case: Case) -> bool:
    """Whether a case is of the period that follows that of another."""
    earlier, later = before.period, case.period
    if earlier is None or later is None:
        return case.since > before.since
    return _ends(earlier) is not None and later.first == _ends(earlier)


def _ends(period: Period) -> date | None:
    return None if period.last is None else period.last + timedelta(days=1)

"""Cases: what an evaluation opens, and what it finds wanting again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from civrules.followup.outcomes import Outcomes
from civrules.model.calendar import Calendar
from civrules.model.case import Case, CaseEvent
from civrules.model.community import Fact
from civrules.model.days import Period, check_day
from civrules.model.mapping import FrozenMapping
from civrules.model.procedure import Procedure
from civrules.model.standard import Standard
from civrules.scoring.evaluation import Evaluation, Line

_NO_ATTRIBUTES: Mapping[str, Fact] = FrozenMapping()


def open_cases(
    found: Evaluation | Outcomes, /, *, on: date | None = None, earlier: Iterable[Case] = (),
    findings: Mapping[str, Mapping[str, Fact]] = FrozenMapping(), calendar: Calendar | None = None,
) -> tuple[Case, ...]:  # fmt: skip
    """The cases that an evaluation or its outcomes open, and those `earlier` ones that are found wanting again.

    A line opens a case of its procedure where its result is one of `opens_on`; where it counts per unit, each place
    that does. An effect `rectify` opens one of the procedure that it names, for each body that it is issued to:
    what that has no other limit for is due when the effect is, else on its last day. They come in document order.

    An earlier case of the same criterion and place, or outcome, that is still open gets the event `repeated` where this
    is of the next period, and is passed over in its own; of a closed one a new case is opened, which begins with
    `repeated`. Without periods everything later is of the next. `on` is the day of opening, which outcomes have
    themselves; `findings` are the attributes of what was found for a criterion, by which the body that answers is
    chosen; `calendar` says when occasions such as working days are. Raises InvalidInput.
    """
    if isinstance(found, Outcomes):
        opened: Iterable[Case] = _of_outcomes(
            found, found.on if on is None else check_day(on, "on"), calendar or Calendar()
        )
    else:
        opened = _of_lines(found, check_day(on, "on"), findings, calendar)
    known: dict[tuple[str | None, ...], Case] = {}
    for case in sorted(earlier, key=lambda case: case.since):
        known[case.about] = case
    return tuple(one for case in opened for one in _followed(case, known.get(case.about)))


def carry_on(cases: Iterable[Case], found: Iterable[Case], /) -> tuple[Case, ...]:
    """All cases after `open_cases` found some: earlier ones as they now stand, in their order, then the new ones."""
    kept = {(case.about, case.since): case for case in cases}
    return tuple((kept | {(case.about, case.since): case for case in found}).values())


def _of_lines(
    evaluation: Evaluation, on: date, findings: Mapping[str, Mapping[str, Fact]], calendar: Calendar | None
) -> Iterator[Case]:
    standard = evaluation.program.standard
    for line in evaluation.lines:
        procedure = standard.procedure_of(line.criterion) if line.criterion is not None else None
        if procedure is None or line.criterion is None:
            continue
        for place, points in _wanting(evaluation, line, procedure):
            answers = standard.responsible(line.criterion, findings.get(line.criterion, _NO_ATTRIBUTES))
            yield Case.opened(
                procedure, on=on, community=evaluation.community.id, criterion=line.criterion, place=place,
                points=points, responsible=answers.lead if answers is not None else None, period=evaluation.period,
                edition=evaluation.edition, record=evaluation.inputs_digest,
                calendar=evaluation.calendar if calendar is None else calendar,
            )  # fmt: skip


def _of_outcomes(found: Outcomes, on: date, calendar: Calendar) -> Iterable[Case]:
    """One for each body that is to put the same right, whoever that is here."""
    known = {one.id for one in found.standard.procedures}
    cases: dict[tuple[str | None, ...], Case] = {}
    for one in found:
        if one.kind == "rectify" and one.what in known:
            case = Case.opened(
                found.standard.procedure(str(one.what)), on=on, community=one.community, outcome=one.outcome,
                responsible=one.to, period=one.period, edition=one.standard, record=one.record, calendar=calendar,
                limit=one.due or one.valid.last,
            )  # fmt: skip
            cases.setdefault(case.about, case)
    return cases.values()


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

"""Cases: a fold over their events; what cannot happen is refused with the reason."""

import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import DOCUMENTS, criterion, sheet

from civrules import (
    Calendar,
    Case,
    CaseEvent,
    Community,
    Evaluation,
    InvalidInput,
    Observation,
    Period,
    Problem,
    Standard,
    carry_on,
    case_rows,
    evaluate,
    load,
    open_cases,
    outcomes,
    read_cases,
    to_oscal,
)
from civrules.authoring.documents import loads
from civrules.followup.case_table import COLUMNS
from civrules.testing.strategies import case_events, possible

APRIL = date(2031, 4, 1)
WORKING = Calendar({"working-day": [date(2031, 5, 2), Period(date(2031, 5, 6), date(2031, 5, 9))]})
OPERATOR = "operator"


@pytest.fixture(scope="module")
def standard() -> Standard:
    """Notify, repair within a month, re-check within five working days; escalation to street, then housing."""
    return load(DOCUMENTS / "good" / "procedures.toml")


@pytest.fixture
def case(standard: Standard) -> Case:
    """A case of the lights, worth 4 points, opened on 1 April."""
    return opened(standard)


def opened(standard: Standard, **about: Any) -> Case:
    """A case of the procedure `repair`."""
    fields: dict[str, Any] = {"criterion": "lights", "points": 4, "responsible": OPERATOR, "calendar": WORKING, **about}
    return Case.opened(standard.procedure("repair"), on=APRIL, community="c1", **fields)


def done(month: int, day: int, **more: Any) -> CaseEvent:
    """A step done."""
    return CaseEvent(kind="done", on=date(2031, month, day), **more)


def refusal(case: Case, event: CaseEvent) -> Problem:
    """Why an event cannot happen."""
    with pytest.raises(InvalidInput) as caught:
        case.add(event)
    (problem,) = caught.value.problems
    return problem


class TestSteps:
    """Design, section 12: "Steps go in order; the open step is the first not done"."""

    def test_the_open_step_is_the_first_not_done(self, case: Case) -> None:
        """After the notice the repair is open, and whoever is responsible does it."""
        after = case.add(done(4, 2))

        assert after.step is not None
        assert ("repair", OPERATOR) == (after.step.id, after.who)

    def test_due_is_the_day_before_plus_within(self, case: Case) -> None:
        """Notified on 31 March of a month: a month later is the last of April, clamped."""
        notified = attrs_opened(case, date(2031, 3, 31)).add(CaseEvent(kind="done", on=date(2031, 3, 31)))

        assert date(2031, 4, 30) == notified.due()

    def test_working_days_come_from_the_calendar(self, case: Case) -> None:
        """Five working days after 1 May, of which the calendar names 2 and 6 to 9 May."""
        assert date(2031, 5, 9) == case.add(done(4, 2), done(5, 1)).due()

    def test_without_the_calendar_nobody_can_say(self, standard: Standard) -> None:
        """A limit in days that no calendar names is undetermined, and never overdue."""
        case = opened(standard, calendar=Calendar()).add(done(4, 2), done(5, 1))

        assert case.due() is None
        assert "open" == case.status(on=date(2039, 1, 1))

    def test_a_calendar_that_ends_too_soon_says_nothing(self, case: Case) -> None:
        """From 6 May on only three working days are named."""
        assert case.add(done(4, 2), done(5, 6)).due() is None

    def test_found_wanting_the_step_before_opens_again(self, case: Case) -> None:
        """A re-check that fails opens the repair again, with its full time."""
        again = case.add(done(4, 2), done(5, 1), done(5, 5, ok=False))

        assert again.step is not None
        assert ("repair", date(2031, 6, 5)) == (again.step.id, again.due())

    def test_the_last_step_closes_and_gives_the_points_back(self, case: Case) -> None:
        """Closed on the day of the re-check, all points are given back from that day on."""
        closed = case.add(done(4, 2), done(5, 1), done(5, 5))

        assert ("open", "closed") == (closed.status(on=date(2031, 5, 4)), closed.status(on=date(2031, 5, 5)))
        assert (Decimal(0), Decimal(4)) == (
            closed.given_back(on=date(2031, 5, 4)),
            closed.given_back(on=date(2031, 5, 5)),
        )
        assert (None, None, None) == (closed.step, closed.due(), closed.who)

    def test_a_part_gives_its_part_back(self, case: Case) -> None:
        """What was repaired in part is worth its points; the step stays open, the rest comes with closing."""
        part = case.add(done(4, 2), CaseEvent(kind="partly", on=date(2031, 4, 9), points="1.5"))

        assert part.step is not None
        assert ("repair", Decimal("1.5")) == (part.step.id, part.given_back(on=date(2031, 4, 9)))
        assert Decimal(4) == part.add(done(5, 1), done(5, 5)).given_back(on=date(2031, 5, 5))


def attrs_opened(case: Case, on: date) -> Case:
    """The same case, opened on another day."""
    return Case.opened(case.procedure, on=on, community="c1", responsible=OPERATOR)


class TestTime:
    """Overdue, extended, waived, escalated, repeated."""

    def test_overdue_from_the_day_after(self, case: Case) -> None:
        """Due on 2 May, it is open that day and overdue the next."""
        notified = case.add(done(4, 2))

        assert ("open", "overdue") == (notified.status(on=date(2031, 5, 2)), notified.status(on=date(2031, 5, 3)))

    def test_extension_moves_the_due_day(self, case: Case) -> None:
        """Extended to 20 May it is not overdue on 3 May."""
        extended = case.add(done(4, 2), CaseEvent(kind="extended", on=date(2031, 5, 1), until=date(2031, 5, 20)))

        assert (date(2031, 5, 20), "open") == (extended.due(), extended.status(on=date(2031, 5, 3)))

    def test_extension_ends_with_its_step(self, case: Case) -> None:
        """The next step has its own time."""
        event = CaseEvent(kind="extended", on=date(2031, 4, 3), until=date(2031, 5, 20))

        assert date(2031, 5, 9) == case.add(done(4, 2), event, done(5, 1)).due()

    def test_waived_it_is_not_overdue(self, case: Case) -> None:
        """While it is waived it is not overdue; then it is again."""
        waived = case.add(done(4, 2), CaseEvent(kind="waived", on=date(2031, 5, 3), until=date(2031, 5, 31)))
        days = (date(2031, 5, 2), date(2031, 5, 31), date(2031, 6, 1))

        assert ["open", "waived", "overdue"] == [waived.status(on=day) for day in days]

    def test_escalation_goes_from_rung_to_rung(self, case: Case) -> None:
        """Overdue it goes to the street at once, and ten days later to the bureau."""
        notified = case.add(done(4, 2))
        street = notified.escalation(on=date(2031, 5, 3))
        assert street is not None
        escalated = notified.add(CaseEvent(kind="escalated", on=date(2031, 5, 3), to="street"))
        housing = escalated.escalation(on=date(2031, 5, 13))

        assert ("street", None) == (street.to, escalated.escalation(on=date(2031, 5, 12)))
        assert housing is not None
        assert "housing" == housing.to

    def test_waived_it_is_not_escalated(self, case: Case) -> None:
        """While it is waived there is nowhere for it to go."""
        waived = case.add(done(4, 2), CaseEvent(kind="waived", on=date(2031, 5, 3), until=date(2031, 5, 31)))

        assert waived.escalation(on=date(2031, 5, 31)) is None
        assert waived.escalation(on=date(2031, 6, 1)) is not None

    def test_nothing_is_escalated_before_it_is_overdue(self, case: Case) -> None:
        """On the due day there is nothing to escalate."""
        assert case.add(done(4, 2)).escalation(on=date(2031, 5, 2)) is None


def extended(month: int, day: int) -> CaseEvent:
    """An extension, granted on 3 April."""
    return CaseEvent(kind="extended", on=APRIL + timedelta(2), until=date(2031, month, day))


ESCALATING = """
[standard]
id = "example/escalating"
version = "1"
title = { zh = "升级", en = "Escalating" }
kinds = ["residential"]
source = { document = "Example rules" }
not_applicable = "refuse"

[[procedure]]
id = "repair"
title = { zh = "整改", en = "Repair" }
steps = [{ id = "repair", within = "10 days" }, { id = "re-check" }]
escalate = [
  { to = "street" },
  { to = "county", when = { case = "repeated" } },
  { to = "mayor", when = { all = [{ case = "repeated" }, { case = "overdue" }] }, after = "10 days" },
]

[[section]]
id = "all"
title = { zh = "全部", en = "All" }
procedure = "repair"

  [[section.criterion]]
  id = "lights"
  title = { zh = "灯", en = "Lights" }
  points = 4
  measure = { kind = "check" }

  [[section.criterion]]
  id = "board"
  title = { zh = "公示牌", en = "Board" }
  points = 1
  procedure = "none"
  measure = { kind = "check" }
"""


class TestEscalation:
    """Where a case goes is what the procedure says: overdue, or for another reason that a condition names."""

    @pytest.fixture
    def case(self) -> Case:
        """Opened on 1 April, to be repaired by 11 April."""
        procedure = loads(ESCALATING).procedure("repair")
        return Case.opened(procedure, on=APRIL, community="c1", criterion="lights")

    def goes(self, case: Case, day: date) -> str | None:
        """Where it goes next."""
        rung = case.escalation(on=day)
        return None if rung is None else rung.to

    def test_a_repeat_goes_to_whom_the_procedure_says(self, case: Case) -> None:
        """Found wanting again it goes to the county at once, without being overdue and without the street before."""
        again = case.add(CaseEvent(kind="repeated", on=date(2031, 4, 5)))
        assert (None, "county") == (self.goes(case, date(2031, 4, 5)), self.goes(again, date(2031, 4, 5)))
        gone = again.add(CaseEvent(kind="escalated", on=date(2031, 4, 5), to="county"))
        assert (None, "street") == (self.goes(gone, date(2031, 4, 11)), self.goes(gone, date(2031, 4, 12)))

    def test_both_reasons_and_a_time_after_the_due_day(self, case: Case) -> None:
        """Due on the 11th, ten days more are the 21st; the day after that it goes to the mayor."""
        again = case.add(CaseEvent(kind="repeated", on=date(2031, 4, 5)))
        for day, to in ((12, "street"), (12, "county")):
            again = again.add(CaseEvent(kind="escalated", on=date(2031, 4, day), to=to))
        assert (None, "mayor") == (self.goes(again, date(2031, 4, 21)), self.goes(again, date(2031, 4, 22)))

    def test_a_repeat_goes_up_once(self, case: Case) -> None:
        """The next step goes to the street when it is overdue; for the repeat the county was told before."""
        again = case.add(
            CaseEvent(kind="repeated", on=date(2031, 4, 5)),
            CaseEvent(kind="escalated", on=date(2031, 4, 5), to="county"),
            CaseEvent(kind="done", on=date(2031, 4, 6)),
        )
        assert self.goes(again, date(2031, 4, 7)) is None

    def test_without_a_reason_it_is_refused(self, case: Case) -> None:
        """What was not found wanting again goes to nobody for it."""
        overdue = case.add(CaseEvent(kind="escalated", on=date(2031, 4, 12), to="street"))
        problem = refusal(overdue, CaseEvent(kind="escalated", on=date(2031, 4, 13)))
        assert ("case-no-reason", "county") == (problem.code, problem.value)

    def test_a_closed_case_goes_nowhere(self, case: Case) -> None:
        """Overdue or not: what is closed is done with."""
        closed = case.add(*(CaseEvent(kind="done", on=date(2031, 4, day)) for day in (5, 6)))
        assert self.goes(closed, date(2031, 5, 1)) is None

    def test_a_criterion_opts_out_of_its_sections_procedure(self) -> None:
        """Named "none", its failing opens no case."""
        standard = loads(ESCALATING)
        found = evaluate(standard, Community("c1"), {"lights": False, "board": False})
        assert ["lights"] == [case.criterion for case in open_cases(found, on=APRIL)]
        assert standard.procedure_of("board") is None


def escalated(day: int, to: str) -> CaseEvent:
    """An escalation in May."""
    return CaseEvent(kind="escalated", on=date(2031, 5, day), to=to)


IMPOSSIBLE: list[tuple[tuple[CaseEvent, ...], CaseEvent, str, str]] = [
    ((), done(4, 2, step="repair"), "case-step", '"repair" is not open; the open step is notify'),
    ((), done(4, 2, step="repairs"), "unknown-id", 'did you mean "repair"?'),
    ((), done(4, 2, by="street"), "case-by", '"street" does not do this step; housing:clerk does'),
    ((), done(4, 2, ok=False), "case-nothing-before", '"notify" is the first step'),
    ((), done(3, 31), "case-order", "2031-03-31 is earlier than the event before, of 2031-04-01"),
    ((), CaseEvent(kind="opened", on=APRIL), "case-opened-twice", "was opened before"),
    ((done(4, 2),), extended(5, 2), "case-extension", "2031-05-02 is not later than 2031-05-02"),
    ((done(4, 2), extended(5, 9)), extended(6, 9), "case-extensions", "at most 1"),
    ((done(4, 2),), escalated(2, "street"), "case-not-overdue", "due on 2031-05-02"),
    ((done(4, 2),), escalated(3, "housing"), "case-to", "goes to street next"),
    ((done(4, 2),), CaseEvent(kind="partly", on=date(2031, 4, 9), points=5), "case-points", "4 are left"),
    ((done(4, 2), done(5, 1), done(5, 5)), done(5, 6), "case-closed", "closed on 2031-05-05"),
]


class TestImpossible:
    """Design, section 12: "an event that the procedure does not allow is refused with the reason"."""

    @pytest.mark.parametrize("before, event, code, words", IMPOSSIBLE, ids=[one[2] for one in IMPOSSIBLE])
    def test_is_refused_with_the_reason(
        self, case: Case, before: Sequence[CaseEvent], event: CaseEvent, code: str, words: str
    ) -> None:
        """What cannot happen in this state is refused, and the problem says why."""
        problem = refusal(case.add(*before), event)

        assert code == problem.code
        assert words in problem.say()
        assert f"event[{len(before) + 2}]" == problem.where[0]

    def test_nothing_happens_before_it_is_opened(self, case: Case) -> None:
        """A case begins with its opening."""
        with pytest.raises(InvalidInput, match='begins with opened; "done" came first'):
            Case(procedure=case.procedure, community="c1", events=[done(4, 2)])

    def test_an_event_of_the_wrong_form_is_refused_whole(self) -> None:
        """All that is wrong with an event comes at once."""
        with pytest.raises(InvalidInput) as caught:
            CaseEvent(kind="extended", on="today", step="repair")  # type: ignore[arg-type]  # what a host may hand in

        assert ["bad-day", "case-detail", "missing-key"] == [problem.code for problem in caught.value.problems]

    def test_there_is_no_state_before_the_opening(self, case: Case) -> None:
        """A day before it was opened is refused."""
        with pytest.raises(InvalidInput, match="there was no case yet"):
            case.status(on=date(2031, 3, 31))


class TestFold:
    """What holds for every case."""

    @given(drawn=case_events(APRIL), cut=st.integers(0, 12))
    def test_in_two_pieces_or_at_once(self, standard: Standard, drawn: list[CaseEvent], cut: int) -> None:
        """Folding the events in two pieces equals folding them at once."""
        case = opened(standard)
        kept = possible(case, drawn)

        assert case.add(*kept) == case.add(*kept[:cut]).add(*kept[cut:])
        assert case.add(*kept).state == case.add(*kept[:cut]).add(*kept[cut:]).state

    @given(drawn=case_events(APRIL), after=st.integers(0, 400))
    def test_no_undeclared_state(self, standard: Standard, drawn: list[CaseEvent], after: int) -> None:
        """No sequence of events reaches a state that is not declared, nor gives back more than was lost."""
        case = opened(standard)
        case = case.add(*possible(case, drawn))
        on = APRIL + timedelta(days=after)

        assert case.status(on=on) in ("open", "overdue", "waived", "closed")
        assert 0 <= case.given_back(on=on) <= 4
        assert (case.step is None) is (case.state.closed is not None)
        assert case == pickle.loads(pickle.dumps(case))

    @given(drawn=case_events(APRIL), after=st.integers(0, 90))
    def test_the_state_of_a_day_does_not_know_the_future(
        self, standard: Standard, drawn: list[CaseEvent], after: int
    ) -> None:
        """Overdue is a function of the day: what happens later changes nothing."""
        case = opened(standard)
        kept = possible(case, drawn)
        on = APRIL + timedelta(days=after)
        until = [event for event in kept if event.on <= on]

        assert case.add(*until).status(on=on) == case.add(*kept).status(on=on)
        assert case.add(*until).due() == case.add(*kept).due_on(on)


def looked(standard: Standard, quarter: int, *, lights: bool, complaints: bool = True) -> Evaluation:
    """An evaluation of a quarter."""
    seen = [Observation("lights", lights), Observation("complaints", complaints)]
    community = Community("c1", attributes={"operator": "Good Homes"})
    return evaluate(standard, community, seen, period=Period.quarter(2031, quarter))


class TestOpening:
    """Design, section 12: "A failing line opens a case of its procedure"."""

    def test_a_failing_line_opens_a_case(self, standard: Standard) -> None:
        """It knows what it is about, what it cost, who answers, and the record that found it."""
        evaluation = looked(standard, 1, lights=False)
        (case,) = open_cases(evaluation, on=APRIL)

        assert (("c1", "lights", None), Decimal(4), OPERATOR) == (case.key, case.points, case.responsible)
        assert (evaluation.inputs_digest, "example/procedures@1") == (case.record, case.edition)
        assert "repair" == case.procedure.id

    def test_a_criterion_names_its_own_procedure(self, standard: Standard) -> None:
        """The section's procedure holds where the criterion names none."""
        found = open_cases(looked(standard, 1, lights=False, complaints=False), on=APRIL)

        assert ["repair", "reply"] == [case.procedure.id for case in found]

    def test_the_limit_is_settled_when_it_is_opened(self, standard: Standard) -> None:
        """A bound limit is the case's own."""
        bound = standard.bind({"limit": "2 weeks"})
        (case,) = open_cases(looked(bound, 1, lights=False), on=APRIL)

        assert date(2031, 4, 16) == case.add(done(4, 2)).due()

    def test_the_next_period_makes_it_repeated(self, standard: Standard) -> None:
        """Still open, the case of the quarter before is marked; no second one is opened."""
        (first,) = open_cases(looked(standard, 1, lights=False), on=APRIL)
        (second,) = open_cases(looked(standard, 2, lights=False), on=date(2031, 7, 1), earlier=[first])

        assert (False, True) == (first.repeated, second.repeated)
        assert first.events == second.events[:-1]

    def test_closed_a_new_one_is_opened_and_marked(self, standard: Standard) -> None:
        """Closed in between, the same finding opens a new case that begins as repeated."""
        (first,) = open_cases(looked(standard, 1, lights=False), on=APRIL)
        closed = first.add(done(4, 2), done(5, 1), done(5, 5))
        (second,) = open_cases(looked(standard, 2, lights=False), on=date(2031, 7, 1), earlier=[closed])

        assert (True, date(2031, 7, 1)) == (second.repeated, second.since)

    def test_a_period_between_is_no_repetition(self, standard: Standard) -> None:
        """Two quarters later a closed failing is a new one."""
        (first,) = open_cases(looked(standard, 1, lights=False), on=APRIL)
        closed = first.add(done(4, 2), done(5, 1), done(5, 5))
        (second,) = open_cases(looked(standard, 3, lights=False), on=date(2031, 10, 1), earlier=[closed])

        assert second.repeated is False

    @pytest.mark.parametrize("failing, points", [(("2",), [Decimal(2)]), (("1", "2"), [None, None])])
    def test_each_failing_place_opens_one(self, failing: tuple[str, ...], points: list[Decimal | None]) -> None:
        """One place that fails cost the line's points; of several nobody can say what each cost."""
        doors = criterion("doors", points=2, more='per_unit = "building"\nprocedure = "repair"')
        repair = '\n[[procedure]]\nid = "repair"\ntitle = { en = "Repair" }\nsteps = [{ id = "repair" }]\n'
        looks = [Observation("doors", place not in failing, place=place) for place in ("1", "2", "3")]
        community = Community("c1", places={"building": ["1", "2", "3"]})
        found = open_cases(evaluate(loads(sheet(doors, tables=repair)), community, looks), on=APRIL)

        assert list(failing) == [case.place for case in found]
        assert points == [case.points for case in found]

    def test_the_same_period_opens_nothing_twice(self, standard: Standard) -> None:
        """Evaluated again, an open case stays as it is."""
        found = open_cases(looked(standard, 1, lights=False), on=APRIL)

        assert () == open_cases(looked(standard, 1, lights=False), on=date(2031, 4, 2), earlier=found)


EVENTS = """community,criterion,place,kind,on,step,ok,by,to,until,points,note
c1,lights,,opened,2031-04-01,,,,,,4,
c1,lights,,done,2031-04-02,notify,yes,housing:clerk,,,,by letter
c2,lights,,opened,2031-04-01,,,,,,4,
c2,lights,,done,2031-04-02,,,,,,,
c2,lights,,partly,2031-04-20,repair,,,,,1.5,two of four
c2,lights,,done,2031-04-30,,,,,,,
c2,lights,,done,2031-05-02,,,,,,,
"""


class TestTables:
    """Cases as tables: events in, a row for each case out."""

    def test_events_make_cases(self, standard: Standard, tmp_path: Path) -> None:
        """One is overdue by 29 days and goes to the street; one is closed, its points given back."""
        (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
        rows = case_rows(read_cases(tmp_path / "events.csv", standard), on=date(2031, 5, 31))
        first, second = (dict(zip(COLUMNS, row, strict=True)) for row in rows)

        assert ("overdue", "repair", OPERATOR, date(2031, 5, 2), 29, "street") == tuple(
            first[key] for key in ("status", "step", "by", "due", "days_overdue", "escalate_to")
        )
        assert ("closed", Decimal(4), date(2031, 5, 2)) == tuple(
            second[key] for key in ("status", "given_back", "closed")
        )

    def test_a_row_says_the_day_asked_for(self, standard: Standard, tmp_path: Path) -> None:
        """On 20 April the second case is open and its part given back; before 1 April there is none."""
        (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
        cases = read_cases(tmp_path / "events.csv", standard)
        row = dict(zip(COLUMNS, case_rows(cases, on=date(2031, 4, 20))[1], strict=True))

        assert ("open", Decimal("1.5"), None) == (row["status"], row["given_back"], row["closed"])
        assert () == case_rows(cases, on=date(2031, 3, 31))

    def test_every_problem_has_its_row(self, standard: Standard, tmp_path: Path) -> None:
        """What cannot happen and what cannot be read is refused together, each with its row."""
        bad = EVENTS.replace("2031-04-20,repair", "2031-04-20,re-check").replace("housing:clerk", "street")
        (tmp_path / "events.csv").write_text(f"{bad}c3,lights,,opened,soon,,,,,,,\n", encoding="utf-8")
        with pytest.raises(InvalidInput) as caught:
            read_cases(tmp_path / "events.csv", standard)

        assert [(3, "case-by"), (6, "case-step"), (9, "bad-day")] == [
            (problem.where[1], problem.code) for problem in caught.value.problems
        ]


class TestOscal:
    """Design, section 12: "Maps to OSCAL POA&M items (uuids version 5 from the record's digest)"."""

    @pytest.fixture
    def cases(self, standard: Standard) -> tuple[Case, ...]:
        """Two cases, one on its way and one waived."""
        found = open_cases(looked(standard, 1, lights=False, complaints=False), on=APRIL)
        note = CaseEvent(kind="waived", on=date(2031, 4, 3), note="until the works begin")
        return found[0].add(done(4, 2, by="housing:clerk")), found[1].add(note)

    def written(self, cases: tuple[Case, ...]) -> str:
        """The plan as of 1 June."""
        return to_oscal(cases, on=date(2031, 6, 1), modified=datetime(2031, 6, 1, 12, tzinfo=UTC), title="Plan")

    def test_the_models_of_trestle_accept_it(self, cases: tuple[Case, ...]) -> None:
        """What is written is a plan of action and milestones by the models of compliance-trestle."""
        poam = pytest.importorskip("trestle.oscal.poam", reason="compliance-trestle is not installed")
        plan = poam.Model.model_validate_json(self.written(cases)).plan_of_action_and_milestones

        assert 2 == len(plan.poam_items) == len(plan.risks) == len(plan.observations)
        assert {str(one.uuid) for one in plan.risks} == {str(one.related_risks[0].risk_uuid) for one in plan.poam_items}

    def test_the_uuids_come_from_the_record(self, cases: tuple[Case, ...]) -> None:
        """The same cases give the same text; another record gives other uuids."""
        assert self.written(cases) == self.written(cases)

    def test_times_come_from_the_host(self, cases: tuple[Case, ...]) -> None:
        """A time without a zone is refused."""
        with pytest.raises(InvalidInput, match="a time with a time zone"):
            to_oscal(cases, on=APRIL, modified=datetime(2031, 6, 1), title="Plan")  # noqa: DTZ001  # that is the point

    def test_deadline_and_state_stand_in_the_risk(self, cases: tuple[Case, ...]) -> None:
        """The overdue repair has its deadline; the waived case an approved deviation."""
        import json

        risks = json.loads(self.written(cases))["plan-of-action-and-milestones"]["risks"]

        assert ("2031-05-02T00:00:00+00:00", "remediating") == (risks[0]["deadline"], risks[0]["status"])
        assert "deviation-approved" == risks[1]["status"]


OUTCOMES = """
[standard]
id = "example/grades"
version = "1"
title = { zh = "等次", en = "Grades" }
kinds = ["residential"]
source = { document = "Example rules" }
not_applicable = "refuse"

[[body]]
id = "housing"
title = { zh = "住建局", en = "Housing bureau" }
[[body]]
id = "operator"
title = { zh = "物业服务企业", en = "Property company" }
attribute = "operator"
[[body]]
id = "street"
title = { zh = "街道", en = "Street office" }

[[parameter]]
id = "limit"
title = { zh = "期限", en = "Limit" }

[[procedure]]
id = "repair"
title = { zh = "整改", en = "Repair" }
steps = [
  { id = "notify", by = "housing" },
  { id = "repair", by = "responsible", within = { parameter = "limit" } },
  { id = "re-check", by = "housing", within = "10 days" },
]
escalate = [{ to = "street" }]

[[section]]
id = "all"
title = { zh = "全部", en = "All" }

  [[section.criterion]]
  id = "marks"
  title = { zh = "得分", en = "Marks" }
  points = 100
  measure = { kind = "marks" }

[[grade]]
id = "A"
at_least = 80
[[grade]]
id = "D"

[[outcome]]
id = "grade-d"
title = { zh = "D级", en = "Grade D" }
when = { grade = "D" }
by = "housing"
then = [{ rectify = "repair", to = "operator", lasts = "6 months" }, { list = "watched" }]

[[outcome]]
id = "overdue"
title = { zh = "逾期约谈", en = "Interview" }
when = { case = "overdue" }
then = [{ interview = "head", to = "operator" }, { rectify = "repair", to = ["operator", "street"], due = "20 days" }]
"""


class TestRectify:
    """Design, section 12: "`rectify` opens one too"."""

    ISSUED = date(2031, 2, 1)

    def judged(self, marks: int, year: int, *, on: date, cases: Sequence[Case] = (), **limit: Any) -> Any:
        """What follows for one compound of a company."""
        standard = loads(OUTCOMES).bind(limit)
        community = Community("c1", attributes={"operator": "Good Homes"})
        one = evaluate(standard, community, {"marks": marks}, period=Period.year(year))
        return outcomes(standard, [one], on=on, cases=cases)

    def test_the_outcome_opens_a_case_of_its_procedure(self) -> None:
        """One case, for the body that it is issued to; the step that has no other limit is due when the term ends."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED))
        notified = case.add(CaseEvent(kind="done", on=date(2031, 2, 3), by="housing"))

        assert ("c1", None, "grade-d", "repair", OPERATOR, self.ISSUED) == (
            case.community, case.criterion, case.outcome, case.procedure.id, case.responsible, case.since,
        )  # fmt: skip
        assert (None, date(2031, 7, 31)) == (case.due(), notified.due())
        assert ("open", "overdue") == tuple(notified.status(on=date(*day)) for day in ((2031, 7, 31), (2031, 8, 1)))
        escalation = notified.escalation(on=date(2031, 8, 1))
        assert escalation is not None
        assert "street" == escalation.to

    def test_the_procedures_own_limit_comes_first(self) -> None:
        """Set to a month, the repair is due a month after the notice, whatever the term of the effect."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED, limit="1 month"))
        assert date(2031, 3, 3) == case.add(CaseEvent(kind="done", on=date(2031, 2, 3))).due()

    def test_extended_it_is_due_later(self) -> None:
        """An extension moves the day on which the term ends."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED))
        moved = case.add(
            CaseEvent(kind="done", on=date(2031, 2, 3)),
            CaseEvent(kind="extended", on=date(2031, 7, 30), until=date(2031, 9, 30)),
        )
        assert date(2031, 9, 30) == moved.due()

    def test_judged_again_it_is_the_same_case_and_next_year_repeated(self) -> None:
        """Of the same period nothing new; of the next the open case is marked, a closed one is opened anew, marked."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED))
        assert () == open_cases(self.judged(40, 2030, on=date(2031, 2, 8)), earlier=[case])

        later = self.judged(40, 2031, on=date(2032, 2, 1))
        (again,) = open_cases(later, earlier=[case])
        assert (self.ISSUED, True) == (again.since, again.repeated)

        closed = case.add(*(CaseEvent(kind="done", on=date(2031, 3, day)) for day in (1, 2, 3)))
        (anew,) = open_cases(later, earlier=[closed])
        assert (date(2032, 2, 1), True) == (anew.since, anew.repeated)
        assert (closed, anew) == carry_on([closed], [anew])
        assert (again,) == carry_on([case], [again])

    def test_an_overdue_case_is_what_the_next_outcome_looks_at(self) -> None:
        """Overdue on the day, it leads to an interview, and to a case for each body that is to put it right."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED, limit="10 days"))
        case = case.add(CaseEvent(kind="done", on=self.ISSUED))
        later = self.judged(90, 2031, on=date(2031, 3, 1), cases=[case], limit="10 days")
        assert ["interview", "rectify", "rectify"] == [one.kind for one in later]
        opened = open_cases(later, earlier=[case])
        assert [("overdue", OPERATOR), ("overdue", "street")] == [(one.outcome, one.responsible) for one in opened]
        assert {date(2031, 3, 21)} == {one.limit for one in opened}

    def test_a_body_puts_it_right_once(self) -> None:
        """Two companies run the compound, and both are told: it is one case, of the body that they are."""
        standard = loads(OUTCOMES)
        community = Community("c1", attributes={"operator": ("Good Homes", "Better Homes")})
        found = outcomes(standard, [evaluate(standard, community, {"marks": 40})], on=self.ISSUED)
        assert 2 == sum(one.kind == "rectify" for one in found)
        assert 1 == len(open_cases(found))

    def test_a_table_of_its_events(self, tmp_path: Path) -> None:
        """Its rows name the outcome; they go on with the case that was opened, or open one by hand."""
        (case,) = open_cases(self.judged(40, 2030, on=self.ISSUED))
        rows = "community,outcome,kind,on\nc1,grade-d,done,2031-02-03\nc2,grade-d,opened,2031-02-05\n"
        (tmp_path / "events.csv").write_text(rows, encoding="utf-8")
        first, second = read_cases(tmp_path / "events.csv", loads(OUTCOMES), cases=[case])
        assert case.add(CaseEvent(kind="done", on=date(2031, 2, 3))) == first
        assert ("c2", "repair", date(2031, 2, 5)) == (second.community, second.procedure.id, second.since)

        (tmp_path / "events.csv").write_text(rows.replace("done", "opened"), encoding="utf-8")
        with pytest.raises(InvalidInput) as caught:
            read_cases(tmp_path / "events.csv", loads(OUTCOMES), cases=[case])
        assert "case-opened-twice" == caught.value.problems[0].code

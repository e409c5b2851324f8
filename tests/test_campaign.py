"""Campaigns with days: schedule, progress, calendar. Nothing is guessed, and what is undetermined is never late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import DOCUMENTS

from civrules import (
    Calendar,
    Campaign,
    Community,
    Done,
    InvalidInput,
    Occurrence,
    Period,
    Progress,
    Schedule,
    Standing,
    Task,
    dump,
    load_campaign,
)
from civrules.authoring.documents import parsed
from civrules.testing.strategies import campaigns, tasks

HEAD = """
[campaign]
id = "example/plan"
version = "1"
title = { zh = "方案", en = "A plan" }
kinds = ["residential"]
"""
END = date(2031, 12, 31)


def plan(tables: str = "", *, head: str = "") -> Campaign:
    """A campaign of these keys and tables; a table without title gets one."""
    titled = tables.replace("]]\n", ']]\ntitle = { zh = "一项", en = "One" }\n')
    return parsed(f"{HEAD}{head}\n{titled}").campaign()


def task(keys: str, *, head: str = "") -> Campaign:
    """A campaign of one task, `one`."""
    return plan(f'[[task]]\nid = "one"\n{keys}\n', head=head)


def alone(one: Task) -> Campaign:
    """A campaign of that task."""
    return attrs.evolve(plan(), tasks=[one])


def days(campaign: Campaign, id: str, year: int = 2031, **how: Any) -> list[str]:
    """The days of a phase or task, as text."""
    return [str(period) for period in campaign.in_year(year, **how).days(id).periods]


def only(schedule: Schedule, done: Any = (), *, on: date = END, **how: Any) -> Progress:
    """The progress of the one task."""
    (progress,) = schedule.progress({"one": done}, on=on, **how)
    return progress


PHASES = {
    "a month": ('first = "07"\nlast = "07"', "2031-07-01 … 2031-07-31"),
    "ten-day terms": ('first = "02-early"\nlast = "02-late"', "2031-02-01 … 2031-02-28"),
    "a middle term": ('first = "02-mid"\nlast = "02-mid"', "2031-02-11 … 2031-02-20"),
    "into the next year": ('first = "12-21"\nlast = "02-mid"', "2031-12-21 … 2032-02-20"),
    "a leap day": ('first = "02-29"\nlast = "03-01"', "2031-02-28 … 2031-03-01"),
    "open": ('first = "12"', "2031-12-01 … …"),
    "an open beginning": ('last = "04"', "… … 2031-04-30"),
    "three months": ('first = "03-03"\nlasts = "3 months"', "2031-03-03 … 2031-06-02"),
    "a month from the 31st": ('first = "01-31"\nlasts = "1 month"', "2031-01-31 … 2031-02-27"),
}


class TestDays:
    """Design, section 12: "A document prints no year"."""

    @pytest.mark.parametrize("keys, expected", PHASES.values(), ids=PHASES)
    def test_of_a_phase(self, keys: str, expected: str) -> None:
        """The year makes days; what ends before it begins ends in the next year; an anniversary is excluded."""
        assert [expected] == days(plan(f'[[phase]]\nid = "one"\n{keys}\n'), "one")

    def test_a_length_needs_a_start(self) -> None:
        """Three months without a first day are undetermined until the host gives the start."""
        campaign = plan('[[phase]]\nid = "one"\nlasts = "3 months"\n')

        assert ([], "start") == (days(campaign, "one"), campaign.in_year(2031).days("one").why)
        assert ["2031-03-03 … 2031-06-02"] == days(campaign, "one", start=date(2031, 3, 3))

    def test_an_occasion_comes_from_the_calendar(self) -> None:
        """A vacation is undetermined without the host's calendar, and has its days with it."""
        campaign = plan('[[phase]]\nid = "one"\noccasion = "summer-vacation"\n')
        calendar = Calendar({"summer-vacation": [Period(date(2031, 7, 5), date(2031, 8, 31))]})

        assert ([], "summer-vacation") == (days(campaign, "one"), campaign.in_year(2031).days("one").why)
        assert ["2031-07-05 … 2031-08-31"] == days(campaign, "one", calendar=calendar)

    def test_an_open_parameter_leaves_days_undetermined(self) -> None:
        """A day that a parameter gives is undetermined until it is set."""
        campaign = plan(
            '[[parameter]]\nid = "end"\n[[phase]]\nid = "one"\nfirst = "03"\nlast = { parameter = "end" }\n'
        )

        assert ([], "end") == (days(campaign, "one"), campaign.in_year(2031).days("one").why)
        assert ["2031-03-01 … 2031-05-20"] == days(campaign.bind({"end": "05-mid"}), "one")

    def test_a_phase_lies_in_the_campaign(self) -> None:
        """Of a campaign from September to June a phase in February lies in the next year."""
        campaign = plan('[[phase]]\nid = "one"\nfirst = "02"\nlast = "02"\n', head='first = "09"\nlast = "06"')

        assert ["2032-02-01 … 2032-02-29"] == days(campaign, "one")

    def test_dates_fill_what_is_undated_and_nothing_else(self) -> None:
        """The host dates what the document leaves undated; what it dates itself is refused."""
        campaign = plan('[[phase]]\nid = "one"\n[[phase]]\nid = "two"\nfirst = "05"\nlast = "05"\n')
        june = Period.month(2031, 6)

        assert ["2031-06-01 … 2031-06-30"] == days(campaign, "one", dates={"one": june})
        with pytest.raises(InvalidInput, match='gives "two" its days: 2031-05-01 … 2031-05-31'):
            campaign.in_year(2031, dates={"two": june})
        with pytest.raises(InvalidInput, match='"onee" names no phase or task; did you mean "one"'):
            campaign.in_year(2031, dates={"onee": june})

    def test_a_year_or_a_start_must_be_given(self) -> None:
        """Without either there are no days."""
        with pytest.raises(InvalidInput, match="a campaign has no year; expected year, start"):
            plan().in_year()


class TestNotes:
    """Design, section 12: "overlaps, gaps, undated phases and vacant posts are listed"."""

    def test_all_that_a_careful_reader_should_know(self) -> None:
        """Each note stands once, in both languages."""
        campaign = plan(
            '[[body]]\nid = "office"\nposts = ["head", "clerk"]\n[[body]]\nid = "idle"\n'
            '[[goal]]\nid = "tidy"\n[[goal]]\nid = "safe"\n'
            '[[phase]]\nid = "a"\nfirst = "03-01"\nlast = "03-20"\n'
            '[[phase]]\nid = "b"\nfirst = "03-20"\nlast = "03-31"\n'
            '[[phase]]\nid = "c"\n[[phase]]\nid = "d"\nfirst = "04-11"\nlast = "04-30"\n'
            '[[task]]\nid = "look"\nresponsible = { lead = "office:head" }\nserves = ["tidy"]\n[[task]]\nid = "rest"\n',
            head="traced = true",
        )
        schedule = campaign.in_year(2031, holders={"office:head": "Li"})

        assert [
            ("undated", "c"),
            ("phases-overlap", "a, b"),
            ("phases-gap", None),
            ("vacant-post", "office:clerk"),
            ("goal-without-task", "safe"),
            ("task-without-goal", "rest"),
            ("body-without-task", "idle"),
            ("task-without-lead", "rest"),
        ] == [(note.code, note.value) for note in schedule.notes]
        assert {"note"} == {note.severity for note in schedule.notes}
        assert "no phase holds 2031-04-01 … 2031-04-10" in [note.say() for note in schedule.notes]
        assert ("office:clerk",) == schedule.vacant

    def test_a_task_whose_days_hold_no_whole_window(self) -> None:
        """It is said, since nothing is ever expected of it; with its whole year there is nothing to say."""
        short = task('cadence = { per = "year" }\nfirst = "03-15"').in_year(2031)
        whole = task('cadence = { per = "year" }\nfirst = "01-01"').in_year(2031)

        assert [("one", "2031-03-15 … 2031-12-31")] == [
            (note.value, note.expected) for note in short.notes if note.code == "no-whole-window"
        ]
        assert () == short.occurrences()
        assert "no-whole-window" not in [note.code for note in whole.notes]

    def test_a_body_works_through_its_parts(self) -> None:
        """A body is not without a task where a part of a part of it has one."""
        campaign = plan(
            '[[body]]\nid = "county"\n[[body]]\nid = "bureau"\npart_of = "county"\n'
            '[[body]]\nid = "office"\npart_of = "bureau"\n[[task]]\nid = "one"\nresponsible = { lead = "office" }\n'
        )

        assert () == campaign.in_year(2031).notes

    def test_an_open_phase_leaves_no_gap(self) -> None:
        """After a phase without end there is no gap."""
        campaign = plan('[[phase]]\nid = "a"\nfirst = "03"\n[[phase]]\nid = "b"\nfirst = "06"\nlast = "06"\n')
        schedule = campaign.in_year(2031)

        assert () == schedule.gaps
        assert [("a", "b", Period.month(2031, 6))] == list(schedule.overlaps)


class TestOccurrences:
    """Design, section 12: "Expected once for every whole window"."""

    def due(self, campaign: Campaign, **how: Any) -> list[str]:
        """The due days of the one task."""
        return [str(one.due) for one in campaign.in_year(2031, **how).occurrences("one")]

    def test_only_whole_windows_count(self) -> None:
        """From 15 February to 14 May there are two whole months."""
        assert ["2031-03-31", "2031-04-30"] == self.due(
            task('cadence = { per = "month" }\nfirst = "02-15"\nlast = "05-14"')
        )

    def test_due_is_counted_from_the_windows_last_day(self) -> None:
        """A month after the end of January is the end of February."""
        assert "2031-02-28" == self.due(task('cadence = { per = "month" }\ndue = "1 month"'))[0]

    def test_what_is_for_information_is_due_on_no_day(self) -> None:
        """Format: "informative" is shown, never expected; so the calendar has its days and no due day."""
        schedule = task('strength = "informative"\nfirst = "03"\nlast = "04"').in_year(2031)

        assert [("2031-03-01 … 2031-04-30", None)] == [(str(one.window), one.due) for one in schedule.occurrences()]
        assert () == schedule.due_days
        assert "VEVENT" not in schedule.to_ical()

    def test_without_cadence_a_task_is_due_on_its_day(self) -> None:
        """Its own day, else the last of its phase; after a beginning in autumn a day in spring is of the next year."""
        phase = '[[phase]]\nid = "p"\nfirst = "09"\nlast = "11"\n'

        assert ["2031-10-20"] == self.due(task('due = "10-mid"'))
        assert ["2031-11-30"] == self.due(plan(f'{phase}[[task]]\nid = "one"\nphase = "p"\n'))
        assert ["2032-03-10"] == self.due(plan(f'{phase}[[task]]\nid = "one"\nphase = "p"\ndue = "03-10"\n'))
        assert ["2031-12-10"] == self.due(plan(f'{phase}[[task]]\nid = "one"\nphase = "p"\ndue = "10 days"\n'))

    def test_a_standing_duty_goes_on(self) -> None:
        """Without an end it goes on to the end of the year, and on to the day on which one looks."""
        schedule = task('cadence = { per = "month" }\nfirst = "11"').in_year(2031)

        assert 2 == len(schedule.occurrences("one"))
        assert 5 == len(schedule.occurrences("one", until=date(2032, 3, 31)))
        assert 5 == len(only(schedule, on=date(2032, 4, 1)).missing)

    def test_a_cadence_may_count_occasions(self) -> None:
        """Once a term: by the terms of the host's calendar; undetermined without."""
        campaign = task('cadence = { per = "term" }\ndue = "1 week"')
        terms = Calendar(
            {"term": [Period(date(2031, 2, 17), date(2031, 7, 4)), Period(date(2031, 9, 1), date(2032, 1, 20))]}
        )

        assert ["2031-07-11"] == self.due(campaign, calendar=terms)
        assert [Occurrence(task="one", window=Period(), due=None, why="term")] == list(
            campaign.in_year(2031).occurrences("one")
        )

    def test_a_rule_of_rfc_5545(self) -> None:
        """The last Friday of every month of a quarter."""
        pytest.importorskip("dateutil")
        campaign = task('cadence = { rule = "FREQ=MONTHLY;BYDAY=-1FR" }\nfirst = "01"\nlast = "03"')

        assert ["2031-01-31", "2031-02-28", "2031-03-28"] == self.due(campaign)

    def test_a_rule_that_the_library_refuses(self) -> None:
        """A rule of the right form that means nothing is refused with the library's reason."""
        pytest.importorskip("dateutil")
        with pytest.raises(InvalidInput, match="cannot be read"):
            self.due(task('cadence = { rule = "FREQ=WEEKLY;BYDAY=XX" }'))


class TestProgress:
    """Design, section 12: "Late is dated after due, missing is past due without a record"."""

    REPORT = task('cadence = { per = "quarter" }\ndue = "10 days"\nresponsible = { lead = "office" }')

    def test_expected_when_the_window_is_over(self) -> None:
        """On 31 March the first quarter is expected, open until the tenth, missing on the eleventh."""
        schedule = self.REPORT.in_year(2031)
        found = [only(schedule, on=date(2031, *day)) for day in ((3, 30), (3, 31), (4, 10), (4, 11))]

        assert [0, 1, 1, 1] == [len(one.expected) for one in found]
        assert [0, 0, 0, 1] == [len(one.missing) for one in found]

    def test_a_record_belongs_to_the_window_of_its_day(self) -> None:
        """A report on 11 April that names no window is that of the second quarter."""
        progress = only(self.REPORT.in_year(2031), [date(2031, 4, 11)], on=date(2031, 4, 11))

        assert ((date(2031, 4, 10),), (date(2031, 7, 10),)) == (progress.missing, progress.done)

    @pytest.mark.parametrize("window", ["2031-Q1", date(2031, 2, 2), Period.quarter(2031, 1)])
    def test_or_to_the_window_that_it_names(self, window: Any) -> None:
        """Named by words, by a day in it or by its days, the window is the first quarter: done late."""
        progress = only(self.REPORT.in_year(2031), [Done(on=date(2031, 4, 11), window=window)], on=date(2031, 4, 11))

        assert ((), (date(2031, 4, 10),)) == (progress.missing, progress.late)
        assert 1 == progress.occurrences[0].days_late

    def test_a_window_that_is_not_there_is_refused(self) -> None:
        """A record that names another year's window is refused."""
        with pytest.raises(InvalidInput, match="names no window"):
            only(self.REPORT.in_year(2031), [Done(on=date(2031, 4, 11), window="2030-Q4")])

    def test_days_in_no_window_are_listed(self) -> None:
        """A record outside all windows counts for none, and is shown."""
        campaign = task('cadence = { per = "month" }\nfirst = "03"\nlast = "03"')

        assert (date(2031, 4, 2),) == only(campaign.in_year(2031), [date(2031, 4, 2)]).outside

    def test_later_records_are_not_known_yet(self) -> None:
        """On 30 March a record of 31 March does not count."""
        assert () == only(self.REPORT.in_year(2031), [date(2031, 3, 31)], on=date(2031, 3, 30)).done

    def test_with_places_every_place_of_the_register(self) -> None:
        """Two of three buildings: missing, and the third is named; without a register nobody can say."""
        schedule = task('per_unit = "building"\ndue = "05-10"').in_year(2031)
        done = [Done(on=date(2031, 5, 1), place=name) for name in ("1", "2")]
        community = Community("c", places={"building": ["1", "2", "3"]})

        assert ("3",) == only(schedule, done, community=community).occurrences[0].places
        assert ("undetermined", "building") == (
            only(schedule, done).occurrences[0].state,
            only(schedule, done).occurrences[0].why,
        )
        with pytest.raises(InvalidInput, match='"4" is not in the register'):
            only(schedule, [Done(on=date(2031, 5, 1), place="4")], community=community)

    def test_with_items_all_or_so_many(self) -> None:
        """Two of three items are enough where at_least says 2."""
        items = 'items = ["a", "b", "c"]\ndue = "05-10"'
        done = [Done(on=date(2031, 5, 1), items=["a"]), Done(on=date(2031, 5, 2), items=["c"])]

        assert ("missing", ("b",)) == (
            only(task(items).in_year(2031), done).occurrences[0].state,
            only(task(items).in_year(2031), done).occurrences[0].items,
        )
        assert date(2031, 5, 2) == only(task(f"{items}\nat_least = 2").in_year(2031), done).occurrences[0].done_on

    def test_a_session_on_tuesday_is_mondays_and_late(self) -> None:
        """The days until the next day of a rule belong to it."""
        pytest.importorskip("dateutil")
        schedule = task('cadence = { rule = "FREQ=WEEKLY;BYDAY=MO" }\nfirst = "09-01"\nlast = "09-14"').in_year(2031)
        progress = only(schedule, [date(2031, 9, 2), date(2031, 9, 8)])

        assert ((date(2031, 9, 1),), ()) == (progress.late, progress.missing)

    def test_weekdays_count_alone(self) -> None:
        """What was done on a Tuesday does not count where Mondays are asked for."""
        schedule = task('cadence = { per = "week", weekdays = ["monday"] }\nfirst = "09-01"\nlast = "09-14"').in_year(
            2031
        )

        assert (date(2031, 9, 7),) == only(schedule, [date(2031, 9, 2), date(2031, 9, 8)]).missing

    REST_DAYS = Calendar({"holiday": [Period(date(2031, 10, 1), date(2031, 10, 3)), date(2031, 12, 31)]})

    def test_weekends_and_holidays(self) -> None:
        """A rota for the days of rest: Saturdays, Sundays and the host's holidays; other days are not expected."""
        keys = (
            'cadence = { per = "day", weekdays = ["saturday", "sunday", "holiday"] }\nfirst = "09-29"\nlast = "10-05"'
        )
        schedule = task(keys).in_year(2031, calendar=self.REST_DAYS)
        progress = only(schedule, [date(2031, 10, 2), date(2031, 9, 30)], on=date(2031, 10, 6))

        # 29 September 2031 is a Monday; 1 to 3 October are holidays, 4 and 5 October a weekend.
        assert [date(2031, 10, day) for day in range(1, 6)] == list(progress.expected)
        assert ((date(2031, 10, 2),), (date(2031, 9, 30),)) == (progress.done, progress.outside)

    def test_weeks_without_a_holiday_are_not_expected(self) -> None:
        """Once in every week that has a holiday: two of the year; without a calendar nobody can say."""
        campaign = task('cadence = { per = "week", weekdays = ["holiday"] }')
        windows = [str(one.window.first) for one in campaign.in_year(2031, calendar=self.REST_DAYS).occurrences()]
        (unknown,) = campaign.in_year(2031).occurrences()

        assert (["2031-09-29"], "holiday") == (windows, unknown.why)

    def test_a_record_names_its_week_or_half_year(self) -> None:
        """Windows are named as ISO 8601 names weeks, and by halves, quarters and months."""
        assert date(2031, 9, 1) == Done(on=END, window="2031-W36").window
        weekly = task('cadence = { per = "week" }\nfirst = "09-01"\nlast = "09-14"').in_year(2031)
        progress = only(weekly, [Done(on=date(2031, 9, 20), window="2031-W37")])
        assert [date(2031, 9, 7)] == list(progress.missing)
        assert [date(2031, 9, 14)] == list(progress.late)
        halves = task('cadence = { per = "half-year" }').in_year(2031)
        assert [date(2031, 6, 30)] == list(only(halves, [Done(on=date(2031, 8, 1), window="2031-H2")]).missing)

    def test_what_comes_after_waits(self) -> None:
        """Not expected before what it comes after is done; done later than its due day, that day is its due day."""
        campaign = plan(
            '[[task]]\nid = "first"\ndue = "03-31"\n[[task]]\nid = "then"\nafter = ["first"]\ndue = "04-30"\n'
        )
        schedule = campaign.in_year(2031)
        on = date(2031, 5, 20)
        waiting = schedule.progress({}, on=on)[1].occurrences[0]
        begun = schedule.progress({"first": [date(2031, 5, 10)]}, on=on)[1].occurrences[0]

        assert ("waiting", False) == (waiting.state, waiting.expected)
        assert ("missing", date(2031, 5, 10)) == (begun.state, begun.due)

    CONDITIONS: Mapping[str, tuple[str, Standing]] = {
        "outcome": ('{ outcome = "watch" }', Standing(outcomes=["watch"])),
        "case": ('{ case = "overdue" }', Standing(cases=["overdue"])),
        "grade": ('{ grade = ["C", "D"] }', Standing(grade="D")),
        "honour": ('{ honour = "star", stage = "held" }', Standing(honours={"star": "held"})),
        "several": ('{ outcome = ["watch", "list"] }', Standing(outcomes=["list"])),
        "an honour in hand": ('{ honour = "star" }', Standing(honours={"star": "held"})),
        "all": ('{ all = [{ attribute = "old", equals = true }, { none = [{ grade = "A" }] }] }', Standing(grade="B")),
    }  # fmt: skip

    @pytest.mark.parametrize("condition, standing", CONDITIONS.values(), ids=CONDITIONS)
    def test_applies_when(self, condition: str, standing: Standing) -> None:
        """Expected only where its condition holds: of what the community is, and how it stands."""
        schedule = task(f"applies_when = {condition}").in_year(2031)
        community = Community("c", attributes={"old": True})

        assert only(schedule, community=community, standing=standing).applies
        assert not only(schedule, community=Community("c", attributes={"old": False})).applies

    def test_of_what_kind_the_community_is(self) -> None:
        """Its own kind, locality and parent are asked for as its attributes are."""
        schedule = task('applies_when = { attribute = "kind", equals = ["campus", "township"] }').in_year(2031)
        applies = [only(schedule, community=Community("c", kind=kind)).applies for kind in ("campus", "residential")]
        assert [True, False] == applies

    def test_who_is_behind(self) -> None:
        """Most missing first; the community's attribute says whom a body is."""
        campaign = plan(
            '[[body]]\nid = "operator"\nattribute = "operator"\n[[body]]\nid = "office"\nposts = ["head"]\n'
            '[[task]]\nid = "a"\ncadence = { per = "quarter" }\nresponsible = { lead = "operator" }\n'
            '[[task]]\nid = "b"\nresponsible = { lead = "office:head" }\ndue = "03-31"\n'
        )
        schedule = campaign.in_year(2031, holders={"office:head": "Li"})
        community = Community("c", attributes={"operator": "Good Homes"})
        found = schedule.behind({"b": [date(2031, 4, 1)]}, on=date(2031, 7, 1), community=community)

        assert [("operator", "Good Homes", 2, 0), ("office:head", "Li", 0, 1)] == [
            (one.lead, one.holder, len(one.missing), len(one.late)) for one in found
        ]

    def test_nobody_is_behind_with_what_should_be_done(self) -> None:
        """What is left undone of a task that only should be done is shown as missing, and is advice."""
        schedule = task('strength = "should"\ndue = "03-31"').in_year(2031)
        (left,) = schedule.progress({}, on=END)
        assert ("should", 1) == (left.strength, len(left.missing))
        assert () == schedule.behind({}, on=END)

    def test_every_wrong_record_is_named(self) -> None:
        """Tasks, items and days that are not there are refused together."""
        schedule = task('items = ["a"]').in_year(2031)
        with pytest.raises(InvalidInput) as caught:
            schedule.progress({"onne": [], "one": [Done(on=END, items=["b"]), "today"]}, on=END)  # type: ignore[list-item]  # what a host may hand in

        assert ["unknown-task", "unknown-id", "bad-day"] == [problem.code for problem in caught.value.problems]

    def test_a_long_chain_of_tasks(self) -> None:
        """Thousands of tasks, each after the one before, are looked at without trouble."""
        rows = "".join(
            f'[[task]]\nid = "t{number}"\n' + (f'after = ["t{number - 1}"]\n' if number else "")
            for number in range(2000)
        )

        assert "waiting" == plan(rows).in_year(2031).progress({}, on=END)[-1].occurrences[0].state


A_DAY = st.integers(0, 500).map(lambda number: date(2031, 1, 1) + timedelta(days=number))


class TestProperties:
    """What holds for every campaign and all records."""

    @given(one=tasks("one"), first=st.lists(A_DAY, max_size=8), more=st.lists(A_DAY, max_size=4), on=A_DAY)
    def test_more_done_is_never_less(self, one: Task, first: list[date], more: list[date], on: date) -> None:
        """Doing more never makes anything missing, later, or undone."""
        schedule = alone(one).in_year(2031)
        less, all_ = (
            only(schedule, [Done(on=day, items=one.items) for day in days], on=on) for days in (first, first + more)
        )

        assert len(less.done) <= len(all_.done)
        assert set(all_.missing) <= set(less.missing)
        for before, after in zip(less.occurrences, all_.occurrences, strict=True):
            assert before.done_on is None or (after.done_on is not None and after.done_on <= before.done_on)

    @given(one=tasks("one"), done=st.lists(A_DAY, max_size=8), on=A_DAY)
    def test_each_is_in_one_state(self, one: Task, done: list[date], on: date) -> None:
        """Late is among done, missing is not; without a due day nothing is late; later records change nothing."""
        schedule = alone(one).in_year(2031)
        progress = only(schedule, done, on=on)

        assert set(progress.late) <= set(progress.done)
        assert not set(progress.missing) & set(progress.done)
        assert {*progress.missing, *progress.late} <= {one.due for one in progress.occurrences}
        assert progress == only(schedule, [day for day in done if day <= on], on=on)

    @given(campaign=campaigns(), year=st.integers(1900, 2200))
    def test_icalendar_reads_the_same_due_days_back(self, campaign: Campaign, year: int) -> None:
        """A real calendar library reads exactly the due days of the schedule."""
        icalendar = pytest.importorskip("icalendar")
        schedule = campaign.in_year(year)
        read = icalendar.Calendar.from_ical(schedule.to_ical())
        found = [(event["dtstart"].dt, str(event["categories"].cats[0])) for event in read.walk("VEVENT")]

        assert sorted(schedule.due_days) == sorted(found)
        assert len(found) == len({str(event["uid"]) for event in read.walk("VEVENT")})

    @given(campaign=campaigns())
    def test_dump_and_load_is_the_identity(self, campaign: Campaign) -> None:
        """A campaign written down and read again is equal, with the same digest."""
        again = parsed(dump(campaign)).campaign()
        assert (campaign, campaign.digest) == (again, again.digest)

    @given(year=st.integers(1900, 2200))
    def test_a_year_is_its_days(self, year: int) -> None:
        """Whatever the year, phases lie in it or begin in it, and the same call gives the same schedule."""
        campaign = load_campaign(DOCUMENTS / "campaigns/plans/living-quarters.toml")
        schedule = campaign.in_year(year)

        assert schedule == campaign.in_year(year)
        assert {year} == {span.first.year for name in ("ph1", "ph6") if (span := schedule.days(name)).first}


class TestCalendar:
    """iCalendar (RFC 5545)."""

    def test_times_come_from_the_host(self) -> None:
        """The stamp is the host's, else the beginning of the year; no clock is read."""
        pytest.importorskip("icalendar")
        schedule = task('due = "05-10"').in_year(2031)

        assert "DTSTAMP:20310101T000000Z" in schedule.to_ical()
        assert "DTSTAMP:20300203T040506Z" in schedule.to_ical(stamp=datetime(2030, 2, 3, 4, 5, 6, tzinfo=UTC))
        assert "SUMMARY:一项" in schedule.to_ical()
        assert "SUMMARY:One" in schedule.to_ical(lang="en")
        with pytest.raises(InvalidInput, match="a time with a time zone"):
            schedule.to_ical(stamp=datetime(2030, 2, 3))  # noqa: DTZ001  # that is the point

    def test_the_end_of_an_all_day_event_is_the_next_day(self) -> None:
        """DTEND is exclusive."""
        pytest.importorskip("icalendar")
        text = task('due = "05-10"').in_year(2031).to_ical()

        assert "DTSTART;VALUE=DATE:20310510\r\nDTEND;VALUE=DATE:20310511" in text


class TestFunding:
    """`funded_by`, in this order."""

    def test_what_no_source_gives_is_left(self) -> None:
        """60 and 25 of 100 leave 15; a source that is not named is refused."""
        (works,) = task('funded_by = ["a", "b"]').tasks

        assert 15 == works.funded(100, {"a": 60, "b": 25}).gap
        with pytest.raises(InvalidInput, match='"c" names no source'):
            works.funded(100, {"c": 1})


class TestNextDue:
    """When it is due again, counted from the last time."""

    @pytest.mark.parametrize(
        "per, last, expected",
        [
            ("month", (2031, 1, 31), (2031, 2, 28)),
            ("2 weeks", (2031, 1, 31), (2031, 2, 14)),
            ("year", (2032, 2, 29), (2033, 2, 28)),
        ],
    )
    def test_the_same_day_of_the_month(
        self, per: str, last: tuple[int, int, int], expected: tuple[int, int, int]
    ) -> None:
        """Clamped to the month's end."""
        (one,) = task(f'cadence = {{ per = "{per}" }}').tasks

        assert date(*expected) == one.next_due(date(*last))

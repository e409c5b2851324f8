"""The commands cases and calendar."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from written import DOCUMENTS

from civrules.cli import main

STANDARD = str(DOCUMENTS / "good" / "procedures.toml")
CAMPAIGN = str(DOCUMENTS / "campaigns" / "good" / "compounds.toml")
DAYS = str(DOCUMENTS / "campaigns" / "good" / "days.toml")
_UNDATED = """
[campaign]
id = "example/plan"
version = "1"
title = { zh = "方案", en = "Plan" }
kinds = ["residential"]

[[body]]
id = "office"
title = { zh = "办公室", en = "Office" }
posts = ["clerk"]

[[phase]]
id = "autumn"
title = { zh = "秋季", en = "Autumn" }

[[task]]
id = "report"
title = { zh = "报送", en = "Report" }
phase = "autumn"
responsible = { lead = "office:clerk" }
"""
EVENTS = "community,criterion,kind,on,points\nc1,lights,opened,2031-04-01,4\nc1,lights,done,2031-04-02,\n"


def run(*arguments: str) -> Result:
    """What a command writes, and how it ends."""
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def events(tmp_path: Path) -> str:
    """The path of a table of events."""
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    return str(tmp_path / "events.csv")


class TestCases:
    """civrules cases."""

    def test_how_the_cases_stand(self, events: str) -> None:
        """Notified on 2 April with a month to repair, it is one day overdue on 3 May."""
        result = run("cases", STANDARD, events, "--on", "2031-05-03", "--format", "json")
        (row,) = json.loads(result.stdout)

        assert 0 == result.exit_code
        assert ("overdue", "repair", "2031-05-02", 1, "street", "4") == tuple(
            row[key] for key in ("status", "step", "due", "days_overdue", "escalate_to", "points")
        )

    def test_a_parameter_is_set(self, events: str) -> None:
        """With two months it is still open."""
        result = run("cases", STANDARD, events, "--on", "2031-05-03", "--set", "limit=2 months", "--format", "csv")

        assert "c1,lights,,repair,open,repair,operator,2031-06-02,0,no,,4,0,2031-04-01," in result.stdout

    def test_oscal(self, events: str) -> None:
        """As a plan of action and milestones, with the host's time."""
        when = ("--on", "2031-05-03", "--modified", "2031-05-03T12:00:00+08:00")
        result = run("cases", STANDARD, events, *when, "--format", "oscal")
        plan = json.loads(result.stdout)["plan-of-action-and-milestones"]

        assert ("2031-05-03T12:00:00+08:00", 1) == (plan["metadata"]["last-modified"], len(plan["poam-items"]))

    def test_what_cannot_happen_is_refused(self, tmp_path: Path) -> None:
        """The row and the reason stand on standard error."""
        (tmp_path / "events.csv").write_text(f"{EVENTS}c1,lights,done,2031-04-01,\n", encoding="utf-8")
        result = run("cases", STANDARD, str(tmp_path / "events.csv"), "--on", "2031-05-03", "--lang", "zh")

        assert (1, "") == (result.exit_code, result.stdout)
        assert "events.csv › 第4行 › on：2031-04-01早于前一事件的日期2031-04-02" in result.stderr

    def test_records_open_the_cases(self, tmp_path: Path) -> None:
        """A quarter's failing opens, the next quarter's repeats it; what happened in between is folded in its order."""
        for quarter in ("2031-Q1", "2031-Q2"):
            table = tmp_path / f"{quarter}.csv"
            table.write_text("community,lights,complaints\nc1,no,yes\nc2,yes,yes\n", encoding="utf-8")
            kept = run("evaluate", STANDARD, str(table), "--period", quarter, "--record", str(tmp_path / "records"))
            assert 0 == kept.exit_code, kept.stderr
        events = tmp_path / "events.csv"
        events.write_text(
            "community,criterion,kind,on\nc1,lights,done,2031-04-02\nc1,lights,done,2031-07-11\n", encoding="utf-8"
        )
        words = ("cases", STANDARD, str(tmp_path / "records"), "--issued", "2031-Q1=2031-04-01", "--format", "json")
        (first,) = json.loads(run(*words, "--on", "2031-05-03", "--events", str(events)).stdout)
        (second,) = json.loads(
            run(*words, "--issued", "2031-Q2=2031-07-10", "--on", "2031-07-11", "--events", str(events)).stdout
        )

        assert ("c1", "overdue", "repair", "no") == tuple(
            first[key] for key in ("community", "status", "step", "repeated")
        )
        assert ("open", "re-check", "yes", "2031-04-01") == tuple(
            second[key] for key in ("status", "step", "repeated", "opened")
        )

    def test_records_need_a_day_of_issue(self, tmp_path: Path) -> None:
        """A folder without --issued, and --issued without a folder, are used wrongly."""
        words = run("cases", STANDARD, str(tmp_path), "--on", "2031-05-03")
        assert (2, True) == (words.exit_code, "--issued" in words.stderr)

    @pytest.mark.parametrize(
        "arguments, words",
        [((), "--on"), (("--on", "2031-05-03", "--format", "oscal"), "--modified"), (("--set", "limit"), "NAME=VALUE")],
    )
    def test_used_wrongly(self, events: str, arguments: tuple[str, ...], words: str) -> None:
        """What is missing is named, and the command ends with 2."""
        result = run("cases", STANDARD, events, *arguments)

        assert 2 == result.exit_code
        assert words in result.stderr


class TestCalendar:
    """civrules calendar."""

    def test_due_days(self) -> None:
        """The quarterly report is due on the tenth after each quarter."""
        rows = json.loads(run("calendar", CAMPAIGN, "--year", "2031", "--format", "json").stdout)

        assert ["2031-04-10", "2031-07-10", "2031-10-10", "2032-01-10"] == [
            row["due"] for row in rows if row["task"] == "quarterly-report"
        ]

    def test_who_leads_is_named(self) -> None:
        """The id of who leads stands beside the title, in the language asked for."""
        row = json.loads(run("calendar", CAMPAIGN, "--year", "2031", "--format", "json", "--lang", "zh").stdout)[0]

        assert ("operator", "物业服务企业") == (row["lead"], row["lead_title"])

    def test_notes_stand_on_standard_error(self) -> None:
        """Undated phases and what is undetermined are said in the language asked for."""
        result = run("calendar", DAYS, "--year", "2031", "--lang", "zh")

        assert 0 == result.exit_code
        assert '"undated"没有日期' in result.stderr
        assert '"middle"的日期无法确定：end' in result.stderr

    def test_the_host_fills_what_is_open(self, tmp_path: Path) -> None:
        """Parameters, the calendar and the start come as options."""
        (tmp_path / "days.csv").write_text(
            "occasion,first,last\nwinter-vacation,2032-01-20,2032-02-15\n", encoding="utf-8"
        )
        result = run(
            "calendar", DAYS, "--start", "2031-09-01", "--calendar", str(tmp_path / "days.csv"), "--set", "end=12",
            "--set", "length=1 month",
        )  # fmt: skip

        assert 0 == result.exit_code
        assert "无法确定" not in result.stderr
        assert "undetermined:" not in result.stderr

    def test_the_host_dates_phases_and_fills_posts(self, tmp_path: Path) -> None:
        """--dates gives the days of an undated phase, --holder who holds a post; then nothing is left to say."""
        plan = tmp_path / "plan.toml"
        plan.write_text(_UNDATED, encoding="utf-8")
        bare = run("calendar", str(plan), "--year", "2031")
        filled = run(
            "calendar", str(plan), "--year", "2031", "--dates", "autumn=2031-09-01..2031-10-31",
            "--holder", "office:clerk=Zhao", "--format", "json",
        )  # fmt: skip

        assert [
            'phase: "autumn" has no days; give them by --dates',
            'nobody holds the post "office:clerk"; give its holder by --holder',
        ] == bare.stderr.splitlines()
        assert ("", "2031-10-31") == (filled.stderr, json.loads(filled.stdout)[0]["due"])

    def test_icalendar(self) -> None:
        """For any calendar program."""
        pytest.importorskip("icalendar")
        result = run("calendar", CAMPAIGN, "--year", "2031", "--format", "ical")

        assert result.stdout.startswith("BEGIN:VCALENDAR")
        assert 13 == result.stdout.count("BEGIN:VEVENT")

    def test_a_year_must_be_given(self) -> None:
        """Without a year or a start the command ends with 2."""
        assert 2 == run("calendar", CAMPAIGN).exit_code

    def test_an_unknown_campaign(self) -> None:
        """A campaign that no plugin has is refused."""
        result = run("calendar", "residential/none", "--year", "2031")

        assert 1 == result.exit_code
        assert 'no campaign "residential/none"' in result.stderr


class TestProgress:
    """civrules calendar --on: what was expected, done, late and missing."""

    PLAN = """
[campaign]
id = "example/reports"
version = "1"
title = { en = "Reports" }
kinds = ["residential"]

[[task]]
id = "report"
title = { en = "Quarterly report" }
cadence = { per = "quarter" }
due = "10 days"
responsible = { lead = "operator" }

[[task]]
id = "tour"
title = { en = "Tour" }
items = ["roof", "yard"]
due = "06-30"
"""

    @pytest.fixture
    def plan(self, tmp_path: Path) -> str:
        """The path of a campaign."""
        (tmp_path / "plan.toml").write_text(self.PLAN, encoding="utf-8")
        return str(tmp_path / "plan.toml")

    def test_what_was_done(self, plan: str, tmp_path: Path) -> None:
        """The first quarter's report came a day late, the second's is missing on 11 July; the tour is complete."""
        (tmp_path / "done.csv").write_text(
            "task,on,window,items\nreport,2031-04-11,2031-Q1,\ntour,2031-05-01,,roof\ntour,2031-05-02,,yard;roof\n",
            encoding="utf-8",
        )
        words = ("--year", "2031", "--on", "2031-07-11", "--format", "json", "--done", str(tmp_path / "done.csv"))
        report, tour = json.loads(run("calendar", plan, *words).stdout)
        assert ("operator", 2, 1, 1, 1, "2031-07-10") == tuple(
            report[key] for key in ("lead", "expected", "done", "late", "missing", "missing_on")
        )
        assert (1, 1, 0, 0) == tuple(tour[key] for key in ("expected", "done", "late", "missing"))

    def test_what_cannot_be_read_is_refused(self, plan: str, tmp_path: Path) -> None:
        """A window and a day that are none, a task that is not there: each with its place."""
        file = tmp_path / "done.csv"
        file.write_text("task,on,window\nreport,soon,\nreport,2031-04-11,2031-Q5\n", encoding="utf-8")
        words = ("--year", "2031", "--on", "2031-07-11", "--done", str(file))
        result = run("calendar", plan, *words)
        assert 1 == result.exit_code
        assert ["done.csv › row 2 › on:", "done.csv › row 3"] == [
            line[: len(start)]
            for line, start in zip(
                result.stderr.splitlines(), ("done.csv › row 2 › on:", "done.csv › row 3"), strict=True
            )
        ]

    @pytest.mark.parametrize("words", [("--done", "done.csv"), ("--on", "2031-07-11", "--format", "ical")])
    def test_used_wrongly(self, plan: str, words: tuple[str, ...]) -> None:
        """What was done is asked of a day, and a calendar has the days on which tasks are due."""
        assert 2 == run("calendar", plan, "--year", "2031", *words).exit_code

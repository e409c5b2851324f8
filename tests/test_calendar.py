"""The host's calendar: its value, its tables, and what is counted by its occasions; figures by hand."""

import json
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from written import criterion, sheet, written

import civrules
from civrules import Calendar, Community, Evaluation, InvalidInput, Observation, Period
from civrules.cli import main
from civrules.model.deadline import Deadline

YEAR = Period.year(2031)
SPRING = Period(date(2031, 2, 17), date(2031, 7, 4))
AUTUMN = Period(date(2031, 9, 1), date(2032, 1, 16))
TERMS = Calendar({"term": [AUTUMN, SPRING]})
SCHOOL = Community("school-3")
ROUNDED = "\n[rounding]\ncriterion = 2\ntotal = 2\n"


def judged(measure: str, seen: Any, calendar: Calendar | None, period: Period = YEAR, **call: Any) -> Evaluation:
    """The evaluation of one line of 10 points, whose record replays."""
    standard = written(
        criterion("c", f'{{ kind = "frequency", partial = true, {measure} }}', points=10),
        tables=ROUNDED,
    )
    looks = [Observation("c", seen)]
    evaluation = civrules.evaluate(standard, SCHOOL, looks, period=period, calendar=calendar, **call)
    assert () == civrules.replay(evaluation.to_json(), standard)
    assert evaluation.explain("zh").lines
    return evaluation


class TestCalendar:
    """A frozen value."""

    def test_keeps_its_periods_in_order(self) -> None:
        """Periods are sorted; a single day is a period of one day."""
        calendar = Calendar({"term": [AUTUMN, SPRING], "festival": [date(2031, 10, 1)]})
        assert (SPRING, AUTUMN) == calendar.occasions["term"]
        assert (Period(date(2031, 10, 1), date(2031, 10, 1)),) == calendar.occasions["festival"]

    def test_compares_hashes_and_pickles(self) -> None:
        """Equal whatever the order in which it was written."""
        other = Calendar({"term": (SPRING, AUTUMN)})
        assert TERMS == other == pickle.loads(pickle.dumps(TERMS))
        assert hash(TERMS) == hash(other)
        assert not Calendar()

    def test_all_problems_come_at_once(self) -> None:
        """A bad id, an open end, an overlap, nothing at all, and words."""
        overlap = [SPRING, Period(date(2031, 7, 4), date(2031, 7, 9))]
        occasions: Any = {
            "a b": [SPRING], "open": [Period(date(2031, 1, 1))], "term": overlap, "none": [], "words": ["2031"],
            "Term": [SPRING],
        }  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            Calendar(occasions)
        assert [
            ("bad-id", ()), ("bad-period", ("open",)), ("periods-overlap", ("term",)), ("empty", ("none",)),
            ("wrong-type", ("words",)), ("duplicate-id", ()),
        ] == [(problem.code, problem.where) for problem in caught.value.problems]  # fmt: skip

    def test_what_is_no_table(self) -> None:
        """A list of periods says of no occasion when it is."""
        with pytest.raises(InvalidInput, match="not a table"):
            Calendar([SPRING])


class TestFrequency:
    """Windows that the calendar names."""

    def test_only_terms_that_lie_wholly_in_the_period_count(self) -> None:
        """In 2031 only the spring term is whole; in the school year to 31 January 2032 one of two was kept: 5 of 10."""
        seen = "2031-03-03;2031-05-05"
        assert Decimal(10) == judged('per = "term"', seen, TERMS).score
        both = Period(date(2031, 2, 1), date(2032, 1, 31))
        assert Decimal(5) == judged('per = "term"', seen, TERMS, both).score

    def test_a_term_that_is_not_over_is_not_expected(self) -> None:
        """On 1 October the autumn term has not failed."""
        both = Period(date(2031, 2, 1), date(2032, 1, 31))
        assert Decimal(10) == judged('per = "term"', "2031-03-03", TERMS, both, on=date(2031, 10, 1)).score

    def test_single_days(self) -> None:
        """Two of three school days: 6.67."""
        days = Calendar({"school-day": [date(2031, 3, day) for day in (3, 4, 5)]})
        assert Decimal("6.67") == judged('per = "school-day"', "2031-03-03;2031-03-05;2031-03-08", days).score

    def test_weekdays_choose_among_single_days(self) -> None:
        """Of Monday 3 to Friday 7 March and Monday 10 only the Mondays are asked for, and one of them was kept."""
        days = Calendar({"school-day": [date(2031, 3, day) for day in (3, 4, 5, 6, 7, 10)]})
        assert Decimal(5) == judged('per = "school-day", weekdays = ["monday"]', "2031-03-03;2031-03-04", days).score

    def test_weekdays_choose_among_days(self) -> None:
        """Of the seven days from Monday 6 January on one is a Monday."""
        week = Period(date(2031, 1, 6), date(2031, 1, 12))
        assert Decimal(10) == judged('per = "day", weekdays = ["monday"]', "2031-01-06", None, week).score

    def test_days_of_rest(self) -> None:
        """Wednesday 1 October 2031 is a holiday, the 4th and 5th a weekend: with the 1st done, one of three days."""
        week = Period(date(2031, 9, 29), date(2031, 10, 5))
        words = 'per = "day", weekdays = ["saturday", "sunday", "holiday"]'
        holidays = Calendar({"holiday": [date(2031, 10, 1)]})
        assert Decimal("3.33") == judged(words, "2031-10-01;2031-10-02", holidays, week).score
        line = judged(words, "2031-10-01", None, week).lines[0]
        assert ("not-checked", "no-calendar") == (line.result, line.reason)

    @pytest.mark.parametrize(
        "per, seen, score",
        [
            ("week", {"2031-W36": 1}, "5"),
            ("week", "2031-W36", "5"),
            ("week", ["2031-W36", "2031-W37"], "10"),
            ("month", "2031-09", "10"),
            ("day", "2031-09-02", "0.71"),
        ],
    )
    def test_windows_by_their_names(self, per: str, seen: Any, score: str) -> None:
        """Of the fortnight from 1 September 2031 on: week 36 is its first; a month is not whole in it."""
        days = Period(date(2031, 9, 1), date(2031, 9, 14 if per != "month" else 30))
        assert Decimal(score) == judged(f'per = "{per}"', seen, None, days).score

    @pytest.mark.parametrize("seen", ["2031-W54", "2031-W00", "2031-13", "2031-Q5", "2031-H3"])
    def test_windows_that_are_none(self, seen: str) -> None:
        """A year has 52 or 53 weeks, 12 months, four quarters and two halves."""
        with pytest.raises(InvalidInput):
            judged('per = "week"', seen, None)

    @pytest.mark.parametrize("calendar", [None, Calendar(), Calendar({"school-day": [date(2031, 3, 3)]})])
    def test_without_the_occasion_nothing_is_checked(self, calendar: Calendar | None) -> None:
        """The line may still give anything, and says why."""
        evaluation = judged('per = "term"', "2031-03-03", calendar)
        line = evaluation.lines[0]
        assert ("not-checked", "no-calendar") == (line.result, line.reason)
        assert evaluation.bounds is not None
        assert (Decimal(0), Decimal(10)) == (evaluation.bounds.low, evaluation.bounds.high)
        assert "the calendar does not say when" in str(evaluation.explain("en"))
        assert "日历未列出该时段" in str(evaluation.explain("zh"))

    def test_no_occasion_in_the_period_is_not_applicable(self) -> None:
        """A calendar that names terms, none of which lies in August."""
        line = judged('per = "term"', "2031-08-01", TERMS, Period.month(2031, 8)).lines[0]
        assert ("not-applicable", "no whole window is over") == (line.result, line.reason)

    @pytest.mark.parametrize(
        "word, meant",
        [
            ("quater", "quarter"),
            ("wek", "week"),
            ("Month", "month"),
            ("weekly", "week"),
            ("mnoth", "month"),
            ("dayz", "day"),
            ("2 terms", ""),
        ],
    )
    def test_a_word_near_a_calendar_word_is_refused(self, word: str, meant: str) -> None:
        """One letter is wrong: the word is named."""
        with pytest.raises(civrules.InvalidDocument) as caught:
            judged(f'per = "{word}"', "2031-03-03", TERMS)
        assert [("bad-duration", meant)] == [(problem.code, problem.hint) for problem in caught.value.problems]

    @pytest.mark.parametrize("word", ["theme-month", "day-off", "weekend", "holiday", "sunday", "may", "school-year"])
    def test_a_word_that_only_holds_a_calendar_word_is_an_occasion(self, word: str) -> None:
        """Only the calendar's own words are its words: the host may name an occasion as it likes."""
        days = Calendar({word: [SPRING]})
        assert Decimal(10) == judged(f'per = "{word}"', str(SPRING.first), days, Period.year(2031)).score
        assert word == Deadline.of(f"2 {word}s").occasion

    def test_something_else_is_no_calendar(self) -> None:
        """A mapping is not taken for one."""
        with pytest.raises(InvalidInput, match="a Calendar"):
            judged('per = "term"', "2031-03-03", {"term": [SPRING]})  # type: ignore[arg-type]  # what mypy would refuse


class TestRecord:
    """What a record holds of the calendar."""

    def test_the_calendar_is_an_input(self) -> None:
        """Another calendar is another digest; an empty one is left out."""
        named, bare = judged('per = "term"', "2031-03-03", TERMS), judged('per = "term"', "2031-03-03", None)
        assert named.inputs_digest != bare.inputs_digest
        kept = json.loads(named.to_json())["inputs"]["calendar"]
        assert {
            "term": [{"first": "2031-02-17", "last": "2031-07-04"}, {"first": "2031-09-01", "last": "2032-01-16"}]
        } == (kept)
        assert "calendar" not in json.loads(bare.to_json())["inputs"]

    def test_a_book_hands_it_on(self) -> None:
        """Rulebook.evaluate takes it too."""
        standard = written(criterion("c", '{ kind = "frequency", per = "term" }'), tables=ROUNDED)
        book = civrules.Rulebook([standard])
        evaluation = book.evaluate(standard.id, SCHOOL, {"c": "2031-03-03"}, period=YEAR, calendar=TERMS)
        assert Decimal(1) == evaluation.score


class TestTables:
    """Calendars as CSV and JSON."""

    def test_csv_and_json_say_the_same(self, tmp_path: Path) -> None:
        """Both ends, or a single day where the last is blank or left out."""
        rows = [
            {"occasion": "term", "first": "2031-02-17", "last": "2031-07-04"},
            {"occasion": "day", "first": "2031-09-10"},
        ]
        (tmp_path / "days.json").write_text(json.dumps(rows), encoding="utf-8")
        (tmp_path / "days.csv").write_text(
            "occasion,first,last\nterm,2031-02-17,2031-07-04\nday,2031-09-10,\n", "utf-8"
        )
        read = civrules.read_calendar(tmp_path / "days.csv")
        assert Calendar({"term": [SPRING], "day": [date(2031, 9, 10)]}) == read
        assert read == civrules.read_calendar(tmp_path / "days.json")

    def test_all_problems_come_with_their_rows(self, tmp_path: Path) -> None:
        """A day that is none, a blank, ends turned round, an overlap."""
        rows = ("term,2031-2-17,", ",2031-01-01,", "term,2031-05-01,2031-04-01", "a,2031-01-01,", "a,2031-01-01,", "")
        text = "\n".join(("occasion,first,last", *rows))
        (tmp_path / "days.csv").write_text(text, "utf-8")
        with pytest.raises(InvalidInput) as caught:
            civrules.read_calendar(tmp_path / "days.csv")
        assert [
            ("periods-overlap", ("days.csv", "a")), ("bad-day", ("days.csv", 2, "first")),
            ("no-value", ("days.csv", 3, "occasion")), ("first-after-last", ("days.csv", 4)),
        ] == [(problem.code, problem.where) for problem in caught.value.problems]  # fmt: skip

    @pytest.mark.parametrize(
        "text, codes",
        [
            ("occasion\nterm\n", ["no-column"]),
            ("occasion,first,lst\nterm,2031-01-01,\n", ["unknown-key"]),
            ("occasion,first,last\n", ["no-rows"]),
        ],
    )
    def test_what_is_no_calendar(self, tmp_path: Path, text: str, codes: list[str]) -> None:
        """Columns that are missing or strange, and no rows."""
        (tmp_path / "days.csv").write_text(text, "utf-8")
        with pytest.raises(InvalidInput) as caught:
            civrules.read_calendar(tmp_path / "days.csv")
        assert codes == [problem.code for problem in caught.value.problems]

    def test_on_the_command_line(self, tmp_path: Path) -> None:
        """`--calendar` is read by evaluate and explain: 1 point where the spring term was kept."""
        (tmp_path / "days.csv").write_text("occasion,first,last\nterm,2031-02-17,2031-07-04\n", "utf-8")
        (tmp_path / "seen.csv").write_text("community,c\nschool-3,2031-03-03\n", "utf-8")
        document = tmp_path / "drill.toml"
        document.write_text(sheet(criterion("c", '{ kind = "frequency", per = "term" }'), tables=ROUNDED), "utf-8")
        command = [str(document), str(tmp_path / "seen.csv"), "--period", "2031"]
        named = [*command, "--calendar", str(tmp_path / "days.csv")]
        run = CliRunner().invoke(main, ["evaluate", *named, "--format", "csv", "--record", str(tmp_path / "records")])
        assert (0, "school-3,1,") == (run.exit_code, run.stdout.splitlines()[1][:11])
        (record,) = (tmp_path / "records").iterdir()
        assert () == civrules.replay(record.read_text("utf-8"), civrules.load(document))
        said = CliRunner().invoke(main, ["explain", *command, "--community", "school-3", "--lang", "en"])
        assert "the calendar does not say when" in said.stdout
        said = CliRunner().invoke(main, ["explain", *named, "--community", "school-3", "--lang", "en"])
        assert "1/1" in said.stdout

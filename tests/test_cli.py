"""The command line: what it prints and writes, and how it ends."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from written import criterion, sheet

import civrules
from civrules import Community, InvalidInput, cli, evaluate, load
from civrules.cli import output
from civrules.cli.output import Cell, as_csv, as_json, as_table, printable
from civrules.errors.codes import CODES

QUARTER = "residential/guannan-quarter"
COLUMNS = "community,score,grade,low,high,grade_low,grade_high,coverage,rank"
TABLE = "community,check,satisfaction\nb,84,90\na,91.5,76\nc,88,\n"
RESULT = f"{COLUMNS}\nb,85.8,,85.8,85.8,,,1,2\na,86.85,,86.85,86.85,,,1,1\nc,,,61.6,91.6,,,0.7,\n"
"""0.7·84 + 0.3·90 = 85.8; 0.7·91.5 + 0.3·76 = 86.85; 0.7·88 = 61.6, and up to 30 more; 70 of 100 points observed."""
DOCUMENT = """
[standard]
id = "example/yard"
version = "1"
title = { zh = "院子", en = "Yard" }
kinds = ["residential"]
source = { document = "Rules", clause = "3" }
not_applicable = "refuse"

[[section]]
id = "upkeep"
title = { en = "Upkeep" }

[[section.criterion]]
id = "waste"
title = { zh = "垃圾", en = "Waste" }
points = 6
measure = { kind = "findings", items = [{ id = "heap", each = 0.5 }, { id = "bulky", each = 2 }] }

[[grade]]
id = "A"
at_least = 5
[[grade]]
id = "B"

[[gate]]
id = "cap"
title = { en = "No A with bulky waste" }
when = { value = "waste:bulky", at_least = 1 }
then = { grade_at_most = "B" }

[[reading]]
text = { en = "As we read it." }
"""
_PLAN = """
[campaign]
id = "example/plan"
version = "1"
title = { zh = "方案", en = "Plan" }
kinds = ["residential"]
first = "03"
last = "11"

[[parameter]]
id = "limit"
title = { zh = "期限", en = "Limit" }
default = "5 days"

[[body]]
id = "office"
title = { zh = "办公室", en = "Office" }
posts = ["clerk"]

[[phase]]
id = "autumn"
title = { zh = "秋季", en = "Autumn" }
first = "09"

[[task]]
id = "report"
title = { zh = "报送", en = "Report" }
phase = "autumn"
cadence = { per = "2 weeks", at_least = 2, weekdays = ["monday"] }
due = { parameter = "limit" }
responsible = { lead = "office" }
items = ["photo", "list"]
at_least = 1
applies_when = { grade = "D" }
"""
POLL = """
[standard]
id = "county/poll"
version = "1"
title = { en = "Poll" }
kinds = ["residential"]
source = { document = "Rules" }
total = 10
not_applicable = "full"

[[parameter]]
id = "least"
title = { en = "Least share" }
unit = "%"

[[section]]
id = "all"
title = { en = "All" }

  [[section.criterion]]
  id = "content"
  title = { en = "Content residents" }
  points = 10
  measure = { kind = "check", at_least = { parameter = "least" } }
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder that holds the quarter's table and a document of one's own."""
    monkeypatch.chdir(tmp_path)
    Path("quarter.csv").write_text(TABLE, encoding="utf-8")
    Path("yard.toml").write_text(DOCUMENT, encoding="utf-8")
    Path("yard.csv").write_text("community,waste:heap,waste:bulky\nnorth,2,0\nsouth,0,1\n", encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def refusal(result: Result) -> list[str]:
    """The lines on standard error of a run that was refused and printed nothing else."""
    assert (1, "") == (result.exit_code, result.stdout)
    return result.stderr.splitlines()


class TestEvaluate:
    """A row for each community, in the order of the input."""

    def test_csv(self, run: Run) -> None:
        """Figures are exact text, what there is not is blank, and places follow the ranking."""
        result = run("evaluate", QUARTER, "quarter.csv", "--format", "csv")

        assert (0, RESULT, "") == (result.exit_code, result.stdout, result.stderr)

    def test_json(self, run: Run) -> None:
        """A list of objects: figures are strings, places are whole numbers, nothing is null."""
        parsed = json.loads(run("evaluate", QUARTER, "quarter.csv", "--format", "json").stdout)

        assert COLUMNS.split(",") == list(parsed[0])
        assert ("86.85", 1, None) == (parsed[1]["score"], parsed[1]["rank"], parsed[1]["grade"])
        assert (None, "61.6", None) == (parsed[2]["score"], parsed[2]["low"], parsed[2]["rank"])

    def test_table(self, run: Run) -> None:
        """The default: a line for the columns, one that parts, one for each community."""
        lines = run("evaluate", QUARTER, "quarter.csv").stdout.splitlines()

        assert 5 == len(lines)
        assert COLUMNS.split(",") == lines[0].split()
        assert ["a", "86.85", "86.85", "86.85", "1", "1"] == lines[3].split()

    def test_the_points_of_every_criterion(self, run: Run) -> None:
        """With --lines, before the section's scale."""
        rows = list(
            csv.DictReader(io.StringIO(run("evaluate", QUARTER, "quarter.csv", "--format", "csv", "--lines").stdout))
        )

        assert [*COLUMNS.split(","), "points:check", "points:satisfaction"] == list(rows[0])
        assert [("84", "90"), ("91.5", "76"), ("88", "")] == [
            (row["points:check"], row["points:satisfaction"]) for row in rows
        ]

    def test_a_document_of_ones_own(self, run: Run) -> None:
        """A path that ends in .toml takes the place of an id: 6 - 2·0.5 = 5 is an A, 6 - 2 = 4 a B."""
        result = run("evaluate", "yard.toml", "yard.csv", "--format", "csv")

        assert [["north", "5", "A"], ["south", "4", "B"]] == [
            line.split(",")[:3] for line in result.stdout.splitlines()[1:]
        ]

    @pytest.mark.parametrize("way", [["--out", "r.csv"], ["--engine", "polars", "--out", "r.csv"]], ids=" ".join)
    def test_a_parameter_is_set(self, run: Run, way: list[str]) -> None:
        """At least 80 % are asked once the parameter is 80: 81 pass and 79 do not, one by one and in bulk."""
        Path("poll.toml").write_text(POLL, encoding="utf-8")
        Path("poll.csv").write_text("community,content\nnorth,81\nsouth,79%\n", encoding="utf-8")

        assert 0 == run("evaluate", "poll.toml", "poll.csv", "--set", "least=80", *way).exit_code
        rows = csv.DictReader(io.StringIO(Path("r.csv").read_text(encoding="utf-8")))
        assert [("north", "10"), ("south", "0")] == [(row["community"], row["score"]) for row in rows]

    def test_every_parameter_that_is_none_is_named(self, run: Run) -> None:
        """With the nearest that there is."""
        Path("poll.toml").write_text(POLL, encoding="utf-8")
        Path("poll.csv").write_text("community,content\nnorth,81\n", encoding="utf-8")
        lines = refusal(run("evaluate", "poll.toml", "poll.csv", "--set", "lest=80", "--set", "most=90"))

        assert ["lest", "most"] == [line.partition(":")[0] for line in lines]
        assert lines[0].endswith('did you mean "least"?')

    def test_a_long_table_of_a_period(self, run: Run) -> None:
        """Only the third quarter's looks count: of 84 in July and 60 in October, 84."""
        rows = ["community,criterion,value,at", *(f"a,{criterion},{mark},{day}" for criterion, mark, day in LOOKS)]
        Path("long.csv").write_text("\n".join(rows), encoding="utf-8")
        result = run("evaluate", QUARTER, "long.csv", "--period", "2025-Q3", "--on", "2025-10-31", "--format", "csv")

        assert "a,85.8," == result.stdout.splitlines()[1][:7]

    def test_every_option_of_the_table(self, run: Run) -> None:
        """The id, attributes, columns passed over and the communities' table; those without a row come last."""
        Path("t.csv").write_text("no,check,satisfaction,name,note\n7,84,90,甲,x\n", encoding="utf-8")
        Path("c.csv").write_text("id,locality\n7,320724\n8,32072400\n".replace("00\n", "\n"), encoding="utf-8")
        options = ("--id", "no", "--attribute", "name", "--communities", "c.csv", "--ignore", "--layout", "wide")
        result = run("evaluate", QUARTER, "t.csv", *options, "--format", "csv")

        assert ["7,85.8,,85.8,85.8,,,1,1", "8,,,0,100,,,0,"] == result.stdout.splitlines()[1:]

    def test_every_language_writes_the_same_results(self, run: Run) -> None:
        """--lang is for people's words only."""
        assert RESULT == run("evaluate", QUARTER, "quarter.csv", "--format", "csv", "--lang", "zh").stdout


LOOKS = (("check", 84, "2025-07-02"), ("satisfaction", 90, "2025-09-30"), ("check", 60, "2025-10-01"))


class TestFiles:
    """Results are written whole or not at all."""

    @pytest.mark.parametrize(
        "name,form,begins",
        [
            ("x.csv", "table", COLUMNS),
            ("x.CSV", "json", COLUMNS),
            ("x.json", "csv", '[\n{"community": "b", "score": "85.8"'),
            ("x.txt", "csv", COLUMNS),
            ("x", "table", "community   score"),
        ],
    )
    def test_the_form_is_that_of_the_ending(self, run: Run, name: str, form: str, begins: str) -> None:
        """Else that of --format; nothing is printed, and no other file is left."""
        before = set(Path().iterdir())
        result = run("evaluate", QUARTER, "quarter.csv", "--out", name, "--format", form)

        assert (0, "", "") == (result.exit_code, result.stdout, result.stderr)
        assert Path(name).read_text(encoding="utf-8").startswith(begins)
        assert before | {Path(name)} == set(Path().iterdir())

    def test_a_refused_run_leaves_the_old_file(self, run: Run) -> None:
        """And a new one is not begun."""
        Path("bad.csv").write_text("community,check\na,101\n", encoding="utf-8")
        Path("old.csv").write_text("old", encoding="utf-8")
        before = set(Path().iterdir())

        assert run("evaluate", QUARTER, "bad.csv", "--out", "old.csv").exit_code == 1
        assert run("evaluate", QUARTER, "bad.csv", "--out", "new.csv").exit_code == 1
        assert (before, "old") == (set(Path().iterdir()), Path("old.csv").read_text(encoding="utf-8"))

    @pytest.mark.parametrize("out", ["yard.csv", "./yard.csv", "link.csv", "hard.csv", "yard.toml", "c.csv"])
    def test_no_input_is_written_over(self, run: Run, out: str) -> None:
        """Neither the table, by any name, nor the document, nor the communities."""
        Path("c.csv").write_text("id\nnorth\nsouth\n", encoding="utf-8")
        Path("link.csv").symlink_to("yard.csv")
        Path("hard.csv").hardlink_to("yard.csv")
        before = Path("yard.csv").read_bytes()

        (problem,) = refusal(run("evaluate", "yard.toml", "yard.csv", "--communities", "c.csv", "--out", out))
        assert problem.endswith("would be written over one of the inputs")
        assert before == Path("yard.csv").read_bytes()

    @pytest.mark.parametrize("out", ["none/x.csv", "pipe.csv"])
    def test_what_cannot_be_written_is_refused(self, run: Run, out: str) -> None:
        """A folder that is not there, and what is no file, before anything is read."""
        os.mkfifo("pipe.csv")
        (problem,) = refusal(run("evaluate", QUARTER, "none.csv", "--out", out))

        assert "cannot be written" in problem
        assert Path("pipe.csv").is_fifo()

    def test_a_result_takes_the_old_ones_place(self, run: Run) -> None:
        """It is a new file, so that whoever reads the old one reads it to its end."""
        Path("x.csv").write_text("old", encoding="utf-8")
        with Path("x.csv").open(encoding="utf-8") as old:
            run("evaluate", QUARTER, "quarter.csv", "--out", "x.csv")

            assert ("old", RESULT) == (old.read(), Path("x.csv").read_text(encoding="utf-8"))

    def test_a_link_keeps_its_place(self, run: Run) -> None:
        """What it points to is written."""
        Path("link.csv").symlink_to("target.csv")
        run("evaluate", QUARTER, "quarter.csv", "--out", "link.csv")

        assert Path("link.csv").is_symlink()
        assert RESULT == Path("target.csv").read_text(encoding="utf-8")


class TestOptions:
    """What a problem asks for is called as the command calls it."""

    def test_every_option_that_a_remedy_names_is_one_of_a_command(self) -> None:
        """Each argument that a sentence names is a known one, and stands for an option that some command has."""
        sentences = (text for code in CODES.values() for text in (code.remedy_en, code.remedy_zh))
        named = {name for text in sentences for name in re.findall(r"\{argument\[([^]]+)\]\}", text)}
        options = {name for command in cli.main.commands.values() for one in command.params for name in one.opts}

        assert named == set(output.OPTIONS)
        assert set(output.OPTIONS.values()) <= options

    def test_a_problem_names_the_option(self, run: Run) -> None:
        """On the command line it is --on and --period, from Python on= and period=."""
        Path("kept.toml").write_text(sheet(criterion("board", more='valid_for = "1 year"')), encoding="utf-8")
        Path("kept.csv").write_text("community,board\na,yes\n", encoding="utf-8")

        with pytest.raises(InvalidInput, match=r"give on=, or period= with a last day"):
            evaluate(load("kept.toml"), Community("a"), {"board": True})
        assert ['"board" needs a day of judgement; give --on, or --period with a last day'] == refusal(
            run("evaluate", "kept.toml", "kept.csv")
        )

    def test_a_day_that_is_not_in_the_calendar(self, run: Run) -> None:
        """It is refused without being proposed again."""
        said = run("standards", "--on", "2027-02-30").stderr

        assert "'--on': \"2027-02-30\" is not a day; expected YYYY-MM-DD\n" in said


class TestRefused:
    """Exit code 1: every problem on a line of standard error."""

    def test_all_bad_cells(self, run: Run) -> None:
        """File, row, column, value and what was expected."""
        Path("bad.csv").write_text("community,check,satisfaction\na,101,x\nb,84,90\n", encoding="utf-8")

        check, satisfaction = refusal(run("evaluate", QUARTER, "bad.csv"))
        assert check.startswith("bad.csv › row 2 › check: ")
        assert "101" in check
        assert "0 … 100" in check
        assert satisfaction.startswith('bad.csv › row 2 › satisfaction: "x" ')

    def test_in_chinese(self, run: Run) -> None:
        """With --lang zh, which is what explain does unasked."""
        Path("bad.csv").write_text("community,check\na,101\n", encoding="utf-8")
        (problem,) = refusal(run("evaluate", QUARTER, "bad.csv", "--lang", "zh"))

        assert problem.startswith("bad.csv › 第2行 › check：")
        assert [problem] == refusal(run("explain", QUARTER, "bad.csv", "--community", "a"))

    @pytest.mark.parametrize(
        "arguments,problem",
        [
            (("show", "residential/guannan-quarters"), 'did you mean "residential/guannan-quarter"?'),
            (("show", "residential/guannan-quarter@9"), "no standard"),
            (("show", "none.toml"), "none.toml: the file cannot be read"),
            (("show", "quarter.toml"), "quarter.toml"),
            (("evaluate", QUARTER, "none.csv"), "none.csv: the file cannot be read"),
            (("evaluate", QUARTER, "yard.toml"), ".csv or .json"),
            (("evaluate", QUARTER, "quarter.csv", "--communities", "none.csv"), "none.csv"),
            (("evaluate", QUARTER, "quarter.csv", "--id", "comunity"), 'did you mean "community"?'),
            (("explain", QUARTER, "quarter.csv", "--community", "d", "--lang", "en"), 'there is no community "d"'),
            (("standards", "--locality", "32072"), "is not a locality"),
        ],
    )
    def test_other_refusals(self, run: Run, arguments: tuple[str, ...], problem: str) -> None:
        """What is not there is named, with the nearest that is."""
        Path("quarter.toml").write_text("= broken", encoding="utf-8")

        assert any(problem in line for line in refusal(run(*arguments)))

    def test_problems_of_communities_come_together(self, run: Run) -> None:
        """A kind that the standard is not for, and a place that it is not in, each with its community."""
        Path("c.csv").write_text("id,kind,locality\na,campus,\nb,,GB\nc,,\n", encoding="utf-8")

        assert [
            'quarter.csv › b: the community lies in "GB", the standard is for 320724',
            'quarter.csv › a: the community is of kind "campus", the standard is for residential',
        ] == refusal(run("evaluate", QUARTER, "quarter.csv", "--communities", "c.csv"))

    def test_a_day_that_is_needed_is_asked_for_once(self, run: Run) -> None:
        """Not once for every community."""
        looking_back = 'when = { happened = "fire", within = "1 year" }'
        event = '[[section.criterion]]\nid = "fire"\ntitle = { en = "Fire" }\nmeasure = { kind = "event" }\n\n[[grade]]'
        text = DOCUMENT.replace("[[grade]]", event, 1).replace(
            'when = { value = "waste:bulky", at_least = 1 }', looking_back
        )
        Path("yard.toml").write_text(text, encoding="utf-8")

        (problem,) = refusal(run("evaluate", "yard.toml", "yard.csv"))
        assert "day of judgement" in problem
        assert run("evaluate", "yard.toml", "yard.csv", "--on", "2031-01-01").exit_code == 0

    def test_a_host_that_calls_it_gets_the_error(self, run: Run) -> None:
        """Outside standalone mode the refusal is raised, with its problems."""
        with pytest.raises(Exception, match="no standard") as error:
            cli.main(["show", "no/such"], standalone_mode=False)

        assert ["unknown-standard"] == [problem.code for problem in error.value.problems]  # type: ignore[attr-defined]  # a refusal


@pytest.mark.parametrize("module", ["civrules", "civrules.cli"])
def test_python_runs_it_where_its_script_is_not_on_the_path(module: str) -> None:
    """`python -m civrules` is the command, under its own name."""
    ran = subprocess.run(
        [sys.executable, "-m", module, "schema", "nothing"], capture_output=True, text=True, check=False
    )

    assert (2, "") == (ran.returncode, ran.stdout)
    assert ran.stderr.startswith("Usage: civrules schema ")


class TestUsage:
    """Exit code 2: click's own, and nothing is written."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("evaluates",),
            ("evaluate", QUARTER),
            ("evaluate", QUARTER, "quarter.csv", "--format", "xml"),
            ("evaluate", QUARTER, "quarter.csv", "--layout", "tall"),
            ("evaluate", QUARTER, "quarter.csv", "--period", "2025-Q5"),
            ("evaluate", QUARTER, "quarter.csv", "--on", "2025-02-30"),
            ("evaluate", QUARTER, "quarter.csv", "--on", "2025-01-01..2025-02-01"),
            ("evaluate", QUARTER, "quarter.csv", "--out", "."),
            ("explain", QUARTER, "quarter.csv"),
            ("standards", "--lang", "fr"),
            ("show", QUARTER, "--lines"),
        ],
    )
    def test_wrong_usage(self, run: Run, arguments: tuple[str, ...]) -> None:
        """A command, option or value that does not exist."""
        result = run(*arguments)

        assert (2, "") == (result.exit_code, result.stdout)
        assert result.stderr.startswith("Usage: ")

    def test_help_and_version(self, run: Run) -> None:
        """Every command is listed with what it does."""
        text = run("--help").stdout

        assert all(command in text for command in ("plugins", "standards", "show", "evaluate", "explain"))
        assert run("--version").stdout.startswith("civrules, version ")

    @pytest.mark.parametrize("missing", ["click", "rich"])
    def test_without_the_extra(self, missing: str) -> None:
        """It says what to install, and ends with 2."""
        program = f"import sys; sys.modules[{missing!r}] = None; from civrules.cli import main; main()"
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

        assert (2, "") == (ended.returncode, ended.stdout)
        assert "pip install 'civrules[cli]'" in ended.stderr


class TestExplain:
    """One community's result in words."""

    def test_both_languages(self, run: Run) -> None:
        """Chinese unless asked otherwise; the words are those of the library."""
        zh = run("explain", QUARTER, "quarter.csv", "--community", "b")
        en = run("explain", QUARTER, "quarter.csv", "--community", "b", "--lang", "en")
        evaluation = civrules.Rulebook.installed(only=["residential"]).evaluate(
            QUARTER, civrules.Community("b"), {"check": "84", "satisfaction": "90"}
        )

        assert (0, f"{evaluation.explain('zh')}\n") == (zh.exit_code, zh.stdout)
        assert (0, f"{evaluation.explain('en')}\n") == (en.exit_code, en.stdout)

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_the_lines_add_up(self, run: Run, form: str) -> None:
        """As data the points of all lines are the score, 85.8."""
        out = run("explain", QUARTER, "quarter.csv", "--community", "b", "--format", form).stdout
        lines = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))

        assert Decimal("85.8") == sum(Decimal(line["points"]) for line in lines)
        assert {"check", "satisfaction"} < {line["criterion"] for line in lines}

    def test_notes_are_said(self, run: Run) -> None:
        """Looks of one day that differ are pointed out."""
        text = "community,criterion,value,at,by\na,check,84,2025-07-02,x\na,check,60,2025-07-02,y\n"
        Path("long.csv").write_text(text, encoding="utf-8")

        assert (
            "the less favourable counts"
            in run("explain", QUARTER, "long.csv", "--community", "a", "--lang", "en").stdout
        )


class TestCatalogue:
    """What there is: plugins, standards, one standard."""

    def test_plugins(self, run: Run) -> None:
        """Name, distribution, version, standards, problems."""
        parsed = {one["name"]: one for one in json.loads(run("plugins", "--format", "json").stdout)}

        assert ["name", "distribution", "version", "standards", "problems"] == list(parsed["hygiene"])
        assert "civrules-hygiene" == parsed["hygiene"]["distribution"]
        assert [] == parsed["hygiene"]["problems"]
        assert "hygiene/uk-fhrs@1" in parsed["hygiene"]["standards"]

    def test_a_broken_plugin_is_listed(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """With its problem, on a line, while the others go on working."""
        folder = tmp_path / "civrules_broken-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: civrules-broken\nVersion: 1.0\n", encoding="utf-8"
        )
        (folder / "entry_points.txt").write_text("[civrules]\nbroken = no_such_module\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        broken = next(one for one in json.loads(run("plugins", "--format", "json").stdout) if one["name"] == "broken")
        listed = run("standards", "--format", "csv")

        assert ("civrules-broken", "1.0", []) == (broken["distribution"], broken["version"], broken["standards"])
        assert "no_such_module" in broken["problems"][0]
        assert (0, [broken["problems"][0]]) == (listed.exit_code, listed.stderr.splitlines())
        assert "hygiene/uk-fhrs" in listed.stdout
        assert run("evaluate", QUARTER, "quarter.csv").exit_code == 0

    @pytest.mark.parametrize(
        "options,expected",
        [
            (("--kind", "hygiene-unit"), {"hygiene/uk-fhrs"}),
            (("--locality", "CA-ON"), {"residential/toronto-rentsafe-2017"}),
            (("--locality", "320724"), {"residential/guannan-annual", QUARTER}),
            (("--kind", "residential", "--locality", "GB-LND"), set()),
        ],
    )
    def test_standards_for_a_kind_and_a_place(self, run: Run, options: tuple[str, ...], expected: set[str]) -> None:
        """Of these four those that fit, and no others; what plugins have beside them is theirs to test."""
        four = {"hygiene/uk-fhrs", "residential/toronto-rentsafe-2017", "residential/guannan-annual", QUARTER}
        listed = {row["id"] for row in json.loads(run("standards", *options, "--format", "json").stdout)}

        assert expected == listed & four

    def test_standards_of_a_day(self, run: Run) -> None:
        """Toronto's was in force from 2017-09-13 to 2023-05-30."""
        toronto = "residential/toronto-rentsafe-2017"

        assert toronto in run("standards", "--on", "2023-05-30").stdout
        assert toronto not in run("standards", "--on", "2023-05-31").stdout

    def test_titles_in_the_language_asked_for(self, run: Run) -> None:
        """English unless asked for Chinese."""
        assert "Food hygiene rating" in run("standards").stdout
        assert "餐饮卫生" in run("standards", "--lang", "zh").stdout

    def test_show_a_document(self, run: Run) -> None:
        """Its head, its criteria with the columns of a wide table, its grades, gates and readings."""
        text = run("show", "yard.toml").stdout

        assert "source: Rules, 3" in text
        assert "waste:heap; waste:bulky" in text
        gate = 'cap No A with bulky waste grade_at_most B "Waste · bulky" at least 1'
        assert gate.split() in map(str.split, text.splitlines())
        assert text.endswith("\nAs we read it.\n")

    def test_show_as_data(self, run: Run) -> None:
        """CSV has the criteria, JSON all of it in one object, figures as strings."""
        rows = list(csv.DictReader(io.StringIO(run("show", "yard.toml", "--format", "csv").stdout)))
        (whole,) = json.loads(run("show", "yard.toml", "--format", "json", "--lang", "zh").stdout)

        assert [("upkeep", "waste", "6", "findings")] == [
            (row["section"], row["criterion"], row["points"], row["measure"]) for row in rows
        ]
        assert ("example/yard", "院子", "6") == (whole["id"], whole["title"], whole["total"])
        assert [("垃圾", "6", ["waste:heap", "waste:bulky"])] == [
            (one["title"], one["points"], one["columns"]) for one in whole["criteria"]
        ]
        assert [("A", "5"), ("B", None)] == [(one["grade"], one["at_least"]) for one in whole["grades"]]

    def test_show_the_first_line_of_a_table(self, run: Run) -> None:
        """With --columns it is a table without rows, for people to fill in."""
        assert "community,waste:heap,waste:bulky\n" == run("show", "yard.toml", "--columns").stdout

    def test_show_the_first_line_where_places_are_counted(self, run: Run) -> None:
        """A wide table cannot say where, so that it is the first line of a long one."""
        Path("lifts.toml").write_text(sheet(criterion("lift", more='per_unit = "building"')), encoding="utf-8")

        assert "community,criterion,item,value,of,na,at,place,by\n" == run("show", "lifts.toml", "--columns").stdout

    def test_show_a_campaign(self, run: Run) -> None:
        """Its head, tasks, phases, goals, parameters and bodies, as a document writes them; CSV has the tasks."""
        Path("plan.toml").write_text(_PLAN, encoding="utf-8")
        text = run("show", "plan.toml").stdout
        (task,) = csv.DictReader(io.StringIO(run("show", "plan.toml", "--format", "csv").stdout))
        (whole,) = json.loads(run("show", "plan.toml", "--format", "json", "--lang", "zh").stdout)

        assert "runs: first 03 last 11\n" in text
        assert "report Report autumn 2 weeks at_least 2 weekdays monday {limit} office" in " ".join(text.split())
        assert ("report", "autumn", "photo; list; at_least 1", 'the grade is "D"') == tuple(
            task[key] for key in ("task", "phase", "items", "when")
        )
        assert ("秋季", ["clerk"], "5 days") == (
            whole["phases"][0]["title"], whole["bodies"][0]["posts"], whole["parameters"][0]["value"]
        )  # fmt: skip

    def test_a_campaign_has_no_origin_and_other_columns(self, run: Run) -> None:
        """What was done has columns of its own; campaigns are not tailored."""
        Path("plan.toml").write_text(_PLAN, encoding="utf-8")

        assert "task,on,window,items,place\n" == run("show", "plan.toml", "--columns").stdout
        assert "campaigns are not tailored" in run("show", "plan.toml", "--origin").stderr

    def test_show_what_follows(self, run: Run) -> None:
        """What is counted per unit, rankings, outcomes and procedures, in both languages and as data."""
        following = """
[[parameter]]
id = "limit"
title = { en = "Limit" }

[[ranking]]
id = "year"
by = ["score", "community"]
within = "kind"

[[outcome]]
id = "red"
title = { zh = "红旗", en = "Red flag" }
when = { rank = "year", first = 10 }
then = [{ flag = "red", lasts = "next" }, { credit = -3, account = "bids", to = "operator" }]
by = "housing"

[[procedure]]
id = "repair"
title = { zh = "整改", en = "Repair" }
steps = [{ id = "notify" }, { id = "again", by = "responsible", within = { parameter = "limit" } }]
"""
        lift = criterion("lift", more='per_unit = "building"')
        Path("block.toml").write_text(sheet(lift, tables=following), encoding="utf-8")
        (whole,) = json.loads(run("show", "block.toml", "--format", "json").stdout)
        chinese = run("show", "block.toml", "--lang", "zh").stdout

        assert "building" == whole["criteria"][0]["per_unit"]
        assert (["score", "community"], "kind", "in") == tuple(
            whole["rankings"][0][key] for key in ("by", "within", "ties")
        )
        (red,) = whole["outcomes"]
        assert ["flag red lasts next", "credit -3 to operator account bids"] == red["then"]
        assert ("housing", 'the place in "year" is among the first 10') == (red["issued_by"], red["when"])
        assert ["notify", "again by responsible within {limit}"] == whole["procedures"][0]["steps"]
        assert all(word in chinese for word in ("红旗", "排名前10名", "整改", "building"))

    def test_show_where_a_tailored_standard_comes_from(self, run: Run) -> None:
        """A line for each edition that wrote keys of a table, in every format."""
        Path("town.toml").write_text(
            f'''[standard]
id = "town/quarter"
version = "1"
title = {{ en = "Town" }}
effective = {{}}
source = {{ document = "Notice" }}
extends = "{QUARTER}@1"
[[amend]]
of = "satisfaction"
title = {{ en = "Survey" }}
without = ["method"]
''',
            encoding="utf-8",
        )
        lines = [line.split() for line in run("show", "town.toml", "--origin").stdout.splitlines()]
        rows = json.loads(run("show", "town.toml", "--origin", "--format", "json").stdout)

        assert ["criterion", "satisfaction", "town/quarter@1", "title;", "method"] in lines
        assert [("residential/guannan-quarter@1", "id"), ("town/quarter@1", "title")] == [
            (row["edition"], row["keys"][0]) for row in rows if row["id"] == "satisfaction"
        ]
        assert "method" in run("show", "town.toml", "--origin", "--format", "csv").stdout

    def test_the_origin_of_a_standard_that_rests_on_nothing(self, run: Run) -> None:
        """All of it is its own."""
        rows = json.loads(run("show", "yard.toml", "--origin", "--format", "json").stdout)

        assert [("section", "upkeep"), ("criterion", "waste"), ("grade", "A"), ("grade", "B"), ("gate", "cap")] == [
            (row["table"], row["id"]) for row in rows
        ]
        assert {"example/yard@1"} == {row["edition"] for row in rows}

    def test_show_an_edition(self, run: Run) -> None:
        """plugin/name@version names one."""
        assert run("show", "hygiene/uk-fhrs@1").stdout == run("show", "hygiene/uk-fhrs").stdout != ""


class TestHarmless:
    """What others wrote neither runs in a spreadsheet nor steers a terminal."""

    def test_formulas_are_neutralised_in_csv(self, run: Run) -> None:
        """Text that begins with = + - @ has an apostrophe before it; a number as an id is no formula."""
        ids = ["=1+1", "+a", "-a", "@a", "-5", "5", "a=1"]
        Path("t.csv").write_text("community,check\n" + "".join(f"{one},84\n" for one in ids), encoding="utf-8")
        run("evaluate", QUARTER, "t.csv", "--out", "x.csv")
        run("evaluate", QUARTER, "t.csv", "--out", "x.json")
        with Path("x.csv").open(encoding="utf-8", newline="") as file:
            written = [row["community"] for row in csv.DictReader(file)]

        assert ["'=1+1", "'+a", "'-a", "'@a", "-5", "5", "a=1"] == written
        assert ids == [row["community"] for row in json.loads(Path("x.json").read_text(encoding="utf-8"))]

    def test_figures_are_never_text(self) -> None:
        """-5 points stay -5, exponents are written out, and whole numbers stay whole."""
        figures: list[Cell] = [Decimal(-5), Decimal("1E+2"), Decimal("-0.50"), 7, None]

        assert "a,b,c,d,e\n-5,100,-0.50,7,\n" == as_csv("abcde", [figures])
        assert '[\n{"a": "-5", "b": "100", "c": "-0.50", "d": 7, "e": null}\n]\n' == as_json("abcde", [figures])

    @pytest.mark.parametrize("text", ["\t=1", "\r=1", "=1", "-1+1", "--1", "-１", '=cmd|" /C calc"!A0'])
    def test_every_beginning_of_a_formula(self, text: str) -> None:
        """Tab and carriage return too; what only looks like a number is text."""
        written = io.StringIO(as_csv("a", [[text]]), newline="")

        assert [["a"], [f"'{text}".replace("\r", "\n")]] == list(csv.reader(written))

    @pytest.mark.parametrize("terminal", [False, True])
    def test_a_terminal_is_not_steered(self, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
        """Control and bidirectional characters go, line breaks become spaces, markup is shown as it stands."""
        monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
        text = as_table(
            ["a\x1b"], [["\x1b[31mred\x07\u202e\u2066"], ["[bold]x[/bold][/]"], ["two\nlines"], ["灌南\u200b"]]
        )

        assert ["a", "[31mred", "[bold]x[/bold][/]", "two lines", "灌南"] == [
            line.strip() for line in text.splitlines() if "─" not in line
        ]

    def test_nothing_is_cut_off_in_a_narrow_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is too wide is folded."""
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", "20")
        text = as_table(["a", "b"], [["x" * 30, "y" * 30]])

        assert (30, 30) == (text.count("x"), text.count("y"))

    def test_problems_are_printable(self, run: Run) -> None:
        """A column's name and a value with control characters stay on one line."""
        Path("t.csv").write_text('community,"a\x1b[2J\nb"\nx,1\n', encoding="utf-8")

        assert all(line.isprintable() for line in refusal(run("evaluate", QUARTER, "t.csv")))
        assert "ab c" == printable("a\x9b\u202eb\u00a0c")


class TestAsAProgram:
    """The installed command, in a process of its own."""

    def started(self, *arguments: str, **more: Any) -> "subprocess.CompletedProcess[bytes]":
        """The command, run to its end."""
        program = Path(sys.executable).with_name("civrules")
        return subprocess.run([program, *arguments], capture_output=True, check=False, **more)

    def test_it_scores(self, tmp_path: Path) -> None:
        """With a table of its own in a locale that has no UTF-8."""
        (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
        environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
        ended = self.started("evaluate", QUARTER, "t.csv", "--format", "csv", cwd=tmp_path, env=environment)
        listed = self.started("standards", "--lang", "zh", env=environment)

        assert (0, RESULT.encode(), b"") == (ended.returncode, ended.stdout, ended.stderr)
        assert (0, True) == (listed.returncode, b"\\u9910" in listed.stdout)

    def test_long_work_is_silent_where_nobody_watches(self, tmp_path: Path) -> None:
        """No bar, no escape sequence."""
        (tmp_path / "t.csv").write_text(MANY, encoding="utf-8")
        ended = self.started("evaluate", QUARTER, "t.csv", "--out", "x.csv", cwd=tmp_path)

        assert (0, b"", b"") == (ended.returncode, ended.stdout, ended.stderr)

    def test_long_work_shows_a_bar_in_a_terminal(self, tmp_path: Path) -> None:
        """On standard error, gone when it is done."""
        pty = pytest.importorskip("pty")
        (tmp_path / "t.csv").write_text(MANY, encoding="utf-8")
        ours, theirs = pty.openpty()
        out, outs = pty.openpty()
        program = Path(sys.executable).with_name("civrules")
        arguments = [str(program), "evaluate", QUARTER, "t.csv", "--out", "x.csv"]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        subprocess.run(arguments, cwd=tmp_path, stdout=outs, stderr=theirs, env=environment, check=True)
        os.close(theirs)
        os.close(outs)
        os.set_blocking(out, False)

        assert b"100%" in drained(ours)
        assert b"" == drained(out)


def drained(terminal: int) -> bytes:
    """What was written to a terminal whose other end is closed."""
    parts = []
    while part := read_part(terminal):
        parts.append(part)
    os.close(terminal)
    return b"".join(parts)


def read_part(terminal: int) -> bytes:
    """The next bytes; a closed terminal has none."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


MANY = "community,check,satisfaction\n" + "".join(f"{number},84,90\n" for number in range(2000))

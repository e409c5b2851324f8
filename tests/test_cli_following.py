"""rank, outcomes, ledger, history: what follows from the records that evaluate keeps."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from civrules.cli import main

DOCUMENTS = Path(__file__).parent / "followup"
QUARTER, ANNUAL = (str(DOCUMENTS / f"{name}.toml") for name in ("quarter", "annual"))
FIRST = "community,regular,satisfaction\na,84,90\nb,91,70\nc,60,50\nd,60,\n"
SECOND = "community,regular,satisfaction\na,80,90\nb,91,90\nc,60,50\nd,60,80\n"
YEAR = """community,association,panel,satisfaction,complaint,operator,manager
a,90,90,90,90,co,m
b,90,90,90,90,co,n
c,50,50,50,50,other,o
"""


def run(*words: str) -> Result:
    """A command that is done."""
    done = CliRunner().invoke(main, words)
    assert 0 == done.exit_code, done.stderr
    return done


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def kept(folder: Path, document: str, table: str, period: str, *words: str) -> None:
    """Evaluate a table and keep the records."""
    file = folder / f"{period}.csv"
    file.write_text(table, encoding="utf-8")
    run("evaluate", document, str(file), "--period", period, "--record", str(folder / "records"), *words)


@pytest.fixture
def quarters(tmp_path: Path) -> str:
    """The records of two quarters: 85.8, 84.7, 57, withheld; 83, 90.7, 57, 66."""
    kept(tmp_path, QUARTER, FIRST, "2031-Q1")
    kept(tmp_path, QUARTER, SECOND, "2031-Q2")
    return str(tmp_path / "records")


@pytest.fixture
def year(tmp_path: Path) -> str:
    """The records of a year: two A's of one company, a D of another."""
    kept(tmp_path, ANNUAL, YEAR, "2030", "--attribute", "operator", "--attribute", "manager")
    return str(tmp_path / "records")


def test_rank(quarters: str) -> None:
    """Places, the best first; whoever stands apart comes last with the reason; a cut takes so many."""
    found = rows(run("rank", quarters, "--period", "2031-Q1", "--format", "csv").stdout)
    assert [("1", "a", ""), ("2", "b", ""), ("3", "c", ""), ("", "d", "withheld")] == [
        (row["place"], row["community"], row["apart"]) for row in found
    ]
    words = ("rank", quarters, "--standard", QUARTER, "--period", "2031-Q2", "--format", "csv")
    assert ["b"] == [row["community"] for row in rows(run(*words, "--first", "25%").stdout)]
    assert ["d", "c"] == [row["community"] for row in rows(run(*words, "--last", "2").stdout)]


def test_rank_refuses_two_periods_together(quarters: str) -> None:
    """Without a period every community would be ranked twice; the option that chooses is named, and the periods."""
    done = CliRunner().invoke(main, ["rank", quarters])
    assert 2 == done.exit_code
    assert "--period which is ranked; there are: 2031-01-01 … 2031-03-31, 2031-04-01 … 2031-06-30" in done.stderr


@pytest.mark.parametrize(
    "words, code, said",
    [
        (("--period", "2020-Q1"), 1, "no evaluation"),
        (("--period", "2031-Q1", "--first", "-1"), 2, "take a count"),
        (("--period", "2031-Q1", "--first", "150%"), 2, "take a count"),
        (("--period", "2031-Q1", "--first", "x"), 2, "take a count"),
        (("--period", "2031-Q1", "--first", "50"), 0, "place 50 lies beyond the 3 that are ranked"),
        (("--period", "2031-Q1", "--by", "score,criterion:nothing"), 1, '"nothing" names no criterion'),
    ],
)
def test_rank_says_what_cannot_be_meant(quarters: str, words: tuple[str, ...], code: int, said: str) -> None:
    """A period without records, a cut that is none or too large, and a criterion that nobody has are said."""
    done = CliRunner().invoke(main, ["rank", quarters, *words])
    assert code == done.exit_code
    assert said in done.stderr


def test_ledger_notes_a_subject_without_entries(year: str) -> None:
    """A subject that never had an entry may be misspelled, which a note says."""
    words = ("--issued", "2030=2031-01-10", "--on", "2031-02-01", "--subject", "nobody-at-all")
    done = CliRunner().invoke(main, ["ledger", ANNUAL, year, *words])
    assert 0 == done.exit_code
    assert '"nobody-at-all" names no subject' in done.stderr


def test_outcomes(quarters: str) -> None:
    """What follows from the latest period, with notes on standard error in the language asked for."""
    done = run("outcomes", QUARTER, quarters, "--on", "2031-07-10", "--format", "csv", "--lang", "zh")
    assert [("red", name) for name in "abcd"] + [("yellow", name) for name in "abcd"] == [
        (row["outcome"], row["community"]) for row in rows(done.stdout)
    ]
    assert 'red：有4个对象同时在此处与"yellow"的范围内' in done.stderr
    earlier = run("outcomes", QUARTER, quarters, "--on", "2031-04-10", "--period", "2031-Q1", "--words")
    assert 'a: Red flag: flag "red", from 2031-04-10 until the next issue' in earlier.stdout
    assert "\nd: " not in earlier.stdout


def test_ledger(year: str, tmp_path: Path) -> None:
    """Two A's are six points until the company wins; a D takes three off; entries one by one for a subject."""
    events = tmp_path / "events.csv"
    events.write_text("event,of,on\nbid-won,co,2031-06-20\n", encoding="utf-8")
    words = ("ledger", ANNUAL, year, "--events", str(events), "--format", "csv")
    before = rows(run(*words, "--issued", "2031-02-01", "--on", "2031-06-20").stdout)
    after = rows(run(*words, "--issued", "2030=2031-02-01", "--on", "2031-06-21").stdout)
    assert [("co", "6", "2"), ("other", "-3", "1")] == [
        (row["subject"], row["points"], row["entries"]) for row in before
    ]
    assert [("other", "-3")] == [(row["subject"], row["points"]) for row in after]
    own = rows(run(*words, "--issued", "2031-02-01", "--on", "2031-06-20", "--subject", "co").stdout)
    assert [("a", "2031-06-20"), ("b", "2031-06-20")] == [(row["community"], row["last"]) for row in own]


def test_ledger_refuses_what_it_cannot_read(year: str, tmp_path: Path) -> None:
    """Events without their columns, a day that is none, and a period of which there is nothing."""
    events = tmp_path / "events.csv"
    events.write_text("event,whose,on\nbid-won,co,soon\n", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["ledger", ANNUAL, year, "--issued", "2031-02-01", "--on", "2031-03-01", "--events", str(events)]
    )
    assert 1 == done.exit_code
    assert done.stderr.startswith('events.csv: there is no column "of"')
    done = CliRunner().invoke(main, ["ledger", ANNUAL, year, "--issued", "soon", "--on", "2031-03-01"])
    assert 2 == done.exit_code
    done = CliRunner().invoke(main, ["ledger", ANNUAL, year, "--issued", "2029=2031-02-01", "--on", "2031-03-01"])
    assert (1, True) == (done.exit_code, done.stderr.startswith('no evaluation by "county/annual" in the period'))


def test_history(quarters: str) -> None:
    """Each community over its periods, and the lines that moved: from 84 to 80 of 70 % is 2.8 less."""
    found = rows(run("history", quarters, "--format", "csv").stdout)
    assert [("a", ""), ("a", "-2.8"), ("b", ""), ("b", "6")] == [(row["community"], row["change"]) for row in found[:4]]
    moved = rows(run("history", quarters, "--lines", "--community", "b", "--format", "csv").stdout)
    assert [("rose", "satisfaction", "21", "27")] == [
        (row["cause"], row["criterion"], row["before"], row["after"]) for row in moved
    ]


def test_history_names_the_nearest_community(tmp_path: Path) -> None:
    """A community that has no record is refused; so is a folder without records."""
    kept(tmp_path, QUARTER, FIRST.replace("\na,", "\ngreen-court,"), "2031-Q1")
    done = CliRunner().invoke(main, ["history", str(tmp_path / "records"), "--community", "green-cort"])
    assert (1, True) == (done.exit_code, 'did you mean "green-court"?' in done.stderr)
    (tmp_path / "empty").mkdir()
    for name in ("empty", "none"):
        assert 1 == CliRunner().invoke(main, ["history", str(tmp_path / name)]).exit_code


def test_records_that_are_none(quarters: str) -> None:
    """Every file that is no record is named."""
    for name in ("x.json", "y.json"):
        (Path(quarters) / name).write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(main, ["rank", quarters])
    assert ["x.json", "y.json"] == [line.partition(":")[0] for line in done.stderr.splitlines()]

"""civrules diff: what it prints, and how it ends."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, assume, given, settings
from written import criterion, event, sheet

from civrules import InvalidInput, Observation, load, read_table
from civrules.cli import main
from civrules.cli.changes import Pair, because
from civrules.testing.strategies import changes
from civrules.testing.strategies.cases import Case

Run = Callable[..., Result]
LAMPS = '{ kind = "tiers", tiers = [{ at_least = "95%", points = 4 }, { at_least = "80%", points = 2 }] }'
STRICTER = LAMPS.replace("95%", "99%")
WASTE = '{ kind = "findings", items = [{ id = "heap", each = 1 }] }'
MORE_WASTE = '{ kind = "findings", items = [{ id = "heap", each = 2 }, { id = "oil", each = 1 }] }'
GRADES = '[[grade]]\nid = "A"\nat_least = 9\n[[grade]]\nid = "B"\n'
GATE = """
[[gate]]
id = "fire-is-b"
title = { en = "No A after a fire" }
when = { happened = "fire" }
then = { grade_at_most = "B" }
"""
OLD = sheet(
    criterion("lamps", LAMPS, points=4), criterion("waste", WASTE, points=6), criterion("board"), event("fire"),
    tables=GRADES,
)  # fmt: skip
NEW = sheet(
    criterion("lamps", STRICTER, points=4), criterion("waste", MORE_WASTE, points=6), event("fire"),
    criterion("trees"), version="2", tables=GRADES + GATE,
)  # fmt: skip
TABLE = """community,lamps,waste:heap,waste:oil,board,trees,fire
north,96%,1,1,yes,no,no
south,100%,0,0,yes,yes,no
east,99%,0,0,no,yes,yes
west,90%,0,0,no,no,no
"""
"""North: 4 + 5 + 1 = 10 (A), then 2 + (6 - 2 - 1) + 0 = 5 (B). South: 11 both times. East: 10, then 11 and a fire that
caps it. West: 2 + 6 = 8 both times."""
OWN = "community,lamps,waste:heap,board\nsouth,100%,0,yes\nwest,90%,0,no\n"
"""What the old edition knows: south has 11 of 11, west 8."""
DIFFERENCES = """standard › version: 1 before, 2 after
criterion lamps › measure › tiers › 1 › at_least: 95% before, 99% after
criterion waste › measure › items › heap › each: 1 before, 2 after
criterion waste › measure › items › oil: nothing before, { id = "oil", each = "1" } after
criterion board: A line before, nothing after
criterion trees: nothing before, A line after
gate fire-is-b: nothing before, No A after a fire after
"""
EFFECT = """
community   score_before   score_after   grade_before   grade_after   because
──────────────────────────────────────────────────────────────────────────────────────────────────
north                 10             5   A              B             lamps -2; waste -2; board -1
east                  10            11   A              B             trees +1; gate fire-is-b

grade_before   grade_after   communities
────────────────────────────────────────
A              B                       2

"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `civrules diff` in a folder that holds two editions and a table."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("old.toml", OLD), ("new.toml", NEW), ("seen.csv", TABLE), ("own.csv", OWN)):
        Path(name).write_text(text, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(main, ["diff", *map(str, arguments)])


def test_two_editions(run: Run) -> None:
    """A line for each difference, and 1 as diff tools end."""
    ended = run("old.toml", "new.toml")
    assert (1, DIFFERENCES) == (ended.exit_code, ended.stdout)


def test_in_chinese(run: Run) -> None:
    """The language asked for is that of the words and titles."""
    assert (
        "criterion lamps › measure › tiers › 1 › at_least：原为95%，现为99%"
        in run("old.toml", "new.toml", "--lang", "zh").stdout.splitlines()
    )


def test_equal_ones_end_with_0(run: Run) -> None:
    """Nothing is printed where nothing differs; installed editions are named by their ids."""
    for one in ("old.toml", "hygiene/uk-fhrs"):
        ended = run(one, one)
        assert (0, "") == (ended.exit_code, ended.stdout)
    ended = run("old.toml", "old.toml", "--on", "own.csv")
    assert (0, "\n2 communities: 0 with another score, 0 with another grade\n") == (ended.exit_code, ended.stdout)


def test_on_the_same_observations(run: Run) -> None:
    """Who changes score or grade, because of which criteria, and how many from which grade to which."""
    ended = run("old.toml", "new.toml", "--on", "seen.csv")
    summary = "4 communities: 2 with another score, 2 with another grade\n"
    assert (1, DIFFERENCES + EFFECT + summary) == (ended.exit_code, ended.stdout)
    last = run("old.toml", "new.toml", "--on", "seen.csv", "--lang", "zh").stdout.splitlines()[-1]
    assert "共4个对象：2个得分不同，2个等次不同" == last


def test_a_band_that_moved(run: Run, tmp_path: Path) -> None:
    """Where no line differs it is the band: 8 is an A where that begins at 8."""
    (tmp_path / "lower.toml").write_text(OLD.replace("at_least = 9", "at_least = 8"), encoding="utf-8")
    (row,) = json.loads(run("old.toml", "lower.toml", "--on", "own.csv", "--format", "json").stdout)
    assert ("west", "8", "8", "B", "A", ["grade A"]) == tuple(row.values())


def test_a_step_that_is_another(run: Run, tmp_path: Path) -> None:
    """Where no line differs, but the total that they are brought to, it is that step: 11 of 11 as 22 of 22."""
    scaled = OLD.replace('title = { en = "All" }\n', 'title = { en = "All" }\nscale_to = 22\n')
    (tmp_path / "scaled.toml").write_text(scaled, encoding="utf-8")
    found = json.loads(run("old.toml", "scaled.toml", "--on", "own.csv", "--format", "json").stdout)
    assert ("south", "11", "22", ["section all › scale +11"]) == tuple(
        found[0][key] for key in ("community", "score_before", "score_after", "because")
    )


def test_causes_add_up(run: Run, tmp_path: Path) -> None:
    """Criteria and steps make up the difference of the scores, to the last digit, where something is rescaled too."""
    old = sheet(
        criterion("lamps", LAMPS, points=4), criterion("trees", points=3), criterion("board", points=4),
        tables="[rounding]\ntotal = 2\n" + GRADES,
    ).replace('"refuse"', '"rescale"')  # fmt: skip
    (tmp_path / "old.toml").write_text(old, encoding="utf-8")
    (tmp_path / "new.toml").write_text(old.replace('"95%"', '"99%"'), encoding="utf-8")
    table = "community,lamps,trees,board,board:na\nnorth,96%,yes,,no board\nsouth,96%,no,yes,\n"
    (tmp_path / "seen.csv").write_text(table, encoding="utf-8")
    found = json.loads(run("old.toml", "new.toml", "--on", "seen.csv", "--format", "json").stdout)

    assert ["lamps -2", "rescale -1.14"] == found[0]["because"]
    for one in found:
        by = Decimal(one["score_after"]) - Decimal(one["score_before"])
        assert by == sum(Decimal(cause.rpartition(" ")[2]) for cause in one["because"])


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changes())
def test_the_causes_of_any_two_scores_add_up(drawn: tuple[Case, Case, str]) -> None:
    """Of two evaluations the criteria and steps that are named come to the difference of the scores."""
    pair = Pair(*(one.evaluated() for one in drawn[:2]))
    assume(pair.old.score is not None and pair.new.score is not None)
    figures = [cause.rpartition(" ")[2] for cause in because(pair, frozenset())]
    by = sum(Decimal(figure) for figure in figures if figure[0] in "+-")

    assert by == (pair.new.score or 0) - (pair.old.score or 0)


def test_for_programs(run: Run) -> None:
    """CSV and JSON have the differences, or with --on the communities."""
    first = next(csv.DictReader(io.StringIO(run("old.toml", "new.toml", "--format", "csv").stdout)))
    assert {"where": "standard › version", "before": "1", "after": "2"} == first
    found = json.loads(run("old.toml", "new.toml", "--on", "seen.csv", "--format", "json").stdout)
    assert ["north", "east"] == [one["community"] for one in found]


def test_a_long_table(run: Run, tmp_path: Path) -> None:
    """Rows of criteria and items that one edition lacks count in the other; a community of such rows stays."""
    rows = ["community,criterion,item,value", "north,board,,yes", "south,trees,,yes", "south,waste,oil,1"]
    (tmp_path / "long.csv").write_text("\n".join((*rows, "north,lamps,,96%", "")), encoding="utf-8")
    found = json.loads(run("old.toml", "new.toml", "--on", "long.csv", "--format", "json").stdout)
    assert ["north", "south"] == [one["community"] for one in found]


@pytest.mark.parametrize("column", ["lamp", "waste:heep", "board:x", "trees:x"])
def test_a_column_that_neither_knows_is_refused(run: Run, tmp_path: Path, column: str) -> None:
    """A misspelt column is no column of the other edition; what both refuse is said once."""
    head, *rows = TABLE.splitlines()
    (tmp_path / "seen.csv").write_text("\n".join((f"{head},{column}", *(f"{row},1" for row in rows))))
    ended = run("old.toml", "new.toml", "--on", "seen.csv")
    assert (1, "") == (ended.exit_code, ended.stdout)
    assert all(column in one for one in ended.stderr.splitlines())
    assert ("lamp" in column) <= (1 == len(ended.stderr.splitlines()))


def test_a_value_that_one_edition_refuses(run: Run, tmp_path: Path) -> None:
    """What only one edition refuses stands under its name."""
    (tmp_path / "marks.toml").write_text(
        sheet(criterion("board", '{ kind = "marks" }', points=5), tables=GRADES), encoding="utf-8"
    )
    ended = run("old.toml", "marks.toml", "--on", "own.csv")
    assert (1, "") == (ended.exit_code, ended.stdout)
    assert {"marks.toml"} == {line.split(" › ")[0] for line in ended.stderr.splitlines()}


def test_wrong_usage(run: Run) -> None:
    """How a table is read says nothing where there is none; a standard that is not there is refused."""
    ended = run("old.toml", "new.toml", "--ignore")
    assert 2 == ended.exit_code
    assert "--ignore is of no use without --on FILE" in ended.stderr
    assert "hygiene/uk-fhrs" in run("old.toml", "hygiene/uk-fhr").stderr


def test_long_rows_name_criteria_not_columns(tmp_path: Path) -> None:
    """A row's criterion is an id: the name of another standard's column is none, nor is what is no text."""
    for name, text in (("old.toml", OLD), ("new.toml", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    old, new = load(tmp_path / "old.toml"), load(tmp_path / "new.toml")
    wrong: Any
    for wrong in ("waste:oil", ["trees"], {}):
        rows: list[dict[str, Any]] = [{"community": "north", "criterion": wrong, "value": 1}]
        (tmp_path / "long.json").write_text(json.dumps(rows), encoding="utf-8")
        with pytest.raises(InvalidInput):
            read_table(tmp_path / "long.json", old, beside=[new])


def test_a_table_of_several_standards(tmp_path: Path) -> None:
    """Each standard reads its own columns of one table; its own stay checked."""
    for name, text in (("old.toml", OLD), ("new.toml", NEW), ("seen.csv", TABLE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    old, new = load(tmp_path / "old.toml"), load(tmp_path / "new.toml")
    north = read_table(tmp_path / "seen.csv", old, beside=[new]).observations["north"]
    assert [
        Observation("lamps", "96%"), Observation("waste", {"heap": "1"}),
        Observation("board", "yes"), Observation("fire", "no"),
    ] == list(north)  # fmt: skip
    with pytest.raises(InvalidInput, match="trees"):
        read_table(tmp_path / "seen.csv", old)

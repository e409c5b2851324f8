"""Published results, row by row: the command line must give what the authorities gave."""

import csv
from pathlib import Path

import pytest

from civrules import cli

Rows = list[dict[str, str]]

NEXT_ACTION = {
    "Evaluation needs to be conducted in 3 years": "three-years",
    "Evaluation needs to be conducted in 2 years": "two-years",
    "Evaluation needs to be conducted in 1 year": "one-year",
    "Building Audit": "audit",
}


def read(path: Path) -> Rows:
    """A table's rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WAYS = pytest.mark.parametrize("way", [[], ["--engine", "polars"], ["--engine", "duckdb"]], ids=" ".join)
"""One by one, and in bulk."""


def evaluated(standard: str, table: Path, *way: str, id: str, out: Path) -> dict[str, dict[str, str]]:
    """What `civrules evaluate` writes for a table, by community."""
    cli.main(
        ["evaluate", standard, str(table), "--id", id, "--ignore", "--out", str(out), *way],
        standalone_mode=False,
    )
    return {row["community" if "community" in row else id]: row for row in read(out)}


@WAYS
def test_toronto_buildings_2017_to_2023(shared: Path, tmp_path: Path, way: list[str]) -> None:
    """Score and next action of all 11,759 evaluated buildings; the one without areas is not rated."""
    table = shared / "realdata" / "toronto_rentsafe_pre2023.csv"
    results = evaluated("residential/toronto-rentsafe-2017", table, *way, id="row", out=tmp_path / "toronto.csv")
    expected = {
        row["row"]: (row["score"], NEXT_ACTION[row["result"]]) if row["areas_evaluated"] != "0" else ("", "not-rated")
        for row in read(table)
    }

    assert (len(expected), list(expected.values()).count(("", "not-rated"))) == (11_760, 1)
    assert {key: (row["score"], row["grade"]) for key, row in results.items()} == expected


@WAYS
def test_london_food_hygiene(shared: Path, tmp_path: Path, way: list[str]) -> None:
    """The rating of all 58,853 premises rated with scores; the 12,806 without scores are not rated."""
    table = shared / "realdata" / "fhrs_london.csv"
    results = evaluated("hygiene/uk-fhrs", table, *way, id="fhrsid", out=tmp_path / "london.csv")
    expected = {}
    for row in read(table):
        scores = [row[criterion] for criterion in ("hygiene", "structural", "confidence")]
        expected[row["fhrsid"]] = (str(sum(map(int, scores))), row["rating"]) if all(scores) else ("", "not-rated")

    assert (len(expected), list(expected.values()).count(("", "not-rated"))) == (71_659, 12_806)
    assert {key: (row["score"], row["grade"]) for key, row in results.items()} == expected

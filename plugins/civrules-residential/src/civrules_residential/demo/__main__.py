"""Evaluate a quarter, rank it, hang the flags: `python -m civrules_residential.demo [OUT]`."""

import sys
from collections.abc import Iterable
from pathlib import Path

import civrules
from civrules import cli

STANDARD = "residential/guannan-quarter"
TABLE = Path(__file__).with_name("compounds-quarter.synthetic.csv")
ATTRIBUTES = ("name", "operator", "street")
SHOWN = "compound-07"


def evaluations(rulebook: civrules.Rulebook) -> list[civrules.Evaluation]:
    """Every compound of the table, scored for one quarter."""
    standard = rulebook.standard(STANDARD)
    table = civrules.read_table(TABLE, standard, id="community", attributes=ATTRIBUTES)
    quarter = civrules.Period.quarter(2031, 2)
    return [
        rulebook.evaluate(standard, compound, table.observations[compound.id], period=quarter)
        for compound in table.communities
    ]


def print_places(title: str, places: Iterable[civrules.Ranked]) -> None:
    """One line for each place: the place, the score, the compound and its name."""
    print(f"\n{title}")
    for ranked in places:
        community = ranked.evaluation.community
        print(f"{ranked.place:>4}  {ranked.evaluation.score!s:>7}  {community.id}  {community.attributes['name']}")


def write_results(out: Path) -> None:
    """The same evaluations by the command line, as CSV and as JSON."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("quarter.csv", "quarter.json"):
        columns = [part for attribute in ATTRIBUTES for part in ("--attribute", attribute)]
        call = ["evaluate", STANDARD, str(TABLE), *columns, "--period", "2031-Q2", "--out", str(out / name)]
        cli.main(call, standalone_mode=False)


def main(arguments: list[str]) -> None:
    """Print the ranking, the flags and one explanation; write the results into the folder given."""
    evaluated = evaluations(civrules.Rulebook.installed(only=["residential"]))
    ranking = civrules.rank(evaluated)
    print_places("名次 Places", ranking.ranked)
    for evaluation, reason in ranking.apart:
        print(f"   -        -  {evaluation.community.id}  {evaluation.community.attributes['name']}: {reason}")
    print_places("红旗 Red flags: the first ten, ties included", ranking.first(10))
    print_places("黄旗 Yellow flags: the last ten, ties included", ranking.last(10))
    shown = next(evaluation for evaluation in evaluated if evaluation.community.id == SHOWN)
    print(f"\n{shown.explain('zh')}\n\n{shown.explain('en')}")
    write_results(Path(arguments[0] if arguments else "build/demo"))


if __name__ == "__main__":
    main(sys.argv[1:])

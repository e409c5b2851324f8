"""boundaries and exercised: what a standard turns on, and what a set of observations reaches of it."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from written import criterion, sheet

from civrules import Community, Rulebook, Standard
from civrules.cli import main
from civrules.testing import boundaries, exercised


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """The standards whose boundaries are known by hand."""
    return Rulebook.installed(only=["example", "residential", "hygiene"], strict=True)


def rows_of(standard: Standard, of: str) -> list[tuple[str, Decimal | None, str | None]]:
    """Side, score and grade of the rows about one thing."""
    return [(row.side, row.evaluation.score, row.evaluation.grade) for row in boundaries(standard) if row.of == of]


class TestBoundaries:
    """The rows."""

    def test_a_cut_has_three_rows(self, book: Rulebook) -> None:
        """A at 85: a spot of litter takes 0.5, so the nearest scores are 84.5 and 85.5."""
        found = rows_of(book.standard("example/check"), "grade A: at_least 85")
        assert [("below", Decimal("84.5"), "B"), ("on", Decimal(85), "A"), ("above", Decimal("85.5"), "A")] == found

    def test_the_step_is_the_least_that_can_be_observed(self, book: Rulebook) -> None:
        """Marks with four decimals at a tenth of the score: 99.9999 instead of 100 is 0.00001 less."""
        found = rows_of(book.standard("residential/guannan-annual"), "grade A: at_least 85")
        assert ("below", Decimal("84.99999"), "B") == found[0]
        assert ("on", Decimal(85), "A") == found[1]

    def test_a_grade_with_a_requirement_is_reached_on_its_cut(self, book: Rulebook) -> None:
        """Rating 3: 30 in all with no score above 10; 35 then is a 2."""
        found = rows_of(book.standard("hygiene/uk-fhrs"), "grade 3: at_most 30")
        assert [("on", Decimal(30), "3"), ("above", Decimal(35), "2")] == found[1:]

    def test_a_threshold_is_seen_alone(self, book: Rulebook) -> None:
        """95 % of the lights give 30 points, 94.9999 % give 15, with nothing else observed."""
        rows = [row for row in boundaries(book.standard("example/check")) if row.of == "stair-lights: 95%"]
        assert ["stair-lights=94.9999", "stair-lights=95", "stair-lights=95.0001"] == [row.observed for row in rows]
        assert [Decimal(15), Decimal(30), Decimal(30)] == [row.evaluation.score for row in rows]

    def test_a_gate_holds_and_does_not(self, book: Rulebook) -> None:
        """The event alone, and the same event denied."""
        rows = [row for row in boundaries(book.standard("residential/guannan-annual")) if row.of == "gate d-accident"]
        assert [("on", "D", ("d-accident",)), ("off", "withheld", ())] == [
            (row.side, row.evaluation.grade, row.evaluation.gates) for row in rows
        ]

    def test_the_command(self, book: Rulebook) -> None:
        """The table has a row for each."""
        ended = CliRunner().invoke(main, ["boundaries", "example/check", "--format", "csv"])
        rows = list(csv.DictReader(io.StringIO(ended.stdout)))
        assert len(boundaries(book.standard("example/check"))) == len(rows)
        assert {"boundary": "stair-lights: 80%", "side": "on", "points": "15", "score": "15"}.items() <= next(
            row for row in rows if row["boundary"] == "stair-lights: 80%" and row["side"] == "on"
        ).items()

    def test_for_people_it_says_what_is_unusual(self, tmp_path: Path) -> None:
        """What most rows observe stands above them once; a row says its own line, and what it has instead."""
        few = CliRunner().invoke(main, ["boundaries", "example/check"]).stdout
        (tmp_path / "sheet.toml").write_text(
            sheet(*(criterion(name) for name in "abcd"), more='missing = "refuse"'), encoding="utf-8"
        )
        first, _, _, _, *rows = (
            CliRunner().invoke(main, ["boundaries", str(tmp_path / "sheet.toml")]).stdout.splitlines()
        )

        assert few.startswith("boundary ")
        assert "observed, where a row says nothing else: a=yes, b=yes, c=yes, d=yes" == first
        assert [["a:", "yes", "on", "a=yes"], ["a:", "yes", "off", "a=no"]] == [row.split()[:4] for row in rows[:2]]


class TestExercised:
    """What is reached."""

    def test_what_one_evaluation_reaches(self, book: Rulebook) -> None:
        """A level, the grade that results, and what was missing; nothing of what was not seen."""
        standard = book.standard("example/check")
        seen = book.evaluate(standard, Community("c-1"), {"trees": "fair", "stair-lights": "80%"})
        reached = [name for name, does in exercised(standard, [seen]).items() if does]
        assert [
            "criterion stair-lights", "stair-lights: tier at_least 80", "criterion trees", "trees: level fair",
            "grade C", "missing: worst",
        ] == [name for name in reached if "accident" not in name]  # fmt: skip

    @pytest.mark.parametrize("name", ["example/check", "hygiene/uk-fhrs", "residential/guannan-annual"])
    def test_the_boundaries_reach_everything(self, book: Rulebook, name: str) -> None:
        """What a standard turns on is what its boundaries are."""
        standard = book.standard(name)
        reached = exercised(standard, [row.evaluation for row in boundaries(standard)])
        assert [] == [what for what, does in reached.items() if not does]

    def test_the_command(self, tmp_path: Path) -> None:
        """What is not reached is said, and the command ends with 1."""
        file = tmp_path / "seen.csv"
        file.write_text("community,check,satisfaction\nc-1,90,80\n", encoding="utf-8")
        ended = CliRunner().invoke(main, ["exercised", "residential/guannan-quarter", str(file), "--format", "csv"])
        assert 1 == ended.exit_code
        assert "check: fall short,yes" in ended.stdout
        assert "check: pass,no" in ended.stdout

"""boundaries and exercised: what a standard turns on, and what a set of observations reaches of it."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from civrules import Community, Rulebook, Standard, load
from civrules.cli import main
from civrules.testing import Boundary, boundaries, exercised


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

    def test_a_gate_is_shown_where_it_changes_the_grade(self, book: Rulebook) -> None:
        """Ninety points are an A; after an accident a B."""
        found = rows_of(book.standard("example/check"), "gate no-a-after-accident")
        assert [("on", Decimal(90), "B"), ("off", Decimal(90), "A")] == found

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


SEVERAL = """
[standard]
id = "drawn/several"
version = "1"
title = { zh = "多", en = "Several" }
kinds = ["residential"]
effective = { first = 2031-07-01 }
source = { document = "drawn" }

[rounding]
criterion = 2
total = 2

[[section]]
id = "all"
title = { zh = "全", en = "All" }

  [[section.criterion]]
  id = "stairs"
  title = { zh = "梯", en = "Stairs" }
  points = 10
  per_unit = "building"
  places = { at_least = "90%" }
  measure = { kind = "check" }

  [[section.criterion]]
  id = "flats"
  title = { zh = "户", en = "Flats" }
  points = 10
  per_unit = "flat"
  sample = 2
  measure = { kind = "check", at_least = "80%" }

  [[section.criterion]]
  id = "papers"
  title = { zh = "证", en = "Papers" }
  points = 10
  valid_for = "6 months"
  measure = { kind = "check" }

  [[section.criterion]]
  id = "visits"
  title = { zh = "访", en = "Visits" }
  points = 10
  measure = { kind = "frequency", at_least = 2, per = "month", partial = true }

  [[section.criterion]]
  id = "mark"
  title = { zh = "评", en = "Mark" }
  points = 10
  assessors = "mean"
  measure = { kind = "marks" }

  [[section.criterion]]
  id = "fire"
  title = { zh = "火", en = "Fire" }
  measure = { kind = "event" }

[[gate]]
id = "after-fire"
title = { zh = "火后", en = "After a fire" }
when = { happened = "fire", within = "12 months" }
then = { ineligible = true }
"""


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> list[Boundary]:
    """The boundaries of a document that turns on more than one look."""
    file = tmp_path_factory.mktemp("several") / "several.toml"
    file.write_text(SEVERAL, encoding="utf-8")
    return list(boundaries(load(file)))


def answers(rows: list[Boundary], of: str) -> list[tuple[str, Any, str | None]]:
    """Side, points and result of the line that the rows are about."""
    chosen = [row for row in rows if row.of == of]
    lines = [next(line for line in row.evaluation.lines if line.criterion == row.line) for row in chosen]
    return [(row.side, line.points, line.result) for row, line in zip(chosen, lines, strict=True)]


class TestSeveral:
    """What one look cannot say."""

    def test_a_share_of_the_places(self, several: list[Boundary]) -> None:
        """Nine of ten buildings are enough for 90 %, eight are not; the register has all ten."""
        found = answers(several, "stairs: 90% of the places")
        assert [("below", 0, "fail"), ("on", 10, "pass"), ("above", 10, "pass")] == found
        row = next(row for row in several if row.of == "stairs: 90% of the places")
        assert 10 == len(row.evaluation.community.places["building"])

    def test_one_place_short_of_the_sample(self, several: list[Boundary]) -> None:
        """Two flats are a sample, one is not."""
        assert [("below", 0, "not-checked"), ("on", 10, "pass")] == answers(several, "flats: a sample of 2")

    def test_a_threshold_where_places_are_counted(self, several: list[Boundary]) -> None:
        """80 % in each flat of the sample passes, 79.9999 % does not."""
        found = answers(several, "flats: 80%")
        assert [("below", 0, "fail"), ("on", 10, "pass"), ("above", 10, "pass")] == found

    def test_the_oldest_look_that_counts(self, several: list[Boundary]) -> None:
        """Six months before 1 July is 1 January; what was seen on 31 December has expired."""
        rows = [row for row in several if row.of == "papers: valid for 6 months"]
        assert ["papers=yes at=2031-01-01", "papers=yes at=2030-12-31"] == [row.observed for row in rows]
        assert [("on", 10, "pass"), ("off", 0, "not-checked")] == answers(several, "papers: valid for 6 months")

    def test_a_window_just_kept(self, several: list[Boundary]) -> None:
        """Twice in each of three months; once in the last gives two thirds of ten points."""
        found = answers(several, "visits: 2 in each of 3 × month")
        assert [("on", 10, "pass"), ("below", Decimal("6.67"), "partial"), ("above", 10, "pass")] == found

    def test_two_assessors(self, several: list[Boundary]) -> None:
        """Ten and nothing are five in the mean."""
        assert [("on", 5, "partial")] == answers(several, "mark: assessors: mean")

    def test_the_day_that_a_gate_looks_back_to(self, several: list[Boundary]) -> None:
        """A fire of 1 July a year before counts, one of 30 June does not."""
        rows = [row for row in several if row.of == "gate after-fire: fire within 12 months"]
        assert ["fire=yes at=2030-07-01", "fire=yes at=2030-06-30"] == [row.observed for row in rows]
        assert [True, False] == [row.evaluation.ineligible for row in rows]


CUTS = """
[standard]
id = "drawn/cuts"
version = "1"
title = { zh = "界", en = "Cuts" }
kinds = ["residential"]
effective = { first = 2031-07-01 }
source = { document = "drawn" }
coverage = "60%"

[rounding]
criterion = 2
total = 0

[[section]]
id = "all"
title = { zh = "全", en = "All" }

  [[section.criterion]]
  id = "stairs"
  title = { zh = "梯", en = "Stairs" }
  points = 40
  per_unit = "building"
  measure = { kind = "check" }

  [[section.criterion]]
  id = "lights"
  title = { zh = "灯", en = "Lights" }
  points = 20
  sample = 5
  measure = { kind = "check", at_least = "95%" }

  [[section.criterion]]
  id = "lift"
  title = { zh = "电梯", en = "Lift" }
  points = 10
  applies_when = { attribute = "lift", equals = true }
  measure = { kind = "check" }

  [[section.criterion]]
  id = "guards"
  title = { zh = "岗", en = "Guards" }
  points = 10
  measure = { kind = "check", at_least = { by = "population", lower = { 0 = 8, 50 = 12 } } }

  [[section.criterion]]
  id = "mark"
  title = { zh = "评", en = "Mark" }
  points = 20
  assessors = "mean"
  measure = { kind = "marks" }

  [[section.criterion]]
  id = "praise"
  title = { zh = "奖", en = "Praise" }
  measure = { kind = "event" }

  [[section.criterion]]
  id = "visitors"
  title = { zh = "客", en = "Visitors" }
  strength = "informative"
  points = 0
  measure = { kind = "check" }

[[grade]]
id = "A"
at_least = 75
[[grade]]
id = "B"
"""


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> Standard:
    """A document with a cut that only several places and assessors can reach."""
    file = tmp_path_factory.mktemp("cuts") / "cuts.toml"
    file.write_text(CUTS, encoding="utf-8")
    return load(file)


class TestAcrossLines:
    """Cuts and policies where one look does not say all of a line."""

    def test_a_cut_that_places_and_assessors_reach(self, cuts: Standard) -> None:
        """40 at the one building and 35 more are 75; a whole point less or more is beside it."""
        scores = [(side, score) for side, score, _ in rows_of(cuts, "grade A: at_least 75")]
        assert [("below", Decimal(74)), ("on", Decimal(75)), ("above", Decimal(76))] == scores

    def test_a_cut_that_rounding_reaches(self, cuts: Standard) -> None:
        """75 is shown, and has the grade, though the exact figure is less."""
        (row,) = (row for row in boundaries(cuts) if row.of == "grade A: at_least 75, by rounding")
        exact = sum(line.points or 0 for line in row.evaluation.lines if line.criterion is not None)
        assert ("on", Decimal(75), "A") == (row.side, row.evaluation.score, row.evaluation.grade)
        assert Decimal("74.5") <= exact < 75

    def test_the_least_coverage(self, cuts: Standard) -> None:
        """60 of 100 points are enough, and without one line more the grade is withheld."""
        below = next(row for row in boundaries(cuts) if row.of == "coverage: at_least 60%" and row.side == "below")
        on = next(row for row in boundaries(cuts) if row.of == "coverage: at_least 60%" and row.side == "on")
        assert on.evaluation.coverage >= Decimal("0.6") > below.evaluation.coverage
        assert ["withheld"] == [row.evaluation.grade for row in (below,)]

    def test_a_sample_of_n_of_m(self, cuts: Standard) -> None:
        """Five of five are a sample, four of four are not."""
        rows = [row for row in boundaries(cuts) if row.of == "lights: a sample of 5"]
        assert [("on", "lights=5/5"), ("below", "lights=4/4")] == [(row.side, row.observed) for row in rows]
        assert [("on", 20, "pass"), ("below", 0, "not-checked")] == answers(rows, "lights: a sample of 5")

    def test_the_community_is_one_that_lines_apply_to(self, cuts: Standard) -> None:
        """The line that asks for a lift is judged, and the row says that there is one."""
        rows = [row for row in boundaries(cuts) if row.of == "lift: yes"]
        assert [("on", 10, "pass"), ("off", 0, "fail")] == answers(rows, "lift: yes")
        assert {"lift = yes"} == {row.community for row in rows}

    def test_numbers_that_are_given_have_no_rows(self, cuts: Standard) -> None:
        """How many guards are asked for is known of a community only."""
        assert [] == [row.of for row in boundaries(cuts) if row.line == "guards"]

    def test_an_event_that_no_gate_names(self, cuts: Standard) -> None:
        """It happens, and does not."""
        rows = [row for row in boundaries(cuts) if row.of == "praise: happened"]
        assert [("on", "praise=yes"), ("off", "praise=no")] == [(row.side, row.observed) for row in rows]

    def test_too_little_coverage_is_exercised(self, cuts: Standard) -> None:
        """One evaluation of which too little was seen for a grade reaches the rule; one of all does not."""
        rows = {row.side: row for row in boundaries(cuts) if row.of == "coverage: at_least 60%"}
        name = "coverage: too little for a grade"
        assert [True, False] == [exercised(cuts, [rows[side].evaluation])[name] for side in ("below", "on")]

    def test_what_is_only_shown_need_not_pass(self, cuts: Standard) -> None:
        """Of an informative line nothing is asked but that it was seen."""
        reached = exercised(cuts, [row.evaluation for row in boundaries(cuts)])
        assert ["criterion visitors"] == [name for name in reached if "visitors" in name]


class TestExercised:
    """What is reached."""

    def test_what_one_evaluation_reaches(self, book: Rulebook) -> None:
        """A level, the grade that results, and what was missing; nothing of what was not seen."""
        standard = book.standard("example/check")
        seen = book.evaluate(standard, Community("c-1"), {"trees": "fair", "stair-lights": "80%"})
        reached = [name for name, does in exercised(standard, [seen]).items() if does]
        assert [
            "criterion stair-lights", "stair-lights: tier at_least 80%", "criterion trees", "trees: level fair",
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

"""What the README and the format reference show is what happens."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

import civrules

ROOT = Path(__file__).parent.parent
FORMAT = (ROOT / "docs/format.md").read_text(encoding="utf-8")
WHOLE = [text for text in re.findall(r"```toml\n(.*?)```", FORMAT, flags=re.DOTALL) if text.startswith("[standard]")]
CASES = (ROOT / "docs/cases.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    """A fenced block of the README."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return found[number]


def test_the_host_example_runs_in_at_most_twenty_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The host example prints 0.7·84 + 0.3·90 = 85.8 and 0.7·91.5 + 0.3·76 = 86.85, ranked, and holds the third."""
    example = block("python")
    assert len(example.splitlines()) <= 20
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert ["1 compound-2 86.85", "2 compound-1 85.8"] == printed[:2]
    assert printed[2].startswith("compound-3 withheld Bounds(low=Decimal('61.6'), high=Decimal('91.6')")
    assert "得分：85.8/100分" in printed


def test_the_standard_of_ones_own_scores_as_the_readme_says(tmp_path: Path) -> None:
    """The TOML and CSV of the README give the scores and grades that its text works out by hand."""
    (tmp_path / "gardens.toml").write_text(block("toml"), encoding="utf-8")
    (tmp_path / "gardens.csv").write_text(block("csv"), encoding="utf-8")
    standard = civrules.load(tmp_path / "gardens.toml")
    table = civrules.read_table(tmp_path / "gardens.csv", standard)
    results = {one.id: civrules.evaluate(standard, one, table.observations[one.id]) for one in table.communities}
    assert {
        "north": (Decimal(19), "A"),
        "south": (Decimal("8.6"), "B"),
        "east": (Decimal(20), "B"),
        "west": (Decimal("8.5"), "B"),
    } == {name: (one.score, one.grade) for name, one in results.items()}
    bounds = results["west"].bounds
    assert bounds is not None
    assert (Decimal("8.5"), Decimal("16.5")) == (bounds.low, bounds.high)


@pytest.mark.parametrize(
    "measure",
    re.findall(r"^measure = (\{.*?\})\s*(?:#.*)?$", FORMAT, re.MULTILINE),
)
def test_every_measure_of_the_format_reference_is_read(measure: str, tmp_path: Path) -> None:
    """A measure as the reference writes it makes a sound standard."""
    points = "" if '"event"' in measure else "points = 10"
    (tmp_path / "one.toml").write_text(
        f"""
        rounding = {{ criterion = 2, total = 2 }}
        [standard]
        id = "a/b"
        version = "1"
        title = {{ en = "T" }}
        kinds = ["residential"]
        source = {{ document = "D" }}
        [[section]]
        id = "s"
        title = {{ en = "S" }}
        [[section.criterion]]
        id = "c"
        title = {{ en = "C" }}
        {points}
        measure = {measure}
        """,
        encoding="utf-8",
    )
    assert "c" in civrules.load(tmp_path / "one.toml").criteria


def test_the_documents_of_the_format_reference_are_what_it_says(tmp_path: Path) -> None:
    """The two whole documents are read by one book; the second is the first, as its county wants it."""
    for number, text in enumerate(WHOLE):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    plugin = ModuleType("example")
    vars(plugin)["civrules_standards"] = civrules.hookimpl(lambda: [civrules.Documents(tmp_path)])
    book = civrules.Rulebook([plugin])
    county = book.standard("county/check")
    who = (county.responsible("board"), county.responsible("cracks", {"place": "road"}), county.responsible("lights"))

    assert () == book.problems
    assert ("board", "lights", "cracks") == tuple(county.criteria)
    assert ["street", "street", "operator"] == [one.lead for one in who if one is not None]
    assert ("example/bodies@1", "county/check@2026") == (
        county.edition_of("criterion", "board", "title"),
        county.edition_of("criterion", "board", "points"),
    )
    made = book.evaluate(county, civrules.Community("c"), {"board": True, "lights": "96%", "cracks": True})
    assert (Decimal(6), "B") == (made.score, made.grade)


def test_the_campaign_of_the_format_reference_is_what_it_says(tmp_path: Path) -> None:
    """The campaign uses the standard beside it: its criterion is a goal; its report is due on the tenth."""
    standards = [text for text in WHOLE if 'id = "example/repairs"' in text]
    (campaign,) = re.findall(r"```toml\n(\[campaign\].*?)```", FORMAT, flags=re.DOTALL)
    for number, text in enumerate((*standards, campaign)):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    plugin = ModuleType("example")
    vars(plugin)["civrules_campaigns"] = civrules.hookimpl(lambda: [civrules.Documents(tmp_path)])
    book = civrules.Rulebook([plugin])
    schedule = book.campaign("example/compounds").in_year(2031)

    assert () == book.problems
    assert ["stair-lights"] == [goal.id for goal in schedule.campaign.goals]
    assert date(2031, 4, 10) == schedule.occurrences("quarterly-report")[0].due
    assert "2031-07-21 … 2031-11-30" == str(schedule.days("rectify").periods[0])


def test_the_example_of_cases_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every print of docs/cases.md writes the comment beside it."""
    (text,) = [text for text in WHOLE if 'id = "example/repairs"' in text]
    (tmp_path / "repairs.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", CASES, flags=re.DOTALL)
    exec(compile(example, "cases.md", "exec"), {})

    assert re.findall(r"^print\(.*\)  # (.*)$", example, flags=re.MULTILINE) == capsys.readouterr().out.splitlines()

"""Make the demonstration's table of 92 compounds: `python tools/make_demo_table.py` writes it beside the demonstration.

Everything in it is made up: names, operators, streets and marks. The same seed always makes the same bytes.
"""

from decimal import Decimal
from pathlib import Path
from random import Random

SEED = 92
COMPOUNDS = 92
TIED = 10
"""The place, from the front and from the end, that two compounds share."""

TABLE = Path(__file__).parent.parent / "src/civrules_residential/demo/compounds-quarter.synthetic.csv"

FIRST = ("青禾", "云杉", "朗月", "听雨", "晴川", "松影", "白鹭", "兰汀", "枫桥", "星野")
SECOND = ("苑", "花园", "新村", "家园", "里", "府", "雅居", "公寓", "庭", "湾")
OPERATORS = ("示例物业甲", "示例物业乙", "示例物业丙", "示例物业丁", "示例物业戊", "示例物业己")
STREETS = ("示例东街道", "示例西街道", "示例南街道", "示例北街道")

Marks = tuple[Decimal, Decimal | None]


def drawn(random: Random) -> list[Marks]:
    """A check and a survey mark for each compound, in steps of a quarter of a point."""
    return [(Decimal(random.randint(220, 392)) / 4, Decimal(random.randint(240, 392)) / 4) for _ in range(COMPOUNDS)]


def score(marks: Marks) -> Decimal:
    """70 parts of the check and 30 of the survey; a missing survey counts as none here, for ordering only."""
    check, survey = marks
    return check * 70 + (survey or 0) * 30


def tied_with(marks: Marks) -> Marks:
    """Other marks with the same score: 0.3 more in the check is 0.7 less in the survey."""
    check, survey = marks
    assert survey is not None
    return check + Decimal("0.3"), survey - Decimal("0.7")


def made(random: Random) -> list[Marks]:
    """The marks of all compounds, with ties at both cuts and two surveys missing, in a shuffled order."""
    marks = sorted(drawn(random), key=score, reverse=True)
    middle = COMPOUNDS // 2
    marks[TIED] = tied_with(marks[TIED - 1])
    marks[-TIED - 1] = tied_with(marks[-TIED])
    marks[middle : middle + 2] = [(check, None) for check, _ in marks[middle : middle + 2]]
    random.shuffle(marks)
    return marks


def table() -> str:
    """The table as text."""
    random = Random(SEED)
    names = [first + second for first in FIRST for second in SECOND]
    random.shuffle(names)
    lines = ["community,name,operator,street,check,satisfaction"]
    for number, (name, (check, survey)) in enumerate(zip(names[:COMPOUNDS], made(random), strict=True), 1):
        operator, street = random.choice(OPERATORS), random.choice(STREETS)
        lines.append(f"compound-{number:02},{name},{operator},{street},{figure(check)},{figure(survey)}")
    return "\n".join(lines) + "\n"


def figure(mark: Decimal | None) -> str:
    """A mark without trailing zeros; nothing where it is missing."""
    return "" if mark is None else f"{mark.normalize():f}"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8", newline="\n")

"""Write docs/codes.md, the page of all problem codes, from the catalogue."""

import re
from pathlib import Path

from civrules.errors.codes import CODES, LINTS
from civrules.errors.sentence import Arguments

PAGE = Path(__file__).parent.parent / "docs/codes.md"
_ARGUMENT = re.compile(r"\{argument\[([^]]+)\]\}")
_HEAD = """# Problem codes

Every problem has one of these codes; a code never changes its meaning. `{value}` is what was met, `{expected}` what
would do, and the nearest valid word is named where there is one. What lint says stands on [a page of its
own](lint.md). This page is written by `tools/write_codes.py`.

| code | English | 中文 |
|---|---|---|
"""


def page() -> str:
    """The page as it ought to be."""
    rows = []
    for name, code in sorted(CODES.items()):
        if name not in LINTS:
            english = "; ".join(filter(None, (code.en, code.remedy_en)))
            chinese = "；".join(filter(None, (code.zh, code.remedy_zh)))
            rows.append(f"| `{name}` | {_cell(english)} | {_cell(chinese)} |")
    return _HEAD + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    text = _ARGUMENT.sub(lambda found: Arguments()[found[1]], text)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)

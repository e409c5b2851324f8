"""The pages of the documentation say what is so."""

import inspect
import re
import runpy
from pathlib import Path
from typing import get_args

import pytest

import civrules
from civrules.rulebook import hookspecs
from civrules.scoring.line import Result

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted(page for page in DOCS.glob("*.md"))


def text(page: Path) -> str:
    """A page."""
    return page.read_text(encoding="utf-8")


RUN_ELSEWHERE = ("schema.md", "plugins.md", "cases.md")
"""Pages whose blocks need something to begin with: test_schema.py, test_tutorial.py and test_readme.py run them."""


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if "```python" in text(page) and page.name not in RUN_ELSEWHERE],
    ids=lambda page: str(page.stem),
)
def test_every_python_block_runs(page: Path) -> None:
    """The Python blocks of a page run one after the other, and what they assert holds."""
    blocks = re.findall(r"```python\n(.*?)```", text(page), flags=re.DOTALL)
    exec(compile("\n".join(blocks), page.name, "exec"), {"__name__": "page", "__package__": ""})


def test_the_page_of_hooks_has_every_hook_with_its_exact_signature() -> None:
    """The hooks' page names every hook with its signature as the code has it, and its protocol."""
    headed = r"^## `(civrules_\w+)(.*)`\n\n[^#]*Protocol: `civrules\.(\w+)`"
    rows = re.findall(headed, text(DOCS / "hooks.md"), re.MULTILINE)
    for name, signature, protocol in rows:
        spec = inspect.signature(getattr(hookspecs, name))
        written = str(spec).replace("collections.abc.", "").replace("civrules.", "")
        plain = re.sub(r"\b(?:rulebook|model)(?:\.\w+)*\.(?=[A-Z])", "", written)
        assert plain == signature
        assert hasattr(getattr(civrules, protocol), name)
    assert tuple(name for name, _, _ in rows) == hookspecs.HOOKS


def test_the_page_of_codes_is_the_catalogue() -> None:
    """The page of problem codes is what `tools/write_codes.py` writes today."""
    page = runpy.run_path(str(DOCS.parent / "tools/write_codes.py"))["page"]
    assert page() == text(DOCS / "codes.md")


def test_the_pages_of_the_plugins_are_their_documents() -> None:
    """The pages of the plans are what `tools/write_plan_pages.py` writes of the documents today."""
    writer = runpy.run_path(str(DOCS.parent / "tools/write_plan_pages.py"))
    for plugin in writer["PLUGINS"]:
        assert writer["page"](plugin) == text(DOCS / f"plans-{plugin}.md")


def test_the_glossary_has_every_result_of_a_line() -> None:
    """The glossary tells every result that a line can have, and no other."""
    listed = re.findall(r"^\| `([a-z-]+)` \|", text(DOCS / "glossary.md").partition("## Results")[2], re.MULTILINE)
    assert set(listed) == set(get_args(Result))


def test_every_page_is_reached_and_every_link_leads_somewhere() -> None:
    """From the first page every page is reached, and every link to a page leads to one."""
    names = {page.name for page in PAGES}
    links = {page.name: set(re.findall(r"\]\(([\w.-]+\.md)", text(page))) for page in PAGES}
    assert set().union(*links.values()) <= names
    reached, found = {"index.md"}, {"index.md"}
    while found:
        found = {link for page in found for link in links[page]} - reached
        reached |= found
    assert reached == names

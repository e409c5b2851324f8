"""The pages of the documentation say what is so."""

import inspect
import re
import runpy
import tomllib
from pathlib import Path
from typing import get_args

import attrs
import click
import pytest

import civrules
from civrules.authoring.documents import loads
from civrules.cli import main
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


PRINTED = re.compile(r"^\s*print\(.*\)  # (.*)$", re.MULTILINE)
READMES = tuple(sorted((DOCS.parent / "plugins").glob("*/README.md")))


@pytest.mark.parametrize("page", READMES, ids=lambda page: str(page.parent.name))
def test_the_readme_of_every_plugin_prints_what_it_says(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python blocks of a plugin's README run, and every print writes the comment beside it."""
    blocks = re.findall(r"```python\n(.*?)```", text(page), flags=re.DOTALL)
    exec(compile("\n".join(blocks), str(page), "exec"), {"__name__": "page"})

    shown, printed = PRINTED.findall("\n".join(blocks)), capsys.readouterr().out.splitlines()
    assert len(shown) == len(printed)
    for comment, line in zip(shown, printed, strict=True):
        assert comment == line or comment.startswith((f"{line}: ", f"{line}, "))


@pytest.mark.parametrize(
    "page", [*PAGES, *READMES, DOCS.parent / "README.md"], ids=lambda page: str(page.parent.name + "-" + page.stem)
)
def test_every_command_that_a_page_shows_is_one(page: Path) -> None:
    """Every `civrules` command of a console block has its arguments, and no option that is not there."""
    for line in re.findall(r"^\$ civrules (.*)$", text(page), re.MULTILINE):
        name, *arguments = re.split(r"\s[#>]\s", line)[0].split()
        command = main.commands[name]
        assert command.make_context(name, arguments, parent=click.Context(main)).params is not None


def test_every_block_of_toml_is_read() -> None:
    """A TOML block of a page is TOML; one that lists a key in several ways is so line by line."""
    for page in PAGES:
        for block in re.findall(r"```toml[^\n]*\n(.*?)```", text(page), flags=re.DOTALL):
            alternatives = block.startswith("measure = ")
            for part in block.splitlines() if alternatives else (block,):
                assert tomllib.loads(part) or not part.strip()


def test_the_reading_of_the_page_of_lint_silences() -> None:
    """The reading that docs/lint.md shows is one, and with it a printed gap is silent."""
    (block,) = re.findall(r"```toml\n(.*?)```", text(DOCS / "lint.md"), flags=re.DOTALL)
    gap = (DOCS.parent / "tests/documents/lint/printed-gap.toml").read_text(encoding="utf-8")
    found = [{problem.code for problem in civrules.lint([loads(one)])} for one in (gap, f"{gap}\n{block}")]
    assert ["printed-gap" in codes for codes in found] == [True, False]


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


def test_the_reference_has_every_key_as_the_model_has_it() -> None:
    """The page of keys is what `tools/write_reference.py` writes today; a key of which nothing is said raises there."""
    page = runpy.run_path(str(DOCS.parent / "tools/write_reference.py"))["page"]
    assert page() == text(DOCS / "reference.md")


def test_a_key_without_a_sentence_has_no_place_in_the_reference() -> None:
    """Whoever adds a key hears where its sentence goes."""
    writer = runpy.run_path(str(DOCS.parent / "tools/write_reference.py"))

    @attrs.frozen
    class Flag:
        """A flag that is given. `colour` is what it looks like."""

        colour: str
        size: int = 1

    with pytest.raises(LookupError, match="Flag says nothing of `size`: name it in a sentence of its docstring"):
        writer["_rows"]("", Flag)


def test_links_into_a_page_lead_to_a_heading() -> None:
    """What stands behind a # is a heading of that page."""
    heads = {page.name: {anchor(line) for line in headings(page)} for page in PAGES}
    for page in PAGES:
        for name, place in re.findall(r"\]\(([\w.-]*)#([^)]+)\)", text(page)):
            assert place in heads[name or page.name], f"{page.name}: {name}#{place}"


def headings(page: Path) -> list[str]:
    """The headings of a page, those in blocks of code left out."""
    plain = re.sub(r"^```.*?^```", "", text(page), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.*)$", plain, re.MULTILINE)


def anchor(heading: str) -> str:
    """The anchor that the generator of the pages gives a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading, flags=re.ASCII).strip().lower())


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

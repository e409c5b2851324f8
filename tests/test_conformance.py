"""civrules.testing.conformance: a class of tests for one plugin."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mutants.plugins import SOUND, Failing, Given, changed

from civrules import Community, InvalidInput, load
from civrules.testing import INVARIANTS, conformance

PAGE = Path(__file__).parent.parent / "docs/testing.md"


def found_in(kit: type) -> dict[str, Callable[[], None]]:
    """The static tests of a class by name."""
    return {name: one.__func__ for name, one in vars(kit).items() if isinstance(one, staticmethod)}


def fails(test: Callable[[], None]) -> str:
    """What a test says that fails."""
    with pytest.raises(pytest.fail.Exception) as failed:
        test()
    return str(failed.value)


class TestTheClass:
    """One static test for every invariant and standard."""

    def test_every_call_gives_a_fresh_class_of_plain_functions(self) -> None:
        """No class is shared, none inherits, and every test has the invariant's sentence."""
        plugin = Given(SOUND)
        one, other = conformance(plugin), conformance(plugin)
        assert one is not other
        assert (object,) == one.__bases__
        assert found_in(one).keys() == found_in(other).keys()
        assert {one.says for one in INVARIANTS} >= {test.__doc__ for test in found_in(one).values()}

    def test_what_does_not_apply_has_no_test(self) -> None:
        """Nothing is asked of a standard that a condition excludes: this one has no measure of a plugin's own."""
        names = found_in(conformance(Given(SOUND)))
        assert "test_monotone__sound_check" in names
        assert "test_rising__sound_check" not in names

    def test_a_plugin_that_cannot_load_has_one_test(self) -> None:
        """Its hook raised: one test fails and says so, and there is no other."""
        (test,) = found_in(conformance(Failing())).values()
        assert "RuntimeError: the disk is full" in fails(test)

    def test_a_failure_is_a_few_lines(self) -> None:
        """The invariant, plugin, standard, figures and page, and no traceback."""
        plugin = changed(('title = { zh = "垃圾", en = "Litter" }', 'title = { en = "Litter" }'))()
        words = fails(found_in(conformance(plugin))["test_titles__sound_check"]).splitlines()
        assert "titles: Every title and every reading is there in Chinese and in English." == words[0]
        assert ["plugin     Given", "standard   sound/check@1"] == words[1:3]
        assert "Chinese" in words[3]
        assert "see        docs/testing.md#titles" == words[-1]

    def test_communities_are_those_given(self) -> None:
        """A community of the host's own is the one that is scored: one of another kind is refused, and shown."""
        words = fails(found_in(conformance(Given(SOUND), communities=[Community("c-9", kind="campus")]))[
            "test_accepts__sound_check"
        ])  # fmt: skip
        assert "community  c-9" in words
        assert "campus" in words


class TestSkipping:
    """Tests that are left out, or expected to fail."""

    @pytest.mark.parametrize("key", ["waiver", "waiver sound/check"])
    @pytest.mark.parametrize("mark", ["skip", "xfail"])
    def test_a_reason_marks_the_test(self, mark: str, key: str) -> None:
        """By the invariant's id, or for one standard; the others have no mark."""
        more: Any = {mark: {key: "to see"}}
        tests = found_in(conformance(Given(SOUND), **more))
        marked = {name: one.pytestmark for name, one in tests.items() if hasattr(one, "pytestmark")}
        assert ["test_waiver__sound_check"] == [*marked]
        assert [(mark, "to see")] == [(one.name, one.kwargs["reason"]) for one in marked["test_waiver__sound_check"]]

    def test_of_another_standard(self) -> None:
        """A reason for a standard that the plugin does not have marks nothing."""
        tests = found_in(conformance(Given(SOUND), skip={"waiver other/check": "to see"}))
        assert not any(hasattr(one, "pytestmark") for one in tests.values())

    def test_what_is_no_invariant_is_refused(self) -> None:
        """A misspelt id and a level that there is not are both named."""
        with pytest.raises(InvalidInput) as refused:
            conformance(Given(SOUND), level=7, xfail={"monoton": "to see"})
        assert [7, "monoton"] == [one.value for one in refused.value.problems]
        assert "monotone" == refused.value.problems[1].hint

    @pytest.mark.parametrize("more", [{"skip": {"waiver": " "}}, {"xfail": {"waiver": None}}, {"skip": ["waiver"]}])
    def test_a_reason_is_needed(self, more: Any) -> None:
        """Nobody leaves a promise out without saying why."""
        with pytest.raises(InvalidInput, match="reason"):
            conformance(Given(SOUND), **more)


def test_the_page_has_every_invariant() -> None:
    """Each has a section with its sentence and where it is asked, in the kit's order, and there is no other."""
    sections = re.findall(r"^### (\S+)\n\n(.*?)\n\n(Asked of .*)\.$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(one.id, f"Asked of {one.where}") for one in INVARIANTS] == [(name, where) for name, _, where in sections]
    assert all(text.startswith(one.says) for one, (_, text, _) in zip(INVARIANTS, sections, strict=True))


class TestPytestPlugin:
    """civrules_pytest, in a run of its own."""

    def run(self, folder: Path, *more: str) -> str:
        """What pytest prints at the end of a run in an empty folder."""
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more]
        # Where it is installed its entry point has loaded it already.
        if "civrules_pytest" not in str([*_entry_points()]):
            command += ["-p", "civrules_pytest"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout

    def test_an_unknown_plugin(self, tmp_path: Path) -> None:
        """--civrules-plugin with a name that is not installed is one failing test."""
        printed = self.run(tmp_path, "--civrules-plugin", "nosuch")
        assert "not installed" in printed
        assert "1 failed" in printed

    def test_the_fixtures(self, tmp_path: Path) -> None:
        """An empty book, a book of what it is given, and one that refuses to look for plugins."""
        (tmp_path / "test_books.py").write_text(_FIXTURES, encoding="utf-8")
        assert "3 passed" in self.run(tmp_path)


def _entry_points() -> list[str]:
    from importlib.metadata import entry_points

    return [one.value for one in entry_points(group="pytest11")]


_FIXTURES = """
import pytest
from civrules import Rulebook

def test_empty(empty_rulebook):
    assert empty_rulebook.standards() == ()

def test_given(rulebook_of):
    assert rulebook_of().plugins == ()

def test_refused(no_discovery):
    with pytest.raises(pytest.fail.Exception):
        Rulebook.installed()
"""


def test_loading_the_pytest_plugin_imports_nothing() -> None:
    """civrules comes in when a fixture or the option asks for it, so that coverage sees it whole."""
    program = "import civrules_pytest, sys; print(any(one.partition('.')[0] == 'civrules' for one in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "False" == ended.stdout.strip()


def test_the_kit_is_imported_when_it_is_asked_for() -> None:
    """`import civrules` imports neither pytest nor Hypothesis; `civrules.testing` does."""
    seen = "print('hypothesis' in sys.modules)"
    program = f"import civrules, sys; {seen}; civrules.testing.conformance; {seen}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ["False", "True"] == ended.stdout.split()


def test_constructs_load() -> None:
    """The standard of what the plugins' standards do not use is sound."""
    assert "mutants/constructs" == load(Path(__file__).parent / "mutants/constructs.toml").id

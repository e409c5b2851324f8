"""civrules new: a plugin distribution to begin with."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from civrules import Community, InvalidInput, evaluate, lint, load
from civrules.authoring.documents import loads
from civrules.authoring.new import new_distribution
from civrules.cli import main

Run = Callable[..., Result]
ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "plugins/civrules-example"
FILES = [
    "README.md",
    "pyproject.toml",
    "src/civrules_orchard/__init__.py",
    "src/civrules_orchard/plugin.py",
    "src/civrules_orchard/py.typed",
    "src/civrules_orchard/standards/orchard.toml",
    "tests/test_plugin.py",
]
BEST: dict[str, Any] = {
    "notice-board": True, "files": dict.fromkeys(["plan", "records", "contacts", "rota"], True), "stair-lights": "95%",
    "litter": {"spot": 0, "overflow": 0}, "greenery": "good",
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `civrules new` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["new", *map(str, arguments)])


def files_in(folder: Path) -> list[str]:
    """The files of a distribution that are written by hand."""
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    made = {"__pycache__", "dist", "build", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
    return [path.as_posix() for path in paths if made.isdisjoint(path.parts)]


class TestWhatIsWritten:
    """The distribution."""

    def test_the_files(self, run: Run, tmp_path: Path) -> None:
        """The folder holds every file, nothing else is left beside it, and their paths are printed."""
        ended = run("orchard")
        assert (0, [f"civrules-orchard/{path}" for path in FILES]) == (ended.exit_code, ended.stdout.splitlines())
        assert FILES == files_in(tmp_path / "civrules-orchard")
        assert ["civrules-orchard"] == [one.name for one in tmp_path.iterdir()]

    def test_into_another_folder(self, run: Run, tmp_path: Path) -> None:
        """--into says where."""
        (tmp_path / "plugins").mkdir()
        assert 0 == run("orchard", "--into", "plugins").exit_code
        assert FILES == files_in(tmp_path / "plugins/civrules-orchard")

    def test_the_standard(self) -> None:
        """Six criteria of six kinds, with a gate and grades, in both languages; lint finds nothing."""
        standard = loads(new_distribution("orchard")["src/civrules_orchard/standards/orchard.toml"])
        kinds = [one.measure.kind for one in standard.criteria.values()]
        assert (6, 6, 1, 3) == (len(kinds), len({*kinds}), len(standard.gates), len(standard.grades))
        assert ("orchard/check", ()) == (standard.id, lint([standard]))

    def test_the_standard_scores(self) -> None:
        """Everything at its best is 5 x 20 = 100 and an A; an accident that the company is liable for leaves a B."""
        standard = loads(new_distribution("orchard")["src/civrules_orchard/standards/orchard.toml"])
        outcomes = [
            evaluate(standard, Community("one"), {**BEST, **more}) for more in ({}, {"accident": "attributable"})
        ]
        assert [("100", "A"), ("100", "B")] == [(str(one.score), one.grade) for one in outcomes]

    def test_the_names(self) -> None:
        """The entry point is the name itself, the package is its module, the distribution civrules-NAME."""
        files = new_distribution("green.belt-2")
        project = tomllib.loads(files["pyproject.toml"])["project"]
        assert "civrules-green.belt-2" == project["name"]
        assert {"civrules": {"green.belt-2": "civrules_green_belt_2.plugin"}} == project["entry-points"]
        assert "from civrules_green_belt_2 import plugin" in files["src/civrules_green_belt_2/plugin.py"]
        assert 'only=["green.belt-2"]' in files["tests/test_plugin.py"]
        assert "src/civrules_green_belt_2/standards/green.belt-2.toml" in files

    def test_one_file_has_the_hooks(self) -> None:
        """Only plugin.py knows of hooks, and its module is compared with the protocol by type checkers."""
        files = new_distribution("orchard")
        assert ["src/civrules_orchard/plugin.py"] == [path for path, text in files.items() if "hookimpl" in text]
        assert "typed: civrules.StandardsPlugin = plugin" in files["src/civrules_orchard/plugin.py"]

    def test_the_test_is_of_three_lines(self) -> None:
        """What stands in the test's body are three lines, and they compile."""
        text = new_distribution("orchard")["tests/test_plugin.py"]
        compile(text, "test_plugin.py", "exec")
        assert 3 == len(text.partition('problems."""\n')[2].splitlines())

    @given(st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,10}", fullmatch=True))
    def test_every_name_that_is_taken_makes_modules_and_documents(self, name: str) -> None:
        """A name is refused, or all that is written with it is sound: TOML, Python and the standard."""
        try:
            files = new_distribution(name)
        except InvalidInput:
            return
        for path, text in files.items():
            assert "$" not in text.replace("$ ", "")
            if path.endswith(".py"):
                compile(text, path, "exec")
                assert path.startswith("tests/") or path.split("/")[1].isidentifier()
        assert tomllib.loads(files["pyproject.toml"])["project"]["name"] == f"civrules-{name}"
        assert f"{name}/check" == loads(next(text for path, text in files.items() if "standards" in path)).id


class TestRefusals:
    """What is refused, with nothing written."""

    @pytest.mark.parametrize("name", ["a/b", "../a", ".", "..", "", "/tmp/a", "a b", "é", "-a", "a" * 65, "a\\b"])
    def test_what_is_no_id(self, run: Run, tmp_path: Path, name: str) -> None:
        """A path, a blank, another alphabet: the grammar of ids is said, in both languages."""
        ended = run("--", name)
        assert (1, "") == (ended.exit_code, ended.stdout)
        assert "is not an id; expected a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -\n" in ended.stderr
        assert "不是有效的标识" in run("--lang", "zh", "--", name).stderr
        assert [] == [*tmp_path.iterdir()]

    @pytest.mark.parametrize("name", ["class", "None", "2031", "a-", "a--b", "a._b", "a_", "1a", "a" + "1a" * 31 + "-"])
    def test_what_cannot_be_a_module_or_a_distribution(self, run: Run, tmp_path: Path, name: str) -> None:
        """A word of Python's, a digit in front, an end that no distribution has."""
        ended = run("--", name)
        assert (1, "") == (ended.exit_code, ended.stdout)
        assert f'"{name}" cannot name a plugin; expected a letter, then letters' in ended.stderr
        assert "以字母开头" in run("--lang", "zh", "--", name).stderr
        assert [] == [*tmp_path.iterdir()]

    def test_what_is_there_already(self, run: Run, tmp_path: Path) -> None:
        """A folder, a file, a link that leads nowhere: what stands there stays as it is."""
        (tmp_path / "civrules-a").mkdir()
        (tmp_path / "civrules-b").write_text("mine", encoding="utf-8")
        (tmp_path / "civrules-c").symlink_to("nowhere")
        for name in "abc":
            ended = run(name)
            assert (1, "") == (ended.exit_code, ended.stdout)
            assert (
                f'"civrules-{name}" is there already; choose another name, or another folder with --into\n'
                == ended.stderr
            )
        assert "“”" not in run("a", "--lang", "zh").stderr
        assert '"civrules-a"已存在；请另选名称，或用--into另选文件夹\n' == run("a", "--lang", "zh").stderr
        assert ["civrules-b"] == files_in(tmp_path)

    def test_a_folder_that_is_not_there(self, run: Run, tmp_path: Path) -> None:
        """--into must be a folder."""
        ended = run("orchard", "--into", "nowhere")
        assert (1, "") == (ended.exit_code, ended.stdout)
        assert "civrules-orchard: cannot be written" in ended.stderr
        assert [] == [*tmp_path.iterdir()]

    def test_a_write_that_fails_leaves_nothing(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The folder is whole or not there."""

        def full(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "rename", full)
        ended = run("orchard")
        assert (1, "") == (ended.exit_code, ended.stdout)
        assert "No space left on device" in ended.stderr
        assert [] == [*tmp_path.iterdir()]


class TestExample:
    """plugins/civrules-example."""

    def test_has_the_shape_of_what_is_written_today(self) -> None:
        """The same files and a table of boundaries; the same plugin.py, test and marker, whatever the county wrote."""
        files = new_distribution("example")
        assert sorted([*files, "tests/boundaries.csv", "tests/test_boundaries.py"]) == files_in(EXAMPLE)
        for path in ("src/civrules_example/plugin.py", "src/civrules_example/py.typed", "tests/test_plugin.py"):
            assert files[path] == (EXAMPLE / path).read_text(encoding="utf-8")
        ours, new = (
            tomllib.loads(text)
            for text in ((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"), files["pyproject.toml"])
        )
        for project in (ours["project"], new["project"]):
            for own in ("description", "license", "authors"):
                project.pop(own, None)
        assert ours == new

    def test_its_standard_has_the_same_shape_too(self) -> None:
        """Six criteria of six kinds, a gate and three grades under the same id."""
        path = "src/civrules_example/standards/example.toml"
        ours, new = load(EXAMPLE / path), loads(new_distribution("example")[path])
        shapes = [
            (one.id, [line.measure.kind for line in one.criteria.values()], len(one.gates), len(one.grades))
            for one in (ours, new)
        ]
        assert shapes[0] == shapes[1]

"""A broken plugin never takes the host down: each kind as an installed distribution between two good ones."""

import gc
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from test_rulebook import HERE, PLUGIN, Site
from written import criterion, sheet

from civrules import CivrulesError, Rulebook, StandardUnavailable
from civrules.cli import main


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A host with two good plugins, and room for others."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Site(tmp_path)
    made.install("alpha", [sheet(id="alpha/a")])
    made.install("zeta", [sheet(id="zeta/z")])
    yield made
    for name in [name for name in sys.modules if name.split(".")[0].endswith(tmp_path.name.replace("-", "_"))]:
        del sys.modules[name]


HOOK = "import civrules\n\n\n@civrules.hookimpl\n"
MEASURE = '''
from fractions import Fraction
from typing import ClassVar

import attrs
import civrules


@attrs.frozen
class Quiz:
    """So many answers that are right."""

    kind: ClassVar[str] = "quiz"
    questions: int

    def read(self, value, /):
        return value

    def points(self, read, possible, /):
        return Fraction(0)

    def reach(self, possible, /):
        return Fraction(0), possible

    def say(self, read, lang, /):
        return str(read)


@civrules.hookimpl
def civrules_measures():
    return [Quiz]
'''


@attrs.frozen(kw_only=True)
class Kind:
    """One way to be broken: the plugin's code and documents, and the problem that it becomes."""

    code: str = PLUGIN
    documents: tuple[str, ...] = ()
    problem: str
    said: str
    """What happened, as the problem says it."""


def of_code(code: str, problem: str, said: str) -> Kind:
    """A plugin of this code."""
    return Kind(code=code, problem=problem, said=said)


KINDS = {
    "import error": of_code("raise ImportError('no tables')", "plugin-import", "ImportError: no tables"),
    "exit in import": of_code("import sys\nsys.exit('no licence')", "plugin-import", "SystemExit: no licence"),
    "missing dependency": of_code("import no_such_thing", "plugin-import", "No module named 'no_such_thing'"),
    "code that is none": of_code("def x(:", "plugin-import", "SyntaxError"),
    "wrong return type": of_code(f"{HOOK}def civrules_standards():\n    return 5", "plugin-returned", "int"),
    "nothing returned": of_code(f"{HOOK}def civrules_standards():\n    pass", "plugin-returned", "NoneType"),
    "raises midway": of_code(
        f"{HOOK}def civrules_standards():\n    yield civrules.documents(__package__, 'standards')\n    1 / 0",
        "plugin-raised",
        "ZeroDivisionError",
    ),
    "exit in the hook": of_code(
        f"{HOOK}def civrules_standards():\n    raise SystemExit(3)", "plugin-raised", "SystemExit: 3"
    ),
    "misspelt hook": of_code(
        f"{HOOK}def civrules_standrads():\n    return []", "plugin-unknown-hook", "civrules_standrads"
    ),
    "undecorated hook": of_code("def civrules_standards():\n    return []", "plugin-undecorated", "civrules_standards"),
    "no hook": of_code("standards = []", "plugin-no-hook", "civrules_standards"),
    "hook with an argument": of_code(f"{HOOK}def civrules_standards(config):\n    return []", "plugin-hook", "config"),
    "hook with defaults": of_code(
        f"{HOOK}def civrules_standards(folder='standards'):\n    return []", "plugin-default", "folder"
    ),
    "too new an API": of_code(f"civrules_api = '1.9'\n\n{PLUGIN}", "plugin-api", "1.9"),
    "duplicate id": Kind(
        documents=(sheet(id="broken/a"), sheet(id="broken/a")), problem="duplicate-edition", said="broken/a@1"
    ),
    "document with errors": Kind(
        documents=(sheet(criterion("tidy", points='"1"'), id="broken/a"),), problem="wrong-type", said="points"
    ),
    "document that is no TOML": Kind(documents=("[standard",), problem="not-toml", said="1.toml"),
    "standard of another plugin": Kind(documents=(sheet(id="alpha/b"),), problem="plugin-foreign-id", said="alpha/b"),
    "attributes that break": of_code(
        f"{PLUGIN}\n\ndef __dir__():\n    return ['civrules_standards', 'charts']\n\n\n"
        "def __getattr__(name):\n    raise ImportError(name)",
        "plugin-unreadable",
        "ImportError: ",
    ),
    "measures of the wrong type": of_code(
        f"{HOOK}def civrules_measures():\n    return int", "plugin-returned", "civrules.Measure"
    ),
    "measure that lacks words": of_code(
        f"{HOOK}def civrules_measures():\n    return [int]", "not-a-measure", "lacks kind, read, points, reach, say"
    ),
    "measure that is no attrs class": of_code(
        MEASURE.replace("@attrs.frozen\n", ""), "not-a-measure", "@attrs.frozen"
    ),
    "measure that is built in": of_code(
        MEASURE.replace('"quiz"', '"check"'), "duplicate-measure", "civrules, broken example-broken 0.3"
    ),
    "measure supplied twice": of_code(
        MEASURE.replace("[Quiz]", "[Quiz, Quiz]"), "duplicate-measure", "supplied more than once"
    ),
}  # fmt: skip


def install(host: Site, kind: Kind) -> Rulebook:
    """The book of the two good plugins and a broken one."""
    host.install("broken", kind.documents, code=kind.code, version="0.3")
    return host.book("alpha", "broken", "zeta")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
class TestBroken:
    """Section 8: "A broken plugin becomes one problem with plugin, distribution, version and remedy"."""

    def test_is_one_problem_that_says_who_what_and_what_to_do(self, host: Site, kind: Kind) -> None:
        """A stable code, the plugin, its distribution and version, what happened."""
        (problem,) = install(host, kind).problems

        assert kind.problem == problem.code
        assert ("broken", "example-broken 0.3") == problem.where[:2]
        assert kind.said in problem.say("en")
        assert problem.say("zh").startswith("broken › example-broken 0.3")

    def test_says_what_to_do(self, host: Site, kind: Kind) -> None:
        """Each sentence ends in what to do, or in what was expected."""
        (problem,) = install(host, kind).problems

        told = "; " in problem.say("en") or re.search(
            r"expected|the hooks are|nearest|begin with|not ", problem.say("en")
        )
        assert told, problem.say("en")

    def test_its_standards_are_unavailable_with_that_cause(self, host: Site, kind: Kind) -> None:
        """Who asks for one of its standards hears why there is none."""
        book = install(host, kind)
        (problem,) = book.problems

        with pytest.raises(StandardUnavailable) as caught:
            book.standard("broken/a")
        assert problem in caught.value.problems

    def test_the_others_work(self, host: Site, kind: Kind) -> None:
        """Both good plugins are there, listed and evaluated; the broken one is listed too."""
        book = install(host, kind)

        assert ["alpha", "broken", "zeta"] == [one.name for one in book.plugins]
        assert ["alpha/a", "zeta/z"] == [one.id for one in book.standards()]
        assert 1 == book.evaluate("alpha/a", HERE, {"tidy": True}).score
        assert 1 == book.evaluate("zeta/z", HERE, {"tidy": True}).score

    def test_strict_raises(self, host: Site, kind: Kind) -> None:
        """A host that would rather stop hears the same problem."""
        (problem,) = install(host, kind).problems

        with pytest.raises(CivrulesError) as caught:
            host.book("alpha", "broken", "zeta", strict=True)
        assert (problem,) == caught.value.problems

    def test_the_command_shows_it_with_the_others(self, host: Site, kind: Kind) -> None:
        """`civrules plugins --format json`: name, distribution, version, standards, problems."""
        (problem,) = install(host, kind).problems
        result = CliRunner().invoke(main, ["plugins", "--format", "json"])
        rows = {one["name"]: one for one in json.loads(result.stdout)}

        assert ["name", "distribution", "version", "standards", "problems"] == list(rows["broken"])
        assert ["broken", "example-broken", "0.3"] == list(rows["broken"].values())[:3]
        assert [problem.say("en")] == rows["broken"]["problems"]
        assert ["alpha", "example-alpha", "1.0", ["alpha/a@1"], []] == list(rows["alpha"].values())


class TestTogether:
    """Many broken plugins at once, and those that are broken before they have a name."""

    def test_strict_raises_them_all(self, host: Site) -> None:
        """One error with the problem of each, in the order of the plugins' names."""
        for number, kind in enumerate(KINDS.values()):
            host.install(f"broken-{number:02}", code=kind.code, documents=kind.documents)
        names = [f"broken-{number:02}" for number in range(len(KINDS))]
        problems = host.book("alpha", *names).problems

        assert set(names) <= {str(problem.where[0]) for problem in problems}
        with pytest.raises(CivrulesError) as caught:
            host.book("alpha", *names, strict=True)
        assert problems == caught.value.problems

    def test_one_name_from_two_distributions(self, host: Site) -> None:
        """Neither is used; the problem names both, and the command shows it once, with the plugin."""
        host.install("broken", [sheet(id="broken/a")], distribution="example-first", version="0.3")
        host.install("broken", [sheet(id="broken/b")], distribution="example-second", version="2.0")
        book = host.book("alpha", "broken", "zeta")

        (problem,) = book.problems
        assert ("plugin-duplicate", "broken") == (problem.code, problem.where[0])
        assert "example-first 0.3, example-second 2.0; uninstall one of them" in problem.say()
        assert ["alpha/a", "zeta/z"] == [one.id for one in book.standards()]
        with pytest.raises(StandardUnavailable, match="stands twice"):
            book.standard("broken/a")
        rows = json.loads(CliRunner().invoke(main, ["plugins", "--format", "json"]).stdout)
        assert [[problem.say()]] == [one["problems"] for one in rows if one["name"] == "broken"]

    @pytest.mark.parametrize(
        "points, problems",
        [
            (b"[civrules]\nbroken\n", ["plugin-import"]),
            (b"[other]\nbroken\n", []),
            (b"[civrules]\nbroken = \xff\xfe\n", []),
        ],
    )
    def test_entry_points_that_cannot_be_read(self, host: Site, points: bytes, problems: list[str]) -> None:
        """A file that breaks the reading of all entry points is a problem of its own distribution, if it is ours."""
        host.install("broken", version="0.3")
        (host.folder / "example_broken-0.3.dist-info" / "entry_points.txt").write_bytes(points)
        book = Rulebook.installed()

        assert problems == [one.code for one in book.problems if "broken" in str(one.where)]
        assert {"alpha/a", "zeta/z"} <= {one.id for one in book.standards()}

    def test_one_kind_of_measure_from_two_plugins(self, host: Site) -> None:
        """Nobody's is used; the command shows the problem with both."""
        host.install("first", code=MEASURE)
        host.install("second", code=MEASURE)
        (problem,) = host.book("alpha", "first", "second").problems

        assert ("duplicate-measure", "quiz") == (problem.code, problem.value)
        assert "first example-first 1.0, second example-second 1.0" == problem.expected
        rows = json.loads(CliRunner().invoke(main, ["plugins", "--format", "json"]).stdout)
        assert {"first": 1, "second": 1} == {one["name"]: len(one["problems"]) for one in rows if one["problems"]}


class TestBefore:
    """What is looked at before a hook runs."""

    @pytest.mark.parametrize("api", ["1.1", "2.0", "newest", "1.²"])
    def test_too_new_an_api_is_never_called(self, host: Site, api: str) -> None:
        """`civrules_api` is read first: no hook of a plugin that needs a newer civrules runs."""
        package = host.install("broken", code=f"civrules_api = '{api}'\n\n{PLUGIN}")

        assert ["plugin-api"] == [one.code for one in host.book("broken").problems]
        assert [] == host.calls(package)

    def test_the_api_of_today_is_called(self, host: Site) -> None:
        """The same plugin, with the API there is."""
        package = host.install("fine", code=f"civrules_api = '1.0'\n\n{PLUGIN}")

        assert () == host.book("fine").problems
        assert ["civrules_standards"] == host.calls(package)


def modules_entered(work: Callable[[], Any]) -> set[str]:
    """The modules in which a call enters a function."""
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            entered.add(frame.f_globals.get("__name__", ""))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered


class TestAfter:
    """Section 8: "Hooks collect, objects act, a frozen book evaluates"."""

    def test_evaluating_touches_neither_pluggy_nor_the_plugin(self, host: Site) -> None:
        """From the made book on nothing of pluggy, of discovery or of a plugin's module is entered."""
        book = host.book("alpha", "zeta")
        entered = modules_entered(lambda: book.evaluate("alpha/a", HERE, {"tidy": True}))

        assert "civrules.scoring.program" in entered
        assert set() == {
            name
            for name in entered
            if name.startswith(("pluggy", "importlib.metadata", "civrules.rulebook.discovery", "plugin_"))
        }

    def test_a_book_holds_no_manager(self, host: Site) -> None:
        """What discovery made to ask the plugins is gone once they were asked."""
        before = {id(one) for one in gc.get_objects() if str(type(one).__module__).startswith("pluggy")}
        book = host.book("alpha", "zeta")
        gc.collect()

        left = [one for one in gc.get_objects() if type(one).__name__ == "PluginManager" and id(one) not in before]
        assert [] == left
        assert 2 == len(book.plugins)


FOLDER = '''
import io

import civrules

opened = []
TEXT = """{text}"""


class File:
    """A document of a plugin that notes that it was opened."""

    def __init__(self, number):
        self.name = f"{{number:03}}.toml"
        self.text = TEXT.replace("{name}/a", f"{name}/s{{number}}")

    def open(self, mode):
        opened.append(self.name)
        return io.BytesIO(self.text.encode())


class Folder:
    """Two hundred documents."""

    def iterdir(self):
        opened.append("folder")
        return iter([File(number) for number in range(200)])


@civrules.hookimpl
def civrules_standards():
    return [civrules.Documents(Folder())]
'''


class TestMany:
    """Twenty plugins of two hundred standards."""

    def test_a_book_reads_nothing_until_a_standard_is_asked_for(self, host: Site) -> None:
        """Making the book opens no document; asking for one opens its plugin's alone, and makes only that one."""
        names = [f"p{number:02}" for number in range(20)]
        packages = {
            name: host.install(name, code=FOLDER.format(text=sheet(id=f"{name}/a"), name=name)) for name in names
        }

        def opened() -> dict[str, int]:
            counts = {name: len(sys.modules[f"{one.name}.plugin"].opened) for name, one in packages.items()}
            return {name: count for name, count in counts.items() if count}

        book = host.book(*names)
        assert {} == opened()
        assert 1 == book.evaluate("p07/s42", HERE, {"tidy": True}).score
        assert {"p07": 201} == opened()
        assert "p07/s43" == book.standard("p07/s43").id
        assert {"p07": 201} == opened()


class TestOrder:
    """Section 8: "Order of plugins never matters"."""

    def test_any_order_of_the_import_path_gives_an_equal_book(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Distributions in four folders, one entry point twice: all 24 orders of the folders say the same."""
        made = []
        for number, (name, documents) in enumerate(
            (
                ("gamma", [sheet(id="gamma/a"), sheet(id="gamma/a", version="2")]),
                ("alpha", [sheet(id="alpha/a")]),
                ("alpha", [sheet(id="alpha/b")]),
                ("beta", [sheet(id="beta/a"), "x"]),
            )
        ):
            folder = tmp_path / f"place{number}"
            folder.mkdir()
            made.append(folder)
            Site(folder).install(name, documents, distribution=f"order-{number}-{name}")
        for number in (1, 2):  # one name and one module: only the distributions tell them apart
            (info,) = (tmp_path / f"place{number}").glob("*.dist-info")
            (info / "entry_points.txt").write_text("[civrules]\nalpha = no_such_module\n", encoding="utf-8")

        def book(folders: tuple[Path, ...]) -> Any:
            with monkeypatch.context() as patched:
                for folder in folders:
                    patched.syspath_prepend(str(folder))
                here = Rulebook.installed(only=["alpha", "beta", "gamma"])
                return here.plugins, here.problems, here.standards()

        found = [book(folders) for folders in itertools.permutations(made)]
        for name in [name for name in sys.modules if "plugin_order" in name]:
            del sys.modules[name]

        assert 24 == len(found)
        assert [found[0]] * 24 == found
        assert ["beta/a", "gamma/a", "gamma/a"] == [one.id for one in found[0][2]]
        assert ["plugin-duplicate", "not-toml"] == [one.code for one in found[0][1]][:2]
        assert ("alpha", "order-1-alpha 1.0") == found[0][1][0].where

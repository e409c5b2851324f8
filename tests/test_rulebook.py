"""The rulebook and its plugins: asked once, kept apart, and none of them able to break another."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import criterion, event, sheet, written

import civrules
from civrules import (
    CivrulesError,
    Community,
    Documents,
    InvalidDocument,
    InvalidInput,
    Period,
    Plugin,
    Rulebook,
    Standard,
    StandardUnavailable,
)

DAY = date(2031, 1, 1)
HERE = Community("compound-07")
PLUGIN = """
import civrules

calls = []


@civrules.hookimpl
def civrules_standards():
    calls.append("civrules_standards")
    return [civrules.documents(__package__, "standards")]
"""


class Site:
    """A folder of installed distributions, each with one plugin: real metadata, real packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        documents: Iterable[str] = (),
        *,
        code: str = PLUGIN,
        distribution: str = "",
        version: str = "1.0",
    ) -> Path:
        """Install a plugin with its documents; the package's folder."""
        distribution = distribution or f"example-{name}"
        package = self.folder / f"plugin_{distribution.replace('-', '_')}_{self.folder.name}".replace("-", "_")
        standards = package / "standards"
        standards.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "plugin.py").write_text(code, encoding="utf-8")
        for number, text in enumerate(documents, 1):
            (standards / f"{number}.toml").write_text(text, encoding="utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[civrules]\n{name} = {package.name}.plugin\n")
        return package

    def book(self, *names: str, **more: Any) -> Rulebook:
        """A book of some of the installed plugins."""
        return Rulebook.installed(only=names, **more)

    def calls(self, package: Path) -> list[str]:
        """The hooks of a plugin that were called, as often as they were."""
        calls: list[str] = sys.modules[f"{package.name}.plugin"].calls
        return calls


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A folder of distributions that is on the import path while the test runs."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Site(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0].endswith(tmp_path.name.replace("-", "_"))]:
        del sys.modules[name]


def plugin(name: str, standards: Any = (), **more: Any) -> ModuleType:
    """A plugin made by hand: a module with one hook that returns `standards`, or what calling it returns."""

    def civrules_standards() -> Any:
        return standards() if callable(standards) else standards

    module = ModuleType(name)
    vars(module).update({"civrules_standards": civrules.hookimpl(civrules_standards), **more})
    return module


ONE, TWO = plugin("one", [written(id="one/a")]), plugin("two", [written(id="two/b")])


class TestHooks:
    """Section 8: "No hook is called after the book is made"."""

    def test_each_hook_is_called_once_while_the_book_is_made(self, site: Site) -> None:
        """Reading, asking, listing, compiling and evaluating call nothing more."""
        package = site.install("alpha", [sheet(id="alpha/a")])

        book = site.book("alpha")
        assert ["civrules_standards"] == site.calls(package)
        assert () == book.problems
        assert book.evaluate("alpha/a", HERE, {"tidy": True}).score == 1
        assert book.evaluate(book.standard("alpha/a"), HERE, {}, on=DAY).score is None
        assert ["alpha/a"] == [one.id for one in book.standards()]
        with pytest.raises(StandardUnavailable):
            book.standard("alpha/b")

        assert ["civrules_standards"] == site.calls(package)

    def test_every_book_asks_for_itself(self) -> None:
        """Two books of one plugin call its hook once each."""
        calls: list[int] = []

        def standards() -> list[Standard]:
            calls.append(1)
            return [written(id="counted/a")]

        counted = plugin("counted", standards)
        books = [Rulebook([counted]), Rulebook([counted])]

        assert 2 == len(calls)
        assert books[0].standard("counted/a") == books[1].standard("counted/a")
        assert 2 == len(calls)

    def test_a_generator_is_read_out_while_the_book_is_made(self) -> None:
        """A hook may be a generator; it does not run on later."""
        steps: list[str] = []

        def standards() -> Iterator[Standard]:
            steps.append("first")
            yield written(id="steps/a")
            steps.append("last")

        book = Rulebook([plugin("steps", standards)])
        assert ["first", "last"] == steps
        assert "steps/a" == book.standard("steps/a").id
        assert ["first", "last"] == steps

    def test_an_object_may_be_a_plugin(self) -> None:
        """Hooks may be methods, so that a host can make a plugin of anything."""

        class Municipal:
            """A plugin with a state of its own."""

            def __init__(self, name: str) -> None:
                self.name = name

            @civrules.hookimpl
            def civrules_standards(self) -> list[Standard]:
                """The standards of the place."""
                return [written(id=f"{self.name}/a")]

        book = Rulebook([Municipal("county")])

        assert "county/a" == book.standard("county/a").id
        assert (Plugin("Municipal"),) == book.plugins

    def test_a_plugin_module_fits_the_protocol(self) -> None:
        """mypy checks a plugin against the protocol of its hooks."""

        class Fitting:
            """A plugin that mypy accepts."""

            def civrules_standards(self) -> list[Documents | Standard]:
                """None."""
                return []

        fitting: civrules.StandardsPlugin = Fitting()

        assert [] == fitting.civrules_standards()


class Folder:
    """A folder of documents that counts how often it is looked into."""

    def __init__(self, **documents: str) -> None:
        self.documents = documents
        self.listed = 0
        self.opened = 0

    def iterdir(self) -> Iterator[Any]:
        """The files, each knowing how to be opened."""
        self.listed += 1
        return iter([File(self, f"{name}.toml", text) for name, text in self.documents.items()])


class File:
    """One document of such a folder."""

    def __init__(self, folder: Folder, name: str, text: str) -> None:
        self.folder = folder
        self.name = name
        self.text = text

    def open(self, mode: str) -> Any:
        """The document as bytes."""
        import io

        self.folder.opened += 1
        return io.BytesIO(self.text.encode())


class TestReading:
    """Section 8: "The book itself reads a folder when a standard of that plugin is first asked for"."""

    def test_documents_are_read_when_asked_for_and_once(self) -> None:
        """Making a book reads nothing; asking twice reads once."""
        folder = Folder(a=sheet(id="lazy/a"), b=sheet(id="lazy/b"))
        book = Rulebook([plugin("lazy", [Documents(folder)])])  # type: ignore[arg-type]  # a folder by its behaviour

        assert (0, 0) == (folder.listed, folder.opened)
        assert "lazy/a" == book.standard("lazy/a").id
        assert book.standard("lazy/a") is book.standard("lazy/a")
        assert () == book.problems
        assert (1, 2) == (folder.listed, folder.opened)

    @pytest.mark.parametrize("ask", [lambda book: book.problems, lambda book: book.standards()])
    def test_problems_and_standards_read_all(self, ask: Callable[[Rulebook], object]) -> None:
        """Only who asks for everything waits for everything."""
        folder = Folder(a=sheet(id="lazy/a"))
        book = Rulebook([plugin("lazy", [Documents(folder)])])  # type: ignore[arg-type]  # a folder by its behaviour
        ask(book)
        ask(book)

        assert (1, 1) == (folder.listed, folder.opened)

    def test_another_plugins_documents_are_not_read(self, site: Site) -> None:
        """Asking for a standard of one installed plugin leaves the folders of the others alone."""
        site.install("alpha", [sheet(id="alpha/a")])
        other = site.install("beta", [sheet(id="beta/a")])
        book = site.book("alpha", "beta")

        assert book.evaluate("alpha/a", HERE, {"tidy": True}).score == 1
        (other / "standards" / "late.toml").write_text(sheet(id="beta/late"), encoding="utf-8")
        assert "beta/late" == book.standard("beta/late").id

    def test_only_documents_are_read(self, site: Site) -> None:
        """Other files of the folder are left alone."""
        package = site.install("alpha", [sheet(id="alpha/a")])
        (package / "standards" / "remarks.txt").write_text("nothing for us")
        (package / "standards" / "deeper").mkdir()

        assert () == site.book("alpha").problems

    def test_many_threads_read_once(self) -> None:
        """A book may be shared; whoever comes first reads."""
        folder = Folder(a=sheet(id="lazy/a"))
        book = Rulebook([plugin("lazy", [Documents(folder)])])  # type: ignore[arg-type]  # a folder by its behaviour
        barrier = threading.Barrier(8)

        def ask(_: int) -> tuple[int, int]:
            barrier.wait()
            return id(book.standard("lazy/a")), id(book.program("lazy/a"))

        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(ask, range(8)))

        assert 1 == len(answers)
        assert (1, 1) == (folder.listed, folder.opened)


class TestIsolation:
    """Section 8: "Two books in one process never meet. Order of plugins never matters"."""

    def test_two_books_know_only_their_own(self) -> None:
        """What one book was given the other does not have."""
        first, second = Rulebook([ONE]), Rulebook([TWO])

        assert ["one/a"] == [standard.id for standard in first.standards()]
        assert ["two/b"] == [standard.id for standard in second.standards()]
        with pytest.raises(StandardUnavailable, match='no standard "two/b"'):
            first.standard("two/b")

    def test_one_name_in_two_books(self) -> None:
        """Two books may hold different standards under one edition."""
        strict = Rulebook([plugin("town", [written(criterion("tidy", points=2), id="town/a")])])
        mild = Rulebook([plugin("town", [written(criterion("tidy", points=5), id="town/a")])])

        assert ["2", "5"] == [str(book.evaluate("town/a", HERE, {"tidy": True}).score) for book in (strict, mild)]

    def test_threads_do_not_meet(self) -> None:
        """Books made and used in many threads at once keep their own answers."""

        def score(points: int) -> Any:
            book = Rulebook([plugin("town", [written(criterion("tidy", points=points), id="town/a")])])
            return book.evaluate("town/a", HERE, {"tidy": True}).score

        with ThreadPoolExecutor(8) as pool:
            assert list(range(1, 41)) == list(pool.map(score, range(1, 41)))

    @given(st.permutations(range(5)))
    def test_the_order_of_plugins_never_matters(self, order: list[int]) -> None:
        """Plugins, standards, problems and answers are the same in whatever order plugins were given."""
        plugins = [
            ONE,
            TWO,
            plugin("three", [written(id="one/a"), written(id="three/c")]),
            plugin("four", 4),
            plugin("five", [written(id="five/a", version="2", more="effective = { first = 2030-01-01 }")]),
        ]
        expected, book = Rulebook(plugins), Rulebook(plugins[place] for place in order)

        assert expected.plugins == book.plugins
        assert expected.problems == book.problems
        assert expected.standards() == book.standards()
        assert expected.evaluate("three/c", HERE, {"tidy": True}) == book.evaluate("three/c", HERE, {"tidy": True})

    def test_standards_built_in_python(self) -> None:
        """A host may give finished standards instead of plugins, or beside them."""
        own = written(criterion("tidy", points=3), id="own/rules")
        book = Rulebook([ONE, own])

        assert own is book.standard("own/rules")
        assert book.evaluate("own/rules", HERE, {"tidy": True}).score == 3
        assert ["one/a", "own/rules"] == [standard.id for standard in book.standards()]
        assert () == book.problems

    def test_a_standard_that_is_no_books(self) -> None:
        """A standard need not belong to a book to be evaluated by it."""
        assert Rulebook().evaluate(written(), HERE, {"tidy": True}).score == 1

    def test_load_reads_a_document_that_is_no_plugins(self, tmp_path: Path) -> None:
        """A book reads a loose document, and refuses it like any other."""
        path = tmp_path / "a.toml"
        path.write_text(sheet(id="loose/a"), encoding="utf-8")

        assert "loose/a" == Rulebook().load(path).id
        path.write_text("x", encoding="utf-8")
        with pytest.raises(InvalidDocument, match=r"a\.toml"):
            Rulebook().load(path)


def raising(error: BaseException) -> Callable[..., Any]:
    """A function that raises, whatever it is given."""

    def function(*_: object) -> Any:
        raise error

    return function


def midway() -> Iterator[Standard]:
    """A hook that breaks after its first standard."""
    yield written(id="broken/a")
    raise RuntimeError("midway")


def function(name: str = "", *, decorated: bool = False) -> Callable[[], list[Standard]]:
    """A hook that supplies nothing; with a `name`, one that asks for an argument of that name."""

    def plain() -> list[Standard]:
        return []

    def greedy(config: object) -> list[Standard]:
        raise AssertionError(config)

    made: Callable[..., list[Standard]] = greedy if name else plain
    return civrules.hookimpl(made) if decorated else made


BROKEN: dict[str, tuple[ModuleType, str, str]] = {
    name: (plugin("broken", standards, **more), code, value)
    for name, standards, more, code, value in (
        ("raises", raising(RuntimeError("no table")), {}, "plugin-raised", "RuntimeError: no table"),
        ("exits", raising(SystemExit(3)), {}, "plugin-raised", "SystemExit: 3"),
        ("raises-midway", midway, {}, "plugin-raised", "RuntimeError: midway"),
        (
            "raises-a-problem",
            raising(InvalidInput(civrules.Problem("bad-day", (), "x", "YYYY-MM-DD"))),
            {},
            "plugin-raised",
            'InvalidInput: "x" is not a day; expected YYYY-MM-DD',
        ),
        ("returns-nothing", None, {}, "plugin-returned", "NoneType"),
        ("returns-a-number", 5, {}, "plugin-returned", "int"),
        ("returns-a-text", "standards", {}, "plugin-returned", "str"),
        ("returns-texts", ["standards", "more"], {}, "plugin-returned", "str"),
        ("returns-several", [5, "standards"], {}, "plugin-returned", "int, str"),
        ("returns-one-standard", written(id="broken/a"), {}, "plugin-returned", "Standard"),
        ("returns-one-folder", Documents(Path("standards")), {}, "plugin-returned", "Documents"),
        ("returns-a-dict", {"a": written(id="broken/a")}, {}, "plugin-returned", "dict"),
        (
            "misspelt",
            [],
            {"civrules_standrads": function(decorated=True)},
            "plugin-unknown-hook",
            "civrules_standrads",
        ),
        (
            "misspelt-and-undecorated",
            [],
            {"civrules_standard": function()},
            "plugin-unknown-hook",
            "civrules_standard",
        ),
        ("undecorated", [], {"civrules_standards": function()}, "plugin-undecorated", "civrules_standards"),
        (
            "greedy",
            [],
            {"civrules_standards": function("config", decorated=True)},
            "plugin-hook",
            "Argument(s) {'config'} are declared in the hookimpl but can not be found in the hookspec",
        ),
        (
            "with-defaults",
            [],
            {"civrules_standards": civrules.hookimpl(lambda folder="standards": [folder])},
            "plugin-default",
            "folder",
        ),
        (
            "measures-with-defaults",
            [],
            {"civrules_measures": civrules.hookimpl(lambda kinds=(): kinds)},
            "plugin-default",
            "kinds",
        ),
        (
            "measures-raise",
            [],
            {"civrules_measures": civrules.hookimpl(raising(RuntimeError("no table")))},
            "plugin-raised",
            "RuntimeError: no table",
        ),
        (
            "measures-return-a-class",
            [],
            {"civrules_measures": civrules.hookimpl(lambda: int)},
            "plugin-returned",
            "type",
        ),
        (
            "measures-return-nothing",
            [],
            {"civrules_measures": civrules.hookimpl(lambda: None)},
            "plugin-returned",
            "NoneType",
        ),
        ("measures-lack-words", [], {"civrules_measures": civrules.hookimpl(lambda: [int])}, "not-a-measure", "int"),
        (
            "attributes-that-break",
            [],
            {"__getattr__": raising(ImportError("no charts")), "__dir__": lambda: ["civrules_standards", "charts"]},
            "plugin-unreadable",
            "ImportError: no charts",
        ),
        ("odd-version", [], {"civrules_api": "1.²"}, "plugin-api", "1.²"),
        ("long-version", [], {"civrules_api": "9" * 30}, "plugin-api", "9" * 30),
        ("newer", [], {"civrules_api": "1.7"}, "plugin-api", "1.7"),
        ("much-newer", [], {"civrules_api": "2.0"}, "plugin-api", "2.0"),
        ("no-version", [], {"civrules_api": "newest"}, "plugin-api", "newest"),
        (
            "no-package",
            lambda: [civrules.documents("no_such_package", "standards")],
            {},
            "plugin-raised",
            "ModuleNotFoundError: No module named 'no_such_package'",
        ),
    )
}


class TestBroken:
    """Section 8: "A broken plugin becomes one problem; every other plugin works"."""

    @pytest.mark.parametrize("name", BROKEN)
    def test_becomes_one_problem_and_the_others_work(self, name: str) -> None:
        """Between two good plugins a broken one is one problem that names it."""
        broken, code, value = BROKEN[name]
        book = Rulebook([ONE, broken, TWO])

        assert [(code, "broken", value)] == [(one.code, one.where[0], one.value) for one in book.problems]
        assert ["one/a", "two/b"] == [standard.id for standard in book.standards()]
        assert book.evaluate("one/a", HERE, {"tidy": True}).score == 1
        assert ["broken", "one", "two"] == [one.name for one in book.plugins]

    @pytest.mark.parametrize("name", BROKEN)
    def test_its_standards_are_unavailable_with_the_cause(self, name: str) -> None:
        """Who asks for a standard of a broken plugin hears why there is none."""
        broken, code, _ = BROKEN[name]

        with pytest.raises(StandardUnavailable, match='no standard "broken/a"') as caught:
            Rulebook([ONE, broken]).standard("broken/a")

        assert ["unknown-standard", code] == [problem.code for problem in caught.value.problems]
        assert isinstance(caught.value, LookupError)

    @pytest.mark.parametrize("name", BROKEN)
    def test_strict_raises(self, name: str) -> None:
        """A host that would rather stop may."""
        broken, code, _ = BROKEN[name]

        with pytest.raises(CivrulesError) as caught:
            Rulebook([ONE, broken, TWO], strict=True)

        assert [code] == [problem.code for problem in caught.value.problems]

    def test_strict_raises_all_together(self) -> None:
        """Not only the first; documents are read for it."""
        folder = Documents(Folder(a="x"))  # type: ignore[arg-type]  # a folder by its behaviour

        with pytest.raises(CivrulesError) as caught:
            Rulebook([plugin("a", 5), plugin("b", None), plugin("c", [folder])], strict=True)

        assert ["plugin-returned", "plugin-returned", "not-toml"] == [one.code for one in caught.value.problems]
        assert Rulebook([ONE, TWO], strict=True).problems == ()

    def test_a_misspelt_hook_shows_the_nearest(self) -> None:
        """Who misspelt a hook reads the word that was meant."""
        (problem,) = Rulebook([BROKEN["misspelt"][0]]).problems

        assert problem.say().endswith(
            "the hooks are: civrules_standards, civrules_campaigns, civrules_measures; "
            'did you mean "civrules_standards"?'
        )

    def test_the_api_of_today_is_enough(self) -> None:
        """A plugin that asks for the API there is, or says nothing, is taken."""
        for version in ("1.0", "1", 1.0):
            assert Rulebook([plugin("fine", [], civrules_api=version)]).problems == ()

    def test_one_broken_document(self) -> None:
        """The other documents of its plugin stay; each problem of the file is one, with plugin and file."""
        text = sheet(criterion("tidy", points='"1"', more="colour = 1"), id="mixed/broken")
        folder = Documents(Folder(a=sheet(id="mixed/a"), b=text, c=sheet(id="mixed/c")))  # type: ignore[arg-type]  # as above
        book = Rulebook([plugin("mixed", [folder])])

        assert ["mixed/a", "mixed/c"] == [standard.id for standard in book.standards()]
        assert [("mixed", "b.toml")] * 2 == [problem.where[:2] for problem in book.problems]
        with pytest.raises(StandardUnavailable, match='points: "1" is not a figure'):
            book.standard("mixed/broken")

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        """A folder that was promised and is missing is a problem when it is read."""
        book = Rulebook([ONE, plugin("broken", [Documents(tmp_path / "standards")])])

        assert ["unreadable"] == [problem.code for problem in book.problems]
        assert ["one/a"] == [standard.id for standard in book.standards()]

    def test_a_plugin_given_twice(self) -> None:
        """Two plugins of one name supply nothing: nobody could say which is meant."""
        book = Rulebook([ONE, ONE, TWO])

        assert [("plugin-duplicate", "one")] == [(problem.code, problem.value) for problem in book.problems]
        assert ["two/b"] == [standard.id for standard in book.standards()]

    @pytest.mark.parametrize("other", ["one/a", "ONE/a", "one/A"])
    def test_one_edition_from_two_plugins(self, other: str) -> None:
        """Neither is used, and the problem names both; upper and lower case are the same."""
        book = Rulebook([ONE, plugin("three", [written(id=other), written(id="three/c")])])

        (problem,) = book.problems
        assert ("duplicate-edition", "one/a@1", "one, three") == (problem.code, problem.value, problem.expected)
        assert ["three/c"] == [standard.id for standard in book.standards()]
        for name in {"one/a", other}:
            with pytest.raises(StandardUnavailable, match='the edition "one/a@1" comes from two places: one, three'):
                book.standard(name)


class TestInstalled:
    """Plugins found by their entry points in real distributions."""

    def test_are_named_by_their_entry_points(self, site: Site) -> None:
        """A plugin's name is its entry point's; its distribution and version are known."""
        site.install("beta", [sheet(id="beta/b")], version="2.1")
        site.install("alpha", [sheet(id="alpha/a")])
        book = site.book("alpha", "beta")

        assert (Plugin("alpha", "example-alpha", "1.0"), Plugin("beta", "example-beta", "2.1")) == book.plugins
        assert ["alpha/a", "beta/b"] == [standard.id for standard in book.standards()]
        assert () == book.problems

    def test_only_and_block(self, site: Site) -> None:
        """A host takes some plugins, or leaves some out; a blocked one is not even imported."""
        site.install("alpha", [sheet(id="alpha/a")])
        blocked = site.install("beta", [sheet(id="beta/b")])

        assert ["alpha"] == [one.name for one in site.book("alpha").plugins]
        assert ["alpha"] == [one.name for one in site.book("alpha", "beta", block=["beta"]).plugins]
        names = [one.name for one in Rulebook.installed(block=["beta"]).plugins]
        assert "alpha" in names
        assert "beta" not in names
        assert f"{blocked.name}.plugin" not in sys.modules

    def test_one_that_is_not_installed(self, site: Site) -> None:
        """Asking for a plugin that is not there is a problem that names the nearest."""
        site.install("alpha", [sheet(id="alpha/a")])
        book = site.book("alpha", "alhpa")

        (problem,) = book.problems
        assert ("plugin-import", ("alhpa",), "alpha") == (problem.code, problem.where, problem.hint)
        assert ["alpha/a"] == [standard.id for standard in book.standards()]

    @pytest.mark.parametrize(
        "code, value",
        [
            ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
            ("raise ImportError('needs a newer Python')", "ImportError: needs a newer Python"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("import sys\nsys.exit('no licence')", "SystemExit: no licence"),
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("raise RuntimeError", "RuntimeError: "),
            ("from civrules import NoSuchThing", None),
            ("def x(:", None),
        ],
    )
    def test_one_that_cannot_be_imported(self, site: Site, code: str, value: str | None) -> None:
        """Whatever goes wrong on import is one problem with plugin, distribution and version."""
        site.install("alpha", [sheet(id="alpha/a")])
        site.install("broken", code=code, version="0.3")
        site.install("zeta", [sheet(id="zeta/a")])
        book = site.book("alpha", "broken", "zeta")

        (problem,) = book.problems
        assert ("plugin-import", ("broken", "example-broken 0.3")) == (problem.code, problem.where)
        assert value is None or value == problem.value
        assert ["alpha/a", "zeta/a"] == [standard.id for standard in book.standards()]
        with pytest.raises(StandardUnavailable, match="the plugin cannot be imported"):
            book.standard("broken/a")
        with pytest.raises(CivrulesError, match="the plugin cannot be imported"):
            site.book("alpha", "broken", strict=True)

    def test_an_entry_point_to_nowhere(self, site: Site) -> None:
        """A distribution whose package was removed is one problem."""
        site.install("alpha", [sheet(id="alpha/a")])
        shutil.rmtree(site.install("broken"))
        book = site.book("alpha", "broken")

        assert ["plugin-import"] == [problem.code for problem in book.problems]
        assert ["alpha/a"] == [standard.id for standard in book.standards()]

    def test_one_name_from_two_distributions(self, site: Site) -> None:
        """Nobody could say which is meant: both are named, and neither is used."""
        site.install("alpha", [sheet(id="alpha/a")], distribution="example-first")
        site.install("alpha", [sheet(id="alpha/b")], distribution="example-second", version="2.0")
        site.install("beta", [sheet(id="beta/b")])
        book = site.book("alpha", "beta")

        (problem,) = book.problems
        assert ("plugin-duplicate", "alpha", "example-first 1.0, example-second 2.0") == (
            problem.code,
            problem.value,
            problem.expected,
        )
        assert "alpha" == problem.where[0]
        assert ["beta/b"] == [standard.id for standard in book.standards()]
        with pytest.raises(StandardUnavailable, match='the plugin "alpha" stands twice'):
            book.standard("alpha/a")

    def test_a_standard_of_another_prefix(self, site: Site) -> None:
        """A plugin found as alpha supplies alpha/… only; its other standards stay."""
        site.install("alpha", [sheet(id="beta/b"), sheet(id="alpha/a")], version="1.2")
        book = site.book("alpha")

        (problem,) = book.problems
        assert ("plugin-foreign-id", ("alpha", "example-alpha 1.2"), "beta/b", "alpha/") == (
            problem.code,
            problem.where,
            problem.value,
            problem.expected,
        )
        assert ["alpha/a"] == [standard.id for standard in book.standards()]
        with pytest.raises(StandardUnavailable):
            book.standard("beta/b")

    def test_a_document_with_errors(self, site: Site) -> None:
        """Each problem names plugin, distribution with version, file and key."""
        site.install("alpha", [sheet(criterion("tidy", points='"1"'), id="alpha/a")])
        (problem,) = site.book("alpha").problems

        assert (
            "alpha", "example-alpha 1.0", "1.toml", 'section[1] "all"', 'criterion "tidy"', "points",
        ) == problem.where  # fmt: skip

    def test_the_same_edition_in_two_files(self, site: Site) -> None:
        """A copy left in the folder is a problem, not a choice."""
        site.install("alpha", [sheet(id="alpha/a"), sheet(id="alpha/a")])

        (problem,) = site.book("alpha").problems
        assert ("duplicate-edition", "alpha example-alpha 1.0, alpha example-alpha 1.0") == (
            problem.code,
            problem.expected,
        )

    def test_the_order_on_the_path_does_not_matter(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        """Plugins are sorted by name, not by where they lie on the import path."""
        for name in ("gamma", "alpha", "beta"):
            site.install(name, [sheet(id=f"{name}/a")])
        expected = site.book("alpha", "beta", "gamma").plugins
        monkeypatch.setattr(sys, "path", sys.path[::-1])

        assert expected == site.book("gamma", "beta", "alpha").plugins

    def test_the_plugins_of_this_repository_are_sound(self) -> None:
        """Every distribution of the tree that is installed reads without a problem."""
        book = Rulebook.installed(only=["hygiene", "residential"])

        assert () == book.problems
        assert "hygiene/uk-fhrs" in {standard.id for standard in book.standards()}


def edition(version: str, first: str = "", last: str = "", **more: Any) -> Standard:
    """One edition of a standard, in force between two days."""
    ends = ", ".join(f"{name} = {day}" for name, day in (("first", first), ("last", last)) if day)
    return written(
        criterion("tidy", points=version[0]), id="town/a", version=version, more=f"effective = {{ {ends} }}", **more
    )


EDITIONS = (
    edition("1", last="2024-12-31"),
    edition("2", first="2025-01-01", last="2029-12-31"),
    edition("3", first="2030-01-01"),
)


class TestEditions:
    """Section 8: "`rulebook.standard(id, on=date)` gives the edition in force; without a day the only edition"."""

    @pytest.mark.parametrize(
        "day, version",
        [
            (date.min, "1"),
            (date(2024, 12, 31), "1"),
            (date(2025, 1, 1), "2"),
            (date(2029, 12, 31), "2"),
            (date(2030, 1, 1), "3"),
            (date.max, "3"),
        ],
    )
    def test_the_edition_in_force(self, day: date, version: str) -> None:
        """Both ends of the days in force belong to them."""
        book = Rulebook(EDITIONS)

        assert version == book.standard("town/a", on=day).version
        assert version == str(book.evaluate("town/a", HERE, {"tidy": True}, on=day).score)

    def test_the_last_day_of_the_period_decides(self) -> None:
        """Without a day the period's last day picks the edition."""
        period = Period(date(2024, 1, 1), date(2025, 1, 1))

        assert Rulebook(EDITIONS).evaluate("town/a", HERE, {"tidy": True}, period=period).score == 2

    def test_an_edition_by_its_name(self) -> None:
        """An edition named in full is given, whatever the day; a note says that it is not in force."""
        book = Rulebook(EDITIONS)

        assert "1" == book.standard("town/a@1").version
        made = book.evaluate("town/a@1", HERE, {"tidy": True}, on=DAY)
        assert made.score == 1
        assert ["outside-dates"] == [note.code for note in made.notes]

    def test_several_editions_without_a_day(self) -> None:
        """Which one is not guessed; all are listed with their days."""
        with pytest.raises(StandardUnavailable, match='"town/a" has several editions') as caught:
            Rulebook(EDITIONS).standard("town/a")

        for part in ("town/a@1 … … 2024-12-31", "town/a@2 2025-01-01 … 2029-12-31", "town/a@3 2030-01-01 … …"):
            assert part in str(caught.value)

    def test_none_in_force(self) -> None:
        """A day before the first edition, and the editions there are."""
        book = Rulebook(EDITIONS[1:])

        with pytest.raises(StandardUnavailable) as caught:
            book.standard("town/a", on=date(2024, 12, 31))

        assert (
            'no edition of "town/a" is in force on 2024-12-31; there are: '
            "town/a@2 2025-01-01 … 2029-12-31, town/a@3 2030-01-01 … …"
        ) == str(caught.value)

    def test_the_only_edition_needs_no_day(self) -> None:
        """Without a day the only edition is given, in force or not."""
        assert "1" == Rulebook(EDITIONS[:1]).standard("town/a").version

    def test_editions_that_follow_are_no_problem(self) -> None:
        """One ends on the day before the next begins."""
        assert () == Rulebook(EDITIONS).problems

    def test_editions_that_overlap(self) -> None:
        """Both are in force: a warning, and no guess on such a day."""
        book = Rulebook([EDITIONS[1], edition("2b", first="2029-12-31")])

        (problem,) = book.problems
        assert ("editions-overlap", "warning", "town/a@2, town/a@2b", "2029-12-31 … 2029-12-31") == (
            problem.code,
            problem.severity,
            problem.value,
            problem.expected,
        )
        assert "2" == book.standard("town/a", on=date(2029, 12, 30)).version
        with pytest.raises(StandardUnavailable, match="several editions"):
            book.standard("town/a", on=date(2029, 12, 31))

    def test_an_edition_without_end_overlaps_all_that_follow(self) -> None:
        """Each is named with it, and what it covers is no hole."""
        short = edition("2", first="2025-01-01", last="2025-12-31")
        book = Rulebook([edition("1", first="2020-01-01"), short, edition("3", first="2030-01-01")])

        assert [("editions-overlap", "town/a@1, town/a@2"), ("editions-overlap", "town/a@1, town/a@3")] == [
            (problem.code, problem.value) for problem in book.problems
        ]

    def test_editions_that_leave_a_hole(self) -> None:
        """Days without an edition between two are a warning."""
        (problem,) = Rulebook([EDITIONS[0], EDITIONS[2]]).problems

        assert ("editions-hole", "warning", "town/a", "2025-01-01 … 2029-12-31") == (
            problem.code,
            problem.severity,
            problem.value,
            problem.expected,
        )

    @pytest.mark.parametrize(
        "id, hint",
        [
            ("town/b", "town/a"),
            ("twon/a", "town/a"),
            ("town/a@9", "town/a"),
            ("town", "town/a"),
            ("quite/other", ""),
            ("", ""),
        ],
    )
    def test_an_unknown_id_shows_the_nearest(self, id: str, hint: str) -> None:
        """Who misspells a standard reads the one that was meant."""
        with pytest.raises(StandardUnavailable) as caught:
            Rulebook(EDITIONS).standard(id)

        assert [("unknown-standard", id, "town/a", hint)] == [
            (problem.code, problem.value, problem.expected, problem.hint) for problem in caught.value.problems
        ]


class TestStandards:
    """`standards(kind=, locality=, on=)`: "nearest locality first"."""

    BOOK = Rulebook(
        [
            written(id="a/everywhere"),
            written(id="b/province", more='locality = "320000"'),
            written(id="c/county", more='locality = "320724"'),
            written(id="d/other", more='locality = "44"'),
            written(id="e/london", more='locality = "GB-LND"'),
            written(id="f/township", more='locality = "320724100000"'),
            written(id="g/old", more="effective = { last = 2020-12-31 }"),
        ]
    )

    @pytest.mark.parametrize(
        "asked, ids",
        [
            ({}, ["a/everywhere", "b/province", "c/county", "d/other", "e/london", "f/township", "g/old"]),
            ({"locality": "320724"}, ["c/county", "b/province", "a/everywhere", "g/old"]),
            ({"locality": "320724100200"}, ["f/township", "c/county", "b/province", "a/everywhere", "g/old"]),
            ({"locality": "320700"}, ["b/province", "a/everywhere", "g/old"]),
            ({"locality": "GB-LND"}, ["e/london", "a/everywhere", "g/old"]),
            ({"locality": "GB"}, ["a/everywhere", "g/old"]),
            ({"locality": "32", "on": DAY}, ["b/province", "a/everywhere"]),
            ({"on": date(2020, 12, 31), "locality": "44"}, ["d/other", "a/everywhere", "g/old"]),
            ({"kind": "campus"}, []),
            ({"kind": "residential", "locality": "1", "on": DAY}, None),
        ],
        ids=str,
    )
    def test_for_a_kind_a_place_and_a_day(self, asked: Any, ids: list[str] | None) -> None:
        """What begins a code contains it; a locality that is none is refused."""
        if ids is None:
            with pytest.raises(InvalidInput, match="is not a locality"):
                self.BOOK.standards(**asked)
        else:
            assert ids == [standard.id for standard in self.BOOK.standards(**asked)]


class TestPrograms:
    """Programs are kept by the book that made them."""

    def test_a_program_is_made_once(self) -> None:
        """By name, by edition or by standard: the same object."""
        book = Rulebook([ONE])
        program = book.program("one/a")

        assert program is book.program("one/a@1")
        assert program is book.program(book.standard("one/a"))
        assert program is book.program(written(id="one/a"))

    def test_books_do_not_share_programs(self) -> None:
        """Each book has its own; they are equal."""
        first, second = Rulebook([ONE]).program("one/a"), Rulebook([ONE]).program("one/a")

        assert first is not second
        assert first == second
        assert hash(first) == hash(second)

    def test_other_rules_make_another_program(self) -> None:
        """Standards of one edition that differ are two programs."""
        book = Rulebook([ONE])

        assert book.program("one/a") != book.program(written(criterion("tidy", points=2), id="one/a"))


class TestEvents:
    """The day of judgement reaches the conditions that look back."""

    def test_an_event_needs_a_day(self) -> None:
        """Where something needs a day and none was given, the call is refused."""
        gate = '\n[[grade]]\nid = "A"\n\n[[grade]]\nid = "B"\ngate_only = true\n\n[[gate]]\nid = "g"\n'
        gate += 'title = { en = "G" }\nwhen = { happened = "fire", during = "year" }\nthen = { grade = "B" }\n'
        book = Rulebook([written(criterion("tidy"), event("fire"), id="town/a", tables=gate)])

        with pytest.raises(InvalidInput, match='"g" needs a day of judgement'):
            book.evaluate("town/a", HERE, {"tidy": True})
        assert "A" == book.evaluate("town/a", HERE, {"tidy": True}, period=Period.year(2031)).grade


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running `code`."""
    script = f"{code}\nimport sys\nnames = sorted(sys.modules)\nimport json\nprint(json.dumps(names))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return set(json.loads(found.stdout))


class TestImport:
    """Section 8: "`import civrules` imports pluggy and attrs only and reads no file"."""

    UNWANTED = (
        "cattrs",
        "importlib.metadata",
        "click",
        "rich",
        "hypothesis",
        "narwhals",
        "polars",
        "tomli_w",
        "pytest",
    )

    def test_is_cheap(self) -> None:
        """Neither cattrs, nor the scan for plugins, nor what the command line and the tests need."""
        loaded = modules_after("import civrules")

        assert {"attrs", "attr", "pluggy", "civrules"} <= loaded
        assert set() == {name for name in loaded if name.startswith(self.UNWANTED)}
        assert set() == {name for name in loaded if name.startswith(("civrules_", "civrules.cli", "civrules.codec"))}

    def test_cattrs_comes_with_the_first_document(self) -> None:
        """A standard built in Python is evaluated without it; a document is not read without it."""
        built = (
            "import civrules\nfrom civrules.measures import Check\n"
            "tidy = civrules.Criterion(id='tidy', title=civrules.Text(en='Tidy'), points=1, measure=Check())\n"
            "section = civrules.Section(id='all', title=civrules.Text(en='All'), children=[tidy])\n"
            "standard = civrules.Standard(id='a/b', version='1', title=civrules.Text(en='A'), kinds=['residential'],\n"
            "    not_applicable='refuse', sections=[section], source=civrules.Source(document='Rules'))\n"
            "assert civrules.Rulebook([standard]).evaluate('a/b', civrules.Community('c'), {'tidy': True}).score == 1\n"
        )

        assert set() == {name for name in modules_after(built) if name.startswith(("cattrs", "importlib.metadata"))}
        assert "cattrs" in modules_after(f"from civrules.authoring.documents import loads\nloads({sheet()!r})")

    def test_changes_nothing_of_the_host(self) -> None:
        """No decimal context, locale, warnings filter, logging or recursion limit is touched."""
        code = (
            "import decimal, locale, warnings, logging, sys, signal\n"
            "def state():\n"
            "    return (repr(decimal.getcontext()), locale.setlocale(locale.LC_ALL), list(warnings.filters),\n"
            "        logging.root.handlers, logging.root.level, sys.getrecursionlimit(),\n"
            "        sys.get_int_max_str_digits(), sys.excepthook, signal.getsignal(signal.SIGINT))\n"
            "before = state()\nimport civrules\nfrom civrules.authoring.documents import loads\n"
            f"civrules.evaluate(loads({sheet()!r}), civrules.Community('c'), {{'tidy': True}})\n"
            "assert before == state()\n"
        )

        assert "civrules" in modules_after(code)

    def test_a_book_without_plugins_scans_nothing(self) -> None:
        """Only `Rulebook.installed` looks for plugins."""
        assert "importlib.metadata" not in modules_after("import civrules\ncivrules.Rulebook()")
        assert "importlib.metadata" in modules_after("import civrules\ncivrules.Rulebook.installed()")

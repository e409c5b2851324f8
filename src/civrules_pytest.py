"""The pytest plugin of civrules: books as fixtures, and `--civrules-plugin NAME` for plugins that are installed.

It stands outside the package and imports civrules when it is first used: a module that is imported while pytest starts
is not seen by coverage.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from civrules import Rulebook


def pytest_addoption(parser: pytest.Parser) -> None:
    """--civrules-plugin NAME, as often as wanted."""
    parser.getgroup("civrules").addoption(
        "--civrules-plugin",
        action="append",
        default=[],
        metavar="NAME",
        help="Check the conformance of an installed civrules plugin; may be given several times.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Nothing but the plugins is collected where nothing else was named."""
    names = session.config.getoption("--civrules-plugin")
    if names and session.config.args_source.name != "ARGS":
        session.config.args = []


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """The conformance tests of the plugins that were named come first."""
    names = session.config.getoption("--civrules-plugin")
    if names:
        items[:0] = [item for name in names for item in _tests_of(session, name)]


def _tests_of(session: pytest.Session, name: str) -> Iterator[pytest.Item]:
    from civrules.testing import conformance

    for test, function in sorted(vars(conformance(name)).items()):
        if test.startswith("test_"):
            yield _Conformance.from_parent(session, name=f"{name}::{test}", check=function.__func__)


class _Conformance(pytest.Item):
    """One invariant of a plugin that has no file of tests."""

    def __init__(self, *, check: Callable[[], None], **named: Any) -> None:
        super().__init__(**named)
        self.check = check

    def runtest(self) -> None:
        """Ask it."""
        self.check()

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What it is called."""
        return self.path, None, self.name


@pytest.fixture
def empty_rulebook() -> "Rulebook":
    """A book that no installed plugin gets into: it supplies nothing."""
    from civrules import Rulebook

    return Rulebook()


@pytest.fixture
def rulebook_of() -> "Callable[..., Rulebook]":
    """Makes a book of the plugins and standards that it is given, and of nothing else; their problems are raised."""
    from civrules import Rulebook

    return lambda *plugins: Rulebook(plugins, strict=True)


@pytest.fixture
def no_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the test a book that looks for installed plugins fails it."""
    from civrules import Rulebook

    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("The test looked for installed plugins; give it a book instead.", pytrace=False)

    monkeypatch.setattr(Rulebook, "installed", refuse)

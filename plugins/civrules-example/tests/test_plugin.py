"""What this distribution supplies is sound, keeps its promises, and lint finds nothing."""

from civrules import Rulebook, lint
from civrules.testing import conformance
from civrules_example import plugin

TestConformance = conformance(plugin)


def test_the_standards_are_sound_and_clean() -> None:
    """The installed plugin supplies standards, without problems."""
    book = Rulebook.installed(only=["example"], strict=True)
    assert book.standards()
    assert () == book.problems + lint(book.standards())

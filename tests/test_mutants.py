"""The conformance kit catches what is broken: a sample of the mutants, all of which `make mutants` runs."""

from collections.abc import Mapping

import pytest
from mutants.engines import ENGINES
from mutants.mutant import BY_ID, EngineMutant, PluginMutant
from mutants.plugins import PLUGINS
from mutants.standards import standards

from civrules import Standard

SAMPLE = ("half-even", "gates-skipped", "missing-as-full", "band-open-below", "last-handed-in", "no-rescale")
PLUGIN_SAMPLE = ("hook-raises", "one-language", "no-words")


@pytest.fixture(scope="module")
def known() -> Mapping[str, Standard]:
    """The standards by id."""
    return standards()


@pytest.mark.parametrize("mutant", [one for one in ENGINES if one.name in SAMPLE], ids=lambda one: str(one.name))
def test_an_engine_that_is_broken_is_caught(mutant: EngineMutant, known: Mapping[str, Standard]) -> None:
    """The invariant holds with the sound engine and is broken with the mutant."""
    assert mutant.caught(known) is not None


@pytest.mark.parametrize("mutant", [one for one in PLUGINS if one.name in PLUGIN_SAMPLE], ids=lambda one: str(one.name))
def test_a_plugin_that_is_broken_is_caught(mutant: PluginMutant) -> None:
    """The plugin breaks the invariant that it is named for, and none that is not named beside it."""
    assert mutant.escapes(mutant.caught()) is None


def test_every_invariant_has_a_mutant() -> None:
    """No invariant stands in the kit that nothing was ever seen to break, and no two mutants are alike."""
    every: list[EngineMutant | PluginMutant] = [*ENGINES, *PLUGINS]
    assert set(BY_ID) == {one.breaks for one in every}
    assert len(every) == len({one.name for one in every}) == len({one.says for one in every})

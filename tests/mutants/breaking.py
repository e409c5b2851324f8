"""How an engine is broken: a function of it in the place of another, on a standard where it is noticed."""

from collections.abc import Callable
from typing import Any

from mutants.mutant import EngineMutant, Patch

CHECK, ANNUAL, QUARTER = "example/check", "residential/guannan-annual", "residential/guannan-quarter"
TORONTO, HYGIENE = "residential/toronto-rentsafe-2017", "hygiene/uk-fhrs"
CONSTRUCTS, POLICIES = "mutants/constructs", "mutants/policies"
Made = Callable[..., Any]


def instead(owner: Any, name: str, body: Callable[..., Any]) -> Patch:
    """A function in the place of another; it is handed the original first."""

    def make(original: Any) -> Any:
        plain = getattr(original, "__func__", original)
        return lambda *given, **named: body(plain, *given, **named)

    return owner, name, make


def mutant(name: str, says: str, breaks: str, on: str, *patches: Patch) -> EngineMutant:
    """One engine."""
    return EngineMutant(name=name, says=says, breaks=breaks, on=on, patches=patches)

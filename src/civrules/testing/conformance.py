"""conformance: a test class for one plugin, with one static test for every invariant and standard."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Flaky, HypothesisException

from civrules import Community, InvalidInput, Plugin, Problem
from civrules.errors import listed, nearest
from civrules.model.measures.adopted import Raised
from civrules.testing.invariant import Broken, Invariant
from civrules.testing.invariants import INVARIANTS, LEVELS
from civrules.testing.registered import Registered
from civrules.testing.sample import Sample
from civrules.testing.subject import Subject

_NONE: Mapping[str, str] = MappingProxyType({})
_UNCHECKED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
Test = Callable[[], None]
Draws = Callable[[Subject], Any]
T = TypeVar("T")


def conformance(
    plugin: object,
    *,
    level: int = 1,
    skip: Mapping[str, str] = _NONE,
    xfail: Mapping[str, str] = _NONE,
    communities: Iterable[Community] | None = None,
) -> type:
    """A fresh test class: one static test for every invariant, and for every standard that it can be asked of.

    `plugin` is a module or object with hooks, or the name under which one is installed. `level` pins the invariants, so
    that a later kit asks no more of it. `skip` and `xfail` give the reason by the invariant's id, or by the id, a space
    and the standard's. `communities` are scored instead of those that the kit makes. How many examples are drawn, and
    whether they are the same each time, is Hypothesis' current profile. A plugin that cannot be loaded has one test,
    which fails. Raises InvalidInput where there is no such level or invariant, and where a reason is missing.

    >>> from civrules.testing import conformance
    >>> import civrules_example.plugin
    >>> "test_adds_up__example_check" in vars(conformance(civrules_example.plugin))
    True
    """
    _check(level, {"skip": skip, "xfail": xfail})
    registered = Registered.of(plugin)
    given = None if communities is None else tuple(communities)
    tests: dict[str, Any] = {}
    for name, standard, invariant, plain in _tests(registered, level, given):
        test = _marked(plain, pytest.mark.skip, skip, invariant, standard)
        test = _marked(test, pytest.mark.xfail, xfail, invariant, standard)
        test.__doc__ = invariant.says
        tests[name] = staticmethod(test)
    about = f"The promises of {registered.plugin.name}, level {level}."
    return type("TestConformance", (), {"__doc__": about, **tests})


def _check(level: int, marks: Mapping[str, Mapping[str, str]]) -> None:
    """Raise InvalidInput where there is no such level, no invariant of a name, or no reason."""
    problems = [] if level in LEVELS else [Problem("unknown-word", ("level",), level, listed(map(str, LEVELS)))]
    for word, reasons in marks.items():
        if isinstance(reasons, Mapping):
            problems += (problem for name, why in reasons.items() for problem in _unmarkable(word, name, why))
        else:
            problems.append(Problem("bad-argument", (word,), reasons, "a mapping from invariants to reasons"))
    if problems:
        raise InvalidInput(problems)


def _unmarkable(word: str, name: str, why: object) -> Iterator[Problem]:
    """What is wrong with one entry of `skip` or `xfail`."""
    known = [one.id for one in INVARIANTS]
    invariant = name.partition(" ")[0]
    if invariant not in known:
        yield Problem("unknown-word", (word,), invariant, listed(known), nearest(invariant, known))
    if not isinstance(why, str) or not why.strip():
        yield Problem("bad-argument", (word, name), why, "the reason in words")


def _tests(
    registered: Registered, level: int, communities: tuple[Community, ...] | None
) -> Iterator[tuple[str, str, Invariant, Test]]:
    """Name, standard, invariant and the test itself."""
    asked = [one for one in INVARIANTS if one.level <= level]
    for one in (one for one in asked if one.of == "plugin"):
        yield _named(one.id), "", one, _plugin_test(registered, one)
        # Of a plugin that cannot be loaded nothing else can be said.
        if one.id == "loads" and fails(lambda: asked[0].check(registered)):
            return
    names = _names(registered)
    for standard in registered.standards:
        subject = registered.subject(standard, communities)
        for one in (one for one in asked if one.of == "standard" and one.applies(subject)):
            yield f"{_named(one.id)}__{_word(names[standard.edition])}", standard.id, one, _standard_test(subject, one)


def _names(registered: Registered) -> dict[str, str]:
    """How every edition is called: by its id where that has no other."""
    editions = Counter(one.id for one in registered.standards)
    return {one.edition: one.id if editions[one.id] == 1 else one.edition for one in registered.standards}


def _marked(test: Test, mark: Any, reasons: Mapping[str, str], invariant: Invariant, standard: str) -> Test:
    """The test with a mark, where there is a reason for it."""
    reason = reasons.get(f"{invariant.id} {standard}", reasons.get(invariant.id))
    return test if reason is None else mark(reason=reason)(test)


def _named(id: str) -> str:
    return f"test_{_word(id)}"


def _word(text: str) -> str:
    return "".join(one if one.isalnum() else "_" for one in text)


def fails(check: Test) -> bool:
    """Whether a check finds something broken."""
    try:
        check()
    except Broken:
        return True
    return False


def _plugin_test(registered: Registered, invariant: Invariant) -> Test:
    def test() -> None:
        _reported(invariant, registered.plugin, None, lambda: invariant.check(registered))

    return test


def _standard_test(subject: Subject, invariant: Invariant) -> Test:
    def test() -> None:
        _reported(invariant, subject.plugin, subject.standard.edition, lambda: asked(subject, invariant))

    return test


def asked(subject: Subject, invariant: Invariant) -> None:
    """Ask one invariant of one standard. Raises Broken with the smallest input that breaks it."""
    draws, corners = invariant.draws, invariant.corners
    if draws is None:
        _guarded(invariant, subject)
        return
    for drawn in () if corners is None else _made(lambda: list(corners(subject))):
        _guarded(invariant, subject, drawn)
    many = -(-settings().max_examples // invariant.one_in)
    try:
        for drawn in _drawn(subject, draws, many):
            _guarded(invariant, subject, drawn)
    except Broken:
        if Phase.shrink in settings().phases and invariant.shrinks:
            # As many are drawn once more, and the first that fails is made as small as it goes.
            _search(subject, draws, many, lambda drawn: _guarded(invariant, subject, drawn))
        raise


def _drawn(subject: Subject, draws: Draws, many: int) -> tuple[Any, ...]:
    """What Hypothesis draws; kept, for many invariants ask for the same and drawing takes longer than most of them."""
    asked, kept = subject.drawn.get(draws, (0, ()))
    if asked < many:
        found: list[Any] = []
        _search(subject, draws, many, found.append)
        asked, kept = subject.drawn[draws] = many, tuple(found)
    return kept[:many]


def _search(subject: Subject, draws: Draws, many: int, check: Callable[[Any], None]) -> None:
    """Have Hypothesis draw so many, and look for the smallest that breaks a check. Raises what the check raises."""
    strategy = _made(lambda: draws(subject))
    current = settings()

    @settings(
        current, max_examples=many, deadline=None, report_multiple_bugs=False, suppress_health_check=_UNCHECKED,
        phases=[phase for phase in current.phases if phase is not Phase.explain],  # no one sees what it adds
    )  # fmt: skip
    @given(strategy)
    def run(drawn: Any) -> None:
        check(drawn)

    try:
        run()
    except Flaky as flaky:
        # It failed once and then did not: what breaks it is not in the input.
        found = [one for one in getattr(flaky, "exceptions", ()) if isinstance(one, Broken)]
        raise (found[0] if found else flaky) from None


def _made(make: Callable[[], T]) -> T:
    """What is tried; an engine that fails while samples are made is broken too. Raises Broken."""
    try:
        return make()
    except Exception as error:
        raise Broken("expected", "samples", "raised", _raised(error)) from error


def _raised(error: Exception) -> str:
    """What was raised; of a plugin's measure what that raised."""
    return error.detail if isinstance(error, Raised) else f"{type(error).__name__}: {error}"


def _guarded(invariant: Invariant, *given: Any) -> None:
    """The check; whatever else it meets than what was promised is broken too. Raises Broken."""
    try:
        invariant.check(*given)
    except (Broken, HypothesisException):
        raise
    except Exception as error:
        raise Broken("expected", "no error", "raised", _raised(error), *samples_in(given)) from error


def samples_in(given: Iterable[Any]) -> Iterator[Sample]:
    """The samples of what a check was handed: alone, in a pair, or beside the name of a criterion."""
    for one in given:
        if isinstance(one, Sample):
            yield one
        elif isinstance(one, tuple):
            yield from samples_in(one)


def _reported(invariant: Invariant, plugin: Plugin, edition: str | None, check: Test) -> None:
    """Run a check; what is broken is said in a few lines, without a traceback through the kit."""
    try:
        check()
    except Broken as broken:
        words = told(invariant, plugin, edition, broken)
    else:
        return
    pytest.fail(words, pytrace=False)


def told(invariant: Invariant, plugin: Plugin, edition: str | None, broken: Broken) -> str:
    """What is broken: the invariant, the plugin and its version, the standard, the input, the figures, the page."""
    lines = [f"{invariant.id}: {invariant.says}", f"plugin     {plugin.name} {plugin.version or ''}".rstrip()]
    lines += [] if edition is None else [f"standard   {edition}"]
    return "\n".join((*lines, *broken.lines(), f"see        {invariant.page}"))

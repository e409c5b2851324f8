"""Discovery: plugins found or given, each asked once and kept apart from all others."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pluggy

from civrules.errors import CivrulesError, Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.measures.adopted import shape_problems
from civrules.model.standard import Standard
from civrules.rulebook import hookspecs
from civrules.rulebook.documents import Documents
from civrules.rulebook.plugin import Plugin, Supplied

GROUP = "civrules"
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})*", re.ASCII)
_RETURNS: Mapping[str, str] = MappingProxyType(
    {
        "civrules_standards": 'a list of civrules.documents(__package__, "standards") or of Standard objects',
        "civrules_campaigns": 'a list of civrules.documents(__package__, "campaigns") or of Campaign objects',
        "civrules_measures": "a list of classes as civrules.Measure describes them",
    }
)


def given(plugins: Iterable[object]) -> tuple[Supplied, ...]:
    """What plugin objects supply; a module's name is its own."""
    return _without_doubles(ask(plugin, Plugin(_name(plugin)), named=False) for plugin in plugins)


def installed(only: frozenset[str] | None, block: frozenset[str]) -> tuple[Supplied, ...]:
    """What the plugins of the entry-point group supply, by name; a broken one supplies its problem."""
    every, found = _points()
    found = [one for one in found if only is None and one.plugin.name not in block]
    points = [point for point in every if point.name not in block and (only is None or point.name in only)]
    for point in sorted(points, key=_order):
        distribution = point.dist
        plugin = Plugin(
            point.name, distribution.name if distribution else None, distribution.version if distribution else None
        )
        found.append(_loaded(point, plugin))
    missing = sorted((only or frozenset()) - {point.name for point in points} - block)
    absent = [
        Supplied(
            Plugin(name),
            True,
            problems=(Problem("plugin-import", (name,), "not installed", "", nearest(name, [p.name for p in points])),),
        )
        for name in missing
    ]
    return _without_doubles([*found, *absent])


def _loaded(point: Any, plugin: Plugin) -> Supplied:
    try:
        loaded = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a plugin does, the host goes on
        problem = Problem("plugin-import", (), _said(error))
        return _broken(plugin, problem)
    return ask(loaded, plugin, named=True)


def _points() -> tuple[list[Any], list[Supplied]]:
    """The entry points of the group; and the distributions that promise some in a file that cannot be read."""
    from importlib.metadata import distributions, entry_points

    try:
        return list(entry_points(group=GROUP)), []
    except Exception:  # noqa: BLE001  # one broken file keeps all others from being read: then each by itself
        by_name = {str(one.name): one for one in reversed(list(distributions()))}
    points: list[Any] = []
    broken: list[Supplied] = []
    for name, distribution in by_name.items():
        try:
            points += distribution.entry_points.select(group=GROUP)
        except Exception as error:  # noqa: BLE001  # as above
            if _promises(distribution):
                plugin = Plugin(name, name, distribution.version)
                broken.append(_broken(plugin, Problem("plugin-import", (), f"entry_points.txt: {_said(error)}")))
    return points, broken


def _promises(distribution: Any) -> bool:
    """Whether a distribution whose entry points cannot be read has one of the group, as far as can be seen."""
    try:
        return f"[{GROUP}]" in (distribution.read_text("entry_points.txt") or "")
    except (OSError, ValueError):
        return False


def _order(point: Any) -> tuple[str, ...]:
    """By name, then by what it leads to and where it comes from: never by the import path."""
    distribution = point.dist
    return point.name, point.value, str(distribution and distribution.name), str(distribution and distribution.version)


def ask(plugin: object, about: Plugin, *, named: bool) -> Supplied:
    """Call the plugin's hooks, once; whatever goes wrong becomes problems."""
    book = pluggy.PluginManager(hookspecs.PROJECT)
    book.add_hookspecs(hookspecs)
    try:
        problems = tuple(_shape(plugin)) or tuple(_without_hooks(plugin))
        if not problems:
            book.register(plugin, about.name)
            book.check_pending()
    except pluggy.PluginValidationError as error:
        problems = (Problem("plugin-hook", (), str(error).splitlines()[-1]),)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # what a plugin has may be worked out, and break
        problems = (Problem("plugin-unreadable", (), _said(error)),)
    if problems:
        return _broken(about, *problems, named=named)
    try:
        standards = _answers(book, "civrules_standards", _no_standards)
        campaigns = _answers(book, "civrules_campaigns", _no_campaigns)
        measures = _answers(book, "civrules_measures", _no_measures)
    except CivrulesError as error:
        return _broken(about, *error.problems, named=named)
    return Supplied(about, named, (*standards, *campaigns), measures)


def _answers(book: pluggy.PluginManager, hook: str, wrong: Callable[[list[Any]], Iterable[Problem]]) -> tuple[Any, ...]:
    """What a hook of the plugin returned. Raises CivrulesError where that is not what it is to return."""
    try:
        caller = getattr(book.hook, hook)
        answers = caller()
        parts = [part for answer in answers for part in _listed(answer)]
        if caller.get_hookimpls() and not answers:
            parts = [None]
        problems = tuple(wrong(parts))
    except _NotAList as error:
        raise CivrulesError(Problem("plugin-returned", (), type(error.args[0]).__name__, _RETURNS[hook])) from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a plugin does, the host goes on
        raise CivrulesError(Problem("plugin-raised", (), _said(error), hook)) from None
    if problems:
        raise CivrulesError(problems)
    return tuple(parts)


def _no_standards(parts: list[Any]) -> Iterator[Problem]:
    yield from _no_documents(parts, Standard, "civrules_standards")


def _no_campaigns(parts: list[Any]) -> Iterator[Problem]:
    yield from _no_documents(parts, Campaign, "civrules_campaigns")


def _no_documents(parts: list[Any], kind: type[Any], hook: str) -> Iterator[Problem]:
    wrong = dict.fromkeys(type(part).__name__ for part in parts if not isinstance(part, Documents | kind))
    if wrong:
        yield Problem("plugin-returned", (), ", ".join(wrong), _RETURNS[hook])


def _no_measures(parts: list[Any]) -> Iterator[Problem]:
    if None in parts:
        yield Problem("plugin-returned", (), "NoneType", _RETURNS["civrules_measures"])
        return
    for part in parts:
        yield from (problem.within("civrules_measures") for problem in shape_problems(part))


def _listed(answer: Any) -> Iterable[Any]:
    """What a hook returned; what is no list of things is refused whole."""
    single = isinstance(answer, str | bytes | Mapping | Documents | Standard | Campaign | type)
    if single or not isinstance(answer, Iterable):
        raise _NotAList(answer)
    return answer


class _NotAList(Exception):
    """A hook returned one thing where a list is wanted."""


def _without_hooks(plugin: object) -> Iterator[Problem]:
    """A plugin that supplies nothing, most likely because its hook's name is misspelt from the first letters on."""
    names = [name for name in dir(plugin) if not name.startswith("_")]
    if not any(name in hookspecs.HOOKS for name in names):
        near = next((name for name in names if nearest(name, hookspecs.HOOKS)), "")
        yield Problem("plugin-no-hook", (), near or None, ", ".join(hookspecs.HOOKS), nearest(near, hookspecs.HOOKS))


def _shape(plugin: object) -> Iterator[Problem]:
    """Misspelt and undecorated hooks, and an API that is too new: seen before anything is called."""
    wanted = getattr(plugin, "civrules_api", "1.0")
    if not _VERSION.fullmatch(str(wanted)) or tuple(map(int, str(wanted).split("."))) > hookspecs.API:
        yield Problem("plugin-api", (), str(wanted), ".".join(map(str, hookspecs.API)))
    for name in dir(plugin):
        if not name.startswith("civrules_") or name == "civrules_api":
            continue
        member = getattr(plugin, name, None)
        if not callable(member):
            continue
        marked = getattr(member, f"{hookspecs.PROJECT}_impl", None)
        if name not in hookspecs.HOOKS:
            yield Problem("plugin-unknown-hook", (), name, ", ".join(hookspecs.HOOKS), nearest(name, hookspecs.HOOKS))
        elif marked is None:
            yield Problem("plugin-undecorated", (), name)
        elif defaults := _with_defaults(member):
            yield Problem("plugin-default", (), ", ".join(defaults), name)


def _with_defaults(hook: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments that have a default: pluggy never hands them in, and says nothing."""
    try:
        parameters = inspect.signature(hook).parameters
    except (TypeError, ValueError):
        return ()
    return tuple(name for name, one in parameters.items() if one.default is not inspect.Parameter.empty)


def _said(error: BaseException) -> str:
    """What was raised, in its own words, as far as it has any."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # even its words may break
        return type(error).__name__


def _broken(plugin: Plugin, *problems: Problem, named: bool = True) -> Supplied:
    supplied = Supplied(plugin, named)
    return Supplied(plugin, named, problems=tuple(problem.within(*supplied.where()) for problem in problems))


def _without_doubles(found: Iterable[Supplied]) -> tuple[Supplied, ...]:
    """Two plugins of one name supply nothing: nobody could say which is meant."""
    by_name: dict[str, list[Supplied]] = {}
    for one in found:
        by_name.setdefault(one.plugin.name, []).append(one)
    kept = []
    for name in sorted(by_name):
        same = by_name[name]
        if len(same) == 1:
            kept.append(same[0])
            continue
        froms = ", ".join(
            sorted(f"{one.plugin.distribution or 'given'} {one.plugin.version or ''}".strip() for one in same)
        )
        kept.append(_broken(same[0].plugin, Problem("plugin-duplicate", (), name, froms), named=same[0].named))
    return tuple(kept)


def _name(plugin: object) -> str:
    name = getattr(plugin, "__name__", None) or type(plugin).__name__
    return str(name)

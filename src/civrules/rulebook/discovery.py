"""Discovery: plugins found or given, each asked once and kept apart from all others."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pluggy

from civrules.errors import Problem, nearest
from civrules.model.campaign import Campaign
from civrules.model.standard import Standard
from civrules.rulebook import hookspecs
from civrules.rulebook.documents import Documents
from civrules.rulebook.plugin import Plugin, Supplied

GROUP = "civrules"
_RETURNS = {
    "civrules_standards": 'a list of civrules.documents(__package__, "standards") or of Standard objects',
    "civrules_campaigns": 'a list of civrules.documents(__package__, "campaigns") or of Campaign objects',
}
_GIVES: Mapping[str, Any] = {"civrules_standards": Standard, "civrules_campaigns": Campaign}


def given(plugins: Iterable[object]) -> tuple[Supplied, ...]:
    """What plugin objects supply; a module's name is its own."""
    return _without_doubles(ask(plugin, Plugin(_name(plugin)), named=False) for plugin in plugins)


def installed(only: frozenset[str] | None, block: frozenset[str]) -> tuple[Supplied, ...]:
    """What the plugins of the entry-point group supply, by name; a broken one supplies its problem."""
    from importlib.metadata import entry_points

    points = [
        point for point in entry_points(group=GROUP) if point.name not in block and (only is None or point.name in only)
    ]
    found = []
    for point in sorted(points, key=lambda point: (point.name, point.value)):
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
        problem = Problem("plugin-import", (), f"{type(error).__name__}: {error}")
        return _broken(plugin, problem)
    return ask(loaded, plugin, named=True)


def ask(plugin: object, about: Plugin, *, named: bool) -> Supplied:
    """Call the plugin's hooks, once; whatever goes wrong becomes problems."""
    problems = tuple(_shape(plugin)) or tuple(_without_hooks(plugin))
    if problems:
        return _broken(about, *problems, named=named)
    book = pluggy.PluginManager(hookspecs.PROJECT)
    book.add_hookspecs(hookspecs)
    try:
        book.register(plugin, about.name)
        book.check_pending()
    except pluggy.PluginValidationError as error:
        return _broken(about, Problem("plugin-hook", (), str(error).splitlines()[-1]), named=named)
    parts: list[Any] = []
    for hook in hookspecs.HOOKS:
        try:
            parts += _supplied(getattr(book.hook, hook), _GIVES[hook])
        except _Wrong as error:
            return _broken(about, Problem("plugin-returned", (), str(error), _RETURNS[hook]), named=named)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a plugin does, the host goes on
            problem = Problem("plugin-raised", (), f"{type(error).__name__}: {error}", hook)
            return _broken(about, problem, named=named)
    return Supplied(about, named, tuple(parts))


def _supplied(hook: Any, kind: Any) -> list[Any]:
    """What one hook gives: folders, or finished objects of its kind."""
    answers = [_listed(answer) for answer in hook()]
    parts = [part for answer in answers for part in answer]
    if hook.get_hookimpls() and not answers:
        parts = [None]
    wrong = dict.fromkeys(type(part).__name__ for part in parts if not isinstance(part, Documents | kind))
    if wrong:
        raise _Wrong(", ".join(wrong))
    return parts


def _listed(answer: Any) -> Iterable[Any]:
    """What a hook returned; what is no list of things is refused whole."""
    single = isinstance(answer, str | bytes | Mapping | Documents | Standard | Campaign)
    if single or not isinstance(answer, Iterable):
        raise _Wrong(type(answer).__name__)
    return answer


class _Wrong(Exception):
    """A hook returned what it should not: its types."""


def _without_hooks(plugin: object) -> Iterator[Problem]:
    """A plugin that supplies nothing, most likely because its hook's name is misspelt from the first letters on."""
    names = [name for name in dir(plugin) if not name.startswith("_")]
    if not any(name in hookspecs.HOOKS for name in names):
        near = next((name for name in names if nearest(name, hookspecs.HOOKS)), "")
        yield Problem("plugin-no-hook", (), near or None, ", ".join(hookspecs.HOOKS), nearest(near, hookspecs.HOOKS))


def _shape(plugin: object) -> Iterator[Problem]:
    """Misspelt and undecorated hooks, and an API that is too new: seen before anything is called."""
    wanted = getattr(plugin, "civrules_api", "1.0")
    parts = str(wanted).split(".")
    if not all(part.isdigit() for part in parts) or tuple(map(int, parts)) > hookspecs.API:
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

"""Prints the table of mutants, and fails where one escapes, two are alike, or an invariant has none."""

import sys
from collections import Counter

from mutants.engines import ENGINES
from mutants.mutant import BY_ID, EngineMutant, PluginMutant
from mutants.plugins import PLUGINS
from mutants.standards import standards


def faults() -> list[str]:
    """What is wrong with the list itself."""
    every: list[EngineMutant | PluginMutant] = [*ENGINES, *PLUGINS]
    names = [name for name, times in Counter(one.name for one in every).items() if times > 1]
    texts = [says for says, times in Counter(one.says for one in every).items() if times > 1]
    without = [name for name in BY_ID if name not in {one.breaks for one in every}]
    return [
        *(f"two mutants are called {name}" for name in names),
        *(f"two mutants are alike: {says}" for says in texts),
        *(f"no mutant breaks {name}" for name in without),
    ]


def row(name: str, says: str, breaks: str, where: str, fault: str | None) -> str | None:
    """Print a row; what is wrong with it."""
    print(f"{'ESCAPES' if fault else 'caught':8} {name:26} {breaks:16} {where:36} {says}")
    return f"{name}: {fault}" if fault else None


def main() -> int:
    """Every mutant, one after the other."""
    found: list[str | None] = [*faults()]
    known = standards()
    for engine in ENGINES:
        words = engine.caught(known)
        found.append(row(engine.name, engine.says, engine.breaks, engine.on, None if words else "nobody noticed"))
    for plugin in PLUGINS:
        noticed = plugin.caught()
        found.append(row(plugin.name, plugin.says, plugin.breaks, "a plugin", plugin.escapes(noticed)))
        for name in noticed:
            if name != plugin.breaks:
                reason = plugin.also.get(name, "Nothing in the table says why.")
                print(f"{'and so':8} {plugin.name:26} {name:16} {'':36} {reason}")
    wrong = [one for one in found if one]
    print(f"\n{len(ENGINES)} engines and {len(PLUGINS)} plugins, {len(wrong)} wrong")
    print(*wrong, sep="\n", file=sys.stderr)
    return bool(wrong)


sys.exit(main())

"""Print the lowest version of every dependency that the given pyproject files name, as constraints for pip.

    python tools/lowest.py pyproject.toml plugins/*/pyproject.toml

Where several files name the same dependency, the highest of the lower bounds holds: nothing below it can be installed.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*(?P<versions>[^;]*)")
LOWER_BOUND = re.compile(r"(?:>=|~=|==)\s*(?P<version>[0-9]+(?:\.[0-9]+)*)")


def main(paths: Iterable[str]) -> None:
    """Print one line `name==version` for every dependency that is not itself one of the projects."""
    projects = [tomllib.loads(Path(path).read_text(encoding="utf-8"))["project"] for path in paths]
    own = {normalised(project["name"]) for project in projects}
    lowest: dict[str, str] = {}
    for project in projects:
        for requirement in requirements(project):
            name, version = lower_bound(requirement, own)
            if name not in own:
                lowest[name] = max(lowest.get(name, version), version, key=release)
    for name, version in sorted(lowest.items()):
        print(f"{name}=={version}")


def requirements(project: dict[str, Any]) -> Iterator[str]:
    """The project's direct dependencies, those of its extras included."""
    yield from project.get("dependencies", [])
    for extra in project.get("optional-dependencies", {}).values():
        yield from extra


def lower_bound(requirement: str, own: Iterable[str]) -> tuple[str, str]:
    """The name and lowest version that a requirement names; a requirement without one stops the script."""
    named = REQUIREMENT.match(requirement)
    if named is None:
        sys.exit(f"not a requirement: {requirement!r}")
    name = normalised(named["name"])
    bound = LOWER_BOUND.search(named["versions"])
    if bound is None and name not in own:
        sys.exit(f"{requirement!r} names no lowest version; write for instance {name}>=1.0")
    return name, bound["version"] if bound else "0"


def normalised(name: str) -> str:
    """The one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 8.10 comes after 8.9."""
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    main(sys.argv[1:])

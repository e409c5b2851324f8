"""Documents: a handle to a plugin's folder, read when first asked for."""

from importlib.resources.abc import Traversable

import attrs


@attrs.frozen
class Documents:
    """A folder of TOML documents that the book will read with its own measures, when first asked for one."""

    folder: Traversable

    def files(self) -> tuple[Traversable, ...]:
        """The TOML files of the folder, by name."""
        files = (file for file in self.folder.iterdir() if file.name.endswith(".toml"))
        return tuple(sorted(files, key=lambda file: file.name))


def documents(package: str, folder: str, /) -> Documents:
    """What a plugin's hook returns: `documents(__package__, "standards")`. Nothing is read yet."""
    from importlib.resources import files

    return Documents(files(package) / folder)

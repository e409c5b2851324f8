"""The command line, thin over the public API; `civrules[cli]` brings what it needs.

It ends with 0 when done, 1 when the input was refused (every problem stands on a line of standard error, and nothing
was written), 2 when it was used wrongly, 3 when evaluate wrote a result in bulk and rejected rows; replay, lint, diff
and exercised also with 1 where they find something.
"""

from importlib.util import find_spec

if find_spec("click") and find_spec("rich"):
    from civrules.cli.group import main
else:
    from civrules.cli.without_extra import main  # type: ignore[assignment]  # a function in the place of a command

__all__ = ["main"]

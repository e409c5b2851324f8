"""What `civrules` does where the extra is not installed."""

import sys
from typing import NoReturn


def main(*_: object, **__: object) -> NoReturn:
    """Say which extra to install, and end with 2."""
    sys.stderr.write("The command line needs an extra: pip install 'civrules[cli]'\n")
    raise SystemExit(2)

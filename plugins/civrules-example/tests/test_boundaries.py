"""What the standard answers on its boundaries is what was signed off."""

import os
from pathlib import Path

from click.testing import CliRunner

from civrules.cli import main

SIGNED = Path(__file__).with_name("boundaries.csv")
RECORD = os.environ.get("CIVRULES_RECORD", "") not in {"", "0"}
"""CIVRULES_RECORD=1 writes the table anew; read the difference before committing it."""


def test_the_table_of_boundaries_is_the_one_that_was_signed_off() -> None:
    """`civrules boundaries example/check --format csv` prints the file beside this one."""
    printed = CliRunner().invoke(main, ["boundaries", "example/check", "--format", "csv"]).stdout
    if RECORD:
        SIGNED.write_text(printed, encoding="utf-8")
    assert SIGNED.read_text(encoding="utf-8") == printed

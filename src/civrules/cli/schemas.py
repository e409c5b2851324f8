"""schema: what editors and hosts in other languages check documents and observations with."""

import json
import sys

import click

from civrules import Rulebook, schema
from civrules.cli.output import write


@click.command("schema")
@click.argument("of", type=click.Choice(["standard", "campaign", "observations"]), default="standard")
@click.option("--plugins", is_flag=True, help="With the kinds of measure that the installed plugins bring.")
def schema_command(of: str, plugins: bool) -> None:  # click hands in what the options say
    """Print the JSON Schema (draft 2020-12) of standards, campaigns, or tables of observations in JSON.

    Editors complete and check TOML with it: save it, and let the document begin with the line
    `#:schema standard.schema.json`.
    """
    made = Rulebook.installed().schema() if plugins and of == "standard" else schema(of)  # type: ignore[arg-type]  # one of the choices
    in_full = (sys.stdout.encoding or "").lower().startswith("utf")
    write(f"{json.dumps(made, ensure_ascii=not in_full, indent=2)}\n")

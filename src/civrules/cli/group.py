"""The command `civrules`, and how it ends when the input is refused."""

from typing import IO, Any

import click

from civrules.cli.campaigns import calendar, cases
from civrules.cli.catalogue import plugins, standards
from civrules.cli.changes import diff_command
from civrules.cli.exercise import boundaries_command, exercised_command
from civrules.cli.following import history_command, ledger_command, outcomes_command, rank_command
from civrules.cli.new import new_command
from civrules.cli.options import LANG_KEY
from civrules.cli.output import said
from civrules.cli.records import replay_command
from civrules.cli.review import lint_command
from civrules.cli.schemas import schema_command
from civrules.cli.scores import evaluate, explain
from civrules.cli.show import show
from civrules.errors import CivrulesError


class Refused(click.ClickException):
    """The input was refused: every problem on a line of standard error, exit code 1."""

    exit_code = 1

    def __init__(self, error: CivrulesError, lang: Any) -> None:
        self.problems = error.problems
        super().__init__("\n".join(said(problem, lang) for problem in error.problems))

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the problems."""
        click.echo(self.message, file=file, err=file is None)


class Commands(click.Group):
    """A group whose commands refuse input in one way."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of civrules becomes `Refused`, in the language that was asked for."""
        try:
            return super().invoke(ctx)
        except CivrulesError as error:
            raise Refused(error, ctx.meta.get(LANG_KEY, "en")) from error


@click.group(
    "civrules",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Ends with 0 when done, 1 when the input was refused (or replay, lint, diff or exercised found something), "
    "2 when used wrongly, 3 when evaluate wrote a result and rejected rows.",
)
@click.version_option(package_name="civrules", prog_name="civrules")
def main() -> None:
    """Score communities against standards, and say what follows.

    ID is the plugin/name[@version] of a standard or campaign, or the path of a document that ends in .toml.
    """


for command in (
    plugins, standards, show, evaluate, explain, replay_command, rank_command, outcomes_command, ledger_command,
    history_command, cases, calendar, lint_command, diff_command, new_command, schema_command, boundaries_command,
    exercised_command,
):  # fmt: skip
    main.add_command(command)

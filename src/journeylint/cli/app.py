"""The program's commands under one name."""

from __future__ import annotations

import click

from journeylint import __version__
from journeylint.cli.check_command import check
from journeylint.cli.check_policies_command import check_policies
from journeylint.cli.explain_command import explain
from journeylint.cli.policies_command import policies
from journeylint.cli.test_command import test
from journeylint.suggest import did_you_mean


class _Commands(click.Group):
    """Tells an unknown command with the nearest one, or how to judge the path that it is."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in self.commands or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        hint = did_you_mean(name, self.commands)
        if not hint and _looks_like_path(name):
            hint = f" - to judge that path: journeylint check {name}"
        message = f"there is no command {name!r}{hint or ': expected one of ' + ', '.join(self.commands)}"
        raise click.UsageError(message, ctx)


def _looks_like_path(word: str) -> bool:
    from pathlib import Path  # noqa: PLC0415 - only a mistake pays for it

    return "/" in word or word == "." or Path(word).exists()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, prog_name="journeylint", message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context) -> int | None:
    """Judge marketing journeys against policies before they are published.

    \b
    journeylint check                judge the journeys of this folder
    journeylint explain OBS004       tell what a policy is about
    journeylint COMMAND --help       tell what a command can do
    """
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help(), err=True)
    return 2


for _command in (check, policies, explain, check_policies, test):
    app.add_command(_command)

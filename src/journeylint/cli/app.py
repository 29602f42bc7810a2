"""The program's commands under one name."""

from __future__ import annotations

import importlib
import keyword

import click

from journeylint import __version__
from journeylint.suggest import did_you_mean

COMMANDS = (
    "check",
    "fix",
    "suppressions",
    "baseline",
    "import",
    "pull",
    "policies",
    "explain",
    "config",
    "check-policies",
    "test",
    "plugins",
    "impact",
    "new",
    "docs",
    "schema",
)
"""The commands in the order of the help; each is in `<name>_command`, imported only when it is asked for."""


class _Commands(click.Group):
    """Finds commands by name, and tells an unknown one with the nearest, or how to judge the path that it is."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, imported now: one command need not wait for what the others import."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"journeylint.cli.{name}_command")
        command: click.Command = getattr(module, f"{name}_" if keyword.iskeyword(name) else name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        hint = did_you_mean(name, COMMANDS)
        if not hint and _looks_like_path(name):
            hint = f" - to judge that path: journeylint check {name}"
        message = f"there is no command {name!r}{hint or ': expected one of ' + ', '.join(COMMANDS)}"
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
    journeylint fix                  mend what policies know how to mend
    journeylint import data.zip -o . make journeys of an export
    journeylint explain OBS004       tell what a policy is about
    journeylint COMMAND --help       tell what a command can do
    """
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help(), err=True)
    return 2

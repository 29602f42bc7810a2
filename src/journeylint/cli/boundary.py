"""Turns whatever ends a command into an exit code and, on standard error, into words."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from journeylint.cli.app import app
from journeylint.cli.exit_status import BUG, INTERRUPTED, NOT_RUN
from journeylint.cli.notices import tell_errors
from journeylint.cli.streams import prepare_streams
from journeylint.errors import JourneylintError
from journeylint.suggest import did_you_mean


def run_guarded(argv: Sequence[str] | None, program: click.Command = app) -> int:
    """The exit code of *program* with the command line *argv* (None: that of the process); it raises nothing."""
    prepare_streams()
    try:
        status: object = program.main(argv, prog_name="journeylint", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except JourneylintError as error:
        tell_errors(error.messages)
        return error.exit_code
    except click.UsageError as error:
        tell_errors([_describe(error)])
        if error.ctx is not None:
            _say(error.ctx.get_usage())
            _say(f"For help: {error.ctx.command_path} --help")
        return NOT_RUN
    except click.ClickException as error:
        tell_errors([error.format_message()])
        return NOT_RUN
    except Exception as error:  # noqa: BLE001 - the last line of defence: any other exception is a bug, and is told as one
        from journeylint.cli.crash import describe_crash  # noqa: PLC0415 - only a bug pays for it

        _say(describe_crash(error, sys.argv[1:] if argv is None else argv))
        return BUG
    return status if isinstance(status, int) else 0


def _describe(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        known = [name for param in error.ctx.command.get_params(error.ctx) for name in param.opts]
        return f"there is no option {error.option_name}{did_you_mean(error.option_name, known)}"
    return error.format_message()


def _say(text: str) -> None:
    click.echo(text, err=True)

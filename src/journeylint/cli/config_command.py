"""`journeylint config`: what a configuration comes to."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.notices import tell_warnings
from journeylint.cli.plugin_options import build_command_host, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.terminal import painter

if TYPE_CHECKING:
    from journeylint.effective import EffectiveSettings
    from journeylint.plugin_choice import PluginOptions


@click.group(short_help="Tell what the configuration comes to.", invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> int | None:
    """Tell what the configuration comes to.

    \b
    journeylint config show          every setting and where it comes from
    """
    if context.invoked_subcommand is not None:
        return None
    click.echo(context.get_help(), err=True)
    return 2


@config.command(short_help="Show every setting and where it comes from.")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
@click.option(
    "--config",
    "file",
    type=click.Path(),
    metavar="FILE",
    help="Read this configuration instead of the nearest journeylint.yaml or pyproject.toml.",
)
@click.option("--all", "everything", is_flag=True, help="Show the policies too for which nothing is set.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="As a list for people, or as JSON for programs, which has everything. Default: text.",
)
@click.option(
    "--color", type=click.Choice(CHOICES), default="auto", help="Colour the list. Default: auto, on a terminal."
)
@plugin_options
def show(
    *, paths: tuple[str, ...], file: str | None, everything: bool, form: str, color: str, plugins: PluginOptions
) -> int:
    """Show the settings that hold and where each was set: those of a run, or those for the files in PATHS.

    \b
    Examples:
      journeylint config show
      journeylint config show journeys/spring-sale.yaml
      journeylint config show --format json
    """
    from journeylint.cli.config_text import list_file, list_run  # noqa: PLC0415 - `--help` needs no engine

    found = _find(paths, file, plugins)
    tell_warnings(found.warnings)
    if form == "json":
        from journeylint.cli.config_data import describe_settings  # noqa: PLC0415 - as above

        text = json.dumps(describe_settings(found, is_for_files=bool(paths)), indent=2, ensure_ascii=False)
    else:
        paint = painter(color=wants_color(color, sys.stdout))
        lines: list[str] = []
        if not paths:
            lines += list_run(found, paint, everything=everything)
        for one in found.files:
            lines += [*([""] if lines else []), *list_file(one, found, paint, everything=everything)]
        text = "\n".join(lines)
    write_standard_output(lambda stream: stream.write(text + "\n"))
    return 0


def _find(paths: tuple[str, ...], file: str | None, plugins: PluginOptions) -> EffectiveSettings:
    """What holds under the configuration *file*, or the nearest."""
    from journeylint.check_request import CheckRequest  # noqa: PLC0415 - as above
    from journeylint.effective import find_effective  # noqa: PLC0415 - `--help` needs no engine

    request = CheckRequest(paths, Path.cwd(), config=None if file is None else Path(file))
    settings, host, _ = build_command_host(plugins, paths=paths, config=file)
    return find_effective(request, host, settings)

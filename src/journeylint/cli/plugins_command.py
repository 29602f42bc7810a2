"""`journeylint plugins`: the plugins that are there, what each brings, and why one is not loaded."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.plugin_options import build_command_host, config_option, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.terminal import painter

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions


@click.command(short_help="List the plugins and what they bring.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="As a list for people, or as JSON for programs. Default: text.",
)
@click.option(
    "--color", type=click.Choice(CHOICES), default="auto", help="Colour the list. Default: auto, on a terminal."
)
@config_option
@plugin_options
def plugins(*, form: str, color: str, config: str | None, plugins: PluginOptions) -> int:
    """List the plugins: version, packs, kinds, functions, file formats and reports, and why one is not loaded.

    The variable JOURNEYLINT_LOAD_PLUGINS names the installed plugins to load, separated by commas; empty it loads none.

    \b
    Examples:
      journeylint plugins
      journeylint plugins --format json
      journeylint plugins -p no:acme-policies
    """
    from journeylint.cli.plugin_list import plugin_data, plugin_lines  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policy_library import load_library  # noqa: PLC0415 - as above

    found = build_command_host(plugins, config=config)
    library = load_library(found.host, use_cache=True)
    if form == "json":
        text = json.dumps(plugin_data(found, library), indent=2, ensure_ascii=False)
    else:
        text = "\n".join(plugin_lines(found, library, painter(color=wants_color(color, sys.stdout))))
    write_standard_output(lambda stream: stream.write(text + "\n"))
    return 0

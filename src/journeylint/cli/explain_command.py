"""`journeylint explain`: one policy as a page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from journeylint.cli.color import CHOICES, wants_color
from journeylint.cli.failure_page import failure_page, find_failure_code
from journeylint.cli.installed_policies import read_installed_policies
from journeylint.cli.plugin_options import config_option, plugin_options
from journeylint.cli.streams import write_standard_output
from journeylint.terminal import painter

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions


@click.command(short_help="Tell what a policy or failure is about, and what to do.")
@click.argument("word", metavar="ID|NAME")
@click.option(
    "--color", type=click.Choice(CHOICES), default="auto", help="Colour the page. Default: auto, on a terminal."
)
@config_option
@plugin_options
def explain(*, word: str, color: str, config: str | None, plugins: PluginOptions) -> int:
    """Tell what a policy, or a failure such as JL002, is about and what to do.

    \b
    Examples:
      journeylint explain OBS004
      journeylint explain oversized-outbound-segment
    """
    paint = painter(color=wants_color(color, sys.stdout))
    code = find_failure_code(word)
    if code is not None:
        lines = list(failure_page(code, paint))
    else:
        from journeylint.cli.find_policy import find_policy  # noqa: PLC0415 - failures need no policies
        from journeylint.cli.policy_page import policy_page  # noqa: PLC0415 - as above

        library = read_installed_policies(plugins, config)
        policy = find_policy(word, library.policies)
        pack = next((pack for pack in library.packs if pack.name == policy.pack), None)
        lines = list(policy_page(policy, pack, paint))
    write_standard_output(lambda stream: stream.write("\n".join(lines) + "\n"))
    return 0

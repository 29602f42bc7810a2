"""The options about plugins that commands share, and the host that a command works with."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from journeylint.cli import run_options
from journeylint.cli.sections import SectionedOption

if TYPE_CHECKING:
    from journeylint.host import Host
    from journeylint.plugin_choice import LeftOut, PluginOptions
    from journeylint.settings.values import Settings

SECTION = "Plugins"

config_option = run_options.config_option()
"""For commands that judge nothing, but ask which plugins and packs there are."""

_OPTIONS = (
    click.option(
        "-p",
        "plugin_words",
        cls=SectionedOption,
        section=SECTION,
        multiple=True,
        metavar="no:NAME",
        help="Leave this plugin out: the name of the plugin or of its distribution. Repeat it for several.",
    ),
    click.option(
        "--allow-local-plugins",
        cls=SectionedOption,
        section=SECTION,
        is_flag=True,
        help="Import the Python that the configuration names under plugins.paths. No configuration can say this itself.",
    ),
)


class CommandHost(NamedTuple):
    """What a command works with: the settings, the plugins that they and the command line let in, and the others."""

    settings: Settings
    host: Host
    left_out: tuple[LeftOut, ...]


def plugin_options(command: Callable[..., int]) -> Callable[..., int]:
    """*command* with the options about plugins; it gets what they say as its keyword argument `plugins`."""

    @functools.wraps(command)
    def with_plugins(*, plugin_words: tuple[str, ...], allow_local_plugins: bool, **others: Any) -> int:
        from journeylint.plugin_choice import LOAD_VARIABLE, PluginOptions, read_only_names  # noqa: PLC0415 - not for help

        only = read_only_names(os.environ.get(LOAD_VARIABLE))
        return command(plugins=PluginOptions(plugin_words, only, allow_local_plugins), **others)

    for option in reversed(_OPTIONS):
        with_plugins = option(with_plugins)
    return with_plugins


def build_command_host(
    plugins: PluginOptions, *, paths: Sequence[str] = (), config: str | None = None, roots_may_lack_packs: bool = False
) -> CommandHost:
    """Settings first, for they say which plugins may be imported; then these plugins and the configured packs.

    *paths* are those whose nearest configuration counts. A command that writes the first pack of a root goes on where a
    root lacks packs. Raises JourneylintError where any of it cannot be used.
    """
    from journeylint.check_request import read_run_settings  # noqa: PLC0415 - `--help` needs no engine

    file = None if config is None else Path(config)
    settings = read_run_settings(paths, config=file, working_directory=Path.cwd())
    if not roots_may_lack_packs:
        return _build_host(plugins, settings)
    filled = tuple(word for word in settings.policy_roots if any(Path(settings.full_path(word)).glob("*/pack.yaml")))
    return _build_host(plugins, settings._replace(policy_roots=filled))._replace(settings=settings)


def host_under(plugins: PluginOptions, settings: Settings) -> Host:
    """The host with the plugins that *settings* and the command line let in, and the configured packs."""
    return _build_host(plugins, settings).host


def _build_host(plugins: PluginOptions, settings: Settings) -> CommandHost:
    from journeylint.configured_roots import add_configured_roots  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.entry_points import find_entry_points  # noqa: PLC0415 - as above
    from journeylint.host import build_host  # noqa: PLC0415 - as above
    from journeylint.plugin_choice import choose_plugins, find_local_plugins  # noqa: PLC0415 - as above

    choice = choose_plugins(find_entry_points(), settings.plugins, plugins, find_local_plugins(settings))
    host = add_configured_roots(build_host(choice.chosen), settings)
    return CommandHost(settings, host, choice.left_out)

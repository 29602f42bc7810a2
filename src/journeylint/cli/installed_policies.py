"""The packs and policies of plugins and of the configuration, as their files have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.cli.plugin_options import build_command_host

if TYPE_CHECKING:
    from journeylint.plugin_choice import PluginOptions
    from journeylint.policies import Library


def read_installed_policies(plugins: PluginOptions, config: str | None) -> Library:
    """All packs and policies, checked as for a run; JourneylintError where one, or the configuration, cannot be used."""
    from journeylint.policy_library import load_library  # noqa: PLC0415 - `--help` needs no engine

    return load_library(build_command_host(plugins, config=config).host)

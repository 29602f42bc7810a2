"""The packs and policies of plugins and of the configuration, as their files have them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journeylint.cli.plugin_options import build_command_host

if TYPE_CHECKING:
    from datetime import datetime

    from journeylint.plugin_choice import PluginOptions
    from journeylint.policies import Library


def read_installed_policies(plugins: PluginOptions, config: str | None) -> Library:
    """All packs and policies, checked as for a run; JourneylintError where one, or the configuration, cannot be used."""
    from journeylint.policy_library import load_library  # noqa: PLC0415 - `--help` needs no engine

    return load_library(build_command_host(plugins, config=config).host, use_cache=True)


def read_now() -> datetime:
    """What a run that nothing else is said to would take as now: the clock, or SOURCE_DATE_EPOCH."""
    from journeylint.check_request import CheckRequest, instant_of  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.settings.values import Settings  # noqa: PLC0415 - as above

    here = Path.cwd()
    return instant_of(CheckRequest((), here), Settings(here))

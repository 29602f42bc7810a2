"""The packs and policies of the built-in and installed plugins, as their files have them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from journeylint.policies import Library


def read_installed_policies() -> Library:
    """All packs and policies, checked as for a run; PluginError or PolicyError where one cannot be used."""
    from journeylint.host import build_host  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policy_library import load_library  # noqa: PLC0415 - as above

    return load_library(build_host())


def read_now() -> datetime:
    """What a run that nothing else is said to would take as now: the clock, or SOURCE_DATE_EPOCH."""
    from journeylint.pipeline import CheckRequest, instant_of  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.settings.values import Settings  # noqa: PLC0415 - as above

    here = Path.cwd()
    return instant_of(CheckRequest((), here), Settings(here))

"""The packs and policies of the built-in and installed plugins, as their files have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.policies import Library


def read_installed_policies() -> Library:
    """All packs and policies, checked as for a run; PluginError or PolicyError where one cannot be used."""
    from journeylint.host import build_host  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policy_library import load_library  # noqa: PLC0415 - as above

    return load_library(build_host())

"""The packs and policies of the built-in and installed plugins, as their files have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.policies import Library


def read_installed_policies() -> Library:
    """All packs and policies, not compiled; PluginError or PolicyError where one cannot be used."""
    from journeylint.host import build_host, schema_of  # noqa: PLC0415 - `--help` needs no engine
    from journeylint.policies import read_library  # noqa: PLC0415 - as above

    host = build_host()
    schemas = {name: schema_of(name) for name in ("policy", "pack")}
    return read_library(host.policy_roots, host.loaders[".yaml"], schemas)

"""The policy packs that ship with journeylint, and the plugin that says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from journeylint import hookimpl
from journeylint.ports import PolicyRoot


@hookimpl
def journeylint_policy_roots() -> Iterable[PolicyRoot]:
    """This folder."""
    return (PolicyRoot(Path(__file__).parent),)

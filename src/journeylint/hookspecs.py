"""The hooks that a plugin may implement. Each is called once, at start; none is called for a manifest.

Built-in formats, functions, kinds, packs and reports come through the same hooks. A plugin is a module (or object) named
by an entry point in the group `journeylint`, with functions marked `@journeylint.hookimpl`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from journeylint.import_ports import ImporterEntry, Table
from journeylint.ports import CelFunction, Kind, Loader, PolicyRoot, ReporterEntry

PROJECT = "journeylint"
hookspec = pluggy.HookspecMarker(PROJECT)


@hookspec
def journeylint_policy_roots() -> Iterable[PolicyRoot]:  # type: ignore[empty-body]  # a specification has no body
    """Folders of packs (`<root>/<pack>/pack.yaml`, `<root>/<pack>/<policy>/policy.yaml`)."""


@hookspec
def journeylint_kinds() -> Iterable[Kind]:  # type: ignore[empty-body]  # a specification has no body
    """Kinds of manifest with their JSON Schemas."""


@hookspec
def journeylint_functions() -> Iterable[CelFunction]:  # type: ignore[empty-body]  # a specification has no body
    """Functions for predicates."""


@hookspec
def journeylint_loaders() -> Iterable[Loader]:  # type: ignore[empty-body]  # a specification has no body
    """Readers of file formats, by file name ending."""


@hookspec
def journeylint_reporters() -> Iterable[ReporterEntry]:  # type: ignore[empty-body]  # a specification has no body
    """Report formats for `-o`."""


@hookspec
def journeylint_importers() -> Iterable[ImporterEntry]:  # type: ignore[empty-body]  # a specification has no body
    """Readers of other systems' files, for `journeylint import` and for files named to `check`."""


@hookspec
def journeylint_tables() -> Iterable[Table]:  # type: ignore[empty-body]  # a specification has no body
    """What the rows of other systems' tables say about manifests."""

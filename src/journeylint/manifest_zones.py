"""The time zone in which people read the times of a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from journeylint.annotations import find_zone, read_annotations
from journeylint.model import JsonValue, Manifest
from journeylint.ports import Kind
from journeylint.zones import zone_exists


class ManifestZones:
    """The zones that manifests of *kinds* name for their local times (`x-journeylint-zone` in their schemas)."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._places: dict[str, tuple[str, ...] | None] = {}

    def name(self, manifest: Manifest) -> str:
        """The zone as *manifest* writes it, a Windows id or IANA name; `UTC` where it names none that there is."""
        kind = manifest.identity.kind
        if kind not in self._places:
            self._places[kind] = find_zone(read_annotations(self._kinds[kind].schema))
        value: JsonValue = manifest.data
        for name in self._places[kind] or ():
            value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) and zone_exists(value) else "UTC"

"""The formats that our JSON Schemas may use beyond the standard's own: `instant` and `time-zone`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from journeylint.times import check_instant
from journeylint.zones import zone_exists, zone_named

FORMATS: Mapping[str, Callable[[str], object]] = {"instant": check_instant, "time-zone": zone_named}
"""For each format the function that raises ValueError, with a message for a person, for a bad value."""


def _is_instant(text: str) -> bool:
    try:
        check_instant(text)
    except ValueError:
        return False
    return True


FORMAT_CHECKS: Mapping[str, Callable[[str], bool]] = {"instant": _is_instant, "time-zone": zone_exists}
"""For each format whether a text has it, as validators ask; never raises."""

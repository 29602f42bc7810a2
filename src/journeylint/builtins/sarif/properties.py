"""What a SARIF result says about the times of its finding: when its policy is in force, until when it holds, when it begins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from journeylint.horizon_words import holds_until_data, moment_data
from journeylint.times import format_instant

if TYPE_CHECKING:
    from datetime import datetime

    from journeylint.model import Finding, Horizon, JsonObject, Turn


class PropertyWriter:
    """Writes the member `properties` of results; keeps those that recur."""

    def __init__(self) -> None:
        self._written: dict[tuple[datetime | None, Horizon | None, Turn | None], str] = {(None, None, None): ""}

    def of(self, finding: Finding) -> str:
        """The member with a comma before it, or nothing where there is nothing to say."""
        key = finding.effective_from, finding.horizon, finding.fails_from
        if key not in self._written:
            self._written[key] = (
                f',"properties":{json.dumps(_properties(*key), ensure_ascii=False, separators=(",", ":"))}'
            )
        return self._written[key]


def _properties(effective_from: datetime | None, horizon: Horizon | None, fails_from: Turn | None) -> JsonObject:
    properties: JsonObject = {}
    if effective_from is not None:
        properties["effectiveFrom"] = format_instant(effective_from)
    if fails_from is not None:
        properties["failsFrom"] = moment_data(fails_from)
    until = None if horizon is None else holds_until_data(horizon)
    if until:
        properties["holdsUntil"] = until
    return properties

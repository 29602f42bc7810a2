"""The impact of a change for programs: `schemas/impact.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from journeylint import __version__
from journeylint.suppressions.data import identity_data, location_data
from journeylint.terminal import defuse_json
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.impact import FindingChange, Impact
    from journeylint.model import Failure, Finding

SCHEMA_VERSION = "1"


def write_impact_json(impact: Impact) -> str:
    """The text of the JSON report, with a line break at its end; it ends with one."""
    data = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "journeylint", "version": __version__},
        "asOf": format_instant(impact.as_of),
        "before": impact.before,
        "after": impact.after,
        "summary": {
            "manifests": impact.manifests,
            "appear": len(impact.of("appears")),
            "vanish": len(impact.of("vanishes")),
            "change": len(impact.of("changes")),
            "stay": impact.stay,
            "failures": len(impact.failures),
            "newFailures": impact.new_failures,
        },
        "policies": [
            {
                "policy": row.policy,
                "name": row.name,
                "state": row.state or "kept",
                "appear": row.appear,
                "vanish": row.vanish,
                "change": row.change,
                "stay": row.stay,
            }
            for row in impact.by_policy
        ],
        "manifests": [
            {
                "manifest": identity_data(row.manifest),
                "path": row.path,
                "appear": row.appear,
                "vanish": row.vanish,
                "change": row.change,
            }
            for row in impact.by_manifest
        ],
        "changes": [_change(change) for change in impact.changes],
        "failures": [{**_failure(failure), "isNew": is_new} for failure, is_new in impact.failures],
    }
    return defuse_json(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def _change(change: FindingChange) -> dict[str, object]:
    finding = change.finding
    return {
        "change": change.what,
        "policy": finding.policy,
        "name": finding.name,
        "manifest": identity_data(finding.manifest),
        "location": location_data(finding.location),
        "before": _told(change.before),
        "after": _told(change.after),
    }


def _told(finding: Finding | None) -> dict[str, str] | None:
    return None if finding is None else {"severity": finding.severity.value, "message": finding.message}


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "code": failure.code.value,
        "name": failure.code.label,
        "message": failure.message,
        "manifest": None if failure.manifest is None else identity_data(failure.manifest),
        "location": location_data(failure.location),
    }

"""Suppressions for programs: `schemas/suppressions.schema.json`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from journeylint.cli.suppression_list import Standing
from journeylint.model import SuppressionState
from journeylint.suppressions.data import identity_data, suppression_data
from journeylint.terminal import defuse_json
from journeylint.times import format_instant

if TYPE_CHECKING:
    from journeylint.cli.suppression_list import Listed
    from journeylint.model import JsonObject, Report

SCHEMA_VERSION = "1"


def write_suppressions_json(listed: Sequence[Listed], report: Report) -> str:
    """The text of the list of *listed*, which are those of *report* or some of them; it ends with a line break."""
    states = Counter(one.suppression.state for one in listed)
    data = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "journeylint", "version": report.tool_version},
        "asOf": format_instant(report.as_of),
        "summary": {
            **{state.value: states[state] for state in SuppressionState},
            "findings": sum(one.suppression.findings for one in listed),
            "failures": report.summary.failures,
        },
        "suppressions": [_data_of(one) for one in listed],
    }
    return defuse_json(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def _data_of(one: Listed) -> JsonObject:
    suppression = one.suppression
    return {
        "policy": suppression.policy,
        "state": suppression.state.value,
        "isEnding": one.standing is Standing.ENDING,
        "daysLeft": one.days_left,
        "findings": suppression.findings,
        "problems": list(suppression.problems),
        "manifest": None if suppression.manifest is None else identity_data(suppression.manifest),
        **suppression_data(suppression),
    }

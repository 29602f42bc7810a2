"""The JSON Schemas that ship with journeylint, and the plugin that brings the built-in kinds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from journeylint import hookimpl
from journeylint.ports import Kind

FOLDER = Path(__file__).parent


@hookimpl
def journeylint_kinds() -> Iterable[Kind]:
    """The kinds of manifest, and what a run makes of suppressions."""
    return tuple(
        Kind(name, json.loads((FOLDER / f"{name.lower()}.schema.json").read_text(encoding="utf-8")), is_derived)
        for name, is_derived in (
            ("Journey", False),
            ("Segment", False),
            ("Message", False),
            ("Trigger", False),
            ("Environment", False),
            ("Suppression", True),
        )
    )

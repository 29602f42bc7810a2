"""The JSON Schemas that ship with journeylint, and the plugin that brings the built-in kinds with what is derived from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from journeylint import hookimpl
from journeylint.model import JsonObject
from journeylint.ports import Facts, Kind

FOLDER = Path(__file__).parent


@hookimpl
def journeylint_kinds() -> Iterable[Kind]:
    """The kinds of manifest, and what a run makes of exports and of suppressions."""
    return (
        Kind("Journey", _read("journey"), facts=Facts(_read("journey-facts"), _derive_journey_facts)),
        *(Kind(name, _read(name.lower())) for name in ("Segment", "Message", "Trigger", "Environment")),
        Kind("Export", _read("export"), is_derived=True),
        Kind("Suppression", _read("suppression"), is_derived=True, is_judged_last=True),
    )


@cache
def _read(name: str) -> JsonObject:
    """The schema of that name, read once a process: nobody changes one."""
    schema: JsonObject = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _derive_journey_facts(manifest: JsonObject) -> JsonObject:
    from journeylint.flow_facts import derive_facts  # noqa: PLC0415 - most runs ask for no facts

    return derive_facts(manifest)

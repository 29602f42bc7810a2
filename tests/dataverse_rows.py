"""Rows as an importer would give them, all made up, and the manifests that they come to.

No public export of these tables is known. Every row here is synthetic: it has what the sources of a fact show, and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from journeylint.dataverse_tables.tables import TABLES
from journeylint.import_ports import ImportedManifest, ImportedValue, RowReference, SourceRow
from journeylint.model import JsonObject, JsonValue, Span
from journeylint.ports import Kind
from journeylint.validate import Rejected, Validator
from tests.kinds import make_document, read_schema

BY_NAME = {table.name: table for table in TABLES}
KINDS = ("Journey", "Segment", "Message", "Trigger", "Environment")
VALIDATOR = Validator({name: Kind(name, read_schema(name.lower())) for name in KINDS})
LEAST: Mapping[str, JsonObject] = {"Journey": {"frequency": "one_time"}, "Segment": {"source": "realtime"}}
ROW = "5f2b1c64-9d0e-4a53-8f0a-1c2d3e4f5a6b"


def make_guid(number: int) -> str:
    """A GUID that ends in *number*."""
    return f"00000000-0000-4000-8000-{number:012x}"


def make_row(table: str, columns: Mapping[str, JsonValue], labels: Mapping[str, str] | None = None) -> SourceRow:
    """A row of *table* with the key `ROW`; columns that are not given are there and have no value."""
    complete: dict[str, JsonValue] = {**dict.fromkeys(BY_NAME[table].columns), **columns}
    return SourceRow(table, ROW, complete, labels or {}, "", lambda _: Span(1, 1, 1, 1))


def read_row(table: str, columns: Mapping[str, JsonValue], labels: Mapping[str, str] | None = None) -> ImportedManifest:
    """What a row of *table* says, which is something."""
    imported = BY_NAME[table].read(make_row(table, columns, labels))
    assert imported is not None
    check_imported(imported)
    return imported


def read_journey(data: JsonValue | None = None, columns: Mapping[str, JsonValue] | None = None) -> ImportedManifest:
    """A Journey whose JSON has the members of *data* beside the least that is needed."""
    least: JsonObject = {"timeZoneWindowsName": "W. Europe Standard Time", "trigger": {"type": "OneTime"}}
    given = data if isinstance(data, dict) else {}
    text = json.dumps(least | given)
    return read_row("msdynmkt_journey", {"msdynmkt_journeyjson": text, "statuscode": 2, **(columns or {})})


def spec_of(imported: ImportedManifest) -> JsonObject:
    """The spec as a first import writes it: without nulls, references as `Kind:key`."""
    written = _write(dict(imported.spec))
    assert isinstance(written, dict)
    return written


def steps_of(imported: ImportedManifest) -> dict[str, JsonObject]:
    """The steps by id, without nulls."""
    flow = spec_of(imported).get("flow")
    steps = flow.get("steps", []) if isinstance(flow, dict) else []
    assert isinstance(steps, list)
    return {str(step["id"]): step for step in steps if isinstance(step, dict)}


def origin_of(imported: ImportedManifest) -> JsonObject:
    """What its origin says beside the row and the notes, without nulls."""
    return {name: value for name, value in imported.origin.items() if value is not None}


def notes_of(imported: ImportedManifest) -> dict[str, str]:
    """What was not analysed: the reason by place."""
    return dict(imported.not_analysed)


def check_imported(imported: ImportedManifest) -> None:
    """Hold *imported* to our schema, and its notes and columns to what the port says of them."""
    base = LEAST[imported.kind] if imported.is_supplement else {}
    manifest = _manifest_of(imported, {**base, **imported.spec}, origin_of(imported))
    admitted = VALIDATOR.admit("row.yaml", make_document(manifest))
    assert admitted is not None
    assert not isinstance(admitted, Rejected), [failure.message for failure in admitted.failures]
    places = [note.place for note in imported.not_analysed]
    assert len(places) == len(set(places))
    assert all(note.reason for note in imported.not_analysed)
    for pointer, column in imported.columns.items():
        is_said = _has({**imported.spec, "origin": {**imported.origin}}, pointer)
        assert is_said or any(place.endswith(column) for place in places), pointer


def _manifest_of(
    imported: ImportedManifest, spec: dict[str, ImportedValue], origin: dict[str, JsonValue]
) -> JsonObject:
    written = _write(spec, names=True)
    assert isinstance(written, dict)
    notes: list[JsonValue] = [dict(note._asdict()) for note in imported.not_analysed]
    written["origin"] = {"system": "dataverse", "table": "t", "id": imported.id, "notAnalysed": notes, **origin}
    return {
        "apiVersion": "journeylint/v1",
        "kind": imported.kind,
        "metadata": {"name": "row", "title": imported.title},
        "spec": written,
    }


def _write(value: ImportedValue, *, names: bool = False) -> JsonValue:
    if isinstance(value, RowReference):
        named = f"{value.kind}:{value.id}"
        return "n-" + re.sub(r"[^A-Za-z0-9]", "-", named)[:80] if names else named
    if isinstance(value, dict):
        return {key: _write(inner, names=names) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_write(inner, names=names) for inner in value]
    return value


def _has(spec: Mapping[str, ImportedValue], pointer: str) -> bool:
    value: ImportedValue = dict(spec)
    for name in pointer.removeprefix("/spec/").split("/"):
        if not isinstance(value, dict) or value.get(name) is None:
            return False
        value = value[name]
    return True

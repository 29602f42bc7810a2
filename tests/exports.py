"""Synthetic exports for tests: nothing in them was ever in a real environment, and the tables are made up for the tests."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from journeylint.cli.import_run import Asked, run_import
from journeylint.host import Host, build_host
from journeylint.import_ports import ImportedManifest, NotAnalysed, RowError, RowReference, SourceRow, Table

JOURNEYS = "synthetic_journey"
SEGMENTS = "synthetic_segment"
USES = "synthetic_use"

Row = Mapping[str, Any]


def identifier(number: int) -> str:
    """The key of the synthetic row with that number, a GUID whose first 8 characters tell it from others."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def _read_journey(row: SourceRow) -> ImportedManifest | None:
    name, text = row.columns.get("name"), row.columns.get("json")
    if row.columns.get("is_dropped") is True:
        return None
    if not isinstance(name, str):
        raise RowError("it has no name", "name")
    spec: dict[str, Any] = {"frequency": "ongoing", "segments": None}
    try:
        definition = json.loads(str(text)) if text is not None else {}
    except ValueError as error:
        raise RowError(f"the definition is not valid JSON: {error}", "json") from error
    for member in ("frequency", "state", "targetEntity", "flow", "version"):
        if member in definition:
            spec[member] = definition[member]
    if "segments" in definition:
        spec["segments"] = [
            {"name": RowReference("Segment", key), "role": role} for key, role in definition["segments"]
        ]
    notes = tuple(NotAnalysed(f"json: {place}", reason) for place, reason in definition.get("unknown", ()))
    origin = {"triggerType": definition["column"]} if "column" in definition else {}
    columns = {"/metadata/title": "name", "/spec": "json"}
    return ImportedManifest("Journey", row.id, name, spec, columns, (), notes, origin)


def _read_segment(row: SourceRow) -> ImportedManifest | None:
    columns = row.columns
    spec: dict[str, Any] = {"source": columns.get("source", "realtime"), "memberCount": columns.get("members")}
    alias = columns.get("alias")
    aliases = (alias,) if isinstance(alias, str) else ()
    return ImportedManifest(
        "Segment", row.id, str(columns.get("name", "")), spec, {"/spec/memberCount": "members"}, aliases
    )


def _read_use(row: SourceRow) -> ImportedManifest | None:
    journey, segment = row.columns["journey"], row.columns["segment"]
    item = {"name": RowReference("Segment", str(segment)), "role": str(row.columns.get("role", "exclusion"))}
    return ImportedManifest("Journey", str(journey), "", {"segments": [item]}, is_supplement=True)  # type: ignore[dict-item]  # mypy takes the list as invariant


TABLES = (
    Table("synthetic", JOURNEYS, "synthetic_journeys", "synthetic_journeyid", ("name", "json"), _read_journey),
    Table("synthetic", SEGMENTS, "synthetic_segments", "synthetic_segmentid", ("name", "members"), _read_segment),
    Table("synthetic", USES, "synthetic_uses", "synthetic_useid", ("journey", "segment"), _read_use),
)
KEYS = {table.name: table.key for table in TABLES}
COLLECTIONS = {table.name: table.collection for table in TABLES}


def synthetic_host() -> Host:
    """The built-in plugins, with the tables of the tests in the place of theirs."""
    return build_host([])._replace(tables={table.name: table for table in TABLES})


def page(table: str, rows: Iterable[Row], *, context: bool = True) -> str:
    """A page as the Web API returns it, of *rows* by their columns and `id`."""
    head = (
        {"@odata.context": f"https://synthetic.example/api/data/v9.2/$metadata#{COLLECTIONS[table]}"} if context else {}
    )
    return json.dumps({**head, "value": [_web_row(table, row) for row in rows]}, indent=1)


def _web_row(table: str, row: Row) -> dict[str, Any]:
    return {KEYS[table]: row["id"], **{name: value for name, value in row.items() if name != "id"}}


def data_xml(tables: Mapping[str, Iterable[Row]], *, prolog: str = '<?xml version="1.0" encoding="utf-8"?>\n') -> str:
    """`data.xml` of a package with the rows of *tables*."""
    entities = "".join(
        f'<entity name="{table}" displayname="Synthetic"><records>\n{"".join(map(_record, rows))}</records>'
        "<m2mrelationships /></entity>\n"
        for table, rows in tables.items()
    )
    return f"{prolog}<entities>\n{entities}</entities>\n"


def _record(row: Row) -> str:
    fields = "".join(
        f"<field name={quoteattr(name)} value={quoteattr(str(value))} />" for name, value in row.items() if name != "id"
    )
    return f'<record id="{row["id"]}">{fields}</record>\n'


def schema_xml(types: Mapping[str, Mapping[str, str]]) -> str:
    """`data_schema.xml` with the types of fields, by table."""
    entities = "".join(
        f'<entity name="{table}" primaryidfield="{KEYS.get(table, "id")}"><fields>'
        + "".join(f'<field name="{name}" type="{kind}" />' for name, kind in fields.items())
        + "</fields></entity>"
        for table, fields in types.items()
    )
    return f"<entities>{entities}</entities>"


TYPES = {JOURNEYS: {"name": "string", "is_dropped": "bool"}, SEGMENTS: {"members": "number"}}


def package(data: str | bytes, schema: str | None = schema_xml(TYPES), **others: str) -> bytes:
    """A package with this `data.xml` and schema."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("[Content_Types].xml", "<Types />"), ("data_schema.xml", schema), ("data.xml", data)):
            if content is not None:
                archive.writestr(name, content)
        for name, text in others.items():
            archive.writestr(name, text)
    return stream.getvalue()


def import_into(folder: Path | str, *sources: Path | str, host: Host | None = None, **asked: Any) -> tuple[int, str]:
    """Run an import into *folder*; the exit code, and what was told."""
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        code = run_import(
            [str(source) for source in sources],
            host or synthetic_host(),
            Asked(str(folder), **asked),
            stream=stream,
        )
    return code, stream.getvalue()

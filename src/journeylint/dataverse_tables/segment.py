"""Rows of `msdynmkt_segment` and of its other half, `msdynmkt_segmentdefinition`; and of outbound `msdyncrm_segment`.

What an import writes, and takes away where the row does not say it:

| member of the spec | `msdynmkt_segment` | `msdynmkt_segmentdefinition` | `msdyncrm_segment` |
| --- | --- | --- | --- |
| `source` | `msdynmkt_source` | | always `outbound` |
| `type` | `msdynmkt_type` | | `msdyncrm_segmenttype` |
| `state` | `statuscode` | | `statuscode` |
| `memberCount` | `msdynmkt_membercount` | | `msdyncrm_segmentsize` |
| `businessUnit` | `owningbusinessunit` | | `owningbusinessunit` |
| `query` | | `msdynmkt_segmentquery` | `msdyncrm_segmentquery` |
| `baseEntity` | `msdynmkt_baseentitylogicalname` | | |
| `lastExportedAt` | `msdynmkt_lastexportedat` | | |
| `lastUsedInJourneyAt` | `msdynmkt_lastusedinjourney` | | |
| `scope` | `msdynmkt_scope` | | |
| `refreshMinutes` | | `msdynmkt_segmentrefreshintervalminutes` | |
| `isRefreshDisabled` | | `msdynmkt_disablesegmentrefresh` | |
| `staticGroups` | | `msdynmkt_staticlistmembers` | |
| `definitionState` | | `statuscode` | |

`copyOf` and `isBringYourOwnLake` are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from journeylint.dataverse_tables.json_column import parse_json
from journeylint.dataverse_tables.members import make_item
from journeylint.dataverse_tables.notes import Place
from journeylint.dataverse_tables.options import (
    DEFINITION_STATUS,
    OUTBOUND_STATUS,
    OUTBOUND_TYPE,
    SEGMENT_SCOPE,
    SEGMENT_SOURCE,
    SEGMENT_STATUS,
    SEGMENT_TYPE,
)
from journeylint.dataverse_tables.row_reader import RowReader, read_whole
from journeylint.dataverse_tables.texts import clean_line, snake_case
from journeylint.import_ports import ImportedManifest, ImportedValue, NotAnalysed, OtherHalf, RowError, SourceRow
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_MEMBERS = "msdynmkt_staticlistmembers"
_INCLUDE_TYPES = ("include", "exclude")


def read_segment(row: SourceRow) -> ImportedManifest:
    """The Segment that *row* is; its definition's key is an alias. Raises RowError where its source is not known."""
    reader = RowReader(row)
    source = _put_source(reader)
    reader.put("type", "msdynmkt_type", reader.word("msdynmkt_type", SEGMENT_TYPE))
    reader.put("state", "statuscode", reader.word("statuscode", SEGMENT_STATUS))
    reader.put("baseEntity", "msdynmkt_baseentitylogicalname", reader.line("msdynmkt_baseentitylogicalname"))
    reader.put("memberCount", "msdynmkt_membercount", reader.whole("msdynmkt_membercount"))
    reader.put("lastExportedAt", "msdynmkt_lastexportedat", reader.utc("msdynmkt_lastexportedat"))
    reader.put("lastUsedInJourneyAt", "msdynmkt_lastusedinjourney", reader.utc("msdynmkt_lastusedinjourney"))
    reader.put("scope", "msdynmkt_scope", reader.word("msdynmkt_scope", SEGMENT_SCOPE))
    reader.put("businessUnit", "owningbusinessunit", reader.name_of("owningbusinessunit"))
    aliases: tuple[str, ...] = ()
    definition: OtherHalf | None = None
    if source == "realtime":
        key = reader.key("msdynmkt_sourcesegmentuid")
        aliases = (key,) if key is not None and key != row.id else ()
        definition = OtherHalf("msdynmkt_segmentdefinition", key or "")
    return reader.manifest("Segment", reader.line("msdynmkt_displayname") or "", aliases=aliases, other_half=definition)


def read_definition(row: SourceRow) -> ImportedManifest:
    """What *row* adds to the Segment whose definition it is."""
    reader = RowReader(row)
    reader.put("query", "msdynmkt_segmentquery", reader.text("msdynmkt_segmentquery"))
    interval = "msdynmkt_segmentrefreshintervalminutes"
    reader.put("refreshMinutes", interval, reader.whole(interval))
    disabled = "msdynmkt_disablesegmentrefresh"
    reader.put("isRefreshDisabled", disabled, reader.flag(disabled))
    reader.put("staticGroups", _MEMBERS, _read_groups(reader))
    reader.put("definitionState", "statuscode", reader.word("statuscode", DEFINITION_STATUS))
    return reader.manifest("Segment", "", is_supplement=True, other_half=OtherHalf("msdynmkt_segment", row.id))


def read_outbound_segment(row: SourceRow) -> ImportedManifest:
    """The Segment that the outbound *row* is: what is left of it since outbound marketing was removed in May 2026."""
    reader = RowReader(row)
    reader.say("source", "outbound")
    reader.put("type", "msdyncrm_segmenttype", reader.word("msdyncrm_segmenttype", OUTBOUND_TYPE))
    reader.put("state", "statuscode", reader.word("statuscode", OUTBOUND_STATUS))
    reader.put("memberCount", "msdyncrm_segmentsize", reader.whole("msdyncrm_segmentsize"))
    reader.put("query", "msdyncrm_segmentquery", reader.text("msdyncrm_segmentquery"))
    reader.put("businessUnit", "owningbusinessunit", reader.name_of("owningbusinessunit"))
    return reader.manifest("Segment", reader.line("msdyncrm_segmentname") or "")


def _put_source(reader: RowReader) -> str | None:
    column = "msdynmkt_source"
    if not reader.has(column):
        told = f"where the segment lives is not known: the source does not have {column}"
        reader.say_otherwise("source", None, note=NotAnalysed(column, told))
        return None
    source = reader.word(column, SEGMENT_SOURCE)
    if source is None:
        value = reader.value(column)
        what = "is not there" if value is None else f"has a value that is not known, {quote_value(value)}"
        raise RowError(f"where the segment lives is not known: {column} {what}", column)
    reader.put("source", column, source)
    return source


def _read_groups(reader: RowReader) -> list[ImportedValue] | None:
    """The groups in the JSON list of those who are named one by one."""
    value = reader.value(_MEMBERS)
    if isinstance(value, str):
        try:
            value = parse_json(value, _MEMBERS)
        except RowError as error:
            reader.notes.add(_MEMBERS, str(error))
            return None
    if value is None:
        return None
    if not isinstance(value, list):
        reader.notes.add(_MEMBERS, f"{quote_value(value)} cannot be read: expected a list of groups")
        return None
    groups: list[ImportedValue] = []
    for index, item in enumerate(value):
        groups += _read_group(reader, item, (_MEMBERS, index))
    return groups or None


def _read_group(reader: RowReader, item: JsonValue, place: Place) -> Iterator[ImportedValue]:
    if not isinstance(item, dict):
        reader.notes.add(place, f"{quote_value(item)} cannot be read: expected a group")
        return
    name, kind = item.get("name") or item.get("groupId"), item.get("includeType")
    word = snake_case(kind) if isinstance(kind, str) else ""
    if word not in _INCLUDE_TYPES:
        reader.notes.add(place, f"whether the group is included, {quote_value(kind)}, is not known")
    yield {
        "name": clean_line(name) if isinstance(name, str) else None,
        **make_item(includeType=word if word in _INCLUDE_TYPES else None),
        "memberCount": read_whole(item.get("memberCount")),
    }

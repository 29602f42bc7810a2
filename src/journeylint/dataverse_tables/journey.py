"""Rows of `msdynmkt_journey`: journeys of real-time marketing.

What an import writes, and takes away where the row does not say it; JSON is `msdynmkt_journeyjson`:

| member of the spec | from |
| --- | --- |
| `frequency` | JSON `trigger.type`, else `msdynmkt_triggertype` |
| `state` | `statuscode`, else `statecode`, else `unknown` |
| `targetEntity` | JSON `targetEntityLogicalNames` |
| `timeZone` | JSON `timeZoneWindowsName` |
| `startTime`, `endTime` | `msdynmkt_journeystarttime`, `msdynmkt_journeyendtime`; JSON `trigger.parameters` where they disagree |
| `purpose`, `frequencyCap` | `msdynmkt_purpose`, `msdynmkt_frequencycaptype` |
| `businessUnit` | `owningbusinessunit` |
| `version` | `msdynmkt_versionnumber`, `-baseversionjourneyid`, `-issupersededbylaterversion`, `-versiondescription` |
| `segments` | JSON `trigger.audience`, `trigger.exclusionSegments`, `exitCriteria.suppressionSegments`, conditions of branches |
| `flow` | JSON `trigger` or `triggers`, `actions` |
| `exit.triggers` | JSON `exitCriteria.exitEvents` |
| `goal.name`, `goal.triggers` | JSON `goal` |
| `origin.triggerType` | `msdynmkt_triggertype`, where the JSON says something else |
| `origin.unreadMembers` | names of members of the JSON that no source shows |

All else is left as it is: `publishTime`, `entry`, `exit.atGoal`, `goal.percent`, `goal.count`, `pausedAt`, the `justification` of
a segment's use, and `expiresAt` and `ccRecipients` of messages.
"""

from __future__ import annotations

from journeylint.dataverse_tables.journey_definition import Definition, read_definition
from journeylint.dataverse_tables.json_column import parse_json
from journeylint.dataverse_tables.options import (
    FREQUENCY_CAP,
    JOURNEY_PURPOSE,
    JOURNEY_STATE,
    JOURNEY_STATUS,
    TRIGGER_TYPE,
)
from journeylint.dataverse_tables.row_reader import RowReader
from journeylint.dataverse_tables.row_times import explain_unfit, has_offset, read_local
from journeylint.import_ports import ImportedManifest, ImportedValue, NotAnalysed, RowError, RowReference, SourceRow
from journeylint.model import JsonValue
from journeylint.times import parse_instant
from journeylint.wording import quote_value

_JSON = "msdynmkt_journeyjson"
_VERSION = {
    "number": "msdynmkt_versionnumber",
    "base": "msdynmkt_baseversionjourneyid",
    "isSuperseded": "msdynmkt_issupersededbylaterversion",
    "description": "msdynmkt_versiondescription",
}


def read_journey(row: SourceRow) -> ImportedManifest:
    """The Journey that *row* is.

    Raises RowError where its JSON cannot be read, and where neither that nor the row says how often it runs.
    """
    reader = RowReader(row)
    definition = _read_json(reader)
    origin = _put_frequency(reader, definition)
    _put_state(reader)
    reader.put("targetEntity", _JSON, definition and definition.target_entity)
    _put_times(reader, definition)
    reader.put("purpose", "msdynmkt_purpose", reader.word("msdynmkt_purpose", JOURNEY_PURPOSE))
    reader.put("businessUnit", "owningbusinessunit", reader.name_of("owningbusinessunit"))
    _put_version(reader)
    cap = reader.word("msdynmkt_frequencycaptype", FREQUENCY_CAP)
    reader.put("frequencyCap", "msdynmkt_frequencycaptype", cap)
    _put_definition(reader, definition)
    if reader.has(_JSON):
        origin["unreadMembers"] = list(reader.notes.unread()) or None
    title = reader.title("msdynmkt_name", (definition and definition.name) or "")
    return reader.manifest("Journey", title, origin=origin)


def _read_json(reader: RowReader) -> Definition | None:
    text = reader.value(_JSON)
    if not reader.has(_JSON):
        told = "the source does not have the definition of the journey: nothing is known of its steps and segments"
        reader.say_otherwise("flow", {}, note=NotAnalysed(_JSON, told))
        return None
    if text is None:
        reader.notes.add(_JSON, "the row has no definition of the journey: nothing is known of its steps and segments")
        return None
    data = parse_json(text, _JSON) if isinstance(text, str) else text
    if not isinstance(data, dict):
        raise RowError(f"{_JSON} holds {quote_value(data)}: expected the definition of a journey, a mapping", _JSON)
    return read_definition(data, _JSON, reader.notes)


def _put_frequency(reader: RowReader, definition: Definition | None) -> dict[str, JsonValue]:
    """The journey's own definition counts. Returns what the origin is to say where the column disagrees."""
    column = "msdynmkt_triggertype"
    written = reader.word(column, TRIGGER_TYPE)
    defined = definition.frequency if definition is not None else None
    if defined is None and written is None and not reader.has(column, _JSON):
        lacking = " and ".join(name for name in (column, _JSON) if not reader.has(name))
        told = f"how often the journey runs is not known: the source does not have {lacking}"
        reader.say_otherwise("frequency", None, note=NotAnalysed(column, told))
        return {}
    if defined is None and written is None:
        found = "; ".join(f"{note.place}: {note.reason}" for note in reader.notes.listed() if "ype" in note.place)
        raise RowError(f"how often the journey runs is not known{': ' if found else ''}{found[:300]}", column)
    reader.put("frequency", column if defined is None else _JSON, defined or written)
    if written is None or defined in (None, written):
        return {"triggerType": None} if reader.has(column, _JSON) else {}
    reader.columns["/spec/origin/triggerType"] = column
    return {"triggerType": written}


def _put_state(reader: RowReader) -> None:
    """The state, by the finer of two columns. One that is not known is `unknown`: the default would be a draft."""
    for column, options in (("statuscode", JOURNEY_STATUS), ("statecode", JOURNEY_STATE)):
        word = reader.word(column, options)
        if word is not None:
            reader.put("state", column, word)
            return
    note = NotAnalysed("statuscode", "the state of the journey is not known")
    if reader.has("statuscode", "statecode"):
        reader.notes.add(*note)
        reader.put("state", "statuscode", "unknown")
    else:
        reader.say_otherwise("state", "unknown", note=note)


def _put_times(reader: RowReader, definition: Definition | None) -> None:
    zone = definition.time_zone if definition is not None else None
    reader.put("timeZone", _JSON, zone)
    defined = {"startTime": definition and definition.start_time, "endTime": definition and definition.end_time}
    for member, column in (("startTime", "msdynmkt_journeystarttime"), ("endTime", "msdynmkt_journeyendtime")):
        written = _read_local(reader, column, zone)
        one = defined[member]
        if one is not None and written is not None and not _is_same(one, written, zone):
            if read_local(one) != written:  # the same clock time in both: only the definition says in which zone
                reader.notes.add(column, f"{written} is not what the journey's definition has, {one}, which counts")
            written = None
        source, other = (column, _JSON) if written is not None else (_JSON, column)
        reader.put(member, source, written if written is not None else one, others=(other,))


def _read_local(reader: RowReader, column: str, zone: str | None) -> str | None:
    """The local time in *column*, whose `Z` means nothing; None, and a note, where it means nothing in *zone*."""
    value = reader.value(column)
    if value is None:
        return None
    text = read_local(value)
    reason = f"{quote_value(value)} cannot be read: expected a time" if text is None else explain_unfit(text, zone)
    if reason:
        reader.notes.add(column, reason)
        return None
    return text


def _is_same(one: str, other: str, zone: str | None) -> bool:
    """Whether two instants, each of which means something in *zone*, are the same."""
    if zone is None and not (has_offset(one) and has_offset(other)):
        return False
    return parse_instant(one, zone or "UTC") == parse_instant(other, zone or "UTC")


def _put_version(reader: RowReader) -> None:
    number = reader.whole(_VERSION["number"], least=1)
    base = reader.key(_VERSION["base"])
    if number is None:
        if base is not None:
            reader.notes.add(_VERSION["number"], "the number of the version is not known")
        reader.put("version", _VERSION["number"], None)
        return
    members: dict[str, ImportedValue] = {
        "number": number,
        "base": RowReference("Journey", base) if base is not None and base != reader.row.id else None,
        "isSuperseded": reader.flag(_VERSION["isSuperseded"]),
        "description": reader.text(_VERSION["description"]),
    }
    reader.put_members("version", _VERSION["number"], {name: (_VERSION[name], one) for name, one in members.items()})
    for member, column in _VERSION.items():
        if members[member] is not None:
            reader.columns[f"/spec/version/{member}"] = column


def _put_definition(reader: RowReader, definition: Definition | None) -> None:
    if not reader.has(_JSON):
        return
    segments, triggers, steps = None, None, None
    exits: dict[str, ImportedValue] = {"triggers": None}
    goal: dict[str, ImportedValue] = {"name": None, "triggers": None}
    if definition is not None:
        segments, triggers, steps = definition.segments, definition.triggers, definition.steps
        exits, goal = {"triggers": definition.exit_triggers or None}, definition.goal
    reader.put("segments", _JSON, segments or None)
    flow: dict[str, ImportedValue] = {"triggers": triggers or None, "first": None, "steps": steps or None}
    reader.put("flow", _JSON, flow if triggers or steps else None)
    reader.put("exit", _JSON, exits)
    reader.put("goal", _JSON, goal)

"""Rows of `msdynmkt_eventmetadata`: triggers.

The table and its columns are in Microsoft's reference, which calls it Trigger. What tells the types of triggers apart is
inferred: no public source says it.

What an import writes, and takes away where the row does not say it:

| member of the spec | from |
| --- | --- |
| `type` | `msdynmkt_sourceentity`, `msdynmkt_uniquename`, else `unknown` |
| `state` | `msdynmkt_eventmetadatastatus`, `msdynmkt_state` |
| `businessUnit` | `owningbusinessunit` |
| `targetEntities` | `msdynmkt_supportedtargetentities` |

All else is left as it is. What a trigger carries is in `msdynmkt_eventparametermetadata`, whose rows do not say of which trigger.
"""

from __future__ import annotations

import re

from journeylint.dataverse_tables.json_column import parse_json
from journeylint.dataverse_tables.options import TRIGGER_STATE, TRIGGER_STATUS
from journeylint.dataverse_tables.row_reader import RowReader
from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import ImportedManifest, NotAnalysed, RowError, SourceRow
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_NAME, _ENTITY, _TARGETS = "msdynmkt_uniquename", "msdynmkt_sourceentity", "msdynmkt_supportedtargetentities"
_CUSTOM = re.compile(r"msdynmkt_.+_[0-9]{6,}")
"""The product adds a number to the name of a trigger that somebody makes: `msdynmkt_dddd_083643294` in one published test."""

_INTERACTION = re.compile(r"msdynmkt_(email|sms|push|customchannel|marketingform)")
"""How the names of interactions begin in Microsoft's list of them, such as `msdynmkt_emaillinkclicked`."""

_TABLE_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\s*[,;]\s*[A-Za-z_][A-Za-z0-9_]*)*[,;]?")


def read_trigger(row: SourceRow) -> ImportedManifest:
    """The Trigger that *row* is; its unique name, by which journeys call it, is an alias in lower case."""
    reader = RowReader(row)
    name = (reader.line(_NAME) or "").lower()
    kind = _find_type(name, reader.line(_ENTITY))
    unknown = NotAnalysed(_NAME, "whether it is a custom trigger, a change of a row or an interaction is not known")
    if kind != "dataverse" and not reader.has(_ENTITY, _NAME):
        reader.say_otherwise("type", kind or "unknown", note=unknown if kind is None else None)
    else:
        if kind is None:
            reader.notes.add(*unknown)
        reader.put("type", _ENTITY if kind == "dataverse" else _NAME, kind or "unknown")
    _put_state(reader)
    reader.put("businessUnit", "owningbusinessunit", reader.name_of("owningbusinessunit"))
    targets = _read_targets(reader)
    reader.put("targetEntities", _TARGETS, list(targets) if targets is not None else None)
    aliases = (name,) if name and name != row.id else ()
    return reader.manifest("Trigger", reader.title("msdynmkt_name", name), aliases=aliases)


def _find_type(name: str, entity: str | None) -> str | None:
    if entity is not None:
        return "dataverse"
    if _CUSTOM.fullmatch(name):
        return "custom"
    return "interaction" if _INTERACTION.match(name) else None


def _put_state(reader: RowReader) -> None:
    """The state, by two columns; where only one calls the trigger published, it is what the other says."""
    status = reader.word("msdynmkt_eventmetadatastatus", TRIGGER_STATUS)
    state = reader.word("msdynmkt_state", TRIGGER_STATE)
    if status is None or (status == "published" and state is not None):
        reader.put("state", "msdynmkt_state", state, others=("msdynmkt_eventmetadatastatus",))
    else:
        reader.put("state", "msdynmkt_eventmetadatastatus", status)


def _read_targets(reader: RowReader) -> list[JsonValue] | None:
    """The tables whose rows it can happen to. How they are written is not known: a JSON list, or names with commas."""
    text = reader.text(_TARGETS)
    if text is None:
        return None
    if _TABLE_NAMES.fullmatch(text.strip()):
        return [part.strip() for part in re.split("[,;]", text) if part.strip()]
    try:
        names = parse_json(text, _TARGETS)
    except RowError:
        names = None
    if isinstance(names, list) and names:
        found: list[JsonValue] = [clean_line(name) for name in names if isinstance(name, str)]
        if len(found) == len(names):
            return found
    reader.notes.add(_TARGETS, f"{quote_value(text)} cannot be read: expected the names of tables")
    return None

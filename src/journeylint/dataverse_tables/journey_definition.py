"""What the JSON that defines a journey says, beside its actions: what starts it, whom it takes in, and what takes them out.

The JSON is not documented as a whole. Its members are known from Microsoft's page on journey templates, from what was tried
in a live organisation (ai-agent-skills), and from what customer-journey-explorer reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from journeylint.dataverse_tables.actions import read_time, trigger_reference
from journeylint.dataverse_tables.conditions import describe_condition
from journeylint.dataverse_tables.flow import read_flow
from journeylint.dataverse_tables.members import make_item
from journeylint.dataverse_tables.notes import Notes, Place
from journeylint.dataverse_tables.options import TRIGGER_TYPE
from journeylint.dataverse_tables.texts import clean_line, snake_case
from journeylint.import_ports import ImportedValue, RowReference
from journeylint.model import JsonObject, JsonValue
from journeylint.row_keys import read_guid
from journeylint.wording import quote_value
from journeylint.zones import zone_exists

_ENTITIES = {"contact": "contact", "lead": "lead", "msdynci_customerprofile": "profile", "profile": "profile"}
"""The tables of those who can be addressed. That of unified profiles is inferred from Customer Insights - Data."""

_VERSIONS = ("1.0.0.0", None)
_TRIGGER_PARAMETERS = frozenset({"startTime", "endTime", "eventName", "condition"})


_MEMBERS = frozenset(
    (
        "type",
        "typeName",
        "contentVersion",
        "name",
        "targetEntityLogicalNames",
        "goal",
        "exitCriteria",
        "trigger",
        "triggers",
        "actions",
        "uiMetadata",
        "journeyUiFeatureFlags",
        "timeZoneCode",
        "timeZoneWindowsName",
    )
)
_START_MEMBERS = frozenset(("type", "audience", "parameters", "exclusionSegments"))
_EXIT_MEMBERS = frozenset(("exitEvents", "suppressionSegments"))


class Definition(NamedTuple):
    """What the JSON says; None for what it does not, or not readably."""

    name: str | None
    frequency: str | None
    target_entity: str | None
    time_zone: str | None
    start_time: str | None
    end_time: str | None
    segments: list[ImportedValue]
    triggers: list[ImportedValue]
    exit_triggers: list[ImportedValue]
    goal: dict[str, ImportedValue]
    steps: list[ImportedValue]


def read_definition(data: JsonObject, column: str, notes: Notes) -> Definition:
    """What *data*, the JSON in *column*, says. Raises RowError as `read_flow` does."""
    zone = _read_zone(data, column, notes)
    notes.check_members("", data, _MEMBERS)
    if data.get("contentVersion") not in _VERSIONS:
        written = quote_value(data["contentVersion"])
        notes.add((column, "contentVersion"), f"journeys of version {written} are not known: it is read as 1.0.0.0")
    starts = list(_list_starts(data, column, notes))
    roles: dict[tuple[str, str], None] = {}
    for trigger, place in starts:
        _note_unknown(trigger, _START_MEMBERS, place, notes)
        roles |= _read_segments(trigger.get("audience"), "audience", (place, "audience"), notes)
        excluded = trigger.get("exclusionSegments")
        roles |= _read_segments(excluded, "exclusion", (place, "exclusionSegments"), notes)
    leaving, place = _find_record(data, "exitCriteria", column, notes)
    _note_unknown(leaving, _EXIT_MEMBERS, place, notes)
    suppressed = leaving.get("suppressionSegments")
    roles |= _read_segments(suppressed, "suppression", (place, "suppressionSegments"), notes)
    flow = read_flow(data.get("actions"), column, zone=zone, notes=notes)
    roles |= dict.fromkeys((segment, "branch") for segment in flow.segments)
    name = data.get("name")
    return Definition(
        name=clean_line(name) if isinstance(name, str) else None,
        frequency=_read_frequency(starts, notes),
        target_entity=_read_entity(data, column, notes),
        time_zone=zone,
        start_time=_read_bound(starts, "startTime", zone, notes),
        end_time=_read_bound(starts, "endTime", zone, notes),
        segments=[_use_segment(key, role) for key, role in roles],
        triggers=_merge_triggers(_read_start(trigger, place, notes) for trigger, place in starts),
        exit_triggers=_merge_triggers(_read_exits(leaving.get("exitEvents"), (place, "exitEvents"), notes)),
        goal=_read_goal(data, column, notes),
        steps=flow.steps,
    )


def _note_unknown(record: JsonObject, known: frozenset[str], place: Place, notes: Notes) -> None:
    """Note the members of *record*, which says who comes in or leaves, that are not *known* and say something."""
    for name, value in record.items():
        if name not in known and value not in (None, "", [], {}, False):
            notes.add((place, name), "what it says of who comes in or leaves is not known")


def _find_record(data: JsonObject, name: str, place: Place, notes: Notes) -> tuple[JsonObject, Place]:
    """The mapping *name* of *data* and its place; an empty one, and a note, where it is something else."""
    value, place = data.get(name), (place, name)
    if value is not None and not isinstance(value, dict):
        notes.add(place, f"{quote_value(value)} cannot be read: expected a mapping")
    return (value if isinstance(value, dict) else {}), place


def _read_zone(data: JsonObject, column: str, notes: Notes) -> str | None:
    name = data.get("timeZoneWindowsName")
    if isinstance(name, str) and zone_exists(name.strip()):
        return name.strip()
    if name not in (None, ""):
        notes.add((column, "timeZoneWindowsName"), f"the time zone {quote_value(name)} is not known")
    return None


def _read_entity(data: JsonObject, column: str, notes: Notes) -> str | None:
    names = data.get("targetEntityLogicalNames")
    if names is None or names == []:
        return None
    found = (
        {_ENTITIES.get(name) if isinstance(name, str) else None for name in names}
        if isinstance(names, list)
        else {None}
    )
    if len(found) == 1 and None not in found:
        return found.pop()
    shown = ", ".join(map(quote_value, names[:5])) if isinstance(names, list) else quote_value(names)
    notes.add((column, "targetEntityLogicalNames"), f"whom the journey addresses is not known: {shown}")
    return None


def _list_starts(data: JsonObject, column: str, notes: Notes) -> Iterator[tuple[JsonObject, Place]]:
    """What starts the journey: `trigger`, and each of `triggers`."""
    for name in ("trigger", "triggers"):
        value, place = data.get(name), (column, name)
        items: list[tuple[JsonValue, Place]] = [(value, place)] if value is not None else []
        if name == "triggers" and isinstance(value, list):
            items = [(item, (place, index)) for index, item in enumerate(value)]
        elif name == "triggers" and isinstance(value, dict):
            items = [(item, (place, key)) for key, item in value.items()]
        for item, inside in items:
            if isinstance(item, dict):
                yield item, inside
            else:
                notes.add(inside, f"{quote_value(item)} cannot be read: expected what starts the journey")


def _read_frequency(starts: list[tuple[JsonObject, Place]], notes: Notes) -> str | None:
    found: dict[str, None] = {}
    for trigger, place in starts:
        kind = trigger.get("type")
        word = snake_case(kind) if isinstance(kind, str) else ""
        if word in TRIGGER_TYPE.choices:
            found[word] = None
        elif kind is not None:
            notes.add((place, "type"), f"the type {quote_value(kind)} is not known")
    if len(found) > 1:
        notes.add(starts[1][1], "what starts the journey is of several types: the first counts")
    return next(iter(found), None)


def _read_bound(starts: list[tuple[JsonObject, Place]], name: str, zone: str | None, notes: Notes) -> str | None:
    for trigger, place in starts:
        parameters = trigger.get("parameters")
        value = parameters.get(name) if isinstance(parameters, dict) else None
        if value not in (None, ""):
            return read_time(value, ((place, "parameters"), name), zone, notes)
    return None


def _read_segments(value: JsonValue, role: str, place: Place, notes: Notes) -> dict[tuple[str, str], None]:
    """The segments that *value*, a key or a list of keys, names, in their *role*."""
    found: dict[tuple[str, str], None] = {}
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        key = read_guid(item)
        if key is not None:
            found[key, role] = None
        elif item not in (None, ""):
            where = (place, index) if isinstance(value, list) else place
            notes.add(where, f"{quote_value(item)} cannot be read: expected the key of a segment")
    return found


def _use_segment(key: str, role: str) -> ImportedValue:
    return make_item(name=RowReference("Segment", key), role=role)


def _read_start(trigger: JsonObject, place: Place, notes: Notes) -> dict[str, ImportedValue] | None:
    parameters, inside = _find_record(trigger, "parameters", place, notes)
    unknown = sorted(name for name, value in parameters.items() if name not in _TRIGGER_PARAMETERS and value)
    if unknown:
        notes.add(inside, f"what it says of {', '.join(map(quote_value, unknown[:10]))} is not known")
    condition = describe_condition(parameters.get("condition"), (inside, "condition"), notes)
    name = parameters.get("eventName")
    if isinstance(name, str) and name.strip():
        return make_item(name=trigger_reference(name), condition=condition)
    if name not in (None, ""):
        notes.add((inside, "eventName"), f"{quote_value(name)} cannot be read: expected the name of a trigger")
    elif condition is not None:
        notes.add((inside, "condition"), "what the condition is about is not known")
    return None


def _read_exits(value: JsonValue, place: Place, notes: Notes) -> Iterator[dict[str, ImportedValue] | None]:
    """The triggers that take people out. How they look is inferred from the other events: names, or mappings with one."""
    if value is not None and not isinstance(value, list):
        notes.add(place, f"{quote_value(value)} cannot be read: expected a list of triggers")
        return
    for index, item in enumerate(value or ()):
        yield _read_event(item, (place, index), notes)


def _read_event(item: JsonValue, place: Place, notes: Notes) -> dict[str, ImportedValue] | None:
    inner = item.get("parameters") if isinstance(item, dict) else None
    for record in (item, inner):
        name = record.get("eventName") if isinstance(record, dict) else record
        if isinstance(name, str) and name.strip():
            condition = record.get("condition") if isinstance(record, dict) else None
            text = describe_condition(condition, (place, "condition"), notes)
            return make_item(name=trigger_reference(name), condition=text)
    notes.add(place, f"{quote_value(item)} cannot be read: expected a trigger with its eventName")
    return None


def _merge_triggers(triggers: Iterator[dict[str, ImportedValue] | None]) -> list[ImportedValue]:
    """The *triggers* that there are, each once: the first of a name counts."""
    found: dict[ImportedValue, ImportedValue] = {}
    for trigger in triggers:
        if trigger is not None and isinstance(trigger["name"], RowReference):
            found.setdefault(trigger["name"], trigger)
    return list(found.values())


def _read_goal(data: JsonObject, column: str, notes: Notes) -> dict[str, ImportedValue]:
    """The goal. Only that it is a mapping is known: its name and its event are looked for where others have them."""
    goal, place = _find_record(data, "goal", column, notes)
    if not any(goal.values()):
        return {"name": None, "triggers": None}
    name = goal.get("name")
    triggers: list[ImportedValue] | None = None
    parameters = goal.get("parameters")
    has_event = "eventName" in goal or (isinstance(parameters, dict) and "eventName" in parameters)
    event = _read_event(goal, place, notes) if has_event else None
    if event is None:
        notes.add(place, "what reaches the goal is not known")
    else:
        triggers = [event]
    return {
        "name": clean_line(name) or None if isinstance(name, str) else None,
        "triggers": triggers,
    }

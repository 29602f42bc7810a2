"""What one action of the journey JSON does, as the members of a step.

The types are those that public sources show: `Email`, `Delay`, `Event`, `CreateRecord` (ai-agent-skills), `ConditionV2` and
`CreateRecordV2` (customer-journey-explorer); text and push messages are known by `smsId` and `pushNotificationId`
(Microsoft's page on journey templates), whatever their type is called. Anything else is a step `unknown`.
"""

from __future__ import annotations

from typing import NamedTuple

from journeylint.dataverse_tables.conditions import describe_condition
from journeylint.dataverse_tables.notes import Notes, Place
from journeylint.dataverse_tables.row_reader import read_whole
from journeylint.dataverse_tables.row_times import explain_unfit, read_instant
from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import ImportedValue, RowReference
from journeylint.model import JsonValue
from journeylint.row_keys import read_guid
from journeylint.wording import join_choices, quote_value

_CHANNELS = {"contentId": "email", "smsId": "text", "pushNotificationId": "push"}
_UNITS = {3: "days"}
_UNIT_WORDS = ("minutes", "hours", "days", "weeks", "months")
_DEFAULT_WAIT = ("Wait", None)

_MEMBERS = (
    "originalType",
    "next",
    "message",
    "channel",
    "expiresAt",
    "quietTime",
    "ccRecipients",
    "count",
    "unit",
    "until",
    "trigger",
    "segment",
    "timeout",
    "branches",
    "body",
    "versions",
    "defaultVersion",
    "metric",
    "startsAt",
    "endsAt",
    "entity",
    "mappedAttributes",
)
_KEPT = {"message": {"expiresAt", "ccRecipients"}}
"""What the JSON is not known to say and the schema allows in a step of a type: what a person wrote there stays."""

_BLANKS: dict[str, dict[str, ImportedValue]] = {
    kind: dict.fromkeys(name for name in ("type", *_MEMBERS) if name not in _KEPT.get(kind, ()))
    for kind in ("message", "wait", "wait_for_trigger", "branch", "create_record", "unknown")
}


_RECORD = ("type", "parameters", "runAfter", "id", "name", "displayName", "title")
_HELD = ("branches", "condition", "actions", "succeedActions", "timeoutActions", "falseActions")
_EVENT = ("eventType", "eventName", "waitForType", "timeoutParameters", "resumeCriteria")
_SENDING = (
    "messageDesignation",
    "complianceSettingsId",
    "purposeId",
    "topicId",
    "contentReadyToSend",
    "recipient",
    "placeholderBindings",
    "placeholderBindingsOriginal",
    "persistedUIState",
    "quietTimeSettingsSelectedOption",
)
_WAITING = ("type", "count", "unit", "waitUntil")
_CREATING = ("entityName", "properties", "mappingDefinitions")
KNOWN_MEMBERS = frozenset((*_RECORD, *_HELD, *_EVENT, *_SENDING, *_WAITING, *_CREATING, *_CHANNELS))
"""The members of an action, and of its parameters, that public sources show. Not all are read: they say nothing that we keep."""


class Action(NamedTuple):
    """An action as it stands in the JSON, at `place`. `zone` is the journey's (None: not known)."""

    type: str
    record: dict[str, JsonValue]
    parameters: dict[str, JsonValue]
    place: Place
    zone: str | None
    notes: Notes

    def note(self, name: str, reason: str) -> None:
        """Note that the parameter *name* cannot be read."""
        self.notes.add(((self.place, "parameters"), name), reason)


def read_action(value: JsonValue, place: Place, *, zone: str | None, notes: Notes) -> Action:
    """The action that *value* is; one without anything in it where it is no mapping."""
    record = value if isinstance(value, dict) else {}
    kind = record.get("type")
    parameters = record.get("parameters")
    if parameters is not None and not isinstance(parameters, dict):
        notes.add((place, "parameters"), f"{quote_value(parameters)} cannot be read: expected a mapping")
    named = clean_line(kind) if isinstance(kind, str) else ""
    return Action(named, record, parameters if isinstance(parameters, dict) else {}, place, zone, notes)


def read_step(action: Action) -> dict[str, ImportedValue]:
    """The members of the step that *action* is: all but its id and its ways on; null for what it does not say.

    A title that it does not have is left out: one that a person gave the step stays.
    """
    found = _read_message(action)
    if found is None and action.type in _READERS:
        found = _READERS[action.type](action)
    if found is None:
        found = _read_unknown(action)
    if found["type"] != "unknown":
        action.notes.check_members(f"{action.type}.", action.record, KNOWN_MEMBERS)
        action.notes.check_members(f"{action.type}.", action.parameters, KNOWN_MEMBERS)
    step = _BLANKS[str(found["type"])].copy()
    step.update(found)
    title = _read_title(action)
    if title is not None:
        step["title"] = title
    return step


def _read_title(action: Action) -> str | None:
    for name in ("name", "displayName", "title"):
        given = action.record.get(name)
        if isinstance(given, str) and (title := clean_line(given)):
            return title
    cached = action.parameters.get("persistedUIState")
    email = cached.get("cachedEmailEntity") if isinstance(cached, dict) else None
    given = email.get("msdynmkt_name") if isinstance(email, dict) else None
    return clean_line(given) or None if isinstance(given, str) else None


def _read_message(action: Action) -> dict[str, ImportedValue] | None:
    """A message, by which content it names; None where it names none, or several, or one of a type that is not known."""
    named = [name for name in _CHANNELS if action.parameters.get(name) not in (None, "")]
    is_email = action.type.lower() == "email"
    if len(named) > 1 or (not named and not is_email) or (named == ["contentId"] and not is_email):
        return None
    name = named[0] if named else "contentId"
    found: dict[str, ImportedValue] = {"type": "message", "channel": _CHANNELS[name]}
    message = read_guid(action.parameters.get(name))
    if message is not None:
        found["message"] = RowReference("Message", message)
    elif named:
        action.note(name, f"{quote_value(action.parameters[name])} cannot be read: expected the key of a message")
    else:
        action.note(name, "no message is chosen")
    quiet = action.parameters.get("quietTimeSettingsSelectedOption")
    if isinstance(quiet, str) and quiet.strip():
        found["quietTime"] = clean_line(quiet)
    elif quiet not in (None, ""):
        action.note("quietTimeSettingsSelectedOption", f"{quote_value(quiet)} cannot be read: expected text")
    return found


def _read_wait(action: Action) -> dict[str, ImportedValue]:
    found: dict[str, ImportedValue] = {"type": "wait"}
    kind, until = action.parameters.get("type"), action.parameters.get("waitUntil")
    if kind not in _DEFAULT_WAIT:
        action.note("type", f"the wait {quote_value(kind)} is not known")
    if until not in (None, ""):
        found["until"] = read_time(until, ((action.place, "parameters"), "waitUntil"), action.zone, action.notes)
    if until in (None, "") or action.parameters.get("count") is not None:
        duration = _read_duration(action.parameters, (action.place, "parameters"), action.notes)
        found |= duration or {}
    return found


def _read_wait_for_trigger(action: Action) -> dict[str, ImportedValue] | None:
    name = _find_text(action, "eventName")
    if name is None:
        return None
    if _find(action, "waitForType") not in (None, 0):
        action.note("waitForType", f"what is waited for, {quote_value(_find(action, 'waitForType'))}, is not known")
    limit = _find(action, "timeoutParameters")
    timeout = None
    if isinstance(limit, dict):
        timeout = _read_duration(limit, ((action.place, "parameters"), "timeoutParameters"), action.notes)
    else:
        action.note("timeoutParameters", "how long people wait at most is not said")
    return {"type": "wait_for_trigger", "trigger": trigger_reference(name), "timeout": timeout}


def _read_created_record(action: Action) -> dict[str, ImportedValue] | None:
    name = _find_text(action, "entityName")
    if name is None:
        return None
    return {"type": "create_record", "entity": clean_line(name)}


def _read_branch(_: Action) -> dict[str, ImportedValue]:
    return {"type": "branch"}


def _read_unknown(action: Action) -> dict[str, ImportedValue]:
    named = [f"{name} {quote_value(action.parameters[name])}" for name in _CHANNELS if action.parameters.get(name)]
    about = f", and what this one does with {join_choices(named, last='and')} neither" if named else ""
    if len(named) > 1 and action.type.lower() == "email":
        action.notes.add(action.place, f"it names several messages: {join_choices(named, last='and')}")
    elif action.type not in _READERS and action.record:
        kind = quote_value(action.type or action.record.get("type"))
        action.notes.add(action.place, f"actions of type {kind} are not known{about}")
    return {"type": "unknown", "originalType": action.type}


_READERS = {
    "Delay": _read_wait,
    "Event": _read_wait_for_trigger,
    "ConditionV2": _read_branch,
    "CreateRecord": _read_created_record,
    "CreateRecordV2": _read_created_record,
}


def trigger_reference(name: str) -> RowReference:
    """The Trigger whose event has this *name*: rows of triggers have it as an alias, in lower case."""
    return RowReference("Trigger", clean_line(name).lower())


def read_time(value: JsonValue, place: Place, zone: str | None, notes: Notes) -> str | None:
    """The time *value* that stands at *place*, as it is; None, and a note, where it means nothing in *zone*."""
    text = read_instant(value)
    reason = f"{quote_value(value)} cannot be read: expected a time" if text is None else explain_unfit(text, zone)
    if reason:
        notes.add(place, reason)
        return None
    return text


def _read_duration(record: dict[str, JsonValue], place: Place, notes: Notes) -> dict[str, ImportedValue] | None:
    count, unit = read_whole(record.get("count")), _read_unit(record.get("unit"))
    if count is None or not 0 <= count < 2**63:
        notes.add(
            (place, "count"), f"{quote_value(record.get('count'))} cannot be read: expected a whole number from 0"
        )
    if unit is None:
        notes.add((place, "unit"), f"the unit {quote_value(record.get('unit'))} is not known")
    return None if count is None or unit is None or not 0 <= count < 2**63 else {"count": count, "unit": unit}


def _read_unit(unit: JsonValue) -> str | None:
    number = read_whole(unit)
    if number is not None:
        return _UNITS.get(number)
    word = unit.strip().lower().rstrip("s") + "s" if isinstance(unit, str) else ""
    return word if word in _UNIT_WORDS else None


def _find(action: Action, name: str) -> JsonValue:
    """What the parameters, or the action itself, say of *name*: the sources differ in where they have it."""
    value = action.parameters.get(name)
    return action.record.get(name) if value is None else value


def _find_text(action: Action, name: str) -> str | None:
    """The text that the action needs as *name*; None, and a note, where it has none: then it cannot be read."""
    value = _find(action, name)
    if isinstance(value, str) and value.strip():
        return value
    action.note(name, f"{quote_value(value)} cannot be read: an action of type {action.type!r} needs text")
    return None


def describe_resumption(action: Action) -> str | None:
    """What an occurrence has to meet to end the wait that *action* is."""
    criteria = _find(action, "resumeCriteria")
    inner = criteria.get("criteria") if isinstance(criteria, dict) and set(criteria) <= {"criteria"} else criteria
    return describe_condition(inner, ((action.place, "parameters"), "resumeCriteria"), action.notes)

"""The ways on from an action of the journey JSON: where it holds the actions of its branches, and who takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from journeylint.dataverse_tables.actions import KNOWN_MEMBERS, Action, describe_resumption
from journeylint.dataverse_tables.conditions import describe_condition, find_segments
from journeylint.dataverse_tables.members import make_item
from journeylint.dataverse_tables.notes import Notes, Place
from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import ImportedValue, RowReference
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_NESTED = {"succeedActions": "met", "actions": None, "falseActions": "otherwise", "timeoutActions": "timeout"}
"""The members of an action that hold those of a branch, and when people take it."""

_ALWAYS = {"ConditionV2": ("otherwise",), "Event": ("met", "timeout")}
"""The ways on that a type has even where there are no actions on them."""

_HOLDING = frozenset({"branches", *_NESTED})
_HOLDERS = (dict, list)
_SEARCHED = frozenset({"resumeCriteria", "timeoutParameters", "properties", "mappingDefinitions"})
_NO_ACTIONS = KNOWN_MEMBERS - _SEARCHED
"""The members in which nobody has to look for actions: they are read, or are known to hold none."""


class Branch(NamedTuple):
    """A way on: its `members` but for where it leads, the `actions` on it, and the keys of the `segments` it asks for."""

    members: dict[str, ImportedValue]
    actions: JsonValue
    place: Place
    segments: tuple[str, ...] = ()


def find_branches(action: Action) -> list[Branch]:
    """The ways on from *action*; none where it has one only. What is not known of them is noted."""
    found: list[Branch] = []
    if not (_HOLDING.isdisjoint(action.parameters) and _HOLDING.isdisjoint(action.record)):
        found += _list_conditional(action)
        found += _list_nested(action)
    taken = {branch.members.get("on") for branch in found}
    for on in _ALWAYS.get(action.type, ()):
        if on not in taken:
            members = _make_members(on, condition=describe_resumption(action) if on == "met" else None)
            found.append(Branch(members, None, action.place))
    return found


def note_hidden(action: Action) -> None:
    """Note the actions that *action* holds where none are known to be."""
    for record, place in _list_holders(action):
        for name, value in record.items():
            if name not in _NO_ACTIONS and value and isinstance(value, _HOLDERS):
                _note_actions(name, value, place, action.notes)


def _list_holders(action: Action) -> tuple[tuple[dict[str, JsonValue], Place], ...]:
    """Where an action may hold others: the sources differ."""
    return (action.parameters, (action.place, "parameters")), (action.record, action.place)


def _list_conditional(action: Action) -> Iterator[Branch]:
    for record, place in _list_holders(action):
        listed = record.get("branches")
        inside = (place, "branches")
        if isinstance(listed, list):
            for index, item in enumerate(listed):
                yield from _read_conditional(item, (inside, index), action.notes)
        elif isinstance(listed, dict):
            for name, item in listed.items():
                yield from _read_conditional(item, (inside, name), action.notes)
        elif listed is not None:
            action.notes.add(inside, f"{quote_value(listed)} cannot be read: expected branches")


def _read_conditional(item: JsonValue, place: Place, notes: Notes) -> Iterator[Branch]:
    if not isinstance(item, dict):
        notes.add(place, f"{quote_value(item)} cannot be read: expected a branch")
        return
    for name, value in item.items():
        if name not in ("actions", "condition"):
            _note_actions(name, value, place, notes)
    condition = item.get("condition")
    segments = tuple(find_segments(condition))
    label = item.get("label")
    text = describe_condition(condition, (place, "condition"), notes)
    if text is None:
        notes.add((place, "condition"), "who takes the branch is not said")
    members = _make_members(
        "met",
        label=label if isinstance(label, str) else None,
        condition=text,
        segment=segments[0] if len(segments) == 1 else None,
    )
    yield Branch(members, item.get("actions"), (place, "actions"), segments)


def _list_nested(action: Action) -> Iterator[Branch]:
    always = _ALWAYS.get(action.type, ())
    for record, place in _list_holders(action):
        for name, on in _NESTED.items():
            value = record.get(name)
            if value is None or (not value and on not in always):
                continue
            condition: str | None = None
            segments: tuple[str, ...] = ()
            if name == "actions":
                condition, segments = _read_own_condition(action)
            elif name == "succeedActions":
                condition = describe_resumption(action)
            label = name if on is None else None
            yield Branch(_make_members(on, label=label, condition=condition), value, (place, name), segments)


def _read_own_condition(action: Action) -> tuple[str | None, tuple[str, ...]]:
    """The condition of the whole action, which is on those who take its `actions`."""
    for record, place in _list_holders(action):
        if record.get("condition") is not None:
            text = describe_condition(record["condition"], (place, "condition"), action.notes)
            return text, tuple(find_segments(record["condition"]))
    return None, ()


def _make_members(
    on: str | None, *, label: str | None = None, condition: str | None = None, segment: str | None = None
) -> dict[str, ImportedValue]:
    """What is said of a branch. A condition that is not is left out: one that a person wrote stays."""
    return {
        "label": clean_line(label or "") or None,
        "on": on,
        **make_item(condition=condition),
        "segment": RowReference("Segment", segment) if segment is not None else None,
    }


def _note_actions(name: str, value: JsonValue, place: Place, notes: Notes) -> None:
    """Note all mappings and lists named as those of actions are, in *value*, the member *name* of what stands at *place*."""
    waiting: list[tuple[str | int, JsonValue, Place]] = [(name, value, place)]
    while waiting:
        key, one, above = waiting.pop()
        if isinstance(key, str) and key.lower().endswith("actions"):
            notes.add((above, key), "actions that stand here are not known, and are not read")
            continue
        items = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        waiting += [(inner, item, (above, key)) for inner, item in items if item and isinstance(item, _HOLDERS)]

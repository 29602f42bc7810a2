"""The actions of the journey JSON as a flat list of steps.

The JSON nests: an action holds those of its branches, and within each mapping of actions `runAfter` says which comes after
which. Steps have ids instead, and what runs after an action with branches follows the end of each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from journeylint.dataverse_tables.action_order import Node, order_actions
from journeylint.dataverse_tables.actions import read_action, read_step
from journeylint.dataverse_tables.branches import Branch, find_branches, note_hidden
from journeylint.dataverse_tables.members import make_item
from journeylint.dataverse_tables.notes import Notes, Place
from journeylint.dataverse_tables.texts import clean_line
from journeylint.import_ports import ImportedValue, RowError
from journeylint.model import JsonValue
from journeylint.wording import join_choices, quote_value

_MOST_STEPS = 1_000
_LONGEST_ID = 200
_HOLDERS = ("branch", "wait_for_trigger", "unknown")
"""The types of steps that are known to hold others, and the one of which all is told as not known already."""


class Flow(NamedTuple):
    """The `steps`, the first one first, and the keys of the `segments` that branches ask for."""

    steps: list[ImportedValue]
    segments: tuple[str, ...]


def read_flow(actions: JsonValue, column: str, *, zone: str | None, notes: Notes) -> Flow:
    """The steps that the *actions* of the JSON in *column* are; *zone* is that of its local times, None where it is not known.

    What cannot be read is noted. Raises RowError where actions run after each other in a circle, and for more than 1,000.
    """
    reader = _FlowReader(column, zone, notes)
    reader.read(actions, (column, "actions"), None)
    return Flow(list(reader.steps), tuple(dict.fromkeys(reader.segments)))


class _FlowReader:
    """Collects the steps. An id is given out when an action is met, so that what comes before it can lead to it."""

    def __init__(self, column: str, zone: str | None, notes: Notes) -> None:
        self._column, self._zone, self._notes = column, zone, notes
        self._ids: set[str] = set()
        self.steps: list[dict[str, ImportedValue]] = []
        self.segments: list[str] = []

    def read(self, actions: JsonValue, place: Place, after: str | None) -> str | None:
        """Add the steps that *actions* are; their ends lead to the step *after*. Returns the first step's id, or *after*."""
        nodes = list(self._list_nodes(actions, place))
        if not nodes:
            return after
        try:
            order = order_actions(nodes, place, is_list=isinstance(actions, list), notes=self._notes)
        except RowError as error:
            raise RowError(str(error), self._column) from None
        first = self._lead_to(order.first, place, after)
        for node in order.nodes:
            self._add(node, order.followers[node.id], after)
        return first

    def _list_nodes(self, actions: JsonValue, place: Place) -> Iterator[Node]:
        if isinstance(actions, dict):
            for key, value in actions.items():
                yield Node(self._name(key), key, value, (place, key))
        elif isinstance(actions, list):
            for index, value in enumerate(actions):
                given = value.get("id") if isinstance(value, dict) else None
                named = given if isinstance(given, str) else ""
                yield Node(self._name(named or f"action-{index + 1}"), named, value, (place, index))
        elif actions is not None:
            self._notes.add(place, f"{quote_value(actions)} cannot be read: expected actions")

    def _name(self, key: str) -> str:
        """An id after the action's *key* that no other step has: actions in two branches may have the same key."""
        base = clean_line(key)[:_LONGEST_ID] or "action"
        name, number = base, 1
        while name in self._ids:
            number += 1
            name = f"{base}~{number}"
        if len(self._ids) >= _MOST_STEPS:
            raise RowError(
                f"{self._column} has more than {_MOST_STEPS:,} actions: so many cannot be judged", self._column
            )
        self._ids.add(name)
        return name

    def _lead_to(self, ids: list[str], place: Place, after: str | None) -> str | None:
        """The one step to go to for all of *ids* to follow, *after* where there are none.

        What the product does where several follow at once is not known: it becomes a step of its own that says so.
        """
        if len(ids) < 2:
            return ids[0] if ids else after
        self._notes.add(
            place, f"several actions follow at once, and how people go on is not known: {join_choices(ids[:5])}"
        )
        name = self._name("several-at-once")
        ways: list[ImportedValue] = [make_item(next=one) for one in ids]
        self.steps.append(make_item(id=name, type="unknown", originalType="several at once", branches=ways))
        return name

    def _add(self, node: Node, followers: list[str], after: str | None) -> None:
        if not isinstance(node.value, dict):
            self._notes.add(node.place, f"{quote_value(node.value)} cannot be read: expected an action")
        action = read_action(node.value, node.place, zone=self._zone, notes=self._notes)
        step: dict[str, ImportedValue] = {"id": node.id, **read_step(action)}
        self.steps.append(step)
        follower = self._lead_to(followers, node.place, after)
        note_hidden(action)
        branches = find_branches(action)
        if branches and step["type"] not in _HOLDERS:
            self._notes.add(node.place, f"that actions of type {quote_value(action.type)} hold others is not known")
        if branches:
            step["branches"] = [self._add_branch(branch, follower) for branch in branches]
        else:
            step["next"] = follower

    def _add_branch(self, branch: Branch, after: str | None) -> ImportedValue:
        self.segments += branch.segments
        first = self.read(branch.actions, branch.place, after)
        return branch.members | {"next": first}

"""In which order the actions of one mapping or list of the journey JSON run: after what `runAfter` names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from journeylint.dataverse_tables.notes import Notes, Place, describe_place
from journeylint.import_ports import RowError
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_SUCCESS = ({"result": "Success"}, "Success")


class Node(NamedTuple):
    """An action that stands at `place`: `id` is what its step is called, `key` what `runAfter` calls it (`""`: nothing)."""

    id: str
    key: str
    value: JsonValue
    place: Place


class Order(NamedTuple):
    """The `nodes`, none before one that it runs after, the ids of the `first` ones, and by id those that come right after."""

    nodes: list[Node]
    first: list[str]
    followers: dict[str, list[str]]


def order_actions(nodes: list[Node], place: Place, *, is_list: bool, notes: Notes) -> Order:
    """The order of *nodes*, all of one mapping, or list, at *place*. What is not known of it is noted.

    Raises RowError where actions run after each other in a circle; its column is for the caller to name.
    """
    if len(nodes) == 1 and not (isinstance(nodes[0].value, dict) and nodes[0].value.get("runAfter")):
        return Order(nodes, [nodes[0].id], {nodes[0].id: []})
    ids = {node.key: node.id for node in nodes if node.key}
    previous = {node.id: list(_read_previous(node, ids, notes)) for node in nodes}
    if is_list and len(nodes) > 1 and not any(previous.values()):
        notes.add(place, "no action says what it runs after: they are taken in the order in which they stand")
        previous = {node.id: [before.id] for before, node in pairwise(nodes)} | {nodes[0].id: []}
    followers: dict[str, list[str]] = {name: [] for name in previous}
    for name, ones in previous.items():
        for one in ones:
            followers[one].append(name)
    first = [name for name, ones in previous.items() if not ones]
    ordered = _sort(first, previous, followers)
    if len(ordered) < len(nodes):
        raise RowError(f"{describe_place(place)} run after each other in a circle: {_name_circle(previous)}")
    by_id = {node.id: node for node in nodes}
    return Order([by_id[name] for name in ordered], first, followers)


def _sort(first: list[str], previous: dict[str, list[str]], followers: dict[str, list[str]]) -> list[str]:
    """All names that *first* lead to, each after all that it comes after; those of a circle are left out."""
    missing = {name: len(ones) for name, ones in previous.items()}
    ordered = first.copy()
    for name in ordered:
        for follower in followers[name]:
            missing[follower] -= 1
            if not missing[follower]:
                ordered.append(follower)
    return ordered


def _name_circle(previous: dict[str, list[str]]) -> str:
    from graphlib import CycleError, TopologicalSorter  # noqa: PLC0415 - only a journey that cannot be needs it

    try:
        TopologicalSorter(previous).prepare()
    except CycleError as error:
        return ", then ".join(quote_value(name) for name in error.args[1][:5])
    return ""


def _read_previous(node: Node, ids: dict[str, str], notes: Notes) -> Iterator[str]:
    """The ids of the actions that *node* runs after."""
    after = node.value.get("runAfter") if isinstance(node.value, dict) else None
    if not after:
        return
    place = (node.place, "runAfter")
    if not isinstance(after, dict):
        notes.add(place, f"{quote_value(after)} cannot be read: expected the actions that it runs after")
        return
    for key, condition in after.items():
        if key not in ids:
            notes.add((place, key), "no such action stands beside it")
            continue
        if condition not in _SUCCESS:
            notes.add((place, key), "on what it runs is not known: only the result 'Success' is")
        yield ids[key]

"""In which order the actions of one mapping or list of the journey JSON run: after what `runAfter` names."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

from journeylint.dataverse_tables.notes import Notes, below
from journeylint.import_ports import RowError
from journeylint.model import JsonValue
from journeylint.wording import quote_value

_SUCCESS = ({"result": "Success"}, "Success")


class Node(NamedTuple):
    """An action that stands at `place`: `id` is what its step is called, `key` what `runAfter` calls it (`""`: nothing)."""

    id: str
    key: str
    value: JsonValue
    place: str


class Order(NamedTuple):
    """The `nodes`, none before one that it runs after, the ids of the `first` ones, and by id those that come right after."""

    nodes: list[Node]
    first: list[str]
    followers: dict[str, list[str]]


def order_actions(nodes: list[Node], place: str, *, is_list: bool, notes: Notes) -> Order:
    """The order of *nodes*, all of one mapping, or list, at *place*. What is not known of it is noted.

    Raises RowError where actions run after each other in a circle; its column is for the caller to name.
    """
    ids = {node.key: node.id for node in nodes if node.key}
    previous = {node.id: list(_read_previous(node, ids, notes)) for node in nodes}
    if is_list and len(nodes) > 1 and not any(previous.values()):
        notes.add(place, "no action says what it runs after: they are taken in the order in which they stand")
        previous = {node.id: [before.id] for before, node in pairwise(nodes)} | {nodes[0].id: []}
    followers: dict[str, list[str]] = {node.id: [] for node in nodes}
    for node in nodes:
        for one in previous[node.id]:
            followers[one].append(node.id)
    by_id = {node.id: node for node in nodes}
    first = [node.id for node in nodes if not previous[node.id]]
    return Order([by_id[name] for name in _sort(previous, place)], first, followers)


def _sort(previous: dict[str, list[str]], place: str) -> list[str]:
    try:
        return list(TopologicalSorter(previous).static_order())
    except CycleError as error:
        circle = ", then ".join(quote_value(name) for name in error.args[1][:5])
        raise RowError(f"{place} run after each other in a circle: {circle}") from None


def _read_previous(node: Node, ids: dict[str, str], notes: Notes) -> Iterator[str]:
    """The ids of the actions that *node* runs after."""
    after = node.value.get("runAfter") if isinstance(node.value, dict) else None
    if not after:
        return
    place = below(node.place, "runAfter")
    if not isinstance(after, dict):
        notes.add(place, f"{quote_value(after)} cannot be read: expected the actions that it runs after")
        return
    for key, condition in after.items():
        if key not in ids:
            notes.add(below(place, key), "no such action stands beside it")
            continue
        if condition not in _SUCCESS:
            notes.add(below(place, key), "on what it runs is not known: only the result 'Success' is")
        yield ids[key]

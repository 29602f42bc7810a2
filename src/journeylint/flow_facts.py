"""The facts about a journey: what its flow comes to, for policies to ask about (`schemas/journey-facts.schema.json`)."""

from __future__ import annotations

from itertools import compress
from typing import cast

from journeylint.flow_graph import FlowGraph, read_graph
from journeylint.flow_paths import Paths, find_paths, members
from journeylint.model import JsonObject, JsonValue


def derive_facts(manifest: JsonObject) -> JsonObject:
    """The facts about a valid Journey; they hang on nothing but its document."""
    flow = cast("JsonObject", cast("JsonObject", manifest["spec"]).get("flow") or {})
    if not flow:
        return {"isComplete": False, "branchDepth": 0, "steps": {}, "loops": [], "unknownNext": [], "duplicates": []}
    graph = read_graph(cast("JsonObject", manifest["spec"]))
    paths = find_paths(graph)
    loops = [_names(graph, loop) for loop in paths.loops]
    facts: JsonObject = {
        "isComplete": _is_complete(graph, paths),
        "branchDepth": max(
            (paths.depths[node] + 1 for node in members(paths.reachable) if graph.is_branching[node]), default=0
        ),
        "steps": _steps(graph, paths),
        "loops": cast("JsonValue", loops),
        "unknownNext": [{"step": one.step, "pointer": one.pointer, "id": one.id} for one in graph.unknown_next],
        "duplicates": list(graph.duplicates),
    }
    if graph.first is not None:
        facts["first"] = graph.ids[graph.first]
    _put(facts, "shortestMinutes", paths.earliest[graph.end])
    _put(facts, "longestMinutes", paths.latest[graph.end])
    _put(facts, "mostMessages", paths.most_messages)
    return facts


def _is_complete(graph: FlowGraph, paths: Paths) -> bool:
    is_whole = graph.first is not None and not (paths.loops or graph.unknown_next or graph.duplicates)
    # Of steps, and of the ends of series: nobody comes to the place between them, where references lead nowhere.
    leaving = (*graph.ways[: graph.end], *graph.ways[graph.end + 2 :])
    return is_whole and all(delay.least is not None and delay.most is not None for ways in leaving for _, delay in ways)


def _steps(graph: FlowGraph, paths: Paths) -> JsonObject:
    on_loop = {node for loop in paths.loops for node in loop}
    previous = _previous(graph)
    types = [str(step["type"]) for step in graph.steps]
    senders = _senders(graph)
    found: JsonObject = {}
    for node, name in enumerate(graph.ids):
        # A digit a step, the first step first; what is no step comes behind them all, where `compress` does not look.
        before = [digit == "1" for digit in bin(paths.before[node])[:1:-1]]
        fact: JsonObject = {
            "isReachable": bool(paths.reachable >> node & 1),
            "isOnLoop": node in on_loop,
            "isAfterWait": bool(paths.after_wait >> node & 1),
            "branchDepth": paths.depths[node],
            "previous": [graph.ids[one] for one in previous[node]],
            "before": [*compress(graph.ids, before)],
            "typesBefore": cast("JsonValue", sorted({*compress(types, before)})),
        }
        _put(fact, "earliestMinutes", paths.earliest[node])
        _put(fact, "latestMinutes", paths.latest[node])
        if node in graph.inside:
            fact["inside"] = cast("JsonValue", _names(graph, graph.inside[node]))
            fact["typesInside"] = cast("JsonValue", sorted({types[one] for one in graph.inside[node]}))
        if node in senders:
            same = list(members(senders[node] & paths.before[node]))
            if same:
                fact["sameMessageBefore"] = cast("JsonValue", _names(graph, same))
        found[name] = fact
    return found


def _senders(graph: FlowGraph) -> dict[int, int]:
    """For each step that names a message, as a set of nodes: the others that name one of its messages."""
    senders: dict[str, int] = {}
    sent = dict[int, list[str]]()
    for node, step in enumerate(graph.steps):
        names = [one.get("message") for one in (step, *cast("list[JsonObject]", step.get("versions") or []))]
        for name in names:
            if name is not None:
                sent.setdefault(node, []).append(str(name))
                senders[str(name)] = senders.get(str(name), 0) | 1 << node
    found: dict[int, int] = {}
    for node, messages in sent.items():
        for name in messages:
            found[node] = (found.get(node, 0) | senders[name]) & ~(1 << node)
    return found


def _previous(graph: FlowGraph) -> list[list[int]]:
    """For each step those that lead straight to it, in their order; what is no step is passed over."""
    end = graph.end
    previous: list[list[int]] = [[] for _ in graph.ids]
    for node in range(end):
        targets = {target for target, _ in graph.ways[node]}
        waiting = [target for target in targets if target > end]
        while waiting:
            for target, _ in graph.ways[waiting.pop()]:
                if target > end and target not in targets:
                    waiting.append(target)
                targets.add(target)
        for target in targets:
            if target < end:
                previous[target].append(node)
    return previous


def _names(graph: FlowGraph, nodes: list[int]) -> list[str]:
    return [graph.ids[node] for node in nodes if node < graph.end]


def _put(facts: JsonObject, name: str, value: int | None) -> None:
    if value is not None:
        facts[name] = value

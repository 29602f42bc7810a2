"""What the ways through a flow have in common: what can come before a step, when people arrive, what they pass for certain.

Sets of nodes are whole numbers whose bits are the nodes, so that a flow of 1,000 steps takes milliseconds. Nothing here
calls itself, so that a flow can be as deep as it is long; loops end all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from journeylint.flow_graph import FlowGraph


class Paths(NamedTuple):
    """What is known of each node of a graph; sets are whole numbers with a bit a node.

    `before` are the nodes that can come before it, of those that people reach; `earliest` and `latest` are minutes since
    people came in, None where that is not known. `depths` counts the branchings around it. `loops` are nodes from each of
    which a way leads to each; `after_wait` those that people reach behind a `wait` only. `most_messages` is how many a person
    gets at most, None where that is not known.
    """

    reachable: int
    before: list[int]
    earliest: list[int | None]
    latest: list[int | None]
    depths: list[int]
    loops: list[list[int]]
    after_wait: int
    most_messages: int | None


_SENDING = frozenset({"message", "ab_test", "channel_optimization"})


def find_paths(graph: FlowGraph) -> Paths:
    """The paths of *graph* from its first step on."""
    following = [tuple({way.target: None for way in ways}) for ways in graph.ways]
    groups = _sorted_groups(following)
    loops = [sorted(group) for group in groups if _is_loop(group, following)]
    in_loop = _set_of(node for loop in loops for node in loop)
    reachable = _reach(following, graph.first)
    reached = [node for group in groups for node in group if reachable >> node & 1]
    return Paths(
        reachable,
        _befores(following, groups, reachable, in_loop),
        _earliest(graph),
        _latest(graph, reached, in_loop),
        _depths(graph, following, reached, has_loops=bool(in_loop)),
        sorted(loops),
        reachable & ~_reach_without_wait(graph, following),
        None if in_loop & reachable else _most_messages(graph, following, reached),
    )


def members(nodes: int) -> Iterator[int]:
    """The nodes of a set, in their order."""
    while nodes:
        lowest = nodes & -nodes
        yield lowest.bit_length() - 1
        nodes ^= lowest


def _set_of(nodes: Iterator[int]) -> int:
    found = 0
    for node in nodes:
        found |= 1 << node
    return found


def _reach(following: Sequence[Sequence[int]], first: int | None, walls: int = 0) -> int:
    """The nodes that are reached from *first*, going on from none of *walls*."""
    found = 0 if first is None else 1 << first
    waiting = [] if first is None else [first]
    while waiting:
        node = waiting.pop()
        if not walls >> node & 1:
            for target in following[node]:
                if not found >> target & 1:
                    found |= 1 << target
                    waiting.append(target)
    return found


def _reach_without_wait(graph: FlowGraph, following: Sequence[Sequence[int]]) -> int:
    waits = _set_of(place for place, step in enumerate(graph.steps) if step["type"] == "wait")
    return _reach(following, graph.first, waits)


def _sorted_groups(following: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected groups of nodes, each before those that it leads to. Where there are no loops, each is one node."""
    leading = [0] * len(following)
    for targets in following:
        for target in targets:
            leading[target] += 1
    order = [node for node, count in enumerate(leading) if not count]
    for node in order:  # grows on the way
        for target in following[node]:
            leading[target] -= 1
            if not leading[target]:
                order.append(target)
    return [[node] for node in order] if len(order) == len(following) else _strong_groups(following)[::-1]


def _strong_groups(following: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected groups of nodes, each behind those that it leads to (Tarjan's algorithm, without recursion)."""
    groups: list[list[int]] = []
    numbers: dict[int, int] = {}
    lows: dict[int, int] = {}
    stack: list[int] = []
    is_open = set[int]()
    for root in range(len(following)):
        if root in numbers:
            continue
        path = [(root, iter(following[root]))]
        numbers[root] = lows[root] = len(numbers)
        stack.append(root)
        is_open.add(root)
        while path:
            node, targets = path[-1]
            for target in targets:
                if target not in numbers:
                    numbers[target] = lows[target] = len(numbers)
                    stack.append(target)
                    is_open.add(target)
                    path.append((target, iter(following[target])))
                    break
                if target in is_open:
                    lows[node] = min(lows[node], numbers[target])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lows[above] = min(lows[above], lows[node])
                if lows[node] == numbers[node]:
                    groups.append(_take_group(stack, node))
                    is_open.difference_update(groups[-1])
    return groups


def _take_group(stack: list[int], root: int) -> list[int]:
    place = stack.index(root)
    group = stack[place:]
    del stack[place:]
    return group


def _is_loop(group: Sequence[int], following: Sequence[Sequence[int]]) -> bool:
    return len(group) > 1 or group[0] in following[group[0]]


def _befores(
    following: Sequence[Sequence[int]], groups: Sequence[Sequence[int]], reachable: int, in_loop: int
) -> list[int]:
    """For each node those that can come before it; *groups* are sorted."""
    before = [0] * len(following)
    for group in groups:
        if not reachable >> group[0] & 1:
            continue
        whole = around = 0
        for node in group:
            whole |= 1 << node
            around |= before[node]
        if in_loop >> group[0] & 1:
            around |= whole
        for node in group:
            before[node] = around
            for target in following[node]:
                before[target] |= around | 1 << node
    return before


def _earliest(graph: FlowGraph) -> list[int | None]:
    """When people arrive at the earliest; None where all that is known is that it is no earlier than some time."""
    bounds = _soonest(graph, 0)
    reached = (ways for ways, bound in zip(graph.ways, bounds, strict=True) if bound is not None)
    if all(way.delay.least is not None for ways in reached for way in ways):
        return bounds
    known = _soonest(graph, None)
    return [one if one == bound else None for one, bound in zip(known, bounds, strict=True)]


def _soonest(graph: FlowGraph, unknown: int | None) -> list[int | None]:
    """The least minutes on the ways to each node, taking *unknown* minutes for a time of which nothing is known.

    None leaves such ways out (Dijkstra's algorithm: nobody leaves earlier by arriving later).
    """
    found: list[int | None] = [None] * len(graph.ways)
    waiting = [] if graph.first is None else [(0, graph.first)]
    while waiting:
        minutes, node = heappop(waiting)
        if found[node] is not None:
            continue
        found[node] = minutes
        for target, delay in graph.ways[node]:
            if found[target] is None:
                after = delay.least_after(minutes)
                if after is None and unknown is not None:
                    after = minutes + unknown
                if after is not None:
                    heappush(waiting, (after, target))
    return found


def _latest(graph: FlowGraph, reached: Sequence[int], in_loop: int) -> list[int | None]:
    """When people arrive at the latest; None behind what may take any time."""
    found: list[int | None] = [0 if node == graph.first else None for node in range(len(graph.ways))]
    is_known = [True] * len(graph.ways)
    for node in reached:
        if not is_known[node] or in_loop >> node & 1:
            found[node] = None
        for target, delay in graph.ways[node]:
            after = delay.most_after(found[node])
            if after is None:
                is_known[target] = False
            else:
                there = found[target]
                found[target] = after if there is None else max(after, there)
    return found


def _most_messages(graph: FlowGraph, following: Sequence[Sequence[int]], reached: Sequence[int]) -> int | None:
    """The most messages on a way to the end, without loops; None where a step was not analysed or is not there."""
    end = graph.end
    found: list[int | None] = [None] * len(following)
    for node in reached:
        after = found[node] or 0
        if node < end:
            kind = graph.steps[node]["type"]
            if kind == "unknown":
                return None
            after += kind in _SENDING
        elif node == end + 1:
            return None
        found[node] = after
        for target in following[node]:
            found[target] = max(found[target] or 0, after)
    return found[end]


def _depths(
    graph: FlowGraph, following: Sequence[Sequence[int]], reached: Sequence[int], *, has_loops: bool
) -> list[int]:
    """How many branchings are around each node: all ways to it pass them, and their ways do not meet again before it."""
    branching = _set_of(node for node in reached if graph.is_branching[node])
    depths = [0] * len(following)
    if not branching or graph.first is None:
        return depths
    leading: list[list[int]] = [[] for _ in following]
    for node in reached:
        for target in following[node]:
            leading[target].append(node)
    always_before = _always(reached, leading, graph.first, has_loops=has_loops)
    can_end = _reach(leading, graph.end)
    always_behind = _always(
        [node for node in reversed(reached) if can_end >> node & 1],
        [[target for target in targets if can_end >> target & 1] for targets in following],
        graph.end,
        has_loops=has_loops,
    )
    for node in reached:
        passed = always_before[node]
        around = passed & branching & ~(1 << node)
        if around:
            depths[node] = sum(not always_behind[one] & ~(1 << one) & passed for one in members(around))
    return depths


def _always(order: Sequence[int], leading: Sequence[Sequence[int]], first: int, *, has_loops: bool) -> list[int]:
    """For each node those that all ways from *first* to it pass, itself included (the classical fixed point).

    *order* has each node behind those that lead to it, but for loops: without any, going through it once is enough.
    """
    everything = _set_of(iter(order))
    found = [everything] * len(leading)
    found[first] = 1 << first
    changed = True
    while changed:
        changed = False
        for node in order:
            if node == first:
                continue
            common = everything
            for before in leading[node]:
                common &= found[before]
            common |= 1 << node
            if common != found[node]:
                found[node] = common
                changed = has_loops
    return found

"""The flow of a journey as a graph: which step leads to which, and how long people take on the way.

Steps are the nodes 0 to n - 1, in the order of the document; of several with one id the first counts. Behind them stand
nodes that are no steps: the end of the journey, the place where references lead that lead nowhere, and the end of each series,
where those who have gone through its body meet those who left it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from journeylint.model import JsonObject
from journeylint.times import parse_instant

MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10_080, "months": 43_200}
"""How many minutes a unit has; a month is taken for 30 days."""

MOST_MINUTES = 1 << 52
"""What takes longer is taken to take so long: 1,000 of them are still a whole number of CEL."""


class Delay(NamedTuple):
    """How many minutes people take at least and at most, None where nobody can tell.

    They are also not over before so many minutes have passed since people came into the journey.
    """

    least: int | None = 0
    most: int | None = 0
    not_before: int = 0
    not_before_at_most: int = 0

    def least_after(self, arrival: int) -> int | None:
        """The least minutes since people came in when it is over, for those who arrive after so many."""
        return None if self.least is None else max(arrival + self.least, self.not_before)

    def most_after(self, arrival: int | None) -> int | None:
        """The most minutes since people came in when it is over, for those who arrive after so many."""
        if arrival is None or self.most is None:
            return None
        return max(arrival + self.most, self.not_before_at_most)


NO_DELAY = Delay()
OPEN_DELAY = Delay(0, None)
UNKNOWN_DELAY = Delay(None, None)


class Way(NamedTuple):
    """That people go on to the node `target` after `delay`."""

    target: int
    delay: Delay


class UnknownNext(NamedTuple):
    """A reference to a step that is not there: `step` has it, `""` where the flow itself has, at `pointer` in the manifest."""

    step: str
    pointer: str
    id: str


class FlowGraph(NamedTuple):
    """A flow: `ways` on from each node, those that are no steps included.

    `first` is None where nobody comes in. `is_branching` says for each node whether several ways lead on from it. `inside`
    has the steps inside each series, itself a step, those inside a series in it included.
    """

    ids: tuple[str, ...]
    steps: tuple[JsonObject, ...]
    first: int | None
    ways: tuple[tuple[Way, ...], ...]
    is_branching: tuple[bool, ...]
    inside: dict[int, list[int]]
    unknown_next: tuple[UnknownNext, ...]
    duplicates: tuple[str, ...]

    @property
    def end(self) -> int:
        """The node that is the end of the journey."""
        return len(self.ids)


class _Exit(NamedTuple):
    """A way on as the step names it: `next` is None where it names none."""

    next: str | None
    delay: Delay


def read_graph(spec: JsonObject) -> FlowGraph:
    """The graph of `spec.flow` of a valid journey."""
    flow = cast("JsonObject", spec.get("flow") or {})
    every = cast("list[JsonObject]", flow.get("steps") or [])
    index: dict[str, int] = {}
    steps: list[JsonObject] = []
    duplicates: dict[str, None] = {}
    for step in every:
        name = str(step["id"])
        if name in index:
            duplicates[name] = None
        else:
            index[name] = len(steps)
            steps.append(step)
    first = index.get(str(flow["first"])) if "first" in flow else (0 if steps else None)
    clock = _Clock(spec)
    exits = [_exits_of(step, clock) for step in steps]
    series = {place: index.get(str(step.get("body"))) for place, step in enumerate(steps) if step["type"] == "series"}
    owners = _find_owners([[index.get(one.next or "") for one in each] for each in exits], series, first)
    return _connect(
        FlowGraph(
            tuple(index),
            tuple(steps),
            first,
            (),
            (),
            _insides(owners, series),
            tuple(_unknown_next(flow, every, index)),
            tuple(duplicates),
        ),
        exits,
        series,
        owners=owners,
    )


class _Clock:
    """When people come into the journey, as far as that is known."""

    def __init__(self, spec: JsonObject) -> None:
        self._zone = str(spec.get("timeZone", "UTC"))
        start = spec.get("startTime")
        self._start: datetime | None = None if start is None else parse_instant(str(start), self._zone)
        entry = cast("JsonObject", spec.get("entry") or {})
        self._all_at_once = spec["frequency"] == "one_time" and "rateLimit" not in entry

    def until(self, text: str) -> Delay:
        """How long people wait for an instant: nobody comes in before the start, and who comes too late passes at once."""
        if self._start is None:
            return OPEN_DELAY
        minutes, rest = divmod((parse_instant(text, self._zone) - self._start).total_seconds(), 60)
        earliest, latest = int(minutes), int(minutes) + bool(rest)
        return Delay(0, 0, earliest if self._all_at_once else 0, latest)


def _minutes(value: JsonObject) -> int:
    return min(int(cast("int", value["count"])) * MINUTES[str(value["unit"])], MOST_MINUTES)


def _exits_of(step: JsonObject, clock: _Clock) -> list[_Exit]:
    """The ways on from a step, with how long it takes to come to take them; for a series, from its end."""
    kind, after = step["type"], step.get("next")
    met, late = _delays_of(step, clock)
    branches = cast("list[JsonObject]", step.get("branches"))
    if not branches:
        return [_Exit(None if after is None else str(after), met)]
    exits = []
    for branch in branches:
        following = branch.get("next", after)
        is_late = branch.get("on") == "timeout" or (branch.get("on") == "otherwise" and kind in _WAITING)
        exits.append(_Exit(None if following is None else str(following), late if is_late else met))
    if not _covers_all(str(kind), branches):
        on = {branch.get("on", "met") for branch in branches}
        rest = late if kind in _WAITING and "met" in on else met
        exits.append(_Exit(None if after is None else str(after), rest))
    return exits


_WAITING = ("wait_for_trigger", "wait_for_segment")


def _covers_all(kind: str, branches: Sequence[JsonObject]) -> bool:
    """Whether everybody takes one of *branches*, of which there are some."""
    on = {branch.get("on", "met") for branch in branches}
    return kind == "split" or "otherwise" in on or (kind in _WAITING and {"met", "timeout"} <= on)


def _delays_of(step: JsonObject, clock: _Clock) -> tuple[Delay, Delay]:
    """How long people take who go on as usual, and those for whom the time runs out."""
    kind = step["type"]
    if "timeout" in step:
        longest = _minutes(cast("JsonObject", step["timeout"]))
        return Delay(0, longest), Delay(longest, longest)
    if kind in _WAITING:
        return OPEN_DELAY, UNKNOWN_DELAY
    if kind == "wait":
        if "until" in step:
            return clock.until(str(step["until"])), UNKNOWN_DELAY
        if "count" not in step:
            return UNKNOWN_DELAY, UNKNOWN_DELAY
        count = _minutes(step)
        return Delay(count, count), UNKNOWN_DELAY
    return (UNKNOWN_DELAY if kind == "unknown" else NO_DELAY), UNKNOWN_DELAY


def _find_owners(
    targets: Sequence[Sequence[int | None]], series: dict[int, int | None], first: int | None
) -> list[int | None]:
    """For each step the series in whose body it stands, if any: the innermost.

    A step that can be reached from the start without going through a body stands in none.
    """
    if not series:
        return [None] * len(targets)
    led_to = {target for each in targets for target in each} | set(series.values())
    places = range(len(targets))
    roots = [*([] if first is None else [first]), *(place for place in places if place not in led_to), *places]
    owners: dict[int, int | None] = {}
    for root in roots:
        bodies: list[tuple[int, int | None]] = [(root, None)]
        for begin, owner in bodies:  # grows on the way
            waiting = [begin]
            while waiting:
                place = waiting.pop()
                if place in owners:
                    continue
                owners[place] = owner
                waiting += [target for target in reversed(targets[place]) if target is not None]
                body = series.get(place)
                if body is not None:
                    bodies.append((body, place))
    return [owners[place] for place in places]


def _insides(owners: Sequence[int | None], series: dict[int, int | None]) -> dict[int, list[int]]:
    inside: dict[int, list[int]] = {place: [] for place in series}
    for place, owner in enumerate(owners):
        around = owner
        while around is not None:
            inside[around].append(place)
            around = owners[around]
    return inside


def _connect(
    graph: FlowGraph,
    exits: Sequence[Sequence[_Exit]],
    series: dict[int, int | None],
    *,
    owners: Sequence[int | None],
) -> FlowGraph:
    index = {name: place for place, name in enumerate(graph.ids)}
    end, lost = len(index), len(index) + 1
    ends = {place: lost + 1 + number for number, place in enumerate(series)}

    def lead(place: int) -> tuple[Way, ...]:
        owner = owners[place]
        leave = end if owner is None else ends[owner]
        ways = [Way(leave if one.next is None else index.get(one.next, lost), one.delay) for one in exits[place]]
        return tuple(ways) if len(ways) == 1 else tuple(dict.fromkeys(ways))

    ways = [lead(place) for place in range(len(index))]
    behind = [ways[place] for place in series]
    for place, body in series.items():
        begin = lost if body is None else body
        ways[place] = (Way(begin, NO_DELAY), Way(ends[place], NO_DELAY))
    branching = [place not in series and len(exits[place]) > 1 for place in range(len(index))]
    branching += [False, False, *(len(exits[place]) > 1 for place in series)]
    return graph._replace(ways=(*ways, (), (Way(end, UNKNOWN_DELAY),), *behind), is_branching=tuple(branching))


def _unknown_next(flow: JsonObject, steps: Sequence[JsonObject], index: dict[str, int]) -> Iterator[UnknownNext]:
    if "first" in flow and flow["first"] not in index:
        yield UnknownNext("", "/spec/flow/first", str(flow["first"]))
    for place, step in enumerate(steps):
        for key in ("next", "body"):
            if key in step and step[key] not in index:
                yield UnknownNext(str(step["id"]), f"/spec/flow/steps/{place}/{key}", str(step[key]))
        for number, branch in enumerate(cast("list[JsonObject]", step.get("branches") or ())):
            if "next" in branch and branch["next"] not in index:
                pointer = f"/spec/flow/steps/{place}/branches/{number}/next"
                yield UnknownNext(str(step["id"]), pointer, str(branch["next"]))

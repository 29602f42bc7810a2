"""Facts about random flows against a reference that knows nothing of graphs but to try every way."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from journeylint.flow_facts import derive_facts
from journeylint.model import JsonObject
from tests.kinds import make_journey, read_schema

FACTS = Draft202012Validator(read_schema("journey-facts"))
JOURNEYS = Draft202012Validator(read_schema("journey"))
END, LOST = "(end)", "(lost)"
NAMES = ["a", "b", "c", "d", "e", "f"]
names = st.sampled_from([*NAMES, "nowhere"])


@st.composite
def make_step(draw: st.DrawFn, name: str, *, targets: st.SearchStrategy[str], has_series: bool) -> JsonObject:
    kinds = ["message", "wait", "branch", "split", "wait_for_trigger", "unknown", "open_wait"]
    kind = draw(st.sampled_from([*kinds, "series"] if has_series else kinds))
    step: JsonObject = {"id": name, "type": "wait" if kind == "open_wait" else kind}
    if draw(st.booleans()):
        step["next"] = draw(targets)
    if kind == "wait":
        step |= {"count": draw(st.integers(0, 3)), "unit": "hours"}
    if kind == "unknown":
        step["originalType"] = "Odd"
    if kind == "wait_for_trigger" and draw(st.booleans()):
        step["timeout"] = {"count": draw(st.integers(0, 3)), "unit": "hours"}
    if kind == "series":
        step["body"] = draw(targets)
    if kind in ("branch", "split", "wait_for_trigger", "series"):
        ways = draw(st.lists(st.sampled_from(["met", "otherwise", "timeout"]), max_size=3))
        step["branches"] = [{"on": on, **({"next": draw(targets)} if draw(st.booleans()) else {})} for on in ways]
    return step


@st.composite
def make_flow(draw: st.DrawFn, *, has_loops: bool = True, has_series: bool = True) -> JsonObject:
    count = draw(st.integers(0, len(NAMES)))
    steps = []
    for place, name in enumerate(NAMES[:count]):
        later = st.sampled_from([*NAMES[place + 1 :], "nowhere"])
        steps.append(draw(make_step(name, targets=names if has_loops else later, has_series=has_series)))
    flow: JsonObject = {"steps": [*steps]}
    if draw(st.integers(0, 5)) == 5:
        flow["first"] = draw(names)
    return flow


class Reference:
    """The ways on from each step as they are written, and every path of a flow without series."""

    def __init__(self, flow: Any) -> None:
        self.steps = {step["id"]: step for step in flow["steps"]}
        first = flow.get("first", next(iter(self.steps), None))
        self.first = first if first in self.steps else None

    def exits(self, name: str) -> list[tuple[str, int | None, int | None]]:
        """Target, least and most minutes; None where nobody knows."""
        if name == LOST:
            return [(END, None, None)]
        step = self.steps[name]
        kind, waits = step["type"], step["type"] == "wait_for_trigger"
        on = {branch["on"] for branch in step.get("branches", [])}
        ways = [(branch["on"], branch.get("next", step.get("next"))) for branch in step.get("branches", [])]
        covers = ways and (kind == "split" or "otherwise" in on or (waits and {"met", "timeout"} <= on))
        if not covers:
            ways.append(("timeout" if waits and "met" in on else "met", step.get("next")))
        return [(self._target(target), *self._minutes(step, way)) for way, target in ways]

    def _target(self, name: str | None) -> str:
        return END if name is None else name if name in self.steps else LOST

    def _minutes(self, step: Any, way: str) -> tuple[int | None, int | None]:
        kind = step["type"]
        if kind == "wait":
            return (step["count"] * 60,) * 2 if "count" in step else (None, None)
        if kind == "unknown":
            return None, None
        is_late = way == "timeout" or (way == "otherwise" and kind == "wait_for_trigger")
        if kind == "wait_for_trigger":
            longest = step["timeout"]["count"] * 60 if "timeout" in step else None
            return (longest if is_late else 0), longest
        return (None, None) if is_late else (0, 0)

    @cache  # noqa: B019 - a reference lives as long as an example
    def reached(self, name: str | None) -> frozenset[str]:
        """What comes behind *name*, by trying until nothing new is found."""
        found: set[str] = set()
        fresh = {target for target, *_ in self.exits(name)} if name not in (None, END) else set()
        while fresh - found:
            found |= fresh
            fresh = {target for one in found if one != END for target, *_ in self.exits(one)}
        return frozenset(found)

    def paths(self, goal: str) -> list[tuple[list[str], int, bool, int | None]]:
        """The simple ways to *goal*: what each passes, its least minutes, whether these are known, its most."""
        if self.first is None:
            return []
        found = []
        waiting: list[tuple[list[str], int, bool, int | None]] = [([self.first], 0, True, 0)]
        while waiting:
            path, least, is_known, most = waiting.pop()
            if path[-1] == goal:
                found.append((path[:-1], least, is_known, most))
                continue
            if path[-1] == END:
                continue
            for target, lower, upper in self.exits(path[-1]):
                if target not in path:
                    total = None if most is None or upper is None else most + upper
                    waiting.append(([*path, target], least + (lower or 0), is_known and lower is not None, total))
        return found


def minutes(found: list[tuple[list[str], int, bool, int | None]]) -> int | None:
    """The least minutes, if a way that is known all along has them."""
    least = min((one[1] for one in found), default=None)
    return least if any(one[1] == least and one[2] for one in found) else None


def derive(flow: JsonObject) -> Any:
    manifest = make_journey(flow=flow)
    assert list(JOURNEYS.iter_errors(manifest)) == []
    facts = derive_facts(manifest)
    assert list(FACTS.iter_errors(facts)) == []
    return facts


@given(make_flow(has_series=False))
@settings(max_examples=400)
def test_reachability_and_what_comes_before_are_what_trying_every_way_finds(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    there = reference.reached(reference.first) | ({reference.first} if reference.first else set())
    for name in reference.steps:
        fact = facts["steps"][name]
        before = [one for one in reference.steps if one in there and name in reference.reached(one)]
        assert fact["isReachable"] == (name in there)
        assert fact["before"] == (before if name in there else [])
        assert fact["isOnLoop"] == (name in reference.reached(name))
        assert fact["previous"] == [
            one for one in reference.steps if name in {target for target, *_ in reference.exits(one)}
        ]
        assert fact["typesBefore"] == sorted({reference.steps[one]["type"] for one in fact["before"]})


@given(make_flow(has_series=False))
@settings(max_examples=400)
def test_a_loop_has_the_steps_that_lead_to_each_other(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    expected: list[list[str]] = []
    for name in reference.steps:
        both = [one for one in reference.steps if one in reference.reached(name) and name in reference.reached(one)]
        if name in both and both not in expected:
            expected.append(both)
    assert facts["loops"] == expected


@given(make_flow(has_series=False))
@settings(max_examples=400)
def test_the_shortest_time_is_that_of_the_shortest_way_and_known_if_all_of_that_is(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    assert facts.get("shortestMinutes") == minutes(reference.paths(END))
    for name in reference.steps:
        assert facts["steps"][name].get("earliestMinutes") == minutes(reference.paths(name))


@given(make_flow(has_series=False))
@settings(max_examples=400)
def test_the_longest_time_is_that_of_the_longest_way_unless_something_on_a_way_is_unknown(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    for name in (*reference.steps, END):
        found = facts.get("longestMinutes") if name == END else facts["steps"][name].get("latestMinutes")
        paths = reference.paths(name)
        passed = {one for path, *_ in paths for one in path} | {name}
        is_circular = any(one in reference.reached(one) for one in passed - {END})
        if not paths or is_circular or any(most is None for *_, most in paths):
            assert found is None
        else:
            assert found == max(most for *_, most in paths if most is not None)


@given(make_flow(has_series=False))
@settings(max_examples=400)
def test_a_step_is_after_a_wait_if_every_way_to_it_passes_one(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    for name in reference.steps:
        paths = reference.paths(name)
        expected = bool(paths) and all(
            any(one != LOST and reference.steps[one]["type"] == "wait" for one in path) for path, *_ in paths
        )
        assert facts["steps"][name]["isAfterWait"] == expected


@given(make_flow(has_series=False, has_loops=False))
@settings(max_examples=400)
def test_branchings_around_a_step_are_passed_always_and_their_ways_do_not_meet_again_before_it(flow: Any) -> None:
    facts, reference = derive(flow), Reference(flow)
    deepest = 0
    for name in reference.steps:
        paths = reference.paths(name)
        if not paths:
            assert facts["steps"][name]["branchDepth"] == 0
            continue
        around = 0
        passed = set.intersection(*({*path, name} for path, *_ in paths)) - {LOST}
        for one in passed - {name}:
            meets = any(is_met_always(reference, one, other) for other in passed - {one})
            around += len(reference.exits(one)) > 1 and not meets
        assert facts["steps"][name]["branchDepth"] == around
        if len(reference.exits(name)) > 1:
            deepest = max(deepest, around + 1)
    assert facts["branchDepth"] == deepest


def is_met_always(reference: Reference, begin: str, name: str) -> bool:
    """Whether every way from *begin* to the end passes *name*."""
    waiting = [begin]
    while waiting:
        one = waiting.pop()
        if one == END:
            return False
        waiting += [target for target, *_ in reference.exits(one) if target != name]
    return True


@given(make_flow())
@settings(max_examples=400)
def test_facts_fit_their_schema_whatever_the_flow(flow: Any) -> None:
    facts = derive(flow)
    assert list(facts["steps"]) == [step["id"] for step in flow["steps"]]
    if facts["isComplete"]:
        assert facts["longestMinutes"] >= facts["shortestMinutes"]
    for fact in facts["steps"].values():
        assert fact["isReachable"] or ("earliestMinutes" not in fact and fact["before"] == [])
        if "latestMinutes" in fact and "earliestMinutes" in fact:
            assert fact["latestMinutes"] >= fact["earliestMinutes"]
        assert set(fact["previous"]) & set(fact["before"]) or not fact["before"]


@given(make_flow(), st.randoms())
@settings(max_examples=200)
@example(
    # Nobody comes to b and c, and each stands in the body of the other: which of them leads to a hangs on the order.
    {
        "steps": [
            {"id": "a", "type": "message"},
            {"id": "b", "type": "branch", "branches": [{"on": "met", "next": "c"}]},
            {"id": "c", "type": "series", "body": "b", "branches": [{"on": "met", "next": "a"}]},
        ]
    },
    Random(1),
)
def test_the_order_of_the_steps_does_not_matter_but_for_that_of_lists(flow: Any, random: Any) -> None:
    if not flow["steps"]:
        return
    flow = {"first": flow["steps"][0]["id"], **flow}
    other = {**flow, "steps": random.sample(flow["steps"], len(flow["steps"]))}
    one, two = derive(flow), derive(other)
    assert reached_steps(one) == reached_steps(two)
    assert (one.get("shortestMinutes"), one.get("longestMinutes")) == (
        two.get("shortestMinutes"),
        two.get("longestMinutes"),
    )


def reached_steps(facts: Any) -> dict[str, Any]:
    """The facts about steps that somebody comes to. In which body a step stands that nobody comes to may hang on the order."""
    steps = {name: fact for name, fact in facts["steps"].items() if fact["isReachable"]}
    return {
        name: normalized({**fact, "previous": [one for one in fact["previous"] if one in steps]})
        for name, fact in steps.items()
    }


def normalized(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: normalized(item) for name, item in value.items()}
    return sorted(map(normalized, value), key=str) if isinstance(value, list) else value

"""What a flow comes to: how long steps take, what is inside a series, and flows as deep and as circular as they may be."""

from __future__ import annotations

from typing import Any

import pytest

from journeylint.flow_facts import derive_facts
from journeylint.model import JsonObject, JsonValue
from tests.kinds import make_journey


def derive(*steps: JsonObject, first: str | None = None, **spec: Any) -> Any:
    flow: JsonObject = {"steps": [*steps]} if first is None else {"first": first, "steps": [*steps]}
    return derive_facts(make_journey(flow=flow, **{"timeZone": "UTC", **spec}))


def message(name: str, following: str | None = None) -> JsonObject:
    return {"id": name, "type": "message", **({} if following is None else {"next": following})}


def wait(name: str, following: str | None = None, **members: JsonValue) -> JsonObject:
    return {"id": name, "type": "wait", **({} if following is None else {"next": following}), **members}


def range_of(facts: Any) -> tuple[int | None, int | None]:
    return facts.get("shortestMinutes"), facts.get("longestMinutes")


@pytest.mark.parametrize(
    ("count", "unit", "minutes"),
    [
        (0, "days", 0),
        (1, "minutes", 1),
        (2, "hours", 120),
        (1, "days", 1440),
        (1, "weeks", 10_080),
        (1, "months", 43_200),
        (2**63 - 1, "months", 1 << 52),
    ],
)
def test_a_wait_takes_so_many_minutes(count: int, unit: str, minutes: int) -> None:
    assert range_of(derive(wait("a", count=count, unit=unit))) == (minutes, minutes)


def test_a_thousand_of_the_longest_waits_are_a_whole_number_of_cel() -> None:
    steps = [wait(f"s{n}", f"s{n + 1}" if n < 999 else None, count=2**63 - 1, unit="weeks") for n in range(1000)]
    assert 0 < derive(*steps)["longestMinutes"] < 2**63


def test_how_long_a_wait_without_a_time_takes_is_not_known() -> None:
    facts = derive(message("a", "b"), wait("b", "c"), message("c"))
    assert range_of(facts) == (None, None)
    assert not facts["isComplete"]
    assert facts["steps"]["b"]["latestMinutes"] == 0
    assert {"earliestMinutes", "latestMinutes"}.isdisjoint(facts["steps"]["c"])


@pytest.mark.parametrize(
    ("until", "minutes"),
    [
        ("2025-03-01T09:00:00", (0, 0)),
        ("2025-03-01T08:00:00", (0, 0)),
        ("2025-03-01T09:01:00", (1, 1)),
        ("2025-03-01T09:00:01", (0, 1)),
        ("2025-03-02T09:00:00", (1440, 1440)),
        ("2025-03-01T09:00:00Z", (60, 60)),
    ],
)
def test_a_one_time_journey_waits_from_its_start_until_an_instant(until: str, minutes: tuple[int, int]) -> None:
    spec: dict[str, Any] = {"startTime": "2025-03-01T09:00:00", "timeZone": "Europe/Berlin"}
    assert range_of(derive(wait("a", until=until), **spec)) == minutes


def test_who_arrives_when_the_instant_is_over_goes_on_at_once() -> None:
    spec: dict[str, Any] = {"startTime": "2025-03-01T09:00:00"}
    first = wait("a", "b", count=2, unit="days")
    assert range_of(derive(first, wait("b", until="2025-03-02T09:00:00"), **spec)) == (2880, 2880)
    assert range_of(derive(first, wait("b", until="2025-03-04T09:00:00"), **spec)) == (4320, 4320)


@pytest.mark.parametrize(
    "spec",
    [
        {"frequency": "ongoing"},
        {"frequency": "event"},
        {"frequency": "recurring"},
        {"frequency": "one_time", "entry": {"rateLimit": {"count": 1, "per": "day"}}},
    ],
)
def test_who_may_come_in_later_waits_less_and_nobody_waits_longer_than_from_the_start(
    spec: dict[str, Any],
) -> None:
    facts = derive(wait("a", until="2025-03-02T09:00:00"), startTime="2025-03-01T09:00:00", **spec)
    assert range_of(facts) == (0, 1440)


def test_without_a_start_nobody_can_say_how_long_it_is_until_an_instant() -> None:
    assert range_of(derive(wait("a", until="2025-03-02T09:00:00"))) == (0, None)


@pytest.mark.parametrize("kind", ["wait_for_trigger", "wait_for_segment"])
def test_who_waits_for_something_waits_up_to_the_timeout(kind: str) -> None:
    step: JsonObject = {
        "id": "a",
        "type": kind,
        "timeout": {"count": 2, "unit": "hours"},
        "branches": [{"on": "met", "next": "b"}, {"on": "timeout", "next": "c"}],
    }
    facts = derive(step, message("b"), message("c"))
    arrivals = {name: (fact["earliestMinutes"], fact["latestMinutes"]) for name, fact in facts["steps"].items()}
    assert arrivals == {"a": (0, 0), "b": (0, 120), "c": (120, 120)}
    assert facts["isComplete"]
    assert not facts["steps"]["c"]["isAfterWait"]


def test_who_waits_for_something_without_a_timeout_may_wait_for_ever() -> None:
    facts = derive({"id": "a", "type": "wait_for_trigger", "next": "b"}, message("b"))
    assert range_of(facts) == (0, None)
    assert not facts["isComplete"]


def test_those_for_whom_the_time_runs_out_without_a_branch_go_on_when_it_has() -> None:
    step: JsonObject = {
        "id": "a",
        "type": "wait_for_trigger",
        "timeout": {"count": 2, "unit": "hours"},
        "branches": [{"on": "met", "next": "b"}],
        "next": "c",
    }
    facts = derive(step, message("b"), message("c"))
    assert (facts["steps"]["c"]["earliestMinutes"], facts["steps"]["c"]["latestMinutes"]) == (120, 120)


def test_a_step_that_was_not_analysed_may_take_any_time() -> None:
    odd: JsonObject = {"id": "odd", "type": "unknown", "originalType": "X", "next": "end"}
    both: JsonObject = {
        "id": "a",
        "type": "branch",
        "branches": [{"on": "met", "next": "odd"}, {"on": "otherwise", "next": "w"}],
    }
    facts = derive(both, odd, wait("w", "end", count=1, unit="minutes"), message("end"))
    assert range_of(facts) == (None, None)
    assert not facts["isComplete"]
    facts = derive(both, odd, wait("w", "end", count=0, unit="minutes"), message("end"))
    assert range_of(facts) == (0, None)


SERIES: JsonObject = {
    "id": "series",
    "type": "series",
    "body": "first",
    "branches": [{"on": "met", "next": "thanks"}, {"on": "otherwise", "next": "goodbye"}],
}
BODY = [message("first", "pause"), wait("pause", "second", count=1, unit="days"), message("second")]


def test_a_series_may_end_at_once_and_takes_as_long_as_its_body() -> None:
    facts = derive(SERIES, *BODY, message("thanks"), message("goodbye"))
    assert facts["steps"]["series"]["inside"] == ["first", "pause", "second"]
    assert range_of(facts) == (0, 1440)
    assert facts["isComplete"]
    for name in ("thanks", "goodbye"):
        fact = facts["steps"][name]
        assert (fact["earliestMinutes"], fact["latestMinutes"]) == (0, 1440)
        assert fact["before"] == ["series", "first", "pause", "second"]
        assert fact["previous"] == ["series", "second"]
        assert not fact["isAfterWait"]
        assert fact["branchDepth"] == 1


def test_a_series_that_is_left_when_an_unknown_time_runs_out_takes_an_unknown_time() -> None:
    facts = derive(
        {"id": "a", "type": "series", "body": "b", "branches": [{"on": "timeout"}]},
        {"id": "b", "type": "message"},
    )
    assert not facts["isComplete"]
    assert "longestMinutes" not in facts


def test_inside_a_series_steps_follow_each_other_as_elsewhere_and_stand_in_no_branch_of_it() -> None:
    second = derive(SERIES, *BODY, message("thanks"), message("goodbye"))["steps"]["second"]
    assert second["isAfterWait"]
    assert (second["earliestMinutes"], second["latestMinutes"], second["branchDepth"]) == (1440, 1440, 0)


def test_a_series_in_a_series_ends_where_the_outer_one_goes_on() -> None:
    outer: JsonObject = {"id": "outer", "type": "series", "body": "inner", "next": "end"}
    inner: JsonObject = {"id": "inner", "type": "series", "body": "a"}
    facts = derive(outer, inner, wait("a", count=1, unit="hours"), message("end"))
    assert facts["steps"]["outer"]["inside"] == ["inner", "a"]
    assert facts["steps"]["inner"]["inside"] == ["a"]
    assert facts["steps"]["end"]["previous"] == ["outer", "inner", "a"]
    assert range_of(facts) == (0, 60)


def test_a_step_that_the_flow_reaches_without_the_body_is_not_inside() -> None:
    series: JsonObject = {"id": "series", "type": "series", "body": "a", "next": "end"}
    facts = derive(series, message("a", "end"), message("end"))
    assert facts["steps"]["series"]["inside"] == ["a"]
    assert facts["loops"] == []


def test_a_series_whose_body_is_not_there_takes_an_unknown_time() -> None:
    facts = derive({"id": "series", "type": "series", "body": "nowhere", "next": "end"}, message("end"))
    assert range_of(facts) == (0, None)
    assert facts["unknownNext"] == [{"step": "series", "pointer": "/spec/flow/steps/0/body", "id": "nowhere"}]


def test_references_that_lead_nowhere_are_told_with_their_places() -> None:
    ask: JsonObject = {
        "id": "ask",
        "type": "branch",
        "branches": [{"on": "met"}, {"on": "otherwise", "next": "y"}],
        "next": "x",
    }
    facts = derive(message("a", "ask"), ask, first="A")
    assert facts["unknownNext"] == [
        {"step": "", "pointer": "/spec/flow/first", "id": "A"},
        {"step": "ask", "pointer": "/spec/flow/steps/1/next", "id": "x"},
        {"step": "ask", "pointer": "/spec/flow/steps/1/branches/1/next", "id": "y"},
    ]
    assert "first" not in facts
    assert not facts["steps"]["a"]["isReachable"]


def test_of_several_steps_with_one_id_the_first_counts() -> None:
    facts = derive(message("a", "b"), message("b"), wait("b", "a", count=1, unit="days"), wait("b"))
    assert facts["duplicates"] == ["b"]
    assert facts["loops"] == []
    assert range_of(facts) == (0, 0)
    assert not facts["isComplete"]


@pytest.mark.parametrize("spec", [{}, {"flow": {}}, {"flow": {"steps": []}}])
def test_a_journey_without_steps_has_facts_that_say_so(spec: dict[str, Any]) -> None:
    assert derive_facts(make_journey(None, **spec)) == {
        "isComplete": False,
        "branchDepth": 0,
        "steps": {},
        "loops": [],
        "unknownNext": [],
        "duplicates": [],
    }


def test_branches_that_meet_again_are_not_nested() -> None:
    steps: list[JsonObject] = []
    for number in range(5):
        ways: list[JsonValue] = [{"on": "met", "next": f"m{number}"}, {"on": "otherwise"}]
        steps += [
            {"id": f"ask{number}", "type": "branch", "branches": ways, "next": f"join{number}"},
            message(f"m{number}", f"join{number}"),
            message(f"join{number}", f"ask{number + 1}" if number < 4 else None),
        ]
    facts = derive(*steps)
    assert facts["branchDepth"] == 1
    assert [facts["steps"][name]["branchDepth"] for name in ("ask4", "m4", "join4")] == [0, 1, 0]


def test_a_branch_in_a_branch_is_nested() -> None:
    steps: list[JsonObject] = [
        {"id": f"ask{n}", "type": "branch", "branches": [{"on": "met", "next": f"ask{n + 1}"}, {"on": "otherwise"}]}
        for n in range(8)
    ]
    assert derive(*steps, message("ask8"))["branchDepth"] == 8
    assert derive(*steps, message("ask8"))["steps"]["ask8"]["branchDepth"] == 8


@pytest.mark.parametrize("count", [2, 1000])
def test_a_long_line_and_a_long_loop_come_to_an_end(count: int) -> None:
    line = [wait(f"s{n}", f"s{n + 1}" if n < count - 1 else None, count=1, unit="minutes") for n in range(count)]
    facts = derive(*line)
    assert range_of(facts) == (count, count)
    assert len(facts["steps"][f"s{count - 1}"]["before"]) == count - 1
    facts = derive(*line[:-1], message(f"s{count - 1}", "s0"))
    assert [len(loop) for loop in facts["loops"]] == [count]
    assert range_of(facts) == (None, None)


def test_a_thousand_series_in_each_other_come_to_an_end() -> None:
    steps: list[JsonObject] = [{"id": f"s{n}", "type": "series", "body": f"s{n + 1}"} for n in range(999)]
    facts = derive(*steps, wait("s999", count=1, unit="days"))
    assert range_of(facts) == (0, 1440)
    assert len(facts["steps"]["s0"]["inside"]) == 999


def choice(name: str, *ways: str, following: str | None = None) -> JsonObject:
    branches: list[JsonValue] = [{"on": "met", "next": way} for way in ways]
    return {"id": name, "type": "branch", "branches": branches, **({} if following is None else {"next": following})}


def test_the_most_messages_are_those_of_the_way_that_has_most() -> None:
    flow = [choice("a", "b", "d", following="e"), message("b", "c"), message("c", "e"), message("d", "e"), message("e")]
    assert derive(*flow)["mostMessages"] == 3


def test_a_test_and_a_choice_of_channels_send_one_message_each_and_other_steps_none() -> None:
    versions: list[JsonValue] = [{"label": "a"}, {"label": "b"}]
    test: JsonObject = {"id": "a", "type": "ab_test", "versions": versions, "next": "b"}
    channels: JsonObject = {"id": "b", "type": "channel_optimization", "versions": versions, "next": "c"}
    assert derive(test, channels, wait("c", count=1, unit="days"))["mostMessages"] == 2
    assert derive(wait("c", count=1, unit="days"))["mostMessages"] == 0


def test_messages_that_nobody_reaches_do_not_count() -> None:
    assert derive(message("a"), message("b"))["mostMessages"] == 1


@pytest.mark.parametrize(
    "steps",
    [
        [message("a", "a")],
        [message("a", "nowhere")],
        [{"id": "a", "type": "unknown", "originalType": "Odd"}],
    ],
)
def test_how_many_messages_people_get_is_not_known_behind_what_is_not(steps: list[JsonObject]) -> None:
    assert "mostMessages" not in derive(*steps)


def test_a_series_has_the_types_of_the_steps_inside_it() -> None:
    series: JsonObject = {"id": "a", "type": "series", "body": "b", "next": "d"}
    facts = derive(series, message("b", "c"), wait("c", count=1, unit="days"), {"id": "d", "type": "custom_action"})
    assert facts["steps"]["a"]["typesInside"] == ["message", "wait"]
    assert facts["mostMessages"] == 1


def test_steps_know_who_sends_the_same_before_them() -> None:
    facts = derive(
        {"id": "a", "type": "message", "message": "mail", "next": "b"},
        {"id": "b", "type": "ab_test", "versions": [{"message": "text"}, {"message": "mail"}, {}], "next": "c"},
        {
            "id": "c",
            "type": "channel_optimization",
            "versions": [{"message": "mail"}, {"message": "text"}],
            "next": "d",
        },
        {"id": "d", "type": "message", "message": "other", "next": "e"},
        {"id": "e", "type": "message", "next": "f"},
        message("f"),
    )
    same = {name: fact.get("sameMessageBefore") for name, fact in facts["steps"].items()}
    assert same == {"a": None, "b": ["a"], "c": ["a", "b"], "d": None, "e": None, "f": None}


def test_the_same_message_on_another_way_or_round_a_loop_is_not_before() -> None:
    ask: JsonObject = {"id": "ask", "type": "branch", "branches": [{"next": "a"}, {"on": "otherwise", "next": "b"}]}
    one: JsonObject = {"id": "a", "type": "message", "message": "mail", "next": "a"}
    other: JsonObject = {"id": "b", "type": "message", "message": "mail"}
    facts = derive(ask, one, other)
    assert facts["steps"]["a"]["before"] == ["ask", "a"]
    assert all("sameMessageBefore" not in fact for fact in facts["steps"].values())

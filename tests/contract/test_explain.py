"""`journeylint explain POLICY FILE`: every kind of verdict, what it rests on, and what is no such node."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from journeylint.check_request import CheckRequest
from journeylint.cli import main
from journeylint.evidence import Reading, Standing, Step, Trace, Verdict
from journeylint.explain import explain, parse_target
from journeylint.model import JsonObject
from journeylint.pipeline import prepare
from tests.judging import AS_OF, host_over, make_policy, run_check, tally_of, write_pack
from tests.kinds import make_journey, make_segment, read_schema

FILE = "a.yaml"


def journey(name: str = "spring", *usages: str, **spec: Any) -> JsonObject:
    made = make_journey()
    made["metadata"] = {"name": name}
    made["spec"] = {"frequency": "ongoing", "segments": [{"name": one, "role": "audience"} for one in usages], **spec}
    return made


def segment(name: str, **spec: Any) -> JsonObject:
    made = make_segment()
    made["metadata"] = {"name": name}
    made["spec"] = {"source": "outbound", **spec}
    return made


def trace_of(tmp_path: Path, policy: JsonObject, *manifests: JsonObject) -> Trace:
    """The trace of the first node, which the engine judges alike."""
    host = host_over(write_pack(tmp_path / "packs", policy))
    folder = tmp_path / "work"
    report = run_check(folder, host, {FILE: list(manifests)})
    preparation = prepare(CheckRequest((FILE,), folder, as_of=AS_OF, focus=True), host)
    explanation = explain(preparation.library.policies[0], parse_target(FILE, None, folder), preparation, host)
    trace = explanation.traces[0]
    tallies = {Verdict.COMPLIES: (1, 0, 0), Verdict.FAILS: (0, 1, 0)}
    if len(explanation.traces) == 1:
        assert tally_of(report) == tallies.get(trace.verdict, (0, 0, 1))
        assert [one.message for one in report.findings] == ([trace.message] if trace.verdict is Verdict.FAILS else [])
    return trace


def values(trace: Trace) -> dict[str, bool | None]:
    return {f"{step.label} {step.text}".strip(): step.value for step in trace.predicates()}


def readings(trace: Trace) -> dict[str, Reading]:
    def of(steps: tuple[Step, ...]) -> Iterator[Reading]:
        for step in steps:
            yield from step.readings
            yield from of(step.steps)

    found = {one.text: one for one in of(trace.steps)}
    for named in trace.names:
        found.update({one.text: one for one in (*named.readings, *of(named.steps))})
    return found


def condition(source: str, **members: Any) -> JsonObject:
    return make_policy(require=source, **members)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("size(journey.spec.segments) == 0 && false", {"size(journey.spec.segments) == 0": False}),
        ("true || journey.spec.state == 'live'", {"true": True}),
        ("!(true && false)", {"true && false": False, "true": True, "false": False}),
        ("journey.spec.state == 'draft' ? true : false", {"journey.spec.state == 'draft'": True, "true": True}),
        ("(1 / 0 == 1) || true", {"1 / 0 == 1": None, "true": True}),
        ("(1 / 0 == 1) && false", {"1 / 0 == 1": None, "false": False}),
        ("cel.bind(n, 3, n > 2 && n < 5)", {"n > 2 && n < 5": True, "n > 2": True, "n < 5": True}),
    ],
)
def test_conditions_are_asked_in_the_order_of_the_language(
    tmp_path: Path, source: str, expected: dict[str, bool | None]
) -> None:
    trace = trace_of(tmp_path, condition(source), journey("spring", "vip"))
    found = values(trace)
    assert {text: found[text] for text in expected} == expected
    whole = trace.steps[-1]
    assert whole.text == source
    assert set(found) == {*expected, source}
    assert trace.verdict is (Verdict.COMPLIES if whole.value else Verdict.FAILS)


def test_what_is_not_reached_has_no_value(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, condition("true", when_="false && journey.spec.state == 'live'"), journey())
    assert trace.verdict is Verdict.NOT_APPLICABLE
    when, require = trace.steps
    assert [(one.text, one.is_reached, one.value) for one in (*when.steps, require)] == [
        ("false", True, False),
        ("journey.spec.state == 'live'", False, None),
        ("true", False, None),
    ]


def test_an_error_is_told_with_the_condition_that_raised_it(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, condition("true && journey.spec.startTime != ''"), journey())
    assert trace.verdict is Verdict.ERROR
    assert "startTime" in trace.error
    assert [step.text for step in trace.predicates() if step.error][-1] == "journey.spec.startTime != ''"


def test_a_message_that_raises_is_an_error(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, condition("false", message="At ${journey.spec.startTime}."), journey())
    assert trace.verdict is Verdict.ERROR
    assert trace.error.startswith("its message: ")


def test_a_looked_up_manifest_that_could_not_be_judged_is_told(tmp_path: Path) -> None:
    policy = condition(
        "used != null", each_="$.spec.segments[*]", as_="usage", let={"used": "lookup('Segment', usage.name)"}
    )
    bad = segment("vip")
    bad["spec"] = {"source": "nowhere"}
    trace = trace_of(tmp_path, policy, journey("spring", "vip"), bad)
    assert trace.verdict is Verdict.UNJUDGED
    (named,) = trace.names
    assert [one.is_unjudged for one in named.consultations] == [True]


def test_an_unjudged_manifest_that_nothing_needed_changes_nothing(tmp_path: Path) -> None:
    policy = condition("true || lookup('Segment', 'vip') != null")
    bad = segment("vip")
    bad["spec"] = {"source": "nowhere"}
    assert trace_of(tmp_path, policy, journey("spring", "vip"), bad).verdict is Verdict.COMPLIES


def test_a_let_is_taken_apart_and_its_value_is_told(tmp_path: Path) -> None:
    policy = condition(
        "isBig && total > 10",
        let={"total": "size(journey.spec.segments) + 1", "isBig": "total > 1 || total == 0"},
    )
    trace = trace_of(tmp_path, policy, journey("spring", "vip"))
    assert values(trace)["total > 1"] is True
    assert values(trace)["total > 10"] is False
    (named,) = trace.names
    assert (named.part.name, named.value) == ("total", 2)
    assert readings(trace)["total"].standing is Standing.LET


def test_items_of_a_macro_are_told_up_to_the_one_that_decides(tmp_path: Path) -> None:
    policy = condition("journey.spec.segments.all(use, use.name != 'b')")
    trace = trace_of(tmp_path, policy, journey("spring", "a", "b", "c"))
    (loop,) = trace.steps[0].steps
    assert [(one.label, one.value) for one in loop.steps] == [("use = 'a'", True), ("use = 'b'", False)]
    location = loop.steps[1].readings[0].location
    assert location is not None
    assert location.pointer == "/spec/segments/1/name"


@pytest.mark.parametrize(("count", "shown", "omitted"), [(20, 20, 0), (21, 20, 1), (400, 20, 380)])
def test_of_many_items_some_are_left_out(tmp_path: Path, count: int, shown: int, omitted: int) -> None:
    policy = condition("size(journey.spec.segments.filter(use, use.role == 'audience')) == 0")
    trace = trace_of(tmp_path, policy, journey("spring", *(f"s{number}" for number in range(count))))
    (loop,) = trace.steps[0].steps
    assert (len(loop.steps), loop.omitted) == (shown, omitted)


def test_the_item_that_decides_is_never_left_out(tmp_path: Path) -> None:
    policy = condition("journey.spec.segments.exists(use, use.name == 's90')")
    trace = trace_of(tmp_path, policy, journey("spring", *(f"s{number}" for number in range(200))))
    (loop,) = trace.steps[0].steps
    assert (loop.steps[-1].label, loop.steps[-1].value, loop.omitted) == ("use = 's90'", True, 70)


def test_macros_inside_macros_are_told(tmp_path: Path) -> None:
    policy = condition("journey.spec.segments.all(a, journey.spec.segments.exists(b, a.name == b.name))")
    trace = trace_of(tmp_path, policy, journey("spring", "x", "y"))
    assert trace.verdict is Verdict.COMPLIES
    assert values(trace)["b = 'y' a.name == b.name"] is True


def test_users_in_a_sum_are_told_one_by_one_with_the_place_of_the_condition(tmp_path: Path) -> None:
    source = "usersCount('Segment', 'vip', \"user.spec.state == 'live'\") == 1"
    trace = trace_of(
        tmp_path, condition(source), journey("spring", "vip"), journey("other", "vip", state="live"), segment("vip")
    )
    (total,) = trace.steps[0].steps
    assert [(one.label, one.value) for one in total.steps] == [("Journey 'other'", True)]
    step = total.steps[0]
    assert source[step.start : step.end] == "user.spec.state == 'live'" == step.text


def test_what_is_read_says_how_it_came_to_be_there(tmp_path: Path) -> None:
    source = (
        "journey.spec.frequency == 'ongoing' && journey.spec.state == 'draft' && !has(journey.spec.endTime)"
        " && size(params.words) == 0 && used.spec.source == 'outbound' && used.spec.memberCount > 1"
    )
    policy = condition(
        source,
        let={"used": "lookup('Segment', 'vip')"},
        params={"words": {"type": "string", "default": "", "description": "Words."}},
    )
    trace = trace_of(tmp_path, policy, journey("spring", "vip"), segment("vip", memberCount=7))
    assert trace.verdict is Verdict.COMPLIES
    found = readings(trace)
    assert {text: (one.standing, one.value) for text, one in found.items()} == {
        "journey.spec.frequency": (Standing.WRITTEN, "ongoing"),
        "journey.spec.state": (Standing.DEFAULT, "draft"),
        "journey.spec.endTime": (Standing.ABSENT, None),
        "params.words": (Standing.PARAM, ""),
        "used.spec.source": (Standing.WRITTEN, "outbound"),
        "used.spec.memberCount": (Standing.WRITTEN, 7),
    }
    location = found["used.spec.memberCount"].location
    assert location is not None
    assert (location.path, location.document, location.pointer) == (FILE, 2, "/spec/memberCount")


def test_the_same_condition_in_two_places_has_two_ids(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, condition("true && !false && !false"), journey())
    ids = [step.id for step in trace.predicates() if step.text == "false"]
    assert len(ids) == len(set(ids)) == 2


@pytest.mark.parametrize("source", ["google.protobuf.Duration{seconds: 1} == duration('1s')", "!" * 60 + "true"])
def test_what_cannot_be_taken_apart_is_asked_whole(tmp_path: Path, source: str) -> None:
    trace = trace_of(tmp_path, condition(source), journey())
    assert trace.verdict is Verdict.COMPLIES
    assert [(step.text, step.value) for step in trace.predicates()] == [(source, True)]


def test_a_condition_as_deep_as_cel_allows_is_explained_as_far_as_it_can_be(tmp_path: Path) -> None:
    source = "(" * 20 + "journey.spec.segments.all(a, journey.spec.segments.all(b, a.name != ''))" + ")" * 20
    trace = trace_of(tmp_path, condition(source), journey("spring", "x"))
    assert trace.verdict is Verdict.COMPLIES


# -- the command

JOURNEY = """\
# two documents
apiVersion: journeylint/v1
kind: Journey
metadata: {name: first}
spec: {frequency: ongoing}
---
apiVersion: journeylint/v1
kind: Journey
metadata: {name: second}
spec:
  frequency: one_time
  startTime: 2025-03-03T09:00:00
  publishTime: 2025-03-03T08:00:00
  segments:
    - {name: vip, role: audience, justification: "\\e[31m ::error::x \\u202e"}
    - {name: native, role: audience}
"""
SEGMENTS = """\
apiVersion: journeylint/v1
kind: Segment
metadata: {name: vip}
spec: {source: outbound, memberCount: 5000000}
---
apiVersion: journeylint/v1
kind: Segment
metadata: {name: native}
spec: {source: realtime}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys/spring.yaml").write_text(JOURNEY)
    (tmp_path / "segments.yaml").write_text(SEGMENTS)
    (tmp_path / "journeylint.yaml").write_text("as-of: 2025-03-01\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["explain", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    status, out, err = run(capsys, *arguments, "--format", "json")
    assert (status, err) == (0, "")
    data: dict[str, Any] = json.loads(out)
    Draft202012Validator(read_schema("explanation"), format_checker=FormatChecker()).validate(data)
    return data


@pytest.mark.usefixtures("project")
class TestCommand:
    """`journeylint explain` with a file."""

    def test_every_node_of_the_file_is_explained(self, capsys: pytest.CaptureFixture[str]) -> None:
        data = explained(capsys, "OBS008", "journeys/spring.yaml")
        assert [(one["location"]["pointer"], one["verdict"]) for one in data["nodes"]] == [
            ("/spec/segments/0", "fails"),
            ("/spec/segments/1", "notApplicable"),
        ]
        assert [one["manifest"]["name"] for one in data["unselected"]] == ["first"]
        assert "needs about 5 h" in data["nodes"][0]["message"]

    @pytest.mark.parametrize(
        ("arguments", "pointers"),
        [
            (("OBS008", "journeys/spring.yaml#/spec/segments/0"), ["/spec/segments/0"]),
            (("OBS008", "journeys/spring.yaml", "/spec/segments/1"), ["/spec/segments/1"]),
            (("OBS008", "journeys/spring.yaml", "#/spec/segments/1"), ["/spec/segments/1"]),
            (("OBS008", "journeys/spring.yaml#/spec"), ["/spec/segments/0", "/spec/segments/1"]),
            (("OBS008", "journeys/spring.yaml#"), ["/spec/segments/0", "/spec/segments/1"]),
            (("export-outlasts-lead-time", "Journey/second#/spec/segments/0"), ["/spec/segments/0"]),
            (("OBS007", "journeys/spring.yaml#/spec/startTime"), [""]),
        ],
    )
    def test_a_pointer_picks_nodes(
        self, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], pointers: list[str]
    ) -> None:
        assert [one["location"]["pointer"] for one in explained(capsys, *arguments)["nodes"]] == pointers

    def test_the_page_says_the_verdict_and_what_it_rests_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, err = run(capsys, "OBS008", "journeys/spring.yaml", "/spec/segments/0")
        assert (status, err) == (0, "")
        lines = out.splitlines()
        assert "journeys/spring.yaml:15:7 Journey 'second' /spec/segments/0" in lines
        assert "does not comply" in lines
        assert "  false minutes(exportMinutes) <= lead" in lines
        assert "segment.spec.memberCount = 5,000,000 (segments.yaml:4:39)" in out
        assert "  lead = 1 h" in lines
        assert max(map(len, lines)) <= 80

    def test_a_node_that_a_policy_does_not_apply_to_says_why(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, out, _ = run(capsys, "OBS008", "journeys/spring.yaml", "/spec/segments/1")
        assert "not applicable: segment.spec.source == 'outbound' is false" in out
        assert 'segment.spec.source = "realtime" (segments.yaml:9:16)' in out

    def test_the_project_is_judged_as_a_whole(self, capsys: pytest.CaptureFixture[str], project: Path) -> None:
        (project / "segments.yaml").unlink()
        data = explained(capsys, "REF001", "journeys/spring.yaml", "/spec/segments/0")
        assert [one["verdict"] for one in data["nodes"]] == ["fails"]

    def test_params_and_severity_are_those_of_the_configuration(
        self, capsys: pytest.CaptureFixture[str], project: Path
    ) -> None:
        own = "as-of: 2025-03-01\npolicies: {OBS007: {severity: info, params: {minimumLead: 30m}}}\n"
        (project / "journeylint.yaml").write_text(own)
        data = explained(capsys, "OBS007", "journeys/spring.yaml")
        held = data["settings"]
        assert held["params"] == [{"name": "minimumLead", "value": "30m", "origin": "journeylint.yaml:2:59"}]
        assert (held["severity"], held["severityOrigin"]) == ("info", "journeylint.yaml:2:31")
        assert [one["verdict"] for one in data["nodes"]] == ["notApplicable", "complies"]
        (project / "other.yaml").write_text("as-of: 2025-03-01\n")
        data = explained(capsys, "OBS007", "journeys/spring.yaml", "--config", "other.yaml")
        assert [one["verdict"] for one in data["nodes"]] == ["notApplicable", "fails"]
        assert data["settings"]["params"] == [{"name": "minimumLead", "value": "4h", "origin": "default"}]

    def test_a_node_for_which_an_override_says_otherwise_is_judged_by_that(
        self, capsys: pytest.CaptureFixture[str], project: Path
    ) -> None:
        own = (
            "as-of: 2025-03-01\n"
            "overrides:\n"
            "  - files: ['journeys/spring.yaml#/spec/segments/0']\n"
            "    policies: {OBS004: {severity: info, params: {maximumMembers: 5000001}}}\n"
        )
        (project / "journeylint.yaml").write_text(own)
        data = explained(capsys, "OBS004", "journeys/spring.yaml", "/spec/segments/0")
        (node,) = data["nodes"]
        assert (data["settings"]["severity"], node["settings"]["severity"]) == ("error", "info")
        assert node["verdict"] == "complies"
        out = run(capsys, "OBS004", "journeys/spring.yaml", "/spec/segments/0")[1]
        assert "params.maximumMembers = 5,000,001 (set at journeylint.yaml:4:66)" in out
        (project / "journeylint.yaml").write_text("as-of: 2025-03-01\n")
        assert explained(capsys, "OBS004", "journeys/spring.yaml", "/spec/segments/0")["nodes"][0]["verdict"] == "fails"

    def test_as_of_of_the_command_line_wins(self, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ("OBS001", "journeys/spring.yaml", "/spec/segments/0")
        assert explained(capsys, *arguments)["nodes"][0]["verdict"] == "complies"
        assert explained(capsys, *arguments, "--as-of", "2026-06-01")["nodes"][0]["verdict"] == "fails"

    def test_a_policy_that_is_off_is_explained_and_said_to_be_off(
        self, capsys: pytest.CaptureFixture[str], project: Path
    ) -> None:
        (project / "journeylint.yaml").write_text("as-of: 2025-03-01\nignore: [OBS008]\n")
        data = explained(capsys, "OBS008", "journeys/spring.yaml")
        assert data["settings"]["offBecause"] == "it is switched off, or not selected (journeylint.yaml:2:10)"
        assert data["nodes"][0]["verdict"] == "fails"
        assert "A run does not ask it here" in run(capsys, "OBS008", "journeys/spring.yaml")[1]
        assert explained(capsys, "OBS007", "journeys/spring.yaml")["settings"]["offBecause"] == ""

    def test_a_file_that_could_not_be_judged_says_so(self, capsys: pytest.CaptureFixture[str], project: Path) -> None:
        (project / "journeys/bad.yaml").write_text("apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: x}\n")
        data = explained(capsys, "OBS008", "journeys/bad.yaml")
        assert [one["code"] for one in data["failures"]] == ["JL002"]
        assert data["nodes"] == []
        _, out, _ = run(capsys, "OBS008", "journeys/bad.yaml")
        assert "journeys/bad.yaml:1:1 JL002 invalid-manifest\ncould not be judged\n" in out

    def test_a_second_manifest_of_a_name_says_that_it_is_not_judged(
        self, capsys: pytest.CaptureFixture[str], project: Path
    ) -> None:
        (project / "journeys/again.yaml").write_text("---\n".join(JOURNEY.split("---\n")[1:]))
        data = explained(capsys, "OBS008", "journeys/spring.yaml")
        assert [one["code"] for one in data["failures"]] == ["JL004"]

    def test_texts_of_manifests_cannot_command_a_terminal_or_a_log(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, out, _ = run(capsys, "OBS010", "journeys/spring.yaml", "/spec/segments/0")
        assert "usage.justification = " in out
        assert not {"\x1b", "\u202e"} & set(out)
        data = explained(capsys, "OBS010", "journeys/spring.yaml", "/spec/segments/0")
        assert "\\u001b" in json.dumps(data)

    def test_color_is_for_those_who_want_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        plain = run(capsys, "OBS008", "journeys/spring.yaml")[1]
        colored = run(capsys, "OBS008", "journeys/spring.yaml", "--color", "always")[1]
        assert "\x1b[1;31mfalse\x1b[0m" in colored
        assert "\x1b" not in plain

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("OBS099", "journeys/spring.yaml"), "there is no policy 'OBS099' - did you mean"),
            (("OBS008", "journeys/sprin.yaml"), "does not exist - did you mean 'spring.yaml'?"),
            (("OBS008", "segments.yaml"), "'segments.yaml' holds Segment, and OBS008 judges manifests of kind Journey"),
            (("OBS008", "journeylint.yaml"), "holds no manifest, and OBS008 judges"),
            (("OBS008", "."), "is 3 files: expected the path of one file"),
            (("OBS008", "journeys/spring.yaml#/spec/segment/0"), "no node at '/spec/segment/0' - did you mean"),
            (("OBS008", "journeys/spring.yaml#/spec/segments/00"), "no node at '/spec/segments/00'"),
            (("OBS008", "journeys/spring.yaml#spec"), "a JSON pointer begins with '/'"),
            (("OBS008", "journeys/spring.yaml#/spec", "/spec"), "two pointers are given"),
            (("OBS008", "Journey/secnd"), "there is no Journey 'secnd' - did you mean 'second'?"),
            (("OBS008", "Segment/vip"), "OBS008 judges manifests of kind Journey, not Segment"),
            (("JL002", "journeys/spring.yaml"), "is a failure, which no policy decides"),
            (("OBS008", "--format", "json"), "are about a manifest: name its file too"),
            (("OBS008", "journeys/spring.yaml", "--as-of", "soon"), "--as-of"),
        ],
    )
    def test_what_is_not_there_is_a_usage_error_with_the_nearest(
        self, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
    ) -> None:
        status, out, err = run(capsys, *arguments)
        assert (status, out) == (2, "")
        assert told in err

"""What kinds derive from manifests, as policies see it: `facts` and `factsOf`, wherever predicates are evaluated."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from journeylint.check_request import CheckRequest
from journeylint.errors import PolicyError
from journeylint.evidence import Reading, Standing, Trace, Verdict, walk_steps
from journeylint.explain import explain, parse_target
from journeylint.host import Host
from journeylint.model import FailureCode, JsonObject
from journeylint.pipeline import check, prepare
from journeylint.policy_library import load_library
from journeylint.ports import Facts, Kind, Want
from tests.judging import (
    AS_OF,
    builtin_host,
    host_over,
    judge,
    make_policy,
    messages_of,
    only_finding,
    run_check,
    tally_of,
    write_pack,
    write_text_of,
)
from tests.kinds import make_journey, make_segment, read_schema

FLOW: JsonObject = {
    "steps": [
        {"id": "welcome", "type": "message", "next": "pause"},
        {"id": "pause", "type": "wait", "count": 2, "unit": "days", "next": "reminder"},
        {"id": "reminder", "type": "message"},
    ]
}
EARLY = make_policy(
    each_="$.spec.flow.steps[*]",
    as_="step",
    when_="step.type == 'message'",
    let={"there": "facts.steps[step.id]"},
    params={"least": {"type": "integer", "default": 1, "description": "Minutes."}},
    require="there.earliestMinutes >= params.least",
    message="Step '${step.id}' comes after ${there.earliestMinutes} of ${facts.longestMinutes} min.",
)


def host_with(derive: Any, schema: JsonObject | None = None) -> Host:
    """The built-in host whose facts about a Segment are those that *derive* gives."""
    kinds = dict(builtin_host().kinds)
    kinds["Segment"] = Kind("Segment", read_schema("segment"), facts=Facts(schema or {"type": "object"}, derive))
    return builtin_host()._replace(kinds=kinds)


def test_a_policy_reads_facts_in_conditions_and_messages(tmp_path: Path) -> None:
    report = judge(tmp_path, EARLY, files={"a.yaml": make_journey(flow=FLOW)})
    assert only_finding(report).message == "Step 'welcome' comes after 0 of 2880 min."
    assert tally_of(report) == (1, 1, 1)


def test_params_set_in_the_configuration_meet_facts(tmp_path: Path) -> None:
    config = "policies:\n  TST001:\n    params: {least: 2881}\n"
    report = judge(tmp_path, EARLY, files={"a.yaml": make_journey(flow=FLOW)}, config=config)
    assert len(messages_of(report)) == 2


def test_a_policy_without_the_gate_reads_the_same_facts(tmp_path: Path) -> None:
    """A policy that raises has all judged one by one."""
    broken = make_policy(2, require="journey.spec.startTime == ''")
    report = judge(tmp_path, EARLY, broken, files={"a.yaml": make_journey(flow=FLOW)})
    assert messages_of(report) == ["Step 'welcome' comes after 0 of 2880 min."]
    assert [failure.code for failure in report.failures] == [FailureCode.PREDICATE_ERROR]


def test_facts_of_another_manifest_or_null_where_there_is_none(tmp_path: Path) -> None:
    policy = make_policy(
        let={"a": "factsOf('Journey', 'a')", "b": "factsOf('Journey', 'b')"},
        require="a.branchDepth == 1 && b != null",
        message="${a.longestMinutes} ${b == null}",
    )
    report = judge(tmp_path, policy, files={"a.yaml": make_journey({"name": "a"}, flow=FLOW)})
    assert messages_of(report) == ["2880 true"]


def test_facts_of_a_manifest_in_another_environment_are_not_there(tmp_path: Path) -> None:
    policy = make_policy(require="factsOf('Journey', 'a') != null")
    there = [make_journey({"name": "a", "environment": "x"}), make_journey({"name": "b", "environment": "y"})]
    report = judge(tmp_path, policy, files={"a.yaml": there})
    assert [finding.manifest.name for finding in report.findings] == ["b"]


def test_a_manifest_that_could_not_be_judged_has_no_facts_and_nothing_is_said_of_who_asks(tmp_path: Path) -> None:
    policy = make_policy(kind="Segment", require="factsOf('Journey', 'a') == null")
    files: dict[str, Any] = {"a.yaml": make_journey({"name": "a"}, nonsense=1), "s.yaml": make_segment()}
    assert tally_of(judge(tmp_path, policy, files=files)) == (0, 0, 1)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_however_many_processes_there_are_facts_are_the_same(tmp_path: Path, jobs: int) -> None:
    policy = make_policy(
        let={"other": "factsOf('Journey', journey.metadata.labels.other)"},
        require="false",
        message="${other.longestMinutes} ${facts.isComplete}",
    )
    files = {
        f"{n}.yaml": make_journey(
            {"name": f"j{n}", "labels": {"other": f"j{(n + 1) % 40}"}},
            flow={"steps": [{"id": "a", "type": "wait", "count": n, "unit": "minutes"}]},
        )
        for n in range(40)
    }
    host = host_over(write_pack(tmp_path / "packs", policy))
    report = run_check(tmp_path / "work", host, files, jobs=jobs)
    assert sorted(messages_of(report)) == sorted(f"{n} true" for n in range(40))


def test_facts_are_worked_out_once_a_manifest_and_only_where_a_policy_of_the_plan_names_them(tmp_path: Path) -> None:
    derived: list[Any] = []

    def derive(document: JsonObject) -> JsonObject:
        derived.append(document["metadata"])
        return {"size": 3}

    asks = make_policy(1, kind="Segment", require="facts.size == 3 && facts.size > 2 && facts != {}")
    says = make_policy(2, kind="Segment", require="facts.size != 3", message="${facts.size} ${facts.size}")
    silent = make_policy(3, kind="Segment", require="segment.metadata.name != 'facts'")
    for number, (policies, count) in enumerate([([asks, says], 2), ([silent], 0)]):
        derived.clear()
        host = host_over(write_pack(tmp_path / f"packs{number}", *policies), host_with(derive))
        files: dict[str, Any] = {"a.yaml": [make_segment({"name": "a"}), make_segment({"name": "b"})]}
        run_check(tmp_path / f"work{number}", host, files)
        assert len(derived) == count


def test_what_cannot_be_derived_is_a_failure_for_that_manifest_and_those_that_ask_for_it(tmp_path: Path) -> None:
    def derive(document: Any) -> JsonObject:
        if document["metadata"]["name"] == "bad":
            raise ValueError("boo")
        return {"size": 3}

    asks = make_policy(1, kind="Segment", require="facts.size == 3 || false")
    other = make_policy(2, kind="Segment", require="segment.metadata.name == 'good'")
    either = make_policy(3, kind="Segment", require="facts.size == 3 || true")
    afar = make_policy(4, require="factsOf('Segment', 'bad') == null")
    host = host_over(write_pack(tmp_path / "packs", asks, other, either, afar), host_with(derive))
    files: dict[str, Any] = {
        "a.yaml": [make_segment({"name": "bad"}), make_segment({"name": "good"}), make_journey({"name": "j"})]
    }
    report = run_check(tmp_path / "work", host, files)
    assert {(failure.code, failure.message) for failure in report.failures} == {
        (
            FailureCode.PREDICATE_ERROR,
            "TST001 policy-1 could not judge this: the facts about this Segment cannot be worked out: boo",
        ),
        (
            FailureCode.PREDICATE_ERROR,
            "TST004 policy-4 could not judge this: the facts about this Segment cannot be worked out: boo",
        ),
    }
    assert [tally_of(report, name) for name in ("TST001", "TST002", "TST003")] == [(1, 0, 1), (1, 1, 0), (2, 0, 0)]


def test_a_let_named_facts_goes_on_to_work(tmp_path: Path) -> None:
    policies = [
        make_policy(1, let={"facts": "journey.metadata.name"}, require="facts == 'x'", message="${facts}"),
        make_policy(
            2, kind="Segment", let={"facts": "size(segment.metadata.name)"}, require="facts == 0", message="${facts}"
        ),
        make_policy(
            3, each_="$.spec.segments[*]", as_="facts", require="facts.role == 'content'", message="${facts.role}"
        ),
    ]
    journey = make_journey({"name": "a"}, segments=[{"name": "s", "role": "audience"}])
    report = judge(tmp_path, *policies, files={"a.yaml": [journey, make_segment({"name": "s"})]})
    assert report.failures == ()
    assert sorted(messages_of(report)) == ["1", "a", "audience"]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"require": "facts.isComplet"}, "there is no field 'isComplet' here - did you mean 'isComplete'?"),
        ({"require": "facts.steps['a'].isReachabel"}, "did you mean 'isReachable'?"),
        ({"require": "facts.steps[journey.metadata.name].isReachabel"}, "did you mean 'isReachable'?"),
        ({"require": "facts.loops.all(x, x.y)"}, "there can be no field 'y' here"),
        ({"require": "factsOf('Journey', 'a').lopps == []"}, "did you mean 'loops'?"),
        ({"require": "factsOf('Jurney', 'a') == null"}, "there is no kind 'Jurney' - did you mean 'Journey'?"),
        ({"require": "factsOf('Segment', 'a') == null"}, "nothing is derived from a Segment"),
        ({"kind": "Segment", "require": "facts.loops == []"}, "nothing is derived from a Segment"),
        ({"message": "${facts.nothing}"}, "there is no field 'nothing' here"),
        ({"let": {"facts": "facts.steps"}, "require": "facts == {}"}, "the name 'facts' would stand for itself"),
        ({"let": {"x": "facts"}, "require": "x.lops == []"}, "did you mean 'loops'?"),
    ],
)
def test_a_mistake_about_facts_is_told_when_policies_are_loaded(tmp_path: Path, members: Any, told: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_library(host_over(write_pack(tmp_path, make_policy(**members))))
    assert told in str(caught.value)


def test_another_schema_of_facts_has_policies_checked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = write_pack(tmp_path / "packs", make_policy(kind="Segment", require="facts.size == 3"))
    for known in ("size", "width"):
        schema: JsonObject = {
            "type": "object",
            "properties": {known: {"type": "integer"}},
            "additionalProperties": False,
        }
        host = host_over(root, host_with(lambda _: {"size": 3}, schema))
        if known == "size":
            load_library(host, use_cache=True)
            continue
        with pytest.raises(PolicyError, match="no field 'size'"):
            load_library(host, use_cache=True)


def trace_of(tmp_path: Path, policy: JsonObject, files: dict[str, Any]) -> list[Trace]:
    host = host_over(write_pack(tmp_path / "packs", policy))
    work = tmp_path / "work"
    work.mkdir()
    for name, content in files.items():
        (work / name).write_text(write_text_of(content))
    prepared = prepare(CheckRequest((".",), work, as_of=AS_OF), host)
    found = explain(prepared.library.policies[0], parse_target("a.yaml", None, work), prepared, host)
    return [one for one in found.traces if isinstance(one, Trace)]


def test_an_explanation_shows_the_facts_that_were_read_which_stand_in_no_file(tmp_path: Path) -> None:
    journey = make_journey(flow=FLOW)
    policy = make_policy(
        let={"other": "factsOf('Journey', 'spring-sale')"},
        require="facts.steps['pause'].latestMinutes == 0 && other.branchDepth == 1",
    )
    (trace,) = trace_of(tmp_path, policy, {"a.yaml": journey})
    read = {one.text: one for step in walk_steps(trace.steps) for one in step.readings}
    assert read["facts.steps['pause'].latestMinutes"] == Reading(
        "facts.steps['pause'].latestMinutes", Standing.COMPUTED, 0
    )
    assert (trace.verdict, [one.part.name for one in trace.names]) == (Verdict.FAILS, ["other"])
    assert [asked.manifests[0].identity.name for asked in trace.names[0].consultations] == ["spring-sale"]


def test_an_explanation_says_why_facts_cannot_be_had(tmp_path: Path) -> None:
    trace_policy = make_policy(require="factsOf('Journey', 'gone').branchDepth == 0")
    (trace,) = trace_of(tmp_path, trace_policy, {"a.yaml": make_journey(flow=FLOW)})
    assert trace.verdict is Verdict.ERROR


def test_until_when_a_verdict_holds_is_found_by_way_of_facts(tmp_path: Path) -> None:
    policy = make_policy(
        require="instant(journey.spec.startTime, 'UTC') + minutes(facts.longestMinutes) < now",
    )
    folder, host = tmp_path / "work", host_over(write_pack(tmp_path / "packs", policy))
    folder.mkdir()
    (folder / "a.yaml").write_text(write_text_of(make_journey(flow=FLOW, startTime="2025-03-01T00:00:00")))
    request = CheckRequest((), folder, as_of=AS_OF, wants=frozenset({Want.HORIZON}))
    horizon = only_finding(check(request, host)).horizon
    assert horizon is not None
    assert horizon.turn is not None
    assert horizon.turn.at == datetime(2025, 3, 3, tzinfo=UTC)


def test_fixes_write_what_facts_say(tmp_path: Path) -> None:
    policy = make_policy(
        require="has(journey.metadata.title)",
        fix={"title": "name it", "safe": True, "edits": [{"set": "/metadata/title", "value": "facts.first"}]},
    )
    folder, host = tmp_path / "work", host_over(write_pack(tmp_path / "packs", policy))
    folder.mkdir()
    (folder / "a.yaml").write_text(write_text_of(make_journey(flow=FLOW)))
    report = check(CheckRequest((), folder, as_of=AS_OF, wants=frozenset({Want.FIXES})), host)
    detail = only_finding(report).detail
    assert detail is not None
    assert detail.fix is not None
    assert [edit.value for edit in detail.fix.edits] == ["welcome"]

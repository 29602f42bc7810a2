"""What becomes of manifests: verdicts and their counts, findings and their places, failures and what they leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest

from journeylint.model import Failure, FailureCode, JsonObject, JsonValue, Report, Severity
from tests.judging import judge, make_policy, messages_of, only_finding, places_of, tally_of
from tests.kinds import make_journey, make_segment

Files: TypeAlias = "dict[str, str | list[JsonObject] | JsonObject]"

EACH: dict[str, JsonValue] = {"each_": "$.spec.segments[*]", "as_": "usage"}
LOOKUP = make_policy(**EACH, require="lookup('Segment', usage.name) != null")
NAME = "segment.metadata.name"
COUNT = make_policy(2, kind="Segment", require=f"usersCount('Segment', {NAME}, 'true') == 0")
USERS = make_policy(3, kind="Segment", require=f"usersOf('Segment', {NAME}).size() == 0")


def uses(*names: str) -> list[JsonValue]:
    return [{"name": name, "role": "audience"} for name in names]


def journey(name: str, *segments: str, environment: str = "default", **spec: JsonValue) -> JsonObject:
    return make_journey({"name": name, "environment": environment}, segments=uses(*segments), **spec)


def segment(name: str, environment: str = "default", **spec: JsonValue) -> JsonObject:
    return make_segment({"name": name, "environment": environment}, **spec)


def only_failure(report: Report) -> Failure:
    (failure,) = report.failures
    return failure


# -- counts


def test_nodes_are_counted_as_passed_failed_and_not_applicable(tmp_path: Path) -> None:
    policy = make_policy(**EACH, when_="usage.name != 'c'", require="usage.name == 'a'")
    report = judge(tmp_path, policy, files={"j.json": journey("j", "a", "b", "c", "b")})
    assert tally_of(report) == (1, 2, 1)
    assert places_of(report) == [("TST001", "/spec/segments/1"), ("TST001", "/spec/segments/3")]


def test_a_policy_without_when_applies_to_every_node(tmp_path: Path) -> None:
    assert tally_of(judge(tmp_path, make_policy(require="true"), files={"j.json": make_journey()})) == (1, 0, 0)


def test_a_policy_with_nothing_to_select_counts_nothing(tmp_path: Path) -> None:
    report = judge(tmp_path, make_policy(**EACH), make_policy(2, kind="Segment"), files={"j.json": make_journey()})
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 0, 0), (0, 0, 0))


def test_a_pack_that_does_not_apply_counts_its_nodes_as_not_applicable(tmp_path: Path) -> None:
    shared: JsonObject = {"kinds": {"Journey": {"when": "journey.spec.state != 'stopped'"}}}
    files: dict[str, JsonObject] = {"j.json": journey("j", "a", "b", state="stopped"), "k.json": journey("k", "a")}
    report = judge(tmp_path, make_policy(1, **EACH), make_policy(2), files=files, shared=shared)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 1, 2), (0, 1, 1))


def test_manifests_to_which_nothing_can_apply_are_counted_all_the_same(tmp_path: Path) -> None:
    policies = [
        make_policy(1, kind="Segment", when_="has(segment.spec.copyOf)"),
        make_policy(2, kind="Segment", when_="has(segment.spec.copyOf) && segment.spec.copyOf == 'x'"),
    ]
    files: Files = {"a.json": segment("a"), "b.json": segment("b", copyOf="x"), "c.json": segment("c", copyOf="y")}
    report = judge(tmp_path, *policies, files=files)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 2, 1), (0, 1, 2))


# -- failures of predicates


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"require": "journey.metadata.title == 'x'"}, "there is no 'title' here (guard it with has())"),
        ({"when_": "journey.metadata.title == 'x'"}, "there is no 'title' here (guard it with has())"),
        ({"let": {"title": "journey.metadata.title"}, "require": "title != ''"}, "there is no 'title' here"),
        ({"require": "dyn('x')"}, "a value is not of the type that is needed"),
        ({"require": "lookup('Segment', 'none')"}, "a value is not of the type that is needed"),
        ({"when_": "journey.spec.state"}, "a value is not of the type that is needed"),
        ({"message": "${journey.metadata.title}"}, "its message: there is no 'title' here"),
        ({"require": "lookup('Segment', 'none').spec.source == 'data'"}, "(guard it with != null)"),
        ({"require": "instant('soon', 'UTC') < now"}, "'soon' is not a date and time"),
        ({"require": "[1].map(a, [2].map(b, a / (b - 2)))[0][0] == 1"}, "divide by zero"),
    ],
)
def test_a_node_that_could_not_be_judged_is_a_failure_and_no_pass(
    tmp_path: Path, members: dict[str, JsonValue], reason: str
) -> None:
    report = judge(tmp_path, make_policy(**members), make_policy(2), files={"j.json": make_journey()})
    failure = only_failure(report)
    assert failure.code is FailureCode.PREDICATE_ERROR
    assert failure.message.startswith("TST001 policy-1 could not judge this: ")
    assert reason in failure.message
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((0, 0, 1), (0, 1, 0))
    assert (failure.manifest, failure.location.pointer) == (report.findings[0].manifest, "")


def test_only_the_node_that_fails_is_not_judged(tmp_path: Path) -> None:
    data = journey("j", "a", "b")
    data["spec"]["segments"][1]["justification"] = "must"  # type: ignore[index,call-overload]  # as written above
    report = judge(tmp_path, make_policy(**EACH, require="usage.justification == ''"), files={"j.json": data})
    assert tally_of(report) == (0, 1, 1)
    assert only_failure(report).location.pointer == "/spec/segments/0"
    assert places_of(report) == [("TST001", "/spec/segments/1")]


def test_a_let_that_fails_hurts_only_where_it_is_used(tmp_path: Path) -> None:
    let: JsonObject = {"title": "journey.metadata.title"}
    policies = [
        make_policy(1, let=let, require="journey.spec.state == 'live' || title == 'x'"),
        make_policy(2, let=let, when_="has(journey.metadata.title)", require="title == 'x'"),
    ]
    files: dict[str, JsonObject] = {"j.json": make_journey(state="live"), "k.json": make_journey({"name": "k"})}
    report = judge(tmp_path, *policies, files=files)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((1, 0, 1), (0, 0, 2))
    assert only_failure(report).location.path == "k.json"


def test_a_predicate_that_costs_too_much_is_a_failure(tmp_path: Path) -> None:
    ten = "[1,2,3,4,5,6,7,8,9,10]"
    require = f"{ten}.all(a, {ten}.all(b, {ten}.all(c, {ten}.all(d, [1, 2].all(e, true)))))"
    report = judge(tmp_path, make_policy(require=require), make_policy(2), files={"j.json": make_journey()})
    assert only_failure(report).message.endswith("Iteration budget exceeded")
    assert places_of(report) == [("TST002", "")]


# -- manifests that could not be judged


def test_a_manifest_that_could_not_be_judged_is_not_taken_for_missing(tmp_path: Path) -> None:
    bad = make_segment({"name": "bad"}, nope=1)
    files: Files = {"j.json": journey("j", "bad", "good", "none"), "b.json": bad, "g.json": segment("good")}
    report = judge(tmp_path, LOOKUP, make_policy(2, **EACH), files=files)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((1, 1, 1), (0, 3, 0))
    assert [place for policy, place in places_of(report) if policy == "TST001"] == ["/spec/segments/2"]
    assert only_failure(report).code is FailureCode.INVALID_MANIFEST


def test_a_manifest_of_another_environment_that_could_not_be_judged_does_not_matter(tmp_path: Path) -> None:
    bad = make_segment({"name": "bad", "environment": "x"}, nope=1)
    assert tally_of(judge(tmp_path, LOOKUP, files={"j.json": journey("j", "bad"), "b.json": bad})) == (0, 1, 0)


def test_a_user_that_could_not_be_judged_keeps_sums_over_users_from_being_judged(tmp_path: Path) -> None:
    bad = journey("j", "used", nope=1)
    report = judge(tmp_path, COUNT, USERS, files={"j.json": bad, "a.json": segment("used"), "b.json": segment("other")})
    assert (tally_of(report, "TST002"), tally_of(report, "TST003")) == ((1, 0, 1), (1, 0, 1))
    assert report.findings == ()


def test_a_later_duplicate_is_a_failure_and_its_uses_are_unknown(tmp_path: Path) -> None:
    files: Files = {
        "a.json": journey("j", "one"),
        "b.json": journey("j", "two"),
        "s.yaml": [segment("one"), segment("two"), segment("three")],
    }
    report = judge(tmp_path, COUNT, make_policy(4, **EACH), files=files)
    failure = only_failure(report)
    assert (failure.code, failure.location.path) == (FailureCode.DUPLICATE_MANIFEST, "b.json")
    assert "the first, at a.json:1, is judged" in failure.message
    assert tally_of(report, "TST002") == (1, 1, 1)
    assert tally_of(report, "TST004") == (0, 1, 0)


def test_each_later_duplicate_is_told_once(tmp_path: Path) -> None:
    files: Files = {"b.yaml": [segment("s"), segment("s")], "a.json": segment("s"), "c.json": segment("s", "other")}
    report = judge(tmp_path, COUNT, files=files)
    assert [(one.location.path, one.location.document) for one in report.failures] == [("b.yaml", 1), ("b.yaml", 2)]
    assert tally_of(report, "TST002") == (2, 0, 0)


def test_a_valid_manifest_is_judged_though_an_earlier_one_of_its_name_is_not_valid(tmp_path: Path) -> None:
    bad = make_segment({"name": "s"}, nope=1)
    report = judge(tmp_path, LOOKUP, files={"a.json": bad, "b.json": segment("s"), "j.json": journey("j", "s")})
    assert tally_of(report) == (1, 0, 0)


def test_environments_are_separate(tmp_path: Path) -> None:
    files: Files = {
        "j.json": journey("j", "s", environment="one"),
        "s.json": segment("s", "two"),
        "k.json": journey("k", "s", environment="three"),
        "t.json": segment("s", "three"),
    }
    report = judge(tmp_path, LOOKUP, COUNT, files=files)
    assert (tally_of(report, "TST001"), tally_of(report, "TST002")) == ((1, 1, 0), (1, 1, 0))


# -- users


def test_users_are_those_that_refer_directly_without_the_asker_sorted_by_kind_and_name(tmp_path: Path) -> None:
    files: Files = {
        "x.yaml": [journey("k", "s", "s"), segment("copy", copyOf="s"), journey("j", "s"), journey("far", "copy")],
        "s.json": segment("s", copyOf="s"),
    }
    policy = make_policy(
        kind="Segment",
        when_=f"{NAME} == 's'",
        message=f"${{usersOf('Segment', {NAME})}}; ${{usersCount('Segment', {NAME}, 'true')}}",
    )
    report = judge(tmp_path, policy, files=files)
    assert messages_of(report) == ["Journey 'j', Journey 'k', Segment 'copy'; 3"]


def test_sums_over_users_leave_out_the_asker_and_whom_the_condition_leaves_out(tmp_path: Path) -> None:
    condition = "\"has(user.spec.endTime) && user.spec.state == 'live'\""
    value = '"instant(user.spec.endTime, user.spec.timeZone)"'
    policy = make_policy(
        **EACH,
        let={"count": f"usersCount('Segment', usage.name, {condition})"},
        when_="count > 0",
        message=f"${{count}} ${{usersEarliest('Segment', usage.name, {condition}, {value})}}"
        f" ${{usersLatest('Segment', usage.name, {condition}, {value})}}",
    )
    files: dict[str, JsonObject] = {
        f"{name}.json": journey(name, "s", state=state, endTime=f"2025-01-0{day}")
        for name, state, day in (("a", "live", 1), ("b", "live", 5), ("c", "live", 3), ("d", "draft", 9))
    }
    report = judge(tmp_path, policy, files=files)
    days = {"a": "2 03 05", "b": "2 01 03", "c": "2 01 05", "d": "3 01 05"}
    expected = []
    for said in days.values():
        count, first, last = said.split()
        expected.append(f"{count} 2025-01-{first} 00:00 UTC 2025-01-{last} 00:00 UTC")
    assert messages_of(report) == expected


def test_an_extreme_of_no_users_is_a_failure(tmp_path: Path) -> None:
    policy = make_policy(kind="Segment", require=f"usersLatest('Segment', {NAME}, 'true', 'now') < now")
    failure = only_failure(judge(tmp_path, policy, files={"s.json": segment("s")}))
    assert "no user of Segment 's' meets the condition: ask usersCount first" in failure.message


def test_a_condition_that_fails_for_a_user_is_a_failure_of_the_asker(tmp_path: Path) -> None:
    condition = "\"user.spec.startTime == 'x'\""
    policy = make_policy(kind="Segment", require=f"usersCount('Segment', {NAME}, {condition}) == 0")
    report = judge(tmp_path, policy, files={"s.yaml": [segment("s"), segment("t")], "j.json": journey("j", "s")})
    assert tally_of(report) == (1, 0, 1)
    assert "there is no 'startTime' here" in only_failure(report).message


# -- selections and places


@pytest.mark.parametrize(
    ("each", "found"),
    [
        ("$", [""]),
        ("$.spec.segments[*]", ["/spec/segments/0", "/spec/segments/1"]),
        ("$['spec']['segments'][*]", ["/spec/segments/0", "/spec/segments/1"]),
        ("$.spec.segments[1]", ["/spec/segments/1"]),
        ("$.spec.segments[2]", []),
        ("$.spec.segments[-1]", ["/spec/segments/1"]),
        ("$.spec.segments[1:]", ["/spec/segments/1"]),
        ("$.spec.segments[*].name", ["/spec/segments/0/name", "/spec/segments/1/name"]),
        ("$.spec.segments[?@.role == 'exclusion']", ["/spec/segments/1"]),
        ("$.spec.segments[?@.role == 'content']", []),
        ("$..role", ["/spec/segments/0/role", "/spec/segments/1/role"]),
        ("$.metadata.labels.*", ["/metadata/labels/team", "/metadata/labels/a~1b~0c"]),
        ("$.metadata.labels['a/b~c']", ["/metadata/labels/a~1b~0c"]),
        ("$.spec.segments.*", ["/spec/segments/0", "/spec/segments/1"]),
        ("$.metadata['name', 'labels']", ["/metadata/name", "/metadata/labels"]),
        ("$.spec.endTime", []),
    ],
)
def test_nodes_are_selected_and_pointed_at(tmp_path: Path, each: str, found: list[str]) -> None:
    data = make_journey(
        {"name": "j", "labels": {"team": "crm", "a/b~c": "x"}},
        segments=[{"name": "s", "role": "audience"}, {"name": "t", "role": "exclusion"}],
    )
    report = judge(tmp_path, make_policy(each_=each), files={"j.json": data})
    assert sorted(pointer for _, pointer in places_of(report)) == sorted(found)
    assert tally_of(report) == (0, len(found), 0)


def test_each_node_is_bound_to_its_own_pointer(tmp_path: Path) -> None:
    data = make_journey({"name": "j", "labels": {"a": "x", "b": "y", "c": "x"}})
    policy = make_policy(each_="$.metadata.labels.*", as_="label", require="label == 'y'", message="${label}")
    report = judge(tmp_path, policy, files={"j.json": data})
    assert [(finding.location.pointer, finding.message) for finding in report.findings] == [
        ("/metadata/labels/a", "x"),
        ("/metadata/labels/c", "x"),
    ]


@pytest.mark.parametrize(
    ("each", "at", "pointer"),
    [
        ("$", "/metadata/name", "/metadata/name"),
        ("$", "/spec/endTime", "/spec"),
        ("$.spec.segments[*]", "/role", "/spec/segments/0/role"),
        ("$.spec.segments[*]", "/justification", "/spec/segments/0"),
        ("$.spec", "/segments/0/name", "/spec/segments/0/name"),
        ("$.spec", "/segments/1/name", "/spec/segments"),
        ("$.spec", "/segments/0/justification", "/spec/segments/0"),
    ],
)
def test_a_finding_points_at_the_place_or_the_nearest_above_it(
    tmp_path: Path, each: str, at: str, pointer: str
) -> None:
    report = judge(tmp_path, make_policy(each_=each, at=at), files={"j.json": journey("j", "s")})
    assert only_finding(report).location.pointer == pointer


def test_related_places_are_told_where_they_are_there(tmp_path: Path) -> None:
    related: list[JsonValue] = [
        {"manifest": "found", "at": "/spec/memberCount", "message": "its size"},
        {"manifest": "journey", "at": "/metadata/name", "message": "this"},
    ]
    policy = make_policy(**EACH, let={"found": "lookup('Segment', usage.name)"}, related=related)
    files: Files = {"j.json": journey("j", "s", "none"), "s.json": segment("s", memberCount=5)}
    there, absent = judge(tmp_path, policy, files=files).findings
    assert [(one.message, one.location.path, one.location.pointer) for one in there.related] == [
        ("its size", "s.json", "/spec/memberCount"),
        ("this", "j.json", "/metadata/name"),
    ]
    assert [one.message for one in absent.related] == ["this"]


# -- names, params, settings


def test_the_manifest_has_three_names_and_now_is_the_runs_instant(tmp_path: Path) -> None:
    policy = make_policy(
        kind="Segment", require="segment != manifest || node != manifest", message="${manifest}, ${now}"
    )
    assert messages_of(judge(tmp_path, policy, files={"s.json": segment("s")})) == ["Segment 's', 2025-03-01 00:00 UTC"]


def test_schema_defaults_are_filled_in_and_other_absent_keys_absent(tmp_path: Path) -> None:
    policy = make_policy(
        require="has(journey.spec.endTime)",
        message="${journey.spec.state} ${journey.spec.timeZone} ${journey.metadata.environment}",
    )
    assert messages_of(judge(tmp_path, policy, files={"j.json": make_journey()})) == ["draft UTC default"]


PARAMS: JsonObject = {
    "count": {"type": "integer", "default": 1, "description": "d"},
    "share": {"type": "number", "default": 3, "description": "d"},
    "window": {"type": "duration", "default": "3d", "description": "d"},
    "after": {"type": "date-time", "default": "2026-05-01", "description": "d"},
    "words": {"type": "array", "default": ["a"], "description": "d"},
    "strict": {"type": "boolean", "default": False, "description": "d"},
    "text": {"type": "string", "default": "q'\"\\\n${x}", "description": "d"},
}


SET = """{count: -7, share: 0.5, window: 4h30m, after: 2025-01-01T01:00+01:00, words: [b, c], strict: true, text: ''}"""


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("", "1 3 3 d 2026-05-01 00:00 UTC a false q'\"\\\n${x}"),
        (
            f"policies: {{TST001: {{params: {SET}}}}}",
            "-7 0.5 4 h 30 min 2025-01-01 00:00 UTC b, c true ",
        ),
        ("policies: {TST001: {params: {count: 5.0}}}", "5 3 3 d 2026-05-01 00:00 UTC a false q'\"\\\n${x}"),
    ],
)
def test_params_reach_predicates_and_messages_in_their_types(tmp_path: Path, config: str, message: str) -> None:
    placeholders = " ".join(f"${{params.{name}}}" for name in PARAMS)
    require = "params.count + 0 == 99 || params.share * 1.0 == 99.0 || now + params.window == params.after"
    policy = make_policy(params=PARAMS, require=require, message=placeholders + "|")
    found = judge(tmp_path, policy, files={"j.json": make_journey()}, config=config)
    assert only_finding(found).message == message + "|"


def test_an_override_applies_to_its_files_alone(tmp_path: Path) -> None:
    config = "overrides: [{files: ['a/**'], policies: {TST001: {severity: info, params: {count: 5}}}}]"
    policy = make_policy(params={"count": PARAMS["count"]}, message="${params.count}")
    files: dict[str, JsonObject] = {"a/j.json": make_journey({"name": "a"}), "b/j.json": make_journey({"name": "b"})}
    report = judge(tmp_path, policy, files=files, config=config)
    assert [(one.message, one.severity, one.counts) for one in report.findings] == [
        ("5", Severity.INFO, False),
        ("1", Severity.ERROR, True),
    ]

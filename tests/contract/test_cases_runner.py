"""The case runner that authors of policies use."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journeylint.errors import PolicyError
from journeylint.testing import (
    DEFAULT_AS_OF,
    CaseResult,
    Marker,
    build_host,
    find_cases,
    read_case,
    read_policies,
    run_case,
)

HOST = build_host(())
PACK = "name: acme\nprefix: ACME\ntitle: Acme's own\n"
POLICY = """
id: ACME001
name: silent-journey
title: Journey without segments
severity: warning
since: 1.0.0
match: {kind: Journey, each: "$.spec.segments[*]", as: usage}
params: {fewest: {type: integer, default: 3, description: Fewest letters of a name.}}
require: size(usage.name) >= params.fewest
message: Segment '${usage.name}' has a short name.
rationale: Short names mean nothing.
remediation: Find a longer one.
"""
JOURNEY = "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: j}\nspec:\n  frequency: ongoing\n  segments:\n"


def write_case(folder: Path, text: str) -> Path:
    policy = folder / "acme" / "silent-journey"
    (policy / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "acme" / "pack.yaml").write_text(PACK, encoding="utf-8")
    (policy / "policy.yaml").write_text(POLICY, encoding="utf-8")
    case = policy / "cases" / "one.yaml"
    case.write_text(text, encoding="utf-8")
    return case


def run(folder: Path, text: str) -> CaseResult:
    path = write_case(folder, text)
    (policy,) = read_policies(folder, HOST).policies
    assert find_cases(policy) == [path]
    return run_case(read_case(path), policy, HOST)


def test_a_marked_finding_holds(tmp_path: Path) -> None:
    result = run(
        tmp_path, JOURNEY + "    - {name: ab, role: audience}  # finds: ACME001\n    - {name: abc, role: audience}"
    )

    assert result.holds
    assert result.describe() == ""
    assert [finding.message for finding in result.findings] == ["Segment 'ab' has a short name."]


def test_a_finding_that_is_not_marked_is_unexpected(tmp_path: Path) -> None:
    result = run(tmp_path, JOURNEY + "    - {name: ab, role: audience}")

    assert not result.holds
    assert [finding.location.span.line for finding in result.unexpected] == [7]
    assert result.describe().endswith(
        "one.yaml:7: ACME001 finds something that is not marked: Segment 'ab' has a short name."
    )


def test_a_marker_without_finding_is_missing(tmp_path: Path) -> None:
    result = run(tmp_path, JOURNEY + "    - {name: abc, role: audience}  # finds: ACME001")

    assert not result.holds
    assert result.missing == (Marker(7, "ACME001"),)
    assert result.describe().endswith("one.yaml:7: ACME001 is marked here, but finds nothing")


def test_a_marker_on_the_next_line_is_both_missing_and_unexpected(tmp_path: Path) -> None:
    result = run(tmp_path, JOURNEY + "    - name: ab\n      role: audience  # finds: ACME001")

    assert (len(result.missing), len(result.unexpected)) == (1, 1)
    assert result.describe().index("one.yaml:7:") < result.describe().index("one.yaml:8:")


def test_a_marker_answers_for_one_finding_only(tmp_path: Path) -> None:
    flow = (
        "apiVersion: journeylint/v1\nkind: Journey\nmetadata: {name: j}\n"
        "spec: {frequency: ongoing, segments: [{name: a, role: audience}, {name: b, role: audience}]}  # finds: ACME001"
    )

    assert len(run(tmp_path, flow).unexpected) == 1
    assert run(tmp_path, flow + ", ACME001").holds


def test_a_manifest_that_cannot_be_judged_is_a_failure_of_the_case(tmp_path: Path) -> None:
    result = run(tmp_path, JOURNEY + "    - {name: ab, role: everybody}")

    assert not result.holds
    assert "JL002 invalid-manifest" in result.describe()


def test_headers_set_the_instant_and_the_params(tmp_path: Path) -> None:
    path = write_case(
        tmp_path,
        "# why: names of two\n# as-of: 2026-01-02T03:04:05Z\n# params: {fewest: 2}\n"
        + JOURNEY
        + "    - {name: ab, role: audience}",
    )
    case = read_case(path)
    (policy,) = read_policies(tmp_path, HOST).policies

    assert (case.as_of, case.params) == (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), {"fewest": 2})
    assert run_case(case, policy, HOST).holds


def test_headers_count_at_the_top_only(tmp_path: Path) -> None:
    case = read_case(write_case(tmp_path, JOURNEY + "# as-of: 2026-01-02T03:04:05Z\n"))

    assert case.as_of == DEFAULT_AS_OF


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# as-of: yesterday\n", ":1:1: as-of: 'yesterday' is not an instant"),
        ("# as-off: 2025-01-01\n", ":1:1: there is no header 'as-off' - did you mean 'as-of'?"),
        ("# param: {a: 1}\n", ":1:1: there is no header 'param' - did you mean 'params'?"),
        ("# params: 7\n", ":1:1: params: expected a mapping such as {maximumMembers: 500000}, not '7'"),
        ("# params: {a: 1\n", ":1:1: params: expected a mapping"),
        ("a: 1  # finds: OBS2x\n", ":1:1: 'finds:' is followed by policy ids such as OBS002, not 'OBS2x'"),
        ("a: 1  # finds:\n", ":1:1: 'finds:' is followed by policy ids"),
    ],
)
def test_a_case_that_cannot_be_understood_says_where_and_why(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_case(write_case(tmp_path, text))

    assert len(caught.value.messages) == 1
    assert expected in caught.value.messages[0]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("{fewst: 2}", "ACME001 has no param 'fewst' - did you mean 'fewest'?"),
        ("{fewest: two}", "param 'fewest': "),
    ],
)
def test_params_that_the_policy_does_not_take_are_refused(tmp_path: Path, header: str, expected: str) -> None:
    with pytest.raises(PolicyError, match=r"one\.yaml:1:1: ") as caught:
        run(tmp_path, f"# params: {header}\n" + JOURNEY + "    - {name: ab, role: audience}")

    assert expected in str(caught.value)


def test_a_folder_of_policies_with_a_mistake_is_refused(tmp_path: Path) -> None:
    path = write_case(tmp_path, "a: 1\n")
    file = path.parents[1] / "policy.yaml"
    file.write_text(POLICY.replace("size(usage.name)", "size(usage.nmae)"), encoding="utf-8")

    with pytest.raises(PolicyError, match="did you mean 'name'"):
        read_policies(tmp_path, HOST)

"""The contract on the JSON report: its keys, their values, what they count and how they are sorted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from journeylint import __version__
from journeylint.testing import build_host, read_policies
from tests.contract.command_line import AS_OF, AUDIENCE, check, journey, judge, run_in, segment, write

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/report.schema.json").read_text(encoding="utf-8"))
POLICIES = [
    policy.id
    for policy in read_policies(Path(__file__).parents[2] / "policies", build_host(())).policies
    if "recommended" in policy.presets and policy.kind not in ("Suppression", "Export")
]
"""The built-in policies that judge manifests, in the preset that holds by default."""


def busy_workspace(folder: Path) -> Path:
    """Findings of each severity, related places, failures with and without identity, a foreign document."""
    return write(
        folder,
        {
            "segments/vip.yaml": segment("vip", "source: outbound, memberCount: 900000"),
            "journeys/b.yaml": journey(
                "startTime: 2025-03-01T00:20", "name: vip, role: audience", "name: vip, role: exclusion"
            )
            + "---\nkind: Pod\n",
            "journeys/a.yaml": journey("", "name: gone, role: audience", name="a"),
            "journeys/bad.yaml": journey("state: lve", AUDIENCE, name="bad"),
            "journeys/worse.yaml": "kind: Journey\n: [",
        },
    )


def test_has_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    outcome = check(busy_workspace(tmp_path))
    report = outcome.report
    assert report is not None

    assert list(report) == ["schemaVersion", "tool", "asOf", "summary", "findings", "failures", "policies"]
    assert report["schemaVersion"] == "1"
    assert report["tool"] == {"name": "journeylint", "version": __version__}
    assert list(report["summary"]) == (
        ["files", "manifests", "skippedDocuments", "errors", "warnings", "infos", "failures", "suppressed"]
    )
    location = {"path", "document", "pointer", "line", "column", "endLine", "endColumn"}
    for finding in report["findings"]:
        assert {"policy", "name", "severity", "message", "manifest", "location", "related"} == set(finding)
        assert set(finding["manifest"]) == {"kind", "name", "environment"}
        assert set(finding["location"]) == location
        for related in finding["related"]:
            assert set(related) == {"message", "location"}
            assert set(related["location"]) == location
    for failure in report["failures"]:
        assert {"code", "name", "message", "manifest", "location"} == set(failure)
        assert set(failure["location"]) == location
    for row in report["policies"]:
        assert set(row) == {"policy", "matched", "passed", "failed", "notApplicable"}
    assert [row["policy"] for row in report["policies"]] == POLICIES
    jsonschema.Draft202012Validator(SCHEMA).validate(report)


def test_counts_are_those_of_the_lists(tmp_path: Path) -> None:
    outcome = check(busy_workspace(tmp_path))

    by = [finding["severity"] for finding in outcome.findings]
    assert outcome.summary == {
        "files": 5,
        "manifests": outcome.summary["manifests"],
        "skippedDocuments": 1,
        "errors": by.count("error"),
        "warnings": by.count("warning"),
        "infos": by.count("info"),
        "failures": len(outcome.failures),
        "suppressed": 0,
    }
    assert min(by.count("error"), by.count("warning"), by.count("info"), len(outcome.failures)) > 0
    for policy in POLICIES:
        assert outcome.tally(policy)[1] == len(outcome.pointers(policy))


def test_is_sorted_by_path_line_column_and_policy(tmp_path: Path) -> None:
    outcome = check(busy_workspace(tmp_path), "segments", "journeys/b.yaml", "journeys")

    def key(thing: dict[str, Any]) -> tuple[str, int, int, str]:
        at = thing["location"]
        return at["path"], at["line"], at["column"], thing.get("policy") or thing["code"]

    assert len(outcome.findings) > 5
    assert outcome.findings == sorted(outcome.findings, key=key)
    assert outcome.failures == sorted(outcome.failures, key=key)


def test_a_failure_without_identity_has_a_null_manifest(tmp_path: Path) -> None:
    failures = {failure["location"]["path"]: failure for failure in check(busy_workspace(tmp_path)).failures}

    assert failures["journeys/worse.yaml"]["manifest"] is None
    assert failures["journeys/bad.yaml"]["manifest"] == {"kind": "Journey", "name": "bad", "environment": "default"}
    assert failures["journeys/bad.yaml"]["name"] == "invalid-manifest"
    assert failures["journeys/worse.yaml"]["name"] == "unreadable-manifest"


def test_paths_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    busy_workspace(tmp_path)

    inside = {f["location"]["path"] for f in check(tmp_path / "journeys", str(tmp_path)).findings}
    outside = {f["location"]["path"] for f in check(tmp_path, str(tmp_path / "journeys"), "segments").findings}

    assert outside == {"journeys/a.yaml", "journeys/b.yaml"}
    assert inside == {"a.yaml", "b.yaml"}


def test_pointers_are_escaped(tmp_path: Path) -> None:
    outcome = judge(tmp_path, journey(name="a").replace("{name: a}", "{name: a, labels: {a/b~c: 1}}"))

    assert outcome.failures[0]["location"]["pointer"] == "/metadata/labels/a~1b~0c"


def test_as_of_is_in_utc(tmp_path: Path) -> None:
    report = judge(tmp_path, segment(), as_of="2025-03-01T02:00:00+02:00").report
    assert report is not None

    assert report["asOf"] == AS_OF


def test_not_applicable_are_nodes_selected_but_not_judged(tmp_path: Path) -> None:
    outcome = judge(
        tmp_path,
        segment(),
        segment("native", "source: data"),
        journey("", AUDIENCE, "name: native, role: audience", "name: gone, role: audience"),
        journey("", name="none"),
    )

    assert outcome.tally("OBS002") == (0, 0, 3)
    assert outcome.tally("OBS005") == (0, 1, 2)
    assert outcome.tally("OBS012") == (0, 1, 1)
    assert outcome.tally("REF001") == (2, 1, 0)
    assert outcome.tally("REF002") == (0, 0, 2)


def test_text_names_policies_that_matched_nothing_though_their_kind_was_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": segment(), "b.yaml": journey("", AUDIENCE)})

    _, out, _ = run_in(tmp_path, ["check", "--as-of", AS_OF, "--select", "OBS002,OBS005"])

    lines = [line for line in out.splitlines() if "OBS002" in line]
    assert len(lines) == 1
    assert "OBS005" not in lines[0]


def test_text_is_silent_about_policies_whose_kind_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": segment()})

    status, out, _ = run_in(tmp_path, ["check", "--as-of", AS_OF, "--select", "OBS002"])

    assert status == 0
    assert "OBS002" not in out

"""`-o gitlab`, `-o junit` and `-o markdown` over real manifests: what CI systems read agrees with the JSON report."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests.contract.command_line import AS_OF, AUDIENCE, check, journey, run_in, segment, write
from tests.markdown_page import Page

SCHEMA = json.loads((Path(__file__).parents[1] / "data/gitlab-code-quality.schema.json").read_text(encoding="utf-8"))
PASSING = "name: native, role: audience"


class Reports(NamedTuple):
    """One run's reports, as their readers have them, and its exit code."""

    status: int
    json: dict[str, Any]
    gitlab: list[dict[str, Any]]
    junit: ET.Element
    markdown: Page


def report(folder: Path, *argv: str) -> Reports:
    """Check *folder* once with all reports."""
    files = [f"--output={name}={folder / 'out' / name}" for name in ("json", "gitlab", "junit", "markdown")]
    status, _, err = run_in(folder, ("check", "--as-of", AS_OF, *files, *argv))
    assert not err, err
    texts = {file.name: file.read_text(encoding="utf-8") for file in (folder / "out").iterdir()}
    return Reports(
        status,
        json.loads(texts["json"]),
        json.loads(texts["gitlab"]),
        ET.fromstring(texts["junit"]),
        Page(texts["markdown"]),
    )


def workspace(folder: Path, *, uses: Sequence[str] = (AUDIENCE, "name: vip, role: exclusion")) -> Path:
    """A journey with findings of each severity, one without any, and two segments."""
    return write(
        folder,
        {
            "journeys/spring.yaml": journey("startTime: 2025-03-01T00:20", *uses),
            "journeys/good.yaml": journey("", PASSING, name="good"),
            "segments.yaml": segment() + "---\n" + segment("native", "source: realtime"),
        },
    )


def cases(root: ET.Element, tag: str) -> int:
    return len([case for case in root.iter("testcase") if case.find(tag) is not None])


def test_every_report_tells_the_findings_and_failures_of_the_json_report(tmp_path: Path) -> None:
    write(workspace(tmp_path), {"journeys/bad.yaml": journey("state: lve", AUDIENCE, name="bad")})
    found = report(tmp_path)
    assert found.status == 3
    told = Counter(finding["policy"] for finding in found.json["findings"])
    told.update(failure["code"] for failure in found.json["failures"])
    assert {finding["severity"] for finding in found.json["findings"]} == {"error", "warning", "info"}
    assert Counter(entry["check_name"] for entry in found.gitlab) == told
    lines = "\n".join(
        element.text or "" for element in found.junit.iter() if element.tag in {"failure", "error", "system-out"}
    )
    for entry in (*found.json["findings"], *found.json["failures"]):
        place = f"{entry['location']['path']}:{entry['location']['line']}:{entry['location']['column']}: "
        assert any(line.startswith(place) and entry["message"] in line for line in lines.splitlines())
    rows = [row[0].split("\n")[0].split()[-1] for table in found.markdown.tables for row in table[1:]]
    assert Counter(rows) == told


@pytest.mark.parametrize("fail_on", ["error", "warning", "info", "never"])
def test_the_test_page_and_the_heading_agree_with_the_exit_code(tmp_path: Path, fail_on: str) -> None:
    found = report(workspace(tmp_path, uses=(AUDIENCE,)), "--fail-on", fail_on)
    assert found.status in {0, 1}
    assert (cases(found.junit, "failure") > 0) == (found.status == 1)
    assert cases(found.junit, "error") == 0
    assert found.markdown.headings[0].startswith("❌" if found.status else "✅")


def test_fail_on_decides_which_cases_fail(tmp_path: Path) -> None:
    workspace(tmp_path, uses=(AUDIENCE,))
    failing = [
        cases(report(tmp_path, "--fail-on", level).junit, "failure") for level in ("never", "error", "warning", "info")
    ]
    assert failing == sorted(failing)
    assert failing[0] == 0 < failing[-1]


def test_a_clean_workspace_is_green_everywhere(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": journey("", PASSING), "b.yaml": segment("native", "source: realtime")})
    found = report(tmp_path)
    assert found.status == 0
    assert found.gitlab == []
    assert found.markdown.headings == ["✅ journeylint: passed"]
    assert [case.attrib["name"] for case in found.junit.iter("testcase")] == ["REF001 unknown-segment"]
    assert {child.tag for child in found.junit.iter()} == {"testsuites", "testsuite", "testcase"}


def test_a_run_without_manifests_is_green_nowhere_but_where_there_is_nothing_to_show(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert found.status == 3
    assert found.gitlab == []
    assert cases(found.junit, "error") == 1
    assert found.markdown.headings == ["⚠️ journeylint: no manifest found"]


def test_the_report_for_gitlab_meets_its_schema_and_has_paths_from_the_root_of_the_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    workspace(tmp_path / "crm")
    found = report(tmp_path / "crm")
    jsonschema.Draft202012Validator(SCHEMA).validate(found.gitlab)
    assert {entry["location"]["path"] for entry in found.gitlab} == {"crm/journeys/spring.yaml"}
    assert [entry["location"]["lines"] for entry in found.gitlab] == [
        {"begin": finding["location"]["line"], "end": finding["location"]["endLine"]}
        for finding in found.json["findings"]
    ]


def test_fingerprints_stay_when_lines_and_uses_move(tmp_path: Path) -> None:
    before = report(workspace(tmp_path)).gitlab
    path = tmp_path / "journeys/spring.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "  segments:\n", "  # moved\n\n  segments:\n  - {" + PASSING + "}\n"
    )
    path.write_text(text, encoding="utf-8")
    after = report(tmp_path).gitlab
    assert {entry["fingerprint"] for entry in before} == {entry["fingerprint"] for entry in after}
    assert before != after


def test_two_uses_of_one_segment_have_fingerprints_of_their_own(tmp_path: Path) -> None:
    found = report(workspace(tmp_path, uses=("name: vip, role: exclusion", "name: vip, role: exclusion"))).gitlab
    assert Counter(entry["check_name"] for entry in found)["OBS002"] == 2
    assert len({entry["fingerprint"] for entry in found}) == len(found)


def test_reports_on_some_files_leave_out_the_others_and_say_so(tmp_path: Path) -> None:
    found = report(workspace(tmp_path), "--focus", "journeys/good.yaml")
    assert found.status == 0
    assert found.gitlab == []
    assert [suite.attrib["name"] for suite in found.junit] == ["journeys/good.yaml"]
    assert "in files that this report is not on" in found.markdown.paragraphs[0]


@pytest.mark.parametrize("name", ["gitlab", "junit", "markdown"])
def test_the_bytes_do_not_depend_on_the_number_of_processes(tmp_path: Path, name: str) -> None:
    workspace(tmp_path)
    outputs = {run_in(tmp_path, ("check", "--as-of", AS_OF, "-o", name, "--jobs", jobs))[1] for jobs in ("1", "2")}
    assert len(outputs) == 1


def test_text_of_a_manifest_stays_text(tmp_path: Path) -> None:
    evil = "</failure>]]> | @team #1 https://a.example [[ATTACHMENT|x]] &amp;"
    use = f"name: {json.dumps(evil)}, role: audience"
    write(tmp_path, {"a.yaml": journey("", use)})
    outcome = check(tmp_path)
    found = report(tmp_path)
    messages = [entry["message"] for entry in (*outcome.findings, *outcome.failures)]
    assert any("@team" in message for message in messages)
    assert any("@team" in entry["description"] for entry in found.gitlab)
    assert {"a", "em", "img", "pre"}.isdisjoint(found.markdown.tags)
    assert {len(row) for table in found.markdown.tables for row in table} == {3}

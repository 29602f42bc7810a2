"""The JSON report: its keys and order, its schema, and text that must survive."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeylint.builtins.report_json import JsonReporter
from journeylint.model import Failure, FailureCode, Finding, Report
from tests.golden.samples import (
    BY_COMMENT,
    INVALID,
    OVERSIZED,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
    suppressed_report,
)

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/report.schema.json").read_text(encoding="utf-8"))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def written(report: Report) -> str:
    stream = io.StringIO()
    JsonReporter().write(report, stream, color=True)
    return stream.getvalue()


def check(value: object) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(value)


@pytest.mark.parametrize(
    "report", [full_report(), clean_report(), empty_report(), hostile_report(), suppressed_report()]
)
def test_every_report_meets_the_schema(report: Report) -> None:
    check(json.loads(written(report)))


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("code", FailureCode)
def test_every_failure_code_meets_the_schema(code: FailureCode) -> None:
    check(json.loads(written(full_report()._replace(failures=(INVALID._replace(code=code),)))))


@pytest.mark.parametrize("key", ["schemaVersion", "tool", "asOf", "summary", "findings", "failures", "policies"])
def test_the_schema_refuses_a_report_that_lacks_a_key(key: str) -> None:
    value = json.loads(written(full_report()))
    del value[key]
    with pytest.raises(jsonschema.ValidationError):
        check(value)


@pytest.mark.parametrize(
    "path", ["", "tool", "summary", "findings/0", "findings/0/location", "failures/0", "policies/0"]
)
def test_the_schema_refuses_an_unknown_key(path: str) -> None:
    value = json.loads(written(full_report()))
    target = value
    for step in filter(None, path.split("/")):
        target = target[int(step) if step.isdigit() else step]
    target["unknown"] = 1
    with pytest.raises(jsonschema.ValidationError):
        check(value)


def test_the_keys_come_in_the_documented_order() -> None:
    value = json.loads(written(full_report()))
    assert list(value) == ["schemaVersion", "tool", "asOf", "summary", "findings", "failures", "policies"]
    assert list(value["summary"]) == [
        "files",
        "manifests",
        "skippedDocuments",
        "errors",
        "warnings",
        "infos",
        "failures",
        "suppressed",
    ]
    finding = value["findings"][0]
    assert list(finding) == ["policy", "name", "severity", "message", "manifest", "location", "related"]
    assert list(finding["manifest"]) == ["kind", "name", "environment"]
    assert list(finding["location"]) == ["path", "document", "pointer", "line", "column", "endLine", "endColumn"]
    assert list(value["failures"][0]) == ["code", "name", "message", "manifest", "location"]
    assert list(value["policies"][0]) == ["policy", "matched", "passed", "failed", "notApplicable"]


def test_the_values_are_those_of_the_report() -> None:
    value = json.loads(written(full_report()._replace(findings=(OVERSIZED,))))
    assert value["findings"] == [
        {
            "policy": "OBS004",
            "name": "oversized-outbound-segment",
            "severity": "error",
            "message": OVERSIZED.message,
            "manifest": {"kind": "Journey", "name": "spring-sale", "environment": "default"},
            "location": {
                "path": "journeys/spring-sale.yaml",
                "document": 1,
                "pointer": "/spec/segments/1",
                "line": 14,
                "column": 7,
                "endLine": 15,
                "endColumn": 21,
            },
            "related": [
                {
                    "message": "its size",
                    "location": {
                        "path": "segments/agency.yaml",
                        "document": 1,
                        "pointer": "/spec/memberCount",
                        "line": 9,
                        "column": 16,
                        "endLine": 9,
                        "endColumn": 23,
                    },
                }
            ],
        }
    ]


def test_matched_is_passed_and_failed_together() -> None:
    assert json.loads(written(full_report()))["policies"][0] == {
        "policy": "OBS004",
        "matched": 7,
        "passed": 5,
        "failed": 2,
        "notApplicable": 4,
    }


def test_a_failure_of_unknown_identity_has_a_null_manifest() -> None:
    assert json.loads(written(full_report()))["failures"][0]["manifest"] is None


def test_a_finding_without_further_places_has_an_empty_list_of_them() -> None:
    assert json.loads(written(full_report()))["findings"][0]["related"] == []


def test_each_finding_takes_one_line() -> None:
    lines = [line.strip().removesuffix(",") for line in written(full_report()).split("\n")]
    findings = [json.loads(line) for line in lines if line.startswith('{"policy"') and '"message"' in line]
    assert findings == json.loads(written(full_report()))["findings"]


def test_text_beyond_ascii_is_not_escaped() -> None:
    finding = OVERSIZED._replace(message="Größe: 大きい 🎉")
    assert "Größe: 大きい 🎉" in written(full_report()._replace(findings=(finding,)))


def test_manifests_that_follow_each_other_are_told_apart() -> None:
    others = [OVERSIZED._replace(manifest=OVERSIZED.manifest._replace(name=name)) for name in ("a", "b", "a")]
    value = json.loads(written(full_report()._replace(findings=tuple(others))))
    assert [finding["manifest"]["name"] for finding in value["findings"]] == ["a", "b", "a"]


@settings(deadline=None, max_examples=60)
@given(TEXT, TEXT, TEXT)
def test_any_text_comes_back_from_the_json(message: str, name: str, path: str) -> None:
    manifest = OVERSIZED.manifest._replace(name=name, environment=message, kind=path)
    location = place(path, "/a", (1, 1, 1, 2))
    finding = Finding("A1", name, OVERSIZED.severity, message, manifest, location)
    failure = Failure(FailureCode.PREDICATE_ERROR, message, location, manifest)
    value = json.loads(written(empty_report()._replace(findings=(finding,), failures=(failure,))))
    assert value["findings"][0]["message"] == message
    assert value["findings"][0]["location"]["path"] == path
    assert value["failures"][0]["manifest"] == {"kind": path, "name": name, "environment": message}


def test_no_text_can_be_a_command_in_the_log_of_a_ci_system() -> None:
    message = "##vso[task.setvariable variable=a]b ###[warning]c #"
    finding = OVERSIZED._replace(message=message)
    text = written(clean_report()._replace(findings=(finding,)))
    assert "##" not in text
    assert json.loads(text)["findings"][0]["message"] == message


def test_what_is_suppressed_is_told_apart_with_what_suppresses_it() -> None:
    value = json.loads(written(suppressed_report()))
    assert list(value)[-1] == "suppressed"
    assert [one["policy"] for one in value["findings"]] == ["OBS007"]
    assert "suppression" not in value["findings"][0]
    assert [(one["policy"], one["suppression"]["form"]) for one in value["suppressed"]] == [
        ("OBS012", "configuration"),
        ("OBS004", "comment"),
        ("OBS004", "baseline"),
    ]
    assert value["suppressed"][1]["suppression"] == {
        "form": "comment",
        "reason": "CRM-1042: split in April",
        "owner": "crm-team",
        "until": "2025-03-31",
        "scope": None,
        "location": {
            "path": "journeys/spring-sale.yaml",
            "document": 1,
            "pointer": "",
            "line": 13,
            "column": 7,
            "endLine": 13,
            "endColumn": 60,
        },
    }
    assert value["suppressed"][2]["suppression"]["reason"] is None


@pytest.mark.parametrize("report", [full_report(), clean_report(), empty_report()])
def test_a_run_that_suppresses_nothing_has_exactly_the_keys_of_the_contract(report: Report) -> None:
    assert list(json.loads(written(report))) == [
        "schemaVersion",
        "tool",
        "asOf",
        "summary",
        "findings",
        "failures",
        "policies",
    ]


@pytest.mark.parametrize("key", ["form", "reason", "owner", "until", "scope", "location"])
def test_the_schema_refuses_a_suppression_that_lacks_a_key(key: str) -> None:
    value = json.loads(written(suppressed_report()))
    del value["suppressed"][0]["suppression"][key]
    with pytest.raises(jsonschema.ValidationError):
        check(value)


def test_the_schema_refuses_a_suppressed_finding_that_nothing_suppresses() -> None:
    value = json.loads(written(suppressed_report()))
    del value["suppressed"][0]["suppression"]
    with pytest.raises(jsonschema.ValidationError):
        check(value)


@given(TEXT)
@settings(max_examples=50)
def test_any_reason_and_owner_survive(text: str) -> None:
    finding = OVERSIZED._replace(suppression=BY_COMMENT._replace(reason=text, owner=text))
    value = json.loads(written(suppressed_report()._replace(suppressed=(finding,))))
    assert value["suppressed"][0]["suppression"]["reason"] == (text or None)
    assert value["suppressed"][0]["suppression"]["owner"] == (text or None)
    check(value)

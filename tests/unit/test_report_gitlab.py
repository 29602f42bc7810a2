"""The Code Quality report of GitLab: its entries, its fingerprints, the paths of its files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from journeylint.builtins.report_gitlab import GitlabReporter
from journeylint.model import Detail, Failure, Finding, Report, Repository, Severity
from journeylint.one_line import put_on_one_line
from journeylint.ports import Want
from tests.golden.samples import (
    INSIGHTS,
    INVALID,
    OVERSIZED,
    OVERSIZED_AGAIN,
    SHORT_LEAD,
    UNREADABLE,
    clean_report,
    empty_report,
    full_report,
    hostile_report,
    place,
)

SCHEMA = json.loads((Path(__file__).parents[1] / "data/gitlab-code-quality.schema.json").read_text(encoding="utf-8"))


def written(report: Report) -> str:
    stream = io.StringIO()
    GitlabReporter().write(report, stream, color=True)
    return stream.getvalue()


def entries(*findings: Finding, failures: tuple[Failure, ...] = (), prefix: str | None = None) -> list[dict[str, Any]]:
    repository = None if prefix is None else Repository(prefix)
    report = full_report()._replace(findings=findings, failures=failures, repository=repository)
    value: list[dict[str, Any]] = json.loads(written(report))
    return value


def fingerprints(*findings: Finding, failures: tuple[Failure, ...] = ()) -> list[str]:
    return [entry["fingerprint"] for entry in entries(*findings, failures=failures)]


def stable(pointer: str) -> Finding:
    return OVERSIZED._replace(detail=Detail(stable_pointer=pointer))


@pytest.mark.parametrize("report", [full_report(), clean_report(), empty_report(), hostile_report()])
def test_every_report_meets_the_schema(report: Report) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(written(report)))


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("key", ["description", "check_name", "fingerprint", "severity", "location"])
def test_the_schema_refuses_an_entry_that_lacks_a_key(key: str) -> None:
    value = entries(OVERSIZED)
    del value[0][key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(value)


@pytest.mark.parametrize("report", [clean_report(), empty_report()])
def test_a_run_without_findings_is_an_empty_array(report: Report) -> None:
    assert written(report) == "[]\n"


def test_an_entry_has_what_gitlab_reads() -> None:
    assert entries(OVERSIZED) == [
        {
            "description": f"OBS004 oversized-outbound-segment: {OVERSIZED.message}",
            "check_name": "OBS004",
            "severity": "critical",
            "fingerprint": entries(OVERSIZED)[0]["fingerprint"],
            "location": {"path": "journeys/spring-sale.yaml", "lines": {"begin": 14, "end": 15}},
        }
    ]


def test_failures_come_first_and_have_their_code() -> None:
    first, *_ = entries(OVERSIZED, failures=(INVALID,))
    assert first["check_name"] == "JL002"
    assert first["description"] == f"JL002 invalid-manifest: {INVALID.message}"
    assert first["location"] == {"path": "journeys/typo.yaml", "lines": {"begin": 6, "end": 6}}


def test_severities_are_told_apart_and_a_failure_is_the_worst() -> None:
    found = entries(OVERSIZED, SHORT_LEAD, INSIGHTS, failures=(UNREADABLE,))
    assert [entry["severity"] for entry in found] == ["blocker", "critical", "major", "info"]
    assert [finding.severity for finding in (OVERSIZED, SHORT_LEAD, INSIGHTS)] == [*Severity]


def test_a_message_of_several_lines_becomes_one() -> None:
    (entry,) = entries(OVERSIZED._replace(message="one\n  two\r\n\r\nthree "))
    assert entry["description"].endswith(": one two three")


def test_what_would_reorder_a_page_is_made_visible() -> None:
    (entry,) = entries(OVERSIZED._replace(message="a\u202eb\x1b"))
    assert entry["description"].endswith(": a<U+202E>b␛")


def test_no_line_of_it_is_a_command_in_a_log() -> None:
    evil = OVERSIZED._replace(message="##[error]a", location=place("##vso[task.x].yaml", "", (1, 1, 1, 1)))
    text = written(full_report()._replace(findings=(evil,), failures=()))
    assert "##" not in text
    assert json.loads(text)[0]["location"]["path"] == "##vso[task.x].yaml"


def test_each_entry_takes_one_line_and_more_than_a_batch_is_one_array() -> None:
    text = written(full_report()._replace(findings=(OVERSIZED,) * 2001, failures=()))
    assert len(json.loads(text)) == 2001
    assert text.count("\n") == 2003


def test_two_runs_give_the_same_bytes() -> None:
    assert written(full_report()) == written(full_report())


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        (None, "journeys/a.yaml", "journeys/a.yaml"),
        ("", "journeys/a.yaml", "journeys/a.yaml"),
        ("crm/prod/", "a.yaml", "crm/prod/a.yaml"),
        ("", "./a.yaml", "a.yaml"),
        ("crm/", "../shared/a.yaml", "shared/a.yaml"),
        ("crm/", "x//./a.yaml", "crm/x/a.yaml"),
        ("", "../outside.yaml", "../outside.yaml"),
        ("", "Größe 大/a&b.yaml", "Größe 大/a&b.yaml"),
        ("", "half\udc80.yaml", "half<U+DC80>.yaml"),
    ],
)
def test_a_path_is_relative_to_the_root_of_the_repository(prefix: str | None, path: str, expected: str) -> None:
    moved = OVERSIZED._replace(location=OVERSIZED.location._replace(path=path))
    (entry,) = entries(moved, prefix=prefix)
    assert entry["location"]["path"] == expected


def test_the_reporter_asks_for_what_it_uses() -> None:
    assert GitlabReporter.wants == {Want.STABLE_POINTERS, Want.REPOSITORY}


def test_a_fingerprint_stays_when_lines_items_and_files_move() -> None:
    before = stable('/spec/segments/[name="vip"]')
    after = before._replace(
        location=place("elsewhere/b.yaml", "/spec/segments/7", (90, 1, 91, 1), document=3),
        message="The same, in other words.",
    )
    assert fingerprints(before) == fingerprints(after)


@pytest.mark.parametrize(
    "other",
    [
        stable("/spec/segments/[b]"),
        stable("/spec/segments/[a]")._replace(policy="OBS005"),
        stable("/spec/segments/[a]")._replace(manifest=OVERSIZED_AGAIN.manifest),
        stable("/spec/segments/[a]")._replace(manifest=OVERSIZED.manifest._replace(kind="Email")),
        stable("/spec/segments/[a]")._replace(manifest=OVERSIZED.manifest._replace(environment="uat")),
    ],
)
def test_another_finding_has_another_fingerprint(other: Finding) -> None:
    assert fingerprints(stable("/spec/segments/[a]")) != fingerprints(other)


@pytest.mark.parametrize("detail", [None, Detail()])
def test_without_a_stable_pointer_the_plain_one_tells_places_apart(detail: Detail | None) -> None:
    one = OVERSIZED._replace(detail=detail)
    two = one._replace(location=one.location._replace(pointer="/spec/segments/2"))
    assert fingerprints(one) != fingerprints(two)


def test_repeats_get_fingerprints_of_their_own_and_the_first_keeps_its() -> None:
    one, two, three = fingerprints(*[stable("/a")] * 3)
    assert len({one, two, three}) == 3
    assert fingerprints(stable("/a")) == [one]


def test_a_fingerprint_of_a_failure_stays_when_lines_move() -> None:
    moved = INVALID._replace(location=place(INVALID.location.path, INVALID.location.pointer, (60, 3, 60, 12)))
    assert fingerprints(failures=(INVALID,)) == fingerprints(failures=(moved,))


@pytest.mark.parametrize(
    "other",
    [
        INVALID._replace(code=UNREADABLE.code),
        INVALID._replace(manifest=None),
        INVALID._replace(location=INVALID.location._replace(pointer="/spec")),
    ],
)
def test_another_failure_has_another_fingerprint(other: Failure) -> None:
    assert fingerprints(failures=(INVALID,)) != fingerprints(failures=(other,))


def test_a_fingerprint_of_a_failure_stays_when_the_file_of_a_known_manifest_moves() -> None:
    moved = INVALID._replace(location=INVALID.location._replace(path="b.yaml"))
    assert fingerprints(failures=(INVALID,)) == fingerprints(failures=(moved,))


def test_of_an_unknown_manifest_the_file_counts() -> None:
    unknown = INVALID._replace(manifest=None)
    elsewhere = unknown._replace(location=INVALID.location._replace(path="b.yaml"))
    assert fingerprints(failures=(unknown,)) != fingerprints(failures=(elsewhere,))


def test_failures_that_are_alike_have_fingerprints_of_their_own() -> None:
    assert len(set(fingerprints(failures=(INVALID, INVALID)))) == 2


def test_a_message_of_blanks_takes_no_longer_than_others() -> None:
    assert put_on_one_line("x" + " " * 200_000 + "x \n\t y\r\n") == "x" + " " * 200_000 + "x y"

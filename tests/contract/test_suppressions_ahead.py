"""What a run that looks ahead says of findings that are suppressed now, or will be when they come."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from journeylint.check_request import CheckRequest
from journeylint.model import JsonObject, Report
from journeylint.pipeline import check
from tests.judging import host_over, make_policy, write_pack

JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {{name: spring{listed}}}
spec: {{frequency: ongoing}}
"""
LATER = {"require": "now < timestamp('2025-03-05T00:00:00Z')"}


def look_ahead(
    tmp_path: Path, *policies: JsonObject, within: timedelta, listed: str = "", config: str = "", jobs: int = 1
) -> Report:
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    (folder / "journeylint.yaml").write_text(config or "fail-on: error\n")
    (folder / "spring.yaml").write_text(JOURNEY.format(listed=f", suppressions: [{listed}]" if listed else ""))
    (folder / "other.yaml").write_text(JOURNEY.format(listed="").replace("spring", "other"))
    host = host_over(write_pack(tmp_path / "packs", *policies))
    request = CheckRequest((), folder, as_of="2025-03-01T12:00:00Z", jobs=jobs, within=within)
    return check(request, host)


def begins(report: Report, name: str = "spring") -> list[str]:
    assert report.outlook is not None
    return [
        one.fails_from.first.isoformat()
        for one in report.outlook.findings
        if one.manifest.name == name and one.fails_from is not None
    ]


SOON = "{policy: TST001, until: 2025-03-03, reason: soon}"


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (timedelta(days=2, hours=12), ["2025-03-04T00:00:00+00:00"]),
        (timedelta(days=2, hours=12) - timedelta(microseconds=1), []),
    ],
)
def test_a_finding_comes_back_on_the_day_after_its_suppression(
    tmp_path: Path, within: timedelta, expected: list[str]
) -> None:
    report = look_ahead(tmp_path, make_policy(1), within=within, listed=SOON)
    assert [one.manifest.name for one in report.findings] == ["other"]
    assert begins(report) == expected


def test_it_does_not_come_back_where_another_suppression_goes_on(tmp_path: Path) -> None:
    config = "suppressions:\n  - {policy: TST001, files: spring.yaml, reason: longer}\n"
    report = look_ahead(tmp_path, make_policy(1), within=timedelta(days=9), listed=SOON, config=config)
    assert report.summary.suppressed == 1
    assert begins(report) == []


def test_it_does_not_come_back_where_it_is_mended_by_time_before(tmp_path: Path) -> None:
    policy = make_policy(1, require="now >= timestamp('2025-03-03T23:59:59Z')")
    report = look_ahead(tmp_path, policy, within=timedelta(days=9), listed=SOON)
    assert report.summary.suppressed == 1
    assert begins(report) == []
    policy = make_policy(1, require="now >= timestamp('2025-03-04T00:00:01Z')")
    report = look_ahead(tmp_path, policy, within=timedelta(days=9), listed=SOON)
    assert begins(report) == ["2025-03-04T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2025-03-04", ["2025-03-05T00:00:00+00:00"]), ("2025-03-05", ["2025-03-06T00:00:00+00:00"]), ("2026-01-01", [])],
)
def test_a_finding_to_come_is_told_unless_it_will_be_suppressed_that_day(
    tmp_path: Path, until: str, expected: list[str]
) -> None:
    listed = f"{{policy: TST001, until: {until}, reason: soon}}"
    report = look_ahead(tmp_path, make_policy(1, **LATER), within=timedelta(days=5), listed=listed)
    assert begins(report) == expected
    assert begins(report, "other") == ["2025-03-05T00:00:00+00:00"]


def test_what_is_to_come_does_not_hang_on_the_number_of_processes(tmp_path: Path) -> None:
    policies = make_policy(1), make_policy(2, **LATER)
    one, two = (look_ahead(tmp_path, *policies, within=timedelta(days=9), listed=SOON, jobs=jobs) for jobs in (1, 2))
    assert begins(one) == ["2025-03-04T00:00:00+00:00", "2025-03-05T00:00:00+00:00"]
    assert one == two


def test_of_two_suppressions_the_later_end_counts(tmp_path: Path) -> None:
    ends = ("2025-03-03", "2025-03-06", "2025-03-05")
    listed = ", ".join(f"{{policy: TST001, until: {end}, reason: until {end}}}" for end in ends)
    report = look_ahead(tmp_path, make_policy(1), within=timedelta(days=9), listed=listed)
    assert begins(report) == ["2025-03-07T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2025-03-05", ["2025-03-06T00:00:00+00:00"]),
        ("2025-03-09", ["2025-03-10T00:00:00+00:00"]),
        ("2025-03-10", []),
        ("9999-12-31", []),
    ],
)
def test_what_comes_while_it_is_suppressed_is_told_for_the_day_after(
    tmp_path: Path, until: str, expected: list[str]
) -> None:
    listed = f"{{policy: TST001, until: {until}, reason: soon}}"
    report = look_ahead(tmp_path, make_policy(1, **LATER), within=timedelta(days=9), listed=listed)
    assert begins(report) == expected


def test_what_is_over_again_when_the_suppression_ends_does_not_come(tmp_path: Path) -> None:
    policy = make_policy(
        1, require="now < timestamp('2025-03-05T00:00:00Z') || now >= timestamp('2025-03-07T00:00:00Z')"
    )
    listed = "{policy: TST001, until: 2025-03-06, reason: soon}"
    assert begins(look_ahead(tmp_path, policy, within=timedelta(days=9), listed=listed)) == []
    listed = "{policy: TST001, until: 2025-03-05, reason: soon}"
    report = look_ahead(tmp_path, policy, within=timedelta(days=9), listed=listed)
    assert begins(report) == ["2025-03-06T00:00:00+00:00"]

"""What reports make of suppressed findings: most show nothing of them, SARIF logs show them where that is asked for."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from journeylint.builtins.report_entries import entries
from journeylint.builtins.report_sarif import SarifReporter
from journeylint.builtins.sarif.limits import MOST_RESULTS
from journeylint.model import Report, SuppressionForm
from tests.golden.samples import BY_BASELINE, BY_COMMENT, full_report, suppressed_report, suppression
from tests.sarif_reports import many_findings, with_details

ENTRIES = {entry.format: entry for entry in entries()}
QUIET = ("github", "gitlab", "azure")


def written(report: Report, form: str) -> str:
    stream = io.StringIO()
    ENTRIES[form].create().write(report, stream, color=False)
    return stream.getvalue()


def run_of(report: Report, *, shows_suppressed: bool = True) -> dict[str, Any]:
    stream = io.StringIO()
    SarifReporter(shows_suppressed=shows_suppressed).write(report, stream, color=False)
    run: dict[str, Any] = json.loads(stream.getvalue())["runs"][0]
    return run


@pytest.mark.parametrize("form", QUIET)
def test_commands_and_issues_show_nothing_of_what_is_suppressed(form: str) -> None:
    report = suppressed_report()
    assert written(report, form) == written(report._replace(suppressed=(), suppressions=()), form)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_summary_of_a_report_for_people_names_what_is_suppressed(form: str) -> None:
    assert "3 suppressed" in written(suppressed_report(), form)
    assert "journeylint suppressions" in written(suppressed_report(), form)


def test_a_page_of_a_run_in_which_all_is_suppressed_says_that_it_passed() -> None:
    report = suppressed_report()._replace(findings=())
    assert written(report, "markdown").startswith("## ✅ journeylint: passed\n")


def test_a_reporter_is_called_as_its_entry_says() -> None:
    assert [entry.create().format for entry in entries()] == [entry.format for entry in entries()]


# -- SARIF


def test_the_usual_log_has_no_suppressions() -> None:
    results = run_of(with_details(suppressed_report()), shows_suppressed=False)["results"]
    assert [one["ruleId"] for one in results] == ["OBS007"]
    assert "suppressions" not in results[0]


def test_each_result_of_a_log_that_shows_them_has_its_suppressions() -> None:
    results = run_of(with_details(suppressed_report()))["results"]
    assert [one["suppressions"] for one in results] == [
        [],
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "CRM-1042: split in April",
                "location": {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "journeylint.yaml", "uriBaseId": "SRCROOT"},
                        "region": {"startLine": 4, "startColumn": 5, "endLine": 7, "endColumn": 30},
                    }
                },
                "properties": {"form": "configuration"},
            }
        ],
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "CRM-1042: split in April",
                "location": {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "journeys/spring-sale.yaml", "uriBaseId": "SRCROOT"},
                        "region": {"startLine": 13, "startColumn": 7, "endLine": 13, "endColumn": 60},
                    }
                },
                "properties": {"form": "comment", "owner": "crm-team", "until": "2025-03-31"},
            }
        ],
        [
            {
                "kind": "external",
                "status": "accepted",
                "location": {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "journeylint-baseline/weekly-deals.yaml", "uriBaseId": "SRCROOT"},
                        "region": {"startLine": 3, "startColumn": 5, "endLine": 6, "endColumn": 20},
                    }
                },
                "properties": {"form": "baseline"},
            }
        ],
    ]


def test_failures_have_an_empty_list() -> None:
    report = with_details(full_report())
    assert [one["suppressions"] for one in run_of(report)["results"]] == [[]] * 6


def test_with_a_baseline_every_result_says_whether_it_is_new() -> None:
    report = with_details(suppressed_report())
    shown = run_of(report)["results"]
    assert [one["baselineState"] for one in shown] == ["new", "new", "new", "unchanged"]
    assert [one["baselineState"] for one in run_of(report, shows_suppressed=False)["results"]] == ["new"]
    failed = report._replace(failures=with_details(full_report()).failures)
    assert [one["baselineState"] for one in run_of(failed)["results"]] == ["new", "new", *["new"] * 3, "unchanged"]


@pytest.mark.parametrize("shows_suppressed", [False, True])
def test_without_a_baseline_no_result_says_whether_it_is_new(shows_suppressed: bool) -> None:
    report = with_details(suppressed_report())
    report = report._replace(suppressed=report.suppressed[:2])
    results = run_of(report, shows_suppressed=shows_suppressed)["results"]
    assert not any("baselineState" in one for one in results)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        (SuppressionForm.COMMENT, "inSource"),
        (SuppressionForm.METADATA, "inSource"),
        (SuppressionForm.CONFIGURATION, "external"),
        (SuppressionForm.BASELINE, "external"),
    ],
)
def test_what_stands_in_the_manifest_s_file_is_in_source(form: SuppressionForm, kind: str) -> None:
    finding = with_details(suppressed_report()).suppressed[1]._replace(suppression=suppression(form))
    run = run_of(with_details(suppressed_report())._replace(suppressed=(finding,)))
    assert run["results"][-1]["suppressions"][0]["kind"] == kind


def test_a_very_long_reason_is_cut() -> None:
    finding = with_details(suppressed_report()).suppressed[1]
    finding = finding._replace(suppression=BY_COMMENT._replace(reason="x" * 30_000, owner="y" * 30_000))
    (told,) = run_of(with_details(suppressed_report())._replace(suppressed=(finding,)))["results"][-1]["suppressions"]
    assert len(told["justification"]) == len(told["properties"]["owner"]) == 20_000


def test_the_rule_of_a_suppressed_finding_is_there_though_its_policy_has_no_page() -> None:
    report = suppressed_report()._replace(pages={}, policies=())
    run = run_of(report)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[one["ruleIndex"]] for one in run["results"]] == [one["ruleId"] for one in run["results"]]


def many_suppressed(findings: int, suppressed: int) -> Report:
    report = many_findings(findings + suppressed)
    return report._replace(
        findings=report.findings[:findings],
        suppressed=tuple(one._replace(suppression=BY_BASELINE) for one in report.findings[findings:]),
    )


def test_where_not_all_results_fit_suppressed_ones_give_way_first() -> None:
    run = run_of(many_suppressed(MOST_RESULTS - 1, 3))
    assert [len(one["suppressions"]) for one in run["results"][-2:]] == [0, 1]
    assert len(run["results"]) == MOST_RESULTS
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith(
        "2 of 25,002 results left out, the least severe ones (2 suppressed findings): "
    )


def test_suppressed_findings_take_no_room_in_the_usual_log() -> None:
    run = run_of(many_suppressed(MOST_RESULTS, 3), shows_suppressed=False)
    assert len(run["results"]) == MOST_RESULTS
    assert run["invocations"][0]["toolExecutionNotifications"] == []

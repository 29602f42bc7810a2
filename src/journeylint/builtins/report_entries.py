"""The built-in report formats on offer; a reporter's module is imported only when its format is asked for."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from journeylint.ports import Reporter, ReporterEntry


def entries() -> tuple[ReporterEntry, ...]:
    """The built-in formats, the default first."""
    return (
        _log("text", "for people: each finding with its lines, the evidence and the way out"),
        _document("json", "for programs and records: schemas/report.schema.json describes it"),
        _document("sarif", "SARIF 2.1.0: code scanning of GitHub, Azure DevOps, editors"),
        ReporterEntry(
            "sarif-suppressed",
            "the same with suppressed findings, each with what suppresses it: records, viewers that heed that",
            _create_full_sarif,
        ),
        _log("github", "annotations of GitHub Actions (workflow commands)"),
        _document("gitlab", "Code Quality of GitLab"),
        _document("junit", "JUnit XML: the test pages of CI systems"),
        _document("markdown", "for comments on pull requests and the summary of a GitHub Actions step"),
        _log("azure", "issues of Azure Pipelines (logging commands)"),
    )


def _log(name: str, summary: str) -> ReporterEntry:
    return ReporterEntry(name, summary, partial(_create, name), is_log=True)


def _document(name: str, summary: str) -> ReporterEntry:
    return ReporterEntry(name, summary, partial(_create, name))


def _create(name: str) -> Reporter:
    """The reporter in the module that is named after its format: `JsonReporter` in `report_json`."""
    module = import_module(f"journeylint.builtins.report_{name}")
    reporter: Reporter = getattr(module, f"{name.capitalize()}Reporter")()
    return reporter


def _create_full_sarif() -> Reporter:
    from journeylint.builtins.report_sarif import SarifReporter  # noqa: PLC0415 - only where it is asked for

    return SarifReporter(shows_suppressed=True)

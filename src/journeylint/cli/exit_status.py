"""The exit codes, which `docs/exit-codes.md` explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeylint.model import Report

CLEAN = 0
FINDINGS = 1
NOT_RUN = 2
NOT_JUDGED = 3
BUG = 4
INTERRUPTED = 130


def exit_status(report: Report, *, allow_empty: bool, exit_zero: bool, fails_anyway: bool = False) -> int:
    """The exit code that *report* stands for.

    3 where something could not be judged or no manifest was found (unless *allow_empty*), which wins over 1, where
    findings, those to come among them if the run looked ahead, are at or above the run's `fail-on`, or it *fails_anyway*
    (unless *exit_zero*).
    """
    if report.failures or not (report.summary.manifests or allow_empty):
        return NOT_JUDGED
    upcoming = () if report.outlook is None else report.outlook.findings
    if not exit_zero and (fails_anyway or any(finding.counts for finding in (*report.findings, *upcoming))):
        return FINDINGS
    return CLEAN

"""The report `-o acme-csv`: a row for each finding and failure."""

from __future__ import annotations

import csv
from typing import TextIO

from journeylint.model import Identity, Location, Report
from journeylint.ports import Want

COLUMNS = ("severity", "policy", "name", "kind", "manifest", "path", "line", "message")


class CsvReport:
    """Writes a table for spreadsheets."""

    format = "acme-csv"
    wants: frozenset[Want] = frozenset()

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write the header and a row for each failure and each finding."""
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(COLUMNS)
        for failure in report.failures:
            what = ("failure", failure.code.value, failure.code.label)
            rows.writerow(_row(what, failure.manifest, failure.location, failure.message))
        for finding in report.findings:
            what = (finding.severity.value, finding.policy, finding.name)
            rows.writerow(_row(what, finding.manifest, finding.location, finding.message))


def _row(
    what: tuple[str, str, str], manifest: Identity | None, location: Location, message: str
) -> tuple[str | int, ...]:
    kind, name = ("", "") if manifest is None else (manifest.kind, manifest.name)
    texts = [_inert(text) for text in (*what, kind, name, location.path)]
    return (*texts, location.span.line, _inert(message))


def _inert(text: str) -> str:
    """*text*, which a spreadsheet would take for a formula where it begins like one."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

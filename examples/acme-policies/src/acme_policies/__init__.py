"""What Acme adds to journeylint in Python: a function for predicates and a report format. Its pack stands beside this."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from journeylint import hookimpl
from journeylint.model import Report
from journeylint.ports import CelFunction, ReporterEntry, Want

HOLIDAYS = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
"""Month and day of the days on which nobody at Acme works."""


@hookimpl
def journeylint_functions() -> Iterable[CelFunction]:
    """`acmeIsWorkday(localTime(start, zone))`."""
    return [CelFunction("acmeIsWorkday", ("timestamp",), "bool", is_workday, "whether people work at Acme that day")]


@hookimpl
def journeylint_reporters() -> Iterable[ReporterEntry]:
    """`journeylint check -o acme-csv`."""
    return [ReporterEntry("acme-csv", "a row a finding, for Acme's spreadsheet", CsvReporter)]


def is_workday(moment: datetime) -> bool:
    """Whether the day of *moment*, as it stands, is one from Monday to Friday and no holiday."""
    return moment.weekday() < 5 and (moment.month, moment.day) not in HOLIDAYS


class CsvReporter:
    """Writes a row for each finding and failure."""

    format = "acme-csv"
    wants: frozenset[Want] = frozenset()

    def write(self, report: Report, stream: TextIO, *, color: bool) -> None:
        """Write the whole report."""
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["what", "severity", "file", "line", "message"])
        for finding in report.findings:
            place = finding.location
            rows.writerow([finding.policy, finding.severity.value, place.path, place.span.line, finding.message])
        for failure in report.failures:
            place = failure.location
            rows.writerow([failure.code.value, "error", place.path, place.span.line, failure.message])

"""What Acme asks of its journeys: a pack of policies, a function for predicates, and a report for spreadsheets.

The pack is the folder `acme` beside this file; a package that has packs in its folder need not say so.
"""

from __future__ import annotations

from collections.abc import Iterable

from acme_policies.working_days import working_days
from journeylint import hookimpl
from journeylint.ports import CelFunction, Reporter, ReporterEntry


@hookimpl
def journeylint_functions() -> Iterable[CelFunction]:
    """`workingDays(from, to)`."""
    summary = "how many Mondays to Fridays lie wholly between two instants, in UTC"
    return [CelFunction("workingDays", ("timestamp", "timestamp"), "int", working_days, summary)]


@hookimpl
def journeylint_reporters() -> Iterable[ReporterEntry]:
    """`-o acme-csv`."""
    return [ReporterEntry("acme-csv", "findings and failures as a table for spreadsheets", _create_csv_report)]


def _create_csv_report() -> Reporter:
    from acme_policies.csv_report import CsvReport  # noqa: PLC0415 - most runs ask for other reports

    return CsvReport()

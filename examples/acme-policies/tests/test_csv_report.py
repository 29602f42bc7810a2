"""`-o acme-csv` is a table that a spreadsheet shows and does not obey."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from acme_policies.csv_report import COLUMNS, CsvReport
from journeylint.check_request import CheckRequest
from journeylint.model import Report
from journeylint.pipeline import check
from journeylint.testing import build_host

JOURNEY = """\
apiVersion: journeylint/v1
kind: Journey
metadata: {name: spring-sale, labels: {team: crm}}
spec:
  frequency: ongoing
  segments:
    - {name: do-not-contact, role: suppression}
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """The report on a journey whose segment is not there, and on a file that cannot be read."""
    (tmp_path / "=cmd.yaml").write_text(JOURNEY, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("kind: Journey\n  broken: [\n", encoding="utf-8")
    return check(CheckRequest((), tmp_path, as_of="2025-03-01"), build_host())


def rows_of(report: Report) -> list[list[str]]:
    stream = io.StringIO()
    CsvReport().write(report, stream, color=False)
    return list(csv.reader(stream.getvalue().splitlines()))


def test_there_is_a_row_for_each_failure_and_each_finding(report: Report) -> None:
    header, *rows = rows_of(report)
    assert header == list(COLUMNS)
    assert [row[:2] for row in rows] == [["failure", "JL001"], ["error", "REF001"]]
    assert rows[1][2:5] == ["unknown-segment", "Journey", "spring-sale"]
    assert rows[1][6] == "7"


def test_what_begins_like_a_formula_is_made_inert(report: Report) -> None:
    assert rows_of(report)[2][5] == "'=cmd.yaml"

"""Whole SARIF logs. `python -m tests.golden.test_golden_sarif` writes them anew: then read the diff."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from journeylint.builtins.report_sarif import SarifReporter
from journeylint.model import Report
from tests.golden import samples
from tests.sarif_reports import REPOSITORY, with_details

FOLDER = Path(__file__).parent
CASES: dict[str, Callable[[], Report]] = {
    "full.sarif": lambda: with_details(samples.full_report())._replace(repository=REPOSITORY),
    "empty.sarif": lambda: samples.empty_report(files=2, skipped=3),
    "suppressed.sarif": lambda: with_details(samples.suppressed_report())._replace(repository=REPOSITORY),
    "suppressed-shown.sarif": lambda: with_details(samples.suppressed_report())._replace(repository=REPOSITORY),
}
SHOWN = {"suppressed-shown.sarif"}
"""Of these, what is suppressed is in the log."""


def render(name: str) -> str:
    stream = io.StringIO()
    SarifReporter(shows_suppressed=name in SHOWN).write(CASES[name](), stream, color=True)
    return stream.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_a_log_reads_as_it_did(name: str) -> None:
    assert render(name) == (FOLDER / name).read_bytes().decode()


def test_every_golden_log_is_compared() -> None:
    assert {file.name for file in FOLDER.glob("*.sarif")} == set(CASES)


if __name__ == "__main__":
    for case in CASES:
        (FOLDER / case).write_bytes(render(case).encode())

"""Whole lists of suppressions. `python -m tests.golden.test_golden_suppressions` writes them anew: then read the diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from journeylint.cli.suppression_calendar import write_calendar
from journeylint.cli.suppression_json import write_suppressions_json
from journeylint.cli.suppression_list import list_suppressions
from journeylint.cli.suppression_text import suppression_lines
from journeylint.terminal import painter
from tests.golden import samples

if TYPE_CHECKING:
    from journeylint.model import Report

FOLDER = Path(__file__).parent / "suppressions"


def in_text(report: Report, *, color: bool = False) -> str:
    return "\n".join(suppression_lines(list_suppressions(report), report, painter(color=color))) + "\n"


CASES: dict[str, Callable[[], str]] = {
    "all.txt": lambda: in_text(samples.listed_report()),
    "all.ansi": lambda: in_text(samples.listed_report(), color=True),
    "all.json": lambda: write_suppressions_json(list_suppressions(samples.listed_report()), samples.listed_report()),
    "all.ics": lambda: write_calendar(list_suppressions(samples.listed_report()), samples.listed_report()),
    "none.txt": lambda: in_text(samples.full_report()),
    "none.json": lambda: write_suppressions_json([], samples.full_report()),
    "none.ics": lambda: write_calendar([], samples.full_report()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_list_reads_as_it_did(name: str) -> None:
    assert CASES[name]() == (FOLDER / name).read_bytes().decode()


def test_every_golden_list_is_compared() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(CASES)


if __name__ == "__main__":
    for case, render in CASES.items():
        (FOLDER / case).write_bytes(render().encode())

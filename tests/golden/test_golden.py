"""The whole output of the reporters. `python -m tests.golden.test_golden` writes it anew: then read the diff."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from journeylint.builtins.report_entries import entries
from tests.golden import samples

if TYPE_CHECKING:
    from journeylint.model import Report

FOLDER = Path(__file__).parent
ENTRIES = {entry.format: entry for entry in entries()}
CASES: dict[str, tuple[str, bool, Callable[[], Report]]] = {
    "full.txt": ("text", False, samples.full_report),
    "full.ansi": ("text", True, samples.full_report),
    "full.json": ("json", False, samples.full_report),
    "clean.txt": ("text", False, samples.clean_report),
    "clean.ansi": ("text", True, samples.clean_report),
    "clean.json": ("json", False, samples.clean_report),
    "suppressed.txt": ("text", False, samples.suppressed_report),
    "suppressed.ansi": ("text", True, samples.suppressed_report),
    "suppressed.json": ("json", False, samples.suppressed_report),
    "empty.txt": ("text", False, samples.empty_report),
    "empty.ansi": ("text", True, samples.empty_report),
    "hostile.txt": ("text", False, samples.hostile_report),
    "hostile.json": ("json", False, samples.hostile_report),
}


def render(name: str) -> str:
    """What the case *name* gives now."""
    report_format, color, make_report = CASES[name]
    stream = io.StringIO()
    ENTRIES[report_format].create().write(make_report(), stream, color=color)
    return stream.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_a_report_reads_as_it_did(name: str) -> None:
    assert render(name) == (FOLDER / name).read_bytes().decode()


def test_every_golden_file_is_compared() -> None:
    assert {file.name for file in FOLDER.iterdir() if file.suffix in (".txt", ".ansi", ".json")} == set(CASES)


if __name__ == "__main__":
    for case in CASES:
        (FOLDER / case).write_bytes(render(case).encode())

"""The progress of a pull: shown on terminals alone, and never more than is known."""

from __future__ import annotations

import io

import pytest

from journeylint.cli.pull_progress import PullProgress, describe_progress


@pytest.fixture(autouse=True)
def terminal_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("rows", "total", "line"),
    [
        (0, None, "journeys: 0 rows"),
        (5_200, None, "journeys: 5,200 rows"),
        (0, 4, f"journeys: [{'-' * 24}] 0 of 4 rows"),
        (1, 4, f"journeys: [{'#' * 6}{'-' * 18}] 1 of 4 rows"),
        (4, 4, f"journeys: [{'#' * 24}] 4 of 4 rows"),
        (5, 4, f"journeys: [{'#' * 24}] 5 of 4 rows"),
        (0, 0, f"journeys: [{'#' * 24}] 0 of 0 rows"),
    ],
)
def test_a_bar_is_there_only_where_the_total_is_known(rows: int, total: int | None, line: str) -> None:
    assert describe_progress("journeys", rows, total) == line


def test_what_is_told_stands_above_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    progress = PullProgress(terminal, width=80)
    progress.show("journeys", 2, None)
    progress.tell("waiting\x1b[2J")
    progress.end()
    assert terminal.getvalue() == "\r\x1b[Kjourneys: 2 rows\r\x1b[K\r\x1b[Kjourneys: 2 rows\r\x1b[K"
    assert capsys.readouterr().err == "note: waiting␛[2J\n"


def test_a_line_is_no_longer_than_the_terminal_is_wide() -> None:
    terminal = Terminal()
    PullProgress(terminal, width=10).show("journeys", 2, None)
    assert terminal.getvalue() == "\r\x1b[Kjourneys:"


def test_nothing_is_drawn_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    PullProgress(terminal, width=80).show("journeys", 2, None)
    assert terminal.getvalue() == ""


def test_nothing_is_drawn_where_nobody_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    log = io.StringIO()
    progress = PullProgress(log)
    progress.show("journeys", 2, 3)
    progress.tell("waiting")
    progress.end()
    assert log.getvalue() == ""
    assert capsys.readouterr().err == "note: waiting\n"

"""How far a pull is: a bar on a terminal, which lines that are told do not break."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from journeylint.cli.notices import tell_notes

_BAR = 24
_ERASE = "\r\x1b[K"


class PullProgress:
    """Shows on *stream* (default: standard error) which table is read, how many of its rows are here, and of how many.

    Where Dataverse does not say of how many there is no bar. On what is no terminal, or a dumb one, nothing is shown.
    """

    def __init__(self, stream: TextIO | None = None, *, width: int | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_shown = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._width = shutil.get_terminal_size().columns if width is None else width
        self._line = ""

    def show(self, table: str, rows: int, total: int | None) -> None:
        """Draw the bar anew: so many *rows* of *table* are here, of *total*."""
        self._draw(describe_progress(table, rows, total))

    def tell(self, line: str) -> None:
        """Tell *line* above the bar."""
        shown = self._line
        self._draw("")
        tell_notes([line])
        self._draw(shown)

    def end(self) -> None:
        """Leave nothing of the bar."""
        self._draw("")

    def _draw(self, line: str) -> None:
        if self._is_shown and line != self._line:
            self._stream.write(f"{_ERASE}{line[: self._width - 1]}")
            self._stream.flush()
            self._line = line


def describe_progress(table: str, rows: int, total: int | None) -> str:
    """The line that says so many *rows* of *table* are here, with a bar where *total* is known."""
    if total is None:
        return f"{table}: {rows:,} rows"
    share = 1.0 if rows >= total else rows / total
    full = int(_BAR * share)
    return f"{table}: [{'#' * full}{'-' * (_BAR - full)}] {rows:,} of {total:,} rows"

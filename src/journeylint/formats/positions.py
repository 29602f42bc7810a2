"""From an offset in a text to the line and column that an editor shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from journeylint.model import Span

if TYPE_CHECKING:
    from journeylint.formats.spans import Place

_LINE_BREAK = re.compile(r"\n|\r\n?")


class Cursor:
    """Turns growing offsets of one text into places; going through a whole text costs what reading it once costs."""

    __slots__ = ("_line", "_line_start", "_next_line_start", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._line_start = 1, 0
        self._next_line_start = self._find_line_start()

    def move_to(self, offset: int) -> Place:
        """The place at *offset*, which is not before the one asked for last."""
        while self._next_line_start <= offset:
            self._line, self._line_start = self._line + 1, self._next_line_start
            self._next_line_start = self._find_line_start()
        return self._line, offset - self._line_start + 1

    def _find_line_start(self) -> int:
        found = _LINE_BREAK.search(self._text, self._line_start)
        return len(self._text) + 1 if found is None else found.end()


def place_of(text: str, offset: int) -> Place:
    """The 1-based line and code-point column at *offset*; lines end as editors count them: `\\n`, `\\r\\n`, `\\r`."""
    return Cursor(text).move_to(offset)


def point_at(place: Place, width: int = 0) -> Span:
    """The span that begins at *place* and is *width* columns wide."""
    line, column = place
    return Span(line, column, line, column + width)

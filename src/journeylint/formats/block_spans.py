"""Where the nodes of a document of plain lines stand, found when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.formats.block_lines import find_columns
from journeylint.model import Span
from journeylint.pointers import tokens_of

if TYPE_CHECKING:
    from journeylint.formats.block_lines import LineReader


class BlockSpans:
    """The spans of one document of a file of plain lines: keeps nothing but the file's text and the document's place.

    `extent` are the offsets of its beginning and end, `lines_before` the number of lines before it.
    """

    __slots__ = ("_extent", "_line_break", "_lines", "_lines_before", "_text")

    def __init__(
        self, text: str, line_break: str, extent: tuple[int, int], lines_before: int, lines: LineReader
    ) -> None:
        self._text, self._line_break, self._extent = text, line_break, extent
        self._lines_before, self._lines = lines_before, lines

    def locate(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there."""
        start, end = self._extent
        search = _Search(self._text[start:end].split(self._line_break), self._lines)
        for token in tokens_of(pointer):
            if not search.enter(token):
                break
        first, column, last, end_column = search.span()
        return Span(first + self._lines_before + 1, column, last + self._lines_before + 1, end_column)


class _Search:
    """A node of a document, at first the root; goes down from child to child.

    The node begins in line `_first`; a collection has the `_level` of its lines, a scalar none (-1). `_is_behind_dash`
    says that the node is the mapping that `- key:` begins, whose first line has the level of the list.
    """

    def __init__(self, texts: list[str], lines: LineReader) -> None:
        self._texts = texts
        self._content = [(number, line) for number, line in enumerate(map(lines.read, texts)) if line[0] >= 0]
        self._first = 0
        self._level = self._content[0][1][0]
        self._is_behind_dash = False

    def enter(self, token: str) -> bool:
        """Go down to the child that *token* names; False, and nothing happens, where there is none."""
        if self._level < 0:
            return False
        position = 0
        for index in range(self._first, self._end()):
            level, key, _, pending, item_level = self._content[index][1]
            if level != self._level and not (index == self._first and self._is_behind_dash):
                continue
            if self._level % 2 == 0:
                if key == token:
                    self._go_to_value(index, is_pending=pending is not None)
                    return True
            elif str(position) == token:
                self._first, self._level, self._is_behind_dash = index, item_level, True
                return True
            else:
                position += 1
        return False

    def span(self) -> tuple[int, int, int, int]:
        """Line, column, end line and end column of the node; lines from 0."""
        first = self._content[self._first][0]
        if self._level < 0:
            _, column, end_column = find_columns(self._texts[first])
            return first, column, first, end_column
        last = self._content[self._end() - 1][0]
        return first, self._level // 2 + 1, last, find_columns(self._texts[last])[2]

    def _end(self) -> int:
        """The index of the first line after the collection."""
        for index in range(self._first + 1, len(self._content)):
            if self._content[index][1][0] < self._level:
                return index
        return len(self._content)

    def _go_to_value(self, index: int, *, is_pending: bool) -> None:
        follows = is_pending and index + 1 < len(self._content) and self._content[index + 1][1][0] > self._level
        self._first = index + 1 if follows else index
        self._level = self._content[index + 1][1][0] if follows else -1
        self._is_behind_dash = False

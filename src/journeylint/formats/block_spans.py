"""Where the nodes of a document of plain lines stand, found when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.formats.block_lines import find_columns
from journeylint.model import Span
from journeylint.pointers import tokens_of

if TYPE_CHECKING:
    from journeylint.formats.block_lines import Line, LineReader


_Node = tuple[int, int, bool]
"""The line that a node begins in, the level of its lines (-1 for a scalar), and whether it is the mapping that `- key:`
begins: then its first line has the level of the list.
"""
_SCALAR = -1


class BlockFile:
    """A file of plain lines, for finding spans in it: keeps its text and where its documents begin, and no more.

    `bounds` has the line (from 0) and the offset at which each document begins, and those of the end, in turn.
    """

    __slots__ = ("_bounds", "_line_break", "_lines", "_text")

    def __init__(self, text: str, line_break: str, bounds: list[int], lines: LineReader) -> None:
        self._text, self._line_break, self._bounds, self._lines = text, line_break, tuple(bounds), lines

    def locate(self, number: int, pointer: str) -> Span:
        """The span of the node at *pointer* of document *number* (from 0), or of its nearest ancestor that is there."""
        lines_before, start, _, end = self._bounds[2 * number : 2 * number + 4]
        texts = self._text[start:end].split(self._line_break)
        get_known, read = self._lines.known.get, self._lines.read
        lines = [get_known(text) or read(text) for text in texts]
        node = _find_root(lines)
        for token in tokens_of(pointer):
            child = _find_child(lines, node, token)
            if child is None:
                break
            node = child
        return _span_of(texts, lines, node, lines_before)


class DocumentLocator:
    """The `locate` of one document. As small as can be: a run keeps one for every document."""

    __slots__ = ("_file", "_number")

    def __init__(self, file: BlockFile, number: int) -> None:
        self._file, self._number = file, number

    def __call__(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there."""
        return self._file.locate(self._number, pointer)


def _span_of(texts: list[str], lines: list[Line], node: _Node, lines_before: int) -> Span:
    first, level, _ = node
    if level == _SCALAR:
        last = first
        column, end_column = find_columns(texts[first])
    else:
        last = _find_last_line(lines, node)
        column, end_column = level // 2 + 1, find_columns(texts[last])[1]
    return Span(first + lines_before + 1, column, last + lines_before + 1, end_column)


def _find_root(lines: list[Line]) -> _Node:
    return next((number, line[0], False) for number, line in enumerate(lines) if line[0] >= 0)


def _find_child(lines: list[Line], parent: _Node, token: str) -> _Node | None:
    first, parent_level, is_behind_dash = parent
    if parent_level == _SCALAR:
        return None
    position = 0
    for number in range(first, len(lines)):
        level, key, _, pending, item_level = lines[number]
        if level != parent_level and not (is_behind_dash and number == first):
            if 0 <= level < parent_level:
                return None
        elif parent_level % 2 == 0:
            if key == token:
                return _find_value(lines, number, parent_level) if pending is not None else (number, _SCALAR, False)
        elif str(position) == token:
            return number, item_level, True
        else:
            position += 1
    return None


def _find_value(lines: list[Line], number: int, level: int) -> _Node:
    """The node that follows a key without value on its line: an empty one where the next line is no deeper."""
    for following in range(number + 1, len(lines)):
        following_level = lines[following][0]
        if following_level > level:
            return following, following_level, False
        if following_level >= 0:
            break
    return number, _SCALAR, False


def _find_last_line(lines: list[Line], collection: _Node) -> int:
    first, level, _ = collection
    last = first
    for number in range(first + 1, len(lines)):
        if lines[number][0] >= level:
            last = number
        elif lines[number][0] >= 0:
            break
    return last

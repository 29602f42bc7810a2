"""Where the nodes of a document of plain lines stand, found when it is asked for."""

from __future__ import annotations

import re
from typing import Final

from journeylint.formats.block_lines import find_columns
from journeylint.model import Span
from journeylint.pointers import tokens_of

_Node = tuple[int, int, bool]
"""The line that a node begins in, the level of its lines (-1 for a scalar), and whether it is the mapping that `- key:`
begins: then its first line has the level of the list.
"""
_SCALAR = -1

_Shape = tuple[int, str, bool, int]
"""What of a line says where nodes stand: its level (-1 without content), key, whether that has no value on the line, and
the level of what follows a dash (0 without one, -1 for a scalar). Levels are those of `block_lines.Line`.
"""
_NO_SHAPE: Final[_Shape] = (-1, "", False, 0)
_SHAPES = re.compile(r"^( *)(- +)?(?:([A-Za-z_][A-Za-z0-9_./-]*):(?=[ \n]|\Z) *([^ #\n]?))?", re.MULTILINE)


class BlockFile:
    """A file of plain lines, for finding spans in it: keeps its text and where its documents begin, and no more.

    `bounds` has the line (from 0) and the offset at which each document begins, and those of the end, in turn.
    """

    __slots__ = ("_bounds", "_line_break", "_recent", "_text")

    def __init__(self, text: str, line_break: str, bounds: list[int], recent: RecentDocument) -> None:
        self._text, self._line_break, self._bounds, self._recent = text, line_break, tuple(bounds), recent

    def locate(self, number: int, pointer: str) -> Span:
        """The span of the node at *pointer* of document *number* (from 0), or of its nearest ancestor that is there."""
        recent = self._recent
        if recent.file is not self or recent.number != number:
            start, end = self._bounds[2 * number + 1], self._bounds[2 * number + 3]
            recent.file, recent.number = self, number
            recent.texts = self._text[start:end].split(self._line_break)
            recent.shapes = _read_shapes("\n".join(recent.texts))
        shapes = recent.shapes
        node = _find_root(shapes)
        for token in tokens_of(pointer):
            child = _find_child(shapes, node, token)
            if child is None:
                break
            node = child
        return _span_of(recent.texts, shapes, node, self._bounds[2 * number])


class RecentDocument:
    """The document in which a span was sought last: what it is made of need not be found out again for the next span."""

    __slots__ = ("file", "number", "shapes", "texts")

    def __init__(self) -> None:
        self.file: BlockFile | None = None
        self.number = 0
        self.texts: list[str] = []
        self.shapes: list[_Shape] = []


def _read_shapes(text: str) -> list[_Shape]:
    """The shapes of the lines of a document that the fast reader has accepted: nothing but plain lines is there."""
    shapes: list[_Shape] = []
    for indent, dash, key, value in _SHAPES.findall(text):
        column = len(indent)
        if dash:
            shapes.append((2 * column + 1, key, not value, 2 * (column + len(dash)) if key else -1))
        else:
            shapes.append((2 * column, key, not value, 0) if key else _NO_SHAPE)
    return shapes


class DocumentLocator:
    """The `locate` of one document. As small as can be: a run keeps one for every document."""

    __slots__ = ("_file", "_number")

    def __init__(self, file: BlockFile, number: int) -> None:
        self._file, self._number = file, number

    def __call__(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there."""
        return self._file.locate(self._number, pointer)


def _span_of(texts: list[str], lines: list[_Shape], node: _Node, lines_before: int) -> Span:
    first, level, _ = node
    if level == _SCALAR:
        last = first
        column, end_column = find_columns(texts[first])
    else:
        last = _find_last_line(lines, node)
        column, end_column = level // 2 + 1, find_columns(texts[last])[1]
    return Span(first + lines_before + 1, column, last + lines_before + 1, end_column)


def _find_root(lines: list[_Shape]) -> _Node:
    return next((number, line[0], False) for number, line in enumerate(lines) if line[0] >= 0)


def _find_child(lines: list[_Shape], parent: _Node, token: str) -> _Node | None:
    first, parent_level, is_behind_dash = parent
    if parent_level == _SCALAR:
        return None
    position = 0
    for number in range(first, len(lines)):
        level, key, is_pending, item_level = lines[number]
        if level != parent_level and not (is_behind_dash and number == first):
            if 0 <= level < parent_level:
                return None
        elif parent_level % 2 == 0:
            if key == token:
                return _find_value(lines, number, parent_level) if is_pending else (number, _SCALAR, False)
        elif str(position) == token:
            return number, item_level, True
        else:
            position += 1
    return None


def _find_value(lines: list[_Shape], number: int, level: int) -> _Node:
    """The node that follows a key without value on its line: an empty one where the next line is no deeper."""
    for following in range(number + 1, len(lines)):
        following_level = lines[following][0]
        if following_level > level:
            return following, following_level, False
        if following_level >= 0:
            break
    return number, _SCALAR, False


def _find_last_line(lines: list[_Shape], collection: _Node) -> int:
    first, level, _ = collection
    last = first
    for number in range(first + 1, len(lines)):
        if lines[number][0] >= level:
            last = number
        elif lines[number][0] >= 0:
            break
    return last

"""Where the nodes of a document of plain lines stand, found when it is asked for.

No text need be taken apart for it. In one that the fast reader has accepted no scalar goes on over the end of its line,
and nothing but one key or one dash begins a line: a key of a mapping at column 4 is what stands behind a line break and
four blanks, and a collection ends where the next line with content is less deep.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from journeylint.formats.block_lines import find_columns
from journeylint.model import Span
from journeylint.pointers import tokens_of

_SCALAR: Final = -1
_INDEX = re.compile("0|[1-9][0-9]{0,9}")
_KEY = re.compile("[A-Za-z_][A-Za-z0-9_./-]*")
_ITEM = re.compile(r"- ++([A-Za-z_][A-Za-z0-9_./-]*+:(?=[ \r\n]|\Z))?")
_VALUE = re.compile(r" ++(?=[^#\r\n])")
_EMPTY_LINE = r" *+(?:#[^\n]*+)?\r?\n"
_CHILD = re.compile(rf"(?:{_EMPTY_LINE})++( *+)(?:(- )|[A-Za-z_])")
_BEFORE_ROOT = re.compile(rf"(?:{_EMPTY_LINE}|--- *+\r?\n)*+( *+)")


class _Node(NamedTuple):
    """A node: the offset at which it begins, and one between its end and the next node.

    `column` is that of a collection's lines, from 0, and -1 for a scalar.
    """

    begin: int
    limit: int
    column: int
    is_list: bool = False


class RecentNodes:
    """What was found for the last span, for the next one: findings have neighbours.

    `starts` has where in `text` documents begin and in which line, as far as known: the first one at 0, others at their
    `---`. `parent` is
    the node at the pointer `above` of document `number`, or where that is not there its nearest ancestor (then
    `is_there` is false). `item` is the number and the begin of an item of it, if it is a list, and `place` an offset of
    the text and its line.
    """

    __slots__ = ("above", "is_there", "item", "number", "parent", "place", "starts", "text")

    def __init__(self) -> None:
        self.text, self.starts, self.number, self.above = "", [(0, 1)], -1, ""
        self.parent, self.is_there = _Node(0, 0, _SCALAR), False
        self.item, self.place = (0, 0), (0, 1)


class DocumentLocator:
    """The `locate` of document *number* (from 0) of *text*. As small as can be: a run keeps one for every document."""

    __slots__ = ("_number", "_recent", "_text")

    def __init__(self, text: str, number: int, recent: RecentNodes) -> None:
        self._text, self._number, self._recent = text, number, recent

    def __call__(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there.

        Raises ValueError where *pointer* does not begin with `/`.
        """
        text, recent = self._text, self._recent
        above, slash, token = pointer.rpartition("/")
        if pointer and not slash:
            raise ValueError(f"a JSON pointer begins with '/', not as {pointer!r}")
        if recent.text is not text:
            recent.text, recent.starts, recent.number, recent.place = text, [(0, 1)], -1, (0, 1)
        if recent.number != self._number or recent.above != above:
            recent.place = _find_start(text, self._number, recent.starts)
            root = _find_root(text, recent.place[0])
            recent.parent, recent.is_there = _find_node(text, root, tokens_of(above))
            recent.number, recent.above, recent.item = self._number, above, (0, recent.parent.begin)
        node = recent.parent
        if slash and recent.is_there:
            if "~" in token:
                (token,) = tokens_of(f"/{token}")
            node = _find_child(text, node, token, recent) or node
        return _span_of(text, node, recent)


def _find_start(text: str, number: int, starts: list[tuple[int, int]]) -> tuple[int, int]:
    """Where document *number* begins, and in which line; *starts* is added to."""
    while len(starts) <= number:
        start, line = starts[-1]
        following = _find_root(text, start).limit + 1
        starts.append((following, line + text.count("\n", start, following)))
    return starts[number]


def _find_root(text: str, start: int) -> _Node:
    found = _BEFORE_ROOT.match(text, start)
    if found is None:
        raise ValueError(start)
    begin, end = found.end(), text.find("\n---", found.end())
    return _Node(begin, end if end >= 0 else len(text), len(found[1]), text.startswith("- ", begin))


def _find_node(text: str, node: _Node, tokens: list[str]) -> tuple[_Node, bool]:
    """The node that *tokens* lead to from *node*, or the last one on the way; and whether it is the former."""
    for token in tokens:
        child = _find_child(text, node, token)
        if child is None:
            return node, False
        node = child
    return node, True


def _find_child(text: str, parent: _Node, token: str, recent: RecentNodes | None = None) -> _Node | None:
    if parent.is_list:
        return _find_item(text, parent, int(token), recent) if _INDEX.fullmatch(token) else None
    if parent.column < 0 or not (token.isidentifier() or _KEY.fullmatch(token)):
        return None
    return _find_member(text, parent, token)


def _find_member(text: str, parent: _Node, key: str) -> _Node | None:
    mark = f"{key}:"
    at = parent.begin
    if not text.startswith(mark, at):
        mark = f"\n{' ' * parent.column}{mark}"
        at = text.find(mark, at, parent.limit)
        if at < 0:
            return None
    at += len(mark)
    if value := _VALUE.match(text, at):
        return _find_end_of_scalar(text, value.end())
    child = _CHILD.match(text, at)
    if child is not None:
        column, is_list = len(child[1]), child[2] is not None
        if column > parent.column or (is_list and column == parent.column):
            return _find_end(text, child.end(1), parent.limit, column, is_list=is_list)
    return _Node(at, at, _SCALAR)


def _find_item(text: str, parent: _Node, index: int, recent: RecentNodes | None) -> _Node | None:
    number, at = (0, parent.begin) if recent is None or recent.item[0] > index else recent.item
    mark = f"\n{' ' * parent.column}- "
    for _ in range(index - number):
        at = text.find(mark, at, parent.limit)
        if at < 0:
            return None
        at += len(mark) - 2
    if recent is not None:
        recent.item = index, at
    item = _ITEM.match(text, at)
    if item is None or item[1] is None:
        return _find_end_of_scalar(text, at + len(item[0]) if item is not None else at)
    return _find_end(text, item.start(1), parent.limit, parent.column + item.start(1) - at, is_list=False)


def _find_end_of_scalar(text: str, begin: int) -> _Node:
    end = text.find("\n", begin)
    return _Node(begin, end if end >= 0 else len(text), _SCALAR)


def _find_end(text: str, begin: int, limit: int, column: int, *, is_list: bool) -> _Node:
    """The collection that begins at *begin*, and ends at *limit* at the latest."""
    end = _less_deep(column, is_list).search(text, begin, limit)
    return _Node(begin, limit if end is None else end.start(), column, is_list)


@cache
def _less_deep(column: int, is_list: bool) -> re.Pattern[str]:  # noqa: FBT001 - a part of the cache's key
    """Finds the next line with content that is not in the collection of *column*: in that of a list, one without dash."""
    ends = [f" {{0,{column - 1}}}[^ #\r\n]"] if column else []
    if is_list:
        ends.append(f" {{{column}}}[^- #\r\n]")
    return re.compile(f"\n(?:{'|'.join(ends) or '(?!)'})")


def _span_of(text: str, node: _Node, recent: RecentNodes) -> Span:
    begin, end = node.begin, node.limit
    start = begin
    if node.column >= 0:
        start = text.rfind("\n", begin, end) + 1 or begin
        while text[start:end].lstrip(" \r")[:1] in ("", "#"):
            end = start - 1
            start = text.rfind("\n", begin, end) + 1 or begin
    content = text[text.rfind("\n", 0, start) + 1 : end].rstrip(" \r")
    end_column = find_columns(content)[1] if "#" in content else len(content) + 1
    counted, line = recent.place if recent.place[0] <= begin else recent.starts[recent.number]
    line += text.count("\n", counted, begin)
    recent.place = begin, line
    return Span(line, begin - text.rfind("\n", 0, begin), line + text.count("\n", begin, start), end_column)

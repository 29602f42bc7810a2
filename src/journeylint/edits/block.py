"""Changes in YAML's block collections, whose items stand on lines of their own.

A comment above an item, in its column and without a blank line between, goes with it when it is removed; above the first
item it may be about all of them, and stays. So do comments below it that are indented deeper than the item.
"""

from __future__ import annotations

import re

from journeylint.edits.errors import EditError
from journeylint.edits.lines import (
    begins_line,
    column_of,
    comment_column,
    has_comment,
    line_break_of,
    line_end,
    line_start,
    next_line,
)
from journeylint.edits.patch import Change
from journeylint.edits.tree import Node, Place, Style

_COLON = re.compile(r"[ \t]*:(?=[ \t\r\n]|\Z)")
_DASHES = re.compile(r" *(?:- +)+")
_TOO_UNUSUAL = "it is written in an unusual way"


def remove_item(text: str, place: Place) -> list[Change]:
    """The lines of the item go; where it is the only one, an empty collection in brackets stays."""
    parent, index = place.parent, place.position or 0
    begin = _begin_of(text, parent, index)
    if len(parent.items) == 1:
        return _empty(text, place, begin)
    if begins_line(text, begin):
        return [_lines_of(text, begin, parent.items[index].end, with_comments_above=index > 0)]
    if index > 0 or _DASHES.fullmatch(text, line_start(text, begin), begin) is None:
        raise EditError(_TOO_UNUSUAL)
    following = _begin_of(text, parent, 1)
    if has_comment(text[next_line(text, parent.items[0].end) : following]):
        raise EditError("there is a comment below it that would lose its place")
    return [Change(begin, following, "")]


def column_of_items(text: str, parent: Node) -> int:
    """How many characters stand before the items of *parent* on their lines."""
    return column_of(text, _begin_of(text, parent, 0))


def insert_item(text: str, place: Place, written: str) -> list[Change]:
    """*written* becomes the last item, on a line of its own."""
    dash = "- " if place.parent.style is Style.BLOCK_LIST else ""
    return insert_lines(text, place.parent, f"{dash}{written}")


def insert_lines(text: str, parent: Node, written: str) -> list[Change]:
    """*written*, an item with its dash or key, becomes the last one; its first line gets the blanks of the others."""
    column = column_of_items(text, parent)
    at = line_end(text, parent.items[-1].end)
    while comment_column(text, below := next_line(text, at)) > column:
        at = line_end(text, below)
    if has_text_behind(text, parent.items[-1].end):
        raise EditError(_TOO_UNUSUAL)
    return [Change(at, at, f"{line_break_of(text, at)}{' ' * column}{written}")]


def replace_collection(text: str, place: Place, written: str) -> list[Change]:
    """A block collection becomes *written*, on the line of its key or dash."""
    node = place.item.value
    start = _behind_holder(text, place) if begins_line(text, node.start) else node.start
    if has_comment(text[start : node.end]):
        raise EditError("there is a comment inside that would be lost")
    return [Change(start, node.end, written if start == node.start else f" {written}")]


def has_text_behind(text: str, end: int) -> bool:
    """Whether something else than a comment stands behind *end* on its line."""
    rest = text[end : line_end(text, end)].lstrip(" \t")
    return bool(rest) and not rest.startswith("#")


def _empty(text: str, place: Place, begin: int) -> list[Change]:
    """Leave `{}` or `[]` of the collection whose only item is at *place*."""
    parent = place.parent
    brackets = "{}" if parent.style is Style.BLOCK_MAPPING else "[]"
    if not begins_line(text, begin):
        if has_comment(text[begin : parent.end]):
            raise EditError("there is a comment inside that would be lost")
        return [Change(begin, parent.end, brackets)]
    holder = place.path[-2] if len(place.path) > 1 else None
    if holder is None:
        raise EditError("nothing would be left of the manifest")
    index = next(number for number, item in enumerate(holder.items) if item.value is parent)
    at = _behind_holder(text, Place(place.path[:-1], index, ""))
    return [Change(at, at, f" {brackets}"), _lines_of(text, begin, parent.end, with_comments_above=True)]


def _behind_holder(text: str, place: Place) -> int:
    """The offset behind the colon or dash that the value at *place* belongs to."""
    item = place.item
    if item.key is None:
        return _begin_of(text, place.parent, place.position or 0) + 1
    found = _COLON.match(text, item.key.end)
    if found is None:
        raise EditError(_TOO_UNUSUAL)
    return found.end()


def _begin_of(text: str, parent: Node, index: int) -> int:
    """Where an item begins: at its key, or at its dash."""
    item = parent.items[index]
    if item.key is not None:
        return item.key.start
    before = text[: item.start].rstrip(" \t\r\n")
    if not before.endswith("-") or not text[len(before) - 2 : len(before) - 1].strip(" \n\r-") == "":
        raise EditError(_TOO_UNUSUAL)
    return len(before) - 1


def _lines_of(text: str, begin: int, end: int, *, with_comments_above: bool) -> Change:
    """Removes the lines from that of *begin* to that of *end*, and the comments that belong to them."""
    if has_text_behind(text, end):
        raise EditError(_TOO_UNUSUAL)
    column = column_of(text, begin)
    first, last = line_start(text, begin), next_line(text, end)
    while last < len(text) and comment_column(text, last) > column:
        last = next_line(text, last)
    while with_comments_above and first > 0:
        above = line_start(text, first - 2 if text[first - 2 : first] == "\r\n" else first - 1)
        if comment_column(text, above) != column:
            break
        first = above
    return Change(first, last, "")

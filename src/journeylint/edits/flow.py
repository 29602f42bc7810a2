"""Changes inside brackets: JSON, and YAML's flow collections."""

from __future__ import annotations

import re

from journeylint.edits.errors import EditError
from journeylint.edits.lines import begins_line, has_comment, line_break_of, line_end, line_start
from journeylint.edits.patch import Change
from journeylint.edits.tree import Node

_COLON = re.compile(r"[ \t]*:[ \t]*")
_COMMA = re.compile(r",[ \t]*")


def remove_item(text: str, parent: Node, index: int) -> list[Change]:
    """The item goes with one comma; what stands around it stays."""
    items = parent.items
    _check_brackets(text, parent)
    if len(items) == 1:
        start, end = parent.start + 1, parent.end - 1
        gaps = text[start : items[0].start] + text[items[0].end : end]
    elif index + 1 < len(items):
        start, end = items[index].start, items[index + 1].start
        gaps = text[items[index].end : end]
    else:
        start, end = items[index - 1].end, items[index].end
        gaps = text[start : items[index].start]
    if has_comment(gaps):
        raise EditError("there is a comment beside it that would be lost")
    return [Change(start, end, "")]


def insert_item(text: str, parent: Node, written: str) -> list[Change]:
    """*written* becomes the last item, on a line of its own where the last one is."""
    _check_brackets(text, parent)
    close = parent.end - 1
    if not parent.items:
        if has_comment(text[parent.start + 1 : close]):
            raise EditError("there is a comment inside the empty brackets")
        return [Change(parent.start + 1, close, written)]
    last = parent.items[-1]
    gap = text[last.end : close]
    comma = gap.split("#")[0].find(",")
    if begins_line(text, last.start) and ("\n" in gap or "\r" in gap):
        end = line_end(text, last.end)
        line = line_break_of(text, end) + text[line_start(text, last.start) : last.start] + written
        if comma >= 0:
            return [Change(end, end, f"{line},")]
        if end == last.end:
            return [Change(end, end, f",{line}")]
        return [Change(last.end, last.end, ","), Change(end, end, line)]
    if comma >= 0:
        at = last.end + comma + 1
        return [Change(at, at, f" {written}")]
    return [Change(last.end, last.end, f"{_comma_of(text, parent)}{written}")]


def colon_of(text: str, parent: Node) -> str:
    """How keys and values are parted in *parent*: as in its last member, or `: `."""
    if parent.items and (key := parent.items[-1].key) is not None:
        found = _COLON.match(text, key.end)
        if found is not None and found.end() == parent.items[-1].value.start:
            return found[0]
    return ": "


def _comma_of(text: str, parent: Node) -> str:
    if len(parent.items) > 1:
        found = _COMMA.fullmatch(text, parent.items[-2].end, parent.items[-1].start)
        return ", " if found is None else found[0]
    return "," if colon_of(text, parent) == ":" else ", "


def _check_brackets(text: str, parent: Node) -> None:
    """Raise EditError for a mapping without brackets, as in `[a: 1]`."""
    if text[parent.start] not in "[{":
        raise EditError("it stands in a mapping without brackets")

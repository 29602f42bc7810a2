"""The comments of a YAML text, found as YAML has them: a `#` inside a value begins none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

_BEGIN = re.compile(r"(?:^|(?<=[ \t]))#")
_HOLDS_SIGNS = re.compile(r"[\"'|>]")
"""What begins a scalar that can hold a `#` behind a blank; in a text without any there is no need to look for scalars."""
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)|[ \t]+)*)*")
"""Anchor and tag of a node, and what stands between them and the node."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class Comment(NamedTuple):
    """A comment from its `#` to the end of its line: 1-based, the column in code points.

    `stands_alone` says that nothing is before it on its line.
    """

    line: int
    column: int
    text: str
    stands_alone: bool


def find_comments(text: str, marker: str) -> Iterator[Comment]:
    """Those comments of *text* (without byte order mark) that hold *marker*, in order.

    Behind the first mistake in the syntax, what looks like a comment is taken for one.
    """
    if marker not in text:
        return
    values = _Values(text)
    for number, line in enumerate(_LINE.finditer(text), 1):
        if marker not in line[0]:
            continue
        begins = (match.start() for match in _BEGIN.finditer(line[0]))
        begin = next((one for one in begins if not values.hold(line.start() + one)), None)
        if begin is not None and marker in line[0][begin:]:
            yield Comment(number, begin + 1, line[0][begin:].rstrip(), not line[0][:begin].strip(" \t"))


class _Values:
    """Where the scalars of a text stand, as far as it can be read."""

    def __init__(self, text: str) -> None:
        spans = list(_scalars(text)) if _HOLDS_SIGNS.search(text) else []
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def hold(self, offset: int) -> bool:
        """Whether the character at *offset* is part of a scalar."""
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    """The offsets in *text* between which scalars stand, in order; of a block its lines, not the line of its `|`."""
    from yaml.error import YAMLError  # noqa: PLC0415 - only files with a marker pay for it
    from yaml.events import ScalarEvent  # noqa: PLC0415 - as above

    from journeylint.formats.compose import event_parser  # noqa: PLC0415 - as above

    parser: Any = event_parser(text)
    try:
        while (event := parser.get_event()) is not None:
            if type(event) is ScalarEvent and event.start_mark is not None and event.end_mark is not None:
                start, end = _end_of(_PROPERTIES, text, event.start_mark.index), event.end_mark.index
                is_block = event.style in ("|", ">")
                yield (_end_of(_LINE, text, start) if is_block else start), end
    except YAMLError:
        pass  # the file's documents tell what is wrong


def _end_of(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return offset if match is None else match.end()

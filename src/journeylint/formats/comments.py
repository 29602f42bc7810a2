"""The comments of a YAML text, found as YAML has them: a `#` inside a value begins none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

_CANDIDATE = re.compile(r"(?:^|(?<=[ \t]))#[^\r\n]*", re.MULTILINE)


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
    found = [
        match for match in _CANDIDATE.finditer(text.replace("\r\n", " \n").replace("\r", "\n")) if marker in match[0]
    ]
    if not found:
        return
    starts, ends = _scalars(text)
    lines = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    for match in found:
        index = bisect_right(starts, match.start()) - 1
        if index >= 0 and match.start() < ends[index]:
            continue
        line = bisect_right(lines, match.start())
        before = text[lines[line - 1] : match.start()]
        yield Comment(line, len(before) + 1, match[0].rstrip(), not before.strip())


def _scalars(text: str) -> tuple[list[int], list[int]]:
    """The offsets in *text* at which scalars begin, and those at which they end, in order."""
    from yaml.error import YAMLError  # noqa: PLC0415 - only files with a marker pay for it
    from yaml.events import ScalarEvent  # noqa: PLC0415 - as above

    from journeylint.formats.compose import event_parser  # noqa: PLC0415 - as above

    starts: list[int] = []
    ends: list[int] = []
    parser: Any = event_parser(text)
    try:
        while (event := parser.get_event()) is not None:
            if type(event) is ScalarEvent and event.start_mark is not None and event.end_mark is not None:
                starts.append(event.start_mark.index)
                ends.append(event.end_mark.index)
    except YAMLError:
        pass  # the file's documents tell what is wrong
    return starts, ends

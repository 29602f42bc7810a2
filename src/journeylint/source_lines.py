"""The lines of a file that findings and failures point at, for reports that show or name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import TypeAlias

from journeylint.evaluate import DetailRow
from journeylint.key_places import find_key
from journeylint.line_hashes import hash_lines
from journeylint.ports import Want

PlacedDetail: TypeAlias = "tuple[tuple[int, int, int, int], DetailRow]"
"""A span and what there is to say of it."""

FIRST_LINE, LINES, LINE_HASH = 0, 1, 5
"""Where these stand in a `DetailRow`."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_FRAME_LINES = 3
_MOST_LINES_ABOVE = 3


def add_lines(details: Sequence[PlacedDetail], text: str, wants: AbstractSet[Want]) -> None:
    """Fill into *details*, about places in the file with this *text*, what is wanted of their lines."""
    if Want.LINE_HASHES in wants:
        hashes = hash_lines(text, {span[0] for span, _ in details})
        for span, detail in details:
            detail[LINE_HASH] = hashes.get(span[0], "")
    if Want.LINES in wants:
        _add_frames(details, text.removeprefix("\ufeff"))


def _add_frames(details: Sequence[PlacedDetail], text: str) -> None:
    lines = _LINE_BREAK.split(text) if "\r" in text else text.split("\n")
    frames: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {}
    for span, detail in sorted(details, key=itemgetter(0)):  # of places on the same lines the first has the lines above
        line, column, end_line, _ = span
        frame = frames.get((line, end_line))
        if frame is None:
            frame = frames[line, end_line] = _frame(lines, line, column, end_line)
        detail[FIRST_LINE], detail[LINES] = frame


def _frame(lines: Sequence[str], line: int, column: int, end_line: int) -> tuple[int, tuple[str, ...]]:
    """The number of the first, and the lines of a place, and above them that of the key, where it is near and another."""
    key = find_key(lines, line, column)
    first = key[0] if key is not None and line - key[0] <= _MOST_LINES_ABOVE else line
    return first, tuple(lines[first - 1 : min(end_line, line + _FRAME_LINES - 1)])

"""The lines of a file that findings and failures point at, for reports that show or name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from journeylint.evaluate import DetailRow
from journeylint.key_places import find_key
from journeylint.line_hashes import hash_lines
from journeylint.model import Detail, Span
from journeylint.ports import Want

Frame: TypeAlias = "tuple[int, tuple[str, ...]]"
"""The number of a line (1-based), and its text and those of lines after it."""

_NO_FRAME: Frame = (0, ())
_NO_DETAIL: DetailRow = (0, (), (), (), "", "")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_FRAME_LINES = 3
_MOST_LINES_ABOVE = 3


class LinesOfFile:
    """What reports say of the lines of a file at some *spans* of its *text*."""

    def __init__(self, text: str, spans: AbstractSet[Span], wants: AbstractSet[Want]) -> None:
        self._frames: dict[tuple[int, int], Frame] = {}
        self._hashes: dict[int, str] = {}
        if Want.LINES in wants:
            plain = text.removeprefix("\ufeff")
            lines = _LINE_BREAK.split(plain) if "\r" in plain else plain.split("\n")
            for span in sorted(spans):  # of places on the same lines the first has the lines above
                key = span.line, span.end_line
                if key not in self._frames:
                    self._frames[key] = _frame(lines, span)
        if Want.LINE_HASHES in wants:
            self._hashes = hash_lines(text, {span.line for span in spans})

    def complete(self, detail: DetailRow | None, line: int, end_line: int) -> DetailRow:
        """*detail* with what there is of the lines from *line* to *end_line*."""
        _, _, evidence, arguments, stable_pointer, _ = detail or _NO_DETAIL
        first, texts = self._frames.get((line, end_line), _NO_FRAME)
        return first, texts, evidence, arguments, stable_pointer, self._hashes.get(line, "")

    def describe(self, span: Span) -> Detail:
        """What there is of the lines of *span*."""
        return Detail._make(self.complete(None, span.line, span.end_line))


def _frame(lines: Sequence[str], span: Span) -> Frame:
    """The lines of *span*, and above them that of the key, where it is near and not the same."""
    key = find_key(lines, span.line, span.column)
    first = key[0] if key is not None and span.line - key[0] <= _MOST_LINES_ABOVE else span.line
    return first, tuple(lines[first - 1 : min(span.end_line, span.line + _FRAME_LINES - 1)])

"""Source lines with their numbers and carets under the place that a finding is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from journeylint.terminal import ELLIPSIS, LINE_WIDTH, Painter, Style, cells_of, make_visible

if TYPE_CHECKING:
    from journeylint.model import Span

MAXIMUM_LINES = 3
_TAB_STOP = 4


def frame(
    lines: Sequence[str], first_line: int, *, span: Span, paint: Painter, style: Style, indent: str = "  "
) -> list[str]:
    """The lines of *span*, at most three, with carets in *style* under its part of the first, and the lines before it.

    *lines* are the source lines from the 1-based *first_line* on. No lines come back where the span's first line is
    not among them.
    """
    at = span.line - first_line
    if not 0 <= at < len(lines):
        return []
    shown = lines[: at + min(span.end_line - span.line + 1, MAXIMUM_LINES)]
    goes_on = span.end_line - span.line >= MAXIMUM_LINES
    digits = max(len(str(first_line + len(shown) - 1)), len(ELLIPSIS) if goes_on else 0)
    blank = paint(f"{indent}{'':{digits}} |", Style.GUTTER)
    width = LINE_WIDTH - len(indent) - digits - 3
    marked = lines[at]
    begin = min(span.column - 1, len(marked))
    end = span.end_column - 1 if span.end_line == span.line else len(marked.rstrip())
    code, offset, length = _cut(marked, begin, max(end, begin + 1), width=width)
    texts = [code if row == at else _cut(line, 0, 1, width=width)[0] for row, line in enumerate(shown)]
    framed = [
        f"{paint(f'{indent}{number:{digits}} |', Style.GUTTER)} {text}".rstrip()
        for number, text in enumerate(texts, first_line)
    ]
    framed.insert(at + 1, f"{blank} {' ' * offset}{paint('^' * length, style)}")
    if goes_on:
        framed.append(paint(f"{indent}{ELLIPSIS:>{digits}} |", Style.GUTTER))
    return [blank, *framed]


def _cut(line: str, begin: int, end: int, *, width: int) -> tuple[str, int, int]:
    """*line* in at most *width* cells around the code points *begin* to *end*, their offset and their count in cells.

    Only the neighbourhood of the place is looked at, so that a line of a megabyte costs no more than another.
    """
    low, high = max(0, begin - 2 * width), min(len(line), begin + 2 * width)
    texts, sizes = _measure(line[low:high])
    start, stop = begin - low, min(end, high) - low
    before, within = sum(sizes[:start]), sum(sizes[start:stop])
    if low == 0 and high == len(line) and before + sum(sizes[start:]) <= width:
        return "".join(texts), before, max(within, 1)
    left = 0
    if low > 0 or before + min(within, width // 2) > width - 2:
        while left < start and before > width // 3:
            before -= sizes[left]
            left += 1
    head = ELLIPSIS if low + left > 0 else ""
    room = width - len(head)
    right, used = left, 0
    while right < len(texts) and used + sizes[right] <= room - 1:
        used += sizes[right]
        right += 1
    tail = ELLIPSIS if low + right < len(line) else ""
    visible = sum(sizes[start : min(stop, right)])
    return f"{head}{''.join(texts[left:right])}{tail}", before + len(head), max(visible, 1)


def _measure(text: str) -> tuple[list[str], list[int]]:
    """What is printed for each code point of *text*, and the cells that it takes."""
    if text.isascii() and text.isprintable():
        return list(text), [1] * len(text)
    texts: list[str] = []
    sizes: list[int] = []
    column = 0
    for character in text:
        printed = " " * (_TAB_STOP - column % _TAB_STOP) if character == "\t" else make_visible(character)
        size = cells_of(printed)
        column += size
        texts.append(printed)
        sizes.append(size)
    return texts, sizes

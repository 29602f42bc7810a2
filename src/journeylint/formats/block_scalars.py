"""Where a literal or folded block scalar ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from journeylint.formats.positions import place_of

if TYPE_CHECKING:
    from journeylint.formats.spans import Place

_LINE_BREAK = re.compile(r"[\r\n]")
_COMMENT = re.compile(r"[ \t]#")
_BLANK = " \t\r\n"


def end_of_block_scalar(text: str, start: int, end: int, place: Place) -> Place:
    """The place after the last non-blank character of the block scalar between the offsets *start* (at *place*) and
    *end* of *text*; of its header, without its comment, where it has no content.
    """
    written = text[start:end]
    first_break = _LINE_BREAK.search(written)
    header = written if first_break is None else written[: first_break.start()]
    content = written[len(header) :]
    if not content.strip(_BLANK):
        comment = _COMMENT.search(header)
        written = header if comment is None else header[: comment.start()]
    written = written.rstrip(_BLANK)
    line, column = place_of(written, len(written))
    return place[0] + line - 1, column + (place[1] - 1 if line == 1 else 0)

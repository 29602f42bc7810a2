"""Lines of a text, found from an offset in it; they end as editors end them: `\\n`, `\\r\\n`, `\\r`."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r\n|\r|\n")
_END = re.compile(r"[\r\n]|\Z")
_COMMENT = re.compile(r"(?:^|[ \t\r\n])#")


def line_start(text: str, offset: int) -> int:
    """Where the line begins that *offset* is in."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line ends that *offset* is in, before its line break."""
    found = _END.search(text, offset)
    return len(text) if found is None else found.start()


def next_line(text: str, offset: int) -> int:
    """Where the line after that of *offset* begins, or the text ends."""
    found = _BREAK.search(text, offset)
    return len(text) if found is None else found.end()


def begins_line(text: str, offset: int) -> bool:
    """Whether only blanks stand before *offset* on its line."""
    return not text[line_start(text, offset) : offset].strip(" \t")


def column_of(text: str, offset: int) -> int:
    """How many characters stand before *offset* on its line."""
    return offset - line_start(text, offset)


def line_break_of(text: str, offset: int) -> str:
    """The line break to write near *offset*: that of its line, or else of the text's first line, or `\\n`."""
    found = _BREAK.match(text, line_end(text, offset)) or _BREAK.search(text)
    return "\n" if found is None else found[0]


def has_comment(written: str) -> bool:
    """Whether *written*, in which no `#` stands inside quotes after a blank, holds a comment; true rather than wrong."""
    return _COMMENT.search(written) is not None


def comment_column(text: str, start: int) -> int:
    """At which column a comment begins on the line at *start*, if it holds nothing else; else -1."""
    line = text[start : line_end(text, start)]
    stripped = line.lstrip(" ")
    return len(line) - len(stripped) if stripped.startswith("#") else -1

"""Where a part of an expression stands in the policy or pack file that it is written in."""

from __future__ import annotations

import re

from journeylint.policies import Expression, PolicyFile

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def problem_in(file: PolicyFile, expression: Expression, offset: int, message: str) -> str:
    """A complete line about the place *offset* code points into an expression of *file*."""
    line, column = place_in(file, expression, offset)
    return f"{file.path}:{line}:{column}: {message}"


def place_in(file: PolicyFile, expression: Expression, offset: int) -> tuple[int, int]:
    """The 1-based line and column of the place *offset* code points into an expression of *file*.

    YAML may fold a text over lines, which changes its blanks alone: the others tell the place. Where escapes hide it, that
    is the beginning of the text.
    """
    span, source = file.span(expression.pointer), expression.source
    lines = _LINE_BREAK.split(file.text)
    first = [(span.line, column) for column in range(span.column, len(lines[span.line - 1]) + 1)]
    rest = range(span.line + 1, min(span.end_line, len(lines)) + 1)
    places = [*first, *((number, column) for number in rest for column in range(1, len(lines[number - 1]) + 1))]
    written = [place for place in places if not lines[place[0] - 1][place[1] - 1].isspace()]
    wanted = "".join(source.split())
    at = "".join(lines[line - 1][column - 1] for line, column in written).find(wanted)
    line, column = span.line, span.column
    if at >= 0 and wanted:
        before = len("".join(source[:offset].split()))
        line, column = written[at + min(before, len(wanted) - 1)]
        column += before == len(wanted)
    return line, column

"""Tells a template that was not rendered (Helm, Jinja) from YAML with a mistake in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from journeylint.model import Problem

_MARK = r"\{\{.*?\}\}|\{%.*?%\}"
_TOLD = "looks like a template ({}): render it first, and check what comes out"
_REACH = 500  # code points: a line of a megabyte is not searched whole for each of its problems
_LINE_BREAK = r"\r\n|\r|\n"


def name_templates(problems: Sequence[Problem], text: str) -> tuple[Problem, ...]:
    """*problems* of a document in the file *text*, those inside `{{ … }}` or `{% … %}` told as what they are.

    There is one for each line then, and what ends the document further down is its consequence, and left out.
    """
    if not any(mark in text for mark in ("{{", "{%")):
        return tuple(problems)
    lines = re.split(_LINE_BREAK, text)
    told: list[Problem] = []
    marked = 0  # the line of the template that was told last
    for problem in problems:
        mark = _find_mark(lines, problem)
        if marked and (problem.span.line == marked if mark else problem.is_fatal):
            told[-1] = told[-1]._replace(is_fatal=told[-1].is_fatal or problem.is_fatal)
        elif mark:
            told.append(problem._replace(message=_TOLD.format(mark)))
            marked = problem.span.line
        else:
            told.append(problem)
    return tuple(told)


def _find_mark(lines: Sequence[str], problem: Problem) -> str:
    """The kind of mark that *problem* stands in, or nothing; one in quotes is none."""
    line = lines[problem.span.line - 1] if problem.span.line <= len(lines) else ""
    at = problem.span.column - 1
    begin = max(0, at - _REACH)
    for match in re.finditer(_MARK, line[begin : at + _REACH]):
        start, end, mark = begin + match.start(), begin + match.end(), match[0]
        if start <= at < end and not any(line.count(quote, 0, start) % 2 for quote in "\"'"):
            return f"{mark[:2]} ... {mark[-2:]}"
    return ""

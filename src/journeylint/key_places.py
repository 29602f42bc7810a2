"""Where the key of a block stands, whose value begins on a line further down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from journeylint.model import Problem

# Compiled when first asked for: most runs have nothing to tell.
_KEY = r"(?P<lead>[ \t]*(?:- +)*)(?P<key>[^\s#].*?):(?:[ \t]+[&!]\S*)*[ \t]*(?:[ \t]#.*)?"


def find_key(lines: Sequence[str], line: int, column: int) -> tuple[int, int] | None:
    """The line and column of the key whose value begins at *line* and *column*; all 1-based, columns in code points.

    *lines* are those of a YAML file. None comes back where the key is on the value's own line, or there is none.
    """
    if not 0 < line <= len(lines):
        return None
    before, value = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if before.strip():
        return None
    above = next((number for number in range(line - 1, 0, -1) if _says_something(lines[number - 1])), 0)
    match = re.fullmatch(_KEY, lines[above - 1]) if above else None
    if match is None:
        return None
    place = len(match["lead"]) + 1
    is_inside = place < column or (place == column and value.startswith("-"))
    return (above, place) if is_inside else None


def place_at_keys(problems: Iterable[Problem], lines: Sequence[str]) -> list[Problem]:
    """*problems* of a file with these *lines*, each moved up to the key where its node begins further down."""
    placed = []
    for problem in problems:
        span = problem.span
        key = find_key(lines, span.line, span.column)
        placed.append(problem if key is None else problem._replace(span=span._replace(line=key[0], column=key[1])))
    return placed


def _says_something(line: str) -> bool:
    return not line.isspace() and line != "" and not line.lstrip().startswith("#")

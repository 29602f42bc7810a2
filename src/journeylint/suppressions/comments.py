"""Suppressions as comments: `# journeylint: ignore[OBS002] until 2027-01-31 by crm-team -- reason`.

A comment is about the line that it is on, or, where nothing else is on its line, about the next line that says something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from journeylint.formats.comments import Comment, find_comments
from journeylint.key_places import find_key
from journeylint.model import Identity, Location, Span, SuppressionForm
from journeylint.suggest import did_you_mean
from journeylint.suppressions import MARKER
from journeylint.suppressions.claims import Claim, LineReach, Spot

_WORD = "ignore"
_EXPECTED = f"expected '# {MARKER} {_WORD}[POLICY] until YYYY-MM-DD -- reason'"
_DIRECTIVE = re.compile(rf"#\s*{MARKER}\s*(?P<word>[\w-]*)\s*(?:\[(?P<policies>[^\]]*)\])?(?P<rest>.*)", re.DOTALL)
_OPTION = re.compile(r"\s*(until|by)\s+(\S+)(?=\s|$)")
_REASON = re.compile(r"\s*--(?:\s+|$)(.*)", re.DOTALL)


class PlacedManifest(NamedTuple):
    """A document of a file: its 1-based number, the line that it begins on, and whose it is, if anybody's."""

    document: int
    line: int
    identity: Identity | None


def read_comments(path: str, text: str, documents: Sequence[PlacedManifest]) -> Iterator[Claim]:
    """The claims in the comments of *text*, the content of the file at *path* without byte order mark."""
    lines = re.split(r"\r\n|\r|\n", text)
    for comment in find_comments(text, MARKER):
        match = _DIRECTIVE.search(comment.text)
        if match is None:
            continue
        spots = tuple(_spots(comment, lines))
        place = _document_at(documents, spots[0].line)
        begin = comment.column + match.start()
        span = Span(comment.line, begin, comment.line, comment.column + len(comment.text))
        location = Location(path, place.document if place is not None else 1, "", span)
        options, reason, problem = _read_options(match["rest"])
        problems = tuple(filter(None, [_explain_word(match), problem]))
        for word in (match["policies"] or "").split(","):
            yield Claim(
                SuppressionForm.COMMENT,
                word.strip(),
                reason,
                options.get("by", ""),
                options.get("until", ""),
                location,
                LineReach(path, spots),
                None if place is None else place.identity,
                problems=problems,
            )


def _explain_word(match: re.Match[str]) -> str:
    word = match["word"]
    if word != _WORD:
        return f"{word!r} is no directive{did_you_mean(word, [_WORD])}: {_EXPECTED}"
    return f"it names no policy: {_EXPECTED}" if match["policies"] is None else ""


def _read_options(rest: str) -> tuple[dict[str, str], str, str]:
    """What stands behind the brackets: `until` and `by`, the reason, and what is wrong."""
    options: dict[str, str] = {}
    position = 0
    while (match := _OPTION.match(rest, position)) is not None:
        if match[1] in options:
            return options, "", f"{match[1]!r} is there twice: {_EXPECTED}"
        options[match[1]] = match[2]
        position = match.end()
    rest = rest[position:]
    if not rest.strip():
        return options, "", ""
    reason = _REASON.match(rest)
    if reason is None:
        return options, "", f"{rest.strip()!r} is not understood: {_EXPECTED}"
    return options, reason[1].strip(), ""


def _spots(comment: Comment, lines: Sequence[str]) -> Iterator[Spot]:
    """Where findings begin that *comment* is about: on a line, or in the block whose key stands there alone."""
    line = comment.line
    if comment.stands_alone:
        line = _next_line(lines, line)
    yield Spot(line)
    below = _next_line(lines, line)
    if below <= len(lines):
        column = len(lines[below - 1]) - len(lines[below - 1].lstrip(" \t")) + 1
        key = find_key(lines, below, column)
        if key is not None and key[0] == line:
            yield Spot(below, column)


def _next_line(lines: Sequence[str], line: int) -> int:
    """The next line behind *line* that holds more than a comment; the one behind the last where there is none."""
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1].strip()
        if text and not text.startswith("#"):
            return number
    return len(lines) + 1


def _document_at(documents: Sequence[PlacedManifest], line: int) -> PlacedManifest | None:
    """The last of *documents* that begins on *line* or before it."""
    return next((one for one in reversed(documents) if one.line <= line), None)

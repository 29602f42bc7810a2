"""Suppressions as comments: `# journeylint: ignore[OBS002] until 2027-01-31 by crm-team -- reason`.

A comment is about the line that it is on, or, where nothing else is on its line, about the next line that says something:
blank lines and further comments say nothing, and a mark between documents ends what it is about.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from journeylint.formats.comments import Comment, find_comments
from journeylint.key_places import find_key
from journeylint.model import Identity, Location, Span, SuppressionForm
from journeylint.suppressions import MARKER
from journeylint.suppressions.claims import Claim, LineReach, Spot
from journeylint.wording import quote_value

_WORD = "ignore"
_EXPECTED = f"expected '# {MARKER} {_WORD}[POLICY] until YYYY-MM-DD -- reason'"
_BEGIN = rf"#\s*{MARKER}"
_DIRECTIVE = re.compile(
    rf"{_BEGIN}\s*(?P<word>[\w-]*)\s*(?:\[(?P<policies>[^\]]*)\])?(?P<rest>(?:(?!\s{_BEGIN}).)*)", re.DOTALL
)
_OPTION = re.compile(r"\s*(until|by)\s+(?!--)(\S+)(?=\s|$)")
_REASON = re.compile(r"\s*--(.*)", re.DOTALL)
_SAYS_NOTHING = re.compile(r"\s*(?:#.*)?|(?:---|\.\.\.)\s*(?:\s#.*)?|%.*", re.DOTALL)

_DOCUMENT_ENDS = re.compile(r"(?:---|\.\.\.)(?=\s|$)")


class PlacedManifest(NamedTuple):
    """A document of a file: its 1-based number, the line that it begins on, and whose it is, if anybody's."""

    document: int
    line: int
    identity: Identity | None


def read_comments(path: str, text: str, documents: Sequence[PlacedManifest]) -> Iterator[Claim]:
    """The claims in the comments of *text*, the content of the YAML file at *path* without byte order mark."""
    lines: _Lines | None = None
    for comment in find_comments(text, MARKER):
        lines = lines or _Lines(text)
        spots = tuple(_spots(comment, lines))
        place = _document_at(documents, spots[0].line if spots else comment.line)
        for match in _DIRECTIVE.finditer(comment.text):
            begin, end = comment.column + match.start(), comment.column + match.end()
            location = Location(
                path, 1 if place is None else place.document, "", Span(comment.line, begin, comment.line, end)
            )
            yield from _claims(match, location, LineReach(path, spots), None if place is None else place.identity)


def _claims(match: re.Match[str], location: Location, reach: LineReach, identity: Identity | None) -> Iterator[Claim]:
    """A claim for each policy in the brackets, or one that says what is wrong."""
    options, reason, problem = _read_options(match["rest"])
    nowhere = (
        ""
        if reach.spots
        else "no line of its document comes after it - put it on the line that it is about, or above that"
    )
    problems = tuple(filter(None, [_explain_word(match), problem, nowhere]))
    words = [word.strip() for word in (match["policies"] or "").split(",")]
    for word in dict.fromkeys(filter(None, words)) or [""]:
        yield Claim(
            SuppressionForm.COMMENT,
            word,
            reason,
            options.get("by", ""),
            options.get("until", ""),
            location,
            reach,
            identity,
            problems=problems,
        )


def _explain_word(match: re.Match[str]) -> str:
    if match["word"] != _WORD:
        return f"{quote_value(match['word'])} is no directive: {_EXPECTED}"
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
        return options, "", f"{quote_value(rest.strip())} is not understood: {_EXPECTED}"
    return options, reason[1].strip(), ""


class _Lines:
    """The lines of a file, by their 1-based number, each with the next one behind it that says something."""

    def __init__(self, text: str) -> None:
        self._texts = re.split(r"\r\n|\r|\n", text)
        says = [_SAYS_NOTHING.fullmatch(one) is None for one in self._texts]
        first = says.index(True) + 1 if True in says else len(self._texts) + 1
        following: list[int | None] = [None]
        for number in range(len(self._texts), 0, -1):
            if number > first and _DOCUMENT_ENDS.match(self._texts[number - 1]):
                following.append(None)  # what is before is of the document that ends here
            else:
                following.append(number if says[number - 1] else following[-1])
        self._following = following[::-1]

    def text(self, line: int) -> str:
        return self._texts[line - 1]

    def next_to(self, line: int) -> int | None:
        """The next line behind *line* that says something, None where there is none."""
        return self._following[line]


def _spots(comment: Comment, lines: _Lines) -> Iterator[Spot]:
    """Where findings begin that *comment* is about: on a line, or in the block whose key stands there alone."""
    line = lines.next_to(comment.line) if comment.stands_alone else comment.line
    if line is None:
        return
    yield Spot(line)
    below = lines.next_to(line)
    if below is not None:
        text = lines.text(below)
        column = len(text) - len(text.lstrip(" \t")) + 1
        if find_key([lines.text(line), text], 2, column) is not None:
            yield Spot(below, column)


def _document_at(documents: Sequence[PlacedManifest], line: int) -> PlacedManifest | None:
    """The last of *documents*, in order, that begins on *line* or before it."""
    index = bisect_right(documents, line, key=lambda one: one.line)
    return documents[index - 1] if index else None

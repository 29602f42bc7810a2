"""What libyaml's syntax errors mean, in words that a person can act on, at the place to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeylint.formats.positions import place_of, point_at
from journeylint.model import Span

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

    from journeylint.formats.events import MarkLike

NEW_DOCUMENT_EXPECTED = "did not find expected <document start>"
_LONGEST_KEY = 1024
_BLANK = " \t\r\n"

_UNCLOSED = {
    "while parsing a flow sequence": "this '[' is not closed, or a ',' is missing before line {line}",
    "while parsing a flow mapping": "this '{{' is not closed, or a ',' is missing before line {line}",
    "while scanning a quoted scalar": "the quote that opens here is never closed",
}
_MEANINGS = {
    "could not find expected ':'": "neither 'key: value' nor '- item': a ':' is missing, or the indentation is wrong",
    "block sequence entries are not allowed in this context": "a '- ' cannot stand here: begin lists on a new line",
    "block mapping keys are not allowed in this context": "a '? ' cannot stand here: begin the mapping on a new line",
    NEW_DOCUMENT_EXPECTED: "the text goes on after the document's end: correct the indentation, or separate with '---'",
    "did not find expected '-' indicator": "expected '- ' as in the lines above: correct the indentation",
    "did not find expected key": "expected 'key: value' at the indentation of the lines above",
    "did not find expected node content": "a value is missing here",
    "found unexpected document indicator": "a line in quotes begins with '---' or '...': indent it, or close the quote",
    "found unexpected ':'": "a ':' inside an unquoted value: quote the value",
    "found unknown escape character": "unknown escape: write a backslash as '\\\\', or use single quotes",
    "did not find expected hexdecimal number": "an escape that lacks hexadecimal digits: \\x takes 2, \\u 4, \\U 8",
    "found invalid Unicode character escape code": "an escape that is no character: write the character itself",
    "found a tab character where an indentation space is expected": "a tab is used to indent: use spaces",
    "found a tab character that violates indentation": "a tab is used to indent: use spaces",
    "did not find expected comment or line break": "unexpected text behind '|' or '>': begin it on the next line",
    "found an indentation indicator equal to 0": "an indentation of 0 behind '|' or '>': use 1 to 9",
    "found undefined tag handle": "unknown tag: remove it",
    "found incompatible YAML document": "an unknown YAML version: write '%YAML 1.2', or remove the line",
    "found unknown directive name": "an unknown directive: remove the line, or quote a value that begins with '%'",
    "did not find expected alphabetic or numeric character": "quote a value that begins with '&' or '*'",
}
_TOLD_AT_THE_BEGINNING = frozenset(
    {"while scanning a simple key", "while scanning a directive", "while scanning an anchor", "while scanning an alias"}
)


def describe_syntax_error(error: MarkedYAMLError, text: str) -> tuple[str, Span, int]:
    """What is wrong, where, and the offset in *text* up to which libyaml has read."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    read = mark.index if mark is not None else 0
    if mark is None:
        return f"not valid YAML: {problem}", Span(1, 1, 1, 1), 0
    opened = _UNCLOSED.get(context)
    if opened is not None and error.context_mark is not None and _lacks_end(problem):
        return opened.format(line=mark.line + 1), _point(error.context_mark, text), read
    if context in _TOLD_AT_THE_BEGINNING and error.context_mark is not None:
        mark = error.context_mark
    return _explain(problem, context, mark, text), _point(mark, text), read


def _lacks_end(problem: str) -> bool:
    return problem.startswith(("did not find expected ',' or", "found unexpected end of stream"))


def _explain(problem: str, context: str, mark: MarkLike, text: str) -> str:
    if problem == "found character that cannot start any token":
        character = text[mark.index : mark.index + 1]
        if character == "\t":
            return "a tab is used to indent: use spaces"
        return f"a value cannot begin with {character!r}: quote it"
    if problem == "mapping values are not allowed in this context":
        line_start = max(text.rfind("\n", 0, mark.index), text.rfind("\r", 0, mark.index)) + 1
        if mark.index - line_start > _LONGEST_KEY:
            return f"a key of more than {_LONGEST_KEY:,} characters: YAML allows no longer ones"
        return "a ': ' inside an unquoted value, or a key at the wrong indentation: quote the value, or indent as above"
    return _MEANINGS.get(problem) or f"not valid YAML: {problem}{f' {context}' if context else ''}"


def _point(mark: MarkLike, text: str) -> Span:
    """A point at *mark*, or at the end of what is written where the mark is behind it."""
    if mark.index < len(text):
        return point_at((mark.line + 1, mark.column + 1))
    return point_at(place_of(text, len(text.rstrip(_BLANK))))

"""The lines of the YAML that people mostly write, each of which means the same whatever stands around it.

Such a line is blank, a comment, `---`, `key: value`, `- key: value` or `- value`, with a plain or simply quoted value
or none. Everything else (tabs, anchors, tags, flow collections, text over several lines, unusual keys, odd characters)
is left to libyaml.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from journeylint.formats.scalars import JsonScalar, ScalarError, resolve_plain

if TYPE_CHECKING:
    from journeylint.formats.limits import Limits

Line = tuple[int, "str | None", JsonScalar, "str | None", int]
"""What a line says: its level, key, value, its key again where a value may follow on deeper lines, and the level of
the mapping that `- key:` begins (0 for a line without dash, -1 for `- value`).

Levels grow with nesting: 2 x column for a line of a mapping, 2 x column + 1 for an item of a list, columns from 0.
"""

OUTSIDE: Final = -1
NO_CONTENT: Final = -2
SEPARATOR: Final = -3
_MOST_KNOWN: Final = 8192
_LONGEST_KNOWN: Final = 120
_BLANK_LINE: Final[Line] = (NO_CONTENT, None, None, None, 0)
_SEPARATOR_LINE: Final[Line] = (SEPARATOR, None, None, None, 0)

# For printable text only: character classes that leave out all else of Unicode take 20 ms to compile.
_WORD = "[^ :#]"
_NO_INDICATOR = "[^-?:,\\[\\]{}#&*!|>'\"%@` ]"
_PLAIN = rf"(?:(?={_NO_INDICATOR}){_WORD}|-(?=[0-9A-Za-z.]))(?:{_WORD}++|:(?! |\Z)|(?<! )\#|\ ++(?!\#|\Z))*+"
_VALUE = rf"""(?P<plain>{_PLAIN})|"(?P<double>[^"\\]*+)"|'(?P<single>[^']*+)'"""
_CONTENT = re.compile(
    rf"(?P<dash>\ *-\ +)?(?P<indent>\ *)(?:(?P<key>[A-Za-z_][A-Za-z0-9_./-]{{0,127}}+):(?=\ |\Z))?"
    rf"(?:\ *(?P<value>{_VALUE}))?(?P<rest>\ *(?:\ \#.*+)?)"
)
_COMMENT = re.compile(r" *(?:#.*+)?")
_SEPARATION = re.compile("--- *")
_NOT_TEXT = frozenset(["null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"])


class LineReader:
    """Says what lines mean, and remembers it: files of a kind repeat each other's lines.

    `known` has what is remembered, for those who cannot afford a call.
    """

    def __init__(self, limits: Limits) -> None:
        self.known: dict[str, Line] = {}
        self._heads: dict[str, Line] = {}
        self._longest_number = limits.number_characters
        # Every open collection takes a column, but for a list that begins in its key's.
        self._deepest_column = limits.depth - 3

    def read(self, text: str) -> Line:
        """What the line *text* says. Raises ValueError for one that is left to libyaml."""
        line = self.known.get(text) or self.learn(text)
        if line is None:
            raise ValueError(text)
        return line

    def learn(self, text: str) -> Line | None:
        """What the new line *text* says, or None for one that is left to libyaml."""
        # All that libyaml and YAML 1.2 see differently is unprintable, as are tabs and control characters.
        if not text.isprintable():
            return None
        head, _, tail = text.partition(": ")
        begun = self._heads.get(head)
        line = (self._complete(begun, tail) if begun is not None else None) or self._parse(text)
        if line is not None and len(text) <= _LONGEST_KNOWN:
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            self.known[text] = line
            if begun is None and line[1] is not None and line[3] is None:
                if len(self._heads) >= _MOST_KNOWN:
                    self._heads.clear()
                self._heads[head] = line
        return line

    def _complete(self, begun: Line, tail: str) -> Line | None:
        """What a line says that begins as *begun* did and ends with *tail*, or None where that takes a closer look."""
        value: JsonScalar
        first = tail[:1]
        if first == '"':
            if tail.find('"', 1) != len(tail) - 1 or "\\" in tail:
                return None
            value = tail[1:-1]
        else:
            if not first.isalnum() or ": " in tail or "#" in tail or tail[-1] in " :":
                return None
            try:
                value = resolve_plain(tail, self._longest_number)
            except ScalarError:
                return None
        return begun[0], begun[1], value, None, begun[4]

    def _parse(self, text: str) -> Line | None:
        found = _CONTENT.fullmatch(text)
        if found is None:
            return _parse_without_content(text)
        dash, key, written = found.group("dash", "key", "value")
        if key is None and (dash is None or written is None):
            return _parse_without_content(text)
        column = found.start("key" if key is not None else "value")
        if column > self._deepest_column or key in _NOT_TEXT or (dash is not None and found["indent"]):
            return None
        try:
            value = _read_value(found, self._longest_number)
        except ScalarError:
            return None
        item_level = 2 * text.index("-") + 1 if dash is not None else 0
        if key is None:
            return item_level, None, value, None, -1
        key = sys.intern(key)
        pending = key if written is None else None
        return (2 * column, key, value, pending, 0) if dash is None else (item_level, key, value, pending, 2 * column)


def find_columns(text: str) -> tuple[int, int]:
    """The 1-based columns at which the value of a line begins and the line's content ends, the latter exclusive.

    A missing value begins and ends behind the colon.
    """
    found = _CONTENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    end = found.start("rest") + 1
    return (found.start("value") + 1) or end, end


def _parse_without_content(text: str) -> Line | None:
    if _COMMENT.fullmatch(text):
        return _BLANK_LINE
    return _SEPARATOR_LINE if _SEPARATION.fullmatch(text) else None


def _read_value(found: re.Match[str], longest_number: int) -> JsonScalar:
    if found["value"] is None:
        return None
    plain = found["plain"]
    if plain is not None:
        return resolve_plain(plain, longest_number)
    return found["double"] if found["double"] is not None else found["single"]

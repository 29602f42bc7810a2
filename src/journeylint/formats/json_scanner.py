"""A strict JSON scanner that knows where everything stands, and reads on after what can be told and passed over."""

from __future__ import annotations

import enum
import math
import re
import sys
from json import loads
from typing import TYPE_CHECKING

from journeylint.formats.positions import Cursor, point_at
from journeylint.formats.problems import DocumentEndsError, ProblemList
from journeylint.formats.scalars import shorten
from journeylint.formats.spans import Place, SpanTree
from journeylint.model import Span
from journeylint.pointers import pointer_of

if TYPE_CHECKING:
    from journeylint.formats.limits import Limits
    from journeylint.model import JsonValue, Problem

_TOKEN = re.compile(
    r"""(?P<string>"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")"""
    r"""|(?P<number>-?(?:0|[1-9][0-9]*+)(?P<fraction>(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?)(?![0-9.a-zA-Z_+-]))"""
    r"""|(?P<word>(?:true|false|null)(?![0-9a-zA-Z_]))"""
    r"""|(?P<mark>[][{},:])"""
)
_BLANKS = re.compile(r"[ \t\r\n]*+")
_STRING_START = re.compile(r"""\"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+""")
_BEFORE_LONE_SURROGATE = re.compile(
    r"(?:[^\\\ud800-\udfff]|\\[^u]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LAX_WORD = re.compile(r"[^\s\][{},:\"]+")
_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}


class _Expected(enum.Enum):
    """What may come next; the value says it to a person."""

    VALUE = "a value"
    ITEM = "a value, or ']'"
    KEY = "a key in double quotes"
    MEMBER = "a key in double quotes, or '}'"
    COLON = "':'"
    NEXT = "',', or the closing bracket"
    END = "the end of the file"


class _Frame:
    """A collection that is not closed yet; what is dropped is read but not kept."""

    __slots__ = ("container", "is_dropped", "key", "node", "token")

    def __init__(
        self, container: dict[str, JsonValue] | list[JsonValue], node: int, token: str | int, *, is_dropped: bool
    ):
        self.container, self.node, self.token, self.is_dropped = container, node, token, is_dropped
        self.key: str | None = None


def scan_json(text: str, limits: Limits) -> ScannedJson:
    """What is in *text*: the value as far as it could be read, the spans of its nodes and the problems."""
    scanner = ScannedJson(text, limits)
    scanner.scan()
    return scanner


class ScannedJson:
    """A JSON text, scanned: `value`, `spans` and `problems` are ready after `scan`."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.value: JsonValue = None
        self.spans = SpanTree()
        self._text, self._limits = text, limits
        self._problems = ProblemList()
        self._cursor = Cursor(text)
        self._stack: list[_Frame] = []
        self._expected = _Expected.VALUE
        self._drops_next = False

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the text."""
        return self._problems.found

    def scan(self) -> None:
        """Read the whole text."""
        end = (1, 1)
        offset = 0
        try:
            while True:
                offset = self._skip_blanks(offset)
                found = _TOKEN.match(self._text, offset)
                if found is None:
                    if offset == len(self._text) and self._expected is _Expected.END:
                        return
                    raise self._fail_at(offset)
                line, column = self._cursor.move_to(offset)
                offset = found.end()
                end = (line, column + offset - found.start())
                self._take(found, Span(line, column, *end))
        except DocumentEndsError:
            while self._stack:
                self._close(end)

    def _skip_blanks(self, offset: int) -> int:
        found = _BLANKS.match(self._text, offset)
        return offset if found is None else found.end()

    def _take(self, found: re.Match[str], span: Span) -> None:
        text, kind = found[0], found.lastgroup
        if self._expected is _Expected.END:
            raise self._refuse(found.start(), span)
        if kind == "mark":
            self._take_mark(text, found.start(), span)
        elif kind == "string" and self._expected in (_Expected.KEY, _Expected.MEMBER):
            self._take_key(self._read_string(text, span), span)
        elif self._expected in (_Expected.VALUE, _Expected.ITEM):
            self._add_scalar(self._read_scalar(found, span), span)
        else:
            raise self._refuse(found.start(), span)

    def _take_mark(self, mark: str, offset: int, span: Span) -> None:
        expected = self._expected
        takes_value = expected in (_Expected.VALUE, _Expected.ITEM)
        if mark in "{[" and takes_value:
            self._open({} if mark == "{" else [], span)
            self._expected = _Expected.MEMBER if mark == "{" else _Expected.ITEM
        elif mark == ":" and expected is _Expected.COLON:
            self._expected = _Expected.VALUE
        elif mark == "," and expected is _Expected.NEXT:
            self._expected = _Expected.KEY if self._is_in_object() else _Expected.VALUE
        elif self._may_close(mark):
            self._close((span.end_line, span.end_column))
        else:
            raise self._refuse(offset, span)

    def _may_close(self, mark: str) -> bool:
        if mark == "]":
            return self._expected is _Expected.ITEM or (self._expected is _Expected.NEXT and not self._is_in_object())
        return mark == "}" and (
            self._expected is _Expected.MEMBER or (self._expected is _Expected.NEXT and self._is_in_object())
        )

    def _is_in_object(self) -> bool:
        return isinstance(self._stack[-1].container, dict)

    def _take_key(self, key: str, span: Span) -> None:
        frame = self._stack[-1]
        self._expected = _Expected.COLON
        if key in frame.container:
            first = self.spans.locate(self._pointer(key)).line
            told = f"duplicate key {shorten(key)}: it is already set on line {first}, keep one of them"
            self._problems.note(told, self._pointer(key), span)
            self._drops_next = True
        frame.key = sys.intern(key)

    def _open(self, container: dict[str, JsonValue] | list[JsonValue], span: Span) -> None:
        if len(self._stack) >= self._limits.depth:
            told = f"nested more than {self._limits.depth} levels deep: flatten it"
            raise self._problems.stop(told, self._pointer(), span)
        token = self._next_token()
        node = self._add_node(container, span, is_dropped=self._drops_next)
        self._stack.append(_Frame(container, node, token, is_dropped=self._drops_next))
        self._drops_next = False

    def _close(self, end: Place) -> None:
        frame = self._stack.pop()
        self.spans.close(frame.node, end)
        if frame.is_dropped:
            self.spans.drop(frame.node)
        self._expected = _Expected.NEXT if self._stack else _Expected.END

    def _add_scalar(self, value: JsonValue, span: Span) -> None:
        node = self._add_node(value, span, is_dropped=self._drops_next)
        self.spans.close(node, (span.end_line, span.end_column))
        if self._drops_next:
            self.spans.drop(node)
        self._drops_next = False
        self._expected = _Expected.NEXT if self._stack else _Expected.END

    def _add_node(self, value: JsonValue, span: Span, *, is_dropped: bool) -> int:
        frame = self._stack[-1] if self._stack else None
        node = self.spans.open(frame.key if frame is not None else None, (span.line, span.column))
        if node >= self._limits.nodes:
            raise self._problems.stop(f"the file holds more than {self._limits.nodes:,} nodes: split it", "", span)
        if frame is None:
            self.value = value
        elif isinstance(frame.container, list):
            frame.container.append(value)
        elif frame.key is not None and not is_dropped:
            frame.container[frame.key] = value
        return node

    def _read_scalar(self, found: re.Match[str], span: Span) -> JsonValue:
        text = found[0]
        if found["string"] is not None:
            return self._read_string(text, span)
        if found["word"] is not None:
            return _WORDS[text]
        if len(text) > self._limits.number_characters:
            told = f"a number of {len(text):,} characters: at most {self._limits.number_characters} are read"
            self._problems.note(told, self._pointer(), span)
            return None
        value = float(text) if found["fraction"] else int(text)
        if math.isinf(value):
            told = f"the number {shorten(text)} is too large to be held: quote it if it is text"
            self._problems.note(told, self._pointer(), span)
            return None
        return value

    def _read_string(self, text: str, span: Span) -> str:
        value = str(loads(text)) if "\\" in text else text[1:-1]
        if not value.isascii() and _SURROGATE.search(value):
            before = _BEFORE_LONE_SURROGATE.match(text)
            offset = before.end() if before is not None else 0
            at = point_at((span.line, span.column + offset), 6 if text[offset] == "\\" else 1)
            told = "half of a surrogate pair: it is no character, write both halves or remove it"
            self._problems.note(told, self._pointer(), at)
            return _SURROGATE.sub("\ufffd", value)
        return value

    def _next_token(self) -> str | int:
        if not self._stack:
            return ""
        frame = self._stack[-1]
        return len(frame.container) if isinstance(frame.container, list) else frame.key or ""

    def _pointer(self, key: str | None = None) -> str:
        """The pointer of the node that comes next, or of the member *key* of the innermost object."""
        tokens: list[str | int] = []
        for frame in self._stack:
            if frame.is_dropped:
                return pointer_of(tokens)
            if frame is not self._stack[0]:
                tokens.append(frame.token)
        if key is not None:
            tokens.append(key)
        elif self._stack and self._expected in (_Expected.VALUE, _Expected.ITEM):
            tokens.append(self._next_token())
        return pointer_of(tokens)

    def _refuse(self, offset: int, span: Span) -> DocumentEndsError:
        told = f"not valid JSON: {shorten(self._text[offset : offset + span.end_column - span.column])} stands where"
        if self._text[offset] in "}]" and self._text[:offset].rstrip(" \t\r\n").endswith(","):
            told = f"not valid JSON: a ',' stands before {self._text[offset]!r} where"
        return self._problems.stop(f"{told} {self._expected.value} is expected", self._pointer(), span)

    def _fail_at(self, offset: int) -> DocumentEndsError:
        """The problem with what is no token, or with the end of the text."""
        text = self._text
        place = self._cursor.move_to(offset)
        if offset == len(text):
            told = f"not valid JSON: it ends where {self._expected.value} is expected"
            return self._problems.stop(told, self._pointer(), point_at(place))
        if text[offset] == '"':
            return self._fail_in_string(offset)
        if text[offset] == "'":
            told = "not valid JSON: text stands in double quotes, not in single ones"
        elif text.startswith(("//", "/*", "#"), offset):
            told = "not valid JSON: comments are not allowed, remove it"
        else:
            found = _LAX_WORD.match(text, offset)
            word = found[0] if found is not None else text[offset]
            told = f"not valid JSON: {shorten(word)} stands where {self._expected.value} is expected"
        return self._problems.stop(told, self._pointer(), point_at(place))

    def _fail_in_string(self, offset: int) -> DocumentEndsError:
        text = self._text
        found = _STRING_START.match(text, offset)
        wrong = found.end() if found is not None else offset
        if wrong == len(text) or text[wrong] in "\r\n":
            told, wrong = "not valid JSON: the quote that opens here is not closed on its line", offset
        elif text[wrong] == "\\":
            told = f"not valid JSON: {shorten(text[wrong : wrong + 2])} is no escape that JSON knows"
        else:
            told = (
                f"not valid JSON: the control character U+{ord(text[wrong]):04X} inside quotes, write it as an escape"
            )
        return self._problems.stop(told, self._pointer(), point_at(self._cursor.move_to(wrong)))

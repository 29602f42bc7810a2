"""The rows of a page of JSON, decoded one at a time, and where each stands.

Only one row is held beside the text. A page that is not in order is scanned slowly from there on, which tells what is wrong
with it and where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from journeylint.encodings import WrongEncodingError, decode_utf8
from journeylint.formats.json import make_decoder
from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.formats.positions import Cursor
from journeylint.model import JsonValue, Problem, Span
from journeylint.pointers import pointer_of, tokens_of

if TYPE_CHECKING:
    from journeylint.formats.json_scanner import ScannedJson

_BLANKS = re.compile(r"[ \t\r\n]*+")
_LIST = "value"
_CONTEXT = "@odata.context"
_NEXT = "@odata.nextLink"


class PageRow(NamedTuple):
    """A row as it stands, the context of its page, and what is wrong with it.

    `locate` gives the span of a member, or of the row for `""`.
    """

    value: JsonValue
    context: str
    locate: Callable[[str], Span]
    problem: Problem | None = None


class PageEnd(NamedTuple):
    """The end of a page that is in order; `leads_on` says whether it names another one."""

    context: str
    leads_on: bool


def read_page(file: str, text: str) -> Iterator[PageRow | PageEnd | Problem]:
    """The rows in *text*, the content of *file*, which is read again where spans are asked for later, and the page's end.

    What is wrong beside the rows comes as problems. A list without a page around it, or a row, has no such end.
    """
    given = 0
    reader = _Reader(file, text)
    try:
        for row in reader.rows():
            given += 1
            yield row
        if reader.end is not None:
            yield reader.end
    except (ValueError, RecursionError):
        yield from _read_slowly(text, given)


class _Reader:
    """Goes over a text once; raises ValueError or RecursionError where it is not in order."""

    def __init__(self, file: str, text: str) -> None:
        self._file, self._text = file, text
        self._decoder = make_decoder(DEFAULT_LIMITS)
        self._cursor = Cursor(text)
        self._context, self._leads_on = "", False
        self.end: PageEnd | None = None

    def rows(self) -> Iterator[PageRow]:
        """The rows, as they come."""
        start = self._skip(0)
        if self._text[start : start + 1] == "[":
            end = yield from self._read_list(start)
        else:
            self._context = self._find_context(start)
            end, has_list = yield from self._read_members(start)
            if has_list:
                self.end = PageEnd(self._context, self._leads_on)
            else:
                yield self._row(start, end, self._decoder.raw_decode(self._text, start)[0])
        if self._skip(end) != len(self._text):
            raise ValueError("something stands behind the end")

    def _find_context(self, start: int) -> str:
        """The context of the page, which may stand behind its rows."""
        at = self._skip(start + 1)
        if not self._text.startswith(f'"{_CONTEXT}"', at):
            return "" if f'"{_CONTEXT}"' not in self._text else self._skim_context(start)
        value, _ = self._decoder.raw_decode(self._text, self._pass(self._skip(at + len(_CONTEXT) + 2), ":"))
        return value if isinstance(value, str) else ""

    def _skim_context(self, start: int) -> str:
        value, _ = self._decoder.raw_decode(self._text, start)
        context = value.get(_CONTEXT) if isinstance(value, dict) else None
        return context if isinstance(context, str) else ""

    def _read_members(self, start: int) -> Generator[PageRow, None, tuple[int, bool]]:
        """The rows of the list in the object at *start*; returns where that ends, and whether it has such a list."""
        at, has_list = self._pass(start, "{"), False
        seen: set[str] = set()
        while self._text[at : at + 1] != "}":
            key, at = self._decoder.raw_decode(self._text, self._pass(at, ",") if seen else at)
            if not isinstance(key, str) or key in seen:
                raise ValueError("no key, or one that is there already")
            seen.add(key)
            at = self._pass(self._skip(at), ":")
            if key == _LIST and self._text[at : at + 1] == "[":
                at, has_list = (yield from self._read_list(at)), True
            else:
                value, at = self._decoder.raw_decode(self._text, at)
                self._leads_on = self._leads_on or (key == _NEXT and bool(value))
            at = self._skip(at)
        return at + 1, has_list

    def _read_list(self, start: int) -> Generator[PageRow, None, int]:
        """The items of the list at *start*, which are rows; returns where it ends."""
        at, is_first = self._pass(start, "["), True
        while self._text[at : at + 1] != "]":
            at = at if is_first else self._pass(at, ",")
            value, end = self._decoder.raw_decode(self._text, at)
            yield self._row(at, end, value)
            at, is_first = self._skip(end), False
        return at + 1

    def _row(self, start: int, end: int, value: JsonValue) -> PageRow:
        span = Span(*self._cursor.move_to(start), *self._cursor.move_to(end))
        return PageRow(value, self._context, _RowSpans(self._file, start, end, span).locate)

    def _pass(self, at: int, mark: str) -> int:
        if self._text[at : at + 1] != mark:
            raise ValueError(f"{mark!r} is missing")
        return self._skip(at + 1)

    def _skip(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return at if found is None else found.end()


class _RowSpans:
    """The spans of a row, found in its file when they are asked for; only the latest row's are kept."""

    __slots__ = ("_end", "_file", "_span", "_start")
    _latest_text: tuple[str, str] | None = None
    _latest_row: tuple[_RowSpans, ScannedJson] | None = None

    def __init__(self, file: str, start: int, end: int, span: Span) -> None:
        self._file, self._start, self._end, self._span = file, start, end, span

    def locate(self, member: str) -> Span:
        """The span of the member's value; of the row where there is no such member, or the file is another by now."""
        if not member:
            return self._span
        inner = self._scan().spans.locate(pointer_of((member,)))
        if inner.line == inner.column == 1:
            return self._span
        line, column = self._span.line - 1, self._span.column - 1
        return Span(
            inner.line + line,
            inner.column + (column if inner.line == 1 else 0),
            inner.end_line + line,
            inner.end_column + (column if inner.end_line == 1 else 0),
        )

    def _scan(self) -> ScannedJson:
        latest = _RowSpans._latest_row
        if latest is None or latest[0] is not self:
            from journeylint.formats.json_scanner import scan_json  # noqa: PLC0415 - most rows are never asked for

            scanned = scan_json(self._read()[self._start : self._end], DEFAULT_LIMITS)
            latest = _RowSpans._latest_row = (self, scanned)
        return latest[1]

    def _read(self) -> str:
        latest = _RowSpans._latest_text
        if latest is None or latest[0] != self._file:
            try:
                with Path(self._file).open("rb") as stream:
                    text = decode_utf8(stream.read(DEFAULT_LIMITS.file_bytes))
            except (OSError, WrongEncodingError):  # somebody has changed it meanwhile
                text = ""
            latest = _RowSpans._latest_text = (self._file, text)
        return latest[1]


def _read_slowly(text: str, given: int) -> Iterator[PageRow | Problem]:
    """All that is wrong with a text that is not in order, and its rows but for the first ones, which were *given*."""
    from journeylint.formats.json_scanner import scan_json  # noqa: PLC0415 - most files are in order

    scanned = scan_json(text, DEFAULT_LIMITS)
    base, rows, context = _find_rows(scanned.value)
    faults: dict[int, Problem] = {}
    others: list[Problem] = []
    for problem in scanned.problems:
        index = _index_in(tokens_of(problem.pointer), base, len(rows))
        if index is None:
            others.append(problem)
        else:
            faults.setdefault(index, problem)
    if not scanned.problems:  # deeper than the decoder goes
        others.append(Problem("not valid JSON", "", scanned.spans.locate("")))
    yield from others
    for index, row in enumerate(rows):
        if index >= given and (base is not None or not others):
            yield PageRow(row, context, _locator(scanned, base, index), faults.get(index))


def _find_rows(value: JsonValue) -> tuple[tuple[str, ...] | None, list[JsonValue], str]:
    """The names that lead to the list of rows (None where the document is the row), the rows, and the context."""
    if isinstance(value, list):
        return (), value, ""
    context = value.get(_CONTEXT) if isinstance(value, dict) else None
    listed = value.get(_LIST) if isinstance(value, dict) else None
    told = context if isinstance(context, str) else ""
    return ((_LIST,), listed, told) if isinstance(listed, list) else (None, [value], told)


def _index_in(tokens: Sequence[str], base: tuple[str, ...] | None, count: int) -> int | None:
    """The row that *tokens* lead into, if they do."""
    if base is None:
        return 0 if tokens else None
    inside = tokens[len(base) :] if tuple(tokens[: len(base)]) == base else []
    return int(inside[0]) if inside and inside[0].isdigit() and int(inside[0]) < count else None


def _locator(scanned: ScannedJson, base: tuple[str, ...] | None, index: int) -> Callable[[str], Span]:
    above = () if base is None else (*base, str(index))

    def locate(member: str) -> Span:
        """The span of a member of the row, or of the row."""
        return scanned.spans.locate(pointer_of((*above, member) if member else above))

    return locate

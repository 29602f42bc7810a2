"""JSON (RFC 8259), strictly: the document as plain data, the span of every node, and all that is wrong with it.

The standard library's parser gives the values of a faultless text; a scanner of our own goes over a text only where
something is wrong with it or a span is asked for.
"""

from __future__ import annotations

import json
import math
from functools import partial
from typing import TYPE_CHECKING, Never

from journeylint.formats.limits import DEFAULT_LIMITS, Limits
from journeylint.model import Document, JsonValue, Span

if TYPE_CHECKING:
    from journeylint.formats.json_scanner import ScannedJson

_BYTE_ORDER_MARK = "\ufeff"


class JsonLoader:
    """Reads files of one JSON document."""

    suffixes = (".json",)

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._decode = make_decoder(limits).decode

    def load(self, text: str) -> list[Document]:
        """The one document of *text*. A byte order mark at the beginning is accepted and no column."""
        text = text.removeprefix(_BYTE_ORDER_MARK)
        spans = _LazySpans(text, self._limits)
        if _is_suspicious(text, self._limits):
            return [self._load_slowly(text)]
        try:
            value: JsonValue = self._decode(text)
        except (ValueError, RecursionError):
            return [self._load_slowly(text)]
        return [Document(1, value, spans.locate)]

    def _load_slowly(self, text: str) -> Document:
        scanned = _scan(text, self._limits)
        return Document(1, scanned.value, scanned.spans.locate, tuple(scanned.problems))


class _LazySpans:
    """The spans of a text, found when the first is asked for and not kept beyond the next document's."""

    __slots__ = ("_limits", "_text")
    _latest: tuple[str, ScannedJson] | None = None

    def __init__(self, text: str, limits: Limits) -> None:
        self._text, self._limits = text, limits

    def locate(self, pointer: str) -> Span:
        """The span of the node at *pointer*, or of its nearest ancestor that is there."""
        latest = _LazySpans._latest
        if latest is None or latest[0] is not self._text:
            latest = _LazySpans._latest = (self._text, _scan(self._text, self._limits))
        return latest[1].spans.locate(pointer)


def _scan(text: str, limits: Limits) -> ScannedJson:
    from journeylint.formats.json_scanner import scan_json  # noqa: PLC0415 - most runs see no JSON

    return scan_json(text, limits)


def _is_suspicious(text: str, limits: Limits) -> bool:
    """Whether *text* may hold what the standard library accepts and we don't: surrogates, or too much nesting."""
    nests = text.count("{") + text.count("[") > limits.depth or text.count(",") >= limits.nodes - 1
    return nests or "\\ud" in text or "\\uD" in text or not (text.isascii() or _is_encodable(text))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def make_decoder(limits: Limits) -> json.JSONDecoder:
    """The standard library's parser, strict: it raises ValueError for duplicate keys and what JSON has no numbers for."""
    return json.JSONDecoder(
        object_pairs_hook=_build_object,
        parse_constant=_refuse,
        parse_int=partial(_read_int, limits.number_characters),
        parse_float=partial(_read_float, limits.number_characters),
    )


def _build_object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    built = dict(pairs)
    return built if len(built) == len(pairs) else _refuse("a duplicate key")


def _read_int(longest: int, digits: str) -> int:
    return int(digits) if len(digits) <= longest else _refuse(digits)


def _read_float(longest: int, digits: str) -> float:
    value = float(digits)
    return value if len(digits) <= longest and not math.isinf(value) else _refuse(digits)


def _refuse(what: str) -> Never:
    raise ValueError(what)

"""Which encoding the bytes of a file are in, and their text."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from journeylint.formats.positions import place_of, point_at

if TYPE_CHECKING:
    from journeylint.model import Span

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class WrongEncodingError(ValueError):
    """Bytes are not UTF-8; `span` is where the first wrong one stands."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.span = span


def name_wide_encoding(data: bytes) -> str | None:
    """`UTF-16` or `UTF-32` where *data* begins as such a file does (section 5.2 of YAML 1.2), else None."""
    head = data[:4]
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if 0 not in head:
        return None
    zeros = tuple(byte == 0 for byte in head)
    if zeros in ((True, True, True, False), (False, True, True, True)):
        return "UTF-32"
    return "UTF-16" if zeros[:2] in ((True, False), (False, True)) else None


def decode_utf8(data: bytes) -> str:
    """The text of *data*, without a byte order mark. Raises WrongEncodingError at the first byte that is not UTF-8."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        byte = data[error.start]
        told = f"is not UTF-8: the byte 0x{byte:02X} is wrong here, save the file as UTF-8"
        raise WrongEncodingError(told, point_at(place_of(before, len(before)))) from error

"""The text of a file and back: what stands before the text, a byte order mark, stays."""

from __future__ import annotations

import codecs


def text_of(content: bytes) -> str:
    """The text of a file's *content*, without byte order mark. Raises UnicodeDecodeError where it is not UTF-8."""
    return content.removeprefix(codecs.BOM_UTF8).decode()


def content_of(text: str, before: bytes) -> bytes:
    """*text* as the content of a file that held *before*."""
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()

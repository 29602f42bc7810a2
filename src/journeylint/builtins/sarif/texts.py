"""Texts as a SARIF log carries them: as JSON, of a bounded length, with a full stop, and with no link of their own."""

from __future__ import annotations

from collections.abc import Iterable
from json.encoder import encode_basestring

LONGEST_TEXT = 20_000
"""No viewer shows more of a message; without a bound one message could fill a whole log."""

_ENDS = (".", "!", "?", "…", "\u3002", "\uff01", "\uff1f")  # the last three are those of Chinese and Japanese

quote = encode_basestring  # what json.dumps does with a str if ensure_ascii is off, without its detours


def cut(text: str, most: int = LONGEST_TEXT) -> str:
    """*text*, or where it has more than *most* characters as many of its first, the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def end_sentence(text: str) -> str:
    """*text* with a full stop, unless it ends a sentence already; one that is blank becomes `No message.`."""
    if text[-1:] == ".":  # as nearly all do
        return text
    text = text.rstrip()
    if text.endswith(_ENDS):
        return text
    return f"{text}." if text else "No message."


def unlink(text: str) -> str:
    """*text*, cut as `cut` does, in which nothing is a link: viewers take `[words](target)` in a message for one."""
    return cut(text.replace("](", "] (")) if may_be_changed(text) else text


def may_be_changed(text: str) -> bool:
    """Whether `unlink` changes *text*, or may change a part of it."""
    return "](" in text or len(text) > LONGEST_TEXT


def escape_link_words(text: str) -> str:
    """*text* as it stands in the words of a link in a message."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def join_lines(text: str) -> str:
    """*text* in one line: each run of blanks and line breaks as one blank."""
    return " ".join(text.split())


def make_encodable(json_text: str) -> str:
    """*json_text* with halves of surrogate pairs, which UTF-8 does not have, as JSON escapes."""
    if json_text.isascii():
        return json_text
    try:
        json_text.encode()
    except UnicodeEncodeError:
        return json_text.encode("utf-8", "backslashreplace").decode()
    return json_text


def byte_length(texts: Iterable[str]) -> int:
    """How many bytes *texts* take as UTF-8, halves of surrogate pairs as JSON escapes."""
    return sum(len(text) if text.isascii() else len(text.encode("utf-8", "backslashreplace")) for text in texts)

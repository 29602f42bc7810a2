"""Values of manifests in messages: quoted, cut to a length that a line can carry, and free of control characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LONGEST_TEXT = 60
_MOST_BITS = 126
_WORDS = {"None": "null", "True": "true", "False": "false"}


def quote_value(value: object) -> str:
    """*value* as a message shows it: text in quotes with escapes, cut after 60 characters; a list as `a list`."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]!r}…"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return "a number of more than 37 digits"
    return _WORDS.get(repr(value), repr(value))


def add_sentence(message: str, sentence: str) -> str:
    """*message*, and *sentence* behind it if there is one."""
    if not sentence:
        return message
    message = message.rstrip()
    return f"{message}{'' if message.endswith(('.', '!', '?')) else '.'} {sentence}"


def join_choices(words: Iterable[str], *, last: str = "or") -> str:
    """`a, b or c`: the *words* as they are, in their order."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def name_place(tokens: Sequence[str | int]) -> str:
    """The node at *tokens* in words, such as `'spec.segments[0].name'` (items count from 0), or `the document`."""
    if not tokens:
        return "the document"
    text = "".join(f"[{token}]" if isinstance(token, int) else f".{token}" for token in tokens)
    return quote_value(text.removeprefix("."))

"""Where an override holds: its `files`, of which some may end in a JSON pointer (`journeys/*.yaml#/spec/segments/0`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from journeylint.pointers import tokens_of
from journeylint.settings.values import PlacePattern, Scope, Word

ANY_TOKEN = "*"  # noqa: S105 - a token of a pointer
_BAD_ESCAPE = re.compile(r"~(?![01])")


def scope_from(files: Sequence[Word]) -> Scope:
    """The scope that *files* describe; none of them has a problem (see `scope_problem`).

    A pattern that begins with `!` takes files out of all patterns above it, whether these have pointers or not.
    """
    parts = [_split(word.text) for word in files]
    whole = tuple(pattern for pattern, pointer in parts if pointer is None)
    places = tuple(
        PlacePattern(
            (pattern, *(later for later, _ in parts[index + 1 :] if later.startswith("!"))),
            tuple(None if token == ANY_TOKEN else token for token in tokens_of(pointer)),
        )
        for index, (pattern, pointer) in enumerate(parts)
        if pointer is not None
    )
    names_files = any(not pattern.startswith("!") for pattern in whole)
    return Scope(tuple(files), whole if names_files else (), places)


def scope_problem(text: str) -> str | None:
    """What is wrong with one of the `files` of an override, or None."""
    pattern, pointer = _split(text)
    if pointer is None:
        return None
    if pattern.startswith("!"):
        return f"{text!r} takes files out, which it cannot do for a part of them - leave out '#{pointer}'"
    if not pattern:
        return f"{text!r} has no pattern of files before the '#' - write '*{text}' for all files"
    if pointer and not pointer.startswith("/"):
        return f"{text!r}: a JSON pointer begins with '/' - write '{pattern}#/{pointer}', or '\\#' for a '#' in a name"
    if _BAD_ESCAPE.search(pointer):
        return f"{text!r}: a '~' in a JSON pointer is written '~0', and a '/' inside a name '~1'"
    return None


def _split(text: str) -> tuple[str, str | None]:
    """The pattern of files and the pointer behind the first `#` that no backslash is before; None without one."""
    position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
        elif text[position] == "#":
            return text[:position], text[position + 1 :]
        else:
            position += 1
    return text, None

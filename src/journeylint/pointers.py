"""JSON pointers (RFC 6901): text such as `/spec/segments/0`, and the list of tokens that it stands for."""

from __future__ import annotations

from collections.abc import Iterable

from journeylint.model import JsonValue


def pointer_of(tokens: Iterable[str | int]) -> str:
    """The pointer that walks *tokens*: names of members and 0-based indexes; `""` for none."""
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def tokens_of(pointer: str) -> list[str]:
    """The tokens of *pointer*, unescaped; indexes stay text. Raises ValueError where it does not begin with `/`."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON pointer begins with '/', not as {pointer!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def value_at(data: JsonValue, pointer: str) -> JsonValue:
    """The value at *pointer* in *data*; raises LookupError where there is none."""
    for token in tokens_of(pointer):
        if isinstance(data, dict):
            data = data[token]
        elif isinstance(data, list):
            if not (token.isascii() and token.isdigit()):
                raise LookupError(token)
            data = data[int(token)]
        else:
            raise LookupError(token)  # noqa: TRY004 - a pointer that leads nowhere is a failed look-up
    return data

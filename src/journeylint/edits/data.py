"""What edits make of plain data: the yardstick that edited texts are held against."""

from __future__ import annotations

from collections.abc import Iterable

from journeylint.edits.errors import EditError
from journeylint.model import Edit, JsonValue, Operation
from journeylint.pointers import tokens_of

END = "-"
"""The last token of a pointer that stands for the place behind a list's items."""


def apply_edits(data: JsonValue, edits: Iterable[Edit]) -> JsonValue:
    """*data* with *edits* applied, one after another; what does not change is shared with it. EditError where one does not
    apply.
    """
    for edit in edits:
        data = _copy(data)
        _apply(data, edit)
    return data


def is_same(one: JsonValue, other: JsonValue) -> bool:
    """Whether two values are the same in type and content; the order of members does not matter."""
    return repr(one) == repr(other) or _is_same(one, other)


def _is_same(one: JsonValue, other: JsonValue) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return one == other or (one != one and other != other)  # noqa: PLR0124 - not-a-number stays not-a-number


def _apply(data: JsonValue, edit: Edit) -> None:
    match edit.operation:
        case Operation.SET:
            parent, token = _parent_of(data, edit.pointer)
            if isinstance(parent, list):
                parent[_index_in(parent, token, edit.pointer)] = edit.value
            else:
                parent[token] = edit.value
        case Operation.REMOVE:
            _take(data, edit.pointer)
        case Operation.INSERT:
            _insert(data, edit.pointer, edit.value)
        case Operation.MOVE:
            if f"{edit.to}/".startswith(f"{edit.pointer}/"):
                raise EditError(f"{edit.pointer!r} cannot be moved into itself")
            _insert(data, edit.to, _take(data, edit.pointer))


def _take(data: JsonValue, pointer: str) -> JsonValue:
    parent, token = _parent_of(data, pointer)
    if isinstance(parent, list):
        return parent.pop(_index_in(parent, token, pointer))
    if token not in parent:
        raise EditError(f"there is no {pointer!r}")
    return parent.pop(token)


def _insert(data: JsonValue, pointer: str, value: JsonValue) -> None:
    parent, token = _parent_of(data, pointer)
    if isinstance(parent, list):
        if token != END:
            raise EditError(f"items are added at the end of a list only, not at {pointer!r}")
        parent.append(value)
    elif token in parent:
        raise EditError(f"{pointer!r} is there already")
    else:
        parent[token] = value


def _copy(value: JsonValue) -> JsonValue:
    return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value


def _parent_of(data: JsonValue, pointer: str) -> tuple[dict[str, JsonValue] | list[JsonValue], str]:
    """The collection that holds the place at *pointer* in *data*, copied with all on the way to it, and the last token."""
    tokens = tokens_of(pointer)
    if not tokens:
        raise EditError("a manifest cannot be put in its own place")
    for depth, token in enumerate(tokens[:-1]):
        if isinstance(data, dict) and token in data:
            inner = _copy(data[token])
            data[token] = inner
        elif isinstance(data, list):
            index = _index_in(data, token, pointer)
            inner = _copy(data[index])
            data[index] = inner
        else:
            raise EditError(f"there is no '/{'/'.join(tokens[: depth + 1])}' in the text")
        data = inner
    if not isinstance(data, dict | list):
        raise EditError(f"{pointer!r} leads into a value that is neither mapping nor list")
    return data, tokens[-1]


def _index_in(items: list[JsonValue], token: str, pointer: str) -> int:
    if not (token.isascii() and token.isdigit() and int(token) < len(items)):
        raise EditError(f"there is no {pointer!r}")
    return int(token)

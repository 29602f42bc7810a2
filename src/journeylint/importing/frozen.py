"""What rows say, kept as bytes until names are given: a tenth of what Python's values take."""

from __future__ import annotations

import marshal
import math
from collections.abc import Callable, Mapping
from typing import Any

from journeylint.formats.limits import DEFAULT_LIMITS
from journeylint.import_ports import ImportedValue, RowReference
from journeylint.model import JsonValue

_DEEPEST = DEFAULT_LIMITS.depth - 4
_MOST_BITS = 1_000


class NotJsonError(ValueError):
    """A value cannot be written into a manifest; the text says why."""


def freeze(spec: Mapping[str, ImportedValue]) -> bytes:
    """*spec* as bytes for `thaw`. Raises NotJsonError for what JSON, or a file in UTF-8, cannot hold."""
    return marshal.dumps(_prepare(spec, 0))


def thaw(data: bytes, name_of: Callable[[str, str], str]) -> dict[str, JsonValue]:
    """The spec of which `freeze` made *data*; *name_of* gives the name for the kind and id of a reference."""
    spec: dict[str, JsonValue] = _resolve(marshal.loads(data), name_of)  # noqa: S302 - the bytes are our own
    return spec


def check_text(text: str) -> str:
    """*text*, if a file can hold it; NotJsonError otherwise."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise NotJsonError("it has half of a surrogate pair, which is no character") from error
    return text


def _prepare(value: object, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return check_text(value)  # type: ignore[arg-type]  # mypy does not follow `type()`
    if value is None or kind is bool:
        return value
    if isinstance(value, RowReference):
        return (check_text(value.kind), check_text(value.id))
    if kind is int or kind is float:
        if kind is float and not math.isfinite(value):  # type: ignore[arg-type]  # as above
            raise NotJsonError(f"{value} is no number that can be written")
        if kind is int and value.bit_length() > _MOST_BITS:  # type: ignore[attr-defined]  # as above
            raise NotJsonError("a number has too many digits")
        return value
    if depth >= _DEEPEST:
        raise NotJsonError(f"it is nested more than {_DEEPEST} levels deep")
    if isinstance(value, Mapping):
        return {check_text(_key(key)): _prepare(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_prepare(item, depth + 1) for item in value]
    raise NotJsonError(f"a value of type {kind.__name__} cannot be written")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotJsonError(f"a name is of type {type(key).__name__}, not text")
    return key


def _resolve(value: Any, name_of: Callable[[str, str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _resolve(item, name_of) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, name_of) for item in value]
    return name_of(*value) if isinstance(value, tuple) else value

"""What rows say, kept as bytes until names are given: a tenth of what Python's values take."""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Mapping
from typing import Any

from journeylint.import_ports import ImportedValue, RowReference
from journeylint.model import JsonValue

_MAY_BE_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")
"""How half of a surrogate pair begins in bytes; so may other things, such as lengths."""


class NotJsonError(ValueError):
    """A value cannot be written into a manifest; the text says why."""


def freeze(spec: Mapping[str, ImportedValue]) -> bytes:
    """*spec* as bytes for `thaw`. Raises NotJsonError for what nobody could write; the schema tells about the rest."""
    try:
        data = pickle.dumps(dict(spec), protocol=5)
    except RecursionError as error:
        raise NotJsonError("it is nested too deeply") from error
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise NotJsonError("it holds something else than texts, numbers, lists and mappings") from error
    if _MAY_BE_SURROGATE.search(data):
        _check_texts(spec)
    return data


def thaw(data: bytes, name_of: Callable[[str, str], str]) -> dict[str, JsonValue]:
    """The spec of which `freeze` made *data*; *name_of* gives the name for the kind and id of a reference.

    The bytes are this process's own, and nothing but references comes out of them beside plain values.
    """
    spec: dict[str, JsonValue] = _Thawer(data, name_of).load()
    return spec


def check_text(text: str) -> str:
    """*text*, if a file can hold it; NotJsonError otherwise."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise NotJsonError("it has half of a surrogate pair, which is no character") from error
    return text


def _check_texts(value: object) -> None:
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            check_text(str(key))
            _check_texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_texts(item)


class _Thawer(pickle.Unpickler):
    """Puts names where references were, while the values are made."""

    def __init__(self, data: bytes, name_of: Callable[[str, str], str]) -> None:
        super().__init__(io.BytesIO(data))
        self._stand_in = type("_StandIn", (), {"__new__": lambda _, kind, identifier: name_of(kind, identifier)})

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (RowReference.__module__, RowReference.__qualname__):
            return self._stand_in
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a spec")

"""What hooks return, held against what they are asked for: how many values, of which types, with which fields."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from journeylint.import_ports import ImporterEntry, Table
from journeylint.ports import CelFunction, Facts, Kind, Loader, PolicyRoot, ReporterEntry

MOST_VALUES = 10_000
"""What one hook may return; a generator without end is cut off here."""

_SIMPLE = (bool, int, float, str, type(None))

_Fields: TypeAlias = "Mapping[str, tuple[Callable[[Any], bool], str]]"


class Taken(NamedTuple):
    """The values that a hook returned, or what is wrong with them: words that follow on `the hook returned`."""

    values: tuple[Any, ...]
    fault: str = ""


def take_values(returned: object, expected: type[Any]) -> Taken:
    """What a hook *returned*, if each value is an *expected*.

    To iterate over them and to look at them runs what the plugin's author wrote, so it may raise anything.
    """
    if isinstance(returned, str | bytes | Mapping) or not isinstance(returned, Iterable):
        return Taken((), f"{show(returned)}, not a list of {expected.__name__}")
    values = tuple(islice(returned, MOST_VALUES + 1))
    if len(values) > MOST_VALUES:
        return Taken((), f"more than {MOST_VALUES:,} values")
    return Taken(values, next(filter(None, (_fault_of(value, expected) for value in values)), ""))


def show(value: object) -> str:
    """*value* as messages about a plugin show it: what Python calls it, cut short."""
    return reprlib.repr(value)


def is_json(value: object, depth: int = 0) -> bool:
    """Whether *value* is built of mappings with text for keys, lists, texts, numbers, true, false and null alone."""
    if isinstance(value, _SIMPLE):
        return True
    if depth > 200:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(item, depth + 1) for key, item in value.items())
    return isinstance(value, list) and all(is_json(item, depth + 1) for item in value)


def _fault_of(value: object, expected: type[Any]) -> str:
    if expected is Loader:
        if not (hasattr(value, "suffixes") and hasattr(value, "load")):
            return f"{show(value)}, not a Loader"
    elif not isinstance(value, expected):
        return f"{show(value)}, not a {expected.__name__}"
    for name, (fits, words) in _FIELDS[expected].items():
        field = getattr(value, name)
        if not fits(field):
            return f"a {expected.__name__} whose {name} is {show(field)}: expected {words}"
    return ""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_format(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.replace("-", "").replace("_", "").isalnum()


def _is_mapping(value: object) -> bool:
    return isinstance(value, dict) and is_json(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


def _is_set_of_texts(value: object) -> bool:
    return isinstance(value, frozenset) and all(isinstance(item, str) for item in value)


def _are_suffixes(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) > 0
        and all(isinstance(item, str) and item[:1] == "." and len(item) > 1 and item == item.lower() for item in value)
    )


def _is_full_path(value: object) -> bool:
    return isinstance(value, Path) and value.is_absolute()


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _are_facts(value: object) -> bool:
    return value is None or (isinstance(value, Facts) and _is_mapping(value.schema) and callable(value.derive))


_TEXT = (_is_text, "text")
_FIELDS: Mapping[type[Any], _Fields] = {
    PolicyRoot: {"folder": (_is_full_path, "a full path, such as Path(__file__).parent / 'policies'")},
    Kind: {
        "name": _TEXT,
        "schema": (_is_mapping, "a JSON Schema as plain dicts and lists"),
        "facts": (_are_facts, "None, or Facts with a JSON Schema as plain dicts and lists and a function"),
    },
    CelFunction: {
        "name": _TEXT,
        "parameters": (_are_texts, "a tuple of CEL types, such as ('string',)"),
        "result": _TEXT,
        "call": (callable, "a function"),
        "summary": _TEXT,
    },
    Loader: {
        "suffixes": (_are_suffixes, "file name endings, small letters with their dot, such as ('.wave',)"),
        "load": (callable, "a method"),
    },
    ReporterEntry: {
        "format": (_is_format, "a word of letters, digits, '-' and '_'"),
        "summary": _TEXT,
        "create": (callable, "a function"),
        "is_log": (_is_bool, "true or false"),
    },
    ImporterEntry: {
        "format": (_is_format, "a word of letters, digits, '-' and '_'"),
        "summary": _TEXT,
        "create": (callable, "a function"),
    },
    Table: {
        "system": _TEXT,
        "name": _TEXT,
        "collection": _TEXT,
        "key": _TEXT,
        "columns": (_are_texts, "a tuple of names of columns"),
        "read": (callable, "a function"),
        "lookups": (_is_set_of_texts, "a frozenset of names of columns"),
        "state": _TEXT,
    },
}

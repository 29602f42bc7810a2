"""Data written anew as YAML: in blocks, one way for each value, and read back as what it is.

Our reader and any other of YAML 1.2 give back the same data, which a property test holds. What an older reader takes for
something else (`on`, `010`) stands in quotes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from journeylint.edits.spelling import Spelling
from journeylint.model import JsonObject, JsonValue

_STEP = 2
_LONGEST_CACHED = 64
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ -][A-Za-z0-9_]+)*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = frozenset(["true", "false", "null", "yes", "no", "on", "off", "y", "n"])
"""What is taken for something else than text by some reader, in whatever letter case."""
_SPELLING = Spelling(is_json=False, is_in_flow=False)
_OLD_WORD = re.compile(
    r"[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
)
_OLD_NUMBER = re.compile(r"[-+]?(?:0[0-7_]+|0b[01_]+|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|0x[0-9a-fA-F_]+)")


def emit_yaml(document: JsonObject) -> str:
    """*document* as YAML, with a line break at its end. Raises EditError for a number that nobody can write."""
    if not document:
        return "{}\n"
    lines: list[str] = []
    _add_mapping(lines, document, 0)
    return "".join(lines)


def emit_item(items: JsonObject | list[JsonValue], indent: int, line_break: str) -> str:
    """The items of a block at the column *indent*, without the blanks before the first and the break behind the last line."""
    lines: list[str] = []
    if isinstance(items, dict):
        _add_mapping(lines, items, indent)
    else:
        _add_list(lines, items, indent)
    return "".join(lines)[indent:].removesuffix("\n").replace("\n", line_break)


def _add_mapping(lines: list[str], mapping: JsonObject, indent: int) -> None:
    for name, value in mapping.items():
        if type(value) is str and len(value) <= _LONGEST_CACHED and "\n" not in value:
            lines.append(f"{_head(name, indent)} {_text(value)}\n")  # what `_add_entry` does, without the call
        elif type(value) is int:
            lines.append(f"{_head(name, indent)} {value}\n")  # as above
        else:
            _add_entry(lines, _head(name, indent), value, indent + _STEP)


def _add_list(lines: list[str], items: list[JsonValue], indent: int) -> None:
    blanks, inner = " " * indent, indent + _STEP
    for item in items:
        if item and isinstance(item, dict | list):
            first = len(lines)
            if isinstance(item, dict):
                _add_mapping(lines, item, inner)
            else:
                _add_list(lines, item, inner)
            lines[first] = f"{blanks}- {lines[first][inner:]}"
        else:
            _add_entry(lines, f"{blanks}-", item, inner)


def _add_entry(lines: list[str], head: str, value: JsonValue, inner: int) -> None:
    """Add the lines of a value behind *head*, which ends with a colon or dash; further lines are indented by *inner*."""
    if isinstance(value, str):
        if "\n" in value and _may_be_literal(value):
            _add_literal(lines, head, value, " " * inner)
        else:
            lines.append(f"{head} {_text(value) if len(value) <= _LONGEST_CACHED else _spell_text(value)}\n")
    elif value and isinstance(value, dict):
        lines.append(f"{head}\n")
        _add_mapping(lines, value, inner)
    elif value and isinstance(value, list):
        lines.append(f"{head}\n")
        _add_list(lines, value, inner)
    else:
        lines.append(f"{head} {_SPELLING.value(value)}\n")


def _add_literal(lines: list[str], head: str, text: str, blanks: str) -> None:
    lines.append(f"{head} {'|' if text[-1:].isspace() else '|-'}\n")
    lines.extend(f"{blanks}{line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


@lru_cache(4096)
def _head(name: str, indent: int) -> str:
    """The line of a member up to its colon."""
    key = _quote(name) if _OLD_WORD.fullmatch(name) else _SPELLING.key(name)
    return f"{' ' * indent}{key}:"


def _quote(text: str) -> str:
    return _SPELLING._replace(quotes=True).key(text)


def _spell_text(text: str) -> str:
    if len(text) <= _LONGEST_CACHED and _SIMPLE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if _OLD_WORD.fullmatch(text) or _OLD_NUMBER.fullmatch(text):
        return _quote(text)
    return _SPELLING.value(text)


_text = lru_cache(16_384)(_spell_text)


def _may_be_literal(text: str) -> bool:
    """Whether *text* reads well as a block of its lines: no line begins it with a blank, and none ends with one."""
    lines = text.removesuffix("\n").split("\n")
    if not lines[0] or lines[0][0] in " \t" or not lines[-1]:
        return False
    return all(line.isprintable() and (not line or (line[-1] != " " and not line.isspace())) for line in lines)

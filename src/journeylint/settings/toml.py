"""TOML read as a document with positions: `tomllib` has none, so lines are found by a scan for keys and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from journeylint.errors import ConfigurationError
from journeylint.model import Document, JsonValue, Span
from journeylint.pointers import tokens_of

TABLE = ("tool", "journeylint")

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_LINE = re.compile(rf"[ \t]*(?:(\[\[?)[ \t]*({_DOTTED})[ \t]*\]|({_DOTTED})[ \t]*=)")
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def holds_table(file: Path) -> bool:
    """Whether a TOML file has a `[tool.journeylint]` table; one that cannot be read and doesn't mention it has none.

    Raises ConfigurationError for a file that mentions journeylint and is no TOML.
    """
    try:
        text = file.read_bytes()
    except OSError:
        return False
    if b"journeylint" not in text:
        return False
    tool = parse_toml(text.decode("utf-8", "replace"), file.as_posix()).get(TABLE[0])
    return isinstance(tool, dict) and TABLE[1] in tool


def read_table(text: str, path: str) -> Document | None:
    """The `tool.journeylint` table of a TOML file as a document, or None where there is none.

    `locate` gives whole lines. Dates and times become text. Raises ConfigurationError where *text* is no TOML.
    """
    tool = parse_toml(text, path).get(TABLE[0])
    if not isinstance(tool, dict) or TABLE[1] not in tool:
        return None
    return Document(1, _plain(tool[TABLE[1]]), _locator(text))


def parse_toml(text: str, path: str) -> Mapping[str, object]:
    """The data of a TOML file; raises ConfigurationError, with the position, where *text* is none."""
    import tomllib  # noqa: PLC0415 - only a project that keeps its settings in pyproject.toml pays for it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        lines = text.split("\n")
        line, column = len(lines), len(lines[-1]) + 1
        if (found := _POSITION.search(message)) is not None:
            message = message[: found.start()]
            line, column = (int(found[1]), int(found[2])) if found[1] else (line, column)
        raise ConfigurationError(f"{path}:{line}:{column}: not valid TOML: {message} - mend it") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}:1:1: values nested too deeply - make it flatter") from error


def _plain(value: Any) -> JsonValue:  # tomllib's own result type is Any
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(type(value))


def _locator(text: str) -> Callable[[str], Span]:
    lines = text.split("\n")
    found = _scan(lines)

    def locate(pointer: str) -> Span:
        tokens = (*TABLE, *tokens_of(pointer))
        number = next((found[tokens[:end]] for end in range(len(tokens), 0, -1) if tokens[:end] in found), 1)
        return Span(number, 1, number, len(lines[number - 1].rstrip()) + 1)

    return locate


def _scan(lines: list[str]) -> dict[tuple[str, ...], int]:
    """The 1-based line of every table and key (the first one of each), by names and indexes in arrays of tables."""
    found: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line)
        if match is None:
            continue
        brackets, header, key = match.groups()
        if key is not None:
            path = (*table, *_split(key))
        else:
            path = _resolve(_split(header), counts, is_new=brackets == "[[")
            table = path
        for end in range(len(path), 0, -1):
            found.setdefault(path[:end], number)
    return found


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))


def _resolve(names: tuple[str, ...], counts: dict[tuple[str, ...], int], *, is_new: bool) -> tuple[str, ...]:
    path: tuple[str, ...] = ()
    for position, name in enumerate(names, 1):
        path = (*path, name)
        if is_new and position == len(names):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, str(counts[path] - 1))
    return path

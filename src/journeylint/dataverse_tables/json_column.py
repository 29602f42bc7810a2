"""JSON in a column of a row, strictly: what two readers could take differently is refused."""

from __future__ import annotations

import json
from typing import Never

from journeylint.import_ports import RowError
from journeylint.model import JsonValue

DEEPEST = 200
"""How many levels of lists and mappings may be nested. Branches may be nested 8 deep in the product, some 40 levels."""


def parse_json(text: str, column: str) -> JsonValue:
    """What the JSON *text* of *column* says.

    Raises RowError for what is no JSON, for a key that comes twice in a mapping, and for more than `DEEPEST` levels.
    """
    try:
        value: JsonValue = _DECODER.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if "\n" in text else f"character {error.pos + 1}"
        raise RowError(f"what {column} holds is no JSON: {error.msg.lower()} at {where}", column) from None
    except RecursionError:
        raise RowError(_explain_depth(column), column) from None
    except ValueError as error:
        raise RowError(f"what {column} holds is no JSON: {error}", column) from None
    if text.count("{") + text.count("[") > DEEPEST and _is_deeper(value, DEEPEST):
        raise RowError(_explain_depth(column), column)
    return value


def _explain_depth(column: str) -> str:
    return f"what {column} holds is nested too deeply: more than {DEEPEST} levels of lists and mappings"


def _is_deeper(value: JsonValue, levels: int) -> bool:
    """Whether more than *levels* lists and mappings stand in each other."""
    level = [value]
    for _ in range(levels):
        children: list[JsonValue] = []
        for one in level:
            children += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        level = children
        if not level:
            return False
    return any(isinstance(one, (dict, list)) for one in level)


def _build_object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    built = dict(pairs)
    if len(built) < len(pairs):
        keys = iter(built)
        twice = next(key for key, _ in pairs if key != next(keys, None))
        raise ValueError(f"the key {twice[:60]!r} comes twice in a mapping")
    return built


def _refuse(word: str) -> Never:
    raise ValueError(f"{word} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_build_object, parse_constant=_refuse)

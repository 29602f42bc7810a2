"""Remembers which policy files were found to be in order, and what they hold.

Reading and checking the built-in policies takes as long as everything else of a small run. What a file, a schema, a
function or a version could change is part of the key.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

import journeylint
from journeylint.cache_files import keep_cached, read_cached
from journeylint.model import JsonObject
from journeylint.policy_files import PackSource, ParsedPolicies
from journeylint.ports import CelFunction

_LAYOUT = "1"


def key_of_policies(
    sources: Iterable[PackSource],
    schemas: Iterable[tuple[str, JsonObject]],
    functions: Iterable[CelFunction],
    plugins: Iterable[str],
) -> str:
    """What the check of these policies depends on: their texts, the schemas of files and kinds, functions and versions."""
    parts: list[object] = [_LAYOUT, journeylint.__version__, *plugins, *sources]
    parts += [[function.name, function.parameters, function.result] for function in functions]
    parts += schemas
    return json.dumps(parts)


def find_parsed(key: str) -> ParsedPolicies | None:
    """What was kept under *key*, if anything was."""
    content = read_cached(_name_of(key))
    try:
        kept = None if content is None else json.loads(content)
    except ValueError:  # not whole
        return None
    # The name of the file is only where to look; the whole key is compared.
    if not (isinstance(kept, dict) and kept.get("key") == key and isinstance(kept.get("parsed"), dict)):
        return None
    parsed: ParsedPolicies = kept["parsed"]
    return parsed


def keep_parsed(key: str, parsed: ParsedPolicies) -> None:
    """Keep *parsed* under *key*; a cache that cannot be written is none."""
    keep_cached(_name_of(key), json.dumps({"key": key, "parsed": parsed}).encode())


def _name_of(key: str) -> str:
    return f"policies-{zlib.crc32(key.encode()):08x}"

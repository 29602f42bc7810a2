"""Remembers which packs were found to be in order, and what their files hold.

Reading and checking the built-in policies takes ten times as long as everything else of a small run. What a file, a schema, a
function or a version could change is part of the key; where the files are is not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache

import journeylint
from journeylint.cache_files import digest_of, keep_cached, read_cached
from journeylint.cel import library_stamp
from journeylint.model import JsonObject
from journeylint.policy_files import PackSource, ParsedPolicies
from journeylint.ports import CelFunction, Kind

_LAYOUT = "2"


def key_of_ground(schemas: Mapping[str, JsonObject], kinds: Iterable[Kind], functions: Iterable[CelFunction]) -> str:
    """What the check of any pack hangs on: the *schemas* of policy and pack files, kinds, functions and versions."""
    described = [[kind.name, kind.schema, kind.is_derived, kind.is_judged_last] for kind in kinds]
    facts = [[kind.name, kind.facts.schema] for kind in kinds if kind.facts is not None]
    callable_ = [[function.name, function.parameters, function.result] for function in functions]
    parts = [schemas, described, facts, callable_]
    return digest_of(_LAYOUT, journeylint.__version__, _own_stamp(), library_stamp(), json.dumps(parts))


@cache
def _own_stamp() -> str:
    """What tells the modules that check and compile from those of another state of a checkout, whose version is the same."""
    with os.scandir(os.path.dirname(journeylint.__file__)) as entries:  # noqa: PTH120 - a path takes as long again
        stats = [entry.stat() for entry in entries if entry.name.endswith(".py")]
    return f"{sum(one.st_size for one in stats)}-{max(one.st_mtime_ns for one in stats)}"


def key_of_pack(ground: str, source: PackSource) -> str:
    """What the check of a pack hangs on: its texts, and the *ground* for all packs."""
    texts = [part for file in (source.pack, *source.policies) for part in (file.folder, file.text)]
    return digest_of(ground, *texts)


def find_parsed(key: str, source: PackSource) -> ParsedPolicies:
    """What the files of *source* hold, by path; nothing unless it was kept under *key*."""
    content = read_cached(f"pack-{key}")
    if content is None:
        return {}
    files = [source.pack, *source.policies]
    with suppress(ValueError):
        held = json.loads(content)
        if isinstance(held, list) and len(held) == len(files) and all(isinstance(one, dict) for one in held):
            return {file.path: data for file, data in zip(files, held, strict=True)}
    return {}


def keep_parsed(key: str, source: PackSource, parsed: ParsedPolicies) -> None:
    """Keep of *parsed* what the files of *source* hold under *key*; a cache that cannot be written is none."""
    held = [parsed[file.path] for file in (source.pack, *source.policies)]
    keep_cached(f"pack-{key}", json.dumps(held).encode())

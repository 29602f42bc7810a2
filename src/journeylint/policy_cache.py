"""Remembers which policy files were found to be in order, and what they hold.

Reading and checking the built-in policies takes as long as everything else of a small run. What a file, a schema, a
function or a version could change is part of the key.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import journeylint
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
    try:
        kept = json.loads(_file_of(key).read_bytes())
    except (OSError, ValueError, RuntimeError):  # not there, not whole, or nobody's home
        return None
    # The name of the file is only where to look; the whole key is compared.
    is_whole = isinstance(kept, dict) and kept.get("key") == key and isinstance(kept.get("parsed"), dict)
    return kept["parsed"] if is_whole else None


def keep_parsed(key: str, parsed: ParsedPolicies) -> None:
    """Keep *parsed* under *key*; a cache that cannot be written is none."""
    try:
        file = _file_of(key)
    except RuntimeError:  # nobody's home
        return
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps({"key": key, "parsed": parsed}), encoding="utf-8")
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _file_of(key: str) -> Path:
    # Not `.json`: where the cache is below the workspace, a walk must not find it.
    return _folder() / "journeylint" / f"policies-{zlib.crc32(key.encode()):08x}.cache"


def _folder() -> Path:
    """Where the system wants caches; `platformdirs` says the same, and takes 5 ms of a run's 100 to do so."""
    wanted = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if wanted.is_absolute():  # the specification of that variable says to ignore others
        return wanted
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")

"""Which file of a baseline is whose: one for each manifest, whatever the file system makes of names.

No two manifests share a file, not even where upper and lower case are the same: a capital is written as `+` and the small
letter, and what is not plain as `%` and two hex digits a byte. Kinds begin with a capital, so that there the signs are the
other way round: `Journey` is `journey`.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from journeylint.model import Identity

SUFFIX = ".yaml"
_LONGEST = 180
"""Characters of a name; file systems hold 255 bytes, and a suffix and the name of a draft have to fit too."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
"""Names that Windows keeps for devices, whatever stands behind the first full stop."""


def file_of(manifest: Identity) -> str:
    """The path, inside the baseline's folder, of the file for *manifest*, with forward slashes."""
    return f"{_name_folder(manifest.environment, manifest.kind)}/{_encode(manifest.name)}{SUFFIX}"


@lru_cache
def _name_folder(environment: str, kind: str) -> str:
    if kind[:1].isascii():
        kind = kind[:1].swapcase() + kind[1:]
    return f"{_encode(environment)}/{_encode(kind)}"


def _encode(text: str) -> str:
    name = re.sub(r"[^a-z0-9._-]", _spell, text)
    if not name or name.startswith(".") or _RESERVED.match(name):
        name = _as_bytes(name[:1]) + name[1:]
    if name.endswith("."):
        name = name[:-1] + _as_bytes(".")
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST].rstrip('.')}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _spell(match: re.Match[str]) -> str:
    character = match[0]
    return f"+{character.lower()}" if "A" <= character <= "Z" else _as_bytes(character)


def _as_bytes(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))

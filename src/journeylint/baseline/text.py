"""The text of a file of a baseline: the same bytes for the same entries.

It never says anything that a document of ours would say (`kind: Journey`), so that nobody takes it for a manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from journeylint.baseline.entries import Entry
from journeylint.formats.scalars import resolve_plain
from journeylint.model import DEFAULT_ENVIRONMENT, Identity

HEADER = "# Accepted until it is mended. Written by `journeylint baseline`, which keeps no comments."
_PLAIN = re.compile(r"""[A-Za-z/][A-Za-z0-9._/="\[\](),+$@~-]*""")
_LONGEST_PLAIN = 1_000


def spell_file(manifest: Identity, entries: Iterable[Entry]) -> str:
    """The text of the file that accepts *entries* in *manifest*."""
    return "\n".join([*_lines(manifest, sorted(entries)), ""])


def name_manifest(manifest: Identity) -> str:
    """How a file calls *manifest* within its environment: `Journey/spring-sale`."""
    return f"{manifest.kind}/{manifest.name}"


def _lines(manifest: Identity, entries: Iterable[Entry]) -> Iterator[str]:
    yield HEADER
    yield f"manifest: {_spell_text(name_manifest(manifest))}"
    if manifest.environment != DEFAULT_ENVIRONMENT:
        yield f"environment: {_spell_text(manifest.environment)}"
    yield "findings:"
    for entry in entries:
        yield f"  - policy: {_spell_text(entry.policy)}"
        yield f"    pointer: {_spell_text(entry.pointer)}"
        if entry.value:
            value = json.loads(entry.value)
            yield f"    value: {_quote(value) if isinstance(value, str) else entry.value}"
        if entry.until:
            yield f"    until: {entry.until}"


def _spell_text(text: str) -> str:
    is_plain = len(text) <= _LONGEST_PLAIN and _PLAIN.fullmatch(text) is not None
    return text if is_plain and resolve_plain(text, _LONGEST_PLAIN) == text else _quote(text)


def _quote(text: str) -> str:
    """*text* in double quotes, with everything escaped that a person cannot see or a reader may take for a line's end."""
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(one if one.isprintable() else _escape(ord(one)) for one in quoted)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

"""The text of a file of a baseline, written and read back: the same bytes for the same entries.

It never says anything that a document of ours would say (`kind: Journey`), so that nobody takes it for a manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from journeylint.baseline.entries import Entry
from journeylint.formats.scalars import resolve_plain
from journeylint.model import DEFAULT_ENVIRONMENT, Identity, JsonObject, Span
from journeylint.stable_pointers import spell_json

HEADER = "# Accepted until it is mended. Written by `journeylint baseline`, which keeps no comments."
_PLAIN = re.compile(r"""[A-Za-z/][A-Za-z0-9._/="\[\](),+$@~-]*""")
_LONGEST_PLAIN = 1_000


class SpelledFile(NamedTuple):
    """What a file says, and where each of its entries stands."""

    manifest: Identity
    entries: tuple[Entry, ...]
    spans: tuple[Span, ...]


def spell_file(manifest: Identity, entries: Iterable[Entry]) -> str:
    """The text of the file that accepts *entries* in *manifest*."""
    return "\n".join([*_lines(manifest, sorted(entries)), ""])


def read_spelled(text: str) -> SpelledFile | None:
    """What *text* says if it is what `spell_file` writes, to the byte, in a tenth of the time that YAML takes; else None."""
    lines = text.split("\n")
    try:
        kind, _, name = _value_of(lines[1], "manifest: ").partition("/")
        has_environment = lines[2].startswith("environment: ")
        environment = _value_of(lines[2], "environment: ") if has_environment else DEFAULT_ENVIRONMENT
        entries, spans = _read_entries(lines, 4 if has_environment else 3)
    except (IndexError, ValueError, RecursionError):
        return None
    manifest = Identity(environment, kind, name)
    return SpelledFile(manifest, entries, spans) if spell_file(manifest, entries) == text else None


def as_data(file: SpelledFile) -> JsonObject:
    """What *file* is as YAML, for holding it against the schema."""
    data: JsonObject = {"manifest": name_manifest(file.manifest), "findings": [_as_item(one) for one in file.entries]}
    if file.manifest.environment != DEFAULT_ENVIRONMENT:
        data["environment"] = file.manifest.environment
    return data


def _as_item(entry: Entry) -> JsonObject:
    item: JsonObject = {"policy": entry.policy, "pointer": entry.pointer}
    if entry.value:
        item["value"] = json.loads(entry.value)
    if entry.until:
        item["until"] = entry.until
    return item


def _read_entries(lines: Sequence[str], number: int) -> tuple[tuple[Entry, ...], tuple[Span, ...]]:
    """The entries on *lines* from the one with that 0-based number on, and where they stand."""
    entries: list[Entry] = []
    spans: list[Span] = []
    last = len(lines) - 1
    while number < last:
        first = number
        parts = [_value_of(lines[number], "  - policy: "), _value_of(lines[number + 1], "    pointer: "), "", ""]
        number += 2
        if lines[number].startswith("    value: "):
            parts[2] = spell_json(json.loads(lines[number][11:]))
            number += 1
        if lines[number].startswith("    until: "):
            parts[3] = lines[number][11:]
            number += 1
        entries.append(Entry(*parts))
        spans.append(Span(first + 1, 5, number, len(lines[number - 1]) + 1))
    return tuple(entries), tuple(spans)


def _value_of(line: str, key: str) -> str:
    """The text behind *key* in *line*. Raises ValueError where it does not begin so."""
    if not line.startswith(key):
        raise ValueError(line)
    text = line[len(key) :]
    return str(json.loads(text)) if text.startswith('"') else text


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

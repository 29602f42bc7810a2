"""What a baseline holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from journeylint.model import Identity, Span


class Entry(NamedTuple):
    """A finding that is accepted; entries sort as files have them.

    `pointer` is a stable one without ordinals, `value` the scalar there as `stable_pointers.spell_json` has it, empty for
    mappings and lists. The day `until` (`2027-01-31`) is the last one on which it is accepted, empty for one without end.
    Several entries that are equal accept as many findings.
    """

    policy: str
    pointer: str
    value: str = ""
    until: str = ""


class BaselineFile(NamedTuple):
    """The entries for a manifest, in the order of the file at `path`, and where each stands in it."""

    path: str
    manifest: Identity
    entries: tuple[Entry, ...]
    spans: tuple[Span, ...]


class Baseline(NamedTuple):
    """What the folder holds, by manifest in the order of paths; nothing where there is no folder."""

    folder: Path
    files: Mapping[Identity, BaselineFile] = MappingProxyType({})

    @property
    def entry_count(self) -> int:
        """How many entries there are."""
        return sum(len(file.entries) for file in self.files.values())


def pointer_to(number: int) -> str:
    """The pointer of the entry *number* (0-based) in its file."""
    return f"/findings/{number}"

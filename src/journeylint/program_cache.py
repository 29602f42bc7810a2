"""Remembers what CEL made of the policies: to compile what judges a journey takes longer than to judge dozens.

What is kept is CEL's own serialized form of checked expressions, and into which gates `plan` put the policies. All of it
hangs on the policies, the schemas, the functions and the versions that it was made with: they are the key.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from journeylint.cache_files import digest_of, keep_cached, read_cached
from journeylint.cel import library_stamp

MOST_BYTES = 4_000_000
"""Of a file; one that would be longer starts anew, with what the last run needed: params that are gone leave something behind."""

GateRecord: TypeAlias = "tuple[str, tuple[tuple[str, ...], ...]]"
"""The source of a gate, and the ids of the policies of each of its groups, in the order of their verdicts."""

Entries: TypeAlias = "dict[str, dict[str, object]]"
"""What is kept, by section and key."""


class ProgramCache:
    """What is kept under one key; read when it is made, written by `save`."""

    def __init__(self, policies_key: str) -> None:
        self._name = "programs-" + digest_of(library_stamp(), str(sys.implementation.cache_tag), policies_key)
        self._kept: Entries = _read(self._name)
        self._used: Entries = {}
        self._has_new = False

    def programs_of(self, variables: Mapping[str, str]) -> Programs:
        """The programs in an environment with these *variables*; its functions are in the key."""
        return Programs(self, "programs " + " ".join(sorted(variables)))

    def find_gates(self, key: str) -> Sequence[GateRecord] | None:
        """The gates that were made under *key*."""
        found = self.find("gates", key)
        return found if isinstance(found, tuple) else None

    def keep_gates(self, key: str, gates: Sequence[GateRecord]) -> None:
        """Keep *gates* under *key*."""
        self.keep("gates", key, tuple(gates))

    def find(self, section: str, key: str) -> object:
        """What is there under *key*; None for nothing."""
        found = self._kept.get(section, {}).get(key)
        if found is not None:
            self._used.setdefault(section, {})[key] = found
        return found

    def keep(self, section: str, key: str, value: object) -> None:
        """Keep *value* under *key*."""
        self._kept.setdefault(section, {})[key] = value
        self._used.setdefault(section, {})[key] = value
        self._has_new = True

    def take_used(self) -> Entries:
        """What was kept or found here, for the process that saves it; nothing where all of it is in the file already."""
        return self._used if self._has_new else {}

    def save(self, used: Iterable[Entries]) -> None:
        """Write the file if *used*, from `take_used` of all processes, hold something."""
        needed: Entries = {}
        for one in used:
            for section, entries in one.items():
                needed.setdefault(section, {}).update(entries)
                self._kept.setdefault(section, {}).update(entries)
        for wanted in (self._kept, needed) if needed else ():
            content = marshal.dumps(wanted)
            if len(content) <= MOST_BYTES:
                keep_cached(self._name, content)
                break
        self._has_new = False


class Programs:
    """Programs in their serialized form, by their sources."""

    def __init__(self, cache: ProgramCache, section: str) -> None:
        self._cache = cache
        self._section = section

    def find(self, source: str) -> bytes | None:
        """The program of *source*."""
        found = self._cache.find(self._section, source)
        return found if isinstance(found, bytes) else None

    def keep(self, source: str, serialized: bytes) -> None:
        """Keep the program of *source*."""
        self._cache.keep(self._section, source, serialized)


def _read(name: str) -> Entries:
    kept = read_cached(name)
    with suppress(ValueError, EOFError, TypeError):
        found = {} if kept is None else marshal.loads(kept)  # noqa: S302 - written under this name, and whole
        if isinstance(found, dict) and all(isinstance(section, dict) for section in found.values()):
            return found
    return {}
